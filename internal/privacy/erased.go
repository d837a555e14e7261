package privacy

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/internal/vault"
)

// How long copies of what was erased may be left at most.
const (
	EpochTerm = 24 * time.Hour      // the epoch keys are exchanged that often while the install runs
	KeyTerm   = 7 * 24 * time.Hour  // backups of keys
	DataTerm  = 90 * 24 * time.Hour // backups of data
)

// Signer signs certificates with the install's key.
type Signer interface {
	SignDocument(ctx context.Context, document []byte) ([]byte, error)
	DocumentKey(ctx context.Context) (ed25519.PublicKey, error)
}

// Erased says what an erasure removed.
type Erased struct {
	No          int64 // number in the privacy ledger
	Certificate desk.ID
	Workspace   desk.ID
	Contacts    int // of the one person
	Counts      store.Holdings
	Kept        int64           // engagements with the AI that stay in sums, of who was made nameless
	At          time.Time       // when the last step was done
	Proof       json.RawMessage // the certificate: an audit.Proof of ErasureFacts
}

// ErasureFacts are what the certificate of an erasure says. It names nobody: who
// holds it knows whose it is by its number.
type ErasureFacts struct {
	Kind      string         `json:"kind"`   // ErasureKind, NamelessKind or TalkKind
	Number    int64          `json:"number"` // of the act in the privacy ledger
	Acts      []int64        `json:"acts"`   // that one and those of the other contacts of the person
	Workspace desk.ID        `json:"workspace"`
	Contacts  int            `json:"contacts"` // that a member said are one person; of a conversation 1 where its visitor went with it
	Deleted   store.Holdings `json:"deleted"`
	Kept      int64          `json:"engagements_kept_in_sums,omitempty"` // of who was made nameless
	ErasedAt  time.Time      `json:"erased_at,omitzero"`
	// Left behind in old pages, a wrapped copy of the key opens nothing once the
	// epoch keys were exchanged, which a running install does by this time.
	PagesEnd time.Time `json:"wrapped_key_in_old_pages_dead_by,omitzero"`
	// The last key backup of before is deleted by then: no copy of the person's
	// key is left, and nothing of theirs opens, not even from a data backup.
	KeysEnd time.Time `json:"last_wrapped_key_in_backups_dead_by,omitzero"`
	DataEnd time.Time `json:"last_data_backup_deleted_by,omitzero"` // sealed bytes that nothing opens
	Remains []string  `json:"remains,omitempty"`
}

// Counts are what was removed and is not nothing, by name.
func (f ErasureFacts) Counts() map[string]int64 {
	out := map[string]int64{}
	if f.Contacts > 0 {
		out["contacts"] = int64(f.Contacts)
	}
	d := f.Deleted
	for name, n := range map[string]int{"conversations": d.Conversations, "messages": d.Messages, "drafts": d.Drafts, "identities": d.Identities, "ai_runs": d.Runs,
		"visits": d.Visits, "files": d.Files, "unanswered_questions": d.Questions, "phrasings": d.Phrasings} {
		if n > 0 {
			out[name] = int64(n)
		}
	}
	return out
}

// Kinds of ErasureFacts of a person.
const (
	ErasureKind  = "erasure"
	NamelessKind = "anonymisation"
)

// Acts of the privacy ledger on a person.
const (
	ActErase    = "erase"
	ActNameless = "anonymise"
)

func actOf(kind string) string {
	if kind == NamelessKind {
		return ActNameless
	}
	return ActErase
}

// Remains of an erasure, the names of ErasureFacts.Remains.
const (
	RemainsLedger  = "ledger" // keyed hashes that keep a repeated delivery from bringing the person back
	RemainsRecord  = "record" // that somebody was erased, by whom and when
	RemainsCases   = "cases"  // what was said in requests, each under its own key until its term
	RemainsSums    = "sums"   // of who was made nameless: counts of days
	RemainsCopies  = "copies" // that the operator made beside Parley's backups
	RemainsPages   = "pages"  // PostgreSQL overwrites deleted rows later, by itself
	RemainsPerson  = "person" // of the deletion of a conversation: whose it was
	postgresEngine = "postgres"
)

