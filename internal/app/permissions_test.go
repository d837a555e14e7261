package app

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/i18n"
)

// permissionsPage is docs/permissions.md: scope, purpose and feature, as the
// channels declare them.
func permissionsPage(t *testing.T) string {
	t.Helper()
	app := meta.App{}
	out, err := hosts(app, config.Config{}, clock.Real{})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	var b strings.Builder
	b.WriteString("# Permissions\n\nMade from the `Ways` of the channels; change them there and run `go test ./internal/app -run Page -update`.\n" +
		"The same list is shown before a sign-in, at `/privacy/permissions` and at `/api/v1/channels/manifest`.\n\n| channel | sign-in | scope | purpose | feature | needed |\n|---|---|---|---|---|---|\n")
	for _, ch := range channels(meta.NewGraph(app, out, clock.Real{})).All() {
		for _, w := range ch.Info().Ways {
			for _, s := range w.Scopes {
				fmt.Fprintf(&b, "| %s | %s | `%s` | %s | %s | %t |\n", ch.Info().Name, w.ID, s.Name, channel.ScopeWords("en", s), s.Feature, s.Needed)
				hold(t, ch.Info().Name, w.ID, s)
			}
		}
	}
	return b.String()
}

// hold: each line has words in both languages, and none is more than messages
// need (covers H-68).
func hold(t *testing.T, kind, way string, s channel.Scope) {
	t.Helper()
	for _, language := range []string{"en", "tr"} {
		for _, key := range []string{"scope." + s.Name, "permissions.feature." + s.Feature, "permissions.way." + kind + "." + way} {
			if i18n.T(language, key, nil) == key {
				t.Errorf("%s has no words in %s", key, language)
			}
		}
	}
	for _, word := range []string{"ads", "publish", "contacts", "email", "friends", "leads", "insights", "comments"} {
		if slices.Contains(strings.Split(s.Name, "_"), word) {
			t.Errorf("%s is more than messages need", s.Name)
		}
	}
}

func TestPermissionsPageIsUpToDate(t *testing.T) {
	t.Parallel()
	const path = "../../docs/permissions.md"
	page := permissionsPage(t)
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != page {
		t.Fatalf("docs/permissions.md is out of date; run go test ./internal/app -run Page -update (%v)", err)
	}
}
