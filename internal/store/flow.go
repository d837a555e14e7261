package store

import (
	"sync"
	"time"

	"parley/internal/desk"
)

// Lane names work that is done strictly in order. Workspace 0 is the instance.
type Lane struct {
	Workspace desk.ID
	Kind      string
	Key       desk.ID
}

// Work is one item of a lane: ids and numbers, never content.
type Work struct {
	ID, Workspace                 desk.ID
	Kind                          string
	Key                           desk.ID // lane key: account, conversation, …
	Conversation, Message, Object desk.ID
	Seq                           int64
	Attempt                       int       // failures so far
	Due                           time.Time // zero = at once
	At                            time.Time // when it was added; of a merging item, when the first was

	lane     Lane // differs from Kind and Key for an item set aside
	pos, rev int64
}

// Lane is where the item waits now.
func (w Work) Lane() Lane { return w.lane }

// asideMark ends the kind of lanes that hold one failing item each.
const asideMark = "~"

// Aside is the kind of lane that items of a kind are set aside in.
func Aside(kind string) string { return kind + asideMark }

// Claim is the right to do the first items of one lane.
type Claim struct {
	Lane  Lane
	Items []Work // in order; empty when the lane's items were deleted
	token int64  // unique for ever: a claim that ended can never match again
	ver   int64  // the lane's when it was claimed
	more  bool   // the lane holds more than Items

	mu    sync.Mutex
	done  []bool
	left  int
	ended bool
}

// Ended reports whether a committed transaction gave the lane back.
func (c *Claim) Ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}

// Unfinished lists the items that no committed transaction finished, in order.
func (c *Claim) Unfinished() []Work {
	c.mu.Lock()
	defer c.mu.Unlock()
	var rest []Work
	for i, w := range c.Items {
		if !c.done[i] {
			rest = append(rest, w)
		}
	}
	return rest
}

func (c *Claim) missing() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left
}

// laneOp is one wish of a closure about a lane. Wishes are carried out together
// after the last closure of a commit, lane by lane in one order for everybody,
// so that two writers never wait for each other crosswise.
type laneOp struct {
	lane   Lane
	add    *Work
	merge  bool
	within time.Duration
	claim  *Claim
	done   int // index into claim.Items + 1
	put    int // index into claim.Items + 1: this item is put off
	due    int64
	fault  string // pauses the lane
	end    bool   // gives the lane back
	wake   bool   // says only that the lane may be due

	attempt int
}

// AddWork puts an item at the end of its lane. Due, when set, holds the lane
// until then if the item is its head. The id is made here when it is 0.
func (t *Tx) AddWork(w Work) {
	t.work = append(t.work, laneOp{lane: Lane{t.ws, w.Kind, w.Key}, add: t.fresh(w)})
}

// MergeWork makes w the one waiting item of its lane: an item that waits already
// takes over w's ids, and its due time moves to w's, but never later than
// within after the first. One that runs now stays, and w runs after it.
func (t *Tx) MergeWork(w Work, within time.Duration) {
	t.work = append(t.work, laneOp{lane: Lane{t.ws, w.Kind, w.Key}, add: t.fresh(w), merge: true, within: within})
}

func (t *Tx) fresh(w Work) *Work {
	if w.ID == 0 {
		w.ID = t.NewID()
	}
	w.Workspace, w.At = t.ws, t.now
	return &w
}

// HoldWork makes the commit depend on the claim: when the lane has gone to
// another worker the whole closure is undone with desk.Conflict "lease_lost".
func (t *Tx) HoldWork(c *Claim) {
	t.work = append(t.work, laneOp{lane: c.Lane, claim: c})
}

// FinishWork removes items of a claim with the commit, under the same condition
// as HoldWork. The commit that removes the last one gives the lane back.
func (t *Tx) FinishWork(c *Claim, items ...Work) error {
	for _, w := range items {
		i, err := c.index(w)
		if err != nil {
			return err
		}
		t.work = append(t.work, laneOp{lane: c.Lane, claim: c, done: i + 1})
	}
	return nil
}

// RetryWork counts a failure of an item, lets it wait in its place until due
// and gives the lane back. A fault pauses the lane instead, until ResumeLane.
func (t *Tx) RetryWork(c *Claim, w Work, due time.Time, fault string) error {
	i, err := c.index(w)
	if err == nil {
		t.work = append(t.work, laneOp{lane: c.Lane, claim: c, put: i + 1, due: us(due), attempt: c.Items[i].Attempt + 1,
			fault: fault, end: true})
	}
	return err
}

// RepeatWork lets an item run again at due, as if it were new, and gives the
// lane back.
func (t *Tx) RepeatWork(c *Claim, w Work, due time.Time) error {
	i, err := c.index(w)
	if err == nil {
		t.work = append(t.work, laneOp{lane: c.Lane, claim: c, put: i + 1, due: us(due), end: true})
	}
	return err
}

// DeferWork lets an item wait in its place until due without counting a failure,
// and gives the lane back.
func (t *Tx) DeferWork(c *Claim, w Work, due time.Time) error {
	i, err := c.index(w)
	if err == nil {
		t.work = append(t.work, laneOp{lane: c.Lane, claim: c, put: i + 1, due: us(due), attempt: c.Items[i].Attempt, end: true})
	}
	return err
}

// SetAside counts a failure of an item and moves it to a lane of its own, so
// that it holds nobody up.
func (t *Tx) SetAside(c *Claim, w Work, due time.Time) error {
	i, err := c.index(w)
	if err != nil {
		return err
	}
	aside := c.Items[i]
	aside.Attempt, aside.Due = aside.Attempt+1, due
	t.work = append(t.work,
		laneOp{lane: c.Lane, claim: c, done: i + 1},
		laneOp{lane: Lane{t.ws, Aside(c.Lane.Kind), aside.ID}, add: &aside})
	return nil
}

// EndClaim gives the lane back with whatever it still holds.
func (t *Tx) EndClaim(c *Claim) {
	t.work = append(t.work, laneOp{lane: c.Lane, claim: c, end: true})
}

func (c *Claim) index(w Work) (int, error) {
	for i := range c.Items {
		if c.Items[i].ID == w.ID {
			return i, nil
		}
	}
	return 0, desk.Fail(desk.Internal, "foreign_item", "this item is not of this job")
}

// leaseLost is what a closure gets whose lane went to another worker.
func leaseLost() error {
	return desk.Fail(desk.Conflict, "lease_lost", "another worker has this lane now")
}
