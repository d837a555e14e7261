package graph_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/sim/mmdb"
)

// Where an operator has a file of places, a sign-in is shown with city and
// country, which lie sealed; without one it has none.
// asvs: V14.2.4
func TestASignInShowsItsPlaceFromTheOperatorsFileAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "city.mmdb")
	if err := os.WriteFile(file, mmdb.City("Canaryville", "Northland"), 0o600); err != nil {
		t.Fatal(err)
	}
	each(t, func(w *world) {
		id := w.member("ada@northwind.example", desk.RoleAgent)
		if status := w.signsIn("ada@northwind.example", secretWords); status >= 300 {
			w.Fatalf("signing in answered %d", status)
		}
		all, err := w.app.Roster.SessionsOf(t.Context(), w.ws, id, desk.Actor{Kind: desk.BySystem, Role: desk.RoleOwner})
		w.must(err)
		if len(all) != 1 || all[0].Place != "Canaryville, Northland" {
			w.Errorf("%+v", all)
		}
		if w.holding("Canaryville") != nil || strings.Contains(w.log.text(), "Canaryville") {
			w.Error("the place lies somewhere in clear")
		}
	}, settings{"PARLEY_GEO_FILE": file})
}
