package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley/internal/desk"
)

// TripTerm is how long a sign-in at a provider outside may take.
const TripTerm = 10 * time.Minute

const (
	outsideColumns   = `id, member_id, way, email, linked_at, used_at`
	sqlInsertOutside = `INSERT INTO outside_identity (subject_hash, workspace_id, ` + outsideColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlOutsides      = `SELECT ` + outsideColumns + ` FROM outside_identity WHERE workspace_id = $1 AND member_id = $2 ORDER BY id`
	sqlOutsideOf     = `SELECT id FROM outside_identity WHERE subject_hash = $1 AND workspace_id = $2 AND member_id = $3`
	sqlDropOutside   = `DELETE FROM outside_identity WHERE workspace_id = $1 AND member_id = $2 AND id = $3`
	sqlTouchOutside  = `UPDATE outside_identity SET used_at = $3 WHERE subject_hash = $1 AND workspace_id = $2`
	sqlOutsideSeats  = `SELECT workspace_id, member_id FROM outside_identity WHERE subject_hash = $1 ORDER BY workspace_id LIMIT $2`

	tripColumns   = `state_hash, browser_hash, way, link_session, subject_hash, email_hash, created_at, prove`
	sqlInsertTrip = `INSERT INTO outside_trip (workspace_id, ` + tripColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlTrip       = `SELECT ` + tripColumns + ` FROM outside_trip WHERE workspace_id = $1 AND state_hash = $2` + forUpdate
	sqlDropTrip   = `DELETE FROM outside_trip WHERE workspace_id = $1 AND state_hash = $2`
	sqlOldTrips   = `DELETE FROM outside_trip WHERE workspace_id = $1 AND created_at <= $2`
)

// outsideLabel names the keyed hash by which an account outside is looked up.
const outsideLabel = "member/outside"

// Trip is a sign-in on its way at a provider outside.
type Trip struct {
	State, Browser []byte // hashes
	Way            string
	Link           desk.ID // session that links an account; 0 = somebody signs in
	Prove          bool    // that session renews its proof instead
	Subject        []byte  // who came, once that is known
	Email          []byte  // keyed hash of their verified address; nil = none
	CreatedAt      time.Time
}

// OutsideHash is the keyed hash of a person at a provider.
func (db *DB) OutsideHash(ctx context.Context, issuer, subject string) ([]byte, error) {
	return db.vault.Hash(ctx, 0, outsideLabel, issuer+"\x00"+subject)
}

// EmailHash is the keyed hash by which an e-mail address is looked up.
func (db *DB) EmailHash(ctx context.Context, email string) ([]byte, error) {
	return db.vault.Hash(ctx, 0, emailLabel, email)
}

// TripHash makes a secret of a sign-in on its way out of its state, so that
// nothing that opens is stored.
func (db *DB) TripHash(ctx context.Context, what, state string) ([]byte, error) {
	return db.vault.Hash(ctx, 0, "member/trip", what+" "+state)
}

// PutTrip keeps a sign-in on its way, and forgets those that took too long; only
// the workspace 0 holds such rows.
func (t *Tx) PutTrip(p Trip) error {
	if _, err := t.exec(sqlOldTrips, int64(t.ws), us(t.now.Add(-TripTerm))); err != nil {
		return err
	}
	_, err := t.exec(sqlInsertTrip, int64(t.ws), p.State, p.Browser, p.Way, int64(p.Link), p.Subject, p.Email, us(t.now), p.Prove)
	return err
}

// TakeTrip takes a sign-in on its way out of the store, once; desk.NotFound for a
// state that is unknown, spent or past its term.
func (t *Tx) TakeTrip(state, browser []byte, way string) (Trip, error) {
	var p Trip
	var created int64
	err := t.row(sqlTrip, int64(t.ws), state).Scan(&p.State, &p.Browser, &p.Way, &p.Link, &p.Subject, &p.Email, &created, &p.Prove)
	if err != nil {
		return p, found("trip", err)
	}
	p.CreatedAt = at(created)
	if string(p.Browser) != string(browser) || p.Way != way || !t.now.Before(p.CreatedAt.Add(TripTerm)) {
		return Trip{}, desk.Fail(desk.NotFound, "trip_not_found", "no such sign-in is on its way in this browser")
	}
	return p, t.must("trip", sqlDropTrip, int64(t.ws), state)
}

// OutsideSeats finds the active members whom an account outside opens, and those
// without any way in of their own whose address has that keyed hash (nil = none).
func (db *DB) OutsideSeats(ctx context.Context, subject, email []byte) (known, invited []Seat, err error) {
	err = db.In(0).Read(ctx, func(r *Rx) error {
		known, invited = nil, nil
		if known, err = r.seatsBy(sqlOutsideSeats, subject); err != nil || email == nil {
			return err
		}
		all, err := r.seats(email)
		for _, s := range all {
			if s.Member.Invited {
				invited = append(invited, s)
			}
		}
		return err
	})
	return known, invited, err
}

// AddOutside links an account outside to a member. One that opens a member of
// the workspace already is desk.Conflict.
func (t *Tx) AddOutside(subject []byte, o desk.OutsideIdentity) (desk.ID, error) {
	id := t.NewID()
	email, err := t.seal(t.subject(o.Member), "outside_identity", "email", id, []byte(o.Email))
	if err != nil {
		return 0, err
	}
	_, err = t.exec(sqlInsertOutside, subject, int64(t.ws), int64(id), int64(o.Member), o.Way, email, us(t.now), us(o.UsedAt))
	return id, err
}

// OutsideOf reports whether an account outside signs that member in.
func (r *Rx) OutsideOf(subject []byte, member desk.ID) (bool, error) {
	var id desk.ID
	switch err := r.row(sqlOutsideOf, subject, int64(r.ws), int64(member)).Scan(&id); {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	default:
		return err == nil, err
	}
}

// Outsides lists a member's accounts outside, oldest first.
func (r *Rx) Outsides(member desk.ID) ([]desk.OutsideIdentity, error) {
	all := []desk.OutsideIdentity{}
	err := r.each(sqlOutsides, []any{int64(r.ws), int64(member)}, func(s scanner) error {
		var o desk.OutsideIdentity
		var email []byte
		var linked, used int64
		if err := s.Scan(&o.ID, &o.Member, &o.Way, &email, &linked, &used); err != nil {
			return err
		}
		clear, err := r.soft("outside_identity", "email", o.ID, email)
		o.Email, o.LinkedAt, o.UsedAt = string(clear), at(linked), at(used)
		all = append(all, o)
		return err
	})
	return all, err
}

// TouchOutside notes that somebody signed in by an account outside.
func (t *Tx) TouchOutside(subject []byte) error {
	_, err := t.exec(sqlTouchOutside, subject, int64(t.ws), us(t.now))
	return err
}

// DropOutside unlinks an account; desk.NotFound when the member has none of that
// id.
func (t *Tx) DropOutside(member, id desk.ID) error {
	return t.must("account", sqlDropOutside, int64(t.ws), int64(member), int64(id))
}
