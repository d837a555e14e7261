package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/store"
)

// Device is one sign-in in the list.
type Device struct {
	ID         desk.ID `json:"id"`
	Device     string  `json:"device" doc:"Browser and system, as it named itself"`
	Network    string  `json:"network" doc:"The address it was begun from, shortened: its first 24 bits, of IPv6 48"`
	Place      string  `json:"place" doc:"City and country of that address, where the operator has a file that knows; otherwise empty"`
	CreatedAt  stamp   `json:"created_at"`
	LastSeenAt stamp   `json:"last_seen_at"`
	Current    bool    `json:"current"`
}

func deviceRoutes(a *API) {
	declare(a, Route{ID: "list-sessions", Held: true, Method: http.MethodGet, Path: "/api/v1/sessions", Needs: SignedIn,
		Tag: "session", Summary: "Where I am signed in"}, a.listSessions)
	declare(a, Route{ID: "end-session", Held: true, Method: http.MethodDelete, Path: "/api/v1/sessions/{id}", Needs: SignedIn, Status: http.StatusNoContent,
		Tag: "session", Summary: "End one of my sign-ins"}, a.endSession)
	declare(a, Route{ID: "end-other-sessions", Held: true, Method: http.MethodDelete, Path: "/api/v1/sessions", Needs: SignedIn, Status: http.StatusNoContent,
		Tag: "session", Summary: "End all my sign-ins but this one"}, a.endOthers)
	declare(a, Route{ID: "list-member-sessions", Record: "session.list", Method: http.MethodGet, Path: "/api/v1/members/{id}/sessions", Needs: Need(desk.WriteMembers),
		Tag: "members", Summary: "Where a member is signed in"},
		func(ctx context.Context, c *call, in *ByID) (*given[Page[Device]], error) {
			all, err := a.Members.SessionsOf(ctx, c.Workspace.ID, in.id(), c.Actor)
			return reply(devices(all, c.Session), err)
		})
	declare(a, Route{ID: "end-member-sessions", Method: http.MethodDelete, Path: "/api/v1/members/{id}/sessions", Needs: Need(desk.WriteMembers),
		Fresh: true, Status: http.StatusNoContent, Tag: "members", Summary: "End all sign-ins of a member"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Members.RevokeMember(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
}

func devices(all []store.MemberSession, current desk.ID) Page[Device] {
	p := Page[Device]{Items: []Device{}}
	for _, s := range all {
		p.Items = append(p.Items, Device{s.ID, s.Device, s.Network, s.Place, stamp(s.CreatedAt), stamp(s.SeenAt), s.ID == current})
	}
	return p
}

func (a *API) listSessions(ctx context.Context, c *call, _ *nothing) (*given[Page[Device]], error) {
	all, err := a.Members.Sessions(ctx, c.Workspace.ID, c.Member.ID)
	if desk.IsNotFound(err) { // a key
		err = nil
	}
	return reply(devices(all, c.Session), err)
}

func (a *API) endSession(ctx context.Context, c *call, in *ByID) (*nothing, error) {
	return nil, a.Members.Revoke(ctx, c.Workspace.ID, c.Member.ID, in.id(), c.Actor)
}

func (a *API) endOthers(ctx context.Context, c *call, _ *nothing) (*nothing, error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	return nil, a.Members.RevokeOthers(ctx, c.Workspace.ID, c.Member.ID, c.Session, c.Actor)
}
