package api

import (
	"net/http"

	"parley/internal/desk"
)

func healthRoutes(a *API) {
	a.open(Route{ID: "healthz", Method: http.MethodGet, Path: "/healthz", Needs: Public, Limit: limitNone, Hidden: true, Tag: "health",
		Summary: "The process runs"}, func(w http.ResponseWriter, _ *http.Request) { plainText(w, "ok\n") })
	a.open(Route{ID: "readyz", Method: http.MethodGet, Path: "/readyz", Needs: Public, Limit: limitNone, Hidden: true, Tag: "health",
		Summary: "The database answers"}, a.ready)
}

func (a *API) ready(w http.ResponseWriter, r *http.Request) {
	if err := a.Store.Ping(r.Context()); err != nil {
		a.fail(w, r, calling(r.Context()), &desk.Error{Code: desk.Unavailable, Reason: "database", Text: "the database does not answer", Retry: true, Cause: err})
		return
	}
	plainText(w, "ok\n")
}

func plainText(w http.ResponseWriter, s string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(s)) // a caller that left needs no answer
}
