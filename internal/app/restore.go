package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/secret"
	"parley/internal/privacy"
	"parley/internal/privacy/backup"
	"parley/internal/store"
)

// Restore says what is to be brought back.
type Restore struct {
	RecoveryKey string // file of its secret half
	RootKey     string // file of the root key; "" = PARLEY_ROOT_KEY, or root.key that lies in the data folder
	Data, Keys  string // names of backups; "" = the newest
	Confirm     bool   // open although not every privacy act may be known
	Check       bool   // into a scratch place, which goes afterwards
	Scratch     string // where that is made; "" = the system's place for such
}

// Restored says what was brought back.
type Restored struct {
	Data     string          `json:"data"`
	Keys     string          `json:"keys"`
	At       time.Time       `json:"at"` // the moment the data is of
	Tables   int             `json:"tables"`
	Rows     int64           `json:"rows"`
	Files    int64           `json:"files"`
	Replayed backup.Replayed `json:"replayed"`
	Opened   int64           `json:"opened"`        // contacts whose sealed data was read
	Chains   int             `json:"chains"`        // of the record of who did what, each found whole
	Gap      string          `json:"gap,omitempty"` // why it stays closed
	Open     bool            `json:"open"`          // parley serve may start
}

// The stages of a restore; a data folder in any of them opens for nothing else.
const (
	stageLoading = "loading"
	stageLoaded  = "loaded"
	stageClosed  = "closed" // done, and waits for an operator's word
)

type restoreMark struct {
	Stage string   `json:"stage"`
	So    Restored `json:"so"`
}

func markFile(dir string) string { return filepath.Join(dir, "restore.json") }

func readMark(dir string) (m restoreMark, err error) {
	raw, err := os.ReadFile(markFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	return m, err
}

func (m restoreMark) write(dir string) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(markFile(dir)+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(markFile(dir)+".new", markFile(dir))
}

// restoring refuses a data folder that a restore has not finished with.
func restoring(dir string) error {
	m, err := readMark(dir)
	switch {
	case err != nil:
		return fmt.Errorf("data folder %s: %w", dir, err)
	case m.Stage == stageClosed:
		return desk.Fail(desk.Unavailable, "restore_closed", "this install was restored and stays closed: "+m.So.Gap+". People who were erased since might come back. To open it all the same run parley restore --confirm-ledger")
	case m.Stage != "":
		return desk.Fail(desk.Unavailable, "restore_unfinished", "a restore into this data folder was interrupted: run parley restore again")
	}
	return nil
}

// RestoreInto brings an install back into an empty data folder (and database,
// where cfg names one): loads a pair of backups, does the privacy acts since
// again, and sweeps what has ended. Only then the folder opens. It may be
// interrupted at any point and run again.
func RestoreInto(ctx context.Context, cfg config.Config, wish Restore, log *slog.Logger) (Restored, error) {
	from, err := backup.OpenFolder(backupsIn(cfg))
	if err != nil {
		return Restored{}, err
	}
	if wish.Check {
		return checkRestore(ctx, cfg, from, wish, log)
	}
	mark, err := readMark(cfg.Data)
	if err != nil {
		return Restored{}, err
	}
	if mark.Stage == "" || mark.Stage == stageLoading {
		if mark, err = load(ctx, cfg, from, wish, mark); err != nil {
			return mark.So, err
		}
	}
	if mark.Stage == stageLoaded || !wish.Confirm {
		if err := again(ctx, cfg, from, &mark, log); err != nil {
			return mark.So, err
		}
	}
	if mark.So.Gap != "" && !wish.Confirm {
		mark.Stage = stageClosed
		return mark.So, mark.write(cfg.Data)
	}
	return openRestored(ctx, cfg, mark, log)
}

func restoreTarget(cfg config.Config, clk clock.Clock) backup.Target {
	keys := cfg.KeysDatabase.Reveal()
	if keys == "" {
		keys = cfg.Database.Reveal()
	}
	return backup.Target{Dir: cfg.Data, URL: cfg.Database.Reveal(), KeysURL: keys, Custody: custodyIn(cfg), Blobs: blobsIn(cfg), Clock: clk}
}

// load fills the data folder; what an interrupted run left there goes first.
func load(ctx context.Context, cfg config.Config, from *backup.Folder, wish Restore, mark restoreMark) (restoreMark, error) {
	to := restoreTarget(cfg, clock.Real{Offset: cfg.ClockOffset})
	to.Anew = mark.Stage == stageLoading
	identities, err := backup.RecoveryKey(wish.RecoveryKey)
	if err != nil {
		return mark, err
	}
	data, err := from.Find(store.DataBackup, wish.Data)
	if err != nil {
		return mark, err
	}
	keys, err := from.Find(store.KeyBackup, wish.Keys)
	if err != nil {
		return mark, err
	}
	if err := emptyFolder(cfg, to.Anew); err != nil {
		return mark, err
	}
	mark = restoreMark{Stage: stageLoading, So: Restored{Data: data.Name, Keys: keys.Name}}
	if err := mark.write(cfg.Data); err != nil {
		return mark, err
	}
	if to.Anew {
		if err := to.Wipe(); err != nil {
			return mark, err
		}
	}
	if err := putRootKey(cfg, wish.RootKey); err != nil {
		return mark, err
	}
	if err := keepRecoveryKey(cfg, backup.PublicHalf(identities)); err != nil {
		return mark, err
	}
	loaded, err := from.Load(ctx, to, data, keys, identities)
	if err != nil {
		return mark, err
	}
	mark.Stage = stageLoaded
	mark.So.At, mark.So.Tables, mark.So.Rows, mark.So.Files = loaded.Data.At, len(loaded.Held.Tables)+len(loaded.KeysHeld.Tables), loaded.Held.Rows()+loaded.KeysHeld.Rows(), loaded.Held.Files
	return mark, mark.write(cfg.Data)
}

// emptyFolder refuses a data folder that an install lives in.
func emptyFolder(cfg config.Config, anew bool) error {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return err
	}
	for _, path := range []string{filepath.Join(cfg.Data, "parley.db"), filepath.Join(cfg.Data, "keys.db"), custodyIn(cfg), blobsIn(cfg)} {
		if _, err := os.Stat(path); err == nil && !anew {
			return desk.Fail(desk.Conflict, "target_not_empty", path+" is there already: a restore goes into an empty data folder only")
		}
	}
	return nil
}

