package privacy

import (
	"context"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Correction is what a person says is wrong of what is held of them. Nil leaves
// a field as it is; "" empties it.
type Correction struct {
	Name, Email, Phone *string
	// Statement is what they say of a thing that cannot be changed, such as what
	// was written in a message; "" = nothing.
	Statement string
	Message   desk.ID // that the statement is about, 0 = none
	Case      desk.ID // that it answers, of which it is the evidence; 0 = none
}

// ActRectify is the name of a correction in the privacy ledger.
const ActRectify = "rectify"

const (
	maxStatement = 4000 // bytes
	maxName      = 200
	maxMail      = 254
	maxPhone     = 40
)

// Correct corrects what is held of a person (A-14.1-02), on the contact named:
// the fields with what finds them, and beside what cannot be changed the
// person's statement. The act is in the privacy ledger before it is reported.
// Errors: desk.NotFound, desk.Invalid, of a case as Carry and desk.Conflict
// case_kind, case_person.
func (r *Restrict) Correct(ctx context.Context, ws, contact desk.ID, by desk.Actor, want Correction) (desk.Contact, error) {
	var out desk.Contact
	if err := resolved(ws, contact); err != nil {
		return out, err
	}
	if err := want.check(); err != nil {
		return out, err
	}
	err := r.DB.In(ws).Read(ctx, func(rx *store.Rx) error {
		if _, err := rx.Contact(contact); err != nil || want.Message == 0 {
			return err
		}
		return ofContact(rx, want.Message, contact)
	})
	if err != nil {
		return out, err
	}
	if want.Case != 0 {
		err := r.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return forCase(tx, want.Case, contact, desk.AskRectify) })
		if err != nil {
			return out, err
		}
	}
	hash, err := r.DB.In(ws).Hash(ctx, LedgerContact, contact.String())
	if err != nil {
		return out, err
	}
	no, err := r.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: ws, Act: ActRectify, Subject: contact, Hashes: [][]byte{hash}, At: r.DB.Clock().Now()})
	if err != nil {
		return out, err
	}
	err = r.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		if out, err = r.correct(tx, contact, by, want); err != nil || want.Case == 0 {
			return err
		}
		return did(tx, want.Case, string(desk.AskRectify), no)
	})
	if err != nil {
		return out, err
	}
	return out, r.Keys.FinishLedger(ctx, no, r.DB.Clock().Now())
}

// check cleans what was given, and refuses what is nothing or too much.
func (c *Correction) check() error {
	if c.Name == nil && c.Email == nil && c.Phone == nil && strings.TrimSpace(c.Statement) == "" {
		return desk.Fail(desk.Invalid, "nothing_to_correct", "say what is to be corrected: name, email, phone or a statement")
	}
	for _, f := range []struct {
		value *string
		most  int
	}{{c.Name, maxName}, {c.Email, maxMail}, {c.Phone, maxPhone}, {&c.Statement, maxStatement}} {
		if f.value == nil {
			continue
		}
		if len(*f.value) > f.most {
			return desk.Fail(desk.Invalid, "too_long", "a name has at most 200 bytes, an e-mail address 254, a telephone number 40, a statement 4000")
		}
		*f.value = text.Normalise(*f.value, f.most)
	}
	if c.Email != nil && *c.Email != "" && !strings.Contains(*c.Email, "@") {
		return desk.Fail(desk.Invalid, "email_invalid", "this is not an e-mail address")
	}
	return nil
}

func (r *Restrict) correct(tx *store.Tx, contact desk.ID, by desk.Actor, want Correction) (desk.Contact, error) {
	out, err := tx.ChangeContact(contact, func(c *desk.Contact) error {
		for _, f := range []struct {
			to   *string
			want *string
		}{{&c.Name, want.Name}, {&c.Email, want.Email}, {&c.Phone, want.Phone}} {
			if f.want != nil {
				*f.to = *f.want
			}
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	if err := tx.SetContactTerms(contact, text.Prefixes(out.Name+" "+out.Email+" "+out.Phone)); err != nil {
		return out, err
	}
	if want.Statement != "" {
		s := store.Statement{Contact: contact, Message: want.Message, Said: want.Statement}
		if by.Kind == desk.ByMember {
			s.Member = by.ID
		}
		if err := tx.AddStatement(&s); err != nil {
			return out, err
		}
	}
	if err := r.Audit.Add(tx, by, "contact.rectify", contact); err != nil {
		return out, err
	}
	return out, r.Flow.Emit(tx, desk.Event{Kind: desk.ContactChanged, Object: contact})
}

// ofContact refuses a message of somebody else.
func ofContact(r *store.Rx, message, contact desk.ID) error {
	m, err := r.Message(message)
	if err != nil {
		return err
	}
	c, err := r.Conversation(m.Conversation)
	if err == nil && c.Contact != contact {
		err = desk.Fail(desk.NotFound, "message_not_found", "this person has no such message")
	}
	return err
}
