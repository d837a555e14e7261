package member_test

import (
	"context"
	"encoding/hex"
	"testing"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/kit/secret"
	"parley/internal/member"
	"parley/test/storetest"
)

// A member is asked for each text until they agree to its present version; a
// declined one is asked again, and nothing is closed meanwhile (covers H-92).
func TestAMemberIsAskedUntilTheyAgree(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		_, m := add(t, r, "Kumaş", "ada@example.com", desk.RoleAgent)
		who := signIn(t, r, m.Email).Who
		asked := func() int {
			t.Helper()
			open, err := r.Unanswered(ctx, who, "en")
			if err != nil {
				t.Fatal(err)
			}
			return len(open)
		}
		all := member.Statements("en")
		if asked() != len(all) || len(all) < 2 {
			t.Fatalf("asked for %d of %d", asked(), len(all))
		}
		answer := func(what, version string, agreed bool) error {
			return r.Acknowledge(ctx, who, member.Agreement{What: what, Version: version, Locale: "tr", Agreed: agreed})
		}
		if err := answer("age_business", "2020-01-01", true); reason(err) != "text_changed" {
			t.Errorf("an old version: %v", err)
		}
		if err := answer("everything", "2026-11-22", true); !desk.IsNotFound(err) {
			t.Errorf("what nobody asks: %v", err)
		}
		for _, agreed := range []bool{false, true} {
			if err := answer("age_business", all[0].Version, agreed); err != nil {
				t.Fatal(err)
			}
			if want := map[bool]int{false: len(all), true: len(all) - 1}[agreed]; asked() != want {
				t.Errorf("agreed %v: asked for %d, want %d", agreed, asked(), want)
			}
		}
		given, err := r.Acknowledged(ctx, who)
		if err != nil || len(given) != 2 || !given[0].Agreed || given[1].Agreed || given[0].Locale != "tr" ||
			string(given[0].Hash) != string(secret.Hash(i18n.T("tr", "acknowledge.age_business", nil))) {
			t.Errorf("%+v, %v", given, err)
		}
		who.Session = 0
		if err := answer("privacy", all[1].Version, true); desk.CodeOf(err) != desk.Forbidden || asked() != 0 {
			t.Errorf("a key: %v", err)
		}
	})
}

// Words and version go together: whoever changes a text that people agreed to
// gives it a new version, or corrects this list for a slip of the pen.
func TestAChangedTextHasANewVersion(t *testing.T) {
	t.Parallel()
	known := map[string]string{
		"en age_business 2026-11-22": "498eb30d9a8d933c",
		"en privacy 2026-11-22":      "63b2f5a3cd8ad8e2",
		"tr age_business 2026-11-22": "9c551efd18301e70",
		"tr privacy 2026-11-22":      "31659ae4704070cd",
	}
	for _, locale := range i18n.Locales() {
		for _, s := range member.Statements(locale) {
			key := locale + " " + s.What + " " + s.Version
			if got := hex.EncodeToString(secret.Hash(s.Text)[:8]); known[key] != got {
				t.Errorf("%q: %q, the list says %q", key, got, known[key])
			}
		}
	}
}
