package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// act is something a member does to a conversation that answers with it.
func act[I any](a *API, r Route, do func(context.Context, *call, *I) (store.Row, error)) {
	r.Needs, r.Tag = Need(desk.Reply), "conversations"
	if r.Method == "" {
		r.Method = http.MethodPost
	}
	declare(a, r, func(ctx context.Context, c *call, in *I) (*given[Conversation], error) {
		row, err := do(ctx, c, in)
		if err != nil {
			return nil, err
		}
		return reply(a.showConversation(ctx, c, row.ID))
	})
}

type aiBody struct {
	ByID
	Body struct {
		Mode   *string `json:"mode,omitempty" enum:"off,draft,autopilot"`
		Paused *bool   `json:"paused,omitempty"`
	}
}

type assignBody struct {
	ByID
	Body struct {
		Member desk.ID `json:"member_id" doc:"Empty = nobody"`
	}
}

type snoozeBody struct {
	ByID
	Body struct {
		Until time.Time `json:"until"`
	}
}

type labelsBody struct {
	ByID
	Body struct {
		Labels []string `json:"labels" maxItems:"20" nullable:"false"`
	}
}

type readBody struct {
	ByID
	Body struct {
		Message desk.ID `json:"message_id"`
	}
}

func actRoutes(a *API) {
	plain := func(id, path, summary string, do func(context.Context, desk.ID, desk.ID, desk.Actor) (store.Row, error)) {
		act(a, Route{ID: id, Path: "/api/v1/conversations/{id}/" + path, Summary: summary},
			func(ctx context.Context, c *call, in *ByID) (store.Row, error) {
				return do(ctx, c.Workspace.ID, in.id(), c.Actor)
			})
	}
	plain("take-over", "take-over", "A member holds the conversation; the AI stops at once", a.Inbox.TakeOver)
	plain("hand-back", "hand-back", "The AI goes on", a.Inbox.HandBack)
	plain("close", "close", "The work is done; the next message opens it again", a.Inbox.Close)
	plain("reopen", "reopen", "Open a closed or snoozed conversation", a.Inbox.Reopen)
	plain("mark-unread", "unread", "Show the conversation as unread again", a.Inbox.Unread)
	act(a, Route{ID: "set-ai", Path: "/api/v1/conversations/{id}/ai", Summary: "How far the AI may go here, or pause it"}, a.setAI)
	act(a, Route{ID: "assign", Path: "/api/v1/conversations/{id}/assign", Summary: "Give the conversation to a member, or to nobody"}, a.assign)
	act(a, Route{ID: "snooze", Path: "/api/v1/conversations/{id}/snooze", Summary: "Hide until a time or the next message"},
		func(ctx context.Context, c *call, in *snoozeBody) (store.Row, error) {
			return a.Inbox.Snooze(ctx, c.Workspace.ID, in.id(), c.Actor, in.Body.Until.UTC())
		})
	act(a, Route{ID: "mark-read", Path: "/api/v1/conversations/{id}/read", Summary: "Everything up to a message was read"},
		func(ctx context.Context, c *call, in *readBody) (store.Row, error) {
			return a.Inbox.Read(ctx, c.Workspace.ID, in.id(), in.Body.Message, c.Actor)
		})
	act(a, Route{ID: "set-labels", Method: http.MethodPut, Path: "/api/v1/conversations/{id}/labels", Summary: "Replace the labels"},
		func(ctx context.Context, c *call, in *labelsBody) (store.Row, error) {
			return a.Inbox.SetLabels(ctx, c.Workspace.ID, in.id(), c.Actor, in.Body.Labels)
		})
	declare(a, Route{ID: "member-typing", Method: http.MethodPost, Path: "/api/v1/conversations/{id}/typing", Needs: Need(desk.Reply),
		Status: http.StatusNoContent, Tag: "conversations", Summary: "Show the others that I am writing"}, a.typing)
}

func (a *API) setAI(ctx context.Context, c *call, in *aiBody) (row store.Row, err error) {
	if in.Body.Mode == nil && in.Body.Paused == nil {
		return row, desk.Fail(desk.Invalid, "nothing_to_change", "send mode, paused or both")
	}
	if in.Body.Mode != nil {
		if row, err = a.Inbox.SetMode(ctx, c.Workspace.ID, in.id(), c.Actor, desk.Mode(*in.Body.Mode)); err != nil {
			return row, err
		}
	}
	if in.Body.Paused != nil {
		row, err = a.Inbox.SetPaused(ctx, c.Workspace.ID, in.id(), c.Actor, *in.Body.Paused)
	}
	return row, err
}

func (a *API) assign(ctx context.Context, c *call, in *assignBody) (store.Row, error) {
	var to desk.Member
	if in.Body.Member != 0 {
		err := c.ws.Read(ctx, func(rx *store.Rx) (err error) {
			to, err = rx.Member(in.Body.Member)
			return err
		})
		if err != nil {
			return store.Row{}, err
		}
	}
	return a.Inbox.Assign(ctx, c.Workspace.ID, in.id(), c.Actor, to)
}

func (a *API) typing(ctx context.Context, c *call, in *ByID) (*nothing, error) {
	return nil, a.Inbox.Typing(ctx, c.Workspace.ID, in.id(), c.Actor, true)
}
