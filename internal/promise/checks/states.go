package checks

import (
	"strings"
	"time"
)

// stateLaws asks from each of the American states with a law of its own, and has
// one of them refused.
func stateLaws(t *trial) {
	known := t.laws()
	form := t.words("/privacy/requests/" + t.w.Place().Workspace)
	for law, state := range map[string]string{"us_va": "Virginia", "us_co": "Colorado", "us_ct": "Connecticut", "us_ut": "Utah", "us_tx": "Texas", "us_or": "Oregon", "us_mt": "Montana"} {
		t.want(known[law] == 30 && strings.Contains(form, state), "one of the states can be chosen on the public form")
		k := t.opened("complaint", law)
		t.want(k.Due.Sub(k.Opened) <= 30*24*time.Hour, "its law allows 45 days, and 30 are taken")
		t.decide(k, map[string]any{"decision": "answered", "text": "Here is the answer."})
		t.want(strings.Contains(t.letterOf(k), "Attorney General of "+state), "the answer names the state's attorney general")
	}
	t.seen = t.seen[:min(len(t.seen), 3)]
	for _, kind := range []string{"access", "rectify", "erase", "portability"} {
		k := t.opened(kind, "us_va")
		t.decide(k, map[string]any{"decision": "refused", "reason": "excessive", "text": "Not again."})
		t.want(strings.Contains(t.letterOf(k), "appeal"), "a person of such a state can ask for %s, and appeal against a refusal", kind)
	}
}
