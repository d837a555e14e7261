package meta_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/sim/meta"
)

func TestRatesAndUsageHeaders(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	wa := p.ana.WritesWhatsApp(p.num)
	wa.Says("hello")
	token := p.waba.Token()
	to := fb + p.num.ID + "/messages"
	for range 45 {
		p.accepted(p.graph("POST", to, token, waText("+16505551234", "burst")))
	}
	p.refused(p.graph("POST", to, token, waText("+16505551234", "one too many")), 131056, 0)
	p.clk.Advance(6 * time.Second)
	p.accepted(p.graph("POST", to, token, waText("+16505551234", "after six seconds")))
	p.clk.Advance(time.Minute)
	codes := map[int]int{}
	for i := range 90 {
		other := p.sim.Customer(meta.Profile{Name: "x", Phone: fmt.Sprint("4917000000", 10+i)})
		other.WritesWhatsApp(p.num).Says("hi")
		code, _ := p.graph("POST", to, token, waText("+4917000000"+fmt.Sprint(10+i), "x")).code()
		codes[code]++
	}
	if codes[0] != 80 || codes[130429] != 10 {
		t.Errorf("codes %v, want 80 through and 10 × 130429", codes)
	}
	r := p.graph("GET", fb+p.waba.ID+"/phone_numbers", token, nil)
	if r.header.Get("X-App-Usage") == "" || !strings.Contains(r.header.Get("X-Business-Use-Case-Usage"), p.waba.ID) {
		t.Errorf("headers %v", r.header)
	}
	p.sim.Weather(meta.TooMany, meta.Force{Times: 1, For: 3 * time.Minute})
	r = p.graph("GET", fb+p.waba.ID+"/phone_numbers", token, nil)
	if r.status != http.StatusTooManyRequests || !strings.Contains(r.header.Get("X-App-Usage"), `"call_count":100`) || r.header.Get("Retry-After") != "180" {
		t.Errorf("answer %d %v", r.status, r.header)
	}
}

func TestWeatherOfCalls(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	chat := p.ana.Writes(p.page)
	chat.Says("hello")
	p.wait(1)
	id, token := chat.CustomerID(), p.page.Token()
	try := func(k meta.Knob) (reply, error) {
		p.sim.Weather(k, meta.Force{Times: 1, Path: "/messages"})
		return p.try("POST", fb+"me/messages", token, textTo(id, string(k)))
	}
	texts := func() (out []string) {
		for _, x := range chat.Messages() {
			out = append(out, x.Text)
		}
		return out
	}
	if r, err := try(meta.ServerError); err != nil || r.status != http.StatusServiceUnavailable || slices.Contains(texts(), "server_error") {
		t.Errorf("%v %d %v", err, r.status, texts())
	}
	if r, err := try(meta.HTMLError); err != nil || r.status != http.StatusBadGateway || r.json != nil {
		t.Errorf("%v %d %s", err, r.status, r.raw)
	}
	if r, err := try(meta.ErrorAfterAccept); err != nil || r.status != http.StatusInternalServerError || !slices.Contains(texts(), "error_after_accept") {
		t.Errorf("%v %d %v", err, r.status, texts())
	}
	if _, err := try(meta.DropAfterAccept); err == nil || !slices.Contains(texts(), "drop_after_accept") {
		t.Errorf("%v %v", err, texts())
	}
	if r, err := try(meta.TokenExpired); err != nil {
		t.Error(err)
	} else {
		p.refused(r, 190, 463)
	}
	if r, err := try(meta.TokenRevoked); err != nil {
		t.Error(err)
	} else {
		p.refused(r, 190, 460)
	}
	before := len(p.wait(5))
	r, err := try(meta.EchoFirst)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.door.got(); len(got) < before+2 || !bytes.Contains(got[before], []byte(r.text("message_id"))) {
		t.Errorf("the echo was not first: %s", got[before:])
	}
	calls := p.sim.Calls()
	if c := calls[len(calls)-1]; c.Method != "POST" || c.Path != "/v26.0/me/messages" || c.Status != 200 || !bytes.Contains(c.Body, []byte("echo_first")) || len(c.Answer) == 0 {
		t.Errorf("recorded %+v", c)
	}
}
