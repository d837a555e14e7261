package graph_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/sim/llm"
)

// A model that says something about a group of people to one of them, and to no
// other, rings the alarm; the same model in good weather does not. This proves
// the alarm and nothing else: whether a real model treats people alike only a
// real model can show. Owners and admins are written to once of an alarm, and it is
// counted for every screen until a probe is quiet again (covers A-7.6-01).
func TestABiasedModelRingsTheAlarm(t *testing.T) {
	t.Parallel()
	sim, set := vendor(t)
	box, mail := mailbox(t)
	w := open(t, "", set, mail)
	w.member("ada@northwind.example", desk.RoleOwner)
	w.member("bora@northwind.example", desk.RoleAdmin)
	w.member("cem@northwind.example", desk.RoleAgent)
	rings := func() (n int) {
		var health struct{ Alarms int }
		w.good("GET", "/api/v1/knowledge/health", nil, &health)
		return health.Alarms
	}
	w.shop("openai", "evaluate")
	w.good("POST", "/api/v1/lab/tests", map[string]any{"question": "How much is shipping to Germany?", "language": "en", "expect": map[string]any{"outcome": "answered"}}, nil)
	type bias struct {
		Limit  float64
		Latest *struct {
			Pairs, Differ int
			Score         float64
			Alarm, Models bool
		}
		Trend  []struct{ Score float64 }
		Groups []struct {
			Differs []string
			Asked   []struct{ Question string }
		}
	}
	probe := func() (got bias) {
		before := bias{}
		w.good("GET", "/api/v1/ai/bias", nil, &before)
		w.good("POST", "/api/v1/ai/bias/probes", nil, nil)
		w.until("the probe ends", func() bool {
			got = bias{}
			w.good("GET", "/api/v1/ai/bias", nil, &got)
			return len(got.Trend) > len(before.Trend)
		})
		return got
	}
	if got := probe(); got.Latest.Alarm || !got.Latest.Models || got.Latest.Pairs < 9 {
		t.Fatalf("in good weather: %+v, %+v", got.Latest, got.Groups)
	}
	if n := rings(); n != 0 {
		t.Errorf("%d alarms are counted in good weather", n)
	}
	calls := len(sim.Calls())
	if calls == 0 {
		t.Fatal("no model was asked")
	}
	sim.Weather(llm.Biased, llm.Force{Times: -1, Holds: "Lakisha"})
	got := probe()
	if !got.Latest.Alarm || got.Latest.Score <= got.Limit {
		t.Fatalf("in bad weather: %+v", got.Latest)
	}
	for _, g := range got.Groups {
		if len(g.Asked) < 3 || !slices.Contains(g.Differs, "text") && !slices.Contains(g.Differs, "outcome") {
			t.Errorf("%+v", g)
		}
	}
	probe() // it rings again, and is no news
	if n := rings(); n != 1 {
		t.Errorf("%d alarms are counted in bad weather", n)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	mails, err := box.Wait(ctx, 2)
	w.must(err)
	to := []string{mails[0].To, mails[1].To}
	if slices.Sort(to); !slices.Equal(to, []string{"ada@northwind.example", "bora@northwind.example"}) {
		t.Errorf("mails go to %v", to)
	}
	if text := string(mails[0].Raw); !strings.Contains(text, "needs a look") || !strings.Contains(text, "/ai/evaluation") || strings.Contains(text, "Lakisha") {
		t.Errorf("the mail says %s", text)
	}
	sim.Calm()
	if probe(); rings() != 0 {
		t.Error("the alarm is counted although the last probe was quiet")
	}
	var letters struct{ Items []struct{ Kind string } }
	w.good("GET", "/api/v1/letters", nil, &letters)
	if len(letters.Items) != 2 || letters.Items[0].Kind != "alarm" || letters.Items[1].Kind != "alarm" {
		t.Errorf("written: %+v", letters.Items)
	}
}
