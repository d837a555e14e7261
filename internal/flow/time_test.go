package flow_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/pace"
	"parley/internal/store"
	"parley/test/storetest"
)

func arrive(t *testing.T, f *flow.Flow, h store.Handle, conversation desk.ID, seq int64) {
	t.Helper()
	must(t, h.Write(within(t), func(tx *store.Tx) error {
		return f.Emit(tx, desk.Event{Kind: desk.MessageArrived, Conversation: conversation, Message: desk.ID(100 + seq), Seq: seq})
	}))
}

var burstRule = flow.Rule{On: desk.MessageArrived, Do: "answer", Key: flow.ByConversation, After: 2 * time.Second, Coalesce: true, Within: 6 * time.Second}

func TestABurstIsOneItemThatWaitsButNotForEver(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		f := newFlow(w, burstRule)
		for seq := range int64(9) { // one a second: each pushes it back, six seconds are the bound
			arrive(t, f, h, 7, seq+1)
			w.Fake.Jump(time.Second)
		}
		w.Fake.Jump(-4 * time.Second) // second 5
		if c := claim(t, w.DB, "answer", 9); c != nil {
			t.Fatal("claimed while the burst goes on")
		}
		w.Fake.Jump(time.Second)
		c := claim(t, w.DB, "answer", 9)
		if c == nil || len(c.Items) != 1 || c.Items[0].Seq != 9 || c.Items[0].Message != 109 {
			t.Fatalf("claimed %+v", c)
		}
		if !c.Items[0].At.Equal(storetest.Start()) {
			t.Fatalf("the first came at %v", c.Items[0].At)
		}
		// One that comes while it runs: the running one ends, and it runs again.
		arrive(t, f, h, 7, 10)
		must(t, h.Write(t.Context(), func(tx *store.Tx) error { return tx.FinishWork(c, c.Items...) }))
		got := make(chan flow.Item, 9)
		run(t, f, []flow.Handler{finishing(w.DB, "answer", 9, got)})
		if it, _ := until(t, w, 100*time.Millisecond, got); it.Seq != 10 {
			t.Fatalf("got %+v", it)
		}
		w.Fake.Advance(time.Minute)
		nothing(t, got)
	})
}

// A batch takes along what falls due within a second, and nothing later.
func TestADelayedItemDoesNotRunEarlyInABatch(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		f := newFlow(w)
		must(t, h.Write(t.Context(), func(tx *store.Tx) error {
			for i, wait := range []time.Duration{0, time.Second, time.Minute, 0} {
				if err := f.Add(tx, flow.Item{Kind: "x", Key: 7, Seq: int64(i + 1)}, flow.After(wait)); err != nil {
					return err
				}
			}
			return nil
		}))
		for i, want := range [][]int64{{1, 2}, nil, {3, 4}} {
			c := claim(t, w.DB, "x", 9)
			if want == nil {
				if c != nil {
					t.Fatalf("claimed %v", seqs(c.Items))
				}
				w.Fake.Advance(time.Minute)
				continue
			}
			if c == nil || !slices.Equal(seqs(c.Items), want) {
				t.Fatalf("claim %d: %+v, want %v", i, c, want)
			}
			must(t, h.Write(t.Context(), func(tx *store.Tx) error { return tx.FinishWork(c, c.Items...) }))
		}
		if c := claim(t, w.DB, "x", 9); c != nil {
			t.Fatal("the lane is not empty")
		}
	})
}

func TestTheBurstTimeIsTheWorkspaces(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		rule := burstRule
		rule.Burst = true
		f := newFlow(w, rule)
		got := make(chan flow.Item, 9)
		run(t, f, []flow.Handler{finishing(w.DB, "answer", 9, got)})
		for _, burst := range []time.Duration{0, 3 * time.Second} {
			must(t, h.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.ChangeSettings(func(ws *desk.Workspace) error { ws.Burst = burst; return nil })
				return errors.Join(err, f.Emit(tx, desk.Event{Kind: desk.WorkspaceChanged}))
			}))
			arrive(t, f, h, 7, 1)
			if burst == 0 {
				receive(t, got) // the clock stands still
				continue
			}
			if _, took := until(t, w, 100*time.Millisecond, got); took < burst-time.Second || took > burst+time.Minute {
				t.Fatalf("it came after %v", took)
			}
		}
	})
}

// A clock that is put an hour back or forward delays nothing by an hour and
// loses nothing.
func TestAClockThatJumpsLosesNothing(t *testing.T) {
	t.Parallel()
	for name, jump := range map[string]time.Duration{"back": -time.Hour, "forward": time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
				h := storetest.Workspace(t, w.DB, "a")
				f := newFlow(w, burstRule)
				got, ticked := make(chan flow.Item, 9), make(chan struct{}, 9)
				stop := run(t, f, []flow.Handler{finishing(w.DB, "answer", 1, got), finishing(w.DB, "x", 1, got)},
					flow.Every{Name: "tick", Interval: time.Minute, Run: func(context.Context) error { ticked <- struct{}{}; return nil }})
				arrive(t, f, h, 7, 1) // due in two seconds
				w.Fake.Jump(jump)
				if _, took := until(t, w, 100*time.Millisecond, got); took > 10*time.Minute {
					t.Fatalf("delayed work came after %v", took)
				}
				if _, took := until(t, w, 5*time.Second, ticked); took > 30*time.Minute {
					t.Fatalf("regular work came after %v", took)
				}
				// The jump comes while nothing runs.
				stop()
				arrive(t, f, h, 7, 2)
				add(t, f, h, "x", 9, 3)
				w.Fake.Jump(jump)
				run(t, f, []flow.Handler{finishing(w.DB, "answer", 1, got), finishing(w.DB, "x", 1, got)})
				for range 2 {
					if _, took := until(t, w, 100*time.Millisecond, got); took > 10*time.Minute {
						t.Fatalf("after a restart it came after %v", took)
					}
				}
			})
		})
	}
}

