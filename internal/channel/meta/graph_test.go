package meta_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
)

const token = "EAAcanary"

func account() channel.Account {
	return channel.Account{Account: desk.Account{OutsideID: "1000500010005"}, Details: desk.AccountDetails{Login: meta.LoginFacebook},
		Secrets: map[string]secret.Text{channel.SecretToken: secret.New(token)}}
}

func send(path string) meta.Request {
	return meta.Request{Account: account(), Path: path, JSON: map[string]string{"text": "canary words"}, Send: true}
}

func fault(t *testing.T, err error) *desk.Error {
	t.Helper()
	var e *desk.Error
	if !errors.As(err, &e) {
		t.Fatalf("no desk.Error: %v", err)
	}
	if strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "canary") {
		t.Errorf("the error tells what it must not: %v", err)
	}
	return e
}

// covers H-57: the token travels as a bearer, proven, and never in an address.
func TestACallIsProvenAndNamesItsVersion(t *testing.T) {
	t.Parallel()
	g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, `{"success":true}`))
	if err := g.Call(t.Context(), send("1/messages"), nil); err != nil {
		t.Fatal(err)
	}
	c := calls.Last(t)
	if c.Method != http.MethodPost || c.Path != "/"+meta.Version+"/1/messages" || c.Header.Get("Authorization") != "Bearer "+token ||
		c.Query.Get("appsecret_proof") != meta.Proof(secret.New("test-app-secret"), secret.New(token)) || strings.Contains(c.Query.Encode(), token) ||
		c.Header.Get("Content-Type") != "application/json" || c.Body != `{"text":"canary words"}` {
		t.Errorf("%+v", c)
	}
	acct := account()
	acct.Details.Login = meta.LoginInstagram
	if err := g.Call(t.Context(), meta.Request{Account: acct, Path: "me"}, nil); err != nil {
		t.Fatal(err)
	}
	if got := calls.Last(t).Query.Get("appsecret_proof"); got != meta.Proof(secret.New("test-instagram-secret"), secret.New(token)) {
		t.Error("a token of Instagram Login is proven with another secret")
	}
	acct = account()
	acct.Details.Pasted = true
	if err := g.Call(t.Context(), meta.Request{Account: acct, Path: "me"}, nil); err != nil {
		t.Fatal(err)
	}
	if calls.Last(t).Query.Has("appsecret_proof") {
		t.Error("a token of a foreign app is proven with this app's secret")
	}
	acct.Secrets[meta.SecretApp] = secret.New("its own")
	if err := g.Call(t.Context(), meta.Request{Account: acct, Path: "me"}, nil); err != nil {
		t.Fatal(err)
	}
	if calls.Last(t).Query.Get("appsecret_proof") != meta.Proof(secret.New("its own"), secret.New(token)) {
		t.Error("a token of a foreign app is not proven with that app's secret")
	}
}

