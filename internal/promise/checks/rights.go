package checks

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

// rightChecks ask for what people may ask for, and answer it.
func rightChecks() []entry {
	return []entry{
		{"rectified", rectified},
		{"erased-everywhere", erasedEverywhere},
		{"public-request-form", requestForm},
		{"due-date-told", dueDateTold},
		{"clock-by-law", clockByLaw},
		{"law-profiles", lawProfiles},
		{"state-laws", stateLaws},
		{"strictest-by-default", strictest},
		{"answered-in-time", answeredInTime},
		{"authority-named", authorityNamed},
		{"refusals-explained", refusalsExplained},
		{"appeal-other-decider", appealOther},
		{"parents-heard", kindHeard("child")},
		{"complaint-heard", kindHeard("complaint")},
		{"agent-verified", agentVerified},
		{"wrong-answers-mended", wrongAnswersMended},
	}
}

// answeredBy is what the assistant answered in a conversation.
func (t *trial) answeredBy(c talk) (n int) {
	for _, l := range t.lines(c.ID) {
		if l.Author.Kind == "ai" && l.Direction == "out" {
			n++
		}
	}
	return n
}

func rectified(t *trial) {
	word := canary()
	t.says("messenger", "Wrong "+word, "hello "+word)
	c := t.talkOf(word)
	right := "Right " + canary()
	t.owner(http.MethodPost, "/api/v1/contacts/"+c.Contact.ID+"/rectify", map[string]any{"name": right, "email": word + "@right.example"}, nil)
	var shown struct{ Name, Email string }
	t.owner(http.MethodGet, "/api/v1/contacts/"+c.Contact.ID, nil, &shown)
	t.want(shown.Name == right && shown.Email == word+"@right.example", "a wrong name and address are put right")
	t.says("messenger", "Wrong "+word, "again "+word)
	t.owner(http.MethodGet, "/api/v1/contacts/"+c.Contact.ID, nil, &shown)
	t.want(shown.Name == right, "their next message does not bring the wrong one back")
	_, hits := t.atRest(right)
	t.want(hits == 0, "what is right now stands readable in no file at rest")
}

func (t *trial) keys(kind string) int {
	var all struct {
		Items []struct {
			Kind string
			Keys int
		}
	}
	t.owner(http.MethodGet, "/api/v1/security/keys", nil, &all)
	for _, k := range all.Items {
		if k.Kind == kind {
			return k.Keys
		}
	}
	return 0
}

// erasedEverywhere erases one of two people who wrote the same.
func erasedEverywhere(t *trial) {
	word, spared := canary(), canary()
	name := "Erased " + word
	t.says("messenger", name, "My words are "+word)
	t.says("whatsapp", "Spared "+spared, "My words are "+spared)
	c, other := t.talkOf(word), t.talkOf(spared)
	t.want(t.found(word, c), "before, a search finds them")
	before := t.keys("subject")
	path := "/api/v1/contacts/" + c.Contact.ID + "/erase"
	var asked struct {
		Confirm     string
		Erased      bool
		Certificate json.RawMessage
		Kept        string `json:"certificate_id"`
	}
	t.owner(http.MethodPost, path, map[string]any{}, &asked)
	t.want(asked.Confirm != "" && !asked.Erased, "an erasure is counted first and then confirmed")
	t.owner(http.MethodPost, path, map[string]any{"confirm": asked.Confirm}, &asked)
	t.settle()
	t.want(asked.Erased, "it is carried out")
	var kept struct{ Proof json.RawMessage }
	t.owner(http.MethodGet, "/api/v1/privacy/certificates/"+asked.Kept, nil, &kept)
	t.want(len(kept.Proof) > 0 && string(kept.Proof) == string(asked.Certificate), "its signed certificate is handed over and kept")
	t.want(t.keys("subject") == before-1, "one person's key fewer is there")
	for _, gone := range []string{"/api/v1/conversations/" + c.ID, "/api/v1/conversations/" + c.ID + "/messages", "/api/v1/contacts/" + c.Contact.ID} {
		t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, gone, nil, nil) == http.StatusNotFound, "%s is gone", strings.SplitN(gone, "/", 5)[3])
	}
	t.want(!t.found(word, c), "no search finds it")
	for _, trace := range []string{word, name} {
		_, hits := t.atRest(trace)
		t.want(hits == 0, "it stands readable in no file at rest")
	}
	t.want(t.found(spared, other), "somebody else's words are untouched")
}

