package graph_test

import (
	"encoding/json"
	"strings"
	"testing"

	"parley/sim/llm"
	"parley/sim/meta"
	"parley/test/storetest"
)

// embedded are the texts that vectors were asked for, in order.
func embedded(sim *llm.Sim) (all []string) {
	for _, c := range sim.Calls() {
		var body struct{ Input []string }
		if strings.HasSuffix(c.Path, "/embeddings") && json.Unmarshal(c.Body, &body) == nil {
			all = append(all, body.Input...)
		}
	}
	return all
}

// means lets a workspace search by meaning, or not any more.
func (w *world) means(model string, purposes ...string) {
	w.Helper()
	var state struct{ Settings map[string]any }
	w.good("GET", "/api/v1/ai", nil, &state)
	s := state.Settings
	s["purposes"] = purposes
	s["meaning"] = map[string]any{"vendor": "openai", "url": "", "model": model, "dimensions": 256}
	w.good("PUT", "/api/v1/ai", s, nil)
}

type meaningState struct {
	On             bool
	Passages, Made int
	Fault          *struct{ Reason, Words string }
}

func (w *world) meaning(what string, ok func(meaningState) bool) (s meaningState) {
	w.Helper()
	w.until(what, func() bool {
		s = meaningState{}
		w.good("GET", "/api/v1/ai/meaning", nil, &s)
		return ok(s)
	})
	return s
}

type triedAnswer struct {
	Engine, Answer string
	Passages       []struct {
		Meaning *struct {
			Place    int
			Likeness float64
		}
	}
	Checks []struct{ Name string }
}

func (a triedAnswer) noted(name string) bool {
	for _, c := range a.Checks {
		if c.Name == name {
			return true
		}
	}
	return false
}

// Nothing is asked for vectors until a workspace switches the search by meaning
// on; then each passage goes out once and a question without what is private; what
// fails leaves the words, and switched off again nobody is asked (covers A-7.1-01,
// A-7.2-01).
func TestSearchByMeaningIsOffUntilSwitchedOnAndFailsIntoWords(t *testing.T) {
	t.Parallel()
	for engine, dsn := range map[string]string{"sqlite": "", "postgres": storetest.PostgreSQL(t)} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			sim, set := vendor(t)
			w := open(t, dsn, set)
			w.shop("openai", "reply")
			w.connect("messenger", "facebook", meta.Choice{})
			ask := func() (a triedAnswer) {
				w.Helper()
				w.good("POST", "/api/v1/answers", map[string]string{"question": "Shipping to Germany costs how much? canary@private.example", "language": "en"}, &a)
				return a
			}
			if a := ask(); a.Engine != "model" || len(embedded(sim)) != 0 {
				t.Fatalf("while it is off: %+v, %d texts for vectors", a, len(embedded(sim)))
			}
			w.means("text-embedding-3-small", "reply", "meaning")
			w.meaning("three are made", func(s meaningState) bool { return s.On && s.Passages == 3 && s.Made == 3 })
			if n := len(embedded(sim)); n != 3 {
				t.Fatalf("%d texts for three passages", n)
			}
			a := ask()
			if len(a.Passages) == 0 || a.Passages[0].Meaning == nil || a.Passages[0].Meaning.Place != 1 || a.Passages[0].Meaning.Likeness <= 0 {
				t.Errorf("no passage came by meaning: %+v", a)
			}
			if all := embedded(sim); len(all) != 4 || strings.Contains(all[3], "canary") || !strings.Contains(all[3], "Shipping to Germany") {
				t.Errorf("the question went out as %q", all[3:])
			}
			chat := w.visitor.Writes(w.page)
			chat.Says("Shipping to Germany costs how much, and how many working days does it take?")
			reply, err := chat.WaitReply(t.Context())
			w.must(err)
			if !strings.Contains(reply.Text, "6.90 EUR") {
				t.Errorf("the customer read %q", reply.Text)
			}
			for knob, why := range map[llm.Knob]string{llm.TooMany: "busy", llm.OutOfMoney: "quota", llm.ServerError: "server", llm.Cut: "network", llm.HTMLError: "server"} {
				sim.Calm()
				sim.Weather(knob, llm.Force{Times: -1, Path: "embeddings"})
				w.good("PUT", "/api/v1/ai/keys/openai", map[string]string{"key": "sk-fresh-key-" + string(knob)}, nil)
				if a := ask(); a.Engine != "model" || !a.noted("meaning_"+why) && why != "network" && why != "server" {
					t.Errorf("%s: %+v", knob, a)
				}
			}
			sim.Calm()
			w.means("text-embedding-3-small", "reply")
			w.meaning("none are left", func(s meaningState) bool { return !s.On && s.Made == 0 })
			before := len(embedded(sim))
			w.knows("More", "Do you gift-wrap?", "We wrap gifts for 2 EUR.")
			if a := ask(); a.Engine != "model" || len(embedded(sim)) != before {
				t.Errorf("switched off, %d texts went out", len(embedded(sim))-before)
			}
		})
	}
}
