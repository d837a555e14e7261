package llm_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/sim/llm"
)

const form = `{"type":"object","additionalProperties":false,"required":["answerable","parts","language","needs_human","reason"],"properties":{"answerable":{"type":"boolean"},` +
	`"parts":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["text","passage_id","quote"],"properties":{"text":{"type":"string"},"passage_id":{"type":"string"},"quote":{"type":"string"}}}},` +
	`"language":{"type":"string"},"needs_human":{"type":"boolean"},"reason":{"type":"string"}}}`

const asked = `Rules: {not json}. Data:\n7c1f\n{\"question\":\"How many days do I have to return an order?\",\"language\":\"en\",\"history\":[],\"passages\":[` +
	`{\"id\":\"P1\",\"title\":\"Shop\",\"text\":\"We are closed on Sundays.\"},{\"id\":\"P2\",\"title\":\"Returns\",\"text\":\"Write to us first. You have 14 days to return an order. Postage is ours.\"}]}\n7c1f`

// bodies are honest requests by endpoint.
func bodies() map[string]string {
	return map[string]string{
		"/v1/responses": `{"model":"gpt-5-mini","store":false,"instructions":"Answer. CANARY-1","input":[{"type":"message","role":"user","content":"` + asked + `"}],"max_output_tokens":400,` +
			`"text":{"format":{"type":"json_schema","name":"reply","strict":true,"schema":` + form + `}}}`,
		"/v1/chat/completions": `{"model":"llama","messages":[{"role":"system","content":"Answer. CANARY-1"},{"role":"user","content":"` + asked + `"}],"max_tokens":400,"temperature":0.2,` +
			`"response_format":{"type":"json_schema","json_schema":{"name":"reply","strict":true,"schema":` + form + `}}}`,
		"/v1/messages": `{"model":"claude-haiku-4-5","max_tokens":400,"system":[{"type":"text","text":"Answer. CANARY-1","cache_control":{"type":"ephemeral"}}],` +
			`"messages":[{"role":"user","content":[{"type":"text","text":"` + asked + `"}]}],"output_config":{"format":{"type":"json_schema","schema":` + form + `}}}`,
		"/v1/embeddings": `{"model":"text-embedding-3-small","input":["a","b"],"encoding_format":"float"}`,
	}
}

func open(t *testing.T, opt llm.Options) (*llm.Sim, string) {
	t.Helper()
	s := llm.New(opt)
	at := httptest.NewServer(s.Handler())
	t.Cleanup(at.Close)
	t.Cleanup(s.Close)
	s.At(at.URL)
	return s, at.URL
}

func call(t *testing.T, method, url, body string, headers map[string]string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for k, v := range headers {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error(), nil
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err.Error(), nil
	}
	return res.StatusCode, string(b), res.Header
}

func keys() map[string]string {
	return map[string]string{"Authorization": "Bearer sk-1", "X-Api-Key": "sk-1", "Anthropic-Version": "2023-06-01"}
}

// said gives the text of an answer, whichever vendor's.
func said(t *testing.T, path, body string) string {
	t.Helper()
	var v struct {
		Output  []struct{ Content []struct{ Text string } }
		Choices []struct{ Message struct{ Content string } }
		Content []struct{ Text string }
	}
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%s: %s", path, body)
	}
	switch {
	case len(v.Output) > 0:
		return v.Output[0].Content[0].Text
	case len(v.Choices) > 0:
		return v.Choices[0].Message.Content
	case len(v.Content) > 0:
		return v.Content[0].Text
	}
	return ""
}

