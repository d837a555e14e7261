package checks

import (
	"net/http"
	"strings"

	"parley/internal/promise"
)

func assistantChecks() []entry {
	return []entry{
		{"ai-off-at-the-start", aiOff},
		{"answers-with-sources", answersWithSources},
		{"ai-says-it-is-ai", saysItIsAI},
		{"decision-recorded", decisionRecorded},
		{"take-over-wins", takeOverWins},
		{"pause-holds", pauseHolds},
		{"person-on-request", personOnRequest},
		{"model-of-choice", modelOfChoice},
		{"nothing-else-sent", nothingElseSent},
		{"no-automation", noAutomation},
		{"knowledge-forgotten", knowledgeForgotten},
	}
}

// aiOff must run before anything switches a model on.
func aiOff(t *trial) {
	word := canary()
	t.says("messenger", "Off Person", "What does shipping cost? "+word)
	t.want(len(t.left("models", "")) == 0, "no call to a model left while nobody switched one on")
	c := t.talkOf(word)
	for _, l := range t.lines(c.ID) {
		t.want(l.Author.Kind != "ai", "nothing was answered by itself")
	}
}

// autopilot lets the AI answer until the trial ends.
func (t *trial) autopilot() {
	t.after(func() { t.mode("off") })
	t.mode("autopilot")
}

// control is somebody whom nothing keeps from an answer: without theirs, silence
// would prove nothing.
func (t *trial) control(question string) (c talk) {
	c, byAI := t.answered("messenger", "Control "+canary(), question)
	t.want(len(byAI) == 1, "somebody else who asks the same is answered")
	return c
}

func (t *trial) mode(mode string) {
	t.owner(http.MethodPatch, "/api/v1/workspace", map[string]any{"mode": mode}, nil)
}

// knows adds one pair and waits until it can be found.
func (t *trial) knows(question, answer string) (source string) {
	var s struct{ ID, State string }
	t.owner(http.MethodPost, "/api/v1/knowledge/sources", map[string]any{"kind": "faq", "name": "Fact " + canary(),
		"pairs": []map[string]string{{"question": question, "answer": answer}}}, &s)
	t.settle()
	t.owner(http.MethodGet, "/api/v1/knowledge/sources/"+s.ID, nil, &s)
	t.want(s.State == "ready", "the knowledge is read")
	return s.ID
}

// answered lets somebody ask, and gives the lines of the AI in their conversation.
func (t *trial) answered(channel, customer, question string) (c talk, byAI []line) {
	word := canary()
	t.says(channel, customer, question+" ("+word+")")
	c = t.talkOf(word)
	for _, l := range t.lines(c.ID) {
		if l.Author.Kind == "ai" && l.Direction == "out" {
			byAI = append(byAI, l)
		}
	}
	return c, byAI
}

// fact gives the workspace a fact of this trial's own.
func (t *trial) fact() (question, answer string) {
	word := canary()
	t.knows("How much does the "+word+" lamp cost?", "The "+word+" lamp costs 41.30 EUR.")
	return "How much does the " + word + " lamp cost?", "41.30 EUR"
}

func answersWithSources(t *trial) {
	question, answer := t.fact()
	t.autopilot()
	c, byAI := t.answered("messenger", "Asking Person", question)
	t.want(len(byAI) == 1 && strings.Contains(byAI[0].Body, answer), "a question that the knowledge answers is answered with its fact")
	var list struct {
		Items []struct {
			Author struct{ Kind string }
			AI     struct{ Sources []any }
		}
	}
	t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID+"/messages?limit=100", nil, &list)
	for _, m := range list.Items {
		if m.Author.Kind == "ai" {
			t.want(len(m.AI.Sources) > 0, "the answer names its source")
		}
	}
	_, none := t.answered("messenger", "Other Asker", "Who won the football world cup of 1998, and by how many goals?")
	for _, l := range none {
		t.want(!strings.Contains(l.Body, "France") && !strings.Contains(l.Body, "3"), "what the knowledge does not hold is not answered")
	}
}

