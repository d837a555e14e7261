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
