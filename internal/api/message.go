package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/kit/cursor"
	"parley/internal/store"
)

type messageList struct {
	ByID
	Paging
}

type sendBody struct {
	ByID
	OnceKey
	Body struct {
		Body    string    `json:"body,omitempty" maxLength:"16384" doc:"May be left out beside files"`
		Kind    string    `json:"kind,omitempty" enum:"text,note" default:"text"`
		ReplyTo desk.ID   `json:"reply_to,omitempty"`
		Files   []desk.ID `json:"attachments,omitempty" maxItems:"10" nullable:"false" doc:"Ids of uploads, in order"`
		Close   bool      `json:"close,omitempty" doc:"Close the conversation with it"`
		// Template is sent instead of a body, also outside the reply window.
		Template *TemplateUse `json:"template,omitempty" doc:"An approved text with its values, instead of all else"`
	}
}

// OnceKey makes a send safe to repeat.
type OnceKey struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same body is the same message"`
}

func messageRoutes(a *API) {
	declare(a, Route{ID: "list-messages", Method: http.MethodGet, Path: "/api/v1/conversations/{id}/messages", Needs: Need(desk.ReadConversations),
		Tag: "messages", Summary: "Messages, newest first"}, a.listMessages)
	declare(a, Route{ID: "send-message", Method: http.MethodPost, Path: "/api/v1/conversations/{id}/messages", Needs: Need(desk.Reply),
		Limit: limitSend, Status: http.StatusCreated, Tag: "messages", Summary: "Write to the contact, or add a note"}, a.sendMessage)
}

const messageOrder = "messages/place"

func (a *API) listMessages(ctx context.Context, c *call, in *messageList) (*given[Page[Message]], error) {
	keys, err := cursor.Read(messageOrder, in.Cursor, 2)
	if err != nil {
		return nil, errCursor(err)
	}
	var below store.Spot
	if keys != nil {
		below = store.Spot{Place: keys[0], Seq: keys[1]}
	}
	var out Page[Message]
	err = c.ws.Read(ctx, func(rx *store.Rx) error {
		if _, err := rx.Conversation(in.id()); err != nil {
			return err
		}
		rows, err := rx.MessagesBelow(in.id(), below, in.Limit+1)
		if err != nil {
			return err
		}
		v := a.view(rx, c.locale)
		var failed error
		out = page(rows, in.Limit, func(m desk.Message) Message {
			shown, err := v.message(m)
			if err != nil {
				failed = err
			}
			return shown
		}, func(m desk.Message) string { return cursor.Make(messageOrder, m.Place, m.Seq) })
		return failed
	})
	return reply(out, err)
}

func (a *API) sendMessage(ctx context.Context, c *call, in *sendBody) (*given[Message], error) {
	if in.Body.Template != nil {
		m, err := a.sendTemplate(ctx, c, in)
		if err != nil {
			return nil, err
		}
		a.Record.Sent(c.Workspace.ID, c.Actor, in.id(), in.Body.Template.Name)
		return reply(a.showMessage(ctx, c, m.ID))
	}
	m, err := a.Inbox.Reply(ctx, c.Workspace.ID, in.id(), c.Actor, inbox.Reply{Body: in.Body.Body, Note: in.Body.Kind == desk.KindNote,
		ReplyTo: in.Body.ReplyTo, Files: in.Body.Files, ClientID: in.Key, Close: in.Body.Close})
	if err != nil {
		return nil, err
	}
	if in.Body.Kind != desk.KindNote {
		a.Record.Sent(c.Workspace.ID, c.Actor, in.id(), in.Body.Body)
	}
	return reply(a.showMessage(ctx, c, m.ID))
}

func (a *API) showMessage(ctx context.Context, c *call, id desk.ID) (out Message, err error) {
	err = c.ws.Read(ctx, func(rx *store.Rx) error {
		m, err := rx.Message(id)
		if err != nil {
			return err
		}
		out, err = a.view(rx, c.locale).message(m)
		return err
	})
	return out, err
}
