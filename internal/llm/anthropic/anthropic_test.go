package anthropic_test

import (
	"encoding/json"
	"strings"
	"testing"

	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/llm"
	"parley/internal/llm/anthropic"
	"parley/internal/llm/llmtest"
	sim "parley/sim/llm"
)

func subject(model string) llmtest.Subject {
	return llmtest.Subject{Path: "/v1/messages", Model: model, URL: func(u sim.URLs) string { return u.Anthropic },
		Make: func(url string, key secret.Text, calls *httpx.Client) (llm.Adapter, error) {
			return anthropic.New(anthropic.Options{URL: url, Key: key, Calls: calls, Rule: "model"})
		}}
}

func TestMessagesKeepTheContract(t *testing.T) {
	t.Parallel()
	subject("claude-haiku-4-5").Run(t)
}

func TestNewerModelsKeepTheContract(t *testing.T) {
	t.Parallel()
	subject("claude-opus-5").Run(t)
}

func TestOlderModelsKeepTheContractByATool(t *testing.T) {
	t.Parallel()
	subject("claude-3-5-haiku-20241022").Run(t)
}

func TestInstructionsAreMarkedToBeKeptAndTheFormIsHeld(t *testing.T) {
	t.Parallel()
	for model, has := range map[string]string{"claude-sonnet-4-5": `"output_config":{"format":{`, "claude-3-5-haiku-latest": `"tool_choice":{`} {
		s := subject(model)
		raw, err := s.Open(t, llmtest.Key).Adapter.Bytes(s.Question())
		if err != nil || !strings.Contains(string(raw), has) {
			t.Errorf("%s %v", raw, err)
		}
		var sent struct {
			System []struct {
				CacheControl *struct{ Type string } `json:"cache_control"`
			}
		}
		if err := json.Unmarshal(raw, &sent); err != nil || len(sent.System) != 2 || sent.System[0].CacheControl != nil || sent.System[1].CacheControl.Type != "ephemeral" {
			t.Errorf("%s %v", raw, err)
		}
	}
}

func TestAnthropicHasNoVectors(t *testing.T) {
	t.Parallel()
	w := subject("claude-haiku-4-5").Open(t, llmtest.Key)
	_, err := w.Adapter.Embed(t.Context(), llm.EmbedRequest{Model: "m", Texts: []string{"x"}})
	if llm.KindOf(err) != llm.BadRequest || len(w.Sim.Calls()) != 0 {
		t.Error(err)
	}
}

// The vendor's own library would take these; the test sets them for the whole
// process, so it runs by itself.
func TestTheEnvironmentIsNotAsked(t *testing.T) {
	t.Setenv("ANTHROPIC_API_KEY", "sk-environment")
	t.Setenv("ANTHROPIC_AUTH_TOKEN", "environment")
	t.Setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1/")
	t.Setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Environment: yes")
	s := subject("claude-haiku-4-5")
	s.URL = func(u sim.URLs) string { return u.Anthropic + "/v1/" }
	w := s.Open(t, llmtest.Key)
	if _, err := w.Adapter.Generate(t.Context(), s.Question()); err != nil {
		t.Fatal(err)
	}
	for _, h := range w.Sim.Calls()[0].Header {
		if h[0] == "Authorization" || h[0] == "X-Environment" {
			t.Errorf("%s came from the environment", h[0])
		}
	}
}