// covers 6.1, 6.2, A.4 of the reference
func TestARefusalHasItsReasonAndNothingOfMetasText(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		code   desk.Code
		reason string
		retry  bool
	}{
		`{"error":{"message":"(#10) canary","type":"OAuthException","code":10,"error_subcode":2018278,"fbtrace_id":"A1"}}`: {desk.Forbidden, "window_closed", false},
		`{"error":{"message":"(#10) canary","type":"IGApiException","code":10,"error_subcode":2534022,"fbtrace_id":"A2"}}`: {desk.Forbidden, "window_closed", false},
		`{"error":{"message":"canary","code":190,"error_subcode":463,"fbtrace_id":"A3"}}`:                                  {desk.Unauthenticated, "token_expired", false},
		`{"error":{"message":"canary","code":190,"error_subcode":460}}`:                                                    {desk.Unauthenticated, "password_changed", false},
		`{"error":{"message":"(#551) canary","code":551,"error_subcode":1545041}}`:                                         {desk.Forbidden, "person_unavailable", false},
		`{"error":{"message":"(#613) canary","code":613}}`:                                                                 {desk.TooMany, "rate_limited", true},
		`{"error":{"message":"canary","code":131056,"error_data":{"messaging_product":"whatsapp","details":"canary"}}}`:    {desk.TooMany, "pair_limited", true},
		`{"error":{"message":"canary","code":"131047"}}`:                                                                   {desk.Forbidden, "window_closed", false},
		`{"error":{"message":"canary","code":999123,"is_transient":true}}`:                                                 {desk.Unavailable, "temporary", true},
		`{"error":{"message":"canary","code":999123}}`:                                                                     {desk.Invalid, "refused", false},
		`{"error_type":"OAuthException","code":400,"error_message":"canary"}`:                                              {desk.Invalid, "code_used", false},
		`<html>canary</html>`: {desk.Invalid, "refused", false},
	} {
		g, _ := channeltest.Graph(t, clock.Real{}, channeltest.Says(400, body))
		e := fault(t, g.Call(t.Context(), send("1/messages"), nil))
		if e.Code != want.code || e.Reason != want.reason || e.Retry != want.retry || e.Text == "" {
			t.Errorf("%s: %+v", body, e)
		}
	}
}

// covers 6.3 of the reference: a send whose outcome is open is never repeated.
func TestAnOpenOutcomeIsUnknownAndACertainOneIsNot(t *testing.T) {
	t.Parallel()
	hang := func(_ http.ResponseWriter, c channeltest.Call) { <-c.Gone }
	cut := func(http.ResponseWriter, channeltest.Call) { panic(http.ErrAbortHandler) }
	temporary := `{"error":{"message":"x","code":2}}`
	for name, c := range map[string]struct {
		answer  func(http.ResponseWriter, channeltest.Call)
		send    bool
		unknown bool
	}{
		"a send that hangs":          {hang, true, true},
		"a question that hangs":      {hang, false, false},
		"a send that is cut off":     {cut, true, true},
		"a send, 500 without words":  {channeltest.Says(500, "oops"), true, true},
		"a send, 502 page":           {channeltest.Says(502, "<html>"), true, true},
		"a question, 500":            {channeltest.Says(500, "oops"), false, false},
		"a send, 503 with a verdict": {channeltest.Says(503, temporary), true, false},
		"a send, 200 with rubbish":   {channeltest.Says(200, "{"), true, true},
		"a send, 302":                {channeltest.Says(302, ""), true, true},
		"a send, too long an answer": {channeltest.Says(200, `"`+strings.Repeat("x", 5<<20)+`"`), true, true},
	} {
		g, _ := channeltest.Graph(t, clock.Real{}, c.answer)
		r := send("1/messages")
		r.Send, r.Limit = c.send, 300*time.Millisecond
		var into struct{ A int }
		e := fault(t, g.Call(t.Context(), r, &into))
		if unknown := e.Reason == channel.ErrUnknown.Reason; unknown != c.unknown || !unknown && !e.Retry {
			t.Errorf("%s: %v", name, e)
		}
	}
	g, calls := channeltest.Graph(t, clock.Real{}, channeltest.Says(200, "{}"))
	app := g.App
	app.GraphURL = "http://127.0.0.1:1" // nobody listens, and not in the register
	if e := fault(t, meta.NewGraph(app, nil, clock.Real{}).Call(t.Context(), meta.Request{Account: account(), Path: "x", JSON: func() {}}, nil)); e.Reason != "bad_request" {
		t.Error(e)
	}
	if len(calls.All()) != 0 {
		t.Error("something was called")
	}
}

