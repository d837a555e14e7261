package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"parley/internal/kit/clock"
)

// The map is held against the databases themselves: a column that its parser
// overlooks would be missing from every page made of it.
func TestTheDataMapKnowsEveryColumnThereIs(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	keys, err := OpenKeys(ctx, "", dir)
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	db, err := Open(ctx, Config{Dir: dir, Clock: clock.Real{}, NewID: func() int64 { return 1 }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	there := map[string]bool{}
	for _, pool := range []*sql.DB{db.reads, keys.db} {
		rows, err := pool.QueryContext(ctx, `SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			there[name] = true
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
	all, err := DataMap()
	if err != nil {
		t.Fatal(err)
	}
	mapped := map[string]bool{}
	for _, c := range all {
		name := c.Table + "." + c.Name
		if mapped[name] {
			t.Errorf("%s is mapped twice", name)
		}
		mapped[name] = true
		if c.Purpose == "" || c.Class == "" {
			t.Errorf("%s has no class or purpose", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(there)) {
		if !mapped[name] && !strings.HasPrefix(name, versionTable+".") {
			t.Errorf("%s is in the database and not in the map", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(mapped)) {
		if !there[name] {
			t.Errorf("%s is in the map and not in the database", name)
		}
	}
	if len(mapped) < 100 {
		t.Fatalf("saw only %d columns", len(mapped))
	}
}

func TestTheDataMapFollowsLaterSteps(t *testing.T) {
	t.Parallel()
	all := mapLines(nil, "CREATE TABLE a (\n  x BIGINT NOT NULL, -- none: one\n  y {{bytes}}, -- content/contact: two\n  PRIMARY KEY (x)\n);\nCREATE TABLE b (\n  z TEXT NOT NULL -- none: three\n);\n", false)
	all = mapLines(all, "ALTER TABLE a ADD COLUMN w TEXT NOT NULL DEFAULT ''; -- contact/member: four\nDROP TABLE b;\nALTER TABLE a DROP COLUMN x;\n", false)
	if len(all) != 2 || all[0].Name != "y" || all[0].Type != "BYTES" || all[1] != (Column{Table: "a", Name: "w", Type: "TEXT", Class: "contact", Subject: "member", Purpose: "four"}) {
		t.Fatalf("%+v", all)
	}
}

// unreached are the tables with something of a contact that no counting of an
// incident goes through, each with its reason.
var unreached = map[string]string{
	"event":           "ids of what happened, which the rows they name stand for",
	"lane":            "ids of waiting work",
	"work":            "ids of waiting work",
	"arrival":         "deliveries of the last 72 hours as they came, which nobody sorted by person; the message made of one is counted",
	"message_term":    "keyed hashes of words, which the message stands for",
	"message_place":   "keyed hashes of words, which the message stands for",
	"contact_term":    "keyed hashes of names, which the contact stands for",
	"message_piece":   "ids of calls that sent a message",
	"audit_entry":     "ids of what was done; its reasons are about whom the other tables name",
	"alert":           "an id; the conversation it names is counted",
	"case_text":       "what was said in a request, which the request stands for",
	"legal_hold":      "an id; the contact is counted",
	"own_visit":       "ids of links that end within minutes",
	"attempt":         "keyed hashes that name nobody, gone after a day",
	"incident_person": "who is told of an incident",
	"dropped_message": "keyed hashes of a channel's ids of what was deleted",
	"disclosure":      "ids of whom the demand of an authority named",

	"privacy_ledger":      "in the key store, beside which nothing opens",
	"privacy_ledger_hash": "in the key store, beside which nothing opens",
	"vault_key":           "in the key store: a stolen key is an incident of all that it opens",
}

// covers A-20.2-02: an incident is counted in every table that holds something of
// a contact.
func TestEveryTableOfAContactIsCountedInAnIncident(t *testing.T) {
	t.Parallel()
	all, err := DataMap()
	if err != nil {
		t.Fatal(err)
	}
	about := map[string]bool{}
	for _, c := range all {
		if c.Subject == "contact" {
			about[c.Table] = true
		}
	}
	for table := range about {
		if !slices.Contains(ScopeTables(), table) && unreached[table] == "" {
			t.Errorf("table %s holds something of a contact: count it in incidentscope.go, or say in unreached why not", table)
		}
	}
	for _, table := range ScopeTables() {
		if !about[table] {
			t.Errorf("%s is counted and holds nothing of a contact", table)
		}
	}
	for table := range unreached {
		if !about[table] || slices.Contains(ScopeTables(), table) {
			t.Errorf("unreached table %s needs no mention", table)
		}
	}
}
