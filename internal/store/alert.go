package store

import (
	"context"
	"encoding/hex"
	"time"

	"parley/internal/desk"
)

const (
	alertColumns = `id, rule, subject_kind, subject_id, conversation_id, mark, touched, opened_at, last_at, closed_at, closed_by, note`
	// The newest of a subject: its mark tells accounts and networks apart, ids the rest.
	sqlNewestAlert = `SELECT ` + alertColumns + ` FROM alert WHERE workspace_id = $1 AND rule = $2 AND subject_kind = $3 AND subject_id = $4
		AND conversation_id = $5 AND (mark = $6 OR mark IS NULL) ORDER BY id DESC LIMIT 1`
	sqlInsertAlert = `INSERT INTO alert (workspace_id, ` + alertColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, NULL)`
	sqlMoveAlert   = `UPDATE alert SET touched = $3, last_at = $4 WHERE workspace_id = $1 AND id = $2`
	sqlAlert       = `SELECT ` + alertColumns + ` FROM alert WHERE workspace_id = $1 AND id = $2`
	sqlAlertLocked = sqlAlert + forUpdate
	sqlAlerts      = `SELECT ` + alertColumns + ` FROM alert WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlOpenAlerts  = `SELECT count(*) FROM alert WHERE workspace_id = $1 AND closed_at = 0`
	sqlAllOpen     = `SELECT count(*) FROM alert WHERE closed_at = 0`
	sqlCloseAlert  = `UPDATE alert SET closed_at = $3, closed_by = $4, note = $5 WHERE workspace_id = $1 AND id = $2`
	sqlOldAlerts   = `DELETE FROM alert WHERE workspace_id = $1 AND last_at <= $2`
	sqlEraseAlerts = `DELETE FROM alert WHERE workspace_id = $1 AND conversation_id = $2`

	sqlFloods = `SELECT conversation_id, count(*), max(at) FROM event WHERE workspace_id = $1 AND at > $2 AND kind = $3
		GROUP BY conversation_id HAVING count(*) >= $4`
	sqlDisclosers = `SELECT actor_kind, actor_id, count(*), max(at) FROM audit_entry WHERE workspace_id = $1 AND no > $2 AND at > $3 AND verb = 'disclose'
		AND actor_kind <> 'system' GROUP BY actor_kind, actor_id HAVING count(*) >= $4`
	sqlAuditOf = `SELECT no, at, action, actor_kind, actor_id, object_kind, object_id FROM audit_entry WHERE workspace_id = $1 AND no > $2 AND at >= $3 AND at <= $4
		AND (actor_kind = $5 AND actor_id = $6 OR object_kind = $7 AND object_id = $8) ORDER BY no DESC LIMIT $9`

	sqlConsent     = `SELECT version, at FROM analytics_consent WHERE workspace_id = $1 AND member_id = $2`
	sqlPutConsent  = `INSERT INTO analytics_consent (workspace_id, member_id, version, at) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, member_id) DO UPDATE SET version = $3, at = $4`
	sqlDropConsent = `DELETE FROM analytics_consent WHERE workspace_id = $1 AND member_id = $2`
)

// Alert is what looks like abuse and waits for a person.
type Alert struct {
	ID           desk.ID
	Rule         string
	Subject      string  // kind: member, key, account, network or conversation
	SubjectID    desk.ID // of a member or key
	Conversation desk.ID
	Mark         []byte // keyed hash of an account or network
	Touched      int64
	OpenedAt     time.Time
	LastAt       time.Time
	ClosedAt     time.Time // zero = open
	ClosedBy     desk.ID
	Note         string
}

func (r *Rx) scanAlert(s scanner) (Alert, error) {
	var a Alert
	var opened, last, closed int64
	var note []byte
	err := s.Scan(&a.ID, &a.Rule, &a.Subject, &a.SubjectID, &a.Conversation, &a.Mark, &a.Touched, &opened, &last, &closed, &a.ClosedBy, &note)
	if err != nil {
		return a, err
	}
	a.OpenedAt, a.LastAt, a.ClosedAt = at(opened), at(last), at(closed)
	clear, err := r.open("alert", "note", a.ID, note)
	a.Note = string(clear)
	return a, err
}

// RaiseAlert opens an alert, or adds to the one that is open for its subject.
// What was over before the last one was closed raises none. fresh says that it
// is a new one; a.ID is made.
func (t *Tx) RaiseAlert(a *Alert) (fresh bool, err error) {
	mark := a.Mark
	if mark == nil {
		mark = []byte{}
	}
	have, err := t.scanAlert(t.row(sqlNewestAlert, int64(t.ws), a.Rule, a.Subject, int64(a.SubjectID), int64(a.Conversation), mark))
	if err = mayBeAbsent(err); err != nil {
		return false, err
	}
	switch {
	case have.ID != 0 && have.ClosedAt.IsZero():
		a.ID = have.ID
		if !a.LastAt.After(have.LastAt) && a.Touched <= have.Touched {
			return false, nil
		}
		last := a.LastAt
		if last.Before(have.LastAt) {
			last = have.LastAt
		}
		return false, t.must("alert", sqlMoveAlert, int64(t.ws), int64(have.ID), max(a.Touched, have.Touched), us(last))
	case have.ID != 0 && !a.LastAt.After(have.ClosedAt):
		return false, nil
	}
	a.ID, a.OpenedAt = t.NewID(), t.now
	_, err = t.exec(sqlInsertAlert, int64(t.ws), int64(a.ID), a.Rule, a.Subject, int64(a.SubjectID), int64(a.Conversation), a.Mark, a.Touched, us(a.OpenedAt), us(a.LastAt))
	return err == nil, err
}

