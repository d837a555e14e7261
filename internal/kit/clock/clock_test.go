package clock_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/kit/clock"
)

var start = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

func TestAdvanceFiresTimersInOrderOfDueTime(t *testing.T) {
	t.Parallel()
	f := clock.NewFake(start)
	late, early := f.NewTimer(2*time.Minute), f.NewTimer(time.Minute)
	f.Advance(90 * time.Second)
	if got := <-early.C(); !got.Equal(start.Add(time.Minute)) {
		t.Fatalf("early fired at %v", got)
	}
	select {
	case <-late.C():
		t.Fatal("late fired early")
	default:
	}
	f.Advance(30 * time.Second)
	<-late.C()
	if !f.Now().Equal(start.Add(2 * time.Minute)) {
		t.Fatalf("clock shows %v", f.Now())
	}
}

func TestTimersOfTheSameInstantKeepTheirOrder(t *testing.T) {
	t.Parallel()
	f := clock.NewFake(start)
	var got []int
	var mu sync.Mutex
	done := make(chan struct{}, 3)
	for i := range 3 {
		f.AfterFunc(time.Duration(i+1), func() {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, i)
			done <- struct{}{}
		})
	}
	for range 3 {
		f.Advance(1)
		<-done
	}
	if !slices.Equal(got, []int{0, 1, 2}) {
		t.Fatalf("order %v", got)
	}
}

func TestJumpMovesTheWallButNoTimer(t *testing.T) {
	t.Parallel()
	f := clock.NewFake(start)
	timer := f.NewTimer(time.Minute)
	f.Jump(time.Hour)
	if f.Waiting() != 1 || !f.Now().Equal(start.Add(time.Hour)) {
		t.Fatal("a jump of the wall clock fired a timer")
	}
	f.Set(start)
	f.Advance(time.Minute)
	<-timer.C()
}

func TestStopAndResetLeaveNoStaleTick(t *testing.T) {
	t.Parallel()
	f := clock.NewFake(start)
	timer := f.NewTimer(time.Second)
	f.Advance(time.Second)
	if timer.Stop() {
		t.Fatal("Stop says the timer had not fired")
	}
	timer.Reset(time.Second)
	select {
	case <-timer.C():
		t.Fatal("stale tick after Reset")
	default:
	}
	if !timer.Stop() || f.Waiting() != 0 {
		t.Fatal("timer not stopped")
	}
}

func TestTickerKeepsItsPaceAndDropsWhatNobodyReads(t *testing.T) {
	t.Parallel()
	f := clock.NewFake(start)
	tick := f.NewTicker(time.Second)
	f.Advance(10 * time.Second)
	<-tick.C()
	select {
	case <-tick.C():
		t.Fatal("ticks piled up")
	default:
	}
	f.Advance(time.Second)
	<-tick.C()
	tick.Stop()
	if f.Waiting() != 0 {
		t.Fatal("ticker still set")
	}
}

func TestBlockUntilWaitsForTheCodeUnderTest(t *testing.T) {
	t.Parallel()
	f := clock.NewFake(start)
	fired := make(chan struct{})
	go func() {
		<-f.After(time.Hour)
		close(fired)
	}()
	if err := f.BlockUntil(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	f.Advance(time.Hour)
	<-fired

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.BlockUntil(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

func TestWithTimeoutEndsByTheGivenClock(t *testing.T) {
	t.Parallel()
	f := clock.NewFake(start)
	ctx, cancel := clock.WithTimeout(t.Context(), f, time.Minute)
	defer cancel()
	f.Advance(time.Minute)
	<-ctx.Done()
	if !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		t.Fatalf("cause %v", context.Cause(ctx))
	}
}

func TestRealOffsetMovesNowButNotTimers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := clock.Real{Offset: 48 * time.Hour}
		before := time.Now()
		if d := r.Now().Sub(before); d != 48*time.Hour {
			t.Fatalf("offset %v", d)
		}
		mark := r.Now()
		<-r.After(time.Second)
		if r.Since(mark) != time.Second {
			t.Fatalf("since %v", r.Since(mark))
		}
	})
}
