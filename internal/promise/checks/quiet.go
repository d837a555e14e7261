package checks

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"parley/internal/promise"
)

// quietChecks look for what must not be there: facts that nobody needs, names in
// counts, calls to others.
func quietChecks() []entry {
	return []entry{
		{"no-hardware-ids", nothingOf("serial", "model", "imei", "hardware_id", "fingerprint")},
		{"no-exit-urls", nothingOf("exit_url", "left_for", "next_url", "outbound")},
		{"no-click-stream", nothingOf("clicks", "events", "scroll", "mouse", "path")},
		{"visitor-network-unseen", networkUnseen},
		{"account-data-for-account", accountData},
		{"nothing-sold", toNobodyElse},
		{"no-advertising-profiles", toNobodyElse},
		{"no-absolute-promise", noAbsolute},
		{"impact-questions", impactQuestions},
		{"doors-apart", doorsApart},
		{"database-way-encrypted", databaseWay},
		{"attacks-raise-alerts", attacksRaiseAlerts},
		{"abuse-investigated", abuseInvestigated},
		{"abuse-noticed", abuseNoticed},
		{"whatsapp-is-switched-on", whatsappSwitch},
		{"whatsapp-user-id", whatsappPerson},
		{"whatsapp-shared-details", whatsappPerson},
		{"echoes-filed-once", echoesOnce},
	}
}

// nothingOf sends facts along that a page could know, with everything allowed.
func nothingOf(names ...string) func(t *trial) {
	return func(t *trial) {
		word, extra := canary(), canary()
		v, _ := t.frame(t.w.Place().Widget, t.w.Place().Shop, "en")
		v.consent, v.agent = "granted", "Mozilla/5.0 (Linux; Android 14; "+extra+") AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
		more := map[string]any{}
		for _, name := range names {
			more[name] = extra
			refused := v.ask(http.MethodPost, "/session", map[string]any{"boot_token": v.Boot.BootToken, "consent": "granted", name: extra}, nil)
			t.want(refused >= 400, "a chat that sends %s is refused", name)
		}
		v.opens(nil)
		_ = v.ask(http.MethodPost, "/messages", map[string]any{"body": "x", "client_id": "abcdefgh" + word[:8], names[0]: extra}, nil)
		v.says("Visit " + word)
		seen := t.visitOf(word)
		t.want(seen != nil && seen.Browser != "" && seen.Device != "", "what the list names is held")
		a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/contacts/" + t.talkOf(word).Contact.ID})
		t.must(err)
		t.want(a.Status == http.StatusOK && !strings.Contains(string(a.Body), extra), "nothing of the rest is")
		_, hits := t.atRest(extra)
		t.want(hits == 0, "it is at rest nowhere")
	}
}

func networkUnseen(t *trial) {
	word := canary()
	t.visits("granted").says("From somewhere " + word)
	c := t.talkOf(word)
	for _, path := range []string{"/api/v1/contacts/" + c.Contact.ID, "/api/v1/conversations/" + c.ID, "/api/v1/conversations/" + c.ID + "/messages", "/api/v1/contacts?limit=100"} {
		for _, role := range []string{"owner", "admin", "agent", "privacy"} {
			a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: role}, Method: http.MethodGet, Path: path})
			t.must(err)
			t.want(!strings.Contains(string(a.Body), "127.0.0.") && !strings.Contains(string(a.Body), "::1"), "no member is shown where a visitor's network is")
		}
	}
	t.seen = t.seen[:min(1, len(t.seen))]
	_, hits := t.atRest(`"ip":"127.0.0.1"`)
	t.want(hits == 0, "nor does it stand readable at rest")
}

