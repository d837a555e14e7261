package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/kit/cursor"
	"parley/internal/store"
)

type conversationList struct {
	Paging
	View string `query:"view" enum:"needs_you,mine,unassigned,ai,waiting,snoozed,closed,all" default:"all"`
	Q    string `query:"q" maxLength:"200" doc:"Words of messages, or a contact's name, e-mail or phone"`
}

// Counts tells how many conversations each view holds, up to 1000.
type Counts struct {
	NeedsYou   int `json:"needs_you"`
	Mine       int `json:"mine"`
	Unassigned int `json:"unassigned"`
	AI         int `json:"ai"`
	Waiting    int `json:"waiting"`
	Snoozed    int `json:"snoozed"`
}

func conversationRoutes(a *API) {
	declare(a, Route{ID: "list-conversations", Method: http.MethodGet, Path: "/api/v1/conversations", Needs: Need(desk.ReadConversations),
		Tag: "conversations", Summary: "One view of the inbox, newest activity first"}, a.listConversations)
	declare(a, Route{ID: "count-conversations", Method: http.MethodGet, Path: "/api/v1/conversations/counts", Needs: Need(desk.ReadConversations),
		Tag: "conversations", Summary: "How many conversations each view holds"}, a.countConversations)
	declare(a, Route{ID: "get-conversation", Method: http.MethodGet, Path: "/api/v1/conversations/{id}", Needs: Need(desk.ReadConversations),
		Tag: "conversations", Summary: "One conversation"},
		func(ctx context.Context, c *call, in *ByID) (*given[Conversation], error) {
			return reply(a.showConversation(ctx, c, in.id()))
		})
}

func (a *API) showConversation(ctx context.Context, c *call, id desk.ID) (out Conversation, err error) {
	err = c.ws.Read(ctx, func(rx *store.Rx) error {
		row, err := rx.Conversation(id)
		if err != nil {
			return err
		}
		out, err = a.view(rx, c.locale).conversation(row)
		return err
	})
	return out, err
}

const (
	conversationOrder = "conversations/activity"
	searchOrder       = "conversations/search"
)

func (a *API) listConversations(ctx context.Context, c *call, in *conversationList) (*given[Page[Conversation]], error) {
	if words := strings.TrimSpace(in.Q); words != "" {
		return a.searchConversations(ctx, c, words, in.Cursor, in.Limit)
	}
	keys, err := cursor.Read(conversationOrder, in.Cursor, 2)
	if err != nil {
		return nil, errCursor(err)
	}
	var place store.Place
	if keys != nil {
		place = store.Place{At: time.UnixMicro(keys[0]), ID: desk.ID(keys[1])}
	}
	var out Page[Conversation]
	err = c.ws.Read(ctx, func(rx *store.Rx) error {
		rows, err := rx.List(store.View(in.View), c.Member.ID, place, in.Limit+1)
		if err != nil {
			return err
		}
		out, err = a.conversations(rx, c.locale, rows, in.Limit)
		return err
	})
	return reply(out, err)
}

// conversations shows rows of a list in the reader's language.
func (a *API) conversations(rx *store.Rx, locale string, rows []store.Row, limit int) (Page[Conversation], error) {
	v := a.view(rx, locale)
	if err := v.meet(rows); err != nil {
		return Page[Conversation]{}, err
	}
	var failed error
	out := page(rows, limit, func(r store.Row) Conversation {
		shown, err := v.conversation(r)
		if err != nil && failed == nil {
			failed = err
		}
		return shown
	}, func(r store.Row) string { return cursor.Make(conversationOrder, r.LastAt.UnixMicro(), int64(r.ID)) })
	return out, failed
}

func (a *API) searchConversations(ctx context.Context, c *call, words, at string, limit int) (*given[Page[Conversation]], error) {
	before, err := cursor.Read(searchOrder, at, 1)
	if err != nil {
		return nil, errCursor(err)
	}
	found := inbox.Found{}
	if before == nil {
		found, err = a.Inbox.Search(ctx, c.Workspace.ID, words, 0, limit)
	} else {
		found, err = a.Inbox.Search(ctx, c.Workspace.ID, words, desk.ID(before[0]), limit)
	}
	if err != nil {
		return nil, err
	}
	var shown Page[Conversation]
	err = c.ws.Read(ctx, func(rx *store.Rx) (err error) {
		shown, err = a.conversations(rx, c.locale, found.Conversations, limit)
		return err
	})
	if found.Next != 0 {
		shown.Next = cursor.Make(searchOrder, int64(found.Next))
	}
	return reply(shown, err)
}

func (a *API) countConversations(ctx context.Context, c *call, _ *nothing) (*given[Counts], error) {
	var n map[store.View]int
	err := c.ws.Read(ctx, func(rx *store.Rx) (err error) {
		n, err = rx.Counts(c.Member.ID)
		return err
	})
	return reply(Counts{n[store.NeedsYou], n[store.Mine], n[store.Unassigned], n[store.AIHandling], n[store.Waiting], n[store.SnoozedV]}, err)
}
