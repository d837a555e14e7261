package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"parley/internal/desk"
)

// engine is one of the two databases. This file and the _postgres sisters hold
// every difference between them.
type engine string

const (
	sqliteEngine   engine = "sqlite"
	postgresEngine engine = "postgres"
)

func engineOf(dsn string) (engine, error) {
	switch {
	case dsn == "":
		return sqliteEngine, nil
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return postgresEngine, nil
	}
	return "", desk.Fail(desk.Invalid, "database_url", "the database address is empty (SQLite) or starts with postgres://")
}

// pool opens an address. On PostgreSQL no statement may scan a table for which it
// has an index: a plan made while arrival or lane lay empty is kept for the
// connection's life and would read all of a table that has since grown.
func (e engine) pool(dsn string) (*sql.DB, error) {
	if e == sqliteEngine {
		return sql.Open("sqlite", dsn)
	}
	cfg, err := pgx.ParseConfig(dsn)
	if err == nil {
		err = shielded(cfg)
	}
	if err != nil {
		return nil, err
	}
	return stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, sqlPlans)
		return err
	})), nil
}

// shielded refuses a way to PostgreSQL on which somebody between could read along
// or answer in its place: it is inside this machine, or TLS that checks both the
// authority and the name.
func shielded(cfg *pgx.ConnConfig) error {
	ways := []*pgconn.FallbackConfig{{Host: cfg.Host, TLSConfig: cfg.TLSConfig}}
	for _, w := range append(ways, cfg.Fallbacks...) {
		ip, err := netip.ParseAddr(w.Host)
		inside := strings.HasPrefix(w.Host, "/") || w.Host == "localhost" || err == nil && ip.IsLoopback()
		if inside || w.TLSConfig != nil && !w.TLSConfig.InsecureSkipVerify && w.TLSConfig.ServerName != "" {
			continue
		}
		return desk.Fail(desk.Invalid, "database_tls", "the way to the database at "+w.Host+" must be encrypted and its certificate checked: add sslmode=verify-full to its address, "+
			"and sslrootcert=FILE where the certificate is of your own authority")
	}
	return nil
}

// sqlPlans: compiling a plan, too, costs more than our statements run.
const sqlPlans = `SET enable_seqscan = off; SET jit = off`

func (e engine) beginWrite() string {
	if e == sqliteEngine {
		return "BEGIN IMMEDIATE"
	}
	return "BEGIN ISOLATION LEVEL READ COMMITTED"
}

func (e engine) beginRead() string {
	if e == sqliteEngine {
		return "BEGIN DEFERRED"
	}
	return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
}

// expand fills the two words that migrations may use for what has no common
// name.
func (e engine) expand(text string) string {
	bytes, clustered := "BLOB", "WITHOUT ROWID"
	if e == postgresEngine {
		bytes, clustered = "BYTEA", ""
	}
	return strings.NewReplacer("{{bytes}}", bytes, "{{clustered}}", clustered).Replace(text)
}

// sqliteDSN: WAL with synchronous=FULL, because NORMAL does not flush per commit
// and "durable before 200" would be false on a power cut; secure_delete, because
// a deleted row's bytes stay in the file otherwise.
func sqliteDSN(path string, bulk bool) (read, write string) {
	pragmas := func(sync string) string {
		q := url.Values{}
		for _, p := range []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(" + sync + ")",
			"secure_delete(ON)", "foreign_keys(ON)", "temp_store(MEMORY)", "cache_size(-16000)"} {
			q.Add("_pragma", p)
		}
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
	}
	sync := "FULL"
	if bulk {
		sync = "OFF"
	}
	return pragmas(sync), pragmas(sync)
}

// patient gives a PostgreSQL address a limit for connecting, so that a server
// that swallows packets is noticed.
func patient(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return dsn // the driver says what is wrong with it
	}
	q := u.Query()
	if !q.Has("connect_timeout") {
		q.Set("connect_timeout", "5")
		u.RawQuery = q.Encode()
	}
	return u.String()
}

var errDiscard = driver.ErrBadConn

// lost reports whether the connection is gone.
func lost(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false // which also says it is a net.Error
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) { // 57P01…03: the server is shutting down; class 08: connection
		return strings.HasPrefix(pg.Code, "57P") || strings.HasPrefix(pg.Code, "08") || pg.SeverityUnlocalized == "FATAL"
	}
	var ne net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &ne) || pgconn.SafeToRetry(err)
}

// transient reports whether the engine rolled everything back and the same
// transaction may succeed now: serialisation, deadlock, busy, a plan made before
// another node changed the schema.
func transient(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01" || pg.Code == "0A000" && strings.Contains(pg.Message, "cached plan")
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == lib.SQLITE_BUSY
}

// spoils reports whether a statement's error voids the whole transaction and
// not only what was done since the last savepoint. SQLite rolls everything back
// by itself when the disk is full or does not answer, and would then store each
// further statement on its own.
func spoils(err error) bool {
	if transient(err) || lost(err) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return false
	}
	switch lite.Code() & 0xff {
	case lib.SQLITE_ERROR, lib.SQLITE_CONSTRAINT, lib.SQLITE_MISMATCH, lib.SQLITE_TOOBIG, lib.SQLITE_RANGE:
		return false
	}
	return true
}

// plain turns an engine's error into a desk.Error; desk and vault errors pass.
func plain(err error) error {
	if err == nil {
		return nil
	}
	var known *desk.Error
	if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return &desk.Error{Code: desk.NotFound, Text: "there is no such row", Cause: err}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return plainPostgres(pg)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return plainSQLite(lite)
	}
	if lost(err) {
		return &desk.Error{Code: desk.Unavailable, Reason: "database", Text: "the database does not answer", Retry: true, Cause: err}
	}
	return err
}

func plainPostgres(e *pgconn.PgError) error {
	// The server's Detail repeats row values, so only its code goes on.
	cause := errors.New("postgres " + e.Code + " " + e.ConstraintName)
	switch {
	case e.Code == "23505":
		return &desk.Error{Code: desk.Conflict, Reason: "exists", Text: "this exists already", Cause: cause}
	case e.Code == "53100":
		return &desk.Error{Code: desk.Unavailable, Reason: "disk_full", Text: "the disk is full", Retry: true, Cause: cause}
	case strings.HasPrefix(e.Code, "53"), strings.HasPrefix(e.Code, "57"), strings.HasPrefix(e.Code, "08"):
		return &desk.Error{Code: desk.Unavailable, Reason: "database", Text: "the database cannot write now", Retry: true, Cause: cause}
	}
	return &desk.Error{Code: desk.Internal, Text: "the database refused a statement", Cause: errors.New(cause.Error() + ": " + e.Message)}
}

func plainSQLite(e *sqlite.Error) error {
	switch code := e.Code(); {
	case code == lib.SQLITE_CONSTRAINT_UNIQUE, code == lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return &desk.Error{Code: desk.Conflict, Reason: "exists", Text: "this exists already", Cause: e}
	case code&0xff == lib.SQLITE_FULL:
		return &desk.Error{Code: desk.Unavailable, Reason: "disk_full", Text: "the disk is full", Retry: true, Cause: e}
	case code&0xff == lib.SQLITE_IOERR, code&0xff == lib.SQLITE_BUSY, code&0xff == lib.SQLITE_CANTOPEN, code&0xff == lib.SQLITE_READONLY:
		return &desk.Error{Code: desk.Unavailable, Reason: "database", Text: "the database cannot write now", Retry: true, Cause: e}
	}
	return &desk.Error{Code: desk.Internal, Text: "the database refused a statement", Cause: e}
}
