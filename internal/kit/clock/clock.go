package clock

import (
	"context"
	"time"
)

// Clock tells the time and makes timers. Both implementations are safe for
// concurrent use.
type Clock interface {
	// Now is the wall-clock time in UTC.
	Now() time.Time
	// Since is Now().Sub(t).
	Since(t time.Time) time.Duration
	// After gives a channel that receives the time once d has passed.
	After(d time.Duration) <-chan time.Time
	// NewTimer gives a timer that fires once, d from now.
	NewTimer(d time.Duration) Timer
	// NewTicker gives a ticker that fires every d, which must be > 0. A slow
	// reader loses ticks, it never gets a backlog.
	NewTicker(d time.Duration) Ticker
	// AfterFunc runs f in its own goroutine once d has passed.
	AfterFunc(d time.Duration, f func()) Timer
}

// Timer fires once. C is nil for a timer made by AfterFunc.
type Timer interface {
	C() <-chan time.Time
	// Stop reports whether the timer had not fired yet. After Stop no stale
	// time is left in C.
	Stop() bool
	// Reset starts the timer again with a new duration and reports whether it
	// had not fired yet.
	Reset(d time.Duration) bool
}

// Ticker fires again and again until stopped.
type Ticker interface {
	C() <-chan time.Time
	Stop()
}

// Real is the machine's clock, moved by Offset (zero in production; only a
// development install moves it). Timers run on the monotonic clock, so neither
// Offset nor a change of the machine's time makes them fire early.
type Real struct {
	Offset time.Duration
}

// Now is the machine's time in UTC plus Offset.
func (r Real) Now() time.Time { return time.Now().Add(r.Offset).UTC() }

// Since measures on the monotonic clock where t carries a reading.
func (r Real) Since(t time.Time) time.Duration { return time.Now().Add(r.Offset).Sub(t) }

// After is NewTimer(d).C() for callers that never stop it.
func (r Real) After(d time.Duration) <-chan time.Time { return r.NewTimer(d).C() }

// NewTimer gives a timer on the monotonic clock.
func (r Real) NewTimer(d time.Duration) Timer { return realTimer{time.NewTimer(d)} }

// NewTicker gives a ticker on the monotonic clock.
func (r Real) NewTicker(d time.Duration) Ticker { return realTicker{time.NewTicker(d)} }

// AfterFunc runs f in its own goroutine after d.
func (r Real) AfterFunc(d time.Duration, f func()) Timer { return realTimer{time.AfterFunc(d, f)} }

type realTimer struct{ t *time.Timer }

func (t realTimer) C() <-chan time.Time        { return t.t.C }
func (t realTimer) Stop() bool                 { return t.t.Stop() }
func (t realTimer) Reset(d time.Duration) bool { return t.t.Reset(d) }

type realTicker struct{ t *time.Ticker }

func (t realTicker) C() <-chan time.Time { return t.t.C }
func (t realTicker) Stop()               { t.t.Stop() }

// WithTimeout gives a context that ends d from now by the given clock. Its
// context.Cause is context.DeadlineExceeded when time ran out. The caller must
// call cancel.
func WithTimeout(parent context.Context, clk Clock, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancelCause(parent)
	t := clk.AfterFunc(d, func() { end(context.DeadlineExceeded) })
	return ctx, func() {
		t.Stop()
		end(context.Canceled)
	}
}
