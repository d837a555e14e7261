package member

import (
	"context"
	"errors"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/i18n"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// NewsWork is the kind of work that writes news to everybody who allowed it.
const NewsWork = "news"

// Wish is something that members may allow, and may take back as easily.
type Wish struct {
	Statement
	Allowed bool
}

// wishes lists what may be allowed. A changed text gets a new version, as
// Statements.
func wishes(locale string) []Statement {
	return []Statement{{desk.ConsentNews, "2026-11-22", i18n.T(locale, "consent.news", nil), ""}}
}

// Consents says what a member may allow, and what they allowed and withdrew,
// newest first.
func (r *Roster) Consents(ctx context.Context, who Who, locale string) ([]Wish, []desk.Consent, error) {
	var all []Wish
	var past []desk.Consent
	err := r.db.In(who.Workspace.ID).Read(ctx, func(rx *store.Rx) (err error) {
		m, err := rx.Member(who.Member.ID)
		if err != nil {
			return err
		}
		for _, s := range wishes(locale) {
			_, err := rx.Allowed(m, s.What)
			if err != nil && desk.CodeOf(err) != desk.Forbidden {
				return err
			}
			all = append(all, Wish{s, err == nil})
		}
		past, err = rx.Consents(who.Member.ID, maxAcknowledgements)
		return err
	})
	return all, past, err
}

// Allow keeps that a member allows something, or takes it back. Allowing needs a
// confirmed address, so that nobody allows it for somebody else's. Errors:
// desk.NotFound for what is not asked; desk.Conflict "text_changed" or
// "address_unverified"; desk.Forbidden for a key.
func (r *Roster) Allow(ctx context.Context, who Who, a Agreement) error {
	if who.Session == 0 {
		return desk.Fail(desk.Forbidden, "members_only", "a key allows nothing")
	}
	for _, s := range wishes(a.Locale) {
		if s.What != a.What {
			continue
		}
		if a.Agreed && s.Version != a.Version {
			return desk.Fail(desk.Conflict, "text_changed", "the text was changed meanwhile; read it once more")
		}
		return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error { return r.allow(tx, who, s, a) })
	}
	return desk.Fail(desk.NotFound, "purpose_not_found", "nothing of that name is asked")
}

func (r *Roster) allow(tx *store.Tx, who Who, s Statement, a Agreement) error {
	if err := tx.LockMember(who.Member.ID); err != nil { // two answers at once
		return err
	}
	m, err := tx.Member(who.Member.ID)
	if err != nil {
		return err
	}
	if !a.Agreed {
		return r.withdraw(tx, m, s.What, desk.WithdrawnInProfile)
	}
	if m.VerifiedAt.IsZero() {
		return desk.Fail(desk.Conflict, "address_unverified", "confirm your address first: nobody allows mail to an address that may be somebody else's")
	}
	switch _, err := tx.Allowed(m, s.What); {
	case err == nil:
		return nil
	case desk.CodeOf(err) != desk.Forbidden:
		return err
	}
	c := desk.Consent{Purpose: s.What, Version: s.Version, Hash: secret.Hash(s.Text), Locale: a.Locale, Source: desk.WithdrawnInProfile}
	if err := tx.GiveConsent(m, c); err != nil {
		return err
	}
	return r.record(tx, who.Actor, "consent.give", m.ID)
}

func (r *Roster) withdraw(tx *store.Tx, m desk.Member, purpose, by string) error {
	changed, err := tx.WithdrawConsent(m, purpose, by)
	if err != nil || !changed {
		return err
	}
	return r.record(tx, actorOf(m), "consent.withdraw", m.ID)
}

// Stop spends the link of a mail: it withdraws what the mail was allowed by.
// Nobody has to sign in, and once more does nothing more. desk.NotFound
// "link_unknown" for every link that is none of ours.
func (r *Roster) Stop(ctx context.Context, token string) error {
	unknown := desk.Fail(desk.NotFound, "link_unknown", "this link is not one of ours")
	ws, id, proof, ok := desk.ReadLetterToken(token)
	if !ok {
		return unknown
	}
	err := r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Consent(id)
		if err != nil {
			return err
		}
		hash, err := tx.StopHash(c)
		if err != nil {
			return err
		}
		if !desk.LetterProves(proof, hash) {
			return unknown
		}
		m, err := tx.Member(c.Member)
		if err != nil {
			return err
		}
		return r.withdraw(tx, m, c.Purpose, desk.WithdrawnByLink)
	})
	if desk.IsNotFound(err) {
		return unknown
	}
	return err
}

// Lengths of product news, in bytes.
const (
	maxNewsSubject = 200
	maxNewsBody    = 8000
)

// SendNews writes news of the product to every member of the install who allowed
// it, each in their language where it is among the texts. Errors: desk.Conflict
// "no_mail"; desk.Invalid "news_empty" or "locale_invalid".
func (r *Roster) SendNews(ctx context.Context, who Who, all []desk.News) error {
	if !r.Mails() {
		return errNoMail()
	}
	seen := map[string]bool{}
	for i, n := range all {
		all[i].Subject, all[i].Body = text.Normalise(n.Subject, maxNewsSubject), text.Normalise(n.Body, maxNewsBody)
		switch {
		case all[i].Subject == "" || all[i].Body == "":
			return desk.Fail(desk.Invalid, "news_empty", "news has a subject and a text in each language")
		case !i18n.Known(n.Locale) || seen[n.Locale]:
			return desk.Fail(desk.Invalid, "locale_invalid", "give each language of this install once at most")
		}
		seen[n.Locale] = true
	}
	if len(all) == 0 {
		return desk.Fail(desk.Invalid, "news_empty", "news has a subject and a text")
	}
	err := r.db.In(0).Write(ctx, func(tx *store.Tx) error {
		id, err := tx.AddNews(all)
		if err != nil {
			return err
		}
		return r.flow.Add(tx, flow.Item{Kind: NewsWork, Key: id, Object: id})
	})
	if err != nil {
		return err
	}
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error { return r.record(tx, who.Actor, "news.send", who.Member.ID) })
}

// spread writes one piece of news to who allowed it, in one workspace after
// another; who has it already after a crash gets it once.
func (r *Roster) spread(ctx context.Context, j *flow.Job) error {
	news := j.Items[0].Object
	all, err := r.db.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		if err := r.spreadIn(ctx, ws.ID, news); err != nil {
			return err
		}
	}
	return r.db.In(0).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
}

func (r *Roster) spreadIn(ctx context.Context, ws, news desk.ID) error {
	var to []desk.ID
	h := r.db.In(ws)
	err := h.Read(ctx, func(rx *store.Rx) (err error) { to, err = rx.Allowing(desk.ConsentNews); return err })
	for _, id := range to {
		err = errors.Join(err, h.Write(ctx, func(tx *store.Tx) error {
			last, err := tx.NewestLetter(id, desk.LetterNews)
			if err == nil && last.About == news.String() {
				return nil
			}
			if err != nil && !desk.IsNotFound(err) {
				return err
			}
			err = r.queue(tx, id, desk.LetterNews, news.String())
			if desk.CodeOf(err) == desk.Forbidden { // took it back meanwhile
				return nil
			}
			return err
		}))
	}
	return err
}
