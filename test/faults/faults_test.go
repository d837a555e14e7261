package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"parley/internal/promise"
)

const root = "../.."

func all(t *testing.T) (*promise.Register, []fault) {
	t.Helper()
	r, err := promise.Load()
	if err != nil {
		t.Fatal(err)
	}
	faults, err := load("list")
	if err != nil {
		t.Fatal(err)
	}
	return r, faults
}

// The text that a fault changes is still there, it breaks checks that exist, and
// the page tells of it.
func TestEveryFaultFitsTheProgram(t *testing.T) {
	t.Parallel()
	r, faults := all(t)
	if _, err := patched(root, faults); err != nil {
		t.Error(err)
	}
	told, err := os.ReadFile(root + "/docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		for _, name := range f.Checks {
			if len(r.Of(name)) == 0 {
				t.Errorf("fault %s breaks %s, which is no check of the register", f.Name, name)
			}
		}
		if !strings.Contains(string(told), "| "+f.Name+" |") {
			t.Errorf("docs/faults.md does not tell of %s: make faults", f.Name)
		}
	}
}

// Ten faults of different rooms; make faults carries out all of them.
func TestChecksTurnRedWhereAPromiseIsBroken(t *testing.T) {
	t.Parallel()
	r, faults := all(t)
	faults = slices.DeleteFunc(faults, func(f fault) bool { return !f.Fast })
	if len(faults) < 10 {
		t.Fatalf("only %d faults are marked fast", len(faults))
	}
	program, err := build(root, t.TempDir(), faults)
	if err != nil {
		t.Fatal(err)
	}
	var g errgroup.Group
	g.SetLimit(4)
	for _, f := range faults {
		g.Go(func() error {
			got, err := carry(t.Context(), r, program, f, beside(r, f, false))
			if len(got.Green) > 0 || len(got.Others) > 0 {
				t.Errorf("fault %s: these are green and should be red: %v; these are red and should be green: %v", f.Name, got.Green, got.Others)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}
