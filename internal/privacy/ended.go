package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
	"parley/internal/vault"
)

// strayTerm is for how long after its end a workspace's number is looked for once
// more, in case something was on its way when its rows went.
const strayTerm = 48 * time.Hour

// end carries a workspace to its end, or as far as legal holds let it.
func (e *Ending) end(ctx context.Context, w desk.Workspace) error {
	idle, err := e.idle(ctx, w)
	if err != nil || idle {
		return err
	}
	return e.Purge(ctx, w.ID)
}

// idle reports whether what is left of an ending workspace waits for the release
// of a hold.
func (e *Ending) idle(ctx context.Context, w desk.Workspace) (bool, error) {
	if !w.Ending {
		return false, nil
	}
	if done, err := e.lastDone(ctx, w.ID); err != nil || !done {
		return false, err
	}
	idle := false
	err := e.DB.In(w.ID).Read(ctx, func(r *store.Rx) error {
		kept, err := r.KeptByHold()
		if err != nil || len(kept) == 0 {
			return err
		}
		left, err := r.EndCounts(kept)
		idle = len(left) == 0
		return err
	})
	return idle, err
}

// lastDone reports whether the latest purge of a workspace was signed.
func (e *Ending) lastDone(ctx context.Context, ws desk.ID) (done bool, err error) {
	err = e.DB.In(0).Read(ctx, func(r *store.Rx) error {
		known, err := r.EndOf(ws)
		if err != nil || known.Act == 0 {
			return mayLack(err)
		}
		cert, err := r.CertificateOf(known.Act)
		done = err == nil && !cert.Done.IsZero()
		return mayLack(err)
	})
	return done, err
}

func mayLack(err error) error {
	if desk.IsNotFound(err) {
		return nil
	}
	return err
}

// Purge deletes everything of a closed workspace but what legal holds keep: entry
// in the ledger, the certificate to be signed, keys, rows in small steps, files,
// and its own row last. Whatever interrupts it, Tick comes back for it.
func (e *Ending) Purge(ctx context.Context, ws desk.ID) error {
	if ws <= 0 {
		return desk.Fail(desk.Invalid, "no_subject", "a deletion needs one workspace")
	}
	if _, err := e.By.DocumentKey(ctx); err != nil { // before what cannot be undone
		return err
	}
	w, err := e.DB.WorkspaceByID(ctx, ws)
	if err != nil {
		return err
	}
	if !w.Closed() || w.Recoverable(e.DB.Clock().Now()) {
		return errOpen()
	}
	no, err := e.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: ws, Act: ActPurge, Subject: ws, At: e.DB.Clock().Now()})
	if err != nil {
		return err
	}
	return e.purge(ctx, w, no)
}

// Again purges a workspace whose purge the ledger has already, in data that was
// restored from before it; it reports whether there was one.
func (e *Ending) Again(ctx context.Context, entry store.LedgerEntry) (bool, error) {
	w, err := e.DB.WorkspaceByID(ctx, entry.Workspace)
	if desk.IsNotFound(err) {
		return false, e.clear(ctx, entry.Workspace, nil)
	}
	if err == nil && !w.Closed() {
		if err = e.Shut(ctx, w.ID, entry.At.Add(-desk.RecoverTerm)); err == nil {
			w, err = e.DB.WorkspaceByID(ctx, w.ID)
		}
	}
	if err != nil {
		return false, err
	}
	return true, e.purge(ctx, w, entry.No)
}

// Shut closes a workspace again that was closed at a moment, in data from before.
func (e *Ending) Shut(ctx context.Context, ws desk.ID, at time.Time) error {
	return mayLack(e.shut(ctx, ws, at, told{by: desk.Actor{Kind: desk.BySystem}}))
}

// Open takes one back again.
func (e *Ending) Open(ctx context.Context, ws desk.ID, at time.Time) error {
	return mayLack(e.open(ctx, ws, at, told{by: desk.Actor{Kind: desk.BySystem}}))
}

func errOpen() error {
	return desk.Fail(desk.Conflict, "not_over", "this workspace is open or can still be taken back")
}

func (e *Ending) purge(ctx context.Context, w desk.Workspace, no int64) error {
	cert, err := e.begin(ctx, w, no)
	if err != nil {
		return mayLack(err) // another process was first, and ends it
	}
	var kept store.Kept
	err = e.DB.In(w.ID).Read(ctx, func(r *store.Rx) (err error) { kept, err = r.KeptByHold(); return err })
	if err != nil {
		return err
	}
	if err := e.clear(ctx, w.ID, kept); err != nil {
		return err
	}
	if len(kept) == 0 {
		if err := e.dropRow(ctx, w.ID); err != nil {
			return err
		}
	}
	return e.certify(ctx, cert)
}

