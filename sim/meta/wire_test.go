package meta_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/sim/meta"
)

// TestSignatureMatchesTheVectorOfTheReference checks Sign and Proof with the
// vectors of 1.1 and 2.2.
func TestSignatureMatchesTheVectorOfTheReference(t *testing.T) {
	t.Parallel()
	body := []byte(`{"object":"instagram","entry":[{"id":"17840000000000001","time":1760000000123,"messaging":[{"sender":{"id":"9001"},"recipient":{"id":"17840000000000001"},"timestamp":1760000000001,"message":{"mid":"m1","text":"Gr\u00fc\u00dfe \ud83d\ude00 a\/b"}}]}]}`)
	if got := meta.Sign("test-app-secret", body); got != "sha256=759ce5b000c5bccec9e86658091999a64cc1f98e157efadf685408ced7663802" {
		t.Errorf("signature %s", got)
	}
	if got := meta.Proof("test-app-secret", "EAAtesttoken"); got != "62f73cbe7b318721f6695dcd7ce46d9a60b2134d6e69eb38057c6db0608019a8" {
		t.Errorf("proof %s", got)
	}
}

func TestBodiesAreEscapedASCIISignedOverTheBytes(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.ana.WritesInstagram(p.alone).Says("Grüße 😀 a/b")
	body := p.wait(1)[0]
	if !bytes.Contains(body, []byte(`"text":"Gr\u00fc\u00dfe \ud83d\ude00 a\/b"`)) {
		t.Errorf("not escaped as Meta does: %s", body)
	}
	if bytes.ContainsFunc(body, func(r rune) bool { return r > 126 }) {
		t.Errorf("not ASCII: %s", body)
	}
	if got := p.door.head(0).Get("X-Hub-Signature-256"); got != meta.Sign(p.sim.App().InstagramSecret, body) {
		t.Errorf("Instagram login is signed with the Instagram secret; got %s", got)
	}
	p.ana.WritesInstagram(p.ig).Says("hi")
	body = p.wait(2)[1]
	if got := p.door.head(1).Get("X-Hub-Signature-256"); got != meta.Sign(p.sim.App().Secret, body) || len(got) != 71 {
		t.Errorf("an account behind a page is signed with the app secret; got %s", got)
	}
}

func TestHandshakeAcceptsOnlyTheChallenge(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(o *meta.Options) { o.Hook = "" })
	if err := p.sim.Subscribe(p.ctx(), "page", p.door.URL, "wrong"); err == nil {
		t.Error("a callback that answers 403 was accepted")
	}
	p.ana.Writes(p.page).Says("nobody listens")
	if err := p.sim.Subscribe(p.ctx(), "page", p.door.URL, "verify-me"); err != nil {
		t.Fatal(err)
	}
	p.ana.Writes(p.page).Says("now")
	if body := p.wait(1)[0]; !bytes.Contains(body, []byte("now")) {
		t.Errorf("got %s", body)
	}
	app := p.sim.App()
	r := p.graph("POST", fb+app.ID+"/subscriptions?access_token="+app.ID+"|"+app.Secret, "", m{"object": "instagram",
		"callback_url": p.door.URL, "fields": "messages,messaging_seen", "verify_token": "verify-me", "include_values": "true"})
	p.accepted(r)
	r = p.graph("POST", fb+app.ID+"/subscriptions?access_token="+app.ID+"|"+app.Secret, "", m{"object": "page",
		"callback_url": p.door.URL, "fields": "messages", "verify_token": "wrong"})
	p.refused(r, 2200, 0)
}

func TestOnlySubscribedFieldsAreDelivered(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	token := p.page.Token()
	p.accepted(p.graph("DELETE", fb+p.page.ID+"/subscribed_apps", token, nil))
	chat := p.ana.Writes(p.page)
	chat.Says("unheard")
	p.accepted(p.graph("POST", fb+p.page.ID+"/subscribed_apps?subscribed_fields=messages", token, nil))
	id := chat.Says("heard")
	chat.OwnerTypes("no echo asked for")
	chat.Reacts(id, "👍")
	p.wait(1)
	if n := len(p.door.got()); n != 1 {
		t.Errorf("%d deliveries, want the one message", n)
	}
	p.refused(p.graph("POST", fb+p.page.ID+"/subscribed_apps?subscribed_fields=messages,messaging_seen", token, nil), 100, 0)
	r := p.graph("GET", fb+p.page.ID+"/subscribed_apps", token, nil)
	if !bytes.Contains(r.raw, []byte(`"subscribed_fields":["messages"]`)) {
		t.Errorf("got %s", r.raw)
	}
}