// accountData: what a member gave for their account goes nowhere but into mail to
// themselves.
func accountData(t *trial) {
	b := t.fresh("agent")
	who := b.me().Member
	word := canary()
	t.withModel(func() {
		t.says("messenger", "Account "+word, asked)
		t.says("messenger", "Account "+word, "Thank you "+word)
	})
	c := t.talkOf(word)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "You are welcome " + word}, nil)
	t.settle()
	t.want(len(t.left("models", "")) > 0 && len(t.left("meta", word)) > 0, "Meta and a model were called meanwhile")
	t.want(who.Email != "" && len(t.left("", who.Email)) == 0, "no call held a member's address")
	t.want(len(t.left("", t.w.Place().MemberMail)) == 0, "nor that of another")
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "agent", Other: true}, Method: http.MethodGet, Path: "/api/v1/members"})
	t.must(err)
	t.want(!strings.Contains(string(a.Body), who.Email), "another business does not see it")
}

// toNobodyElse: what somebody wrote reaches the network they wrote over when it is
// answered, a model where one is on, and nobody else at all, such as who counts use
// for us when a member looks for it.
func toNobodyElse(t *trial) {
	word := canary()
	t.says("messenger", "Unsold "+word, "Please note "+word)
	c := t.talkOf(word)
	t.want(len(t.left("", word)) == 0, "what somebody wrote left to nobody while no model is on")
	b := t.signedUp(true)
	heard := t.toldOf(func() { b.uses("/api/v1/conversations?q="+word, "") })
	t.want(heard != "" && !strings.Contains(heard, word), "nor to who counts use for us, when a member looked for it")
	failures := t.heard("sentry", 0, "")
	t.want(!strings.Contains(failures, word), "nor to who is told of errors")
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "Noted " + word}, nil)
	t.settle()
	t.advance(2 * day)
	all := t.left("", word)
	t.want(len(all) == 1 && all[0].Rule == "meta" && strings.Contains(string(all[0].Body), "Noted"), "the answer went to the network they wrote over, once, and in two days nothing went anywhere else")
	for _, path := range append(t.operations()["post"], t.operations()["get"]...) {
		for _, sale := range []string{"audience", "advert", "/ads", "segment", "lookalike", "marketplace"} {
			t.want(!strings.Contains(strings.ToLower(path), sale), "no operation sells or targets")
		}
	}
	t.seen = t.seen[:min(3, len(t.seen))]
}

func noAbsolute(t *trial) {
	said := strings.ToLower(t.words("/privacy"))
	t.want(strings.Contains(said, "no system is wholly safe"), "the page says that no system is wholly safe")
	for _, claim := range []string{"100%", "absolutely secure", "completely secure", "fully secure", "unbreakable", "guarantee that no", "never be hacked", "military-grade"} {
		t.want(!strings.Contains(said, claim), "it does not claim %q", claim)
	}
}

func impactQuestions(t *trial) {
	said, officer := t.words("/privacy"), t.w.Place().Operator["officer_mail"]
	t.want(officer != "" && strings.Contains(said, officer), "the page names the officer's address")
	mail := canary() + "@officer.canary.example"
	t.profile("officer_mail", mail)
	t.want(strings.Contains(t.words("/privacy"), mail), "another one is shown as soon as it is set")
}

func doorsApart(t *trial) {
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/vars"} {
		a := t.page(path)
		t.want(a.Status == http.StatusNotFound || strings.Contains(string(a.Body), "<!doctype html>") && !strings.Contains(string(a.Body), "goroutine"), "%s shows nobody anything at the door of everybody", path)
	}
	for _, address := range []string{"http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:22/", "http://10.0.0.1/", "file:///etc/passwd"} {
		var s struct{ ID, State string }
		status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/knowledge/sources", map[string]any{"kind": "page", "name": "Inside " + canary(), "url": address}, &s)
		t.settle()
		if s.ID != "" {
			t.owner(http.MethodGet, "/api/v1/knowledge/sources/"+s.ID, nil, &s)
		}
		t.want(status >= 400 || s.State == "failed", "a page inside the own network is not read")
	}
}

