package store

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"
)

// session is one database connection with its prepared statements. It is used
// by one goroutine at a time.
//
// It remembers what went wrong in its transaction, because a closure may
// swallow an error: PostgreSQL would then turn the commit into a silent
// rollback, and SQLite would store half of the closure.
type session struct {
	engine engine
	pool   *sql.DB
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt // SQLite; PostgreSQL's driver keeps its own by text
	pipe   pipe                 // PostgreSQL
	wrote  bool                 // something other than a SELECT was asked for since the last reset
	failed error                // a statement failed since the innermost savepoint
	spoilt error                // the whole transaction is void; no statement reaches the database any more
}

// rows is a result that is being read.
type rows interface {
	Next() bool
	Scan(to ...any) error
	Err() error
	Close() error
}

func newSession(e engine, pool *sql.DB) *session {
	return &session{engine: e, pool: pool, stmts: map[string]*sql.Stmt{}}
}

var placeholder = regexp.MustCompile(`\$(\d+)`)

// numbered writes a statement as SQLite wants it: $n becomes ?n, because SQLite
// takes $n for a name and may bind it by first appearance, which silently swaps
// arguments; row locks go, because its single writer is lock enough.
func numbered(query string) string {
	query = strings.TrimSuffix(query, skipLocked)
	query = strings.TrimSuffix(query, forUpdate)
	query = strings.TrimSuffix(query, forShare)
	return placeholder.ReplaceAllString(query, "?$1")
}

const (
	forUpdate  = " FOR UPDATE"
	forShare   = " FOR SHARE"
	skipLocked = " SKIP LOCKED"
)

// begin opens a transaction.
func (s *session) begin(ctx context.Context, how string) error {
	if err := s.fresh(ctx); err != nil {
		return err
	}
	_, err := s.conn.ExecContext(ctx, how)
	return err
}

// takeTurns makes a transaction wait until every other one that also waited for
// its turn has ended. The number is Parley's own among a server's locks.
const takeTurns = `SELECT pg_advisory_xact_lock(8097832470891)`

// beginSoon is begin whose words, on PostgreSQL, go out with the first
// statement. A transaction that lost against another one before takes turns
// with all that did: two processes that met once would meet again and again.
func (s *session) beginSoon(ctx context.Context, how string, turns bool) error {
	if s.engine != postgresEngine {
		return s.begin(ctx, how)
	}
	if err := s.fresh(ctx); err != nil {
		return err
	}
	s.pipe.begun, s.pipe.waiting = s.pipe.round, append(s.pipe.waiting[:0], line{query: how})
	if turns {
		s.pipe.waiting = append(s.pipe.waiting, line{query: takeTurns})
	}
	return nil
}

func (s *session) fresh(ctx context.Context) error {
	s.failed, s.spoilt, s.wrote = nil, nil, false
	return s.connect(ctx)
}

func (s *session) connect(ctx context.Context) error {
	if s.conn != nil {
		return nil
	}
	c, err := s.pool.Conn(ctx)
	if err != nil {
		return err
	}
	if s.engine == postgresEngine {
		if err := s.pipe.open(c); err != nil {
			return errors.Join(err, c.Close())
		}
	}
	s.conn = c
	return nil
}

// reopen is begin for reads: a connection that was lost while it lay idle is
// opened once more.
func (s *session) reopen(ctx context.Context, how string) error {
	err := s.begin(ctx, how)
	if err == nil {
		return nil
	}
	s.drop()
	if ctx.Err() == nil {
		if err = s.begin(ctx, how); err != nil {
			s.drop()
		}
	}
	return err
}

// commit ends a write transaction. On PostgreSQL the word goes out with what
// still waits, and is not carried out if any of that failed. sent is false when
// it did not go out: then for certain nothing is stored.
func (s *session) commit(ctx context.Context) (sent bool, err error) {
	if s.engine != postgresEngine {
		return true, s.simple(ctx, "COMMIT")
	}
	// A connection that was lost while it lay idle is noticed before the commit.
	if s.pipe.asks() || s.pipe.round == s.pipe.begun {
		if err := s.settle(ctx); err != nil {
			return false, err
		}
	}
	s.pipe.waiting = append(s.pipe.waiting, line{query: "COMMIT"})
	return true, s.settle(ctx)
}

// end closes a read transaction.
func (s *session) end() error {
	return s.simple(context.Background(), "COMMIT")
}