func TestWeatherOfDeliveries(t *testing.T) {
	t.Parallel()
	text := func(b []byte) string {
		i := bytes.Index(b, []byte(`"text":"`))
		if i < 0 {
			return ""
		}
		s := b[i+8:]
		return string(s[:bytes.IndexByte(s, '"')])
	}
	t.Run("duplicate", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, nil)
		p.sim.Weather(meta.Duplicate, meta.Force{Times: 1})
		p.ana.Writes(p.page).Says("one")
		p.ana.Writes(p.page).Says("two")
		got := p.wait(3)
		if !bytes.Equal(got[0], got[1]) || text(got[2]) != "two" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("reorder", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, nil)
		p.sim.Weather(meta.Reorder, meta.Force{Times: 1})
		p.ana.Writes(p.page).Says("one")
		p.ana.Writes(p.page).Says("two")
		if got := p.wait(2); text(got[0]) != "two" || text(got[1]) != "one" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("delay", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, nil)
		p.sim.Weather(meta.Delay, meta.Force{Times: 1, For: time.Minute})
		p.ana.Writes(p.page).Says("late")
		p.ana.Writes(p.page).Says("soon")
		if got := p.wait(1); text(got[0]) != "soon" {
			t.Errorf("got %s", got)
		}
		p.clk.Advance(time.Minute)
		p.wait(2)
	})
	t.Run("batch", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, nil)
		p.sim.Weather(meta.Batch, meta.Force{Times: 1, Size: 4})
		for range 2 {
			p.ana.Writes(p.page).Says("to the page")
			p.ana.Writes(p.page).Says("again")
		}
		var e struct {
			Entry []struct{ Messaging []json.RawMessage }
		}
		if err := json.Unmarshal(p.wait(1)[0], &e); err != nil || len(e.Entry) != 2 || len(e.Entry[0].Messaging) != 2 {
			t.Errorf("%v %+v", err, e)
		}
	})
	t.Run("batch waits no longer than told", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, nil)
		p.sim.Weather(meta.Batch, meta.Force{Times: 1, Size: 9, For: time.Second})
		p.ana.Writes(p.page).Says("alone")
		if err := p.clk.BlockUntil(p.ctx(), 1); err != nil {
			t.Fatal(err)
		}
		p.clk.Advance(time.Second)
		p.wait(1)
	})
	t.Run("signature", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, nil)
		p.sim.Weather(meta.WrongSignature, meta.Force{Times: 1})
		p.ana.Writes(p.page).Says("forged")
		body := p.wait(1)[0]
		if p.door.head(0).Get("X-Hub-Signature-256") == meta.Sign(p.sim.App().Secret, body) {
			t.Error("the signature is right")
		}
		p.sim.Weather(meta.SHA1Only, meta.Force{Times: 1})
		p.ana.Writes(p.page).Says("old")
		p.wait(2)
		if h := p.door.head(1); h.Get("X-Hub-Signature-256") != "" || !strings.HasPrefix(h.Get("X-Hub-Signature"), "sha1=") {
			t.Errorf("got %v", h)
		}
	})
	t.Run("oddities of the wire", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, nil)
		p.sim.Weather(meta.Seconds, meta.Force{Times: 1})
		p.sim.Weather(meta.NumericIDs, meta.Force{Times: 1})
		p.ana.Writes(p.page).Says("odd")
		if body := p.wait(1)[0]; !bytes.Contains(body, []byte(`"timestamp":1795338000,`)) || !bytes.Contains(body, []byte(`"id":`+p.page.ID+`,`)) {
			t.Errorf("got %s", body)
		}
	})
	t.Run("lost", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, nil)
		p.sim.Weather(meta.LostEvent, meta.Force{Times: 1})
		p.ana.Writes(p.page).Says("gone")
		p.ana.Writes(p.page).Says("here")
		if got := p.wait(1); text(got[0]) != "here" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("chance comes from the seed", func(t *testing.T) {
		t.Parallel()
		counts := []int{}
		for range 2 {
			p := newPlace(t, nil)
			p.sim.Weather(meta.LostEvent, meta.Force{Chance: 0.5})
			for range 40 {
				p.ana.Writes(p.page).Says("maybe")
			}
			p.wait(1)
			counts = append(counts, len(p.door.got()))
		}
		if counts[0] != counts[1] || counts[0] < 8 || counts[0] > 32 {
			t.Errorf("of 40 arrived %v", counts)
		}
	})
}