// open keeps what an erasure is about to remove, before the first thing is gone:
// nobody can count it later. An act that has a certificate keeps it.
func (e *Eraser) open(ctx context.Context, f ErasureFacts, all []desk.ID) (cert store.Certificate, err error) {
	id := e.db.NewID()
	err = e.db.In(f.Workspace).Write(ctx, func(tx *store.Tx) error {
		if cert, err = tx.CertificateOf(f.Number); !desk.IsNotFound(err) {
			return err
		}
		if f.Kept, err = e.keep(tx, f.Kind, all); err != nil {
			return err
		}
		body, err := json.Marshal(f)
		if err != nil {
			return err
		}
		if err := tx.AddCertificate(store.Certificate{ID: id, Act: f.Number, Facts: body}); err != nil {
			return err
		}
		cert, err = tx.CertificateOf(f.Number)
		return err
	})
	return cert, err
}

// keep makes the counts of who is about to be made nameless nobody's.
func (e *Eraser) keep(tx *store.Tx, kind string, all []desk.ID) (engagements int64, err error) {
	if kind != NamelessKind || e.kept == nil {
		return 0, nil
	}
	for _, one := range all {
		n, err := e.kept.Keep(tx, one)
		if err != nil {
			return 0, err
		}
		engagements += n
	}
	return engagements, nil
}

// carry removes the contacts of an erasure and ends it with its signature. The
// acts stay open in the ledger until the certificate is stored, so that whatever
// interrupts it, Resume comes back for it. subjects are those of the open acts.
func (e *Eraser) carry(ctx context.Context, cert store.Certificate, subjects map[int64]desk.ID) (Erased, error) {
	var f ErasureFacts
	if err := json.Unmarshal(cert.Facts, &f); err != nil {
		return Erased{}, err
	}
	var errs []error
	for _, no := range f.Acts {
		errs = append(errs, e.carryOne(ctx, f.Workspace, no, subjects[no]))
	}
	if err := errors.Join(errs...); err != nil {
		return Erased{}, err
	}
	if err := e.sign(ctx, cert, f); err != nil {
		return Erased{}, err
	}
	for _, no := range f.Acts {
		if err := e.keys.FinishLedger(ctx, no, e.db.Clock().Now()); err != nil {
			return Erased{}, err
		}
	}
	return e.erased(ctx, f.Workspace, f.Number)
}

// carryOne removes one contact of an erasure; without a subject it must have
// been removed before.
func (e *Eraser) carryOne(ctx context.Context, ws desk.ID, no int64, subject desk.ID) error {
	if subject > 0 {
		return e.remove(ctx, ws, subject)
	}
	done, err := e.keys.ActDone(ctx, ws, no)
	if err == nil && !done {
		err = desk.Fail(desk.Unavailable, "erasing", "a part of this erasure has not ended")
	}
	return err
}

// sign ends an erasure whose rows and keys are gone; one that is signed stays.
func (e *Eraser) sign(ctx context.Context, cert store.Certificate, f ErasureFacts) error {
	if !cert.Done.IsZero() {
		return nil
	}
	at := e.db.Clock().Now().UTC()
	f.ErasedAt, f.DataEnd = at, at.Add(DataTerm)
	f.Remains = []string{RemainsLedger, RemainsRecord, RemainsCopies}
	if f.Contacts == 0 {
		f.Remains = append(f.Remains, RemainsPerson)
	}
	if f.Kind != TalkKind { // the person's key ended, too
		f.PagesEnd, f.KeysEnd = at.Add(EpochTerm), at.Add(KeyTerm)
		f.Remains = []string{RemainsLedger, RemainsRecord, RemainsCases, RemainsCopies}
	}
	if f.Kind == NamelessKind {
		f.Remains = append([]string{RemainsSums}, f.Remains...)
	}
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
	return e.db.In(f.Workspace).Write(ctx, func(tx *store.Tx) error { return tx.SignCertificate(cert.ID, body, signed) })
}

