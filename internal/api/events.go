package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley/internal/desk"
	"parley/internal/live"
	"parley/internal/store"
)

// Event is something that happened, with what it is about as it is now, as far
// as the reader may see it.
type Event struct {
	No           int64         `json:"no" doc:"Order in the workspace"`
	Kind         string        `json:"kind" enum:"message.new,message.changed,message.gone,conversation.changed,conversation.gone,draft.ready,draft.gone,source.changed,gap.changed,phrasings.changed,findings.changed,channel.changed,workspace.changed,contact.changed,contact.erased,member.changed,lab.changed,lab.alarm"`
	At           stamp         `json:"at"`
	Conversation desk.ID       `json:"conversation_id,omitempty"`
	MessageID    desk.ID       `json:"message_id,omitempty"`
	ObjectID     desk.ID       `json:"object_id,omitempty" doc:"Draft, source, channel, contact, member or comparison"`
	Message      *Message      `json:"message,omitempty"`
	Thread       *Conversation `json:"conversation,omitempty"`
	Draft        *Draft        `json:"draft,omitempty"`
	Source       *Source       `json:"source,omitempty"`
}

// Events is the answer of a long poll.
type Events struct {
	Items []Event `json:"items" nullable:"false"`
	Next  string  `json:"next" doc:"Pass as after to go on"`
	Reset bool    `json:"reset,omitempty" doc:"What lies between is gone: load anew, then go on from next"`
}

// Typing shows that somebody writes; it has no number and is never replayed.
type Typing struct {
	Conversation desk.ID `json:"conversation_id"`
	Who          Author  `json:"who"`
	On           bool    `json:"on"`
}

type eventsInput struct {
	Accept string `header:"Accept"`
	LastID string `header:"Last-Event-ID" maxLength:"20"`
	After  string `query:"after" maxLength:"20" pattern:"^[0-9]*$" doc:"Number of the last event that is known"`
	Wait   int    `query:"wait" minimum:"0" maximum:"30" doc:"Long poll: seconds to wait for something new"`
}

func eventRoutes(a *API) {
	declare(a, Route{ID: "events", Method: http.MethodGet, Path: "/api/v1/events", Needs: SignedIn, Limit: limitStream,
		Tag: "events", Summary: "What happens, as it happens: a stream (text/event-stream), or a long poll (application/json)",
		tune: describeEvents(a)}, a.events)
}

func describeEvents(a *API) func(*huma.Operation) {
	return func(op *huma.Operation) {
		schemas := a.huma.OpenAPI().Components.Schemas
		op.Responses = map[string]*huma.Response{"200": {Description: "Events after the number given", Content: map[string]*huma.MediaType{
			"application/json":  {Schema: schemas.Schema(typeOf[Events](), true, "")},
			"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString, Description: "Frames: hello {no}, message kinds as Event, typing, reset"}},
		}}}
		schemas.Schema(typeOf[Typing](), true, "")
	}
}

// kinds is how an event is called outside; those not in it are the program's
// own business.
func kindOf(k desk.EventKind) string {
	switch k {
	case desk.MessageArrived, desk.MessageQueued, desk.MessageAdded:
		return "message.new"
	case desk.PersonCalled:
		return string(desk.ConversationChanged)
	case desk.MessageChanged, desk.MessageGone, desk.ConversationChanged, desk.ConversationGone, desk.DraftReady, desk.DraftGone, desk.SourceChanged, desk.GapChanged, desk.PhrasingsChanged, desk.FindingsChanged,
		desk.ChannelChanged, desk.WorkspaceChanged, desk.ContactChanged, desk.ContactErased, desk.MemberChanged,
		desk.LabChanged, desk.LabAlarm:
		return string(k)
	}
	return ""
}

func permissionFor(kind string) desk.Permission {
	subject, _, _ := strings.Cut(kind, ".")
	switch subject {
	case "source", "gap", "phrasings", "findings", "lab":
		return desk.ReadKnowledge
	case "channel":
		return desk.ReadChannels
	case "workspace":
		return desk.ReadWorkspace
	case "contact":
		return desk.ReadContacts
	case "member":
		return desk.ReadMembers
	}
	return desk.ReadConversations
}

// show presents the events that the caller may see, in one snapshot.
func (a *API) show(ctx context.Context, c *call, events []desk.Event) (shown []Event, err error) {
	shown = []Event{}
	if len(events) == 0 {
		return shown, nil
	}
	err = c.ws.Read(ctx, func(rx *store.Rx) error {
		shown = shown[:0]
		v := a.view(rx, c.locale)
		for _, e := range events {
			kind := kindOf(e.Kind)
			if kind == "" || !(c.may(permissionFor(kind)) || e.Kind == desk.MemberChanged && e.Object == c.Actor.ID) {
				continue
			}
			ev, err := v.event(e, kind)
			if err != nil {
				return err
			}
			shown = append(shown, ev)
		}
		return nil
	})
	return shown, err
}