// putRootKey copies the root key to where the install looks for it.
func putRootKey(cfg config.Config, path string) error {
	own := filepath.Join(cfg.Data, "root.key")
	if !cfg.RootKey.IsZero() {
		return nil
	}
	if path == "" {
		if _, err := os.Stat(own); err != nil {
			return desk.Fail(desk.Invalid, "root_key", "the root key is needed, too: name its file with --root-key, or set PARLEY_ROOT_KEY")
		}
		return nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return desk.Fail(desk.Invalid, "root_key", "the root key cannot be read: "+err.Error())
	}
	return os.WriteFile(own, raw, 0o600)
}

// keepRecoveryKey lets the restored install be backed up as before.
func keepRecoveryKey(cfg config.Config, public string) error {
	if cfg.RecoveryKey != "" || public == "" {
		return nil
	}
	return os.WriteFile(recoveryFile(cfg), []byte(public+"\n"), 0o600)
}

// again does the privacy acts again and sweeps what has ended meanwhile.
func again(ctx context.Context, cfg config.Config, from *backup.Folder, mark *restoreMark, log *slog.Logger) error {
	return inRestored(ctx, cfg, log, func(a *App) error {
		ledger := backup.NewLedger(from)
		replay := backup.Replay{DB: a.DB, Keys: a.Keys, Eraser: a.Eraser, Ender: a.Ending}
		var err error
		if mark.So.Replayed, mark.So.Gap, err = replay.Run(ctx, ledger); err != nil {
			return err
		}
		if err := errors.Join(a.Eraser.Resume(ctx), a.Clearing.Resume(ctx)); err != nil {
			return err
		}
		if err := a.Roster.FinishLeaving(ctx); err != nil {
			return err
		}
		if err := a.everywhere(forgetQueued)(ctx); err != nil {
			return err
		}
		return a.Sweep(ctx)
	})
}

// forgetQueued leaves out what may have left since the backup: messages that were
// queued, and news of an incident to people.
func forgetQueued(tx *store.Tx) (int64, error) {
	return 0, errors.Join(tx.ForgetQueued(), tx.TellUnsure())
}

// openRestored records the restore and lets the install be started.
func openRestored(ctx context.Context, cfg config.Config, mark restoreMark, log *slog.Logger) (Restored, error) {
	act := "restore.open"
	if mark.So.Gap != "" {
		act = "restore.confirm"
	}
	err := inRestored(ctx, cfg, log, func(a *App) error {
		replay := backup.Replay{DB: a.DB, Keys: a.Keys, Eraser: a.Eraser, Ender: a.Ending}
		if err := replay.Accept(ctx, backup.NewLedger(a.Saves)); err != nil {
			return err
		}
		return a.DB.In(0).Write(ctx, func(tx *store.Tx) error {
			return a.Audit.Add(tx, commandLine(), act, 0)
		})
	})
	if err == nil {
		err = os.Remove(markFile(cfg.Data))
	}
	mark.So.Open = err == nil
	return mark.So, err
}

func inRestored(ctx context.Context, cfg config.Config, log *slog.Logger, fn func(*App) error) error {
	in, err := openAt(ctx, cfg, clock.Real{Offset: cfg.ClockOffset}, log)
	if err != nil {
		return err
	}
	a, err := Build(ctx, in)
	if err == nil {
		a.alone = true
		err = fn(a)
		a.Close()
	}
	return errors.Join(err, in.Close())
}

// checkRestore restores into a scratch place and reads there what people would
// read: every chain of the record, every contact. The place goes afterwards.
func checkRestore(ctx context.Context, cfg config.Config, from *backup.Folder, wish Restore, log *slog.Logger) (out Restored, err error) {
	dir, err := os.MkdirTemp(wish.Scratch, "parley-check-")
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if wish.RootKey == "" && cfg.RootKey.IsZero() {
		wish.RootKey = filepath.Join(cfg.Data, "root.key")
	}
	cfg.Data, cfg.Blobs, cfg.Database, cfg.KeysDatabase = dir, "", secret.Text{}, secret.Text{}
	cfg.Backups = filepath.Join(dir, "backups") // the copy of its ledger, too, is of no other install
	mark, err := load(ctx, cfg, from, wish, restoreMark{})
	if err == nil {
		err = again(ctx, cfg, from, &mark, log)
	}
	out = mark.So
	if err != nil {
		return out, err
	}
	return out, inRestored(ctx, cfg, log, func(a *App) error {
		chains, err := a.VerifyAudit(ctx, VerifyAudit{})
		for _, c := range chains {
			if out.Chains++; c.Broken != "" {
				return desk.Fail(desk.Internal, "chain_broken", "the record of who did what is not whole in this backup: "+c.Broken)
			}
		}
		if err == nil {
			out.Opened, err = privacy.ReadEveryContact(ctx, a.DB)
		}
		return err
	})
}
