package knowledge_test

import (
	"slices"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/knowledge"
	"parley/internal/store"
	"parley/test/storetest"
)

// aged is a knowledge whose time a test lets pass.
type aged struct {
	*testing.T
	*world
	fake func(time.Duration)
}

// finds looks the knowledge over and waits until these kinds are what is found.
func (a *aged) finds(want ...string) {
	a.Helper()
	if err := a.k.LookOver(a.T.Context()); err != nil {
		a.Fatal(err)
	}
	a.fake(2 * knowledge.DoctorAfter)
	soon(a.T, a.world, "found as wanted", a.found, func(all []store.Finding) bool {
		kinds := []string{}
		for _, f := range all {
			kinds = append(kinds, f.Kind)
		}
		slices.Sort(kinds)
		return slices.Equal(kinds, want)
	})
}

func (a *aged) add(name, body string) store.Source {
	a.Helper()
	s, err := a.k.AddText(a.T.Context(), a.ws, knowledge.Source{Name: name, Language: "en"}, body, true)
	if err != nil {
		a.Fatal(err)
	}
	return a.settled(a.T, s.ID)
}

func (a *aged) change(s store.Source, body string) {
	a.Helper()
	if _, err := a.k.Update(a.T.Context(), a.ws, s.ID, knowledge.Change{Text: &body}); err != nil {
		a.Fatal(err)
	}
	a.settled(a.T, s.ID)
}

// answers notes a turn that rested on the passages of sources.
func (a *aged) answers(sources ...store.Source) {
	a.Helper()
	err := a.In(a.ws).Write(a.T.Context(), func(tx *store.Tx) error {
		run := desk.Run{ID: tx.NewID(), Decision: desk.DecideAnswer, Outcome: "sent", Scores: []float64{}}
		for _, s := range sources {
			all, err := tx.Passages(s.ID)
			if err != nil {
				return err
			}
			for _, p := range all {
				run.Passages, run.Scores = append(run.Passages, p.ID), append(run.Scores, 1)
			}
		}
		return tx.InsertRun(0, run)
	})
	if err != nil {
		a.Fatal(err)
	}
}

// What time does to the knowledge is found when it does, and goes from the list
// when its cause is gone: an end that has passed, passages no answer looks at,
// prices nobody has touched for half a year.
func TestFindingsComeWithTimeAndGoWithTheirCause(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, s *storetest.World) {
		f := flow.New(flow.Config{DB: s.DB, Clock: s.Clock})
		k := knowledge.New(knowledge.Parts{DB: s.DB, Flow: f})
		a := &aged{t, &world{s, k, f, storetest.Workspace(t, s.DB, "one").Workspace()}, s.Fake.Advance}
		t.Cleanup(a.works(t))
		days := func(n int) { s.Fake.Jump(time.Duration(n) * 24 * time.Hour) } // no timer fires so many times
		offer := a.add("Offer", "# Offer\n\nThe winter offer is valid until 31 December 2026.\n")
		prices := a.add("Prices", "# Shipping\n\nShipping to Germany costs 6.90 EUR.\n")
		about := a.add("About", "# About us\n\nWe make coats that last.\n")
		a.finds()
		days(60)
		a.finds(knowledge.FoundExpired)
		a.change(offer, "# Offer\n\nThe winter offer is valid until 31 December 2027.\n")
		a.finds()
		days(40)
		a.finds() // nobody asked: that tells nothing
		a.answers(prices)
		a.finds(knowledge.FoundUnused, knowledge.FoundUnused)
		a.answers(offer, about)
		a.finds()
		days(95)
		a.finds(knowledge.FoundStale)
		a.change(prices, "# Shipping\n\nShipping to Germany costs 7.20 EUR.\n")
		a.finds()
	})
}