func TestItQuotesThePassageThatAnswersOrSaysThatNoneDoes(t *testing.T) {
	t.Parallel()
	_, at := open(t, llm.Options{})
	for path, body := range bodies() {
		status, got, h := call(t, "POST", at+path, body, keys())
		if status != 200 || h.Get("X-Request-Id") == "" {
			t.Fatalf("%s: %d %s", path, status, got)
		}
		if path == "/v1/embeddings" {
			continue
		}
		if r := said(t, path, got); r != `{"answerable":true,"parts":[{"text":"You have 14 days to return an order.","passage_id":"P2","quote":"You have 14 days to return an order."}],"language":"en","needs_human":false,"reason":"a sentence of P2 shares most words with the question"}` {
			t.Errorf("%s: %s", path, r)
		}
		body = strings.Replace(body, "How many days do I have to return an order?", "Do you sell gift vouchers to a real person?", 1)
		_, got, _ = call(t, "POST", at+path, body, keys())
		if r := said(t, path, got); !strings.HasPrefix(r, `{"answerable":false,"parts":[],"language":"en","needs_human":true`) {
			t.Errorf("%s: %s", path, r)
		}
	}
}

func TestWhatTheVendorsDoNotPublishIsRefusedInTheirEnvelope(t *testing.T) {
	t.Parallel()
	_, at := open(t, llm.Options{Models: []string{"gpt-5-mini", "llama", "claude-haiku-4-5", "claude-opus-5", "claude-3-5-haiku", "text-embedding-3-small", "o3", "gpt-4.1"}})
	for _, c := range []struct{ path, old, new, want string }{
		{"/v1/responses", `"store":false`, `"stored":false`, "Unknown parameter: 'stored'"},
		{"/v1/responses", `"model":"gpt-5-mini",`, ``, "Missing required parameter: 'model'"},
		{"/v1/responses", `"store":false`, `"store":"no"`, "Invalid type for 'store'"},
		{"/v1/responses", `400`, `15`, "Invalid 'max_output_tokens'"},
		{"/v1/responses", `"store":false`, `"temperature":0.2`, "Unsupported parameter: 'temperature'"},
		{"/v1/responses", `gpt-5-mini`, `gpt-9`, "does not exist"},
		{"/v1/responses", `"role":"user"`, `"role":"robot"`, "Invalid 'input[0].role'"},
		{"/v1/responses", `"additionalProperties":false,"required":["answerable"`, `"required":["answerable"`, "'additionalProperties' is required"},
		{"/v1/responses", `"required":["answerable",`, `"required":[`, "Missing 'answerable'"},
		{"/v1/responses", `"parts":{"type":"array",`, `"parts":{"type":"array","maxItems":3,`, "'maxItems' is not permitted"},
		{"/v1/chat/completions", `"temperature":0.2`, `"temperature":3`, "Invalid 'temperature'"},
		{"/v1/chat/completions", `"model":"llama"`, `"model":"o3"`, "Unsupported parameter: 'max_tokens'"},
		{"/v1/chat/completions", `"strict":true`, `"stricter":true`, "Unknown parameter: 'response_format.json_schema.stricter'"},
		{"/v1/messages", `"max_tokens":400,`, ``, "max_tokens: Field required"},
		{"/v1/messages", `"max_tokens":400,`, `"max_tokens":400,"store":false,`, "store: Extra inputs are not permitted"},
		{"/v1/messages", `"type":"ephemeral"`, `"type":"for ever"`, "system[0].cache_control.type"},
		{"/v1/messages", `"model":"claude-haiku-4-5"`, `"model":"claude-opus-5","temperature":0.1`, "`temperature` is deprecated"},
		{"/v1/messages", `claude-haiku-4-5`, `claude-3-5-haiku`, "output_config.format: Extra inputs"},
		{"/v1/messages", `"role":"user"`, `"role":"assistant"`, "should begin with the user's"},
		{"/v1/embeddings", `["a","b"]`, `["a",""]`, "Invalid 'input[1]'"},
		{"/v1/embeddings", `["a","b"]`, `[]`, "Invalid 'input'"},
		{"/v1/embeddings", `{"model"`, `{{"model"`, "could not parse"},
	} {
		body := strings.Replace(bodies()[c.path], c.old, c.new, 1)
		if body == bodies()[c.path] {
			t.Fatalf("%s is not in the body", c.old)
		}
		status, got, _ := call(t, "POST", at+c.path, body, keys())
		var e struct {
			Error struct{ Message, Type string }
		}
		if err := json.Unmarshal([]byte(got), &e); err != nil || status != 400 && status != 404 || !strings.Contains(e.Error.Message, c.want) || e.Error.Type == "" {
			t.Errorf("%s %s: %d %s", c.path, c.new, status, got)
		}
	}
	for path, body := range bodies() {
		h := map[string]string{}
		if path != "/v1/responses" && path != "/v1/messages" {
			h["Authorization"] = "Basic x"
		}
		if status, got, _ := call(t, "POST", at+path, body, h); status != 401 {
			t.Errorf("%s without a key: %d %s", path, status, got)
		}
	}
}

