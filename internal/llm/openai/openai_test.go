package openai_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/llm"
	"parley/internal/llm/llmtest"
	"parley/internal/llm/openai"
	sim "parley/sim/llm"
)

func subject(style openai.Style, path, model string) llmtest.Subject {
	return llmtest.Subject{Path: path, Model: model, Vectors: true, URL: func(u sim.URLs) string { return u.OpenAI },
		Make: func(url string, key secret.Text, calls *httpx.Client) (llm.Adapter, error) {
			return openai.New(openai.Options{URL: url, Key: key, Calls: calls, Rule: "model", Style: style})
		}}
}

func TestResponsesKeepTheContract(t *testing.T) {
	t.Parallel()
	subject(openai.Responses, "/v1/responses", "gpt-5-mini").Run(t)
}

func TestChatCompletionsKeepTheContract(t *testing.T) {
	t.Parallel()
	subject(openai.ByHost, "/v1/chat/completions", "llama-3.3-70b").Run(t)
}

func TestChatCompletionsKeepTheContractWithAModelThatThinksFirst(t *testing.T) {
	t.Parallel()
	subject(openai.Chat, "/v1/chat/completions", "gpt-5-mini").Run(t)
}

// covers: nothing is left to be kept.
func TestOpenAIIsAskedToKeepNothingAndToHoldTheForm(t *testing.T) {
	t.Parallel()
	s := subject(openai.Responses, "/v1/responses", "gpt-4.1-mini")
	raw, err := s.Open(t, llmtest.Key).Adapter.Bytes(s.Question())
	if err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Store       *bool
		Temperature *float64
		Text        struct {
			Format struct {
				Type   string
				Strict bool
				Schema json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(raw, &sent); err != nil {
		t.Fatal(err)
	}
	if sent.Store == nil || *sent.Store || sent.Text.Format.Type != "json_schema" || !sent.Text.Format.Strict || sent.Temperature == nil {
		t.Errorf("%s", raw)
	}
	if p := string(sent.Text.Format.Schema); strings.Index(p, `"answerable":{`) > strings.Index(p, `"language":{`) || strings.Contains(p, "maxItems") || strings.Contains(p, "maxLength") {
		t.Errorf("the form lost its order or kept bounds that the vendor refuses: %s", p)
	}
}

func TestAModelThatThinksFirstGetsNoTemperature(t *testing.T) {
	t.Parallel()
	s := subject(openai.Responses, "/v1/responses", "o4-mini")
	raw, err := s.Open(t, llmtest.Key).Adapter.Bytes(s.Question())
	if err != nil || bytes.Contains(raw, []byte("temperature")) {
		t.Errorf("%s %v", raw, err)
	}
}

func TestAServerOfOnesOwnNeedsNoKey(t *testing.T) {
	t.Parallel()
	s := subject(openai.Chat, "/v1/chat/completions", "llama")
	w := s.Open(t, "")
	_, err := w.Adapter.Generate(t.Context(), s.Question())
	if llm.KindOf(err) != llm.BadKey { // the suite's stand-in knows one key only
		t.Error(err)
	}
	for _, h := range w.Sim.Calls()[0].Header {
		if h[0] == "Authorization" {
			t.Error("an empty key was sent")
		}
	}
}

// The vendor's own library would take these; the test sets them for the whole
// process, so it runs by itself.
func TestTheEnvironmentIsNotAsked(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "sk-environment")
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/")
	t.Setenv("OPENAI_ORG_ID", "org-environment")
	t.Setenv("OPENAI_CUSTOM_HEADERS", "X-Environment: yes")
	s := subject(openai.Responses, "/v1/responses", "gpt-4.1-mini")
	w := s.Open(t, llmtest.Key)
	if _, err := w.Adapter.Generate(t.Context(), s.Question()); err != nil {
		t.Fatal(err)
	}
	for _, h := range w.Sim.Calls()[0].Header {
		if h[0] == "Openai-Organization" || h[0] == "X-Environment" {
			t.Errorf("%s came from the environment", h[0])
		}
	}
}

func TestAnAddressIsCheckedAndCompleted(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"ftp://x/", "127.0.0.1:1", "https://u:p@h/v1", "https://h/v1?key=1"} {
		if _, err := openai.New(openai.Options{URL: bad}); llm.KindOf(err) != llm.BadRequest {
			t.Errorf("%s: %v", bad, err)
		}
	}
	s := subject(openai.Chat, "/v1/chat/completions", "m")
	s.URL = func(u sim.URLs) string { return strings.TrimSuffix(u.OpenAI, "/v1") + "/" }
	w := s.Open(t, llmtest.Key)
	if _, err := w.Adapter.Generate(t.Context(), s.Question()); err != nil || w.Sim.Calls()[0].Path != s.Path {
		t.Error(err)
	}
}
