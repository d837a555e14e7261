package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"parley/internal/desk"
	"parley/internal/kit/clock"
)

// LoadConfig says where a dump goes: an empty data folder, or an empty
// PostgreSQL.
type LoadConfig struct {
	URL   string // "" = SQLite in Dir
	Dir   string
	Clock clock.Clock
	Anew  bool // rows that are there are of a restore that was interrupted
}

// Load writes a dump of the data into an empty database, under the schema it was
// made with, reads it back and compares. Either everything stands or nothing:
// Open brings it to this program's schema.
func Load(ctx context.Context, cfg LoadConfig, from io.Reader) (held []Moved, err error) {
	d, err := readDump(from)
	if err != nil {
		return nil, err
	}
	db, err := connect(Config{URL: cfg.URL, Dir: cfg.Dir, Clock: cfg.Clock})
	if err != nil {
		return nil, err
	}
	defer func() { db.stop(); err = errors.Join(err, db.writes.Close(), db.reads.Close()) }()
	kind, body, err := d.next()
	var steps []Step
	for ; err == nil && kind == dumpStep; kind, body, err = d.next() {
		var s Step
		err = d.json(body, &s)
		steps = append(steps, s)
	}
	if err == nil {
		err = db.migrateTo(ctx, steps)
	}
	if err != nil {
		return nil, err
	}
	s := newSession(db.engine, db.writes)
	defer s.drop()
	return loader{s, d, cfg.Anew}.all(ctx, kind, body)
}

// LoadKeys is Load for the key store.
func LoadKeys(ctx context.Context, cfg LoadConfig, from io.Reader) (held []Moved, err error) {
	d, err := readDump(from)
	if err != nil {
		return nil, err
	}
	k, err := OpenKeys(ctx, cfg.URL, cfg.Dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	s := newSession(k.engine, k.db)
	defer s.drop()
	kind, body, err := d.next()
	if err != nil {
		return nil, err
	}
	return loader{s, d, cfg.Anew}.all(ctx, kind, body)
}

// migrateTo makes the schema that a dump was written under.
func (db *DB) migrateTo(ctx context.Context, steps []Step) error {
	all, err := migrationsFor(db.engine)
	if err != nil {
		return err
	}
	var wanted []migration
	for _, s := range steps {
		i := slices.IndexFunc(all, func(m migration) bool { return m.version == s.Version })
		if i < 0 {
			return desk.Fail(desk.Conflict, "schema_newer", "a newer Parley made this backup (schema "+s.Name+"); restore it with that version")
		}
		if !strings.Contains(s.Name, ".") && all[i].sum != s.Sum {
			return desk.Fail(desk.Conflict, "schema_differs", "this backup was made with another text of the step "+s.Name)
		}
		wanted = append(wanted, all[i])
	}
	if len(wanted) == 0 {
		return errDump
	}
	s := newSession(db.engine, db.writes)
	defer s.drop()
	if err := makeAtOnce(func() error { return db.versionTable(ctx, s) }); err != nil {
		return fmt.Errorf("open database: %w", plain(err))
	}
	for _, m := range wanted {
		if err := db.step(ctx, s, m, all); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	return nil
}

type loader struct {
	s    *session
	d    *dumpReader
	anew bool
}

func (l loader) all(ctx context.Context, kind byte, body []byte) ([]Moved, error) {
	if err := l.s.begin(ctx, l.s.engine.beginWrite()); err != nil {
		return nil, plain(err)
	}
	tables, err := tablesOf(&Rx{s: l.s, ctx: ctx}, l.s.engine)
	if err != nil {
		return nil, plain(err)
	}
	var all []Moved
	for err == nil && kind == dumpTable {
		var one Moved
		if one, err = l.table(ctx, body, tables); err == nil {
			all = append(all, one)
			kind, body, err = l.d.next()
		}
	}
	if err == nil && kind != dumpWhole {
		err = errDump
	}
	if err == nil {
		err = l.s.simple(ctx, "COMMIT")
	}
	return all, plain(err)
}

// table writes the rows of one table and reads them back.
func (l loader) table(ctx context.Context, body []byte, tables []table) (Moved, error) {
	var head dumpHead
	if err := l.d.json(body, &head); err != nil {
		return Moved{}, err
	}
	i := slices.IndexFunc(tables, func(t table) bool { return t.name == head.Name })
	if i < 0 || !slices.EqualFunc(tables[i].columns, head.Columns, func(c column, name string) bool { return c.name == name }) {
		return Moved{}, desk.Fail(desk.Conflict, "schema_differs", "the backup's table "+head.Name+" is not as its schema says")
	}
	t := tables[i]
	if err := l.empty(ctx, t.name); err != nil {
		return Moved{}, err
	}
	rows := &dumpRows{d: l.d, columns: len(t.columns)}
	var err error
	if l.s.engine == postgresEngine {
		err = l.s.conn.Raw(func(conn any) error {
			_, err := conn.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{t.name}, head.Columns, rows)
			return err
		})
	} else {
		err = rows.insert(ctx, l.s, t)
	}
	if err = errors.Join(err, rows.err); err != nil {
		return Moved{}, fmt.Errorf("table %s: %w", t.name, err)
	}
	back, err := readBack(ctx, l.s, t)
	if err == nil && (back.rows != rows.end.Rows || back.text() != rows.end.Hash) {
		err = desk.Fail(desk.Internal, "copy_differs", "what arrived of table "+t.name+" is not what was saved")
	}
	return rows.end, err
}

// empty refuses a target that somebody uses: what a schema begins with goes.
func (l loader) empty(ctx context.Context, name string) error {
	if !l.anew && (name == "workspace" || name == "vault_key") {
		var some bool
		err := (&Rx{s: l.s, ctx: ctx}).row("SELECT EXISTS (SELECT 1 FROM " + name + ")").Scan(&some)
		if err == nil && some {
			err = desk.Fail(desk.Conflict, "target_not_empty", "the target holds rows already (table "+name+"); give an empty data folder or database")
		}
		return err
	}
	_, err := l.s.exec(ctx, "DELETE FROM "+name)
	return err
}

// dumpRows hands out the rows of one table.
type dumpRows struct {
	d       *dumpReader
	columns int
	values  []any
	end     Moved
	err     error
}

func (r *dumpRows) Next() bool {
	if r.err != nil || r.end.Table != "" {
		return false
	}
	kind, body, err := r.d.next()
	switch {
	case err != nil:
		r.err = err
	case kind == dumpEnd:
		r.err = r.d.json(body, &r.end)
	case kind != dumpRow:
		r.err = errDump
	default:
		r.values, r.err = unpackRow(body, r.columns)
		return r.err == nil
	}
	return false
}

func (r *dumpRows) Values() ([]any, error) { return r.values, r.err }
func (r *dumpRows) Err() error             { return r.err }

func (r *dumpRows) insert(ctx context.Context, s *session, t table) error {
	marks := make([]string, r.columns)
	for i := range marks {
		marks[i] = fmt.Sprint("$", i+1)
	}
	query := "INSERT INTO " + t.name + " (" + t.names() + ") VALUES (" + strings.Join(marks, ", ") + ")"
	for r.Next() {
		if _, err := s.exec(ctx, query, r.values...); err != nil {
			return err
		}
	}
	return nil
}
