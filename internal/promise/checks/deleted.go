package checks

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

func deletedChecks() []entry {
	return []entry{
		{"conversation-deleted", conversationDeleted},
		{"widget-bulk-delete", widgetBulkDelete},
		{"brazil-anonymise", brazilAnonymise},
	}
}

// conversationDeleted deletes one conversation with a picture in it: it is gone at
// every door, what the provider delivers again brings none of it back, and its
// person and everybody else stay.
func conversationDeleted(t *trial) {
	word, spared := canary(), canary()
	said := deliveryAt(t.w.Now(), t.w.Place().Page, "7770"+word, "m_"+word, "My words are "+word)
	deliver := func() {
		_, err := t.w.Webhook(t.ctx, "meta", said)
		t.must(err)
		t.settle()
	}
	deliver()
	t.says("messenger", "Spared "+spared, "My words are "+spared)
	c, other := t.talkOf(word), t.talkOf(spared)
	t.want(t.found(word, c), "before, a search finds it")
	keys := t.keys("subject")
	path := "/api/v1/conversations/" + c.ID
	var asked struct {
		Confirm     string
		Erased      bool
		Counts      struct{ Messages int }
		Certificate json.RawMessage
		Kept        string `json:"certificate_id"`
	}
	t.want(t.as(promise.As{Role: "agent"}, http.MethodPost, path+"/delete", map[string]any{}, nil) == http.StatusForbidden, "who only answers people may not")
	t.owner(http.MethodPost, path+"/delete", map[string]any{}, &asked)
	t.want(asked.Confirm != "" && !asked.Erased && asked.Counts.Messages > 0, "what goes is counted first and then confirmed")
	t.owner(http.MethodPost, path+"/delete", map[string]any{"confirm": asked.Confirm}, &asked)
	t.settle()
	t.want(asked.Erased, "it is carried out")
	var kept struct{ Proof json.RawMessage }
	t.owner(http.MethodGet, "/api/v1/privacy/certificates/"+asked.Kept, nil, &kept)
	t.want(len(kept.Proof) > 0 && string(kept.Proof) == string(asked.Certificate), "its signed certificate is handed over and kept")
	t.want(!strings.Contains(string(kept.Proof), "wrapped_key"), "which does not say that a key ended")
	for _, gone := range []string{path, path + "/messages", path + "/delete"} {
		method := http.MethodGet
		if strings.HasSuffix(gone, "/delete") {
			method = http.MethodPost
		}
		t.want(t.as(promise.As{Role: "owner"}, method, gone, nil, nil) == http.StatusNotFound, "it is gone at every door")
	}
	t.want(!t.found(word, c), "no search finds it")
	deliver()
	t.want(!t.shown(word), "a delivery that is repeated does not bring it back")
	t.want(t.keys("subject") == keys && t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/contacts/"+c.Contact.ID, nil, nil) == http.StatusOK, "its person stays")
	t.want(t.found(spared, other), "somebody else's words are untouched")
}

// shown reports whether any conversation holds a word.
func (t *trial) shown(word string) bool {
	var list struct{ Items []talk }
	t.owner(http.MethodGet, "/api/v1/conversations?limit=50", nil, &list)
	for _, c := range list.Items {
		for _, l := range t.lines(c.ID) {
			if strings.Contains(l.Body, word) {
				return true
			}
		}
	}
	return false
}

// widgetBulkDelete deletes all conversations of one chat: they are gone at every
// door with the people of whom there was nothing else, another chat keeps its own,
// and a conversation that comes afterwards is none of it.
func widgetBulkDelete(t *trial) {
	id, key := t.extraChat()
	t.after(func() { t.owner(http.MethodDelete, "/api/v1/channels/"+id, nil, nil) })
	path := "/api/v1/channels/" + id + "/clearing"
	visit := func(key, word string) talk {
		v, _ := t.frame(key, t.w.Place().Shop, "en")
		v.consent = "granted"
		v.opens(nil)
		v.says("My words are " + word)
		return t.talkOf(word)
	}
	before := t.keys("subject")
	words := []string{canary(), canary()}
	gone := []talk{visit(key, words[0]), visit(key, words[1])}
	spared := canary()
	other := visit(t.w.Place().Widget, spared)
	var asked struct {
		State, Confirm string
		Goes           struct{ Conversations, Messages, People int }
		Certificate    struct{ Proof json.RawMessage }
	}
	t.want(t.as(promise.As{Role: "agent"}, http.MethodPost, path, map[string]any{}, nil) == http.StatusForbidden, "who only answers people may not")
	t.owner(http.MethodPost, path, map[string]any{}, &asked)
	t.want(asked.State == "idle" && asked.Confirm != "" && asked.Goes.Conversations == 2 && asked.Goes.Messages >= 2 && asked.Goes.People == 2, "what goes is counted first and then confirmed")
	t.owner(http.MethodPost, path, map[string]any{"confirm": asked.Confirm}, nil)
	t.settle()
	t.owner(http.MethodPost, path, map[string]any{}, &asked)
	t.want(asked.State == "done" && asked.Goes.Conversations == 0 && len(asked.Certificate.Proof) > 0, "it is carried out and certified")
	for i, c := range gone {
		t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/conversations/"+c.ID, nil, nil) == http.StatusNotFound, "each conversation is gone")
		t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/contacts/"+c.Contact.ID, nil, nil) == http.StatusNotFound, "who was known by it alone is gone")
		t.want(!t.found(words[i], c) && !t.shown(words[i]), "nothing finds or shows it")
	}
	t.want(t.keys("subject") == before+1, "the keys of those people are destroyed")
	t.want(t.found(spared, other), "another chat keeps its own")
	again := canary()
	t.want(t.found(again, visit(key, again)), "the chat goes on, and what is written next is kept")
}

// brazilAnonymise makes one of two people nameless and blocks the other: nothing of
// the first is left but the figures of a day, which stay what they were when it is
// counted anew, and the assistant leaves the second alone.
func brazilAnonymise(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	name, blocked := "Nameless "+canary(), "Blocked "+canary()
	c, byAI := t.answered("messenger", name, question)
	t.want(len(byAI) == 1, "the assistant answers them")
	engagements := func() (n float64) {
		t.advance(7 * time.Hour) // all days that may change are counted anew
		t.settle()
		var all struct {
			Figures []struct {
				Name string
				Now  float64
			}
		}
		t.owner(http.MethodGet, "/api/v1/ai/numbers", nil, &all)
		for _, f := range all.Figures {
			if f.Name == "engagements" {
				n = f.Now
			}
		}
		return n
	}
	t.advance(25 * time.Hour)
	before, keys := engagements(), t.keys("subject")
	t.want(before >= 1, "their talk is counted")
	path := "/api/v1/contacts/" + c.Contact.ID + "/anonymise"
	var asked struct {
		Confirm string
		Erased  bool
		Kept    int
		Proof   json.RawMessage `json:"certificate"`
	}
	t.owner(http.MethodPost, path, map[string]any{}, &asked)
	t.want(asked.Confirm != "" && !asked.Erased, "what goes is counted first and then confirmed")
	t.owner(http.MethodPost, path, map[string]any{"confirm": asked.Confirm}, &asked)
	t.want(asked.Erased && asked.Kept >= 1 && strings.Contains(string(asked.Proof), "engagements_kept_in_sums"), "it is carried out, and a certificate says what stayed")
	t.want(engagements() == before, "the figures are what they were")
	t.want(t.keys("subject") < keys, "the key of that person is destroyed")
	for _, gone := range []string{"/api/v1/conversations/" + c.ID, "/api/v1/contacts/" + c.Contact.ID} {
		t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, gone, nil, nil) == http.StatusNotFound, "nothing of them is there")
	}
	figures := t.figures()
	for _, mark := range []string{name, c.ID, c.Contact.ID} {
		t.want(!strings.Contains(figures, mark), "nothing in the figures leads to them")
	}
	_, hits := t.atRest(name)
	t.want(hits == 0, "their name stands readable in no file at rest")
	c, byAI = t.answered("messenger", blocked, question)
	t.want(len(byAI) == 1, "another is answered, too")
	t.owner(http.MethodPut, "/api/v1/contacts/"+c.Contact.ID+"/restrictions", map[string]any{"restricted": true}, nil)
	_, byAI = t.answered("messenger", blocked, question)
	t.want(t.limits(c.Contact.ID)["restricted"] && len(byAI) == 1, "once their data is blocked, the assistant leaves them alone")
	t.seen = slices.Compact(t.seen)
}
