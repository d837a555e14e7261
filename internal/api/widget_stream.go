package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"parley/internal/desk"
	"parley/internal/live"
	"parley/internal/store"
)

const (
	visitBeat = 20 * time.Second // keeps proxies from closing an idle stream
	longPoll  = 25 * time.Second // the most that ?wait= may ask for
)

// WidgetEvent is one frame of the visitor's stream. As server-sent events the
// kind is the event, the number the id.
type WidgetEvent struct {
	Event string `json:"event" enum:"message,conversation,gone,typing,shut,reset"`
	ID    string `json:"id,omitempty" doc:"Follow the stream from here"`
	Data  any    `json:"data"`
}

// WidgetEvents is the answer of a long poll.
type WidgetEvents struct {
	Items []WidgetEvent `json:"items" nullable:"false"`
	Next  string        `json:"next" doc:"Ask again with after= this; empty: as before"`
}

// visitStream is one open stream of a visitor.
type visitStream struct {
	a       *API
	w       widget
	visitor string
	from    *live.Stream
	leave   func() // once it is over
}

// end lets go of everything the stream holds.
func (s *visitStream) end() {
	s.from.Close()
	s.a.meters.visits.Dec()
	s.leave()
}

// widgetStream sends what happens in the visitor's conversation: as server-sent
// events, or with ?wait= as one JSON answer for browsers whose network cuts
// streams.
func (a *API) widgetStream(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	fail := func(err error) { a.fail(w, r, c, err) }
	wd, v, err := a.visiting(r.Context(), c, VisitIn{Key: r.PathValue("key"), Authorization: r.Header.Get("Authorization"),
		Origin: r.Header.Get("Origin"), FetchSite: r.Header.Get("Sec-Fetch-Site")})
	if err != nil {
		fail(err)
		return
	}
	after, wait, err := streamPlace(r)
	if err != nil {
		fail(err)
		return
	}
	s := &visitStream{a: a, w: wd, visitor: v.Visitor}
	if s.leave, err = a.enter(c, "visitor "+v.Visitor); err != nil {
		fail(err)
		return
	}
	lost, err := s.join(r.Context(), v, after)
	if err != nil {
		s.leave()
		fail(err)
		return
	}
	a.meters.visits.Inc()
	if wait < 0 && s.hold(w, lost) {
		return // it closes by itself
	}
	defer s.end()
	if wait >= 0 {
		s.poll(w, r, wait, lost)
		return
	}
	out := &stream{a: a, w: w, flush: http.NewResponseController(w)}
	_ = out.flush.SetWriteDeadline(time.Time{}) // it lasts; write has a limit of its own
	s.run(r.Context(), out, lost)
}

func streamPlace(r *http.Request) (after int64, wait time.Duration, err error) {
	q := r.URL.Query()
	place := q.Get("after")
	if place == "" {
		place = r.Header.Get("Last-Event-ID")
	}
	bad := desk.Fail(desk.Invalid, "bad_query", "after is an event number, wait is seconds")
	after, err = strconv.ParseInt(place, 10, 64)
	if err != nil || after < 0 {
		return 0, 0, bad
	}
	if !q.Has("wait") {
		return after, -1, nil
	}
	seconds, err := strconv.Atoi(q.Get("wait"))
	if err != nil || seconds < 0 {
		return 0, 0, bad
	}
	return after, time.Duration(min(seconds, int(longPoll/time.Second))) * time.Second, nil // no number is too large to be cut
}

// join follows the visitor's conversation, or the one that their first message
// will begin. lost says that the place asked for is no longer kept.
func (s *visitStream) join(ctx context.Context, v visit, after int64) (lost bool, err error) {
	thread := v.Thread
	err = s.a.Store.In(s.w.Workspace).Read(ctx, func(r *store.Rx) error {
		row, err := threadOf(r, s.w, v.Visitor)
		if err == nil {
			thread = row.ID
		}
		if desk.IsNotFound(err) {
			return nil
		}
		return err
	})
	if err != nil {
		return false, err
	}
	s.from, err = s.a.Live.SubscribeConversation(ctx, s.w.Workspace, thread, after)
	if errors.Is(err, live.ErrTooOld) {
		s.from, err = s.a.Live.SubscribeConversation(ctx, s.w.Workspace, thread, live.Now)
		return true, err
	}
	return false, err
}

