package api_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/store"
)

// A mail program's one press withdraws without a sign-in; opening the page alone
// changes nothing, and shows the same for every token (covers A-5.5-03, A-4.2-02).
func TestOnePressInTheMailProgramWithdraws(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		own := w.DB.In(w.a.ws.ID)
		must(t, own.Write(t.Context(), func(tx *store.Tx) error { return tx.VerifyAddress(w.a.owner.ID) }))
		var list api.ConsentList
		look := func() bool {
			t.Helper()
			w.want(t, 200, ask{method: "GET", path: "/api/v1/consents", cookie: w.a.cookie}).into(t, &list)
			return list.Wishes[0].Allowed
		}
		if look() {
			t.Fatal("allowed from the start")
		}
		w.want(t, 204, ask{method: "PUT", path: "/api/v1/consents", body: `{"purpose":"news","version":"` + list.Wishes[0].Version + `","allowed":true}`, cookie: w.a.cookie})
		if !look() {
			t.Fatal("not allowed")
		}
		var token string
		must(t, own.Read(t.Context(), func(r *store.Rx) error {
			all, err := r.Consents(w.a.owner.ID, 1)
			must(t, err)
			hash, err := r.StopHash(all[0])
			token = desk.LetterToken(desk.Letter{Workspace: w.a.ws.ID, ID: all[0].ID}, hash)
			return err
		}))
		bare := func(method, token, body string) got {
			return w.do(t, ask{method: method, path: "/unsubscribe/" + token, body: body, header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
		}
		page := bare("GET", token, "")
		if page.status != 200 || !strings.Contains(page.body, `<form method="post">`) || !look() {
			t.Fatalf("opening the page: %d %s", page.status, page.body)
		}
		if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self'") {
			t.Error(csp)
		}
		if g := bare("POST", strings.Repeat("A", len(token)), "List-Unsubscribe=One-Click"); g.status != http.StatusNotFound || !look() {
			t.Fatalf("a token of nobody: %d", g.status)
		}
		for range 2 {
			if g := bare("POST", token, "List-Unsubscribe=One-Click"); g.status != 200 || strings.Contains(g.body, w.a.owner.Email) || look() {
				t.Fatalf("the press: %d %s", g.status, g.body)
			}
		}
		if list.History[0].WithdrawnBy != "link" {
			t.Errorf("%+v", list.History)
		}
	})
}

// A member changes their own name, which is recorded, and reads what was mailed
// to them; a list of members says who has a second factor.
func TestAMembersOwnPapers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before := w.auditNo(t, w.a)
		var me api.Me
		w.want(t, 200, ask{method: "PATCH", path: "/api/v1/session", body: `{"name":" Ada Lovelace "}`, cookie: w.a.cookie}).into(t, &me)
		if me.Member.Name != "Ada Lovelace" || w.auditNo(t, w.a) != before+1 {
			t.Errorf("%+v, %d entries", me.Member, w.auditNo(t, w.a)-before)
		}
		w.want(t, 422, ask{method: "PATCH", path: "/api/v1/session", body: `{"name":"  "}`, cookie: w.a.cookie})
		must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
			e := tx.InsertLetter(&desk.Letter{Member: w.a.agent, Kind: desk.LetterRole, About: "admin"})
			if e == nil {
				e = tx.InsertLetter(&desk.Letter{Member: w.a.owner.ID, Kind: desk.LetterLinked, About: "Google"})
			}
			if e == nil {
				e = tx.InsertFactor(&store.Factor{Factor: desk.Factor{Member: w.a.agent, Kind: desk.FactorTOTP, Name: "n"}, Secret: []byte("s")})
			}
			return e
		}))
		var letters api.Page[api.MyLetter]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/my-letters", cookie: w.a.cookie}).into(t, &letters)
		if len(letters.Items) != 1 || letters.Items[0].Category != desk.LetterOfSecurity || !strings.HasPrefix(letters.Items[0].Subject, "Google signs you in") {
			t.Errorf("%+v", letters.Items)
		}
		var members api.Page[api.Member]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/members", cookie: w.a.cookie}).into(t, &members)
		for _, m := range members.Items {
			if m.Factor != (m.ID == w.a.agent) {
				t.Errorf("%+v", m)
			}
		}
		var now api.Security
		w.want(t, 200, ask{method: "GET", path: "/api/v1/security", cookie: w.a.cookie}).into(t, &now)
		for _, m := range now.Bare {
			if m.ID == w.a.agent {
				t.Error("a member with a factor is called bare")
			}
		}
		if len(now.Bare) == 0 {
			t.Errorf("%+v", now)
		}
	})
}
