package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/record"
	"parley/internal/store"
)

// kept is every record there is, in one text.
func (w *world) kept(t *testing.T) string {
	t.Helper()
	w.record.Flush(t.Context(), w.DB)
	var all []string
	for _, ws := range []desk.ID{0, w.a.ws.ID, w.b.ws.ID} {
		must(t, w.In(ws).Read(t.Context(), func(r *store.Rx) error {
			used, err := r.UsageBetween(0, 1<<40)
			must(t, err)
			all = append(all, fmt.Sprintf("used %+v", used))
			for _, kind := range []string{record.SignInFailed, record.Refused, record.Limited, record.BadToken, record.NewNetwork, record.SameText, record.SendFlood} {
				events, err := r.SecuritySince(time.Time{}, kind, 1000)
				must(t, err)
				all = append(all, fmt.Sprintf("%s %+v", kind, events))
			}
			faults, err := r.Faults(100)
			must(t, err)
			all = append(all, fmt.Sprintf("faults %+v", faults))
			for _, f := range faults {
				events, err := r.FaultEvents(f.Fingerprint, 100)
				must(t, err)
				all = append(all, fmt.Sprintf("fault %+v", events))
			}
			return nil
		}))
	}
	return strings.Join(all, "\n")
}

// covers H-51, H-55, A-3.5-01: whatever is asked of whichever route, right,
// wrong and when the keys are gone, the records hold names of routes, ids and
// numbers. The workspace's names, texts and addresses are canaries.
// asvs: V14.2.1, V16.2.5, V16.3.2
func TestNoContentReachesARecord(t *testing.T) {
	t.Parallel()
	w := one(t)
	var faults []record.Fault
	w.record.Tell(func(f record.Fault) { faults = append(faults, f) })
	asked := func() {
		for range 3 {
			w.do(t, ask{method: "POST", path: "/api/v1/session", body: `{"email":"owner@canary-alpha.test","password":"canary-alpha"}`, header: map[string]string{"Sec-Fetch-Site": "same-origin"}})
			w.do(t, ask{method: "POST", path: "/api/v1/conversations/" + w.a.conversation.String() + "/messages", body: `{"body":"canary-alpha"}`, key: w.a.key})
		}
		for _, r := range mine(w) {
			if r.ID == "events" || r.Method == "" || r.ID == "sign-out" || r.ID == "end-session" || r.ID == "remove-key" {
				continue
			}
			for _, a := range []ask{{cookie: w.a.cookie, body: body(r, w.a)}, {key: w.a.key, body: `{"canary-alpha":"canary-alpha"`}, {cookie: "canary-alpha"}} {
				a.method, a.path = r.Method, path(r, w.a)
				a.header = map[string]string{"User-Agent": "canary-alpha", "Referer": "https://canary-alpha.test/canary-alpha", "X-Forwarded-For": "canary-alpha"}
				if r.Method == "GET" {
					a.path += map[bool]string{true: "&", false: "?"}[strings.Contains(a.path, "?")] + "canary=canary-alpha"
				}
				w.do(t, a)
			}
		}
	}
	asked()
	all := w.kept(t)
	for _, want := range []string{"Route:send-message", "Route:list-audit", record.SignInFailed + " [{ID", record.BadToken + " [{ID", "Source:127.0.0.0/24"} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is not recorded", want)
		}
	}
	must(t, w.Keys.Close())
	w.Fake.Advance(2 * time.Hour) // the keys that are kept at hand are forgotten
	asked()
	if len(faults) == 0 {
		t.Error("nothing failed without keys")
	}
	all += fmt.Sprintf("%+v", faults)
	if at := strings.Index(all, "canary"); at >= 0 {
		t.Errorf("a record holds content: …%s…", all[max(0, at-200):min(len(all), at+100)])
	}
}

// asvs: V16.3.1, V16.3.2
func TestRefusalsAreRecordedWithWhoAndWhereFrom(t *testing.T) {
	t.Parallel()
	w := one(t)
	s, err := w.members.SignIn(t.Context(), signInOf("agent@canary-alpha.test"))
	must(t, err)
	w.want(t, 403, ask{method: "GET", path: "/api/v1/keys", cookie: s.Token})
	w.want(t, 401, ask{method: "GET", path: "/api/v1/keys", key: "pk_" + strings.Repeat("A", 43)})
	w.want(t, 401, ask{method: "GET", path: "/api/v1/session"}) // nobody tried anything
	w.want(t, 401, ask{method: "POST", path: "/api/v1/session", body: `{"email":"Agent@canary-alpha.test ","password":"no"}`, header: map[string]string{"Sec-Fetch-Site": "same-origin"}})
	w.want(t, 200, ask{method: "GET", path: "/api/v1/members", key: w.a.key})
	w.record.Flush(t.Context(), w.DB)
	see := func(ws desk.ID, kind string) store.Security {
		var all []store.Security
		must(t, w.In(ws).Read(t.Context(), func(r *store.Rx) (err error) { all, err = r.SecuritySince(time.Time{}, kind, 10); return err }))
		if len(all) != 1 {
			t.Fatalf("%s: %+v", kind, all)
		}
		return all[0]
	}
	if e := see(w.a.ws.ID, record.Refused); e.Actor.ID != w.a.agent || e.Route != "list-keys" || e.Source != "127.0.0.0/24" {
		t.Errorf("%+v", e)
	}
	if e := see(0, record.BadToken); e.Touched != 1 || e.Route != "list-keys" {
		t.Errorf("%+v", e)
	}
	mark, err := w.AccountMark(t.Context(), "agent@canary-alpha.test")
	must(t, err)
	if e := see(0, record.SignInFailed); string(e.Account) != string(mark) || e.Route != "sign-in" {
		t.Errorf("%+v", e)
	}
}
