package api_test

import (
	"testing"
	"time"
)

// visits begins a visit of shop a's website chat from an address; what it gives
// back opens its stream.
func (w *world) visits(t *testing.T, from string) ask {
	t.Helper()
	key := "key-" + w.a.canary
	var boot struct {
		Token string `json:"boot_token"`
	}
	w.want(t, 200, ask{method: "GET", path: "/w/" + key, header: map[string]string{"Referer": w.server.URL + "/", "X-Forwarded-For": from}}).into(t, &boot)
	var s struct{ Token, No string }
	w.want(t, 200, ask{method: "POST", path: "/api/v1/widget/" + key + "/session", header: map[string]string{"X-Forwarded-For": from},
		body: `{"boot_token":"` + boot.Token + `","consent":"granted"}`}).into(t, &s)
	return ask{method: "GET", path: "/api/v1/widget/" + key + "/stream?after=" + s.No, header: map[string]string{"Authorization": "Widget " + s.Token, "X-Forwarded-For": from}}
}

// visit begins a visit and opens its stream.
func (w *world) visit(t *testing.T) *listener {
	t.Helper()
	return w.listen(t, w.visits(t, ""))
}

// A visitor's stream lives apart from its request, so nobody else would end it.
func TestAVisitorsStreamEndsWithTheVisitorAndWithTheServer(t *testing.T) {
	t.Parallel()
	w := one(t)
	stays, leaves := w.visit(t), w.visit(t)
	if n := w.api.Live.Streams(); n != 2 {
		t.Fatalf("%d streams are open", n)
	}
	if stays.res.Header.Get("X-Content-Type-Options") != "nosniff" || stays.res.Header.Get("X-Request-Id") == "" {
		t.Errorf("the headers of every answer are missing: %v", stays.res.Header)
	}
	must(t, leaves.res.Body.Close())
	w.tickUntil(t, func() bool { return w.api.Live.Streams() == 1 })
	w.api.Live.Close()
	end := time.After(patience)
	for {
		select {
		case _, open := <-stays.frames:
			if !open {
				return
			}
		case <-end:
			t.Fatal("the stream goes on although the server stopped")
		}
	}
}
