package api_test

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/channel"
)

// covers H-79: whoever finds a weakness knows whom to tell.
func TestWhomToTellOfAWeakness(t *testing.T) {
	t.Parallel()
	w := one(t)
	w.want(t, 404, ask{method: "GET", path: "/.well-known/security.txt"}) // nobody was named
	if g := w.want(t, 200, ask{method: "GET", path: "/privacy/security"}); !strings.Contains(g.body, "named no address") || strings.Contains(g.body, "mailto:") {
		t.Errorf("%.400s", g.body)
	}
	face, err := api.New(api.Deps{Store: w.DB, Members: w.members, Inbox: w.inbox, Knowledge: w.knowledge, Channels: channel.NewRegistry(),
		Clock: w.Clock, Web: site(), Config: api.Config{PublicURL: "https://chat.example.com", SecurityContact: "mailto:security@example.com"}})
	must(t, err)
	get := func(path string) got {
		rec := httptest.NewRecorder()
		face.Handler().ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		return got{rec.Code, rec.Header(), rec.Body.String()}
	}
	g := get("/.well-known/security.txt")
	for _, line := range []string{"Contact: mailto:security@example.com\n", "Canonical: https://chat.example.com/.well-known/security.txt\n",
		"Policy: https://chat.example.com/privacy/security\n", "Preferred-Languages: en, tr\n"} {
		if !strings.Contains(g.body, line) {
			t.Errorf("lacks %q:\n%s", line, g.body)
		}
	}
	m := regexp.MustCompile(`Expires: (\S+)\n`).FindStringSubmatch(g.body)
	if m == nil || g.header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Fatalf("%s", g.body)
	}
	ends, err := time.Parse(time.RFC3339, m[1])
	if left := ends.Sub(w.Clock.Now()); err != nil || left < 24*time.Hour || left > 365*24*time.Hour {
		t.Errorf("it ends in %v: %v", left, err)
	}
	for lang, title := range map[string]string{"en": "Reporting a weakness", "tr": "Bir güvenlik açığını bildirmek"} {
		g := get("/privacy/security?l=" + lang)
		if g.status != 200 || !strings.Contains(g.body, title) || !strings.Contains(g.body, `href="mailto:security@example.com"`) || strings.Contains(g.body, "disclosure.") || strings.Contains(g.body, "<script") {
			t.Errorf("%s: %.600s", lang, g.body)
		}
	}
	if g := get("/.well-known/gpc.json"); g.status != 200 || !strings.HasPrefix(g.body, `{"gpc":true,`) {
		t.Error(g.body)
	}
}
