package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sort"
	"sync/atomic"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
)

// job is one closure on its way through a writer.
type job struct {
	ctx   context.Context
	ws    desk.ID
	ahead bool
	fn    func(*Tx) error
	state atomic.Int32 // 0 queued, 1 taken by a writer, 2 given up by its caller
	done  chan error
	tx    *Tx
	err   error
	lost  error // the closure's claim went to another worker: it never runs again
}

// Write runs fn in a transaction and returns when it is durable. Concurrent
// writes share a commit, each in its own SAVEPOINT, so one failure never undoes
// a neighbour. fn may run again and must touch nothing outside tx.
//
// A lost connection while committing answers desk.Unavailable: the outcome is
// then unknown, and callers rely on their unique keys.
func (h Handle) Write(ctx context.Context, fn func(*Tx) error) error {
	j := &job{ctx: ctx, ws: h.ws, ahead: h.ahead, fn: fn, done: make(chan error, 1)}
	queue := h.db.queueOf(h.ws)
	if h.ahead {
		queue = h.db.ahead
	}
	select {
	case queue <- j:
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

// queue is what a writer takes its jobs from. Either channel may be nil.
type queue struct{ ahead, rest chan *job }

// writer takes one job after another and commits together what has come
// meanwhile: a batch grows by itself while a commit is on its way to the disk.
func (db *DB) writer(q queue) {
	defer db.writers.Done()
	s := newSession(db.engine, db.writes)
	defer s.drop()
	hurried := false
	for {
		j := q.next(db.life.Done(), hurried)
		if j == nil {
			return
		}
		l := &load{jobs: make([]*job, 0, 16), from: q.rest, clk: db.clk, began: db.clk.Now()}
		if hurried = j.ahead; hurried {
			l.from = q.ahead
		} else {
			l.waits = q.ahead
		}
		if !l.take(j) {
			continue
		}
		db.commit(s, l)
		for _, j := range l.jobs {
			j.done <- j.err
		}
		db.checkpoints.committed(db, s)
	}
}

// next waits for a job: those that go ahead first, but the others every second
// time. It returns nil when the store closes.
func (q queue) next(closing <-chan struct{}, hurried bool) *job {
	first := q.ahead
	if hurried {
		first = q.rest
	}
	select {
	case <-closing:
		return nil
	case j := <-first:
		return j
	default:
	}
	select {
	case <-closing:
		return nil
	case j := <-q.ahead:
		return j
	case j := <-q.rest:
		return j
	}
}

// load is the jobs of one commit. It grows while it runs for the first time.
type load struct {
	jobs  []*job
	from  chan *job // nil = it grows no more
	waits chan *job // those that go ahead of this load
	clk   clock.Clock
	began time.Time
	turns bool // it lost against another process: it takes turns with all that did
}

// share is how long a load takes in more while something waits to go ahead.
const share = 8 * time.Millisecond

// more takes the next job that waits, if the load has room and time for it.
func (l *load) more() bool {
	for len(l.jobs) < maxBatch && (len(l.waits) == 0 || l.clk.Since(l.began) < share) {
		select {
		case j := <-l.from:
			if l.take(j) {
				return true
			}
		default:
			return false
		}
	}
	return false
}

// take adds a job unless its caller gave it up.
func (l *load) take(j *job) bool {
	if !j.state.CompareAndSwap(0, 1) {
		return false
	}
	l.jobs = append(l.jobs, j)
	return true
}

const writeTries = 6

// ending says how an attempt to commit a batch ended.
type ending int

const (
	stands  ending = iota // committed, or there was nothing to commit
	void                  // for certain nothing is stored
	unknown               // the connection was lost while committing
)

// commit brings a batch to its end. First everything runs together, because
// closures seldom fail; when one did, each runs again in a savepoint of its own,
// so that its failure costs no neighbour anything. What the engine rolled back
// runs again too: as a whole when the connection was lost, else each closure
// alone, so that one that is too big for the disk, or two writers that locked
// each other out, keep nobody from an answer.
func (db *DB) commit(s *session, l *load) {
	apart := false
	for try := 1; ; try++ {
		end, err := db.attempt(s, l, apart)
		batch := l.jobs
		l.from = nil
		l.turns = l.turns || transient(err)
		switch {
		case end == stands:
			return
		case errors.Is(err, errClaimLost):
			continue
		case end == void && len(batch) > 1 && !apart && !spoils(err):
			apart = true
			continue
		case end == void && try == 1 && db.checkpoints.makeRoom(db, s, err):
			continue
		case end == void && len(batch) > 1 && !lost(err):
			for i := range batch {
				db.commit(s, &load{jobs: batch[i : i+1], turns: l.turns})
			}
			return
		case end == void && transient(err) && try < writeTries, end == void && lost(err) && try < lostTries:
			continue
		}
		db.giveUp(batch, err)
		return
	}
}

// lostTries: a connection that was lost while it lay idle is opened anew; a
// server that is away is left to the callers, who know how long they can wait.
const lostTries = 3

func (db *DB) giveUp(batch []*job, err error) {
	err = plain(err)
	if db.life.Err() != nil && errors.Is(err, context.Canceled) {
		err = errClosed()
	}
	db.log.Error("write failed", "jobs", len(batch), "error", err)
	for _, j := range batch {
		if j.err == nil {
			j.err = err
		}
	}
}

// attempt runs every closure once and commits.
func (db *DB) attempt(s *session, l *load, apart bool) (ending, error) {
	ctx := context.WithoutCancel(db.life)
	if err := s.beginSoon(db.life, db.engine.beginWrite(), l.turns); err != nil {
		s.drop()
		return void, fmt.Errorf("begin: %w", err)
	}
	for i := 0; i < len(l.jobs) || l.more(); i++ {
		j := l.jobs[i]
		err := db.one(ctx, s, j, apart)
		failed := err == nil && j.err != nil && s.wrote && !apart
		if failed && len(l.jobs) == 1 {
			break // nobody else is to be spared
		}
		if failed {
			err = errApart
		}
		if err != nil {
			return db.abandon(ctx, s), err
		}
	}
	batch := l.jobs
	if len(batch) == 1 && batch[0].err != nil {
		db.abandon(ctx, s)
		return stands, nil
	}
	lanes, err := db.settleLanes(ctx, s, batch)
	if err == nil && lanes.lost {
		err = errClaimLost
	}
	if err == nil {
		err = db.chainAudit(ctx, s, batch)
	}
	if err == nil {
		err = db.numberEvents(ctx, s, batch)
	}
	if err != nil {
		return db.abandon(ctx, s), err
	}
	if sent, err := s.commit(ctx); err != nil {
		end := db.abandon(ctx, s)
		if sent && lost(err) {
			end = unknown
		}
		return end, fmt.Errorf("commit: %w", err)
	}
	db.landed(lanes)
	db.watch.commit(batch, lanes.wakes())
	return stands, nil
}

// errApart: a closure of several failed after it wrote something.
var errApart = errors.New("a closure failed")

// errClaimLost: some closure's claim went to another worker; the batch runs
// again without it.
var errClaimLost = errors.New("a claim was lost")

// abandon rolls a transaction back.
func (db *DB) abandon(ctx context.Context, s *session) ending {
	s.pipe.waiting = nil
	if err := s.simple(ctx, "ROLLBACK"); err != nil {
		s.drop()
	}
	return void
}

// one runs a closure, in a savepoint when it is to stand or fall apart from its
// neighbours. It returns an error only when the whole transaction is spoilt;
// the closure's own failure stays in j.err. What spoils is what the database
// said, never what the closure returned.
func (db *DB) one(ctx context.Context, s *session, j *job, apart bool) error {
	j.tx = &Tx{Rx: Rx{s: s, ctx: ctx, ws: j.ws, db: db}, now: db.clk.Now()}
	s.wrote = false
	if j.err = j.lost; j.err == nil {
		j.err = j.ctx.Err()
	}
	if j.err != nil {
		return nil
	}
	var start mark
	if apart {
		var err error
		if start, err = s.savepoint(ctx, "j"); err != nil {
			return err
		}
	}
	err := j.run()
	if err == nil && apart {
		err = s.settle(ctx)
	}
	if s.spoilt != nil {
		return s.spoilt
	}
	if err == nil && s.failed != nil {
		err = swallowed(s.failed)
	}
	if err == nil {
		if apart {
			return s.release(ctx, start)
		}
		return nil
	}
	s.wrote = s.wrote || s.failed != nil // a failed SELECT voids PostgreSQL's transaction too
	j.tx.events, j.tx.work, j.tx.audit, s.failed = nil, nil, nil, nil
	j.err = plain(err)
	if apart {
		return s.undo(ctx, start)
	}
	return nil
}

// swallowed is the error of a closure that went on after a failed statement
// outside a Sub.
func swallowed(cause error) error {
	return &desk.Error{Code: desk.Internal, Reason: "failure_swallowed", Text: "a write went on after a failed statement", Cause: cause}
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
	found, err := s.query(ctx, sqlTakeNumbers, int64(ws), len(events))
	var last int64
	if err := (one{s: s, rows: found, err: err}).Scan(&last); err != nil {
		return err
	}
	for i, e := range events {
		e.No = last - int64(len(events)) + int64(i) + 1
		if err := s.later(ctx, nil, sqlInsertEvent, int64(ws), e.No, us(e.At), string(e.Kind),
			int64(e.Conversation), int64(e.Message), int64(e.Object), e.Seq); err != nil {
			return err
		}
	}
	return nil
}
