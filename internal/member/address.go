package member

import (
	"context"
	"errors"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// AskVerify mails a link that shows that a member's address is theirs. Errors:
// desk.Conflict "no_mail" or "verified"; desk.TooMany with a Wait.
func (r *Roster) AskVerify(ctx context.Context, who Who, address string) error {
	switch {
	case !r.Mails():
		return errNoMail()
	case !who.Member.VerifiedAt.IsZero():
		return desk.Fail(desk.Conflict, "verified", "this address was confirmed already")
	}
	if err := r.guess.ask(string(secret.Hash(who.Member.Email)), address); err != nil {
		return err
	}
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		return r.queue(tx, who.Member.ID, desk.LetterVerify, "")
	})
}

// AskAddress mails a link to a new address; the change holds once it is opened.
// Whether a colleague has the address is said only there. Errors: desk.Conflict
// "no_mail"; desk.Invalid "email_invalid"; desk.TooMany with a Wait.
func (r *Roster) AskAddress(ctx context.Context, who Who, email, address string) error {
	if !r.Mails() {
		return errNoMail()
	}
	if email = Email(email); !validEmail(email) {
		return desk.Fail(desk.Invalid, "email_invalid", "this is not an e-mail address")
	}
	if err := r.guess.ask(string(secret.Hash(email)), address); err != nil {
		return err
	}
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if err := r.letters.Queue(tx, desk.Letter{Member: who.Member.ID, Kind: desk.LetterAddress, About: email}); err != nil {
			return err
		}
		return r.record(tx, who.Actor, "member.address_asked", who.Member.ID)
	})
}

// OpenLink spends a mailed link that asks for nothing more: it signs in, or shows
// that an address is theirs. Behind any but a link that signs in the answer has no
// token. Errors: desk.Forbidden "link_over"; desk.Conflict "member_exists" when a
// colleague has the new address.
func (r *Roster) OpenLink(ctx context.Context, token, address, agent string) (Opened, Signed, error) {
	o, err := r.Look(ctx, token, address)
	if err != nil {
		return o, Signed{}, err
	}
	_, _, proof, _ := desk.ReadLetterToken(token)
	err = r.db.In(o.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		l, err := tx.LockLetter(o.letter) // two browsers, one link
		if err != nil {
			return err
		}
		if o, err = r.open(&tx.Rx, l, proof); err != nil {
			return err
		}
		return r.opens(tx, o)
	})
	if desk.IsNotFound(err) {
		err = errLink()
	}
	if err != nil || o.Kind != desk.LetterSignIn {
		return o, Signed{}, exists(err)
	}
	s, err := r.begin(ctx, entry{Member: o.Member, Workspace: o.Workspace, Agent: agent, Address: address, Way: desk.WayMail})
	return o, s, err
}

func (r *Roster) opens(tx *store.Tx, o Opened) error {
	id := o.Member.ID
	switch o.Kind {
	case desk.LetterSignIn, desk.LetterVerify:
		return errors.Join(tx.SpendLetters(id, o.Kind), tx.VerifyAddress(id), r.record(tx, actorOf(o.Member), "member."+string(o.Kind), id))
	case desk.LetterAddress:
		return r.move(tx, o)
	}
	return errLink()
}

// move gives a member the address that they confirmed. Links that went to the old
// one open no more, and it is told.
func (r *Roster) move(tx *store.Tx, o Opened) error {
	id := o.Member.ID
	if err := tx.MoveMember(id, o.About); err != nil {
		return err
	}
	for _, k := range desk.LetterKinds() {
		if k.Term() == 0 {
			continue
		}
		if err := tx.SpendLetters(id, k); err != nil {
			return err
		}
	}
	if err := r.letters.Queue(tx, desk.Letter{Member: id, Kind: desk.LetterMoved, About: o.Member.Email}); err != nil {
		return err
	}
	tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: id})
	return r.record(tx, actorOf(o.Member), "member.address", id)
}
