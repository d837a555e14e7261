package store

import (
	"context"
	"time"

	"parley/internal/desk"
)

const (
	eventColumns   = `no, at, kind, conversation_id, message_id, object_id, seq`
	sqlEventsAfter = `SELECT ` + eventColumns + ` FROM event WHERE workspace_id = $1 AND no > $2 ORDER BY no LIMIT $3`
	sqlEventRange  = `SELECT coalesce(min(no), 0), coalesce(max(no), 0) FROM event WHERE workspace_id = $1`
	sqlLastNo      = `SELECT no FROM workspace_counter WHERE workspace_id = $1`
	sqlLastNos     = `SELECT workspace_id, no FROM workspace_counter`
	sqlDropEvents  = `DELETE FROM event WHERE workspace_id = $1 AND no IN
		(SELECT no FROM event WHERE workspace_id = $1 AND at < $2 ORDER BY at LIMIT $3)`
)

// EventsAfter returns committed events in order of their numbers.
func (r *Rx) EventsAfter(no int64, limit int) ([]desk.Event, error) {
	var all []desk.Event
	err := r.each(sqlEventsAfter, []any{int64(r.ws), no, limit}, func(s scanner) error {
		e := desk.Event{Workspace: r.ws}
		var when int64
		err := s.Scan(&e.No, &when, &e.Kind, &e.Conversation, &e.Message, &e.Object, &e.Seq)
		e.At = at(when)
		all = append(all, e)
		return err
	})
	return all, err
}

// EventNumbers returns the oldest kept number and the last one given.
func (r *Rx) EventNumbers() (oldest, last int64, err error) {
	var newest int64
	if err := r.row(sqlEventRange, int64(r.ws)).Scan(&oldest, &newest); err != nil {
		return 0, 0, err
	}
	err = r.row(sqlLastNo, int64(r.ws)).Scan(&last)
	if desk.IsNotFound(plain(err)) {
		return oldest, 0, nil
	}
	return oldest, last, err
}

// DropEvents deletes up to limit events older than their seven days.
func (t *Tx) DropEvents(olderThan time.Time, limit int) (int64, error) {
	return t.exec(sqlDropEvents, int64(t.ws), us(olderThan), limit)
}

// LastEventNumbers returns the last event number of each workspace that has
// events; a look for those who may have missed what Watch said.
func (db *DB) LastEventNumbers(ctx context.Context) (map[desk.ID]int64, error) {
	var all map[desk.ID]int64
	err := db.In(0).Read(ctx, func(r *Rx) error {
		all = map[desk.ID]int64{}
		return r.each(sqlLastNos, nil, func(s scanner) error {
			var ws desk.ID
			var no int64
			err := s.Scan(&ws, &no)
			all[ws] = no
			return err
		})
	})
	return all, err
}
