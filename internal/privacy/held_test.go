package privacy_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// covers A-19-03: what is held of a visitor is said to them.
func TestTheNoticeCoversEveryColumnThatKnowsAContact(t *testing.T) {
	t.Parallel()
	all, err := store.DataMap()
	if err != nil {
		t.Fatal(err)
	}
	tables, about := map[string]bool{}, 0
	for _, c := range all {
		tables[c.Table] = true
		tables[c.Table+"."+c.Name] = true
		if c.Subject != "contact" && c.Subject != "visitor" {
			continue
		}
		about++
		n := 0
		for _, h := range privacy.OfVisitors() {
			if h.Covers(c) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s.%s tells about a contact and is named %d times: put it into OfVisitors, and into the notice's texts", c.Table, c.Name, n)
		}
	}
	if about < 40 {
		t.Fatalf("saw only %d columns", about)
	}
	for _, h := range privacy.OfVisitors() {
		for _, name := range h.Columns {
			if !tables[name] {
				t.Errorf("%s names %s, which is not there any more", h.Name, name)
			}
		}
		for _, key := range []string{"notice.held." + h.Name, "notice.why." + h.Name, "notice.ground." + string(h.Ground)} {
			if i18n.T("en", key, nil) == key {
				t.Errorf("%s has no words", key)
			}
		}
	}
}

// spared reads the tables that an erasure leaves, each with its reason, where
// the store's own test holds every other table to be erased.
func spared(t *testing.T) (tables []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../store/erase_guard_test.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != "spared" {
			return true
		}
		for _, e := range spec.Values[0].(*ast.CompositeLit).Elts {
			table, err := strconv.Unquote(e.(*ast.KeyValueExpr).Key.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			tables = append(tables, table)
		}
		return false
	})
	if len(tables) < 5 {
		t.Fatalf("saw only %v: the search is broken", tables)
	}
	return tables
}

// covers A-14.1-03: what an erasure leaves is what visitors are told it leaves.
func TestVisitorsAreToldWhatAnErasureLeaves(t *testing.T) {
	t.Parallel()
	left, told := spared(t), []string{}
	for _, h := range privacy.OfVisitors() {
		for _, table := range h.Columns {
			// Of the keys the subject's own goes first of all.
			if stays := slices.Contains(left, table); stays != h.Stays && table != "vault_key" {
				t.Errorf("%s: an erasure leaves it: %v; visitors are told: %v", table, stays, h.Stays)
			}
			told = append(told, table)
		}
	}
	for _, table := range left {
		if !slices.Contains(told, table) {
			t.Errorf("nobody is told of %s", table)
		}
	}
}
