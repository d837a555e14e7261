package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

// Rx reads one workspace in one snapshot.
type Rx struct {
	s   *session
	ctx context.Context
	ws  desk.ID
	db  *DB
}

// Tx reads and writes one workspace in one transaction. Now is the same for the
// whole closure.
type Tx struct {
	Rx
	now    time.Time
	events []desk.Event
	work   []laneOp
	audit  []auditOp
}

// Context ends with the store, not with the request whose write this is.
func (r *Rx) Context() context.Context { return r.ctx }

// Workspace is the workspace the transaction is bound to.
func (r *Rx) Workspace() desk.ID { return r.ws }

// Now is the time of this transaction.
func (t *Tx) Now() time.Time { return t.now }

// NewID makes a row id.
func (t *Tx) NewID() desk.ID { return t.db.NewID() }

// Emit adds an event to the transaction; its number comes at commit. Followers
// are the business of flow.Emit, which calls this.
func (t *Tx) Emit(e desk.Event) {
	e.Workspace, e.At = t.ws, t.now
	t.events = append(t.events, e)
}

// one is a row that may be absent: Scan answers sql.ErrNoRows then.
type one struct {
	s    *session
	rows rows
	err  error
}

func (o one) Scan(to ...any) error {
	if o.err != nil {
		return o.err
	}
	if !o.rows.Next() {
		if err := errors.Join(o.rows.Err(), o.rows.Close()); err != nil {
			return o.s.note(err)
		}
		return sql.ErrNoRows
	}
	err := o.rows.Scan(to...)
	// Closing reads to the end, where a statement that writes may still fail.
	closed := o.rows.Close()
	return errors.Join(err, o.s.note(errors.Join(o.rows.Err(), closed)))
}

// row runs a query for at most one row.
func (r *Rx) row(query string, args ...any) one {
	rows, err := r.s.query(r.ctx, query, args...)
	return one{s: r.s, rows: rows, err: err}
}

// ask runs a query for at most one row; scan may be called only by the next
// settle. It lets many look-ups share a round trip.
func (r *Rx) ask(scan func(scanner) error, query string, args ...any) error {
	return r.s.ask(r.ctx, scan, query, args...)
}

// mayBeAbsent lets a row be missing.
func mayBeAbsent(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// each runs a query and calls scan for every row.
func (r *Rx) each(query string, args []any, scan func(scanner) error) (err error) {
	rows, err := r.s.query(r.ctx, query, args...)
	if err != nil {
		return err
	}
	// Deferred, because an open cursor would block the connection for ever
	// after a panic in scan.
	defer func() { err = errors.Join(err, r.s.note(rows.Close())) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return r.s.note(rows.Err())
}

// scanner is a row that can be read.
type scanner interface{ Scan(to ...any) error }

// exec runs a statement and returns the number of rows it touched.
func (t *Tx) exec(query string, args ...any) (int64, error) {
	return t.s.exec(t.ctx, query, args...)
}

// later runs a statement without waiting for it; a failure undoes the closure.
func (t *Tx) later(query string, args ...any) error {
	return t.s.later(t.ctx, nil, query, args...)
}

// mustLater is must without waiting; the row was read in this transaction.
func (t *Tx) mustLater(what, query string, args ...any) error {
	return t.s.later(t.ctx, func(n int64) error {
		if n != 1 {
			return &desk.Error{Code: desk.Internal, Reason: "row_gone", Text: "a row changed while it was locked", Cause: missing(what)}
		}
		return nil
	}, query, args...)
}

// must runs a statement that has to touch exactly one row; desk.NotFound else.
func (t *Tx) must(what, query string, args ...any) error {
	n, err := t.exec(query, args...)
	if err == nil && n != 1 {
		return missing(what)
	}
	return err
}

func missing(what string) error {
	return desk.Fail(desk.NotFound, what+"_not_found", "there is no such "+what)
}

// found turns "no row" into desk.NotFound.
func found(what string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return missing(what)
	}
	return err
}

// seal encrypts a column's value; nil and "" stay NULL, which says nothing but
// "absent".
func (t *Tx) seal(ref vault.Ref, table, column string, row desk.ID, clear []byte) ([]byte, error) {
	if len(clear) == 0 {
		return nil, nil
	}
	key, err := t.sealingKey(ref)
	if err != nil {
		return nil, err
	}
	return t.db.vault.Seal(key, t.ad(table, column, row), clear), nil
}

// sealingKey never makes a subject's key: only the verb that inserts the subject
// does. What comes for an erased person finds no key and fails, instead of
// bringing them back.
func (t *Tx) sealingKey(ref vault.Ref) (vault.Key, error) {
	if ref.Kind != vault.Subject {
		return t.db.vault.Key(t.ctx, ref)
	}
	key, err := t.db.vault.KeyIfThere(t.ctx, ref)
	if errors.Is(err, vault.ErrNoKey) {
		return key, &desk.Error{Code: desk.NotFound, Reason: "subject_erased", Text: "the person was erased", Cause: err}
	}
	return key, err
}

// open decrypts a column's value; NULL is nil. A destroyed key answers
// vault.ErrNoKey.
func (r *Rx) open(table, column string, row desk.ID, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
	return r.db.vault.Open(r.ctx, r.ad(table, column, row), sealed)
}

func (r *Rx) ad(table, column string, row desk.ID) vault.AD {
	return vault.AD{Workspace: int64(r.ws), Table: table, Column: column, Row: int64(row)}
}

// subject names the key of a contact or member of this workspace.
func (r *Rx) subject(id desk.ID) vault.Ref {
	return vault.Ref{Workspace: int64(r.ws), Kind: vault.Subject, Of: int64(id)}
}

// workspaceKey names the key of this workspace's own content.
func (r *Rx) workspaceKey() vault.Ref {
	return vault.Ref{Workspace: int64(r.ws), Kind: vault.Workspace}
}

// made is when a row was made: now, or, where it was in another install, then.
func (t *Tx) made(elsewhere time.Time) time.Time {
	if elsewhere.IsZero() {
		return t.now
	}
	return elsewhere
}

// us and at convert times to and from microseconds UTC; the zero time is 0.
func us(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func at(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func toJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil // only for values of our own types, which always marshal
	}
	return b
}

// Commit tells what a group commit held.
type Commit struct {
	Events map[desk.ID]int64    // highest event number per workspace
	Work   map[string]time.Time // kinds of work that wait, and until when; zero = not at all
	Remote bool                 // of another node
}

// watchers are told after each commit.
type watchers struct {
	mu   sync.Mutex
	next int
	fns  map[int]func(Commit)
}

// Watch calls fn after every commit that added events or work; on PostgreSQL
// also, a little later, after those of other nodes. fn must be quick. The
// returned function ends it.
func (db *DB) Watch(fn func(Commit)) (stop func()) {
	w := &db.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fns == nil {
		w.fns = map[int]func(Commit){}
	}
	id := w.next
	w.next++
	w.fns[id] = fn
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.fns, id)
	}
}

func (w *watchers) commit(batch []*job, work map[string]time.Time) {
	c := Commit{Events: map[desk.ID]int64{}, Work: work}
	for _, j := range batch {
		if j.err != nil {
			continue
		}
		for _, e := range j.tx.events {
			c.Events[e.Workspace] = max(c.Events[e.Workspace], e.No)
		}
	}
	w.tell(c)
}

func (w *watchers) tell(c Commit) {
	if len(c.Work) == 0 && len(c.Events) == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, fn := range w.fns {
		fn(c)
	}
}
