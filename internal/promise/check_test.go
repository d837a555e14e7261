package promise

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

// still is a world without doors.
type still struct{ World }

func (still) Now() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func says(r Result) func(context.Context, World) Result {
	return func(context.Context, World) Result { return r }
}

func TestAClauseIsProvenOnlyByACheckThatSawSomething(t *testing.T) {
	t.Parallel()
	r := loaded(t)
	checks := []Check{
		{Name: "account-email", Clauses: []string{"H-13"}, Run: says(Result{State: Proven, Observed: []string{"422 for a taken address"}})},
		{Name: "account-name", Clauses: []string{"H-14"}, Run: says(Result{State: Proven})},
		{Name: "password-hashed", Clauses: []string{"H-15"}, Run: says(Result{State: Failed, Why: "the canary was found", Observed: []string{"data.db"}})},
		{Name: "access-copy", Clauses: r.Of("access-copy"), Run: says(Result{State: Proven, Observed: []string{"?"}})},
	}
	if err := Bind(r, checks); err != nil {
		t.Fatal(err)
	}
	got := map[string]Proof{}
	for _, p := range Prove(t.Context(), r, still{}, checks) {
		got[p.Clause] = p
	}
	for id, want := range map[string]State{"H-13": Proven, "H-14": Unproven, "H-15": Failed, "H-16": Unproven, "A-12.3-05": NotApplicable} {
		if got[id].State != want {
			t.Errorf("%s is %s (%s), want %s", id, got[id].State, got[id].Why, want)
		}
	}
	for _, c := range r.All() {
		if !c.Built && got[c.ID].State != Unproven {
			t.Errorf("%s is not built and %s", c.ID, got[c.ID].State)
		}
	}
	if len(got) != 404 || got["H-13"].Evidence == "" || got["H-13"].Evidence == got["H-15"].Evidence {
		t.Errorf("%d proofs; evidence %q and %q", len(got), got["H-13"].Evidence, got["H-15"].Evidence)
	}
}

func TestACheckStandsForWhatTheRegisterSays(t *testing.T) {
	t.Parallel()
	r := loaded(t)
	for name, checks := range map[string][]Check{
		"nobody's":  {{Name: "no-such-check", Clauses: []string{"H-13"}}},
		"too few":   {{Name: "page-dated", Clauses: []string{"A-0-01"}}},
		"too many":  {{Name: "account-email", Clauses: []string{"H-13", "H-14"}}},
		"it twice":  {{Name: "account-email", Clauses: []string{"H-13"}}, {Name: "account-email", Clauses: []string{"H-13"}}},
		"unwritten": {{Name: "", Clauses: nil}},
	} {
		if Bind(r, checks) == nil {
			t.Errorf("a check that is %s is bound", name)
		}
	}
}

func TestAShutDoorIsNoFailure(t *testing.T) {
	t.Parallel()
	if got := Shut(fmt.Errorf("clock: %w", ErrShut)); got.State != Unproven {
		t.Errorf("a shut door is %s", got.State)
	}
	if got := Shut(errors.New("no")); got.State != Failed {
		t.Errorf("an error is %s", got.State)
	}
}
