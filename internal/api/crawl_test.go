package api_test

import (
	"strings"
	"testing"
)

func TestASiteIsAddedPlannedAndReadAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := "/api/v1/knowledge/sources"
		post := func(want int, body string) string {
			t.Helper()
			return w.want(t, want, ask{method: "POST", path: path, body: body, cookie: w.a.cookie}).body
		}
		added := post(201, `{"kind":"site","name":"Shop","url":"example.com/help?utm_source=x","schedule":"daily","limit":50}`)
		_, id, _ := strings.Cut(added, `"id":"`)
		id, _, _ = strings.Cut(id, `"`)
		one := path + "/" + id
		has := func(body string, words ...string) {
			t.Helper()
			for _, word := range words {
				if !strings.Contains(body, word) {
					t.Errorf("%s is missing in %s", word, body)
				}
			}
		}
		for _, at := range []string{path, one} {
			has(w.want(t, 200, ask{method: "GET", path: at, cookie: w.a.cookie}).body, `"kind":"site"`, `"url":"https://example.com/help"`, `"schedule":"daily"`, `"limit":50`,
				`"running":true`, `"finished_at":null`, `"stale":false`)
		}
		has(w.want(t, 200, ask{method: "GET", path: one + "/pages?state=waiting", cookie: w.a.cookie}).body, `"url":"https://example.com/help"`, `"state":"waiting"`, `"fetched_at":null`)
		if g := w.want(t, 200, ask{method: "GET", path: one + "/pages?state=read", cookie: w.a.cookie}); strings.Contains(g.body, "example") {
			t.Error(g.body)
		}
		has(w.want(t, 200, ask{method: "PATCH", path: one, body: `{"schedule":"weekly","limit":60}`, cookie: w.a.cookie}).body, `"schedule":"weekly"`, `"limit":60`)
		has(w.want(t, 202, ask{method: "POST", path: one + "/refresh", body: "{}", cookie: w.a.cookie}).body, `"round":1`)
		for body, code := range map[string]string{
			`{"kind":"site","name":"n","url":"ftp://example.com"}`:                 "bad_url",
			`{"kind":"site","name":"n"}`:                                           "bad_url",
			`{"kind":"page","name":"n","url":"https://user:pw@example.com/"}`:      "bad_url",
			`{"kind":"site","name":"n","url":"example.com","schedule":"hourly"}`:   "invalid",
			`{"kind":"site","name":"n","url":"example.com","limit":9999}`:          "invalid",
			`{"kind":"text","name":"n","text":"t","schedule":"daily"}`:             "wrong_kind",
			`{"kind":"site","name":"n","url":"example.com","text":"t"}`:            "wrong_kind",
			`{"kind":"site","name":"Shop","url":"example.org","schedule":"daily"}`: "",
		} {
			want := 422
			if code == "" {
				want = 409
			}
			has(post(want, body), code)
		}
		if g := w.want(t, 422, ask{method: "POST", path: path + "/" + w.a.source.String() + "/refresh", body: "{}", cookie: w.a.cookie}); !strings.Contains(g.body, "wrong_kind") {
			t.Error(g.body)
		}
	})
}
