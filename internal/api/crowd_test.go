package api_test

import (
	"net/netip"
	"strings"
	"testing"
)

// One address holds a bounded number of streams open, whoever they are of and
// also behind a proxy; it is told to wait, and nobody elsewhere notices.
func TestOneAddressHasABoundedNumberOfStreams(t *testing.T) {
	t.Parallel()
	w := one(t)
	w.api.Config.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	const here, there = "203.0.113.9", "203.0.113.10"
	refused := func(a ask, why string) {
		t.Helper()
		g := w.want(t, 429, a)
		if p := g.problem(t); p.Code != "too_many_streams" || !strings.HasPrefix(p.Detail, why) || g.header.Get("Retry-After") == "" {
			t.Fatalf("%s, again after %q", g.body, g.header.Get("Retry-After"))
		}
	}
	member := func(key, from string) ask {
		return ask{method: "GET", path: "/api/v1/events", key: key, header: map[string]string{"Accept": "text/event-stream", "X-Forwarded-For": from}}
	}
	var last *listener
	for i := range 31 {
		visit := w.visits(t, here)
		for range 12 {
			last = w.listen(t, visit)
		}
		if i == 0 {
			refused(visit, "you have 12")
			visit.path += "&wait=20"
			refused(visit, "you have 12")
		}
	}
	next := w.visits(t, here)
	for range 12 {
		w.listen(t, member(w.a.key, here))
	}
	refused(next, "your address has 384")
	refused(member(w.b.key, here), "your address has 384")
	w.listen(t, member(w.b.key, there))
	w.listen(t, w.visits(t, there))
	w.listen(t, w.visits(t, "")) // the proxy's own
	for _, line := range []string{"parley_visitor_streams 374", "parley_http_streams 13"} {
		if !strings.Contains(w.figures(t), "\n"+line+"\n") {
			t.Errorf("%s is not told", line)
		}
	}
	must(t, last.res.Body.Close())
	w.tickUntil(t, func() bool { return strings.Contains(w.figures(t), "\nparley_visitor_streams 373\n") })
	w.listen(t, next)
	refused(member(w.b.key, here), "your address has 384")
}