// event shows the current row behind an event; a row that is gone meanwhile is
// left out, its own event follows.
func (v *view) event(e desk.Event, kind string) (Event, error) {
	ev := Event{No: e.No, Kind: kind, At: stamp(e.At), Conversation: e.Conversation, MessageID: e.Message, ObjectID: e.Object}
	if e.Message != 0 && kind != string(desk.MessageGone) {
		m, err := v.rx.Message(e.Message)
		if err == nil {
			var shown Message
			shown, err = v.message(m)
			ev.Message = &shown
		}
		if err != nil && !desk.IsNotFound(err) {
			return ev, err
		}
	}
	if e.Conversation != 0 && (kind == "message.new" || kind == string(desk.ConversationChanged)) {
		row, err := v.rx.Conversation(e.Conversation)
		if err == nil {
			var shown Conversation
			shown, err = v.conversation(row)
			ev.Thread = &shown
		}
		if err != nil && !desk.IsNotFound(err) {
			return ev, err
		}
	}
	if kind == string(desk.SourceChanged) {
		s, err := v.rx.Source(e.Object)
		if err == nil {
			shown := sourceOf(s)
			ev.Source = &shown
		} else if !desk.IsNotFound(err) {
			return ev, err
		}
	}
	if kind == string(desk.DraftReady) {
		d, err := v.rx.DraftOf(e.Conversation)
		if err == nil {
			shown := draftOf(d)
			ev.Draft = &shown
		} else if !desk.IsNotFound(err) {
			return ev, err
		}
	}
	return ev, nil
}

// subscribe opens the caller's stream at the number they know, or now. lost says
// that what lies between is no longer kept.
func (a *API) subscribe(ctx context.Context, c *call, in *eventsInput) (from *live.Stream, last int64, lost bool, err error) {
	known, after := cmp.Or(in.LastID, in.After), live.Now
	if known != "" {
		if after, err = strconv.ParseInt(known, 10, 64); err != nil || after < 0 {
			return nil, 0, false, desk.Fail(desk.Invalid, "event_number", "Last-Event-ID and after are numbers of events")
		}
	}
	err = c.ws.Read(ctx, func(rx *store.Rx) (err error) {
		_, last, err = rx.EventNumbers()
		return err
	})
	if err != nil {
		return nil, 0, false, err
	}
	if after == live.Now {
		after = last // what is committed between the two reads is not skipped
	}
	from, err = a.Live.Subscribe(ctx, c.Workspace.ID, after)
	if errors.Is(err, live.ErrTooOld) {
		from, err = a.Live.Subscribe(ctx, c.Workspace.ID, last)
		return from, last, true, err
	}
	return from, last, false, err
}

func (a *API) events(ctx context.Context, c *call, in *eventsInput) (*huma.StreamResponse, error) {
	leave, err := a.enter(c, string(c.Actor.Kind)+" "+c.Actor.ID.String())
	if err != nil {
		return nil, err
	}
	from, last, lost, err := a.subscribe(ctx, c, in)
	if err != nil {
		leave()
		return nil, err
	}
	if strings.Contains(in.Accept, "text/event-stream") {
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			defer leave()
			a.meters.streams.Inc()
			defer a.meters.streams.Dec()
			r, w := humago.Unwrap(hc)
			s := &stream{a: a, c: c, w: w, flush: http.NewResponseController(w), from: from}
			s.run(r.Context(), last, lost)
		}}, nil
	}
	defer leave()
	defer from.Close()
	got := Events{Items: []Event{}, Next: strconv.FormatInt(last, 10), Reset: lost}
	if !lost {
		if known := cmp.Or(in.LastID, in.After); known != "" {
			got.Next = known
		}
		if got, err = a.poll(ctx, c, from, got.Next, in.Wait); err != nil {
			return nil, err
		}
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "application/json")
		hc.SetStatus(http.StatusOK)
		if err := json.NewEncoder(hc.BodyWriter()).Encode(got); err != nil {
			a.Log.DebugContext(ctx, "caller went away", "request", requestID(ctx))
		}
	}}, nil
}

// poll answers as soon as there is something the caller may see, or when the
// wait is over.
func (a *API) poll(ctx context.Context, c *call, from *live.Stream, next string, seconds int) (Events, error) {
	over := a.Clock.NewTimer(time.Duration(seconds) * time.Second)
	defer over.Stop()
	for {
		events, _, err := from.Take(ctx)
		if err != nil {
			return Events{}, err
		}
		shown, err := a.show(ctx, c, events)
		if err != nil {
			return Events{}, err
		}
		if n := len(events); n > 0 {
			next = strconv.FormatInt(events[n-1].No, 10)
		}
		if len(shown) > 0 {
			return Events{Items: shown, Next: next}, nil
		}
		if len(events) > 0 {
			continue // not for this caller; more may wait
		}
		select {
		case <-from.Ready():
			from.Frames() // a poll shows none
		case <-over.C():
			return Events{Items: shown, Next: next}, nil
		case <-ctx.Done():
			return Events{}, ctx.Err()
		}
	}
}
