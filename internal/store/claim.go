package store

import (
	"context"
	"encoding/binary"
	"sync"
	"time"

	"parley/internal/kit/secret"
)

// databaseNow is PostgreSQL's own clock in microseconds: leases of several nodes
// run by it, so that no node's clock can take a lane away.
const databaseNow = `(extract(epoch FROM clock_timestamp()) * 1000000)::bigint`

const (
	sqlDueLanesSQLite = `SELECT workspace_id, key, ver FROM lane WHERE kind = $1 AND due <= $2 ORDER BY due, since LIMIT $3`
	sqlNextDue        = `SELECT coalesce(min(due), 0) FROM lane WHERE kind = $1 AND due > $2 AND due < $3`
	// The lanes are chosen in a part of their own: as a subquery of the UPDATE
	// PostgreSQL may choose anew for every row, and claims more than were asked.
	sqlClaimPostgres = `WITH chosen AS MATERIALIZED (SELECT workspace_id, kind, key FROM lane
			WHERE kind = $3 AND due <= $4 AND lease <= ` + databaseNow + `
			ORDER BY due, since LIMIT $5 FOR UPDATE SKIP LOCKED)
		UPDATE lane SET claim = $1, lease = ` + databaseNow + ` + $2 FROM chosen
		WHERE lane.workspace_id = chosen.workspace_id AND lane.kind = chosen.kind AND lane.key = chosen.key
		RETURNING lane.workspace_id, lane.key, lane.ver`
	sqlRenewPostgres = `UPDATE lane SET lease = ` + databaseNow + ` + $5
		WHERE workspace_id = $1 AND kind = $2 AND key = $3 AND claim = $4`
	sqlLaneWork = `SELECT ` + workColumns + ` FROM work WHERE workspace_id = $1 AND kind = $2 AND key = $3
		ORDER BY pos LIMIT $4`
	sqlRelaxed = `SET synchronous_commit = off`
)

// leases are the claims of this process. On SQLite, where one process has the
// data, they are all there is: nothing of a claim is on disk, so a crash clears
// them.
type leases struct {
	claiming sync.Mutex // one claim at a time: see ClaimLanes
	mu       sync.Mutex
	held     map[Lane]int64
	off      bool // PostgreSQL keeps claims in rows
	side     *session
}

func (l *leases) holds(c *Claim) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.off || l.held[c.Lane] == c.token
}

func (l *leases) drop(c *Claim) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[c.Lane] == c.token {
		delete(l.held, c.Lane)
	}
}

// column is what a lane's row says of a claim.
func (l *leases) column(c *Claim) int64 {
	if l.off {
		return c.token
	}
	return 0
}

// ClaimAsk says what to claim.
type ClaimAsk struct {
	Kind  string
	Lanes int // at most
	Items int // of each lane, at most
	Lease time.Duration
}

