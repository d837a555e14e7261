package api_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/member"
	"parley/internal/privacy"
	"parley/internal/privacy/breach"
)

// fill posts a public form.
func (w *world) fill(t *testing.T, status int, path string, fields url.Values) got {
	t.Helper()
	return w.want(t, status, ask{method: "POST", path: path, body: fields.Encode(), header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
}

// covers A-14.4-03, A-14.4-06, A-9.1-02, A-14.3-03: from the public page to an
// appeal in the browser of somebody without account, script or cookie, and the
// other side of it through the API.
func TestAPersonAsksFollowsAndAppealsWithoutAnAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		door := "/privacy/requests/" + w.a.ws.ID.String()
		g := w.want(t, 200, ask{method: "GET", path: door + "?l=tr"})
		if !strings.Contains(g.body, "Alpha") || !strings.Contains(g.header.Get("Content-Security-Policy"), "form-action 'self'") || strings.Contains(g.body, "<script") || g.header.Get("Set-Cookie") != "" {
			t.Errorf("the form: %v", g.header)
		}
		g = w.fill(t, 201, door+"?l=en", url.Values{"kind": {"rectify"}, "law": {"kvkk"}, "words": {"my street is wrong <b>"}, "address": {"ana@example.com"}})
		follow := regexp.MustCompile(`/privacy/status/[A-Za-z0-9_-]{54}`).FindString(g.body)
		if !regexp.MustCompile(`class="code">DATA \d{4} \d{4}<`).MatchString(g.body) || follow == "" {
			t.Fatalf("what was asked: %s", g.body)
		}
		w.says(t, follow+"?l=en", []string{"Waits until you show that it is you", "Correct what is wrong", "Take the request back", "kvkk.gov.tr"}, []string{"ana@example.com", "my street", "Appeal against"})
		if g := w.fill(t, 200, follow, url.Values{"act": {"code"}}); !strings.Contains(g.body, `class="code">DATA `) {
			t.Error("there is no new code")
		}

		var page struct{ Items []api.Case }
		w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/cases?state=proving&kind=rectify", cookie: w.a.cookie}).into(t, &page)
		if len(page.Items) != 1 || page.Items[0].Person == nil || page.Items[0].Person.Law != "kvkk" {
			t.Fatalf("%+v", page)
		}
		one := "/api/v1/privacy/cases/" + page.Items[0].ID.String()
		do := func(status int, verb, body string) (out api.WholeCase) {
			t.Helper()
			g := w.want(t, status, ask{method: "POST", path: one + "/" + verb, body: body, cookie: w.a.cookie})
			if status == 200 {
				g.into(t, &out)
			}
			return out
		}
		do(409, "prove", `{"text":"she is known here"}`) // nobody said who it is
		w.want(t, 200, ask{method: "PATCH", path: one, body: `{"contact_id":"` + w.a.contact.String() + `"}`, cookie: w.a.cookie})
		w.want(t, 404, ask{method: "PATCH", path: one, body: `{"contact_id":"` + w.b.contact.String() + `"}`, cookie: w.a.cookie})
		do(200, "prove", `{"text":"she is known here"}`)
		do(409, "extend", `{"days":10,"reason":"r"}`) // KVKK knows none
		w.want(t, 200, ask{method: "PATCH", path: one, body: `{"law":"gdpr"}`, cookie: w.a.cookie})
		do(422, "extend", `{"days":61,"reason":"r"}`)
		if c := do(200, "extend", `{"days":60,"reason":"many asked"}`); c.Extend != 0 {
			t.Errorf("once more by %d days", c.Extend)
		}
		do(409, "decide", `{"decision":"answered","text":"done"}`) // nothing shows it
		do(422, "decide", `{"decision":"refused"}`)
		do(200, "letter", `{"text":"which street?"}`)
		c := do(200, "decide", `{"decision":"refused","reason":"not_held","text":"no street is held"}`)
		if c.State != "refused" || c.Address != follow || c.Person.DecidedBy != w.a.owner.ID {
			t.Errorf("%+v", c)
		}
		w.says(t, follow+"?l=en", []string{"Refused", "many asked", "which street?", "nothing is held about you", "no street is held", "Appeal against", "edpb.europa.eu"}, []string{"Take the request back", "she is known here"})

		appeal := strings.Replace(follow, "/privacy/status/", "/appeal/", 1)
		w.fill(t, 422, appeal, url.Values{"words": {" "}})
		w.fill(t, 201, appeal, url.Values{"words": {"but it is"}})
		w.fill(t, 422, appeal, url.Values{"words": {"twice"}})
		w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/cases?kind=appeal", cookie: w.a.cookie}).into(t, &page)
		one = "/api/v1/privacy/cases/" + page.Items[0].ID.String()
		do(409, "decide", `{"decision":"answered","text":"no"}`) // by who decided before

		// A restriction is evidence of itself.
		one = "/api/v1/privacy/cases/" + w.a.personCase.String()
		do(409, "carry-out", "")
		do(200, "prove", `{"text":"by phone"}`)
		do(409, "decide", `{"decision":"answered"}`)
		if c := do(200, "carry-out", ""); !c.Person.Done {
			t.Errorf("%+v", c.Person)
		}
		do(200, "decide", `{"decision":"answered"}`)
		do(409, "withdraw", "")
		do(409, "close", `{}`)
		w.Fake.Jump(desk.AppealTerm + time.Hour)
		must(t, w.casework.Tick(t.Context()))
		w.want(t, 200, ask{method: "GET", path: one, key: w.a.key}).into(t, &c)
		if c.State != "closed" {
			t.Errorf("%+v", c.Case)
		}
	})
}

