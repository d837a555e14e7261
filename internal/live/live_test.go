package live_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/pace"
	"parley/internal/live"
	"parley/internal/store"
	"parley/test/storetest"
)

const patience = 60 * time.Second

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func hub(t *testing.T, w *storetest.World) *live.Hub {
	t.Helper()
	h := live.New(w.DB, w.Clock, nil)
	t.Cleanup(h.Close)
	return h
}

func subscribe(t *testing.T, h *live.Hub, ws, conversation desk.ID, after int64) *live.Stream {
	t.Helper()
	s, err := h.SubscribeConversation(t.Context(), ws, conversation, after)
	must(t, err)
	t.Cleanup(s.Close)
	return s
}

func emit(t *testing.T, h store.Handle, conversation desk.ID, n int) {
	t.Helper()
	must(t, h.Write(within(t), func(tx *store.Tx) error {
		for range n {
			tx.Emit(desk.Event{Kind: desk.MessageAdded, Conversation: conversation})
		}
		return nil
	}))
}

// expect reads events until it has those with the given numbers, in order.
func expect(t *testing.T, s *live.Stream, numbers ...int64) {
	t.Helper()
	for len(numbers) > 0 {
		events, err := s.Next(within(t))
		must(t, err)
		for _, e := range events {
			if len(numbers) == 0 || e.No != numbers[0] {
				t.Fatalf("got event %d, want %v", e.No, numbers)
			}
			numbers = numbers[1:]
		}
	}
}

func quiet(t *testing.T, s *live.Stream) {
	t.Helper()
	if events, some, err := s.Take(within(t)); some || err != nil {
		t.Fatalf("got %v, %v, want nothing", events, err)
	}
}

func upTo(from, to int64) (all []int64) {
	for no := from; no <= to; no++ {
		all = append(all, no)
	}
	return all
}

func TestAStreamReplaysExactlyFromAnyKeptNumber(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		ws := storetest.Workspace(t, w.DB, "a")
		h := hub(t, w)
		emit(t, ws, 1, 700) // more than a page
		for _, after := range []int64{0, 1, 350, 699, 700} {
			s := subscribe(t, h, ws.Workspace(), 0, after)
			expect(t, s, upTo(after+1, 700)...)
			quiet(t, s)
		}
		now := subscribe(t, h, ws.Workspace(), 0, live.Now)
		quiet(t, now)
		emit(t, ws, 1, 2)
		expect(t, now, 701, 702)
		for _, after := range []int64{703, 99999, -2} {
			if _, err := h.Subscribe(t.Context(), ws.Workspace(), after); !errors.Is(err, live.ErrTooOld) {
				t.Fatalf("after %d: %v", after, err)
			}
		}
	})
}

func TestEventsOlderThanSevenDaysGoAndTheirReadersLoadAnew(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		ws := storetest.Workspace(t, w.DB, "a")
		h := hub(t, w)
		emit(t, ws, 1, 2500)
		s := subscribe(t, h, ws.Workspace(), 0, 0) // reads nothing yet
		w.Fake.Jump(live.Keep - time.Second)
		emit(t, ws, 1, 3)
		must(t, h.DropOld(t.Context(), pace.Steps{}))
		expect(t, subscribe(t, h, ws.Workspace(), 0, 2490), upTo(2491, 2503)...)
		w.Fake.Jump(2 * time.Second)
		must(t, h.DropOld(t.Context(), pace.Steps{}))
		if _, err := h.Subscribe(t.Context(), ws.Workspace(), 2499); !errors.Is(err, live.ErrTooOld) {
			t.Fatalf("a deleted number: %v", err)
		}
		expect(t, subscribe(t, h, ws.Workspace(), 0, 2500), 2501, 2502, 2503)
		if _, err := s.Next(within(t)); !errors.Is(err, live.ErrTooOld) {
			t.Fatalf("a reader that slept: %v", err)
		}
		w.Fake.Jump(2 * live.Keep)
		must(t, h.DropOld(t.Context(), pace.Steps{}))
		quiet(t, subscribe(t, h, ws.Workspace(), 0, 2503))
		if _, err := h.Subscribe(t.Context(), ws.Workspace(), 2502); !errors.Is(err, live.ErrTooOld) {
			t.Fatalf("no rows at all: %v", err)
		}
	})
}

