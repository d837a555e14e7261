package flow_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/store"
	"parley/test/storetest"
)

// line watches lanes from the workers' side. Each item carries its enqueuer
// (Object) and its number among that one's items of the lane (Seq).
type line struct {
	mu     sync.Mutex
	inside map[desk.ID]bool
	last   map[[2]desk.ID]int64
	wrong  map[string]int
	left   int
	all    chan struct{}
}

func (l *line) enter(lane desk.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inside[lane] {
		l.wrong["two workers in one lane"]++
	}
	l.inside[lane] = true
}

// leave is called before the commit that ends the job, after which another
// worker may come in.
func (l *line) leave(items []flow.Item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, it := range items {
		who := [2]desk.ID{it.Key, it.Object}
		if it.Seq != l.last[who]+1 {
			l.wrong["an item was skipped, doubled or overtaken"]++
		}
		l.last[who] = it.Seq
		if l.left--; l.left == 0 {
			close(l.all)
		}
	}
	l.inside[items[0].Key] = false
}

// 8 enqueuers × 6 workers × 25 lanes, on clocks that stand still: a wake-up that
// is lost would hang the test, because no poll comes to help.
func TestLanesAreFirstInFirstOutAndLoseNoWakeUp(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		f := newFlow(w)
		const enqueuers, lanes, rounds = 8, 25, 8
		l := &line{inside: map[desk.ID]bool{}, last: map[[2]desk.ID]int64{}, wrong: map[string]int{},
			left: enqueuers * lanes * rounds, all: make(chan struct{})}
		run(t, f, []flow.Handler{{Kind: "x", Batch: 3, Workers: 6, Run: func(ctx context.Context, j *flow.Job) error {
			l.enter(j.Items[0].Key)
			for _, it := range j.Items[:len(j.Items)-1] { // some in commits of their own
				if err := h.Write(ctx, func(tx *store.Tx) error { return j.Finish(tx, it) }); err != nil {
					t.Error(err)
				}
			}
			l.leave(j.Items)
			return h.Write(ctx, func(tx *store.Tx) error { return j.Finish(tx, j.Items[len(j.Items)-1]) })
		}}})
		var all sync.WaitGroup
		for who := range enqueuers {
			all.Go(func() {
				for round := range rounds {
					for lane := range lanes {
						err := h.Write(t.Context(), func(tx *store.Tx) error {
							return f.Add(tx, flow.Item{Kind: "x", Key: desk.ID(lane + 1), Object: desk.ID(who + 1), Seq: int64(round + 1)})
						})
						if err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		all.Wait()
		receive(t, l.all)
		for what, n := range l.wrong {
			t.Errorf("%s: %d times", what, n)
		}
	})
}

// Work of a process that ended before it could wake anybody, or of another node
// whose note was lost, is found by looking.
func TestWorkIsFoundWithoutAnyWakeUp(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		f := newFlow(w)
		add(t, f, h, "x", 1, 1)
		got := make(chan flow.Item, 9)
		run(t, f, []flow.Handler{finishing(w.DB, "x", 1, got)})
		receive(t, got)
		if w.Engine() == "sqlite" {
			return // nobody else can write there
		}
		far := storetest.Open(t, storetest.Options{URL: w.URL, Dir: w.Dir})
		add(t, newFlow(far), far.In(h.Workspace()), "x", 1, 2)
		if it, _ := until(t, w, time.Second, got); it.Seq != 2 { // polls
			t.Fatalf("got %d", it.Seq)
		}
	})
}

// Two nodes on one PostgreSQL share the lanes and wake each other.
func TestTwoNodesShareTheLanes(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{Clock: clock.Real{}}, func(t *testing.T, w *storetest.World) {
		if w.Engine() == "sqlite" {
			return // one process has the data
		}
		h := storetest.Workspace(t, w.DB, "a")
		far := storetest.Open(t, storetest.Options{URL: w.URL, Dir: w.Dir, Clock: clock.Real{}})
		const n = 300
		l := &line{inside: map[desk.ID]bool{}, last: map[[2]desk.ID]int64{}, wrong: map[string]int{}, left: n, all: make(chan struct{})}
		for _, node := range []*storetest.World{w, far} {
			run(t, newFlow(node), []flow.Handler{{Kind: "x", Batch: 2, Workers: 3, Run: func(ctx context.Context, j *flow.Job) error {
				l.enter(j.Items[0].Key)
				l.leave(j.Items)
				return finish(ctx, node.DB, j)
			}}})
		}
		f := newFlow(w)
		for i := range int64(n) {
			must(t, h.Write(t.Context(), func(tx *store.Tx) error {
				return f.Add(tx, flow.Item{Kind: "x", Key: desk.ID(i%3 + 1), Object: 1, Seq: i/3 + 1})
			}))
		}
		receive(t, l.all)
		for what, n := range l.wrong {
			t.Errorf("%s: %d times", what, n)
		}
	})
}

// Followers of an event are rows of its own transaction.
func TestFollowersComeWithTheirEventOrNotAtAll(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "a")
		f := newFlow(w,
			flow.Rule{On: desk.MessageArrived, Do: "answer", Key: flow.ByConversation},
			flow.Rule{On: desk.MessageArrived, Do: "index", Key: flow.ByWorkspace},
			flow.Rule{On: desk.SourceChanged, Do: "read", Key: flow.ByObject})
		got := make(chan flow.Item, 9)
		run(t, f, []flow.Handler{finishing(w.DB, "answer", 1, got), finishing(w.DB, "index", 1, got), finishing(w.DB, "read", 1, got)})
		e := desk.Event{Kind: desk.MessageArrived, Conversation: 4, Message: 5, Object: 6, Seq: 7}
		err := h.Write(t.Context(), func(tx *store.Tx) error {
			if err := f.Emit(tx, e); err != nil {
				return err
			}
			return desk.Fail(desk.Invalid, "undone", "the closure falls")
		})
		if desk.CodeOf(err) != desk.Invalid {
			t.Fatal(err)
		}
		must(t, h.Write(t.Context(), func(tx *store.Tx) error { return f.Emit(tx, e) }))
		keys := map[string]desk.ID{}
		for range 2 {
			it := receive(t, got)
			keys[it.Kind] = it.Key
			if it.Conversation != 4 || it.Message != 5 || it.Object != 6 || it.Seq != 7 || it.Workspace != h.Workspace() {
				t.Fatalf("the item forgot what it is about: %+v", it)
			}
		}
		if keys["answer"] != 4 || keys["index"] != h.Workspace() {
			t.Fatal(keys)
		}
		nothing(t, got)
		err = h.Write(t.Context(), func(tx *store.Tx) error { return f.Emit(tx, desk.Event{Kind: desk.SourceChanged}) })
		if desk.CodeOf(err) != desk.Internal {
			t.Fatalf("an event without the id that keys its follower: %v", err)
		}
	})
}

func TestATableThatDoesNotFitStopsTheStart(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	do := func(context.Context, *flow.Job) error { return nil }
	f := newFlow(w, flow.Rule{On: desk.MessageArrived, Do: "answer"})
	for name, handlers := range map[string][]flow.Handler{
		"nobody answers": nil,
		"twice":          {{Kind: "answer", Run: do}, {Kind: "answer", Run: do}},
		"no Run":         {{Kind: "answer"}},
	} {
		if err := f.Run(t.Context(), handlers, nil); err == nil {
			t.Errorf("%s: it runs", name)
		}
	}
}