type wholeCase struct {
	ID, State, Kind string
	Path            string    `json:"status_path"`
	Opened          time.Time `json:"opened_at"`
	Due             time.Time `json:"due_at"`
	MayExtend       int       `json:"may_extend"`
	Person          struct {
		Decision, Needs string
		AgentChecked    bool `json:"agent_checked"`
	}
	Lines []struct{ Kind, Body string }
}

// opened is a request that a member wrote down for somebody who writes to them.
func (t *trial) opened(kind, law string) (k wholeCase) {
	word := canary()
	t.says("messenger", "Asking "+word, "I have a question "+word)
	c := t.talkOf(word)
	t.owner(http.MethodPost, "/api/v1/privacy/cases", map[string]any{"kind": kind, "law": law, "locale": "en", "contact_id": c.Contact.ID, "words": "My request " + word}, &k)
	return k
}

func (t *trial) posts(path string, form url.Values) promise.Answer {
	if t.err != nil {
		return promise.Answer{}
	}
	a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodPost, Path: path, Body: []byte(form.Encode()),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Origin": {t.w.Place().URL}, "Sec-Fetch-Site": {"same-origin"}}})
	t.must(err)
	return a
}

func (t *trial) mine() (all []wholeCase) {
	var list struct{ Items []wholeCase }
	t.owner(http.MethodGet, "/api/v1/privacy/cases?limit=100", nil, &list)
	return list.Items
}

func requestForm(t *trial) {
	path := "/privacy/requests/" + t.w.Place().Workspace
	a := t.page(path)
	t.want(a.Status == http.StatusOK && strings.Contains(string(a.Body), "<form") && !strings.Contains(string(a.Body), "<script"), "the form is a page for anybody, without scripts")
	before := len(t.mine())
	sent := t.posts(path, url.Values{"kind": {"access"}, "words": {"What do you hold? " + canary()}, "address": {"asks-" + canary()[:10] + "@canary.example"}, "law": {"gdpr"}})
	t.want(sent.Status < 400, "it takes a request from somebody without an account")
	t.settle()
	t.want(len(t.mine()) == before+1, "the request is with the business")
}

func dueDateTold(t *trial) {
	k := t.opened("access", "gdpr")
	page := t.words(k.Path)
	t.want(strings.Contains(page, "answered by ") && strings.Contains(page, k.Due.UTC().Format("2006-01-02")) && k.Due.Sub(k.Opened) <= 31*24*time.Hour, "the first answer names the day, which is within a month")
	known := t.mine()
	t.posts("/privacy/requests/"+t.w.Place().Workspace, url.Values{"kind": {"complaint"}, "words": {"By the form " + canary()}, "address": {"due-" + canary()[:10] + "@canary.example"}, "law": {"lgpd"}})
	t.settle()
	for _, one := range t.mine() {
		if !slices.ContainsFunc(known, func(o wholeCase) bool { return o.ID == one.ID }) {
			t.owner(http.MethodGet, "/api/v1/privacy/cases/"+one.ID, nil, &k)
		}
	}
	t.want(len(t.mine()) == len(known)+1 && strings.Contains(t.words(k.Path), k.Due.UTC().Format("2006-01-02")), "so does that to a request by the form, by the day of its law")
}

// laws are those the program knows, with their days.
func (t *trial) laws() map[string]int {
	var forms struct {
		Laws []struct {
			Name, Authority string
			Days            int
		}
	}
	t.owner(http.MethodGet, "/api/v1/privacy/case-forms", nil, &forms)
	all := map[string]int{}
	for _, l := range forms.Laws {
		all[l.Name] = l.Days
	}
	return all
}

func clockByLaw(t *trial) {
	all := t.laws()
	t.want(len(all) >= 8, "%d laws are known", len(all))
	for _, law := range []string{"gdpr", "lgpd", "kvkk"} {
		k := t.opened("access", law)
		want := map[string]int{"gdpr": 30, "lgpd": 15, "kvkk": 30}[law]
		t.want(k.Due.Sub(k.Opened) == time.Duration(want)*24*time.Hour, "under %s a request is due after %d days", law, want)
	}
	for law, days := range all {
		t.want(days <= 30, "none of them gives more than 30 days: %s", law[:0])
	}
	t.seen = t.seen[:min(len(t.seen), 5)]
}

