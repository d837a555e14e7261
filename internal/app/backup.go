package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/kit/config"
	"parley/internal/privacy/backup"
	"parley/internal/store"
)

func backupsIn(cfg config.Config) string {
	return cmp.Or(cfg.Backups, filepath.Join(cfg.Data, "backups"))
}

func blobsIn(cfg config.Config) string { return cmp.Or(cfg.Blobs, filepath.Join(cfg.Data, "blobs")) }

func custodyIn(cfg config.Config) string { return filepath.Join(cfg.Data, "custody") }

// recoveryFile holds the public half of the recovery key, where no setting does.
func recoveryFile(cfg config.Config) string { return filepath.Join(cfg.Data, "recovery.pub") }

func recoveryKey(cfg config.Config) (string, error) {
	if cfg.RecoveryKey != "" {
		return cfg.RecoveryKey, nil
	}
	raw, err := os.ReadFile(recoveryFile(cfg))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return string(raw), err
}

func backups(in *Install, record *audit.Log) (*backup.Backups, error) {
	public, err := recoveryKey(in.Config)
	if err != nil {
		return nil, err
	}
	to, err := backup.Recipients(public)
	if err != nil {
		return nil, err
	}
	return backup.New(backup.Parts{DB: in.DB, Keys: in.Keys, Custody: in.custody, Files: in.Blobs, Folder: in.Saves, Recipient: to, Audit: record, Log: in.Log}), nil
}

// BackupKey makes the owner's recovery key in a new file and notes its public
// half in the data folder; desk.Conflict when the install has one.
func BackupKey(cfg config.Config, path string) (public string, err error) {
	have, err := recoveryKey(cfg)
	if err != nil {
		return "", err
	}
	if have != "" {
		return "", desk.Fail(desk.Conflict, "recovery_key_exists", "this install has a recovery key already; to change it remove "+recoveryFile(cfg)+" or PARLEY_RECOVERY_KEY first: backups made so far still need the old one")
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return "", err
	}
	if public, err = backup.NewRecoveryKey(path); err != nil {
		return "", err
	}
	return public, os.WriteFile(recoveryFile(cfg), []byte(public+"\n"), 0o600)
}

// BackedUp is one backup, as the command line and the doctor tell of it.
type BackedUp struct {
	Kind   string    `json:"kind"` // data or keys
	Name   string    `json:"name"`
	State  string    `json:"state"`
	Reason string    `json:"reason,omitempty"`
	Bytes  int64     `json:"bytes"`
	Rows   int64     `json:"rows"`
	Files  int64     `json:"files"`
	Sum    string    `json:"sha256"`
	At     time.Time `json:"at"`
	Ends   time.Time `json:"ends_at"`
}

func backedUp(b store.Backup) BackedUp {
	return BackedUp{string(b.Kind), b.Name, string(b.State), b.Reason, b.Bytes, b.Rows, b.Files, b.Sum, b.BeganAt, b.EndsAt}
}

// Backup implements Control.
func (a *App) Backup(ctx context.Context) ([]BackedUp, error) {
	made, err := a.Backups.Make(ctx, commandLine())
	if err != nil {
		return nil, err
	}
	return []BackedUp{backedUp(made.Data), backedUp(made.Keys)}, nil
}

// listedBackups is how many ListBackups answers.
const listedBackups = 200

// ListBackups implements Control.
func (a *App) ListBackups(ctx context.Context) ([]BackedUp, error) {
	all, err := a.Backups.List(ctx, 0, listedBackups)
	out := make([]BackedUp, len(all))
	for i, b := range all {
		out[i] = backedUp(b)
	}
	return out, err
}

// checkBackups says how old the newest backups are.
func (a *App) checkBackups(ctx context.Context) Finding {
	if !a.Backups.On() {
		return Finding{"backups", Warn, "nothing is backed up: run parley backup key FILE, start the server again and keep FILE away from this machine"}
	}
	newest, err := a.Backups.Newest(ctx)
	if err != nil {
		return Finding{"backups", Fail, err.Error()}
	}
	for _, kind := range []store.BackupKind{store.DataBackup, store.KeyBackup} {
		b, ok := newest[kind]
		age := a.Clock.Now().Sub(b.BeganAt)
		switch {
		case !ok:
			return Finding{"backups", Warn, "there is no whole backup of the " + string(kind) + " yet: run parley backup"}
		case age > backup.Late:
			return Finding{"backups", Fail, fmt.Sprintf("the newest backup of the %s is %d hours old: look for \"backups\" in the log, then run parley backup", kind, int(age.Hours()))}
		}
	}
	where := a.Saves.Root()
	text := fmt.Sprintf("the newest is %d hours old, in %s; parley restore --check reads it back", int(a.Clock.Now().Sub(newest[store.DataBackup].BeganAt).Hours()), where)
	if a.Config.Backups == "" {
		return Finding{"backups", Warn, text + ". That is in the data folder and dies with this machine: set PARLEY_BACKUPS to a place of its own"}
	}
	return Finding{"backups", OK, text}
}
