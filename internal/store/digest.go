package store

import (
	"time"

	"parley/internal/desk"
)

const (
	sqlSetDigest  = `UPDATE member SET digest = $3, digest_at = $4 WHERE workspace_id = $1 AND id = $2`
	sqlDigest     = `SELECT digest FROM member WHERE workspace_id = $1 AND id = $2`
	sqlDueDigests = `SELECT id, role, digest, digest_at FROM member WHERE workspace_id = $1 AND digest_at > 0 AND (digest_at <= $2 OR digest_at > $3) AND active = TRUE ORDER BY digest_at LIMIT $4`
)

// DueDigest is a member whose counts are due by mail, or whose next time makes no
// sense any more because a clock was moved.
type DueDigest struct {
	Member desk.ID
	Role   desk.Role
	Every  desk.DigestEvery
	At     time.Time
}

// DueDigests lists whose counts are due at now, and who waits for a time beyond
// last, which none is set to.
func (r *Rx) DueDigests(now, last time.Time, limit int) ([]DueDigest, error) {
	var all []DueDigest
	err := r.each(sqlDueDigests, []any{int64(r.ws), us(now), us(last), limit}, func(s scanner) error {
		var d DueDigest
		var role, every string
		var due int64
		err := s.Scan(&d.Member, &role, &every, &due)
		d.Role, d.Every, d.At = desk.Role(role), desk.DigestEvery(every), at(due)
		all = append(all, d)
		return err
	})
	return all, err
}

// Digest tells how often a member wants counts by mail.
func (r *Rx) Digest(member desk.ID) (every desk.DigestEvery, err error) {
	var s string
	err = r.row(sqlDigest, int64(r.ws), int64(member)).Scan(&s)
	return desk.DigestEvery(s), found("member", err)
}

// SetDigest sets how often a member gets counts by mail, and when next; the zero
// time is never.
func (t *Tx) SetDigest(member desk.ID, every desk.DigestEvery, next time.Time) error {
	var due int64
	if !next.IsZero() {
		due = us(next)
	}
	return t.must("member", sqlSetDigest, int64(t.ws), int64(member), string(every), due)
}
