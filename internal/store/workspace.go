package store

import (
	"context"
	"strings"
	"time"

	"parley/internal/desk"
)

const (
	workspaceColumns   = `id, name, locale, languages, mode, paused, ai_epoch, burst_us, created_at, limited, suspended, closed_at, ending`
	sqlInsertWorkspace = `INSERT INTO workspace (` + workspaceColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, FALSE)`
	sqlWorkspace       = `SELECT ` + workspaceColumns + ` FROM workspace WHERE id = $1`
	sqlWorkspaceLocked = sqlWorkspace + forUpdate
	sqlWorkspaceHeld   = sqlWorkspace + forShare
	sqlWorkspaces      = `SELECT ` + workspaceColumns + ` FROM workspace WHERE ending = FALSE ORDER BY id`
	sqlWorkspacesThere = `SELECT ` + workspaceColumns + ` FROM workspace WHERE arriving_at = 0 ORDER BY id`
	sqlWorkspaceByName = `SELECT ` + workspaceColumns + ` FROM workspace WHERE name = $1 AND ending = FALSE ORDER BY id`
	sqlNewestID        = `SELECT coalesce(max(newest), 0) FROM (SELECT max(id) AS newest FROM workspace
		UNION ALL SELECT max(id) FROM channel_account WHERE workspace_id = $1
		UNION ALL SELECT max(id) FROM contact WHERE workspace_id = $1
		UNION ALL SELECT max(id) FROM identity WHERE workspace_id = $1
		UNION ALL SELECT max(id) FROM conversation WHERE workspace_id = $1
		UNION ALL SELECT max(id) FROM message WHERE workspace_id = $1
		UNION ALL SELECT max(id) FROM arrival WHERE workspace_id = $1
		UNION ALL SELECT max(id) FROM draft WHERE workspace_id = $1
		UNION ALL SELECT max(id) FROM ai_run WHERE workspace_id = $1
		UNION ALL SELECT max(id) FROM work WHERE workspace_id = $1
		UNION ALL SELECT max(newest) FROM workspace_end WHERE workspace_id = $1) AS tables`
	sqlUpdateWorkspace = `UPDATE workspace SET name = $2, locale = $3, languages = $4, mode = $5, paused = $6,
		ai_epoch = $7, burst_us = $8, limited = $9, suspended = $10, closed_at = $11, ending = $12 WHERE id = $1`
)

func scanWorkspace(s scanner) (desk.Workspace, error) {
	var w desk.Workspace
	var languages, mode string
	var burst, created, closed int64
	err := s.Scan(&w.ID, &w.Name, &w.Locale, &languages, &mode, &w.Paused, &w.AIEpoch, &burst, &created, &w.Limited, &w.Suspended, &closed, &w.Ending)
	w.Languages, w.Mode = strings.Fields(languages), desk.Mode(mode)
	w.Burst, w.CreatedAt, w.ClosedAt = time.Duration(burst)*time.Microsecond, at(created), at(closed)
	return w, err
}

// InsertWorkspace adds the workspace the transaction is bound to.
func (t *Tx) InsertWorkspace(w desk.Workspace) error {
	_, err := t.exec(sqlInsertWorkspace, int64(t.ws), w.Name, w.Locale, strings.Join(w.Languages, " "), string(w.Mode),
		w.Paused, w.AIEpoch, w.Burst.Microseconds(), us(t.now), w.Limited, w.Suspended)
	return err
}

// Settings returns the workspace itself.
func (r *Rx) Settings() (desk.Workspace, error) {
	w, err := scanWorkspace(r.row(sqlWorkspace, int64(r.ws)))
	return w, found("workspace", err)
}

// HoldSettings returns the workspace and keeps it from changing until the
// commit; many may hold it at once. What compares the AI epoch before it lets
// an AI message go must hold it, or a pause could commit in between.
func (t *Tx) HoldSettings() (desk.Workspace, error) {
	w, err := scanWorkspace(t.row(sqlWorkspaceHeld, int64(t.ws)))
	return w, found("workspace", err)
}

// ChangeSettings applies fn to the workspace's row and keeps it locked until
// the commit.
func (t *Tx) ChangeSettings(fn func(*desk.Workspace) error) (desk.Workspace, error) {
	w, err := scanWorkspace(t.row(sqlWorkspaceLocked, int64(t.ws)))
	if err != nil {
		return w, found("workspace", err)
	}
	if err := fn(&w); err != nil {
		return w, err
	}
	return w, t.must("workspace", sqlUpdateWorkspace, int64(t.ws), w.Name, w.Locale, strings.Join(w.Languages, " "),
		string(w.Mode), w.Paused, w.AIEpoch, w.Burst.Microseconds(), w.Limited, w.Suspended, us(w.ClosedAt), w.Ending)
}

// Workspaces lists the workspaces of the install but those that are ending.
func (db *DB) Workspaces(ctx context.Context) ([]desk.Workspace, error) {
	return db.listWorkspaces(ctx, sqlWorkspaces)
}

// WorkspacesThere is Workspaces with those that are ending.
func (db *DB) WorkspacesThere(ctx context.Context) ([]desk.Workspace, error) {
	return db.listWorkspaces(ctx, sqlWorkspacesThere)
}

// WorkspacesNamed lists the workspaces with exactly that name.
func (db *DB) WorkspacesNamed(ctx context.Context, name string) ([]desk.Workspace, error) {
	return db.listWorkspaces(ctx, sqlWorkspaceByName, name)
}

func (db *DB) listWorkspaces(ctx context.Context, query string, args ...any) ([]desk.Workspace, error) {
	var all []desk.Workspace
	err := db.In(0).Read(ctx, func(r *Rx) error {
		all = nil
		return r.each(query, args, func(s scanner) error {
			w, err := scanWorkspace(s)
			all = append(all, w)
			return err
		})
	})
	return all, err
}

// NewestID is the largest id among the rows that grow, so that the ids of this
// run begin above it even if the clock was set back.
func (db *DB) NewestID(ctx context.Context) (int64, error) {
	all, err := db.WorkspacesThere(ctx)
	if err != nil {
		return 0, err
	}
	all = append(all, desk.Workspace{}) // the install, which knows where those that ended had come to
	var newest int64
	for _, w := range all {
		err := db.In(w.ID).Read(ctx, func(r *Rx) error {
			var n int64
			err := r.row(sqlNewestID, int64(r.ws)).Scan(&n)
			newest = max(newest, n)
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return newest, nil
}
