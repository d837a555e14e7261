package member

import (
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/pace"
)

// Wait is the cause of a desk.TooMany that knows when to try again.
type Wait time.Duration

func (w Wait) Error() string { return "try again in " + time.Duration(w).Round(time.Second).String() }

// waitFor makes a desk.TooMany that says when.
func waitFor(reason, text string, d time.Duration) error {
	return &desk.Error{Code: desk.TooMany, Reason: reason, Text: text, Retry: true, Cause: Wait(d)}
}

const (
	hashPause  = 2 * time.Second
	limitSlots = 50_000
)

// guards limit guessing. One address at one account gets few tries; one account
// gets more, from everywhere together (at most 100 in an hour), so that locking
// somebody out takes many addresses; one address may serve a whole office.
type guards struct {
	pair, account, address *pace.Limiter
	asked, asker, looks    *pace.Limiter // for a new password, and behind links
	codes                  *pace.Limiter // wrong codes of one member
}

func newGuards(clk clock.Clock) guards {
	return guards{
		pair:    pace.New(clk, pace.Rule{N: 20, Per: time.Hour, Burst: 10}, limitSlots),
		account: pace.New(clk, pace.Rule{N: 70, Per: time.Hour, Burst: 30}, limitSlots),
		address: pace.New(clk, pace.Rule{N: 240, Per: time.Hour, Burst: 60}, limitSlots),
		asked:   pace.New(clk, pace.Rule{N: 4, Per: time.Hour, Burst: 3}, limitSlots),
		asker:   pace.New(clk, pace.Rule{N: 30, Per: time.Hour, Burst: 15}, limitSlots),
		codes:   pace.New(clk, pace.Rule{N: 5, Per: time.Hour, Burst: 5}, limitSlots),
		looks:   pace.New(clk, pace.Rule{N: 120, Per: time.Hour, Burst: 60}, limitSlots),
	}
}

// allow takes one try. Keys are hashes of what was typed, known or not, so that
// the limit says nothing about who has an account.
func (g guards) allow(account, address string) error {
	for _, l := range []struct {
		lim *pace.Limiter
		key string
	}{{g.address, address}, {g.pair, account + "\x00" + address}, {g.account, account}} {
		if ok, wait := l.lim.Allow(l.key); !ok {
			return waitFor("too_many_tries", "too many tries to sign in", wait)
		}
	}
	return nil
}

// ask takes one ask for a new password: few for one mailbox, which is not to be
// flooded, and not many from one address.
func (g guards) ask(account, address string) error {
	for _, l := range []struct {
		lim *pace.Limiter
		key string
	}{{g.asker, address}, {g.asked, account}} {
		if ok, wait := l.lim.Allow(l.key); !ok {
			return waitFor("too_many_asks", "too many mails were asked for; look into your mailbox first", wait)
		}
	}
	return nil
}

// look takes one try of a link.
func (g guards) look(address string) error {
	if ok, wait := g.looks.Allow(address); !ok {
		return waitFor("too_many_tries", "too many links were tried", wait)
	}
	return nil
}

// code takes one try of a code: at most ten wrong ones of a member are looked at
// in any hour. A right one is given back, so that nobody waits for having signed
// in often.
func (g guards) code(member desk.ID) (refund func(), err error) {
	key := member.String()
	if ok, wait := g.codes.Allow(key); !ok {
		return nil, waitFor("too_many_tries", "too many wrong codes; a passkey still opens", wait)
	}
	return func() { g.codes.Back(key) }, nil
}
