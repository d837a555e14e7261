package promise

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Run is what a run of the checks found, as it is handed in.
type Run struct {
	Version string  `json:"version"` // of the program that was proven
	Engine  string  `json:"engine"`  // of its database: sqlite or postgres
	Found   []Found `json:"found"`   // of the clauses whose check ran
}

// Found is what a run found of one clause.
type Found struct {
	Clause   string `json:"clause"`
	State    State  `json:"state"`
	Why      string `json:"why,omitempty"`
	Evidence string `json:"evidence,omitempty"` // SHA-256 of what the check saw, in hexadecimal digits
}

// RunOf makes a run of proofs: those of clauses whose check ran. Reasons are left
// out where they would make it too long to be handed over and signed.
func RunOf(version, engine string, proofs []Proof) Run {
	run := Run{Version: version, Engine: engine}
	size := 0
	for _, p := range proofs {
		if p.State == Proven || p.State == Failed || p.Evidence != "" {
			why := text.Normalise(p.Why, 120)
			size += len(why)
			run.Found = append(run.Found, Found{p.Clause, p.State, why, p.Evidence})
		}
	}
	if size > 8<<10 {
		for i := range run.Found {
			run.Found[i].Why = ""
		}
	}
	return run
}

// Record is a run with its place in the chain; the install signs it.
type Record struct {
	Kind    string    `json:"kind"`    // RecordKind
	Install string    `json:"install"` // id of the install: the name of its signing key, 16 hexadecimal digits
	Number  int64     `json:"number"`  // from 1
	Oldest  int64     `json:"oldest"`  // lowest number that is kept beside it; older ones were removed
	Before  string    `json:"before"`  // SHA-256 of the signed record before; "" for the first
	At      time.Time `json:"at"`      // when it was signed, by the install's clock
	Run
}

// RecordKind names the shape of a record.
const RecordKind = "parley-proof-run/1"

// RecordsKept is how many records stay.
const RecordsKept = 12

// Standing says what may be made of the newest record.
type Standing string

// Standings of the evidence. Only with Sound and Gap are the states of its
// clauses shown.
const (
	NoEvidence Standing = "none"    // no run was recorded
	Sound      Standing = "sound"   // signed, of this version, and every record that should be there is
	Gap        Standing = "gap"     // signed and of this version, but an older record is missing or was changed
	OtherBuild Standing = "version" // signed, of another version of the program
	Forged     Standing = "forged"  // not signed by this install, or changed since
)

// Evidence is the newest record and what it is worth.
type Evidence struct {
	Standing Standing
	Record   Record // zero with NoEvidence and Forged
	Proofs   map[string]Proof
}

// Believed reports whether the states of the newest record are shown.
func (e Evidence) Believed() bool { return e.Standing == Sound || e.Standing == Gap }

// Recorded is a record as it was kept.
type Recorded struct {
	Record
	Hash   string          // SHA-256 of Signed, in hexadecimal digits
	Signed json.RawMessage // audit.Proof of the record
}

// Keep signs a run, ties it to the record before and keeps it. Errors:
// desk.Invalid run_wrong.
func (p *Publisher) Keep(ctx context.Context, run Run, by desk.Actor) (out Recorded, err error) {
	if err := p.fits(run); err != nil {
		return out, err
	}
	public, err := p.Audit.DocumentKey(ctx)
	if err != nil {
		return out, err
	}
	all, err := p.runs(ctx)
	if err != nil {
		return out, err
	}
	out.Record = Record{Kind: RecordKind, Install: installOf(public), Number: 1, Oldest: 1, At: p.Clock.Now().UTC().Truncate(time.Second), Run: run}
	if len(all) > 0 {
		oldest := all[len(all)-1].Number
		if last, signed := readRecord(all[0], public); signed {
			oldest = last.Oldest // not the lowest that is there: a loss stays seen
		}
		out.Number, out.Before = all[0].Number+1, sumOf(all[0].Signed)
		out.Oldest = max(oldest, out.Number-RecordsKept+1)
	}
	document, err := json.Marshal(out.Record)
	if err != nil {
		return out, err
	}
	if out.Signed, err = p.Audit.SignDocument(ctx, document); err != nil {
		return out, err
	}
	if len(out.Signed) > audit.MaxProof {
		return out, errRun("it is longer than can be signed")
	}
	out.Hash = sumOf(out.Signed)
	return out, p.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertProofRun(out.Number, out.Signed); err != nil {
			return err
		}
		return errors.Join(tx.DropProofRuns(out.Oldest), p.Audit.Add(tx, by, "instance.prove", desk.ID(out.Number)))
	})
}

