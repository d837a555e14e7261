package privacy

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// EndKind is the kind of EndFacts.
const EndKind = "workspace_deletion"

// auditTerm is how long the record of acts is kept.
const auditTerm = 24 // months

// EndKeep is how long a certificate of a workspace's deletion is kept.
const EndKeep = store.CertificateTerm

// EndFacts are what the certificate of a workspace's deletion says. It names
// neither the business nor anybody: who holds it knows whose it is.
type EndFacts struct {
	Kind      string           `json:"kind"`   // EndKind
	Number    int64            `json:"number"` // of the act in the privacy ledger
	Workspace desk.ID          `json:"workspace"`
	ClosedAt  time.Time        `json:"closed_at,omitzero"`
	BegunAt   time.Time        `json:"begun_at"`
	Deleted   map[string]int64 `json:"deleted"` // by name, what was counted before the first went
	Rows      int64            `json:"rows"`    // of all tables
	Tables    int              `json:"tables"`  // that were looked through, before and after
	Keys      int64            `json:"keys_destroyed"`
	EndedAt   time.Time        `json:"ended_at,omitzero"`
	// The epoch keys were exchanged by then: a wrapped copy of a key that was left
	// behind in an old page opens nothing.
	PagesEnd time.Time `json:"wrapped_keys_in_old_pages_dead_since,omitzero"`
	// Exceptions are everything that the install holds afterwards, as a look at it
	// found, each with its reason and its end.
	Exceptions []Exception `json:"exceptions,omitempty"`
}

// Exception is something that stays, or ends later.
type Exception struct {
	What  string    `json:"what"`
	Why   string    `json:"why"`
	Count int64     `json:"count,omitempty"`
	Until time.Time `json:"until,omitzero"` // zero = says Why
}

// What may be an exception, and why.
const (
	ExceptHeld    = "held"         // people, with their conversations
	ExceptRecord  = "record"       // acts
	ExceptLedger  = "ledger"       // that the workspace was deleted
	ExceptKeys    = "key_backups"  // sealed to the operator's recovery key
	ExceptBackups = "data_backups" // nothing opens them once the key backups are gone
	ExceptCopies  = "copies"       // that the operator makes beside Parley's backups
	ExceptPages   = "pages"        // of deleted rows, sealed

	WhyHold    = "legal_hold"
	WhyAccount = "accountability"
	WhyAgain   = "restore"
	WhyLost    = "availability"
	WhyOutside = "out_of_reach"
	WhyEngine  = "engine"
)

// countedNames are the tables that the certificate and the screen tell of by name.
func countedNames() map[string]string {
	return map[string]string{"member": "members", "channel_account": "channels", "contact": "contacts", "conversation": "conversations", "message": "messages",
		"media": "files", "source": "sources", "passage": "passages", "draft": "drafts", "ai_run": "ai_runs", "ai_log": "ai_logs",
		"privacy_case": "cases", "saved_reply": "saved_replies", "access_key": "keys_of_access"}
}

func named(counts map[string]int64) map[string]int64 {
	out := map[string]int64{}
	for table, name := range countedNames() {
		if n := counts[table]; n > 0 {
			out[name] = n
		}
	}
	return out
}

// Ended is what is known of a workspace whose deletion was asked for.
type Ended struct {
	ClosedAt time.Time
	Until    time.Time // it can be taken back; zero when not
	Facts    EndFacts  // EndedAt zero while rows are left
	Proof    json.RawMessage
}

// Find returns what became of a workspace by the code in the address of its
// certificate. desk.NotFound for every code that is none.
func (e *Ending) Find(ctx context.Context, code string) (out Ended, err error) {
	err = e.DB.In(0).Read(ctx, func(r *store.Rx) error {
		known, err := r.EndByCode(secret.Hash(code))
		if err != nil {
			return err
		}
		out = Ended{ClosedAt: known.ClosedAt}
		if known.Act == 0 {
			out.Until = known.ClosedAt.Add(desk.RecoverTerm)
			return nil
		}
		cert, err := r.CertificateOf(known.Act)
		if err != nil {
			return err
		}
		out.Proof = cert.Signed
		return json.Unmarshal(cert.Facts, &out.Facts)
	})
	return out, err
}
