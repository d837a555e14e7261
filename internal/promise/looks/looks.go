package looks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/promise"
	"parley/internal/store"
	"parley/internal/vault"
)

// Install is what can be seen of a running one.
type Install struct {
	DB      *store.DB
	Chain   func(ctx context.Context, ws desk.ID) error // *audit.Broken says where a chain is not as it was written
	Keys    func(ctx context.Context) ([]vault.Aged, error)
	Backups func() ([]Backup, error) // nil = none are made
	// Ask asks the program as anybody may, without a cookie.
	Ask func(ctx context.Context, path string) (Page, error)
	// Operator is the name of who runs the install, as they gave it.
	Operator func(ctx context.Context) (string, error)
	// Handshake offers the program this TLS version alone and gives the one
	// that was agreed on; nil = it speaks no TLS itself.
	Handshake func(newest uint16) (uint16, error)
	// Plain says whom the program answers without TLS: nobody, this machine, or a
	// proxy in front.
	Plain string
	// Canary writes a made-up person's message with hidden in everything sealed and
	// shown in something that is not, and gives what takes it away again.
	Canary func(ctx context.Context, hidden, shown string) (away func(context.Context) error, err error)
	// Raw hands each file at rest that changed since to look, in pieces that
	// overlap; nil = they lie on another machine.
	Raw func(ctx context.Context, since time.Time, look func(piece []byte) error) error
}

// Backup is a file that a restore could begin from.
type Backup struct {
	Kind string
	At   time.Time
	Term time.Duration
}

// Page is an answer of the program.
type Page struct {
	Status int
	Header http.Header
	Body   string
}

// look is one of them: it stands for the same clauses as the check of its name.
type look struct {
	check string
	see   func(ctx context.Context, in Install) promise.Result
}

func all() []look {
	return []look{
		{"every-column-classed", classes},
		{"visits-emptied", ages("widget_session")},
		{"addresses-have-terms", ages("address", "widget_session")},
		{"use-becomes-counts", ages("usage_count", "security_event")},
		{"errors-end", both(ages("fault_event"), dayKeys(vault.ErrorDay, store.FaultTerm))},
		{"ai-logs-end", both(ages("ai_log"), dayKeys(vault.AIDay, store.AILogTerm))},
		{"letters-logged", ages("letter")},
		{"everything-has-a-term", ages()},
		{"backups-end", backups},
		{"tls-12", ways},
		{"sealed-at-rest", sealed},
		{"public-pages-quiet", quiet},
		{"page-dated", dated},
		{"weakness-reported", weakness},
		{"operator-named", named},
		{"acts-have-names", chains},
	}
}

// Seen is what a look found of one clause.
type Seen struct {
	promise.Found
	At time.Time `json:"at"`
}

// Over looks at everything, one after another, and gives the clauses in the order
// of the register. It ends early with ctx's error only.
func Over(ctx context.Context, r *promise.Register, in Install) ([]Seen, error) {
	found := map[string]Seen{}
	for _, l := range all() {
		res := l.see(ctx, in)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		one := Seen{promise.Found{State: res.State, Why: res.Why}, in.DB.Clock().Now()}
		if res.State == promise.Proven {
			h := sha256.New()
			for _, seen := range append([]string{l.check}, res.Observed...) {
				fmt.Fprintf(h, "%d:%s\n", len(seen), seen)
			}
			one.Evidence = hex.EncodeToString(h.Sum(nil))
		}
		for _, id := range r.Of(l.check) {
			one.Clause = id
			found[id] = one
		}
	}
	var out []Seen
	for _, c := range r.All() {
		if one, ok := found[c.ID]; ok && c.Built {
			out = append(out, one)
		}
	}
	return out, nil
}

func proven(seen ...string) promise.Result {
	return promise.Result{State: promise.Proven, Observed: seen}
}

func failed(why string, args ...any) promise.Result {
	return promise.Result{State: promise.Failed, Why: fmt.Sprintf(why, args...)}
}

func unseen(why string) promise.Result {
	return promise.Result{State: promise.Unproven, Why: why}
}

// unread is a look that an error kept from seeing anything: nothing is known of
// the clause.
func unread(err error) promise.Result {
	return promise.Result{State: promise.Unproven, Why: "could not be looked at: " + err.Error()}
}

// both wants two looks to agree; what one found wrong is told first.
func both(a, b func(context.Context, Install) promise.Result) func(context.Context, Install) promise.Result {
	return func(ctx context.Context, in Install) promise.Result {
		x, y := a(ctx, in), b(ctx, in)
		for _, one := range []promise.Result{x, y} {
			if one.State == promise.Failed {
				return one
			}
		}
		if x.State != promise.Proven {
			return x
		}
		y.Observed = append(x.Observed, y.Observed...)
		return y
	}
}

var six = []audit.Verb{audit.None, audit.Collect, audit.Read, audit.Change, audit.Disclose, audit.Restrict, audit.Erase}

// chains reads every chain of the audit log to its end, and the words in it.
func chains(ctx context.Context, in Install) promise.Result {
	everywhere, err := in.DB.AuditedWorkspaces(ctx)
	if err != nil {
		return unread(err)
	}
	words := 0
	for _, ws := range everywhere {
		var verbs []string
		if err := in.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { verbs, err = r.AuditVerbs(); return err }); err != nil {
			return unread(err)
		}
		for _, v := range verbs {
			if words++; !slices.Contains(six, audit.Verb(v)) {
				return failed("the audit log of workspace %s calls an act %q", ws, v)
			}
		}
		var broken *audit.Broken
		if err := in.Chain(ctx, ws); errors.As(err, &broken) {
			return failed("the audit log of workspace %s is not as it was written: parley audit verify says where", ws)
		} else if err != nil {
			return unread(err)
		}
	}
	if words == 0 {
		return unseen("nothing is in the audit log yet")
	}
	return proven(fmt.Sprintf("%d chains hold and use the six words", len(everywhere)))
}

// classes holds the database as it stands to the data map.
func classes(ctx context.Context, in Install) promise.Result {
	mapped, err := store.DataMap()
	if err != nil {
		return unread(err)
	}
	known := map[string]bool{}
	for _, c := range mapped {
		known[c.Table+"."+c.Name] = c.Class != ""
	}
	var live []string
	if err := in.DB.In(0).Read(ctx, func(r *store.Rx) (err error) { live, err = r.LiveColumns(); return err }); err != nil {
		return unread(err)
	}
	live = slices.DeleteFunc(live, func(name string) bool { return known[name] })
	if len(live) > 0 {
		return failed("the database has columns that no class is known of: %v", live[:min(len(live), 5)])
	}
	return proven(fmt.Sprintf("%d columns are mapped", len(known)))
}
