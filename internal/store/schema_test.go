package store_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
	"parley/test/pgtest"
	"parley/test/storetest"
)

var update = flag.Bool("update", false, "write the goldens instead of comparing")

const (
	dumpSQLite   = `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'`
	dumpPostgres = `SELECT 'CREATE TABLE ' || c.relname || ' (' || chr(10)
			|| string_agg('  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
				|| CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ',' || chr(10) ORDER BY a.attnum)
			|| coalesce((SELECT ',' || chr(10) || '  ' || pg_get_constraintdef(k.oid) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p'), '')
			|| chr(10) || ')'
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' GROUP BY c.oid, c.relname
		UNION ALL
		SELECT replace(pg_get_indexdef(i.indexrelid), current_schema() || '.', '') FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
		WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary`
)

var (
	comment = regexp.MustCompile(`[ \t]*--[^\n]*`)
	blank   = regexp.MustCompile(`\n\s*\n|\n\t+`)
)

// schemaOf is the schema as the database has it, in an order of its own.
func schemaOf(t *testing.T, db *store.DB) string {
	t.Helper()
	query := dumpSQLite
	if db.Engine() == "postgres" {
		query = dumpPostgres
	}
	var all []string
	err := db.In(0).Read(ctx, func(r *store.Rx) (err error) { all, err = store.Texts(r, query); return err })
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range all {
		all[i] = strings.TrimSpace(blank.ReplaceAllString(comment.ReplaceAllString(text, ""), "\n")) + ";\n"
	}
	sort.Strings(all)
	return strings.Join(all, "")
}

func TestTheSchemaIsTheOneThatWasAgreed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		golden := filepath.Join("testdata", "schema."+db.Engine()+".sql")
		got := schemaOf(t, db)
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("the schema differs; when that is meant: go test ./internal/store -run Schema -update\n%s", diff)
		}
	})
}

// open opens a database without a vault, as migrate does.
func open(dir, url string) (*store.DB, error) {
	return store.Open(context.Background(), store.Config{URL: url, Dir: dir, Clock: clock.NewFake(storetest.Start()), NewID: func() int64 { return 1 }})
}

func TestAForeignSchemaIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, reason string }{
		"newer":  {`INSERT INTO schema_version (version, name, sum, at) VALUES (9999, '9999_future', 'x', 0)`, "schema_newer"},
		"edited": {`UPDATE schema_version SET sum = 'x' WHERE version = 3`, "schema_differs"},
	} {
		for engine, url := range map[string]string{"sqlite": "", "postgres": pgtest.DB(t)} {
			t.Run(name+"/"+engine, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				db, err := open(dir, url)
				if err != nil {
					t.Fatal(err)
				}
				err = db.In(1).Write(ctx, func(tx *store.Tx) error { return store.Exec(tx, c.change) })
				if err != nil {
					t.Fatal(err)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				_, err = open(dir, url)
				var e *desk.Error
				if !errors.As(err, &e) || e.Reason != c.reason || e.Code != desk.Conflict {
					t.Errorf("%v, want %s", err, c.reason)
				}
			})
		}
	}
}

func TestManyNodesMayStartAtOnce(t *testing.T) {
	t.Parallel()
	for range 3 {
		url := pgtest.DB(t)
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				keys, err := store.OpenKeys(ctx, url, "")
				if err != nil {
					t.Error(err)
					return
				}
				db, err := open("", url)
				if err != nil {
					t.Error(err)
					return
				}
				if err := db.Ping(ctx); err != nil {
					t.Error(err)
				}
				if err := db.Close(); err != nil {
					t.Error(err)
				}
				if err := keys.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
}
