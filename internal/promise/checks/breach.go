package checks

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/internal/promise"
)

// breachChecks drive the desk for what went wrong with people's data.
func breachChecks() []entry {
	return []entry{
		{"breach-counts", breachCounts},
		{"breach-people-told", breachPeopleTold},
		{"breach-businesses-told", breachBusinessesTold},
		{"breach-consequences", breachNeeds("consequences")},
		{"breach-measures", breachNeeds("measures")},
		{"breach-contact", breachNeeds("contact")},
	}
}

// incident is one as its page shows it.
type incident struct {
	Incident struct {
		ID, State, Outcome string
		Late               bool
		Due                *time.Time `json:"due_at"`
		Persons, Erased    int
		Records            int64
		Classes            []string
	}
	Words  []struct{ Kind, Locale, Text string }
	People []struct {
		State, Way string
		N          int
	}
	Missing    []string
	Businesses []struct {
		ID   string
		Told *time.Time `json:"told_at"`
	}
}

func (i incident) words(kind, locale string) string {
	for _, w := range i.Words {
		if w.Kind == kind && w.Locale == locale {
			return w.Text
		}
	}
	return ""
}

const ofWorkspace = "/api/v1/incidents"

// facts are what is written of a made-up incident; each holds the word.
func facts(word string) map[string]string {
	return map[string]string{"nature": "A key was used by somebody else " + word, "consequences": "Somebody may write to them " + word, "measures": "The key was dropped " + word, "contact": "Ask " + word + "@canary.example"}
}

// breach opens an incident of the workspace that is known since now.
func (t *trial) breach(word string) (i incident) {
	t.owner(http.MethodPost, ofWorkspace, map[string]any{"title": "Incident " + word}, &i)
	t.owner(http.MethodPost, ofWorkspace+"/"+i.Incident.ID+"/aware", map[string]any{"at": t.w.Now().Add(-time.Second)}, &i)
	return i
}

// during has acts done and says between which times, alone in them.
func (t *trial) during(acts func()) map[string]any {
	t.advance(time.Second)
	from := t.w.Now()
	acts()
	to := t.w.Now()
	t.advance(time.Second)
	return map[string]any{"from": from, "to": to, "actor_kind": "key"}
}

// changed is somebody who wrote, under whose name they write again.
func (t *trial) changed(address string) (c talk, id string) {
	return t.writer("Breach "+canary(), address)
}

func (t *trial) writer(name, address string) (c talk, id string) {
	word := canary()
	t.says("messenger", name, word)
	c = t.talkOf(word)
	if address != "" {
		t.owner(http.MethodPatch, "/api/v1/contacts/"+c.Contact.ID, map[string]any{"email": address}, nil)
	}
	return c, c.Contact.ID
}

func (t *trial) touches(contacts ...string) {
	for _, id := range contacts {
		t.owner(http.MethodPatch, "/api/v1/contacts/"+id, map[string]any{"name": "Touched"}, nil)
	}
}

func breachCounts(t *trial) {
	word := canary()
	_, ana := t.changed("")
	_, ben := t.changed("")
	_, other := t.changed("")
	scope := t.during(func() { t.touches(ana, ben, ana) })
	t.touches(other)
	i := t.breach(word)
	at := ofWorkspace + "/" + i.Incident.ID
	t.owner(http.MethodPut, at+"/facts", map[string]any{"facts": facts(word)}, nil)
	t.owner(http.MethodPost, at+"/count", map[string]any{"scopes": []any{scope}}, &i)
	t.want(i.Incident.Persons == 2 && i.Incident.Records == 4, "two people with a row and a number each are counted from the audit log: %d people, %d records", i.Incident.Persons, i.Incident.Records)
	t.want(strings.Join(i.Incident.Classes, " ") == "contact identifier", "the kinds of data are those of the data map: %v", i.Incident.Classes)
	said := i.words("authority", "en")
	t.want(strings.Contains(said, "2 people") && strings.Contains(said, "about 4 records") && strings.Contains(said, "names and ways to reach people") && strings.Contains(said, "used by somebody else "+word), "the draft for the authority says what happened, to which kinds of data and to how many")
	t.want(strings.Contains(i.words("authority", "tr"), "2 kişi"), "in Turkish, too")
}

