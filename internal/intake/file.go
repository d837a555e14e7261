package intake

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// receiptTries is how often a receipt for a message nobody knows is tried
// again: it may have overtaken the answer of the send it reports on. After that
// it belongs to a message that somebody else sent.
const receiptTries = 6

// errRepeat says that the arrival was filed before and nothing was written;
// errErased that its sender was erased since, or its conversation deleted; errUndo
// that it is a repeat, but rows were written before that showed.
var (
	errRepeat = &desk.Error{Code: desk.Conflict, Reason: "repeat", Text: "this arrival was filed before"}
	errErased = &desk.Error{Code: desk.Conflict, Reason: "erased", Text: "the sender was erased after this was sent"}
	errUndo   = &desk.Error{Code: desk.Conflict, Reason: "repeat_undone", Text: "this arrival was filed before"}
)

// file files the parts of one channel account, in order, in one commit. A part
// that fails moves to a retry lane with everything it holds: what of it is filed
// already vanishes there as a repeat.
func (in *Intake) file(ctx context.Context, job *flow.Job) error {
	parts, err := in.prepare(ctx, job.Items)
	if err != nil {
		return err
	}
	failed := make([]error, len(parts))
	err = in.DB.In(job.Items[0].Workspace).Write(ctx, func(tx *store.Tx) error {
		if err := in.touch(tx, parts); err != nil {
			return err
		}
		done, err := in.fileAll(tx, parts, failed)
		if err != nil {
			return err
		}
		if len(done) == 0 {
			job.Check(tx)
			return nil
		}
		return job.Finish(tx, done...)
	})
	if err != nil {
		return err
	}
	for i, why := range failed {
		if why != nil {
			job.Fail(parts[i].item, why)
		}
	}
	return nil
}

// fileAll files parts in order and returns the items that are done; why a part
// failed goes to failed. Nearly always nothing fails, so everything is tried as
// one first, which saves a savepoint per message.
func (in *Intake) fileAll(tx *store.Tx, parts []filing, failed []error) ([]flow.Item, error) {
	clear(failed) // the closure may run again
	smooth := tx.Sub(func(tx *store.Tx) error {
		if err := in.survey(tx, parts); err != nil {
			return err
		}
		for i := range parts {
			if err := in.fileSmoothly(tx, &parts[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if tx.Spoilt() {
		return nil, smooth
	}
	forget(parts)
	var done []flow.Item
	for i := range parts {
		if smooth != nil {
			why, err := in.fileItems(tx, &parts[i])
			if err != nil {
				return nil, err
			}
			if failed[i] = why; why != nil {
				continue
			}
			if err := tx.DropArrival(parts[i].item.Object); err != nil {
				return nil, err
			}
		}
		done = append(done, parts[i].item)
	}
	return done, nil
}

// filed reports that there is nothing left to do for an arrival, and nothing to
// undo.
func filed(err error) bool { return errors.Is(err, errRepeat) || errors.Is(err, errErased) }

// fileSmoothly files a part as if nothing could fail.
func (in *Intake) fileSmoothly(tx *store.Tx, f *filing) error {
	if f.bad != nil {
		return f.bad
	}
	for i := range f.arrivals {
		a := &f.arrivals[i]
		if err := in.fileOne(tx, f, a); err != nil && !filed(err) {
			return err
		}
		if !begins(a.Kind) && f.seen != nil { // it may have changed what the survey saw
			*f.seen = survey{people: map[desk.IdentityHint]desk.Identity{}, talks: map[desk.ID]store.Row{}, messages: map[string]bool{}}
		}
	}
	return tx.DropArrival(f.item.Object)
}

// fileItems files what a part holds, each item for itself; failed is the last
// item's error, err one that spoils the transaction.
func (in *Intake) fileItems(tx *store.Tx, f *filing) (failed, err error) {
	failed = f.bad
	for i := range f.arrivals {
		err := tx.Sub(func(tx *store.Tx) error { return in.fileOne(tx, f, &f.arrivals[i]) })
		switch {
		case err == nil, filed(err), errors.Is(err, errUndo):
		case tx.Spoilt(), desk.CodeOf(err) == desk.Unavailable && !errors.Is(err, errEarly):
			return failed, err
		case errors.Is(err, errEarly) && f.item.Attempt >= receiptTries:
		default:
			failed = err
		}
	}
	return failed, nil
}

func (in *Intake) fileOne(tx *store.Tx, f *filing, a *arrival) error {
	switch a.Kind {
	case desk.ArrivedMessage, desk.ArrivedPerson:
		return in.fileMessage(tx, f, a)
	case desk.ArrivedReceipt:
		return in.fileReceipt(tx, f, a)
	case desk.ArrivedEnd:
		return in.fileEnd(tx, f, a)
	case desk.ArrivedProfile:
		return in.fileProfile(tx, f, a)
	case desk.ArrivedConsent:
		return in.fileConsent(tx, f, a)
	case desk.ArrivedReferral, desk.ArrivedFeedback:
		return in.fileMessage(tx, f, a)
	case desk.ArrivedOptIn:
		return in.fileOptIn(tx, f, a)
	case desk.ArrivedEcho:
		return in.fileEcho(tx, f, a)
	case desk.ArrivedReaction:
		return in.fileReaction(tx, f, a)
	case desk.ArrivedEdit:
		return in.fileEdit(tx, f, a)
	case desk.ArrivedUnsend:
		return in.fileUnsend(tx, f, a)
	case desk.ArrivedThread:
		return in.fileThread(tx, f, a)
	case desk.ArrivedIdentity:
		return in.fileIdentity(tx, f, a)
	case desk.ArrivedNotice:
		return in.fileNotice(tx, f, a)
	case desk.ArrivedCounted:
		in.counted(a.Notice)
		return nil
	}
	return desk.Fail(desk.Invalid, "unknown_arrival", "no arrival is called "+string(a.Kind))
}

// touchEvery is how exact the account's "last event" is: a write per delivery
// would make one hot row of it.
const touchEvery = time.Minute

func (in *Intake) touch(tx *store.Tx, parts []filing) error {
	for _, f := range parts {
		if f.gone || tx.Now().Sub(f.acct.LastEventAt) < touchEvery {
			continue
		}
		_, err := tx.ChangeAccount(f.acct.ID, func(a *desk.Account) error {
			a.LastEventAt = tx.Now()
			return nil
		})
		if desk.IsNotFound(err) {
			err = nil
		}
		return err
	}
	return nil
}
