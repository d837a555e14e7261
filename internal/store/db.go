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
	Room   int64 // bytes of files and knowledge that a workspace may keep; 0 = any
	Bulk   bool  // bench set-up only: no fsync per commit
	Writer int   // PostgreSQL writers; 0 = 4
}

// DB is one open database of either engine.
type DB struct {
	engine  engine
	room    int64
	clk     clock.Clock
	newID   func() int64
	vault   *vault.Vault
	log     *slog.Logger
	reads   *sql.DB
	writes  *sql.DB
	readers chan *session
	queues  []chan *job // one for each writer
	ahead   chan *job   // of Handle.Ahead
	stop    context.CancelFunc
	life    context.Context
	writers sync.WaitGroup
	closing sync.Once
	watch   watchers
	leases  leases
	bus     bus

	checkpoints checkpoints
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
	readDSN, writeDSN := patient(cfg.URL), patient(cfg.URL)
	if eng == sqliteEngine {
		if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
		readDSN, writeDSN = sqliteDSN(filepath.Join(cfg.Dir, "parley.db"), cfg.Bulk)
		writeDSN += "&_pragma=wal_autocheckpoint(0)" // see checkpoints
	}
	writes, err := eng.pool(writeDSN)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	reads, err := eng.pool(readDSN)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), writes.Close())
	}
	life, stop := context.WithCancel(context.Background())
	return &DB{engine: eng, room: cfg.Room, clk: cfg.Clock, newID: cfg.NewID, vault: cfg.Vault, log: cfg.Log,
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
	db.leases.held, db.leases.off = map[Lane]int64{}, db.engine == postgresEngine
	db.leases.side = newSession(db.engine, db.writes)
	const side = 1 // claims on PostgreSQL, checkpoints on SQLite
	db.ahead = make(chan *job, 4*maxBatch)
	doors := queue{ahead: db.ahead}
	if db.engine == postgresEngine {
		db.writers.Add(1)
		go db.writer(doors)
		doors = queue{}
	}
	db.writes.SetMaxOpenConns(writers + side + 1)
	db.writes.SetMaxIdleConns(writers + side + 1)
	for range writers {
		rest := make(chan *job, 4*maxBatch)
		db.queues = append(db.queues, rest)
		db.writers.Add(1)
		go db.writer(queue{doors.ahead, rest})
	}
	if db.engine == sqliteEngine {
		db.checkpoints.bell, db.checkpoints.log = make(chan struct{}, 1), filepath.Join(cfg.Dir, "parley.db-wal")
		db.writers.Add(1)
		go db.checkpoints.run(db)
	}
	db.startBus(patient(cfg.URL))
}

// queueOf gives a workspace's writes to one writer, always the same: two of them
// would wait for each other's rows, crosswise and until PostgreSQL notices a
// second later (measured: 1,200 messages a second with one, 200 with four).
func (db *DB) queueOf(ws desk.ID) chan *job {
	mixed := uint64(ws) * 0x9E3779B97F4A7C15 >> 32
	return db.queues[mixed%uint64(len(db.queues))]
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

// Close waits for running reads and writes and closes the database. What comes
// later answers desk.Unavailable.
func (db *DB) Close() error {
	var err error
	db.closing.Do(func() {
		db.stop()
		db.writers.Wait()
		for range cap(db.readers) {
			(<-db.readers).drop()
		}
		db.leases.claiming.Lock()
		defer db.leases.claiming.Unlock()
		db.leases.side.drop()
		db.checkpoints.last(db)
		err = errors.Join(db.writes.Close(), db.reads.Close())
	})
	return err
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
	db    *DB
	ws    desk.ID
	ahead bool
}

// Ahead is the handle for writes that somebody outside waits for and that only
// add rows and work: they are not held up by what is being done. On PostgreSQL
// they have a writer of their own, on SQLite they go first.
func (h Handle) Ahead() Handle {
	h.ahead = true
	return h
}

// Workspace is the workspace the handle is bound to.
func (h Handle) Workspace() desk.ID { return h.ws }

// Read runs fn in one read-only snapshot.
func (h Handle) Read(ctx context.Context, fn func(*Rx) error) error {
	return h.db.borrow(ctx, func(s *session) error {
		err := s.reopen(ctx, h.db.engine.beginRead())
		if err == nil {
			err = fn(&Rx{s: s, ctx: ctx, ws: h.ws, db: h.db})
			if end := s.end(); end != nil || s.spoilt != nil {
				s.drop()
			}
		}
		if gone := ctx.Err(); gone != nil && err != nil {
			return gone // and not the engine's words for it
		}
		return plain(err)
	})
}

// borrow lends out a read connection. A panic of the borrower costs the
// connection, which would else be handed on with a transaction left open.
func (db *DB) borrow(ctx context.Context, fn func(*session) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if db.life.Err() != nil {
		return errClosed()
	}
	var s *session
	select {
	case s = <-db.readers:
	case <-ctx.Done():
		return ctx.Err()
	case <-db.life.Done():
		return errClosed()
	}
	returned := false
	defer func() {
		if !returned {
			s.drop()
		}
		db.readers <- s
	}()
	err := fn(s)
	returned = true
	return err
}
