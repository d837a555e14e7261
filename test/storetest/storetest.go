// Package storetest gives tests a whole store on each engine: SQLite in a
// temporary folder and PostgreSQL on a throw-away server, each with a vault, a
// key store on its own handle and two workspaces' worth of room.
package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/id"
	"parley/internal/store"
	"parley/internal/vault"
	"parley/test/pgtest"
)

// Options changes how a store is opened.
type Options struct {
	Clock clock.Clock // nil = a fake one at Start
	Dir   string      // "" = a temporary folder
	URL   string      // "" = SQLite
	Root  string      // seed of the root key
	Room  int64       // bytes of files and knowledge a workspace may keep; 0 = any
}

// Start is the time a fake clock begins at.
func Start() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// World is an open store with what it was made of.
type World struct {
	*store.DB
	Keys    *store.KeyStore
	Custody string
	Clock   clock.Clock
	Fake    *clock.Fake // nil when the caller gave a clock
	Dir     string
	URL     string
}

// Each runs fn as a parallel subtest on SQLite and on PostgreSQL, with a fake
// clock.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	EachWorld(t, Options{}, func(t *testing.T, w *World) { fn(t, w.DB) })
}

// EachWorld is Each for tests that need the parts.
func EachWorld(t *testing.T, opt Options, fn func(t *testing.T, w *World)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, Open(t, opt))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		own := opt // the other engine's subtest runs beside this one
		own.URL = PostgreSQL(t)
		fn(t, Open(t, own))
	})
}

// Open opens one store and closes it with the test.
func Open(t testing.TB, opt Options) *World {
	t.Helper()
	w := &World{Clock: opt.Clock, Dir: opt.Dir, URL: opt.URL}
	if w.Clock == nil {
		w.Fake = clock.NewFake(Start())
		w.Clock = w.Fake
	}
	if w.Dir == "" {
		w.Dir = t.TempDir()
		if w.URL == "" {
			SQLite(t, w.Dir)
		}
	}
	w.Custody = filepath.Join(w.Dir, "custody")
	ctx := context.Background()
	keys, err := store.OpenKeys(ctx, opt.URL, w.Dir)
	if err != nil {
		t.Fatalf("key store: %v", err)
	}
	w.Keys = keys
	custody, err := vault.NewFileCustody(w.Custody)
	if err != nil {
		t.Fatalf("custody: %v", err)
	}
	ids := id.New(w.Clock, 0)
	v, err := vault.New(ctx, vault.Options{Keys: keys, Custody: custody, Root: Root(opt.Root), Clock: w.Clock, NewID: ids.Next})
	if err != nil {
		t.Fatalf("vault: %v", err)
	}
	w.DB, err = store.Open(ctx, store.Config{URL: opt.URL, Dir: w.Dir, Clock: w.Clock, NewID: ids.Next, Vault: v, Room: opt.Room})
	if err != nil {
		t.Fatalf("store: %v", err)
	}
	t.Cleanup(func() {
		if err := w.DB.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
		if err := keys.Close(); err != nil {
			t.Errorf("close keys: %v", err)
		}
	})
	return w
}

// fill makes the tables in an empty database. Its keys lie elsewhere: those of
// the copies are their own.
func fill(url string) error {
	dir, err := os.MkdirTemp("", "parley-template-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	return fillIn(dir, url)
}

func fillIn(dir, url string) error {
	ctx := context.Background()
	keys, err := store.OpenKeys(ctx, "", dir)
	if err != nil {
		return err
	}
	custody, err := vault.NewFileCustody(filepath.Join(dir, "custody"))
	if err != nil {
		return errors.Join(err, keys.Close())
	}
	clk := clock.NewFake(Start())
	ids := id.New(clk, 0)
	v, err := vault.New(ctx, vault.Options{Keys: keys, Custody: custody, Root: Root("template"), Clock: clk, NewID: ids.Next})
	if err != nil {
		return errors.Join(err, keys.Close())
	}
	db, err := store.Open(ctx, store.Config{URL: url, Dir: dir, Clock: clk, NewID: ids.Next, Vault: v})
	if err != nil {
		return errors.Join(err, keys.Close())
	}
	return errors.Join(db.Close(), keys.Close())
}

const dataFile = "parley.db"

// template is an empty SQLite database with its tables, made once per process:
// the steps there take longer than most tests.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "parley-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := fillIn(dir, ""); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, dataFile))
})

// PostgreSQL gives the address of a fresh database with this program's tables and
// nothing in them: the steps there take longer than most tests.
func PostgreSQL(t testing.TB) string {
	t.Helper()
	return pgtest.Templated(t, "store_"+steps(t), fill)
}

// SQLite puts into a data folder what PostgreSQL is an address of.
func SQLite(t testing.TB, dir string) {
	t.Helper()
	raw, err := template()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, dataFile), raw, 0o600)
	}
	if err != nil {
		t.Fatalf("template: %v", err)
	}
}

// steps is a hash of the migrations: the template is made anew with each.
func steps(t testing.TB) string {
	t.Helper()
	here, err := os.Getwd() // a test runs in its package's folder
	if err != nil {
		t.Fatal(err)
	}
	const folder = "internal/store/migrations"
	for ; here != filepath.Dir(here); here = filepath.Dir(here) {
		if _, err := os.Stat(filepath.Join(here, folder)); err == nil {
			break
		}
	}
	all, err := filepath.Glob(filepath.Join(here, folder, "*.sql"))
	if err != nil || len(all) == 0 {
		t.Fatalf("the migrations are not where they were: %v", err)
	}
	sum := sha256.New()
	for _, name := range all {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = sum.Write(raw)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// Root is the root key made from a seed.
func Root(seed string) vault.Root { return vault.NewRoot(sha256.Sum256([]byte("root " + seed))) }

// Workspace adds a workspace in autopilot and returns its handle.
func Workspace(t testing.TB, db *store.DB, name string) store.Handle {
	t.Helper()
	h := db.In(db.NewID())
	err := h.Write(context.Background(), func(tx *store.Tx) error {
		return tx.InsertWorkspace(desk.Workspace{Name: name, Locale: "en", Mode: desk.ModeAutopilot})
	})
	if err != nil {
		t.Fatalf("workspace: %v", err)
	}
	return h
}

// Account adds an active channel account of a kind.
func Account(t testing.TB, h store.Handle, kind, outside string) desk.Account {
	t.Helper()
	a := desk.Account{Kind: kind, OutsideID: outside, Name: outside, State: desk.AccountActive, Settings: []byte("{}")}
	err := h.Write(context.Background(), func(tx *store.Tx) error {
		a.ID, a.Workspace, a.ConnectedAt = tx.NewID(), h.Workspace(), tx.Now()
		return tx.InsertAccount(a)
	})
	if err != nil {
		t.Fatalf("channel account: %v", err)
	}
	return a
}
