package pace

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley/internal/kit/clock"
)

// Rule is a limit: N events every Per on average, at most Burst at once.
type Rule struct {
	N     int
	Per   time.Duration
	Burst int
}

// Limiter holds one bucket per key. It is safe for concurrent use.
type Limiter struct {
	clk   clock.Clock
	every rate.Limit
	burst int
	size  int

	mu     sync.Mutex
	byKey  map[string]*list.Element
	recent *list.List // of *bucket, newest use first
}

type bucket struct {
	key string
	lim *rate.Limiter
}

// New gives a Limiter that remembers at most size keys (at least 1).
func New(clk clock.Clock, rule Rule, size int) *Limiter {
	return &Limiter{
		clk:    clk,
		every:  rate.Limit(float64(rule.N) / rule.Per.Seconds()),
		burst:  max(rule.Burst, 1),
		size:   max(size, 1),
		byKey:  map[string]*list.Element{},
		recent: list.New(),
	}
}

// Allow takes one event of key from its bucket. When there is none left it takes
// nothing and says how long until there is one; a rule of no events at all says
// an hour.
func (l *Limiter) Allow(key string) (ok bool, retryAfter time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clk.Now()
	lim := l.bucket(key)
	if lim.AllowN(now, 1) {
		return true, 0
	}
	if l.every <= 0 {
		return false, time.Hour
	}
	missing := 1 - lim.TokensAt(now)
	return false, time.Duration(missing / float64(l.every) * float64(time.Second))
}

// Back gives back one event that Allow took: it turned out not to count.
func (l *Limiter) Back(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.byKey[key]; ok {
		e.Value.(*bucket).lim.AllowN(l.clk.Now(), -1)
	}
}

func (l *Limiter) bucket(key string) *rate.Limiter {
	if e, ok := l.byKey[key]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*bucket).lim
	}
	if l.recent.Len() >= l.size {
		oldest := l.recent.Back()
		l.recent.Remove(oldest)
		delete(l.byKey, oldest.Value.(*bucket).key)
	}
	b := &bucket{key: key, lim: rate.NewLimiter(l.every, l.burst)}
	l.byKey[key] = l.recent.PushFront(b)
	return b.lim
}
