package privacy

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"math"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// Acts of the privacy ledger on a whole workspace.
const (
	ActClose  = "close"
	ActReopen = "close_lifted"
	ActPurge  = "purge"
)

// remindBefore is when owners are told that the time to take a workspace back is
// nearly over.
const remindBefore = 24 * time.Hour

// Listeners turns deliveries of a workspace's accounts off or on at their
// providers, after the transaction.
type Listeners interface {
	Heed(tx *store.Tx) error
}

// Shelf keeps the files of workspaces.
type Shelf interface {
	// Clear removes every file of a workspace but those named.
	Clear(ws desk.ID, but []string) error
}

// EndingParts is what Ending is made of. Letters may be nil: nobody is mailed then.
type EndingParts struct {
	DB       *store.DB
	Keys     *store.KeyStore
	Flow     *flow.Flow
	Audit    Audit
	By       Signer
	Accounts Listeners
	Files    Shelf
	Letters  LetterBox
	// Forget drops what this process has in memory of a workspace and its accounts.
	Forget func(ws desk.ID, accounts []desk.Account)
	Log    *slog.Logger
}

// Ending closes workspaces, takes them back, and carries out their end.
type Ending struct {
	EndingParts
	one sync.Mutex // end at a time in this process
}

// NewEnding makes it.
func NewEnding(p EndingParts) *Ending {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	if p.Forget == nil {
		p.Forget = func(desk.ID, []desk.Account) {}
	}
	return &Ending{EndingParts: p}
}

// Closing is how far the end of a workspace came.
type Closing struct {
	Workspace desk.Workspace
	Code      string           // by which its certificate is found; "" while it is open
	Goes      map[string]int64 // what would go, by name; nil unless asked for
	Held      int              // people whom a legal hold keeps
}

// Look says whether a workspace is closed, what would go and who is held.
func (e *Ending) Look(ctx context.Context, ws desk.ID) (out Closing, err error) {
	err = e.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		if out.Workspace, err = r.Settings(); err != nil {
			return err
		}
		kept, err := r.KeptByHold()
		if err != nil {
			return err
		}
		out.Held = len(kept)
		counts, err := r.EndCounts(kept)
		out.Goes = named(counts)
		return err
	})
	if err == nil && out.Workspace.Closed() {
		out.Code, err = e.code(ctx, ws, out.Workspace.ClosedAt)
	}
	return out, err
}

// code is what the address of a workspace's certificate ends with. It is made of
// the install's key, so that it can be said again and nothing that opens is
// stored, and of the moment of closing, which a restore knows from the ledger.
func (e *Ending) code(ctx context.Context, ws desk.ID, closed time.Time) (string, error) {
	hash, err := e.DB.Vault().Hash(ctx, 0, "workspace/end", ws.String()+" "+closed.UTC().Format(time.RFC3339Nano))
	return base64.RawURLEncoding.EncodeToString(hash), err
}

// Close closes a workspace whose owner wants it deleted: from now on nobody works
// in it, its AI stops, its accounts listen no more and website chats are shut. For
// 29 days it can be taken back. desk.Conflict "closed_already" for one that is.
func (e *Ending) Close(ctx context.Context, ws desk.ID, by desk.Actor) error {
	if ws <= 0 {
		return desk.Fail(desk.Invalid, "no_subject", "a deletion needs one workspace")
	}
	w, err := e.DB.WorkspaceByID(ctx, ws)
	if err == nil && w.Closed() {
		err = desk.Fail(desk.Conflict, "closed_already", "this workspace is closed already")
	}
	if err != nil {
		return err
	}
	if _, err := e.By.DocumentKey(ctx); err != nil { // its end will need it
		return err
	}
	return e.act(ctx, ws, ActClose, by)
}

// Reopen takes a closed workspace back: everything is as it was, and its accounts
// listen again. desk.Conflict "not_closed", or "recovery_over" after 29 days.
func (e *Ending) Reopen(ctx context.Context, ws desk.ID, by desk.Actor) error {
	w, err := e.DB.WorkspaceByID(ctx, ws)
	switch {
	case err != nil:
		return err
	case !w.Closed():
		return desk.Fail(desk.Conflict, "not_closed", "this workspace is not closed")
	case !w.Recoverable(e.DB.Clock().Now()):
		return errOver()
	}
	return e.act(ctx, ws, ActReopen, by)
}

func errOver() error {
	return desk.Fail(desk.Conflict, "recovery_over", "the 29 days in which this workspace could be taken back are over")
}

// act enters an act in the privacy ledger and carries it out; what a crash leaves
// of it, Tick ends.
func (e *Ending) act(ctx context.Context, ws desk.ID, act string, by desk.Actor) error {
	at := e.DB.Clock().Now().UTC().Truncate(time.Microsecond)
	no, err := e.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: ws, Act: act, Subject: ws, At: at})
	if err != nil {
		return err
	}
	return e.carryAct(ctx, store.LedgerEntry{No: no, Workspace: ws, Act: act, At: at}, by)
}

func (e *Ending) carryAct(ctx context.Context, entry store.LedgerEntry, by desk.Actor) error {
	do := e.shut
	if entry.Act == ActReopen {
		do = e.open
	}
	if err := mayLack(do(ctx, entry.Workspace, entry.At, told{by, true})); err != nil {
		return err
	}
	return e.Keys.FinishLedger(ctx, entry.No, e.DB.Clock().Now())
}

// told says who did something, and whether its members are mailed.
type told struct {
	by   desk.Actor
	mail bool
}

