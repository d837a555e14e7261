package api

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/record"
	"parley/internal/record/otlp"
)

// trace is what the access log learns about a request on its way: ids only.
type trace struct {
	id     desk.ID
	route  string
	actor  desk.Actor
	ws     desk.ID
	status int
	from   string // the caller's network, cut short
	tries  bool   // to sign in
	email  string // that was tried
}

type traceKey struct{}

func requestID(ctx context.Context) string {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok {
		return t.id.String()
	}
	return ""
}

func note(ctx context.Context, route string, c *call) {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok {
		t.route, t.actor, t.ws, t.from = route, c.Actor, c.Workspace.ID, record.Network(c.addr)
		if c.Member.Email != "" {
			t.email = c.Member.Email
		}
	}
}

// tried notes which account somebody tries to open. Only its keyed hash is kept.
func tried(ctx context.Context, email string) {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok {
		t.tries, t.email = true, member.Email(email)
	}
}

// recorded keeps a request among the records: that it was, and what was refused.
func (t *trace) recorded(rec *record.Recorder, r *http.Request) {
	if t.route == "none" {
		return
	}
	rec.Used(t.ws, t.actor, t.route, t.status >= http.StatusInternalServerError)
	if t.actor.Kind == desk.ByKey {
		rec.KeyUsed(t.ws, t.actor.ID, t.from)
	}
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		return
	}
	e := record.Event{Route: t.route, Workspace: t.ws, Actor: t.actor, Network: t.from}
	switch {
	case t.tries && (t.status == http.StatusUnauthorized || t.status == http.StatusForbidden):
		e.Kind, e.Account, e.Workspace = record.SignInFailed, t.email, 0
	case t.status == http.StatusUnauthorized && (r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != ""):
		e.Kind = record.BadToken
	case t.status == http.StatusForbidden:
		e.Kind = record.Refused
	case t.status == http.StatusTooManyRequests:
		e.Kind = record.Limited
	default:
		return
	}
	rec.Note(e)
}

// outer is around everything: a request id, the headers every answer has, the
// last catch of a panic, the access log and the figures.
func (a *API) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := a.Clock.Now()
		t := &trace{id: a.Store.NewID(), route: "none"}
		ctx, traced := a.Traces.Request(context.WithValue(r.Context(), traceKey{}, t))
		r = r.WithContext(ctx)
		out := &watched{ResponseWriter: w, trace: t, log: a.Log}
		a.headers(out, r, t)
		defer a.watchBody(out, r)()
		defer func() {
			if p := recover(); p != nil {
				a.caught(out, r, p)
			}
			took := a.Clock.Since(begun)
			traced(otlp.Request{ID: t.id, Workspace: t.ws, Method: r.Method, Route: t.route, Pattern: r.Pattern, Status: t.status})
			a.meters.request(t.route, t.status, took)
			t.recorded(a.Record, r)
			if a.Analytics != nil && t.actor.Kind == desk.ByMember {
				a.Analytics.Used(t.ws, t.actor.ID, t.route, r.Header)
			}
			a.Log.InfoContext(r.Context(), "request", "request", t.id.String(), "route", t.route, "method", r.Method, "status", t.status,
				"ms", took.Milliseconds(), "workspace", t.ws.String(), "actor", string(t.actor.Kind), "actor_id", t.actor.ID.String())
		}()
		if len(r.URL.Path) > 2048 || len(r.URL.RawQuery) > 8192 {
			a.fail(out, r, a.arrived(out, r), refuse(http.StatusRequestURITooLong, "too_large", "this address is too long"))
			return
		}
		next.ServeHTTP(out, r)
	})
}

// headers are those of every answer; a route that needs others sets its own.
func (a *API) headers(w http.ResponseWriter, r *http.Request, t *trace) {
	h := w.Header()
	h.Set("Date", a.Clock.Now().UTC().Format(http.TimeFormat)) // the program's time, by which the screens count
	h.Set("X-Request-Id", t.id.String())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if strings.HasPrefix(r.URL.Path, "/api/") {
		h.Set("Cache-Control", "no-store")
	}
	if _, https := a.origin(r); https {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

func (a *API) caught(w *watched, r *http.Request, p any) {
	if p == http.ErrAbortHandler {
		panic(p) // net/http's own word for "cut the connection"
	}
	// The value of a panic may hold anything; its place says enough.
	a.Log.ErrorContext(r.Context(), "request stopped unexpectedly", "request", requestID(r.Context()), "place", string(debug.Stack()))
	if !w.begun {
		a.fail(w, r, a.arrived(w, r), &desk.Error{Code: desk.Internal})
	}
}

// watched notes the status on its way out, and lets no cookie out that is not on
// the published list.
type watched struct {
	http.ResponseWriter
	trace *trace
	log   *slog.Logger
	begun bool
}

// listed runs before the header leaves, whichever call makes it leave.
func (w *watched) listed() {
	if n := unregistered(w.Header()); n > 0 {
		w.log.Error("a cookie that is not on the list was not set: add it to the register", "request", w.trace.id.String(), "route", w.trace.route, "cookies", n)
	}
}

func (w *watched) WriteHeader(code int) {
	w.listed()
	if !w.begun && code >= 200 {
		w.begun, w.trace.status = true, code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *watched) Write(b []byte) (int, error) {
	if !w.begun {
		w.listed()
		w.begun, w.trace.status = true, http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// FlushError is here because a stream's header may leave by it alone.
func (w *watched) FlushError() error {
	if !w.begun {
		w.listed()
		w.begun, w.trace.status = true, http.StatusOK
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