// covers A-14.4-03, A-1-06, A-5.5-02: a hostile form opens no case and tells
// nothing; forms have a limit; a question reaches whoever runs the install.
func TestPublicFormsTakeNothingHostileAndHaveALimit(t *testing.T) {
	t.Parallel()
	w := one(t)
	for _, at := range []string{"/privacy/requests/1", "/privacy/requests/x", "/privacy/requests/-1", "/privacy/status/" + strings.Repeat("A", 54), "/appeal/x", "/privacy/prove/" + strings.Repeat("A", 54)} {
		w.want(t, 404, ask{method: "GET", path: at})
	}
	door := "/privacy/requests/" + w.a.ws.ID.String()
	w.want(t, 400, ask{method: "POST", path: door, body: `{"kind":"erase"}`})
	w.want(t, 400, ask{method: "POST", path: door, body: "kind=erase&kind=access", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
	w.want(t, 400, ask{method: "POST", path: door, body: "kind=erase&words=%ff", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
	for _, f := range []url.Values{{}, {"kind": {"appeal"}}, {"kind": {"support"}}, {"kind": {"no"}}, {"kind": {"erase"}, "website": {"http://spam"}}, {"kind": {"erase"}, "address": {"a@b.test\r\nBcc: x@y.test"}}} {
		w.fill(t, 422, door, f)
	}
	w.fill(t, 201, door, url.Values{"kind": {"erase"}})
	w.fill(t, 429, door, url.Values{"kind": {"erase"}})
	w.Fake.Advance(time.Hour)
	w.fill(t, 422, "/contact", url.Values{"words": {"a question"}})
	g := w.fill(t, 201, "/contact?l=tr", url.Values{"words": {"a question"}, "address": {"ana@example.com"}})
	if strings.Contains(g.body, `class="code"`) {
		t.Error("a question asks for a code")
	}
	var help api.AskedHelp
	w.want(t, 201, ask{method: "POST", path: "/api/v1/help", body: `{"text":"how do I connect a page?"}`, cookie: w.b.cookie}).into(t, &help)
	w.says(t, help.Path+"?l=en", []string{"A question about using Parley", "Waits for somebody"}, []string{"Appeal", "complain to"})

	// Whoever runs the install answers it, and sees what a workspace leaves alone
	// for ten days, without a word of it.
	_, _, err := w.members.Add(t.Context(), "Alpha", member.Person{Name: "op", Email: "op@alpha.test", Role: desk.RoleOperator, Password: password})
	must(t, err)
	cookie := w.enter(t, "op@alpha.test")
	var all struct{ Items []api.InstanceCase }
	w.want(t, 200, ask{method: "GET", path: "/api/v1/instance/cases", cookie: cookie}).into(t, &all)
	if len(all.Items) != 2 || all.Items[0].WorkspaceID != 0 {
		t.Fatalf("%+v", all)
	}
	own := "/api/v1/instance/cases/" + all.Items[0].ID.String()
	if g := w.want(t, 200, ask{method: "GET", path: own, cookie: cookie}); !strings.Contains(g.body, "how do I connect a page?") {
		t.Error("nobody sees what was asked")
	}
	w.want(t, 200, ask{method: "POST", path: own + "/decide", body: `{"decision":"answered","text":"Under Channels, press Connect."}`, cookie: cookie})
	w.says(t, help.Path+"?l=en", []string{"Answered", "press Connect"}, []string{"Appeal"})
	w.want(t, 404, ask{method: "GET", path: "/api/v1/instance/cases/" + w.b.personCase.String(), cookie: cookie})
	w.Fake.Jump(10 * 24 * time.Hour)
	cookie = w.enter(t, "op@alpha.test")
	g = w.want(t, 200, ask{method: "GET", path: "/api/v1/instance/cases", cookie: cookie})
	g.into(t, &all)
	if len(all.Items) != 4 || strings.Contains(g.body, "canary-") {
		t.Errorf("after ten days: %s", g.body)
	}
}

// asks gives a shop a person's request.
func (w *world) asks(t *testing.T, s *shop) {
	t.Helper()
	opened, err := w.casework.Open(t.Context(), s.ws.ID, privacy.NewCase{Kind: desk.AskRestrict, Door: privacy.DoorMember, Law: "gdpr", Words: s.canary + " asks", Contact: s.contact})
	must(t, err)
	s.personCase = opened.Case.ID
	s.incident, err = w.incidents(nil).Open(t.Context(), s.ws.ID, breach.NewIncident{Title: s.canary + " was seen", By: desk.Actor{Kind: desk.BySystem}})
	must(t, err)
}

// incidents makes the breach desk.
func (w *world) incidents(work *flow.Flow) *breach.Desk {
	return breach.New(breach.Parts{DB: w.DB, Flow: work, Audit: audit.NewLog(w.DB)})
}

// restricting makes what carries requests out.
func (w *world) restricting(work *flow.Flow) *privacy.Restrict {
	log := audit.NewLog(w.DB)
	restrict := privacy.NewRestrict(privacy.RestrictParts{DB: w.DB, Keys: w.Keys, Flow: work, Inbox: w.inbox, Audit: log})
	w.casework = privacy.NewCasework(privacy.CaseworkParts{DB: w.DB, Keys: w.Keys, Flow: work, Audit: log, Eraser: privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB)), Restrict: restrict, Home: "http://parley.test"})
	return restrict
}

// caseBody is a right body for each route about requests, "" for others.
func caseBody(r api.Route, s *shop) string {
	return map[string]string{"ask-help": `{"text":"t"}`, "answer-instance-case": `{"text":"t"}`, "decide-instance-case": `{"decision":"answered","text":"t"}`, "open-case": `{"kind":"access","words":"w","contact_id":"` + s.contact.String() + `"}`,
		"change-case": `{"law":"uk"}`, "prove-case": `{"text":"t"}`, "add-case-letter": `{"text":"t"}`, "add-case-note": `{"text":"t"}`,
		"extend-case": `{"days":10,"reason":"r"}`, "decide-case": `{"decision":"refused","reason":"excessive"}`}[r.ID]
}

func incidentBody(id string) string {
	const scopes = `{"scopes":[{"from":"2026-11-20T00:00:00Z","to":"2026-11-21T00:00:00Z"}]}`
	id = strings.Replace(strings.Replace(id, "-instance-", "-", 1), "instance-", "", 1)
	return map[string]string{"open-incident": `{"title":"t"}`, "aware-of-incident": `{"at":"2026-11-20T00:00:00Z"}`, "write-incident-facts": `{"facts":{"nature":"n"}}`, "count-incident": scopes,
		"write-incident-draft": `{"text":"t"}`, "settle-incident-person": `{"left":true}`, "assess-incident": `{"risk":"none"}`, "notify-incident": `{}`,
		"excuse-incident": `{"reason":"r"}`, "close-incident": `{"lessons":"l"}`}[id]
}
