package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	sim "parley/sim/oidc"
	"parley/sim/smtp"
)

// accounts starts a stand-in for Google, and what an install needs to be pointed
// at it.
func accounts(t *testing.T, people ...sim.Person) (*sim.Sim, settings) {
	t.Helper()
	s, err := sim.Start(sim.Options{People: people})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, settings{"PARLEY_GOOGLE_ISSUER": s.Issuer(), "PARLEY_GOOGLE_CLIENT_ID": sim.ClientID, "PARLEY_GOOGLE_CLIENT_SECRET": sim.ClientSecret}
}

// browser is somebody's browser: it keeps the one cookie there is.
type browser struct {
	w      *world
	cookie *http.Cookie
}

type said struct {
	Status int
	Code   string
	raw    []byte
}

func (b *browser) ask(method, path string, body, out any) said {
	b.w.Helper()
	raw, err := json.Marshal(body)
	b.w.must(err)
	req, err := http.NewRequest(method, b.w.at+path, bytes.NewReader(raw))
	b.w.must(err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", b.w.at)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if b.cookie != nil {
		req.AddCookie(b.cookie)
	}
	res, err := http.DefaultClient.Do(req)
	b.w.must(err)
	defer func() { _ = res.Body.Close() }()
	for _, c := range res.Cookies() {
		if c.Name != "session" {
			b.w.Errorf("a cookie besides the one that is promised: %s", c.Name)
		}
		b.cookie = c
	}
	var buf bytes.Buffer
	_, err = buf.ReadFrom(res.Body)
	b.w.must(err)
	s := said{Status: res.StatusCode, raw: buf.Bytes()}
	if res.StatusCode >= 300 {
		var p struct{ Code string }
		b.w.must(json.Unmarshal(s.raw, &p))
		s.Code = p.Code
	} else if out != nil {
		b.w.must(json.Unmarshal(s.raw, out))
	}
	return s
}

// goes begins at the sign-in page, or in the profile, and chooses an account at the
// provider; what it returns came back in the address.
func (b *browser) goes(s *sim.Sim, from, subject string) url.Values {
	b.w.Helper()
	var to struct{ URL string }
	if got := b.ask("POST", from, map[string]string{"way": "google"}, &to); got.Status != 200 {
		b.w.Fatalf("leaving answers %d %s", got.Status, got.Code)
	}
	back, wrong := s.Approve(to.URL, subject)
	if wrong != "" {
		b.w.Fatal(wrong)
	}
	return back
}

const (
	atSignIn  = "/api/v1/session/outside"
	atProfile = "/api/v1/outside-accounts"
)

func (b *browser) comes(back url.Values) said {
	b.w.Helper()
	return b.ask("PUT", atSignIn, map[string]string{"way": "google", "state": back.Get("state"), "code": back.Get("code"), "iss": back.Get("iss")}, nil)
}

// joins comes back with an invited account: it is asked for the statements, and
// agrees to them under the name that the provider gave.
func (b *browser) joins(back url.Values) said {
	b.w.Helper()
	var p struct {
		Asks []ticked
		Name string
	}
	if got := b.comes(back); got.Status != 422 || got.Code != "not_acknowledged" || b.in() {
		b.w.Fatalf("without the statements: %d %s", got.Status, got.raw)
	} else {
		b.w.must(json.Unmarshal(got.raw, &p))
	}
	return b.ask("PUT", atSignIn, map[string]any{"way": "google", "state": back.Get("state"), "acknowledged": p.Asks, "name": p.Name}, nil)
}

func (b *browser) in() bool { return b.ask("GET", "/api/v1/session", nil, nil).Status == 200 }

func ada() sim.Person {
	return sim.Person{Subject: "1001", Email: "ada@northwind.example", Verified: true, Name: "Ada Yılmaz"}
}

