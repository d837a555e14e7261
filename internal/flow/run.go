package flow

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/pace"
	"parley/internal/store"
)

// EveryKind is the kind of work of an Every.
const EveryKind = "every"

// Run does the work of all handlers until ctx ends; then it claims nothing
// more, lets running jobs end within Config.Drain, and returns nil. An error
// means that the tables do not fit together and nothing ran.
func (f *Flow) Run(ctx context.Context, handlers []Handler, every []Every) error {
	if err := f.check(handlers, every); err != nil {
		return err
	}
	began := f.clk.Now() // before schedule looks at the clock, so that no jump falls between
	if err := f.schedule(ctx, every); err != nil {
		return err
	}
	if len(every) > 0 {
		handlers = append(handlers[:len(handlers):len(handlers)], f.everyHandler(every))
	}
	var crews []*crew
	for _, h := range handlers {
		crews = append(crews, newCrew(f, h, h.Kind))
		if h.Retry == Aside {
			h.Batch, h.Workers = 1, 1
			crews = append(crews, newCrew(f, h, store.Aside(h.Kind)))
		}
	}
	stop := f.db.Watch(func(c store.Commit) {
		for _, w := range crews {
			if due, ok := c.Work[w.kind]; ok {
				w.knock(due)
			}
		}
	})
	defer stop()
	var all sync.WaitGroup
	for _, w := range crews {
		all.Go(func() { w.run(ctx) })
	}
	all.Go(func() { f.watchClock(ctx, began) })
	all.Wait()
	return nil
}

func (f *Flow) check(handlers []Handler, every []Every) error {
	kinds := map[string]bool{EveryKind: true}
	for _, h := range handlers {
		if h.Kind == "" || h.Run == nil || kinds[h.Kind] {
			return fmt.Errorf("flow: handler %q has no kind, no Run or comes twice", h.Kind)
		}
		kinds[h.Kind] = true
	}
	for _, rules := range f.rules {
		for _, r := range rules {
			if !kinds[r.Do] {
				return fmt.Errorf("flow: nobody does %q, which follows %s", r.Do, r.On)
			}
		}
	}
	names := map[desk.ID]bool{}
	for _, e := range every {
		if e.Name == "" || e.Run == nil || e.Interval <= 0 || names[everyKey(e.Name)] {
			return fmt.Errorf("flow: regular work %q has no name, no Run, no interval or comes twice", e.Name)
		}
		names[everyKey(e.Name)] = true
	}
	return nil
}

// schedule makes sure that each Every waits in its lane. One that waits already
// keeps its time, counted from its last run.
func (f *Flow) schedule(ctx context.Context, every []Every) error {
	return f.db.In(0).Write(ctx, func(tx *store.Tx) error {
		for _, e := range every {
			it := Item{Kind: EveryKind, Key: everyKey(e.Name)}
			if err := f.Add(tx, it, After(e.Interval), Coalesce(e.Interval)); err != nil {
				return err
			}
		}
		return tx.ClockWentBack(clockSlack)
	})
}

func everyKey(name string) desk.ID {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	return desk.ID(h.Sum64()>>1 | 1)
}

func (f *Flow) everyHandler(every []Every) Handler {
	byKey := map[desk.ID]Every{}
	for _, e := range every {
		byKey[everyKey(e.Name)] = e
	}
	run := func(ctx context.Context, j *Job) error {
		it := j.Items[0]
		e, ok := byKey[it.Key]
		if !ok { // a job of an older program
			return f.db.In(0).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
		}
		again := e.Interval
		work, ended := f.cfg.Begun(ctx, e.Name, 0, 1)
		failed := e.Run(work)
		if errors.Is(failed, pace.ErrMore) { // after the others that are due
			failed, again = nil, 0
		}
		ended(failed)
		if failed != nil {
			f.log.Error("regular work failed", "name", e.Name, "error", shown(failed))
			again = min(again, lastWait)
		}
		return f.db.In(0).Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			return tx.RepeatWork(j.claim, it, tx.Now().Add(again))
		})
	}
	return Handler{Kind: EveryKind, Workers: 2, Timeout: time.Hour, Run: run}
}

// clockSlack is how far the clocks of two nodes may differ.
const clockSlack = 2 * time.Second

// watchClock notices a clock that was put back and moves due times along, which
// would otherwise lie an hour ahead for an hour.
func (f *Flow) watchClock(ctx context.Context, last time.Time) {
	tick := f.clk.NewTicker(f.cfg.Poll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C():
		}
		now := f.clk.Now()
		if now.Before(last.Add(-clockSlack)) {
			f.log.Warn("the clock was put back", "by", last.Sub(now))
			err := f.db.In(0).Write(ctx, func(tx *store.Tx) error { return tx.ClockWentBack(clockSlack) })
			if err != nil {
				f.log.Error("due times keep the old clock", "error", shown(err))
				continue
			}
		}
		last = now
	}
}

// shown is what of an error may be logged: its own words only if it is one of
// ours, which never hold content.
func shown(err error) string {
	var e *desk.Error
	if errors.As(err, &e) {
		return e.Error()
	}
	return fmt.Sprintf("%T", err)
}
