package privacy

import (
	"context"
	"errors"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/internal/vault"
)

// Eraser erases contacts and deletes conversations.
type Eraser struct {
	db   *store.DB
	keys *store.KeyStore
	by   Witness
	kept Counts // nil = none are kept
}

// Counts keeps what was counted of a contact, as nobody's, in the transaction that
// begins their removal; it answers how many engagements stay so.
type Counts interface {
	Keep(tx *store.Tx, contact desk.ID) (int64, error)
}

// Keeping is e, which leaves the counts of who is made nameless to kept.
func (e *Eraser) Keeping(kept Counts) *Eraser {
	e.kept = kept
	return e
}

// Witness signs what was done and keeps in the audit log who wanted it.
type Witness interface {
	Signer
	Audit
}

// NewEraser builds an Eraser over the data and the key store, whose certificates
// by signs.
func NewEraser(db *store.DB, keys *store.KeyStore, by Witness) *Eraser {
	return &Eraser{db: db, keys: keys, by: by}
}

// Preview counts what Erase would remove; an unknown contact is desk.NotFound.
func (e *Eraser) Preview(ctx context.Context, ws, contact desk.ID) (store.Holdings, error) {
	_, held, err := e.person(ctx, ws, contact)
	return held, err
}

// person lists everybody who is one person with a contact, and counts what is
// held of them.
func (e *Eraser) person(ctx context.Context, ws, contact desk.ID) (all []desk.ID, held store.Holdings, err error) {
	if err := resolved(ws, contact); err != nil {
		return nil, held, err
	}
	err = e.db.In(ws).Read(ctx, func(r *store.Rx) error {
		all, held = nil, store.Holdings{}
		same, err := r.Person(contact)
		for _, c := range same {
			if err != nil {
				return err
			}
			var one store.Holdings
			one, err = r.Holdings(c.ID)
			all, held = append(all, c.ID), held.Plus(one)
		}
		return err
	})
	return all, held, err
}

// resolved refuses an empty subject: a missing id must never match everybody.
func resolved(ws, contact desk.ID) error {
	if ws <= 0 || contact <= 0 {
		return desk.Fail(desk.Invalid, "no_subject", "an erasure needs one resolved contact of one workspace")
	}
	return nil
}

// Erase removes a person, with every contact that a member said is the same:
// ledger entries, the certificate to be signed, keys, rows in small steps, the
// signature. The destroyed key is the point of no return; a crash after the first
// entry is finished by Resume, and the certificate is stored all the same.
func (e *Eraser) Erase(ctx context.Context, ws, contact desk.ID) (Erased, error) {
	return e.end(ctx, ws, contact, ErasureKind)
}

// Anonymise makes a person nameless: all by which anybody could tell them goes as
// by Erase, free text among it, because nobody can promise that a sentence names
// nobody. What stays are sums by day, which an erasure would lower.
func (e *Eraser) Anonymise(ctx context.Context, ws, contact desk.ID) (Erased, error) {
	return e.end(ctx, ws, contact, NamelessKind)
}

func (e *Eraser) end(ctx context.Context, ws, contact desk.ID, kind string) (Erased, error) {
	all, held, err := e.person(ctx, ws, contact)
	if err != nil {
		return Erased{}, err
	}
	if err := e.db.In(ws).Read(ctx, func(r *store.Rx) error { return free(r, all...) }); err != nil {
		return Erased{}, err
	}
	if _, err := e.by.DocumentKey(ctx); err != nil { // before what cannot be undone
		return Erased{}, err
	}
	return e.begin(ctx, ErasureFacts{Kind: kind, Workspace: ws, Deleted: held}, all)
}

// begin enters the erasure of a person and carries it out.
func (e *Eraser) begin(ctx context.Context, f ErasureFacts, all []desk.ID) (Erased, error) {
	began := e.db.Clock().Now()
	acts, subjects := make([]int64, len(all)), map[int64]desk.ID{}
	for i, one := range all {
		no, err := e.record(ctx, store.LedgerEntry{Workspace: f.Workspace, Act: actOf(f.Kind), Subject: one, At: began})
		if err != nil {
			return Erased{}, err
		}
		acts[i], subjects[no] = no, one
	}
	f.Number, f.Acts, f.Contacts = acts[0], acts, len(all)
	cert, err := e.open(ctx, f, all)
	if err != nil {
		return Erased{}, err
	}
	return e.carry(ctx, cert, subjects)
}

// record enters the end of one contact in the privacy ledger.
func (e *Eraser) record(ctx context.Context, entry store.LedgerEntry) (no int64, err error) {
	if entry.Hashes, err = e.identityHashes(ctx, entry.Workspace, entry.Subject); err != nil {
		return 0, err
	}
	return e.keys.AddLedger(ctx, entry)
}

// eraseOne removes one contact and nobody who is the same person: what ends is
// what came by that one. Those for whom it stood stand for themselves.
func (e *Eraser) eraseOne(ctx context.Context, ws, contact desk.ID) error {
	if err := resolved(ws, contact); err != nil {
		return err
	}
	err := e.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Contact(contact); err != nil {
			return err
		}
		if err := free(&tx.Rx, contact); err != nil {
			return err
		}
		return tx.UnmergeAll(contact)
	})
	if err != nil {
		return err
	}
	no, err := e.record(ctx, store.LedgerEntry{Workspace: ws, Act: ActErase, Subject: contact, At: e.db.Clock().Now()})
	if err != nil {
		return err
	}
	return e.finish(ctx, no, ws, contact)
}

// Forget erases one contact where what came by it ends, not the person who may
// be other contacts, too; one who is gone already is no error.
func (e *Eraser) Forget(ctx context.Context, ws, contact desk.ID) error {
	if err := e.eraseOne(ctx, ws, contact); !desk.IsNotFound(err) {
		return err
	}
	return nil
}

// identityHashes are what the ledger knows a contact by: its row, so that an
// older copy of it is erased again, and its identities.
func (e *Eraser) identityHashes(ctx context.Context, ws, contact desk.ID) ([][]byte, error) {
	own, err := e.db.In(ws).Hash(ctx, LedgerContact, contact.String())
	if err != nil {
		return nil, err
	}
	var hashes [][]byte
	err = e.db.In(ws).Read(ctx, func(r *store.Rx) error {
		hashes = [][]byte{own}
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

// LedgerContact is the use of the keyed hash by which the ledger knows a contact.
const LedgerContact = "ledger/contact"

// Again erases a contact whose erasure the ledger has already, in data that was
// restored from before it.
func (e *Eraser) Again(ctx context.Context, ws, contact desk.ID) error {
	if err := resolved(ws, contact); err != nil {
		return err
	}
	if err := e.db.In(ws).Write(ctx, func(tx *store.Tx) error { return tx.UnmergeAll(contact) }); err != nil {
		return err
	}
	return e.remove(ctx, ws, contact)
}

// finish is every step after the ledger entry; each may run again.
func (e *Eraser) finish(ctx context.Context, no int64, ws, contact desk.ID) error {
	if err := e.remove(ctx, ws, contact); err != nil {
		return err
	}
	return e.keys.FinishLedger(ctx, no, e.db.Clock().Now())
}

func (e *Eraser) remove(ctx context.Context, ws, contact desk.ID) error {
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
	return e.db.Scrub(ctx)
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
		if err := e.Forget(ctx, ws, c.Contact); desk.CodeOf(err) != desk.Conflict { // a legal hold
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
