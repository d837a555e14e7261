package knowledge_test

import (
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/knowledge"
	"parley/test/storetest"
)

// A source with prices that nobody changed for half a year is stale, and so is
// found, unless a member says that it is all right.
func TestASourceWithPricesBecomesStale(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, s *storetest.World) {
		f := flow.New(flow.Config{DB: s.DB, Clock: s.Clock})
		k := knowledge.New(knowledge.Parts{DB: s.DB, Flow: f})
		w := &world{s, k, f, storetest.Workspace(t, s.DB, "one").Workspace()}
		t.Cleanup(w.works(t))
		stale := func() []desk.ID {
			t.Helper()
			all, err := k.Stale(t.Context(), w.ws)
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		add := func(name, body string) desk.ID {
			t.Helper()
			one, err := k.AddText(t.Context(), w.ws, knowledge.Source{Name: name, Language: "en"}, body, true)
			if err != nil {
				t.Fatal(err)
			}
			return w.settled(t, one.ID).ID
		}
		prices := add("Prices", "# Shipping\n\nShipping to Germany costs 6.90 EUR.\n")
		add("About", "# About us\n\nWe make coats that last.\n")
		if all := stale(); len(all) != 0 {
			t.Fatalf("new sources: %v", all)
		}
		s.Fake.Jump(knowledge.StaleAfter + time.Hour) // no timer fires half a year of times
		if all := stale(); len(all) != 1 || all[0] != prices {
			t.Fatalf("after half a year: %v, want %v", all, prices)
		}
		if err := k.LookOver(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Fake.Advance(2 * knowledge.DoctorAfter)
		found := w.findings(t, 1)[knowledge.FoundStale]
		if len(found.Sources) != 1 || found.Sources[0] != prices {
			t.Fatalf("%+v", found)
		}
		if err := k.DismissFinding(t.Context(), w.ws, found.ID, desk.Actor{}); err != nil {
			t.Fatal(err)
		}
		if all := stale(); len(all) != 0 {
			t.Fatalf("after it was said to be all right: %v", all)
		}
	})
}
