package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/channel"
	"parley/internal/kit/pace"
)

// everyGet is an address for each route that answers GET.
func (w *world) everyGet() map[string]string {
	all := map[string]string{}
	for _, r := range w.api.Routes() {
		if r.Method == http.MethodGet || r.Method == "" {
			all[r.ID] = strings.NewReplacer("{id}", w.a.conversation.String(), "{key}", "key-"+w.a.canary, "{page}", "privacy", "{token}", "x", "{name}", "x").Replace(r.Path)
		}
	}
	return all
}

// Headers of every answer of every route, whoever asks: covers the header line of
// the doors. asvs: V3.4.2, V3.4.3, V3.4.4, V3.4.5, V3.4.6, V3.4.8, V13.4.6, V14.3.2
func TestEveryRouteAnswersWithTheHeadersThatProtectIt(t *testing.T) {
	t.Parallel()
	w := one(t)
	for id, path := range w.everyGet() {
		if strings.HasSuffix(path, "/stream") || id == "stream" || id == "events" {
			continue // it would not end; TestEveryAnswer… and its own tests look at it
		}
		w.Fake.Advance(10 * time.Second) // its own pace
		for _, key := range []string{"", w.a.key} {
			g := w.do(t, ask{method: "GET", path: path, key: key, header: map[string]string{"Origin": "https://evil.example"}})
			h := g.header
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()"} {
				if h.Get(name) != want {
					t.Errorf("%s: %s is %q", id, name, h.Get(name))
				}
			}
			csp := h.Get("Content-Security-Policy")
			if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "*;") {
				t.Errorf("%s: policy %q", id, csp)
			}
			if r := h.Get("Referrer-Policy"); r != "same-origin" && r != "no-referrer" {
				t.Errorf("%s: Referrer-Policy %q", id, r)
			}
			if h.Get("Cross-Origin-Opener-Policy") != "same-origin" && id != "widget-frame" {
				t.Errorf("%s: opener policy %q", id, h.Get("Cross-Origin-Opener-Policy"))
			}
			if strings.HasPrefix(path, "/api/") && !strings.Contains(h.Get("Cache-Control"), "no-store") {
				t.Errorf("%s: may be kept: %q", id, h.Get("Cache-Control"))
			}
			for _, leak := range []string{"Server", "X-Powered-By", "X-Version", "Via"} {
				if h.Get(leak) != "" {
					t.Errorf("%s says %s: %s", id, leak, h.Get(leak))
				}
			}
			if cors := h.Get("Access-Control-Allow-Origin"); cors != "" && id != "widget-loader" || h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s lets another site read: %q", id, cors)
			}
		}
	}
}

// No route sends anybody to an address that somebody else wrote. asvs: V3.7.2
func TestNoRouteIsAnOpenRedirect(t *testing.T) {
	t.Parallel()
	w := one(t)
	for id, path := range w.everyGet() {
		if strings.HasSuffix(path, "/stream") || id == "stream" || id == "events" {
			continue
		}
		for _, lure := range []string{"?next=https://evil.example", "?return=//evil.example&redirect_uri=https://evil.example&url=https:evil.example", "//evil.example/..", "/%2f%2fevil.example", "/\\evil.example"} {
			w.Fake.Advance(time.Second)
			rec := httptest.NewRecorder()
			req := w.request(t, ask{method: "GET", path: path + lure, key: w.a.key})
			w.api.Handler().ServeHTTP(rec, req)
			if to := rec.Header().Get("Location"); strings.Contains(to, "evil.example") && !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\") {
				t.Errorf("%s%s leads to %s", id, lure, to)
			}
		}
	}
}

// Only a chat's own pages may read how it looks. asvs: V3.4.2
func TestOnlyTheChatsOwnPagesReadItsSettings(t *testing.T) {
	t.Parallel()
	w := one(t)
	for origin, ok := range map[string]bool{"http://localhost:3000": true, "http://127.0.0.1": true, w.server.URL: true, "": false, "null": false,
		"https://evil.example": false, "http://localhost.evil.example": false, "http://evil.example#localhost": false, "https://127.0.0.1.evil.example": false,
		"http://localhost@evil.example": false, "javascript:alert(1)": false, "http://key-canary-alpha": false} {
		g := w.do(t, ask{method: "GET", path: "/api/v1/widget/key-" + w.a.canary + "/config", header: map[string]string{"Origin": origin}})
		if got := g.header.Get("Access-Control-Allow-Origin"); ok != (g.status == 200) || ok != (got == origin && origin != "") || g.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%q: %d, allowed %q", origin, g.status, got)
		}
		if ok && !strings.Contains(g.header.Get("Vary"), "Origin") {
			t.Errorf("%q: a cache may give it to another origin", origin)
		}
	}
}

