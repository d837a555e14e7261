package api_test

import (
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/member"
)

// at is what a problem says about one field.
func at(p api.Problem, field string) bool {
	for _, e := range p.Errors {
		if e.Location == "body."+field && e.Message != "" {
			return true
		}
	}
	return false
}

func TestAnAddedMemberSignsInAndChangesTheirPassword(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var m api.Member
		w.want(t, 201, ask{method: "POST", path: "/api/v1/members", cookie: w.a.cookie,
			body: `{"name":"Efe","email":"Efe@Example.com","role":"agent","password":"` + password + `"}`}).into(t, &m)
		if m.Email != "efe@example.com" || m.Role != desk.RoleAgent || m.State != "active" {
			t.Fatalf("%+v", m)
		}
		s, err := w.members.SignIn(t.Context(), signInOf("efe@example.com"))
		must(t, err)
		other, err := w.members.SignIn(t.Context(), signInOf("efe@example.com"))
		must(t, err)
		g := w.want(t, 403, ask{method: "PUT", path: "/api/v1/password", cookie: s.Token, body: `{"current":"x","new":"seven tall ships at anchor"}`})
		if p := g.problem(t); p.Code != "password_wrong" || !at(p, "current") {
			t.Fatal(g.body)
		}
		g = w.want(t, 422, ask{method: "PUT", path: "/api/v1/password", cookie: s.Token, body: `{"current":"` + password + `","new":"short"}`})
		if p := g.problem(t); p.Code != "password_short" || !at(p, "new") || strings.Contains(g.body, password) {
			t.Fatal(g.body)
		}
		w.want(t, 204, ask{method: "PUT", path: "/api/v1/password", cookie: s.Token, body: `{"current":"` + password + `","new":"seven tall ships at anchor"}`})
		w.want(t, 200, ask{method: "GET", path: "/api/v1/session", cookie: s.Token})
		w.want(t, 401, ask{method: "GET", path: "/api/v1/session", cookie: other.Token})
	})
}

func TestOwnSignInsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	w := one(t)
	other, err := w.members.SignIn(t.Context(), signInOf(w.a.owner.Email))
	must(t, err)
	var all api.Page[api.Device]
	w.want(t, 200, ask{method: "GET", path: "/api/v1/sessions", cookie: w.a.cookie}).into(t, &all)
	current := 0
	for _, d := range all.Items {
		if d.Current {
			current++
			continue
		}
		w.want(t, 204, ask{method: "DELETE", path: "/api/v1/sessions/" + d.ID.String(), cookie: w.a.cookie})
	}
	if len(all.Items) != 2 || current != 1 {
		t.Fatalf("%+v", all.Items)
	}
	w.want(t, 401, ask{method: "GET", path: "/api/v1/session", cookie: other.Token})
	w.want(t, 200, ask{method: "GET", path: "/api/v1/session", cookie: w.a.cookie})
}

func TestARefusedMemberIsToldAtTheField(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin, err := w.members.AddKey(t.Context(), w.a.ws.ID, member.KeyWish{Name: "admin", Role: desk.RoleAdmin}, desk.Actor{Kind: desk.BySystem})
		must(t, err)
		add := func(name, email, role, pass string) string {
			return `{"name":"` + name + `","email":"` + email + `","role":"` + role + `","password":"` + pass + `"}`
		}
		for name, c := range map[string]struct {
			body, code, field string
			status            int
		}{
			"taken e-mail":     {add("x", w.a.owner.Email, "agent", password), "member_exists", "email", 409},
			"no e-mail":        {add("x", "nobody", "agent", password), "email_invalid", "email", 422},
			"blank name":       {add(" ", "x@example.com", "agent", password), "name_missing", "name", 422},
			"short password":   {add("x", "x@example.com", "agent", "short"), "password_short", "password", 422},
			"a wider role":     {add("x", "x@example.com", "admin", password), "owner_needed", "role", 403},
			"an owner":         {add("x", "x@example.com", "owner", password), "owner_needed", "role", 403},
			"an operator":      {add("x", "x@example.com", "operator", password), "invalid", "role", 422},
			"no such role":     {add("x", "x@example.com", "boss", password), "invalid", "role", 422},
			"an unknown field": {strings.Replace(add("x", "x@example.com", "agent", password), "{", `{"state":"off",`, 1), "invalid", "state", 422},
		} {
			g := w.do(t, ask{method: "POST", path: "/api/v1/members", body: c.body, key: admin.Token})
			if p := g.problem(t); g.status != c.status || p.Code != c.code || !at(p, c.field) && c.field != "state" {
				t.Errorf("%s: %d %.300s", name, g.status, g.body)
			}
		}
		g := w.want(t, 422, ask{method: "PUT", path: "/api/v1/members/" + w.a.agent.String() + "/password", body: `{"password":"short"}`, key: admin.Token})
		if p := g.problem(t); p.Code != "password_short" || !at(p, "password") {
			t.Error(g.body)
		}
		w.want(t, 403, ask{method: "PUT", path: "/api/v1/members/" + w.a.owner.ID.String() + "/password", body: `{"password":"` + password + `"}`, key: admin.Token})
		w.want(t, 204, ask{method: "PUT", path: "/api/v1/members/" + w.a.agent.String() + "/password", body: `{"password":"` + password + `"}`, key: admin.Token})
		all, err := w.members.List(t.Context(), w.a.ws.ID, 0, 100)
		must(t, err)
		if len(all) != 2 {
			t.Fatalf("%d members", len(all))
		}
		owner := "/api/v1/members/" + w.a.owner.ID.String()
		for body, code := range map[string]string{`{"state":"off"}`: "own_account", `{"role":"agent"}`: "last_owner"} {
			if g := w.want(t, 409, ask{method: "PATCH", path: owner, body: body, cookie: w.a.cookie}); g.problem(t).Code != code {
				t.Errorf("%s: %s", body, g.body)
			}
		}
		w.want(t, 403, ask{method: "PATCH", path: owner, body: `{"state":"off"}`, key: admin.Token})
	})
}

