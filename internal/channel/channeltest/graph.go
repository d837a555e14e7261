package channeltest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"parley/internal/channel/meta"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
)

// Call is one call that a stand-in for Meta's hosts saw.
type Call struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   string
	Gone   <-chan struct{} // closed when the caller gave up
}

// Calls are the calls of one test, in order.
type Calls struct {
	mu  sync.Mutex
	all []Call
	URL string // of the stand-in
}

// All gives the calls so far.
func (c *Calls) All() []Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Call(nil), c.all...)
}

// Last is the newest call.
func (c *Calls) Last(t *testing.T) Call {
	t.Helper()
	all := c.All()
	if len(all) == 0 {
		t.Fatal("nothing was called")
	}
	return all[len(all)-1]
}

// MetaApp is the app of a test at a stand-in.
func MetaApp(at string) meta.App {
	return meta.App{ID: "4242", Secret: secret.New("test-app-secret"), InstagramID: "7777", InstagramSecret: secret.New("test-instagram-secret"),
		VerifyToken: secret.New("v3rify"), GraphURL: at, SignupConfig: "cfg-1"}
}

// Graph gives a client whose calls a handler on loopback answers. It is no
// simulator: it knows only what the test says.
func Graph(t *testing.T, clk clock.Clock, answer func(w http.ResponseWriter, c Call)) (*meta.Graph, *Calls) {
	t.Helper()
	seen := &Calls{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		c := Call{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header, Body: string(body), Gone: r.Context().Done()}
		seen.mu.Lock()
		seen.all = append(seen.all, c)
		seen.mu.Unlock()
		answer(w, c)
	}))
	t.Cleanup(s.Close)
	seen.URL = s.URL
	app := MetaApp(s.URL)
	rules, err := app.Rules()
	if err != nil {
		t.Fatal(err)
	}
	out, err := httpx.New(clk, rules...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Close)
	return meta.NewGraph(app, out, clk), seen
}

// Says answers every call with a status and a body.
func Says(status int, body string) func(http.ResponseWriter, Call) {
	return func(w http.ResponseWriter, _ Call) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // a caller that went away is its own matter
	}
}
