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
	Step        desk.Step         `json:"step" enum:",factor,enrol" doc:"What this sign-in owes before anything else works: factor = one of the member's second factors, enrol = one has to be added"`
	Acknowledge []string          `json:"acknowledge" nullable:"false" doc:"Texts to agree to, by name (GET /api/v1/acknowledgements); nothing is closed meanwhile"`
	FreshUntil  moment            `json:"fresh_until" doc:"Until when acts that ask for a proof (x-fresh) work without another one; null for a key"`
}

// MeMember is the signed-in member; for a key, the key.
type MeMember struct {
	ID     desk.ID   `json:"id"`
	Name   string    `json:"name"`
	Email  string    `json:"email"`
	Role   desk.Role `json:"role" enum:"owner,admin,agent,analyst,billing,privacy,operator"`
	Locale string    `json:"locale"`
	// Verified is false for a key, too.
	Verified bool   `json:"verified" doc:"They showed that the address is theirs, by a mailed link or their account provider"`
	Picture  string `json:"picture" doc:"Where its bytes are; empty: none"`
	Pictured bool   `json:"pictured" doc:"A picture of an account outside is read when they sign in by it, and shown"`
}

// MeWorkspace is where they are signed in.
type MeWorkspace struct {
	ID        desk.ID  `json:"id"`
	Name      string   `json:"name"`
	Locale    string   `json:"locale"`
	Languages []string `json:"languages" nullable:"false"`
	Suspended bool     `json:"suspended" doc:"By the operator: GET /api/v1/suspension says why"`
	Closed    bool     `json:"closed" doc:"An owner wants it deleted: GET /api/v1/workspace/closing says until when it can be taken back"`
}

func (a *API) me(who member.Who) Me {
	m := Me{
		Member:      MeMember{who.Actor.ID, who.Actor.Name, who.Member.Email, who.Actor.Role, who.Member.Locale, !who.Member.VerifiedAt.IsZero(), "", who.Member.Pictured},
		Workspace:   MeWorkspace{who.Workspace.ID, who.Workspace.Name, who.Workspace.Locale, orEmpty(who.Workspace.Languages), who.Workspace.Suspended, who.Workspace.Closed()},
		Permissions: orEmpty(who.Actor.Permissions()), Dev: a.Config.Dev, ExpiresAt: moment(who.ExpiresAt), Acknowledge: []string{},
	}
	if who.Member.Picture {
		m.Member.Picture = ownFacePath
	}
	if m.Step = who.Step; m.Step != desk.StepIn {
		m.Permissions = []desk.Permission{}
	}
	if who.Session != 0 {
		m.FreshUntil = moment(who.ProvedAt.Add(desk.ProofTerm))
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
	declare(a, Route{ID: "me", Held: true, Method: http.MethodGet, Path: "/api/v1/session", Needs: SignedIn, Early: desk.StepFactor,
		Tag: "session", Summary: "Who is signed in"},
		func(ctx context.Context, c *call, _ *nothing) (*given[Me], error) {
			me := a.me(c.Who)
			open, err := a.Members.Unanswered(ctx, c.Who, c.locale)
			for _, s := range open {
				me.Acknowledge = append(me.Acknowledge, s.What)
			}
			return reply(me, err)
		})
	declare(a, Route{ID: "change-me", Method: http.MethodPatch, Path: "/api/v1/session", Needs: SignedIn, Body: 8 << 10,
		Tag: "session", Summary: "Change my own name, as colleagues and customers read it"}, a.changeMe)
	declare(a, Route{ID: "sign-out", Held: true, Method: http.MethodDelete, Path: "/api/v1/session", Needs: SignedIn, Early: desk.StepFactor, Status: http.StatusNoContent,
		Tag: "session", Summary: "Sign out"}, a.signOut)
	declare(a, Route{ID: "set-password", Method: http.MethodPut, Path: "/api/v1/password", Needs: SignedIn, Limit: limitSignIn, Body: 8 << 10,
		Status: http.StatusNoContent, Tag: "session", Summary: "Change my password; ends my other sign-ins"}, a.setPassword)
}

type changeMeBody struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200"`
	}
}

func (a *API) changeMe(ctx context.Context, c *call, in *changeMeBody) (*given[Me], error) {
	if err := a.Members.Rename(ctx, c.Who, in.Body.Name); err != nil {
		return nil, pointing(err, memberFields())
	}
	who, err := a.Members.Still(ctx, c.token)
	return reply(a.me(who), err)
}

// canKeep refuses to sign in where a browser would not keep the cookie.
func (c *call) canKeep() error {
	if c.https || c.local {
		return nil
	}
	return desk.Fail(desk.Forbidden, "https_needed",
		"signing in needs https; give Parley a certificate (PARLEY_TLS_CERT), put a proxy with one in front (PARLEY_TRUSTED_PROXIES), or open this page on the machine itself")
}

func (c *call) begin(a *API, s member.Signed) (*given[Me], error) {
	c.setCookie(s.Token, int(s.Life.Seconds()))
	return reply(a.me(s.Who), nil)
}

func (a *API) signIn(ctx context.Context, c *call, in *signInBody) (*given[Me], error) {
	if err := c.canKeep(); err != nil {
		return nil, err
	}
	tried(ctx, in.Body.Email)
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