func saysItIsAI(t *trial) {
	question, answer := t.fact()
	t.autopilot()
	for _, channel := range []string{"messenger", "instagram", "whatsapp"} {
		_, byAI := t.answered(channel, "Told "+canary(), question)
		t.want(len(byAI) > 0, "there is an answer over %s", channel)
		sent := t.left("meta", answer)
		if t.err != nil || len(sent) == 0 {
			t.want(false, "the answer reached Meta")
			return
		}
		// The mark that every answer bears is not enough: the first one says whom they
		// talk to.
		body := string(sent[len(sent)-1].Body)
		t.want(strings.Contains(body, "AI assistant") || strings.Contains(body, "yapay zek"), "the first answer over %s says that an AI assistant answers", channel)
		t.want(strings.Contains(body, "a person at any time") || strings.Contains(body, "bir çalışanla") || strings.Contains(body, "\\u0131"), "and that a person can be asked for")
	}
}

func decisionRecorded(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	c, byAI := t.answered("messenger", "Recorded "+canary(), question)
	t.want(len(byAI) == 1, "there is an answer")
	var list struct {
		Items []struct {
			Author struct{ Kind string }
			AI     struct {
				RunID string `json:"run_id"`
			}
		}
	}
	t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID+"/messages?limit=100", nil, &list)
	for _, m := range list.Items {
		if m.Author.Kind != "ai" {
			continue
		}
		t.want(m.AI.RunID != "", "it has the number of a record of how it came about")
		var run aiRun
		t.owner(http.MethodGet, "/api/v1/runs/"+m.AI.RunID, nil, &run)
		t.want(run.Decision == "answer" && run.Outcome == "sent" && len(run.Passages) > 0, "the record says what was decided, and on what it rests")
	}
}

// aiRun is the record of one decision of the assistant.
type aiRun struct {
	Decision, Outcome, Reason, Engine, Model string
	Topics, Special                          []string
	Passages                                 []any
	Settings                                 int64 `json:"settings_version"`
}

// why gives the newest record of a conversation: that of the line that the
// assistant wrote last, or of how it handed over.
func (t *trial) why(conversation string) (run aiRun) {
	var list struct {
		Items []struct {
			AI *struct {
				RunID string `json:"run_id"`
			}
		}
	}
	t.owner(http.MethodGet, "/api/v1/conversations/"+conversation+"/messages?limit=100", nil, &list)
	id := ""
	for _, m := range list.Items {
		if m.AI != nil && m.AI.RunID != "" {
			id = m.AI.RunID
		}
	}
	t.want(id != "", "a decision is on record")
	if id != "" {
		t.owner(http.MethodGet, "/api/v1/runs/"+id, nil, &run)
	}
	return run
}

func takeOverWins(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	name := "Taken " + canary()
	c, byAI := t.answered("messenger", name, question)
	t.want(len(byAI) == 1, "the AI answers while nobody took over")
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/take-over", map[string]any{}, nil)
	for range 5 {
		_, byAI = t.answered("messenger", name, question)
	}
	t.want(len(byAI) == 1, "five questions after a member took over get no answer of the AI")
}

func pauseHolds(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	t.control(question)
	t.after(func() { t.owner(http.MethodPatch, "/api/v1/workspace", map[string]any{"paused": false}, nil) })
	t.owner(http.MethodPatch, "/api/v1/workspace", map[string]any{"paused": true}, nil)
	_, byAI := t.answered("messenger", "Paused "+canary(), question)
	t.want(len(byAI) == 0, "nothing is answered by itself while the workspace is paused")
}

func personOnRequest(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	owner := func(c talk) string {
		var shown struct{ Owner struct{ Kind string } }
		t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID, nil, &shown)
		return shown.Owner.Kind
	}
	t.want(owner(t.control(question)) == "ai", "the AI owns a conversation in which it answers")
	for _, ask := range []string{"I want to talk to a human please", "Bir insanla konuşmak istiyorum"} {
		c, _ := t.answered("messenger", "Human "+canary(), ask)
		t.want(owner(c) != "ai", "the AI is no longer the owner of a conversation in which a person was asked for")
		var shown struct {
			HandOver *struct{ Reason string } `json:"hand_over"`
		}
		t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID, nil, &shown)
		t.want(shown.HandOver != nil && shown.HandOver.Reason == "asked_for_person", "it was handed over because of that")
	}
}