// drop forgets the connection; the next begin opens another one.
func (s *session) drop() {
	for _, st := range s.stmts {
		_ = st.Close()
	}
	clear(s.stmts)
	s.pipe = pipe{}
	if s.conn != nil {
		// A raw ErrBadConn makes the pool discard the connection instead of
		// handing it out with a transaction left open.
		_ = s.conn.Raw(func(any) error { return errDiscard })
		_ = s.conn.Close()
		s.conn = nil
	}
}

// simple runs a statement without arguments and without keeping it prepared.
func (s *session) simple(ctx context.Context, query string) error {
	if err := s.settle(ctx); err != nil {
		return err
	}
	_, err := s.conn.ExecContext(ctx, query)
	return err
}

// stmt prepares a query once per connection.
func (s *session) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := s.stmts[query]; ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, numbered(query))
	if err != nil {
		return nil, err
	}
	s.stmts[query] = st
	return st, nil
}

// exec runs a statement and returns how many rows it touched.
func (s *session) exec(ctx context.Context, query string, args ...any) (n int64, err error) {
	s.wrote = true
	if s.spoilt != nil {
		return 0, s.spoilt
	}
	if s.engine == postgresEngine {
		return s.pipedExec(ctx, query, args)
	}
	st, err := s.stmt(ctx, query)
	if err != nil {
		return 0, s.note(err)
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, s.note(err)
	}
	return res.RowsAffected()
}

func (s *session) query(ctx context.Context, query string, args ...any) (rows, error) {
	s.wrote = s.wrote || !strings.HasPrefix(query, "SELECT")
	if s.spoilt != nil {
		return nil, s.spoilt
	}
	if s.engine == postgresEngine {
		return s.pipedQuery(ctx, query, args)
	}
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, s.note(err)
	}
	found, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, s.note(err) // a nil *sql.Rows would be no nil interface
	}
	return found, nil
}

// later runs a statement whose outcome the caller need not see now: on
// PostgreSQL it goes out with the next one that is waited for, and took reads
// how many rows it touched only then. Nothing that may fail by right belongs
// here: its failure undoes the closure.
func (s *session) later(ctx context.Context, took func(n int64) error, query string, args ...any) error {
	if s.engine == postgresEngine {
		return s.queue(ctx, line{query: query, args: args, took: took})
	}
	n, err := s.exec(ctx, query, args...)
	if err == nil && took != nil {
		err = took(n)
	}
	return err
}

// ask is later for a statement that answers one row. What scan adds by later or
// ask goes out after what waits already.
func (s *session) ask(ctx context.Context, scan func(scanner) error, query string, args ...any) error {
	if s.engine == postgresEngine {
		return s.queue(ctx, line{query: query, args: args, scan: scan})
	}
	found, err := s.query(ctx, query, args...)
	if err != nil {
		return err
	}
	return scan(one{s: s, rows: found})
}

// note remembers a database error and returns it as it came.
func (s *session) note(err error) error {
	if err == nil {
		return nil
	}
	if s.failed == nil {
		s.failed = err
	}
	if s.spoilt == nil && spoils(err) {
		s.spoilt = err
	}
	return err
}

// mark is a place in a transaction that undo can go back to.
type mark struct {
	name   string
	round  int
	before int
}

// savepoint begins a part that may be undone alone.
func (s *session) savepoint(ctx context.Context, name string) (mark, error) {
	m := mark{name, s.pipe.round, len(s.pipe.waiting)}
	return m, s.later(ctx, nil, "SAVEPOINT "+name)
}

// release ends a part that stands.
func (s *session) release(ctx context.Context, m mark) error {
	return s.later(ctx, nil, "RELEASE SAVEPOINT "+m.name)
}

// undo takes back what was done since the mark. What has not gone out yet is
// forgotten.
func (s *session) undo(ctx context.Context, m mark) error {
	if s.engine == postgresEngine && s.pipe.round == m.round {
		s.pipe.waiting = s.pipe.waiting[:m.before]
		return nil
	}
	s.pipe.waiting = s.pipe.waiting[:0]
	_, e1 := s.exec(ctx, "ROLLBACK TO SAVEPOINT "+m.name)
	_, e2 := s.exec(ctx, "RELEASE SAVEPOINT "+m.name)
	return errors.Join(e1, e2)
}
