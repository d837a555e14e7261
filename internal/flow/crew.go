package flow

import (
	"context"
	"runtime"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
)

// crew does the work of one kind of lane.
type crew struct {
	f    *Flow
	h    Handler
	kind string
	bell chan struct{}
	gone chan bool // a worker ended; true when its lane may be claimed again at once

	mu   sync.Mutex
	soon time.Time // earliest due time told since the last look
	told bool
	jobs map[*running]struct{}

	armed time.Time // of run alone: what the alarm is set for
}

// running is a job with the means to stop it.
type running struct {
	job    *Job
	cancel context.CancelFunc
	ctx    context.Context
	missed int // renewals in a row
	left   sync.Once
}

func newCrew(f *Flow, h Handler, kind string) *crew {
	h.Batch = max(h.Batch, 1)
	if h.Workers <= 0 {
		h.Workers = 2 * runtime.GOMAXPROCS(0)
	}
	h.Timeout = orElse(h.Timeout, 5*time.Minute)
	return &crew{f: f, h: h, kind: kind, bell: make(chan struct{}, 1), gone: make(chan bool, h.Workers), jobs: map[*running]struct{}{}}
}

// knock tells the crew that a lane of its kind falls due.
func (c *crew) knock(due time.Time) {
	c.mu.Lock()
	if !c.told || due.Before(c.soon) {
		c.soon, c.told = due, true
	}
	c.mu.Unlock()
	select {
	case c.bell <- struct{}{}:
	default:
	}
}

// run claims and starts jobs until ctx ends, then waits for them.
func (c *crew) run(ctx context.Context) {
	poll := c.f.clk.NewTicker(c.f.cfg.Poll)
	renew := c.f.clk.NewTicker(max(c.f.cfg.Lease/renewals, 1))
	alarm := c.f.clk.NewTimer(c.f.cfg.Poll)
	defer poll.Stop()
	defer renew.Stop()
	defer alarm.Stop()
	busy, look := 0, true
	for {
		if look && busy < c.h.Workers && ctx.Err() == nil {
			claims, next := c.claim(ctx, c.h.Workers-busy)
			busy += len(claims)
			look = busy == c.h.Workers // there may be more: look when one is done
			c.arm(alarm, next)
		}
		select {
		case <-ctx.Done():
			c.drain(ctx, busy, renew)
			return
		case <-c.bell:
			look = c.heard(alarm) || look
		case <-alarm.C():
			c.armed, look = time.Time{}, true
		case <-poll.C():
			look = true
		case <-renew.C():
			c.renew(ctx)
		case again := <-c.gone:
			busy--
			look = look || again
		}
	}
}

// arm sets the alarm for the next due time; zero clears it.
func (c *crew) arm(alarm clock.Timer, next time.Time) {
	c.armed = next
	alarm.Stop()
	if !next.IsZero() {
		alarm.Reset(max(next.Sub(c.f.clk.Now()), 0))
	}
}

// heard reports whether a lane is due now; one that is due later sets the alarm.
func (c *crew) heard(alarm clock.Timer) bool {
	c.mu.Lock()
	due, told := c.soon, c.told
	c.told = false
	c.mu.Unlock()
	if !told || !due.After(c.f.clk.Now()) {
		return told
	}
	if c.armed.IsZero() || due.Before(c.armed) {
		c.arm(alarm, due)
	}
	return false
}

func (c *crew) claim(ctx context.Context, lanes int) ([]*store.Claim, time.Time) {
	claims, next, err := c.f.db.ClaimLanes(ctx, store.ClaimAsk{Kind: c.kind, Lanes: lanes, Items: c.h.Batch, Lease: c.f.cfg.Lease})
	if err != nil {
		if ctx.Err() == nil {
			c.f.log.Error("cannot claim work", "kind", c.kind, "error", shown(err))
		}
		return nil, time.Time{}
	}
	for _, claim := range claims {
		c.start(ctx, claim)
	}
	return claims, next
}

func (c *crew) start(ctx context.Context, claim *store.Claim) {
	jobCtx, cancel := clock.WithTimeout(context.WithoutCancel(ctx), c.f.clk, c.h.Timeout)
	r := &running{job: &Job{Items: claim.Items, claim: claim}, cancel: cancel, ctx: jobCtx}
	c.mu.Lock()
	c.jobs[r] = struct{}{}
	c.mu.Unlock()
	go func() {
		again := c.do(ctx, r)
		cancel()
		c.leave(r, again)
	}()
}

// leave frees the worker's place, once.
func (c *crew) leave(r *running, again bool) {
	r.left.Do(func() {
		c.mu.Lock()
		delete(c.jobs, r)
		c.mu.Unlock()
		c.gone <- again
	})
}