// covers 6.4 of the reference: calls made while throttled make the block longer.
func TestAThrottledAccountIsLeftAloneAndNobodyElse(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	full := true
	g, calls := channeltest.Graph(t, clk, func(w http.ResponseWriter, c channeltest.Call) {
		if full {
			w.Header().Set("X-Business-Use-Case-Usage", `{"1":[{"type":"messenger","call_count":100,"total_cputime":3,"total_time":4,"estimated_time_to_regain_access":7}]}`)
			channeltest.Says(400, `{"error":{"message":"x","code":80006}}`)(w, c)
			return
		}
		channeltest.Says(200, `{}`)(w, c)
	})
	e := fault(t, g.Call(t.Context(), send("1/messages"), nil))
	if e.Code != desk.TooMany || !e.Retry || channel.After(e) != 7*time.Minute {
		t.Errorf("%v, wait %v", e, channel.After(e))
	}
	full = false
	e = fault(t, g.Call(t.Context(), send("1/messages"), nil))
	if e.Reason != "rate_limited" || len(calls.All()) != 1 {
		t.Errorf("%v after %d calls", e, len(calls.All()))
	}
	other := send("2/messages")
	other.Account.OutsideID = "2000600020006"
	if err := g.Call(t.Context(), other, nil); err != nil {
		t.Errorf("another account: %v", err)
	}
	clk.Advance(7*time.Minute + time.Second)
	if err := g.Call(t.Context(), send("1/messages"), nil); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestALimitBetweenTwoPeopleHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	n := 0
	g, _ := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		if n++; n == 1 {
			channeltest.Says(400, `{"error":{"message":"x","code":131056}}`)(w, c)
			return
		}
		channeltest.Says(200, `{}`)(w, c)
	})
	if e := fault(t, g.Call(t.Context(), send("1/messages"), nil)); channel.After(e) < time.Second {
		t.Errorf("no wait: %v", e)
	}
	if err := g.Call(t.Context(), send("1/messages"), nil); err != nil {
		t.Error(err)
	}
}

func TestUsageHeadersAreReadAsTheHighestShare(t *testing.T) {
	t.Parallel()
	h := func(app, business string) http.Header {
		return http.Header{"X-App-Usage": {app}, "X-Business-Use-Case-Usage": {business}}
	}
	for _, c := range []struct {
		h    http.Header
		want meta.Usage
	}{
		{h(`{"call_count":12,"total_cputime":85,"total_time":3}`, ``), meta.Usage{Percent: 85}},
		{h(`{"call_count":12}`, `{"1":[{"call_count":90,"estimated_time_to_regain_access":0},{"total_time":101,"estimated_time_to_regain_access":5}]}`), meta.Usage{Percent: 101, Regain: 5 * time.Minute}},
		{h(`rubbish`, `[]`), meta.Usage{}},
		{h(`{"call_count":-5}`, `{"1":[{"estimated_time_to_regain_access":1e18}]}`), meta.Usage{Regain: 24 * time.Hour}},
	} {
		if got := meta.UsageOf(c.h); got != c.want {
			t.Errorf("%+v, want %+v", got, c.want)
		}
	}
}

