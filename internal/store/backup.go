package store

import (
	"time"

	"parley/internal/desk"
)

// Backup is one file that was saved, or was to be.
type Backup struct {
	ID      desk.ID
	Kind    BackupKind
	Name    string
	State   BackupState
	Reason  string // why it failed
	Bytes   int64
	Sum     string // SHA-256 of the file
	Rows    int64
	Files   int64
	Ledger  int64 // latest privacy act when it began
	BeganAt time.Time
	DoneAt  time.Time
	EndsAt  time.Time
	GoneAt  time.Time
}

// BackupKind says what a backup holds.
type BackupKind string

// Kinds of backups: neither opens anything without the other.
const (
	DataBackup BackupKind = "data"
	KeyBackup  BackupKind = "keys"
)

// BackupState says what became of it.
type BackupState string

// States of a backup.
const (
	BackupWriting BackupState = "writing"
	BackupDone    BackupState = "done"
	BackupFailed  BackupState = "failed"
	BackupGone    BackupState = "gone" // deleted at its end
)

const (
	backupColumns   = `id, kind, name, state, reason, bytes, sum, held_rows, files, ledger_no, began_at, done_at, ends_at, gone_at`
	sqlInsertBackup = `INSERT INTO backup (workspace_id, ` + backupColumns + `) VALUES ($1, $2, $3, $4, 'writing', '', 0, '', 0, 0, 0, $5, 0, $6, 0)`
	sqlUpdateBackup = `UPDATE backup SET state = $3, reason = $4, bytes = $5, sum = $6, held_rows = $7, files = $8, ledger_no = $9, done_at = $10, gone_at = $11
		WHERE workspace_id = $1 AND id = $2`
	sqlBackups      = `SELECT ` + backupColumns + ` FROM backup WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlBackupsIn    = `SELECT ` + backupColumns + ` FROM backup WHERE workspace_id = $1 AND state = $2 AND kind = $3 ORDER BY began_at DESC, id DESC LIMIT $4`
	sqlDropBackups  = `DELETE FROM backup WHERE workspace_id = $1 AND state IN ('gone', 'failed') AND began_at <= $2`
	sqlBackupsTorn  = `UPDATE backup SET state = 'failed', reason = $2 WHERE workspace_id = $1 AND state = 'writing'`
	sqlForgetQueued = `UPDATE message SET status = 'unknown' WHERE workspace_id = $1 AND status IN ('queued', 'sending')`
	sqlForgetMailed = `UPDATE letter SET state = 'failed', fault = 'restored' WHERE workspace_id = $1 AND state = 'waiting'`
	sqlForgetToldOf = `UPDATE operator_letter SET state = 'failed', fault = 'restored' WHERE workspace_id = $1 AND state = 'waiting'`
)

// BeginBackup notes that a backup is being made; b.ID is made.
func (t *Tx) BeginBackup(b *Backup) error {
	b.ID, b.State, b.BeganAt = t.NewID(), BackupWriting, t.now
	_, err := t.exec(sqlInsertBackup, int64(t.ws), int64(b.ID), string(b.Kind), b.Name, us(b.BeganAt), us(b.EndsAt))
	return err
}

// SaveBackup notes what became of it.
func (t *Tx) SaveBackup(b Backup) error {
	return t.must("backup", sqlUpdateBackup, int64(t.ws), int64(b.ID), string(b.State), b.Reason, b.Bytes, b.Sum, b.Rows, b.Files, b.Ledger, us(b.DoneAt), us(b.GoneAt))
}

// TornBackups notes of backups that were being made that they never became whole.
func (t *Tx) TornBackups(reason string) error {
	_, err := t.exec(sqlBackupsTorn, int64(t.ws), reason)
	return err
}

// DropBackups forgets what is no more, begun up to a time.
func (t *Tx) DropBackups(until time.Time) error {
	_, err := t.exec(sqlDropBackups, int64(t.ws), us(until))
	return err
}

// Backups pages through them, newest first; before 0 starts at the top.
func (r *Rx) Backups(before desk.ID, limit int) ([]Backup, error) {
	if before == 0 {
		before = maxID
	}
	return r.backups(sqlBackups, int64(r.ws), int64(before), limit)
}

// BackupsIn lists backups of a kind in a state, newest first.
func (r *Rx) BackupsIn(state BackupState, kind BackupKind, limit int) ([]Backup, error) {
	return r.backups(sqlBackupsIn, int64(r.ws), string(state), string(kind), limit)
}

func (r *Rx) backups(query string, args ...any) (all []Backup, err error) {
	err = r.each(query, args, func(s scanner) error {
		var b Backup
		var began, done, ends, gone int64
		err := s.Scan(&b.ID, &b.Kind, &b.Name, &b.State, &b.Reason, &b.Bytes, &b.Sum, &b.Rows, &b.Files, &b.Ledger, &began, &done, &ends, &gone)
		b.BeganAt, b.DoneAt, b.EndsAt, b.GoneAt = at(began), at(done), at(ends), at(gone)
		all = append(all, b)
		return err
	})
	return all, err
}

// ForgetQueued lets nothing leave that waited to leave when a backup was made:
// nobody knows whether it left afterwards.
func (t *Tx) ForgetQueued() error {
	for _, query := range []string{sqlForgetQueued, sqlForgetMailed, sqlForgetToldOf} {
		if _, err := t.exec(query, int64(t.ws)); err != nil {
			return err
		}
	}
	return nil
}
