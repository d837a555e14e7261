package meta_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/sim/meta"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// door is a program's webhook endpoint that a test looks into.
type door struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	heads  []http.Header
	status int           // of the answers
	hold   chan struct{} // when set, an answer waits for it
	came   chan struct{} // one for each body, while there is room
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{status: http.StatusOK, came: make(chan struct{}, 100)}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			if r.URL.Query().Get("hub.verify_token") != "verify-me" || r.URL.Query().Get("hub.mode") != "subscribe" {
				http.Error(w, "no", http.StatusForbidden)
				return
			}
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			return
		}
		body, _ := io.ReadAll(r.Body)
		d.mu.Lock()
		d.bodies, d.heads = append(d.bodies, body), append(d.heads, r.Header.Clone())
		status, hold := d.status, d.hold
		d.mu.Unlock()
		select {
		case d.came <- struct{}{}:
		default:
		}
		if hold != nil {
			<-hold
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(d.Close)
	return d
}

func (d *door) answers(status int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.status = status
}

func (d *door) got() [][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([][]byte(nil), d.bodies...)
}

func (d *door) head(i int) http.Header {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.heads[i]
}

// place is a world with one of everything, subscribed, on a clock that stands
// still.
type place struct {
	t     *testing.T
	sim   *meta.Sim
	clk   *clock.Fake
	door  *door
	url   string
	selin *meta.Person
	page  *meta.Page
	ig    *meta.Instagram // linked to the page
	alone *meta.Instagram // Instagram login only
	waba  *meta.WABA
	num   *meta.Number
	ana   *meta.Customer
}

func newPlace(t *testing.T, change func(*meta.Options)) *place {
	t.Helper()
	p := &place{t: t, clk: clock.NewFake(start), door: newDoor(t)}
	opt := meta.Options{Clock: p.clk, Seed: 7, Hook: p.door.URL + "/hooks/meta", VerifyToken: "verify-me"}
	if change != nil {
		change(&opt)
	}
	p.sim = meta.New(opt)
	t.Cleanup(p.sim.Close)
	srv := httptest.NewServer(p.sim.Handler())
	t.Cleanup(srv.Close)
	p.url = srv.URL
	p.sim.At(srv.URL)
	p.selin = p.sim.Person("Selin Koç")
	p.page = p.selin.Page("Northwind Goods")
	p.ig = p.selin.Instagram("northwind", p.page)
	p.alone = p.selin.Instagram("northwind.outlet", nil)
	p.waba = p.selin.WABA("Northwind", "15550783881")
	p.num = p.waba.Numbers[0]
	p.selin.Subscribe()
	p.ana = p.sim.Customer(meta.Profile{Name: "Ana Silva", Username: "anasilva", Phone: "16505551234"})
	return p
}

func (p *place) ctx() context.Context {
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	p.t.Cleanup(cancel)
	return ctx
}

// wait waits for n bodies at the door.
func (p *place) wait(n int) [][]byte {
	p.t.Helper()
	if err := p.sim.Until(p.ctx(), "webhooks arrived", func() bool { return len(p.door.got()) >= n && p.sim.Pending() == 0 }); err != nil {
		p.t.Fatalf("%v: %d of %d", err, len(p.door.got()), n)
	}
	return p.door.got()
}

// reply is what a Graph call was answered.
type reply struct {
	status int
	header http.Header
	raw    []byte
	json   map[string]any
}

func (r reply) code() (code, sub int) {
	e, _ := r.json["error"].(map[string]any)
	c, _ := e["code"].(float64)
	s, _ := e["error_subcode"].(float64)
	return int(c), int(s)
}

func (r reply) text(key string) string { s, _ := r.json[key].(string); return s }

// graph makes a call; body is nil, url.Values or anything JSON.
func (p *place) graph(method, path, token string, body any) reply {
	p.t.Helper()
	r, err := p.try(method, path, token, body)
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

func (p *place) try(method, path, token string, body any) (reply, error) {
	var in io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case url.Values:
		in, kind = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	case string:
		in, kind = strings.NewReader(b), "application/json"
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return reply{}, err
		}
		in, kind = bytes.NewReader(raw), "application/json"
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, in)
	if err != nil {
		return reply{}, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	return read(p.t, res), nil
}

func read(t *testing.T, res *http.Response) reply {
	t.Helper()
	out := reply{status: res.StatusCode, header: res.Header}
	var err error
	if out.raw, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(out.raw, &out.json) // a page has none
	return out
}

const (
	fb = "/graph.facebook.com/v26.0/"
	ig = "/graph.instagram.com/v26.0/"
)

type m = map[string]any

func textTo(id, text string) m {
	return m{"recipient": m{"id": id}, "messaging_type": "RESPONSE", "message": m{"text": text}}
}

func waText(to, text string) m {
	return m{"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, "type": "text", "text": m{"body": text}}
}

// refused checks code and sub-code of an answer.
func (p *place) refused(r reply, code, sub int) {
	p.t.Helper()
	if c, s := r.code(); c != code || s != sub {
		p.t.Errorf("answer %d %s: want code %d/%d", r.status, r.raw, code, sub)
	}
	if e, _ := r.json["error"].(map[string]any); e["fbtrace_id"] == nil || e["message"] == nil || e["type"] == nil {
		p.t.Errorf("not Meta's envelope: %s", r.raw)
	}
}

func (p *place) accepted(r reply) {
	p.t.Helper()
	if r.status != http.StatusOK {
		p.t.Fatalf("refused: %d %s", r.status, r.raw)
	}
}