// An invited member joins with an account whose verified address was invited; the
// account, not the address, is the key from then on. Nobody else's account with
// that address opens anything (covers A-3.1-01, A-3.1-02, A-3.1-03, A-3.1-05, H-89, H-92;
// asvs: V6.8.1, V10.3.3, V10.5.2).
func TestAnInvitedMemberJoinsByAnAccountOutside(t *testing.T) {
	s, set := accounts(t, ada(), sim.Person{Subject: "2002", Email: "ada@northwind.example", Verified: true, Name: "Not Ada"},
		sim.Person{Subject: "3003", Email: "stranger@elsewhere.example", Verified: true})
	_, mails := mailbox(t)
	set["PARLEY_SMTP_URL"] = mails["PARLEY_SMTP_URL"]
	each(t, func(w *world) {
		if got := w.call("POST", "/api/v1/members", map[string]string{"name": "Somebody", "email": "ada@northwind.example", "role": "agent"}, nil); got != 201 {
			w.Fatal(got)
		}
		b := &browser{w: w}
		var ways struct{ Outside []struct{ Way, Name string } }
		if b.ask("GET", "/api/v1/session/ways", nil, &ways); len(ways.Outside) != 1 || ways.Outside[0].Name != "Google" {
			w.Fatalf("%+v", ways)
		}
		s.Tell(sim.Unverified)
		if got := b.comes(b.goes(s, atSignIn, "1001")); got.Code != "outside_unknown" {
			w.Errorf("an address that nobody verified: %d %s", got.Status, got.Code)
		}
		s.Tell()
		if got := b.comes(b.goes(s, atSignIn, "3003")); got.Code != "outside_unknown" {
			w.Errorf("a stranger: %d %s", got.Status, got.Code)
		}
		if b.in() {
			w.Fatal("signed in without an account")
		}
		if got := b.joins(b.goes(s, atSignIn, "1001")); got.Status != 200 {
			w.Fatalf("%d %s %s", got.Status, got.Code, got.raw)
		}
		var me struct {
			Member struct{ Name, Email string }
		}
		if got := b.ask("GET", "/api/v1/session", nil, &me); got.Status != 200 || me.Member.Name != "Ada Yılmaz" || me.Member.Email != "ada@northwind.example" {
			w.Fatalf("%d %+v", got.Status, me)
		}
		// The address is no key: another account that has it opens nothing, and the
		// account opens its member whatever its address is now.
		thief := &browser{w: w}
		if got := thief.comes(thief.goes(s, atSignIn, "2002")); got.Code != "outside_unknown" || thief.in() {
			w.Errorf("another account with the address: %d %s", got.Status, got.Code)
		}
		moved := ada()
		moved.Email, moved.Verified = "ada.new@elsewhere.example", false
		s.Add(moved)
		again := &browser{w: w}
		if got := again.comes(again.goes(s, atSignIn, "1001")); got.Status != 200 || !again.in() {
			w.Errorf("after the address moved: %d %s", got.Status, got.Code)
		}
		s.Add(ada())
		if got := again.ask("DELETE", atProfile+"/"+again.account(), nil, nil); got.Code != "last_way" {
			w.Errorf("unlinking the only way in: %d %s", got.Status, got.Code)
		}
	}, set)
}

func (b *browser) account() string {
	b.w.Helper()
	var mine struct {
		Items []struct{ ID, Email string }
	}
	b.ask("GET", atProfile, nil, &mine)
	if len(mine.Items) != 1 {
		b.w.Fatalf("%+v", mine)
	}
	return mine.Items[0].ID
}

