package member

import (
	"context"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// Statement is a short text of ours that members answer.
type Statement struct {
	What    string
	Version string // a day; a new one asks everybody again
	Text    string
	Link    string // page on which it is read whole; "" = this is all of it
}

// Statements lists what members are asked, in a language. Whoever changes a text
// in its meaning gives it a new version here: a test holds versions and words
// together.
func Statements(locale string) []Statement {
	return []Statement{
		{"age_business", "2026-11-22", i18n.T(locale, "acknowledge.age_business", nil), ""},
		{"privacy", "2026-11-22", i18n.T(locale, "acknowledge.privacy", nil), ""},
	}
}

// maxAcknowledgements is how many answers are read; a member gives few.
const maxAcknowledgements = 200

// Acknowledged lists what a member answered, newest first.
func (r *Roster) Acknowledged(ctx context.Context, who Who) ([]desk.Acknowledgement, error) {
	var all []desk.Acknowledgement
	err := r.db.In(who.Workspace.ID).Read(ctx, func(rx *store.Rx) (err error) {
		all, err = rx.Acknowledgements(who.Member.ID, maxAcknowledgements)
		return err
	})
	return all, err
}

// Unanswered lists the statements whose present version a member has not agreed
// to. Nothing is closed to them meanwhile. A key is asked nothing.
func (r *Roster) Unanswered(ctx context.Context, who Who, locale string) ([]Statement, error) {
	open := []Statement{}
	if who.Session == 0 {
		return open, nil
	}
	given, err := r.Acknowledged(ctx, who)
	if err != nil {
		return nil, err
	}
	last := map[string]bool{} // the newest answer to a version counts
	for _, a := range given {
		key := a.What + "\x00" + a.Version
		if _, seen := last[key]; !seen {
			last[key] = a.Agreed
		}
	}
	for _, s := range Statements(locale) {
		if !last[s.What+"\x00"+s.Version] {
			open = append(open, s)
		}
	}
	changes, err := r.changes(ctx, who, locale)
	return append(open, changes...), err
}

// Agreement is what a member says to a statement.
type Agreement struct {
	What, Version, Locale string
	Agreed                bool
}

// Acknowledge keeps an answer, with the hash of the words that were shown. Errors:
// desk.NotFound for what is not asked; desk.Conflict "text_changed" when another
// version is shown by now.
func (r *Roster) Acknowledge(ctx context.Context, who Who, a Agreement) error {
	if who.Session == 0 {
		return desk.Fail(desk.Forbidden, "members_only", "a key acknowledges nothing")
	}
	if a.What == ofPolicy || strings.HasPrefix(a.What, ofPurpose) {
		return r.acknowledgeChange(ctx, who, a)
	}
	for _, s := range Statements(a.Locale) {
		switch {
		case s.What != a.What:
			continue
		case s.Version != a.Version:
			return desk.Fail(desk.Conflict, "text_changed", "the text was changed meanwhile; read it once more")
		}
		return r.keepAnswer(ctx, who, desk.Acknowledgement{What: s.What, Version: s.Version, Hash: secret.Hash(s.Text), Locale: a.Locale, Agreed: a.Agreed})
	}
	return desk.Fail(desk.NotFound, "statement_not_found", "nothing of that name is asked")
}

// AcknowledgeChannel keeps that somebody read what is asked for and why before a
// channel is connected. shown is the words of it.
func (r *Roster) AcknowledgeChannel(ctx context.Context, who Who, kind, locale, shown string) error {
	if who.Session == 0 {
		return nil // a program read nothing; the record of connecting names the key
	}
	return r.keepAnswer(ctx, who, desk.Acknowledgement{What: "channel:" + kind, Hash: secret.Hash(shown), Locale: locale, Agreed: true})
}

func (r *Roster) keepAnswer(ctx context.Context, who Who, a desk.Acknowledgement) error {
	a.Member = who.Member.ID
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddAcknowledgement(a); err != nil {
			return err
		}
		return r.record(tx, who.Actor, "member.acknowledge", a.Member)
	})
}
