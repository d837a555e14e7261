package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/pgtest"
	"parley/test/storetest"
)

const (
	allTables  = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	allColumns = `SELECT name || ' ' || type || ' ' || "notnull" FROM pragma_table_info($1)`
)

// oddities are values that a careless copy changes.
var oddities = map[string][]any{
	"BIGINT":           {int64(1), int64(1<<63 - 1), int64(-1 << 63)},
	"TEXT":             {"", "Çığ 👋 \"quoted\"\\\t\n", strings.Repeat("x", 70000)},
	"BOOLEAN":          {true, false, true},
	"BLOB":             {[]byte{}, []byte("\x00\xff\\x41"), bytes.Repeat([]byte{7}, 70000)},
	"DOUBLE PRECISION": {0.1, -1e300, 5e-324},
}

// fillEveryTable gives each table that is empty three odd rows, so that a table
// added later is covered too.
func fillEveryTable(t *testing.T, db *store.DB) {
	t.Helper()
	err := db.In(1).Write(ctx, func(tx *store.Tx) error {
		tables, err := store.Texts(&tx.Rx, allTables)
		if err != nil {
			return err
		}
		for _, table := range tables {
			have, err := store.Count(&tx.Rx, "SELECT count(*) FROM "+table)
			if err != nil || have > 0 {
				continue
			}
			columns, err := store.Texts(&tx.Rx, allColumns, table)
			if err != nil {
				return err
			}
			for row := range 3 {
				var names, marks []string
				var values []any
				for _, c := range columns {
					name, kind, _ := strings.Cut(c, " ")
					kind, notNull := kind[:len(kind)-2], strings.HasSuffix(kind, "1")
					names, marks = append(names, name), append(marks, fmt.Sprint("$", len(marks)+1))
					if !notNull && row == 1 && !strings.HasPrefix(name, "id") {
						values = append(values, nil)
					} else {
						values = append(values, oddities[kind][row])
					}
				}
				query := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(marks, ", ") + ")"
				if err := store.Exec(tx, query, values...); err != nil {
					return fmt.Errorf("%s: %w", query, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnInstallMovesToPostgreSQLUnchanged(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	h := storetest.Workspace(t, w.DB, "Northwind")
	acct := storetest.Account(t, h, "widget", "pk_1")
	contact, conv := talk(t, h, acct, "Ayşe")
	for i := range 50 {
		err := h.Write(ctx, func(tx *store.Tx) error {
			_, err := say(tx, conv, fmt.Sprint("Kaban küçük geldi ", i), fmt.Sprint("m", i))
			tx.Emit(desk.Event{Kind: desk.MessageArrived, Conversation: conv})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: h.Workspace(), Act: "erase", Subject: 7, Hashes: [][]byte{{1, 2}}, At: w.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	fillEveryTable(t, w.DB)
	if err := errors.Join(w.DB.Close(), w.Keys.Close()); err != nil {
		t.Fatal(err)
	}
	before := files(t, w.Dir)

	url := pgtest.DB(t)
	var last string
	move := store.Move{Dir: w.Dir, URL: url, Clock: w.Clock, Progress: func(table string, done, total int64) {
		last = fmt.Sprint(table, " ", done, "/", total)
	}}
	moved, err := store.CopyTo(ctx, move)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range moved {
		if m.Rows == 0 {
			t.Errorf("%s was not filled, so nothing is proven for it", m.Table)
		}
	}
	if len(moved) < 20 || last == "" {
		t.Errorf("%d tables, last progress %q", len(moved), last)
	}
	for name, raw := range files(t, w.Dir) {
		if !bytes.Equal(before[name], raw) {
			t.Errorf("the source's %s changed", name)
		}
	}

	target := storetest.Open(t, storetest.Options{URL: url, Dir: w.Dir, Clock: w.Clock})
	there := target.In(h.Workspace())
	err = there.Read(ctx, func(r *store.Rx) error {
		c, err := r.Contact(contact)
		if err != nil || c.Name != "Ayşe" {
			t.Errorf("contact %q, %v", c.Name, err)
		}
		all, err := r.MessagesAfter(conv, 0, 100)
		if err != nil || len(all) != 50 || all[49].Body != "Kaban küçük geldi 49" {
			t.Errorf("%d messages, %v", len(all), err)
		}
		_, err = r.MessageByExternalID(acct.ID, "m7")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if open, err := target.Keys.UnfinishedLedger(ctx, 10); err != nil || len(open) != 1 {
		t.Errorf("the privacy ledger: %v, %v", open, err)
	}
	err = there.Write(ctx, func(tx *store.Tx) error { _, err := say(tx, conv, "hello again", ""); return err })
	if err != nil {
		t.Errorf("going on at the target: %v", err)
	}
	if _, err := store.CopyTo(ctx, move); desk.CodeOf(err) != desk.Conflict {
		t.Errorf("a second move onto the same target: %v, want a refusal", err)
	}
}

func TestAMoveThatFailsLeavesTheTargetEmpty(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	h := storetest.Workspace(t, w.DB, "Northwind")
	talk(t, h, storetest.Account(t, h, "widget", "pk_1"), "Ana")
	// PostgreSQL takes no NUL in a text; the last table by name has it.
	err := h.Write(ctx, func(tx *store.Tx) error { return store.Exec(tx, "UPDATE workspace SET name = 'a' || char(0)") })
	if err != nil {
		t.Fatal(err)
	}
	url := pgtest.DB(t)
	move := store.Move{Dir: w.Dir, URL: url, Clock: w.Clock}
	if _, err := store.CopyTo(ctx, move); err == nil {
		t.Fatal("a text that cannot move did")
	}
	if err := h.Write(ctx, func(tx *store.Tx) error { return store.Exec(tx, "UPDATE workspace SET name = 'a'") }); err != nil {
		t.Fatal(err)
	}
	if _, err := store.CopyTo(ctx, move); err != nil {
		t.Errorf("the next try: %v", err)
	}
	if _, err := store.CopyTo(ctx, store.Move{Dir: t.TempDir(), URL: url, Clock: w.Clock}); desk.CodeOf(err) != desk.NotFound {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := store.CopyTo(ctx, store.Move{Dir: w.Dir, Clock: w.Clock}); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("no target: %v", err)
	}
}

func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, name := range []string{"parley.db", "keys.db"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = raw
	}
	return all
}