// erased reads what the certificate of an act says.
func (e *Eraser) erased(ctx context.Context, ws desk.ID, act int64) (Erased, error) {
	var cert store.Certificate
	err := e.db.In(ws).Read(ctx, func(r *store.Rx) (err error) { cert, err = r.CertificateOf(act); return err })
	if err != nil {
		return Erased{}, err
	}
	var f ErasureFacts
	err = json.Unmarshal(cert.Facts, &f)
	return Erased{No: f.Number, Certificate: cert.ID, Workspace: ws, Contacts: f.Contacts, Counts: f.Deleted, Kept: f.Kept, At: f.ErasedAt, Proof: cert.Signed}, err
}

// resumeStep is how many open acts one run looks at.
const resumeStep = 100

// Resume finishes erasures and deletions that a crash interrupted, and signs them.
func (e *Eraser) Resume(ctx context.Context) error {
	acts, err := e.keys.UnfinishedLedger(ctx, resumeStep)
	if err != nil {
		return err
	}
	open := map[desk.ID]unfinished{}
	for _, entry := range acts {
		if !slices.Contains([]string{ActErase, ActNameless, ActTalk}, entry.Act) {
			continue
		}
		if open[entry.Workspace].subjects == nil {
			open[entry.Workspace] = unfinished{map[int64]desk.ID{}, map[int64]string{}}
		}
		open[entry.Workspace].subjects[entry.No] = entry.Subject
		open[entry.Workspace].acts[entry.No] = entry.Act
	}
	all, err := e.db.Workspaces(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, ws := range all {
		errs = append(errs, e.resumeIn(ctx, ws.ID, open[ws.ID]))
	}
	return errors.Join(errs...)
}

// unfinished are the open acts of a workspace by number: whose they are, and what.
type unfinished struct {
	subjects map[int64]desk.ID
	acts     map[int64]string
}

// resumeIn finishes those of one workspace: what has a certificate by what that
// says, and then what was only just begun.
func (e *Eraser) resumeIn(ctx context.Context, ws desk.ID, open unfinished) error {
	var certs []store.Certificate
	err := e.db.In(ws).Read(ctx, func(r *store.Rx) (err error) { certs, err = r.OpenErasures(); return err })
	if err != nil {
		return err
	}
	begun := map[int64]bool{}
	var errs []error
	for _, cert := range certs {
		var f ErasureFacts
		err := json.Unmarshal(cert.Facts, &f)
		if f.Kind == TalkKind {
			err = errors.Join(err, e.resumeTalk(ctx, open.subjects[f.Number], cert))
		} else if err == nil {
			_, err = e.carry(ctx, cert, open.subjects)
		}
		errs = append(errs, err)
		for _, no := range f.Acts {
			begun[no] = true
		}
	}
	for no, subject := range open.subjects {
		switch {
		case begun[no]:
		case open.acts[no] == ActTalk:
			errs = append(errs, e.resumeTalkBegun(ctx, ws, no, subject))
		default:
			errs = append(errs, e.resumeOne(ctx, store.LedgerEntry{No: no, Workspace: ws, Act: open.acts[no], Subject: subject}))
		}
	}
	return errors.Join(errs...)
}

// resumeOne finishes an act without an open certificate. While its contact can
// be read nothing was removed, and all of it begins anew under the same number;
// otherwise only its end is missing.
func (e *Eraser) resumeOne(ctx context.Context, begun store.LedgerEntry) error {
	all, held, err := e.person(ctx, begun.Workspace, begun.Subject)
	if err == nil {
		f := ErasureFacts{Kind: ErasureKind, Workspace: begun.Workspace, Deleted: held}
		if begun.Act == ActNameless {
			f.Kind = NamelessKind
		}
		_, err = e.begin(ctx, f, all)
		return err
	}
	if !desk.IsNotFound(err) && !errors.Is(err, vault.ErrNoKey) {
		return err
	}
	return e.finish(ctx, begun.No, begun.Workspace, begun.Subject)
}
