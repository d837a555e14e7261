package desk

import (
	"encoding/json"
	"time"
)

// DigestEvery is how often a member gets counts by mail.
type DigestEvery string

// The choices; a member is written to only after they chose one.
const (
	DigestOff    DigestEvery = ""
	DigestDaily  DigestEvery = "daily"
	DigestWeekly DigestEvery = "weekly" // on Mondays
)

// DigestHour is the hour of the business's day at which counts are mailed.
const DigestHour = 8

// Valid reports whether it is one of the choices.
func (e DigestEvery) Valid() bool {
	return e == DigestOff || e == DigestDaily || e == DigestWeekly
}

// Days is over how many days it counts.
func (e DigestEvery) Days() int {
	if e == DigestWeekly {
		return 7
	}
	return 1
}

// Next is when counts are mailed next, after now; zero = never. An hour that a
// clock of the zone leaves out is the next one there is.
func (e DigestEvery) Next(now time.Time, zone *time.Location) time.Time {
	if e == DigestOff || zone == nil {
		return time.Time{}
	}
	local := now.In(zone)
	next := time.Date(local.Year(), local.Month(), local.Day(), DigestHour, 0, 0, 0, zone)
	for !next.After(now) || e == DigestWeekly && next.Weekday() != time.Monday {
		next = time.Date(next.Year(), next.Month(), next.Day()+1, DigestHour, 0, 0, 0, zone)
	}
	return next
}

// Digest is what a member reads of their workspace: counts, and nobody's words.
// A nil count is one that their role may not see.
type Digest struct {
	Every      DigestEvery `json:"every"`
	Needs      *int        `json:"needs,omitempty"`      // conversations that need a person now
	Unassigned *int        `json:"unassigned,omitempty"` // open ones that are nobody's
	Mine       *int        `json:"mine,omitempty"`       // open ones of theirs
	Waiting    *int        `json:"waiting,omitempty"`    // wait for the customer
	Answers    *int        `json:"answers,omitempty"`    // by the assistant, in the period
	Handed     *int        `json:"handed,omitempty"`     // to people, in the period
	Gaps       *int        `json:"gaps,omitempty"`       // questions without knowledge that are open
}

// Empty reports whether every count is zero or not theirs to see: such a digest is
// not mailed.
func (d Digest) Empty() bool {
	for _, n := range []*int{d.Needs, d.Unassigned, d.Mine, d.Waiting, d.Answers, d.Handed, d.Gaps} {
		if n != nil && *n > 0 {
			return false
		}
	}
	return true
}

// About is a digest as its letter keeps it.
func (d Digest) About() (string, error) {
	raw, err := json.Marshal(d)
	return string(raw), err
}

// ReadDigest reads what About wrote; anything else is an empty one.
func ReadDigest(about string) (d Digest) {
	if json.Unmarshal([]byte(about), &d) != nil {
		return Digest{}
	}
	return d
}