// take reads what waits, rendered from the rows as they are now.
func (s *visitStream) take(ctx context.Context) ([]WidgetEvent, error) {
	var out []WidgetEvent
	for {
		events, _, err := s.from.Take(ctx)
		if err != nil {
			return nil, err
		}
		if len(events) == 0 { // nothing, or frames only
			break
		}
		var shown []WidgetEvent
		err = s.a.Store.In(s.w.Workspace).Read(ctx, func(r *store.Rx) (err error) {
			shown, err = s.render(r, events)
			return err
		})
		if err != nil {
			return nil, err
		}
		out = append(out, shown...)
	}
	for _, f := range s.from.Frames() {
		if t, ok := ReadTyping(f); ok && t.Who.Kind == desk.FromMember {
			out = append(out, WidgetEvent{Event: "typing", Data: map[string]any{"who": WidgetWho{"member", firstName(t.Who.Name)}, "on": t.On}})
		}
	}
	return out, nil
}

// render shows the events that concern the visitor.
func (s *visitStream) render(r *store.Rx, events []desk.Event) ([]WidgetEvent, error) {
	var out []WidgetEvent
	for _, e := range events {
		kind, data, err := s.show(r, e)
		if desk.IsNotFound(err) {
			continue // gone meanwhile
		}
		if err != nil {
			return nil, err
		}
		if kind != "" {
			out = append(out, WidgetEvent{kind, number(e.No), data})
		}
	}
	return out, nil
}

func (s *visitStream) show(r *store.Rx, e desk.Event) (kind string, data any, err error) {
	switch e.Kind {
	case desk.MessageArrived, desk.MessageQueued, desk.MessageAdded, desk.MessageChanged:
		m, err := r.Message(e.Message)
		if err != nil || !visible(m) {
			return "", nil, err
		}
		return "message", forVisitor(m, s.visitor), nil
	case desk.MessageGone:
		return "gone", map[string]string{"id": e.Message.String()}, nil
	case desk.ConversationGone: // the visit begins anew, without it
		return "reset", struct{}{}, nil
	case desk.ConversationChanged, desk.PersonCalled:
		row, err := r.Conversation(e.Conversation)
		if err != nil {
			return "", nil, err
		}
		c, err := s.a.widgetThread(r, row)
		return "conversation", c, err
	case desk.WorkspaceChanged:
		ws, err := r.Settings()
		return "shut", map[string]bool{"shut": ws.Shut()}, err
	}
	return "", nil, nil
}

// run writes until the visitor leaves or the server stops.
func (s *visitStream) run(ctx context.Context, out *stream, lost bool) {
	if !out.write(": hello\n\n") || lost && !out.write("event: reset\ndata: {}\n\n") {
		return
	}
	beat := s.a.Clock.NewTicker(visitBeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C():
			if !out.write(": \n\n") {
				return
			}
		case <-s.from.Ready():
			if !s.pass(ctx, out) {
				return
			}
		}
	}
}

func (s *visitStream) pass(ctx context.Context, out *stream) bool {
	events, err := s.take(ctx)
	if err != nil {
		return false // the browser comes back and replays
	}
	for _, e := range events {
		data, err := json.Marshal(e.Data)
		if err != nil {
			return false
		}
		text := "event: " + e.Event + "\ndata: " + string(data) + "\n\n"
		if e.ID != "" {
			text = "id: " + e.ID + "\n" + text
		}
		if !out.write(text) {
			return false
		}
	}
	return true
}

// poll answers once: with what waits, or with the first thing that happens.
func (s *visitStream) poll(w http.ResponseWriter, r *http.Request, wait time.Duration, lost bool) {
	answer := WidgetEvents{Items: []WidgetEvent{}}
	if lost {
		answer.Items = append(answer.Items, WidgetEvent{Event: "reset", Data: struct{}{}})
	}
	timer := s.a.Clock.NewTimer(wait)
	defer timer.Stop()
	for over := false; len(answer.Items) == 0 && !over; {
		select {
		case <-r.Context().Done():
			return
		case <-timer.C():
			over = true
		case <-s.from.Ready():
		}
		items, err := s.take(r.Context())
		if err != nil {
			s.a.fail(w, r, calling(r.Context()), err)
			return
		}
		answer.Items = append(answer.Items, items...)
	}
	for _, e := range answer.Items {
		if e.ID != "" {
			answer.Next = e.ID
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		s.a.Log.DebugContext(r.Context(), "visitor went away", "request", requestID(r.Context()))
	}
}

func number(no int64) string { return strconv.FormatInt(no, 10) }
