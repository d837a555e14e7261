package graph_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/app"
	"parley/sim/meta"
)

// Sign-ins go by the app's saved configurations where the operator named them.
func TestSavedConfigurationsAreUsedForSigningIn(t *testing.T) {
	t.Parallel()
	w := open(t, "", settings{"PARLEY_META_LOGIN_CONFIG": meta.LoginConfig, "PARLEY_META_SIGNUP_CONFIG": meta.SignupConfig})
	_, err := w.app.SetWorkspace(t.Context(), app.SetWorkspace{Workspace: "Northwind", Entitlement: []string{"whatsapp"}})
	w.must(err)
	w.owner.Page("Without Instagram")
	for kind, config := range map[string]string{"messenger": meta.LoginConfig, "instagram": meta.LoginConfig, "whatsapp": meta.SignupConfig} {
		way := "facebook"
		if kind == "whatsapp" {
			way = kind
		}
		var begun struct{ URL string }
		w.good("POST", "/api/v1/channels/connect", map[string]any{"kind": kind, "way": way, "acknowledged": true}, &begun)
		u, err := url.Parse(begun.URL)
		w.must(err)
		if u.Query().Get("config_id") != config || u.Query().Has("scope") {
			t.Errorf("%s is asked for at %s", kind, begun.URL)
		}
		if w.connect(kind, way, meta.Choice{})[kind] == "" {
			t.Errorf("%s was not connected", kind)
		}
	}
}

// covers A-9.2-02: what a sign-in asks for is exactly what the page says, in both
// languages, to everybody.
func TestThePermissionPageIsWhatTheSignInAsksFor(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	pages := map[string]string{}
	for _, language := range []string{"en", "tr"} {
		res, err := http.Get(w.at + "/privacy/permissions?l=" + language)
		w.must(err)
		raw, err := io.ReadAll(res.Body)
		w.must(err)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK || strings.Contains(string(raw), "permissions.") || strings.Contains(string(raw), "<script") {
			t.Errorf("%s: %d %s", language, res.StatusCode, raw)
		}
		pages[language] = string(raw)
	}
	_, err := w.app.SetWorkspace(t.Context(), app.SetWorkspace{Workspace: "Northwind", Entitlement: []string{"whatsapp"}})
	w.must(err)
	var list struct {
		Items []struct {
			Kind  string `json:"channel_kind"`
			Way   string
			Scope string
		}
	}
	w.good("GET", "/api/v1/channels/manifest", nil, &list)
	said := map[string][]string{}
	for _, line := range list.Items {
		said[line.Kind+" "+line.Way] = append(said[line.Kind+" "+line.Way], line.Scope)
		for language, page := range pages {
			if !strings.Contains(page, "<code>"+line.Scope+"</code>") {
				t.Errorf("%s is not on the page in %s", line.Scope, language)
			}
		}
	}
	if len(said) != 4 {
		t.Errorf("the manifest holds %v", said)
	}
	for way, scopes := range said {
		kind, id, _ := strings.Cut(way, " ")
		var begun struct{ URL string }
		w.good("POST", "/api/v1/channels/connect", map[string]any{"kind": kind, "way": id, "acknowledged": true}, &begun)
		u, err := url.Parse(begun.URL)
		w.must(err)
		if u.Query().Get("scope") != strings.Join(scopes, ",") {
			t.Errorf("%s asks for %s and says %v", way, u.Query().Get("scope"), scopes)
		}
		before := w.acts("channel.acknowledge")
		w.good("POST", "/api/v1/channels/connect", map[string]any{"kind": kind, "way": id, "acknowledged": true}, nil)
		if w.acts("channel.acknowledge") != before+1 {
			t.Errorf("%s: that somebody read it is not recorded", way)
		}
		if status := w.call("POST", "/api/v1/channels/connect", map[string]any{"kind": kind, "way": id, "acknowledged": false}, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%s begins without anybody having read it: %d", way, status)
		}
	}
}
