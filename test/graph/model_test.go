package graph_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/sim/llm"
	"parley/sim/meta"
)

// vendor starts a stand-in for both vendors of models, and what an install needs
// to be pointed at it.
func vendor(t *testing.T) (*llm.Sim, settings) {
	t.Helper()
	sim, set, _ := vendorAt(t)
	return sim, set
}

// vendorAt is vendor with the server, which a test may take away.
func vendorAt(t *testing.T) (*llm.Sim, settings, *httptest.Server) {
	t.Helper()
	sim := llm.New(llm.Options{})
	s := httptest.NewServer(sim.Handler())
	sim.At(s.URL)
	t.Cleanup(func() { sim.Close(); s.Close() })
	u := sim.URLs()
	return sim, settings{"PARLEY_OPENAI_URL": u.OpenAI, "PARLEY_OPENAI_KEY": "sk-test-0123456789", "PARLEY_ANTHROPIC_URL": u.Anthropic, "PARLEY_ANTHROPIC_KEY": "sk-ant-0123456789"}, s
}

// shop gives the workspace knowledge and lets a vendor's model answer.
func (w *world) shop(provider string, purposes ...string) {
	w.Helper()
	w.knows("Shipping", "How much is shipping to Germany?", "Shipping to Germany costs 6.90 EUR and takes 3 to 5 working days.",
		"When is shipping free?", "Orders over 80 EUR ship free of charge.", "Which sizes do coats have?", "Coats come in the sizes 36 to 46.")
	var state struct{ Settings map[string]any }
	w.good("GET", "/api/v1/ai", nil, &state)
	s := state.Settings
	s["provider"], s["models"], s["purposes"] = provider, map[string]string{"openai": "gpt-5-mini", "anthropic": "claude-sonnet-4-5"}, purposes
	w.good("PUT", "/api/v1/ai", s, nil)
	w.good("PATCH", "/api/v1/workspace", map[string]any{"mode": "autopilot"}, nil)
}

// knows adds pairs and waits until they can be found.
func (w *world) knows(name string, lines ...string) {
	w.Helper()
	pairs := []map[string]string{}
	for i := 0; i+1 < len(lines); i += 2 {
		pairs = append(pairs, map[string]string{"question": lines[i], "answer": lines[i+1]})
	}
	var added struct{ ID string }
	w.good("POST", "/api/v1/knowledge/sources", map[string]any{"kind": "faq", "name": name, "pairs": pairs}, &added)
	w.until("the source is read", func() bool {
		var s struct{ State string }
		w.good("GET", "/api/v1/knowledge/sources/"+added.ID, nil, &s)
		return s.State == "ready"
	})
}

