package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/member"
)

func signInBody(email, password string) string {
	b, _ := json.Marshal(map[string]string{"email": email, "password": password})
	return string(b)
}

func TestSigningInSetsOneStrictCookieAndSigningOutEndsIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		g := w.want(t, 200, ask{method: "POST", path: "/api/v1/session", body: signInBody(w.a.owner.Email, password)})
		var me api.Me
		g.into(t, &me)
		if me.Member.ID != w.a.owner.ID || me.Workspace.ID != w.a.ws.ID || len(me.Permissions) < 10 {
			t.Fatalf("me: %s", g.body)
		}
		cookies := (&http.Response{Header: g.header}).Cookies()
		if len(cookies) != 1 {
			t.Fatalf("%d cookies", len(cookies))
		}
		c := cookies[0]
		if c.Name != "session" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure || c.MaxAge <= 0 || len(c.Raw) > 4096 {
			t.Fatalf("on plain loopback http: %s", c.Raw)
		}
		if g.header.Get("Cache-Control") != "no-store" {
			t.Fatal("a sign-in may be cached")
		}
		w.want(t, 200, ask{method: "GET", path: "/api/v1/session", cookie: c.Value})
		g = w.want(t, 204, ask{method: "DELETE", path: "/api/v1/session", cookie: c.Value})
		if g.header.Get("Clear-Site-Data") == "" || !strings.Contains(g.header.Get("Set-Cookie"), "Max-Age=0") {
			t.Fatalf("signing out leaves traces: %v", g.header)
		}
		w.want(t, 401, ask{method: "GET", path: "/api/v1/session", cookie: c.Value})
	})
}

func TestBehindTLSTheCookieIsHostBound(t *testing.T) {
	t.Parallel()
	w := one(t)
	h := w.trusting(t, "127.0.0.0/8")
	g := h(ask{method: "POST", path: "/api/v1/session", body: signInBody(w.a.owner.Email, password),
		header: map[string]string{"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.9"}}, "chat.example.com")
	if g.status != 200 {
		t.Fatalf("%d %s", g.status, g.body)
	}
	raw := g.header.Get("Set-Cookie")
	for _, must := range []string{"__Host-session=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(raw, must) {
			t.Errorf("cookie lacks %s: %s", must, raw)
		}
	}
	if strings.Contains(raw, "Domain") || g.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%v", g.header)
	}
}

func TestOffLoopbackPlainHTTPIsToldToUseHTTPS(t *testing.T) {
	t.Parallel()
	w := one(t)
	h := w.trusting(t)
	a := ask{method: "POST", path: "/api/v1/session", body: signInBody(w.a.owner.Email, password)}
	g := h(a, "chat.example.com")
	if p := g.problem(t); p.Code != "https_needed" || p.Status != 403 {
		t.Fatalf("%s", g.body)
	}
	a.header = map[string]string{"X-Forwarded-Proto": "https"} // nobody trusted says so
	if p := h(a, "chat.example.com").problem(t); p.Code != "https_needed" {
		t.Fatal("an untrusted X-Forwarded-Proto was believed")
	}
	if g := h(ask{method: "GET", path: "/api/v1/session", cookie: w.a.cookie}, "evil.example"); g.status != 401 {
		t.Fatalf("a loopback cookie under a foreign name: %d", g.status)
	}
}

func TestSignInSaysTheSameForWrongPasswordAndUnknownPerson(t *testing.T) {
	t.Parallel()
	w := one(t)
	wrong := w.want(t, 401, ask{method: "POST", path: "/api/v1/session", body: signInBody(w.a.owner.Email, "wrong")})
	unknown := w.want(t, 401, ask{method: "POST", path: "/api/v1/session", body: signInBody("nobody@example.com", "wrong")})
	if wrong.body != unknown.body || wrong.problem(t).Code != "sign_in_failed" {
		t.Fatalf("%s\n%s", wrong.body, unknown.body)
	}
	var last got
	for range 60 {
		if last = w.do(t, ask{method: "POST", path: "/api/v1/session", body: signInBody(w.a.owner.Email, "wrong")}); last.status == 429 {
			break
		}
	}
	if last.status != 429 || last.header.Get("Retry-After") == "" {
		t.Fatalf("guessing goes on: %d %v", last.status, last.header)
	}
}

func TestOneAddressInTwoWorkspacesChooses(t *testing.T) {
	t.Parallel()
	w := one(t)
	_, _, err := w.members.Add(t.Context(), "Beta", member.Person{Name: "x", Email: w.a.owner.Email, Role: desk.RoleAgent, Password: password})
	must(t, err)
	g := w.want(t, 409, ask{method: "POST", path: "/api/v1/session", body: signInBody(w.a.owner.Email, password)})
	p := g.problem(t)
	if p.Code != "choose_workspace" || len(p.Workspaces) != 2 {
		t.Fatal(g.body)
	}
	body := strings.Replace(signInBody(w.a.owner.Email, password), "}", `,"workspace_id":"`+w.b.ws.ID.String()+`"}`, 1)
	var me api.Me
	w.want(t, 200, ask{method: "POST", path: "/api/v1/session", body: body}).into(t, &me)
	if me.Workspace.ID != w.b.ws.ID {
		t.Fatal("signed in elsewhere")
	}
}

