package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
)

const (
	sessionColumns   = `workspace_id, id, member_id, device, network, place, created_at, seen_at, expires_at`
	sqlInsertSession = `INSERT INTO member_session (token_hash, ` + sessionColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlSessionsOf    = `SELECT ` + sessionColumns + ` FROM member_session WHERE workspace_id = $1 AND member_id = $2 ORDER BY id`
	sqlTouchSession  = `UPDATE member_session SET seen_at = $3 WHERE workspace_id = $1 AND token_hash = $2 AND seen_at < $3`
	sqlEndSession    = `DELETE FROM member_session WHERE workspace_id = $1 AND member_id = $2 AND id = $3`
	sqlEndSessions   = `DELETE FROM member_session WHERE workspace_id = $1 AND member_id = $2 AND id <> $3`
	sqlDropSessions  = `DELETE FROM member_session WHERE expires_at <= $1`
)

// MemberSession is one sign-in of a member.
type MemberSession struct {
	ID        desk.ID
	Workspace desk.ID
	Member    desk.ID
	Device    string
	Network   string // the shortened address it was begun from
	Place     string // city and country of that address, where a file of the operator's knows them
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	Standing  Standing // of SignedIn alone
}

func (r *Rx) scanSession(s scanner) (MemberSession, error) {
	var m MemberSession
	var device, network, place []byte
	var created, seen, expires int64
	if err := s.Scan(&m.Workspace, &m.ID, &m.Member, &device, &network, &place, &created, &seen, &expires); err != nil {
		return m, err
	}
	m.CreatedAt, m.SeenAt, m.ExpiresAt = at(created), at(seen), at(expires)
	clear, e1 := r.within(m.Workspace).soft("member_session", "device", m.ID, device)
	from, e2 := r.within(m.Workspace).softSome("member_session", "network", m.ID, network)
	where, e3 := r.within(m.Workspace).softSome("member_session", "place", m.ID, place)
	m.Device, m.Network, m.Place = string(clear), string(from), string(where)
	return m, errors.Join(e1, e2, e3)
}

// softSome is soft for what may be absent.
func (r *Rx) softSome(table, column string, row desk.ID, sealed []byte) ([]byte, error) {
	if sealed == nil {
		return nil, nil
	}
	return r.soft(table, column, row, sealed)
}

// InsertSession keeps a sign-in by the hash of its token.
func (t *Tx) InsertSession(hash []byte, s MemberSession) error {
	device, e1 := t.seal(t.subject(s.Member), "member_session", "device", s.ID, []byte(s.Device))
	network, e2 := t.seal(t.subject(s.Member), "member_session", "network", s.ID, []byte(s.Network))
	var place []byte
	var e3 error
	if s.Place != "" {
		place, e3 = t.seal(t.subject(s.Member), "member_session", "place", s.ID, []byte(s.Place))
	}
	if err := errors.Join(e1, e2, e3); err != nil {
		return err
	}
	_, err := t.exec(sqlInsertSession, hash, int64(t.ws), int64(s.ID), int64(s.Member), device, network, place, us(t.now), us(t.now), us(s.ExpiresAt))
	return err
}

// SignedIn finds a session by the hash of its token, with its member and
// workspace as they are now.
func (db *DB) SignedIn(ctx context.Context, hash []byte) (MemberSession, desk.Member, desk.Workspace, error) {
	var s MemberSession
	var m desk.Member
	var w desk.Workspace
	err := db.In(0).Read(ctx, func(r *Rx) (err error) {
		var standing Standing
		if s, err = r.scanSession(withStanding{r.row(sqlSessionStanding, hash), &standing}); err != nil {
			return found("session", err)
		}
		s.Standing = standing
		var e1, e2 error
		m, e1 = r.within(s.Workspace).Member(s.Member)
		w, e2 = r.within(s.Workspace).Settings()
		return errors.Join(e1, e2)
	})
	return s, m, w, err
}

// Sessions lists a member's sign-ins, oldest first.
func (r *Rx) Sessions(member desk.ID) ([]MemberSession, error) {
	all := []MemberSession{}
	err := r.each(sqlSessionsOf, []any{int64(r.ws), int64(member)}, func(s scanner) error {
		m, err := r.scanSession(s)
		all = append(all, m)
		return err
	})
	return all, err
}

// TouchSession notes that a session and its member were seen now.
func (t *Tx) TouchSession(hash []byte, member desk.ID) error {
	if _, err := t.exec(sqlTouchSession, int64(t.ws), hash, us(t.now)); err != nil {
		return err
	}
	_, err := t.exec(sqlTouchMember, int64(t.ws), int64(member), us(t.now))
	return err
}

// EndSession ends one sign-in of a member; desk.NotFound when there is none.
func (t *Tx) EndSession(member, id desk.ID) error {
	return t.must("session", sqlEndSession, int64(t.ws), int64(member), int64(id))
}

// EndSessions ends every sign-in of a member but one (0 = none is kept).
func (t *Tx) EndSessions(member, but desk.ID) error {
	_, err := t.exec(sqlEndSessions, int64(t.ws), int64(member), int64(but))
	return err
}

// DropSessions removes sign-ins that are over, in every workspace.
func (t *Tx) DropSessions() (int64, error) { return t.exec(sqlDropSessions, us(t.now)) }
