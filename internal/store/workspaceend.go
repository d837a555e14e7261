package store

import (
	"time"

	"parley/internal/desk"
)

const (
	endColumns     = `id, code_hash, closed_at, reminded_at, act_no, newest, ended_at`
	sqlPutEnd      = `INSERT INTO workspace_end (workspace_id, ` + endColumns + `) VALUES ($1, $2, $3, $4, 0, 0, 0, 0) ON CONFLICT DO NOTHING`
	sqlEnds        = `SELECT ` + endColumns + ` FROM workspace_end WHERE workspace_id = $1 ORDER BY id`
	sqlEndOf       = `SELECT ` + endColumns + ` FROM workspace_end WHERE workspace_id = $1 AND id = $2`
	sqlEndByCode   = `SELECT ` + endColumns + ` FROM workspace_end WHERE workspace_id = $1 AND code_hash = $2`
	sqlEndReminded = `UPDATE workspace_end SET reminded_at = $3 WHERE workspace_id = $1 AND id = $2`
	sqlEndBegun    = `UPDATE workspace_end SET act_no = $3 WHERE workspace_id = $1 AND id = $2`
	sqlEndDone     = `UPDATE workspace_end SET ended_at = $3, newest = $4 WHERE workspace_id = $1 AND id = $2 AND ended_at = 0`
	sqlDropEnd     = `DELETE FROM workspace_end WHERE workspace_id = $1 AND id = $2 AND act_no = 0`
	sqlOldEnds     = `DELETE FROM workspace_end WHERE workspace_id = $1 AND ended_at > 0 AND ended_at <= $2`
)

// WorkspaceEnd is what the install keeps of a workspace that was closed.
type WorkspaceEnd struct {
	ID         desk.ID // of the workspace
	Code       []byte  // hash of what its certificate is found by
	ClosedAt   time.Time
	RemindedAt time.Time
	Act        int64     // of the purge; 0 before it began
	Newest     desk.ID   // ids of the install begin above it
	EndedAt    time.Time // zero while a row of it is left
}

// PutEnd keeps that a workspace was closed; one that is there stays. Like all
// below it is for transactions of the workspace 0.
func (t *Tx) PutEnd(ws desk.ID, code []byte, closed time.Time) error {
	_, err := t.exec(sqlPutEnd, int64(t.ws), int64(ws), code, us(closed))
	return err
}

// DropEnd forgets that a workspace was closed, which is open again; one whose rows
// are going stays.
func (t *Tx) DropEnd(ws desk.ID) error {
	_, err := t.exec(sqlDropEnd, int64(t.ws), int64(ws))
	return err
}

// EndReminded notes that the owners were told of the last day.
func (t *Tx) EndReminded(ws desk.ID) error {
	return t.must("workspace", sqlEndReminded, int64(t.ws), int64(ws), us(t.now))
}

// EndBegun notes the act by which its rows go.
func (t *Tx) EndBegun(ws desk.ID, act int64) error {
	return t.must("workspace", sqlEndBegun, int64(t.ws), int64(ws), act)
}

// EndDone notes that no row is left, and how far ids had come by then, because no
// row says so any more.
func (t *Tx) EndDone(ws desk.ID) error {
	_, err := t.exec(sqlEndDone, int64(t.ws), int64(ws), us(t.now), int64(t.NewID()))
	return err
}

// DropOldEnds forgets those that ended at or before a time.
func (t *Tx) DropOldEnds(by time.Time) (int64, error) {
	return t.exec(sqlOldEnds, int64(t.ws), us(by))
}

// Ends lists the workspaces that were closed.
func (r *Rx) Ends() ([]WorkspaceEnd, error) {
	var all []WorkspaceEnd
	err := r.each(sqlEnds, []any{int64(r.ws)}, func(s scanner) error {
		e, err := scanEnd(s)
		all = append(all, e)
		return err
	})
	return all, err
}

// EndOf returns what is kept of one.
func (r *Rx) EndOf(ws desk.ID) (WorkspaceEnd, error) {
	e, err := scanEnd(r.row(sqlEndOf, int64(r.ws), int64(ws)))
	return e, found("workspace", err)
}

// EndByCode finds it by the hash of its code.
func (r *Rx) EndByCode(code []byte) (WorkspaceEnd, error) {
	e, err := scanEnd(r.row(sqlEndByCode, int64(r.ws), code))
	return e, found("workspace", err)
}

func scanEnd(s scanner) (WorkspaceEnd, error) {
	var e WorkspaceEnd
	var closed, reminded, ended int64
	err := s.Scan(&e.ID, &e.Code, &closed, &reminded, &e.Act, &e.Newest, &ended)
	e.ClosedAt, e.RemindedAt, e.EndedAt = at(closed), at(reminded), at(ended)
	return e, err
}
