package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"
)

// never is the due time of a paused lane.
const never = int64(1) << 62

const (
	sqlAddToLane = `INSERT INTO lane (workspace_id, kind, key, ver, due, since, claim, lease, fault)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '')
		ON CONFLICT (workspace_id, kind, key) DO UPDATE SET ver = lane.ver + $4 RETURNING ver, due`
	sqlMergeInLane = `INSERT INTO lane (workspace_id, kind, key, ver, due, since, claim, lease, fault)
		VALUES ($1, $2, $3, 1, $4, $5, 0, 0, '')
		ON CONFLICT (workspace_id, kind, key) DO UPDATE SET ver = lane.ver + 1,
		due = CASE WHEN lane.fault <> '' THEN lane.due WHEN $4 < lane.since + $6 THEN $4 ELSE lane.since + $6 END
		RETURNING ver, due`
	workColumns = `pos, id, rev, origin, conversation_id, message_id, object_id, seq, attempt, due, at`
	sqlAddWork  = `INSERT INTO work (workspace_id, kind, key, ` + workColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	sqlMergeWork = sqlAddWork + ` ON CONFLICT (workspace_id, kind, key, pos) DO UPDATE SET rev = excluded.rev,
		due = excluded.due, conversation_id = excluded.conversation_id, message_id = excluded.message_id,
		object_id = excluded.object_id, seq = excluded.seq`
	sqlDropWork = `DELETE FROM work WHERE workspace_id = $1 AND kind = $2 AND key = $3 AND pos BETWEEN $4 AND $5`
	sqlDropHead = `DELETE FROM work WHERE workspace_id = $1 AND kind = $2 AND key = $3 AND pos = 0 AND rev = $4`
	sqlPutOff   = `UPDATE work SET attempt = $7, due = CASE WHEN rev = $6 THEN $5 ELSE due END
		WHERE workspace_id = $1 AND kind = $2 AND key = $3 AND pos = $4`
	sqlHeadDue  = `SELECT due FROM work WHERE workspace_id = $1 AND kind = $2 AND key = $3 ORDER BY pos LIMIT 1`
	sqlDropLane = `DELETE FROM lane WHERE workspace_id = $1 AND kind = $2 AND key = $3`
	// sqlDropUnmoved ends a lane that nothing was added to since its claim.
	sqlDropUnmoved = sqlDropLane + ` AND ver = $4 AND claim = $5`
	sqlFreeLane    = `UPDATE lane SET due = $4, since = $5, claim = 0, lease = 0, fault = $6
		WHERE workspace_id = $1 AND kind = $2 AND key = $3`
	sqlHoldLanePostgres = `SELECT ver FROM lane WHERE workspace_id = $1 AND kind = $2 AND key = $3 AND claim = $4` + forUpdate
)

// laneTouch is all that one commit wants of one lane.
type laneTouch struct {
	lane   Lane
	now    int64
	adds   []laneOp
	claims []*claimTouch
	wake   bool
}

// claimTouch is all that one commit wants of one claim.
type claimTouch struct {
	claim *Claim
	jobs  []*job // fall together when the claim is lost
	done  []int
	put   []laneOp
	end   bool
}

// settled is what a commit did to lanes, for those told after it.
type settled struct {
	wake  map[string]int64 // earliest due time of each kind
	touch []*claimTouch
	lost  bool
}

func (s *settled) note(kind string, due int64) {
	if due == never {
		return
	}
	if have, ok := s.wake[kind]; !ok || due < have {
		s.wake[kind] = due
	}
}

// settleLanes carries out what the batch's closures want of lanes, in one order
// for every writer. A job whose claim is lost gets its error; the caller then
// runs the rest again without it.
func (db *DB) settleLanes(ctx context.Context, s *session, batch []*job) (settled, error) {
	out := settled{wake: map[string]int64{}}
	for _, touch := range touches(batch) {
		l := laneWriter{db: db, s: s, ctx: ctx, out: &out, laneTouch: touch}
		if err := l.settle(); err != nil {
			return out, err
		}
		out.touch = append(out.touch, touch.claims...)
	}
	return out, nil
}

