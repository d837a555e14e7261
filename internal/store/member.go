package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
)

const (
	memberColumns   = `id, name, email, role, locale, active, created_at, seen_at`
	sqlInsertMember = `INSERT INTO member (workspace_id, password, ` + memberColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	memberRead      = memberColumns + `, verified_at, password IS NULL AND NOT EXISTS (SELECT 1 FROM outside_identity o WHERE o.workspace_id = member.workspace_id AND o.member_id = member.id), pictured, EXISTS (SELECT 1 FROM outside_identity o WHERE o.workspace_id = member.workspace_id AND o.member_id = member.id AND o.picture IS NOT NULL)`
	sqlMember       = `SELECT ` + memberRead + ` FROM member WHERE workspace_id = $1 AND id = $2`
	sqlMemberLocked = sqlMember + forUpdate
	sqlMembers      = `SELECT ` + memberRead + ` FROM member WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3`
	sqlUpdateMember = `UPDATE member SET name = $3, role = $4, locale = $5, active = $6 WHERE workspace_id = $1 AND id = $2`
	sqlTouchMember  = `UPDATE member SET seen_at = $3 WHERE workspace_id = $1 AND id = $2 AND seen_at < $3`
	sqlPassword     = `SELECT password FROM member WHERE workspace_id = $1 AND id = $2`
	sqlVerifyMember = `UPDATE member SET verified_at = $3 WHERE workspace_id = $1 AND id = $2`
	sqlMoveMember   = `UPDATE member SET email = $3, verified_at = $4 WHERE workspace_id = $1 AND id = $2`
	sqlMoveSignIn   = `UPDATE sign_in SET email_hash = $3 WHERE workspace_id = $1 AND member_id = $2`
	sqlSetPassword  = `UPDATE member SET password = $3 WHERE workspace_id = $1 AND id = $2`
	sqlAnyMember    = `SELECT count(*) FROM (SELECT 1 FROM member LIMIT 1) AS few`
	sqlActiveOwners = `SELECT count(*) FROM member WHERE workspace_id = $1 AND role = 'owner' AND active = TRUE`

	sqlInsertSignIn = `INSERT INTO sign_in (email_hash, workspace_id, member_id) VALUES ($1, $2, $3)`
	sqlSignIns      = `SELECT workspace_id, member_id FROM sign_in WHERE email_hash = $1 ORDER BY workspace_id LIMIT $2`

	sqlPutFirstStart = `INSERT INTO first_start (id, token_hash, expires_at) VALUES (1, $1, $2)
		ON CONFLICT (id) DO UPDATE SET token_hash = $1, expires_at = $2`
	sqlUseFirstStart = `DELETE FROM first_start WHERE id = 1 AND token_hash = $1 AND expires_at > $2`
)

// emailLabel names the keyed hash by which an e-mail address is looked up.
const emailLabel = "member/email"

// maxSignIns is how many workspaces one e-mail address is tried in.
const maxSignIns = 8

func (r *Rx) scanMember(s scanner) (desk.Member, error) {
	m := desk.Member{Workspace: r.ws}
	var name, email []byte
	var role string
	var created, seen, verified int64
	if err := s.Scan(&m.ID, &name, &email, &role, &m.Locale, &m.Active, &created, &seen, &verified, &m.Invited, &m.Pictured, &m.Picture); err != nil {
		return m, err
	}
	m.Role, m.CreatedAt, m.LastSeenAt, m.VerifiedAt = desk.Role(role), at(created), at(seen), at(verified)
	clearName, e1 := r.soft("member", "name", m.ID, name)
	clearEmail, e2 := r.soft("member", "email", m.ID, email)
	m.Name, m.Email = string(clearName), string(clearEmail)
	return m, errors.Join(e1, e2)
}

// within is the same snapshot, bound to another workspace: for the look-ups
// that find the workspace first.
func (r *Rx) within(ws desk.ID) *Rx { return &Rx{s: r.s, ctx: r.ctx, ws: ws, db: r.db} }

// InsertMember adds a member with the slow hash of their password and makes
// their e-mail known to sign-in. The e-mail is taken as given: the caller
// normalises it. An e-mail the workspace has already is desk.Conflict.
func (t *Tx) InsertMember(m desk.Member, password []byte) error {
	ref := t.subject(m.ID)
	if _, err := t.db.vault.Key(t.ctx, ref); err != nil { // durable before the row
		return err
	}
	name, e1 := t.seal(ref, "member", "name", m.ID, []byte(m.Name))
	email, e2 := t.seal(ref, "member", "email", m.ID, []byte(m.Email))
	var pass []byte // none until an invited member chooses theirs
	var e3 error
	if password != nil {
		pass, e3 = t.seal(ref, "member", "password", m.ID, password)
	}
	hash, e4 := t.db.vault.Hash(t.ctx, 0, emailLabel, m.Email)
	if err := errors.Join(e1, e2, e3, e4); err != nil {
		return err
	}
	if _, err := t.exec(sqlInsertSignIn, hash, int64(t.ws), int64(m.ID)); err != nil {
		return err
	}
	_, err := t.exec(sqlInsertMember, int64(t.ws), pass, int64(m.ID), name, email, string(m.Role), m.Locale, m.Active,
		us(t.now), int64(0))
	return err
}

// Member returns a member of the workspace.
func (r *Rx) Member(id desk.ID) (desk.Member, error) {
	m, err := r.scanMember(r.row(sqlMember, int64(r.ws), int64(id)))
	return m, found("member", err)
}

