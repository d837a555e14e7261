package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/member"
)

// Me is who is signed in, and what they may do.
type Me struct {
	Member      MeMember          `json:"member"`
	Workspace   MeWorkspace       `json:"workspace"`
	Permissions []desk.Permission `json:"permissions" nullable:"false"`
	Dev         bool              `json:"dev" doc:"A development install"`
	ExpiresAt   moment            `json:"expires_at" doc:"When this sign-in ends if nothing is done; null for a key"`
}

// MeMember is the signed-in member; for a key, the key.
type MeMember struct {
	ID     desk.ID   `json:"id"`
	Name   string    `json:"name"`
	Email  string    `json:"email"`
	Role   desk.Role `json:"role" enum:"owner,admin,agent,analyst,billing,privacy,operator"`
	Locale string    `json:"locale"`
}

// MeWorkspace is where they are signed in.
type MeWorkspace struct {
	ID        desk.ID  `json:"id"`
	Name      string   `json:"name"`
	Locale    string   `json:"locale"`
	Languages []string `json:"languages" nullable:"false"`
}

func (a *API) me(who member.Who) Me {
	m := Me{
		Member:      MeMember{who.Actor.ID, who.Actor.Name, who.Member.Email, who.Actor.Role, who.Member.Locale},
		Workspace:   MeWorkspace{who.Workspace.ID, who.Workspace.Name, who.Workspace.Locale, orEmpty(who.Workspace.Languages)},
		Permissions: orEmpty(desk.Permissions(who.Actor.Role)), Dev: a.Config.Dev, ExpiresAt: moment(who.ExpiresAt),
	}
	if m.Member.Locale == "" {
		m.Member.Locale = who.Workspace.Locale
	}
	return m
}

type signInBody struct {
	Body struct {
		Email     string  `json:"email" maxLength:"254"`
		Password  string  `json:"password" maxLength:"1024"`
		Workspace desk.ID `json:"workspace_id,omitempty" doc:"Needed when the password fits several workspaces"`
	}
}

func sessionRoutes(a *API) {
	declare(a, Route{ID: "sign-in", Method: http.MethodPost, Path: "/api/v1/session", Needs: Public, Limit: limitSignIn, Body: 8 << 10,
		Tag: "session", Summary: "Sign in with e-mail and password"}, a.signIn)
	declare(a, Route{ID: "me", Method: http.MethodGet, Path: "/api/v1/session", Needs: SignedIn,
		Tag: "session", Summary: "Who is signed in"},
		func(_ context.Context, c *call, _ *nothing) (*given[Me], error) { return reply(a.me(c.Who), nil) })
	declare(a, Route{ID: "sign-out", Method: http.MethodDelete, Path: "/api/v1/session", Needs: SignedIn, Status: http.StatusNoContent,
		Tag: "session", Summary: "Sign out"}, a.signOut)
	declare(a, Route{ID: "list-sessions", Method: http.MethodGet, Path: "/api/v1/sessions", Needs: SignedIn,
		Tag: "session", Summary: "Where I am signed in"}, a.listSessions)
	declare(a, Route{ID: "end-session", Method: http.MethodDelete, Path: "/api/v1/sessions/{id}", Needs: SignedIn, Status: http.StatusNoContent,
		Tag: "session", Summary: "End one of my sign-ins"}, a.endSession)
	declare(a, Route{ID: "set-password", Method: http.MethodPut, Path: "/api/v1/password", Needs: SignedIn, Limit: limitSignIn, Body: 8 << 10,
		Status: http.StatusNoContent, Tag: "session", Summary: "Change my password; ends my other sign-ins"}, a.setPassword)
}

// canKeep refuses to sign in where a browser would not keep the cookie.
func (c *call) canKeep() error {
	if c.https || c.local {
		return nil
	}
	return desk.Fail(desk.Forbidden, "https_needed",
		"signing in needs https; put a proxy with a certificate in front (PARLEY_TRUSTED_PROXIES), or open this page on the machine itself")
}

func (c *call) begin(a *API, s member.Signed) (*given[Me], error) {
	c.setCookie(s.Token, int(s.Life.Seconds()))
	return reply(a.me(s.Who), nil)
}

func (a *API) signIn(ctx context.Context, c *call, in *signInBody) (*given[Me], error) {
	if err := c.canKeep(); err != nil {
		return nil, err
	}
	s, err := a.Members.SignIn(ctx, member.SignIn{Email: in.Body.Email, Password: in.Body.Password, Workspace: in.Body.Workspace,
		Address: c.addr, UserAgent: c.agent})
	if err != nil {
		return nil, err
	}
	return c.begin(a, s)
}

func (a *API) signOut(ctx context.Context, c *call, _ *nothing) (*nothing, error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	err := a.Members.Revoke(ctx, c.Workspace.ID, c.Member.ID, c.Session, c.Actor)
	if err != nil && !desk.IsNotFound(err) {
		return nil, err
	}
	c.setCookie("", -1)
	c.header.Set("Clear-Site-Data", `"cache"`)
	return nil, nil
}

func errNoMember() error {
	return desk.Fail(desk.Forbidden, "members_only", "a key has no sign-ins and no password")
}

// Device is one sign-in in the list.
type Device struct {
	ID         desk.ID `json:"id"`
	Device     string  `json:"device" doc:"Browser and system, as it named itself"`
	CreatedAt  stamp   `json:"created_at"`
	LastSeenAt stamp   `json:"last_seen_at"`
	Current    bool    `json:"current"`
}

func (a *API) listSessions(ctx context.Context, c *call, _ *nothing) (*given[Page[Device]], error) {
	all, err := a.Members.Sessions(ctx, c.Workspace.ID, c.Member.ID)
	if desk.IsNotFound(err) { // a key
		err = nil
	}
	p := Page[Device]{Items: []Device{}}
	for _, s := range all {
		p.Items = append(p.Items, Device{s.ID, s.Device, stamp(s.CreatedAt), stamp(s.SeenAt), s.ID == c.Session})
	}
	return reply(p, err)
}

func (a *API) endSession(ctx context.Context, c *call, in *ByID) (*nothing, error) {
	return nil, a.Members.Revoke(ctx, c.Workspace.ID, c.Member.ID, in.id(), c.Actor)
}

type passwordBody struct {
	Body struct {
		Current string `json:"current" maxLength:"1024"`
		New     string `json:"new" maxLength:"1024"`
	}
}

func (a *API) setPassword(ctx context.Context, c *call, in *passwordBody) (*nothing, error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	fields := map[string]string{"password_wrong": "current", "password_short": "new", "password_long": "new", "password_common": "new"}
	if err := a.Members.Confirm(ctx, c.Who, in.Body.Current, c.addr); err != nil {
		return nil, pointing(err, fields)
	}
	return nil, pointing(a.Members.SetPassword(ctx, c.Who, in.Body.New), fields)
}