// A member who has a password links an account while signed in, and only so; every
// twist of the way signs nobody in and links nothing.
func TestAnAccountOutsideIsLinkedBySomebodySignedInOnly(t *testing.T) {
	s, set := accounts(t, ada(), sim.Person{Subject: "2002", Email: "eve@elsewhere.example", Verified: true, Name: "Eve"})
	each(t, func(w *world) {
		w.member("ada@northwind.example", desk.RoleAgent)
		w.member("eve@northwind.example", desk.RoleAgent)
		b, eve := &browser{w: w}, &browser{w: w}
		for who, email := range map[*browser]string{b: "ada@northwind.example", eve: "eve@northwind.example"} {
			if got := who.ask("POST", "/api/v1/session", map[string]string{"email": email, "password": secretWords}, nil); got.Status != 200 {
				w.Fatal(got.Status)
			}
		}
		fresh := func() *browser { return &browser{w: w} }
		for _, c := range []struct {
			name  string
			twist func() (*browser, said)
		}{
			{"a verified address of a member with a password", func() (*browser, said) {
				x := fresh()
				return x, x.comes(x.goes(s, atSignIn, "1001"))
			}},
			{"another browser finishes a sign-in", func() (*browser, said) {
				x, y := fresh(), fresh()
				y.goes(s, atSignIn, "2002")
				return y, y.comes(x.goes(s, atSignIn, "1001"))
			}},
			{"a browser without a cookie finishes", func() (*browser, said) {
				x, y := fresh(), fresh()
				return y, y.comes(x.goes(s, atSignIn, "1001"))
			}},
			{"a link that somebody else began", func() (*browser, said) {
				return fresh(), eve.comes(b.goes(s, atProfile, "1001"))
			}},
			{"a state that was made up", func() (*browser, said) {
				x := fresh()
				back := x.goes(s, atSignIn, "1001")
				back.Set("state", strings.Repeat("A", 43))
				return x, x.comes(back)
			}},
			{"no state", func() (*browser, said) {
				x := fresh()
				back := x.goes(s, atSignIn, "1001")
				back.Set("state", "x")
				return x, x.comes(back)
			}},
			{"another sign-in's code", func() (*browser, said) {
				x, y := fresh(), fresh()
				mine, theirs := x.goes(s, atSignIn, "1001"), y.goes(s, atSignIn, "1001")
				mine.Set("code", theirs.Get("code"))
				return x, x.comes(mine)
			}},
			{"the person says no", func() (*browser, said) {
				x := fresh()
				return x, x.comes(x.goes(s, atSignIn, "nobody"))
			}},
			{"a way that is not there", func() (*browser, said) {
				x := fresh()
				back := x.goes(s, atSignIn, "1001")
				return x, x.ask("PUT", atSignIn, map[string]string{"way": "oidc", "state": back.Get("state"), "code": back.Get("code")}, nil)
			}},
			{"eleven minutes later", func() (*browser, said) {
				x := fresh()
				back := x.goes(s, atSignIn, "1001")
				w.clock.Move(11 * time.Minute)
				return x, x.comes(back)
			}},
		} {
			x, got := c.twist()
			if got.Status < 400 || x.in() {
				w.Errorf("%s: %d", c.name, got.Status)
			}
		}
		// eleven minutes have passed: linking wants a proof of now.
		if got := b.ask("POST", atProfile, map[string]string{"way": "google"}, nil); got.Code != "reauthentication_required" {
			w.Errorf("linking long after the sign-in: %d %s", got.Status, got.Code)
		}
		if got := b.ask("POST", "/api/v1/session", map[string]string{"email": "ada@northwind.example", "password": secretWords}, nil); got.Status != 200 {
			w.Fatal(got.Status)
		}
		back := b.goes(s, atProfile, "1001")
		if got := b.comes(back); got.Status != 200 || !strings.Contains(string(got.raw), "linked") {
			w.Fatalf("%d %s", got.Status, got.Code)
		}
		if got := b.comes(back); got.Code != "outside_over" {
			w.Errorf("the same answer twice: %d %s", got.Status, got.Code)
		}
		if got := b.comes(b.goes(s, atProfile, "1001")); got.Code != "outside_taken" {
			w.Errorf("linked twice: %d %s", got.Status, got.Code)
		}
		x := fresh()
		if got := x.comes(x.goes(s, atSignIn, "1001")); got.Status != 200 || !x.in() {
			w.Fatalf("%d %s", got.Status, got.Code)
		}
		if got := x.ask("DELETE", atProfile+"/"+x.account(), nil, nil); got.Status != 204 {
			w.Errorf("unlinking: %d %s", got.Status, got.Code)
		}
		y := fresh()
		if got := y.comes(y.goes(s, atSignIn, "1001")); got.Code != "outside_unknown" || y.in() {
			w.Errorf("after unlinking: %d %s", got.Status, got.Code)
		}
	}, set)
}

