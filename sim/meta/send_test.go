package meta_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/sim/meta"
)

func TestMessengerRefusesWhatTheSendAPIRefuses(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.Writes(p.page)
	mid := chat.Says("hello")
	id, token := chat.CustomerID(), p.page.Token()
	long := strings.Repeat("ü", 2001)
	cases := []struct {
		name      string
		body      any
		code, sub int
	}{
		{"no recipient", m{"messaging_type": "RESPONSE", "message": m{"text": "x"}}, 100, 0},
		{"no messaging_type", m{"recipient": m{"id": id}, "message": m{"text": "x"}}, 100, 0},
		{"numeric id", fmt.Sprintf(`{"recipient":{"id":%s},"messaging_type":"RESPONSE","message":{"text":"x"}}`, id), 100, 0},
		{"unknown field", m{"recipient": m{"id": id}, "messaging_type": "RESPONSE", "message": m{"text": "x"}, "colour": "red"}, 100, 0},
		{"unknown field inside", m{"recipient": m{"id": id}, "messaging_type": "RESPONSE", "message": m{"text": "x", "html": "y"}}, 100, 0},
		{"empty text", textTo(id, "  "), 100, 0},
		{"2001 characters", textTo(id, long), 100, 0},
		{"text beside attachment", m{"recipient": m{"id": id}, "messaging_type": "RESPONSE", "message": m{"text": "x",
			"attachment": m{"type": "image", "payload": m{"url": "http://127.0.0.1:1/x.png"}}}}, 100, 0},
		{"retired tag", m{"recipient": m{"id": id}, "messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE", "message": m{"text": "x"}}, 100, 0},
		{"tag without its type", m{"recipient": m{"id": id}, "messaging_type": "RESPONSE", "tag": "HUMAN_AGENT", "message": m{"text": "x"}}, 100, 0},
		{"action beside message", m{"recipient": m{"id": id}, "sender_action": "typing_on", "message": m{"text": "x"}}, 100, 0},
		{"long title", m{"recipient": m{"id": id}, "messaging_type": "RESPONSE", "message": m{"text": "x",
			"quick_replies": []m{{"content_type": "text", "title": strings.Repeat("a", 21), "payload": "P"}}}}, 100, 0},
		{"unknown person", textTo("7999999999999999", "x"), 100, 2018001},
		{"reply to nothing", m{"recipient": m{"id": id}, "messaging_type": "RESPONSE", "message": m{"text": "x"}, "reply_to": m{"mid": "m_nope"}}, 100, 0},
		{"broken JSON", `{"recipient":`, 100, 0},
		{"two objects", `{} {}`, 100, 0},
		{"deep", strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20), 100, 0},
		{"NUL", `{"a":"\u0000"}`, 100, 0},
		{"unreachable file", m{"recipient": m{"id": id}, "messaging_type": "RESPONSE", "message": m{"attachment": m{"type": "image",
			"payload": m{"url": p.url + "/nothing-here.png"}}}}, 100, 2018008},
		{"foreign http", m{"recipient": m{"id": id}, "messaging_type": "RESPONSE", "message": m{"attachment": m{"type": "image",
			"payload": m{"url": "http://example.com/x.png"}}}}, 100, 0},
	}
	for _, c := range cases {
		r := p.graph("POST", fb+"me/messages", token, c.body)
		if code, sub := r.code(); code != c.code || sub != c.sub {
			t.Errorf("%s: answered %d %s, want %d/%d", c.name, r.status, r.raw, c.code, c.sub)
		}
	}
	r := p.graph("POST", fb+p.page.ID+"/messages", token, m{"recipient": m{"id": id}, "messaging_type": "RESPONSE", "message": m{"text": strings.Repeat("ü", 2000),
		"metadata": "out-1", "quick_replies": []m{{"content_type": "text", "title": "Yes", "payload": "YES"}}}, "reply_to": m{"mid": mid}})
	p.accepted(r)
	if r.text("recipient_id") != id || !strings.HasPrefix(r.text("message_id"), "m_") {
		t.Errorf("answer %s", r.raw)
	}
	got, err := chat.WaitReply(p.ctx())
	if err != nil || got.ReplyTo != mid || got.Buttons[0].Title != "Yes" || got.Metadata != "out-1" {
		t.Errorf("%v %+v", err, got)
	}
}

