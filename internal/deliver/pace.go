package deliver

import (
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
)

const (
	maxBuckets = 20_000
	// forgetTurn is how long after its turn a message that did not come for it
	// keeps it.
	forgetTurn = time.Minute
	// recount is how often the processes of the install are counted.
	recount = time.Minute
	// maxRest is longer than any rest: one that ends later was set by a clock
	// that was put back since.
	maxRest = 2 * time.Hour
	// slack is what a clock may go back without meaning it.
	slack = 2 * time.Second
)

// pacer gives messages their turn, so that what leaves through an account, and
// what goes to one person, keeps the provider's pace. Nobody waits inside: a
// message learns when its turn is and comes back then.
//
// It is this process's alone. Where an install has several processes, each takes
// its share of the pace, so that together they keep it.
type pacer struct {
	clk     clock.Clock
	mu      sync.Mutex
	full    map[string]time.Time // bucket → when it would be full again
	turns   map[desk.ID]time.Time
	share   int // processes of the install
	counted time.Time
	seen    time.Time // the last time that was read
}

func newPacer(clk clock.Clock) *pacer {
	return &pacer{clk: clk, full: map[string]time.Time{}, turns: map[desk.ID]time.Time{}, share: 1}
}

// stale reports whether it is time to count the processes again, to one asker.
func (p *pacer) stale() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clk.Now()
	if age := now.Sub(p.counted); !p.counted.IsZero() && age >= 0 && age < recount {
		return false
	}
	p.counted = now
	return true
}

// shared says how many processes share the paces.
func (p *pacer) shared(by int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.share = max(by, 1)
}

// ask is one message that wants to leave.
type ask struct {
	message, account, conversation desk.ID
	pace                           desk.Pace
	rest                           time.Time // nothing of the account leaves before
	heavy                          bool      // it carries sound or film
}

type load struct {
	key  string
	rate desk.Rate
}

// beside are the paces that a message keeps beside its account's.
func (a ask) beside() []load {
	all := []load{{personKey(a), a.pace.Person}}
	if a.heavy {
		all = append(all, load{"heavy " + a.account.String(), a.pace.Heavy})
	}
	return all
}

// turn is when a message may leave: zero, and then it counts as left, or the
// time to come back. The account's turns are handed out one after the other, so
// that a thousand messages that wait do not all come back at once. A turn that a
// rest overtook is given anew.
func (p *pacer) turn(a ask) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clk.Now()
	p.tidy(now)
	if a.rest.Sub(now) > maxRest {
		a.rest = time.Time{}
	}
	for _, l := range a.beside() {
		if at := p.free(l.key, l.rate); at.After(now) {
			return at
		}
	}
	mine, waited := p.turns[a.message]
	switch {
	case waited && mine.After(now) && !mine.Before(a.rest):
		return mine
	case waited && !a.rest.After(now) && now.Sub(mine) < forgetTurn:
		delete(p.turns, a.message) // the account's part was taken when the turn was given
	default:
		delete(p.turns, a.message)
		at := p.free(accountKey(a), a.pace.Account)
		if a.rest.After(now) && a.rest.After(at) {
			at = a.rest
			p.drained(accountKey(a), a.pace.Account, at)
		}
		p.take(accountKey(a), a.pace.Account)
		if at.After(now) {
			p.turns[a.message] = at
			return at
		}
	}
	p.takeAll(a.beside())
	return time.Time{}
}

// more is turn for a further call of a message that is leaving.
func (p *pacer) more(a ask) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clk.Now()
	all := append(a.beside(), load{accountKey(a), a.pace.Account})
	for _, l := range all {
		if at := p.free(l.key, l.rate); at.After(now) {
			return at
		}
	}
	p.takeAll(all)
	return time.Time{}
}

func (p *pacer) takeAll(all []load) {
	for _, l := range all {
		p.take(l.key, l.rate)
	}
}

func accountKey(a ask) string { return "account " + a.account.String() }
func personKey(a ask) string  { return "person " + a.conversation.String() }

// every is how far apart calls of a rate are on average, and early how much
// earlier than that a burst may come. A little is left to spare, because the
// provider counts by the time that calls reach it.
func (p *pacer) every(r desk.Rate) (every, early time.Duration) {
	every = r.Per * time.Duration(p.share) / time.Duration(r.N)
	every += every / 64
	return every, every * time.Duration(max(r.Burst/p.share, 1)-1)
}

// free is when a bucket has room again; zero without a limit.
func (p *pacer) free(key string, r desk.Rate) time.Time {
	if r.N <= 0 {
		return time.Time{}
	}
	_, early := p.every(r)
	return p.full[key].Add(-early)
}

func (p *pacer) take(key string, r desk.Rate) {
	if r.N <= 0 {
		return
	}
	every, _ := p.every(r)
	from := p.full[key]
	if now := p.clk.Now(); from.Before(now) {
		from = now
	}
	p.full[key] = from.Add(every)
}

// drained empties a bucket until at: after a rest messages leave evenly, not in
// a burst that would bring the next one.
func (p *pacer) drained(key string, r desk.Rate, at time.Time) {
	if r.N <= 0 {
		return
	}
	if _, early := p.every(r); p.full[key].Before(at.Add(early)) {
		p.full[key] = at.Add(early)
	}
}

// tidy bounds what is remembered; a bucket that is full again is like none. A
// clock that was put back makes all of it void.
func (p *pacer) tidy(now time.Time) {
	if now.Before(p.seen.Add(-slack)) {
		clear(p.full)
		clear(p.turns)
	}
	p.seen = now
	if len(p.full) > maxBuckets {
		for key, full := range p.full {
			if !full.After(now) {
				delete(p.full, key)
			}
		}
	}
	if len(p.turns) > maxBuckets {
		for m, at := range p.turns {
			if now.Sub(at) > forgetTurn {
				delete(p.turns, m)
			}
		}
	}
}

// jitter lengthens a wait by up to a fifth, so that what failed together does
// not come back together.
func jitter(d time.Duration) time.Duration {
	const steps = 256
	return d + d*time.Duration(secret.Random(1)[0])/(5*steps)
}
