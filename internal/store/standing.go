package store

import (
	"time"

	"parley/internal/desk"
)

const (
	// sessionStanding is read in one go with a session: it is asked at each request.
	sessionStanding = `way, proved_at, strong_at,
		(SELECT count(*) FROM factor WHERE factor.workspace_id = member_session.workspace_id AND factor.member_id = member_session.member_id),
		coalesce((SELECT demand FROM factor_rule WHERE factor_rule.workspace_id = member_session.workspace_id), 'nobody')`
	sqlSessionStanding = `SELECT ` + sessionColumns + `, ` + sessionStanding + ` FROM member_session WHERE token_hash = $1`
	sqlProve           = `UPDATE member_session SET way = $4, proved_at = $5, strong_at = $6 WHERE workspace_id = $1 AND member_id = $2 AND id = $3`
	sqlProveAgain      = `UPDATE member_session SET proved_at = $4 WHERE workspace_id = $1 AND member_id = $2 AND id = $3`
	sqlRiseSession     = `UPDATE member_session SET token_hash = $3, proved_at = $4, strong_at = $4 WHERE workspace_id = $1 AND token_hash = $2`
)

// Standing is what a sign-in was proved by.
type Standing struct {
	Way      desk.Way
	ProvedAt time.Time // the last proof of who it is
	StrongAt time.Time // when a second factor was passed; zero = not
	Factors  int       // how many its member has
	Demand   desk.Demand
}

// withStanding reads a session's standing behind its columns.
type withStanding struct {
	row scanner
	to  *Standing
}

func (w withStanding) Scan(to ...any) error {
	var way, demand string
	var proved, strong int64
	if err := w.row.Scan(append(to, &way, &proved, &strong, &w.to.Factors, &demand)...); err != nil {
		return err
	}
	w.to.Way, w.to.Demand, w.to.ProvedAt, w.to.StrongAt = desk.Way(way), desk.Demand(demand), at(proved), at(strong)
	return nil
}

// ProveSession notes how a session was begun, which is its first proof.
func (t *Tx) ProveSession(s MemberSession, way desk.Way) error {
	strong := time.Time{}
	if way.Strong() {
		strong = t.now
	}
	return t.must("session", sqlProve, int64(t.ws), int64(s.Member), int64(s.ID), string(way), us(t.now), us(strong))
}

// ProveAgain notes that the holder of a session proved who they are, now.
func (t *Tx) ProveAgain(member, session desk.ID) error {
	return t.must("session", sqlProveAgain, int64(t.ws), int64(member), int64(session), us(t.now))
}

// RiseSession notes that a second factor was passed and gives the session a new
// token in place of the old one; desk.NotFound when the old one opens nothing
// any more, as in the second of two tries at once.
func (t *Tx) RiseSession(old, hash []byte) error {
	return t.must("session", sqlRiseSession, int64(t.ws), old, hash, us(t.now))
}