func breachPeopleTold(t *trial) {
	word := canary()
	address := func(name string) string { return name + "-" + word[:14] + "@canary.example" }
	ana, anas := t.changed(address("ana"))
	bensName := "Breach " + canary()
	ben, bens := t.writer(bensName, "")
	carl, carls := t.changed("")
	_, gone := t.changed(address("gone"))
	scope := t.during(func() { t.touches(anas, bens, carls, gone) })
	i := t.breach(word)
	at := ofWorkspace + "/" + i.Incident.ID
	t.owner(http.MethodPut, at+"/facts", map[string]any{"facts": facts(word)}, nil)
	t.owner(http.MethodPost, at+"/count", map[string]any{"scopes": []any{scope}}, nil)
	t.owner(http.MethodPost, at+"/assess", map[string]any{"risk": "high"}, nil)
	t.owner(http.MethodPut, "/api/v1/contacts/"+carls+"/restrictions", map[string]any{"restricted": true}, nil)
	var asked struct{ Confirm string }
	t.owner(http.MethodPost, "/api/v1/contacts/"+gone+"/erase", map[string]any{}, &asked)
	t.owner(http.MethodPost, "/api/v1/contacts/"+gone+"/erase", map[string]any{"confirm": asked.Confirm}, nil)
	for range 2 {
		t.owner(http.MethodPost, at+"/tell", nil, nil)
		t.settle()
		t.advance(time.Minute)
	}
	told := func(c talk) (n int) {
		for _, l := range t.lines(c.ID) {
			if l.Direction == "out" && strings.Contains(l.Body, word) {
				n++
			}
		}
		return n
	}
	t.want(len(t.letters(address("ana"))) == 1 && told(ana) == 0, "who has an address is mailed, once")
	t.want(len(t.letters(address("gone"))) == 0, "who was erased is not")
	t.want(told(ben) == 0, "who has none is not written to out of the blue")
	t.owner(http.MethodPost, at+"/notified", map[string]any{}, nil)
	t.want(t.as(promise.As{Role: "owner"}, http.MethodPost, at+"/close", map[string]any{"lessons": "x"}, nil) == http.StatusConflict, "it is not closed while somebody waits to be told")
	t.says("messenger", bensName, "Hello again")
	t.advance(2 * time.Minute)
	t.advance(2 * time.Minute)
	t.want(told(ben) == 1 && told(carl) == 0, "who writes reads it with that, once, and nobody else does")
	page := html2text(string(t.page("/privacy/incidents/" + t.w.Place().Workspace).Body))
	t.want(strings.Contains(page, "Somebody may write to them "+word), "who is reached by nothing else reads it on the public page")
	t.owner(http.MethodPost, at+"/close", map[string]any{"lessons": "Keys end after a week"}, &i)
	t.want(i.Incident.State == "closed", "then it is closed")
}

func breachBusinessesTold(t *trial) {
	word := canary()
	t.changed("")
	var i incident
	const of = "/api/v1/instance/incidents"
	t.operator(http.MethodPost, of, map[string]any{"title": "Incident " + word}, &i)
	at := of + "/" + i.Incident.ID
	aware := t.w.Now()
	t.operator(http.MethodPost, at+"/aware", map[string]any{"at": aware}, nil)
	t.operator(http.MethodPut, at+"/facts", map[string]any{"facts": facts(word)}, nil)
	t.operator(http.MethodPost, at+"/assess", map[string]any{"risk": "high"}, nil)
	t.operator(http.MethodPost, at+"/count", map[string]any{"scopes": []any{map[string]any{"workspace_id": t.w.Place().Workspace, "from": aware.Add(-time.Hour), "to": aware, "table": "message"}}}, nil)
	for range 2 {
		t.operator(http.MethodPost, at+"/tell", nil, &i)
		t.settle()
	}
	t.operator(http.MethodGet, at, nil, &i)
	t.want(len(i.Businesses) == 1 && i.Businesses[0].Told != nil && i.Businesses[0].Told.Sub(aware) < 24*time.Hour, "the business is told within a day of when it is known")
	var news struct{ Items []struct{ ID, Text string } }
	t.owner(http.MethodGet, "/api/v1/incident-notices", nil, &news)
	n, id := 0, ""
	for _, one := range news.Items {
		if strings.Contains(one.Text, word) {
			n, id = n+1, one.ID
		}
	}
	t.want(n == 1, "its owner reads the news, once: %d", n)
	t.want(t.as(promise.As{Role: "agent"}, http.MethodGet, "/api/v1/incident-notices", nil, nil) == http.StatusForbidden, "an agent does not")
	t.owner(http.MethodPost, ofWorkspace, map[string]any{"title": "From the news", "notice_id": id}, nil)
}

// breachNeeds sees that nobody is told before a fact is there, and that everybody
// reads it then.
func breachNeeds(fact string) func(t *trial) {
	return func(t *trial) {
		word := canary()
		_, ana := t.changed("")
		scope := t.during(func() { t.touches(ana) })
		i := t.breach(word)
		at := ofWorkspace + "/" + i.Incident.ID
		all := facts(word)
		own := all[fact]
		delete(all, fact)
		t.owner(http.MethodPut, at+"/facts", map[string]any{"facts": all}, nil)
		t.owner(http.MethodPost, at+"/count", map[string]any{"scopes": []any{scope}}, nil)
		t.owner(http.MethodPost, at+"/assess", map[string]any{"risk": "likely"}, &i)
		t.want(strings.Join(i.Missing, " ") == fact, "the page says that it is missing: %v", i.Missing)
		for _, act := range []string{"/notified", "/tell"} {
			status := t.as(promise.As{Role: "owner"}, http.MethodPost, at+act, map[string]any{}, nil)
			t.want(status == http.StatusConflict && t.code == "facts_missing", "without it nobody is told (%s: %s)", act, fmt.Sprint(status))
		}
		t.owner(http.MethodPut, at+"/facts", map[string]any{"facts": map[string]string{fact: own}}, &i)
		for _, kind := range []string{"authority", "person"} {
			t.want(strings.Contains(i.words(kind, "en"), own) && strings.Contains(i.words(kind, "tr"), own), "it stands in what the %s reads", kind)
		}
		t.owner(http.MethodPost, at+"/notified", map[string]any{}, &i)
		t.want(i.Incident.State == "notified" && i.Incident.Outcome == "notified", "with it the authority is told")
	}
}