// covers lessons 2.9, A-3.2-04
func TestAFileIsReadWithinItsLimitsAndFromMetaOnly(t *testing.T) {
	t.Parallel()
	leaked := make(chan string, 8)
	foreign := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { leaked <- r.Header.Get("Authorization") }))
	t.Cleanup(foreign.Close)
	g, calls := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		switch c.Path {
		case "/picture":
			w.Header().Set("Content-Type", "image/png; x=y")
			_, _ = io.WriteString(w, "\x89PNG\r\n\x1a\npixels")
		case "/html":
			_, _ = io.WriteString(w, "<!DOCTYPE html><html>gone</html>")
		case "/empty":
		case "/big":
			_, _ = io.WriteString(w, strings.Repeat("x", 101))
		case "/moved":
			w.Header().Set("Location", foreign.URL)
			w.WriteHeader(http.StatusFound)
		case "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
	ref := func(path string) desk.MediaRef { return desk.MediaRef{Kind: desk.MediaImage, URL: calls.URL + path} }
	expired := ref("/picture")
	expired.Expires = time.Unix(1, 0)
	large := ref("/picture")
	large.Size = 101
	for name, c := range map[string]struct {
		ref    desk.MediaRef
		reason string
		retry  bool
	}{
		"a page in place of a picture": {ref("/html"), "media_unreadable", false},
		"nothing":                      {ref("/empty"), "media_empty", false},
		"one byte too many":            {ref("/big"), "media_too_large", false},
		"too large by its own word":    {large, "media_too_large", false},
		"gone":                         {ref("/gone"), "media_expired", false},
		"past its time":                {expired, "media_expired", false},
		"led to a foreign host":        {ref("/moved"), "media_refused", false},
		"at a foreign host":            {desk.MediaRef{URL: foreign.URL}, "media_refused", false},
		"busy":                         {ref("/busy"), "temporary", true},
	} {
		var b bytes.Buffer
		_, err := g.Download(t.Context(), c.ref, secret.New(token), 100, &b)
		if e := fault(t, err); e.Reason != c.reason || e.Retry != c.retry {
			t.Errorf("%s: %v", name, e)
		}
	}
	if len(leaked) != 0 {
		t.Errorf("a foreign host was called with %q", <-leaked)
	}
	var b bytes.Buffer
	got, err := g.Download(t.Context(), ref("/picture"), secret.New(token), 100, &b)
	if err != nil || got.Mime != "image/png" || got.Size != int64(b.Len()) || got.Size != 14 || len(got.SHA256) != 64 {
		t.Errorf("%+v %v", got, err)
	}
}

// covers 6.2, 6.3 of the reference: what may pass is tried again, what is final
// is not, for every code it names. A code says by itself whether it asks for a
// person to connect again.
func TestEveryCodeIsFinalOrTriedAgain(t *testing.T) {
	t.Parallel()
	again := map[int64]bool{1: true, 2: true, 4: true, 17: true, 32: true, 613: true, 1200: true, 80001: true, 80002: true, 80006: true, 80007: true, 80008: true,
		130429: true, 131000: true, 131016: true, 131056: true, 131057: true, 133004: true, 133015: true}
	token := map[int64]bool{0: true, 190: true}
	codes := []int64{0, 1, 2, 3, 4, 10, 17, 32, 33, 100, 190, 200, 230, 250, 299, 368, 506, 551, 613, 1200, 9010, 80001, 80002, 80006, 80007, 80008,
		130429, 130472, 130497, 131000, 131005, 131008, 131009, 131016, 131021, 131026, 131031, 131037, 131042, 131045, 131047, 131048, 131049, 131050, 131051, 131052,
		131053, 131056, 131057, 131062, 132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069, 133000, 133005, 133006, 133008, 133009, 133010, 133004,
		133015, 133016, 134011, 135000, 1545041, 2388019, 777777}
	var mu sync.Mutex
	body := ""
	g, _ := channeltest.Graph(t, clock.Real{}, func(w http.ResponseWriter, c channeltest.Call) {
		mu.Lock()
		defer mu.Unlock()
		channeltest.Says(400, body)(w, c)
	})
	for i, code := range codes {
		mu.Lock()
		body = fmt.Sprintf(`{"error":{"message":"x","code":%d}}`, code)
		mu.Unlock()
		acct := channel.Account{Account: desk.Account{OutsideID: fmt.Sprint("a", i)}}
		err := g.Call(t.Context(), meta.Request{Account: acct, Method: http.MethodPost, Path: "me/messages", JSON: map[string]any{}, Send: true}, nil)
		e := fault(t, err)
		if e.Retry != again[code] || (e.Code == desk.Unauthenticated) != token[code] || e.Reason == channel.ErrUnknown.Reason {
			t.Errorf("%d is %s (%s), tried again: %v", code, e.Code, e.Reason, e.Retry)
		}
	}
}
