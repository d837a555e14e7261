package store

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
)

const (
	sqlSetCard = `INSERT INTO account_card (workspace_id, account_id, details, renew_at, fault, checked_at, ends_at, refused, refused_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (workspace_id, account_id) DO UPDATE SET
		details = excluded.details, renew_at = excluded.renew_at, fault = excluded.fault, checked_at = excluded.checked_at,
		warned_at = CASE WHEN account_card.ends_at = excluded.ends_at THEN account_card.warned_at ELSE 0 END,
		ends_at = excluded.ends_at, refused = excluded.refused, refused_at = excluded.refused_at`
	sqlCard    = `SELECT details, renew_at, fault, checked_at, refused, refused_at FROM account_card WHERE workspace_id = $1 AND account_id = $2`
	sqlRefused = `UPDATE account_card SET refused = $3, refused_at = $4 WHERE workspace_id = $1 AND account_id = $2`
	sqlEnding  = `SELECT workspace_id, account_id FROM account_card
		WHERE ends_at > 0 AND (ends_at <= $1 AND warned_at = 0 OR ends_at <= $2 AND warned_at < ends_at) ORDER BY ends_at LIMIT $3`
	sqlWarned    = `UPDATE account_card SET warned_at = $3 WHERE workspace_id = $1 AND account_id = $2`
	sqlDropCard  = `DELETE FROM account_card WHERE workspace_id = $1 AND account_id = $2`
	sqlRenewals  = `SELECT workspace_id, account_id FROM account_card WHERE renew_at > 0 AND renew_at <= $1 ORDER BY renew_at LIMIT $2`
	sqlSetSecret = `INSERT INTO account_secret (workspace_id, account_id, name, value) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, account_id, name) DO UPDATE SET value = excluded.value`
	sqlSecrets     = `SELECT name, value FROM account_secret WHERE workspace_id = $1 AND account_id = $2`
	sqlDropSecrets = `DELETE FROM account_secret WHERE workspace_id = $1 AND account_id = $2`
	sqlAddOffer    = `INSERT INTO connect_offer (workspace_id, id, state_hash, member_id, kind, way, offer, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	offerColumns   = `id, member_id, kind, way, offer, expires_at`
	sqlOfferState  = `SELECT ` + offerColumns + ` FROM connect_offer WHERE workspace_id = $1 AND state_hash = $2` + forUpdate
	sqlOffer       = `SELECT ` + offerColumns + ` FROM connect_offer WHERE workspace_id = $1 AND id = $2` + forUpdate
	sqlOffers      = `SELECT ` + offerColumns + ` FROM connect_offer WHERE workspace_id = $1 ORDER BY id`
	sqlFillOffer   = `UPDATE connect_offer SET offer = $3, state_hash = $4 WHERE workspace_id = $1 AND id = $2`
	sqlDropOffer   = `DELETE FROM connect_offer WHERE workspace_id = $1 AND id = $2`
	sqlDropOffers  = `DELETE FROM connect_offer WHERE workspace_id = $1 AND expires_at <= $2`
	sqlEntitle     = `INSERT INTO entitlement (workspace_id, name, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	sqlUnentitle   = `DELETE FROM entitlement WHERE workspace_id = $1 AND name = $2`
	sqlEntitled    = `SELECT count(*) FROM entitlement WHERE workspace_id = $1 AND name = $2`
	sqlMoveAccount = `UPDATE channel_account SET outside_id = $3 WHERE workspace_id = $1 AND id = $2`
)

// Card is what a connected account has beside its row.
type Card struct {
	Details   desk.AccountDetails
	RenewAt   time.Time // zero = never
	Fault     string    // reason key of what is wrong, "" nothing
	CheckedAt time.Time
	// Refused is why the provider refused a message last, for a reason that is
	// the whole account's; "" never.
	Refused   string
	RefusedAt time.Time
}

// SetCard writes an account's card.
func (t *Tx) SetCard(account desk.ID, c Card) error {
	details, err := t.seal(t.workspaceKey(), "account_card", "details", account, toJSON(c.Details))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlSetCard, int64(t.ws), int64(account), details, us(c.RenewAt), c.Fault, us(c.CheckedAt),
		us(c.Details.TokenUntil), c.Refused, us(c.RefusedAt))
	if err == nil && c.Details.WABA != "" {
		_, err = t.exec(sqlSetGroup, int64(t.ws), int64(account), c.Details.WABA)
	}
	return err
}

