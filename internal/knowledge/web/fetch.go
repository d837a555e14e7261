package web

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
)

// Rule is the name of our line in the register of outgoing calls.
const Rule = "crawl"

// Limits of one call.
const (
	MaxBody  = 5 << 20
	MaxTime  = 20 * time.Second
	maxHosts = 10_000
	// maxRest bounds how long a site may ask us to stay away.
	maxRest = 10 * time.Minute
)

// Caller makes calls; *httpx.Client is one.
type Caller interface {
	Do(ctx context.Context, call httpx.Call) (httpx.Answer, error)
}

// Outcome says what asking for a page came to.
type Outcome string

// What a call may come to.
const (
	Here    Outcome = "here"
	Same    Outcome = "same"    // as at the last time
	Moved   Outcome = "moved"   // Got.To says where; "" = nowhere one can go
	Gone    Outcome = "gone"    // 404 or 410
	Refused Outcome = "refused" // 401, 403 or another 4xx; our own guard
	Later   Outcome = "later"   // it may be different later: 5xx, 429, too slow, nobody there
	NoPage  Outcome = "no_page" // something, but no page
	Large   Outcome = "too_large"
)

// Got is the answer.
type Got struct {
	Outcome  Outcome
	Reason   string // a machine word; "" where it is Here or Same
	Status   int    // 0 = no answer
	Kind     string // Content-Type
	Body     []byte
	To       string
	ETag     string
	Modified string
	NoIndex  bool // by X-Robots-Tag
	NoFollow bool
	Rest     time.Duration // the site asks us to stay away for so long
}

// Fetcher asks for pages, and knows when each site's turn is.
type Fetcher struct {
	Calls Caller
	Clock clock.Clock
	// Pause between two calls to one host; a site's Crawl-delay may lengthen it.
	Pause time.Duration
	// Limit of one call; 0 = MaxTime.
	Limit time.Duration
	// Home is a page about us that our name points at; "" = none.
	Home string

	mu    sync.Mutex
	turns map[string]time.Time
}

// Turn takes the turn of a host, or tells how long to wait for it. delay is what
// the site asks for between two pages.
func (f *Fetcher) Turn(u *url.URL, delay time.Duration) (wait time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.Clock.Now()
	if wait = f.turns[u.Host].Sub(now); wait > 0 {
		return min(wait, maxRest)
	}
	if f.turns == nil || len(f.turns) > maxHosts {
		f.turns = map[string]time.Time{}
	}
	f.turns[u.Host] = now.Add(max(delay, f.Pause))
	return 0
}

// rest keeps everybody away from a host.
func (f *Fetcher) rest(u *url.URL, d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.turns == nil {
		f.turns = map[string]time.Time{}
	}
	f.turns[u.Host] = f.Clock.Now().Add(min(d, maxRest))
}

// Get asks for a page; etag and modified are what it said the last time. An
// error is that of ctx alone.
func (f *Fetcher) Get(ctx context.Context, u *url.URL, etag, modified string) (Got, error) {
	head := map[string]string{"User-Agent": f.agent(), "Accept": "text/html,application/xhtml+xml,application/xml;q=0.8,text/plain;q=0.5"}
	if etag != "" {
		head["If-None-Match"] = etag
	}
	if modified != "" {
		head["If-Modified-Since"] = modified
	}
	limit := f.Limit
	if limit == 0 {
		limit = MaxTime
	}
	a, err := f.Calls.Do(ctx, httpx.Call{Rule: Rule, URL: u.String(), Header: head, Max: MaxBody, Limit: limit})
	if ctx.Err() != nil {
		return Got{}, ctx.Err()
	}
	if err != nil {
		return failed(err), nil
	}
	g := f.read(u, a)
	if g.Rest > 0 {
		f.rest(u, g.Rest)
	}
	return g, nil
}

func (f *Fetcher) agent() string {
	if f.Home == "" {
		return Agent + "/1.0"
	}
	return Agent + "/1.0 (+" + f.Home + ")"
}

func failed(err error) Got {
	var e *httpx.Error
	if !errors.As(err, &e) {
		return Got{Outcome: Later, Reason: "unreachable"}
	}
	switch e.Kind {
	case httpx.Refused:
		return Got{Outcome: Refused, Reason: "address_refused"}
	case httpx.TooLarge:
		return Got{Outcome: Large, Reason: "too_large"}
	case httpx.TimedOut:
		return Got{Outcome: Later, Reason: "too_slow"}
	}
	return Got{Outcome: Later, Reason: "unreachable"}
}

func (f *Fetcher) read(u *url.URL, a httpx.Answer) Got {
	g := Got{Status: a.Status, Kind: a.Header.Get("Content-Type"), Body: a.Body, ETag: short(a.Header.Get("ETag")), Modified: short(a.Header.Get("Last-Modified"))}
	switch s := a.Status; {
	case s == http.StatusNotModified:
		g.Outcome = Same
	case s >= 300 && s < 400:
		g.Outcome, g.Reason = Moved, "redirect"
		if to, err := u.Parse(a.Header.Get("Location")); err == nil && a.Header.Get("Location") != "" {
			g.To = to.String()
		}
	case s == http.StatusNotFound, s == http.StatusGone:
		g.Outcome, g.Reason = Gone, "not_found"
	case s == http.StatusTooManyRequests, s >= 500:
		g.Outcome, g.Reason = Later, "server_error"
		g.Rest = f.asked(a.Header.Get("Retry-After"))
	case s < 200 || s > 299:
		g.Outcome, g.Reason = Refused, "refused_by_site"
	default:
		g.Outcome = Here
		if !f.isPage(g) {
			g.Outcome, g.Reason = NoPage, "wrong_type"
		}
	}
	for _, words := range a.Header.Values("X-Robots-Tag") {
		no, nor := tag(words)
		g.NoIndex, g.NoFollow = g.NoIndex || no, g.NoFollow || nor
	}
	return g
}

// short is a header that is worth keeping.
func short(s string) string {
	if len(s) > 200 {
		return ""
	}
	return s
}

// asked is how long Retry-After wants us to stay away.
func (f *Fetcher) asked(s string) time.Duration {
	if n, err := strconv.Atoi(s); err == nil && n > 0 {
		return min(time.Duration(min(n, 3600))*time.Second, maxRest)
	}
	if at, err := http.ParseTime(s); err == nil {
		return min(max(at.Sub(f.Clock.Now()), 0), maxRest)
	}
	return 0
}

func (f *Fetcher) isPage(g Got) bool {
	kind, _, err := mime.ParseMediaType(g.Kind)
	if err != nil {
		kind = ""
	}
	switch kind {
	case "", "text/html", "application/xhtml+xml", "text/xml", "application/xml", "application/gzip", "application/x-gzip":
		return true
	}
	return IsMap(g.Body)
}

// tag reads X-Robots-Tag, where words may stand behind the name of a program.
func tag(words string) (noIndex, noFollow bool) {
	if name, rest, ok := strings.Cut(words, ":"); ok && !strings.Contains(name, ",") && !strings.HasPrefix(strings.TrimSpace(name), "unavailable") && !strings.HasPrefix(strings.TrimSpace(name), "max-") {
		if !strings.EqualFold(strings.TrimSpace(name), Agent) {
			return false, false
		}
		words = rest
	}
	for w := range strings.SplitSeq(strings.ToLower(words), ",") {
		w = strings.TrimSpace(w)
		noIndex, noFollow = noIndex || w == "noindex" || w == "none", noFollow || w == "nofollow" || w == "none"
	}
	return noIndex, noFollow
}
