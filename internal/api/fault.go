package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/internal/vault"
)

// ErrorKind is errors of one kind at one place of the program. It holds no text
// of an error.
type ErrorKind struct {
	ID      string `json:"id" doc:"Fingerprint of kind and place"`
	Kind    string `json:"kind" example:"request failed"`
	Place   string `json:"place" example:"api.(*API).problem:113" doc:"Function and line"`
	Count   int64  `json:"count"`
	FirstAt stamp  `json:"first_at"`
	LastAt  stamp  `json:"last_at"`
}

// ErrorCase is one error, kept for 90 days.
type ErrorCase struct {
	At        stamp  `json:"at"`
	Request   string `json:"request" doc:"The answer's X-Request-Id"`
	Workspace string `json:"workspace"`
	Work      string `json:"work" doc:"Kind of work, where it was none of a request"`
	Reason    string `json:"reason" doc:"Codes and types, no text"`
	Stack     string `json:"stack" doc:"Functions and lines, where it stopped unexpectedly"`
}

type byFingerprint struct {
	ID string `path:"id" pattern:"^[0-9a-f]{16}$"`
}

// UsedRoute is how often an operation was called.
type UsedRoute struct {
	Route  string `json:"route"`
	Calls  int64  `json:"calls"`
	Failed int64  `json:"failed" doc:"By our fault"`
}

type usageDays struct {
	Days int `query:"days" minimum:"1" maximum:"1100" default:"30"`
}

const (
	manyErrors = 200
	fewErrors  = 20
)

func faultRoutes(a *API) {
	declare(a, Route{ID: "list-errors", Method: http.MethodGet, Path: "/api/v1/operator/errors", Needs: Need(desk.ReadInstance), Tag: "operator",
		Summary: "Errors of the program by kind and place, the latest first; up to 200"}, a.listErrors)
	declare(a, Route{ID: "show-error", Method: http.MethodGet, Path: "/api/v1/operator/errors/{id}", Needs: Need(desk.ReadInstance), Tag: "operator",
		Summary: "The newest errors of one kind, up to 20; none once 90 days are over"}, a.showError)
	declare(a, Route{ID: "usage", Method: http.MethodGet, Path: "/api/v1/usage", Needs: Need(desk.ReadReports), Tag: "reports",
		Summary: "How often which operation was called in the workspace, over the last days; nobody is named"}, a.usage)
}

func (a *API) listErrors(ctx context.Context, _ *call, _ *nothing) (*given[Page[ErrorKind]], error) {
	out := Page[ErrorKind]{Items: []ErrorKind{}}
	err := a.Store.In(0).Read(ctx, func(r *store.Rx) error {
		all, err := r.Faults(manyErrors)
		out.Items = out.Items[:0]
		for _, f := range all {
			out.Items = append(out.Items, ErrorKind{f.Fingerprint, f.Kind, f.Place, f.Seen, stamp(f.FirstAt), stamp(f.LastAt)})
		}
		return err
	})
	return reply(out, err)
}

func (a *API) showError(ctx context.Context, _ *call, in *byFingerprint) (*given[Page[ErrorCase]], error) {
	out := Page[ErrorCase]{Items: []ErrorCase{}}
	err := a.Store.In(0).Read(ctx, func(r *store.Rx) error {
		all, err := r.FaultEvents(in.ID, fewErrors)
		out.Items = out.Items[:0]
		for _, e := range all {
			out.Items = append(out.Items, ErrorCase{stamp(e.At), e.Request, e.Workspace, e.Work, e.Reason, e.Stack})
		}
		return err
	})
	return reply(out, err)
}

func (a *API) usage(ctx context.Context, c *call, in *usageDays) (*given[Page[UsedRoute]], error) {
	out := Page[UsedRoute]{Items: []UsedRoute{}}
	today := vault.Day(a.Clock.Now())
	err := c.ws.Read(ctx, func(r *store.Rx) error {
		all, err := r.UsageBetween(today-int64(in.Days)+1, today)
		out.Items = out.Items[:0]
		for _, u := range all {
			out.Items = append(out.Items, UsedRoute{u.Route, u.Calls, u.Failed})
		}
		return err
	})
	return reply(out, err)
}