func databaseWay(t *trial) {
	if t.err != nil {
		return
	}
	for _, mode := range []string{"?sslmode=disable", "?sslmode=require", ""} {
		out, err := t.w.Command(t.ctx, nil, "doctor", "--data", "/nonexistent/"+canary(), "--database", "postgres://parley:x@db.canary.example/parley"+mode)
		t.must(err)
		t.want(out.Status == 1 && strings.Contains(string(out.Stderr), "verify-full"), "a database elsewhere that is reached with %q is refused, and what to do is said", mode)
	}
}

type alerted struct {
	ID, Rule string
	ObjectID string `json:"object_id"`
}

func (t *trial) alerts() (all []alerted) {
	var list struct{ Items []alerted }
	t.owner(http.MethodGet, "/api/v1/alerts?limit=100", nil, &list)
	return list.Items
}

// floods lets one person write far too much within a minute.
func (t *trial) floods() (c talk, a alerted) {
	word := canary()
	for range 62 {
		t.says("messenger", "Flood "+word, "again "+word)
	}
	c = t.talkOf(word)
	t.advance(20 * time.Second)
	for _, one := range t.alerts() {
		if one.ObjectID == c.ID {
			a = one
		}
	}
	return c, a
}

func attacksRaiseAlerts(t *trial) {
	before := len(t.alerts())
	_, a := t.floods()
	t.want(a.Rule == "flood" && len(t.alerts()) == before+1, "a flood into one conversation raises one alert within a minute")
}

// copies has a member make copy after copy of what is held of one person.
func (t *trial) copies() (word string) {
	word = canary()
	t.says("messenger", "Copied "+word, word)
	c := t.talkOf(word)
	for range 6 {
		t.handed(c.Contact.ID, map[string]any{})
	}
	t.advance(20 * time.Second)
	return word
}

func abuseInvestigated(t *trial) {
	word := t.copies()
	id := ""
	for _, a := range t.alerts() {
		if a.Rule == "exports" && id == "" { // the newest
			id = a.ID
		}
	}
	t.want(id != "", "copy after copy raises an alert within a minute")
	var story struct {
		Timeline []struct {
			At   time.Time
			What string
		}
	}
	var raw json.RawMessage
	t.owner(http.MethodGet, "/api/v1/alerts/"+id, nil, &raw)
	t.must(json.Unmarshal(raw, &story))
	t.want(len(story.Timeline) >= 5, "what led to it can be followed")
	for i := 1; i < len(story.Timeline); i++ {
		t.want(!story.Timeline[i].At.Before(story.Timeline[i-1].At), "in order of time")
	}
	t.seen = t.seen[:min(3, len(t.seen))]
	t.want(!strings.Contains(string(raw), word), "without words of people")
}

