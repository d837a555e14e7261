package api

import (
	"context"
	"net/http"
	"strings"

	"parley/internal/desk"
	"parley/internal/inbox"
)

// ByDraft is an operation on one draft.
type ByDraft struct {
	ByID
	Draft string `path:"draft_id" pattern:"^[1-9][0-9]{0,18}$"`
}

func (b ByDraft) draft() desk.ID { return rowID(b.Draft) }

type sendDraftBody struct {
	ByDraft
	OnceKey
	Body struct {
		Body  *string `json:"body,omitempty" maxLength:"16384" doc:"The edited text; without it the draft goes as it is"`
		Close bool    `json:"close,omitempty" doc:"Close the conversation with it"`
	}
}

func draftRoutes(a *API) {
	path := "/api/v1/conversations/{id}/drafts"
	declare(a, Route{ID: "list-drafts", Method: http.MethodGet, Path: path, Needs: Need(desk.ReadConversations),
		Tag: "drafts", Summary: "Drafts that wait for a person"}, a.listDrafts)
	declare(a, Route{ID: "ask-draft", Method: http.MethodPost, Path: path, Needs: Need(desk.Reply), Status: http.StatusAccepted,
		Limit: limitAsk, Tag: "drafts", Summary: "Ask the AI for a draft; it comes as draft.ready"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Answers.Regenerate(ctx, c.Workspace.ID, in.id())
		})
	declare(a, Route{ID: "send-draft", Method: http.MethodPost, Path: path + "/{draft_id}/send", Needs: Need(desk.Reply), Limit: limitSend,
		Status: http.StatusCreated, Tag: "drafts", Summary: "Send a draft, as it is or edited"}, a.sendDraft)
	declare(a, Route{ID: "drop-draft", Method: http.MethodDelete, Path: path + "/{draft_id}", Needs: Need(desk.Reply),
		Status: http.StatusNoContent, Tag: "drafts", Summary: "Throw a draft away"},
		func(ctx context.Context, c *call, in *ByDraft) (*nothing, error) {
			return nil, a.Inbox.DiscardDraft(ctx, c.Workspace.ID, in.id(), in.draft(), c.Actor)
		})
}

func (a *API) listDrafts(ctx context.Context, c *call, in *ByID) (*given[Page[Draft]], error) {
	p := Page[Draft]{Items: []Draft{}}
	all, err := a.Inbox.Drafts(ctx, c.Workspace.ID, in.id())
	for _, d := range all {
		p.Items = append(p.Items, draftOf(d))
	}
	return reply(p, err)
}

func (a *API) sendDraft(ctx context.Context, c *call, in *sendDraftBody) (*given[Message], error) {
	r := inbox.Reply{Draft: in.draft(), ClientID: in.Key, Close: in.Body.Close}
	if in.Body.Body != nil {
		if r.Body = *in.Body.Body; strings.TrimSpace(r.Body) == "" {
			return nil, desk.Fail(desk.Invalid, "empty", "a message needs a text; leave body out to send the draft as it is")
		}
	}
	m, err := a.Inbox.SendDraft(ctx, c.Workspace.ID, in.id(), c.Actor, r)
	if err != nil {
		return nil, err
	}
	return reply(a.showMessage(ctx, c, m.ID))
}