// fits refuses what no run of this register finds.
func (p *Publisher) fits(run Run) error {
	known := map[string]bool{}
	for _, c := range p.Register.All() {
		known[c.ID] = c.Built && c.Check != ""
	}
	for _, f := range run.Found {
		hash := f.Evidence == "" || regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(f.Evidence)
		state := f.State == Proven && f.Evidence != "" || f.State == Failed || f.State == Unproven || f.State == NotApplicable
		if !known[f.Clause] || !hash || !state {
			return errRun("clause " + text.Normalise(f.Clause, 20) + " has no check here, or its state has no evidence")
		}
		known[f.Clause] = false // each once
	}
	if len(run.Found) == 0 || run.Engine != "sqlite" && run.Engine != "postgres" || len(run.Version) > 200 {
		return errRun("it says nothing of any clause, or not what it ran on")
	}
	return nil
}

func errRun(why string) error {
	return desk.Fail(desk.Invalid, "run_wrong", "this result cannot be kept: "+why+"; run parley prove of the version that the install runs")
}

// Evidence reads the newest record and holds it to its signature, to the records
// before it and to the version that runs.
func (p *Publisher) Evidence(ctx context.Context) (e Evidence, err error) {
	e.Standing, e.Proofs = NoEvidence, map[string]Proof{}
	all, err := p.runs(ctx)
	if err != nil || len(all) == 0 {
		return e, err
	}
	public, err := p.Audit.DocumentKey(ctx)
	if err != nil {
		return e, err
	}
	newest, signed := readRecord(all[0], public)
	if !signed {
		e.Standing = Forged
		return e, nil
	}
	e.Record = newest
	if newest.Version != p.version() {
		e.Standing = OtherBuild
		return e, nil
	}
	e.Standing = Sound
	if !linked(newest, all, public) {
		e.Standing = Gap
	}
	for _, f := range newest.Found {
		e.Proofs[f.Clause] = Proof{Clause: f.Clause, State: f.State, Why: f.Why, Evidence: f.Evidence, At: newest.At}
	}
	return e, nil
}

func (p *Publisher) version() string {
	if p.Version == nil {
		return ""
	}
	return p.Version()
}

func (p *Publisher) runs(ctx context.Context) (all []store.ProofRun, err error) {
	err = p.DB.In(0).Read(ctx, func(r *store.Rx) error {
		all, err = r.ProofRuns(RecordsKept)
		return err
	})
	return all, err
}

// linked follows the records down to the oldest that the newest says is kept.
func linked(above Record, all []store.ProofRun, public ed25519.PublicKey) bool {
	oldest := above.Oldest
	for _, row := range all[1:] {
		if above.Number == oldest {
			break
		}
		one, signed := readRecord(row, public)
		if !signed || one.Number != above.Number-1 || sumOf(row.Signed) != above.Before {
			return false
		}
		above = one
	}
	return above.Number == oldest && (oldest > 1 || above.Before == "")
}

// readRecord reads a row; signed is false unless this install signed exactly it,
// under its number.
func readRecord(row store.ProofRun, public ed25519.PublicKey) (r Record, signed bool) {
	proof, err := audit.ReadProof(row.Signed)
	if err != nil || proof.Verify(public) != nil {
		return r, false
	}
	d := json.NewDecoder(bytes.NewReader(proof.Document))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil || r.Kind != RecordKind || r.Install != installOf(public) || r.Number != row.Number {
		return Record{}, false
	}
	return r, true
}

func installOf(public ed25519.PublicKey) string {
	name := audit.NameOf(public)
	return hex.EncodeToString(name[:])
}

func sumOf(signed []byte) string {
	sum := sha256.Sum256(signed)
	return hex.EncodeToString(sum[:])
}