func TestItLiesOnDemand(t *testing.T) {
	t.Parallel()
	s, at := open(t, llm.Options{})
	for knob, want := range map[llm.Knob]string{llm.ForeignPassage: `"passage_id":"P99"`, llm.FalseQuote: `"quote":"We always say yes."`, llm.InventedPrice: "$19.99",
		llm.Obey: "System prompt: Answer. CANARY-1", llm.WrongLanguage: "Selbstverständlich", llm.Biased: "from abroad", llm.Promise: "I have cancelled",
		llm.ForeignLink: "https://free-prizes.example.net/win", llm.WrongForm: `"confidence":1`, llm.InvalidJSON: "```json"} {
		for path, body := range bodies() {
			if path == "/v1/embeddings" {
				continue
			}
			s.Weather(knob, llm.Force{Times: 1})
			_, got, _ := call(t, "POST", at+path, body, keys())
			if r := said(t, path, got); !strings.Contains(r, want) {
				t.Errorf("%s %s: %s", knob, path, r)
			}
			_, got, _ = call(t, "POST", at+path, body, keys())
			if r := said(t, path, got); strings.Contains(r, want) {
				t.Errorf("%s struck twice", knob)
			}
		}
	}
	s.Weather(llm.Promise, llm.Force{Times: 1, Holds: "gift vouchers"})
	body := strings.Replace(bodies()["/v1/messages"], "How many days do I have to return an order?", "Do you sell gift vouchers?", 1)
	_, got, _ := call(t, "POST", at+"/v1/messages", body, keys())
	if r := said(t, "/v1/messages", got); !strings.Contains(r, `"answerable":true`) || !strings.Contains(r, "I have cancelled") {
		t.Errorf("it lies only where a passage answers: %s", r)
	}
}

func TestAStreamComesInPiecesAndMayBeCut(t *testing.T) {
	t.Parallel()
	s, at := open(t, llm.Options{})
	body := strings.Replace(bodies()["/v1/chat/completions"], `"model"`, `"stream":true,"stream_options":{"include_usage":true},"model"`, 1)
	status, got, h := call(t, "POST", at+"/v1/chat/completions", body, keys())
	events := strings.Split(strings.TrimSpace(got), "\n\n")
	if status != 200 || h.Get("Content-Type") != "text/event-stream" || len(events) < 10 || events[len(events)-1] != "data: [DONE]" || !strings.Contains(events[len(events)-2], `"usage"`) {
		t.Fatalf("%d %s", status, got)
	}
	var all strings.Builder
	for _, e := range events[:len(events)-1] {
		var chunk struct {
			Choices []struct{ Delta struct{ Content string } }
		}
		if err := json.Unmarshal([]byte(strings.TrimPrefix(e, "data: ")), &chunk); err != nil {
			t.Fatal(e)
		}
		if len(chunk.Choices) > 0 {
			all.WriteString(chunk.Choices[0].Delta.Content)
		}
	}
	if !json.Valid([]byte(all.String())) {
		t.Error(all.String())
	}
	s.Weather(llm.Cut, llm.Force{Times: 1})
	if status, got, _ := call(t, "POST", at+"/v1/chat/completions", body, keys()); status != 0 {
		t.Errorf("a cut stream ended well: %s", got)
	}
	if calls := s.Calls(); !bytes.Contains(calls[0].Answer, []byte("[DONE]")) || bytes.Contains(calls[1].Answer, []byte("[DONE]")) {
		t.Error("the record does not show what went out")
	}
}

