package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// AnalyticsChoice is whether a member allows that their use of the program is told
// to an analytics service.
type AnalyticsChoice struct {
	Offered bool   `json:"offered" doc:"This install has such a service; else there is nothing to choose"`
	Allowed bool   `json:"allowed" doc:"Off until the member switches it on. Sec-GPC and DNT switch it off for whatever is asked with them"`
	Since   moment `json:"since" doc:"null while it is not allowed"`
	Text    string `json:"text" doc:"What is told to whom, in the caller's language"`
	Version string `json:"version" doc:"Of the text; a choice names the one that was read"`
}

type analyticsBody struct {
	Body struct {
		Allowed bool   `json:"allowed"`
		Version string `json:"version,omitempty" maxLength:"16" doc:"Of the text that was read; needed to allow"`
	}
}

func analyticsRoutes(a *API) {
	declare(a, Route{ID: "show-analytics", Method: http.MethodGet, Path: "/api/v1/session/analytics", Needs: SignedIn, Tag: "session",
		Summary: "Whether I allow that my use is told to an analytics service"},
		func(ctx context.Context, c *call, _ *nothing) (*given[AnalyticsChoice], error) {
			return reply(a.analytics(ctx, c))
		})
	declare(a, Route{ID: "choose-analytics", Method: http.MethodPut, Path: "/api/v1/session/analytics", Needs: SignedIn, Tag: "session",
		Summary: "Allow it, or take that back; it holds at once"}, a.chooseAnalytics)
}

// analyticsVersion changes whenever the words do.
func analyticsVersion() string {
	sum := sha256.Sum256([]byte(i18n.T(i18n.Fallback, "analytics.text", nil)))
	return hex.EncodeToString(sum[:8])
}

func (a *API) analytics(ctx context.Context, c *call) (AnalyticsChoice, error) {
	out := AnalyticsChoice{Offered: a.Analytics != nil, Text: i18n.T(c.locale, "analytics.text", nil), Version: analyticsVersion()}
	err := c.ws.Read(ctx, func(r *store.Rx) error {
		_, since, err := r.AnalyticsConsent(c.Member.ID)
		out.Allowed, out.Since = !since.IsZero(), moment(since)
		return err
	})
	return out, err
}

func (a *API) chooseAnalytics(ctx context.Context, c *call, in *analyticsBody) (*given[AnalyticsChoice], error) {
	version := ""
	switch {
	case c.Session == 0:
		return nil, errNoMember()
	case in.Body.Allowed && a.Analytics == nil:
		return nil, desk.Fail(desk.Conflict, "no_analytics", "this install has no analytics service")
	case in.Body.Allowed && in.Body.Version != analyticsVersion():
		return nil, desk.Fail(desk.Conflict, "text_changed", "read the text again: it was changed")
	case in.Body.Allowed:
		version = in.Body.Version
	}
	err := c.ws.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetAnalyticsConsent(c.Member.ID, version); err != nil {
			return err
		}
		action := "member.analytics_off"
		if version != "" {
			action = "member.analytics_on"
		}
		return a.recorded(tx, c, action, c.Member.ID)
	})
	if err != nil {
		return nil, err
	}
	return reply(a.analytics(ctx, c))
}