// token waits for the n-th mail and takes it when it went to that address.
func (w *world) tokenTo(sim *smtp.Sim, n int, to string) string {
	w.Helper()
	m, token := w.mailed(sim, n)
	if m.To != to {
		w.Fatalf("mail %d went to %s", n, m.To)
	}
	return token
}

// A mailed link signs in, once and for 15 minutes, and does not count against the
// budget of passwords: a guesser does not keep the owner of an account out. An
// address counts as somebody's once a link there was opened; a new one is confirmed
// where it is, and the old one is told (covers H-13, H-14; asvs: V6.3.7, V6.6.2).
func TestAMailedLinkSignsInAndConfirmsAddresses(t *testing.T) {
	sim, set := mailbox(t)
	w := open(t, "", set)
	const old, next = "ada@northwind.example", "ada.yilmaz@northwind.example"
	w.member(old, desk.RoleAgent)
	for range 12 {
		w.signsIn(old, "a wrong password")
	}
	if got := w.signsIn(old, secretWords); got != 429 {
		t.Fatalf("guessing is not limited: %d", got)
	}
	b := &browser{w: w}
	for _, email := range []string{"nobody@northwind.example", old} {
		if got := b.ask("POST", "/api/v1/session/mail", map[string]string{"email": email}, nil); got.Status != 202 {
			t.Fatalf("%s: %d", email, got.Status)
		}
	}
	token := w.tokenTo(sim, 1, old)
	spend := func(b *browser, token string) said {
		return b.ask("PUT", "/api/v1/session/mail", map[string]string{"token": token}, nil)
	}
	if got := b.ask("PUT", "/api/v1/session/link", map[string]string{"token": token, "password": "four red kites at dawn"}, nil); got.Code != "link_over" {
		t.Errorf("a link that signs in sets a password: %d %s", got.Status, got.Code)
	}
	if got := spend(b, token); got.Status != 200 || !b.in() {
		t.Fatalf("%d %s", got.Status, got.Code)
	}
	if x := (&browser{w: w}); spend(x, token).Status != 410 || x.in() {
		t.Error("a link opens twice")
	}
	if got := b.ask("POST", "/api/v1/address/verification", nil, nil); got.Code != "verified" {
		t.Errorf("the link came to the address, so it is theirs: %d %s", got.Status, got.Code)
	}
	if got := b.ask("POST", "/api/v1/address", map[string]string{"email": next}, nil); got.Status != 202 {
		t.Fatalf("%d %s", got.Status, got.Code)
	}
	confirm := w.tokenTo(sim, 2, next)
	if got := b.ask("POST", "/api/v1/session/mail", map[string]string{"email": old}, nil); got.Status != 202 {
		t.Fatal(got.Status)
	}
	pending := w.tokenTo(sim, 3, old)
	var link struct{ Kind, Email string }
	if got := b.ask("POST", "/api/v1/session/link", map[string]string{"token": confirm}, &link); got.Status != 200 || link.Kind != "address" || link.Email != next {
		t.Fatalf("%d %+v", got.Status, link)
	}
	if got := spend(&browser{w: w}, confirm); got.Status != 200 {
		t.Fatalf("%d %s", got.Status, got.Code)
	}
	if w.tokenTo(sim, 4, old) != "" {
		t.Error("the notice to the old address holds a link")
	}
	if x := (&browser{w: w}); spend(x, pending).Status != 410 || x.in() {
		t.Error("a link that went to the old address opens")
	}
	w.clock.Move(2 * time.Hour)
	if a, b := w.signsIn(old, secretWords), w.signsIn(next, secretWords); a != 401 || b != 200 {
		t.Errorf("old %d, new %d", a, b)
	}
	if got := b.ask("POST", "/api/v1/session/mail", map[string]string{"email": next}, nil); got.Status != 202 {
		t.Fatal(got.Status)
	}
	late := w.tokenTo(sim, 5, next)
	w.clock.Move(16 * time.Minute)
	if x := (&browser{w: w}); spend(x, late).Status != 410 || x.in() {
		t.Error("a link opens after 15 minutes")
	}
}
