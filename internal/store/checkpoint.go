package store

import (
	"context"
	"errors"
	"os"
	"sync/atomic"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// checkpoints moves what SQLite's log holds into the database file. By itself
// SQLite does so in the middle of every thousandth page's commit, and everybody
// who waits for that commit waits for the file, too: one commit in ten took 20
// to 60 ms.
type checkpoints struct {
	bell    chan struct{}
	log     string      // the log's file
	commits int         // since the last bell; of the writer alone
	full    atomic.Bool // the log is long: the writer finishes it, so that it begins anew
}

const (
	checkpointEvery = 32      // commits
	shortLog        = 1 << 20 // bytes
	fullLog         = 1000    // pages, 4 MB
	sqlCheckpoint   = `PRAGMA wal_checkpoint(PASSIVE)`
)

// run works beside the writer, on a connection of its own.
func (c *checkpoints) run(db *DB) {
	defer db.writers.Done()
	s := newSession(sqliteEngine, db.writes)
	defer s.drop()
	for {
		select {
		case <-db.life.Done():
			return
		case <-c.bell:
		}
		// A short log is left alone, as SQLite does: moving it needs room that a
		// disk which is nearly full keeps for the log itself.
		if log, err := os.Stat(c.log); err != nil || log.Size() < shortLog {
			continue
		}
		if pages := c.once(db, s); pages > fullLog {
			c.full.Store(true)
		}
	}
}

// once returns how long the log is, in pages. A failure is tried again with the
// next bell: until then the log holds what the file does not.
func (c *checkpoints) once(db *DB, s *session) (pages int) {
	err := s.connect(db.life)
	if err == nil {
		var busy, moved int
		err = s.conn.QueryRowContext(db.life, sqlCheckpoint).Scan(&busy, &pages, &moved)
	}
	if err != nil {
		s.drop()
		if db.life.Err() == nil {
			db.log.Warn("the log could not be moved into the database file", "error", plain(err))
		}
	}
	return pages
}

// committed is told by the writer after each of its commits. A long log it moves
// itself: only while nobody writes does the whole log arrive in the file, and
// only then does it begin anew.
func (c *checkpoints) committed(db *DB, s *session) {
	if db.engine != sqliteEngine {
		return
	}
	if c.full.CompareAndSwap(true, false) {
		c.once(db, s)
	}
	if c.commits++; c.commits < checkpointEvery {
		return
	}
	c.commits = 0
	select {
	case c.bell <- struct{}{}:
	default:
	}
}

// makeRoom moves the log when the disk is full, while nobody writes: it then
// begins anew and needs no room. It reports whether that is worth another try.
func (c *checkpoints) makeRoom(db *DB, s *session, err error) bool {
	var lite *sqlite.Error
	if !errors.As(err, &lite) || lite.Code()&0xff != lib.SQLITE_FULL {
		return false
	}
	return c.once(db, s) > 0
}

// last leaves one whole database file behind. SQLite does that by itself when
// the last connection closes, but not on a connection whose last statement was
// interrupted, as those of a closing store often are.
func (c *checkpoints) last(db *DB) {
	if db.engine != sqliteEngine {
		return
	}
	s := newSession(sqliteEngine, db.writes)
	defer s.drop()
	if err := s.connect(context.Background()); err == nil {
		err = s.simple(context.Background(), sqlCheckpoint)
		if err != nil {
			db.log.Warn("the log could not be moved into the database file; the next start does it", "error", plain(err))
		}
	}
}
