package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
)

// InstanceWorkspace is what the operator sees of a workspace without a reason:
// its name and counts, no text and nobody's name or address.
type InstanceWorkspace struct {
	ID            desk.ID `json:"id"`
	Name          string  `json:"name"`
	CreatedAt     stamp   `json:"created_at"`
	Suspended     bool    `json:"suspended"`
	Closed        bool    `json:"closed" doc:"An owner wants it deleted"`
	Ending        bool    `json:"ending" doc:"It was deleted but for people whom a legal hold keeps, or is being deleted"`
	Members       int     `json:"members" doc:"Who can sign in"`
	Channels      int     `json:"channels"`
	Conversations int     `json:"conversations"`
	OpenAppeals   int     `json:"open_appeals"`
	Own           bool    `json:"own" doc:"The operator's own, which is not suspended"`
}

// OpenedWorkspace is a workspace with its suspensions, opened with a reason.
type OpenedWorkspace struct {
	InstanceWorkspace
	Suspensions []PastSuspension `json:"suspensions" nullable:"false" doc:"Newest first"`
	Appeals     []AppealAnswer   `json:"appeals" nullable:"false" doc:"Newest first"`
}

// PastSuspension is one time in which a workspace was suspended.
type PastSuspension struct {
	Reason    string `json:"reason"`
	BegunAt   stamp  `json:"begun_at"`
	LiftedAt  moment `json:"lifted_at"`
	LiftedWhy string `json:"lifted_why"`
}

func instanceOf(c *call, w desk.Workspace, f store.WorkspaceFigures) InstanceWorkspace {
	return InstanceWorkspace{w.ID, w.Name, stamp(w.CreatedAt), w.Suspended, w.Closed(), w.Ending, f.Members, f.Channels, f.Conversations, f.OpenAppeals, w.ID == c.Workspace.ID}
}

func openedOf(c *call, h member.Held, f store.WorkspaceFigures) OpenedWorkspace {
	out := OpenedWorkspace{InstanceWorkspace: instanceOf(c, h.Workspace, f), Suspensions: []PastSuspension{}, Appeals: []AppealAnswer{}}
	for _, s := range h.Suspensions {
		out.Suspensions = append(out.Suspensions, PastSuspension{s.Reason, stamp(s.BegunAt), moment(s.LiftedAt), s.LiftedWhy})
	}
	for _, x := range h.Appeals {
		out.Appeals = append(out.Appeals, appealOf(x))
	}
	return out
}

type reasonBody struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Recorded where the workspace's owner reads it"`
	}
}

type decideBody struct {
	ByID
	Appeal string `path:"appeal_id" pattern:"^[1-9][0-9]{0,18}$"`
	Body   struct {
		Granted bool   `json:"granted" doc:"Lifts the suspension"`
		Reason  string `json:"reason" minLength:"1" maxLength:"1000" doc:"The answer, which the workspace's members read"`
	}
}

func operatorRoutes(a *API) {
	const path = "/api/v1/instance/workspaces"
	declare(a, Route{ID: "list-workspaces", Method: http.MethodGet, Path: path, Needs: Need(desk.ReadInstance), Tag: "instance",
		Summary: "The workspaces of this install, by name and counts"}, a.listWorkspaces)
	act := func(id, verb string, needs desk.Permission, summary string, do func(context.Context, desk.ID, string, member.Who) (member.Held, error)) {
		declare(a, Route{ID: id, Method: http.MethodPost, Path: path + "/{id}/" + verb, Needs: Need(needs), Fresh: needs == desk.SuspendWorkspaces,
			Tag: "instance", Summary: summary},
			func(ctx context.Context, c *call, in *reasonBody) (*given[OpenedWorkspace], error) {
				h, err := do(ctx, in.id(), in.Body.Reason, c.Who)
				if err != nil {
					return nil, pointing(err, map[string]string{"reason_missing": "reason"})
				}
				return a.opened(ctx, c, h)
			})
	}
	act("open-workspace", "open", desk.ReadInstance, "A workspace's suspensions and appeals; the reason is recorded where its owner reads it", a.Members.Open)
	act("suspend-workspace", "suspend", desk.SuspendWorkspaces, "Stop a workspace: its members see why, nothing leaves it, what arrives is kept", a.Members.Suspend)
	act("lift-suspension", "lift", desk.SuspendWorkspaces, "End a suspension", a.Members.Lift)
	declare(a, Route{ID: "decide-appeal", Method: http.MethodPost, Path: path + "/{id}/appeals/{appeal_id}/decide", Needs: Need(desk.SuspendWorkspaces),
		Fresh: true, Tag: "instance", Summary: "Answer an appeal; granting it lifts the suspension"},
		func(ctx context.Context, c *call, in *decideBody) (*given[OpenedWorkspace], error) {
			appeal, err := desk.ParseID(in.Appeal)
			if err != nil {
				return nil, err
			}
			h, err := a.Members.Decide(ctx, in.id(), appeal, member.Decision{Granted: in.Body.Granted, Answer: in.Body.Reason}, c.Who)
			if err != nil {
				return nil, pointing(err, map[string]string{"reason_missing": "reason"})
			}
			return a.opened(ctx, c, h)
		})
}

func (a *API) opened(ctx context.Context, c *call, h member.Held) (*given[OpenedWorkspace], error) {
	f, err := a.figuresOf(ctx, h.Workspace.ID)
	return reply(openedOf(c, h, f), err)
}

func (a *API) figuresOf(ctx context.Context, ws desk.ID) (f store.WorkspaceFigures, err error) {
	err = a.Store.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		f, err = r.Figures()
		return err
	})
	return f, err
}

func (a *API) listWorkspaces(ctx context.Context, c *call, _ *nothing) (*given[Page[InstanceWorkspace]], error) {
	all, err := a.Store.WorkspacesThere(ctx)
	if err != nil {
		return nil, err
	}
	p := Page[InstanceWorkspace]{Items: []InstanceWorkspace{}}
	for _, w := range all {
		f, err := a.figuresOf(ctx, w.ID)
		if err != nil {
			return nil, err
		}
		p.Items = append(p.Items, instanceOf(c, w, f))
	}
	return reply(p, nil)
}
