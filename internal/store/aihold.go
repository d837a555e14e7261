package store

import (
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

// AIHoldTerm is how long a reservation lasts that nobody settles: longer than any
// call, so that it ends only with the program that made it.
const AIHoldTerm = time.Minute

const (
	sqlHoldGate = `INSERT INTO ai_hold (workspace_id, id, day, tokens, micros, until) VALUES ($1, 0, $2, 0, 0, 0)
		ON CONFLICT (workspace_id, id) DO UPDATE SET day = excluded.day`
	// One that ends later than any can was made by a clock that was set back since.
	sqlSweepHolds = `DELETE FROM ai_hold WHERE workspace_id = $1 AND id <> 0 AND (until <= $2 OR until > $3)`
	sqlHeld       = `SELECT coalesce(sum(tokens), 0), coalesce(sum(micros), 0) FROM ai_hold
		WHERE workspace_id = $1 AND day = $2 AND until > $3 AND until <= $4`
	sqlHold    = `INSERT INTO ai_hold (workspace_id, id, day, tokens, micros, until) VALUES ($1, $2, $3, $4, $5, $6)`
	sqlRelease = `DELETE FROM ai_hold WHERE workspace_id = $1 AND id = $2`
)

// AIHold is a part of a day's budget that a call under way may need.
type AIHold struct {
	ID             desk.ID
	Day            int64 // the call is counted on this day, also when it ends after midnight
	Tokens, Micros int64
}

// Reserve takes a part of today's budget before a call; false when what was spent
// and what others hold has reached a limit (0 = none). Of many at once the last
// that is let through may pass the limit, by no more than its own part.
func (t *Tx) Reserve(h AIHold, tokens, micros int64) (AIHold, bool, error) {
	h.ID, h.Day = t.NewID(), vault.Day(t.now)
	if _, err := t.exec(sqlHoldGate, int64(t.ws), h.Day); err != nil {
		return h, false, err
	}
	if _, err := t.exec(sqlSweepHolds, int64(t.ws), us(t.now), us(t.now.Add(2*AIHoldTerm))); err != nil {
		return h, false, err
	}
	spent, cost, err := t.Used(t.now)
	if err != nil || tokens > 0 && spent >= tokens || micros > 0 && cost >= micros {
		return h, false, err
	}
	_, err = t.exec(sqlHold, int64(t.ws), int64(h.ID), h.Day, h.Tokens, h.Micros, us(t.now.Add(AIHoldTerm)))
	return h, err == nil, err
}

// Release gives a reservation back. One that ended meanwhile is no fault.
func (t *Tx) Release(h AIHold) error {
	_, err := t.exec(sqlRelease, int64(t.ws), int64(h.ID))
	return err
}

// Settle counts a call on the page of the day it was reserved on, in place of its
// reservation.
func (t *Tx) Settle(h AIHold, c desk.Call) error {
	if err := t.Release(h); err != nil {
		return err
	}
	failed := 0
	if c.Failed {
		failed = 1
	}
	_, err := t.exec(sqlSpend, int64(t.ws), h.Day, string(c.Purpose), string(c.Vendor), c.Model, failed, c.In, c.Out, c.Micros)
	return err
}

// Used says what the calls of the day of a moment cost and what is held for those
// under way: tokens, and millionths of a US dollar.
func (r *Rx) Used(now time.Time) (tokens, micros int64, err error) {
	tokens, micros, err = r.Spent(now)
	if err != nil {
		return 0, 0, err
	}
	var held, cost int64
	err = r.row(sqlHeld, int64(r.ws), vault.Day(now), us(now), us(now.Add(2*AIHoldTerm))).Scan(&held, &cost)
	return tokens + held, micros + cost, err
}
