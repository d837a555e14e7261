package store

import (
	"errors"
	"time"

	"parley/internal/desk"
)

// Hold keeps one contact from every erasure until it is released.
type Hold struct {
	ID         desk.ID
	Contact    desk.ID
	Reason     string
	Authority  string
	By         desk.Actor
	BegunAt    time.Time
	ReleasedAt time.Time // zero while it holds
}

// HoldTerm is how long a hold stays written down after its release.
const HoldTerm = 365 * 24 * time.Hour

const (
	holdColumns    = `id, contact_id, reason, authority, by_kind, by_id, begun_at, released_at`
	sqlInsertHold  = `INSERT INTO legal_hold (workspace_id, ` + holdColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`
	sqlHolds       = `SELECT ` + holdColumns + ` FROM legal_hold WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlReleaseHold = `UPDATE legal_hold SET released_at = $3 WHERE workspace_id = $1 AND id = $2 AND released_at = 0`
	sqlUnderHold   = `SELECT count(*) FROM legal_hold WHERE workspace_id = $1 AND contact_id = $2 AND released_at = 0`
	sqlOldHolds    = `DELETE FROM legal_hold WHERE workspace_id = $1 AND released_at > 0 AND released_at <= $2`
	sqlEraseHolds  = `DELETE FROM legal_hold WHERE workspace_id = $1 AND contact_id = $2 AND released_at > 0`
)

// InsertHold begins a hold; h.ID is made.
func (t *Tx) InsertHold(h *Hold) error {
	if _, err := t.Contact(h.Contact); err != nil {
		return err
	}
	h.ID, h.BegunAt = t.NewID(), t.now
	reason, e1 := t.seal(t.workspaceKey(), "legal_hold", "reason", h.ID, []byte(h.Reason))
	authority, e2 := t.seal(t.workspaceKey(), "legal_hold", "authority", h.ID, []byte(h.Authority))
	if err := errors.Join(e1, e2); err != nil {
		return err
	}
	_, err := t.exec(sqlInsertHold, int64(t.ws), int64(h.ID), int64(h.Contact), reason, authority, string(h.By.Kind), int64(h.By.ID), us(h.BegunAt))
	return err
}

// ReleaseHold ends a hold; desk.NotFound when none with that id holds.
func (t *Tx) ReleaseHold(id desk.ID) error {
	return t.must("hold", sqlReleaseHold, int64(t.ws), int64(id), us(t.now))
}

// DropOldHolds forgets holds a year after their release.
func (t *Tx) DropOldHolds() (int64, error) {
	return t.exec(sqlOldHolds, int64(t.ws), us(t.now.Add(-HoldTerm)))
}

// UnderHold reports whether a contact is under a hold.
func (r *Rx) UnderHold(contact desk.ID) (bool, error) {
	var n int
	err := r.row(sqlUnderHold, int64(r.ws), int64(contact)).Scan(&n)
	return n > 0, err
}

// Holds pages through them, newest first; before 0 starts at the top.
func (r *Rx) Holds(before desk.ID, limit int) (all []Hold, err error) {
	if before == 0 {
		before = maxID
	}
	err = r.each(sqlHolds, []any{int64(r.ws), int64(before), limit}, func(s scanner) error {
		var h Hold
		var reason, authority []byte
		var begun, released int64
		if err := s.Scan(&h.ID, &h.Contact, &reason, &authority, &h.By.Kind, &h.By.ID, &begun, &released); err != nil {
			return err
		}
		h.BegunAt, h.ReleasedAt = at(begun), at(released)
		why, e1 := r.open("legal_hold", "reason", h.ID, reason)
		who, e2 := r.open("legal_hold", "authority", h.ID, authority)
		h.Reason, h.Authority = string(why), string(who)
		all = append(all, h)
		return errors.Join(e1, e2)
	})
	return all, err
}
