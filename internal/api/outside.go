package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
)

// OutsideWay is an account provider by which people sign in here.
type OutsideWay struct {
	Way  string `json:"way" example:"google"`
	Name string `json:"name" example:"Google"`
}

// OutsideAccount is an account at a provider that signs a member in.
type OutsideAccount struct {
	ID       desk.ID `json:"id"`
	Way      string  `json:"way"`
	Name     string  `json:"name" doc:"Of the provider"`
	Email    string  `json:"email" doc:"Their address there; may be empty"`
	LinkedAt stamp   `json:"linked_at"`
	UsedAt   moment  `json:"used_at"`
}

// GoOutside is where the browser goes now.
type GoOutside struct {
	URL string `json:"url"`
}

// CameBack says what a way back from a provider did.
type CameBack struct {
	Did string `json:"did" enum:"signed_in,linked,proved"`
}

type leaveBody struct {
	Body struct {
		Way string `json:"way" minLength:"1" maxLength:"20"`
	}
}

type backBody struct {
	Body struct {
		Way       string  `json:"way" minLength:"1" maxLength:"20"`
		State     string  `json:"state" minLength:"1" maxLength:"100"`
		Code      string  `json:"code,omitempty" maxLength:"4096"`
		Issuer    string  `json:"iss,omitempty" maxLength:"500"`
		Workspace desk.ID `json:"workspace_id,omitempty" doc:"After choose_workspace: the same state once more, with the workspace that was chosen"`

		Acknowledged []Ticked `json:"acknowledged,omitempty" maxItems:"20" doc:"Of somebody invited: after not_acknowledged the same state once more, with what was ticked"`
		Name         string   `json:"name,omitempty" maxLength:"200" doc:"Of somebody invited: how colleagues and customers read them"`
	}
}

func outsideRoutes(a *API) {
	declare(a, Route{ID: "leave-for-provider", Method: http.MethodPost, Path: "/api/v1/session/outside", Needs: Public, Limit: limitSignIn, Body: 8 << 10,
		Tag: "session", Summary: "Begin to sign in by an account outside: where the browser goes. It comes back to /sign-in/{way} with state and code"},
		func(ctx context.Context, c *call, in *leaveBody) (*given[GoOutside], error) {
			return a.leaveFor(ctx, c, member.Departure{Way: in.Body.Way})
		})
	declare(a, Route{ID: "leave-for-proof", Method: http.MethodPost, Path: "/api/v1/session/proof/outside", Needs: SignedIn, Early: desk.StepEnrol, Limit: limitSignIn, Body: 8 << 10,
		Tag: "session", Summary: "Begin to prove once more who I am by an account outside that is linked to mine: where the browser goes. The provider asks me anew, whatever session I have there"},
		func(ctx context.Context, c *call, in *leaveBody) (*given[GoOutside], error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			return a.leaveFor(ctx, c, member.Departure{Way: in.Body.Way, Link: c.Session, Prove: true})
		})
	declare(a, Route{ID: "back-from-provider", Method: http.MethodPut, Path: "/api/v1/session/outside", Needs: Public, Limit: limitSignIn, Body: 16 << 10,
		Tag: "session", Summary: "Spend what a provider's answer holds, once and in the browser that left: signs in, links the account, or renews my proof"}, a.backFrom)
	declare(a, Route{ID: "link-account", Method: http.MethodPost, Path: "/api/v1/outside-accounts", Needs: SignedIn, Fresh: true, Limit: limitSignIn,
		Tag: "session", Summary: "Begin to link an account outside to mine: where the browser goes"},
		func(ctx context.Context, c *call, in *leaveBody) (*given[GoOutside], error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			return a.leaveFor(ctx, c, member.Departure{Way: in.Body.Way, Link: c.Session})
		})
	declare(a, Route{ID: "list-outside-accounts", Method: http.MethodGet, Path: "/api/v1/outside-accounts", Needs: SignedIn,
		Tag: "session", Summary: "Accounts outside that sign me in"}, a.listOutside)
	declare(a, Route{ID: "unlink-account", Method: http.MethodDelete, Path: "/api/v1/outside-accounts/{id}", Needs: SignedIn, Fresh: true, Status: http.StatusNoContent,
		Tag: "session", Summary: "Unlink an account outside; refused when it is my only way in (last_way)"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Members.Unlink(ctx, c.Who, in.id())
		})
}

func (a *API) leaveFor(ctx context.Context, c *call, d member.Departure) (*given[GoOutside], error) {
	if err := c.canKeep(); err != nil {
		return nil, err
	}
	d.Browser, d.Address = c.token, c.addr
	to, err := a.Members.LeaveFor(ctx, d)
	if err != nil {
		return nil, err
	}
	if to.Cookie != "" {
		c.setCookie(to.Cookie, int(store.TripTerm.Seconds()))
	}
	return reply(GoOutside{to.URL}, nil)
}

func (a *API) backFrom(ctx context.Context, c *call, in *backBody) (*given[CameBack], error) {
	if err := c.canKeep(); err != nil {
		return nil, err
	}
	b := in.Body
	s, err := a.Members.Back(ctx, member.Return{Way: b.Way, State: b.State, Code: b.Code, Issuer: b.Issuer, Workspace: b.Workspace,
		Browser: c.token, Address: c.addr, UserAgent: c.agent, Locale: c.locale, Agreed: seenOf(b.Acknowledged), Name: b.Name})
	switch {
	case err != nil:
		return nil, err
	case s.Proved:
		return reply(CameBack{"proved"}, nil)
	case s.Token == "":
		return reply(CameBack{"linked"}, nil)
	}
	c.setCookie(s.Token, int(s.Life.Seconds()))
	return reply(CameBack{"signed_in"}, nil)
}

func (a *API) listOutside(ctx context.Context, c *call, _ *nothing) (*given[Page[OutsideAccount]], error) {
	all, err := a.Members.Linked(ctx, c.Who)
	names := map[string]string{}
	for _, w := range a.outsideWays() {
		names[w.Way] = w.Name
	}
	p := Page[OutsideAccount]{Items: []OutsideAccount{}}
	for _, o := range all {
		name := names[o.Way]
		if name == "" { // no longer configured
			name = o.Way
		}
		p.Items = append(p.Items, OutsideAccount{o.ID, o.Way, name, o.Email, stamp(o.LinkedAt), moment(o.UsedAt)})
	}
	return reply(p, err)
}

func (a *API) outsideWays() []OutsideWay {
	all := []OutsideWay{}
	for _, i := range a.Members.OutsideWays() {
		all = append(all, OutsideWay{i.Way, i.Name})
	}
	return all
}
