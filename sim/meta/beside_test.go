package meta_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/sim/meta"
)

// last gives the newest delivery once n arrived.
func (p *place) last(n int) []byte { return p.wait(n)[n-1] }

// TestWhatArrivesBesideMessages keeps the events of accounts, threads and groups
// as goldens (reference 3.1–3.5, A.1, A.3).
func TestWhatArrivesBesideMessages(t *testing.T) {
	t.Parallel()
	page := func(p *place) *meta.Chat { return p.ana.Writes(p.page) }
	wa := func(p *place) *meta.Chat { return p.ana.WritesWhatsApp(p.num) }
	do := func(chat *meta.Chat, a meta.Act) {
		if _, err := chat.Does(a); err != nil {
			t.Error(err)
		}
	}
	cases := []struct {
		name string
		n    int // deliveries it makes
		act  func(*place)
		has  string
	}{
		{"page-policy", 1, func(p *place) { p.page.Policy("warning", "text") }, `"policy_enforcement":{"action":"warning","reason":"text"}`},
		{"page-pass-thread", 1, func(p *place) { page(p).Handover("pass_thread_control", "111", "222", "to bot") },
			`"pass_thread_control":{"previous_owner_app_id":"111","new_owner_app_id":"222","metadata":"to bot"}`},
		{"page-take-thread", 1, func(p *place) { page(p).Handover("take_thread_control", "222", "263902037430900", "") },
			`"take_thread_control":{"previous_owner_app_id":"222","new_owner_app_id":"263902037430900","metadata":""}`},
		{"page-foreign-echo", 2, func(p *place) { page(p).OtherAppSends("998877", "from another bot") }, `"delivery":{`},
		{"page-unknown-type", 1, func(p *place) { do(page(p), meta.Act{Kind: "unknown", Subtype: "hologram"}) }, `"type":"hologram"`},
		{"page-appointment", 1, func(p *place) { do(page(p), meta.Act{Kind: "appointment"}) }, `"type":"appointment_booking"`},
		{"instagram-comment", 1, func(p *place) { do(p.ana.WritesInstagram(p.alone), meta.Act{Kind: "comment", Text: "nice"}) }, `"field":"comments"`},
		{"instagram-unsend-before", 2, func(p *place) { do(p.ana.WritesInstagram(p.alone), meta.Act{Kind: "unsend_before", Text: "oops"}) }, `"text":"oops"`},
		{"whatsapp-group", 1, func(p *place) { do(wa(p), meta.Act{Kind: "group", Text: "all"}) }, `"group_id":`},
		{"whatsapp-call", 1, func(p *place) { do(wa(p), meta.Act{Kind: "call"}) }, `"field":"calls"`},
		{"whatsapp-errors", 1, func(p *place) { do(wa(p), meta.Act{Kind: "error"}) }, `"errors":[{"code":130429`},
		{"whatsapp-preferences", 1, func(p *place) { do(wa(p), meta.Act{Kind: "preferences"}) }, `"field":"user_preferences"`},
		{"whatsapp-media-failed", 1, func(p *place) { do(wa(p), meta.Act{Kind: "media_failed"}) }, `"code":131052`},
		{"whatsapp-product", 1, func(p *place) { do(wa(p), meta.Act{Kind: "product", Text: "this?"}) }, `"referred_product":{`},
		{"whatsapp-account", 1, func(p *place) {
			if err := p.waba.Tells("account_update", `{"event":"ACCOUNT_RESTRICTION"}`); err != nil {
				t.Error(err)
			}
		}, `"field":"account_update"`},
		{"whatsapp-template", 1, func(p *place) {
			p.waba.Template("hello", "en", "UTILITY", "Hello")
			p.waba.TemplateStatus("hello", "en", "REJECTED", "INVALID_FORMAT")
		}, `"field":"message_template_status_update"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, nil)
			c.act(p)
			body := p.last(c.n)
			if !bytes.Contains(body, []byte(c.has)) {
				t.Errorf("got %s", body)
			}
			golden(t, c.name, body)
		})
	}
}

func TestStatusesMayComeOutOfTurn(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.WritesWhatsApp(p.num)
	chat.Says("hello")
	p.sim.Weather(meta.NoDelivered, meta.Force{Times: 1})
	r := p.graph("POST", fb+p.num.ID+"/messages", p.waba.Token(), waText("+16505551234", "x"))
	chat.Reads()
	got := p.wait(3)
	if !bytes.Contains(got[1], []byte(`"status":"sent"`)) || !bytes.Contains(got[2], []byte(`"status":"read"`)) {
		t.Errorf("got %s", got[1:])
	}
	id := strings.Split(string(r.raw), `"messages":[{"id":"`)[1]
	chat.Status(strings.ReplaceAll(id[:strings.IndexByte(id, '"')], `\/`, "/"), "failed", 131026)
	if body := p.last(4); !bytes.Contains(body, []byte(`"status":"failed"`)) || !bytes.Contains(body, []byte(`"code":131026`)) {
		t.Errorf("got %s", body)
	}
	p.sim.Weather(meta.PairLimit, meta.Force{Times: 1})
	p.refused(p.graph("POST", fb+p.num.ID+"/messages", p.waba.Token(), waText("+16505551234", "x")), 131056, 0)
}

func TestAnOfflinePhoneReceivesWhenItIsBack(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.WritesWhatsApp(p.num)
	chat.Says("hello")
	p.ana.Offline(true)
	p.accepted(p.graph("POST", fb+p.num.ID+"/messages", p.waba.Token(), waText("+16505551234", "x")))
	if body := p.last(2); !bytes.Contains(body, []byte(`"status":"sent"`)) {
		t.Errorf("got %s", body)
	}
	p.ana.Offline(false)
	if body := p.last(3); !bytes.Contains(body, []byte(`"status":"delivered"`)) {
		t.Errorf("got %s", body)
	}
}

func TestASlowAnswerComesByTheClock(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.sim.Weather(meta.SlowAnswer, meta.Force{Times: 1, For: 100 * time.Millisecond})
	got := make(chan int, 1)
	token := p.page.Token()
	go func() {
		r, err := p.try("GET", fb+"me", token, nil)
		if err != nil {
			r.status = -1
		}
		got <- r.status
	}()
	if err := p.clk.BlockUntil(p.ctx(), 1); err != nil {
		t.Fatal(err)
	}
	p.clk.Advance(100 * time.Millisecond)
	if status := <-got; status != http.StatusOK {
		t.Errorf("got %d", status)
	}
}

// TestAWorldMadeAgainKnowsPeopleButNoMessages: an install that outlives its
// simulator must neither take one person for another nor a new message for one
// it has.
func TestAWorldMadeAgainKnowsPeopleButNoMessages(t *testing.T) {
	t.Parallel()
	ids := func(seed uint64, warm bool) (person, page, message string) {
		p := newPlace(t, func(o *meta.Options) { o.Seed = seed })
		if warm {
			p.ana.WritesInstagram(p.alone).Sends("image")
		}
		chat := p.ana.Writes(p.page)
		return chat.CustomerID(), p.page.ID, chat.Says("hello")
	}
	p1, page1, m1 := ids(1, false)
	p2, page2, m2 := ids(2, true)
	if p1 != p2 || page1 != page2 || m1 == m2 {
		t.Errorf("first %s %s %s, then %s %s %s", p1, page1, m1, p2, page2, m2)
	}
}