// Members pages through the workspace's members, oldest first.
func (r *Rx) Members(after desk.ID, limit int) ([]desk.Member, error) {
	all := []desk.Member{}
	err := r.each(sqlMembers, []any{int64(r.ws), int64(after), limit}, func(s scanner) error {
		m, err := r.scanMember(s)
		all = append(all, m)
		return err
	})
	return all, err
}

// ChangeMember applies fn to a member's name, role, locale and state.
func (t *Tx) ChangeMember(id desk.ID, fn func(*desk.Member) error) (desk.Member, error) {
	m, err := t.scanMember(t.row(sqlMemberLocked, int64(t.ws), int64(id)))
	if err != nil {
		return m, found("member", err)
	}
	if err := fn(&m); err != nil {
		return m, err
	}
	name, err := t.seal(t.subject(id), "member", "name", id, []byte(m.Name))
	if err != nil {
		return m, err
	}
	return m, t.must("member", sqlUpdateMember, int64(t.ws), int64(id), name, string(m.Role), m.Locale, m.Active)
}

// ActiveOwners counts the owners who can sign in.
func (r *Rx) ActiveOwners() (int, error) {
	var n int
	err := r.row(sqlActiveOwners, int64(r.ws)).Scan(&n)
	return n, err
}

// PasswordHash returns the slow hash of a member's password; nil when there is
// none.
func (r *Rx) PasswordHash(id desk.ID) ([]byte, error) {
	var sealed []byte
	if err := r.row(sqlPassword, int64(r.ws), int64(id)).Scan(&sealed); err != nil {
		return nil, found("member", err)
	}
	return r.soft("member", "password", id, sealed)
}

// SetPasswordHash replaces the slow hash of a member's password.
func (t *Tx) SetPasswordHash(id desk.ID, hash []byte) error {
	sealed, err := t.seal(t.subject(id), "member", "password", id, hash)
	if err != nil {
		return err
	}
	return t.must("member", sqlSetPassword, int64(t.ws), int64(id), sealed)
}

// VerifyAddress notes that a member showed that their address is theirs.
func (t *Tx) VerifyAddress(id desk.ID) error {
	return t.must("member", sqlVerifyMember, int64(t.ws), int64(id), us(t.now))
}

// MoveMember gives a member another e-mail address, which they showed is theirs.
// One that the workspace has already is desk.Conflict.
func (t *Tx) MoveMember(id desk.ID, email string) error {
	hash, e1 := t.db.vault.Hash(t.ctx, 0, emailLabel, email)
	sealed, e2 := t.seal(t.subject(id), "member", "email", id, []byte(email))
	if err := errors.Join(e1, e2); err != nil {
		return err
	}
	if err := t.must("member", sqlMoveSignIn, int64(t.ws), int64(id), hash); err != nil {
		return err
	}
	return t.must("member", sqlMoveMember, int64(t.ws), int64(id), sealed, us(t.now))
}

// Seat is a member with what sign-in needs: their workspace and password hash.
type Seat struct {
	Member    desk.Member
	Workspace desk.Workspace
	Password  []byte
}

// Seats finds the active members with that e-mail, in every workspace of the
// install (at most 8).
func (db *DB) Seats(ctx context.Context, email string) ([]Seat, error) {
	hash, err := db.vault.Hash(ctx, 0, emailLabel, email)
	if err != nil {
		return nil, err
	}
	var all []Seat
	err = db.In(0).Read(ctx, func(r *Rx) (err error) {
		all, err = r.seats(hash)
		return err
	})
	return all, err
}

// seats finds the active members whose e-mail has that keyed hash.
func (r *Rx) seats(hash []byte) ([]Seat, error) { return r.seatsBy(sqlSignIns, hash) }

func (r *Rx) seatsBy(query string, hash []byte) ([]Seat, error) {
	type place struct{ ws, member desk.ID }
	var places []place
	err := r.each(query, []any{hash, maxSignIns}, func(s scanner) error {
		var p place
		err := s.Scan(&p.ws, &p.member)
		places = append(places, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	var all []Seat
	for _, p := range places {
		seat, err := r.within(p.ws).seat(p.member)
		if err != nil {
			return nil, err
		}
		if seat.Member.Active {
			all = append(all, seat)
		}
	}
	return all, nil
}

func (r *Rx) seat(id desk.ID) (Seat, error) {
	var s Seat
	var e1, e2, e3 error
	s.Member, e1 = r.Member(id)
	s.Workspace, e2 = r.Settings()
	s.Password, e3 = r.PasswordHash(id)
	return s, errors.Join(e1, e2, e3)
}

// AnyMember reports whether anybody can sign in to this install yet.
func (db *DB) AnyMember(ctx context.Context) (bool, error) {
	var n int
	err := db.In(0).Read(ctx, func(r *Rx) error { return r.row(sqlAnyMember).Scan(&n) })
	return n > 0, err
}

// PutFirstStart keeps the hash of the one-time link in place of any earlier one.
func (t *Tx) PutFirstStart(hash []byte, expires time.Time) error {
	_, err := t.exec(sqlPutFirstStart, hash, us(expires))
	return err
}

// UseFirstStart spends the one-time link; ok is false for any other hash, a
// spent link and one past its time.
func (t *Tx) UseFirstStart(hash []byte) (ok bool, err error) {
	n, err := t.exec(sqlUseFirstStart, hash, us(t.now))
	return n == 1, err
}

// AnyMember is DB.AnyMember inside a transaction.
func (r *Rx) AnyMember() (bool, error) {
	var n int
	err := r.row(sqlAnyMember).Scan(&n)
	return n > 0, err
}
