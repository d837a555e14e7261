package deliver

import (
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
)

var began = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestTurnsOfAnAccountKeepItsPaceAndAreHandedOutOnce(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(began)
	p := newPacer(clk)
	one := func(m desk.ID) ask {
		return ask{message: m, account: 1, conversation: m, pace: desk.Pace{Account: desk.Rate{N: 1, Per: time.Second, Burst: 3}}}
	}
	for m := desk.ID(1); m <= 3; m++ {
		if at := p.turn(one(m)); !at.IsZero() {
			t.Fatalf("message %d of the burst waits until %v", m, at)
		}
	}
	last := began
	for m := desk.ID(4); m <= 1003; m++ { // each gets a turn of its own: nobody comes back for nothing
		at := p.turn(one(m))
		if at.Sub(last) < time.Second {
			t.Fatalf("message %d has its turn %v after the one before", m, at.Sub(last))
		}
		if again := p.turn(one(m)); !again.Equal(at) {
			t.Fatalf("asked again, message %d has its turn at %v instead of %v", m, again, at)
		}
		last = at
	}
	other := one(2000)
	other.account = 2
	if at := p.turn(other); !at.IsZero() {
		t.Error("one account's pace holds up another")
	}
	clk.Advance(2 * time.Second)
	if at := p.turn(one(4)); !at.IsZero() {
		t.Error("refused at its turn")
	}
}

func TestARestOvertakesTurnsAndEndsWithoutABurst(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(began)
	p := newPacer(clk)
	rest := began.Add(time.Minute)
	last := rest.Add(-time.Second)
	for m := desk.ID(1); m <= 10; m++ {
		at := p.turn(ask{message: m, account: 1, conversation: m, rest: rest, pace: desk.Pace{Account: desk.Rate{N: 1, Per: time.Second, Burst: 5}}})
		if at.Before(rest) || at.Sub(last) < time.Second {
			t.Fatalf("message %d after %v at %v", m, last, at)
		}
		last = at
	}
}

func TestProcessesSharePaces(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(began)
	all := []*pacer{newPacer(clk), newPacer(clk), newPacer(clk)}
	sent := 0
	for i := range 90 {
		for n, p := range all {
			p.shared(len(all))
			m := desk.ID(1000*i + n)
			if p.turn(ask{message: m, account: 1, conversation: m, pace: desk.Pace{Account: desk.Rate{N: 3, Per: time.Second, Burst: 30}}}).IsZero() {
				sent++
			}
		}
	}
	if sent != 30 {
		t.Errorf("three processes sent %d of a burst of 30", sent)
	}
}

func TestBackOffGrowsAndIsBounded(t *testing.T) {
	t.Parallel()
	last := time.Duration(0)
	for n := 1; n < 40; n++ {
		if backoff(n) < last || backoff(n) > lastWait {
			t.Errorf("the %d-th wait is %v after %v", n, backoff(n), last)
		}
		last = backoff(n)
		if j := jitter(last); j < last || j > last+last/5 {
			t.Errorf("%v becomes %v", last, j)
		}
	}
	if power(pairBase, 3) != 64*time.Second {
		t.Error(power(pairBase, 3))
	}
}

func TestSoundAndFilmKeepAPaceOfTheirOwn(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(began)
	p := newPacer(clk)
	sent := map[bool]int{}
	for m := desk.ID(1); m <= 40; m++ {
		films := m%2 == 0
		a := ask{message: m, account: 1, conversation: m, heavy: films,
			pace: desk.Pace{Account: desk.Rate{N: 300, Per: time.Second, Burst: 300}, Heavy: desk.Rate{N: 10, Per: time.Second, Burst: 10}}}
		if p.turn(a).IsZero() {
			sent[films]++
		}
	}
	if sent[true] != 10 || sent[false] != 20 {
		t.Errorf("%d films and %d others left at once", sent[true], sent[false])
	}
	again := ask{message: 99, account: 1, conversation: 1, pace: desk.Pace{Account: desk.Rate{N: 300, Per: time.Second, Burst: 300}}}
	if at := p.more(again); !at.IsZero() {
		t.Error("a further piece of text waits behind films")
	}
}

func TestAClockThatWasPutBackHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(began)
	p := newPacer(clk)
	one := func(m desk.ID) ask {
		return ask{message: m, account: 1, conversation: 1, rest: began.Add(time.Minute),
			pace: desk.Pace{Account: desk.Rate{N: 1, Per: time.Second, Burst: 1}, Person: desk.Rate{N: 1, Per: time.Minute, Burst: 1}}}
	}
	if p.turn(one(1)).IsZero() {
		t.Fatal("left in the account's rest")
	}
	clk.Advance(2 * time.Minute)
	if !p.turn(one(1)).IsZero() {
		t.Fatal("refused after the rest")
	}
	clk.Jump(-24 * time.Hour)
	if at := p.turn(one(2)); !at.IsZero() {
		t.Errorf("a day back, a message waits %v", at.Sub(clk.Now()))
	}
}
