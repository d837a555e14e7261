package checks

import (
	"net/http"
	"strings"
	"time"

	"parley/internal/promise"
)

// changeChecks change what is published.
func changeChecks() []entry {
	return []entry{
		{"changes-announced", changesAnnounced},
		{"continued-use", continuedUse},
		{"explicit-consent-gate", explicitConsentGate},
	}
}

// edition is a version as it was published.
type edition struct {
	Number    int
	Hash      string    `json:"text_hash"`
	Effective time.Time `json:"effective_at"`
	Told      bool
}

// change publishes a text that differs in one sentence.
func (t *trial) change(material bool, purpose, reason string) (e edition) {
	t.profile("representative", "Representatives "+canary())
	t.operator(http.MethodPost, "/api/v1/instance/policies", map[string]any{"material": material, "purpose": purpose, "reason": reason}, &e)
	t.settle()
	return e
}

type answers struct {
	Open  []struct{ What, Version, Text, Link string }
	Given []struct {
		What, Version, Answer string
		Hash                  string `json:"text_hash"`
		At                    time.Time
	}
}

func (b *browser) answers() (a answers) {
	b.good(http.MethodGet, "/api/v1/acknowledgements", nil, &a)
	return a
}

// asks reports whether a text is shown to them to be answered.
func (a answers) asks(what, version, word string) bool {
	for _, o := range a.Open {
		if o.What == what && o.Version == version && strings.Contains(o.Text, word) && o.Link != "" {
			return true
		}
	}
	return false
}

func (a answers) answer(what, version string) (last, hash string, n int) {
	for _, g := range a.Given {
		if g.What == what && g.Version == version {
			if n++; n == 1 {
				last, hash = g.Answer, g.Hash
			}
		}
	}
	return last, hash, n
}

func changesAnnounced(t *trial) {
	ann, ben, word := t.reader(), t.reader(), canary()
	small := t.change(false, "", "a comma "+canary())
	t.want(!small.Told && !ann.answers().asks("policy", itoa(small.Number), ""), "a change that does not matter is shown to nobody as a question")
	e := t.change(true, "", "a change that matters "+word)
	for _, r := range []reader{ann, ben} {
		t.want(t.got(r.mail, word) == 1, "each member gets one mail that says what changes")
		t.want(r.answers().asks("policy", itoa(e.Number), word), "the dashboard shows it to each")
	}
	day := e.Effective.UTC().Format(time.DateOnly)
	for _, path := range []string{"/privacy", "/privacy/changes", "/w/" + t.w.Place().Widget + "/privacy"} {
		t.want(strings.Contains(t.words(path), day), "a page that anybody reads names the day")
	}
	said := t.words("/privacy/changes")
	t.want(strings.Contains(said, word) && !strings.Contains(said, "{product}"), "and what changes, in whole words")
	ann.good(http.MethodPost, "/api/v1/acknowledgements", map[string]string{"what": "policy", "version": itoa(e.Number), "answer": "agreed"}, nil)
	t.want(!ann.answers().asks("policy", itoa(e.Number), "") && ben.answers().asks("policy", itoa(e.Number), ""), "who answered is not asked again")
	var list struct{ Items []edition }
	t.operator(http.MethodGet, "/api/v1/policies", nil, &list)
	t.want(len(list.Items) > 0 && list.Items[0].Told, "that everybody was written to is on record")
}

func continuedUse(t *trial) {
	says := func(r reader) {
		c, _ := t.changed("")
		r.good(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"kind": "note", "body": "A note " + canary()}, nil)
	}
	works, no := t.reader(), t.reader()
	later := t.change(true, "", "a change that matters "+canary())
	says(works)
	_, _, n := works.answers().answer("policy", itoa(later.Number))
	t.want(n == 0, "before it takes effect nothing is taken for an answer")
	e := t.change(false, "", "a comma "+canary())
	version := itoa(e.Number)
	no.good(http.MethodPost, "/api/v1/acknowledgements", map[string]string{"what": "policy", "version": version, "answer": "declined"}, nil)
	t.want(no.ask(http.MethodGet, "/api/v1/my-data", nil, nil) == http.StatusOK, "who declines takes their data along")
	_, _, n = works.answers().answer("policy", version)
	t.want(n == 0, "to look is no act")
	says(works)
	says(works)
	last, hash, n := works.answers().answer("policy", version)
	t.want(n == 1 && last == "used" && hash == e.Hash, "the first act after it took effect is on record, once, with the hash of the text: %s %d", last, n)
	says(no)
	last, _, n = no.answers().answer("policy", version)
	t.want(n == 1 && last == "declined", "who declined is not noted as going along with it, and works on")
}

func explicitConsentGate(t *trial) {
	t.withModel(func() {
		calls := func() int {
			before := len(t.left("models", ""))
			t.says("messenger", "Gate "+canary(), asked)
			return len(t.left("models", "")) - before
		}
		t.want(calls() > 0, "before, a model is asked")
		t.want(t.as(promise.As{Role: "operator"}, http.MethodPost, "/api/v1/instance/policies", map[string]any{"material": true, "purpose": canary(), "reason": "r"}, nil) >= 400,
			"a purpose that nothing could hold back is not published")
		e := t.change(true, "reply", "a new purpose "+canary())
		version := itoa(e.Number)
		t.want(calls() == 0, "from the day it is announced the new purpose rests")
		agent := t.reader()
		address, _ := t.invited("admin")
		password := canary() + " boats"
		b, _ := t.joins(address, password)
		admin := reader{b, address, password}
		says := func(answer string) {
			admin.good(http.MethodPost, "/api/v1/acknowledgements", map[string]string{"what": "purpose:reply", "version": version, "answer": answer}, nil)
		}
		t.want(admin.answers().asks("purpose:reply", version, "this workspace") && !agent.answers().asks("purpose:reply", version, ""), "who decides for the workspace is asked, and nobody else")
		t.want(agent.ask(http.MethodPost, "/api/v1/acknowledgements", map[string]string{"what": "purpose:reply", "version": version, "answer": "agreed"}, nil) == http.StatusForbidden, "it is not everybody's to say yes for a workspace")
		t.advance(31 * day)
		t.want(calls() == 0, "it rests without a yes when the text holds, too")
		question, answer := t.fact()
		_, byAI := t.answered("messenger", "Gate "+canary(), question)
		t.want(len(byAI) == 1 && strings.Contains(byAI[0].Body, answer), "everything else goes on: the question is answered without a model")
		admin.signsIn()
		says("agreed")
		t.want(calls() > 0, "with a yes it happens")
		says("declined")
		t.want(calls() == 0, "taken back, it does not")
		says("agreed")
	})
}
