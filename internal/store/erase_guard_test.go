package store

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// spared are the tables that say something of a contact and that no erasure
// touches, each with its reason.
var spared = map[string]string{
	"event":               "ids and numbers of what happened, seven days; streams read the row they name, which is gone",
	"work":                "ids of waiting work, done within minutes; the worker finds nothing and ends it",
	"lane":                "the order of that work; there exactly as long as it is",
	"arrival":             "sealed under an hour key that ends after 72 h, whatever happens",
	"audit_entry":         "ids in a chain of hashes that must stay whole; the reason is under the subject's key and goes with it",
	"vault_key":           "the erasure's commit point is that the subject's row here goes",
	"privacy_ledger":      "the record of the erasure itself; the subject's id is cleared when it is done",
	"case_text":           "what was said in a request, under the case's own key, which ends with the case: who asked still reads the answer",
	"attempt":             "counts under keyed hashes of who tried something, gone after 24 hours; a limit that an erasure lifts would be none",
	"privacy_ledger_hash": "keyed hashes that keep a provider's retry from bringing the person back",
}

var (
	createTable = regexp.MustCompile(`(?s)CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+) \((.*?)\n\s*\)`)
	aboutOne    = regexp.MustCompile(`(?m)^\s+(contact_id|conversation_id) |-- [a-z]+/contact: `)
	deletes     = regexp.MustCompile(`^DELETE FROM ([a-z_]+) `)
)

// covers A-14.1-03: a table that holds something about a contact is erased with
// them, or says here why not.
func TestErasureCoversEveryTableThatKnowsAContact(t *testing.T) {
	t.Parallel()
	erased := map[string]bool{}
	for name, text := range statements(t) {
		if table := deletes.FindStringSubmatch(text); table != nil && strings.HasPrefix(name, "sqlErase") {
			erased[table[1]] = true
		}
	}
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	schema := sqlKeyTables
	for _, name := range names {
		raw, err := migrationFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		schema += "\n" + string(raw)
	}
	know := map[string]bool{}
	for _, table := range createTable.FindAllStringSubmatch(schema, -1) {
		if aboutOne.MatchString(table[2]) {
			know[table[1]] = true
		}
	}
	if len(know) < 12 || len(erased) < 8 {
		t.Fatalf("saw %d tables and %d deletions: the search is broken", len(know), len(erased))
	}
	for table := range know {
		if !erased[table] && spared[table] == "" {
			t.Errorf("table %s knows a contact: delete it in erase.go, or say in spared why not", table)
		}
	}
	for table := range spared {
		if !know[table] || erased[table] {
			t.Errorf("spared table %s needs no mention", table)
		}
	}
}
