package prove_test

import (
	"context"
	"io/fs"
	"slices"
	"testing"

	"parley/internal/promise"
	"parley/internal/promise/checks"
	"parley/internal/prove"
	"parley/web"
)

func TestEveryCheckHoldsInTheModel(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			r, err := promise.Load()
			if err != nil {
				t.Fatal(err)
			}
			all := checks.All(r)
			if err := promise.Bind(r, all); err != nil {
				t.Fatal(err)
			}
			m, err := prove.NewModel(context.Background(), prove.Options{Engine: engine})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := m.Close(); err != nil {
					t.Error(err)
				}
			}()
			n := map[promise.State]int{}
			seen := throughABrowser(r)
			for _, p := range promise.Prove(context.Background(), r, m, all) {
				n[p.State]++
				if p.State == promise.Failed || p.State == promise.Unproven && seen(p.Clause) {
					t.Errorf("%s: %s %s", p.Clause, p.State, p.Why)
				}
			}
			t.Logf("%v of %d checks", n, len(all))
		})
	}
}

// throughABrowser tells the clauses that only a browser shows: whoever runs the tests
// has one, and where the screens were built it has to have looked at them.
func throughABrowser(r *promise.Register) func(clause string) bool {
	if _, err := fs.Stat(web.FS(), "w/chat.html"); err != nil {
		return func(string) bool { return false }
	}
	var all []string
	for _, name := range []string{"chat-waits-for-consent", "chat-storage", "functional-storage"} {
		all = append(all, r.Of(name)...)
	}
	return func(clause string) bool { return slices.Contains(all, clause) }
}
