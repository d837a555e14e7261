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
	clk   clock.Clock
	mu    sync.Mutex
	until map[string]time.Time
}

// wait is how long calls of a key are still held back.
func (g *gate) wait(key string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	until, ok := g.until[key]
	if !ok {
		return 0
	}
	left := until.Sub(g.clk.Now())
	if left <= 0 {
		delete(g.until, key)
		return 0
	}
	return left
}

// note learns from an answer. Near the limit calls are spread out, up to five
// seconds apart; at the limit they wait until Meta's own estimate.
func (g *gate) note(key string, u Usage, asked time.Duration) {
	wait := asked
	switch {
	case u.Percent >= full:
		wait = max(wait, u.Regain, time.Minute)
	case u.Percent >= slowFrom:
		wait = max(wait, time.Duration(u.Percent-slowFrom+1)*250*time.Millisecond)
	}
	if wait <= 0 || key == "" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.until) >= maxKeys {
		clear(g.until)
	}
	g.until[key] = g.clk.Now().Add(min(wait, maxWait))
}