// A cookie alone must not be enough for a write that another site's page caused.
func TestOnlyOurOwnPagesWriteWithACookie(t *testing.T) {
	t.Parallel()
	w := one(t)
	path := "/api/v1/conversations/" + w.a.conversation.String() + "/messages"
	before := w.messages(t, w.a)
	for name, c := range map[string]struct {
		header map[string]string
		ok     bool
	}{
		"same-origin":            {map[string]string{"Sec-Fetch-Site": "same-origin"}, true},
		"cross-site":             {map[string]string{"Sec-Fetch-Site": "cross-site"}, false},
		"same-site sub-domain":   {map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://shop.parley.test"}, false},
		"foreign Origin":         {map[string]string{"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, false},
		"null Origin":            {map[string]string{"Sec-Fetch-Site": "", "Origin": "null"}, false},
		"own Origin":             {map[string]string{"Sec-Fetch-Site": "", "Origin": w.server.URL}, true},
		"the public address":     {map[string]string{"Sec-Fetch-Site": "", "Origin": "http://parley.test"}, true},
		"neither header":         {map[string]string{"Sec-Fetch-Site": ""}, false},
		"cross-site, own Origin": {map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": w.server.URL + "x"}, false},
	} {
		g := w.do(t, ask{method: "POST", path: path, body: `{"body":"hi","kind":"note"}`, cookie: w.a.cookie, header: c.header})
		if c.ok != (g.status == 201) || !c.ok && (g.status != 403 || g.problem(t).Code != "cross_site") {
			t.Errorf("%s: %d %s", name, g.status, g.body)
		}
	}
	if n := w.messages(t, w.a); n != before+3 {
		t.Fatalf("%d messages came of 3 allowed writes", n-before)
	}
	if g := w.do(t, ask{method: "POST", path: "/api/v1/session", body: signInBody(w.a.owner.Email, password), header: map[string]string{"Sec-Fetch-Site": "cross-site"}}); g.status != 403 {
		t.Fatalf("another site signs people in: %d", g.status)
	}
}

// covers H-92, H-08
func TestTheFirstOwnerComesByTheLink(t *testing.T) {
	t.Parallel()
	w := empty(t)
	var state api.SetupState
	w.want(t, 200, ask{method: "GET", path: "/api/v1/setup"}).into(t, &state)
	if !state.Needed {
		t.Fatal("not needed")
	}
	token, _, err := w.members.FirstStart(t.Context())
	must(t, err)
	ticked := []map[string]string{}
	body := func(token, password string) string {
		b, _ := json.Marshal(map[string]any{"token": token, "workspace": "Kumaş", "name": "Ada", "email": "ada@example.com", "password": password, "locale": "tr", "acknowledged": ticked})
		return string(b)
	}
	if p := w.want(t, 422, ask{method: "POST", path: "/api/v1/setup", body: body(token, password)}).problem(t); p.Code != "not_acknowledged" || len(p.Asks) < 2 {
		t.Fatal(p)
	}
	for _, s := range state.Asks {
		ticked = append(ticked, map[string]string{"what": s.What, "version": s.Version})
	}
	if p := w.want(t, 422, ask{method: "POST", path: "/api/v1/setup", body: body(token, "short")}).problem(t); p.Code != "password_short" {
		t.Fatal(p)
	}
	if p := w.want(t, 403, ask{method: "POST", path: "/api/v1/setup", body: body("guess", password)}).problem(t); p.Code != "setup_link" {
		t.Fatal(p)
	}
	var me api.Me
	g := w.want(t, 200, ask{method: "POST", path: "/api/v1/setup", body: body(token, password)})
	g.into(t, &me)
	if me.Member.Role != desk.RoleOwner || me.Workspace.Name != "Kumaş" || g.header.Get("Set-Cookie") == "" {
		t.Fatal(g.body)
	}
	w.want(t, 403, ask{method: "POST", path: "/api/v1/setup", body: body(token, password)})
	w.want(t, 200, ask{method: "GET", path: "/api/v1/setup"}).into(t, &state)
	if state.Needed || len(state.Asks) != 0 {
		t.Fatal("still needed")
	}
}

func TestAPersonSeesAndEndsTheirOwnSignIns(t *testing.T) {
	t.Parallel()
	w := one(t)
	other, err := w.members.SignIn(t.Context(), member.SignIn{Email: w.a.owner.Email, Password: password})
	must(t, err)
	var list api.Page[api.Device]
	w.want(t, 200, ask{method: "GET", path: "/api/v1/sessions", cookie: w.a.cookie}).into(t, &list)
	if len(list.Items) != 2 {
		t.Fatalf("%d sign-ins", len(list.Items))
	}
	w.want(t, 204, ask{method: "DELETE", path: "/api/v1/sessions/" + other.Who.Session.String(), cookie: w.a.cookie})
	w.want(t, 401, ask{method: "GET", path: "/api/v1/session", cookie: other.Token})
	change := `{"current":"` + password + `","new":"four blue kites in the wind"}`
	w.want(t, 403, ask{method: "PUT", path: "/api/v1/password", body: strings.Replace(change, "three", "two", 1), cookie: w.a.cookie})
	w.want(t, 204, ask{method: "PUT", path: "/api/v1/password", body: change, cookie: w.a.cookie})
	w.want(t, 401, ask{method: "POST", path: "/api/v1/session", body: signInBody(w.a.owner.Email, password)})
}

func signInOf(email string) member.SignIn { return member.SignIn{Email: email, Password: password} }
