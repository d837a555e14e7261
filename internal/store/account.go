package store

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/desk"
)

const (
	accountColumns   = `workspace_id, id, kind, outside_id, name, state, mode, paused, settings, connected_at, last_event_at, rest_until`
	sqlInsertAccount = `INSERT INTO channel_account (` + accountColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`
	sqlAccount       = `SELECT ` + accountColumns + ` FROM channel_account WHERE workspace_id = $1 AND id = $2`
	sqlAccountLocked = sqlAccount + forUpdate
	sqlAccounts      = `SELECT ` + accountColumns + ` FROM channel_account WHERE workspace_id = $1 ORDER BY id`
	sqlAccountByOut  = `SELECT ` + accountColumns + ` FROM channel_account WHERE kind = $1 AND outside_id = $2`
	sqlUpdateAccount = `UPDATE channel_account SET name = $3, state = $4, mode = $5, paused = $6, settings = $7,
		connected_at = $8, last_event_at = $9 WHERE workspace_id = $1 AND id = $2`
	sqlRestAccount   = `UPDATE channel_account SET rest_until = $3 WHERE workspace_id = $1 AND id = $2 AND rest_until < $3`
	sqlSetGroup      = `UPDATE channel_account SET group_id = $3 WHERE workspace_id = $1 AND id = $2`
	sqlDropGroup     = `UPDATE channel_account SET group_id = '' WHERE workspace_id = $1 AND id = $2`
	sqlAccountGroup  = `SELECT ` + accountColumns + ` FROM channel_account WHERE kind = $1 AND group_id = $2 ORDER BY workspace_id, id`
	sqlDeleteAccount = `DELETE FROM channel_account WHERE workspace_id = $1 AND id = $2`
)

func scanAccount(s scanner) (desk.Account, error) {
	var a desk.Account
	var settings, state, mode string
	var connected, last, rest int64
	err := s.Scan(&a.Workspace, &a.ID, &a.Kind, &a.OutsideID, &a.Name, &state, &mode, &a.Paused, &settings, &connected, &last, &rest)
	a.State, a.Mode, a.Settings = desk.AccountState(state), desk.Mode(mode), json.RawMessage(settings)
	a.ConnectedAt, a.LastEventAt, a.RestUntil = at(connected), at(last), at(rest)
	return a, err
}

// InsertAccount adds a channel account; an outside id that any workspace of the
// install has connected already is desk.Conflict.
func (t *Tx) InsertAccount(a desk.Account) error {
	_, err := t.exec(sqlInsertAccount, int64(t.ws), int64(a.ID), a.Kind, a.OutsideID, a.Name, string(a.State), string(a.Mode),
		a.Paused, string(a.Settings), us(a.ConnectedAt), us(a.LastEventAt))
	return err
}

// Account returns a channel account of the workspace.
func (r *Rx) Account(id desk.ID) (desk.Account, error) {
	a, err := scanAccount(r.row(sqlAccount, int64(r.ws), int64(id)))
	return a, found("channel", err)
}

// Accounts lists the workspace's channel accounts, oldest first.
func (r *Rx) Accounts() ([]desk.Account, error) {
	all := []desk.Account{}
	err := r.each(sqlAccounts, []any{int64(r.ws)}, func(s scanner) error {
		a, err := scanAccount(s)
		all = append(all, a)
		return err
	})
	return all, err
}

// ChangeAccount applies fn to a channel account's row.
func (t *Tx) ChangeAccount(id desk.ID, fn func(*desk.Account) error) (desk.Account, error) {
	a, err := scanAccount(t.row(sqlAccountLocked, int64(t.ws), int64(id)))
	if err != nil {
		return a, found("channel", err)
	}
	if err := fn(&a); err != nil {
		return a, err
	}
	return a, t.must("channel", sqlUpdateAccount, int64(t.ws), int64(id), a.Name, string(a.State), string(a.Mode), a.Paused,
		string(a.Settings), us(a.ConnectedAt), us(a.LastEventAt))
}

// RestAccount keeps everything from leaving through an account until then; it
// never shortens a rest.
func (t *Tx) RestAccount(id desk.ID, until time.Time) error {
	_, err := t.exec(sqlRestAccount, int64(t.ws), int64(id), us(until))
	return err
}

// DeleteAccount removes a channel account's row.
func (t *Tx) DeleteAccount(id desk.ID) error {
	return t.must("channel", sqlDeleteAccount, int64(t.ws), int64(id))
}

// AccountByOutsideID finds the account that a delivery is for, in whichever
// workspace it is.
func (db *DB) AccountByOutsideID(ctx context.Context, kind, outside string) (desk.Account, error) {
	var a desk.Account
	err := db.In(0).Read(ctx, func(r *Rx) (err error) {
		a, err = scanAccount(r.row(sqlAccountByOut, kind, outside))
		return found("channel", err)
	})
	return a, err
}

// AccountsOfGroup finds the accounts that a delivery about a group is for, in
// whichever workspaces they are.
func (db *DB) AccountsOfGroup(ctx context.Context, kind, group string) ([]desk.Account, error) {
	var all []desk.Account
	err := db.In(0).Read(ctx, func(r *Rx) error {
		all = nil
		return r.each(sqlAccountGroup, []any{kind, group}, func(s scanner) error {
			a, err := scanAccount(s)
			all = append(all, a)
			return err
		})
	})
	return all, err
}
