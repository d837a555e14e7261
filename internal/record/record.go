package record

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
	"parley/internal/vault"
)

// Limits of what waits to be written.
const (
	maxUsage    = 20_000
	maxSecurity = 4_096
	maxFaults   = 512
	maxSamples  = 4 // single errors of one kind that a write keeps
	maxNetworks = 20_000
)

// Kinds of security records.
const (
	SignInFailed = "signin.failed"
	Refused      = "refused"      // lacked a permission, or came from another site's page
	Limited      = "limited"      // too many requests
	BadToken     = "token.bad"    // a key or session that opens nothing
	NewNetwork   = "key.network"  // a key used from where it was not used before
	SameText     = "text.many"    // one text to many conversations
	SendFlood    = "message.many" // very many messages by one sender
)

// Event is something at a door, as it happens.
type Event struct {
	Kind      string
	Route     string
	Workspace desk.ID    // 0 = nobody knows which
	Actor     desk.Actor // only kind and id are kept
	Account   string     // e-mail address that was tried; only its keyed hash is kept
	Network   string     // of Network
	Times     int64      // 0 = once
}

// usageKey is what calls are counted by.
type usageKey struct {
	ws    desk.ID
	day   int64
	kind  desk.ActorKind
	actor desk.ID
	route string
}

type usage struct{ calls, failed int64 }

// eventKey is what security records of the same seconds are put together by.
type eventKey struct {
	kind, route, account, network string
	ws, actor                     desk.ID
	actorKind                     desk.ActorKind
}

type tries struct {
	last  time.Time
	times int64
}

// use is a key at a network.
type use struct {
	ws, key desk.ID
	network string
}

// Recorder takes notes and writes them later. Its methods may be called at once
// from many goroutines; none of them waits for a database.
type Recorder struct {
	clk     clock.Clock
	log     *slog.Logger // whose errors are no notes
	dropped atomic.Int64

	mu      sync.Mutex
	usage   map[usageKey]usage
	events  map[eventKey]tries
	faults  map[string]*fault
	uses    map[use]bool // that were not written yet
	known   map[use]int64
	senders senders
	tell    []func(Fault)
	hear    []func(desk.ID, store.Security)
}

// New makes a Recorder that tells its own troubles to log.
func New(clk clock.Clock, log *slog.Logger) *Recorder {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	r := &Recorder{clk: clk, log: log, known: map[use]int64{}, senders: newSenders()}
	r.empty()
	return r
}

// empty begins new buffers; the lock is held, or nobody else knows r.
func (r *Recorder) empty() {
	r.usage, r.events, r.faults, r.uses = map[usageKey]usage{}, map[eventKey]tries{}, map[string]*fault{}, map[use]bool{}
}

// Dropped is how many notes found no room.
func (r *Recorder) Dropped() int64 { return r.dropped.Load() }

// Used counts one call of an operation.
func (r *Recorder) Used(ws desk.ID, who desk.Actor, route string, failed bool) {
	k := usageKey{ws, vault.Day(r.clk.Now()), who.Kind, who.ID, route}
	r.mu.Lock()
	defer r.mu.Unlock()
	u, have := r.usage[k]
	if !have && len(r.usage) >= maxUsage {
		r.dropped.Add(1)
		return
	}
	u.calls++
	if failed {
		u.failed++
	}
	r.usage[k] = u
}

// Note keeps a security record.
func (r *Recorder) Note(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(e)
}

func (r *Recorder) note(e Event) {
	k := eventKey{kind: e.Kind, route: e.Route, account: e.Account, network: e.Network, ws: e.Workspace, actor: e.Actor.ID, actorKind: e.Actor.Kind}
	t, have := r.events[k]
	if !have && len(r.events) >= maxSecurity {
		r.dropped.Add(1)
		return
	}
	t.last, t.times = r.clk.Now(), t.times+max(e.Times, 1)
	r.events[k] = t
}

// KeyUsed notes from which network a key is used.
func (r *Recorder) KeyUsed(ws, key desk.ID, network string) {
	if network == "" {
		return
	}
	k, today := use{ws, key, network}, vault.Day(r.clk.Now())
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known[k] == today {
		return
	}
	if len(r.known) >= maxNetworks {
		clear(r.known) // they are looked up again
	}
	if len(r.uses) >= maxNetworks {
		r.dropped.Add(1)
		return
	}
	r.known[k], r.uses[k] = today, true
}

// Every is how often what waits is written.
const Every = 5 * time.Second

// Run writes what waits until ctx ends, and once more then.
func (r *Recorder) Run(ctx context.Context, to Store) {
	tick := r.clk.NewTicker(Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			r.Flush(context.WithoutCancel(ctx), to)
			return
		case <-tick.C():
			r.Flush(ctx, to)
		}
	}
}
