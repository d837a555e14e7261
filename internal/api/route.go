package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/member"
	"parley/internal/store"
)

// Need says who may call a route: one of the two words below, or a permission
// of desk. A route without one fails to register.
type Need string

// Public needs nobody; SignedIn any member or key of a workspace.
const (
	Public   Need = "public"
	SignedIn Need = "signed in"
)

// Route is one operation with everything that is checked before its handler
// runs.
type Route struct {
	ID      string // operation id, also the name in logs and figures
	Method  string // "" = every method
	Path    string
	Needs   Need
	Summary string
	Tag     string
	Status  int   // of success; 0 = 200, or 204 without a body
	Limit   limit // "" = limitRead for GET, limitWrite else; limitPublic when public
	Body    int64 // bytes a body may have; 0 = 64 KB
	Form    bool  // takes multipart/form-data too
	Raw     bool  // the body is what somebody signed: only its size is checked here
	Stream  bool  // the handler reads the body itself, up to Body
	Hidden  bool  // not part of the described API

	// Early is the step of a sign-in at which this works already; "" = only when
	// nothing is owed (a second factor, or adding one).
	Early desk.Step
	// Fresh wants a proof of who it is from the last ten minutes: exports,
	// erasure, secrets, roles. The sign-in itself is one. Keys need none: see
	// member.Fresh.
	Fresh bool

	// Record names the entry that the audit log gets before an answer with
	// personal data leaves that is nobody's daily duty to read; "" = none, as the
	// handler's own act is recorded where it happens.
	Record string
	// Held works while the operator has suspended the workspace, or an owner closed
	// it: what shows why, appeals, takes it back, ends sign-ins or erases.
	Held bool

	tune func(*huma.Operation)
}

// Object says whose things a route reaches. It follows from what the route
// needs, so that none can be declared wider than its permission.
type Object string

// The object rules.
const (
	ObjectAny       Object = "any"       // nobody's: the route asks for no caller
	ObjectSelf      Object = "self"      // the caller's own, and what holds for every member
	ObjectWorkspace Object = "workspace" // of the caller's workspace; others' are absent
	ObjectInstance  Object = "instance"  // of the install: names, counts and suspensions of every workspace
)

// Object is the route's object rule.
func (r Route) Object() Object {
	switch {
	case r.Needs == Public:
		return ObjectAny
	case r.Needs == SignedIn:
		return ObjectSelf
	case desk.Permission(r.Needs).OfInstance():
		return ObjectInstance
	}
	return ObjectWorkspace
}

const bodyLimit = 64 << 10

// call is one request on its way through a handler.
type call struct {
	member.Who
	ws     store.Handle // bound to the caller's workspace; of no workspace for Public
	token  string       // of the session or key
	addr   string       // the caller's network address, for limits only
	agent  string
	host   string // the request was sent to, lower case
	https  bool
	local  bool // plain http on a loopback address
	locale string
	header http.Header // of the answer
}

type callKey struct{}

func calling(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// works reports whether a call goes on using the service: an act that needs a
// permission. Looking after oneself (a profile, an export, declining, leaving) and
// taking something back do not.
func (r Route) works() bool {
	return r.Method != http.MethodGet && r.Needs != Public && r.Needs != SignedIn && !r.Held
}

// declare registers an operation whose input and output huma reads from the
// types I and O. Errors of the handler become problem+json.
func declare[I, O any](a *API, r Route, handler func(context.Context, *call, *I) (*O, error)) {
	r = a.checked(r)
	op := huma.Operation{OperationID: r.ID, Method: r.Method, Path: r.Path, Summary: r.Summary, Tags: []string{r.Tag},
		DefaultStatus: r.Status, MaxBodyBytes: r.Body + 1, BodyReadTimeout: -1,
		Extensions: r.marks()}
	if r.Needs != Public {
		op.Security = []map[string][]string{{"cookie": {}}, {"bearer": {}}}
	}
	if r.tune != nil {
		r.tune(&op)
	}
	a.declaring = &r
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		c := calling(ctx)
		out, err := handler(ctx, c, in)
		if err == nil && r.Record != "" {
			err = c.ws.Write(ctx, func(tx *store.Tx) error { return a.recorded(tx, c, r.Record, 0) })
		}
		if err != nil {
			return nil, a.problem(ctx, c, err)
		}
		if r.works() {
			if err := a.Members.Worked(ctx, c.Who, c.locale); err != nil { // the act stands; the next one is noted
				a.Log.WarnContext(ctx, "that a member goes on by the policy was not noted", "request", requestID(ctx), "error", err)
			}
		}
		return out, nil
	})
	a.declaring = nil
	a.routes = append(a.routes, r)
}

