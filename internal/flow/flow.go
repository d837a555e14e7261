package flow

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
)

// Item is one piece of work: ids and numbers, never content. Key is the lane's
// key; Due zero means at once.
type Item = store.Work

// Dead is an item that failed too often, at the head of the lane it paused.
type Dead = store.Dead

// KeyOf says which id of an event keys the lane of a follower.
type KeyOf int

// What may key a lane.
const (
	ByConversation KeyOf = iota
	ByWorkspace
	ByMessage
	ByObject  // the draft, source, contact or member the event is about
	ByAccount // the channel account the event is about
)

// Rule says that when On happened, work of kind Do follows.
type Rule struct {
	On       desk.EventKind
	Do       string
	Key      KeyOf
	After    time.Duration // due so long after the event
	Burst    bool          // After is the workspace's burst time
	Coalesce bool          // one waiting item per lane; each newer event pushes it back …
	Within   time.Duration // … but no further than this after the first; 0 = 4 × After
}

// Config is what a Flow is made of. DB, Clock and Log are required.
type Config struct {
	DB    *store.DB
	Clock clock.Clock
	Log   *slog.Logger
	Rules []Rule
	Lease time.Duration // 0 = 30 s; renewed three times in that time
	Poll  time.Duration // 0 = 1 s
	Drain time.Duration // 0 = 10 s: how long jobs may go on after Run's ctx ends
	// Begun is told of work that begins, regular work by its name, and its result
	// how it ended; nil = nobody.
	Begun func(ctx context.Context, kind string, ws desk.ID, items int) (context.Context, func(error))
}

// Flow adds work and does it.
type Flow struct {
	cfg    Config
	db     *store.DB
	clk    clock.Clock
	log    *slog.Logger
	rules  map[desk.EventKind][]Rule
	bursts bursts
}

// New makes a Flow; nothing runs before Run.
func New(cfg Config) *Flow {
	f := &Flow{cfg: cfg, db: cfg.DB, clk: cfg.Clock, log: cfg.Log, rules: map[desk.EventKind][]Rule{}}
	if f.log == nil {
		f.log = slog.New(slog.DiscardHandler)
	}
	if f.cfg.Begun == nil {
		f.cfg.Begun = func(ctx context.Context, _ string, _ desk.ID, _ int) (context.Context, func(error)) {
			return ctx, func(error) {}
		}
	}
	f.cfg.Lease = orElse(cfg.Lease, 30*time.Second)
	f.cfg.Poll = orElse(cfg.Poll, time.Second)
	f.cfg.Drain = orElse(cfg.Drain, 10*time.Second)
	for _, r := range cfg.Rules {
		f.rules[r.On] = append(f.rules[r.On], r)
	}
	return f
}

func orElse(d, other time.Duration) time.Duration {
	if d <= 0 {
		return other
	}
	return d
}

// Emit adds an event to the transaction and the work that follows from it.
func (f *Flow) Emit(tx *store.Tx, e desk.Event) error {
	tx.Emit(e)
	if e.Kind == desk.WorkspaceChanged {
		f.bursts.forget(tx.Workspace())
	}
	for _, r := range f.rules[e.Kind] {
		if err := f.follow(tx, e, r); err != nil {
			return err
		}
	}
	return nil
}

func (f *Flow) follow(tx *store.Tx, e desk.Event, r Rule) error {
	it := Item{Kind: r.Do, Key: r.Key.of(tx.Workspace(), e), Conversation: e.Conversation, Message: e.Message,
		Object: e.Object, Seq: e.Seq}
	wait := r.After
	if r.Burst {
		var err error
		if wait, err = f.bursts.of(tx); err != nil {
			return err
		}
	}
	opts := []Option{After(wait)}
	if r.Coalesce {
		within := r.Within
		if within == 0 {
			within = 4 * wait
		}
		opts = append(opts, Coalesce(within))
	}
	return f.Add(tx, it, opts...)
}

func (k KeyOf) of(ws desk.ID, e desk.Event) desk.ID {
	switch k {
	case ByWorkspace:
		return ws
	case ByMessage:
		return e.Message
	case ByObject, ByAccount:
		return e.Object
	}
	return e.Conversation
}

// Option changes how an item is added.
type Option func(*adding)

type adding struct {
	wait   time.Duration
	merge  bool
	within time.Duration
}

// After makes the item due d from now instead of at once. The lane stands still
// until then when the item is its head; in a batch it may go along with the one
// before it, up to a second early.
func After(d time.Duration) Option { return func(a *adding) { a.wait = d } }

// Coalesce makes the item the one waiting item of its lane: it takes the place
// of one that waits already and pushes its due time back, but no further than
// within after the first. An item that runs at that time runs again.
func Coalesce(within time.Duration) Option {
	return func(a *adding) { a.merge, a.within = true, within }
}

// Clock is the clock that work is due by.
func (f *Flow) Clock() clock.Clock { return f.clk }

// Add adds one item to its lane of the transaction's workspace. Kind and Key
// are required.
func (f *Flow) Add(tx *store.Tx, it Item, opts ...Option) error {
	if it.Kind == "" || it.Key == 0 {
		return desk.Fail(desk.Internal, "no_lane", "work needs a kind and a key: "+it.Kind)
	}
	if it.Workspace != 0 && it.Workspace != tx.Workspace() {
		return desk.Fail(desk.Internal, "foreign_workspace", "work belongs to the transaction's workspace")
	}
	var a adding
	for _, o := range opts {
		o(&a)
	}
	if a.wait > 0 {
		it.Due = tx.Now().Add(a.wait)
	}
	if a.merge {
		tx.MergeWork(it, a.within)
	} else {
		tx.AddWork(it)
	}
	return nil
}

// Dead lists the paused lanes of a workspace (0 = the instance), longest paused
// first, each with the item that failed.
func (f *Flow) Dead(ctx context.Context, ws desk.ID) ([]Dead, error) {
	var all []Dead
	err := f.db.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		all, err = r.DeadWork(1000)
		return err
	})
	return all, err
}

// Resume lets a paused lane run again, beginning with the item that failed.
func (f *Flow) Resume(ctx context.Context, d Dead) error {
	return f.db.In(d.Work.Workspace).Write(ctx, func(tx *store.Tx) error { return tx.ResumeLane(d.Work, false) })
}

// Discard lets a paused lane run again without the item that failed.
func (f *Flow) Discard(ctx context.Context, d Dead) error {
	return f.db.In(d.Work.Workspace).Write(ctx, func(tx *store.Tx) error { return tx.ResumeLane(d.Work, true) })
}

// bursts remembers the workspaces' burst times for a short while: they are
// asked for with every message.
type bursts struct {
	mu   sync.Mutex
	kept map[desk.ID]burst
}

type burst struct {
	wait time.Duration
	read time.Time
}

const burstKept = 5 * time.Second

func (b *bursts) of(tx *store.Tx) (time.Duration, error) {
	b.mu.Lock()
	have, ok := b.kept[tx.Workspace()]
	b.mu.Unlock()
	if age := tx.Now().Sub(have.read); ok && age >= 0 && age < burstKept {
		return have.wait, nil
	}
	ws, err := tx.Settings()
	if err != nil {
		return 0, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept == nil || len(b.kept) > 10_000 {
		b.kept = map[desk.ID]burst{}
	}
	b.kept[tx.Workspace()] = burst{ws.Burst, tx.Now()}
	return ws.Burst, nil
}

func (b *bursts) forget(ws desk.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.kept, ws)
}
