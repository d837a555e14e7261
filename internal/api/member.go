package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/member"
	"parley/internal/store"
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
}

func memberOf(m desk.Member) Member {
	state := "active"
	if !m.Active {
		state = "off"
	}
	return Member{m.ID, m.Name, m.Email, m.Role, state, m.Invited, moment(m.LastSeenAt)}
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
	declare(a, Route{ID: "add-member", Method: http.MethodPost, Path: "/api/v1/members", Needs: Need(desk.WriteMembers), Status: http.StatusCreated,
		Limit: limitSignIn, Body: 8 << 10, Tag: "members", Summary: "Add a member, by mail or with a first password; owners and admins are added by an owner"},
		func(ctx context.Context, c *call, in *newMemberBody) (*given[Member], error) {
			b := in.Body
			m, err := a.Members.AddTo(ctx, c.Workspace, member.Person{Name: b.Name, Email: b.Email, Role: b.Role, Password: b.Password, Locale: b.Locale}, c.Actor)
			return reply(memberOf(m), pointing(err, memberFields()))
		})
	declare(a, Route{ID: "reset-password", Method: http.MethodPut, Path: "/api/v1/members/{id}/password", Needs: Need(desk.WriteMembers),
		Status: http.StatusNoContent, Limit: limitSignIn, Body: 8 << 10, Tag: "members", Summary: "Give a member a new first password; ends their sign-ins"},
		func(ctx context.Context, c *call, in *resetBody) (*nothing, error) {
			return nil, pointing(a.Members.ResetPassword(ctx, c.Workspace, in.id(), in.Body.Password, c.Actor), memberFields())
		})
	declare(a, Route{ID: "change-member", Method: http.MethodPatch, Path: "/api/v1/members/{id}", Needs: Need(desk.WriteMembers),
		Tag: "members", Summary: "Change a member's role, or switch them off"}, a.changeMember)
}

func (a *API) listMembers(ctx context.Context, c *call, in *Paging) (*given[Page[Member]], error) {
	after, err := in.after(memberOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Members.List(ctx, c.Workspace.ID, after, in.Limit+1)
	return reply(page(rows, in.Limit, memberOf, func(m desk.Member) string { return cursor.Make(memberOrder, int64(m.ID)) }), err)
}

func (a *API) changeMember(ctx context.Context, c *call, in *memberBody) (*given[Member], error) {
	change := member.Change{Role: in.Body.Role}
	if in.Body.State != nil {
		active := *in.Body.State == "active"
		change.Active = &active
	}
	m, err := a.Members.Change(ctx, c.Workspace.ID, in.id(), change, c.Actor)
	return reply(memberOf(m), pointing(err, memberFields()))
}

// Key is a program's access.
type Key struct {
	ID         desk.ID   `json:"id"`
	Name       string    `json:"name"`
	Role       desk.Role `json:"role" enum:"owner,admin,agent,analyst,billing,privacy,operator"`
	CreatedAt  stamp     `json:"created_at"`
	LastUsedAt moment    `json:"last_used_at"`
	Token      string    `json:"token,omitempty" doc:"Shown once, when the key is made"`
}

func keyOf(k store.AccessKey) Key {
	return Key{ID: k.ID, Name: k.Name, Role: k.Role, CreatedAt: stamp(k.CreatedAt), LastUsedAt: moment(k.UsedAt)}
}

type newKeyBody struct {
	Body struct {
		Name string    `json:"name" minLength:"1" maxLength:"100"`
		Role desk.Role `json:"role" enum:"owner,admin,agent,analyst,billing,privacy"`
	}
}

const keyOrder = "keys"

func keyRoutes(a *API) {
	declare(a, Route{ID: "list-keys", Method: http.MethodGet, Path: "/api/v1/keys", Needs: Need(desk.WriteKeys),
		Tag: "keys", Summary: "API keys"}, a.listKeys)
	declare(a, Route{ID: "add-key", Method: http.MethodPost, Path: "/api/v1/keys", Needs: Need(desk.WriteKeys), Status: http.StatusCreated,
		Tag: "keys", Summary: "Make an API key; its token is shown once"},
		func(ctx context.Context, c *call, in *newKeyBody) (*given[Key], error) {
			k, err := a.Members.AddKey(ctx, c.Workspace.ID, in.Body.Name, in.Body.Role, c.Actor)
			out := keyOf(k.AccessKey)
			out.Token = k.Token
			return reply(out, err)
		})
	declare(a, Route{ID: "drop-key", Method: http.MethodDelete, Path: "/api/v1/keys/{id}", Needs: Need(desk.WriteKeys),
		Status: http.StatusNoContent, Tag: "keys", Summary: "Remove an API key; it stops working at once"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Members.DropKey(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
}

func (a *API) listKeys(ctx context.Context, c *call, in *Paging) (*given[Page[Key]], error) {
	after, err := in.after(keyOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Members.Keys(ctx, c.Workspace.ID, after, in.Limit+1)
	return reply(page(rows, in.Limit, keyOf, func(k store.AccessKey) string { return cursor.Make(keyOrder, int64(k.ID)) }), err)
}
