package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/vault"
)

// Config says where the database is and what the store builds on.
type Config struct {
	URL    string // "" = SQLite in Dir; else postgres://…
	Dir    string // data folder (SQLite)
	Clock  clock.Clock
	NewID  func() int64
	Vault  *vault.Vault
	Log    *slog.Logger
	Bulk   bool // bench set-up only: no fsync per commit
	Writer int  // PostgreSQL writers; 0 = 4
}

// DB is one open database of either engine.
type DB struct {
	engine  engine
	clk     clock.Clock
	newID   func() int64
	vault   *vault.Vault
	log     *slog.Logger
	reads   *sql.DB
	writes  *sql.DB
	readers chan *session
	queue   chan *job
	stop    context.CancelFunc
	life    context.Context
	writers sync.WaitGroup
	watch   watchers
}

const maxBatch = 128

// Open opens (and creates) the database, migrates it and starts its writers.
// A schema newer than this program is refused.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	db, err := connect(cfg)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(err, db.writes.Close(), db.reads.Close())
	}
	db.start(cfg)
	return db, nil
}

func connect(cfg Config) (*DB, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	eng, err := engineOf(cfg.URL)
	if err != nil {
		return nil, err
	}
	readDSN, writeDSN := cfg.URL, cfg.URL
	if eng == sqliteEngine {
		if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
		readDSN, writeDSN = sqliteDSN(filepath.Join(cfg.Dir, "parley.db"), cfg.Bulk)
	}
	writes, err := sql.Open(eng.driver(), writeDSN)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	reads, err := sql.Open(eng.driver(), readDSN)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), writes.Close())
	}
	life, stop := context.WithCancel(context.Background())
	return &DB{engine: eng, clk: cfg.Clock, newID: cfg.NewID, vault: cfg.Vault, log: cfg.Log,
		reads: reads, writes: writes, life: life, stop: stop}, nil
}

func (db *DB) start(cfg Config) {
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	db.reads.SetMaxOpenConns(readers)
	db.reads.SetMaxIdleConns(readers)
	db.readers = make(chan *session, readers)
	for range readers {
		db.readers <- newSession(db.engine, db.reads)
	}
	writers := 1
	if db.engine == postgresEngine {
		writers = 4
		if cfg.Writer > 0 {
			writers = min(cfg.Writer, 4)
		}
	}
	db.writes.SetMaxOpenConns(writers)
	db.writes.SetMaxIdleConns(writers)
	db.queue = make(chan *job, 4*maxBatch)
	for range writers {
		db.writers.Add(1)
		go db.writer()
	}
}

// Engine is "sqlite" or "postgres".
func (db *DB) Engine() string { return string(db.engine) }

// Clock is the clock every row's time comes from.
func (db *DB) Clock() clock.Clock { return db.clk }

// NewID makes a row id.
func (db *DB) NewID() desk.ID { return desk.ID(db.newID()) }

// Vault opens and seals for this database.
func (db *DB) Vault() *vault.Vault { return db.vault }

// In binds a handle to one workspace. In(0) is the instance: sign-in look-ups,
// lanes and the list of workspaces.
func (db *DB) In(ws desk.ID) Handle { return Handle{db: db, ws: ws} }

// Close waits for running writes and closes the database. Writes that come
// later answer desk.Unavailable.
func (db *DB) Close() error {
	db.stop()
	db.writers.Wait()
	return errors.Join(db.writes.Close(), db.reads.Close())
}

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	return db.In(0).Read(ctx, func(r *Rx) error {
		var one int
		return r.row("SELECT 1").Scan(&one)
	})
}

// Handle reads and writes one workspace.
type Handle struct {
	db *DB
	ws desk.ID
}

// Workspace is the workspace the handle is bound to.
func (h Handle) Workspace() desk.ID { return h.ws }

// Read runs fn in one read-only snapshot.
func (h Handle) Read(ctx context.Context, fn func(*Rx) error) error {
	var s *session
	select {
	case s = <-h.db.readers:
	case <-ctx.Done():
		return ctx.Err()
	case <-h.db.life.Done():
		return errClosed()
	}
	defer func() { h.db.readers <- s }()
	var err error
	for range 2 { // a connection lost before the first row is opened once more
		if err = s.begin(ctx, h.db.engine.beginRead()); err != nil {
			s.drop()
			continue
		}
		err = fn(&Rx{s: s, ctx: ctx, ws: h.ws, db: h.db})
		if end := s.end(); end != nil || lost(err) {
			s.drop()
		}
		break
	}
	return plain(err)
}
