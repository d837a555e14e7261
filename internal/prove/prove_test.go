package prove_test

import (
	"context"
	"testing"

	"parley/internal/promise"
	"parley/internal/promise/checks"
	"parley/internal/prove"
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
			for _, p := range promise.Prove(context.Background(), r, m, all) {
				n[p.State]++
				if p.State == promise.Failed {
					t.Errorf("%s: %s", p.Clause, p.Why)
				}
			}
			t.Logf("%v of %d checks", n, len(all))
		})
	}
}
