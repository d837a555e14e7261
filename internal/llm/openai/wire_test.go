package openai_test

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
	"parley/internal/llm/openai"
)

// The files under testdata were written by the vendor's own library
// (openai-go v3.96.0) for the same questions.
func TestABodyIsFieldByFieldThatOfTheVendorsLibrary(t *testing.T) {
	t.Parallel()
	for file, c := range map[string]struct {
		style openai.Style
		model string
	}{"responses": {openai.Responses, "gpt-4.1-mini"}, "responses-thinks": {openai.Responses, "gpt-5-mini"}, "responses-free": {openai.Responses, "gpt-4.1-mini"},
		"chat": {openai.Chat, "llama"}, "chat-thinks": {openai.Chat, "gpt-5-mini"}, "chat-free": {openai.Chat, "llama"}} {
		subject(c.style, "", c.model).SameBody(t, "testdata/"+file+".json", strings.HasSuffix(file, "free"))
	}
}

// serve gives an adapter in front of a server that always answers the same.
func serve(t *testing.T, style openai.Style, status int, answer string) llm.Adapter {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "req-1")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return subject(style, "", "").Toward(t, s.URL)
}

func free() llm.Request {
	return llm.Request{Model: "m", Messages: []llm.Turn{{Role: llm.User, Text: "?"}}, MaxTokens: 20}
}

// The servers that speak Chat Completions write their refusals as they like.
func TestARefusalOfAnyServerHasItsKindAndItsWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		answer string
		kind   llm.Kind
		words  string
	}{
		{400, `{"error":{"message":"too many tokens","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}}`, llm.TooLong, "too many tokens"},
		{400, `{"object":"error","message":"no such model","type":"NotFoundError","param":null,"code":404}`, llm.BadRequest, "no such model"},
		{402, `{"error":{"message":"no credit","code":402,"metadata":{"a":[1]}}}`, llm.Quota, "no credit"},
		{429, `{"error":{"message":"no credit","type":"insufficient_quota","code":null}}`, llm.Quota, "no credit"},
		{404, `{"error":"model \"m\" not found"}`, llm.BadRequest, `model "m" not found`},
		{422, `{"detail":"no"}`, llm.BadRequest, "no"},
		{422, `{"detail":[{"loc":["body"],"msg":"no"}]}`, llm.BadRequest, `{"detail":[{"loc":["body"],"msg":"no"}]}`},
		{422, `{"error":{"message":["a"],"code":{}}}`, llm.BadRequest, `{"error":{"message":["a"],"code":{}}}`},
		{401, `the key ` + llmtest.Key + ` is wrong`, llm.BadKey, "the key " + secret.New(llmtest.Key).String() + " is wrong"},
		{500, ``, llm.Server, "Internal Server Error"}, {502, "<html>\n\x00</html>", llm.Server, "<html> </html>"},
		{400, `{"error":{"message":"filtered","code":"content_filter"}}`, llm.Refused, "filtered"},
	} {
		_, err := serve(t, openai.Chat, c.status, c.answer).Generate(t.Context(), free())
		var e *llm.Error
		if !errors.As(err, &e) || e.Kind != c.kind || e.Words != c.words || e.Status != c.status || e.RequestID != "req-1" {
			t.Errorf("%s: %+v", c.answer, e)
		}
	}
	_, err := serve(t, openai.Chat, 400, strings.Repeat("x", 1<<20)).Generate(t.Context(), free())
	var e *llm.Error
	if !errors.As(err, &e) || len([]rune(e.Words)) != 500 {
		t.Errorf("%v", err)
	}
}

func TestAnAnswerIsReadAsServersWriteItAndNoFurther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		style  openai.Style
		answer string
		kind   llm.Kind
		want   llm.Reply
	}{
		{openai.Chat, `{"model":"m","choices":[{"message":{"content":"yes","refusal":null,"tool_calls":null},"finish_reason":"stop","logprobs":null}],"usage":{"prompt_tokens":12.0,"completion_tokens":-3,"prompt_tokens_details":null}}`,
			"", llm.Reply{Text: "yes", Model: "m", Stop: "stop", Usage: llm.Usage{In: 12}}},
		{openai.Chat, `{"choices":[{"message":{"content":"yes"}}],"usage":null}`, "", llm.Reply{Text: "yes"}},
		{openai.Chat, `{"choices":[{"message":{"content":null,"refusal":"no"}}]}`, llm.Refused, llm.Reply{}},
		{openai.Chat, `{"choices":[{"message":{"content":"ye"},"finish_reason":"length"}]}`, llm.TooLong, llm.Reply{}},
		{openai.Chat, `{"choices":[]}`, llm.Broken, llm.Reply{}}, {openai.Chat, `{"choices":[{"message":{"content":null}}]}`, llm.Broken, llm.Reply{}},
		{openai.Chat, `[]`, llm.Broken, llm.Reply{}}, {openai.Chat, ``, llm.Broken, llm.Reply{}}, {openai.Chat, `<html>`, llm.Broken, llm.Reply{}},
		{openai.Chat, `{"choices":[{"message":{"content":"yes"}}]}{}`, llm.Broken, llm.Reply{}},
		{openai.Responses, `{"model":"o","status":"completed","error":null,"incomplete_details":null,"output":[{"type":"reasoning","content":"hidden","summary":[]},{"type":"message","content":[{"type":"output_text","text":"y"},{"type":"output_text","text":"es"}]}],"usage":{"input_tokens":5,"output_tokens":2,"input_tokens_details":{"cached_tokens":4}}}`,
			"", llm.Reply{Text: "yes", Model: "o", Stop: "completed", Usage: llm.Usage{In: 5, Out: 2, Cached: 4}}},
		{openai.Responses, `{"status":"failed","error":{"code":"server_error","message":"down"},"output":[]}`, llm.Server, llm.Reply{}},
		{openai.Responses, `{"status":"incomplete","incomplete_details":{"reason":"content_filter"}}`, llm.Refused, llm.Reply{}},
		{openai.Responses, `{"status":"in_progress","output":[{"type":"message","content":[{"type":"output_text","text":"y"}]}]}`, llm.Broken, llm.Reply{}},
		{openai.Responses, `{"status":"completed","output":[{"type":"message","content":"y"}]}`, llm.Broken, llm.Reply{}},
	} {
		got, err := serve(t, c.style, 200, c.answer).Generate(t.Context(), free())
		if c.kind == "" {
			c.want.RequestID = "req-1"
		}
		if llm.KindOf(err) != c.kind || got.Text != c.want.Text || got.Usage != c.want.Usage || got.Model != c.want.Model || got.Stop != c.want.Stop || got.RequestID != c.want.RequestID {
			t.Errorf("%s: %+v %v", c.answer, got, err)
		}
	}
}

func TestVectorsThatDoNotFitAreBroken(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{`{"data":[]}`, `{"data":[{"index":0,"embedding":[1]}]}`, `{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}`,
		`{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]}`, `{"data":[{"index":0,"embedding":[1]},{"index":-1,"embedding":[1]}]}`,
		`{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}`, `{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1e40]}]}`,
		`{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}`, `{"data":[{"index":0,"embedding":"AAAA"},{"index":1,"embedding":"AAAA"}]}`} {
		_, err := serve(t, openai.Chat, 200, answer).Embed(t.Context(), llm.EmbedRequest{Model: "m", Texts: []string{"a", "b"}})
		if llm.KindOf(err) != llm.Broken {
			t.Errorf("%s: %v", answer, err)
		}
	}
}
