package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
)

const (
	suspensionColumns   = `id, reason, begun_at, lifted_at, lifted_why`
	sqlInsertSuspension = `INSERT INTO suspension (workspace_id, ` + suspensionColumns + `) VALUES ($1, $2, $3, $4, 0, NULL)`
	sqlSuspensions      = `SELECT ` + suspensionColumns + ` FROM suspension WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2`
	sqlLiftSuspension   = `UPDATE suspension SET lifted_at = $3, lifted_why = $4 WHERE workspace_id = $1 AND id = $2 AND lifted_at = 0`

	appealColumns   = `id, suspension_id, member_id, body, sent_at, answer, granted, decided_at`
	sqlInsertAppeal = `INSERT INTO appeal (workspace_id, ` + appealColumns + `) VALUES ($1, $2, $3, $4, $5, $6, NULL, FALSE, 0)`
	sqlAppeals      = `SELECT ` + appealColumns + ` FROM appeal WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2`
	sqlDecideAppeal = `UPDATE appeal SET answer = $3, granted = $4, decided_at = $5 WHERE workspace_id = $1 AND id = $2 AND decided_at = 0`

	sqlWorkspaceFigures = `SELECT (SELECT count(*) FROM member WHERE workspace_id = $1 AND active = TRUE),
		(SELECT count(*) FROM channel_account WHERE workspace_id = $1),
		(SELECT count(*) FROM conversation WHERE workspace_id = $1),
		(SELECT count(*) FROM appeal WHERE workspace_id = $1 AND decided_at = 0)`
)

// Suspension is a time in which nobody works in the workspace and nothing leaves
// it. Its reasons are sealed under the workspace key.
type Suspension struct {
	ID        desk.ID
	Reason    string
	BegunAt   time.Time
	LiftedAt  time.Time // zero while it stands
	LiftedWhy string
}

// Appeal is what a member says against a suspension, and what was decided.
type Appeal struct {
	ID         desk.ID
	Suspension desk.ID
	Member     desk.ID
	Text       string
	SentAt     time.Time
	Answer     string
	Granted    bool
	DecidedAt  time.Time // zero while it is open
}

// InsertSuspension keeps that the workspace is suspended from now on; s.ID is
// made.
func (t *Tx) InsertSuspension(s *Suspension) error {
	s.ID, s.BegunAt = t.NewID(), t.now
	reason, err := t.seal(t.workspaceKey(), "suspension", "reason", s.ID, []byte(s.Reason))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertSuspension, int64(t.ws), int64(s.ID), reason, us(t.now))
	return err
}

// LiftSuspension ends one that stands; desk.NotFound for any other.
func (t *Tx) LiftSuspension(id desk.ID, why string) error {
	sealed, err := t.seal(t.workspaceKey(), "suspension", "lifted_why", id, []byte(why))
	if err != nil {
		return err
	}
	return t.must("suspension", sqlLiftSuspension, int64(t.ws), int64(id), us(t.now), sealed)
}

// Suspensions lists the newest suspensions first.
func (r *Rx) Suspensions(limit int) ([]Suspension, error) {
	all := []Suspension{}
	err := r.each(sqlSuspensions, []any{int64(r.ws), limit}, func(row scanner) error {
		var s Suspension
		var reason, why []byte
		var begun, lifted int64
		if err := row.Scan(&s.ID, &reason, &begun, &lifted, &why); err != nil {
			return err
		}
		s.BegunAt, s.LiftedAt = at(begun), at(lifted)
		clear, e1 := r.open("suspension", "reason", s.ID, reason)
		ended, e2 := r.openSome("suspension", "lifted_why", s.ID, why)
		s.Reason, s.LiftedWhy = string(clear), string(ended)
		all = append(all, s)
		return errors.Join(e1, e2)
	})
	return all, err
}

// openSome opens what may be absent.
func (r *Rx) openSome(table, column string, row desk.ID, sealed []byte) ([]byte, error) {
	if sealed == nil {
		return nil, nil
	}
	return r.open(table, column, row, sealed)
}

// InsertAppeal keeps what a member says; a.ID is made.
func (t *Tx) InsertAppeal(a *Appeal) error {
	a.ID, a.SentAt = t.NewID(), t.now
	body, err := t.seal(t.workspaceKey(), "appeal", "body", a.ID, []byte(a.Text))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertAppeal, int64(t.ws), int64(a.ID), int64(a.Suspension), int64(a.Member), body, us(t.now))
	return err
}

// DecideAppeal answers an open one; desk.NotFound for any other.
func (t *Tx) DecideAppeal(id desk.ID, granted bool, answer string) error {
	sealed, err := t.seal(t.workspaceKey(), "appeal", "answer", id, []byte(answer))
	if err != nil {
		return err
	}
	return t.must("appeal", sqlDecideAppeal, int64(t.ws), int64(id), sealed, granted, us(t.now))
}

// Appeals lists the newest appeals first.
func (r *Rx) Appeals(limit int) ([]Appeal, error) {
	all := []Appeal{}
	err := r.each(sqlAppeals, []any{int64(r.ws), limit}, func(row scanner) error {
		var a Appeal
		var body, answer []byte
		var sent, decided int64
		if err := row.Scan(&a.ID, &a.Suspension, &a.Member, &body, &sent, &answer, &a.Granted, &decided); err != nil {
			return err
		}
		a.SentAt, a.DecidedAt = at(sent), at(decided)
		clear, e1 := r.open("appeal", "body", a.ID, body)
		said, e2 := r.openSome("appeal", "answer", a.ID, answer)
		a.Text, a.Answer = string(clear), string(said)
		all = append(all, a)
		return errors.Join(e1, e2)
	})
	return all, err
}

// WorkspaceFigures are the counts that whoever runs the install sees of a
// workspace.
type WorkspaceFigures struct {
	Members, Channels, Conversations, OpenAppeals int
}

// Figures counts what is in the workspace.
func (r *Rx) Figures() (WorkspaceFigures, error) {
	var f WorkspaceFigures
	err := r.row(sqlWorkspaceFigures, int64(r.ws)).Scan(&f.Members, &f.Channels, &f.Conversations, &f.OpenAppeals)
	return f, err
}

// WorkspaceByID returns a workspace of the install, whichever it is.
func (db *DB) WorkspaceByID(ctx context.Context, id desk.ID) (desk.Workspace, error) {
	var w desk.Workspace
	err := db.In(id).Read(ctx, func(r *Rx) (err error) {
		w, err = r.Settings()
		return err
	})
	return w, err
}
