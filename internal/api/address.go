package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
)

// OpenedLink says what a mailed link did.
type OpenedLink struct {
	Kind     desk.LetterKind `json:"kind" enum:"sign_in,verify,address"`
	SignedIn bool            `json:"signed_in"`
}

func addressRoutes(a *API) {
	declare(a, Route{ID: "mail-sign-in-link", Method: http.MethodPost, Path: "/api/v1/session/mail", Needs: Public, Limit: limitSignIn, Body: 8 << 10,
		Status: http.StatusAccepted, Tag: "session", Summary: "Ask for a mailed link that signs in, once and within 15 minutes; the answer never says whether the address has an account"},
		func(ctx context.Context, c *call, in *forgotBody) (*nothing, error) {
			return nil, pointing(a.Members.MailLink(ctx, in.Body.Email, c.addr), map[string]string{"email_invalid": "email"})
		})
	declare(a, Route{ID: "open-link", Method: http.MethodPut, Path: "/api/v1/session/mail", Needs: Public, Limit: limitSignIn, Body: 8 << 10,
		Tag: "session", Summary: "Spend a mailed link that signs in or confirms an address, once; a person presses a button for it, because mail programs open links by themselves"}, a.openLink)
	declare(a, Route{ID: "verify-address", Method: http.MethodPost, Path: "/api/v1/address/verification", Needs: SignedIn, Limit: limitSignIn, Status: http.StatusAccepted,
		Tag: "session", Summary: "Mail me a link that confirms my address"},
		func(ctx context.Context, c *call, _ *nothing) (*nothing, error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			return nil, a.Members.AskVerify(ctx, c.Who, c.addr)
		})
	declare(a, Route{ID: "change-address", Method: http.MethodPost, Path: "/api/v1/address", Needs: SignedIn, Fresh: true, Limit: limitSignIn, Body: 8 << 10, Status: http.StatusAccepted,
		Tag: "session", Summary: "Change my e-mail address: holds once a link mailed to the new one is opened; the old one is told"},
		func(ctx context.Context, c *call, in *forgotBody) (*nothing, error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			return nil, pointing(a.Members.AskAddress(ctx, c.Who, in.Body.Email, c.addr), map[string]string{"email_invalid": "email"})
		})
}

func (a *API) openLink(ctx context.Context, c *call, in *linkBody) (*given[OpenedLink], error) {
	if err := c.canKeep(); err != nil {
		return nil, err
	}
	o, s, err := a.Members.OpenLink(ctx, in.Body.Token, c.addr, c.agent)
	switch {
	case desk.CodeOf(err) == desk.Forbidden:
		return nil, refuse(http.StatusGone, "link_over", "this link was used, replaced by a newer one or is too old; ask for a new one")
	case err != nil:
		return nil, err
	}
	if s.Token != "" {
		c.setCookie(s.Token, int(s.Life.Seconds()))
	}
	return reply(OpenedLink{o.Kind, s.Token != ""}, nil)
}
