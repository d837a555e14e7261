package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/clock"
)

// Move says which install goes where.
type Move struct {
	Dir      string // data folder of a SQLite install that nobody writes to meanwhile
	URL      string // postgres://… for the data
	KeysURL  string // postgres://… for the keys; "" = a schema of its own at URL
	Clock    clock.Clock
	Progress func(table string, done, total int64) // may be nil
}

// Moved is one table that was copied and found equal.
type Moved struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
	Hash  string `json:"hash"` // over all rows, in whatever order
}

// CopyTo copies a SQLite install, data and keys, table by table to an empty
// PostgreSQL, and proves that every table there equals its source by row count
// and hash before it commits. The source is only read. After an error the
// target's data is as empty as before. Both sides have this program's schema
// afterwards; a source that has not is refused.
func CopyTo(ctx context.Context, m Move) ([]Moved, error) {
	if m.KeysURL == "" {
		m.KeysURL = m.URL
	}
	if eng, err := engineOf(m.URL); err != nil || eng != postgresEngine {
		return nil, errors.Join(err, desk.Fail(desk.Invalid, "copy_target", "the target of a move starts with postgres://"))
	}
	keys, err := openLeg(ctx, m, filepath.Join(m.Dir, "keys.db"), m.keyTarget)
	if err != nil {
		return nil, fmt.Errorf("key store: %w", err)
	}
	defer keys.close()
	data, err := openLeg(ctx, m, filepath.Join(m.Dir, "parley.db"), m.dataTarget)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	defer data.close()
	if err := data.sameSteps(ctx); err != nil {
		return nil, err
	}
	var all []Moved
	for _, leg := range []*leg{keys, data} {
		moved, err := leg.copyTables(ctx)
		all, leg.moved = append(all, moved...), moved
		if err != nil {
			return nil, err
		}
	}
	// Keys first: rows without keys are lost, keys without rows are nothing.
	for _, leg := range []*leg{keys, data} {
		if err := leg.commit(ctx); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// dataTarget makes the schema at the target and returns its address.
func (m Move) dataTarget(ctx context.Context) (string, error) {
	db, err := Open(ctx, Config{URL: m.URL, Clock: m.Clock, NewID: func() int64 { return 0 }})
	if err != nil {
		return "", err
	}
	return patient(m.URL), db.Close()
}

func (m Move) keyTarget(ctx context.Context) (string, error) {
	keys, err := OpenKeys(ctx, m.KeysURL, "")
	if err != nil {
		return "", err
	}
	if err := keys.Close(); err != nil {
		return "", err
	}
	return keySchemaURL(ctx, m.KeysURL)
}

// leg is one of the two databases of an install on its way: a snapshot on the
// one side, one transaction on the other.
type leg struct {
	from, to   *session
	pools      []*sql.DB
	onProgress func(table string, done, total int64)
	moved      []Moved
}

func openLeg(ctx context.Context, m Move, file string, target func(context.Context) (string, error)) (*leg, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, desk.Fail(desk.NotFound, "no_install", "there is no SQLite install in "+m.Dir)
	}
	url, err := target(ctx)
	if err != nil {
		return nil, err
	}
	l := &leg{onProgress: m.Progress}
	if l.onProgress == nil {
		l.onProgress = func(string, int64, int64) {}
	}
	_, source := sqliteDSN(file, false)
	l.from, err = l.open(ctx, sqliteEngine, source+"&_pragma=query_only(ON)", sqliteEngine.beginRead())
	if err == nil {
		l.to, err = l.open(ctx, postgresEngine, url, postgresEngine.beginWrite())
	}
	if err != nil {
		l.close()
		return nil, plain(err)
	}
	return l, nil
}

func (l *leg) open(ctx context.Context, e engine, dsn, how string) (*session, error) {
	pool, err := e.pool(dsn)
	if err != nil {
		return nil, err
	}
	l.pools = append(l.pools, pool)
	s := newSession(e, pool)
	return s, s.begin(ctx, how)
}

func (l *leg) close() {
	for _, s := range []*session{l.from, l.to} {
		if s != nil {
			s.drop() // which ends what is not committed
		}
	}
	for _, p := range l.pools {
		_ = p.Close()
	}
}

// commit also counts the rows for PostgreSQL's planner, which would else guess
// until it gets round to it by itself, and vacuums, or the first readers mark
// every row as committed. An empty table is better guessed: counted as empty,
// any of its indexes is as good as another until the next count.
func (l *leg) commit(ctx context.Context) error {
	if err := l.to.simple(ctx, "COMMIT"); err != nil {
		return plain(err)
	}
	for _, m := range l.moved {
		if m.Rows == 0 {
			continue
		}
		if err := l.to.simple(ctx, "VACUUM (ANALYZE) "+m.Table); err != nil {
			return plain(err)
		}
	}
	return nil
}

// sameSteps refuses a source whose schema is not this program's.
func (l *leg) sameSteps(ctx context.Context) error {
	var have [2][]string
	for i, s := range []*session{l.from, l.to} {
		r := &Rx{s: s, ctx: ctx}
		err := r.each(sqlAllVersions, nil, func(row scanner) error {
			var version int
			var name, sum string
			err := row.Scan(&version, &name, &sum)
			if !strings.Contains(name, ".") { // a step of one engine has no like on the other
				have[i] = append(have[i], fmt.Sprint(version, name, sum))
			}
			return err
		})
		if err != nil {
			return plain(err)
		}
	}
	if !slices.Equal(have[0], have[1]) {
		return desk.Fail(desk.Conflict, "schema_older", "run `parley migrate` on the SQLite install first")
	}
	return nil
}

// column is one column of a table that moves.
type column struct{ name, kind string }

// table is one table that moves, with its columns in one order.
type table struct {
	name    string
	columns []column
}

const (
	sqlCopyTablesSQLite  = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	sqlCopyColumnsSQLite = `SELECT name, type FROM pragma_table_info($1) ORDER BY name`
	sqlCopyColsPostgres  = `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name <> 'schema_version' ORDER BY 1`
)

// versionTable's rows are made by the target's own migration.
const versionTable = "schema_version"

func (l *leg) tables(ctx context.Context) ([]table, error) {
	r := &Rx{s: l.from, ctx: ctx}
	var all []table
	err := r.each(sqlCopyTablesSQLite, nil, func(row scanner) error {
		var t table
		err := row.Scan(&t.name)
		if t.name != versionTable {
			all = append(all, t)
		}
		return err
	})
	if err != nil {
		return nil, plain(err)
	}
	names := []string{}
	for i := range all {
		t := &all[i]
		err := r.each(sqlCopyColumnsSQLite, []any{t.name}, func(row scanner) error {
			var c column
			err := row.Scan(&c.name, &c.kind)
			t.columns = append(t.columns, c)
			names = append(names, t.name+"."+c.name)
			return err
		})
		if err != nil {
			return nil, plain(err)
		}
	}
	return all, l.matches(ctx, names)
}

// matches refuses a target whose columns are not the source's.
func (l *leg) matches(ctx context.Context, want []string) error {
	var have []string
	err := (&Rx{s: l.to, ctx: ctx}).each(sqlCopyColsPostgres, nil, func(row scanner) error {
		var name string
		err := row.Scan(&name)
		have = append(have, name)
		return err
	})
	if err != nil {
		return plain(err)
	}
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(want, have) {
		return desk.Fail(desk.Conflict, "schema_older", "source and target have different columns; run `parley migrate` on the SQLite install first")
	}
	return nil
}

// names lists a table's columns for a statement. Tables and columns are ours,
// lower-case words.
func (t table) names() string {
	all := make([]string, len(t.columns))
	for i, c := range t.columns {
		all[i] = c.name
	}
	return strings.Join(all, ", ")
}