// touches gathers the wishes of a batch by lane, sorted by lane.
func touches(batch []*job) []*laneTouch {
	byLane := map[Lane]*laneTouch{}
	for _, j := range batch {
		if j.err != nil {
			continue
		}
		for _, op := range j.tx.work {
			t := byLane[op.lane]
			if t == nil {
				t = &laneTouch{lane: op.lane, now: us(j.tx.now)}
				byLane[op.lane] = t
			}
			t.take(j, op)
		}
	}
	all := make([]*laneTouch, 0, len(byLane))
	for _, t := range byLane {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *laneTouch) int { return a.lane.compare(b.lane) })
	return all
}

func (l Lane) compare(o Lane) int {
	return cmp.Or(cmp.Compare(l.Workspace, o.Workspace), cmp.Compare(l.Kind, o.Kind), cmp.Compare(l.Key, o.Key))
}

func (t *laneTouch) take(j *job, op laneOp) {
	if op.wake {
		t.wake = true
		return
	}
	if op.claim == nil {
		t.adds = append(t.adds, op)
		return
	}
	var c *claimTouch
	for _, have := range t.claims {
		if have.claim == op.claim {
			c = have
		}
	}
	if c == nil {
		c = &claimTouch{claim: op.claim}
		t.claims = append(t.claims, c)
	}
	if n := len(c.jobs); n == 0 || c.jobs[n-1] != j {
		c.jobs = append(c.jobs, j)
	}
	switch {
	case op.done > 0:
		c.done = append(c.done, op.done-1)
	case op.put > 0:
		c.put = append(c.put, op)
	}
	c.end = c.end || op.end
}

// laneWriter carries out the wishes for one lane.
type laneWriter struct {
	*laneTouch
	db  *DB
	s   *session
	ctx context.Context
	out *settled
}

func (l *laneWriter) settle() error {
	free, fault := false, ""
	if l.wake {
		l.out.note(l.lane.Kind, 0)
	}
	for _, c := range l.claims {
		slices.Sort(c.done)
		c.done = slices.Compact(c.done)
		c.end = c.end || c.claim.missing() == len(c.done)
		if ok, err := l.endsAtOnce(c); ok || err != nil {
			if err != nil {
				return err
			}
			if err := l.drop(c); err != nil {
				return err
			}
			continue
		}
		held, err := l.held(c.claim)
		if err != nil {
			return err
		}
		if !held {
			l.lose(c)
			continue
		}
		if err := l.drop(c); err != nil {
			return err
		}
		for _, p := range c.put {
			if err := l.putOff(c.claim.Items[p.put-1], p); err != nil {
				return err
			}
			fault = cmp.Or(fault, p.fault)
		}
		free = free || c.end
	}
	if err := l.add(); err != nil {
		return err
	}
	if free {
		return l.free(fault)
	}
	return nil
}

func (l *laneWriter) lose(c *claimTouch) {
	for _, j := range c.jobs {
		j.lost = leaseLost()
	}
	l.out.lost = true
}

// endsAtOnce is the common way out: the claim took everything, finished it, and
// nothing came since, so the lane goes.
func (l *laneWriter) endsAtOnce(c *claimTouch) (bool, error) {
	whole := !c.claim.more && len(c.put) == 0 && c.claim.missing() == len(c.done)
	if !whole || len(l.adds) > 0 || !l.db.leases.holds(c.claim) {
		return false, nil
	}
	n, err := l.exec(sqlDropUnmoved, c.claim.ver, l.db.leases.column(c.claim))
	return n == 1, err
}

