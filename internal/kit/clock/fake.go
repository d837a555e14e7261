package clock

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Fake is a clock that stands still until a test moves it.
//
// It keeps two readings, as a machine does: the wall clock, which may jump in
// either direction (Jump), and a monotonic one on which timers run (Advance).
type Fake struct {
	mu      sync.Mutex
	wall    time.Time
	mono    time.Duration
	seq     int64
	pending []*fakeTimer
	changed chan struct{} // closed and replaced whenever pending changes
}

// NewFake gives a Fake that shows start.
func NewFake(start time.Time) *Fake {
	return &Fake{wall: start.UTC().Round(0), changed: make(chan struct{})}
}

// Now is the wall-clock time a test has set.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.wall
}

// Since is Now().Sub(t).
func (f *Fake) Since(t time.Time) time.Duration { return f.Now().Sub(t) }

// After gives a channel that receives once the clock was advanced by d.
func (f *Fake) After(d time.Duration) <-chan time.Time { return f.NewTimer(d).C() }

// NewTimer gives a timer that fires once the clock was advanced by d; at once
// when d ≤ 0.
func (f *Fake) NewTimer(d time.Duration) Timer {
	t := &fakeTimer{clock: f, ch: make(chan time.Time, 1)}
	f.schedule(t, d)
	return t
}

// AfterFunc runs fn in its own goroutine once the clock was advanced by d.
func (f *Fake) AfterFunc(d time.Duration, fn func()) Timer {
	t := &fakeTimer{clock: f, fn: fn}
	f.schedule(t, d)
	return t
}

// NewTicker gives a ticker; d must be > 0.
func (f *Fake) NewTicker(d time.Duration) Ticker {
	t := &fakeTimer{clock: f, ch: make(chan time.Time, 1), every: max(d, 1)}
	f.schedule(t, d)
	return fakeTicker{t}
}

// Advance moves both readings forward by d ≥ 0 and fires every timer that falls
// due on the way, in order, each seeing its own due time.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	end := f.mono + max(d, 0)
	for len(f.pending) > 0 && f.pending[0].due <= end {
		t := f.pending[0]
		f.step(max(t.due, f.mono))
		f.remove(t)
		t.fire(f.wall)
		if t.every > 0 {
			f.insert(t, t.due+t.every)
		}
	}
	f.step(end)
}

// Jump changes the wall clock alone, as an operator or a time server does. No
// timer fires.
func (f *Fake) Jump(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wall = f.wall.Add(d)
}

// Set moves the clock to t: forward like Advance, backward like Jump.
func (f *Fake) Set(t time.Time) {
	d := t.Sub(f.Now())
	if d < 0 {
		f.Jump(d)
		return
	}
	f.Advance(d)
}

// Waiting is the number of timers and tickers that are set and have not fired.
func (f *Fake) Waiting() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.pending)
}

// BlockUntil returns once at least n timers are set, or with an error when ctx
// ends first. A test calls it before Advance, so that the code under test
// cannot miss the move.
func (f *Fake) BlockUntil(ctx context.Context, n int) error {
	for {
		f.mu.Lock()
		have, changed := len(f.pending), f.changed
		f.mu.Unlock()
		if have >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("clock: %d of %d timers set: %w", have, n, context.Cause(ctx))
		}
	}
}

func (f *Fake) step(mono time.Duration) {
	f.wall = f.wall.Add(mono - f.mono)
	f.mono = mono
}

func (f *Fake) schedule(t *fakeTimer, d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.start(t, d)
}

func (f *Fake) start(t *fakeTimer, d time.Duration) {
	if d <= 0 && t.every == 0 {
		t.fire(f.wall)
		return
	}
	f.insert(t, f.mono+d)
}

// insert keeps pending in order of due time; equal times keep the order in
// which they were set.
func (f *Fake) insert(t *fakeTimer, due time.Duration) {
	f.seq++
	t.due, t.seq, t.set = due, f.seq, true
	at, _ := slices.BinarySearchFunc(f.pending, t, func(a, b *fakeTimer) int {
		if a.due != b.due {
			return int(min(max(a.due-b.due, -1), 1))
		}
		return int(a.seq - b.seq)
	})
	f.pending = slices.Insert(f.pending, at, t)
	f.announce()
}

func (f *Fake) remove(t *fakeTimer) {
	if i := slices.Index(f.pending, t); i >= 0 {
		f.pending = slices.Delete(f.pending, i, i+1)
		f.announce()
	}
	t.set = false
}

func (f *Fake) announce() {
	close(f.changed)
	f.changed = make(chan struct{})
}

type fakeTimer struct {
	clock *Fake
	ch    chan time.Time
	fn    func()
	every time.Duration
	due   time.Duration
	seq   int64
	set   bool
}

func (t *fakeTimer) C() <-chan time.Time { return t.ch }

func (t *fakeTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	return t.stop()
}

func (t *fakeTimer) Reset(d time.Duration) bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	was := t.stop()
	t.clock.start(t, d)
	return was
}

func (t *fakeTimer) stop() bool {
	was := t.set
	t.clock.remove(t)
	select {
	case <-t.ch:
	default:
	}
	return was
}

func (t *fakeTimer) fire(now time.Time) {
	if t.fn != nil {
		go t.fn()
		return
	}
	select {
	case t.ch <- now:
	default:
	}
}

type fakeTicker struct{ t *fakeTimer }

func (t fakeTicker) C() <-chan time.Time { return t.t.ch }
func (t fakeTicker) Stop()               { t.t.Stop() }
