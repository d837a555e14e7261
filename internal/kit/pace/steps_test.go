package pace_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/pace"
)

// counted is a step of d that has n of its kind to do.
func counted(f *clock.Fake, d time.Duration, n int, done *int) func() (bool, error) {
	return func() (bool, error) {
		f.Jump(d)
		*done++
		return *done < n, nil
	}
}

func TestStepsRestBetweenAndEndWithTheirTurn(t *testing.T) {
	t.Parallel()
	f := clock.NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	in := pace.Steps{Clock: f, Rest: time.Second, Until: f.Now().Add(3 * time.Second)}
	done := 0
	over := make(chan error, 1)
	go func() { over <- in.Do(t.Context(), counted(f, 10*time.Millisecond, 99, &done)) }()
	for range 3 {
		if err := f.BlockUntil(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		f.Advance(time.Second)
	}
	if err := <-over; !errors.Is(err, pace.ErrMore) || done != 4 {
		t.Fatalf("%d steps in a turn of three rests: %v", done, err)
	}
	// A turn that is over lets a step through: whoever comes last gets one.
	if err := in.Do(t.Context(), counted(f, time.Millisecond, 99, &done)); !errors.Is(err, pace.ErrMore) || done != 5 {
		t.Fatalf("%d steps: %v", done, err)
	}
	if err := in.Do(t.Context(), counted(f, time.Millisecond, 6, &done)); err != nil || done != 6 {
		t.Fatalf("the last step: %d, %v", done, err)
	}
}

func TestStepsWithoutARestGoThrough(t *testing.T) {
	t.Parallel()
	f := clock.NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	for name, in := range map[string]pace.Steps{
		"none":                      {},
		"a clock that stands still": {Clock: f, Rest: time.Hour, Until: f.Now().Add(time.Hour)},
	} {
		done := 0
		if err := in.Do(t.Context(), counted(f, 0, 99, &done)); err != nil || done != 99 {
			t.Errorf("%s: %d steps, %v", name, done, err)
		}
	}
	bad := errors.New("no")
	if err := (pace.Steps{}).Do(t.Context(), func() (bool, error) { return true, bad }); !errors.Is(err, bad) {
		t.Error(err)
	}
}

func TestStepsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	f := clock.NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	ctx, stop := context.WithCancel(t.Context())
	done := 0
	over := make(chan error, 1)
	go func() {
		over <- pace.Steps{Clock: f, Rest: time.Second, Until: f.Now().Add(time.Hour)}.Do(ctx, counted(f, time.Millisecond, 99, &done))
	}()
	if err := f.BlockUntil(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-over; !errors.Is(err, context.Canceled) || done != 1 {
		t.Fatalf("%d steps: %v", done, err)
	}
}
