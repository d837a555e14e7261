package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// ClearWork is the kind of work that deletes all conversations of a channel account.
const ClearWork = "clear_channel"

// ClearKind is the kind of ClearFacts.
const ClearKind = "clearing"

// ClearFacts are what the certificate of a deletion of all conversations of one
// channel account says. It names nobody and no account: who holds it knows whose
// it is by its number.
type ClearFacts struct {
	Kind      string        `json:"kind"`   // ClearKind
	Number    int64         `json:"number"` // of the act in the privacy ledger
	Workspace desk.ID       `json:"workspace"`
	AskedAt   time.Time     `json:"asked_at"` // what came later stays
	Deleted   store.Cleared `json:"deleted"`  // while it goes on: what there was
	Held      store.Cleared `json:"held"`     // kept by a legal hold
	Written   store.Cleared `json:"written"`  // kept because somebody wrote in it since
	Done      int64         `json:"done,omitempty"`
	DoneAt    time.Time     `json:"done_at,omitzero"`
	// Keys of the people who went are in no key backup by then, and the last data
	// backup of before is deleted.
	KeysEnd time.Time `json:"last_wrapped_key_in_backups_dead_by,omitzero"`
	DataEnd time.Time `json:"last_data_backup_deleted_by,omitzero"`
	Remains []string  `json:"remains,omitempty"`
}

// Counts are those of a part of the certificate that are not nothing, by name.
func (ClearFacts) Counts(c store.Cleared) map[string]int64 {
	out := map[string]int64{}
	for name, n := range map[string]int64{"conversations": c.Conversations, "messages": c.Messages, "files": c.Files, "drafts": c.Drafts, "ai_runs": c.Runs, "ai_logs": c.Logs, "people": c.People} {
		if n > 0 {
			out[name] = n
		}
	}
	return out
}

// Clearing deletes all conversations of one channel account together.
type Clearing struct {
	eraser *Eraser
	flow   *flow.Flow
}

// NewClearing makes it.
func NewClearing(e *Eraser, f *flow.Flow) *Clearing { return &Clearing{e, f} }

// Cleared is how far the last deletion came, and what the next would delete.
type Cleared struct {
	Goes, Held store.Cleared      // by Look
	Last       *store.Certificate // the newest of this account; nil = there was none
	Facts      ClearFacts         // of Last
}

// Look is Last, and counts what Begin would delete.
func (c *Clearing) Look(ctx context.Context, ws, account desk.ID) (Cleared, error) {
	out, err := c.Last(ctx, ws, account)
	if err != nil {
		return out, err
	}
	err = c.eraser.db.In(ws).Read(ctx, func(r *store.Rx) error {
		all, held, err := r.Clearable(account, c.eraser.db.Clock().Now())
		out.Goes, out.Held = all.Minus(held), held
		return err
	})
	return out, err
}

// Last says how far the last deletion came; an account that is not there and never
// was is desk.NotFound.
func (c *Clearing) Last(ctx context.Context, ws, account desk.ID) (out Cleared, err error) {
	if err := resolved(ws, account); err != nil {
		return out, err
	}
	err = c.eraser.db.In(ws).Read(ctx, func(r *store.Rx) error {
		out = Cleared{}
		_, missing := r.Account(account)
		last, err := r.ClearingOf(account)
		switch {
		case err == nil:
			out.Last = &last
			err = json.Unmarshal(last.Facts, &out.Facts)
		case desk.IsNotFound(err):
			err = missing
		}
		return err
	})
	return out, err
}

// Begin deletes all that there is by now of the conversations with one channel
// account: it enters the act in the privacy ledger and leaves the rest to a job. One
// that is under way goes on. desk.Conflict "nothing_to_clear" where nothing is.
func (c *Clearing) Begin(ctx context.Context, ws, account desk.ID, by desk.Actor) error {
	look, err := c.Look(ctx, ws, account)
	if err != nil {
		return err
	}
	if look.Last != nil && look.Last.Done.IsZero() {
		return nil
	}
	if look.Goes == (store.Cleared{}) {
		return desk.Fail(desk.Conflict, "nothing_to_clear", "there is nothing that may be deleted")
	}
	e := c.eraser
	if _, err := e.by.DocumentKey(ctx); err != nil { // before what cannot be undone
		return err
	}
	entry, err := e.clearEntry(ctx, ws, account, ActClear)
	if err != nil {
		return err
	}
	if entry.No, err = e.keys.AddLedger(ctx, entry); err != nil {
		return err
	}
	return c.open(ctx, entry, by)
}

func (e *Eraser) clearEntry(ctx context.Context, ws, account desk.ID, act string) (store.LedgerEntry, error) {
	own, err := e.db.In(ws).Hash(ctx, LedgerClear, account.String())
	return store.LedgerEntry{Workspace: ws, Act: act, Subject: account, Hashes: [][]byte{own}, At: e.db.Clock().Now().UTC().Truncate(time.Millisecond)}, err
}