func TestAStreamOfOneConversationHearsNoOther(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	a, b := storetest.Workspace(t, w.DB, "a"), storetest.Workspace(t, w.DB, "b")
	h := hub(t, w)
	emit(t, a, 1, 3)
	emit(t, a, 2, 2)
	emit(t, b, 1, 5)
	s := subscribe(t, h, a.Workspace(), 2, 0)
	expect(t, s, 4, 5)
	emit(t, a, 1, 100)
	emit(t, b, 2, 1)
	emit(t, a, 2, 1)
	expect(t, s, 106)
	quiet(t, s)
}

// A reader that does not read costs no memory and misses nothing.
func TestASlowReaderReadsTheRowsAgain(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	ws := storetest.Workspace(t, w.DB, "a")
	h := hub(t, w)
	slow, quick := subscribe(t, h, ws.Workspace(), 0, live.Now), subscribe(t, h, ws.Workspace(), 0, live.Now)
	mine := subscribe(t, h, ws.Workspace(), 7, live.Now)
	quiet(t, slow)
	quiet(t, mine)
	for i := range int64(2000 / 50) {
		emit(t, ws, desk.ID(7+i%2), 50)
		expect(t, quick, upTo(i*50+1, i*50+50)...)
	}
	expect(t, slow, upTo(1, 2000)...)
	quiet(t, slow)
	var half []int64
	for no := range int64(2000) {
		if no/50%2 == 0 {
			half = append(half, no+1)
		}
	}
	expect(t, mine, half...)
	emit(t, ws, 7, 1)
	expect(t, slow, 2001)
	expect(t, mine, 2001)
}

// 8 slow writers at once, and a reader that comes and goes: no event is skipped
// or doubled.
func TestNoEventIsSkippedOrDoubledWhileManyWrite(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{Clock: clock.Real{}}, func(t *testing.T, w *storetest.World) {
		ws, other := storetest.Workspace(t, w.DB, "a"), storetest.Workspace(t, w.DB, "b")
		h := hub(t, w)
		const writers, commits, each = 8, 40, 3
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				for n := range commits {
					err := ws.Write(t.Context(), func(tx *store.Tx) error {
						for range each {
							tx.Emit(desk.Event{Kind: desk.MessageAdded, Conversation: desk.ID(i + 1), Seq: int64(n)})
							// A slow transaction: many statements between its first and its commit.
							for range 5 {
								if _, err := tx.Settings(); err != nil {
									return err
								}
							}
						}
						if n%10 == 9 {
							return desk.Fail(desk.Invalid, "undone", "this closure falls")
						}
						return nil
					})
					if n%10 != 9 && err != nil {
						t.Error(err)
					}
					_ = other.Write(t.Context(), func(tx *store.Tx) error { tx.Emit(desk.Event{Kind: desk.MessageAdded}); return nil })
				}
			})
		}
		const total = writers * commits * each * 9 / 10
		perWriter := map[desk.ID]int64{}
		for last := int64(0); last < total; {
			s := subscribe(t, h, ws.Workspace(), 0, last)
			for range 7 {
				if last == total {
					break
				}
				events, err := s.Next(within(t))
				must(t, err)
				for _, e := range events {
					if e.No != last+1 {
						t.Fatalf("event %d came after %d", e.No, last)
					}
					if e.Seq < perWriter[e.Conversation] {
						t.Fatalf("writer %d: commit %d came after %d", e.Conversation, e.Seq, perWriter[e.Conversation])
					}
					last, perWriter[e.Conversation] = e.No, e.Seq
				}
			}
			s.Close()
		}
		all.Wait()
		quiet(t, subscribe(t, h, ws.Workspace(), 0, total))
	})
}

func TestFramesReachWhoWatchesNowAndNobodyElse(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	ws := storetest.Workspace(t, w.DB, "a")
	h := hub(t, w)
	all, mine, foreign := subscribe(t, h, ws.Workspace(), 0, live.Now), subscribe(t, h, ws.Workspace(), 5, live.Now), subscribe(t, h, ws.Workspace(), 6, live.Now)
	for _, s := range []*live.Stream{all, mine, foreign} {
		quiet(t, s)
	}
	must(t, h.Publish(ws.Workspace(), live.Frame{Conversation: 5, Kind: "typing", Data: "on"}))
	for _, s := range []*live.Stream{all, mine} {
		events, err := s.Next(within(t))
		must(t, err)
		frames := s.Frames()
		if len(events) != 0 || len(frames) != 1 || frames[0] != (live.Frame{Conversation: 5, Kind: "typing", Data: "on"}) {
			t.Fatalf("got %v and %v", events, frames)
		}
	}
	quiet(t, foreign)
	for i := range 1000 {
		must(t, h.Publish(ws.Workspace(), live.Frame{Conversation: 5, Kind: "typing", Data: fmt.Sprint(i)}))
	}
	if frames := mine.Frames(); len(frames) > 16 || frames[len(frames)-1].Data != "999" {
		t.Fatalf("%d frames wait", len(frames))
	}
	if err := h.Publish(ws.Workspace(), live.Frame{Kind: "typing", Data: strings.Repeat("x", 256)}); desk.CodeOf(err) != desk.Invalid {
		t.Fatalf("a frame of 262 bytes: %v", err)
	}
}

