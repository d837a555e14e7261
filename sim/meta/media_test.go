package meta_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"parley/sim/meta"
)

// fetch gets an address of the media host with or without a token.
func (p *place) fetch(address, token string) (int, http.Header, []byte) {
	p.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res.StatusCode, res.Header, body
}

func TestWhatsAppMediaLivesFiveMinutesAndNeedsTheToken(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.WritesWhatsApp(p.num)
	picture := []byte("\x89PNG\r\n\x1a\n a picture")
	chat.Sends("image", meta.Upload{Mime: "image/png", Data: picture})
	id := chat.Messages()[0].Files[0].ID
	token := p.waba.Token()
	look := func() reply { return p.graph("GET", fb+id+"?phone_number_id="+p.num.ID, token, nil) }
	r := look()
	p.accepted(r)
	if r.text("mime_type") != "image/png" || r.json["file_size"] != float64(len(picture)) || r.text("messaging_product") != "whatsapp" {
		t.Errorf("got %s", r.raw)
	}
	link := r.text("url")
	if status, _, body := p.fetch(link, token); status != http.StatusOK || !bytes.Equal(body, picture) {
		t.Errorf("got %d %q", status, body)
	}
	if status, _, _ := p.fetch(link, ""); status != http.StatusNotFound {
		t.Errorf("without token %d", status)
	}
	if status, _, _ := p.fetch(link, p.page.Token()); status != http.StatusNotFound {
		t.Errorf("with a page's token %d", status)
	}
	p.clk.Advance(5*time.Minute + time.Second)
	if status, _, _ := p.fetch(link, token); status != http.StatusNotFound {
		t.Errorf("after five minutes %d", status)
	}
	if status, _, _ := p.fetch(look().text("url"), token); status != http.StatusOK {
		t.Errorf("a new link %d", status)
	}
	p.clk.Advance(7 * 24 * time.Hour)
	p.refused(look(), 100, 33)
}

func TestSocialMediaLinksEndAfterADay(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.ana.WritesInstagram(p.alone).Sends("image")
	body := string(p.wait(1)[0])
	_, link, _ := strings.Cut(body, `"url":"`)
	link, _, _ = strings.Cut(link, `"`)
	link = strings.ReplaceAll(link, `\/`, "/")
	if status, h, _ := p.fetch(link, ""); status != http.StatusOK || h.Get("Content-Type") != "image/png" {
		t.Errorf("got %d %v", status, h)
	}
	if status, _, _ := p.fetch(strings.Replace(link, "signature=", "signature=0", 1), ""); status != http.StatusNotFound {
		t.Errorf("a forged link answers %d", status)
	}
	p.sim.Weather(meta.MediaHTML, meta.Force{Times: 1})
	if status, h, _ := p.fetch(link, ""); status != http.StatusOK || !strings.HasPrefix(h.Get("Content-Type"), "text/html") {
		t.Errorf("got %d %v", status, h)
	}
	p.sim.Weather(meta.MediaRedirect, meta.Force{Times: 1, URL: "http://elsewhere.example/x"})
	if status, h, _ := p.fetch(link, ""); status != http.StatusFound || h.Get("Location") != "http://elsewhere.example/x" {
		t.Errorf("got %d %v", status, h)
	}
	p.sim.Weather(meta.MediaGone, meta.Force{Times: 1})
	if status, _, _ := p.fetch(link, ""); status != http.StatusNotFound {
		t.Errorf("got %d", status)
	}
	p.clk.Advance(25 * time.Hour)
	if status, _, _ := p.fetch(link, ""); status != http.StatusNotFound {
		t.Errorf("after a day %d", status)
	}
}

func TestSlowMediaWaitsByTheClock(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.WritesWhatsApp(p.num)
	chat.Sends("image")
	token := p.waba.Token()
	link := p.graph("GET", fb+chat.Messages()[0].Files[0].ID, token, nil).text("url")
	p.wait(1)
	p.sim.Weather(meta.SlowMedia, meta.Force{Times: 1, For: time.Minute})
	got := make(chan int, 1)
	go func() {
		status, _, _ := p.fetch(link, token)
		got <- status
	}()
	if err := p.clk.BlockUntil(p.ctx(), 1); err != nil {
		t.Fatal(err)
	}
	select {
	case <-got:
		t.Fatal("it came at once")
	default:
	}
	p.clk.Advance(time.Minute)
	if status := <-got; status != http.StatusOK {
		t.Errorf("got %d", status)
	}
	p.sim.Weather(meta.MediaError, meta.Force{Times: 1})
	p.refused(p.graph("GET", fb+chat.Messages()[0].Files[0].ID, token, nil), 133004, 0)
}

// upload posts a file as multipart/form-data.
func (p *place) upload(path, token, field string, u meta.Upload, form m) reply {
	p.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range form {
		s, _ := v.(string)
		_ = w.WriteField(k, s)
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", `form-data; name="`+field+`"; filename="`+u.Name+`"`)
	h.Set("Content-Type", u.Mime)
	part, err := w.CreatePart(h)
	if err != nil {
		p.t.Fatal(err)
	}
	_, _ = part.Write(u.Data)
	_ = w.Close()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+path, &b)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	return read(p.t, res)
}

