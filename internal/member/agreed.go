package member

import (
	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// Seen names a statement, in a version, that somebody ticked.
type Seen struct{ What, Version string }

// Asked is the cause of a desk.Invalid "not_acknowledged": what has to be agreed
// to before somebody becomes a member.
type Asked struct {
	Statements []Statement
	Name       string // as their provider knows them; "" = it was not asked
}

func (Asked) Error() string { return "not agreed to" }

// agreedTo checks that every statement was ticked in its present version, and
// returns what to keep of it: the words are the ones of that language. Errors:
// desk.Invalid "not_acknowledged" with the cause Asked; desk.Conflict
// "text_changed" when another version is shown by now.
func agreedTo(locale string, seen []Seen) ([]desk.Acknowledgement, error) {
	ticked := map[string]string{}
	for _, s := range seen {
		ticked[s.What] = s.Version
	}
	var kept []desk.Acknowledgement
	asked := Statements(locale)
	for _, s := range asked {
		switch version, ok := ticked[s.What]; {
		case !ok:
			return nil, &desk.Error{Code: desk.Invalid, Reason: "not_acknowledged", Cause: Asked{Statements: asked},
				Text: "agree to each of these texts, by name and version, in the same call"}
		case version != s.Version:
			return nil, desk.Fail(desk.Conflict, "text_changed", "the text was changed meanwhile; read it once more")
		}
		kept = append(kept, desk.Acknowledgement{What: s.What, Version: s.Version, Hash: secret.Hash(s.Text), Locale: locale, Agreed: true})
	}
	return kept, nil
}

// keepAgreed keeps what somebody agreed to in the transaction that makes them a
// member.
func (r *Roster) keepAgreed(tx *store.Tx, m desk.Member, all []desk.Acknowledgement) error {
	for _, a := range all {
		a.Member = m.ID
		if err := tx.AddAcknowledgement(a); err != nil {
			return err
		}
		if err := r.record(tx, actorOf(m), "member.acknowledge", m.ID); err != nil {
			return err
		}
	}
	return nil
}
