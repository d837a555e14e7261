package api

import (
	"context"
	"strings"

	"parley/internal/desk"
	"parley/internal/store"
)

// WMessage is a message as the visitor sees it.
type WMessage struct {
	ID        string        `json:"id" doc:"Empty until the message has its place"`
	Seq       int64         `json:"seq"`
	Direction string        `json:"direction" enum:"in,out,none"`
	Author    WAuthor       `json:"author"`
	Body      string        `json:"body"`
	At        stamp         `json:"at"`
	Status    string        `json:"status"`
	AI        *WAI          `json:"ai,omitempty" doc:"Present on what the AI wrote"`
	Buttons   []desk.Button `json:"buttons" nullable:"false"`
	ClientID  string        `json:"client_id,omitempty"`
	Event     *WEvent       `json:"event,omitempty"`
}

// WAuthor says who wrote a message.
type WAuthor struct {
	Kind string `json:"kind" enum:"contact,ai,member,system"`
	Name string `json:"name"`
}

// WAI marks an AI message and names what it rests on.
type WAI struct {
	Label   bool      `json:"label"`
	Sources []WSource `json:"sources" nullable:"false"`
}

// WSource is a source the visitor may know.
type WSource struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	Heading string `json:"heading"`
}

// WEvent is something that happened in the conversation.
type WEvent struct {
	Kind string `json:"kind"`
	Name string `json:"name,omitempty"`
}

// visible reports whether the visitor may see a message: what they wrote, what
// was sent to them, and the few events that concern them.
func visible(m desk.Message) bool {
	if m.Deleted || m.Kind == desk.KindNote {
		return false
	}
	switch m.Direction {
	case desk.In:
		return true
	case desk.Out:
		return m.Status == desk.StatusSent || m.Status == desk.StatusDelivered || m.Status == desk.StatusRead
	}
	switch m.Event {
	case desk.EventTakeOver, desk.EventHandBack, desk.EventHandOver, desk.EventClosed, desk.EventEnded:
		return true
	}
	return false
}

// forVisitor shows a visible message; clientOf is the visitor's own prefix of
// external ids.
func forVisitor(m desk.Message, visitor string) WMessage {
	w := WMessage{ID: m.ID.String(), Seq: m.Seq, Direction: string(m.Direction), Author: WAuthor{Kind: string(m.Author.Kind)},
		Body: string(m.Body), At: stamp(m.At), Status: string(m.Status), Buttons: orEmpty(m.Buttons)}
	switch m.Author.Kind {
	case desk.FromMember:
		w.Author.Name = firstName(m.Author.Name)
	case desk.FromAI:
		w.AI = &WAI{Label: true, Sources: []WSource{}}
		for _, s := range m.Sources {
			w.AI.Sources = append(w.AI.Sources, WSource{s.Name, s.URL, s.Heading})
		}
	case desk.FromContact:
		w.ClientID = strings.TrimPrefix(m.ExternalID, visitor+":")
		w.Buttons = []desk.Button{}
	}
	if m.Event != "" {
		w.Event = &WEvent{Kind: m.Event, Name: w.Author.Name}
	}
	return w
}

// firstName is what a visitor gets to know of a member's name.
func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}

// threadOf finds the visitor's conversation, desk.NotFound before their first
// message.
func threadOf(r *store.Rx, w widget, visitor string) (store.Row, error) {
	i, err := r.Identity(w.ID, desk.IdentityHint{Kind: "visitor", Value: visitor})
	if err != nil {
		return store.Row{}, err
	}
	rows, err := r.ConversationsWith(i.Contact, 10)
	if err != nil {
		return store.Row{}, err
	}
	for _, row := range rows {
		if row.Account == w.ID {
			return row, nil
		}
	}
	return store.Row{}, desk.Fail(desk.NotFound, "conversation_not_found", "there is no such conversation")
}

// threadOfVisit is threadOf in a read of its own.
func (a *API) threadOfVisit(ctx context.Context, w widget, v visit) (row store.Row, err error) {
	err = a.Store.In(w.Workspace).Read(ctx, func(r *store.Rx) (err error) { row, err = threadOf(r, w, v.Visitor); return err })
	return row, err
}

// widgetHistory is how many messages a visit begins with.
const widgetHistory = 100

// history fills a session from one snapshot: the messages and the event number
// that the stream goes on from belong together.
func (a *API) history(r *store.Rx, w widget, visitor string, out *WidgetSession) error {
	_, last, err := r.EventNumbers()
	if err != nil {
		return err
	}
	ws, err := r.Settings()
	if err != nil {
		return err
	}
	out.No, out.Messages, out.Shut = number(last), []WMessage{}, ws.Shut()
	out.Conversation = WidgetConversation{State: "none", Owner: WidgetWho{Kind: string(desk.OwnedByAI)}}
	row, err := threadOf(r, w, visitor)
	if desk.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	out.Visitor.Known = true
	if out.Conversation, err = a.widgetThread(r, row); err != nil {
		return err
	}
	messages, err := r.MessagesBefore(row.ID, 0, widgetHistory)
	if err != nil {
		return err
	}
	for i := len(messages) - 1; i >= 0; i-- {
		m := messages[i]
		if visible(m) {
			out.Messages = append(out.Messages, forVisitor(m, visitor))
		}
		if m.Direction == desk.Out && m.Status == desk.StatusRead {
			out.Conversation.Read = m.Seq
		}
	}
	return nil
}

func (a *API) widgetThread(r *store.Rx, row store.Row) (WidgetConversation, error) {
	c := WidgetConversation{State: string(row.State), Owner: WidgetWho{Kind: string(row.Owner.Kind)}}
	if !row.EraseAt.IsZero() {
		c.EndsAt = some(stamp(row.EraseAt))
	}
	if row.Owner.Kind == desk.OwnedByMember && row.Owner.Member != 0 {
		m, err := a.view(r, "").member(row.Owner.Member)
		if err != nil && !desk.IsNotFound(err) {
			return c, err
		}
		c.Owner.Name = firstName(m.Name)
	}
	return c, nil
}
