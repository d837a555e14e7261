package store

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"parley/internal/vault"
)

// A dump is every table of one database as it stood at one moment, in the same
// bytes whichever engine it came from: records of a kind, a length and so many
// bytes.
const (
	dumpMagic  = "parley dump 1\n"
	dumpStep   = 'S' // a step of the schema, JSON
	dumpTable  = 'T' // a table begins, JSON
	dumpRow    = 'R' // its values
	dumpEnd    = 'E' // the table's rows and hash, JSON
	dumpWhole  = 'Z' // nothing follows
	recordMost = 1 << 30
)

// Step is one step of a schema.
type Step struct {
	Version int    `json:"version"`
	Name    string `json:"name"`
	Sum     string `json:"sum"`
}

type dumpHead struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Kinds   []string `json:"kinds"`
}

const (
	sqlDumpColumnsPostgres = `SELECT table_name, column_name, upper(data_type) FROM information_schema.columns
		WHERE table_schema = current_schema() ORDER BY table_name, column_name`
	sqlDumpScansPostgres = `SET LOCAL enable_seqscan = on`
	sqlKeyEpochsHeld     = `SELECT DISTINCT epoch FROM vault_key ORDER BY epoch`
	sqlKeyLedgerLast     = `SELECT coalesce(max(no), 0) FROM privacy_ledger`
)

// leftOut are the tables that no backup holds: what they seal ends by itself
// within days or hours under keys that are never saved, or it is of one sign-in
// or one process.
func leftOut(table string) bool {
	return slices.Contains([]string{versionTable, "arrival", "ai_log", "lab_result", "fault_event", "member_session", "outside_trip", "node"}, table)
}

// Dump writes the data as it stands now; the program goes on writing meanwhile.
func (db *DB) Dump(ctx context.Context, w io.Writer) (held []Moved, err error) {
	err = db.In(0).Read(ctx, func(r *Rx) error {
		held, err = dumpAll(r, db.engine, w, func(t table) string { return "" })
		return err
	})
	return held, err
}

// KeyDump says what a dump of the key store holds beside its tables.
type KeyDump struct {
	Held   []Moved
	Epochs []int64 // that wrap its keys
	Ledger int64   // latest privacy act
}

// Dump writes the keys and the privacy ledger as they stand now, without the keys
// of days and hours, which end at their time everywhere.
func (k *KeyStore) Dump(ctx context.Context, w io.Writer) (out KeyDump, err error) {
	pool, err := k.engine.pool(k.dsn)
	if err != nil {
		return out, fmt.Errorf("open key store: %w", plain(err))
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	s := newSession(k.engine, pool)
	defer s.drop()
	if err := s.begin(ctx, k.engine.beginRead()); err != nil {
		return out, plain(err)
	}
	r := &Rx{s: s, ctx: ctx}
	if err := r.row(sqlKeyLedgerLast).Scan(&out.Ledger); err != nil {
		return out, plain(err)
	}
	out.Held, err = dumpAll(r, k.engine, w, func(t table) string {
		if t.name != "vault_key" {
			return ""
		}
		return fmt.Sprintf(" WHERE kind NOT IN ('%s', '%s', '%s')", vault.AIDay, vault.ErrorDay, vault.RawHour)
	})
	if err != nil {
		return out, plain(err)
	}
	err = r.each(sqlKeyEpochsHeld, nil, func(row scanner) error {
		var n int64
		err := row.Scan(&n)
		out.Epochs = append(out.Epochs, n)
		return err
	})
	return out, plain(err)
}

func dumpAll(r *Rx, e engine, w io.Writer, which func(table) string) ([]Moved, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	if _, err := out.WriteString(dumpMagic); err != nil {
		return nil, err
	}
	tables, err := tablesOf(r, e)
	if err != nil {
		return nil, err
	}
	if err := dumpSteps(r, out, tables); err != nil {
		return nil, err
	}
	var all []Moved
	for _, t := range tables {
		if leftOut(t.name) {
			continue
		}
		one, err := t.dump(r, out, which(t))
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", t.name, err)
		}
		all = append(all, one)
	}
	if err := putRecord(out, dumpWhole, nil); err != nil {
		return nil, err
	}
	return all, out.Flush()
}

// dumpSteps writes the schema that the rows were written under; the key store has
// none of its own.
func dumpSteps(r *Rx, out io.Writer, tables []table) error {
	if !slices.ContainsFunc(tables, func(t table) bool { return t.name == versionTable }) {
		return nil
	}
	return r.each(sqlAllVersions, nil, func(row scanner) error {
		var s Step
		if err := row.Scan(&s.Version, &s.Name, &s.Sum); err != nil {
			return err
		}
		return putRecord(out, dumpStep, toJSON(s))
	})
}

