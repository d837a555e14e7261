package api

import (
	"context"
	"net/http"

	"parley/internal/channel"
	"parley/internal/kit/i18n"
)

// permissions is the page /privacy/permissions: what is asked of a provider, for
// what, for whoever reviews the app or thinks of signing in.
type permissions struct {
	sheet
	Ways []permissionWay
}

type permissionWay struct {
	Title  string
	Scopes []permission
}

type permission struct{ Name, Words, Feature, Without string }

// ManifestLine is one permission that connecting an account asks for.
type ManifestLine struct {
	ChannelKind string `json:"channel_kind"`
	Way         string `json:"way"`
	Scope       string `json:"scope"`
	Purpose     string `json:"purpose"`
	Feature     string `json:"feature" enum:"send,receive,list,profile,health"`
	Needed      bool   `json:"needed" doc:"Without it the account is not connected"`
}

func permissionRoutes(a *API) {
	declare(a, Route{ID: "channel-manifest", Method: http.MethodGet, Path: "/api/v1/channels/manifest", Needs: SignedIn,
		Tag: "channels", Summary: "Every permission that connecting an account asks for, why, and for which feature"},
		func(_ context.Context, c *call, _ *struct{}) (*given[Page[ManifestLine]], error) {
			out := Page[ManifestLine]{Items: []ManifestLine{}}
			for _, ch := range a.Channels.All() {
				for _, w := range ch.Info().Ways {
					for _, s := range w.Scopes {
						out.Items = append(out.Items, ManifestLine{ChannelKind: ch.Info().Name, Way: w.ID, Scope: s.Name,
							Purpose: channel.ScopeWords(c.locale, s), Feature: s.Feature, Needed: s.Needed})
					}
				}
			}
			return reply(out, nil)
		})
	a.open(Route{ID: "permissions", Method: http.MethodGet, Path: "/privacy/permissions", Needs: Public, Hidden: true, Tag: "site",
		Summary: "What is asked of Meta, and for what"}, a.permissionsPage)
}

func (a *API) permissionsPage(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p := &permissions{sheet: newSheet(c, r, "permissions.")}
	for _, ch := range a.Channels.All() {
		for _, way := range ch.Info().Ways {
			if len(way.Scopes) == 0 {
				continue
			}
			one := permissionWay{Title: p.T("way." + ch.Info().Name + "." + way.ID)}
			for _, s := range way.Scopes {
				without := p.T("optional")
				if s.Needed {
					without = p.T("needed")
				}
				one.Scopes = append(one.Scopes, permission{s.Name, i18n.T(p.Lang, "scope."+s.Name, nil), p.T("feature." + s.Feature), without})
			}
			p.Ways = append(p.Ways, one)
		}
	}
	a.showSheet(w, r, p.sheet, "permissions.html", p)
}
