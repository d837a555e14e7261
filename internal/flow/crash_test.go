package flow_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
	"parley/test/storetest"
)

// reopen is a new process on the same data: claims of the old one are dead.
func reopen(t *testing.T, w *storetest.World) *storetest.World {
	t.Helper()
	must(t, w.DB.Close())
	return storetest.Open(t, storetest.Options{Dir: w.Dir, URL: w.URL, Clock: w.Clock})
}

// A process dies at each step of a job; the next one finds exactly what the
// last commit left.
func TestACrashAtAnyStepLosesAndRepeatsNothingCommitted(t *testing.T) {
	t.Parallel()
	steps := []struct {
		name string
		do   func(t *testing.T, w *storetest.World, h store.Handle, c *store.Claim)
		left []int64
		mark string
	}{
		{"before the claim", nil, []int64{1, 2, 3}, "start"},
		{"after the claim", func(*testing.T, *storetest.World, store.Handle, *store.Claim) {}, []int64{1, 2, 3}, "start"},
		{"result undone", func(t *testing.T, _ *storetest.World, h store.Handle, c *store.Claim) {
			err := h.Write(t.Context(), func(tx *store.Tx) error {
				if err := mark(tx, "half"); err != nil {
					return err
				}
				if err := tx.FinishWork(c, c.Items...); err != nil {
					return err
				}
				return desk.Fail(desk.Invalid, "stop", "the closure failed")
			})
			if desk.CodeOf(err) != desk.Invalid {
				t.Fatal(err)
			}
		}, []int64{1, 2, 3}, "start"},
		{"first of two results committed", func(t *testing.T, _ *storetest.World, h store.Handle, c *store.Claim) {
			must(t, h.Write(t.Context(), func(tx *store.Tx) error {
				return desk2(mark(tx, "one"), tx.FinishWork(c, c.Items[0]))
			}))
		}, []int64{2, 3}, "one"},
		{"results committed, lane full again", func(t *testing.T, _ *storetest.World, h store.Handle, c *store.Claim) {
			must(t, h.Write(t.Context(), func(tx *store.Tx) error {
				return desk2(mark(tx, "two"), tx.FinishWork(c, c.Items...))
			}))
		}, []int64{3}, "two"},
		{"failure noted", func(t *testing.T, _ *storetest.World, h store.Handle, c *store.Claim) {
			must(t, h.Write(t.Context(), func(tx *store.Tx) error { return tx.RetryWork(c, c.Items[0], time.Time{}, "") }))
		}, []int64{1, 2, 3}, "start"},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			t.Parallel()
			storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
				h := storetest.Workspace(t, w.DB, "start")
				add(t, newFlow(w), h, "x", 7, 1, 2, 3)
				if step.do != nil {
					step.do(t, w, h, claim(t, w.DB, "x", 2))
				}
				w = reopen(t, w)
				got := make(chan flow.Item, 9)
				run(t, newFlow(w), []flow.Handler{finishing(w.DB, "x", 2, got)})
				// A worker tells what it did after the commit, when another may
				// have told of the next items already.
				var told []int64
				for range step.left {
					told = append(told, receive(t, got).Seq)
				}
				if slices.Sort(told); !slices.Equal(told, step.left) {
					t.Fatalf("got items %v, want %v", told, step.left)
				}
				if name := marked(t, w.DB.In(h.Workspace())); name != step.mark {
					t.Fatalf("the stored result is %q, want %q", name, step.mark)
				}
			})
		})
	}
}