// Regular work comes once per interval however many nodes and restarts there
// are, and a failure repeats it soon.
func TestRegularWorkComesOncePerInterval(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		ran := make(chan time.Time, 999)
		fail := make(chan error, 1)
		every := flow.Every{Name: "sweep", Interval: time.Hour, Run: func(context.Context) error {
			ran <- w.Fake.Now()
			select {
			case err := <-fail:
				return err
			default:
				return nil
			}
		}}
		both := func() []func() {
			return []func(){run(t, newFlow(w), nil, every), run(t, newFlow(w), nil, every)}
		}
		stops := both()
		start := w.Fake.Now()
		step := func() time.Duration {
			at, _ := until(t, w, 2*time.Minute, ran)
			took := at.Sub(start)
			start = at
			return took
		}
		near := func(what string, got, want time.Duration) {
			t.Helper()
			// The test's clock runs on while the code under test works. A repeat that
			// comes soon is told from the next regular one all the same.
			late := 6 * time.Hour
			if want < time.Hour {
				late = 45 * time.Minute
			}
			if got < want || got > want+late {
				t.Fatalf("%s after %v, want %v", what, got, want)
			}
		}
		near("first", step(), time.Hour)
		near("second", step(), time.Hour)
		for _, stop := range stops {
			stop()
		}
		w.Fake.Advance(30 * time.Minute)
		both()
		near("after a restart", step(), time.Hour)
		fail <- errors.New("no")
		near("the one that fails", step(), time.Hour)
		near("its repeat", step(), 10*time.Minute)
		near("the next", step(), time.Hour)
	})
}

// What runs when the program stops ends and is stored; nothing new begins.
func TestStoppingLetsRunningJobsEnd(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		f := newFlow(w)
		began, goOn := make(chan struct{}, 9), make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- f.Run(ctx, []flow.Handler{{Kind: "x", Run: func(ctx context.Context, j *flow.Job) error {
				began <- struct{}{}
				<-goOn
				if ctx.Err() != nil {
					return ctx.Err()
				}
				return h.Write(ctx, func(tx *store.Tx) error { return errors.Join(mark(tx, "stored"), j.Finish(tx)) })
			}}}, nil)
		}()
		add(t, f, h, "x", 7, 1, 2)
		receive(t, began)
		cancel()
		close(goOn)
		must(t, receive(t, done))
		if marked(t, h) != "stored" {
			t.Fatal("the running job's result is lost")
		}
		nothing(t, began)
		got := make(chan flow.Item, 9)
		run(t, f, []flow.Handler{finishing(w.DB, "x", 1, got)})
		if it := receive(t, got); it.Seq != 2 {
			t.Fatalf("got %d", it.Seq)
		}
	})
}

// A job that does not stop is told so by its ctx, and its lane is free for the
// next start at once, without a lease to wait for.
func TestAJobThatIsInterruptedRunsAgain(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		f := newFlow(w)
		began := make(chan struct{}, 9)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- f.Run(ctx, []flow.Handler{{Kind: "x", Run: func(ctx context.Context, j *flow.Job) error {
				began <- struct{}{}
				<-ctx.Done()
				return ctx.Err()
			}}}, nil)
		}()
		add(t, f, h, "x", 7, 1)
		receive(t, began)
		cancel()
		if err, _ := until(t, w, time.Second, done); err != nil {
			t.Fatal(err)
		}
		got := make(chan flow.Item, 9)
		run(t, f, []flow.Handler{finishing(w.DB, "x", 1, got)})
		if it := receive(t, got); it.Attempt != 0 {
			t.Fatalf("being interrupted counts as failure %d", it.Attempt)
		}
	})
}

// Regular work that did its turn is called again at once, but others that are due
// come before it.
func TestRegularWorkGoesOnAfterItsTurn(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		ran, other := make(chan int, 99), make(chan int, 99)
		turns := 0
		stop := run(t, newFlow(w), nil,
			flow.Every{Name: "long", Interval: time.Hour, Run: func(context.Context) error {
				turns++
				ran <- turns
				if turns%3 != 0 {
					return pace.ErrMore
				}
				return nil
			}},
			flow.Every{Name: "other", Interval: time.Hour, Run: func(context.Context) error { other <- 1; return nil }})
		begun := w.Fake.Now()
		for want := 1; want <= 3; want++ {
			if got, _ := until(t, w, time.Minute, ran); got != want {
				t.Fatalf("turn %d, want %d", got, want)
			}
		}
		if took := w.Fake.Since(begun); took > 100*time.Minute {
			t.Errorf("three turns took %v", took)
		}
		until(t, w, time.Minute, other)
		stop()
		if len(ran) > 1 {
			t.Errorf("it was called %d times more at once, though it was done", len(ran))
		}
	})
}