// do runs a job and writes down what became of it. It reports whether the lane
// may be claimed again at once.
func (c *crew) do(ctx context.Context, r *running) (again bool) {
	claim := r.job.claim
	if len(claim.Items) == 0 { // its work was deleted: the lane goes
		c.giveBack(ctx, claim)
		return false
	}
	work, ended := c.f.cfg.Begun(r.ctx, c.kind, claim.Lane.Workspace, len(claim.Items))
	err := r.job.run(work, c.h)
	ended(err)
	if claim.Ended() {
		if err != nil {
			c.f.log.Warn("work failed after its result was stored", "kind", c.kind, "error", shown(err))
		}
		return false
	}
	if isLost(err) || ctx.Err() != nil && r.ctx.Err() != nil {
		c.giveBack(ctx, claim)
		return true
	}
	return c.failed(ctx, claim, r.job.failures(err))
}

// giveBack returns a lane with what it still holds.
func (c *crew) giveBack(ctx context.Context, claim *store.Claim) {
	err := c.write(ctx, claim, func(tx *store.Tx) error {
		tx.EndClaim(claim)
		return nil
	})
	if err != nil {
		c.f.db.LetGo(claim)
	}
}

func (c *crew) write(ctx context.Context, claim *store.Claim, fn func(*store.Tx) error) error {
	return c.f.db.In(claim.Lane.Workspace).Write(context.WithoutCancel(ctx), fn)
}

// failed counts failures. When even that cannot be written, the lane rests a
// moment in this worker's hands instead of being claimed again and again.
func (c *crew) failed(ctx context.Context, claim *store.Claim, all []failure) (again bool) {
	err := c.write(ctx, claim, func(tx *store.Tx) error { return c.count(tx, claim, all) })
	if err == nil {
		return true
	}
	if !isLost(err) {
		c.f.log.Error("cannot note a failure", "kind", c.kind, "error", shown(err))
		select {
		case <-c.f.clk.After(c.f.cfg.Poll):
		case <-ctx.Done():
		}
	}
	c.f.db.LetGo(claim)
	return true
}

func (c *crew) count(tx *store.Tx, claim *store.Claim, all []failure) error {
	for i, fail := range all {
		n := fail.item.Attempt + 1
		c.f.log.Warn("work failed", "workspace", fail.item.Workspace, "kind", c.kind, "item", fail.item.ID, "attempt", n,
			"error", shown(fail.err))
		due := tx.Now().Add(wait(n))
		if c.h.Retry == Aside && c.kind == c.h.Kind {
			if err := tx.SetAside(claim, fail.item, due); err != nil {
				return err
			}
			continue
		}
		if i > 0 { // behind one that holds the lane
			break
		}
		if err := c.hold(tx, claim, fail, due); err != nil {
			return err
		}
	}
	if c.h.Retry == Aside && c.kind == c.h.Kind {
		tx.EndClaim(claim)
	}
	return nil
}

// hold lets an item wait at the head of its lane, or pauses the lane when the
// item is dead.
func (c *crew) hold(tx *store.Tx, claim *store.Claim, fail failure, due time.Time) error {
	fault := ""
	if fail.item.Attempt+1 >= MaxAttempts {
		fault = word(fail.err)
		c.f.log.Error("work is dead and its lane pauses", "workspace", fail.item.Workspace, "kind", c.kind,
			"lane", claim.Lane.Key, "item", fail.item.ID, "fault", fault)
		if fail.item.Conversation != 0 {
			tx.Emit(desk.Event{Kind: desk.ConversationChanged, Conversation: fail.item.Conversation})
		}
	}
	return tx.RetryWork(claim, fail.item, due, fault)
}

// renew makes the running jobs' claims last. A job whose time is over, or whose
// claim could not be renewed for a whole lease, loses its lane; what it still
// commits is undone.
func (c *crew) renew(ctx context.Context) {
	c.mu.Lock()
	jobs := make([]*running, 0, len(c.jobs))
	for r := range c.jobs {
		jobs = append(jobs, r)
	}
	c.mu.Unlock()
	for _, r := range jobs {
		held, err := true, r.ctx.Err()
		if err == nil {
			held, err = c.f.db.RenewClaim(context.WithoutCancel(ctx), r.job.claim, c.f.cfg.Lease)
		}
		if err == nil && (held || r.job.claim.Ended()) {
			r.missed = 0
			continue
		}
		if r.missed++; err == nil || r.missed >= renewals {
			c.f.log.Error("work lost its lane", "kind", c.kind, "lane", r.job.claim.Lane.Key)
			r.cancel()
			c.f.db.LetGo(r.job.claim)
			c.leave(r, true)
		}
	}
}

// renewals is how often a claim is renewed in the time of a lease.
const renewals = 3

// drain waits for the running jobs, first patiently, then with their ctx ended,
// then not at all.
func (c *crew) drain(ctx context.Context, busy int, renew clock.Ticker) {
	patience := c.f.clk.NewTimer(c.f.cfg.Drain)
	defer patience.Stop()
	for asked := false; busy > 0; {
		select {
		case <-c.gone:
			busy--
		case <-renew.C():
			c.renew(ctx)
		case <-patience.C():
			c.mu.Lock()
			for r := range c.jobs {
				r.cancel()
			}
			left := len(c.jobs)
			c.mu.Unlock()
			if asked {
				c.f.log.Error("jobs did not stop", "kind", c.kind, "jobs", left)
				return
			}
			asked = true
			patience.Reset(c.f.cfg.Drain)
		}
	}
}
