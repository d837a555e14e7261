package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sort"
	"sync/atomic"

	"parley/internal/desk"
)

// job is one closure on its way through a writer.
type job struct {
	ctx   context.Context
	ws    desk.ID
	fn    func(*Tx) error
	state atomic.Int32 // 0 queued, 1 taken by a writer, 2 given up by its caller
	done  chan error
	tx    *Tx
	err   error
}

// Write runs fn in a transaction and returns when it is durable. Concurrent
// writes share a commit, each in its own SAVEPOINT, so one failure never undoes
// a neighbour. fn may run again and must touch nothing outside tx.
//
// A lost connection while committing answers desk.Unavailable: the outcome is
// then unknown, and callers rely on their unique keys.
func (h Handle) Write(ctx context.Context, fn func(*Tx) error) error {
	j := &job{ctx: ctx, ws: h.ws, fn: fn, done: make(chan error, 1)}
	select {
	case h.db.queue <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-h.db.life.Done():
		return errClosed()
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if j.state.CompareAndSwap(0, 2) {
			return ctx.Err()
		}
		return <-j.done
	case <-h.db.life.Done():
		if j.state.CompareAndSwap(0, 2) {
			return errClosed()
		}
		return <-j.done
	}
}

func errClosed() error { return desk.Fail(desk.Unavailable, "shutting_down", "the database is closed") }

// writer takes one job, drains what else waits, and commits them together: the
// batch grows by itself while a commit is on its way to the disk.
func (db *DB) writer() {
	defer db.writers.Done()
	s := newSession(db.engine, db.writes)
	defer s.drop()
	for {
		select {
		case <-db.life.Done():
			return
		case j := <-db.queue:
			batch := db.gather(j)
			db.commit(s, batch)
			for _, j := range batch {
				j.done <- j.err
			}
		}
	}
}

func (db *DB) gather(first *job) []*job {
	batch := make([]*job, 0, 16)
	take := func(j *job) {
		if j.state.CompareAndSwap(0, 1) {
			batch = append(batch, j)
		}
	}
	take(first)
	for len(batch) < maxBatch {
		select {
		case j := <-db.queue:
			take(j)
		default:
			return batch
		}
	}
	return batch
}

const writeTries = 6

// commit runs a batch until it is committed, hopeless or out of tries. Retried
// are only failures that the engine says rolled everything back.
func (db *DB) commit(s *session, batch []*job) {
	if len(batch) == 0 {
		return
	}
	var err error
	for range writeTries {
		var again bool
		if again, err = db.attempt(s, batch); err == nil {
			db.watch.tell(batch)
			return
		}
		if !again {
			break
		}
	}
	db.log.Error("write failed", "jobs", len(batch), "error", err)
	for _, j := range batch {
		if j.err == nil {
			j.err = plain(err)
		}
	}
}

// attempt runs every closure once and commits. again says that nothing was
// committed and the same batch may succeed now.
func (db *DB) attempt(s *session, batch []*job) (again bool, err error) {
	ctx := context.WithoutCancel(db.life)
	if err := s.begin(ctx, db.engine.beginWrite()); err != nil {
		s.drop()
		return true, fmt.Errorf("begin: %w", err)
	}
	for _, j := range batch {
		if err := db.one(ctx, s, j, len(batch) > 1); err != nil {
			return db.abandon(ctx, s, err)
		}
	}
	if len(batch) == 1 && batch[0].err != nil {
		if err := s.simple(ctx, "ROLLBACK"); err != nil {
			s.drop()
		}
		return false, nil
	}
	if err := db.numberEvents(ctx, s, batch); err != nil {
		return db.abandon(ctx, s, err)
	}
	if err := s.simple(ctx, "COMMIT"); err != nil {
		return db.abandon(ctx, s, fmt.Errorf("commit: %w", err))
	}
	return false, nil
}

// abandon rolls a batch back and says whether to run it again.
func (db *DB) abandon(ctx context.Context, s *session, cause error) (bool, error) {
	if err := s.simple(ctx, "ROLLBACK"); err != nil {
		s.drop()
	}
	return transient(cause), cause
}

// one runs a closure in its savepoint. It returns an error only when the whole
// transaction is spoilt; the closure's own failure stays in j.err.
func (db *DB) one(ctx context.Context, s *session, j *job, shared bool) error {
	j.err = nil
	j.tx = &Tx{Rx: Rx{s: s, ctx: ctx, ws: j.ws, db: db}, now: db.clk.Now()}
	if err := j.ctx.Err(); err != nil {
		j.err = err
		j.tx.events = nil
		return nil
	}
	if shared {
		if err := s.simple(ctx, "SAVEPOINT j"); err != nil {
			return err
		}
	}
	err := j.run()
	if err == nil {
		if shared {
			return s.simple(ctx, "RELEASE SAVEPOINT j")
		}
		return nil
	}
	j.tx.events = nil
	if transient(err) || lost(err) {
		return err
	}
	j.err = plain(err)
	if shared {
		if err := s.simple(ctx, "ROLLBACK TO SAVEPOINT j"); err != nil {
			return err
		}
		return s.simple(ctx, "RELEASE SAVEPOINT j")
	}
	return nil
}

// run keeps a panic in one closure from stopping the writer for everybody.
func (j *job) run() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &desk.Error{Code: desk.Internal, Reason: "panic", Text: "a write stopped unexpectedly",
				Cause: fmt.Errorf("%T at %s", r, debug.Stack())}
		}
	}()
	return j.fn(j.tx)
}

const (
	sqlTakeNumbers = `INSERT INTO workspace_counter (workspace_id, no) VALUES ($1, $2)
		ON CONFLICT (workspace_id) DO UPDATE SET no = workspace_counter.no + $2 RETURNING no`
	sqlInsertEvent = `INSERT INTO event (workspace_id, no, at, kind, conversation_id, message_id, object_id, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
)

// numberEvents gives the batch's events their numbers as the last step of the
// transaction, once per workspace in ascending order: commit order is number
// order, and two writers never wait for each other crosswise.
func (db *DB) numberEvents(ctx context.Context, s *session, batch []*job) error {
	byWorkspace := map[desk.ID][]*desk.Event{}
	for _, j := range batch {
		if j.err != nil {
			continue
		}
		for i := range j.tx.events {
			e := &j.tx.events[i]
			byWorkspace[e.Workspace] = append(byWorkspace[e.Workspace], e)
		}
	}
	order := make([]desk.ID, 0, len(byWorkspace))
	for ws := range byWorkspace {
		order = append(order, ws)
	}
	sort.Slice(order, func(a, b int) bool { return order[a] < order[b] })
	for _, ws := range order {
		if err := db.numberOf(ctx, s, ws, byWorkspace[ws]); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) numberOf(ctx context.Context, s *session, ws desk.ID, events []*desk.Event) error {
	rows, err := s.query(ctx, sqlTakeNumbers, int64(ws), len(events))
	if err != nil {
		return err
	}
	var last int64
	for rows.Next() {
		err = rows.Scan(&last)
	}
	if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return err
	}
	for i, e := range events {
		e.No = last - int64(len(events)) + int64(i) + 1
		if _, err := s.exec(ctx, sqlInsertEvent, int64(ws), e.No, us(e.At), string(e.Kind),
			int64(e.Conversation), int64(e.Message), int64(e.Object), e.Seq); err != nil {
			return err
		}
	}
	return nil
}
