package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
)

// Suspension is what a workspace's members see while the operator suspended it,
// and after.
type Suspension struct {
	Suspended bool           `json:"suspended"`
	Reason    string         `json:"reason" doc:"Of the operator"`
	Since     moment         `json:"since"`
	MayAppeal bool           `json:"may_appeal" doc:"None of the appeals waits for its answer"`
	Appeals   []AppealAnswer `json:"appeals" nullable:"false" doc:"Newest first"`
}

// AppealAnswer is what a member said against a suspension, and the answer.
type AppealAnswer struct {
	ID        desk.ID `json:"id"`
	Text      string  `json:"text"`
	SentAt    stamp   `json:"sent_at"`
	State     string  `json:"state" enum:"open,granted,refused"`
	Answer    string  `json:"answer"`
	DecidedAt moment  `json:"decided_at"`
}

func appealOf(x store.Appeal) AppealAnswer {
	out := AppealAnswer{ID: x.ID, Text: x.Text, SentAt: stamp(x.SentAt), State: "open", Answer: x.Answer, DecidedAt: moment(x.DecidedAt)}
	switch {
	case x.DecidedAt.IsZero():
	case x.Granted:
		out.State = "granted"
	default:
		out.State = "refused"
	}
	return out
}

func suspensionOf(h member.Held) Suspension {
	out := Suspension{Appeals: []AppealAnswer{}}
	s, ok := h.Standing()
	for _, x := range h.Appeals {
		out.Appeals = append(out.Appeals, appealOf(x))
	}
	if ok {
		out.Suspended, out.Reason, out.Since = true, s.Reason, moment(s.BegunAt)
		out.MayAppeal = len(h.Appeals) == 0 || !h.Appeals[0].DecidedAt.IsZero()
	}
	return out
}

type appealBody struct {
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"4000"`
	}
}

func suspensionRoutes(a *API) {
	declare(a, Route{ID: "get-suspension", Held: true, Method: http.MethodGet, Path: "/api/v1/suspension", Needs: Need(desk.ReadWorkspace),
		Tag: "workspace", Summary: "Whether the operator suspended this workspace, and why"},
		func(ctx context.Context, c *call, _ *nothing) (*given[Suspension], error) {
			h, err := a.Members.Suspension(ctx, c.Workspace.ID)
			return reply(suspensionOf(h), err)
		})
	declare(a, Route{ID: "appeal", Held: true, Method: http.MethodPost, Path: "/api/v1/suspension/appeals", Needs: Need(desk.WriteWorkspace),
		Status: http.StatusCreated, Tag: "workspace", Summary: "Say why the suspension should end; one at a time waits for its answer"},
		func(ctx context.Context, c *call, in *appealBody) (*given[Suspension], error) {
			h, err := a.Members.Appeal(ctx, c.Who, in.Body.Text)
			return reply(suspensionOf(h), pointing(err, map[string]string{"appeal_empty": "text"}))
		})
}
