package api_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/record"
	"parley/internal/store"
)

// look is what the running program does every few seconds.
func (w *world) look(t *testing.T) {
	t.Helper()
	w.record.Flush(t.Context(), w.DB)
	must(t, w.api.Alerts.Look(t.Context()))
}

func (w *world) alerts(t *testing.T, path, cookie string) api.Page[api.Alert] {
	t.Helper()
	var list api.Page[api.Alert]
	w.want(t, 200, ask{method: "GET", path: path, cookie: cookie}).into(t, &list)
	return list
}

// asvs: V16.3.3
func TestGuessingAppearsToTheOwnerAndToTheOperatorAndToNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 12 {
			w.do(t, ask{method: "POST", path: "/api/v1/session", body: `{"email":"agent@canary-alpha.test","password":"wrong"}`, header: map[string]string{"Sec-Fetch-Site": "same-origin"}})
		}
		w.look(t)
		list := w.alerts(t, "/api/v1/alerts", w.a.cookie)
		if len(list.Items) != 1 || list.Items[0].Rule != "guessing" || list.Items[0].ObjectID != w.a.agent || !strings.Contains(list.Items[0].Name, "agent") {
			t.Fatalf("%+v", list)
		}
		path := "/api/v1/alerts/" + list.Items[0].ID.String()
		var story api.AlertStory
		w.want(t, 200, ask{method: "GET", path: path, cookie: w.a.cookie}).into(t, &story)
		tries := slices.IndexFunc(story.Timeline, func(s api.AlertStep) bool {
			return s.What == record.SignInFailed && s.From == "127.0.0.0/24" && s.Times >= 10
		})
		if tries < 0 {
			t.Fatalf("%+v", story)
		}
		if n := len(w.alerts(t, "/api/v1/alerts", w.b.cookie).Items); n != 0 {
			t.Errorf("Beta sees %d", n)
		}
		w.want(t, 404, ask{method: "GET", path: path, cookie: w.b.cookie})
		w.want(t, 404, ask{method: "POST", path: path + "/close", body: `{"note":"x"}`, cookie: w.b.cookie})
		w.want(t, 403, ask{method: "GET", path: "/api/v1/operator/alerts", cookie: w.a.cookie})
		w.want(t, 204, ask{method: "POST", path: path + "/close", body: `{"note":"they forgot it"}`, cookie: w.a.cookie})
		w.want(t, 409, ask{method: "POST", path: path + "/close", body: `{"note":"again"}`, cookie: w.a.cookie})
		if a := w.alerts(t, "/api/v1/alerts", w.a.cookie).Items[0]; a.Note != "they forgot it" || !strings.Contains(a.ClosedBy, "owner") {
			t.Errorf("%+v", a)
		}
	})
}

// asvs: V16.5.4
func TestTheOperatorSeesErrorsAndAlertsOfTheInstanceAndNoText(t *testing.T) {
	t.Parallel()
	w := one(t)
	_, who, err := w.members.Add(t.Context(), "Alpha", member.Person{Name: "Op", Email: "op@example.com", Role: desk.RoleOperator, Password: password})
	must(t, err)
	s, err := w.members.SignIn(t.Context(), signInOf(who.Email))
	must(t, err)
	w.record.Fault(record.Fault{Kind: "request failed", Place: "api.x:1", FaultEvent: store.FaultEvent{Request: "7", Reason: "internal"}})
	for range 12 {
		w.record.Note(record.Event{Kind: record.SignInFailed, Account: "nobody@example.com", Network: "203.0.113.0/24"})
	}
	w.look(t)
	var errs api.Page[api.ErrorKind]
	w.want(t, 200, ask{method: "GET", path: "/api/v1/operator/errors", cookie: s.Token}).into(t, &errs)
	if len(errs.Items) != 1 || errs.Items[0].Count != 1 {
		t.Fatalf("%+v", errs)
	}
	var cases api.Page[api.ErrorCase]
	w.want(t, 200, ask{method: "GET", path: "/api/v1/operator/errors/" + errs.Items[0].ID, cookie: s.Token}).into(t, &cases)
	if len(cases.Items) != 1 || cases.Items[0].Request != "7" {
		t.Fatalf("%+v", cases)
	}
	list := w.alerts(t, "/api/v1/operator/alerts", s.Token)
	if len(list.Items) != 1 || list.Items[0].Subject != "account" || list.Items[0].Name != "" {
		t.Fatalf("%+v", list)
	}
	figures := httptest.NewRecorder()
	w.api.Admin().ServeHTTP(figures, httptest.NewRequest("GET", "/metrics", nil))
	if !strings.Contains(figures.Body.String(), "parley_alerts_open 1\n") || !strings.Contains(figures.Body.String(), "parley_records_dropped_total 0\n") {
		t.Error("the figures for the operator's own tools lack alerts or dropped records")
	}
	w.want(t, 204, ask{method: "POST", path: "/api/v1/operator/alerts/" + list.Items[0].ID.String() + "/close", body: `{"note":"a bot"}`, cookie: s.Token})
	w.want(t, 403, ask{method: "GET", path: "/api/v1/alerts", cookie: s.Token})
	w.want(t, 403, ask{method: "GET", path: "/api/v1/operator/errors", cookie: w.a.cookie})
}

// covers A-3.5-08: the counts are the calls, and name nobody.
func TestUseIsCountedByOperation(t *testing.T) {
	t.Parallel()
	w := one(t)
	for range 3 {
		w.want(t, 200, ask{method: "GET", path: "/api/v1/members", cookie: w.a.cookie})
	}
	w.record.Flush(t.Context(), w.DB)
	var used api.Page[api.UsedRoute]
	w.want(t, 200, ask{method: "GET", path: "/api/v1/usage", cookie: w.a.cookie}).into(t, &used)
	if len(used.Items) != 1 || used.Items[0] != (api.UsedRoute{Route: "list-members", Calls: 3}) {
		t.Fatalf("%+v", used)
	}
}

// noteBody is a right body for the routes of alerts and of analytics.
func noteBody(route string) string {
	return map[string]string{"close-alert": `{"note":"n"}`, "close-instance-alert": `{"note":"n"}`, "choose-analytics": `{"allowed":false}`}[route]
}
