package privacy

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// EpochTerm is how long a wrapped copy of a destroyed key may open anything:
// the epoch keys are exchanged that often while the install runs.
const EpochTerm = 24 * time.Hour

// Signer signs certificates with the install's key.
type Signer interface {
	SignDocument(ctx context.Context, document []byte) ([]byte, error)
}

// CopyTerms are how long backups are kept at most.
type CopyTerms struct {
	Keys, Data time.Duration
}

// ErasureFacts are what the certificate of an erasure says. It names nobody: who
// holds it knows whose it is by its number.
type ErasureFacts struct {
	Kind      string         `json:"kind"`   // "erasure"
	Number    int64          `json:"number"` // of the act in the privacy ledger
	Workspace desk.ID        `json:"workspace"`
	Contacts  int            `json:"contacts"` // that a member said are one person
	Deleted   store.Holdings `json:"deleted"`
	ErasedAt  time.Time      `json:"erased_at"`
	// Left behind in old pages, a wrapped copy of the key opens nothing once the
	// epoch keys were exchanged, which a running install does by this time.
	PagesEnd time.Time `json:"wrapped_key_in_old_pages_dead_by"`
	// The last key backup of before is deleted by then: no copy of the person's
	// key is left, and nothing of theirs opens, not even from a data backup.
	KeysEnd time.Time `json:"last_wrapped_key_in_backups_dead_by"`
	DataEnd time.Time `json:"last_data_backup_deleted_by"` // sealed bytes that nothing opens
	Remains []string  `json:"remains"`
}

// Remains of an erasure, the names of ErasureFacts.Remains.
const (
	RemainsLedger  = "ledger"  // keyed hashes that keep a repeated delivery from bringing the person back
	RemainsRecord  = "record"  // that somebody was erased, by whom and when
	RemainsCases   = "cases"   // what was said in requests, each under its own key until its term
	RemainsCopies  = "copies"  // that the operator made beside Parley's backups
	RemainsPages   = "pages"   // PostgreSQL overwrites deleted rows later, by itself
	erasureKind    = "erasure" // of ErasureFacts
	postgresEngine = "postgres"
)

// Certify signs what an erasure removed, as JSON of an audit proof.
func (e *Eraser) Certify(ctx context.Context, by Signer, done Erased, terms CopyTerms) (json.RawMessage, error) {
	at := done.At.UTC()
	f := ErasureFacts{Kind: erasureKind, Number: done.No, Workspace: done.Workspace, Contacts: done.Contacts, Deleted: done.Counts, ErasedAt: at,
		PagesEnd: at.Add(EpochTerm), KeysEnd: at.Add(terms.Keys), DataEnd: at.Add(terms.Data),
		Remains: []string{RemainsLedger, RemainsRecord, RemainsCases, RemainsCopies}}
	if e.db.Engine() == postgresEngine {
		f.Remains = append(f.Remains, RemainsPages)
	}
	body, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return by.SignDocument(ctx, body)
}
