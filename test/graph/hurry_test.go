package graph_test

import (
	"sync"
	"time"

	"parley/internal/kit/clock"
)

// hurry is the machine's clock with deadlines that a test may let pass at once:
// nobody waits for what hangs.
type hurry struct {
	clock.Clock
	mu      sync.Mutex
	pending map[*deadline]bool
}

type deadline struct {
	clock.Timer
	of  *hurry
	due time.Time
	f   func()
}

func newHurry() *hurry { return &hurry{Clock: clock.Real{}, pending: map[*deadline]bool{}} }

// AfterFunc is what deadlines are made of.
func (h *hurry) AfterFunc(d time.Duration, f func()) clock.Timer {
	one := &deadline{of: h, due: h.Now().Add(d), f: f}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pending[one] = true
	one.Timer = h.Clock.AfterFunc(d, func() {
		if h.take(one) {
			f()
		}
	})
	return one
}

func (h *hurry) take(one *deadline) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	had := h.pending[one]
	delete(h.pending, one)
	return had
}

// Stop implements clock.Timer.
func (d *deadline) Stop() bool {
	d.Timer.Stop()
	return d.of.take(d)
}

// Pass lets every deadline end that would within d.
func (h *hurry) Pass(d time.Duration) {
	h.mu.Lock()
	until := h.Now().Add(d)
	var over []*deadline
	for one := range h.pending {
		if !one.due.After(until) {
			over = append(over, one)
		}
	}
	h.mu.Unlock()
	for _, one := range over {
		if one.Stop() {
			one.f()
		}
	}
}
