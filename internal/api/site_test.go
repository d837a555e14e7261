package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestThePageHasAPolicyOfItsOwn(t *testing.T) {
	t.Parallel()
	w := one(t)
	noncePart := regexp.MustCompile(`nonce="([^"]+)"`)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/inbox/123", "/sign-in", "/setup"} {
		g := w.want(t, 200, ask{method: "GET", path: path})
		m := noncePart.FindStringSubmatch(g.body)
		if m == nil || seen[m[1]] || strings.Contains(g.body, "__CSP_NONCE__") {
			t.Fatalf("%s: no fresh nonce: %s", path, g.body)
		}
		seen[m[1]] = true
		csp := g.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'nonce-" + m[1] + "' 'strict-dynamic'", "frame-ancestors 'none'", "base-uri 'none'", "report-uri /csp-report"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy lacks %s: %s", path, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || g.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, g.header)
		}
	}
	w.want(t, 204, ask{method: "POST", path: "/csp-report", body: `{"csp-report":{}}`, header: map[string]string{"Content-Type": "application/csp-report+json"}})
}

func TestEveryAnswerHasTheHeadersThatProtectIt(t *testing.T) {
	t.Parallel()
	w := one(t)
	for _, path := range []string{"/", "/assets/app-1.js", "/assets/none.js", "/api/v1/session", "/api/v1/nothing", "/api/openapi.json", "/api/docs", "/healthz", "/readyz"} {
		g := w.do(t, ask{method: "GET", path: path, header: map[string]string{"Accept-Encoding": "identity"}})
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
			if g.header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, g.header.Get(name))
			}
		}
		if !strings.Contains(g.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") || g.header.Get("Content-Type") == "" || g.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", path, g.header)
		}
		for _, leak := range []string{"Server", "X-Powered-By"} {
			if g.header.Get(leak) != "" {
				t.Errorf("%s says %s", path, leak)
			}
		}
		if g.header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HSTS on plain http", path)
		}
	}
}

func TestFilesAreServedAsTheBrowserCanTakeThem(t *testing.T) {
	t.Parallel()
	w := one(t)
	for accept, want := range map[string]string{"br, gzip": "br script", "gzip": "gz script", "": "raw script", "identity": "raw script",
		"br;q=0, gzip": "gz script", "br;q=0, gzip;q=0": "raw script", "*": "br script", "*;q=0": "raw script", "br;q=0,*": "gz script", "abrx": "raw script"} {
		req := w.request(t, ask{method: "GET", path: "/assets/app-1.js"})
		req.Header["Accept-Encoding"] = []string{accept} // the client adds its own otherwise
		res, err := (&http.Transport{DisableCompression: true}).RoundTrip(req)
		must(t, err)
		body := make([]byte, 100)
		n, _ := res.Body.Read(body)
		_ = res.Body.Close()
		if string(body[:n]) != want || res.Header.Get("Vary") != "Accept-Encoding" || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") ||
			!strings.HasPrefix(res.Header.Get("Content-Type"), "text/javascript") {
			t.Errorf("%q: %s %v", accept, body[:n], res.Header)
		}
	}
	for path, status := range map[string]int{"/assets/gone.js": 404, "/gone.png": 404, "/assets/gone": 404, "/.vite/manifest.json": 404, "/api/nothing": 404,
		"/index.html": 404, "/../go.mod": 404, "/api": 404} {
		if g := w.do(t, ask{method: "GET", path: path}); g.status != status {
			t.Errorf("%s: %d", path, g.status)
		}
	}
	g := w.want(t, 200, ask{method: "GET", path: "/favicon.svg"})
	if g.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%v", g.header)
	}
}

func TestUnknownMethodsAndAddressesAreProblems(t *testing.T) {
	t.Parallel()
	w := one(t)
	for path, allow := range map[string]string{"/api/v1/setup": "GET, POST", "/api/v1/conversations/1/take-over": "POST", "/": "GET, HEAD"} {
		g := w.want(t, 405, ask{method: "PATCH", path: path})
		if g.header.Get("Allow") != allow || g.problem(t).Code != "method" {
			t.Errorf("%s: Allow %q, %s", path, g.header.Get("Allow"), g.body)
		}
	}
	if p := w.want(t, 404, ask{method: "GET", path: "/api/v2/session"}).problem(t); p.Code != "no_such_operation" {
		t.Fatal(p)
	}
}

func TestTheDocsHaveNoScript(t *testing.T) {
	t.Parallel()
	w := one(t)
	g := w.want(t, 200, ask{method: "GET", path: "/api/docs"})
	if strings.Contains(g.body, "<script") || strings.Contains(g.header.Get("Content-Security-Policy"), "script-src") ||
		!strings.Contains(g.body, "/api/v1/conversations/{id}/take-over") {
		t.Fatalf("%.300s", g.body)
	}
}

func TestFiguresHaveNoIDsAndAreNotPublic(t *testing.T) {
	t.Parallel()
	w := one(t)
	w.want(t, 200, ask{method: "GET", path: "/api/v1/conversations/" + w.a.conversation.String(), cookie: w.a.cookie})
	if g := w.do(t, ask{method: "GET", path: "/metrics"}); strings.Contains(g.body, "parley_http_requests_total") {
		t.Fatal("figures are public")
	}
	body := w.figures(t)
	if !strings.Contains(body, `parley_http_requests_total{route="get-conversation",status="200"} 1`) || strings.Contains(body, w.a.conversation.String()) {
		t.Fatalf("%.600s", body)
	}
}
