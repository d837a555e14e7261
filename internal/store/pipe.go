package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"parley/internal/desk"
)

// pipe is a PostgreSQL session's way to send many statements and wait once: a
// round trip to the server costs more than most of our statements do.
type pipe struct {
	conn    *pgx.Conn
	waiting []line // not sent yet, in order
	round   int    // how often something was sent
	begun   int    // the round in which the transaction began
	hearing bool   // answers are being read: what they add waits for its turn
}

// line is a statement on its way.
type line struct {
	query string
	args  []any
	took  func(n int64) error // reads how many rows it touched, or
	scan  func(scanner) error // reads its one row
}

// maxWaiting is how many lines are sent at once.
const maxWaiting = 512

func (p *pipe) open(c *sql.Conn) error {
	return c.Raw(func(driver any) error {
		under, ok := driver.(*stdlib.Conn)
		if !ok {
			return errors.New("the PostgreSQL driver is not pgx")
		}
		*p = pipe{conn: under.Conn()}
		return nil
	})
}

// asks reports whether an answer that is waited for may add lines.
func (p *pipe) asks() bool {
	for i := range p.waiting {
		if p.waiting[i].scan != nil {
			return true
		}
	}
	return false
}

func (s *session) queue(ctx context.Context, l line) error {
	s.wrote = true
	if s.spoilt != nil {
		return s.spoilt
	}
	s.pipe.waiting = append(s.pipe.waiting, l)
	if len(s.pipe.waiting) >= maxWaiting && !s.pipe.hearing {
		return s.settle(ctx)
	}
	return nil
}

// settle sends what waits, and what the answers add, and reads every outcome.
func (s *session) settle(ctx context.Context) error {
	for len(s.pipe.waiting) > 0 {
		lines := s.pipe.waiting[:min(maxWaiting, len(s.pipe.waiting))]
		s.pipe.waiting = s.pipe.waiting[len(lines):len(s.pipe.waiting):len(s.pipe.waiting)]
		if err := s.send(ctx, lines); err != nil {
			s.pipe.waiting = nil
			return err
		}
	}
	return nil
}

func (s *session) send(ctx context.Context, lines []line) error {
	if s.spoilt != nil {
		return s.spoilt
	}
	s.pipe.round++
	answers := s.pipe.conn.SendBatch(ctx, batchOf(lines))
	err := s.hear(answers, lines)
	return errors.Join(err, late(s.note(answers.Close())))
}

func batchOf(lines []line) *pgx.Batch {
	b := &pgx.Batch{QueuedQueries: make([]*pgx.QueuedQuery, 0, len(lines))}
	for i := range lines {
		b.Queue(lines[i].query, lines[i].args...)
	}
	return b
}

// hear reads the outcomes of lines.
func (s *session) hear(answers pgx.BatchResults, lines []line) error {
	s.pipe.hearing = true
	defer func() { s.pipe.hearing = false }()
	for i := range lines {
		l := &lines[i]
		if l.scan != nil {
			found, err := answers.Query()
			if err != nil {
				return late(s.note(err))
			}
			if err := l.scan(one{s: s, rows: piped{Rows: found}}); err != nil {
				return late(err)
			}
			continue
		}
		tag, err := answers.Exec()
		if err != nil {
			return late(s.note(err))
		}
		if l.took != nil {
			if err := l.took(tag.RowsAffected()); err != nil {
				return err
			}
		}
	}
	return nil
}

// late keeps an error that belongs to an earlier statement from being taken for
// the answer to the one that is waited for now.
func late(err error) error {
	if err == nil {
		return nil
	}
	switch known := plain(err); desk.CodeOf(known) {
	case desk.Conflict, desk.NotFound, desk.Invalid:
		return &desk.Error{Code: desk.Internal, Reason: "late_failure", Text: "an earlier statement of this write failed", Cause: known}
	}
	return err
}

// pipedExec waits for a statement, sent together with what waits.
func (s *session) pipedExec(ctx context.Context, query string, args []any) (n int64, err error) {
	if s.pipe.asks() {
		if err := s.settle(ctx); err != nil {
			return 0, err
		}
	}
	if len(s.pipe.waiting) == 0 {
		s.pipe.round++
		tag, err := s.pipe.conn.Exec(ctx, query, args...)
		return tag.RowsAffected(), s.note(err)
	}
	found, err := s.pipedQuery(ctx, query, args)
	if err != nil {
		return 0, err
	}
	err = s.note(found.Close())
	return found.(piped).CommandTag().RowsAffected(), err
}

// pipedQuery sends a query together with what waits and stands at its rows.
func (s *session) pipedQuery(ctx context.Context, query string, args []any) (rows, error) {
	if s.pipe.asks() {
		if err := s.settle(ctx); err != nil {
			return nil, err
		}
	}
	lines := s.pipe.waiting
	s.pipe.waiting = nil
	s.pipe.round++
	if len(lines) == 0 {
		found, err := s.pipe.conn.Query(ctx, query, args...)
		return piped{Rows: found}, s.note(err)
	}
	batch := batchOf(lines)
	batch.Queue(query, args...)
	answers := s.pipe.conn.SendBatch(ctx, batch)
	if err := s.hear(answers, lines); err != nil {
		return nil, errors.Join(err, late(s.note(answers.Close())))
	}
	found, err := answers.Query()
	if err != nil {
		return nil, errors.Join(s.note(err), answers.Close())
	}
	return piped{Rows: found, answers: answers}, nil
}

// piped is a result of pgx as the rest of the store reads results.
type piped struct {
	pgx.Rows
	answers pgx.BatchResults // of which the rows are the last; nil = the rows stand alone
}

// Close ends the reading and tells what the statement came to.
func (p piped) Close() error {
	p.Rows.Close()
	err := p.Err()
	if p.answers != nil {
		err = errors.Join(err, p.answers.Close())
	}
	return err
}
