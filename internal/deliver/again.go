package deliver

import (
	"errors"
	"slices"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

const (
	lastWait = 10 * time.Minute
	// pairBase is what the waits between two people are powers of, in seconds.
	pairBase = 4
)

// again says whether and when a message is handed over again.
type again struct {
	yes    bool
	wait   time.Duration
	rests  bool // nothing of the account leaves meanwhile
	counts bool // towards tries
}

// paced is the failure of a call that was not made: its turn is later.
func paced(wait time.Duration) error {
	return &desk.Error{Code: desk.TooMany, Reason: waitsForTurn, Text: "the message waits for its turn", Retry: true, Cause: &channel.Later{After: wait}}
}

const waitsForTurn = "waits_for_turn"

// again decides after an error: the same message is handed over again only when
// the channel says that it did not take it, or takes it twice without harm. A
// channel that asks to go slower lets the whole account rest; others go on.
func (d *Deliver) again(err error, out *outgoing) again {
	if err == nil {
		return again{}
	}
	tried := out.item.Attempt + 1
	if isUnknown(err) {
		return again{yes: out.channel.Info().Skills.Idempotent && tried < tries, wait: jitter(backoff(tried)), counts: true}
	}
	var e *desk.Error
	if !errors.As(err, &e) || !e.Retry {
		return again{}
	}
	asked := channel.After(err)
	switch {
	case e.Reason == waitsForTurn:
		return again{yes: true, wait: asked}
	case e.Reason == "pair_limited": // only this person
		wait := max(asked, min(power(pairBase, tried), lastWait))
		return again{yes: tried < tries, wait: jitter(wait), counts: true}
	case e.Code == desk.TooMany:
		young := d.DB.Clock().Now().Sub(out.message.At) < slowly
		return again{yes: young, wait: jitter(max(asked, backoff(tried))), rests: true, counts: asked == 0}
	}
	return again{yes: tried < tries, wait: jitter(max(asked, backoff(tried))), counts: true}
}

// backoff is how long the n-th failure lets a lane rest.
func backoff(n int) time.Duration { return min(power(2, n-1), lastWait) }

func power(base, n int) time.Duration {
	d := time.Second
	for range min(n, 20) {
		d = min(d*time.Duration(base), 24*time.Hour)
	}
	return d
}

// putOff gives the lane back until the message is handed over again.
func (d *Deliver) putOff(tx *store.Tx, job *flow.Job, out *outgoing, a again) error {
	due := tx.Now().Add(a.wait)
	if a.rests {
		if err := tx.RestAccount(out.acct.ID, due); err != nil {
			return err
		}
	}
	if a.counts {
		return job.Again(tx, out.item, due)
	}
	return job.Later(tx, out.item, due)
}

// ask is the message, or a piece of it with these files, as the pacer knows it.
func (o *outgoing) ask(heavy bool) ask {
	return ask{message: o.message.ID, account: o.acct.ID, conversation: o.conv.ID, pace: channel.SkillsOf(o.channel, o.acct.Account).Pace,
		rest: o.acct.RestUntil, heavy: heavy}
}

// heavy reports a kind of file that providers take fewer of.
func heavy(k desk.MediaKind) bool { return k == desk.MediaAudio || k == desk.MediaVideo }

// turn is when the message may leave; zero: now, and then its turn is taken.
func (d *Deliver) turn(o *outgoing) time.Time {
	a := o.ask(slices.ContainsFunc(o.message.Files, func(f desk.MediaRef) bool { return heavy(f.Kind) }))
	if r, ok := o.channel.(channel.Resting); ok {
		if wait := r.Rest(o.acct); wait > 0 {
			if at := d.DB.Clock().Now().Add(wait); at.After(a.rest) {
				a.rest = at
			}
		}
	}
	return d.pace.turn(a)
}
