package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/test/pgtest"
)

// covers A-11-04: a table is deleted with its workspace, or says here why not. One
// that is new and says neither does not build.
func TestEveryTableEndsWithItsWorkspace(t *testing.T) {
	t.Parallel()
	columns, err := DataMap()
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]map[string]bool{}
	for _, c := range columns {
		if has[c.Table] == nil {
			has[c.Table] = map[string]bool{}
		}
		has[c.Table][c.Name] = true
	}
	ends, spared := map[string]endRule{}, endSpared()
	for _, e := range endRules() {
		if _, twice := ends[e.table]; twice {
			t.Errorf("%s ends twice", e.table)
		}
		ends[e.table] = e
		if !has[e.table]["workspace_id"] || !has[e.table][e.by] {
			t.Errorf("%s has no workspace_id or no %s", e.table, e.by)
		}
	}
	for _, table := range slices.Sorted(maps.Keys(has)) {
		_, gone := ends[table]
		if why := spared[table]; gone == (why != "") {
			t.Errorf("%s: let it end with its workspace in endRules, or say in endSpared why not; one of both", table)
		}
	}
	for table := range spared {
		if has[table] == nil {
			t.Errorf("%s is spared and not there", table)
		}
	}
	if len(ends) < 90 {
		t.Fatalf("only %d tables: the search is broken", len(ends))
	}
}

// covers A-11-01, A-11-04: from a database in which two workspaces have rows of
// every table, the deletion of one takes all of its own and no byte of the
// other's; of who is held the rows stay, and only those.
func TestTheEndOfAWorkspaceTakesItsRowsAndNoOthers(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": "", "postgres": pgtest.DB(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFilled(t, url)
			const goes, stays = 1, 2
			for n := range 1500 { // more than a step
				f.must(t, `INSERT INTO event (workspace_id, no, at, kind, conversation_id, message_id, object_id, seq) VALUES ($1, $2, 1, 'x', 0, 0, 0, 0)`, goes, 100+n)
			}
			before, all := f.shot(t, stays), f.tables(t)
			if len(before) < len(endRules())*30 {
				t.Fatalf("only %d bytes of a neighbour: the filling is broken", len(before))
			}
			kept := Kept{heldContact}
			f.end(t, goes, kept)
			for _, e := range endRules() {
				if n, held := f.count(t, e.table, goes), e.held != heldNever; n != 0 && !held || n != 1 && held {
					t.Errorf("%s: %d rows are left while somebody is held", e.table, n)
				}
			}
			f.end(t, goes, nil)
			for _, table := range all {
				if n := f.count(t, table, goes); n != 0 && endSpared()[table] == "" {
					t.Errorf("%s: %d rows are left", table, n)
				}
			}
			if after := f.shot(t, stays); after != before {
				t.Error("the neighbour's rows are not what they were")
			}
		})
	}
}

const heldContact = 7

// filled is a database with made-up rows of two workspaces in every table.
type filled struct {
	db  *DB
	raw *sql.DB
	all []table
}

func newFilled(t *testing.T, url string) *filled {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	var id int64 = 1 << 40
	db, err := Open(ctx, Config{URL: url, Dir: dir, Clock: clock.Real{}, NewID: func() int64 { id++; return id }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	f := &filled{db: db, raw: db.writes}
	if err := db.In(0).Read(ctx, func(r *Rx) (err error) { f.all, err = tablesOf(r, db.engine); return err }); err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, ws := range []int64{1, 2} {
		for _, tab := range f.all {
			// One row of whom a hold keeps, two of others.
			for _, of := range []int64{heldContact, 8, 9} {
				f.insert(t, tab, ws, of, rnd)
			}
		}
	}
	return f
}

// insert adds a row whose ids all are of: a contact's conversation and message
// bear its own number. A table that takes no second row of a workspace keeps one.
func (f *filled) insert(t *testing.T, tab table, ws, of int64, rnd *rand.Rand) {
	t.Helper()
	if tab.name == versionTable || tab.name == "node" || tab.name == "first_start" || !slices.ContainsFunc(tab.columns, func(c column) bool { return c.name == "workspace_id" }) {
		return
	}
	var names, marks []string
	var args []any
	for _, c := range tab.columns {
		var v any
		switch {
		case c.name == "workspace_id":
			v = ws
		case c.kind == "BIGINT" && (c.name == "id" || strings.HasSuffix(c.name, "_id")):
			v = of
		case c.kind == "BIGINT":
			v = of*1000 + ws
		case c.kind == "BOOLEAN":
			v = rnd.IntN(2) == 0
		case strings.HasPrefix(c.kind, "DOUBLE"):
			v = rnd.Float64()
		case c.kind == "BLOB":
			v = []byte(fmt.Sprint(ws, " ", of, " ", rnd.Int64()))
		default:
			v = fmt.Sprint(ws, " ", of, " ", c.name)
		}
		names, marks, args = append(names, c.name), append(marks, fmt.Sprintf("$%d", len(args)+1)), append(args, v)
	}
	f.must(t, `INSERT INTO `+tab.name+` (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`) ON CONFLICT DO NOTHING`, args...)
}

func (f *filled) text(query string) string {
	if f.db.engine == sqliteEngine {
		return numbered(query)
	}
	return query
}

func (f *filled) must(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := f.raw.ExecContext(t.Context(), f.text(query), args...); err != nil {
		t.Fatalf("%v: %s", err, query)
	}
}

func (f *filled) tables(t *testing.T) (all []string) {
	t.Helper()
	for _, tab := range f.all {
		if slices.ContainsFunc(tab.columns, func(c column) bool { return c.name == "workspace_id" }) {
			all = append(all, tab.name)
		}
	}
	return all
}

func (f *filled) count(t *testing.T, table string, ws int64) (n int) {
	t.Helper()
	if err := f.raw.QueryRowContext(t.Context(), f.text(`SELECT count(*) FROM `+table+` WHERE workspace_id = $1`), ws).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// shot is every byte of a workspace's rows.
func (f *filled) shot(t *testing.T, ws int64) string {
	t.Helper()
	var out []string
	for _, table := range f.tables(t) {
		rows, err := f.raw.QueryContext(t.Context(), f.text(`SELECT * FROM `+table+` WHERE workspace_id = $1`), ws)
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			got, to := make([]any, len(names)), make([]any, len(names))
			for i := range got {
				to[i] = &got[i]
			}
			if err := rows.Scan(to...); err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprintln(table, got))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		_ = rows.Close()
	}
	slices.Sort(out)
	return strings.Join(out, "")
}

func (f *filled) end(t *testing.T, ws desk.ID, kept Kept) {
	t.Helper()
	for place, done, steps := 0, false, 0; !done; steps++ {
		err := f.db.In(ws).Write(context.Background(), func(tx *Tx) (err error) { place, done, err = tx.EndStep(place, kept); return err })
		if err != nil {
			t.Fatal(err)
		}
		if steps > 2000 {
			t.Fatal("it never ends")
		}
	}
}
