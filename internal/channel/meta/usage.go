package meta

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
)

// From this share of a limit on calls are spread out (6.4).
const (
	slowFrom = 80
	full     = 100
	maxWait  = time.Hour
	maxKeys  = 4096
)

// Usage is the share of a limit that is used, in percent, and how long Meta
// says until there is room again.
type Usage struct {
	Percent int
	Regain  time.Duration
}

// UsageOf reads the usage headers of an answer: the highest of all it names.
func UsageOf(h http.Header) Usage {
	type share struct {
		Calls  float64 `json:"call_count"`
		CPU    float64 `json:"total_cputime"`
		Time   float64 `json:"total_time"`
		Regain float64 `json:"estimated_time_to_regain_access"` // minutes
	}
	var u Usage
	take := func(s share) {
		p := min(max(s.Calls, s.CPU, s.Time, 0), 1000)
		u.Percent = max(u.Percent, int(p))
		u.Regain = max(u.Regain, time.Duration(min(max(s.Regain, 0), 24*60)*float64(time.Minute)))
	}
	var app share
	if json.Unmarshal([]byte(h.Get("X-App-Usage")), &app) == nil {
		take(app)
	}
	var business map[string][]share
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &business) == nil {
		for _, all := range business {
			for _, s := range all {
				take(s)
			}
		}
	}
	return u
}

// retryAfter is how long an answer asks to wait before the same call.
func retryAfter(a httpx.Answer, f refusal) time.Duration {
	if f.as != slow {
		return 0
	}
	wait := UsageOf(a.Header).Regain
	if s, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil && s > 0 {
		wait = max(wait, time.Duration(min(s, 3600))*time.Second)
	}
	switch {
	case wait > 0:
		return wait
	case f.reason == "pair_limited":
		return 6 * time.Second // one message in six seconds (6.4)
	case f.reason == "wait_to_register":
		return 5 * time.Minute
	}
	return 0
}

// gate keeps calls back for as long as Meta asked: calls made while throttled
// make the block longer (6.4).
type gate struct {
	clk  clock.Clock
	mu   sync.Mutex
	held map[string]hold
}

// hold is how long calls of a key are kept back, and, near a limit, how far
// apart they are from then on.
type hold struct {
	until time.Time
	gap   time.Duration
}

// wait is how long calls of a key are still held back.
func (g *gate) wait(key string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.left(g.held[key])
}

// left is how long a hold lasts still; one that would last longer than any was
// set by a clock that was put back since.
func (g *gate) left(h hold) time.Duration {
	left := h.until.Sub(g.clk.Now())
	if left < 0 || left > 2*maxWait {
		return 0
	}
	return left
}

// pass is wait for a call that is about to be made: near a limit it holds the
// next one back already, which would else not know of this one's answer.
func (g *gate) pass(key string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	h, ok := g.held[key]
	if !ok {
		return 0
	}
	if left := g.left(h); left > 0 {
		return left
	}
	if h.gap <= 0 {
		delete(g.held, key)
		return 0
	}
	h.until = g.clk.Now().Add(h.gap)
	g.held[key] = h
	return 0
}

// note learns from an answer. Near the limit calls are spread out, up to five
// seconds apart; at the limit they wait until Meta's own estimate.
func (g *gate) note(key string, u Usage, asked time.Duration) {
	if key == "" {
		return
	}
	wait, gap := asked, time.Duration(0)
	switch {
	case u.Percent >= full:
		wait = max(wait, u.Regain, time.Minute)
	case u.Percent >= slowFrom:
		gap = time.Duration(u.Percent-slowFrom+1) * 250 * time.Millisecond
		wait = max(wait, gap)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	h, known := g.held[key]
	if wait <= 0 && !known {
		return
	}
	if len(g.held) >= maxKeys && !known {
		clear(g.held)
	}
	if h.gap = gap; g.left(h) == 0 {
		h.until = time.Time{}
	}
	// An answer to a call made before never shortens a block.
	if until := g.clk.Now().Add(min(wait, maxWait)); until.After(h.until) {
		h.until = until
	}
	g.held[key] = h
}