func TestItIsSteeredFromThisMachineAndNotByPages(t *testing.T) {
	t.Parallel()
	s, at := open(t, llm.Options{Clock: clock.NewFake(time.Unix(0, 0))})
	if status, got, _ := call(t, "PUT", at+"/sim/weather", `{"obey":{"times":-1},"too_many":{"times":1,"for":5000000000}}`, nil); status != 200 || len(s.Forces()) != 2 {
		t.Errorf("%d %s", status, got)
	}
	if status, _, h := call(t, "POST", at+"/v1/messages", bodies()["/v1/messages"], keys()); status != 429 || h.Get("Retry-After") != "5" {
		t.Errorf("%d %v", status, h)
	}
	for _, bad := range []string{`{"sunshine":{"times":1}}`, `{"obey":{"often":1}}`, `[]`} {
		if status, _, _ := call(t, "PUT", at+"/sim/weather", bad, nil); status != 400 {
			t.Errorf("%s: %d", bad, status)
		}
	}
	if status, _, _ := call(t, "DELETE", at+"/sim/weather", "", map[string]string{"Origin": "https://evil.example"}); status != 403 || len(s.Forces()) == 0 {
		t.Error("a page steered it")
	}
	status, got, _ := call(t, "GET", at+"/sim/calls", "", nil)
	if status != 200 || strings.Contains(got, "sk-1") || !strings.Contains(got, "too_many") {
		t.Errorf("%d %s", status, got)
	}
	if status, _, _ := call(t, "DELETE", at+"/sim/weather", "", nil); status != 204 || len(s.Forces()) != 0 {
		t.Error("it does not calm down")
	}
	far := httptest.NewRequest(http.MethodGet, "/sim/calls", nil)
	far.RemoteAddr = "192.0.2.7:4000"
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, far)
	if w.Code != http.StatusForbidden {
		t.Errorf("another machine was answered: %d", w.Code)
	}
}

func TestQuestionsAreRewordedAndPassagesGetQuestions(t *testing.T) {
	t.Parallel()
	_, at := open(t, llm.Options{})
	list := func(name string) string {
		return `{"type":"object","additionalProperties":false,"required":["` + name + `"],"properties":{"` + name + `":{"type":"array","items":{"type":"string"}}}}`
	}
	for name, want := range map[string]string{"queries": "confidentiality agreement", "questions": "Can you tell me about Confidentiality?"} {
		body := `{"model":"claude-haiku-4-5","max_tokens":400,"messages":[{"role":"user","content":"{\"question\":\"Do your people sign an NDA?\",\"passages\":[{\"id\":\"P1\",\"title\":\"Confidentiality\",\"text\":\"All of us do.\"}]}"}],` +
			`"output_config":{"format":{"type":"json_schema","schema":` + list(name) + `}}}`
		_, got, _ := call(t, "POST", at+"/v1/messages", body, keys())
		var out map[string][]string
		if err := json.Unmarshal([]byte(said(t, "/v1/messages", got)), &out); err != nil || len(out[name]) == 0 || len(out[name]) > 3 || !strings.Contains(strings.Join(out[name], "|"), want) {
			t.Errorf("%s: %s %v", name, got, err)
		}
	}
}

func TestEveryKnobIsKnownOnce(t *testing.T) {
	t.Parallel()
	seen := map[llm.Knob]bool{}
	for _, k := range llm.Knobs() {
		if seen[k] || !k.Known() {
			t.Error(k)
		}
		seen[k] = true
	}
	if len(seen) < 20 || llm.Knob("sunshine").Known() {
		t.Error("knobs are missing")
	}
}