func desk2(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// A worker that lost its lane may still be running: nothing it writes stands.
func TestAZombieCommitsNothing(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "start")
		f := newFlow(w)
		add(t, f, h, "x", 7, 1)
		zombie := claim(t, w.DB, "x", 1)
		w.LetGo(zombie) // on PostgreSQL the lease of 0 s has ended as well
		holder := claim(t, w.DB, "x", 1)
		if holder == nil {
			t.Fatal("the lane did not come back")
		}
		tries := map[string]func(tx *store.Tx) error{
			"finish": func(tx *store.Tx) error { return tx.FinishWork(zombie, zombie.Items...) },
			"check":  func(tx *store.Tx) error { tx.HoldWork(zombie); return nil },
			"retry":  func(tx *store.Tx) error { return tx.RetryWork(zombie, zombie.Items[0], time.Time{}, "") },
			"aside":  func(tx *store.Tx) error { return tx.SetAside(zombie, zombie.Items[0], time.Time{}) },
			"end":    func(tx *store.Tx) error { tx.EndClaim(zombie); return nil },
		}
		for _, name := range []string{"while another holds it", "after another finished it"} {
			for try, fn := range tries {
				err := h.Write(t.Context(), func(tx *store.Tx) error { return desk2(mark(tx, try), fn(tx)) })
				if !isLost(err) {
					t.Fatalf("%s %s: %v, want lease_lost", try, name, err)
				}
			}
			if got := marked(t, h); name == "while another holds it" && got != "start" {
				t.Fatalf("the zombie stored %q", got)
			}
			if !holder.Ended() {
				must(t, h.Write(t.Context(), func(tx *store.Tx) error { return tx.FinishWork(holder, holder.Items...) }))
			}
		}
		if claim(t, w.DB, "x", 1) != nil {
			t.Fatal("finished work came back")
		}
	})
}

// A zombie in a group commit falls alone.
func TestAZombieTakesNoNeighbourDown(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "start")
		f := newFlow(w)
		add(t, f, h, "x", 7, 1)
		zombie := claim(t, w.DB, "x", 1)
		w.LetGo(zombie)
		holder := claim(t, w.DB, "x", 1)
		const n = 40
		errs := make(chan error, n+1)
		for i := range n {
			go func() {
				errs <- h.Write(t.Context(), func(tx *store.Tx) error {
					return f.Add(tx, flow.Item{Kind: "y", Key: desk.ID(i + 1), Seq: 1})
				})
			}()
		}
		go func() {
			err := h.Write(t.Context(), func(tx *store.Tx) error { return tx.FinishWork(zombie, zombie.Items...) })
			if !isLost(err) {
				err = fmt.Errorf("zombie: %v", err)
			} else {
				err = nil
			}
			errs <- err
		}()
		for range n + 1 {
			must(t, receive(t, errs))
		}
		must(t, h.Write(t.Context(), func(tx *store.Tx) error { return tx.FinishWork(holder, holder.Items...) }))
		got := make(chan flow.Item, n)
		run(t, f, []flow.Handler{finishing(w.DB, "y", 1, got)})
		for range n {
			receive(t, got)
		}
	})
}

// A handler that hangs loses its lane a lease after its time is over.
func TestAStuckWorkerLosesItsLane(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "start")
		f := flow.New(flow.Config{DB: w.DB, Clock: w.Clock, Lease: 30 * time.Millisecond})
		hang, began, zombie := make(chan struct{}), make(chan int64, 9), make(chan error, 1)
		var calls atomic.Int64
		run(t, f, []flow.Handler{{Kind: "x", Workers: 1, Timeout: time.Second, Run: func(ctx context.Context, j *flow.Job) error {
			n := calls.Add(1)
			began <- n
			if n > 1 {
				return finish(ctx, w.DB, j)
			}
			<-hang
			zombie <- h.Write(context.Background(), func(tx *store.Tx) error { return desk2(mark(tx, "zombie"), j.Finish(tx)) })
			return nil
		}}})
		add(t, f, h, "x", 7, 1)
		receive(t, began)
		until(t, w, 500*time.Millisecond, began)
		close(hang)
		if err := receive(t, zombie); !isLost(err) {
			t.Fatalf("the stuck worker's commit: %v", err)
		}
		if marked(t, h) != "start" {
			t.Fatal("the stuck worker's result stands")
		}
	})
}
