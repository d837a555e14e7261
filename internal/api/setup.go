package api

import (
	"context"
	"net/http"

	"parley/internal/member"
)

// SetupState says whether the install waits for its first owner.
type SetupState struct {
	Needed bool             `json:"needed"`
	Asks   []AskedStatement `json:"asks" nullable:"false" doc:"What the first owner agrees to, in the caller's language; none when nobody is waited for"`
}

type setupBody struct {
	Body struct {
		Token     string `json:"token" maxLength:"100" doc:"From the one-time link that the program prints at its first start"`
		Workspace string `json:"workspace" minLength:"1" maxLength:"200" doc:"Name of the business"`
		Name      string `json:"name" minLength:"1" maxLength:"200"`
		Email     string `json:"email" maxLength:"254"`
		Password  string `json:"password" maxLength:"1024"`
		Locale    string `json:"locale,omitempty" maxLength:"10" example:"en"`

		Acknowledged []Ticked `json:"acknowledged,omitempty" maxItems:"20" doc:"Each text of GET /api/v1/setup, ticked by the person; without them 422 not_acknowledged"`
	}
}

func setupRoutes(a *API) {
	declare(a, Route{ID: "setup-state", Method: http.MethodGet, Path: "/api/v1/setup", Needs: Public,
		Tag: "setup", Summary: "Does this install wait for its first owner?"},
		func(ctx context.Context, c *call, _ *nothing) (*given[SetupState], error) {
			needed, err := a.Members.Needed(ctx)
			out := SetupState{Needed: needed, Asks: []AskedStatement{}}
			if needed {
				out.Asks = askedOf(member.Statements(c.locale))
			}
			return reply(out, err)
		})
	declare(a, Route{ID: "setup", Method: http.MethodPost, Path: "/api/v1/setup", Needs: Public, Limit: limitSignIn, Body: 8 << 10,
		Tag: "setup", Summary: "Make the first workspace and its owner, once"}, a.setup)
}

func (a *API) setup(ctx context.Context, c *call, in *setupBody) (*given[Me], error) {
	if err := c.canKeep(); err != nil {
		return nil, err
	}
	s, err := a.Members.Setup(ctx, member.Setup{Token: in.Body.Token, Workspace: in.Body.Workspace, Address: c.addr, UserAgent: c.agent,
		Locale: c.locale, Agreed: seenOf(in.Body.Acknowledged),
		Owner: member.Person{Name: in.Body.Name, Email: in.Body.Email, Password: in.Body.Password, Locale: in.Body.Locale}})
	if err != nil {
		return nil, err
	}
	return c.begin(a, s)
}
