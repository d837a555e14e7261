package api_test

import (
	"encoding/base32"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/member"
)

// asvs: V6.3.3, V8.3.1
func TestASignInThatOwesAFactorReachesNothingButWhatSettlesIt(t *testing.T) {
	t.Parallel()
	w := one(t)
	factor, err := w.members.SignIn(t.Context(), signInOf("agent@canary-alpha.test")) // the world gave them a factor
	must(t, err)
	_, _, err = w.members.Add(t.Context(), "Alpha", member.Person{Name: "New", Email: "new@canary-alpha.test", Role: desk.RoleAdmin, Password: password})
	must(t, err)
	must(t, w.members.SetDemand(t.Context(), w.a.ws.ID, desk.DemandAdmins, desk.Actor{Kind: desk.BySystem}))
	enrol, err := w.members.SignIn(t.Context(), signInOf("new@canary-alpha.test"))
	must(t, err)
	shut := 0
	for _, r := range mine(w) {
		if r.Needs == api.Public || r.Method == "" || r.ID == "sign-out" {
			continue
		}
		for _, c := range []struct {
			cookie, code string
			owed         desk.Step
		}{{factor.Token, "second_factor_required", desk.StepFactor}, {enrol.Token, "enrol_factor", desk.StepEnrol}} {
			g := w.do(t, ask{method: r.Method, path: path(r, w.a), body: body(r, w.a), cookie: c.cookie})
			refused := g.status == http.StatusForbidden && strings.Contains(g.body, `"`+c.code+`"`)
			if refused == r.Early.Reaches(c.owed) || refused && strings.Contains(g.body, w.a.canary) {
				t.Errorf("%s while %q is owed: %d %.200s", r.ID, c.owed, g.status, g.body)
			}
			if refused {
				shut++
			}
		}
	}
	if shut < 150 {
		t.Fatalf("only %d refusals", shut)
	}
	for _, r := range w.api.Routes() {
		adds := r.ID == "begin-totp" || r.ID == "confirm-totp" || r.ID == "begin-passkey" || r.ID == "add-passkey"
		if adds && (r.Early != desk.StepEnrol || !r.Fresh) {
			t.Errorf("%s must not add a factor to a sign-in that owes one, or to an old one", r.ID)
		}
	}
}

// asvs: V7.5.1, V7.5.3
func TestActsThatWantAProofOfTheLastTenMinutesAskForOne(t *testing.T) {
	t.Parallel()
	w := one(t)
	w.Fake.Advance(desk.ProofTerm)
	fresh := 0
	for _, r := range mine(w) {
		if r.Needs == api.Public || r.Method == "" || r.ID == "sign-out" || r.ID == "events" {
			continue
		}
		g := w.do(t, ask{method: r.Method, path: path(r, w.b), body: body(r, w.b), cookie: w.a.cookie})
		refused := g.status == http.StatusForbidden && strings.Contains(g.body, "reauthentication_required")
		if refused != (r.Fresh && r.Object() != api.ObjectInstance) { // no owner gets as far as the operator's
			t.Errorf("%s by an old sign-in: %d %.200s", r.ID, g.status, g.body)
		}
		if r.Fresh {
			fresh++
		}
		if r.ID == "prove" {
			w.Fake.Advance(desk.ProofTerm) // it renewed the proof
		}
	}
	if fresh < 12 {
		t.Fatalf("only %d acts want a proof", fresh)
	}
	add := ask{method: "POST", path: "/api/v1/keys", body: `{"name":"n","role":"agent"}`, cookie: w.a.cookie}
	w.want(t, 403, add)
	w.want(t, 403, ask{method: "POST", path: "/api/v1/session/proof", body: `{"password":"not mine not mine"}`, cookie: w.a.cookie})
	w.want(t, 403, add)
	w.want(t, 200, ask{method: "POST", path: "/api/v1/session/proof", body: `{"password":"` + password + `"}`, cookie: w.a.cookie})
	w.want(t, 201, add)
	w.Fake.Advance(desk.ProofTerm - time.Second)
	w.want(t, 201, add)
	w.Fake.Advance(2 * time.Second)
	w.want(t, 403, add)
	add.cookie, add.key = "", w.a.key
	w.want(t, 201, add) // a key proves itself with each request
}

func TestAFactorIsAddedAndPassedOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var n api.NewTOTP
		w.want(t, 200, ask{method: "POST", path: "/api/v1/factors/totp", cookie: w.a.cookie}).into(t, &n)
		if !strings.HasPrefix(n.URL, "otpauth://totp/") || !strings.Contains(n.URL, n.Secret) {
			t.Fatal(n.URL)
		}
		if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(n.Secret); err != nil {
			t.Fatal(err)
		}
		code, err := totp.GenerateCode(n.Secret, w.Clock.Now())
		must(t, err)
		confirm := ask{method: "POST", path: "/api/v1/factors/totp/confirm", body: `{"token":"` + n.Token + `","code":"` + code + `","name":"Phone"}`, cookie: w.a.cookie}
		g := w.want(t, 201, confirm)
		var added api.AddedFactor
		g.into(t, &added)
		next := cookieOf(t, g)
		if len(added.Recovery) != 10 || added.Me.Step != desk.StepIn || next == w.a.cookie {
			t.Fatalf("%.300s", g.body)
		}
		w.want(t, 401, ask{method: "GET", path: "/api/v1/session", cookie: w.a.cookie}) // the cookie from before
		confirm.cookie = next
		w.want(t, 409, confirm) // the same seed again
		w.want(t, 409, ask{method: "POST", path: "/api/v1/session/passkey/options"})

		g = w.want(t, 200, ask{method: "POST", path: "/api/v1/session", body: `{"email":"owner@canary-alpha.test","password":"` + password + `"}`})
		var me api.Me
		g.into(t, &me)
		owing := cookieOf(t, g)
		if me.Step != desk.StepFactor || len(me.Permissions) != 0 {
			t.Fatalf("%.300s", g.body)
		}
		w.want(t, 403, ask{method: "POST", path: "/api/v1/session/factor", body: `{"code":"` + code + `"}`, cookie: owing})
		w.want(t, 422, ask{method: "POST", path: "/api/v1/session/factor", body: `{}`, cookie: owing})
		g = w.want(t, 200, ask{method: "POST", path: "/api/v1/session/factor", body: `{"recovery_code":"` + added.Recovery[0] + `"}`, cookie: owing})
		w.want(t, 401, ask{method: "GET", path: "/api/v1/session", cookie: owing})
		w.want(t, 200, ask{method: "GET", path: "/api/v1/keys", cookie: cookieOf(t, g)})
		w.want(t, 204, ask{method: "DELETE", path: "/api/v1/factors/" + added.Factor.ID.String(), cookie: next})
	})
}

func cookieOf(t *testing.T, g got) string {
	t.Helper()
	res := http.Response{Header: g.header}
	for _, c := range res.Cookies() {
		if c.Name == "session" && c.HttpOnly && c.Path == "/" {
			return c.Value
		}
	}
	t.Fatal("no cookie")
	return ""
}