// asked is answered by a model where one is on: no sentence of the knowledge holds
// all of it.
const asked = "Shipping to Germany costs how much, and takes how many working days?"

// purposes are set, with a vendor's model.
func (t *trial) purposes(all ...string) {
	var state struct{ Settings map[string]any }
	t.owner(http.MethodGet, "/api/v1/ai", nil, &state)
	if t.err != nil {
		return
	}
	state.Settings["provider"], state.Settings["models"] = "openai", map[string]string{"openai": "gpt-5-mini"}
	state.Settings["purposes"] = append([]string{}, all...)
	t.owner(http.MethodPut, "/api/v1/ai", state.Settings, nil)
}

// withModel lets a vendor's model answer while fn runs.
func (t *trial) withModel(fn func()) {
	t.knows("How much is shipping to Germany?", "Shipping to Germany costs 6.90 EUR and takes 3 to 5 working days.")
	t.after(func() { t.purposes() })
	t.purposes("reply")
	t.autopilot()
	fn()
}

func modelOfChoice(t *trial) {
	t.withModel(func() {
		word := canary()
		before := len(t.left("models", ""))
		t.says("messenger", "Model "+word, asked)
		t.want(len(t.left("models", "")) > before, "with a model switched on the question goes to its vendor")
	})
	t.purposes()
	before := len(t.left("models", ""))
	t.says("messenger", "Model "+canary(), asked)
	t.want(len(t.left("models", "")) == before, "switched off again, nothing goes there")
}

func nothingElseSent(t *trial) {
	stranger, name, mail := canary(), canary(), canary()
	t.says("messenger", "Stranger "+stranger, "I am "+stranger)
	t.withModel(func() {
		t.says("messenger", "Private "+name, "Good morning") // from now on their name is known
		t.says("messenger", "Private "+name, "I am "+mail+"@canary.example. "+asked)
	})
	sent := t.left("models", "how many working days")
	t.want(len(sent) > 0, "the question went to a model")
	for _, word := range []string{stranger, name, mail + "@canary.example", t.w.Place().Workspace} {
		t.want(word != "" && len(t.left("models", word)) == 0, "no name, address or number of theirs, of others or of ours went along")
	}
}

func noAutomation(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	name := "Manual " + canary()
	c, _ := t.answered("messenger", name, "Hello there, good morning")
	t.owner(http.MethodPut, "/api/v1/contacts/"+c.Contact.ID+"/restrictions", map[string]any{"no_automation": true, "restricted": false, "limited": false}, nil)
	var kept struct {
		NoAutomation bool `json:"no_automation"`
	}
	t.owner(http.MethodGet, "/api/v1/contacts/"+c.Contact.ID+"/restrictions", nil, &kept)
	t.want(kept.NoAutomation, "that they want no automation is kept")
	before := 0
	for _, l := range t.lines(c.ID) {
		if l.Author.Kind == "ai" {
			before++
		}
	}
	var byAI []line
	for range 20 {
		_, byAI = t.answered("messenger", name, question)
	}
	t.want(len(byAI) <= before, "20 questions of somebody who wants people get no automatic answer")
	t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/conversations/"+c.ID+"/hand-back", map[string]any{}, nil)
	_, byAI = t.answered("messenger", name, question)
	t.want(len(byAI) <= before, "nor does one after a member gave the conversation back to the assistant")
	t.control(question)
}

func knowledgeForgotten(t *trial) {
	word := canary()
	source := t.knows("Where is the "+word+" stored?", "The "+word+" is stored in the cellar.")
	find := func() string {
		a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/knowledge/search?q=" + word})
		t.must(err)
		return string(a.Body)
	}
	t.want(strings.Contains(find(), "cellar"), "what was added is found")
	t.owner(http.MethodDelete, "/api/v1/knowledge/sources/"+source, nil, nil)
	t.settle()
	t.want(!strings.Contains(find(), "cellar"), "what was deleted is no longer found")
	t.restart()
	t.want(!strings.Contains(find(), "cellar"), "nor is it when the program is started anew")
}
