package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
)

// DigestChoice is how often I get counts of the workspace by mail.
type DigestChoice struct {
	Every string `json:"every" enum:"off,daily,weekly"`
}

type digestBody struct {
	Body DigestChoice
}

func digestRoutes(a *API) {
	declare(a, Route{ID: "show-digest", Method: http.MethodGet, Path: "/api/v1/session/digest", Needs: SignedIn, Tag: "session",
		Summary: "How often I get counts of the workspace by mail"},
		func(ctx context.Context, c *call, _ *nothing) (*given[DigestChoice], error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			every, err := a.Report.Digest(ctx, c.Member)
			out := DigestChoice{string(every)}
			if every == desk.DigestOff {
				out.Every = "off"
			}
			return reply(out, err)
		})
	declare(a, Route{ID: "choose-digest", Method: http.MethodPut, Path: "/api/v1/session/digest", Needs: SignedIn, Record: "digest.choose", Body: 1 << 10, Status: http.StatusNoContent, Tag: "session",
		Summary: "Get counts of the workspace by mail, daily or on Mondays, or no more; none come before this is chosen"},
		func(ctx context.Context, c *call, in *digestBody) (*nothing, error) {
			if c.Session == 0 {
				return nil, errNoMember()
			}
			every := desk.DigestEvery(in.Body.Every)
			if every == "off" {
				every = desk.DigestOff
			}
			return nil, a.Report.ChooseDigest(ctx, c.Member, every)
		})
}
