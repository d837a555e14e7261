package graph_test

import (
	"strings"
	"testing"

	"parley/sim/meta"
	"parley/test/storetest"
)

// With a model on, three quick lines get one call and one answer for all of them;
// and after a member has handed the conversation back, a new engagement takes
// nothing of the one before to the vendor: the bytes show it (covers A-7.1-05).
func TestAModelReadsThreeQuickLinesAtOnceAndNothingOfAnEngagementBefore(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]string{"sqlite": "", "postgres": storetest.PostgreSQL(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, set := vendor(t)
			w := open(t, dsn, set)
			w.shop("openai", "reply")
			w.good("PATCH", "/api/v1/workspace", map[string]any{"burst_ms": 3000}, nil)
			w.connect("messenger", "facebook", meta.Choice{})
			chat := w.visitor.Writes(w.page)
			for _, line := range []string{"HOW MUCH", "IS SHIPPING", "TO GERMANY?"} {
				chat.Says(line)
			}
			reply, err := chat.WaitReply(w.Context())
			w.must(err)
			calls := sim.Calls()
			if !strings.Contains(reply.Text, "6.90 EUR") || len(calls) != 1 || !strings.Contains(string(calls[0].Body), "IS SHIPPING") {
				t.Fatalf("the customer read %q after %d calls", reply.Text, len(calls))
			}
			id := w.talks("messenger")[0].ID
			w.good("POST", "/api/v1/conversations/"+id+"/take-over", nil, nil)
			w.good("POST", "/api/v1/conversations/"+id+"/messages", map[string]any{"body": "canary of a member"}, nil)
			_, err = chat.WaitReply(w.Context())
			w.must(err)
			w.good("POST", "/api/v1/conversations/"+id+"/hand-back", nil, nil)
			chat.Says("When is shipping free?")
			reply, err = chat.WaitReply(w.Context())
			w.must(err)
			calls = sim.Calls()
			if !strings.Contains(reply.Text, "80 EUR") || len(calls) != 2 {
				t.Fatalf("after the hand-back the customer read %q after %d calls", reply.Text, len(calls))
			}
			for _, old := range []string{"HOW MUCH", "IS SHIPPING", "TO GERMANY", "canary of"} {
				if strings.Contains(string(calls[1].Body), old) {
					t.Errorf("the engagement before went to the vendor: %q in %s", old, calls[1].Body)
				}
			}
		})
	}
}
