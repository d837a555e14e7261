package llmtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/llm"
	sim "parley/sim/llm"
)

// Key is the one that the stand-in knows in the suite.
const Key = "sk-suite-0123456789abcdef"

// Subject is what the suite is told about an adapter.
type Subject struct {
	// Make makes an adapter for an address, with the rule "model" of calls.
	Make  func(url string, key secret.Text, calls *httpx.Client) (llm.Adapter, error)
	Path  string // of the API it calls
	Model string // a name that the vendor's models might have
	URL   func(sim.URLs) string
	// Vectors: it has an Embed.
	Vectors bool
}

// World is a stand-in with an adapter that talks to it.
type World struct {
	Sim     *sim.Sim
	Adapter llm.Adapter
	Clock   *clock.Fake // of the way out
	Base    string
}

// Open makes a World.
func (s Subject) Open(t *testing.T, key string) World {
	t.Helper()
	stand := sim.New(sim.Options{Keys: []string{Key}})
	server := httptest.NewServer(stand.Handler())
	stand.At(server.URL)
	t.Cleanup(server.Close)
	t.Cleanup(stand.Close)
	w := World{Sim: stand, Base: server.URL, Clock: clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))}
	r := httpx.Rule{Name: "model", Purpose: httpx.Infrastructure, Max: 4 << 20, Timeout: time.Minute}
	if err := r.Add(server.URL); err != nil {
		t.Fatal(err)
	}
	w.Adapter = s.adapter(t, s.URL(stand.URLs()), key, w.Clock, r)
	return w
}