// ClaimLanes claims lanes of a kind that are due, those that wait longest first.
// When there are fewer than asked for, next is when another falls due (zero:
// none waits for a time).
func (db *DB) ClaimLanes(ctx context.Context, ask ClaimAsk) (claims []*Claim, next time.Time, err error) {
	l := &db.leases
	l.claiming.Lock()
	defer l.claiming.Unlock()
	if db.engine == postgresEngine {
		claims, next, err = db.claimRows(ctx, ask)
		return claims, next, plain(err)
	}
	// Lanes held when the snapshot is taken are left alone even if they are
	// free by now: what they just finished is still in the snapshot.
	l.mu.Lock()
	before := map[Lane]bool{}
	for lane := range l.held {
		if lane.Kind == ask.Kind {
			before[lane] = true
		}
	}
	l.mu.Unlock()
	err = db.In(0).Read(ctx, func(r *Rx) error {
		claims = nil
		next, err = db.claimSnapshot(r, ask, before, &claims)
		return err
	})
	if err != nil {
		return nil, next, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range claims {
		l.held[c.Lane] = c.token
	}
	return claims, next, nil
}

func (db *DB) claimSnapshot(r *Rx, ask ClaimAsk, before map[Lane]bool, claims *[]*Claim) (next time.Time, err error) {
	now := us(db.clk.Now())
	err = r.each(sqlDueLanesSQLite, []any{ask.Kind, now, ask.Lanes + len(before)}, func(row scanner) error {
		c, err := db.scanClaim(row, ask.Kind)
		if err == nil && !before[c.Lane] && len(*claims) < ask.Lanes {
			*claims = append(*claims, c)
		}
		return err
	})
	for _, c := range *claims {
		if err == nil {
			err = c.load(r, ask.Items)
		}
	}
	if err == nil && len(*claims) < ask.Lanes {
		next, err = r.nextDue(ask.Kind, now)
	}
	return next, err
}

// nextDue is when the next lane of a kind falls due after now.
func (r *Rx) nextDue(kind string, now int64) (time.Time, error) {
	var due int64
	err := r.row(sqlNextDue, kind, now, never).Scan(&due)
	return at(due), err
}

// freshToken is a number that no other claim of any node has or will have; ids would
// repeat if two nodes were given one node number by mistake.
func freshToken() int64 { return int64(binary.BigEndian.Uint64(secret.Random(8))>>1 | 1) }

func (db *DB) scanClaim(row scanner, kind string) (*Claim, error) {
	c := &Claim{Lane: Lane{Kind: kind}, token: freshToken()}
	return c, row.Scan(&c.Lane.Workspace, &c.Lane.Key, &c.ver)
}

// claimRows claims in one statement that waits for nobody, outside of the
// group commits, whose locks it could cross. The commit need not be on disk: a
// claim that a crash takes back matches no row, and its work is done again.
func (db *DB) claimRows(ctx context.Context, ask ClaimAsk) (claims []*Claim, next time.Time, err error) {
	r, err := db.sideRx(ctx)
	if err != nil {
		return nil, next, err
	}
	claim, now := freshToken(), us(db.clk.Now())
	args := []any{claim, ask.Lease.Microseconds(), ask.Kind, now, ask.Lanes}
	err = r.each(sqlClaimPostgres, args, func(row scanner) error {
		c, err := db.scanClaim(row, ask.Kind)
		c.token = claim
		claims = append(claims, c)
		return err
	})
	for _, c := range claims { // in statements of their own: they see what came before the claim
		if err == nil {
			err = c.load(r, ask.Items)
		}
	}
	if err == nil && len(claims) < ask.Lanes {
		next, err = r.nextDue(ask.Kind, now)
	}
	if err != nil {
		db.leases.side.drop() // lanes claimed on it come back when their lease ends
		return nil, next, err
	}
	return claims, next, nil
}

// sideRx is the connection for claims and leases; the caller holds claiming.
func (db *DB) sideRx(ctx context.Context) (*Rx, error) {
	s := db.leases.side
	for try := 0; s.conn == nil; try++ {
		if err := s.begin(ctx, sqlRelaxed); err != nil {
			s.drop()
			if try == 1 {
				return nil, err
			}
		}
	}
	return &Rx{s: s, ctx: ctx, db: db}, nil
}

// early is how long before its due time an item may go along with the one before
// it, so that work that waits a moment for more of its kind is done in batches.
const early = time.Second

func (c *Claim) load(r *Rx, limit int) error {
	args := []any{int64(c.Lane.Workspace), c.Lane.Kind, int64(c.Lane.Key), limit + 1}
	err := r.each(sqlLaneWork, args, func(row scanner) error {
		w := Work{Workspace: c.Lane.Workspace, Kind: c.Lane.base(), lane: c.Lane}
		var due, added int64
		err := row.Scan(&w.pos, &w.ID, &w.rev, &w.Key, &w.Conversation, &w.Message, &w.Object, &w.Seq, &w.Attempt, &due, &added)
		w.Due, w.At = at(due), at(added)
		c.Items = append(c.Items, w)
		return err
	})
	take, soon := min(limit, len(c.Items)), r.db.clk.Now().Add(early)
	for i := 1; i < take; i++ {
		if c.Items[i].Due.After(soon) {
			take = i
		}
	}
	c.more = take < len(c.Items)
	c.Items = c.Items[:take]
	c.done, c.left = make([]bool, len(c.Items)), len(c.Items)
	return err
}

// base is the kind of the items in a lane.
func (l Lane) base() string {
	if n := len(l.Kind) - len(asideMark); n > 0 && l.Kind[n:] == asideMark {
		return l.Kind[:n]
	}
	return l.Kind
}

// RenewClaim makes a claim last for another lease. false: the lane has gone to
// another worker.
func (db *DB) RenewClaim(ctx context.Context, c *Claim, lease time.Duration) (bool, error) {
	if db.engine == sqliteEngine {
		return db.leases.holds(c), nil
	}
	db.leases.claiming.Lock()
	defer db.leases.claiming.Unlock()
	r, err := db.sideRx(ctx)
	if err != nil {
		return false, plain(err)
	}
	n, err := r.s.exec(ctx, sqlRenewPostgres, int64(c.Lane.Workspace), c.Lane.Kind, int64(c.Lane.Key), c.token, lease.Microseconds())
	if err != nil {
		db.leases.side.drop()
		return false, plain(err)
	}
	return n == 1, nil
}

// LetGo gives up a claim whose worker does not answer or could not write: what
// it still commits is undone. On PostgreSQL the lease ends by itself.
func (db *DB) LetGo(c *Claim) {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	db.leases.drop(c)
}

const (
	sqlPausedLanes = `SELECT l.kind, l.key, l.since, l.fault, ` + headColumns + `
		FROM lane l JOIN work w ON w.workspace_id = l.workspace_id AND w.kind = l.kind AND w.key = l.key
		WHERE l.workspace_id = $1 AND l.fault <> '' AND w.pos =
			(SELECT min(pos) FROM work o WHERE o.workspace_id = l.workspace_id AND o.kind = l.kind AND o.key = l.key)
		ORDER BY l.since, l.kind, l.key LIMIT $2`
	headColumns = `w.id, w.origin, w.conversation_id, w.message_id, w.object_id, w.seq, w.attempt, w.at`
	sqlResume   = `UPDATE lane SET due = 0, since = $4, fault = '' WHERE workspace_id = $1 AND kind = $2 AND key = $3 AND fault <> ''`
	sqlRestart  = `UPDATE work SET attempt = 0, due = 0 WHERE workspace_id = $1 AND kind = $2 AND key = $3`
	sqlDiscard  = `DELETE FROM work WHERE workspace_id = $1 AND kind = $2 AND key = $3 AND id = $4`
	sqlEarlier  = `UPDATE lane SET due = CASE WHEN due > since THEN due - since + $1 ELSE due END, since = $1
		WHERE since - $2 > $1 AND due < $3`
	sqlBacklog = `SELECT kind, count(*), min(since) FROM lane WHERE fault = '' AND due <= $1 GROUP BY kind ORDER BY kind`
)

// Dead is an item that failed too often, at the head of the lane it paused.
type Dead struct {
	Work  Work
	Fault string // machine word
	Since time.Time
}

// DeadWork lists the paused lanes of the workspace, longest paused first.
func (r *Rx) DeadWork(limit int) ([]Dead, error) {
	all := []Dead{}
	err := r.each(sqlPausedLanes, []any{int64(r.ws), limit}, func(row scanner) error {
		d := Dead{Work: Work{Workspace: r.ws, lane: Lane{Workspace: r.ws}}}
		w := &d.Work
		var since, added int64
		err := row.Scan(&w.lane.Kind, &w.lane.Key, &since, &d.Fault, &w.ID, &w.Key, &w.Conversation, &w.Message, &w.Object,
			&w.Seq, &w.Attempt, &added)
		d.Since, w.At, w.Kind = at(since), at(added), w.lane.base()
		all = append(all, d)
		return err
	})
	return all, err
}

// ResumeLane lets a paused lane run again, with its failed item tried anew, or
// without it. Only the lane's head may be discarded.
func (t *Tx) ResumeLane(d Work, discard bool) error {
	lane := d.lane
	if err := t.must("paused_lane", sqlResume, int64(t.ws), lane.Kind, int64(lane.Key), us(t.now)); err != nil {
		return err
	}
	t.work = append(t.work, laneOp{lane: lane, wake: true})
	if discard {
		return t.must("work", sqlDiscard, int64(t.ws), lane.Kind, int64(lane.Key), int64(d.ID))
	}
	_, err := t.exec(sqlRestart, int64(t.ws), lane.Kind, int64(lane.Key))
	return err
}

// ClockWentBack moves due times that were set by a clock since put back, which
// would lie too far ahead now; slack is what nodes' clocks may differ by. The
// transaction is the instance's.
func (t *Tx) ClockWentBack(slack time.Duration) error {
	_, err := t.exec(sqlEarlier, us(t.now), slack.Microseconds(), never)
	return err
}

// Backlog is how much of a kind is due and not done.
type Backlog struct {
	Kind   string
	Lanes  int
	Oldest time.Time
}

// Backlogs tells for each kind what is due, held or not; the reader is the
// instance's. Items that were put aside are a kind of their own, with a ~.
func (r *Rx) Backlogs() ([]Backlog, error) {
	all := []Backlog{}
	err := r.each(sqlBacklog, []any{us(r.db.clk.Now())}, func(row scanner) error {
		var b Backlog
		var since int64
		err := row.Scan(&b.Kind, &b.Lanes, &since)
		b.Oldest = at(since)
		all = append(all, b)
		return err
	})
	return all, err
}