// Card returns an account's card; one without any, such as a website chat, has
// an empty one.
func (r *Rx) Card(account desk.ID) (Card, error) {
	var c Card
	var sealed []byte
	var renew, checked, refused int64
	err := r.row(sqlCard, int64(r.ws), int64(account)).Scan(&sealed, &renew, &c.Fault, &checked, &c.Refused, &refused)
	if err != nil {
		return c, mayBeAbsent(err)
	}
	c.RenewAt, c.CheckedAt, c.RefusedAt = at(renew), at(checked), at(refused)
	clear, err := r.soft("account_card", "details", account, sealed)
	if err == nil && len(clear) > 0 {
		err = json.Unmarshal(clear, &c.Details)
	}
	return c, err
}

// NoteRefused keeps why the provider refused a message of an account.
func (t *Tx) NoteRefused(account desk.ID, why string) error {
	_, err := t.exec(sqlRefused, int64(t.ws), int64(account), why, us(t.now))
	return err
}

// SetSecrets keeps secrets of an account, beside those it has under other names.
func (t *Tx) SetSecrets(account desk.ID, all map[string]secret.Text) error {
	for name, value := range all {
		sealed, err := t.seal(t.workspaceKey(), "account_secret", "value/"+name, account, []byte(value.Reveal()))
		if err != nil {
			return err
		}
		if sealed == nil {
			continue
		}
		if _, err := t.exec(sqlSetSecret, int64(t.ws), int64(account), name, sealed); err != nil {
			return err
		}
	}
	return nil
}

// Secrets opens an account's secrets.
func (r *Rx) Secrets(account desk.ID) (map[string]secret.Text, error) {
	sealed := map[string][]byte{}
	err := r.each(sqlSecrets, []any{int64(r.ws), int64(account)}, func(s scanner) error {
		var name string
		var value []byte
		err := s.Scan(&name, &value)
		sealed[name] = value
		return err
	})
	all := map[string]secret.Text{}
	for name, value := range sealed {
		clear, e := r.open("account_secret", "value/"+name, account, value)
		err = errors.Join(err, e)
		all[name] = secret.New(string(clear))
	}
	return all, err
}

// DropConnection removes what a disconnected account leaves beside its row and
// returns how many secrets there were.
func (t *Tx) DropConnection(account desk.ID) (secrets int64, err error) {
	for _, query := range []string{sqlDropCard, sqlDropTemplates, sqlDropGroup} {
		if _, err = t.exec(query, int64(t.ws), int64(account)); err != nil {
			return 0, err
		}
	}
	return t.exec(sqlDropSecrets, int64(t.ws), int64(account))
}

// DropSecrets destroys the secrets of an account that stays connected and
// returns how many there were.
func (t *Tx) DropSecrets(account desk.ID) (int64, error) {
	return t.exec(sqlDropSecrets, int64(t.ws), int64(account))
}

// ShellID is what stands for the outside id of an account that was
// disconnected: a keyed hash, by which connecting it again finds its history.
func (r *Rx) ShellID(kind, outside string) (string, error) {
	hash, err := r.db.vault.Hash(r.ctx, int64(r.ws), "account/"+kind, outside)
	return shellMark + hex.EncodeToString(hash), err
}

const shellMark = "gone:"

// MoveAccount gives an account another outside id; one that is connected
// elsewhere is desk.Conflict.
func (t *Tx) MoveAccount(account desk.ID, outside string) error {
	return t.must("channel", sqlMoveAccount, int64(t.ws), int64(account), outside)
}

// AccountBy finds an account of this workspace by its outside id.
func (r *Rx) AccountBy(kind, outside string) (desk.Account, error) {
	a, err := scanAccount(r.row(sqlAccountByOut, kind, outside))
	if err == nil && a.Workspace != r.ws {
		return desk.Account{}, missing("channel")
	}
	return a, found("channel", err)
}

// Renewal names an account whose token is due.
type Renewal struct{ Workspace, Account desk.ID }

// Renewals lists accounts whose token is to be renewed; the reader is the
// instance's.
func (r *Rx) Renewals(now time.Time, limit int) ([]Renewal, error) {
	var all []Renewal
	err := r.each(sqlRenewals, []any{us(now), limit}, func(s scanner) error {
		var one Renewal
		err := s.Scan(&one.Workspace, &one.Account)
		all = append(all, one)
		return err
	})
	return all, err
}

