package privacy

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/id"
	"parley/internal/store"
)

// Acts of the privacy ledger on all conversations of one channel account. What
// went is in the ledger person by person and conversation by conversation; between
// the two a restore carries the whole act out.
const (
	ActClear   = "clear_channel"
	ActCleared = "clear_channel_done"
)

// LedgerClear is the use of the keyed hash by which the ledger knows a channel
// account whose conversations were deleted together.
const LedgerClear = "ledger/clear"

// clearStep is how many people are looked up together.
const clearStep = 50

// clearing is a deletion of all that was said by one channel account until a
// moment. Conversations that a hold keeps, or in which somebody wrote since, stay.
type clearing struct {
	ws, account desk.ID
	at          time.Time
}

// clear removes it, person by person, and may run again; noted is told after every
// few. drop removes what one person has there.
func (e *Eraser) clear(ctx context.Context, c clearing, drop func(ctx context.Context, c clearing, contact desk.ID) error, noted func(context.Context) error) error {
	h := e.db.In(c.ws)
	for last := desk.ID(0); ; {
		var some []desk.ID
		err := h.Read(ctx, func(r *store.Rx) (err error) { some, err = r.WroteTo(c.account, last, clearStep); return err })
		if err != nil || len(some) == 0 {
			return err
		}
		for _, contact := range some {
			if err := drop(ctx, c, contact); err != nil {
				return err
			}
			last = contact
		}
		if err := noted(ctx); err != nil {
			return err
		}
	}
}

// leaves says what of a contact goes with a clearing: the conversations, and
// whether there is nothing else of the contact. Of who is held nothing goes.
func (c clearing) leaves(r *store.Rx, contact desk.ID) (talks []desk.ID, whole bool, err error) {
	held, e1 := r.UnderHold(contact)
	all, e2 := r.TalksOf(contact, c.account)
	elsewhere, e3 := r.WroteElsewhere(contact, c.account)
	if err := errors.Join(e1, e2, e3); err != nil || held {
		return nil, false, err
	}
	for _, talk := range all {
		goes, err := c.goes(r, talk)
		if err != nil {
			return nil, false, err
		}
		if goes {
			talks = append(talks, talk)
		}
	}
	known := !id.Time(int64(contact)).After(c.at)
	return talks, known && !elsewhere && len(talks) == len(all), nil
}

// goes reports whether a conversation was there at the moment of the act and
// nobody wrote in it since.
func (c clearing) goes(r *store.Rx, talk desk.ID) (bool, error) {
	began, e1 := r.TalkBegan(talk)
	since, e2 := r.WrittenSince(talk, c.at)
	return !began.After(c.at) && !since, errors.Join(e1, e2)
}

// dropEntered removes what a clearing removes of one contact, each act in the
// ledger before it begins.
func (e *Eraser) dropEntered(ctx context.Context, c clearing, contact desk.ID) error {
	var talks []desk.ID
	whole := false
	err := e.db.In(c.ws).Read(ctx, func(r *store.Rx) (err error) { talks, whole, err = c.leaves(r, contact); return err })
	if err != nil {
		return err
	}
	if whole {
		return unlessHeld(e.Forget(ctx, c.ws, contact))
	}
	for _, talk := range talks {
		// Somebody may have written in it since: then it stays, and a restore leaves it.
		if err := unlessHeld(e.dropTalk(ctx, c.ws, talk, c.keeps)); err != nil {
			return err
		}
	}
	return nil
}

// ForgetAt deletes the conversations of a contact at one channel account; the
// contact stays. desk.Conflict where a legal hold keeps one.
func (e *Eraser) ForgetAt(ctx context.Context, ws, contact, account desk.ID) error {
	var talks []desk.ID
	err := e.db.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if err = free(r, contact); err == nil {
			talks, err = r.TalksOf(contact, account)
		}
		return err
	})
	for _, talk := range talks {
		if err == nil {
			err = e.dropTalk(ctx, ws, talk, heldTalk)
		}
	}
	return err
}

// dropTalk deletes one conversation as a part of something greater, which has a
// certificate of its own: only the ledger has it apart.
func (e *Eraser) dropTalk(ctx context.Context, ws, talk desk.ID, held func(*store.Tx, desk.ID) (bool, error)) error {
	no, err := e.enterTalk(ctx, ws, talk)
	if err != nil {
		return err
	}
	if err := e.removeTalk(ctx, ws, talk, held); err != nil && !errors.Is(err, errWritten) {
		return err
	}
	return e.keys.FinishLedger(ctx, no, e.db.Clock().Now())
}

// unlessHeld: a hold that came meanwhile keeps what it finds.
func unlessHeld(err error) error {
	if errors.Is(err, errHold) {
		return nil
	}
	return err
}

var errWritten = errors.New("somebody has written in this conversation since")

// keeps reports whether a hold keeps a conversation of a clearing, and fails where
// somebody wrote in it since.
func (c clearing) keeps(tx *store.Tx, talk desk.ID) (bool, error) {
	if _, err := tx.LockConversation(talk); err != nil && !desk.IsNotFound(err) {
		return false, err
	}
	since, err := tx.WrittenSince(talk, c.at)
	if err == nil && since {
		err = errWritten
	}
	if err != nil {
		return false, err
	}
	return heldTalk(tx, talk)
}

// AgainClear carries out a clearing that the ledger has and that had not ended, in
// data that was restored from before it.
func (e *Eraser) AgainClear(ctx context.Context, ws, account desk.ID, at time.Time) (people, talks int, err error) {
	if err := resolved(ws, account); err != nil {
		return 0, 0, err
	}
	drop := func(ctx context.Context, c clearing, contact desk.ID) error {
		var gone []desk.ID
		whole := false
		err := e.db.In(ws).Read(ctx, func(r *store.Rx) (err error) { gone, whole, err = c.leaves(r, contact); return err })
		if err == nil && whole {
			people++
			return e.Again(ctx, ws, contact)
		}
		for _, talk := range gone {
			if err == nil {
				talks++
				err = e.AgainTalk(ctx, ws, talk)
			}
		}
		return err
	}
	err = e.clear(ctx, clearing{ws, account, at}, drop, func(context.Context) error { return nil })
	return people, talks, err
}