// marks are what the description says of a route beyond its form.
func (r Route) marks() map[string]any {
	m := map[string]any{"x-needs": string(r.Needs), "x-object": string(r.Object())}
	if r.Held {
		m["x-held"] = true
	}
	if r.Early != desk.StepIn {
		m["x-early"] = string(r.Early)
	}
	if r.Fresh {
		m["x-fresh"] = true
	}
	return m
}

// open registers a route that writes its own answer. Its handler finds the
// caller with calling(r.Context()).
func (a *API) open(r Route, h http.HandlerFunc) {
	r = a.checked(r)
	pattern := r.Path
	if r.Method != "" {
		pattern = r.Method + " " + r.Path
	}
	a.mux.Handle(pattern, a.around(r, h))
	a.routes = append(a.routes, r)
}

// checked fills a route's defaults. One without a known need gets one that
// nobody holds, so that a slip closes a door instead of opening it; a test
// fails for it.
func (a *API) checked(r Route) Route {
	if r.Body == 0 {
		r.Body = bodyLimit
	}
	if r.Limit == "" {
		switch {
		case r.Needs == Public:
			r.Limit = limitPublic
		case r.Method == http.MethodGet:
			r.Limit = limitRead
		default:
			r.Limit = limitWrite
		}
	}
	return r
}

// around checks a request in the order of what is cheapest to refuse: address,
// origin, credentials, permission, pace, body.
func (a *API) around(rt Route, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := a.arrived(w, r)
		note(r.Context(), rt.ID, c)
		err := a.admit(rt, c, r)
		note(r.Context(), rt.ID, c) // who was refused is known by now
		if err != nil {
			a.fail(w, r, c, err)
			return
		}
		if err := a.body(rt, r); err != nil {
			a.fail(w, r, c, err)
			return
		}
		h(w, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
	}
}

func (a *API) admit(rt Route, c *call, r *http.Request) error {
	if rt.Needs == Public {
		if rt.Limit == limitSignIn { // it sets a cookie: nobody is signed in by another site's page
			if err := a.sameSite(r, false); err != nil {
				return err
			}
			c.token = sessionCookie(c, r) // what the browser holds, which may be no session
		}
		return a.limits.take(rt.Limit, "address "+c.addr)
	}
	if err := a.identify(c, r); err != nil {
		return err
	}
	if err := owing(rt.Early, c.Step); err != nil {
		return err
	}
	if err := shut(c.Workspace, rt.Held); err != nil {
		return err
	}
	if !allows(rt.Needs, c.Actor) {
		return desk.Fail(desk.Forbidden, "permission", "this needs the permission "+string(rt.Needs))
	}
	if rt.Fresh && !a.Members.Fresh(c.Who) {
		return desk.Fail(desk.Forbidden, "reauthentication_required", "prove once more who you are (POST /api/v1/session/proof), then ask again")
	}
	if err := a.limits.take(rt.Limit, string(c.Actor.Kind)+" "+c.Actor.ID.String()); err != nil {
		return err
	}
	return a.limits.take(limitWorkspace, c.Workspace.ID.String())
}

// shut refuses what does not work while nobody works in a workspace.
func shut(w desk.Workspace, held bool) error {
	switch {
	case w.Ending:
		return desk.Fail(desk.Unauthenticated, "workspace_gone", "this workspace was deleted")
	case held:
		return nil
	case w.Suspended:
		return errHeld()
	case w.Closed():
		return desk.Fail(desk.Forbidden, "workspace_closed", "this workspace is closed and will be deleted; GET /api/v1/workspace/closing says until when an owner can take it back")
	}
	return nil
}

func errHeld() error {
	return desk.Fail(desk.Forbidden, "workspace_suspended", "this workspace is suspended; GET /api/v1/suspension says why, and takes an appeal")
}

// owing refuses whatever does not settle what a sign-in still owes.
func owing(early, owed desk.Step) error {
	switch {
	case early.Reaches(owed):
		return nil
	case owed == desk.StepEnrol:
		return desk.Fail(desk.Forbidden, "enrol_factor", "add a second factor first: this workspace or install demands one of you")
	}
	return desk.Fail(desk.Forbidden, "second_factor_required", "this sign-in waits for your second factor")
}

func allows(n Need, who desk.Actor) bool {
	return n == SignedIn || who.May(desk.Permission(n))
}

// may reports whether the caller holds a permission beyond the route's.
func (c *call) may(p desk.Permission) bool { return c.Actor.May(p) }

// language is the first that the browser asks for and we speak: the dashboard
// asks for the one it is shown in. Else it is the member's own.
func language(c *call, r *http.Request) string {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		if i18n.Known(tag) {
			return tag
		}
	}
	if c.Member.Locale != "" {
		return c.Member.Locale
	}
	return i18n.Fallback
}