func TestASourceIsReadBackAndEdited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := "/api/v1/knowledge/sources"
		var made api.Added
		w.want(t, 201, ask{method: "POST", path: path, cookie: w.a.cookie,
			body: `{"kind":"faq","name":"FAQ","pairs":[{"question":"When?","answer":"At nine.","alternatives":["What time?"]}]}`}).into(t, &made)
		one := path + "/" + made.ID.String()
		var c api.Content
		w.want(t, 200, ask{method: "GET", path: one + "/content", cookie: w.a.cookie}).into(t, &c)
		if len(c.Pairs) != 1 || c.Pairs[0].Alternatives[0] != "What time?" || c.Text != "" {
			t.Fatalf("%+v", c)
		}
		var s api.Source
		w.want(t, 200, ask{method: "PATCH", path: one, body: `{"name":"Hours","pairs":[{"question":"When?","answer":"At ten."}]}`, cookie: w.a.cookie}).into(t, &s)
		if s.Name != "Hours" || s.State != "queued" {
			t.Fatalf("%+v", s)
		}
		w.want(t, 200, ask{method: "GET", path: one + "/content", cookie: w.a.cookie}).into(t, &c)
		if len(c.Pairs) != 1 || c.Pairs[0].Answer != "At ten." {
			t.Fatalf("%+v", c)
		}
		for name, bad := range map[string]struct {
			body, code, field string
			status            int
		}{
			"a taken name":       {`{"name":" ` + strings.ToUpper(w.a.canary) + ` Source "}`, "source_name_taken", "name", 409},
			"a blank name":       {`{"name":" "}`, "name_missing", "name", 422},
			"no address":         {`{"url":"shop.example"}`, "bad_url", "url", 422},
			"an incomplete pair": {`{"pairs":[{"question":" ","answer":"x"}]}`, "pair_incomplete", "pairs", 422},
			"text for pairs":     {`{"text":"x"}`, "wrong_kind", "", 422},
			"no pair":            {`{"pairs":[]}`, "empty", "", 422},
		} {
			g := w.do(t, ask{method: "PATCH", path: one, body: bad.body, cookie: w.a.cookie})
			if p := g.problem(t); g.status != bad.status || p.Code != bad.code || bad.field != "" && !at(p, bad.field) {
				t.Errorf("%s: %d %.300s", name, g.status, g.body)
			}
		}
		w.want(t, 200, ask{method: "GET", path: one, cookie: w.a.cookie}).into(t, &s)
		if s.Name != "Hours" {
			t.Fatalf("a refused change left %+v", s)
		}
		g := w.want(t, 409, ask{method: "POST", path: path, body: `{"kind":"text","name":"hours","text":"x"}`, cookie: w.a.cookie})
		if !at(g.problem(t), "name") {
			t.Fatal(g.body)
		}
	})
}

func TestMarkedUnreadItIsUnreadUntilRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := "/api/v1/conversations/" + w.a.conversation.String()
		var c api.Conversation
		for _, step := range []struct {
			path, body string
			unread     int
		}{{"/read", `{"message_id":"` + w.a.message.String() + `"}`, 0}, {"/unread", "", 1}, {"/unread", "", 1}, {"/read", `{"message_id":"` + w.a.message.String() + `"}`, 0}} {
			if w.want(t, 200, ask{method: "POST", path: at + step.path, body: step.body, cookie: w.a.cookie}).into(t, &c); c.Unread != step.unread {
				t.Fatalf("%s: %d unread, want %d", step.path, c.Unread, step.unread)
			}
		}
	})
}

func TestAnApprovedDraftSaysWhoApprovedItAndMayClose(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := "/api/v1/conversations/" + w.a.conversation.String()
		g := w.want(t, 201, ask{method: "POST", path: at + "/drafts/" + w.a.draft.String() + "/send", body: `{"close":true}`, cookie: w.a.cookie})
		var m struct {
			Author api.Author `json:"author"`
			AI     struct {
				By *api.Named `json:"approved_by"`
			} `json:"ai"`
		}
		g.into(t, &m)
		if m.Author.Kind != "ai" || m.AI.By == nil || m.AI.By.ID != w.a.owner.ID || m.AI.By.Name != w.a.owner.Name {
			t.Fatal(g.body)
		}
		var c api.Conversation
		if w.want(t, 200, ask{method: "GET", path: at, cookie: w.a.cookie}).into(t, &c); c.State != "closed" {
			t.Fatalf("%s", c.State)
		}
	})
}
