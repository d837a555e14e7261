package api

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What is not on the list that /cookies shows is not set, whichever way the
// header of an answer leaves; the log says that, and not what the cookie held.
func TestACookieThatIsNotOnTheListIsNotSet(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(http.ResponseWriter){
		"status": func(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) },
		"hint":   func(w http.ResponseWriter) { w.WriteHeader(http.StatusEarlyHints) },
		"body":   func(w http.ResponseWriter) { _, _ = w.Write([]byte("said")) },
		"stream": func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said bytes.Buffer
			rec := httptest.NewRecorder()
			w := &watched{ResponseWriter: rec, trace: &trace{}, log: slog.New(slog.NewTextHandler(&said, nil))}
			for _, line := range []string{"__Host-session=a; Path=/; Secure", "follows=hidden-value; Path=/", "session=b; Path=/", "parley-choices=c", "not a cookie"} {
				w.Header().Add("Set-Cookie", line)
			}
			leave(w)
			got := strings.Join(w.Header().Values("Set-Cookie"), "|")
			if got != "__Host-session=a; Path=/; Secure|session=b; Path=/" {
				t.Errorf("set: %q", got)
			}
			if !strings.Contains(said.String(), "cookies=3") || strings.Contains(said.String(), "hidden-value") || strings.Contains(said.String(), "follows") {
				t.Errorf("the log says %q", said.String())
			}
		})
	}
}

func TestAnAnswerWithoutCookiesOnTheListSetsNone(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	rec := httptest.NewRecorder()
	w := &watched{ResponseWriter: rec, trace: &trace{}, log: slog.New(slog.NewTextHandler(&said, nil))}
	w.Header().Add("Set-Cookie", "follows=1")
	w.WriteHeader(http.StatusOK)
	if _, there := rec.Result().Header["Set-Cookie"]; there || w.trace.status != http.StatusOK {
		t.Errorf("header %v, status %d", rec.Result().Header, w.trace.status)
	}
}
