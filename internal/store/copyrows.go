package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"parley/internal/desk"
)

// copyStep is how many rows go over in one COPY.
const copyStep = 20_000

// floorTable holds one row from the start, which moves like any other.
const floorTable = "vault_floor"

func (l *leg) copyTables(ctx context.Context) ([]Moved, error) {
	tables, err := l.tables(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		if err := l.mustBeEmpty(ctx, t.name); err != nil {
			return nil, err
		}
	}
	var all []Moved
	for _, t := range tables {
		moved, err := l.copyTable(ctx, t)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", t.name, plain(err))
		}
		all = append(all, moved)
	}
	return all, nil
}

func (l *leg) mustBeEmpty(ctx context.Context, name string) error {
	if name == floorTable {
		return plain(l.to.simple(ctx, "DELETE FROM "+floorTable))
	}
	var some bool
	err := (&Rx{s: l.to, ctx: ctx}).row("SELECT EXISTS (SELECT 1 FROM " + name + ")").Scan(&some)
	if err == nil && some {
		return desk.Fail(desk.Conflict, "target_not_empty", "the target holds rows already (table "+name+"); give an empty database")
	}
	return plain(err)
}

// copyTable streams one table over and then reads it back.
func (l *leg) copyTable(ctx context.Context, t table) (Moved, error) {
	var total int64
	if err := (&Rx{s: l.from, ctx: ctx}).row("SELECT count(*) FROM " + t.name).Scan(&total); err != nil {
		return Moved{}, err
	}
	l.onProgress(t.name, 0, total)
	source, err := l.stream(ctx, t, total)
	if err != nil {
		return Moved{}, err
	}
	back, err := readBack(ctx, l.to, t)
	if err != nil {
		return Moved{}, err
	}
	if source != back || source.rows != total {
		return Moved{}, desk.Fail(desk.Internal, "copy_differs", "what arrived is not what was sent")
	}
	return Moved{Table: t.name, Rows: total, Hash: source.text()}, nil
}

func (l *leg) stream(ctx context.Context, t table, total int64) (digest, error) {
	src := &copySource{table: t}
	all, err := l.from.query(ctx, "SELECT "+t.names()+" FROM "+t.name)
	if err != nil {
		return src.sum, err
	}
	src.rows = all
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	for err == nil && !src.ended {
		src.left = copyStep
		err = l.to.conn.Raw(func(conn any) error {
			_, err := conn.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{t.name}, names, src)
			return err
		})
		l.onProgress(t.name, src.sum.rows, total)
	}
	return src.sum, errors.Join(err, all.Close())
}

// copySource hands a step's rows to COPY.
type copySource struct {
	table  table
	rows   rows
	left   int
	ended  bool
	values []any
	err    error
	sum    digest
}

func (c *copySource) Next() bool {
	if c.left == 0 || c.err != nil {
		return false
	}
	if !c.rows.Next() {
		c.ended, c.err = true, c.rows.Err()
		return false
	}
	c.left--
	c.values, c.err = c.table.scan(c.rows)
	if c.err == nil {
		c.sum.add(c.values)
	}
	return c.err == nil
}

func (c *copySource) Values() ([]any, error) { return c.values, c.err }
func (c *copySource) Err() error             { return c.err }

func readBack(ctx context.Context, s *session, t table) (digest, error) {
	var sum digest
	all, err := s.query(ctx, "SELECT "+t.names()+" FROM "+t.name)
	if err != nil {
		return sum, err
	}
	for all.Next() {
		values, err := t.scan(all)
		if err != nil {
			return sum, errors.Join(err, all.Close())
		}
		sum.add(values)
	}
	return sum, errors.Join(all.Err(), all.Close())
}

// scan reads a row into the one Go type each kind of column has on both engines.
func (t table) scan(row scanner) ([]any, error) {
	into := make([]any, len(t.columns))
	for i, c := range t.columns {
		switch c.kind {
		case "BIGINT":
			into[i] = new(sql.NullInt64)
		case "TEXT":
			into[i] = new(sql.NullString)
		case "BOOLEAN":
			into[i] = new(sql.NullBool)
		case "DOUBLE PRECISION":
			into[i] = new(sql.NullFloat64)
		case "BLOB":
			into[i] = new(sql.Null[[]byte])
		default:
			return nil, fmt.Errorf("column %s.%s is a %s, which cannot move", t.name, c.name, c.kind)
		}
	}
	if err := row.Scan(into...); err != nil {
		return nil, err
	}
	values := make([]any, len(into))
	for i, p := range into {
		values[i] = behind(p)
	}
	return values, nil
}

// behind is the value behind a scanned pointer; nil for NULL.
func behind(p any) any {
	switch v := p.(type) {
	case *sql.NullInt64:
		if v.Valid {
			return v.Int64
		}
	case *sql.NullString:
		if v.Valid {
			return v.String
		}
	case *sql.NullBool:
		if v.Valid {
			return v.Bool
		}
	case *sql.NullFloat64:
		if v.Valid {
			return v.Float64
		}
	case *sql.Null[[]byte]: // an empty one is not NULL, though SQLite hands it over as nil
		switch {
		case v.Valid && v.V == nil:
			return []byte{}
		case v.Valid:
			return v.V
		}
	}
	return nil
}

// digest is the sum of the hashes of rows: equal for equal rows in any order,
// and, unlike with XOR, two equal rows do not cancel out.
type digest struct {
	rows int64
	sum  [4]uint64
}

func (d *digest) add(values []any) {
	h := sha256.New()
	var n [9]byte
	put := func(kind byte, number uint64, more []byte) {
		n[0] = kind
		binary.BigEndian.PutUint64(n[1:], number)
		h.Write(n[:])
		h.Write(more)
	}
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			put('n', 0, nil)
		case int64:
			put('i', uint64(v), nil)
		case bool:
			if v {
				put('b', 1, nil)
			} else {
				put('b', 0, nil)
			}
		case float64:
			put('f', math.Float64bits(v), nil)
		case string:
			put('s', uint64(len(v)), []byte(v))
		case []byte:
			put('x', uint64(len(v)), v)
		}
	}
	row := h.Sum(nil)
	for i := range d.sum {
		d.sum[i] += binary.BigEndian.Uint64(row[8*i:])
	}
	d.rows++
}

func (d digest) text() string {
	var b [32]byte
	for i, n := range d.sum {
		binary.BigEndian.PutUint64(b[8*i:], n)
	}
	return hex.EncodeToString(b[:])
}
