package store

import (
	"context"
	"encoding/json"
	"maps"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/desk"
)

// bus carries what happened from node to node of a PostgreSQL install: numbers
// of events, kinds of work that wait, and short words. Nothing rests on it; a
// note that is lost costs a poll.
//
// One connection per node sends, a few milliseconds' worth in one NOTIFY: a
// NOTIFY inside the writing transactions would cost 4 to 10 times their rate.
type bus struct {
	mu   sync.Mutex
	next int
	ears map[int]func(desk.ID, []byte)

	node  int64
	note  note
	words []word
	kick  chan struct{} // nil: this node is alone
}

// note is what one NOTIFY says.
type note struct {
	Node   int64             `json:"n"`
	Events map[desk.ID]int64 `json:"e,omitempty"`
	Work   map[string]int64  `json:"w,omitempty"`
	Words  []word            `json:"s,omitempty"`
}

type word struct {
	Workspace desk.ID `json:"w"`
	Bytes     []byte  `json:"b"`
}

const (
	// MaxWords is the size of what Say may carry.
	MaxWords = 512

	busChannel = "parley"
	busPace    = 5 * time.Millisecond
	busRetry   = time.Second
	busFull    = 6000 // bytes; a NOTIFY takes less than 8,000
	busBacklog = 1000 // words that wait while the database is away

	sqlListen         = `LISTEN ` + busChannel
	sqlNotifyPostgres = `SELECT pg_notify('` + busChannel + `', $1)`
)

// Say tells all nodes of the install, this one at once, something of a workspace
// that is worth no row; more than MaxWords is dropped.
func (db *DB) Say(ws desk.ID, words []byte) {
	if len(words) > MaxWords {
		return
	}
	db.bus.tell(ws, words)
	db.bus.post(func() {
		if len(db.bus.words) < busBacklog {
			db.bus.words = append(db.bus.words, word{ws, words})
		}
	})
}

// Hear calls fn for everything said on any node; fn must be quick. The returned
// function ends it.
func (db *DB) Hear(fn func(ws desk.ID, words []byte)) (stop func()) {
	b := &db.bus
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ears == nil {
		b.ears = map[int]func(desk.ID, []byte){}
	}
	id := b.next
	b.next++
	b.ears[id] = fn
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.ears, id)
	}
}

func (b *bus) tell(ws desk.ID, words []byte) {
	b.mu.Lock()
	ears := make([]func(desk.ID, []byte), 0, len(b.ears))
	for _, fn := range b.ears {
		ears = append(ears, fn)
	}
	b.mu.Unlock()
	for _, fn := range ears {
		fn(ws, words)
	}
}

// post adds to what the next NOTIFY says.
func (b *bus) post(add func()) {
	if b.kick == nil {
		return
	}
	b.mu.Lock()
	add()
	b.mu.Unlock()
	select {
	case b.kick <- struct{}{}:
	default:
	}
}

// startBus joins the other nodes.
func (db *DB) startBus(dsn string) {
	if db.engine != postgresEngine {
		return
	}
	b := &db.bus
	b.node, b.kick = freshToken(), make(chan struct{}, 1)
	b.note = note{Events: map[desk.ID]int64{}, Work: map[string]int64{}}
	db.Watch(func(c Commit) {
		if c.Remote {
			return
		}
		b.post(func() {
			for ws, no := range c.Events {
				b.note.Events[ws] = max(b.note.Events[ws], no)
			}
			for kind, due := range c.Work {
				if have, ok := b.note.Work[kind]; !ok || us(due) < have {
					b.note.Work[kind] = us(due)
				}
			}
		})
	})
	db.writers.Go(func() { db.connected(dsn, sqlRelaxed, db.send) })
	db.writers.Go(func() { db.connected(dsn, sqlListen, db.listen) })
	db.writers.Go(func() { db.watchYoung(dsn) })
}

// connected runs fn on a connection of its own, again and again until the
// database closes.
func (db *DB) connected(dsn, first string, fn func(*pgx.Conn) error) {
	for db.life.Err() == nil {
		conn, err := pgx.Connect(db.life, dsn)
		if err == nil {
			if _, err = conn.Exec(db.life, first); err == nil {
				err = fn(conn)
			}
			_ = conn.Close(context.WithoutCancel(db.life))
		}
		if db.life.Err() == nil {
			db.log.Warn("the other nodes cannot be reached for a moment", "error", plain(err))
			db.pause(busRetry)
		}
	}
}

func (db *DB) pause(d time.Duration) {
	timer := db.clk.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C():
	case <-db.life.Done():
	}
}

func (db *DB) send(conn *pgx.Conn) error {
	for {
		select {
		case <-db.life.Done():
			return nil
		case <-db.bus.kick:
		}
		for _, text := range db.bus.take() {
			if _, err := conn.Exec(db.life, sqlNotifyPostgres, text); err != nil {
				return err
			}
		}
		db.pause(busPace)
	}
}

// take writes what waits as texts that fit into a NOTIFY.
func (b *bus) take() []string {
	b.mu.Lock()
	whole := note{Node: b.node, Events: maps.Clone(b.note.Events), Work: maps.Clone(b.note.Work)}
	words := b.words
	b.words = nil
	clear(b.note.Events)
	clear(b.note.Work)
	b.mu.Unlock()
	var texts []string
	part, size := note{Node: b.node, Work: whole.Work, Events: map[desk.ID]int64{}}, 64*len(whole.Work)
	flush := func() {
		texts = append(texts, string(toJSON(part)))
		part, size = note{Node: b.node, Events: map[desk.ID]int64{}}, 0
	}
	for ws, no := range whole.Events {
		if size += 44; size > busFull {
			flush()
		}
		part.Events[ws] = no
	}
	for _, w := range words {
		if size += 48 + 4*len(w.Bytes)/3; size > busFull {
			flush()
		}
		part.Words = append(part.Words, w)
	}
	if size > 0 {
		flush()
	}
	return texts
}

func (db *DB) listen(conn *pgx.Conn) error {
	for {
		got, err := conn.WaitForNotification(db.life)
		if err != nil {
			return err
		}
		var n note
		if json.Unmarshal([]byte(got.Payload), &n) != nil || n.Node == db.bus.node {
			continue // another program's, or our own
		}
		c := Commit{Remote: true, Events: n.Events, Work: map[string]time.Time{}}
		for kind, due := range n.Work {
			c.Work[kind] = at(due)
		}
		db.watch.tell(c)
		for _, w := range n.Words {
			db.bus.tell(w.Workspace, w.Bytes)
		}
	}
}
