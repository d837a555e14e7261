package checks

import (
	"net/http"
	"slices"
	"strings"

	"parley/internal/promise"
)

// personChecks hold what a person asked for against everything that goes on
// around them.
func personChecks() []entry {
	return []entry{
		{"ground-conversations", objectionStopsAnswers},
		{"objected", objected},
		{"restricted", restricted},
		{"minors-to-people", minorsToPeople},
		{"child-data-frozen", childFrozen},
		{"business-helps-itself", businessHelpsItself},
	}
}

func (t *trial) limits(contact string) (set map[string]bool) {
	t.owner(http.MethodGet, "/api/v1/contacts/"+contact+"/restrictions", nil, &set)
	return set
}

// objects has a member carry out the objection of somebody who wrote to them.
func (t *trial) objects(contact string) {
	var k wholeCase
	t.owner(http.MethodPost, "/api/v1/privacy/cases", map[string]any{"kind": "object", "law": "gdpr", "locale": "en", "contact_id": contact, "words": "I object " + canary()}, &k)
	t.owner(http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/prove", map[string]any{"text": "seen in the conversation"}, nil)
	t.owner(http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/carry-out", nil, nil)
}

func objectionStopsAnswers(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	name := "Objecting " + canary()
	c, byAI := t.answered("messenger", name, question)
	t.want(len(byAI) == 1, "before they object they are answered by the assistant")
	t.objects(c.Contact.ID)
	_, byAI = t.answered("messenger", name, question)
	t.want(len(byAI) == 1, "who objected is no longer answered by it")
	var sent line
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "A person answers."}, &sent)
	t.want(sent.ID != "", "a person still answers them")
	t.control(question)
}

// objected takes back the draft that was made before somebody objected, and makes
// none after.
func objected(t *trial) {
	question, _ := t.fact()
	t.after(func() { t.mode("off") })
	t.mode("draft")
	word, name := canary(), "Drafted "+canary()
	t.says("messenger", name, question+" ("+word+")")
	c := t.talkOf(word)
	drafts := func() int {
		var open struct{ Items []struct{ ID string } }
		t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID+"/drafts", nil, &open)
		return len(open.Items)
	}
	t.want(drafts() == 1, "what the assistant prepared for somebody waits")
	t.objects(c.Contact.ID)
	t.want(drafts() == 0, "at once when they object it is gone")
	t.says("messenger", name, question)
	t.want(drafts() == 0, "nothing is prepared for them any more")
	t.want(t.limits(c.Contact.ID)["objected"], "the objection stands beside their name")
	other := canary()
	t.says("messenger", "Undisturbed "+canary(), question+" ("+other+")")
	c = t.talkOf(other)
	t.want(drafts() == 1, "for somebody else it still prepares")
}

func restricted(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	name, word := "Restricted "+canary(), canary()
	t.says("messenger", name, question+" ("+word+")")
	c := t.talkOf(word)
	t.want(t.found(word, c) && t.answeredBy(c) == 1, "before, a search finds them and the assistant answers")
	t.owner(http.MethodPut, "/api/v1/contacts/"+c.Contact.ID+"/restrictions", map[string]any{"restricted": true}, nil)
	t.want(!t.found(word, c), "restricted, no search finds what they wrote")
	t.says("messenger", name, question)
	t.want(t.answeredBy(c) == 1, "the assistant says nothing more")
	status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "Hello"}, nil)
	t.want(status == http.StatusForbidden, "nobody sends them anything")
	t.want(strings.Contains(t.handed(c.Contact.ID, map[string]any{}), word), "it is kept: their own copy still holds it")
	t.control(question)
}

// minorsToPeople lets somebody state an age under the limit, and an adult one over it.
func minorsToPeople(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	name := "Young " + canary()
	c, _ := t.answered("messenger", name, "I am 13 years old.")
	t.want(t.limits(c.Contact.ID)["frozen"], "who says that they are 13 is frozen")
	before := t.answeredBy(c)
	t.answered("messenger", name, question)
	t.want(before == 0 && t.answeredBy(c) == 0, "the assistant never answers them")
	var waits struct{ Items []talk }
	t.owner(http.MethodGet, "/api/v1/conversations?view=needs_you&limit=100", nil, &waits)
	t.want(slices.ContainsFunc(waits.Items, func(one talk) bool { return one.ID == c.ID }), "the conversation waits for a person")
	grown, _ := t.answered("messenger", "Grown "+canary(), "I am 31 years old.")
	t.want(!t.limits(grown.Contact.ID)["frozen"], "who says that they are 31 is not")
	t.control(question)
}

func childFrozen(t *trial) {
	question, _ := t.fact()
	t.autopilot()
	name, word := "Child "+canary(), canary()
	t.says("messenger", name, word)
	c := t.talkOf(word)
	t.want(!t.limits(c.Contact.ID)["frozen"], "before anybody says so nothing is frozen")
	t.owner(http.MethodPost, "/api/v1/privacy/cases", map[string]any{"kind": "child", "law": "gdpr", "locale": "en", "contact_id": c.Contact.ID, "words": "This is my son"}, nil)
	t.settle()
	t.want(t.limits(c.Contact.ID)["frozen"], "at once when a child is reported its data is frozen, before anybody looked at it")
	before := t.answeredBy(c)
	t.answered("messenger", name, question)
	t.want(t.answeredBy(c) == before, "the assistant is silent")
	path := "/api/v1/contacts/" + c.Contact.ID + "/erase"
	var done struct {
		Confirm     string
		Erased      bool
		Certificate any
	}
	t.owner(http.MethodPost, path, map[string]any{}, &done)
	t.owner(http.MethodPost, path, map[string]any{"confirm": done.Confirm}, &done)
	t.want(done.Erased && done.Certificate != nil, "confirmed, it is erased, with a certificate")
	t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/contacts/"+c.Contact.ID, nil, nil) == http.StatusNotFound, "nothing of it is left")
}

// businessHelpsItself does with a role of the business alone what it may need to
// do for a visitor.
func businessHelpsItself(t *trial) {
	word := canary()
	v := t.visits("granted")
	v.says("Visitor " + word)
	t.settle()
	c := t.talkOf(word)
	mail := word + "@visitor.example"
	t.owner(http.MethodPost, "/api/v1/contacts/"+c.Contact.ID+"/rectify", map[string]any{"email": mail}, nil)
	var found struct{ Items []struct{ ID string } }
	t.owner(http.MethodPost, "/api/v1/privacy/find", map[string]any{"query": mail}, &found)
	t.want(len(found.Items) == 1 && found.Items[0].ID == c.Contact.ID, "the business finds one visitor by their address")
	t.want(strings.Contains(t.handed(c.Contact.ID, map[string]any{}), word), "it takes a copy of all that is held of them")
	path := "/api/v1/contacts/" + c.Contact.ID + "/erase"
	var done struct {
		Confirm string
		Erased  bool
	}
	t.owner(http.MethodPost, path, map[string]any{}, &done)
	t.owner(http.MethodPost, path, map[string]any{"confirm": done.Confirm}, &done)
	t.want(done.Erased, "it erases them")
	t.owner(http.MethodPost, "/api/v1/privacy/find", map[string]any{"query": mail}, &found)
	t.want(len(found.Items) == 0, "and nobody is found any more")
}
