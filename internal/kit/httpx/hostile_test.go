package httpx

import (
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/clock"
)

// Whatever a server answers, it takes no more of us than a rule allows. asvs:
// V15.2.2
func TestAHostileAnswerTakesNoMoreThanTheRuleAllows(t *testing.T) {
	t.Parallel()
	fake := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	begun, gone := make(chan bool, 1), make(chan bool)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb": // a megabyte of zeros in a kilobyte, again and again
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			zeros := make([]byte, 1<<20)
			for range 100 {
				if _, err := z.Write(zeros); err != nil {
					return
				}
			}
			_ = z.Close()
		case "/headers":
			for range 100 {
				w.Header().Add("X-A", strings.Repeat("a", 1000))
			}
		case "/drip":
			_, _ = w.Write([]byte("a"))
			_ = http.NewResponseController(w).Flush()
			begun <- true
			<-gone
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		}
	}))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(gone) })
	c, err := New(fake, Rule{Name: "typed", Purpose: Directed, Private: []string{strings.TrimPrefix(s.URL, "http://")}, Max: 2 << 20, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	go func() {
		<-begun
		fake.Advance(time.Minute)
	}()
	for path, want := range map[string]Kind{"/bomb": TooLarge, "/headers": Failed, "/drip": TimedOut} {
		if _, err := c.Do(t.Context(), Call{Rule: "typed", URL: s.URL + path}); failure(t, err).Kind != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if a, err := c.Do(t.Context(), Call{Rule: "typed", URL: s.URL + "/round", Redirects: 3}); err != nil || a.Status != http.StatusFound {
		t.Errorf("round and round: %+v %v", a.Status, err)
	}
}
