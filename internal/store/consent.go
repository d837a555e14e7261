package store

import (
	"time"

	"parley/internal/desk"
)

// ConsentTerm is how long a consent is kept after the person's last act: a
// living one after they were last seen, a withdrawn one after that.
const ConsentTerm = 3 * 365 * 24 * time.Hour

const (
	consentColumns     = `id, member_id, purpose, version, text_hash, locale, source, given_at, touched_at, withdrawn_at, withdrawn_by`
	sqlInsertConsent   = `INSERT INTO consent (workspace_id, ` + consentColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0, '')`
	sqlConsents        = `SELECT ` + consentColumns + ` FROM consent WHERE workspace_id = $1 AND member_id = $2 ORDER BY id DESC LIMIT $3`
	sqlConsentOf       = `SELECT ` + consentColumns + ` FROM consent WHERE workspace_id = $1 AND id = $2`
	sqlLivingConsent   = `SELECT ` + consentColumns + ` FROM consent WHERE workspace_id = $1 AND member_id = $2 AND purpose = $3 AND withdrawn_at = 0 ORDER BY id DESC LIMIT 1`
	sqlAllowing        = `SELECT DISTINCT member_id FROM consent WHERE workspace_id = $1 AND purpose = $2 AND withdrawn_at = 0 ORDER BY member_id`
	sqlWithdrawConsent = `UPDATE consent SET withdrawn_at = $4, touched_at = $4, withdrawn_by = $5 WHERE workspace_id = $1 AND member_id = $2 AND purpose = $3 AND withdrawn_at = 0`
	sqlLeaveConsents   = `UPDATE consent SET withdrawn_at = $3, touched_at = $3, withdrawn_by = 'left' WHERE workspace_id = $1 AND member_id = $2 AND withdrawn_at = 0`
	sqlOldConsents     = `SELECT ` + consentColumns + ` FROM consent WHERE workspace_id = $1 AND touched_at <= $2 ORDER BY id LIMIT $3`
	sqlTouchConsent    = `UPDATE consent SET touched_at = $3 WHERE workspace_id = $1 AND id = $2`
	sqlForgetConsent   = `DELETE FROM consent WHERE workspace_id = $1 AND id = $2`

	sqlSuppress    = `INSERT INTO suppression (workspace_id, email_hash, purpose, since) VALUES (0, $1, $2, $3) ON CONFLICT (workspace_id, email_hash, purpose) DO NOTHING`
	sqlSuppressed  = `SELECT count(*) FROM suppression WHERE workspace_id = 0 AND email_hash = $1 AND purpose = $2`
	sqlUnsuppress  = `DELETE FROM suppression WHERE workspace_id = 0 AND email_hash = $1 AND purpose = $2`
	sqlInsertNews  = `INSERT INTO news (workspace_id, id, locale, subject, body, created_at) VALUES (0, $1, $2, $3, $4, $5)`
	sqlNews        = `SELECT locale, subject, body FROM news WHERE workspace_id = 0 AND id = $1 ORDER BY locale`
	sqlDropOldNews = `DELETE FROM news WHERE workspace_id = $1 AND created_at <= $2`
)

func scanConsent(s scanner) (desk.Consent, error) {
	var c desk.Consent
	var given, touched, withdrawn int64
	err := s.Scan(&c.ID, &c.Member, &c.Purpose, &c.Version, &c.Hash, &c.Locale, &c.Source, &given, &touched, &withdrawn, &c.WithdrawnBy)
	c.GivenAt, c.TouchedAt, c.WithdrawnAt = at(given), at(touched), at(withdrawn)
	return c, err
}

// Consents lists what a member allowed and withdrew, newest first.
func (r *Rx) Consents(member desk.ID, limit int) ([]desk.Consent, error) {
	all := []desk.Consent{}
	err := r.each(sqlConsents, []any{int64(r.ws), int64(member), limit}, func(s scanner) error {
		c, err := scanConsent(s)
		all = append(all, c)
		return err
	})
	return all, err
}

// Consent returns a consent of the workspace.
func (r *Rx) Consent(id desk.ID) (desk.Consent, error) {
	c, err := scanConsent(r.row(sqlConsentOf, int64(r.ws), int64(id)))
	return c, found("consent", err)
}

// Allowing lists the members who have a consent for a purpose that they did not
// withdraw; Allowed says of each whether it holds.
func (r *Rx) Allowing(purpose string) (all []desk.ID, err error) {
	err = r.each(sqlAllowing, []any{int64(r.ws), purpose}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// Allowed returns the consent by which a member may be mailed for a purpose;
// desk.Forbidden "no_consent" when there is none that holds: never given,
// withdrawn, older than its term, of an address that is not confirmed, or of one
// that said no in any workspace.
func (r *Rx) Allowed(m desk.Member, purpose string) (desk.Consent, error) {
	no := desk.Fail(desk.Forbidden, "no_consent", "this member did not allow it, or took it back")
	c, err := scanConsent(r.row(sqlLivingConsent, int64(r.ws), int64(m.ID), purpose))
	if err = found("consent", err); desk.IsNotFound(err) {
		return c, no
	}
	if err != nil {
		return c, err
	}
	since := r.db.clk.Now().Add(-ConsentTerm)
	if !m.Active || m.VerifiedAt.IsZero() || !c.TouchedAt.After(since) && !m.LastSeenAt.After(since) {
		return c, no
	}
	hash, err := r.db.vault.Hash(r.ctx, 0, emailLabel, m.Email)
	if err != nil {
		return c, err
	}
	var n int
	if err := r.row(sqlSuppressed, hash, purpose).Scan(&n); err != nil {
		return c, err
	}
	if n > 0 {
		return c, no
	}
	return c, nil
}

// StopHash is the secret part of the link that withdraws a consent. It is made of
// the consent, so that nothing that opens is stored.
func (r *Rx) StopHash(c desk.Consent) ([]byte, error) {
	return r.db.vault.Hash(r.ctx, int64(r.ws), "consent/stop", c.Purpose+" "+c.ID.String()+" "+c.Member.String())
}

// GiveConsent keeps that a member allows something from now on, whatever their
// address said before.
func (t *Tx) GiveConsent(m desk.Member, c desk.Consent) error {
	hash, err := t.db.vault.Hash(t.ctx, 0, emailLabel, m.Email)
	if err != nil {
		return err
	}
	if _, err := t.exec(sqlUnsuppress, hash, c.Purpose); err != nil {
		return err
	}
	_, err = t.exec(sqlInsertConsent, int64(t.ws), int64(t.NewID()), int64(m.ID), c.Purpose, c.Version, c.Hash, c.Locale, c.Source, us(t.now))
	return err
}

// WithdrawConsent ends what a member allowed, and keeps of their address that it
// said no. changed is false when nothing held.
func (t *Tx) WithdrawConsent(m desk.Member, purpose, by string) (changed bool, err error) {
	n, err := t.exec(sqlWithdrawConsent, int64(t.ws), int64(m.ID), purpose, us(t.now), by)
	if err != nil {
		return false, err
	}
	return n > 0, t.suppress(m, purpose)
}

func (t *Tx) suppress(m desk.Member, purpose string) error {
	if m.Email == "" { // they left
		return nil
	}
	hash, err := t.db.vault.Hash(t.ctx, 0, emailLabel, m.Email)
	if err != nil {
		return err
	}
	_, err = t.exec(sqlSuppress, hash, purpose, us(t.now))
	return err
}

// lapseStep is how many consents end in one transaction.
const lapseStep = 500

// DropOldConsents forgets consents past their term; of one that was never
// withdrawn the address is kept as one that said no. In the workspace 0 it
// forgets old news.
func (t *Tx) DropOldConsents() (int64, error) {
	if t.ws == 0 {
		return t.exec(sqlDropOldNews, int64(t.ws), us(t.now.Add(-LetterTerm)))
	}
	var old []desk.Consent
	end := t.now.Add(-ConsentTerm)
	err := t.each(sqlOldConsents, []any{int64(t.ws), us(end), lapseStep}, func(s scanner) error {
		c, err := scanConsent(s)
		old = append(old, c)
		return err
	})
	for _, c := range old {
		if err == nil {
			err = t.lapse(c, end)
		}
	}
	return int64(len(old)), err
}

// lapse forgets one consent past its term, unless its member was seen since: that
// is their last act then.
func (t *Tx) lapse(c desk.Consent, end time.Time) error {
	m, err := t.Member(c.Member)
	if err != nil && !desk.IsNotFound(err) {
		return err
	}
	if c.WithdrawnAt.IsZero() {
		if m.LastSeenAt.After(end) {
			_, err := t.exec(sqlTouchConsent, int64(t.ws), int64(c.ID), us(m.LastSeenAt))
			return err
		}
		if err := t.suppress(m, c.Purpose); err != nil {
			return err
		}
	}
	_, err = t.exec(sqlForgetConsent, int64(t.ws), int64(c.ID))
	return err
}

// AddNews keeps product news in its languages, and says under which number; only
// the workspace 0 holds such rows.
func (t *Tx) AddNews(all []desk.News) (desk.ID, error) {
	id := t.NewID()
	for _, n := range all {
		if _, err := t.exec(sqlInsertNews, int64(id), n.Locale, n.Subject, n.Body, us(t.now)); err != nil {
			return id, err
		}
	}
	return id, nil
}

// News returns product news in a language, or in the first there is.
func (r *Rx) News(id desk.ID, locale string) (desk.News, error) {
	var all []desk.News
	err := r.each(sqlNews, []any{int64(id)}, func(s scanner) error {
		var n desk.News
		err := s.Scan(&n.Locale, &n.Subject, &n.Body)
		all = append(all, n)
		return err
	})
	if err != nil {
		return desk.News{}, err
	}
	for _, n := range all {
		if n.Locale == locale {
			return n, nil
		}
	}
	if len(all) == 0 {
		return desk.News{}, desk.Fail(desk.NotFound, "news_not_found", "this news is gone")
	}
	return all[0], nil
}
