package flow_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
	"parley/test/storetest"
)

// patience ends a test that would hang; nothing waits for it otherwise.
const patience = 60 * time.Second

// within gives a ctx that ends the test's waiting.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	context.AfterFunc(t.Context(), cancel)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// receive waits for a value that the code under test sends.
func receive[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-within(t).Done():
		t.Fatal("nothing came")
	}
	panic("unreachable")
}

// nothing makes sure that no value is there.
func nothing[T any](t *testing.T, ch <-chan T) {
	t.Helper()
	select {
	case v := <-ch:
		t.Fatalf("got %v, want nothing", v)
	default:
	}
}

// run starts a flow and stops it before the store closes.
func run(t *testing.T, f *flow.Flow, handlers []flow.Handler, every ...flow.Every) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx, handlers, every) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(patience):
			t.Error("the flow does not stop")
		}
	})
	t.Cleanup(stop)
	return stop
}

// breathe lets the code under test come up with the clock: writes that queue
// behind its own, on each of the writers, and a claim that waits for its claims.
func breathe(t *testing.T, w *storetest.World) {
	t.Helper()
	for ws := range desk.ID(8) {
		must(t, w.In(ws).Write(t.Context(), func(*store.Tx) error { return nil }))
	}
	_, _, err := w.ClaimLanes(t.Context(), store.ClaimAsk{Kind: "nobody's", Lanes: 1, Items: 1})
	must(t, err)
}

// until moves the clock step by step until a value comes and tells how long
// that took, give or take what the program needed.
func until[T any](t *testing.T, w *storetest.World, step time.Duration, ch <-chan T) (T, time.Duration) {
	t.Helper()
	start := w.Fake.Now()
	for ctx := within(t); ctx.Err() == nil; {
		select {
		case v := <-ch:
			return v, w.Fake.Now().Sub(start)
		default:
			w.Fake.Advance(step)
			breathe(t, w)
		}
	}
	t.Fatal("nothing came")
	panic("unreachable")
}

func newFlow(w *storetest.World, rules ...flow.Rule) *flow.Flow {
	return flow.New(flow.Config{DB: w.DB, Clock: w.Clock, Rules: rules})
}

// add puts items with the given seqs into one lane, each in its own commit.
func add(t *testing.T, f *flow.Flow, h store.Handle, kind string, key desk.ID, seqs ...int64) {
	t.Helper()
	for _, seq := range seqs {
		must(t, h.Write(within(t), func(tx *store.Tx) error {
			return f.Add(tx, flow.Item{Kind: kind, Key: key, Seq: seq})
		}))
	}
}

// finishing is a handler that finishes every item and reports it.
func finishing(db *store.DB, kind string, batch int, to chan<- flow.Item) flow.Handler {
	return flow.Handler{Kind: kind, Batch: batch, Run: func(ctx context.Context, j *flow.Job) error {
		if err := finish(ctx, db, j); err != nil {
			return err
		}
		for _, it := range j.Items {
			to <- it
		}
		return nil
	}}
}

func finish(ctx context.Context, db *store.DB, j *flow.Job) error {
	return db.In(j.Items[0].Workspace).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
}

func isLost(err error) bool {
	var e *desk.Error
	return errors.As(err, &e) && e.Code == desk.Conflict && e.Reason == "lease_lost"
}

// claim takes lanes straight from the store, as a worker that may die would.
func claim(t *testing.T, db *store.DB, kind string, items int) *store.Claim {
	t.Helper()
	all, _, err := db.ClaimLanes(within(t), store.ClaimAsk{Kind: kind, Lanes: 1, Items: items})
	must(t, err)
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// mark writes a row that shows whether a commit stood.
func mark(tx *store.Tx, name string) error {
	_, err := tx.ChangeSettings(func(w *desk.Workspace) error {
		w.Name = name
		return nil
	})
	return err
}

func marked(t *testing.T, h store.Handle) string {
	t.Helper()
	var name string
	must(t, h.Read(within(t), func(r *store.Rx) error {
		w, err := r.Settings()
		name = w.Name
		return err
	}))
	return name
}

func seqs(items []flow.Item) []int64 {
	var all []int64
	for _, it := range items {
		all = append(all, it.Seq)
	}
	return all
}