// shut closes a workspace as of a moment; one that is closed stays as it is.
func (e *Ending) shut(ctx context.Context, ws desk.ID, at time.Time, who told) error {
	code, err := e.code(ctx, ws, at)
	if err != nil {
		return err
	}
	fresh := false
	err = e.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		fresh = false
		w, err := tx.ChangeSettings(func(w *desk.Workspace) error {
			if fresh = !w.Closed(); fresh {
				w.ClosedAt, w.AIEpoch = at, w.AIEpoch+1 // AI messages on their way are cancelled
			}
			return nil
		})
		if err != nil || !fresh {
			return err
		}
		if err := e.changed(tx, w, who.by, "workspace.close"); err != nil {
			return err
		}
		if !who.mail {
			return nil
		}
		return e.tell(tx, code, desk.LetterClosed)
	})
	if err != nil {
		return err
	}
	return e.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutEnd(ws, secret.Hash(code), at); err != nil || !fresh {
			return err
		}
		return e.Audit.Add(tx, who.by, "workspace.close", ws)
	})
}

// open takes a workspace back that was closed before a moment and whose rows have
// not begun to go.
func (e *Ending) open(ctx context.Context, ws desk.ID, at time.Time, who told) error {
	fresh := false
	err := e.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		fresh = false
		w, err := tx.ChangeSettings(func(w *desk.Workspace) error {
			if w.Ending {
				return errOver()
			}
			if fresh = w.Closed() && !at.Before(w.ClosedAt); fresh {
				w.ClosedAt, w.AIEpoch = time.Time{}, w.AIEpoch+1
			}
			return nil
		})
		if err != nil || !fresh {
			return err
		}
		if err := e.changed(tx, w, who.by, "workspace.reopen"); err != nil {
			return err
		}
		if !who.mail {
			return nil
		}
		return e.tell(tx, "", desk.LetterReopened)
	})
	if err != nil {
		return err
	}
	return e.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		if err := tx.DropEnd(ws); err != nil || !fresh {
			return err
		}
		return e.Audit.Add(tx, who.by, "workspace.reopen", ws)
	})
}

func (e *Ending) changed(tx *store.Tx, w desk.Workspace, by desk.Actor, act string) error {
	if err := e.Accounts.Heed(tx); err != nil {
		return err
	}
	if err := e.Audit.Add(tx, by, act, w.ID); err != nil {
		return err
	}
	return e.Flow.Emit(tx, desk.Event{Kind: desk.WorkspaceChanged, Object: w.ID})
}

// tell mails every member who can sign in; the address of the certificate is for
// owners.
func (e *Ending) tell(tx *store.Tx, code string, kind desk.LetterKind) error {
	if e.Letters == nil {
		return nil
	}
	all, err := tx.Members(0, math.MaxInt32)
	for _, m := range all {
		if err != nil {
			return err
		}
		if !m.Active || m.Invited || kind == desk.LetterLastDay && m.Role != desk.RoleOwner {
			continue
		}
		l := desk.Letter{Member: m.ID, Kind: kind}
		if m.Role == desk.RoleOwner {
			l.About = code
		}
		err = e.Letters.Queue(tx, l)
	}
	return err
}

// Tick carries on what is under way: acts that a crash interrupted, the letter
// before the last day, and the end of what cannot be taken back any more.
func (e *Ending) Tick(ctx context.Context) error {
	e.one.Lock()
	defer e.one.Unlock()
	errs := []error{e.resume(ctx)}
	all, err := e.DB.WorkspacesThere(ctx)
	if err != nil {
		return err
	}
	now := e.DB.Clock().Now()
	for _, w := range all {
		switch {
		case !w.Closed():
		case w.Ending || !w.Recoverable(now):
			errs = append(errs, e.end(ctx, w))
		case !now.Before(w.ClosedAt.Add(desk.RecoverTerm - remindBefore)):
			errs = append(errs, e.remind(ctx, w))
		}
	}
	return errors.Join(append(errs, e.sweepStrays(ctx), e.sweepArrivals(ctx))...)
}

// arrivalTerm is for how long what an import has brought waits for the rest.
const arrivalTerm = 24 * time.Hour

// sweepArrivals clears away what imports that were interrupted have left.
func (e *Ending) sweepArrivals(ctx context.Context) error {
	all, err := e.DB.Arriving(ctx)
	errs := []error{err}
	for ws, since := range all {
		if !e.DB.Clock().Now().Before(since.Add(arrivalTerm)) {
			errs = append(errs, e.Discard(ctx, ws))
		}
	}
	return errors.Join(errs...)
}

// Discard clears away a workspace of which not all has arrived, and which so was
// never anybody's; any other stays.
func (e *Ending) Discard(ctx context.Context, ws desk.ID) error {
	all, err := e.DB.Arriving(ctx)
	if _, arriving := all[ws]; err != nil || !arriving {
		return err
	}
	if err := e.clear(ctx, ws, nil); err != nil {
		return err
	}
	return e.dropRow(ctx, ws)
}

func (e *Ending) remind(ctx context.Context, w desk.Workspace) error {
	var known store.WorkspaceEnd
	err := e.DB.In(0).Read(ctx, func(r *store.Rx) (err error) { known, err = r.EndOf(w.ID); return err })
	if err != nil || !known.RemindedAt.IsZero() {
		return err
	}
	code, err := e.code(ctx, w.ID, w.ClosedAt)
	if err != nil {
		return err
	}
	err = e.DB.In(w.ID).Write(ctx, func(tx *store.Tx) error { return e.tell(tx, code, desk.LetterLastDay) })
	if err != nil {
		return err
	}
	return e.DB.In(0).Write(ctx, func(tx *store.Tx) error { return tx.EndReminded(w.ID) })
}