func abuseNoticed(t *trial) {
	t.copies()
	exports := 0
	for _, a := range t.alerts() {
		if a.Rule == "exports" {
			exports++
			t.owner(http.MethodPost, "/api/v1/alerts/"+a.ID+"/close", map[string]any{"note": "looked at"}, nil)
		}
	}
	t.want(exports > 0, "copy after copy raises an alert, which a person closes with a note")
	t.suspended("canary", func() {
		t.want(t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/workspace/appeals", map[string]any{"words": "please look again"}, nil) < 500, "who was stopped may appeal")
	})
}

func whatsappSwitch(t *trial) {
	other := t.as(promise.As{Role: "owner", Other: true}, http.MethodPost, "/api/v1/channels/connect", map[string]any{"kind": "whatsapp", "way": "whatsapp", "acknowledged": true}, nil)
	t.want(other >= 400 && other < 500, "where it is not switched on nobody can connect it: %d", other)
	word := canary()
	t.says("whatsapp", "Lapsed "+word, word)
	c := t.talkOf(word)
	t.after(func() {
		out, err := t.w.Command(t.ctx, nil, "workspace", "set", "Canary Goods", "--entitlement", "whatsapp")
		t.must(err)
		t.want(out.Status == 0, "it is switched on again %s", out.Stderr)
		again := canary()
		t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": again}, nil)
		t.settle()
		t.want(len(t.left("meta", again)) == 1, "and answers leave again")
	})
	if t.err != nil {
		return
	}
	_, err := t.w.Command(t.ctx, nil, "workspace", "set", "Canary Goods", "--without", "whatsapp")
	t.must(err)
	late := canary()
	t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": late}, nil)
	t.settle()
	t.want(len(t.left("meta", late)) == 0, "where it lapsed nothing more is sent")
	t.want(len(t.lines(c.ID)) > 0, "everything stays readable")
}

func whatsappPerson(t *trial) {
	name, word, out := "Shown "+canary(), canary(), canary()
	t.says("whatsapp", name, "Hello "+word)
	c := t.talkOf(word)
	t.want(c.Contact.Name == name, "the name that they show there is held")
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": out}, nil)
	t.settle()
	var sent struct{ To, Recipient string }
	for _, call := range t.left("meta", out) {
		t.must(json.Unmarshal(call.Body, &sent))
	}
	number := sent.To + sent.Recipient
	t.want(len(number) > 8, "the number by which WhatsApp knows them is held: they are answered by it")
	if t.err != nil {
		return
	}
	for _, secret := range []string{name, number, word} {
		_, hits := t.atRest(secret)
		t.want(hits == 0, "neither it nor their name nor what they wrote stands readable in a file at rest")
	}
	held := 0
	for _, l := range t.lines(c.ID) {
		if strings.Contains(l.Body, word) {
			held++
		}
	}
	t.want(held == 1, "what they wrote is held once")
}

func echoesOnce(t *trial) {
	word, user := canary(), "7770"+itoa(int(time.Duration(len(canary()))))
	raw, err := json.Marshal(map[string]any{"object": "page", "entry": []any{map[string]any{"id": t.w.Place().Page, "time": t.w.Now().UnixMilli(),
		"messaging": []any{map[string]any{"sender": map[string]string{"id": t.w.Place().Page}, "recipient": map[string]string{"id": user}, "timestamp": t.w.Now().UnixMilli(),
			"message": map[string]any{"mid": "m_" + word, "text": "From the app " + word, "is_echo": true, "app_id": 263902037430900}}}}}})
	t.must(err)
	first := canary()
	a, err := t.w.Webhook(t.ctx, "meta", delivery(t.w.Place().Page, user, "m_"+first, "Hello "+first))
	t.must(err)
	t.settle()
	for range 3 {
		a, err = t.w.Webhook(t.ctx, "meta", raw)
		t.must(err)
		t.settle()
	}
	t.want(a.Status == http.StatusOK, "what was written in the provider's own app is delivered, three times")
	c, n := t.talkOf(first), 0
	for _, l := range t.lines(c.ID) {
		if strings.Contains(l.Body, word) && l.Direction == "out" {
			n++
		}
	}
	t.want(n == 1, "it is filed once, in its conversation, as an outgoing line")
}

func aiLogsEnd(t *trial) {
	word := canary()
	t.withModel(func() { t.says("messenger", "Logged "+word, asked+" ("+word+")") })
	c := t.talkOf(word)
	var list struct {
		Items []struct {
			AI *struct {
				RunID string `json:"run_id"`
			}
		}
	}
	t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID+"/messages?limit=100", nil, &list)
	run := ""
	for _, m := range list.Items {
		if m.AI != nil {
			run = m.AI.RunID
		}
	}
	t.want(run != "", "a model was asked")
	logs := func() string {
		a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/conversations/" + c.ID + "/ai/logs"})
		t.must(err)
		return string(a.Body)
	}
	t.want(strings.Contains(logs(), "working days"), "what it was asked can be read")
	t.advance(28 * day)
	t.want(strings.Contains(logs(), "working days"), "after 28 days, too")
	t.advance(3 * day)
	t.want(!strings.Contains(logs(), "working days"), "after 31 it is gone")
}