// A customer's question is answered in words of a model, by either vendor, from
// the knowledge and with its source; nothing else of anybody goes along (covers
// A-7.1-01, A-7.1-05, A-7.2-01).
func TestAModelOfEitherVendorAnswersACustomer(t *testing.T) {
	for _, provider := range []string{"openai", "anthropic"} {
		t.Run(provider, func(t *testing.T) {
			sim, set := vendor(t)
			each(t, func(w *world) {
				w.shop(provider, "reply", "suggest")
				w.connect("messenger", "facebook", meta.Choice{})
				other := w.sim.Customer(meta.Profile{Name: "Canary Somebody"})
				other.Writes(w.page).Says("canary-of-another-contact")
				w.until("the other is filed", func() bool { return len(w.talks("messenger")) == 1 })
				chat := w.visitor.Writes(w.page)
				chat.Says("Hello!")
				if _, err := chat.WaitReply(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.until("their name is known", func() bool {
					return slices.ContainsFunc(w.talks("messenger"), func(c talk) bool { return c.Contact.Name == "Ayşe Demir" })
				})
				chat.Says("Shipping to Germany costs how much, and takes how many working days? Ayşe Demir, ayse@canary.example")
				reply, err := chat.WaitReply(t.Context())
				w.must(err)
				if !strings.Contains(reply.Text, "6.90 EUR") {
					t.Errorf("the customer read %q", reply.Text)
				}
				run := w.lastRun("Ayşe Demir")
				if run.Engine != "model" || run.Vendor != provider || run.Outcome != "sent" || len(run.Passages) == 0 {
					t.Errorf("the turn is %+v", run)
				}
				body := "" // the other contact's own question may come later
				for _, c := range sim.Calls() {
					if strings.Contains(string(c.Body), "how many working days") {
						body = string(c.Body)
					}
				}
				if body == "" {
					t.Fatal("the question never went to the vendor")
				}
				for _, private := range []string{"Ayşe", "Demir", "canary.example", "canary-of", "Canary", w.key, w.ws.String()} {
					if strings.Contains(body, private) {
						t.Errorf("%s went to the vendor: %s", private, body)
					}
				}
				if provider == "openai" && strings.Contains(sim.Calls()[0].Path, "responses") && !strings.Contains(body, `"store":false`) {
					t.Errorf("the vendor may keep it: %s", body)
				}
			}, set)
		})
	}
}

type shownRun struct {
	Engine, Vendor, Outcome, Reason string
	Passages                        []struct{ Text string }
	Checks                          []desk.Check
}

// lastRun is why the AI's newest message to a contact says what it says.
func (w *world) lastRun(contact string) (run shownRun) {
	w.Helper()
	for _, c := range w.talks("messenger") {
		if c.Contact.Name != contact {
			continue
		}
		var list struct {
			Items []struct {
				AI *struct {
					RunID string `json:"run_id"`
				}
			}
		}
		w.good("GET", "/api/v1/conversations/"+c.ID+"/messages?limit=100", nil, &list)
		for _, m := range list.Items {
			if m.AI != nil && m.AI.RunID != "" && m.AI.RunID != "0" {
				w.good("GET", "/api/v1/runs/"+m.AI.RunID, nil, &run)
				return run
			}
		}
	}
	w.Fatalf("the AI wrote nothing to %s", contact)
	return run
}

// However a vendor fails and whatever a model makes up, the customer reads what
// the knowledge says, and never waits in silence.
func TestNoFailureOfAVendorReachesACustomer(t *testing.T) {
	t.Parallel()
	sim, set := vendor(t)
	w := open(t, "", set)
	w.shop("openai", "reply")
	w.connect("messenger", "facebook", meta.Choice{})
	for _, knob := range llm.Knobs() {
		if knob == llm.Slow || knob == llm.Hang { // time is the machine's here; answer's own tests hold deadlines
			continue
		}
		sim.Calm()
		sim.Weather(knob, llm.Force{Times: -1})
		// An account without money leaves the vendor alone for a while: the next key is another.
		w.good("PUT", "/api/v1/ai/keys/openai", map[string]string{"key": "sk-fresh-key-" + string(knob)}, nil)
		chat := w.sim.Customer(meta.Profile{Name: "Customer " + string(knob)}).Writes(w.page)
		chat.Says("How much is shipping to Germany?")
		reply, err := chat.WaitReply(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", knob, err)
		}
		if !strings.Contains(reply.Text, "6.90 EUR") && !strings.Contains(strings.ToLower(reply.Text), "team") {
			t.Errorf("%s: the customer read %q", knob, reply.Text)
		}
		if bad := badSign(reply.Text); bad != "" {
			t.Errorf("%s: the customer read %s in %q", knob, bad, reply.Text)
		}
	}
}

// badSign is what of an attack or a lie stands in a text.
func badSign(s string) string {
	low := strings.ToLower(s)
	for _, sign := range []string{"zebra-77", "evil.example", "7.77", "7,77", "canary-", "fence-", "passage_id", "rules, none of which", "i have cancelled"} {
		if strings.Contains(low, sign) {
			return sign
		}
	}
	return ""
}
