package api_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/privacy"
)

var (
	minePass = regexp.MustCompile(`name="pass" value="([A-Za-z0-9_-]+)"`)
	mineLink = regexp.MustCompile(`href="(/privacy/status/[^"]+)"`)
)

// owning makes what lets people act on what is held about them.
func (w *world) owning(work *flow.Flow, restrict *privacy.Restrict, sayings privacy.Sayings) *privacy.Own {
	return privacy.NewOwn(privacy.OwnParts{DB: w.DB, Casework: w.casework, Copies: w.copies, Restrict: restrict,
		Reports: &privacy.Reports{DB: w.DB, Flow: work, Audit: audit.NewLog(w.DB), Sayings: sayings}})
}

// posts sends a form as a browser does, and follows no redirect.
func (w *world) posts(t *testing.T, status int, path string, form url.Values) (body, location string) {
	t.Helper()
	stays := *w.server.Client()
	stays.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := stays.Do(w.request(t, ask{method: "POST", path: path, body: form.Encode(),
		header: map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Origin": "null"}}))
	must(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode != status {
		t.Fatalf("POST %s: %d, want %d: %.300s", path, res.StatusCode, status, raw)
	}
	return string(raw), res.Header.Get("Location")
}

// mine goes from the chat to the page of what is held, as its menu does.
func (w *world) mine(t *testing.T, s *shop, token string) (page, pass, link string) {
	t.Helper()
	_, link = w.posts(t, http.StatusSeeOther, "/w/key-"+s.canary+"/mine?l=en", url.Values{"token": {token}})
	page = w.want(t, 200, ask{method: "GET", path: link}).body
	return page, minePass.FindStringSubmatch(page)[1], link
}

func (w *world) act(t *testing.T, status int, pass, act string, more url.Values) string {
	t.Helper()
	form := url.Values{"pass": {pass}, "act": {act}}
	for name, all := range more {
		form[name] = all
	}
	body, _ := w.posts(t, status, "/privacy/mine?l=en", form)
	return body
}

func holds(t *testing.T, body string, here, absent []string) {
	t.Helper()
	for _, x := range here {
		if !strings.Contains(body, x) {
			t.Errorf("the page does not say %q", x)
		}
	}
	for _, x := range absent {
		if strings.Contains(body, x) {
			t.Errorf("the page says %q", x)
		}
	}
}

// covers A-14.1-01, A-14.1-06, H-86, A-7.4-06: a visitor sees what is held about
// them and why, corrects it, stops the AI, objects, and has a person look at an
// answer whose making is explained; each is a case with an answer.
func TestAVisitorSeesWhatIsHeldAndActsOnIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		said := w.said(t, w.a, "The lamp is 900 EUR.")
		page, pass, _ := w.mine(t, w.a, w.chatToken(t, w.a))
		holds(t, page, []string{"What Alpha holds about you", "Messages", "To answer you", "The lamp is 900 EUR.", "No person decided it.", "To explain, check and correct", "A language model put it into words"}, []string{w.b.canary, "<script", "{vendor}", "mine."})
		page = w.act(t, 200, pass, "rectify", url.Values{"name": {"Right Name"}, "statement": {"I never said that."}})
		holds(t, page, []string{"Right Name", "Done.", "Statements of yours"}, nil)
		page = w.act(t, 200, pass, "no_automation", nil)
		holds(t, page, []string{"Only people answer you.", "Done."}, []string{`value="no_automation"`})
		holds(t, w.want(t, 200, ask{method: "GET", path: mineLink.FindStringSubmatch(page)[1]}).body, []string{"Answered"}, nil)
		holds(t, w.act(t, 200, pass, "object", nil), []string{"You objected"}, []string{`value="object"`})
		w.act(t, 422, pass, "contest", url.Values{"message": {said.ID.String()}, "reason": {"dull"}})
		page = w.act(t, 200, pass, "contest", url.Values{"message": {said.ID.String()}, "reason": {"wrong"}, "words": {"It costs less."}})
		holds(t, page, []string{"A person looks at it", "You asked for a person"}, nil)
		var r api.ContactRestrictions
		w.want(t, 200, ask{method: "GET", path: "/api/v1/contacts/" + w.a.contact.String() + "/restrictions", cookie: w.a.cookie}).into(t, &r)
		if !r.NoAutomation || !r.Objected {
			t.Errorf("%+v", r)
		}
		var all api.Page[api.Case]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/cases", cookie: w.a.cookie}).into(t, &all)
		state := map[string]string{}
		for _, c := range all.Items {
			if c.Person != nil && c.ID != w.a.personCase {
				state[c.Kind] = c.State
			}
		}
		if state["rectify"] != "answered" || state["no_automation"] != "answered" || state["object"] != "answered" || state["contest"] != "open" {
			t.Errorf("%+v", state)
		}
	})
}

// covers A-14.1-03, decision 4: an erasure asks once more, then nothing of the
// visitor is left but the answer.
func TestAVisitorErasesThemselvesAfterOneQuestion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, pass, _ := w.mine(t, w.a, w.chatToken(t, w.a))
		holds(t, w.act(t, 200, pass, "erase?", nil), []string{"Shall all of this be erased?", `value="erase"`}, nil)
		w.want(t, 200, ask{method: "GET", path: "/api/v1/contacts/" + w.a.contact.String(), cookie: w.a.cookie})
		page := w.act(t, 200, pass, "erase", nil)
		holds(t, page, []string{"It is erased"}, []string{pass})
		w.want(t, 404, ask{method: "GET", path: "/api/v1/contacts/" + w.a.contact.String(), cookie: w.a.cookie})
		holds(t, w.want(t, 200, ask{method: "GET", path: mineLink.FindStringSubmatch(page)[1]}).body, []string{"Answered"}, []string{"See everything that is held"})
		w.act(t, 404, pass, "show", nil)
		w.want(t, 200, ask{method: "GET", path: "/api/v1/contacts/" + w.b.contact.String(), cookie: w.b.cookie})
	})
}

