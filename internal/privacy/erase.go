package privacy

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/internal/vault"
)

// Eraser erases contacts.
type Eraser struct {
	db   *store.DB
	keys *store.KeyStore
}

// NewEraser builds an Eraser over the data and the key store.
func NewEraser(db *store.DB, keys *store.KeyStore) *Eraser { return &Eraser{db: db, keys: keys} }

// Erased says what an erasure removed.
type Erased struct {
	No     int64 // number in the privacy ledger
	Counts store.Holdings
	At     time.Time
}

// Preview counts what Erase would remove; an unknown contact is desk.NotFound.
func (e *Eraser) Preview(ctx context.Context, ws, contact desk.ID) (store.Holdings, error) {
	var held store.Holdings
	if err := resolved(ws, contact); err != nil {
		return held, err
	}
	err := e.db.In(ws).Read(ctx, func(r *store.Rx) error {
		if _, err := r.Contact(contact); err != nil {
			return err
		}
		var err error
		held, err = r.Holdings(contact)
		return err
	})
	return held, err
}

// resolved refuses an empty subject: a missing id must never match everybody.
func resolved(ws, contact desk.ID) error {
	if ws <= 0 || contact <= 0 {
		return desk.Fail(desk.Invalid, "no_subject", "an erasure needs one resolved contact of one workspace")
	}
	return nil
}

// Erase removes a contact: ledger entry, key, rows in small steps. The
// destroyed key is the point of no return; a crash after it is finished by
// Resume.
func (e *Eraser) Erase(ctx context.Context, ws, contact desk.ID) (Erased, error) {
	held, err := e.Preview(ctx, ws, contact)
	if err != nil {
		return Erased{}, err
	}
	now := e.db.Clock().Now()
	hashes, err := e.identityHashes(ctx, ws, contact)
	if err != nil {
		return Erased{}, err
	}
	no, err := e.keys.AddLedger(ctx, store.LedgerEntry{Workspace: ws, Act: "erase", Subject: contact, Hashes: hashes, At: now})
	if err != nil {
		return Erased{}, err
	}
	return Erased{No: no, Counts: held, At: now}, e.finish(ctx, no, ws, contact)
}

// Forget is Erase for whoever counts by itself; a contact who is gone already is
// no error.
func (e *Eraser) Forget(ctx context.Context, ws, contact desk.ID) error {
	if _, err := e.Erase(ctx, ws, contact); !desk.IsNotFound(err) {
		return err
	}
	return nil
}

func (e *Eraser) identityHashes(ctx context.Context, ws, contact desk.ID) ([][]byte, error) {
	var hashes [][]byte
	err := e.db.In(ws).Read(ctx, func(r *store.Rx) error {
		hashes = nil
		ids, err := r.Identities(contact)
		if err != nil {
			return err
		}
		for _, i := range ids {
			h, err := e.db.In(ws).LedgerHash(ctx, i.Account, desk.IdentityHint{Kind: i.Kind, Value: i.Value})
			if err != nil {
				return err
			}
			hashes = append(hashes, h)
		}
		return nil
	})
	return hashes, err
}

// finish is every step after the ledger entry; each may run again.
func (e *Eraser) finish(ctx context.Context, no int64, ws, contact desk.ID) error {
	if err := e.db.Vault().Destroy(ctx, vault.Ref{Workspace: int64(ws), Kind: vault.Subject, Of: int64(contact)}); err != nil {
		return err
	}
	h := e.db.In(ws)
	for done := false; !done; {
		err := h.Write(ctx, func(tx *store.Tx) (err error) { done, err = tx.EraseStep(contact); return err })
		if err != nil {
			return err
		}
	}
	if err := h.Write(ctx, func(tx *store.Tx) error { return tx.EraseContact(contact) }); err != nil {
		return err
	}
	if err := e.db.Scrub(ctx); err != nil {
		return err
	}
	return e.keys.FinishLedger(ctx, no, e.db.Clock().Now())
}

// Resume finishes erasures that a crash interrupted.
func (e *Eraser) Resume(ctx context.Context) error {
	open, err := e.keys.UnfinishedLedger(ctx, 100)
	if err != nil {
		return err
	}
	var errs []error
	for _, entry := range open {
		if entry.Act == "erase" {
			errs = append(errs, e.finish(ctx, entry.No, entry.Workspace, entry.Subject))
		}
	}
	return errors.Join(errs...)
}

// SweepUnsaved erases the contacts of chats that the visitor did not want kept
// and whose time is over (decision 12), a few at a time.
func (e *Eraser) SweepUnsaved(ctx context.Context) error {
	all, err := e.db.Workspaces(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, ws := range all {
		errs = append(errs, e.sweepIn(ctx, ws.ID))
	}
	return errors.Join(errs...)
}

func (e *Eraser) sweepIn(ctx context.Context, ws desk.ID) error {
	const step = 100
	var due []store.Row
	err := e.db.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		due, err = r.ErasableConversations(e.db.Clock().Now(), step)
		return err
	})
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range due {
		if _, err := e.Erase(ctx, ws, c.Contact); err != nil && !desk.IsNotFound(err) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
