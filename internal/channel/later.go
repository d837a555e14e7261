package channel

import (
	"errors"
	"time"
)

// Later says how long a channel wants to be left alone; it is a cause inside a
// desk.Error that may be tried again.
type Later struct {
	After time.Duration
	Cause error
}

func (l *Later) Error() string {
	if l.Cause == nil {
		return "not before " + l.After.String()
	}
	return "not before " + l.After.String() + ": " + l.Cause.Error()
}

func (l *Later) Unwrap() error { return l.Cause }

// After is how long an error asks to wait, 0 when it does not say.
func After(err error) time.Duration {
	var l *Later
	if errors.As(err, &l) {
		return l.After
	}
	return 0
}
