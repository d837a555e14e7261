package store

import (
	"sync/atomic"
)

// checkpoints moves what SQLite's log holds into the database file. By itself
// SQLite does so in the middle of every thousandth page's commit, and everybody
// who waits for that commit waits for the file, too: one commit in ten took 20
// to 60 ms.
type checkpoints struct {
	bell    chan struct{}
	commits int         // since the last bell; of the writer alone
	full    atomic.Bool // the log is long: the writer finishes it, so that it begins anew
}

const (
	checkpointEvery = 32     // commits
	fullLog         = 16_000 // pages, 64 MB
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
