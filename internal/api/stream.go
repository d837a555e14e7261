package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/live"
)

const (
	recheck    = 4 * time.Second  // a revoked session's stream ends within five
	heartbeats = 5                // rechecks between two signs of life
	stuckWrite = 15 * time.Second // a reader that takes nothing is cut off
)

// stream is one open event stream.
type stream struct {
	a     *API
	c     *call
	w     http.ResponseWriter
	flush *http.ResponseController
	from  *live.Stream
}

// run writes until the reader leaves, the sign-in ends, or the server stops.
func (s *stream) run(ctx context.Context, last int64, lost bool) {
	defer s.from.Close()
	tick := s.a.Clock.NewTicker(recheck)
	defer tick.Stop()
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")          // a proxy must not hold frames back
	_ = s.flush.SetWriteDeadline(time.Time{}) // it lasts; write has a limit of its own
	if !s.hello(last, lost) {
		return
	}
	for ticks := 1; ; {
		select {
		case <-ctx.Done():
			return
		case <-s.from.Ready():
			if err := s.catchUp(ctx); err != nil {
				s.ended(ctx, err)
				return
			}
		case <-tick.C():
			if !s.still(ctx) {
				return
			}
			if ticks++; ticks%heartbeats == 0 && !s.write(": \n\n") {
				return
			}
		}
	}
}

// ended says why a stream broke off, when that is our own fault.
func (s *stream) ended(ctx context.Context, err error) {
	if ctx.Err() == nil && !errors.Is(err, errGone) && !errors.Is(err, live.ErrClosed) && !errors.Is(err, live.ErrTooOld) {
		s.a.Log.ErrorContext(ctx, "event stream ended", "request", requestID(ctx), "error", err)
	}
}

func (s *stream) hello(last int64, lost bool) bool {
	text := fmt.Sprintf("event: hello\ndata: {\"no\":%d}\n\n", last)
	if lost {
		text = "event: reset\ndata: {}\n\n" + text
	}
	return s.write(text)
}

// still asks again who this is: a revoked session, a switched-off member and a
// dropped key end the stream, as a suspension does; a new role holds for what
// comes next.
func (s *stream) still(ctx context.Context) bool {
	who, err := s.c.again(ctx, s.a)
	if err != nil || owing(desk.StepIn, who.Step) != nil || who.Workspace.Shut() {
		return false
	}
	s.c.Who = who
	return true
}

var errGone error = desk.Fail(desk.Unavailable, "reader_gone", "the reader left")

// catchUp writes everything there is.
func (s *stream) catchUp(ctx context.Context) error {
	for {
		events, some, err := s.from.Take(ctx)
		if errors.Is(err, live.ErrTooOld) {
			s.write("event: reset\ndata: {}\n\n")
		}
		if err != nil || !some {
			return err
		}
		shown, err := s.a.show(ctx, s.c, events)
		if err != nil {
			return err
		}
		for _, ev := range shown {
			if err := s.event(ctx, ev); err != nil {
				return err
			}
		}
		for _, f := range s.from.Frames() {
			if !s.typing(f) {
				return errGone
			}
		}
	}
}

func (s *stream) event(ctx context.Context, ev Event) error {
	if ev.Kind == string(desk.MemberChanged) && ev.ObjectID == s.c.Actor.ID && !s.still(ctx) {
		return errGone
	}
	data, err := json.Marshal(ev)
	if err != nil {
		return err
	}
	if !s.write(fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", ev.No, ev.Kind, data)) {
		return errGone
	}
	return nil
}

func (s *stream) typing(f live.Frame) bool {
	t, ok := ReadTyping(f)
	if !ok || !s.c.may(desk.ReadConversations) || t.Who.ID == s.c.Actor.ID {
		return true
	}
	data, err := json.Marshal(Typing{t.Conversation, Author{string(t.Who.Kind), t.Who.ID, t.Who.Name}, t.On})
	return err == nil && s.write(fmt.Sprintf("event: typing\ndata: %s\n\n", data))
}

// write sends text at once. A reader that does not take it is cut off: a
// deadline in the past ends a write that hangs.
func (s *stream) write(text string) bool {
	stuck := s.a.Clock.AfterFunc(stuckWrite, func() { _ = s.flush.SetWriteDeadline(past()) })
	defer stuck.Stop()
	if _, err := s.w.Write([]byte(text)); err != nil {
		return false
	}
	return s.flush.Flush() == nil
}
