package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
)

const (
	sessionColumns   = `workspace_id, id, member_id, device, created_at, seen_at, expires_at`
	sqlInsertSession = `INSERT INTO member_session (token_hash, ` + sessionColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlSessionByHash = `SELECT ` + sessionColumns + ` FROM member_session WHERE token_hash = $1`
	sqlSessionsOf    = `SELECT ` + sessionColumns + ` FROM member_session WHERE workspace_id = $1 AND member_id = $2 ORDER BY id`
	sqlTouchSession  = `UPDATE member_session SET seen_at = $3 WHERE workspace_id = $1 AND token_hash = $2 AND seen_at < $3`
	sqlEndSession    = `DELETE FROM member_session WHERE workspace_id = $1 AND member_id = $2 AND id = $3`
	sqlEndSessions   = `DELETE FROM member_session WHERE workspace_id = $1 AND member_id = $2 AND id <> $3`
	sqlDropSessions  = `DELETE FROM member_session WHERE expires_at <= $1`

	accessColumns   = `workspace_id, id, name, role, created_by, created_at, used_at`
	sqlInsertAccess = `INSERT INTO access_key (token_hash, ` + accessColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlAccessByHash = `SELECT ` + accessColumns + ` FROM access_key WHERE token_hash = $1`
	sqlAccessKeys   = `SELECT ` + accessColumns + ` FROM access_key WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3`
	sqlTouchAccess  = `UPDATE access_key SET used_at = $3 WHERE workspace_id = $1 AND id = $2 AND used_at < $3`
	sqlDropAccess   = `DELETE FROM access_key WHERE workspace_id = $1 AND id = $2`
)

// MemberSession is one sign-in of a member.
type MemberSession struct {
	ID        desk.ID
	Workspace desk.ID
	Member    desk.ID
	Device    string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

func (r *Rx) scanSession(s scanner) (MemberSession, error) {
	var m MemberSession
	var device []byte
	var created, seen, expires int64
	if err := s.Scan(&m.Workspace, &m.ID, &m.Member, &device, &created, &seen, &expires); err != nil {
		return m, err
	}
	m.CreatedAt, m.SeenAt, m.ExpiresAt = at(created), at(seen), at(expires)
	clear, err := r.within(m.Workspace).soft("member_session", "device", m.ID, device)
	m.Device = string(clear)
	return m, err
}

// InsertSession keeps a sign-in by the hash of its token.
func (t *Tx) InsertSession(hash []byte, s MemberSession) error {
	device, err := t.seal(t.subject(s.Member), "member_session", "device", s.ID, []byte(s.Device))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertSession, hash, int64(t.ws), int64(s.ID), int64(s.Member), device, us(t.now), us(t.now), us(s.ExpiresAt))
	return err
}

// SignedIn finds a session by the hash of its token, with its member and
// workspace as they are now.
func (db *DB) SignedIn(ctx context.Context, hash []byte) (MemberSession, desk.Member, desk.Workspace, error) {
	var s MemberSession
	var m desk.Member
	var w desk.Workspace
	err := db.In(0).Read(ctx, func(r *Rx) (err error) {
		if s, err = r.scanSession(r.row(sqlSessionByHash, hash)); err != nil {
			return found("session", err)
		}
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

// AccessKey is a token by which a program acts in a workspace.
type AccessKey struct {
	ID        desk.ID
	Workspace desk.ID
	Name      string
	Role      desk.Role
	CreatedBy desk.ID
	CreatedAt time.Time
	UsedAt    time.Time
}

func scanAccess(s scanner) (AccessKey, error) {
	var k AccessKey
	var role string
	var created, used int64
	err := s.Scan(&k.Workspace, &k.ID, &k.Name, &role, &k.CreatedBy, &created, &used)
	k.Role, k.CreatedAt, k.UsedAt = desk.Role(role), at(created), at(used)
	return k, err
}

// InsertAccessKey keeps a key by the hash of its token.
func (t *Tx) InsertAccessKey(hash []byte, k AccessKey) error {
	_, err := t.exec(sqlInsertAccess, hash, int64(t.ws), int64(k.ID), k.Name, string(k.Role), int64(k.CreatedBy), us(t.now), int64(0))
	return err
}

// AccessKeyByHash finds a key by the hash of its token, with its workspace.
func (db *DB) AccessKeyByHash(ctx context.Context, hash []byte) (AccessKey, desk.Workspace, error) {
	var k AccessKey
	var w desk.Workspace
	err := db.In(0).Read(ctx, func(r *Rx) (err error) {
		if k, err = scanAccess(r.row(sqlAccessByHash, hash)); err != nil {
			return found("key", err)
		}
		w, err = r.within(k.Workspace).Settings()
		return err
	})
	return k, w, err
}

// AccessKeys pages through the workspace's keys, oldest first.
func (r *Rx) AccessKeys(after desk.ID, limit int) ([]AccessKey, error) {
	all := []AccessKey{}
	err := r.each(sqlAccessKeys, []any{int64(r.ws), int64(after), limit}, func(s scanner) error {
		k, err := scanAccess(s)
		all = append(all, k)
		return err
	})
	return all, err
}

// TouchAccessKey notes that a key was used now.
func (t *Tx) TouchAccessKey(id desk.ID) error {
	_, err := t.exec(sqlTouchAccess, int64(t.ws), int64(id), us(t.now))
	return err
}

// DropAccessKey removes a key; desk.NotFound when there is none.
func (t *Tx) DropAccessKey(id desk.ID) error {
	return t.must("key", sqlDropAccess, int64(t.ws), int64(id))
}