func TestWhatsAppTakesOnlyItsOwnFiles(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.WritesWhatsApp(p.num)
	chat.Says("hello")
	token, at := p.waba.Token(), fb+p.num.ID+"/media"
	ok := m{"messaging_product": "whatsapp", "type": "image/png"}
	p.refused(p.upload(at, token, "file", meta.Upload{Mime: "image/png", Name: "a.png", Data: make([]byte, 5<<20+1)}, ok), 100, 0)
	p.refused(p.upload(at, token, "file", meta.Upload{Mime: "image/gif", Name: "a.gif", Data: []byte("x")}, m{"messaging_product": "whatsapp", "type": "image/gif"}), 100, 0)
	p.refused(p.upload(at, token, "file", meta.Upload{Mime: "image/png", Name: "a.png", Data: []byte("x")}, m{"type": "image/png"}), 131008, 0)
	r := p.upload(at, token, "file", meta.Upload{Mime: "image/webp", Name: "a.webp", Data: []byte("x")}, m{"messaging_product": "whatsapp", "type": "image/webp"})
	p.accepted(r)
	webp := m{"messaging_product": "whatsapp", "to": "+16505551234", "type": "image", "image": m{"id": r.text("id")}}
	p.refused(p.graph("POST", fb+p.num.ID+"/messages", token, webp), 131053, 0)
	r = p.upload(at, token, "file", meta.Upload{Mime: "image/png", Name: "a.png", Data: []byte("x")}, ok)
	p.accepted(r)
	png := m{"messaging_product": "whatsapp", "to": "+16505551234", "type": "image", "image": m{"id": r.text("id"), "caption": "here"}}
	p.accepted(p.graph("POST", fb+p.num.ID+"/messages", token, png))
	p.accepted(p.graph("DELETE", fb+r.text("id"), token, nil))
	p.refused(p.graph("POST", fb+p.num.ID+"/messages", token, png), 131009, 0)
}

func TestWhatsAppRefusesWhatTheCloudAPIRefuses(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.ana.WritesWhatsApp(p.num).Says("hello")
	token, at := p.waba.Token(), fb+p.num.ID+"/messages"
	with := func(change func(m)) m {
		b := waText("+16505551234", "x")
		change(b)
		return b
	}
	button := func(n int, title string) m {
		var list []m
		for i := range n {
			list = append(list, m{"type": "reply", "reply": m{"id": string(rune('a' + i)), "title": title + string(rune('a'+i))}})
		}
		return m{"messaging_product": "whatsapp", "to": "+16505551234", "type": "interactive", "interactive": m{"type": "button", "body": m{"text": "Choose"}, "action": m{"buttons": list}}}
	}
	cases := []struct {
		name string
		body any
		code int
	}{
		{"no product", with(func(b m) { delete(b, "messaging_product") }), 131008},
		{"no to", with(func(b m) { delete(b, "to") }), 131008},
		{"no type", with(func(b m) { delete(b, "type") }), 131008},
		{"no text", with(func(b m) { delete(b, "text") }), 131008},
		{"unknown field", with(func(b m) { b["colour"] = "red" }), 131009},
		{"unknown type", with(func(b m) { b["type"] = "hologram" }), 131009},
		{"group", with(func(b m) { b["recipient_type"] = "group" }), 131009},
		{"not a number", with(func(b m) { b["to"] = "ana" }), 131009},
		{"to itself", with(func(b m) { b["to"] = "+15550783881" }), 131021},
		{"nobody", with(func(b m) { b["to"] = "+4915112345678" }), 131026},
		{"4097 characters", with(func(b m) { b["text"] = m{"body": strings.Repeat("ü", 4097)} }), 131009},
		{"four buttons", button(4, "b"), 131009},
		{"long button", button(1, strings.Repeat("b", 20)), 131009},
		{"id and link", m{"messaging_product": "whatsapp", "to": "+16505551234", "type": "image", "image": m{"id": "1", "link": "https://x.test"}}, 131008},
		{"reaction to nothing", m{"messaging_product": "whatsapp", "to": "+16505551234", "type": "reaction", "reaction": m{"message_id": "wamid.no", "emoji": "x"}}, 131009},
		{"unknown template", m{"messaging_product": "whatsapp", "to": "+16505551234", "type": "template", "template": m{"name": "no", "language": m{"code": "en"}}}, 132001},
	}
	for _, c := range cases {
		r := p.graph("POST", at, token, c.body)
		if code, _ := r.code(); code != c.code {
			t.Errorf("%s: answered %d %s, want %d", c.name, r.status, r.raw, c.code)
		}
	}
	p.accepted(p.graph("POST", at, token, button(3, "b")))
	p.waba.Lock(true)
	p.refused(p.graph("POST", at, token, waText("+16505551234", "x")), 131031, 0)
	p.waba.Lock(false)
	if r := p.graph("POST", at, "EAAnonsense", waText("+16505551234", "x")); r.status != http.StatusUnauthorized {
		t.Errorf("a bad token answers %d", r.status)
	}
	r := p.graph("POST", at, token, waText("+16505551234", "x"))
	if p.accepted(r); !bytes.HasPrefix(r.raw, []byte(`{"messaging_product":"whatsapp","contacts":[{"input":"+16505551234","wa_id":"16505551234"}],"messages":[{"id":"wamid.`)) {
		t.Errorf("answer %s", r.raw)
	}
}
