package api_test

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/store"
	"parley/internal/vault"
)

// chatToken begins a visit of a shop's website chat whose visitor is the shop's
// contact.
func (w *world) chatToken(t *testing.T, s *shop) (token string) {
	t.Helper()
	key := "key-" + s.canary
	var boot struct {
		Token string `json:"boot_token"`
	}
	w.want(t, 200, ask{method: "GET", path: "/w/" + key, header: map[string]string{"Referer": w.server.URL + "/"}}).into(t, &boot)
	var begun struct{ Token string }
	w.want(t, 200, ask{method: "POST", path: "/api/v1/widget/" + key + "/session", body: `{"boot_token":"` + boot.Token + `","consent":"granted"}`}).into(t, &begun)
	raw, err := base64.RawURLEncoding.DecodeString(begun.Token)
	must(t, err)
	clear, err := w.DB.Vault().Open(t.Context(), vault.AD{Workspace: int64(s.ws.ID), Table: "widget_token", Column: "visit", Row: int64(s.channel)}, raw)
	must(t, err)
	var v struct {
		Visitor string `json:"v"`
	}
	must(t, json.Unmarshal(clear, &v))
	must(t, w.DB.In(s.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: s.contact, Account: s.channel, Kind: "visitor", Value: v.Visitor})
	}))
	return begun.Token
}

// covers A-7.4-07: a visitor reports an answer of their own chat, once; nobody
// reports another's, another shop's or a person's words, and nobody fills the
// list of cases.
func TestAVisitorReportsAnAnswerOfTheirOwnChat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		said, beta := w.said(t, w.a, "The lamp is 900 EUR."), w.said(t, w.b, "The chair is 5 EUR.")
		token := w.chatToken(t, w.a)
		at := func(s *shop) string { return "/api/v1/widget/key-" + s.canary + "/report" }
		put := func(status int, path, token string, m desk.ID, reason string) got {
			t.Helper()
			return w.want(t, status, ask{method: "POST", path: path, body: `{"message_id":"` + m.String() + `","reason":"` + reason + `"}`,
				header: map[string]string{"Authorization": "Widget " + token}})
		}
		for name, refused := range map[string]got{
			"no token":                  w.want(t, 401, ask{method: "POST", path: at(w.a), body: `{"message_id":"` + said.ID.String() + `","reason":"wrong"}`}),
			"another shop's key":        put(401, at(w.b), token, beta.ID, "wrong"),
			"a key that nobody has":     put(404, "/api/v1/widget/key-nobody/report", token, said.ID, "wrong"),
			"another shop's answer":     put(404, at(w.a), token, beta.ID, "wrong"),
			"an answer that is not":     put(404, at(w.a), token, 1, "wrong"),
			"the contact's own message": put(422, at(w.a), token, w.a.message, "wrong"),
			"another reason":            put(422, at(w.a), token, said.ID, "dull"),
		} {
			if strings.Contains(refused.body, w.b.canary) || strings.Contains(refused.body, "lamp") {
				t.Errorf("%s: %s", name, refused.body)
			}
		}
		for range 3 {
			put(204, at(w.a), token, said.ID, "wrong")
		}
		put(204, at(w.a), token, said.ID, "harmful")
		var cases api.Page[api.Case]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/cases?about=answers", cookie: w.a.cookie}).into(t, &cases)
		if len(cases.Items) != 2 || cases.Items[0].Report == nil || cases.Items[0].Report.ByKind != "contact" || cases.Items[0].Report.Reason != "wrong" ||
			cases.Items[0].Report.Answer != "The lamp is 900 EUR." || !strings.Contains(cases.Items[0].Report.Question, w.a.canary) {
			t.Fatalf("%+v", cases.Items)
		}
		w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/cases?about=people", cookie: w.a.cookie}).into(t, &cases)
		if slices.ContainsFunc(cases.Items, func(c api.Case) bool { return c.Report != nil }) {
			t.Fatalf("%+v", cases.Items)
		}
		for n := 0; ; n++ {
			g := w.do(t, ask{method: "POST", path: at(w.a), body: `{"message_id":"` + said.ID.String() + `","reason":"wrong"}`, header: map[string]string{"Authorization": "Widget " + token}})
			if g.status == 429 {
				break
			}
			if n > 40 {
				t.Fatal("a visitor may report " + strconv.Itoa(n) + " times at once")
			}
		}
	})
}
