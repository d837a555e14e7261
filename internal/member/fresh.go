package member

import (
	"context"
	"errors"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// owed says what a sign-in still has to do, as of now.
func (r *Roster) owed(role desk.Role, s store.Standing) desk.Step {
	return desk.Owed(!s.StrongAt.IsZero(), s.Factors, r.demand.Of(role) || s.Demand.Of(role))
}

// Fresh reports whether a sign-in proved lately who it is, by itself or by
// Prove. A key is a secret that is sent with each request: it proves itself
// each time, and nobody is there to be asked once more.
func (r *Roster) Fresh(who Who) bool {
	return who.Session == 0 || r.clk.Now().Sub(who.ProvedAt) < desk.ProofTerm
}

// Answer is what a signed-in member shows to prove who they are: one of the
// four.
type Answer struct {
	Password string // never settles a second factor
	Code     string // of an app
	Recovery string // settles a second factor, once; no proof for acts
	Passkey  []byte // what navigator.credentials.get gave, as JSON
}

// Pass settles the second factor that a sign-in owes, and gives it a new token:
// whoever got hold of the one before has nothing (covers H-92). Errors:
// desk.Forbidden "code_wrong" or "passkey_refused"; desk.TooMany with a Wait
// after ten wrong codes in an hour, which no passkey has to wait for.
func (r *Roster) Pass(ctx context.Context, who Who, token string, a Answer) (Signed, error) {
	next := secret.Token()
	err := r.accept(ctx, who, a, func(tx *store.Tx) error {
		if err := tx.RiseSession(secret.Hash(token), secret.Hash(next)); err != nil {
			return err
		}
		return r.record(tx, who.Actor, "session.factor", who.Session)
	})
	if err != nil {
		return Signed{}, err
	}
	now, err := r.Still(ctx, next)
	return Signed{Token: next, Life: desk.SessionTerm, Who: now}, err
}

// Prove renews the proof of who somebody is, which exports, erasure and the
// like want. A password is one, a code and a passkey too. Errors as Pass and
// Confirm.
func (r *Roster) Prove(ctx context.Context, who Who, a Answer, address string) error {
	note := func(tx *store.Tx) error {
		if err := tx.ProveAgain(who.Member.ID, who.Session); err != nil {
			return err
		}
		return r.record(tx, who.Actor, "session.prove", who.Session)
	}
	if a.Password != "" {
		if err := r.Confirm(ctx, who, a.Password, address); err != nil {
			return err
		}
		return r.db.In(who.Workspace.ID).Write(ctx, note)
	}
	a.Recovery = ""
	return r.accept(ctx, who, a, note)
}

// proveOutside renews the proof of a sign-in by an account of its member outside:
// the very one that was linked, in the browser that left. Whoever still owes a
// second factor has none of this. Errors: desk.Forbidden "outside_over",
// "outside_other".
func (r *Roster) proveOutside(ctx context.Context, t store.Trip, in Return) error {
	me, err := r.Still(ctx, in.Browser)
	if err != nil || me.Session != t.Link || me.Step == desk.StepFactor {
		return errTrip()
	}
	return r.db.In(me.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		own, err := tx.OutsideOf(t.Subject, me.Member.ID)
		switch {
		case err != nil:
			return err
		case !own:
			return desk.Fail(desk.Forbidden, "outside_other", "this is not the account that is linked to yours; choose that one")
		}
		return errors.Join(tx.ProveAgain(me.Member.ID, me.Session), tx.TouchOutside(t.Subject), r.record(tx, me.Actor, "session.prove", me.Session))
	})
}

// accept checks an answer and does then in the same transaction.
func (r *Roster) accept(ctx context.Context, who Who, a Answer, then func(*store.Tx) error) error {
	switch {
	case len(a.Passkey) > 0:
		return r.acceptPasskey(ctx, who, a.Passkey, then)
	case a.Code == "" && a.Recovery == "":
		return desk.Fail(desk.Invalid, "proof_missing", "send a code, a recovery code or a passkey")
	}
	refund, err := r.guess.code(who.Member.ID)
	if err != nil {
		return err
	}
	err = r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockMember(who.Member.ID); err != nil {
			return err
		}
		if a.Code != "" {
			if err := takeCode(tx, who.Member.ID, a.Code, r.clk.Now()); err != nil {
				return err
			}
		} else if err := r.takeRecovery(tx, who, a.Recovery); err != nil {
			return err
		}
		return then(tx)
	})
	if err == nil {
		refund()
	}
	return err
}

func (r *Roster) takeRecovery(tx *store.Tx, who Who, code string) error {
	ok, err := tx.UseRecovery(who.Member.ID, recoveryHash(code))
	if err != nil {
		return err
	}
	if !ok {
		return errCode()
	}
	if err := r.queue(tx, who.Member.ID, desk.LetterRecoveryUsed, ""); err != nil {
		return err
	}
	return r.record(tx, who.Actor, "factor.recovered", who.Member.ID)
}

func (r *Roster) acceptPasskey(ctx context.Context, who Who, credential []byte, then func(*store.Tx) error) error {
	if r.passkeys == nil {
		return errNoPasskeys()
	}
	s, err := readPasskey(credential)
	if err != nil {
		return err
	}
	copied := false
	err = r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) (err error) {
		if err := tx.LockMember(who.Member.ID); err != nil {
			return err
		}
		if copied, err = r.takePasskey(ctx, tx, who, s, toPass); err != nil {
			return err
		}
		if copied {
			return r.record(tx, who.Actor, "factor.copied", who.Member.ID)
		}
		return then(tx)
	})
	if err == nil && copied {
		err = errPasskey()
	}
	return err
}
