package posthog_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/record/posthog"
	"parley/internal/store"
	standin "parley/sim/posthog"
	"parley/test/storetest"
)

const member = desk.ID(424242)

// covers A-8.1-09, A-8.6-01, A-15.3-01, A-14.2-03, H-55: nothing before consent,
// nothing of a time before it, nothing after it was taken back, nothing with GPC
// or DNT; then a keyed hash, the operation's name and a number.
// asvs: V14.2.3
func TestOnlyWhoAllowsItIsToldOfAndOnlyByAKeyedHash(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	ws := storetest.Workspace(t, w.DB, "Alpha")
	sim := standin.Start()
	t.Cleanup(sim.Close)
	rule := httpx.Rule{Name: posthog.Rule, Purpose: httpx.Infrastructure}
	if err := rule.Add(sim.URL()); err != nil {
		t.Fatal(err)
	}
	out, err := httpx.New(clock.Real{}, rule)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Close)
	s, err := posthog.Open(posthog.Options{Key: secret.New(standin.Key), URL: sim.URL(), Calls: out.Plain(posthog.Rule).Transport, Clock: w.Clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	allow := func(version string) {
		if err := ws.Write(t.Context(), func(tx *store.Tx) error { return tx.SetAnalyticsConsent(member, version) }); err != nil {
			t.Fatal(err)
		}
	}
	use := func(route string, header ...string) {
		h := http.Header{"Cookie": {"canary"}, "X-Forwarded-For": {"203.0.113.77"}, "User-Agent": {"canary"}}
		for _, name := range header {
			h.Set(name, "1")
		}
		s.Used(ws.Workspace(), member, route, h)
		w.Fake.Advance(time.Second)
	}
	use("before-consent")
	s.Flush(t.Context(), w.DB)
	use("just-before-consent")
	allow("v1")
	s.Flush(t.Context(), w.DB)
	use("with-gpc", "Sec-GPC")
	use("with-dnt", "DNT")
	s.Flush(t.Context(), w.DB)
	use("not-told-any-more")
	allow("")
	s.Flush(t.Context(), w.DB)
	allow("v1")
	use("list-audit")
	use("list-audit")
	s.Flush(t.Context(), w.DB)
	e := <-sim.Came()
	name, err := w.Pseudonym(t.Context(), ws.Workspace(), member)
	if err != nil || e.DistinctID != name || e.Event != "used" || e.Properties["route"] != "list-audit" || e.Properties["times"] != 2.0 {
		t.Errorf("%+v %v", e, err)
	}
	for k := range e.Properties {
		if !strings.Contains(" route times $ip $geoip_disable $process_person_profile $lib $lib_version ", " "+k+" ") {
			t.Errorf("the property %s left, which nobody listed", k)
		}
	}
	if e.Properties["$ip"] != "0.0.0.0" || e.Properties["$geoip_disable"] != true {
		t.Errorf("%+v", e)
	}
	for _, never := range []string{"before-consent", "with-", "not-told", "canary", "203.0.113", member.String(), ws.Workspace().String()} {
		if strings.Contains(sim.Bytes(), never) {
			t.Errorf("%s arrived:\n%s", never, sim.Bytes())
		}
	}
	if len(sim.Wrong()) != 0 {
		t.Error(sim.Wrong())
	}
}