// begin marks a workspace whose rows go from now on, and keeps what there was
// before the first of them is gone: nobody can count it later.
func (e *Ending) begin(ctx context.Context, w desk.Workspace, no int64) (cert store.Certificate, err error) {
	f := EndFacts{Kind: EndKind, Number: no, Workspace: w.ID, ClosedAt: w.ClosedAt, BegunAt: e.DB.Clock().Now().UTC(), Tables: store.EndTables()}
	held, err := e.mark(ctx, &f)
	if err != nil {
		return cert, err
	}
	code, e1 := e.code(ctx, w.ID, w.ClosedAt)
	keys, e2 := e.countKeys(ctx, w.ID, held)
	f.Keys = keys
	body, e3 := json.Marshal(f)
	if err := errors.Join(e1, e2, e3); err != nil {
		return cert, err
	}
	id := e.DB.NewID()
	err = e.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		if err := errors.Join(tx.PutEnd(w.ID, secret.Hash(code), w.ClosedAt), tx.EndBegun(w.ID, no),
			tx.AddCertificate(store.Certificate{ID: id, Act: no, Facts: body})); err != nil {
			return err
		}
		cert, err = tx.CertificateOf(no)
		return err
	})
	return cert, err
}

// mark lets nobody take the workspace back from now on, counts what goes and says
// how many people are held.
func (e *Ending) mark(ctx context.Context, f *EndFacts) (held int, err error) {
	var accounts []desk.Account
	err = e.DB.In(f.Workspace).Write(ctx, func(tx *store.Tx) error {
		fresh := false
		if _, err := tx.ChangeSettings(func(w *desk.Workspace) error {
			if !w.Closed() {
				return errOpen()
			}
			fresh, w.Ending = !w.Ending, true
			w.AIEpoch++
			return nil
		}); err != nil {
			return err
		}
		if fresh {
			if accounts, err = tx.Accounts(); err != nil {
				return err
			}
			// Where the workspace's key is gone already, as after a restore, nothing opens.
			if err := tx.ResealHolds(); err != nil && !errors.Is(err, vault.ErrNoKey) {
				return err
			}
		}
		kept, err := tx.KeptByHold()
		if err != nil {
			return err
		}
		counts, err := tx.EndCounts(kept)
		f.Deleted, f.Rows, held = named(counts), 0, len(kept)
		for _, n := range counts {
			f.Rows += n
		}
		return err
	})
	if err == nil {
		e.Forget(f.Workspace, accounts)
	}
	return held, err
}

// countKeys counts what will be destroyed.
func (e *Ending) countKeys(ctx context.Context, ws desk.ID, held int) (n int64, err error) {
	all, err := e.DB.Vault().Register(ctx, int64(ws))
	for _, a := range all {
		if a.Kind != vault.RootKey && a.Kind != vault.EpochKey {
			n += a.Keys
		}
	}
	return n - int64(held), err
}

// resume carries on the acts that a crash interrupted, as the ledger has them.
func (e *Ending) resume(ctx context.Context) error {
	acts, err := e.Keys.UnfinishedLedger(ctx, resumeStep)
	var errs []error
	for _, entry := range acts {
		switch entry.Act {
		case ActClose, ActReopen:
			errs = append(errs, e.carryAct(ctx, entry, desk.Actor{Kind: desk.BySystem}))
		case ActPurge:
			errs = append(errs, e.resumePurge(ctx, entry))
		}
	}
	return errors.Join(err, errors.Join(errs...))
}

func (e *Ending) resumePurge(ctx context.Context, entry store.LedgerEntry) error {
	var cert store.Certificate
	err := e.DB.In(0).Read(ctx, func(r *store.Rx) (err error) { cert, err = r.CertificateOf(entry.No); return mayLack(err) })
	if err != nil {
		return err
	}
	if !cert.Done.IsZero() {
		return e.Keys.FinishLedger(ctx, entry.No, e.DB.Clock().Now())
	}
	there, err := e.Again(ctx, entry)
	if err != nil || there || cert.ID == 0 {
		return err
	}
	return e.certify(ctx, cert)
}

// sweepStrays looks once more for what was on its way into a workspace whose row
// went a short time ago.
func (e *Ending) sweepStrays(ctx context.Context) error {
	var ends []store.WorkspaceEnd
	err := e.DB.In(0).Read(ctx, func(r *store.Rx) (err error) { ends, err = r.Ends(); return err })
	var errs []error
	for _, known := range ends {
		if known.EndedAt.IsZero() || e.DB.Clock().Now().Sub(known.EndedAt) > strayTerm {
			continue
		}
		errs = append(errs, e.clear(ctx, known.ID, nil))
	}
	return errors.Join(err, errors.Join(errs...))
}

// Sweep forgets certificates of workspaces when their term is over.
func (e *Ending) Sweep(ctx context.Context) error {
	return e.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		by := tx.Now().Add(-EndKeep)
		if _, err := tx.DropCertificates(by); err != nil {
			return err
		}
		_, err := tx.DropOldEnds(by)
		return err
	})
}

// Release ends the legal holds of a workspace that has ended but for whom they
// keep, and says how many there were; what they kept goes with the next tick.
// desk.Conflict for a workspace whose own members do that.
func (e *Ending) Release(ctx context.Context, ws desk.ID, by desk.Actor) (n int64, err error) {
	w, err := e.DB.WorkspaceByID(ctx, ws)
	if err == nil && !w.Ending {
		err = desk.Fail(desk.Conflict, "not_ending", "holds of this workspace are released by its own members")
	}
	if err != nil {
		return 0, err
	}
	err = e.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if n, err = tx.ReleaseAll(); err != nil {
			return err
		}
		return e.Audit.Add(tx, by, "privacy.release", 0)
	})
	return n, err
}