func TestCloseEndsWaitingReaders(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	ws := storetest.Workspace(t, w.DB, "a")
	h := live.New(w.DB, w.Clock, nil)
	one, err := h.Subscribe(t.Context(), ws.Workspace(), live.Now)
	must(t, err)
	two, err := h.Subscribe(t.Context(), ws.Workspace(), live.Now)
	must(t, err)
	ends := make(chan error, 2)
	for _, s := range []*live.Stream{one, two} {
		go func() {
			_, err := s.Next(within(t))
			ends <- err
		}()
	}
	one.Close()
	one.Close()
	if err := <-ends; !errors.Is(err, live.ErrClosed) {
		t.Fatal(err)
	}
	h.Close()
	if err := <-ends; !errors.Is(err, live.ErrClosed) {
		t.Fatal(err)
	}
	if _, err := h.Subscribe(t.Context(), ws.Workspace(), live.Now); !errors.Is(err, live.ErrClosed) {
		t.Fatal(err)
	}
}

// moving moves a clock on again and again until its answer is called.
func moving(clk *clock.Fake) (stop func()) {
	done, tick := make(chan struct{}), time.NewTicker(5*time.Millisecond)
	var ended sync.WaitGroup
	ended.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				clk.Advance(time.Second)
			}
		}
	})
	return func() { close(done); tick.Stop(); ended.Wait() }
}

// Two nodes share a PostgreSQL: an event of one wakes the readers of the other
// before any poll, and a frame crosses too. The reader's clock stands still.
func TestNodesWakeEachOther(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		if w.Engine() == "sqlite" {
			return // one process has the data
		}
		ws := storetest.Workspace(t, w.DB, "a")
		far := storetest.Open(t, storetest.Options{URL: w.URL, Dir: w.Dir})
		s := subscribe(t, hub(t, far), ws.Workspace(), 0, 0)
		here := hub(t, w)
		// The first note may come before the other node listens: the poll of
		// its clock stands in.
		emit(t, ws, 1, 1)
		for got := false; !got; {
			select {
			case <-s.Ready():
				_, got, _ = s.Take(within(t))
			default:
				far.Fake.Advance(time.Second)
				w.Fake.Advance(time.Second)
			}
		}
		defer moving(w.Fake)() // the pace of the sender, whenever it begins to wait for it
		emit(t, ws, 1, 1)
		expect(t, s, 2)
		must(t, here.Publish(ws.Workspace(), live.Frame{Kind: "typing"}))
		for len(s.Frames()) == 0 {
			if _, err := s.Next(within(t)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// 5,000 idle widget streams are to cost at most 30 KB each in all; this part
// may have 2 KB of it and no goroutine.
func TestIdleStreamsAreCheap(t *testing.T) {
	w := storetest.Open(t, storetest.Options{})
	ws := storetest.Workspace(t, w.DB, "a")
	h := hub(t, w)
	const n = 5000
	open := make([]*live.Stream, 0, n)
	before, routines := heap(), runtime.NumGoroutine()
	for i := range n {
		s, err := h.SubscribeConversation(t.Context(), ws.Workspace(), desk.ID(i+1), live.Now)
		must(t, err)
		quiet(t, s)
		open = append(open, s)
	}
	if grown := int64(heap()-before) / n; grown > 2048 {
		t.Errorf("a stream costs %d bytes", grown)
	}
	if more := runtime.NumGoroutine() - routines; more > 10 {
		t.Errorf("%d goroutines for %d streams", more, n)
	}
	emit(t, ws, 77, 1)
	expect(t, open[76], 1)
	quiet(t, open[77])
	for _, s := range open {
		s.Close()
	}
	if h.Streams() != 0 {
		t.Fatal("streams stay")
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
