package api_test

import (
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/member"
)

// cut is a key of the first workspace that may some things only.
func (w *world) cut(t *testing.T, may ...desk.Permission) ask {
	t.Helper()
	k, err := w.members.AddKey(t.Context(), w.a.ws.ID, member.KeyWish{Name: "cut", Role: desk.RoleOwner, Scopes: may}, desk.Actor{Kind: desk.BySystem})
	must(t, err)
	return ask{key: k.Token}
}

// Who may take an account down may not for that reason erase whom it wrote to.
func TestDeletingTheHistoryOfAnAccountNeedsThePermissionToErase(t *testing.T) {
	t.Parallel()
	w := one(t)
	path := "/api/v1/channels/" + w.a.channel.String() + "/disconnect"
	g := w.do(t, w.cut(t, desk.WriteChannels).at("POST", path, `{"history":"delete"}`))
	if g.status != 403 || g.problem(t).Code != "permission" {
		t.Errorf("%d %s", g.status, g.body)
	}
	if g := w.do(t, w.cut(t, desk.WriteChannels, desk.EraseContacts).at("POST", path, `{"history":"delete"}`)); g.status == 403 {
		t.Errorf("who may erase: %d %s", g.status, g.body)
	}
}

// What a report says stands in its case for whoever may read conversations.
func TestACaseShowsNoWordsToWhoMayNotReadConversations(t *testing.T) {
	t.Parallel()
	w := one(t)
	m := w.said(t, w.a, "The lamp has a canary warranty.")
	w.want(t, 201, ask{cookie: w.a.cookie}.at("POST", "/api/v1/messages/"+m.ID.String()+"/report", `{"reason":"wrong","note":"a canary note"}`))
	for words, may := range map[bool][]desk.Permission{false: {desk.ReadCases}, true: {desk.ReadCases, desk.ReadConversations}} {
		g := w.want(t, 200, w.cut(t, may...).at("GET", "/api/v1/privacy/cases", ""))
		if strings.Contains(g.body, "canary warranty") != words || strings.Contains(g.body, "canary note") != words {
			t.Errorf("with %v: %s", may, g.body)
		}
	}
}

// A key is nobody's sign-in: it ends none, and has no password and no name of its
// own to change.
func TestAKeyIsNobodysSignIn(t *testing.T) {
	t.Parallel()
	w := one(t)
	for what, a := range map[string]ask{
		"sign out": {method: "DELETE", path: "/api/v1/session"},
		"password": {method: "PUT", path: "/api/v1/password", body: `{"current":"` + password + `","new":"another long password"}`},
		"name":     {method: "PATCH", path: "/api/v1/session", body: `{"name":"Somebody"}`},
	} {
		a.key = w.a.key
		if g := w.do(t, a); g.status != 403 || g.problem(t).Code != "members_only" {
			t.Errorf("%s: %d %s", what, g.status, g.body)
		}
	}
	var me api.Me
	w.want(t, 200, ask{cookie: w.a.cookie}.at("GET", "/api/v1/session", "")).into(t, &me)
	if me.Member.Name == "Somebody" {
		t.Error("a key renamed a member")
	}
}
