package meta

import (
	"sync/atomic"
	"time"

	"parley/internal/kit/clock"
)

// Shifted is a clock that a person can move while the program runs: Now jumps,
// timers keep running on the clock below. Parley and the simulator share one in
// the demo, so that both see the next day at the same moment.
type Shifted struct {
	clock.Clock
	by atomic.Int64
}

// NewShifted puts a Shifted, not yet moved, on a clock.
func NewShifted(below clock.Clock) *Shifted { return &Shifted{Clock: below} }

// Now is the time of the clock below plus everything Move added.
func (s *Shifted) Now() time.Time { return s.Clock.Now().Add(s.Shift()) }

// Since is Now().Sub(t).
func (s *Shifted) Since(t time.Time) time.Duration { return s.Clock.Since(t) + s.Shift() }

// Shift is how far the clock was moved.
func (s *Shifted) Shift() time.Duration { return time.Duration(s.by.Load()) }

// Move adds d, which may be negative.
func (s *Shifted) Move(d time.Duration) { s.by.Add(int64(d)) }
