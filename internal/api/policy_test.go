package api_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/store"
)

// A browser's report is counted by what and where; who looked at the page, and
// what its address held, is not kept. asvs: V3.4.7
func TestWhatBrowsersRefuseIsCountedAndNamesNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		send := func(kind, body string) {
			w.want(t, 204, ask{method: "POST", path: "/csp-report", body: body, header: map[string]string{"Content-Type": kind}})
		}
		old := `{"csp-report":{"document-uri":"https://chat.example.com/inbox/123?token=hunter2#s3cret","violated-directive":"script-src-elem 'self'","blocked-uri":"https://CDN.evil.example/x.js?mail=ana@example.com","script-sample":"hunter2"}}`
		send("application/csp-report", old)
		send("application/csp-report", old)
		send("application/reports+json", `[{"type":"csp-violation","url":"x","body":{"documentURL":"https://chat.example.com/sign-in/reset/hunter2","effectiveDirective":"style-src-attr","blockedURL":"inline"}},
			{"type":"deprecation","body":{"id":"hunter2"}},{"type":"csp-violation","body":{"documentURL":"https://chat.example.com/8f2hunter2","effectiveDirective":"img-src","blockedURL":"data"}}]`)
		for _, bad := range []string{"", "{", `{"csp-report":7}`, `[]`, `{"csp-report":{"effective-directive":"<script>"}}`, strings.Repeat("[", 100), "\xff"} {
			send("application/csp-report", bad)
		}
		var list api.Page[api.PolicyReport]
		var kept []store.PolicyReport
		must(t, w.DB.In(0).Read(t.Context(), func(r *store.Rx) (err error) { kept, err = r.Policies(1000); return err }))
		text := fmt.Sprint(kept)
		for _, p := range kept {
			list.Items = append(list.Items, api.PolicyReport{Directive: p.Directive, Blocked: p.Blocked, Page: p.Page, Count: p.Seen})
		}
		want := map[string]int64{"script-src-elem https://cdn.evil.example /inbox": 2, "style-src-attr inline /sign-in": 1, "img-src data /": 1}
		for _, p := range list.Items {
			if key := p.Directive + " " + p.Blocked + " " + p.Page; want[key] != p.Count {
				t.Errorf("%s: %d", key, p.Count)
			}
		}
		if len(list.Items) != len(want) || strings.Contains(text, "hunter2") || strings.Contains(text, "ana@") || strings.Contains(text, "123") {
			t.Errorf("%s", text)
		}
		w.want(t, 403, ask{method: "GET", path: "/api/v1/operator/policy-reports", key: w.a.key}) // it is the operator's
		must(t, w.DB.In(0).Write(t.Context(), func(tx *store.Tx) error {
			for i := range 600 {
				if err := tx.CountPolicy(store.PolicyReport{Directive: "img-src", Blocked: fmt.Sprintf("https://a%d.example", i), Page: "/"}); err != nil {
					return err
				}
			}
			return nil
		}))
		must(t, w.DB.In(0).Read(t.Context(), func(r *store.Rx) (err error) { kept, err = r.Policies(1000); return err }))
		if len(kept) != 500 {
			t.Errorf("%d kinds: anybody can send more", len(kept))
		}
		w.Fake.Advance(store.PolicyTerm)
		must(t, w.DB.In(0).Write(t.Context(), func(tx *store.Tx) error { _, err := tx.DropOldPolicies(); return err }))
		must(t, w.DB.In(0).Read(t.Context(), func(r *store.Rx) (err error) { kept, err = r.Policies(1000); return err }))
		if len(kept) != 0 {
			t.Errorf("%d are kept longer than 90 days", len(kept))
		}
	})
}
