package flow

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// RetryPolicy says what a failing item does to its lane.
type RetryPolicy int

const (
	// AtHead: the item stays at the head and holds the lane until it succeeds
	// or is dead, and then the lane pauses.
	AtHead RetryPolicy = iota
	// Aside: the item moves at once to a retry lane of its own and holds nobody
	// up; dead, it pauses nothing else.
	Aside
)

// Handler does one kind of work.
type Handler struct {
	Kind    string
	Batch   int           // items of one lane at a time; 0 = 1
	Workers int           // lanes at the same time; 0 = 2 × cores
	Timeout time.Duration // 0 = 5 min; then ctx ends, and a lease later the lane goes to somebody else
	Retry   RetryPolicy
	// Run does the items in order. Each has to be finished in the transaction
	// of its result (Job.Finish); an error, or an item left over, counts as a
	// failure of the first unfinished item.
	Run func(ctx context.Context, j *Job) error
}

// Every is work that comes again and again. One node of the install runs it;
// when it last ran is kept in a row, so that a restart neither skips nor
// repeats it. Run answers pace.ErrMore when it did its turn and is to be called
// again at once, after others that are due.
type Every struct {
	Name     string
	Interval time.Duration
	Run      func(ctx context.Context) error
}

// Job is one claim of one lane.
type Job struct {
	Items []Item // in order, at least one

	claim  *store.Claim
	mu     sync.Mutex
	failed map[desk.ID]error
}

// Finish removes items with the commit of tx, all of the job's when none is
// named. When the lane has gone to another worker meanwhile, the whole closure
// is undone and Write answers desk.Conflict "lease_lost".
func (j *Job) Finish(tx *store.Tx, items ...Item) error {
	if len(items) == 0 {
		items = j.Items
	}
	return tx.FinishWork(j.claim, items...)
}

// Check makes the commit of tx depend on this worker still holding the lane,
// for a step that must not be taken twice but finishes nothing yet.
func (j *Job) Check(tx *store.Tx) { tx.HoldWork(j.claim) }

// Later puts an item off until due with the commit of tx and gives the lane
// back: nobody waits for it, and what is behind it keeps its place. Again does
// the same and counts a failure, without a limit of its own. Run has to return
// nil after either.
func (j *Job) Later(tx *store.Tx, it Item, due time.Time) error {
	return tx.DeferWork(j.claim, it, due)
}

// Again see Later.
func (j *Job) Again(tx *store.Tx, it Item, due time.Time) error {
	return tx.RetryWork(j.claim, it, due, "")
}

// Fail counts a failure of one item and lets Run go on with the others. Under
// AtHead only the first unfinished item can fail.
func (j *Job) Fail(it Item, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed == nil {
		j.failed = map[desk.ID]error{}
	}
	j.failed[it.ID] = err
}

// run calls the handler; a panic is its error.
func (j *Job) run(ctx context.Context, h Handler) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &desk.Error{Code: desk.Internal, Reason: "panic", Text: "a handler stopped unexpectedly",
				Cause: fmt.Errorf("%T at %s", r, debug.Stack())}
		}
	}()
	return h.Run(ctx, j)
}

// failure is an item and why it failed.
type failure struct {
	item Item
	err  error
}

// failures tells which items failed. An error of Run itself, or an item it
// forgot, falls on the first item that neither finished nor failed.
func (j *Job) failures(err error) []failure {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []failure
	var forgotten *Item
	for _, it := range j.claim.Unfinished() {
		if why := j.failed[it.ID]; why != nil {
			all = append(all, failure{it, why})
		} else if forgotten == nil {
			forgotten = &it
		}
	}
	if err == nil && len(all) == 0 {
		err = desk.Fail(desk.Internal, "unfinished", "the handler returned without finishing or failing its item")
	}
	if forgotten != nil && err != nil {
		all = append(all, failure{*forgotten, err})
	}
	return all
}

const (
	firstWait = time.Second
	lastWait  = 10 * time.Minute
	// MaxAttempts is how often an item is tried before it is dead.
	MaxAttempts = 12
)

// wait is how long an item rests after its n-th failure.
func wait(n int) time.Duration {
	d := firstWait
	for range n - 1 {
		d = min(2*d, lastWait)
	}
	return d
}

// word names an error without its text, which may hold what nobody should
// read in a lane's row.
func word(err error) string {
	var e *desk.Error
	switch {
	case errors.As(err, &e) && e.Reason != "":
		return e.Reason
	case errors.As(err, &e):
		return string(e.Code)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "timeout"
	}
	return string(desk.Internal)
}

func isLost(err error) bool {
	var e *desk.Error
	return errors.As(err, &e) && e.Code == desk.Conflict && e.Reason == "lease_lost"
}
