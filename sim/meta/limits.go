package meta

import (
	"math"
	"net/http"
	"time"
)

// The rates of reference 6.4.
const (
	messengerPerSecond = 300
	instagramPerSecond = 300 // with Facebook login; 100 with Instagram login
	igLoginPerSecond   = 100
	heavyPerSecond     = 10 // audio and video
	whatsappPerSecond  = 80
	pairBurst          = 45
	pairEvery          = 6 * time.Second
	appPerHour         = 200 * 300 // 200 × engaged users
	manageFresh        = 200       // WABA management calls an hour without a registered number
	manageRegistered   = 5000
	listsPerSecond     = 2
)

// bucket is a token bucket: full it allows burst calls at once, and one more
// every so often.
type bucket struct {
	burst float64
	every time.Duration
	left  float64
	at    time.Time
}

func newBucket(burst int, every time.Duration) *bucket {
	return &bucket{burst: float64(burst), every: every, left: float64(burst)}
}

// take uses one up; false means that there is none, and wait says for how long.
func (b *bucket) take(now time.Time) (wait time.Duration, ok bool) {
	if !b.at.IsZero() && now.After(b.at) {
		b.left = min(b.burst, b.left+float64(now.Sub(b.at))/float64(b.every))
	}
	if b.at.IsZero() || now.After(b.at) {
		b.at = now
	}
	if b.left < 1 {
		return time.Duration((1 - b.left) * float64(b.every)), false
	}
	b.left--
	return 0, true
}

// percent is how much of the bucket is used.
func (b *bucket) percent() int { return int(math.Round(100 * (b.burst - b.left) / b.burst)) }

// rate takes one from a named bucket. The lock is held.
func (s *Sim) rate(name string, n int, per time.Duration) (time.Duration, bool) {
	b := s.usage[name]
	if b == nil {
		b = newBucket(n, per/time.Duration(n))
		s.usage[name] = b
	}
	return b.take(s.clk.Now())
}

// usageHeaders are on every answer: how much of the hour the app has used.
func (s *Sim) usageHeaders(h http.Header, c *call, full bool, wait time.Duration) {
	percent := 0
	if b := s.usage["app"]; b != nil {
		percent = b.percent()
	}
	if full {
		percent = 100
	}
	h.Set("X-App-Usage", string(encode(o("call_count", percent, "total_cputime", percent/4, "total_time", percent/3))))
	id, kind := c.useCase()
	if id == "" {
		return
	}
	h.Set("X-Business-Use-Case-Usage", string(encode(o(id, []any{o("type", kind, "call_count", percent, "total_cputime", percent/4,
		"total_time", percent/3, "estimated_time_to_regain_access", int(math.Ceil(wait.Minutes())))}))))
}

// throttled refuses with the code of a use case.
func throttled(code int, what string, wait time.Duration) *fault {
	f := refuse(http.StatusBadRequest, code, 0, "%s", what)
	f.retryAfter, f.transient = wait, true
	return f
}

// sendRate holds a page or account to its sends per second.
func (s *Sim) sendRate(asset string, perSecond int, heavy bool) *fault {
	if wait, ok := s.rate("send "+asset, perSecond, time.Second); !ok {
		return throttled(613, "Calls to this api have exceeded the rate limit.", wait)
	}
	if heavy {
		if wait, ok := s.rate("heavy "+asset, heavyPerSecond, time.Second); !ok {
			return throttled(613, "Calls to this api have exceeded the rate limit.", wait)
		}
	}
	return nil
}
