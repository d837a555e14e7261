package posthog

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/posthog/posthog-go"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// Rule is the name of the line of the register for these calls.
const Rule = "posthog"

// Options say where use is told.
type Options struct {
	Key   secret.Text
	URL   string            // e.g. https://eu.i.posthog.com
	Calls http.RoundTripper // kit/httpx's
	Clock clock.Clock
	Log   *slog.Logger
	Every time.Duration // how often what waits is told; 0 = Every
}

// Store knows who allows it.
type Store interface {
	In(ws desk.ID) store.Handle
	Pseudonym(ctx context.Context, ws, member desk.ID) (string, error)
}

// maxUses bounds what waits to be told.
const maxUses = 10_000

type use struct {
	ws, member desk.ID
	route      string
}

type uses struct {
	first time.Time
	n     int
}

// Sender tells of use.
type Sender struct {
	client posthog.Client
	clk    clock.Clock
	log    *slog.Logger
	every  time.Duration

	mu   sync.Mutex
	wait map[use]uses
}

// Open makes a Sender; it calls nobody yet.
func Open(o Options) (*Sender, error) {
	client, err := posthog.NewWithConfig(o.Key.Reveal(), posthog.Config{Endpoint: o.URL, Transport: o.Calls, Logger: quiet{},
		Interval: min(time.Second, cmp.Or(o.Every, Every)), RetryAfter: func(int) time.Duration { return time.Second }})
	if err != nil {
		return nil, fmt.Errorf("PARLEY_POSTHOG_KEY: the key cannot be used") // the library repeats it
	}
	return &Sender{client: client, clk: o.Clock, log: o.Log, every: cmp.Or(o.Every, Every), wait: map[use]uses{}}, nil
}

// quiet keeps what the library says of events out of every log.
type quiet struct{}

func (quiet) Logf(string, ...any)   {}
func (quiet) Errorf(string, ...any) {}

// Used notes that a member used an operation; whether that may be told is looked
// up later. Header is the request's.
func (s *Sender) Used(ws, member desk.ID, route string, header http.Header) {
	if header.Get("Sec-Gpc") == "1" || header.Get("Dnt") == "1" {
		return
	}
	k := use{ws, member, route}
	s.mu.Lock()
	defer s.mu.Unlock()
	u, have := s.wait[k]
	if !have {
		if len(s.wait) >= maxUses {
			return // it is counted by the program itself
		}
		u.first = s.clk.Now()
	}
	u.n++
	s.wait[k] = u
}

// Every is how often what waits is told, unless Options say otherwise.
const Every = 5 * time.Second

// Run tells what waits until ctx ends.
func (s *Sender) Run(ctx context.Context, db Store) {
	tick := s.clk.NewTicker(s.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			_ = s.client.Close() // what it could not send is gone: counts of use are no loss
			return
		case <-tick.C():
			s.Flush(ctx, db)
		}
	}
}

// Flush tells what waits and may be told.
func (s *Sender) Flush(ctx context.Context, db Store) {
	s.mu.Lock()
	waiting := s.wait
	s.wait = map[use]uses{}
	s.mu.Unlock()
	who := map[use]allowance{}
	for k, u := range waiting {
		member := use{ws: k.ws, member: k.member}
		a, known := who[member]
		if !known {
			var err error
			if a, err = allowed(ctx, db, k); err != nil {
				s.log.WarnContext(ctx, "use was not told to the analytics service", "workspace", k.ws, "error", err)
			}
			who[member] = a
		}
		if a.since.IsZero() || u.first.Before(a.since) {
			continue
		}
		err := s.client.Enqueue(posthog.Capture{DistinctId: a.pseudonym, Event: "used", Timestamp: u.first.UTC(),
			Properties: posthog.NewProperties().Set("route", k.route).Set("times", u.n).
				Set("$ip", "0.0.0.0").Set("$geoip_disable", true).Set("$process_person_profile", false)})
		if err != nil {
			s.log.WarnContext(ctx, "use was not told to the analytics service", "workspace", k.ws)
			return
		}
	}
}

// allowance is since when a member allows it, and as whom they are told of.
type allowance struct {
	since     time.Time
	pseudonym string
}

func allowed(ctx context.Context, db Store, k use) (a allowance, err error) {
	var since time.Time
	err = db.In(k.ws).Read(ctx, func(r *store.Rx) (err error) { _, since, err = r.AnalyticsConsent(k.member); return err })
	if err != nil || since.IsZero() {
		return a, err
	}
	if a.pseudonym, err = db.Pseudonym(ctx, k.ws, k.member); err == nil {
		a.since = since
	}
	return a, err
}
