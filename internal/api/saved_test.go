package api_test

import (
	"strings"
	"testing"

	"parley/internal/api"
)

func TestSavedRepliesAreKeptChangedAndRemoved(t *testing.T) {
	t.Parallel()
	w := one(t)
	path := "/api/v1/saved-replies"
	var made api.SavedReply
	w.want(t, 201, ask{method: "POST", path: path, cookie: w.a.cookie,
		body: `{"name":"  Opening \n hours ","body":"Hello {{contact.name}}!\r\nWe open at 9.","language":"en","label":"hours","close":true}`}).into(t, &made)
	if made.Name != "Opening hours" || made.Body != "Hello {{contact.name}}!\nWe open at 9." || made.Label != "hours" || !made.Close || made.Language != "en" {
		t.Fatalf("kept %+v", made)
	}
	for name, c := range map[string]struct {
		body, code string
		status     int
	}{
		"a taken name":     {`{"name":"OPENING hours","body":"x"}`, "saved_reply_name_taken", 409},
		"a blank name":     {`{"name":" \u200b","body":"x"}`, "name_missing", 422},
		"a long name":      {`{"name":"` + strings.Repeat("n", 81) + `","body":"x"}`, "name_too_long", 422},
		"a blank text":     {`{"name":"x","body":" "}`, "empty", 422},
		"a long text":      {`{"name":"x","body":"` + strings.Repeat("b", 4001) + `"}`, "saved_too_long", 422},
		"no language":      {`{"name":"x","body":"y","language":"E1"}`, "language_invalid", 422},
		"an unknown field": {`{"name":"x","body":"y","run":"rm"}`, "invalid", 422},
	} {
		if g := w.do(t, ask{method: "POST", path: path, body: c.body, cookie: w.a.cookie}); g.status != c.status || g.problem(t).Code != c.code {
			t.Errorf("%s: %d %.200s", name, g.status, g.body)
		}
	}
	one := path + "/" + made.ID.String()
	var changed api.SavedReply
	w.want(t, 200, ask{method: "PATCH", path: one, body: `{"close":false,"label":""}`, cookie: w.a.cookie}).into(t, &changed)
	if changed.Close || changed.Label != "" || changed.Name != made.Name || changed.Body != made.Body {
		t.Fatalf("changed to %+v", changed)
	}
	var first, second api.Page[api.SavedReply]
	w.want(t, 200, ask{method: "GET", path: path + "?limit=1", cookie: w.a.cookie}).into(t, &first)
	w.want(t, 200, ask{method: "GET", path: path + "?limit=1&cursor=" + first.Next, cookie: w.a.cookie}).into(t, &second)
	if len(first.Items) != 1 || len(second.Items) != 1 || second.Items[0].ID != made.ID || second.Next != "" {
		t.Fatalf("listed %+v then %+v", first, second)
	}
	w.want(t, 204, ask{method: "DELETE", path: one, cookie: w.a.cookie})
	w.want(t, 404, ask{method: "DELETE", path: one, cookie: w.a.cookie})
}
