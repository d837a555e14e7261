package live

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/pace"
	"parley/internal/store"
)

// Keep is how long events can be replayed.
const Keep = store.EventTerm

const (
	page     = 500 // events read at once
	waiting  = 64  // events a stream may fall behind before it reads rows again
	poll     = time.Second
	dropStep = 1000
)

// Hub knows who watches which workspace. Its methods may be called at once from
// many goroutines.
type Hub struct {
	db   *store.DB
	clk  clock.Clock
	log  *slog.Logger
	bell chan struct{}
	ends []func()
	done sync.WaitGroup

	mu     sync.Mutex
	rooms  map[desk.ID]*room
	behind map[desk.ID]bool // rooms with events that were not handed out yet
	closed bool
}

// room is one workspace that somebody watches.
type room struct {
	seen    int64 // last number handed out
	last    int64 // last number heard of
	opened  bool  // seen is known
	opening int   // streams that are on their way in
	all     map[*Stream]struct{}
	talking map[desk.ID][]*Stream // by conversation
}

// New starts a hub; Close ends it.
func New(db *store.DB, clk clock.Clock, log *slog.Logger) *Hub {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	h := &Hub{db: db, clk: clk, log: log, bell: make(chan struct{}, 1), rooms: map[desk.ID]*room{}, behind: map[desk.ID]bool{}}
	ctx, cancel := context.WithCancel(context.Background())
	h.ends = []func(){db.Watch(h.committed), db.Hear(h.heard), cancel}
	h.done.Go(func() { h.pump(ctx) })
	return h
}

// Close ends every stream with ErrClosed.
func (h *Hub) Close() {
	for _, end := range h.ends {
		end()
	}
	h.done.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, r := range h.rooms {
		for s := range r.streams() {
			s.knock()
		}
	}
}

// Streams is how many streams are open.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, r := range h.rooms {
		for range r.streams() {
			n++
		}
	}
	return n
}

func (r *room) streams() func(yield func(*Stream) bool) {
	return func(yield func(*Stream) bool) {
		for s := range r.all {
			if !yield(s) {
				return
			}
		}
		for _, those := range r.talking {
			for _, s := range those {
				if !yield(s) {
					return
				}
			}
		}
	}
}

// committed is told after every commit.
func (h *Hub) committed(c store.Commit) {
	if len(c.Events) > 0 {
		h.note(c.Events)
	}
}

func (h *Hub) note(numbers map[desk.ID]int64) {
	h.mu.Lock()
	found := false
	for ws, no := range numbers {
		if r := h.rooms[ws]; r != nil && no > r.seen {
			r.last = max(r.last, no)
			h.behind[ws], found = true, true
		}
	}
	h.mu.Unlock()
	if found {
		h.ring()
	}
}

func (h *Hub) ring() {
	select {
	case h.bell <- struct{}{}:
	default:
	}
}

// pump reads new events, once for all who watch a workspace. A slow look at the
// counters finds what no commit told, as after another node's lost word.
func (h *Hub) pump(ctx context.Context) {
	tick := h.clk.NewTicker(poll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C():
			h.look(ctx)
		case <-h.bell:
		}
		for _, ws := range h.late() {
			if err := h.fetch(ctx, ws); err != nil && ctx.Err() == nil {
				h.log.Error("cannot read events", "workspace", ws, "error", err) // the next tick tries again
			}
		}
	}
}

func (h *Hub) look(ctx context.Context) {
	h.mu.Lock()
	idle := len(h.rooms) == 0
	h.mu.Unlock()
	if idle {
		return
	}
	numbers, err := h.db.LastEventNumbers(ctx)
	if err == nil {
		h.note(numbers)
	}
}

// late empties the list of rooms that are behind.
func (h *Hub) late() []desk.ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]desk.ID, 0, len(h.behind))
	for ws := range h.behind {
		all = append(all, ws)
	}
	clear(h.behind)
	return all
}

// fetch hands out what a room does not have yet.
func (h *Hub) fetch(ctx context.Context, ws desk.ID) error {
	for {
		h.mu.Lock()
		r := h.rooms[ws]
		if r == nil || !r.opened || r.seen >= r.last {
			h.mu.Unlock()
			return nil
		}
		after := r.seen
		h.mu.Unlock()
		events, err := h.read(ctx, ws, after)
		if err != nil {
			return err
		}
		h.mu.Lock()
		if r == h.rooms[ws] && r.seen == after { // the same people are still there
			r.hand(events)
		}
		h.mu.Unlock()
	}
}

func (h *Hub) read(ctx context.Context, ws desk.ID, after int64) (events []desk.Event, err error) {
	err = h.db.In(ws).Read(ctx, func(rx *store.Rx) error {
		events, err = rx.EventsAfter(after, page)
		return err
	})
	return events, err
}

// hand gives events to the streams of a room; the hub is locked.
func (r *room) hand(events []desk.Event) {
	if len(events) == 0 || events[0].No != r.seen+1 { // rows were deleted: readers find out for themselves
		for s := range r.streams() {
			s.replays, s.pending = true, nil
			s.knock()
		}
		r.seen = r.last
		return
	}
	for _, e := range events {
		r.seen = e.No
		for s := range r.all {
			s.take(e)
		}
		if e.Kind == desk.WorkspaceChanged {
			for _, those := range r.talking {
				for _, s := range those {
					s.take(e)
				}
			}
			continue
		}
		for _, s := range r.talking[e.Conversation] {
			s.take(e)
		}
	}
}

// concerns reports whether who watches a conversation is told of an event: of
// the conversation's own, and of what changed for the whole workspace, such as
// that nobody may speak in it any more.
func concerns(e desk.Event, conversation desk.ID) bool {
	return e.Conversation == conversation || e.Kind == desk.WorkspaceChanged
}

// DropOld deletes events that can be replayed no longer, in steps of the pace
// given, and answers pace.ErrMore when that ends before the events do. It is work
// for flow.Every.
func (h *Hub) DropOld(ctx context.Context, in pace.Steps) error {
	numbers, err := h.db.LastEventNumbers(ctx)
	if err != nil {
		return err
	}
	var more error
	for ws := range numbers {
		err := in.Do(ctx, func() (bool, error) {
			var gone int64
			err := h.db.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
				gone, err = tx.DropEvents(tx.Now().Add(-Keep), dropStep)
				return err
			})
			return gone == dropStep, err
		})
		switch {
		case errors.Is(err, pace.ErrMore):
			more = err
		case err != nil:
			return err
		}
	}
	return more
}
