package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"

	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/id"
	"parley/internal/store"
	"parley/internal/vault"
)

// Install is an opened data folder: databases, keys and the lock that says no
// other process uses them.
type Install struct {
	Config config.Config
	Clock  clock.Clock
	NewID  func() int64
	Log    *slog.Logger
	Keys   *store.KeyStore
	Vault  *vault.Vault
	DB     *store.DB
	Tuning Tuning
	lock   *os.File
}

// ErrInUse says that another process has the data folder.
var errInUse = errors.New("another parley process uses this data folder")

// Open opens the install that cfg names, making what is missing. With SQLite it
// takes the folder's lock and fails with errInUse when another process has it.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger) (*Install, error) {
	in := &Install{Config: cfg, Clock: clock.Real{Offset: cfg.ClockOffset}, Log: log}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder %s: %w", cfg.Data, err)
	}
	if cfg.Database.Reveal() == "" {
		if err := in.takeLock(); err != nil {
			return nil, err
		}
	}
	ids := id.New(in.Clock, nodeNumber(in))
	in.NewID = ids.Next
	if err := in.openStores(ctx, ids); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// nodeNumber keeps the ids of several processes on one database apart: SQLite
// has one process, PostgreSQL nodes take a number by their process and time.
func nodeNumber(in *Install) int {
	if in.Config.Database.Reveal() == "" {
		return 0
	}
	return int(in.Clock.Now().UnixNano()>>10^int64(os.Getpid())<<3) & id.MaxNode
}

// openStores opens keys and rows; new ids begin above what either holds, so
// that a clock set back between two runs repeats none.
func (in *Install) openStores(ctx context.Context, ids *id.Gen) error {
	keysURL := in.Config.KeysDatabase.Reveal()
	if keysURL == "" {
		keysURL = in.Config.Database.Reveal()
	}
	var err error
	if in.Keys, err = store.OpenKeys(ctx, keysURL, in.Config.Data); err != nil {
		return err
	}
	newest, err := in.Keys.NewestID(ctx)
	if err != nil {
		return err
	}
	ids.Raise(newest)
	root, err := in.rootKey()
	if err != nil {
		return err
	}
	custody, err := vault.NewFileCustody(filepath.Join(in.Config.Data, "custody"))
	if err != nil {
		return err
	}
	in.Vault, err = vault.New(ctx, vault.Options{Keys: in.Keys, Custody: custody, Root: root, Clock: in.Clock, NewID: in.NewID})
	if err != nil {
		return err
	}
	in.DB, err = store.Open(ctx, store.Config{URL: in.Config.Database.Reveal(), Dir: in.Config.Data, Clock: in.Clock,
		NewID: in.NewID, Vault: in.Vault, Log: in.Log})
	if err != nil {
		return err
	}
	newest, err = in.DB.NewestID(ctx)
	ids.Raise(newest)
	return err
}

// rootKey takes the key from the settings, or from a file that is made at the
// first start.
func (in *Install) rootKey() (vault.Root, error) {
	if text := in.Config.RootKey.Reveal(); text != "" {
		root, err := vault.ParseRoot([]byte(text))
		if err != nil {
			return root, fmt.Errorf("PARLEY_ROOT_KEY: %w (make one with: openssl rand -hex 32)", err)
		}
		return root, nil
	}
	return vault.RootKeyFile(filepath.Join(in.Config.Data, "root.key"))
}

// takeLock holds the data folder for this process; the system lets go of it
// however the process ends.
func (in *Install) takeLock() error {
	f, err := os.OpenFile(filepath.Join(in.Config.Data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return errors.Join(fmt.Errorf("%w: %s", errInUse, in.Config.Data), f.Close())
	}
	in.lock = f
	return nil
}

// Close closes the databases and lets go of the folder.
func (in *Install) Close() error {
	var errs []error
	if in.DB != nil {
		errs = append(errs, in.DB.Close())
	}
	if in.Keys != nil {
		errs = append(errs, in.Keys.Close())
	}
	if in.lock != nil {
		errs = append(errs, in.lock.Close())
	}
	return errors.Join(errs...)
}
