package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"parley/internal/desk"
)

// The website chat has five entries: config, frame, session, stream and post.
// Each checks that the page around it is one of the widget's domains.

// widgetKind is the channel whose accounts these routes serve.
const widgetKind = "widget"

// PartTaker files what a visitor did.
type PartTaker interface {
	// AcceptPart returns when the part is durable.
	AcceptPart(ctx context.Context, acct desk.Account, body []byte) error
}

func widgetRoutes(a *API) {
	post := func(id, path, summary string) Route {
		return Route{ID: id, Method: http.MethodPost, Path: "/api/v1/widget/{key}/" + path, Needs: Public, Limit: limitNone,
			Body: 40 << 10, Tag: "website chat", Summary: summary}
	}
	declare(a, Route{ID: "widget-config", Method: http.MethodGet, Path: "/api/v1/widget/{key}/config", Needs: Public,
		Tag: "website chat", Summary: "How the chat looks, for the page that shows it"}, a.widgetConfig)
	declare(a, post("widget-session", "session", "Begin or continue a visit"), a.widgetSession)
	declare(a, post("widget-message", "messages", "Say something"), a.widgetMessage)
	declare(a, post("widget-receipt", "receipts", "Report messages as delivered or read"), a.widgetReceipt)
	declare(a, post("widget-typing", "typing", "Show that the visitor types"), a.widgetTyping)
	declare(a, post("widget-consent", "consent", "Allow, refuse or withdraw keeping the chat"), a.widgetConsent)
	declare(a, post("widget-report", "report", "Report an answer of the AI"), a.widgetReport)
	declare(a, post("widget-person", "person", "Ask for a person"), a.widgetPerson)
	declare(a, post("widget-end", "end", "End the chat"), a.widgetEnd)
	declare(a, post("widget-profile", "profile", "Tell name or e-mail"), a.widgetProfile)
	a.open(Route{ID: "widget-stream", Method: http.MethodGet, Path: "/api/v1/widget/{key}/stream", Needs: Public, Limit: limitNone,
		Tag: "website chat", Summary: "What happens in the chat, live", Hidden: true}, a.widgetStream)
	a.open(Route{ID: "widget-frame", Method: http.MethodGet, Path: "/w/{key}", Needs: Public, Hidden: true}, a.widgetFrame)
	a.open(Route{ID: "widget-asset", Method: http.MethodGet, Path: "/w/assets/{name}", Needs: Public, Limit: limitNone, Hidden: true}, a.widgetAsset)
	a.open(Route{ID: "widget-loader", Method: http.MethodGet, Path: "/widget.js", Needs: Public, Limit: limitNone, Hidden: true}, a.widgetLoader)
	noticeRoutes(a)
}

// widgetSettings is the part of a website chat's settings that these routes
// read; the channel has checked them.
type widgetSettings struct {
	Domains    []string          `json:"domains"`
	Consent    string            `json:"consent"`
	EraseAfter int               `json:"erase_after_hours"`
	Locale     string            `json:"locale_default"`
	Position   string            `json:"position"`
	Colour     string            `json:"brand_colour"`
	Title      map[string]string `json:"title"`
	Greeting   map[string]string `json:"greeting"`
	Prompt     map[string]string `json:"prompt"`
	AskName    bool              `json:"ask_name"`
	AskEmail   bool              `json:"ask_email"`
}

// widget is a website chat that a request is for.
type widget struct {
	desk.Account
	set  widgetSettings
	name string // of the business
}

var errNoWidget = desk.Fail(desk.NotFound, "unknown_widget", "there is no website chat with this key")

// widget finds an active website chat by its key.
func (a *API) widget(ctx context.Context, key string) (widget, error) {
	if len(key) < 4 || len(key) > 64 {
		return widget{}, errNoWidget
	}
	acct, err := a.Store.AccountByOutsideID(ctx, widgetKind, key)
	if desk.IsNotFound(err) || err == nil && acct.State != desk.AccountActive {
		return widget{}, errNoWidget
	}
	if err != nil {
		return widget{}, err
	}
	if err := a.limits.take(limitWidget, key); err != nil {
		return widget{}, err
	}
	return widgetOf(acct)
}

func widgetOf(acct desk.Account) (widget, error) {
	w := widget{Account: acct, name: acct.Name}
	return w, json.Unmarshal(acct.Settings, &w.set)
}

// allowed lists the origins that may show the chat, as frame-ancestors writes
// them. A chat without domains is for trying out on this machine only.
func (w widget) allowed() []string {
	if len(w.set.Domains) > 0 {
		return w.set.Domains
	}
	return []string{"http://localhost:*", "http://127.0.0.1:*", "https://localhost:*"}
}

// shows reports whether a page of that origin may show the chat; own is the
// origin of the install itself, where the dashboard previews it.
func (w widget) shows(origin, own string) bool {
	if origin == "" {
		return false
	}
	if origin == own {
		return true
	}
	at, err := url.Parse(origin)
	if err != nil || at.Host == "" {
		return false
	}
	for _, pattern := range w.allowed() {
		if covers(pattern, at) {
			return true
		}
	}
	return false
}

// covers reports whether an allow-list entry covers an origin: "*." stands for
// any subdomain, ":*" for any port.
func covers(pattern string, at *url.URL) bool {
	scheme, host, ok := strings.Cut(pattern, "://")
	if !ok || scheme != at.Scheme {
		return false
	}
	if name, anyPort := strings.CutSuffix(host, ":*"); anyPort {
		return strings.EqualFold(name, at.Hostname())
	}
	if tail, wild := strings.CutPrefix(host, "*"); wild {
		return len(at.Host) > len(tail) && strings.HasSuffix(strings.ToLower(at.Host), tail)
	}
	return strings.EqualFold(host, at.Host)
}

var errForeignPage = desk.Fail(desk.Forbidden, "domain_not_allowed", "this page is not one of the chat's domains; add it under Channels → Website chat")

// originOf is scheme and host of an address, "" when it is none.
func originOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

// ownOrigin is the origin that the request reached us at.
func ownOrigin(c *call) string {
	if c.https {
		return "https://" + c.host
	}
	return "http://" + c.host
}

// WidgetConfig is what the page around the chat may know.
type WidgetConfig struct {
	Name     string            `json:"name"`
	Locale   string            `json:"locale"`
	Title    map[string]string `json:"title"`
	Greeting map[string]string `json:"greeting"`
	Prompt   map[string]string `json:"prompt"`
	Colour   string            `json:"brand_colour"`
	Position string            `json:"position"`
	Consent  string            `json:"consent"`
	Frame    string            `json:"frame"`
}

type widgetConfigIn struct {
	Key    string `path:"key" maxLength:"64"`
	Origin string `header:"Origin"`
}

func (a *API) widgetConfig(ctx context.Context, c *call, in *widgetConfigIn) (*given[WidgetConfig], error) {
	w, err := a.widget(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	c.header.Set("Vary", "Origin")
	if !w.shows(strings.ToLower(in.Origin), ownOrigin(c)) {
		return nil, errForeignPage
	}
	c.header.Set("Access-Control-Allow-Origin", in.Origin)
	c.header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return reply(WidgetConfig{Name: w.name, Locale: w.set.Locale, Title: w.set.Title, Greeting: w.set.Greeting, Prompt: w.set.Prompt,
		Colour: w.set.Colour, Position: w.set.Position, Consent: w.set.Consent, Frame: "/w/" + w.OutsideID}, nil)
}
