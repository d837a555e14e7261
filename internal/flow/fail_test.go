package flow_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
	"parley/test/storetest"
)

// poisoned fails items with Seq 1 while sick, by an error or a panic.
type poisoned struct {
	w     *storetest.World
	tries chan try       // of the sick one
	began chan flow.Item // healthy ones, in the order of their lane
	done  chan flow.Item // as far as the worker knows: the next of the lane may be quicker to say so
	cured chan struct{}
}

type try struct {
	attempt int
	at      time.Time
}

func newPoisoned(w *storetest.World) *poisoned {
	return &poisoned{w: w, tries: make(chan try, 99), began: make(chan flow.Item, 99), done: make(chan flow.Item, 99), cured: make(chan struct{})}
}

func (p *poisoned) run(ctx context.Context, j *flow.Job) error {
	for _, it := range j.Items {
		sick := it.Seq == 1
		select {
		case <-p.cured:
			sick = false
		default:
		}
		if sick {
			p.tries <- try{it.Attempt, p.w.Fake.Now()}
			if it.Attempt%2 == 1 {
				panic("poison")
			}
			j.Fail(it, errors.New("poison"))
			if it.Attempt%4 == 0 {
				return nil
			}
			continue // under Aside the others go on
		}
		p.began <- it
		if err := p.w.In(it.Workspace).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx, it) }); err != nil {
			return err
		}
		p.done <- it
	}
	return nil
}

// tryAll lets the clock run until the item has been tried n times, resting 1 s
// after the first failure, then twice as long each time, up to 10 min. On a busy
// machine the clock may run past a worker's lease before its failure is written:
// then it is the same try once more, and the first may come to say so later still.
func (p *poisoned) tryAll(t *testing.T, n int) {
	t.Helper()
	rest := time.Duration(0)
	var last time.Time
	for i, late := 0, 0; i < n; i++ {
		got, _ := until(t, p.w, max(rest/3, 100*time.Millisecond).Truncate(time.Millisecond), p.tries)
		if got.attempt < i && late < n {
			late++ // the rest may have begun with the first worker's failure: it is counted from that
			i--
			continue
		}
		if got.attempt != i {
			t.Fatalf("try %d says it is number %d", i, got.attempt)
		}
		if gap := got.at.Sub(last); i > 0 && gap < rest {
			t.Fatalf("try %d came after %v, want %v", i, gap, rest)
		}
		last, rest = got.at, min(max(2*rest, time.Second), 10*time.Minute)
	}
}

func dead(t *testing.T, f *flow.Flow, ws desk.ID) []flow.Dead {
	t.Helper()
	all, err := f.Dead(within(t), ws)
	must(t, err)
	return all
}

// awaitDead waits for the lane to be paused, which is one commit after the last
// try.
func awaitDead(t *testing.T, f *flow.Flow, ws desk.ID) flow.Dead {
	t.Helper()
	for ctx := within(t); ctx.Err() == nil; {
		if all := dead(t, f, ws); len(all) == 1 {
			return all[0]
		}
	}
	t.Fatal("the lane never paused")
	return flow.Dead{}
}

