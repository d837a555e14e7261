package privacy_test

import (
	"slices"
	"strings"
	"testing"

	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// covers A-2-03, A-11-16: nothing is held that has no purpose, nobody who decides
// about it, and no end.
func TestEverythingThatIsHeldHasASideAndAnEnd(t *testing.T) {
	t.Parallel()
	all, err := store.DataMap()
	if err != nil {
		t.Fatal(err)
	}
	tables, there := map[string]bool{}, map[string]bool{}
	for _, c := range all {
		there[c.Table], there[c.Table+"."+c.Name] = true, true
		var in []privacy.Held
		for _, h := range privacy.All() {
			if h.Covers(c) {
				in = append(in, h)
				tables[c.Table] = true
			}
		}
		// What tells about nobody may stand beside columns that do.
		if len(in) > 1 || len(in) == 0 && c.Class != "none" {
			t.Errorf("%s.%s is held under %d names", c.Table, c.Name, len(in))
		}
		if len(in) == 1 && in[0].With == privacy.Install && (c.Subject == "contact" || c.Subject == "visitor") {
			t.Errorf("%s.%s tells of a person and ends never", c.Table, c.Name)
		}
	}
	for _, c := range all {
		if !tables[c.Table] {
			t.Errorf("%s is held under no name", c.Table)
		}
	}
	for _, h := range privacy.All() {
		for _, name := range h.Columns {
			if !there[name] {
				t.Errorf("%s names %s, which is not there any more", h.Name, name)
			}
		}
		if h.Decides != privacy.Business && h.Decides != privacy.Operator {
			t.Errorf("nobody decides about %s", h.Name)
		}
	}
}

// How old each kind with a term of its own may be can be asked of any install.
func TestWhatEndsByATermIsLookedAt(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		var ages []store.Age
		if err := w.DB.In(1).Read(t.Context(), func(r *store.Rx) (err error) { ages, err = r.Ages(); return err }); err != nil {
			t.Fatal(err)
		}
		for _, h := range privacy.All() {
			if h.After == 0 && h.Months == 0 {
				continue
			}
			for _, column := range h.Columns {
				table, _, _ := strings.Cut(column, ".")
				if without[table] == "" && !slices.ContainsFunc(ages, func(a store.Age) bool { return a.Kind == table }) {
					t.Errorf("%s ends by a term, and nobody can ask how old it is", table)
				}
			}
		}
	})
}

// without are tables of such a kind that have no age of their own, each with the
// reason.
var without = map[string]string{
	"case_text":       "goes with its case",
	"work":            "is done and goes: what cannot be done stands in the lane, and is told",
	"lane":            "goes when it is empty",
	"incident_person": "goes by its incident's end, a year after",
	"incident_count":  "goes with its incident",
	"incident_draft":  "goes with its incident",
	"incident_fact":   "goes with its incident",
}