// open keeps what is about to go, says in the audit log who wanted it, and leaves
// the work to be done.
func (c *Clearing) open(ctx context.Context, entry store.LedgerEntry, by desk.Actor) error {
	certificate := c.eraser.db.NewID()
	return c.eraser.db.In(entry.Workspace).Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.CertificateOf(entry.No); !desk.IsNotFound(err) { // somebody else opened it at the same time
			return err
		}
		all, held, err := tx.Clearable(entry.Subject, entry.At)
		if err != nil {
			return err
		}
		f := ClearFacts{Kind: ClearKind, Number: entry.No, Workspace: entry.Workspace, AskedAt: entry.At, Deleted: all, Held: held}
		body, err := json.Marshal(f)
		if err != nil {
			return err
		}
		if err := tx.AddCertificate(store.Certificate{ID: certificate, Account: entry.Subject, Act: entry.No, Facts: body}); err != nil {
			return err
		}
		if err := c.flow.Add(tx, flow.Item{Kind: ClearWork, Key: entry.Subject, Object: certificate}); err != nil {
			return err
		}
		if err := c.eraser.by.Add(tx, by, "channel.clear", entry.Subject); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.ChannelChanged, Object: entry.Subject})
		return nil
	})
}

// Resume opens acts of which only the ledger knows: a crash came in between.
func (c *Clearing) Resume(ctx context.Context) error {
	acts, err := c.eraser.keys.UnfinishedLedger(ctx, resumeStep)
	if err != nil {
		return err
	}
	there, err := c.eraser.db.Workspaces(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, ws := range there {
		for _, entry := range acts {
			if entry.Act == ActClear && entry.Workspace == ws.ID {
				errs = append(errs, c.open(ctx, entry, desk.Actor{Kind: desk.BySystem, Name: "resumed"}))
			}
		}
	}
	return errors.Join(errs...)
}

// Handlers carry out what was begun.
func (c *Clearing) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: ClearWork, Workers: 1, Timeout: 6 * time.Hour, Run: c.run}}
}

func (c *Clearing) run(ctx context.Context, j *flow.Job) error {
	ws := j.Items[0].Workspace
	if err := c.Carry(ctx, ws, j.Items[0].Object); err != nil && !desk.IsNotFound(err) {
		return err
	}
	return c.eraser.db.In(ws).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
}

// Carry carries out the deletion of a certificate until it is signed. It may run
// again after whatever stopped it.
func (c *Clearing) Carry(ctx context.Context, ws, certificate desk.ID) error {
	e := c.eraser
	var cert store.Certificate
	err := e.db.In(ws).Read(ctx, func(r *store.Rx) (err error) { cert, err = r.Certificate(certificate); return err })
	if err != nil || !cert.Done.IsZero() {
		return err
	}
	var f ClearFacts
	if err := json.Unmarshal(cert.Facts, &f); err != nil {
		return err
	}
	if err := e.Resume(ctx); err != nil { // people and conversations that a crash left half-way
		return err
	}
	noted := func(ctx context.Context) error { return c.note(ctx, cert, f) }
	if err := e.clear(ctx, clearing{ws, cert.Account, f.AskedAt}, e.dropEntered, noted); err != nil {
		return err
	}
	return c.end(ctx, cert, f)
}

// note tells whoever looks on how many conversations are gone.
func (c *Clearing) note(ctx context.Context, cert store.Certificate, f ClearFacts) error {
	return c.eraser.db.In(f.Workspace).Write(ctx, func(tx *store.Tx) error {
		left, err := tx.ClearLeft(cert.Account)
		if err != nil {
			return err
		}
		f.Done = max(0, f.Deleted.Conversations-left)
		body, err := json.Marshal(f)
		if err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.ChannelChanged, Object: cert.Account})
		return tx.NoteCertificate(cert.ID, body)
	})
}

// end says what went and what stayed, ends the act in the ledger, and signs.
func (c *Clearing) end(ctx context.Context, cert store.Certificate, f ClearFacts) error {
	e := c.eraser
	if err := e.db.Scrub(ctx); err != nil {
		return err
	}
	var left store.Cleared
	err := e.db.In(f.Workspace).Read(ctx, func(r *store.Rx) (err error) { left, f.Held, err = r.Clearable(cert.Account, f.AskedAt); return err })
	if err != nil {
		return err
	}
	f.Deleted, f.Written, f.Done = f.Deleted.Minus(left), left.Minus(f.Held), 0
	f.DoneAt = e.db.Clock().Now().UTC()
	f.KeysEnd, f.DataEnd = f.DoneAt.Add(KeyTerm), f.DoneAt.Add(DataTerm)
	f.Remains = []string{RemainsLedger, RemainsRecord, RemainsCases, RemainsCopies}
	if e.db.Engine() == postgresEngine {
		f.Remains = append(f.Remains, RemainsPages)
	}
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	signed, err := e.by.SignDocument(ctx, body)
	if err != nil {
		return err
	}
	if err := e.endClear(ctx, f.Workspace, cert); err != nil {
		return err
	}
	return e.db.In(f.Workspace).Write(ctx, func(tx *store.Tx) error {
		if now, err := tx.Certificate(cert.ID); err != nil || !now.Done.IsZero() {
			return err
		}
		if err := tx.SignCertificate(cert.ID, body, signed); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.ChannelChanged, Object: cert.Account})
		return e.by.Add(tx, desk.Actor{Kind: desk.BySystem}, "channel.cleared", cert.Account)
	})
}

// endClear ends the act in the ledger. Before the signature: what a crash leaves
// unsigned is signed by the job that comes back.
func (e *Eraser) endClear(ctx context.Context, ws desk.ID, cert store.Certificate) error {
	entry, err := e.clearEntry(ctx, ws, cert.Account, ActCleared)
	if err != nil {
		return err
	}
	if entry.No, err = e.keys.AddLedger(ctx, entry); err != nil {
		return err
	}
	return errors.Join(e.keys.FinishLedger(ctx, entry.No, entry.At), e.keys.FinishLedger(ctx, cert.Act, entry.At))
}