func lawProfiles(t *trial) {
	all := t.laws()
	t.want(all["kvkk"] > 0 && all["gdpr"] > 0, "the KVKK and the GDPR are known")
	for law, authority := range map[string]string{"kvkk": "KVKK", "gdpr": "edpb.europa.eu", "lgpd": "ANPD", "uk": "ico.org.uk"} {
		k := t.opened("complaint", law)
		days := map[string]int{"kvkk": 30, "gdpr": 30, "lgpd": 15, "uk": 30}[law]
		t.want(all[law] == days && k.Due.Sub(k.Opened) <= time.Duration(days)*24*time.Hour && k.Due.Sub(k.Opened) >= time.Duration(days-2)*24*time.Hour, "the law decides how long it may take")
		t.decide(k, map[string]any{"decision": "answered", "text": "Here is what we hold."})
		t.want(strings.Contains(t.letterOf(k), authority), "the answer names the authority of that law")
	}
	t.seen = t.seen[:min(len(t.seen), 3)]
}

// strictest: where nobody said by which law, the shortest time of all holds.
func strictest(t *trial) {
	least := 365
	for law, days := range t.laws() {
		if law != "unknown" {
			least = min(least, days)
		}
	}
	k := t.opened("access", "")
	t.want(least == 15 && k.Due.Sub(k.Opened) == time.Duration(least)*day, "a request of which nobody knows the law is due after %d days, the shortest time of all", least)
	t.want(t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/extend", map[string]any{"days": 1, "reason": "x"}, nil) >= 400, "it does not move")
	t.owner(http.MethodPatch, "/api/v1/privacy/cases/"+k.ID, map[string]any{"law": "gdpr"}, &k)
	t.want(k.Due.Sub(k.Opened) > 27*day, "once a person says that another law holds, that one does")
}

func (t *trial) decide(k wholeCase, how map[string]any) {
	if k.State == "proving" {
		t.owner(http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/prove", map[string]any{"text": "seen in the conversation"}, nil)
	}
	t.owner(http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/decide", how, nil)
}

func answeredInTime(t *trial) {
	k := t.opened("complaint", "gdpr")
	t.want(k.Due.Sub(k.Opened) <= 30*24*time.Hour, "a request is due within 30 days")
	t.decide(k, map[string]any{"decision": "answered", "text": "Our answer."})
	t.want(strings.Contains(t.words(k.Path), "Our answer."), "its answer is on its page")
	var figures struct{ Overdue int }
	t.owner(http.MethodGet, "/api/v1/privacy/case-figures", nil, &figures)
	t.want(figures.Overdue == 0, "none is overdue, and the privacy centre counts that")
}

// letterOf is the last letter that a case sent.
func (t *trial) letterOf(k wholeCase) (body string) {
	t.owner(http.MethodGet, "/api/v1/privacy/cases/"+k.ID, nil, &k)
	for _, l := range k.Lines {
		if l.Kind == "letter" {
			body = l.Body
		}
	}
	return body
}

func authorityNamed(t *trial) {
	for _, how := range []map[string]any{{"decision": "answered", "text": "Done."}, {"decision": "refused", "reason": "excessive", "text": "Not again."}} {
		k := t.opened("complaint", "kvkk")
		t.decide(k, how)
		letter, page := t.letterOf(k), t.words(k.Path)
		t.want(strings.Contains(letter, "complain") && strings.Contains(letter, "KVKK"), "the letter of an answer that is %s names the authority", how["decision"])
		t.want(strings.Contains(page, "You can also complain to") && strings.Contains(page, "KVKK"), "so does its page")
	}
}

func refusalsExplained(t *trial) {
	k := t.opened("access", "gdpr")
	status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/decide", map[string]any{"decision": "refused", "text": "No."}, nil)
	t.want(status >= 400, "a refusal without a reason is not taken")
	t.decide(k, map[string]any{"decision": "refused", "reason": "others_rights", "text": "Somebody else is named there."})
	page := t.words(k.Path)
	t.want(strings.Contains(page, "because it would take rights from other people"), "the person reads why")
	t.want(strings.Contains(page, "you can appeal on this page until"), "they read how to appeal")
	t.want(strings.Contains(string(t.page(k.Path).Body), `href="/appeal/`), "the way there is a link")
}

func appealOther(t *trial) {
	k := t.opened("access", "gdpr")
	privacy := promise.As{Role: "privacy"}
	t.owner(http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/prove", map[string]any{"text": "seen"}, nil)
	t.want(t.as(privacy, http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/decide", map[string]any{"decision": "refused", "reason": "excessive", "text": "No."}, nil) == http.StatusOK, "somebody refuses a request")
	_, rest, _ := strings.Cut(string(t.page(k.Path).Body), `href="/appeal/`)
	code, _, _ := strings.Cut(rest, `"`)
	known := t.mine()
	a := t.posts("/appeal/"+code, url.Values{"words": {"I do not agree " + canary()}})
	t.want(a.Status < 400, "the person appeals")
	t.settle()
	var appeal wholeCase
	for _, one := range t.mine() {
		if one.Kind == "appeal" && !slices.ContainsFunc(known, func(k wholeCase) bool { return k.ID == one.ID }) {
			appeal = one
		}
	}
	t.want(appeal.ID != "", "the appeal is a case of its own")
	how := map[string]any{"decision": "answered", "text": "You were right."}
	t.want(t.as(privacy, http.MethodPost, "/api/v1/privacy/cases/"+appeal.ID+"/decide", how, nil) >= 400, "who refused cannot decide it")
	t.want(t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/privacy/cases/"+appeal.ID+"/decide", how, nil) == http.StatusOK, "somebody else does")
}

func kindHeard(kind string) func(t *trial) {
	return func(t *trial) {
		path := "/privacy/requests/" + t.w.Place().Workspace
		t.want(strings.Contains(string(t.page(path).Body), `value="`+kind+`"`), "the form offers it to anybody")
		known := t.mine()
		a := t.posts(path, url.Values{"kind": {kind}, "words": {"It is about " + canary()}, "address": {"p-" + canary()[:10] + "@canary.example"}, "law": {"gdpr"}})
		t.want(a.Status < 400, "it is taken")
		t.settle()
		var mine wholeCase
		for _, one := range t.mine() {
			if one.Kind == kind && !slices.ContainsFunc(known, func(k wholeCase) bool { return k.ID == one.ID }) {
				mine = one
			}
		}
		t.want(mine.ID != "", "it waits as a case for a person to answer")
		t.owner(http.MethodGet, "/api/v1/privacy/cases/"+mine.ID, nil, &mine)
		t.owner(http.MethodPost, "/api/v1/privacy/cases/"+mine.ID+"/letter", map[string]any{"text": "We looked into it."}, nil)
		t.want(strings.Contains(t.words(mine.Path), "We looked into it."), "what a person answers stands on its page")
	}
}

func agentVerified(t *trial) {
	path := "/privacy/requests/" + t.w.Place().Workspace
	known := t.mine()
	a := t.posts(path, url.Values{"kind": {"access"}, "words": {"For my mother"}, "address": {"agent-" + canary()[:10] + "@canary.example"}, "law": {"gdpr"}, "agent": {"yes"}})
	t.want(a.Status < 400, "somebody asks for another person")
	t.settle()
	var k wholeCase
	for _, one := range t.mine() {
		if !slices.ContainsFunc(known, func(o wholeCase) bool { return o.ID == one.ID }) {
			k = one
		}
	}
	decide := func() int {
		return t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/decide", map[string]any{"decision": "answered", "text": "Here it is."}, nil)
	}
	t.want(decide() >= 400, "nothing is answered while nobody is verified")
	word := canary()
	t.says("messenger", "Mother "+word, "It is me "+word)
	t.owner(http.MethodPatch, "/api/v1/privacy/cases/"+k.ID, map[string]any{"contact_id": t.talkOf(word).Contact.ID, "kind": "complaint"}, nil)
	t.owner(http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/prove", map[string]any{"text": "seen in the conversation"}, nil)
	t.want(decide() >= 400, "the person alone is not enough")
	t.owner(http.MethodPatch, "/api/v1/privacy/cases/"+k.ID, map[string]any{"agent_checked": true}, nil)
	t.want(decide() == http.StatusOK, "after both were verified it is answered")
}

func wrongAnswersMended(t *trial) {
	question, answer := t.fact()
	t.autopilot()
	c, byAI := t.answered("messenger", "Wronged "+canary(), question)
	t.want(len(byAI) == 1, "there is an answer")
	if t.err != nil {
		return
	}
	var r struct {
		Case string `json:"case_id"`
	}
	t.owner(http.MethodPost, "/api/v1/messages/"+byAI[0].ID+"/report", map[string]any{"reason": "wrong", "note": "the price is another"}, &r)
	t.want(r.Case != "", "a member reports it")
	t.after(func() {
		var state struct{ Settings map[string]any }
		t.owner(http.MethodGet, "/api/v1/ai", nil, &state)
		if t.err == nil {
			state.Settings["do_not_say"] = []string{}
			t.owner(http.MethodPut, "/api/v1/ai", state.Settings, nil)
		}
	})
	t.owner(http.MethodPost, "/api/v1/privacy/cases/"+r.Case+"/close", map[string]any{"outcome": "corrected", "never_say": answer}, nil)
	_, byAI = t.answered("messenger", "Next "+canary(), question)
	for _, l := range byAI {
		t.want(!strings.Contains(l.Body, answer), "what was forbidden is not said again")
	}
	t.want(t.answeredBy(c) == 1, "the answer that was given stays on record")
}
