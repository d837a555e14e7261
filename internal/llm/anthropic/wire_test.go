package anthropic_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/internal/kit/secret"
	"parley/internal/llm"
	"parley/internal/llm/llmtest"
)

// The files under testdata were written by the vendor's own library
// (anthropic-sdk-go v1.84.0) for the same questions.
func TestABodyIsFieldByFieldThatOfTheVendorsLibrary(t *testing.T) {
	t.Parallel()
	for file, model := range map[string]string{"messages": "claude-haiku-4-5", "messages-new": "claude-opus-5", "messages-free": "claude-haiku-4-5", "messages-tool": "claude-3-5-haiku-20241022"} {
		subject(model).SameBody(t, "testdata/"+file+".json", strings.HasSuffix(file, "free"))
	}
}

func TestACallNamesItsVersionAndItsKeyAndNothingOfThisMachine(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{llmtest.Key: "Accept Accept-Encoding Anthropic-Version Content-Length Content-Type User-Agent X-Api-Key",
		"": "Accept Accept-Encoding Anthropic-Version Content-Length Content-Type User-Agent"} {
		s := subject("claude-haiku-4-5")
		w := s.Open(t, key)
		_, err := w.Adapter.Generate(t.Context(), s.Question())
		if (err == nil) != (key != "") {
			t.Error(err)
		}
		var names []string
		for _, h := range w.Sim.Calls()[0].Header {
			names = append(names, h[0])
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s", got)
		}
	}
}

func TestAnswersAndRefusalsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status       int
		answer       string
		kind         llm.Kind
		words, reply string
	}{
		{200, `{"model":"m","content":[{"type":"thinking","thinking":"…","signature":"s"},{"type":"text","text":"y"},{"type":"text","text":"es","citations":null}],"stop_reason":"end_turn","stop_details":null,"usage":{"input_tokens":2.0,"output_tokens":1,"cache_read_input_tokens":null}}`, "", "", "yes"},
		{200, `{"content":[{"type":"text","text":"y"}],"stop_reason":"max_tokens"}`, llm.TooLong, "", ""},
		{200, `{"content":[],"stop_reason":"refusal","stop_details":{"type":"refusal","explanation":"no ` + llmtest.Key + `"}}`, llm.Refused, "no " + secret.New(llmtest.Key).String(), ""},
		{200, `{"content":[{"type":"text","text":"y"}],"stop_reason":"pause_turn"}`, llm.Broken, "", ""}, {200, `{"content":[{"type":"text","text":"y"}]}`, llm.Broken, "", ""},
		{200, `{"content":null,"stop_reason":"end_turn"}`, llm.Broken, "", ""}, {200, ``, llm.Broken, "", ""}, {200, `"x"`, llm.Broken, "", ""}, {204, ``, llm.Broken, "", ""},
		{400, `{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 > 8"}}`, llm.TooLong, "prompt is too long: 9 > 8", ""},
		{400, `{"type":"error","error":{"type":"billing_error","message":"pay"}}`, llm.Quota, "pay", ""},
		{413, `{"type":"error","error":{"type":"request_too_large","message":"big"}}`, llm.TooLong, "big", ""},
		{500, `{"type":"error","error":{"type":"overloaded_error","message":"busy"}}`, llm.Busy, "busy", ""},
		{500, `{"error":"flat"}`, llm.Server, `{"error":"flat"}`, ""}, {503, ` `, llm.Busy, "Service Unavailable", ""},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Request-Id", "req-1")
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.answer)
		}))
		t.Cleanup(s.Close)
		got, err := subject("").Toward(t, s.URL).Generate(t.Context(), llm.Request{Model: "m", Messages: []llm.Turn{{Role: llm.User, Text: "?"}}, MaxTokens: 20})
		var e *llm.Error
		if llm.KindOf(err) != c.kind || got.Text != c.reply || errors.As(err, &e) && (e.Words != c.words || e.Status != c.status || e.RequestID != "req-1") {
			t.Errorf("%s: %+v %+v", c.answer, got, e)
		}
		if c.kind == "" && (got.Usage != llm.Usage{In: 2, Out: 1} || got.Stop != "end_turn" || got.Model != "m" || got.RequestID != "req-1") {
			t.Errorf("%+v", got)
		}
	}
}