// tablesOf lists the tables of a database with their columns by name.
func tablesOf(r *Rx, e engine) ([]table, error) {
	var all []table
	add := func(name string, c column) {
		if len(all) == 0 || all[len(all)-1].name != name {
			all = append(all, table{name: name})
		}
		t := &all[len(all)-1]
		t.columns = append(t.columns, c)
	}
	if e == postgresEngine {
		if err := r.s.simple(r.ctx, sqlDumpScansPostgres); err != nil {
			return nil, err
		}
		err := r.each(sqlDumpColumnsPostgres, nil, func(row scanner) error {
			var name string
			var c column
			err := row.Scan(&name, &c.name, &c.kind)
			c.kind = strings.Replace(c.kind, "BYTEA", "BLOB", 1)
			add(name, c)
			return err
		})
		return all, err
	}
	var names []string
	err := r.each(sqlCopyTablesSQLite, nil, func(row scanner) error {
		var name string
		err := row.Scan(&name)
		names = append(names, name)
		return err
	})
	for _, name := range names {
		if err != nil {
			break
		}
		err = r.each(sqlCopyColumnsSQLite, []any{name}, func(row scanner) error {
			var c column
			err := row.Scan(&c.name, &c.kind)
			add(name, c)
			return err
		})
	}
	return all, err
}

func (t table) dump(r *Rx, out io.Writer, which string) (Moved, error) {
	head := dumpHead{Name: t.name}
	for _, c := range t.columns {
		head.Columns, head.Kinds = append(head.Columns, c.name), append(head.Kinds, c.kind)
	}
	if err := putRecord(out, dumpTable, toJSON(head)); err != nil {
		return Moved{}, err
	}
	var sum digest
	var row []byte
	err := r.each("SELECT "+t.names()+" FROM "+t.name+which, nil, func(s scanner) error {
		values, err := t.scan(s)
		if err != nil {
			return err
		}
		sum.add(values)
		row = packRow(row[:0], values)
		return putRecord(out, dumpRow, row)
	})
	if err != nil {
		return Moved{}, err
	}
	held := Moved{Table: t.name, Rows: sum.rows, Hash: sum.text()}
	return held, putRecord(out, dumpEnd, toJSON(held))
}

func putRecord(out io.Writer, kind byte, body []byte) error {
	var head [1 + binary.MaxVarintLen64]byte
	head[0] = kind
	n := 1 + binary.PutUvarint(head[1:], uint64(len(body)))
	if _, err := out.Write(head[:n]); err != nil {
		return err
	}
	_, err := out.Write(body)
	return err
}

// packRow appends values: a letter for the kind, eight bytes, and the bytes of a
// text.
func packRow(to []byte, values []any) []byte {
	put := func(kind byte, n uint64) { to = binary.BigEndian.AppendUint64(append(to, kind), n) }
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			put('n', 0)
		case int64:
			put('i', uint64(v))
		case bool:
			n := uint64(0)
			if v {
				n = 1
			}
			put('b', n)
		case float64:
			put('f', math.Float64bits(v))
		case string:
			put('s', uint64(len(v)))
			to = append(to, v...)
		case []byte:
			put('x', uint64(len(v)))
			to = append(to, v...)
		}
	}
	return to
}

var errDump = errors.New("this is no whole dump of a database")

func unpackRow(raw []byte, columns int) ([]any, error) {
	values := make([]any, 0, columns)
	for len(raw) > 0 {
		if len(raw) < 9 || len(values) == columns {
			return nil, errDump
		}
		kind, n := raw[0], binary.BigEndian.Uint64(raw[1:])
		raw = raw[9:]
		var v any
		switch kind {
		case 'n':
		case 'i':
			v = int64(n)
		case 'b':
			v = n == 1
		case 'f':
			v = math.Float64frombits(n)
		case 's', 'x':
			if n > uint64(len(raw)) {
				return nil, errDump
			}
			some := raw[:n]
			raw = raw[n:]
			if v = any(string(some)); kind == 'x' {
				v = slices.Clone(some)
			}
		default:
			return nil, errDump
		}
		values = append(values, v)
	}
	if len(values) != columns {
		return nil, errDump
	}
	return values, nil
}

// dumpReader reads records.
type dumpReader struct {
	in   *bufio.Reader
	body []byte
}

func readDump(r io.Reader) (*dumpReader, error) {
	d := &dumpReader{in: bufio.NewReaderSize(r, 1<<16)}
	magic := make([]byte, len(dumpMagic))
	if _, err := io.ReadFull(d.in, magic); err != nil || string(magic) != dumpMagic {
		return nil, errors.Join(errDump, err)
	}
	return d, nil
}

// next returns a record; its body holds until the following call.
func (d *dumpReader) next() (kind byte, body []byte, err error) {
	if kind, err = d.in.ReadByte(); err != nil {
		return 0, nil, errors.Join(errDump, err)
	}
	n, err := binary.ReadUvarint(d.in)
	if err != nil || n > recordMost {
		return 0, nil, errors.Join(errDump, err)
	}
	if uint64(cap(d.body)) < n {
		d.body = make([]byte, n)
	}
	d.body = d.body[:n]
	_, err = io.ReadFull(d.in, d.body)
	return kind, d.body, err
}

func (d *dumpReader) json(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return errors.Join(errDump, err)
	}
	return nil
}
