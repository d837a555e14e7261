package api_test

import "testing"

// What proves who calls is named as what it is: a key or a visit's token that
// stands there bare, or under another name, is nobody's.
func TestACredentialStandsUnderItsOwnNameOrIsNone(t *testing.T) {
	t.Parallel()
	w := one(t)
	said := w.said(t, w.a, "The lamp is 900 EUR.")
	token := w.chatToken(t, w.a)
	report := ask{method: "POST", path: "/api/v1/widget/key-" + w.a.canary + "/report", body: `{"message_id":"` + said.ID.String() + `","reason":"wrong"}`}
	list := ask{method: "GET", path: "/api/v1/conversations"}
	for _, c := range []struct {
		ask
		right, secret string
	}{{list, "Bearer ", w.a.key}, {report, "Widget ", token}} {
		for name, scheme := range map[string]string{"bare": "", "of another kind": "Basic ", "in small letters without a space": "bearer"} {
			c.header = map[string]string{"Authorization": scheme + c.secret}
			if g := w.do(t, c.ask); g.status != 401 || g.problem(t).Code != "credentials" {
				t.Errorf("%s, %s: %d %s", c.path, name, g.status, g.body)
			}
		}
		c.header = map[string]string{"Authorization": c.right + c.secret}
		if g := w.do(t, c.ask); g.status != 200 && g.status != 204 {
			t.Errorf("%s as it should be: %d %s", c.path, g.status, g.body)
		}
	}
}

// A picture, a frame or a script of another site reads nothing with our cookie; a
// link from there opens. asvs: V3.5.8
func TestAnotherSitesPageLoadsNothingOfOurs(t *testing.T) {
	t.Parallel()
	w := one(t)
	for name, c := range map[string]struct {
		site, mode, dest string
		ok               bool
	}{
		"a picture":            {"cross-site", "no-cors", "image", false},
		"a script next door":   {"same-site", "no-cors", "script", false},
		"a frame":              {"cross-site", "navigate", "iframe", false},
		"a call":               {"cross-site", "cors", "empty", false},
		"a link":               {"cross-site", "navigate", "document", true},
		"our own page":         {"same-origin", "cors", "empty", true},
		"an address typed in ": {"none", "navigate", "document", true},
	} {
		g := w.do(t, ask{method: "GET", path: "/api/v1/conversations", cookie: w.a.cookie,
			header: map[string]string{"Sec-Fetch-Site": c.site, "Sec-Fetch-Mode": c.mode, "Sec-Fetch-Dest": c.dest}})
		if c.ok != (g.status == 200) || !c.ok && (g.status != 403 || g.problem(t).Code != "cross_site") {
			t.Errorf("%s: %d %s", name, g.status, g.body)
		}
	}
}

func TestHelpIsNotAskedForWithoutEnd(t *testing.T) {
	t.Parallel()
	w := one(t)
	for n := 0; ; n++ {
		g := w.do(t, ask{method: "POST", path: "/api/v1/help", body: `{"text":"how do I connect a page?"}`, cookie: w.a.cookie})
		if g.status == 429 && n > 0 {
			return
		}
		if g.status != 201 || n > 10 {
			t.Fatalf("the %d. time: %d %s", n+1, g.status, g.body)
		}
	}
}
