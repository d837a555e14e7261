package pace

import (
	"context"
	"errors"
	"time"

	"parley/internal/kit/clock"
)

// ErrMore says that a turn is over before its work is: it is to be called again.
var ErrMore = errors.New("the turn is over and there is more to do")

// Steps is how long work goes on beside people who must not notice. The zero
// Steps neither rests nor ends before the work does.
type Steps struct {
	Clock clock.Clock
	Rest  time.Duration // between two steps; none under a clock that stands still
	Until time.Time     // when the turn of this work is over
}

// Do carries out step until it reports that nothing is left. It answers ErrMore
// when the turn is over, after at least one step, and the error of ctx when that
// ends while it rests.
func (s Steps) Do(ctx context.Context, step func() (more bool, err error)) error {
	for {
		var began time.Time
		if s.Rest > 0 {
			began = s.Clock.Now()
		}
		more, err := step()
		if err != nil || !more {
			return err
		}
		if s.Rest <= 0 || s.Clock.Since(began) <= 0 {
			continue
		}
		if s.Clock.Since(s.Until) >= 0 {
			return ErrMore
		}
		select {
		case <-s.Clock.After(s.Rest):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
