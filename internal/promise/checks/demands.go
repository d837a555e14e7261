package checks

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/internal/promise"
)

// demandChecks hold what is disclosed by a decision of people to what was decided.
func demandChecks() []entry {
	return []entry{
		{"lawful-requests", lawfulRequests},
		{"legal-duties", legalDuties},
		{"disclosed-for-terms", disclosedFor("terms")},
		{"disclosed-for-safety", disclosedFor("safety")},
		{"disclosed-by-consent", disclosedByConsent},
		{"shine-the-light", shineTheLight},
	}
}

type demand struct {
	ID, State string
	Approvals []string
}

const demands = "/api/v1/privacy/demands"

// officer is somebody new who answers for people's requests, signed in.
func (t *trial) officer() *browser {
	address, _ := t.invited("privacy")
	b, _ := t.joins(address, canary()+canary())
	return b
}

// lastAt is the time of the newest message in a conversation.
func (t *trial) lastAt(c talk) time.Time {
	var list struct{ Items []struct{ At time.Time } }
	t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID+"/messages?limit=100", nil, &list)
	var last time.Time
	for _, l := range list.Items {
		if l.At.After(last) {
			last = l.At
		}
	}
	return last
}

// demanded writes a demand for messages of one person down, of the last seconds
// until a moment.
func (t *trial) demanded(c talk, until time.Time, more map[string]any) (d demand) {
	wish := map[string]any{"authority": "Court of " + canary(), "basis": "Act 1, section 2", "contact_ids": []string{c.Contact.ID}, "parts": []string{"messages"},
		"from": until.Add(-30 * time.Second), "until": until, "due_at": until.Add(14 * 24 * time.Hour)}
	for name, v := range more {
		wish[name] = v
	}
	t.owner(http.MethodPost, demands, wish, &d)
	return d
}

// hands has a member take the file of a demand and reads all of it as one text.
func (b *browser) hands(d demand) (status int, text string) {
	if b.t.err != nil {
		return 0, ""
	}
	h := http.Header{"Origin": {b.t.w.Place().URL}, "Sec-Fetch-Site": {"same-origin"}, "User-Agent": {b.agent}, "Cookie": {b.cookie}}
	a, err := b.t.w.HTTP(b.t.ctx, promise.Ask{Method: http.MethodPost, Path: demands + "/" + d.ID + "/hand-over", Header: h})
	b.t.must(err)
	if err == nil && a.Status == http.StatusOK {
		text = b.t.unzipped(a.Body)
	}
	return a.Status, text
}

// lawfulRequests is about one of two people, and about the second of the two things
// that they wrote.
func lawfulRequests(t *trial) {
	early, word, other := canary(), canary(), canary()
	name := "Sought " + canary()
	t.says("messenger", name, "first "+early)
	t.advance(time.Minute)
	t.says("messenger", name, "then "+word)
	t.says("messenger", "Beside "+other, "beside "+other)
	c := t.talkOf(word)
	one, two := t.officer(), t.officer()
	until := t.lastAt(c).Add(time.Second)
	d := t.demanded(c, until, map[string]any{"silent_until": until.Add(time.Hour)})
	at := demands + "/" + d.ID
	t.want(t.as(promise.As{Role: "owner"}, http.MethodPost, at+"/approve", nil, nil) == http.StatusForbidden, "a key approves nothing")
	status, _ := one.hands(d)
	t.want(status == http.StatusConflict, "without an approval nothing is handed over")
	one.good(http.MethodPost, at+"/approve", nil, &d)
	t.want(len(d.Approvals) == 1 && d.State == "open", "one member approves it")
	t.want(one.ask(http.MethodPost, at+"/approve", nil, nil) == http.StatusConflict, "the same member cannot approve it twice")
	status, _ = one.hands(d)
	t.want(status == http.StatusConflict, "with one approval nothing is handed over")
	two.good(http.MethodPost, at+"/approve", nil, &d)
	t.want(len(d.Approvals) == 2 && d.State == "approved", "a second member approves it, too")
	status, text := two.hands(d)
	t.want(status == http.StatusOK && strings.Contains(text, word), "then it holds what the person wrote within the time that was asked about")
	t.want(!strings.Contains(text, early) && !strings.Contains(text, other) && !strings.Contains(text, name),
		"it holds nothing of before, nothing of anybody else, and no name where only messages were asked for")
	t.want(t.toldWay(c, "law") == 0 && !strings.Contains(t.handed(c.Contact.ID, map[string]any{}), "Court of"), "while a law forbids it the person does not read of it")
	t.advance(2 * time.Hour)
	t.want(t.toldWay(c, "law") == 1, "afterwards it stands in the list of who received something of them")
}