// A page of another site shows no file of ours, signed in or not; a link to it
// works. asvs: V3.5.8
func TestAPageOfAnotherSiteEmbedsNothing(t *testing.T) {
	t.Parallel()
	w := one(t)
	for name, c := range map[string]struct {
		site, mode, dest string
		ok               bool
	}{
		"our own picture":        {"same-origin", "no-cors", "image", true},
		"typed":                  {"none", "navigate", "document", true},
		"a link elsewhere":       {"cross-site", "navigate", "document", true},
		"an older browser":       {"", "", "", true},
		"a picture elsewhere":    {"cross-site", "no-cors", "image", false},
		"a frame elsewhere":      {"cross-site", "navigate", "iframe", false},
		"a script elsewhere":     {"cross-site", "no-cors", "script", false},
		"a fetch elsewhere":      {"cross-site", "cors", "empty", false},
		"a sister's picture":     {"same-site", "no-cors", "image", false},
		"an object elsewhere":    {"cross-site", "navigate", "object", false},
		"a worker's fetch":       {"cross-site", "cors", "", false},
		"a navigation, nameless": {"cross-site", "navigate", "", false},
	} {
		g := w.do(t, ask{method: "GET", path: "/api/v1/media/" + w.a.file.String(), cookie: w.a.cookie,
			header: map[string]string{"Sec-Fetch-Site": c.site, "Sec-Fetch-Mode": c.mode, "Sec-Fetch-Dest": c.dest}})
		if c.ok != (g.status == 200) || !c.ok && g.problem(t).Code != "cross_site" {
			t.Errorf("%s: %d %.100s", name, g.status, g.body)
		}
	}
}

// Each limit is of its own, says when to come back, and holds nobody else back.
// asvs: V2.4.1, V15.2.2
func TestALimitIsOfWhoUsesItUp(t *testing.T) {
	t.Parallel()
	w := one(t)
	tight := pace.Rule{N: 1, Per: time.Minute, Burst: 3}
	path := func(s *shop) string { return "/api/v1/widget/key-" + s.canary + "/config" }
	stranger := ask{method: "GET", path: "/api/v1/session", key: "pk_" + strings.Repeat("a", 43)}
	visit := func(s *shop) ask {
		return ask{method: "POST", path: "/api/v1/widget/key-" + s.canary + "/session", body: `{"boot_token":"none","consent":"unknown"}`}
	}
	for limit, c := range map[string]struct{ spend, other ask }{
		// What is refused anyway is refused for another reason once there is too much of it.
		"bad_credentials": {stranger, ask{method: "GET", path: "/api/v1/session", key: w.a.key}},
		"visit":           {visit(w.a), ask{method: "GET", path: path(w.a)}},
		"workspace":       {ask{method: "GET", path: "/api/v1/session", cookie: w.a.cookie}, ask{method: "GET", path: "/api/v1/session", cookie: w.b.cookie}},
		"read":            {ask{method: "GET", path: "/api/v1/session", cookie: w.a.cookie}, ask{method: "GET", path: "/api/v1/session", key: w.a.key}},
		"token":           {ask{method: "GET", path: "/api/v1/session", key: w.a.key}, ask{method: "GET", path: "/api/v1/session", key: w.b.key}},
		"widget":          {ask{method: "GET", path: path(w.a)}, ask{method: "GET", path: path(w.b)}},
		"public":          {ask{method: "GET", path: "/api/v1/setup"}, ask{method: "GET", path: "/api/v1/session", key: w.a.key}},
	} {
		face, err := api.New(api.Deps{Store: w.DB, Members: w.members, Inbox: w.inbox, Knowledge: w.knowledge, Channels: channel.NewRegistry(),
			Clock: w.Clock, Web: site(), Config: api.Config{Limits: map[string]pace.Rule{limit: tight}}})
		must(t, err)
		call := func(a ask) got {
			req := w.request(t, a)
			req.RemoteAddr, req.Host = netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), 4711).String(), "localhost"
			req.Header.Set("Origin", "http://localhost")
			rec := httptest.NewRecorder()
			face.Handler().ServeHTTP(rec, req)
			return got{rec.Code, rec.Header(), rec.Body.String()}
		}
		for range tight.Burst {
			if g := call(c.spend); g.status == 429 || g.status != 200 && limit != "bad_credentials" && limit != "visit" {
				t.Fatalf("%s: %d %s", limit, g.status, g.body)
			}
		}
		g := call(c.spend)
		if g.status != 429 || g.problem(t).Code != "too_many_requests" || g.header.Get("Retry-After") != "60" {
			t.Errorf("%s: %d, again after %q: %s", limit, g.status, g.header.Get("Retry-After"), g.body)
		}
		if g := call(c.other); g.status != 200 {
			t.Errorf("%s: another is held back: %d %s", limit, g.status, g.body)
		}
	}
}
