package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/sim/smtp"
)

// mailbox starts a stand-in for a mail server, and what an install needs to be
// pointed at it.
func mailbox(t *testing.T) (*smtp.Sim, settings) {
	t.Helper()
	sim, err := smtp.Start(smtp.Options{Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return sim, settings{"PARLEY_SMTP_URL": sim.URL("support@northwind.example")}
}

const secretWords = "three green boats at noon"

func (w *world) member(email string, role desk.Role) desk.ID {
	w.Helper()
	m, err := w.app.AddUser(context.Background(), app.AddUser{Workspace: "Northwind", Email: email, Name: "Ada Yılmaz", Role: role, Password: secretWords})
	w.must(err)
	return m.MemberID
}

// visit asks the API as somebody who is not signed in.
func (w *world) visit(method, path string, body, out any) int {
	w.Helper()
	raw, err := json.Marshal(body)
	w.must(err)
	req, err := http.NewRequest(method, w.at+path, bytes.NewReader(raw))
	w.must(err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", w.at)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	defer func() { _ = res.Body.Close() }()
	if out != nil && res.StatusCode < 300 {
		w.must(json.NewDecoder(res.Body).Decode(out))
	}
	return res.StatusCode
}

func (w *world) signsIn(email, password string) int {
	w.Helper()
	return w.visit("POST", "/api/v1/session", map[string]string{"email": email, "password": password}, nil)
}

var mailedToken = regexp.MustCompile(`/(?:reset|invitation|link)#([A-Za-z0-9_-]+)`)

// mailed waits for the n-th mail and takes the token out of it.
func (w *world) mailed(sim *smtp.Sim, n int) (smtp.Mail, string) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	all, err := sim.Wait(ctx, n)
	w.must(err)
	m := all[n-1]
	text := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(m.Raw))
	found := mailedToken.FindStringSubmatch(text)
	if found == nil {
		return m, ""
	}
	return m, found[1]
}

// Who forgot a password chooses a new one behind a mailed link: once, within 30
// minutes, without being told whether an address has an account; the old
// password and every sign-in end (covers H-13, A-3.1-06, A-5.2-02, security 6.4).
func TestAForgottenPasswordIsReplacedByAMailedLinkOnce(t *testing.T) {
	sim, set := mailbox(t)
	w := open(t, "", set)
	id := w.member("ada@northwind.example", desk.RoleAgent)
	if got := w.signsIn("ada@northwind.example", secretWords); got != 200 {
		t.Fatalf("signing in answers %d", got)
	}
	for _, email := range []string{"nobody@northwind.example", "ADA@northwind.example "} {
		if got := w.visit("POST", "/api/v1/session/forgot", map[string]string{"email": email}, nil); got != 202 {
			t.Fatalf("%s: %d", email, got)
		}
	}
	m, token := w.mailed(sim, 1)
	if m.To != "ada@northwind.example" || token == "" {
		t.Fatalf("%s: %s", m.To, m.Raw)
	}
	var link struct{ Kind, Email, Workspace string }
	if got := w.visit("POST", "/api/v1/session/link", map[string]string{"token": token}, &link); got != 200 || link.Kind != "reset" || link.Email != "ada@northwind.example" {
		t.Fatalf("%d %+v", got, link)
	}
	use := func(token, password string) int {
		return w.visit("PUT", "/api/v1/session/link", map[string]string{"token": token, "password": password}, nil)
	}
	if got := use(token, "short"); got != 422 && got != 400 {
		t.Errorf("a short password answers %d", got)
	}
	if got := use(token, "four red kites at dawn"); got != 200 {
		t.Fatalf("choosing answers %d", got)
	}
	if got := use(token, "five blue kites at dawn"); got != 403 {
		t.Errorf("the link opens twice: %d", got)
	}
	if a, b := w.signsIn("ada@northwind.example", secretWords), w.signsIn("ada@northwind.example", "four red kites at dawn"); a != 401 || b != 200 {
		t.Errorf("old %d, new %d", a, b)
	}
	// A notice of the change follows, and only the newest link opens.
	if m, token := w.mailed(sim, 2); m.To != "ada@northwind.example" || token != "" {
		t.Errorf("%s", m.Raw)
	}
	var tokens [2]string
	for i := range tokens {
		w.visit("POST", "/api/v1/session/forgot", map[string]string{"email": "ada@northwind.example"}, nil)
		_, tokens[i] = w.mailed(sim, 3+i)
	}
	first, second := tokens[0], tokens[1]
	if a := w.visit("POST", "/api/v1/session/link", map[string]string{"token": first}, nil); a != 403 {
		t.Errorf("the older link answers %d", a)
	}
	for name, bad := range map[string]string{"cut": second[:len(second)-1], "changed": second[:len(second)-2] + "AA", "long": second + "AAAA", "no token": "x", "of nowhere": strings.Repeat("A", len(second))} {
		if got := w.visit("POST", "/api/v1/session/link", map[string]string{"token": bad}, nil); got != 403 {
			t.Errorf("%s: %d", name, got)
		}
	}
	w.clock.Move(31 * time.Minute)
	if got := use(second, "six pale kites at dawn"); got != 403 {
		t.Errorf("after 31 minutes the link answers %d", got)
	}
	var letters struct {
		Items []struct {
			MemberID    string `json:"member_id"`
			Kind, State string
		}
	}
	w.good("GET", "/api/v1/letters", nil, &letters)
	if len(letters.Items) != 4 || letters.Items[3].Kind != "reset" || letters.Items[3].MemberID != id.String() {
		t.Errorf("%+v", letters)
	}
}

// A mailbox is not flooded: after a few asks nothing more is mailed, and the
// answer says when to come back.
func TestAMailboxIsNotFlooded(t *testing.T) {
	sim, set := mailbox(t)
	w := open(t, "", set)
	w.member("ada@northwind.example", desk.RoleAgent)
	for n := range 6 {
		got := w.visit("POST", "/api/v1/session/forgot", map[string]string{"email": "ada@northwind.example"}, nil)
		if want := map[bool]int{true: 202, false: 429}[n < 3]; got != want {
			t.Errorf("ask %d answers %d", n+1, got)
		}
		if n < 3 {
			w.mailed(sim, n+1)
		}
	}
	if n := len(sim.Mails()); n != 3 {
		t.Errorf("%d mails", n)
	}
}

// ticked is a statement that somebody agreed to.
type ticked struct {
	What    string `json:"what"`
	Version string `json:"version"`
}

// A member is invited by mail, joins behind the link with a password and a name of
// their own and is signed in; an invitation sent again closes the first (covers
// A-5.2-01). Nobody joins without the statements (covers H-92).
func TestAMemberJoinsByAnInvitation(t *testing.T) {
	sim, set := mailbox(t)
	each(t, func(w *world) {
		var m struct {
			ID      string
			Invited bool
		}
		email := strings.ToLower(strings.ReplaceAll(w.Name(), "/", ".")) + "@northwind.example"
		if got := w.call("POST", "/api/v1/members", map[string]string{"name": "Can", "email": email, "role": "agent"}, &m); got != 201 || !m.Invited {
			w.Fatalf("%d %+v", got, m)
		}
		token := w.invitation(sim, email, 1)
		if got := w.signsIn(email, ""); got == 200 {
			w.Fatal("an empty password opens an invitation")
		}
		if got := w.call("POST", "/api/v1/members/"+m.ID+"/invitation", nil, nil); got != 204 {
			w.Fatalf("again: %d", got)
		}
		again := w.invitation(sim, email, 2)
		if got := w.visit("PUT", "/api/v1/session/link", map[string]string{"token": token, "password": secretWords}, nil); got != 403 {
			w.Errorf("the first invitation answers %d", got)
		}
		var chosen struct {
			SignedIn bool `json:"signed_in"`
		}
		var look struct{ Asks []ticked }
		if got := w.visit("POST", "/api/v1/session/link", map[string]string{"token": again}, &look); got != 200 || len(look.Asks) < 2 {
			w.Fatalf("%d %+v", got, look)
		}
		joins := map[string]any{"token": again, "name": "Can Öz", "password": secretWords, "acknowledged": look.Asks[1:]}
		if got := w.visit("PUT", "/api/v1/session/link", joins, nil); got != 422 || w.signsIn(email, secretWords) == 200 {
			w.Fatalf("joining with half of the statements: %d", got)
		}
		joins["acknowledged"] = look.Asks
		if got := w.visit("PUT", "/api/v1/session/link", joins, &chosen); got != 200 || !chosen.SignedIn {
			w.Fatalf("joining: %d %+v", got, chosen)
		}
		if got := w.signsIn(email, secretWords); got != 200 {
			w.Errorf("signing in: %d", got)
		}
		if got := w.call("POST", "/api/v1/members/"+m.ID+"/invitation", nil, nil); got != 409 {
			w.Errorf("somebody who joined is invited: %d", got)
		}
		var list struct {
			Items []struct{ Name, Email string }
		}
		w.good("GET", "/api/v1/members", nil, &list)
		for _, one := range list.Items {
			if one.Email == email && one.Name != "Can Öz" {
				w.Errorf("their name is %q", one.Name)
			}
		}
	}, set)
}

// invitation waits for the n-th mail to an address and takes its token.
func (w *world) invitation(sim *smtp.Sim, to string, n int) string {
	w.Helper()
	for k, seen := 1, 0; ; k++ {
		m, token := w.mailed(sim, k)
		if m.To == to {
			if seen++; seen == n {
				return token
			}
		}
	}
}

// Without a mail server nothing pretends: forgetting a password and inviting say
// what to do instead.
func TestWithoutAMailServerNothingPretendsToMail(t *testing.T) {
	each(t, func(w *world) {
		var ways struct{ Mail bool }
		if got := w.visit("GET", "/api/v1/session/ways", nil, &ways); got != 200 || ways.Mail {
			w.Errorf("%d %+v", got, ways)
		}
		if got := w.visit("POST", "/api/v1/session/forgot", map[string]string{"email": "ada@northwind.example"}, nil); got != 409 {
			w.Errorf("forgot: %d", got)
		}
		if got := w.call("POST", "/api/v1/members", map[string]string{"name": "Can", "email": "can@northwind.example", "role": "agent"}, nil); got != 409 {
			w.Errorf("inviting: %d", got)
		}
	})
}

// Signing in by a browser that was not seen before is told of, by one that was it
// is not; so is a role that was changed (covers A-5.2-02, security 6.3.7).
func TestANewBrowserAndAChangedRoleAreToldOf(t *testing.T) {
	sim, set := mailbox(t)
	w := open(t, "", set)
	id := w.member("ada@northwind.example", desk.RoleAgent)
	as := func(agent string) {
		raw, err := json.Marshal(map[string]string{"email": "ada@northwind.example", "password": secretWords})
		w.must(err)
		req, err := http.NewRequest("POST", w.at+"/api/v1/session", bytes.NewReader(raw))
		w.must(err)
		for k, v := range map[string]string{"Content-Type": "application/json", "Origin": w.at, "Sec-Fetch-Site": "same-origin", "User-Agent": agent} {
			req.Header.Set(k, v)
		}
		res, err := http.DefaultClient.Do(req)
		w.must(err)
		_ = res.Body.Close()
		if res.StatusCode != 200 {
			t.Fatalf("signing in answers %d", res.StatusCode)
		}
	}
	firefox := "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	phone := "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
	as(firefox) // the first ever: nothing to compare with
	as(firefox)
	as(phone)
	m, _ := w.mailed(sim, 1)
	if !strings.Contains(string(m.Raw), "Safari on iOS") {
		t.Errorf("%s", m.Raw)
	}
	as(phone)
	as(firefox)
	w.good("PATCH", "/api/v1/members/"+id.String(), map[string]any{"role": "admin"}, nil)
	m, _ = w.mailed(sim, 2)
	if !strings.Contains(string(m.Raw), "administrator") {
		t.Errorf("%s", m.Raw)
	}
	if n := len(sim.Mails()); n != 2 {
		t.Errorf("%d mails", n)
	}
}