// Ending lists accounts whose token ends by a time or has ended, and of which
// that was not said yet; the reader is the instance's.
func (r *Rx) Ending(by time.Time, limit int) ([]Renewal, error) {
	var all []Renewal
	err := r.each(sqlEnding, []any{us(by), us(r.db.clk.Now()), limit}, func(s scanner) error {
		var one Renewal
		err := s.Scan(&one.Workspace, &one.Account)
		all = append(all, one)
		return err
	})
	return all, err
}

// Warned notes that the end of an account's token was announced.
func (t *Tx) Warned(account desk.ID) error {
	_, err := t.exec(sqlWarned, int64(t.ws), int64(account), us(t.now))
	return err
}

// Offer is a sign-in at a provider that somebody began. Body is what it offers,
// empty until the person comes back.
type Offer struct {
	ID        desk.ID
	Member    desk.ID // or key
	Kind, Way string
	Body      []byte
	ExpiresAt time.Time
}

// AddOffer keeps an offer under the hash of the word that brings it back.
func (t *Tx) AddOffer(state []byte, o Offer) error {
	body, err := t.seal(t.workspaceKey(), "connect_offer", "offer", o.ID, o.Body)
	if err != nil {
		return err
	}
	_, err = t.exec(sqlAddOffer, int64(t.ws), int64(o.ID), state, int64(o.Member), o.Kind, o.Way, body, us(o.ExpiresAt))
	return err
}

// OfferByState finds an offer that was begun and is not over.
func (t *Tx) OfferByState(state []byte) (Offer, error) {
	return t.scanOffer(t.row(sqlOfferState, int64(t.ws), state))
}

// Offer finds an offer that is not over.
func (t *Tx) Offer(id desk.ID) (Offer, error) {
	return t.scanOffer(t.row(sqlOffer, int64(t.ws), int64(id)))
}

// Offers lists the sign-ins that are on their way, and those that are over and
// not forgotten yet.
func (r *Rx) Offers() ([]Offer, error) {
	var all []Offer
	err := r.each(sqlOffers, []any{int64(r.ws)}, func(s scanner) error {
		o, err := r.readOffer(s)
		all = append(all, o)
		return err
	})
	return all, err
}

func (r *Rx) readOffer(row scanner) (Offer, error) {
	var o Offer
	var sealed []byte
	var expires int64
	if err := row.Scan(&o.ID, &o.Member, &o.Kind, &o.Way, &sealed, &expires); err != nil {
		return o, found("offer", err)
	}
	o.ExpiresAt = at(expires)
	body, err := r.open("connect_offer", "offer", o.ID, sealed)
	o.Body = body
	return o, err
}

func (t *Tx) scanOffer(row scanner) (Offer, error) {
	o, err := t.readOffer(row)
	if err == nil && !t.now.Before(o.ExpiresAt) {
		return Offer{}, missing("offer")
	}
	return o, err
}

// FillOffer keeps what a sign-in brought; state takes the place of the word,
// which is good once.
func (t *Tx) FillOffer(id desk.ID, state, body []byte) error {
	sealed, err := t.seal(t.workspaceKey(), "connect_offer", "offer", id, body)
	if err != nil {
		return err
	}
	return t.must("offer", sqlFillOffer, int64(t.ws), int64(id), sealed, state)
}

// DropOffer forgets an offer.
func (t *Tx) DropOffer(id desk.ID) error {
	_, err := t.exec(sqlDropOffer, int64(t.ws), int64(id))
	return err
}

// DropOldOffers forgets offers that are over.
func (t *Tx) DropOldOffers() (int64, error) {
	return t.exec(sqlDropOffers, int64(t.ws), us(t.now))
}

// Entitle says whether the workspace may use something that is not for
// everybody.
func (t *Tx) Entitle(name string, on bool) error {
	if !on {
		_, err := t.exec(sqlUnentitle, int64(t.ws), name)
		return err
	}
	_, err := t.exec(sqlEntitle, int64(t.ws), name, us(t.now))
	return err
}

// Entitled reports what Entitle said last; the empty name needs nothing.
func (r *Rx) Entitled(name string) (bool, error) {
	if name == "" {
		return true, nil
	}
	var n int
	err := r.row(sqlEntitled, int64(r.ws), name).Scan(&n)
	return n > 0, err
}