func TestInstagramCountsBytesAndTakesItsOwnFiles(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.WritesInstagram(p.alone)
	chat.Says("hello")
	id, token := chat.CustomerID(), p.alone.Token()
	p.refused(p.graph("POST", ig+"me/messages", token, m{"recipient": m{"id": id}, "message": m{"text": strings.Repeat("ü", 501)}}), 100, 0)
	p.accepted(p.graph("POST", ig+p.alone.ID+"/messages", token, m{"recipient": m{"id": id}, "message": m{"text": strings.Repeat("ü", 500)}}))
	p.refused(p.graph("POST", ig+"me/messages", token, m{"recipient": m{"id": "9999"}, "message": m{"text": "x"}}), 100, 2534014)
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", map[string]string{"/a.webp": "image/webp", "/a.png": "image/png"}[r.URL.Path])
		_, _ = w.Write([]byte("picture"))
	}))
	t.Cleanup(files.Close)
	picture := func(name string) m {
		return m{"recipient": m{"id": id}, "message": m{"attachment": m{"type": "image", "payload": m{"url": files.URL + name}}}}
	}
	p.refused(p.graph("POST", ig+"me/messages", token, picture("/a.webp")), 100, 2018047)
	p.accepted(p.graph("POST", ig+"me/messages", token, picture("/a.png")))
	up := p.graph("POST", ig+"me/message_attachments", token, m{"message": m{"attachment": m{"type": "image", "payload": m{"url": files.URL + "/a.png", "is_reusable": true}}}})
	p.accepted(up)
	p.accepted(p.graph("POST", ig+"me/messages", token, m{"recipient": m{"id": id}, "message": m{"attachment": m{"type": "image", "payload": m{"attachment_id": up.text("attachment_id")}}}}))
	p.accepted(p.graph("POST", ig+"me/messages", token, m{"recipient": m{"id": id}, "message": m{"attachments": []m{
		{"type": "image", "payload": m{"url": files.URL + "/a.png"}}, {"type": "image", "payload": m{"url": files.URL + "/a.png"}}}}}))
	if last := chat.Messages()[len(chat.Messages())-1]; len(last.Files) != 2 {
		t.Errorf("got %+v", last)
	}
}

// TestWindows holds the borders of section 5 on every channel.
func TestWindows(t *testing.T) {
	t.Parallel()
	human := func(id string) m {
		return m{"recipient": m{"id": id}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": m{"text": "x"}}
	}
	t.Run("messenger", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, nil)
		chat := p.ana.Writes(p.page)
		chat.Says("hello")
		id, token := chat.CustomerID(), p.page.Token()
		p.clk.Advance(24*time.Hour - time.Minute)
		p.accepted(p.graph("POST", fb+"me/messages", token, textTo(id, "in time")))
		if len(p.sim.Remarks()) != 0 {
			t.Errorf("remarks %v", p.sim.Remarks())
		}
		p.accepted(p.graph("POST", fb+"me/messages", token, human(id)))
		if r := p.sim.Remarks(); len(r) != 1 || r[0].Rule != "human_agent_inside_window" {
			t.Errorf("remarks %v", r)
		}
		p.clk.Advance(2 * time.Minute)
		p.refused(p.graph("POST", fb+"me/messages", token, textTo(id, "late")), 10, 2018278)
		p.refused(p.graph("POST", fb+"me/messages", token, m{"recipient": m{"id": id}, "sender_action": "typing_on"}), 10, 2018278)
		p.accepted(p.graph("POST", fb+"me/messages", token, human(id)))
		p.clk.Advance(6 * 24 * time.Hour)
		p.refused(p.graph("POST", fb+"me/messages", token, human(id)), 10, 2018278)
		chat.Reacts(chat.Messages()[1].ID, "👍") // a reaction opens it again
		p.accepted(p.graph("POST", fb+"me/messages", token, textTo(id, "again")))
		if _, err := chat.Does(meta.Act{Kind: "ad", Text: "price?"}); err != nil {
			t.Fatal(err)
		}
		p.clk.Advance(6 * 24 * time.Hour)
		p.accepted(p.graph("POST", fb+"me/messages", token, textTo(id, "an ad opens seven days")))
	})
	t.Run("instagram", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, func(o *meta.Options) { o.NoHumanAgent = true })
		chat := p.ana.WritesInstagram(p.ig)
		if _, err := chat.Does(meta.Act{Kind: "story_mention"}); err != nil {
			t.Fatal(err)
		}
		id, token := chat.CustomerID(), p.page.Token()
		p.accepted(p.graph("POST", fb+p.page.ID+"/messages", token, textTo(id, "thanks for the mention")))
		p.clk.Advance(24*time.Hour + time.Minute)
		p.refused(p.graph("POST", fb+"me/messages", token, textTo(id, "late")), 10, 2534022)
		p.refused(p.graph("POST", fb+"me/messages", token, human(id)), 10, 0)
	})
	t.Run("whatsapp", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t, nil)
		chat, token := p.ana.WritesWhatsApp(p.num), p.waba.Token()
		to := fb + p.num.ID + "/messages"
		p.refused(p.graph("POST", to, token, waText("+16505551234", "first")), 131047, 0)
		chat.Says("hello")
		p.clk.Advance(24*time.Hour - time.Minute)
		p.accepted(p.graph("POST", to, token, waText("+16505551234", "in time")))
		p.clk.Advance(2 * time.Minute)
		r := p.graph("POST", to, token, waText("+16505551234", "late"))
		p.refused(r, 131047, 0)
		if !bytes.Contains(r.raw, []byte(`"details":"Message failed to send because more than 24 hours`)) {
			t.Errorf("got %s", r.raw)
		}
		p.waba.Template("order_ready", "en", "UTILITY", "Hello {{1}}, order {{2}} is ready.")
		tpl := func(n int) m {
			var params []m
			for i := range n {
				params = append(params, m{"type": "text", "text": fmt.Sprint("v", i)})
			}
			return m{"messaging_product": "whatsapp", "to": "+16505551234", "type": "template", "template": m{"name": "order_ready", "language": m{"code": "en"},
				"components": []m{{"type": "body", "parameters": params}}}}
		}
		p.refused(p.graph("POST", to, token, tpl(1)), 132000, 0)
		p.accepted(p.graph("POST", to, token, tpl(2)))
		if last := chat.Messages()[2]; last.Text != "Hello v0, order v1 is ready." || last.Template != "order_ready" {
			t.Errorf("got %+v", last)
		}
		p.waba.TemplateStatus("order_ready", "en", "PAUSED", "quality")
		p.refused(p.graph("POST", to, token, tpl(2)), 132015, 0)
	})
}

