package llm

import (
	"context"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
)

// Figures of a circuit.
const (
	maxFailures = 5 // in a row, until it opens
	firstRest   = 30 * time.Second
	moneyRest   = 10 * time.Minute // after Quota
	keyRest     = time.Minute      // after BadKey
	maxRest     = 10 * time.Minute
)

// Circuits holds one Circuit for each vendor, address and key.
type Circuits struct {
	clk clock.Clock
	mu  sync.Mutex
	all map[string]*Circuit
}

// NewCircuits makes an empty set.
func NewCircuits(clk clock.Clock) *Circuits {
	return &Circuits{clk: clk, all: map[string]*Circuit{}}
}

// For gives the circuit of a vendor, an address and a key, of which it keeps a
// hash.
func (c *Circuits) For(vendor, url string, key secret.Text) *Circuit {
	name := hex.EncodeToString(secret.Hash(vendor + "\x00" + url + "\x00" + key.Reveal()))
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.all[name]
	if at == nil {
		c.sweep()
		at = NewCircuit(c.clk)
		c.all[name] = at
	}
	return at
}

// sweep forgets circuits in order once there are many. The lock is held.
func (c *Circuits) sweep() {
	if len(c.all) < 1000 {
		return
	}
	for name, at := range c.all {
		if at.idle() {
			delete(c.all, name)
		}
	}
}

// Circuit leaves a vendor alone that fails: at once where the account has no
// money or the key is wrong, after a few failures in a row otherwise. After a
// rest it lets one call through; when that succeeds, all.
type Circuit struct {
	clk clock.Clock

	mu       sync.Mutex
	failures int
	until    time.Time // open before
	rest     time.Duration
	last     *Error
	probing  bool
}

// NewCircuit makes a closed circuit.
func NewCircuit(clk clock.Clock) *Circuit { return &Circuit{clk: clk} }

// State is how a circuit stands, for a page.
type State struct {
	Resting bool
	Until   time.Time // of the rest
	Last    *Error    // why, nil where all is well
}

// State tells how the circuit stands.
func (c *Circuit) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return State{Resting: c.last != nil && c.clk.Now().Before(c.until), Until: c.until, Last: c.last}
}

func (c *Circuit) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failures == 0 && c.last == nil && !c.probing
}

// enter asks to make a call. leave takes what became of it. One that is made
// anyway does not heed the rest, and its success ends it.
func (c *Circuit) enter(anyway bool) (leave func(*Error), resting *Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		return func(e *Error) { c.leave(e, false) }, nil
	}
	now := c.clk.Now()
	if !anyway && (now.Before(c.until) || c.probing) {
		e := *c.last
		e.Resting, e.RetryAfter, e.RequestID = true, max(c.until.Sub(now), time.Second), ""
		return nil, &e
	}
	c.probing = true
	return func(e *Error) { c.leave(e, true) }, nil
}

func (c *Circuit) leave(e *Error, probe bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if probe {
		c.probing = false
	}
	switch {
	case e != nil && errors.Is(e.Cause, context.Canceled):
		// The caller gave up: it says nothing about the vendor.
	case e == nil || !e.counts():
		if probe || c.last == nil {
			c.failures, c.last, c.rest = 0, nil, 0
		}
	case e.Kind == Quota:
		c.open(e, moneyRest)
	case e.Kind == BadKey:
		c.open(e, keyRest)
	default:
		c.failures++
		if probe || c.failures >= maxFailures {
			c.open(e, min(max(2*c.rest, firstRest), maxRest))
		}
	}
}

// open begins a rest, never a shorter one than the vendor named, within an hour.
// The lock is held.
func (c *Circuit) open(e *Error, rest time.Duration) {
	kept := *e
	c.rest, c.last = rest, &kept
	c.until = c.clk.Now().Add(max(rest, min(e.RetryAfter, time.Hour)))
}

// counts: the failure is the vendor's state, not this question's.
func (e *Error) counts() bool {
	switch e.Kind {
	case BadKey, Quota, Busy, Timeout, Network, Server:
		return true
	}
	return false
}
