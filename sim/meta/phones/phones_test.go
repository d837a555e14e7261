package phones_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/sim/meta"
	"parley/sim/meta/phones"
)

type page struct {
	t     *testing.T
	sim   *meta.Sim
	stage phones.Stage
	clk   *meta.Shifted
	url   string
}

func newPage(t *testing.T) *page {
	t.Helper()
	p := &page{t: t, clk: meta.NewShifted(clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)))}
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
	}))
	t.Cleanup(hook.Close)
	p.sim = meta.New(meta.Options{Clock: p.clk, Hook: hook.URL, VerifyToken: "v"})
	t.Cleanup(p.sim.Close)
	p.stage = phones.SetUp(p.sim)
	srv := httptest.NewServer(phones.Handler(phones.Options{Sim: p.sim, Stage: p.stage, Move: p.clk.Move, Shift: p.clk.Shift}))
	t.Cleanup(srv.Close)
	p.url = srv.URL
	p.sim.At(srv.URL)
	return p
}

func (p *page) do(method, path, body string, head map[string]string) (*http.Response, string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	for k, v := range head {
		if k == "Host" {
			req.Host = v
		}
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res, string(out)
}

func (p *page) post(path, body string) (int, string) {
	p.t.Helper()
	res, out := p.do(http.MethodPost, "/api/"+path, body, nil)
	return res.StatusCode, out
}

func TestThePageStartsOnThisMachineOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0"} {
		l, err := phones.Listen(addr)
		if err == nil {
			_ = l.Close()
		}
		if !errors.Is(err, phones.ErrElsewhere) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	l, err := phones.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
}

func TestRequestsForAnotherHostOrFromAnotherPageAreRefused(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	if res, _ := p.do(http.MethodGet, "/", "", map[string]string{"Host": "rebound.example"}); res.StatusCode != http.StatusForbidden {
		t.Errorf("a foreign host name gets %d", res.StatusCode)
	}
	if res, _ := p.do(http.MethodPost, "/api/calm", "{}", map[string]string{"Sec-Fetch-Site": "cross-site"}); res.StatusCode != http.StatusForbidden {
		t.Errorf("another page's request gets %d", res.StatusCode)
	}
	far := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/", nil)
	req.RemoteAddr = "192.0.2.7:1234"
	phones.Handler(phones.Options{Sim: p.sim, Stage: p.stage}).ServeHTTP(far, req)
	if far.Code != http.StatusForbidden {
		t.Errorf("another machine gets %d", far.Code)
	}
}

func TestThePageLoadsNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	res, html := p.do(http.MethodGet, "/", "", nil)
	policy := res.Header.Get("Content-Security-Policy")
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("%d %s", res.StatusCode, policy)
	}
	for _, name := range []string{"main.js", "phone.js", "tools.js", "wire.js", "acts.js", "dom.js", "text.js", "tokens.css", "frame.css", "phone.css", "tools.css", "icon.svg"} {
		res, body := p.do(http.MethodGet, "/page/"+name, "", nil)
		if res.StatusCode != http.StatusOK || body == "" {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
		if strings.Contains(body, "http://") && name != "icon.svg" && !strings.Contains(body, "http://www.w3.org/2000/svg") || strings.Contains(body, "https://") {
			t.Errorf("%s names a foreign address", name)
		}
	}
	if strings.Contains(html, "<style") || strings.Contains(html, "style=") || strings.Contains(html, "//cdn") {
		t.Error("the page would break its own policy")
	}
	if res, _ := p.do(http.MethodGet, "/page/..%2fphones.go", "", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("a file outside gets %d", res.StatusCode)
	}
}

func TestEveryButtonOfThePageDoesWhatItSays(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	p.stage.Owner.Subscribe()
	for ch, kinds := range map[meta.Channel][]string{
		meta.OnInstagram: {"text", "image", "images", "story_mention", "story_reply", "post_share", "reel", "ephemeral", "postback", "ad", "unknown", "unsupported", "voice_sample"},
		meta.OnMessenger: {"text", "image", "file", "video", "sticker", "location", "get_started", "referral", "ad", "post", "unknown", "unsupported", "voice_sample"},
		meta.OnWhatsApp:  {"text", "image", "file", "video", "sticker", "location", "contacts", "order", "ad", "unsupported", "unknown", "voice_sample"},
	} {
		for _, kind := range kinds {
			if status, out := p.post("act", `{"customer":1,"channel":"`+string(ch)+`","act":{"kind":"`+kind+`","text":"hi"}}`); status != http.StatusOK || !strings.Contains(out, `"id"`) {
				t.Errorf("%s on %s: %d %s", kind, ch, status, out)
			}
		}
	}
	for _, ch := range []string{"instagram", "messenger", "whatsapp"} {
		if status, out := p.post("paste", `{"channel":"`+ch+`"}`); status != http.StatusOK || !strings.Contains(out, `["token","`) {
			t.Errorf("paste %s: %d %s", ch, status, out)
		}
	}
	before := p.sim.Now()
	for body, name := range map[string]string{`{"hours":25}`: "move", `{"customer":0,"on":true}`: "offline", `{"customer":1,"channel":"instagram","text":"typed"}`: "owner",
		`{"knob":"duplicate","times":1}`: "weather", `{"sub":460}`: "revoke", `{"object":"page"}`: "test", `{}`: "connect", `{"customer":1,"channel":"instagram"}`: "read"} {
		if status, out := p.post(name, body); status != http.StatusOK {
			t.Errorf("%s: %d %s", name, status, out)
		}
	}
	if got := p.sim.Now().Sub(before); got != 25*time.Hour {
		t.Errorf("the clock moved by %v", got)
	}
	if off, _ := p.stage.Customers[0].Away(); !off {
		t.Error("the phone is not offline")
	}
}

