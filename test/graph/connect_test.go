package graph_test

import (
	"net/url"
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