// held makes sure that the claim stands and, on PostgreSQL, keeps the lane's row
// until the commit.
func (l *laneWriter) held(c *Claim) (bool, error) {
	if l.db.engine == sqliteEngine {
		return l.db.leases.holds(c), nil
	}
	_, err := l.number(sqlHoldLanePostgres, c.token)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// drop deletes finished items. A row that is gone was finished or erased by
// somebody else, and then the claim counts as lost.
func (l *laneWriter) drop(c *claimTouch) error {
	for i := 0; i < len(c.done); {
		first := c.claim.Items[c.done[i]]
		if first.pos == 0 { // merged anew while it ran: it stays and runs again
			if _, err := l.exec(sqlDropHead, first.rev); err != nil {
				return err
			}
			i++
			continue
		}
		n := 1
		for i+n < len(c.done) && c.done[i+n] == c.done[i]+n {
			n++
		}
		gone, err := l.exec(sqlDropWork, first.pos, c.claim.Items[c.done[i+n-1]].pos)
		if err != nil {
			return err
		}
		if gone != int64(n) {
			l.lose(c)
		}
		i += n
	}
	return nil
}

func (l *laneWriter) putOff(w Work, p laneOp) error {
	_, err := l.exec(sqlPutOff, w.pos, p.due, w.rev, p.attempt)
	return err
}

// add appends items and merges the merging one.
func (l *laneWriter) add() error {
	var plain []*Work
	var merge *laneOp
	for i := range l.adds {
		if op := &l.adds[i]; op.merge {
			merge = op
		} else {
			plain = append(plain, op.add)
		}
	}
	if len(plain) > 0 {
		err := l.numbers(func(ver, due int64) error {
			l.out.note(l.lane.Kind, due)
			for i, w := range plain {
				pos := ver - int64(len(plain)-1-i)
				if err := l.insert(sqlAddWork, w, pos, pos, us(w.Due)); err != nil {
					return err
				}
			}
			return nil
		}, sqlAddToLane, len(plain), us(plain[0].Due), l.now)
		if err != nil {
			return err
		}
	}
	if merge == nil {
		return nil
	}
	return l.numbers(func(ver, due int64) error {
		l.out.note(l.lane.Kind, due)
		return l.insert(sqlMergeWork, merge.add, 0, ver, due)
	}, sqlMergeInLane, us(merge.add.Due), l.now, merge.within.Microseconds())
}

func (l *laneWriter) insert(query string, w *Work, pos, rev, due int64) error {
	return l.s.later(l.ctx, nil, query, l.args([]any{pos, int64(w.ID), rev, int64(w.Key), int64(w.Conversation), int64(w.Message),
		int64(w.Object), w.Seq, w.Attempt, due, us(w.At)})...)
}

// free gives the lane back: gone when nothing is left, else due when its head
// is.
func (l *laneWriter) free(fault string) error {
	due, err := l.number(sqlHeadDue)
	if errors.Is(err, sql.ErrNoRows) {
		_, err := l.exec(sqlDropLane)
		return err
	}
	if err != nil {
		return err
	}
	if fault != "" {
		due = never
	}
	l.out.note(l.lane.Kind, due)
	_, err = l.exec(sqlFreeLane, due, l.now, fault)
	return err
}

func (l *laneWriter) args(more []any) []any {
	return append([]any{int64(l.lane.Workspace), l.lane.Kind, int64(l.lane.Key)}, more...)
}

func (l *laneWriter) exec(query string, more ...any) (int64, error) {
	return l.s.exec(l.ctx, query, l.args(more)...)
}

func (l *laneWriter) number(query string, more ...any) (n int64, err error) {
	rows, err := l.s.query(l.ctx, query, l.args(more)...)
	err = one{l.s, rows, err}.Scan(&n)
	return n, err
}

// numbers asks for the lane's version and due time, which then may come with
// the answers of other lanes.
func (l *laneWriter) numbers(then func(ver, due int64) error, query string, more ...any) error {
	return l.s.ask(l.ctx, func(row scanner) error {
		var ver, due int64
		if err := row.Scan(&ver, &due); err != nil {
			return err
		}
		return then(ver, due)
	}, query, l.args(more)...)
}

// landed notes in the claims what a commit finished and lets go of lanes that
// it gave back.
func (db *DB) landed(s settled) {
	for _, t := range s.touch {
		c := t.claim
		c.mu.Lock()
		for _, i := range t.done {
			if !c.done[i] {
				c.done[i] = true
				c.left--
			}
		}
		c.ended = c.ended || t.end
		ended := c.ended
		c.mu.Unlock()
		if ended {
			db.leases.drop(c)
		}
	}
}

// wakes turns the kinds' due times into what watchers are told.
func (s settled) wakes() map[string]time.Time {
	all := make(map[string]time.Time, len(s.wake))
	for kind, due := range s.wake {
		all[kind] = at(due)
	}
	return all
}
