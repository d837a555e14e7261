package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/id"
	"parley/internal/privacy/backup"
	"parley/internal/record"
	"parley/internal/store"
	"parley/internal/vault"
)

// Install is an opened data folder: databases, keys and the lock that says no
// other process uses them.
type Install struct {
	Config config.Config
	Clock  clock.Clock
	NewID  func() int64
	Log    *slog.Logger // what it logs as an error is kept by Record, too
	Record *record.Recorder
	Keys   *store.KeyStore
	Vault  *vault.Vault
	DB     *store.DB
	Blobs  *blob.Folder
	Saves  *backup.Folder
	Tuning Tuning
	// Program is the program's own file, which reads files in a process of its
	// own; "" = files that need that are refused.
	Program string
	lock    *os.File
	custody *vault.FileCustody
	// rotating is held while keys are changed by hand.
	rotating sync.Mutex
	ids      *id.Gen
	node     store.Node
	main     net.Listener // bound, and not yet served
}

// ErrInUse says that another process has the data folder.
var errInUse = errors.New("another parley process uses this data folder")

// Open opens the install that cfg names, making what is missing. With SQLite it
// takes the folder's lock and fails with errInUse when another process has it.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger) (*Install, error) {
	return OpenAt(ctx, cfg, clock.Real{Offset: cfg.ClockOffset}, log)
}

// OpenAt is Open with a clock of the caller's, for the demo, whose clock a
// person may move.
func OpenAt(ctx context.Context, cfg config.Config, clk clock.Clock, log *slog.Logger) (*Install, error) {
	if err := restoring(cfg.Data); err != nil {
		return nil, err
	}
	return openAt(ctx, cfg, clk, log)
}

// openAt also opens what a restore is still about.
func openAt(ctx context.Context, cfg config.Config, clk clock.Clock, log *slog.Logger) (*Install, error) {
	in := &Install{Config: cfg, Clock: clk, Record: record.New(clk, log)}
	in.Log = in.Record.Watch(log)
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder %s: %w", cfg.Data, err)
	}
	if cfg.Database.Reveal() == "" {
		if err := in.takeLock(); err != nil {
			return nil, err
		}
	}
	in.ids = id.New(in.Clock, 0)
	in.NewID = in.ids.Next
	if err := in.openStores(ctx); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// openStores opens keys and rows and takes the process's number, before any id is
// made. New ids begin above what either store holds, so that a clock set back
// between two runs repeats none.
func (in *Install) openStores(ctx context.Context) error {
	keysURL := in.Config.KeysDatabase.Reveal()
	if keysURL == "" {
		keysURL = in.Config.Database.Reveal()
	}
	var err error
	if in.Saves, err = backup.OpenFolder(backupsIn(in.Config)); err != nil {
		return err
	}
	if in.Keys, err = store.OpenKeys(ctx, keysURL, in.Config.Data, backup.NewLedger(in.Saves).Take); err != nil {
		return err
	}
	newest, err := in.Keys.NewestID(ctx)
	if err != nil {
		return err
	}
	in.ids.Raise(newest)
	root, before, err := in.rootKeys()
	if err != nil {
		return err
	}
	if in.custody, err = vault.NewFileCustody(custodyIn(in.Config)); err != nil {
		return err
	}
	in.Vault, err = vault.New(ctx, vault.Options{Keys: in.Keys, Custody: in.custody, Root: root, Before: before, Clock: in.Clock, NewID: in.NewID})
	if err == nil {
		err = in.endRootRotation(ctx, root)
	}
	if err != nil {
		return err
	}
	in.DB, err = store.Open(ctx, store.Config{URL: in.Config.Database.Reveal(), Dir: in.Config.Data, Clock: in.Clock,
		NewID: in.NewID, Vault: in.Vault, Log: in.Log, Room: int64(in.Config.Storage)})
	if err != nil {
		return err
	}
	if in.Blobs, err = blob.Open(blobsIn(in.Config), in.Vault, in.Clock); err != nil {
		return err
	}
	if in.node, err = in.DB.ClaimNode(ctx, store.NodeLease); err != nil {
		return err
	}
	in.ids.Move(in.node.No)
	newest, err = in.DB.NewestID(ctx)
	in.ids.Raise(newest)
	return err
}

// holdNode keeps the process's number its own until ctx ends. A process that was
// cut off from the database for so long that another has its number takes a new
// one.
func (in *Install) holdNode(ctx context.Context) error {
	tick := in.Clock.NewTicker(store.NodeLease / 60)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C():
		}
		err := in.DB.RenewNode(ctx, in.node, store.NodeLease)
		if desk.IsNotFound(err) {
			in.Log.WarnContext(ctx, "this process's number was given to another: it takes a new one", "node", in.node.No)
			if in.node, err = in.DB.ClaimNode(ctx, store.NodeLease); err == nil {
				in.ids.Move(in.node.No)
			}
		}
		if err != nil && ctx.Err() == nil {
			in.Log.WarnContext(ctx, "the process's number was not renewed", "node", in.node.No, "error", err)
		}
	}
}

// Bind takes the main listener's address, before Build: where the port is 0 the
// system chooses one, and the addresses of Config name it.
func (in *Install) Bind() error {
	l, err := net.Listen("tcp", in.Config.Listen)
	if err != nil {
		return fmt.Errorf("PARLEY_LISTEN: %w", err)
	}
	in.main = l
	host, _, e1 := net.SplitHostPort(in.Config.Listen)
	_, port, e2 := net.SplitHostPort(l.Addr().String())
	if err := errors.Join(e1, e2); err != nil {
		return err
	}
	own := in.Config.Scheme() + "://"
	named := in.Config.PublicURL != own+in.Config.Listen
	in.Config.Listen = net.JoinHostPort(host, port)
	if !named {
		in.Config.PublicURL = own + in.Config.Listen
	}
	return nil
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
	if in.main != nil {
		errs = append(errs, in.main.Close())
	}
	if in.DB != nil {
		in.giveNodeBack()
		errs = append(errs, in.DB.Close())
	}
	if in.Keys != nil {
		errs = append(errs, in.Keys.Close())
	}
	if in.lock != nil {
		// Let go by name: a child process that is just being started may still
		// hold a copy of the file.
		errs = append(errs, syscall.Flock(int(in.lock.Fd()), syscall.LOCK_UN), in.lock.Close())
	}
	return errors.Join(errs...)
}

// giveNodeBack frees the number for the next process. Without a database it ends
// with its lease.
func (in *Install) giveNodeBack() {
	if in.node.No == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if err := in.DB.ReleaseNode(ctx, in.node); err != nil {
		in.Log.WarnContext(ctx, "the process's number stays taken for an hour", "node", in.node.No, "error", err)
	}
}