// covers decision 9: whom a member joined with what came by another channel sees
// and erases nothing of that without a person.
func TestWhatWasJoinedNeedsAPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		token := w.chatToken(t, w.a)
		other, _ := w.another(t, "Elsewhere")
		w.want(t, 200, ask{method: "POST", path: "/api/v1/contacts/" + w.a.contact.String() + "/merge", body: `{"contact_id":"` + other.String() + `"}`, cookie: w.a.cookie})
		page, pass, _ := w.mine(t, w.a, token)
		holds(t, page, []string{"Staff of Alpha noted"}, []string{"Elsewhere"})
		for _, act := range []string{"erase", "access"} {
			holds(t, w.act(t, 200, pass, act, nil), []string{"A person looks at it"}, nil)
		}
		for _, id := range []desk.ID{w.a.contact, other} {
			w.want(t, 200, ask{method: "GET", path: "/api/v1/contacts/" + id.String(), cookie: w.a.cookie})
		}
		var copies api.Page[api.PersonCopy]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/contacts/" + other.String() + "/export", cookie: w.a.cookie}).into(t, &copies)
		if len(copies.Items) != 0 {
			t.Error("a copy was made of both")
		}
	})
}

// Hostile: the link opens once, what was guessed, is over or another's opens
// nothing, and nobody asks without end.
func TestTheWayToOnesOwnDataOpensOnceAndForNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		token := w.chatToken(t, w.a)
		_, pass, link := w.mine(t, w.a, token)
		gone := func(path string) { t.Helper(); w.want(t, 404, ask{method: "GET", path: path}) }
		gone(link)
		gone("/privacy/mine/" + pass) // what the forms carry is no link
		gone("/privacy/mine/" + pass[:len(pass)-4] + "AAAA")
		gone("/privacy/mine/x")
		used := strings.TrimSuffix(strings.TrimPrefix(link, "/privacy/mine/"), "?l=en")
		for _, bad := range []string{"", used, pass[:len(pass)-4] + "AAAA", strings.Repeat("A", 54), strings.Repeat("A", 9000)} {
			w.act(t, 404, bad, "erase", nil)
		}
		for _, bad := range []string{"", "x", token[:len(token)-6] + "AAAAAA"} {
			w.posts(t, 404, "/w/key-"+w.a.canary+"/mine", url.Values{"token": {bad}})
		}
		w.posts(t, 404, "/w/key-"+w.b.canary+"/mine", url.Values{"token": {token}}) // another business's chat
		page := w.act(t, 200, pass, "contest", url.Values{"message": {w.said(t, w.a, "Mine.").ID.String()}, "reason": {"wrong"}})
		holds(t, page, []string{"Mine."}, nil)
		w.act(t, 404, pass, "contest", url.Values{"message": {w.said(t, w.b, "Theirs.").ID.String()}, "reason": {"wrong"}})
		w.act(t, 422, pass, "support", nil)
		w.act(t, 422, pass, "rectify", url.Values{"email": {"no address"}})
		_, link = w.posts(t, http.StatusSeeOther, "/w/key-"+w.a.canary+"/mine", url.Values{"token": {token}})
		w.Fake.Jump(privacy.OwnLinkTerm)
		gone(link)
		w.Fake.Jump(privacy.OwnTerm)
		w.act(t, 404, pass, "show", nil)
		for n := 0; ; n++ {
			g := w.do(t, ask{method: "POST", path: "/w/key-" + w.a.canary + "/mine?l=en", body: url.Values{"token": {token}}.Encode(), header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
			if g.status == http.StatusTooManyRequests {
				holds(t, g.body, []string{"asked too often today"}, nil)
				break
			}
			if n > 40 {
				t.Fatal("one visitor opens as many links in a day as they like")
			}
			w.Fake.Jump(time.Minute)
		}
	})
}
