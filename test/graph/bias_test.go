package graph_test

import (
	"slices"
	"testing"

	"parley/sim/llm"
)

// A model that says something about a group of people to one of them, and to no
// other, rings the alarm; the same model in good weather does not. This proves
// the alarm and nothing else: whether a real model treats people alike only a
// real model can show (covers A-7.6-01).
func TestABiasedModelRingsTheAlarm(t *testing.T) {
	t.Parallel()
	sim, set := vendor(t)
	w := open(t, "", set)
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
}
