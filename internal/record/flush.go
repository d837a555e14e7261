package record

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Store is where records are written.
type Store interface {
	In(ws desk.ID) store.Handle
	AccountMark(ctx context.Context, email string) ([]byte, error)
	NetworkMark(ctx context.Context, network string) ([]byte, error)
}

// Hear calls fn from now on with what was at the doors of a workspace, 0 = of
// none, once it is written; without account and network. fn must be quick.
func (r *Recorder) Hear(fn func(desk.ID, store.Security)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hear = append(r.hear, fn)
}

// batch is what waited, by workspace.
type batch struct {
	usage  map[usageKey]usage
	events map[eventKey]tries
	uses   map[use]bool
}

func newBatch() *batch {
	return &batch{map[usageKey]usage{}, map[eventKey]tries{}, map[use]bool{}}
}

// Flush writes what waits. What cannot be written now waits again, as far as
// there is room.
func (r *Recorder) Flush(ctx context.Context, to Store) {
	r.mu.Lock()
	all := map[desk.ID]*batch{}
	of := func(ws desk.ID) *batch {
		if all[ws] == nil {
			all[ws] = newBatch()
		}
		return all[ws]
	}
	for k, u := range r.usage {
		of(k.ws).usage[k] = u
	}
	for k, t := range r.events {
		of(k.ws).events[k] = t
	}
	for k := range r.uses {
		of(k.ws).uses[k] = true
	}
	faults, hear := r.faults, r.hear
	r.empty()
	r.mu.Unlock()
	var failed error
	for ws, b := range all {
		if err := write(ctx, to, ws, b); err != nil {
			failed = errors.Join(failed, err)
			r.again(b)
			continue
		}
		for k, t := range b.events {
			for _, fn := range hear {
				fn(ws, security(k, t, nil))
			}
		}
	}
	if err := r.writeFaults(ctx, to, faults); err != nil {
		failed = errors.Join(failed, err)
	}
	if failed != nil {
		r.log.WarnContext(ctx, "records wait to be written", "error", failed)
	}
}

// again puts back what was not written.
func (r *Recorder) again(b *batch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, u := range b.usage {
		if have, ok := r.usage[k]; ok || len(r.usage) < maxUsage {
			r.usage[k] = usage{have.calls + u.calls, have.failed + u.failed}
		} else {
			r.dropped.Add(u.calls)
		}
	}
	for k, t := range b.events {
		have, ok := r.events[k]
		if !ok && len(r.events) >= maxSecurity {
			r.dropped.Add(t.times)
			continue
		}
		if have.last.After(t.last) {
			t.last = have.last
		}
		r.events[k] = tries{t.last, have.times + t.times}
	}
	for k := range b.uses {
		if len(r.uses) < maxNetworks {
			r.uses[k] = true
		}
	}
}

// write keeps what happened in one workspace.
func write(ctx context.Context, to Store, ws desk.ID, b *batch) error {
	marks, err := marksOf(ctx, to, b)
	if err != nil {
		return err
	}
	return to.In(ws).Write(ctx, func(tx *store.Tx) error {
		for k, u := range b.usage {
			err := tx.CountUsage(k.day, store.Usage{Actor: desk.Actor{Kind: k.kind, ID: k.actor}, Route: k.route, Calls: u.calls, Failed: u.failed})
			if err != nil {
				return err
			}
		}
		for k, t := range b.events {
			if err := tx.InsertSecurity(security(k, t, marks)); err != nil {
				return err
			}
		}
		for k := range b.uses {
			fresh, err := tx.SeeNetwork(k.key, marks[k.network])
			if err == nil && fresh {
				err = tx.InsertSecurity(store.Security{At: tx.Now(), Kind: NewNetwork, Actor: desk.Actor{Kind: desk.ByKey, ID: k.key},
					Network: marks[k.network], Touched: 1, Source: k.network})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func security(k eventKey, t tries, marks map[string][]byte) store.Security {
	s := store.Security{At: t.last, Kind: k.kind, Route: k.route, Actor: desk.Actor{Kind: k.actorKind, ID: k.actor}, Touched: t.times}
	if marks != nil {
		s.Account, s.Network, s.Source = marks["@"+k.account], marks[k.network], k.network
	}
	return s
}

// marksOf makes the keyed hashes of a batch; accounts stand behind an @.
func marksOf(ctx context.Context, to Store, b *batch) (map[string][]byte, error) {
	marks := map[string][]byte{}
	network := func(n string) (err error) {
		if n != "" && marks[n] == nil {
			marks[n], err = to.NetworkMark(ctx, n)
		}
		return err
	}
	for k := range b.events {
		if err := network(k.network); err != nil {
			return nil, err
		}
		if k.account != "" && marks["@"+k.account] == nil {
			mark, err := to.AccountMark(ctx, k.account)
			if err != nil {
				return nil, err
			}
			marks["@"+k.account] = mark
		}
	}
	for k := range b.uses {
		if err := network(k.network); err != nil {
			return nil, err
		}
	}
	return marks, nil
}

func (r *Recorder) writeFaults(ctx context.Context, to Store, faults map[string]*fault) error {
	if len(faults) == 0 {
		return nil
	}
	err := to.In(0).Write(ctx, func(tx *store.Tx) error {
		for _, f := range faults {
			if err := tx.AddFault(f.Fault, f.some); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for print, f := range faults {
		have := r.faults[print]
		switch {
		case have != nil:
			f.Seen, f.LastAt = f.Seen+have.Seen, later(f.LastAt, have.LastAt)
			r.faults[print] = f
		case len(r.faults) < maxFaults:
			r.faults[print] = f
		default:
			r.dropped.Add(f.Seen)
		}
	}
	return err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