// legalDuties refuses one demand and finds another wanting.
func legalDuties(t *trial) {
	word := canary()
	t.says("messenger", "Wanted "+word, "hello "+word)
	c := t.talkOf(word)
	until := t.lastAt(c).Add(time.Second)
	for _, part := range []string{"authority", "basis"} {
		wish := map[string]any{"authority": "A court", "basis": "A law", "contact_ids": []string{c.Contact.ID}, "parts": []string{"profile"}, "due_at": until.Add(time.Hour)}
		wish[part] = " "
		t.want(t.as(promise.As{Role: "owner"}, http.MethodPost, demands, wish, nil) == http.StatusUnprocessableEntity, "a demand without its %s is not taken", part)
	}
	d := t.demanded(c, until, nil)
	at := demands + "/" + d.ID
	one, two := t.officer(), t.officer()
	one.good(http.MethodPost, at+"/approve", nil, nil)
	two.good(http.MethodPost, at+"/approve", nil, nil)
	two.good(http.MethodPost, at+"/challenge", map[string]string{"reason": "The time is too long."}, &d)
	t.want(d.State == "open" && len(d.Approvals) == 0, "who finds a demand wanting takes its approvals back")
	status, _ := one.hands(d)
	t.want(status == http.StatusConflict, "and nothing is handed over for it")
	one.good(http.MethodPost, at+"/refuse", map[string]string{"reason": "No law allows it."}, &d)
	status, _ = one.hands(d)
	t.want(d.State == "refused" && status == http.StatusConflict && t.toldWay(c, "law") == 0, "one that is refused hands over nothing")
	var kept struct {
		Persons []any
		Said    []string
	}
	t.owner(http.MethodGet, at, nil, &kept)
	t.want(len(kept.Persons) == 0 && len(kept.Said) == 2, "why is written down, and whom it was about is forgotten")
}

// toldWay counts how often something of a person was disclosed in a way.
func (t *trial) toldWay(c talk, way string) (n int) {
	var list struct {
		Items []struct {
			Way   string
			Count int
		}
	}
	t.owner(http.MethodGet, "/api/v1/contacts/"+c.Contact.ID+"/disclosures", nil, &list)
	for _, d := range list.Items {
		if d.Way == way {
			n += d.Count
		}
	}
	return n
}

func (t *trial) discloses(c talk, wish map[string]any) (status int) {
	return t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/contacts/"+c.Contact.ID+"/disclosures", wish, nil)
}

func disclosedFor(reason string) func(t *trial) {
	return func(t *trial) {
		word, to := canary(), "Counsel "+canary()
		t.says("messenger", "Disclosed "+word, "hello "+word)
		c := t.talkOf(word)
		t.want(!strings.Contains(t.handed(c.Contact.ID, map[string]any{}), to), "before, nobody is named in their copy")
		t.want(t.discloses(c, map[string]any{"to": to, "reason": reason, "what": []string{"messages"}}) == http.StatusCreated, "what is disclosed for %s is written down", reason)
		t.want(t.toldWay(c, reason) == 1, "it stands in the person's list of who received something")
		t.want(strings.Contains(t.handed(c.Contact.ID, map[string]any{}), to), "and in their copy, with who received it")
		_, hits := t.atRest(to)
		t.want(hits == 0, "it stands readable in no file at rest")
	}
}

// allowed puts on record that a person allowed something.
func (t *trial) allowed(c talk) (id string) {
	at := "/api/v1/contacts/" + c.Contact.ID + "/opt-ins"
	t.owner(http.MethodPost, at, map[string]any{"channel_id": c.Account.ID, "topic": "marketing", "note": "Said so " + canary()}, nil)
	var list struct{ Items []struct{ ID, Topic string } }
	t.owner(http.MethodGet, at, nil, &list)
	for _, o := range list.Items {
		if o.Topic == "marketing" {
			id = o.ID
		}
	}
	return id
}

func disclosedByConsent(t *trial) {
	word, other := canary(), canary()
	t.says("messenger", "Allowing "+word, "hello "+word)
	t.says("messenger", "Asked "+other, "hello "+other)
	c, d := t.talkOf(word), t.talkOf(other)
	wish := map[string]any{"to": "A partner", "reason": "consent", "what": []string{"profile"}}
	t.want(t.discloses(c, wish) == http.StatusConflict, "without a consent nothing is disclosed")
	wish["opt_in_id"] = t.allowed(c)
	t.want(t.discloses(d, wish) == http.StatusConflict, "nor with somebody else's")
	t.want(t.discloses(c, wish) == http.StatusCreated && t.toldWay(c, "consent") == 1, "with their own it is, and they read of it")
	t.owner(http.MethodDelete, fmt.Sprintf("/api/v1/contacts/%s/opt-ins/%s", c.Contact.ID, wish["opt_in_id"]), nil, nil)
	t.want(t.discloses(c, wish) == http.StatusConflict, "a consent that was taken back allows nothing more")
}

// shineTheLight asks what went to others for their marketing: nothing first, and
// then something.
func shineTheLight(t *trial) {
	word, to := canary(), "Advertiser "+canary()
	t.says("messenger", "California "+word, "hello "+word)
	c := t.talkOf(word)
	report := map[string]any{"report": true, "language": "en"}
	const none = "given to anybody for their advertising"
	t.want(strings.Contains(t.handed(c.Contact.ID, report), none), "who asks reads that nothing went to others for their marketing")
	t.want(t.discloses(c, map[string]any{"to": to, "reason": "marketing", "what": []string{"profile"}}) == http.StatusConflict, "nothing goes there without a consent")
	t.want(t.discloses(c, map[string]any{"to": to, "reason": "marketing", "what": []string{"profile"}, "opt_in_id": t.allowed(c)}) == http.StatusCreated, "with one it is written down")
	said := t.handed(c.Contact.ID, report)
	t.want(!strings.Contains(said, none) && strings.Contains(said, to), "and then they read to whom it went")
}
