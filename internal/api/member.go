package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/member"
)

// Member is a colleague.
type Member struct {
	ID         desk.ID   `json:"id"`
	Name       string    `json:"name"`
	Email      string    `json:"email"`
	Role       desk.Role `json:"role" enum:"owner,admin,agent,analyst,billing,privacy,operator"`
	State      string    `json:"state" enum:"active,off"`
	Invited    bool      `json:"invited" doc:"Was mailed an invitation and has no password yet"`
	LastSeenAt moment    `json:"last_seen_at"`
	Factor     bool      `json:"second_factor" doc:"Has a second factor: an app's codes or a passkey"`
	Picture    string    `json:"picture" doc:"Where its bytes are; empty: none"`
}

func memberOf(m desk.Member, factors int) Member {
	state := "active"
	if !m.Active {
		state = "off"
	}
	return Member{m.ID, m.Name, m.Email, m.Role, state, m.Invited, moment(m.LastSeenAt), factors > 0, facePath(m)}
}

type newMemberBody struct {
	Body struct {
		Name     string    `json:"name" minLength:"1" maxLength:"200"`
		Email    string    `json:"email" minLength:"3" maxLength:"254"`
		Role     desk.Role `json:"role" enum:"owner,admin,agent,analyst,billing,privacy"`
		Password string    `json:"password,omitempty" maxLength:"1024" doc:"The first one: tell it to the member, who changes it after signing in. Left out: they are mailed a link and choose theirs"`
		Locale   string    `json:"locale,omitempty" enum:"en,tr" doc:"Left out: the workspace's"`
	}
}

type resetBody struct {
	ByID
	Body struct {
		Password string `json:"password" maxLength:"1024"`
	}
}

// memberFields says where the refusals of a member belong.
func memberFields() map[string]string {
	return map[string]string{"name_missing": "name", "email_invalid": "email", "member_exists": "email", "owner_needed": "role",
		"password_short": "password", "password_long": "password", "password_common": "password"}
}

const memberOrder = "members"

type memberBody struct {
	ByID
	Body struct {
		Role  *desk.Role `json:"role,omitempty" enum:"owner,admin,agent,analyst,billing,privacy"`
		State *string    `json:"state,omitempty" enum:"active,off"`
	}
}

func memberRoutes(a *API) {
	declare(a, Route{ID: "list-members", Method: http.MethodGet, Path: "/api/v1/members", Needs: Need(desk.ReadMembers),
		Tag: "members", Summary: "The people of the workspace"}, a.listMembers)
	declare(a, Route{ID: "add-member", Method: http.MethodPost, Path: "/api/v1/members", Needs: Need(desk.WriteMembers), Fresh: true, Status: http.StatusCreated,
		Limit: limitSignIn, Body: 8 << 10, Tag: "members", Summary: "Add a member, by mail or with a first password; owners and admins are added by an owner"},
		func(ctx context.Context, c *call, in *newMemberBody) (*given[Member], error) {
			b := in.Body
			m, err := a.Members.AddTo(ctx, c.Workspace, member.Person{Name: b.Name, Email: b.Email, Role: b.Role, Password: b.Password, Locale: b.Locale}, c.Actor)
			return reply(memberOf(m, 0), pointing(err, memberFields()))
		})
	declare(a, Route{ID: "reset-password", Method: http.MethodPut, Path: "/api/v1/members/{id}/password", Needs: Need(desk.WriteMembers), Fresh: true,
		Status: http.StatusNoContent, Limit: limitSignIn, Body: 8 << 10, Tag: "members", Summary: "Give a member a new first password; ends their sign-ins"},
		func(ctx context.Context, c *call, in *resetBody) (*nothing, error) {
			return nil, pointing(a.Members.ResetPassword(ctx, c.Workspace, in.id(), in.Body.Password, c.Actor), memberFields())
		})
	declare(a, Route{ID: "change-member", Method: http.MethodPatch, Path: "/api/v1/members/{id}", Needs: Need(desk.WriteMembers), Fresh: true,
		Tag: "members", Summary: "Change a member's role, or switch them off"}, a.changeMember)
}

func (a *API) listMembers(ctx context.Context, c *call, in *Paging) (*given[Page[Member]], error) {
	after, err := in.after(memberOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Members.List(ctx, c.Workspace.ID, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	factors, err := a.Members.WithFactor(ctx, c.Workspace.ID)
	return reply(page(rows, in.Limit, func(m desk.Member) Member { return memberOf(m, factors[m.ID]) }, func(m desk.Member) string { return cursor.Make(memberOrder, int64(m.ID)) }), err)
}

func (a *API) changeMember(ctx context.Context, c *call, in *memberBody) (*given[Member], error) {
	change := member.Change{Role: in.Body.Role}
	if in.Body.State != nil {
		active := *in.Body.State == "active"
		change.Active = &active
	}
	m, err := a.Members.Change(ctx, c.Workspace.ID, in.id(), change, c.Actor)
	if err != nil {
		return nil, pointing(err, memberFields())
	}
	factors, err := a.Members.WithFactor(ctx, c.Workspace.ID)
	return reply(memberOf(m, factors[m.ID]), err)
}
