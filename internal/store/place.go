package store

import (
	"math"
	"time"

	"parley/internal/desk"
)

// A conversation has two orders. Seq is the order of filing: what was answered,
// read and sent goes by it. Place is the order people see. They differ only
// where a channel delivers a message after one that its author wrote later:
// such a message takes a place between its neighbours in time.
const (
	sqlPlacesBelow = `SELECT place, seq, at FROM message
		WHERE workspace_id = $1 AND conversation_id = $2 AND (place, seq) < ($3, $4) ORDER BY place DESC, seq DESC LIMIT $5`
	sqlMessagesBelow = `SELECT ` + messageColumns + ` FROM message
		WHERE workspace_id = $1 AND conversation_id = $2 AND (place, seq) < ($3, $4) ORDER BY place DESC, seq DESC LIMIT $5`
)

const (
	placeStep = 1 << 20 // between two messages that came in order
	// placesAtOnce and placeLooks bound how far back a late message is carried.
	placesAtOnce = 64
	placeLooks   = 64
)

// Spot is a message's place in the conversation as people see it.
type Spot struct{ Place, Seq int64 }

// top is behind every message.
var top = Spot{math.MaxInt64, math.MaxInt64}

// MessagesBelow pages a conversation backwards as people see it, from a spot on
// (the zero Spot = from the end).
func (r *Rx) MessagesBelow(conversation desk.ID, below Spot, limit int) ([]desk.Message, error) {
	if below == (Spot{}) {
		below = top
	}
	return r.messages(sqlMessagesBelow, int64(r.ws), int64(conversation), below.Place, below.Seq, limit)
}

// standing is a message that is passed on the way back.
type standing struct {
	Spot
	at time.Time
}

// placeOf is where a new message of a conversation stands. late is true when
// that is not the end.
func (t *Tx) placeOf(c *Row, m desk.Message) (place int64, late bool, err error) {
	end := c.LastSeq * placeStep
	newest := c.LastIn
	if m.At.Equal(m.At.Truncate(time.Second)) { // some providers tell whole seconds only
		newest = newest.Truncate(time.Second)
	}
	if m.At.IsZero() || m.Direction == desk.None || !m.At.Before(newest) {
		return end, false, nil
	}
	after, found := standing{Spot: Spot{Place: end}}, false
	from := top
	for range placeLooks {
		passed := 0
		err := t.each(sqlPlacesBelow, []any{int64(t.ws), int64(c.ID), from.Place, from.Seq, placesAtOnce}, func(s scanner) error {
			var one standing
			var when int64
			err := s.Scan(&one.Place, &one.Seq, &when)
			one.at = at(when)
			if passed++; found || err != nil {
				return err
			}
			if !one.at.After(m.At) {
				place, found = between(one, after, m.At), true
				return nil
			}
			after, from = one, one.Spot
			return nil
		})
		switch {
		case err != nil:
			return 0, false, err
		case found:
			return place, after.Seq != 0, nil
		case passed < placesAtOnce:
			return after.Place - placeStep, after.Seq != 0, nil
		}
	}
	return after.Place - 1, true, nil
}

// between divides the room of two neighbours as their times divide: many late
// messages then find room in whatever order they come. Where there is none left
// the place is shared, and seq decides.
func between(before, after standing, at time.Time) int64 {
	room := after.Place - before.Place
	if after.Seq == 0 { // before is the last
		return after.Place
	}
	if room < 2 {
		return before.Place
	}
	share := 0.5
	if span := after.at.Sub(before.at); span > 0 {
		share = float64(at.Sub(before.at)) / float64(span)
	}
	return before.Place + min(max(1, int64(share*float64(room))), room-1)
}

// BringMessage is AppendMessage for one that another install numbered: it keeps
// its place.
func (t *Tx) BringMessage(c *Row, m desk.Message) error {
	m.Conversation, m.Workspace = c.ID, t.ws
	late := m.Seq < c.LastSeq
	c.LastSeq = max(c.LastSeq, m.Seq)
	if err := t.insertMessage(c, m, t.insert); err != nil {
		return err
	}
	c.grow(m, late)
	return nil
}