func (s Subject) adapter(t *testing.T, url, key string, clk clock.Clock, r httpx.Rule) llm.Adapter {
	t.Helper()
	calls, err := httpx.New(clk, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(calls.Close)
	a, err := s.Make(url, secret.New(key), calls)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Question is a request by the contract of answers, which the stand-in
// understands.
func (s Subject) Question() llm.Request {
	data := `{"question":"İade süresi kaç gün?","language":"tr","history":[{"from":"customer","text":"Merhaba <b> & \"selam\""}],` +
		`"passages":[{"id":"P1","title":"İade","text":"İade süresi 14 gündür. Kargo ücreti bize aittir."},{"id":"P2","title":"Mağaza","text":"Pazar günleri kapalıyız."}]}`
	warmth := 0.2
	return llm.Request{Model: s.Model, System: []string{"You answer customers. Canary: tide-41.", "Tone: plain."}, Schema: Reply(), Temperature: &warmth, MaxTokens: 500,
		Messages: []llm.Turn{{Role: llm.User, Text: "Merhaba"}, {Role: llm.Assistant, Text: "Buyurun."}, {Role: llm.User, Text: "Data between the lines.\n7f3a\n" + data + "\n7f3a"}}}
}

// Reply is the form of an answer, as the contract has it.
func Reply() *llm.Schema {
	return &llm.Schema{Name: "reply", JSON: []byte(`{"type":"object","additionalProperties":false,"required":["answerable","parts","language","needs_human","reason"],
		"properties":{"answerable":{"type":"boolean"},"parts":{"type":"array","maxItems":8,"items":{"type":"object","additionalProperties":false,
		"required":["text","passage_id","quote"],"properties":{"text":{"type":"string","maxLength":2000},"passage_id":{"type":"string"},"quote":{"type":"string"}}}},
		"language":{"type":"string"},"needs_human":{"type":"boolean"},"reason":{"type":"string"}}}`)}
}

// Run runs the suite.
func (s Subject) Run(t *testing.T) {
	t.Run("the bytes shown are the bytes sent", s.preview)
	t.Run("an answer in a form is checked JSON with its usage", s.answers)
	t.Run("every failure has its kind and the vendor's words", s.failures)
	t.Run("what is no whole answer is broken", s.broken)
	t.Run("no call outlives its time", s.time)
	t.Run("the key goes to its host alone", s.key)
	t.Run("only registered hosts are called, and only with an agreement", s.register)
	if s.Vectors {
		t.Run("vectors come one for each text, near texts near", s.vectors)
	}
}

func (s Subject) preview(t *testing.T) {
	t.Parallel()
	w := s.Open(t, Key)
	free := s.Question()
	free.Schema, free.Temperature, free.System = nil, nil, nil
	for _, r := range []llm.Request{s.Question(), free} {
		w.Sim.Forget()
		shown, err := w.Adapter.Bytes(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Adapter.Generate(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		calls := w.Sim.Calls()
		if len(calls) != 1 || calls[0].Path != s.Path || !bytes.Equal(calls[0].Body, shown) {
			t.Fatalf("%d calls\nsent  %s\nshown %s", len(calls), calls[0].Body, shown)
		}
		for _, h := range calls[0].Header {
			if strings.HasPrefix(h[0], "X-Stainless") || h[0] == "User-Agent" && h[1] != "Parley" {
				t.Errorf("the call told about this machine: %s: %s", h[0], h[1])
			}
		}
	}
	if a, b := first(t, w, s.Question()), first(t, w, s.Question()); !bytes.Equal(a, b) {
		t.Error("the same question became two bodies")
	}
}

func first(t *testing.T, w World, r llm.Request) []byte {
	t.Helper()
	b, err := w.Adapter.Bytes(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (s Subject) answers(t *testing.T) {
	t.Parallel()
	w := s.Open(t, Key)
	got, err := w.Adapter.Generate(t.Context(), s.Question())
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Answerable bool
		Language   string
		Parts      []struct {
			Text, Quote string
			PassageID   string `json:"passage_id"`
		}
	}
	if err := json.Unmarshal(got.JSON, &r); err != nil {
		t.Fatal(err)
	}
	if !r.Answerable || r.Language != "tr" || len(r.Parts) != 1 || r.Parts[0].PassageID != "P1" || r.Parts[0].Quote != "İade süresi 14 gündür." {
		t.Errorf("%s", got.JSON)
	}
	if got.Usage.In < 50 || got.Usage.Out < 10 || got.RequestID == "" || got.Model != s.Model || got.Stop == "" {
		t.Errorf("%+v", got)
	}
	long := s.Question()
	long.System = []string{strings.Repeat("A steady instruction. ", 400)}
	for i, want := range []bool{false, true} {
		got, err := w.Adapter.Generate(t.Context(), long)
		if err != nil || got.Usage.In < 2000 || (got.Usage.Cached > 2000) != want || got.Usage.Cached+got.Usage.Written > got.Usage.In {
			t.Errorf("call %d: %+v %v", i, got.Usage, err)
		}
	}
}

func (s Subject) failures(t *testing.T) {
	t.Parallel()
	w := s.Open(t, Key)
	for knob, want := range map[sim.Knob]llm.Kind{sim.TooMany: llm.Busy, sim.OutOfMoney: llm.Quota, sim.BadKey: llm.BadKey, sim.ServerError: llm.Server,
		sim.Overloaded: llm.Busy, sim.HTMLError: llm.Server, sim.Refusal: llm.Refused, sim.TooLong: llm.TooLong} {
		w.Sim.Forget()
		w.Sim.Weather(knob, sim.Force{Times: 1, For: 7 * time.Second})
		_, err := w.Adapter.Generate(t.Context(), s.Question())
		var e *llm.Error
		if !errors.As(err, &e) || e.Kind != want {
			t.Errorf("%s: %v", knob, err)
			continue
		}
		if e.RequestID == "" || e.Status == 0 || e.Words == "" && want != llm.TooLong {
			t.Errorf("%s: %+v", knob, e)
		}
		if strings.Contains(e.Words, Key) || strings.Contains(e.Error(), Key) || strings.Contains(e.Error(), "Buyurun") {
			t.Errorf("%s: the key or the question stands in %q, %q", knob, e.Words, e.Error())
		}
		if wait := e.RetryAfter; knob == sim.TooMany && wait != 7*time.Second || knob == sim.OutOfMoney && wait != 0 {
			t.Errorf("%s: retry after %s", knob, wait)
		}
		if n := len(w.Sim.Calls()); n != 1 {
			t.Errorf("%s: %d calls", knob, n)
		}
	}
	_, err := s.Open(t, "sk-another-key").Adapter.Generate(t.Context(), s.Question())
	if llm.KindOf(err) != llm.BadKey {
		t.Error(err)
	}
	bad := s.Question()
	bad.MaxTokens = 0
	if _, err := w.Adapter.Generate(t.Context(), bad); llm.KindOf(err) != llm.BadRequest {
		t.Error(err)
	}
	if _, err := w.Adapter.Bytes(bad); llm.KindOf(err) != llm.BadRequest {
		t.Error(err)
	}
}

func (s Subject) broken(t *testing.T) {
	t.Parallel()
	w := s.Open(t, Key)
	for _, knob := range []sim.Knob{sim.InvalidJSON, sim.WrongForm, sim.Cut} {
		w.Sim.Forget()
		w.Sim.Weather(knob, sim.Force{Times: 1})
		got, err := w.Adapter.Generate(t.Context(), s.Question())
		if llm.KindOf(err) != llm.Broken || got.JSON != nil || got.Text != "" {
			t.Errorf("%s: %+v %v", knob, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "14 gün") {
			t.Errorf("%s: the answer stands in the error: %v", knob, err)
		}
		if n := len(w.Sim.Calls()); n != 1 {
			t.Errorf("%s: %d calls", knob, n)
		}
	}
}

func (s Subject) time(t *testing.T) {
	t.Parallel()
	w := s.Open(t, Key)
	w.Sim.Weather(sim.Hang, sim.Force{Times: -1})
	for _, end := range []string{"the caller's", "the register's"} {
		ctx, cancel := t.Context(), func() {}
		if end == "the caller's" {
			ctx, cancel = clock.WithTimeout(ctx, w.Clock, 10*time.Second)
		}
		w.Sim.Forget()
		done := make(chan error, 1)
		go func() {
			_, err := w.Adapter.Generate(ctx, s.Question())
			done <- err
		}()
		if err := w.Sim.Until(t.Context(), "the call arrives", func() bool { return len(w.Sim.Calls()) == 1 }); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(time.Minute)
		if err := <-done; llm.KindOf(err) != llm.Timeout {
			t.Errorf("%s time: %v", end, err)
		}
		cancel()
	}
}

func (s Subject) key(t *testing.T) {
	t.Parallel()
	w, other := s.Open(t, Key), s.Open(t, Key)
	w.Sim.Weather(sim.Redirect, sim.Force{Times: 1, Text: other.Base + s.Path})
	if _, err := w.Adapter.Generate(t.Context(), s.Question()); err == nil {
		t.Error("a redirect was an answer")
	}
	if n := len(other.Sim.Calls()); n != 0 {
		t.Errorf("%d calls went where the redirect led", n)
	}
}

func (s Subject) register(t *testing.T) {
	t.Parallel()
	w := s.Open(t, Key)
	r := httpx.Rule{Name: "model", Purpose: httpx.Subprocessor, Hosts: []string{"api.example.com"}}
	away := s.adapter(t, s.URL(w.Sim.URLs()), Key, w.Clock, r)
	if _, err := away.Generate(t.Context(), s.Question()); llm.KindOf(err) != llm.NotAllowed {
		t.Error(err)
	}
	r.Ready = NoAgreement
	if err := r.Add(w.Base); err != nil {
		t.Fatal(err)
	}
	without := s.adapter(t, s.URL(w.Sim.URLs()), Key, w.Clock, r)
	if _, err := without.Generate(t.Context(), s.Question()); llm.KindOf(err) != llm.NoDPA || !errors.Is(err, llm.ErrNoDPA) {
		t.Error(err)
	}
	if n := len(w.Sim.Calls()); n != 0 {
		t.Errorf("%d calls left", n)
	}
}
