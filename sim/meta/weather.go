package meta

import (
	"slices"
	"strings"
	"time"
)

// Knob is one kind of bad weather.
type Knob string

// Weather of deliveries (what the webhook sender does).
const (
	Duplicate      Knob = "duplicate"       // a delivery goes out twice
	Reorder        Knob = "reorder"         // an event lets the next one overtake it
	Delay          Knob = "delay"           // a delivery waits For
	Batch          Knob = "batch"           // Size events wait for each other and go out in one body
	WrongSignature Knob = "wrong_signature" // signed with another secret
	SHA1Only       Knob = "sha1_only"       // no X-Hub-Signature-256
	Seconds        Knob = "seconds"         // messaging timestamps in seconds
	NumericIDs     Knob = "numeric_ids"     // ids of envelope and people as JSON numbers
	LostEvent      Knob = "lost_event"      // an event never goes out
)

// Weather of calls (what the Graph hosts do).
const (
	EchoFirst        Knob = "echo_first"         // echo and status leave before the answer to the send
	DropAfterAccept  Knob = "drop_after_accept"  // the message went out, the connection is cut before the answer
	ErrorAfterAccept Knob = "error_after_accept" // the message went out, the answer is 500
	ServerError      Knob = "server_error"       // 503, nothing happened
	HTMLError        Knob = "html_error"         // 502 with a page instead of JSON, nothing happened
	TooMany          Knob = "too_many"           // 429 with usage headers at 100
	TokenExpired     Knob = "token_expired"      // the answer is 190/463 whatever the token
	TokenRevoked     Knob = "token_revoked"      // 190/460
	PairLimit        Knob = "pair_limit"         // 131056
	SlowAnswer       Knob = "slow_answer"        // the answer waits For
	Undeliverable    Knob = "undeliverable"      // WhatsApp: accepted, then failed with 131026 (or Code)
	NoDelivered      Knob = "no_delivered"       // WhatsApp: read without delivered
)

// Weather of media.
const (
	SlowMedia     Knob = "slow_media"     // the bytes wait For
	MediaGone     Knob = "media_gone"     // 404
	MediaError    Knob = "media_error"    // look-up answers 503
	MediaHTML     Knob = "media_html"     // a page with status 200 instead of the file
	MediaRedirect Knob = "media_redirect" // a redirect to URL
)

// Knobs lists every knob.
func Knobs() []Knob {
	return []Knob{Duplicate, Reorder, Delay, Batch, WrongSignature, SHA1Only, Seconds, NumericIDs, LostEvent,
		EchoFirst, DropAfterAccept, ErrorAfterAccept, ServerError, HTMLError, TooMany, TokenExpired, TokenRevoked, PairLimit,
		SlowAnswer, Undeliverable, NoDelivered, SlowMedia, MediaGone, MediaError, MediaHTML, MediaRedirect}
}

// Force says how often a knob strikes and how hard.
type Force struct {
	Times  int           `json:"times,omitempty"`  // the next n occasions; < 0 = every one
	Chance float64       `json:"chance,omitempty"` // 0–1 of each occasion, from the seed
	Path   string        `json:"path,omitempty"`   // calls: only those whose path contains it
	For    time.Duration `json:"for,omitempty"`    // Delay, SlowAnswer, SlowMedia; default 5 s
	Size   int           `json:"size,omitempty"`   // Batch; default 3
	Code   int           `json:"code,omitempty"`   // Undeliverable; default 131026
	URL    string        `json:"url,omitempty"`    // MediaRedirect
}

type force struct {
	Force
	struck int
}

// Weather sets a knob; a zero Force calms it.
func (s *Sim) Weather(k Knob, f Force) {
	s.locked(func() {
		if f.For <= 0 {
			f.For = 5 * time.Second
		}
		if f.Size < 2 {
			f.Size = 3
		}
		if f.Code == 0 {
			f.Code = 131026
		}
		if f.Times == 0 && f.Chance <= 0 {
			delete(s.knobs, k)
		} else {
			s.knobs[k] = &force{Force: f}
		}
		for _, b := range s.boxes {
			s.pump(b)
		}
	})
}

// Calm clears all weather.
func (s *Sim) Calm() {
	for _, k := range Knobs() {
		s.Weather(k, Force{})
	}
}

// Forces gives the knobs that are set.
func (s *Sim) Forces() map[Knob]Force {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[Knob]Force, len(s.knobs))
	for k, f := range s.knobs {
		out[k] = f.Force
	}
	return out
}

// strikes decides about one occasion. The lock is held.
func (s *Sim) strikes(k Knob, path string) (Force, bool) {
	f := s.knobs[k]
	if f == nil || !strings.Contains(path, f.Path) {
		return Force{}, false
	}
	switch {
	case f.Times < 0:
	case f.Times > 0:
		if f.Times--; f.Times == 0 {
			delete(s.knobs, k)
		}
	case s.chance.Float64() >= f.Chance:
		return Force{}, false
	}
	f.struck++
	return f.Force, true
}

// Known reports whether a name is a knob.
func (k Knob) Known() bool { return slices.Contains(Knobs(), k) }