func TestAPoisonedItemHoldsItsLaneAndThenPausesIt(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		f, p := newFlow(w), newPoisoned(w)
		must(t, h.Write(t.Context(), func(tx *store.Tx) error {
			return f.Add(tx, flow.Item{Kind: "x", Key: 7, Conversation: 7, Seq: 1})
		}))
		add(t, f, h, "x", 7, 2, 3)
		run(t, f, []flow.Handler{{Kind: "x", Run: p.run}})
		p.tryAll(t, flow.MaxAttempts)
		nothing(t, p.done)
		d := awaitDead(t, f, h.Workspace())
		if d.Work.Seq != 1 || d.Work.Key != 7 || d.Work.Attempt != flow.MaxAttempts || d.Fault != "panic" {
			t.Fatalf("dead: %+v", d)
		}
		var kinds []desk.EventKind
		must(t, h.Read(t.Context(), func(r *store.Rx) error {
			events, err := r.EventsAfter(0, 10)
			for _, e := range events {
				kinds = append(kinds, e.Kind)
			}
			return err
		}))
		if len(kinds) != 1 || kinds[0] != desk.ConversationChanged {
			t.Fatalf("nobody is told: %v", kinds)
		}
		w.Fake.Advance(time.Hour) // the lane stays paused, other lanes do not
		add(t, f, h, "x", 7, 4)
		add(t, f, h, "x", 8, 5)
		if it := receive(t, p.began); it.Seq != 5 {
			t.Fatalf("item %d ran in a paused lane", it.Seq)
		}
		close(p.cured)
		must(t, f.Resume(t.Context(), d))
		for _, want := range []int64{1, 2, 3, 4} {
			if it := receive(t, p.began); it.Seq != want {
				t.Fatalf("got %d, want %d", it.Seq, want)
			}
		}
		if err := f.Resume(t.Context(), d); !desk.IsNotFound(err) {
			t.Fatalf("resumed twice: %v", err)
		}
	})
}

func TestADeadItemCanBeDiscarded(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		f, p := newFlow(w), newPoisoned(w)
		add(t, f, h, "x", 7, 1, 2)
		run(t, f, []flow.Handler{{Kind: "x", Run: p.run}})
		p.tryAll(t, flow.MaxAttempts)
		must(t, f.Discard(t.Context(), awaitDead(t, f, h.Workspace())))
		if it := receive(t, p.done); it.Seq != 2 {
			t.Fatalf("got %d", it.Seq)
		}
		if all := dead(t, f, h.Workspace()); len(all) != 0 {
			t.Fatal(all)
		}
	})
}

// Under Aside a failing item holds nobody up: not its batch, not its lane, and
// its death pauses nothing else.
func TestAnItemSetAsideHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		f, p := newFlow(w), newPoisoned(w)
		must(t, h.Write(t.Context(), func(tx *store.Tx) error {
			for _, seq := range []int64{2, 1, 3, 4} {
				if err := f.Add(tx, flow.Item{Kind: "x", Key: 7, Seq: seq}); err != nil {
					return err
				}
			}
			return nil
		}))
		run(t, f, []flow.Handler{{Kind: "x", Batch: 3, Workers: 1, Retry: flow.Aside, Run: p.run}})
		for _, want := range []int64{2, 3, 4} { // without the clock moving
			if it := receive(t, p.done); it.Seq != want {
				t.Fatalf("got %d, want %d", it.Seq, want)
			}
		}
		p.tryAll(t, flow.MaxAttempts)
		d := awaitDead(t, f, h.Workspace())
		if d.Work.Seq != 1 || d.Work.Kind != "x" || d.Work.Key != 7 {
			t.Fatalf("dead: %+v", d)
		}
		add(t, f, h, "x", 7, 5)
		if it := receive(t, p.done); it.Seq != 5 {
			t.Fatalf("got %d", it.Seq)
		}
		close(p.cured)
		must(t, f.Resume(t.Context(), d))
		if it := receive(t, p.done); it.Seq != 1 || it.Kind != "x" || it.Key != 7 {
			t.Fatalf("got %+v", it)
		}
	})
}

// A handler that forgets an item is told so by its retries.
func TestAnUnfinishedItemIsAFailure(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	h := storetest.Workspace(t, w.DB, "a")
	f := newFlow(w)
	tries := make(chan int, 9)
	run(t, f, []flow.Handler{{Kind: "x", Run: func(_ context.Context, j *flow.Job) error {
		tries <- j.Items[0].Attempt
		return nil
	}}})
	add(t, f, h, "x", 7, 1)
	if receive(t, tries) != 0 {
		t.Fatal("the first try is not number 0")
	}
	if n, _ := until(t, w, 100*time.Millisecond, tries); n != 1 {
		t.Fatalf("the second try is number %d", n)
	}
}
