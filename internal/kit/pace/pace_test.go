package pace_test

import (
	"strconv"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/pace"
)

var start = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

func TestBurstThenTheNamedWait(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(start)
	lim := pace.New(clk, pace.Rule{N: 6, Per: time.Minute, Burst: 3}, 10)
	for range 3 {
		if ok, _ := lim.Allow("a"); !ok {
			t.Fatal("refused within the burst")
		}
	}
	ok, wait := lim.Allow("a")
	if ok || wait < 9900*time.Millisecond || wait > 10*time.Second {
		t.Fatalf("ok %v, wait %v, want about 10 s", ok, wait)
	}
	if ok, _ := lim.Allow("b"); !ok {
		t.Fatal("one key's limit hit another")
	}
	clk.Advance(wait + time.Millisecond)
	if ok, _ := lim.Allow("a"); !ok {
		t.Fatal("refused after the wait it named")
	}
}

func TestMemoryStaysBoundedUnderManyKeys(t *testing.T) {
	t.Parallel()
	lim := pace.New(clock.NewFake(start), pace.Rule{N: 1, Per: time.Hour, Burst: 1}, 100)
	lim.Allow("victim")
	for i := range 99 {
		lim.Allow(strconv.Itoa(i))
	}
	if ok, _ := lim.Allow("victim"); ok {
		t.Fatal("forgot a key while there was room")
	}
	for i := range 10_000 {
		lim.Allow("x" + strconv.Itoa(i))
	}
	if ok, _ := lim.Allow("victim"); !ok {
		t.Fatal("remembers more keys than its size")
	}
}

func TestARuleOfNoEventsLetsTheBurstPassAndThenNothing(t *testing.T) {
	t.Parallel()
	lim := pace.New(clock.NewFake(start), pace.Rule{N: 0, Per: time.Hour, Burst: 1}, 10)
	lim.Allow("a")
	if ok, wait := lim.Allow("a"); ok || wait != time.Hour {
		t.Fatal(ok, wait)
	}
}
