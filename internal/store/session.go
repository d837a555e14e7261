package store

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
)

// session is one database connection with its prepared statements. It is used
// by one goroutine at a time.
type session struct {
	engine engine
	pool   *sql.DB
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt
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
	if s.conn == nil {
		c, err := s.pool.Conn(ctx)
		if err != nil {
			return err
		}
		s.conn = c
	}
	_, err := s.conn.ExecContext(ctx, how)
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
	if s.engine == postgresEngine {
		return s.conn.ExecContext(ctx, query, args...)
	}
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

func (s *session) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s.engine == postgresEngine {
		return s.conn.QueryContext(ctx, query, args...)
	}
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}
