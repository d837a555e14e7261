package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
)

// InstanceCase is a request that waits for whoever runs the install: one asked of
// them, or one that a workspace left unanswered for ten days, of which they see
// what is asked and since when, and nobody's words.
type InstanceCase struct {
	WorkspaceID desk.ID `json:"workspace_id" doc:"0 = asked of whoever runs the install"`
	Workspace   string  `json:"workspace"`
	ID          desk.ID `json:"id"`
	Kind        string  `json:"kind"`
	Words       string  `json:"words" doc:"What is asked"`
	State       string  `json:"state"`
	OpenedAt    stamp   `json:"opened_at"`
	DueAt       stamp   `json:"due_at"`
}

// leftAlone is how long a workspace leaves a request unanswered before the
// operator sees it (decision 6).
const leftAlone = 10 * 24 * time.Hour

func operatorCaseRoutes(a *API) {
	const path = "/api/v1/instance/cases"
	declare(a, Route{ID: "list-instance-cases", Method: http.MethodGet, Path: path, Needs: Need(desk.ReadInstance), Tag: "instance",
		Summary: "Questions and requests to whoever runs the install, and those that a workspace left unanswered for ten days; up to 500"}, a.listInstanceCases)
	declare(a, Route{ID: "get-instance-case", Method: http.MethodGet, Path: path + "/{id}", Needs: Need(desk.ReadInstance), Tag: "instance",
		Summary: "One that was asked of whoever runs the install"},
		func(ctx context.Context, c *call, in *ByID) (*given[WholeCase], error) {
			err := a.Store.In(0).Write(ctx, func(tx *store.Tx) error { return a.recorded(tx, c, "case.read", in.id()) })
			return a.installCase(ctx, c, in.id(), err)
		})
	declare(a, Route{ID: "answer-instance-case", Method: http.MethodPost, Path: path + "/{id}/letter", Needs: Need(desk.SuspendWorkspaces), Tag: "instance",
		Summary: "Write to who asked"},
		func(ctx context.Context, c *call, in *caseTextBody) (*given[WholeCase], error) {
			_, err := a.Casework.Say(ctx, 0, in.id(), c.Actor, privacy.CaseWords{Letter: true, Words: in.Body.Text})
			return a.installCase(ctx, c, in.id(), err)
		})
	declare(a, Route{ID: "decide-instance-case", Method: http.MethodPost, Path: path + "/{id}/decide", Needs: Need(desk.SuspendWorkspaces), Tag: "instance",
		Summary: "Answer what was asked, or refuse it with a reason"},
		func(ctx context.Context, c *call, in *decideCaseBody) (*given[WholeCase], error) {
			b := in.Body
			_, err := a.Casework.Decide(ctx, 0, in.id(), c.Actor, privacy.Verdict{Answered: b.Decision == "answered", Reason: b.Reason, Words: b.Text})
			return a.installCase(ctx, c, in.id(), err)
		})
}

func (a *API) installCase(ctx context.Context, c *call, id desk.ID, err error) (*given[WholeCase], error) {
	if err != nil {
		return nil, err
	}
	f, err := a.Casework.Get(ctx, 0, id)
	if err != nil {
		return nil, err
	}
	return reply(wholeOf(c, f, a.Clock.Now()), nil)
}

const manyInstance = 500

func (a *API) listInstanceCases(ctx context.Context, c *call, _ *nothing) (*given[Page[InstanceCase]], error) {
	out := Page[InstanceCase]{Items: []InstanceCase{}}
	all, err := a.Store.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	for _, ws := range append([]desk.Workspace{{}}, all...) {
		var waiting []store.Case
		err := a.Store.In(ws.ID).Read(ctx, func(r *store.Rx) (err error) {
			waiting, err = r.Cases(store.CaseList{Not: privacy.Automated, State: "waiting", Limit: manyInstance})
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, one := range waiting {
			if one.Door == "provider" || ws.ID != 0 && now.Sub(one.Opened) < leftAlone || len(out.Items) == manyInstance {
				continue
			}
			out.Items = append(out.Items, InstanceCase{ws.ID, ws.Name, one.ID, one.Kind, privacy.AskedWords(c.locale, one.Kind), string(one.State), stamp(one.Opened), stamp(one.Due)})
		}
	}
	return reply(out, nil)
}
