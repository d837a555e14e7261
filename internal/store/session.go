package store

import (
	"context"
	"database/sql"
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
	stmts  map[string]*sql.Stmt
	failed error // a statement failed since the innermost savepoint
	spoilt error // the whole transaction is void; no statement reaches the database any more
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

func (s *session) begin(ctx context.Context, how string) error {
	s.failed, s.spoilt = nil, nil
	if err := s.connect(ctx); err != nil {
		return err
	}
	_, err := s.conn.ExecContext(ctx, how)
	return err
}

func (s *session) connect(ctx context.Context) error {
	if s.conn != nil {
		return nil
	}
	c, err := s.pool.Conn(ctx)
	if err == nil {
		s.conn = c
	}
	return err
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

// end closes a read transaction.
func (s *session) end() error {
	_, err := s.conn.ExecContext(context.Background(), "COMMIT")
	return err
}

// drop forgets the connection; the next begin opens another one.
func (s *session) drop() {
	for _, st := range s.stmts {
		_ = st.Close()
	}
	clear(s.stmts)
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
	_, err := s.conn.ExecContext(ctx, query)
	return err
}

// stmt prepares a query once per connection. PostgreSQL's driver keeps its own
// cache by text, so there the text goes straight through.
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

func (s *session) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s.spoilt != nil {
		return nil, s.spoilt
	}
	if s.engine == postgresEngine {
		res, err := s.conn.ExecContext(ctx, query, args...)
		return res, s.note(err)
	}
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, s.note(err)
	}
	res, err := st.ExecContext(ctx, args...)
	return res, s.note(err)
}

func (s *session) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s.spoilt != nil {
		return nil, s.spoilt
	}
	if s.engine == postgresEngine {
		rows, err := s.conn.QueryContext(ctx, query, args...)
		return rows, s.note(err)
	}
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, s.note(err)
	}
	rows, err := st.QueryContext(ctx, args...)
	return rows, s.note(err)
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
