package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/privacy"
	"parley/internal/store"
)

// RetentionRule is how long something is kept.
type RetentionRule struct {
	Rule string `json:"rule" enum:"conversations,visits,ai_logs,ai_reports,letters"`
	Days int    `json:"days" doc:"0 = as long as the workspace is there"`
	Most int    `json:"most_days" doc:"Nobody keeps it longer; 0 = without end"`
	Over int64  `json:"over" doc:"How much the next sweep ends"`
}

type retentionBody struct {
	Body struct {
		Days map[string]int `json:"days" maxProperties:"10" doc:"Days by rule; 0 goes back to the table"`
	}
}

// termTry asks what another term would end, before anybody sets it.
type termTry struct {
	Rule string `query:"rule" enum:"conversations,visits,ai_logs,ai_reports,letters" doc:"Answer as if this rule had other days; nothing changes"`
	Days int    `query:"days" minimum:"0" doc:"With rule: those days; 0 = the table's"`
}

func (in *termTry) want() map[string]int {
	if in.Rule == "" {
		return nil
	}
	return map[string]int{in.Rule: in.Days}
}

// LegalHold keeps a contact from every erasure.
type LegalHold struct {
	ID         desk.ID `json:"id"`
	Contact    desk.ID `json:"contact_id"`
	Person     string  `json:"person" doc:"What they are called now; empty where no name is known"`
	Reason     string  `json:"reason"`
	Authority  string  `json:"authority" doc:"Who wants it kept, with a reference"`
	By         string  `json:"by" doc:"Name of the member who began it; empty once they left, and where a key did"`
	BegunAt    stamp   `json:"begun_at"`
	ReleasedAt moment  `json:"released_at"`
}

type holdBody struct {
	Body struct {
		Contact   desk.ID `json:"contact_id"`
		Reason    string  `json:"reason" minLength:"1" maxLength:"1000"`
		Authority string  `json:"authority" minLength:"1" maxLength:"1000"`
	}
}

const holdOrder = "holds"

func retentionRoutes(a *API) {
	const path, holds = "/api/v1/privacy/retention", "/api/v1/privacy/holds"
	declare(a, Route{ID: "get-retention", Method: http.MethodGet, Path: path, Needs: Need(desk.ReadCases), Tag: "privacy",
		Summary: "How long what is kept, and how much the next sweep ends; with rule and days, how much it would end"},
		func(ctx context.Context, c *call, in *termTry) (*given[Page[RetentionRule]], error) {
			return a.retention(ctx, c, in.want())
		})
	declare(a, Route{ID: "set-retention", Method: http.MethodPut, Path: path, Needs: Need(desk.WriteCases), Fresh: true, Tag: "privacy",
		Summary: "Keep something shorter than the table says; never longer"},
		func(ctx context.Context, c *call, in *retentionBody) (*given[Page[RetentionRule]], error) {
			if err := a.Retention.Set(ctx, c.Workspace.ID, c.Actor, in.Body.Days); err != nil {
				return nil, err
			}
			return a.retention(ctx, c, nil)
		})
	declare(a, Route{ID: "list-holds", Method: http.MethodGet, Path: holds, Needs: Need(desk.ReadCases), Record: "hold.list", Tag: "privacy",
		Summary: "Who is kept from erasure, why and for whom, newest first"},
		func(ctx context.Context, c *call, in *Paging) (*given[Page[LegalHold]], error) {
			before, err := in.after(holdOrder)
			if err != nil {
				return nil, err
			}
			rows, err := a.Retention.Holds(ctx, c.Workspace.ID, before, in.Limit+1)
			if err != nil {
				return nil, err
			}
			all, err := a.holds(ctx, c, rows)
			return reply(page(all, in.Limit, func(h LegalHold) LegalHold { return h }, func(h LegalHold) string { return cursor.Make(holdOrder, int64(h.ID)) }), err)
		})
	declare(a, Route{ID: "hold-contact", Method: http.MethodPost, Path: holds, Needs: Need(desk.WriteCases), Status: http.StatusCreated, Tag: "privacy",
		Summary: "Keep a contact from every erasure until the hold is released; AI logs end at their time all the same"},
		func(ctx context.Context, c *call, in *holdBody) (*given[LegalHold], error) {
			h, err := a.Retention.Hold(ctx, c.Workspace.ID, store.Hold{Contact: in.Body.Contact, Reason: in.Body.Reason, Authority: in.Body.Authority, By: c.Actor})
			if err != nil {
				return nil, err
			}
			all, err := a.holds(ctx, c, []store.Hold{h})
			if err != nil {
				return nil, err
			}
			return reply(all[0], nil)
		})
	declare(a, Route{ID: "release-hold", Method: http.MethodPost, Path: holds + "/{id}/release", Needs: Need(desk.WriteCases), Fresh: true, Tag: "privacy",
		Summary: "End a hold; what should have ended meanwhile ends with the next sweep"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return &nothing{}, a.Retention.Release(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
}

// holds adds what people are called: whom they keep, and who began them.
func (a *API) holds(ctx context.Context, c *call, rows []store.Hold) (all []LegalHold, err error) {
	err = c.ws.Read(ctx, func(r *store.Rx) error {
		all = make([]LegalHold, 0, len(rows))
		for _, h := range rows {
			who, err := r.Contact(h.Contact)
			if err != nil && !desk.IsNotFound(err) {
				return err
			}
			one := LegalHold{ID: h.ID, Contact: h.Contact, Person: who.Name, Reason: h.Reason, Authority: h.Authority, BegunAt: stamp(h.BegunAt), ReleasedAt: moment(h.ReleasedAt)}
			if h.By.Kind == desk.ByMember {
				if one.By, err = memberName(r, h.By.ID); err != nil {
					return err
				}
			}
			all = append(all, one)
		}
		return nil
	})
	return all, err
}

func (a *API) retention(ctx context.Context, c *call, want map[string]int) (*given[Page[RetentionRule]], error) {
	all, err := a.Retention.List(ctx, c.Workspace.ID, want)
	out := Page[RetentionRule]{Items: []RetentionRule{}}
	for _, k := range all {
		out.Items = append(out.Items, retentionRule(k))
	}
	return reply(out, err)
}

func retentionRule(k privacy.Kept) RetentionRule {
	return RetentionRule{k.Name, k.Days, k.Most, k.Over}
}
