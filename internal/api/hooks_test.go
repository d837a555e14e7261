package api

import (
	"context"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/intake"
	"parley/internal/kit/clock"
)

// stuck is a door whose disk does not answer until it may.
type stuck struct{ reached, may chan struct{} }

func (s stuck) Accept(context.Context, string, channel.Raw) (intake.Accepted, error) {
	close(s.reached)
	<-s.may
	return intake.Accepted{}, nil
}

// covers issue 3 "never later than Meta's limit".
func TestADeliveryIsAnsweredInTimeAlsoWhenTheDiskIsNot(t *testing.T) {
	t.Parallel()
	door := stuck{make(chan struct{}), make(chan struct{})}
	fake := clock.NewFake(time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC))
	a := &API{Deps: Deps{Doors: door, Clock: fake}}
	answered := make(chan error, 1)
	go func() {
		_, err := a.acceptInTime(t.Context(), "/hooks/meta", channel.Raw{})
		answered <- err
	}()
	<-door.reached
	fake.Advance(5 * time.Second)
	if err := <-answered; desk.CodeOf(err) != desk.Unavailable {
		t.Errorf("answered %v, want to be asked again", err)
	}
	close(door.may)
}