func TestWhoMayAndWhoMayNot(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.Writes(p.page)
	chat.Says("hello")
	id, token := chat.CustomerID(), p.page.Token()
	send := func() reply { return p.graph("POST", fb+"me/messages", token, textTo(id, "x")) }
	p.ana.Blocks(true)
	p.refused(send(), 551, 1545041)
	p.ana.Blocks(false)
	p.page.Routing(true)
	chat.Owner("998877")
	p.refused(send(), 10, 2018300)
	p.accepted(p.graph("POST", fb+"me/take_thread_control", token, m{"recipient": m{"id": id}, "metadata": "ours now"}))
	p.accepted(send())
	p.accepted(p.graph("POST", fb+"me/pass_thread_control", token, m{"recipient": m{"id": id}, "target_app_id": "998877"}))
	before := len(p.wait(1))
	chat.Says("to the other app")
	if body := p.wait(before + 1)[before]; !bytes.Contains(body, []byte(`"standby":[`)) {
		t.Errorf("got %s", body)
	}
	p.page.Routing(false)
	p.page.Policy("block", "spam")
	p.refused(send(), 10, 1893063)
	p.page.Policy("unblock", "")
	other := p.selin.Page("Other")
	p.refused(p.graph("POST", fb+other.ID+"/messages", token, textTo(id, "x")), 100, 33)
	p.refused(p.graph("POST", fb+"me/messages", p.selin.UserToken(), textTo(id, "x")), 190, 0)
	p.refused(p.graph("POST", fb+"me/messages", "EAAnonsense", textTo(id, "x")), 190, 0)
	p.refused(p.graph("POST", ig+"me/messages", token, textTo(id, "x")), 190, 0)
	p.refused(p.graph("POST", fb+"me/messages", "", textTo(id, "x")), 2500, 0)
	linked := p.ana.WritesInstagram(p.ig)
	linked.Says("hello")
	p.ig.MessageAccess(false)
	p.refused(p.graph("POST", fb+"me/messages", token, textTo(linked.CustomerID(), "x")), 200, 2534041)
}

func TestTypingSeenAndReactions(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.Writes(p.page)
	mid := chat.Says("hello")
	id, token := chat.CustomerID(), p.page.Token()
	r := p.graph("POST", fb+"me/messages", token, m{"recipient": m{"id": id}, "sender_action": "typing_on"})
	p.accepted(r)
	if string(r.raw) != `{"recipient_id":"`+id+`"}` || !chat.Typing() {
		t.Errorf("answer %s, typing %v", r.raw, chat.Typing())
	}
	p.clk.Advance(21 * time.Second)
	if chat.Typing() {
		t.Error("typing does not lapse")
	}
	p.accepted(p.graph("POST", fb+"me/messages", token, m{"recipient": m{"id": id}, "sender_action": "mark_seen"}))
	if !chat.Seen().Equal(p.clk.Now()) {
		t.Error("not seen")
	}
	p.accepted(p.graph("POST", fb+"me/messages", token, m{"recipient": m{"id": id}, "sender_action": "react", "payload": m{"message_id": mid, "reaction": "love"}}))
	if got, _ := chat.Message(mid); got.Reactions[meta.ByApp] != "love" {
		t.Errorf("got %+v", got)
	}
	wa := p.ana.WritesWhatsApp(p.num)
	in := wa.Says("hello")
	r = p.graph("POST", fb+p.num.ID+"/messages", p.waba.Token(), m{"messaging_product": "whatsapp", "status": "read", "message_id": in, "typing_indicator": m{"type": "text"}})
	if p.accepted(r); string(r.raw) != `{"success":true}` || !wa.Typing() {
		t.Errorf("answer %s", r.raw)
	}
	p.refused(p.graph("POST", fb+p.num.ID+"/messages", p.waba.Token(), m{"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.nope"}), 100, 0)
}