// TestFailingHooksAreRetriedAndSwitchedOffAfterAnHour is the contract of 2.3 on
// the Messenger side.
func TestFailingHooksAreRetriedAndSwitchedOffAfterAnHour(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.door.answers(http.StatusInternalServerError)
	p.ana.Writes(p.page).Says("hello?")
	got := p.wait(4)
	for i := range got[1:] {
		if !bytes.Equal(got[0], got[i+1]) {
			t.Error("a retry carries other bytes")
		}
	}
	if !p.waitOut(t, 30) {
		t.Fatal("still subscribed")
	}
	rules := []string{}
	for _, r := range p.sim.Remarks() {
		rules = append(rules, r.Rule)
	}
	if !slices.Contains(rules, "webhooks_failing") || !slices.Contains(rules, "webhooks_disabled") {
		t.Errorf("remarks %v", rules)
	}
	p.door.answers(http.StatusOK)
	n := len(p.door.got())
	p.ana.Writes(p.page).Says("nobody hears this")
	if p.sim.Pending() != 0 || len(p.door.got()) != n {
		t.Error("an event went out to an app that is not subscribed")
	}
}

// waitOut moves the clock retry by retry until the page is not subscribed.
func (p *place) waitOut(t *testing.T, steps int) bool {
	t.Helper()
	for range steps {
		if len(p.page.Subscribed()) == 0 {
			return true
		}
		n := len(p.door.got())
		if err := p.clk.BlockUntil(p.ctx(), 1); err != nil {
			t.Fatal(err)
		}
		p.clk.Advance(15 * time.Minute)
		if err := p.sim.Until(p.ctx(), "the retry", func() bool { return len(p.door.got()) > n || len(p.page.Subscribed()) == 0 }); err != nil {
			t.Fatal(err)
		}
	}
	return false
}

func TestAnAnswerInTimeEndsTheFailure(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.door.answers(http.StatusBadGateway)
	p.ana.WritesWhatsApp(p.num).Says("once more")
	p.wait(4)
	p.door.answers(http.StatusOK)
	if err := p.clk.BlockUntil(p.ctx(), 1); err != nil {
		t.Fatal(err)
	}
	p.clk.Advance(time.Minute)
	p.wait(5)
	if !p.waba.Subscribed() {
		t.Error("WhatsApp accounts are not switched off")
	}
	last := p.sim.Deliveries()[4]
	if last.Attempt != 5 || last.Status != http.StatusOK || last.Kinds[0] != "text" {
		t.Errorf("recorded %+v", last)
	}
}

func TestASlowAnswerCountsAsNone(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	hold := make(chan struct{})
	p.door.mu.Lock()
	p.door.hold = hold
	p.door.mu.Unlock()
	p.ana.Writes(p.page).Says("slow")
	<-p.door.came
	p.clk.Advance(5 * time.Second)
	if err := p.sim.Until(p.ctx(), "the attempt is given up", func() bool { return len(p.sim.Deliveries()) > 0 }); err != nil {
		t.Fatal(err)
	}
	close(hold)
	if d := p.sim.Deliveries()[0]; d.Status != 0 || !strings.Contains(d.Error, "deadline") {
		t.Errorf("recorded %d %s", d.Status, d.Error)
	}
}

func TestTestEventsCarryIDZero(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	for i, object := range []string{"page", "instagram", "whatsapp_business_account"} {
		p.sim.TestEvent(object)
		body := p.wait(i + 1)[i]
		if !bytes.Contains(body, []byte(`"entry":[{"id":"0"`)) {
			t.Errorf("%s: %s", object, body)
		}
		golden(t, "test-"+object, body)
	}
}
