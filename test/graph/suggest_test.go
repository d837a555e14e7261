package graph_test

import (
	"strings"
	"testing"

	"parley/sim/llm"
	"parley/sim/meta"
)

type waiting struct {
	On        bool
	Asked, Of int
	Fault     string
	Waiting   int
	Sources   []struct{ ID, Name string }
}

func (w *world) suggestions() (s waiting) {
	w.Helper()
	w.good("GET", "/api/v1/knowledge/suggestions", nil, &s)
	return s
}

// asksFor are the vendor's calls about passages with some words. Both engines ask
// the same vendor at the same time.
func asksFor(sim *llm.Sim, words string) (bodies []string) {
	for _, c := range sim.Calls() {
		if body := string(c.Body); strings.Contains(body, "customers of a business would ask") && strings.Contains(body, words) {
			bodies = append(bodies, string(c.Body))
		}
	}
	return bodies
}

// A model of either vendor suggests questions where its own switch is on and
// nowhere else; of anybody's but the passage nothing goes along; it is paid for,
// logged, and found once a person approved it.
func TestAModelSuggestsQuestionsForPassages(t *testing.T) {
	for _, provider := range []string{"openai", "anthropic"} {
		t.Run(provider, func(t *testing.T) {
			sim, set := vendor(t)
			each(t, func(w *world) {
				w.connect("messenger", "facebook", meta.Choice{})
				chat := w.visitor.Writes(w.page)
				chat.Says("canary-of-a-contact: my number is +90 532 111 22 33")
				w.until("it is filed", func() bool { return len(w.talks("messenger")) == 1 })
				w.shop(provider, "rewrite")
				var added struct{ ID string }
				own := "branch " + w.key[len(w.key)-6:]
				w.good("POST", "/api/v1/knowledge/sources", map[string]any{"kind": "text", "format": "markdown", "name": "Staff", "language": "en",
					"text": "# Staff\n\n## Secrecy\n\nEverybody here signs a confidentiality agreement before the first day at " + own + ". Questions: boss@canary.example."}, &added)
				w.until("the source is read", func() bool {
					var s struct{ State string }
					w.good("GET", "/api/v1/knowledge/sources/"+added.ID, nil, &s)
					return s.State == "ready"
				})
				if s := w.suggestions(); s.On || s.Asked != 0 || len(asksFor(sim, own)) != 0 {
					t.Fatalf("asked while that is off: %+v", s)
				}
				w.shopAgain("rewrite", "phrase")
				w.until("every passage was asked about", func() bool { s := w.suggestions(); return s.On && s.Of == 4 && s.Asked == 4 })
				if n := len(asksFor(sim, own)); n != 1 {
					t.Errorf("%d calls for one passage", n)
				}
				for _, body := range asksFor(sim, "") {
					for _, private := range []string{"canary", "532 111", "5321112233", "Ayşe", w.key, w.ws.String()} {
						if strings.Contains(body, private) {
							t.Errorf("%s went to the vendor: %s", private, body)
						}
					}
				}
				var list struct {
					Items []struct {
						Title     string
						Questions []struct{ ID, Text, State string }
					}
				}
				w.good("GET", "/api/v1/knowledge/sources/"+added.ID+"/suggestions", nil, &list)
				if len(list.Items) != 1 || len(list.Items[0].Questions) == 0 || list.Items[0].Questions[0].State != "suggested" {
					t.Fatalf("%+v", list)
				}
				var logs struct {
					Items []struct{ Purpose, Prompt, Completion string }
				}
				w.good("GET", "/api/v1/knowledge/ai/logs", nil, &logs)
				if len(logs.Items) != 4 || logs.Items[0].Purpose != "phrase" || !strings.Contains(logs.Items[0].Completion, "questions") {
					t.Errorf("%+v", logs)
				}
				var decided struct{ Count int }
				w.good("POST", "/api/v1/knowledge/sources/"+added.ID+"/suggestions/approve", nil, &decided)
				if s := w.suggestions(); decided.Count != len(list.Items[0].Questions) || len(s.Sources) != 0 && s.Sources[0].ID == added.ID {
					t.Errorf("%d approved, %+v", decided.Count, s)
				}
			}, set)
		})
	}
}

// What a vendor answers in a wrong form, or not at all, is no suggestion: it is
// said why, and nobody waits for it.
func TestAVendorThatMisbehavesSuggestsNothing(t *testing.T) {
	for knob, fault := range map[llm.Knob]string{llm.InvalidJSON: "broken", llm.WrongForm: "broken", llm.Refusal: "refused", llm.OutOfMoney: "quota"} {
		t.Run(string(knob), func(t *testing.T) {
			sim, set := vendor(t)
			sim.Weather(knob, llm.Force{Times: -1})
			each(t, func(w *world) {
				w.shop("openai", "phrase")
				w.until("it was tried", func() bool {
					s := w.suggestions()
					return s.Fault == fault && (s.Asked == s.Of || fault == "quota")
				})
				if s := w.suggestions(); s.Waiting != 0 {
					t.Errorf("%+v", s)
				}
				var logs struct{ Items []struct{ Purpose string } }
				w.good("GET", "/api/v1/knowledge/ai/logs", nil, &logs)
				if n := len(logs.Items); fault == "quota" && n != 1 || n == 0 || n > 3 {
					t.Errorf("%d calls for three passages", n)
				}
			}, set)
		})
	}
}

// shopAgain changes what a model may be called for.
func (w *world) shopAgain(purposes ...string) {
	w.Helper()
	var state struct{ Settings map[string]any }
	w.good("GET", "/api/v1/ai", nil, &state)
	state.Settings["purposes"] = purposes
	w.good("PUT", "/api/v1/ai", state.Settings, nil)
}