// TestWhatFollowsASend checks echo, delivery and statuses against A.1, A.2, A.3.
func TestWhatFollowsASend(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.Writes(p.page)
	chat.Says("hello")
	p.wait(1)
	r := p.graph("POST", fb+"me/messages", p.page.Token(), m{"recipient": m{"id": chat.CustomerID()}, "messaging_type": "RESPONSE", "message": m{"text": "our reply", "metadata": "out-1"}})
	mid := r.text("message_id")
	got := p.wait(3)
	if want := `"message":{"is_echo":true,"app_id":4242,"metadata":"out-1","mid":"` + mid + `","text":"our reply"}`; !bytes.Contains(got[1], []byte(want)) {
		t.Errorf("echo %s", got[1])
	}
	if want := `"delivery":{"mids":["` + mid + `"],"watermark":`; !bytes.Contains(got[2], []byte(want)) {
		t.Errorf("delivery %s", got[2])
	}
	chat.Reads()
	if want := `"read":{"watermark":1795338000000}`; !bytes.Contains(p.wait(4)[3], []byte(want)) {
		t.Errorf("read %s", p.door.got()[3])
	}
	chat.OwnerTypes("typed by staff")
	if want := `"app_id":263902037430900`; !bytes.Contains(p.wait(6)[4], []byte(want)) {
		t.Errorf("owner's echo %s", p.door.got()[4])
	}

	wa := p.ana.WritesWhatsApp(p.num)
	wa.Says("hello")
	body := waText("+16505551234", "our reply")
	body["biz_opaque_callback_data"] = "out-2"
	n := len(p.wait(7))
	r = p.graph("POST", fb+p.num.ID+"/messages", p.waba.Token(), body)
	p.accepted(r)
	got = p.wait(n + 2)
	if !bytes.Contains(got[n], []byte(`"status":"sent"`)) || !bytes.Contains(got[n], []byte(`"biz_opaque_callback_data":"out-2"`)) || !bytes.Contains(got[n+1], []byte(`"status":"delivered"`)) {
		t.Errorf("statuses %s %s", got[n], got[n+1])
	}
	golden(t, "status-sent", got[n])
	wa.Reads()
	golden(t, "status-read", p.wait(n + 3)[n+2])
	p.sim.Weather(meta.Undeliverable, meta.Force{Times: 1, Code: 131049})
	p.accepted(p.graph("POST", fb+p.num.ID+"/messages", p.waba.Token(), waText("+16505551234", "never arrives")))
	golden(t, "status-failed", p.wait(n + 4)[n+3])
	wa.OwnerTypes("from the phone")
	golden(t, "smb-echo", p.wait(n + 5)[n+4])
}

func TestAPersonWithoutAPhoneIsReachedByBSUID(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	noor := p.sim.Customer(meta.Profile{Name: "Noor", Username: "noor"})
	chat := noor.WritesWhatsApp(p.num)
	chat.Says("hello")
	body := p.wait(1)[0]
	if bytes.Contains(body, []byte("wa_id")) || bytes.Contains(body, []byte(`"from":`)) || !bytes.Contains(body, []byte(`"user_id":"`+chat.BusinessID()+`"`)) {
		t.Errorf("got %s", body)
	}
	golden(t, "whatsapp-no-phone", body)
	send := m{"messaging_product": "whatsapp", "recipient": chat.BusinessID(), "type": "text", "text": m{"body": "hi"}}
	r := p.graph("POST", fb+p.num.ID+"/messages", p.waba.Token(), send)
	p.accepted(r)
	if !bytes.Contains(r.raw, []byte(`"contacts":[{"input":"`+chat.BusinessID()+`","user_id":"`+chat.BusinessID()+`"}]`)) {
		t.Errorf("answer %s", r.raw)
	}
	p.wait(3)
	if _, err := chat.Does(meta.Act{Kind: "id_changed"}); err != nil {
		t.Fatal(err)
	}
	p.refused(p.graph("POST", fb+p.num.ID+"/messages", p.waba.Token(), send), 131026, 0)
	if !bytes.Contains(p.wait(5)[4], []byte(`"user_id_update":[{"detail"`)) {
		t.Errorf("got %s", p.door.got()[4])
	}
}