func TestWrongOrdersAreRefusedInWords(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	for _, c := range [][2]string{
		{"act", `{"customer":9,"channel":"instagram","act":{"kind":"text"}}`},
		{"act", `{"customer":0,"channel":"telegram","act":{"kind":"text"}}`},
		{"act", `{"customer":0,"channel":"instagram","act":{"kind":"order"}}`},
		{"act", `{"customer":0,"colour":"red"}`},
		{"act", `{`},
		{"act", `{} {}`},
		{"owner", `{"customer":0,"channel":"instagram","text":""}`},
		{"move", `{"hours":-1}`},
		{"move", `{"hours":1e9}`},
		{"weather", `{"knob":"snow","times":1}`},
		{"weather", `{"knob":"delay","chance":2}`},
		{"test", `{"object":"sheep"}`},
	} {
		status, out := p.post(c[0], c[1])
		var e struct{ Error string }
		if err := json.Unmarshal([]byte(out), &e); status != http.StatusBadRequest || err != nil || e.Error == "" {
			t.Errorf("%s %s: %d %s", c[0], c[1], status, out)
		}
	}
}

// state reads one state off the stream that fulfils a wish.
func (p *page) state(ok func(map[string]any) bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/api/events?customer=1", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		data, found := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !found {
			continue
		}
		var s map[string]any
		if err := json.Unmarshal(data, &s); err != nil {
			p.t.Fatal(err)
		}
		if ok(s) {
			return
		}
	}
	p.t.Fatalf("the stream ended: %v", lines.Err())
}

func TestTheStreamShowsRepliesTypingAndTheWire(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	p.stage.Owner.Subscribe()
	chat := p.stage.Customers[1].Writes(p.stage.Page)
	chat.Says("hello")
	go func() {
		body := `{"recipient":{"id":"` + chat.CustomerID() + `"},"messaging_type":"RESPONSE","message":{"text":"good morning"}}`
		req, _ := http.NewRequest(http.MethodPost, p.url+"/facebook/v26.0/me/messages", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+p.stage.Page.Token())
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close()
		}
	}()
	p.state(func(s map[string]any) bool {
		chats, _ := s["chats"].(map[string]any)
		one, _ := chats["messenger"].(map[string]any)
		list, _ := one["messages"].([]any)
		wire, _ := s["wire"].([]any)
		delivered := slices.ContainsFunc(wire, func(l any) bool { m, _ := l.(map[string]any); return m["out"] == true })
		return len(list) == 2 && one["connected"] == true && delivered
	})
	res, out := p.do(http.MethodGet, "/api/wire/out/1", "", nil)
	if res.StatusCode != http.StatusOK || !strings.Contains(out, "hello") || !strings.Contains(out, "X-Hub-Signature-256") {
		t.Errorf("%d %s", res.StatusCode, out)
	}
	if res, _ := p.do(http.MethodGet, "/api/wire/in/77", "", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown line gets %d", res.StatusCode)
	}
}

func TestFilesAreShownAndNeverRun(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	chat := p.stage.Customers[0].WritesInstagram(p.stage.Instagram)
	chat.Sends("image", meta.Upload{Mime: "image/png", Data: []byte("a picture")})
	chat.Sends("file", meta.Upload{Mime: "text/html", Name: "x.html", Data: []byte("<script>alert(1)</script>")})
	list := chat.Messages()
	res, body := p.do(http.MethodGet, "/api/media/"+list[0].Files[0].ID, "", nil)
	if res.Header.Get("Content-Type") != "image/png" || body != "a picture" {
		t.Errorf("%v %s", res.Header, body)
	}
	res, _ = p.do(http.MethodGet, "/api/media/"+list[1].Files[0].ID, "", nil)
	if res.Header.Get("Content-Type") != "application/octet-stream" || res.Header.Get("Content-Disposition") != "attachment" || !strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%v", res.Header)
	}
}