// Alert returns an alert of the workspace.
func (r *Rx) Alert(id desk.ID) (Alert, error) {
	a, err := r.scanAlert(r.row(sqlAlert, int64(r.ws), int64(id)))
	return a, found("alert", err)
}

// Alerts pages through the workspace's alerts, newest first, from before an id.
func (r *Rx) Alerts(before desk.ID, limit int) ([]Alert, error) {
	all := []Alert{}
	err := r.each(sqlAlerts, []any{int64(r.ws), int64(before), limit}, func(s scanner) error {
		a, err := r.scanAlert(s)
		all = append(all, a)
		return err
	})
	return all, err
}

// OpenAlerts counts the workspace's alerts that nobody closed.
func (r *Rx) OpenAlerts() (int, error) {
	var n int
	err := r.row(sqlOpenAlerts, int64(r.ws)).Scan(&n)
	return n, err
}

// OpenAlerts counts those of the whole install.
func (db *DB) OpenAlerts(ctx context.Context) (int, error) {
	var n int
	err := db.In(0).Read(ctx, func(r *Rx) error { return r.row(sqlAllOpen).Scan(&n) })
	return n, err
}

// CloseAlert notes who closed an alert and what they found; desk.Conflict when it
// is closed.
func (t *Tx) CloseAlert(id, by desk.ID, note string) error {
	a, err := t.scanAlert(t.row(sqlAlertLocked, int64(t.ws), int64(id)))
	if err != nil {
		return found("alert", err)
	}
	if !a.ClosedAt.IsZero() {
		return desk.Fail(desk.Conflict, "alert_closed", "this alert is closed already")
	}
	sealed, err := t.seal(t.workspaceKey(), "alert", "note", id, []byte(note))
	if err != nil {
		return err
	}
	return t.must("alert", sqlCloseAlert, int64(t.ws), int64(id), us(t.now), int64(by), sealed)
}

// Burst is how much somebody did in a short time.
type Burst struct {
	Conversation desk.ID
	Actor        desk.Actor // kind and id only
	N            int64
	Last         time.Time
}

// Floods finds conversations in which at least so many messages arrived after a
// moment.
func (r *Rx) Floods(since time.Time, least int64) ([]Burst, error) {
	var all []Burst
	err := r.each(sqlFloods, []any{int64(r.ws), us(since), string(desk.MessageArrived), least}, func(s scanner) error {
		var b Burst
		var last int64
		err := s.Scan(&b.Conversation, &b.N, &last)
		b.Last = at(last)
		all = append(all, b)
		return err
	})
	return all, err
}

// auditReach is how many of the newest audit entries a look goes through.
const auditReach = 20_000

// Disclosers finds who took personal data out at least so often after a moment.
func (r *Rx) Disclosers(since time.Time, least int64) ([]Burst, error) {
	no, _, err := r.AuditHead()
	if err != nil {
		return nil, err
	}
	var all []Burst
	err = r.each(sqlDisclosers, []any{int64(r.ws), no - auditReach, us(since), least}, func(s scanner) error {
		var b Burst
		var last int64
		var kind string
		err := s.Scan(&kind, &b.Actor.ID, &b.N, &last)
		b.Actor.Kind, b.Last = desk.ActorKind(kind), at(last)
		all = append(all, b)
		return err
	})
	return all, err
}

// Span is the time between two moments, both within.
type Span struct{ From, To time.Time }

// Object is one row of one kind.
type Object struct {
	Kind string
	ID   desk.ID
}

// AuditAbout lists the newest audit entries between two moments by an actor or
// about an object, without what was said about it.
func (r *Rx) AuditAbout(in Span, actor desk.Actor, object Object, limit int) ([]AuditRow, error) {
	no, _, err := r.AuditHead()
	if err != nil {
		return nil, err
	}
	var all []AuditRow
	args := []any{int64(r.ws), no - auditReach, us(in.From), us(in.To), string(actor.Kind), int64(actor.ID), object.Kind, int64(object.ID), limit}
	err = r.each(sqlAuditOf, args, func(s scanner) error {
		var a AuditRow
		var when int64
		err := s.Scan(&a.No, &when, &a.Action, &a.ActorKind, &a.Actor, &a.ObjectKind, &a.Object)
		a.At = at(when)
		all = append(all, a)
		return err
	})
	return all, err
}

// AnalyticsConsent says since when a member allows that their use is told to an
// analytics service, and by which words; the zero time = they do not.
func (r *Rx) AnalyticsConsent(member desk.ID) (version string, since time.Time, err error) {
	var when int64
	err = mayBeAbsent(r.row(sqlConsent, int64(r.ws), int64(member)).Scan(&version, &when))
	return version, at(when), err
}

// SetAnalyticsConsent keeps what a member allows; version "" = nothing.
func (t *Tx) SetAnalyticsConsent(member desk.ID, version string) error {
	if version == "" {
		_, err := t.exec(sqlDropConsent, int64(t.ws), int64(member))
		return err
	}
	_, err := t.exec(sqlPutConsent, int64(t.ws), int64(member), version, us(t.now))
	return err
}

// MembersMarked finds the active members whose e-mail address has that keyed
// hash, in whichever workspace they are.
func (db *DB) MembersMarked(ctx context.Context, mark []byte) ([]desk.Member, error) {
	var all []desk.Member
	err := db.In(0).Read(ctx, func(r *Rx) error {
		seats, err := r.seats(mark)
		all = nil
		for _, s := range seats {
			all = append(all, s.Member)
		}
		return err
	})
	return all, err
}

// Pseudonym is what a member is called towards an analytics service: nobody finds
// the member without the workspace's key.
func (db *DB) Pseudonym(ctx context.Context, ws, member desk.ID) (string, error) {
	hash, err := db.vault.Hash(ctx, int64(ws), "record/analytics", member.String())
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(hash[:16]), nil
}
