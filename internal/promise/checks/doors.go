package checks

import (
	"net/http"
	"strings"
	"time"

	"parley/internal/promise"
)

func doorChecks() []entry {
	return []entry{
		{"public-pages-quiet", publicPagesQuiet},
		{"weakness-reported", weaknessReported},
		{"cross-site-writes-refused", crossSite},
		{"deletion-callback", deletionCallback},
		{"looks-itself-over", looksItselfOver},
		{"tokens-go-to-meta-only", tokensToMetaOnly}, // when models were asked, too
	}
}

func publicPagesQuiet(t *trial) {
	for _, path := range []string{"/privacy/security", "/w/" + t.w.Place().Widget + "/privacy", "/api/docs"} {
		a := t.page(path)
		t.want(a.Status == http.StatusOK, "%s is there", strings.Replace(path, t.w.Place().Widget, "…", 1))
		t.want(a.Header.Get("Set-Cookie") == "", "it sets no cookie")
		t.want(!strings.Contains(string(a.Body), "<script src=\"http"), "it loads no script from elsewhere")
		t.want(strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src"), "it says what a browser may load for it")
	}
}

func weaknessReported(t *trial) {
	a := t.page("/.well-known/security.txt")
	said := map[string]string{}
	for line := range strings.Lines(string(a.Body)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		said[name] = value
	}
	until, err := time.Parse(time.RFC3339, said["Expires"])
	t.want(a.Status == http.StatusOK && (strings.HasPrefix(said["Contact"], "mailto:") || strings.HasPrefix(said["Contact"], "https://")), "security.txt says whom to tell of a weakness")
	t.want(err == nil && until.After(t.w.Now()) && until.Before(t.w.Now().Add(365*day)), "and until when it holds")
	t.want(t.page("/privacy/security").Status == http.StatusOK, "a page says how")
}

func crossSite(t *trial) {
	for _, h := range []http.Header{
		{"Cookie": {"__Host-session=x"}, "Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}},
		{"Cookie": {"__Host-session=x"}},
	} {
		h.Set("Content-Type", "application/json")
		a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodPatch, Path: "/api/v1/workspace", Body: []byte(`{"paused":true}`), Header: h})
		t.must(err)
		t.want(a.Status == http.StatusForbidden || a.Status == http.StatusUnauthorized, "a write in somebody's name from elsewhere is refused")
		t.want(a.Header.Get("Access-Control-Allow-Origin") == "", "no foreign website is invited")
	}
	b := t.member() // somebody whose cookie the other site's page would send along
	name := b.me().Member.Name
	for _, h := range []http.Header{{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}, {"Origin": {"https://evil.example"}}, {}} {
		h.Set("Content-Type", "application/json")
		h.Set("Cookie", b.cookie)
		a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodPatch, Path: "/api/v1/session", Body: []byte(`{"name":"Changed From Elsewhere"}`), Header: h})
		t.must(err)
		t.want(a.Status == http.StatusForbidden, "with the cookie of a member who is signed in it is, too")
	}
	t.want(b.me().Member.Name == name, "and nothing was changed")
}

func deletionCallback(t *trial) {
	for _, body := range []string{"", "signed_request=x.y", "signed_request=" + strings.Repeat("A", 100000)} {
		for _, path := range []string{"/hooks/meta/deletion", "/hooks/meta/deauthorize"} {
			a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodPost, Path: path, Body: []byte(body), Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}})
			t.must(err)
			t.want(a.Status >= 400 && a.Status < 500, "a forged request is refused with %d", a.Status)
		}
	}
	a, err := t.w.Deletion(t.ctx)
	t.must(err)
	t.want(a.Status == http.StatusOK && strings.Contains(string(a.Body), "/privacy/status/") && strings.Contains(string(a.Body), "confirmation_code"),
		"a signed one is answered with the address of a page and a code")
	_, rest, _ := strings.Cut(string(a.Body), "/privacy/status/")
	code, _, _ := strings.Cut(rest, `"`)
	t.want(t.page("/privacy/status/"+code).Status == http.StatusOK, "the page is there")
	t.want(t.page("/privacy/status/"+strings.Repeat("x", len(code))).Status == http.StatusNotFound, "a guessed code opens nothing")
}

func looksItselfOver(t *trial) {
	if t.err != nil {
		return
	}
	out, err := t.w.Command(t.ctx, nil, "doctor", "--json")
	t.must(err)
	t.want(strings.Contains(string(out.Stdout), "database"), "doctor looks at the database")
}
