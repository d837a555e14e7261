package anthropic

import (
	"encoding/json"
	"strings"

	"parley/internal/llm"
)

// family compares the generation that a model's name tells, "claude-sonnet-4-5…"
// or "claude-3-5-haiku…".
func family(model string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(model, p) {
			return true
		}
	}
	return false
}

// TakesTemperature reports whether a model takes a temperature: since Opus 4.7
// they refuse it.
func TakesTemperature(model string) bool {
	return family(model, "claude-3", "claude-opus-4-0", "claude-opus-4-1", "claude-opus-4-2", "claude-opus-4-5", "claude-opus-4-6",
		"claude-sonnet-4-0", "claude-sonnet-4-2", "claude-sonnet-4-5", "claude-sonnet-4-6", "claude-haiku-4-5")
}

// byTool reports whether a model is too old to hold a form by output_config.
func byTool(model string) bool {
	return family(model, "claude-3", "claude-opus-4-0", "claude-opus-4-2", "claude-sonnet-4-0", "claude-sonnet-4-2")
}

// kind is {"type": …}.
type kind struct {
	Type string `json:"type"`
}

type block struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Cache *kind  `json:"cache_control,omitempty"`
}

type turn struct {
	Role    string  `json:"role"`
	Content []block `json:"content"`
}

type format struct {
	Type   string          `json:"type"`
	Schema json.RawMessage `json:"schema"`
}

type outputConfig struct {
	Format format `json:"format"`
}

type tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	InputSchema json.RawMessage `json:"input_schema"`
}

type choice struct {
	Type string `json:"type"`
	Name string `json:"name"`
}

// request is the part of the Messages API that is used.
type request struct {
	Model        string        `json:"model"`
	MaxTokens    int           `json:"max_tokens"`
	Temperature  *float64      `json:"temperature,omitempty"`
	System       []block       `json:"system,omitempty"`
	Messages     []turn        `json:"messages"`
	OutputConfig *outputConfig `json:"output_config,omitempty"`
	Tools        []tool        `json:"tools,omitempty"`
	ToolChoice   *choice       `json:"tool_choice,omitempty"`
}

func params(r llm.Request) (request, error) {
	if err := r.Check(); err != nil {
		return request{}, err
	}
	q := request{Model: r.Model, MaxTokens: r.MaxTokens}
	for _, s := range r.System {
		q.System = append(q.System, block{Type: "text", Text: s})
	}
	if n := len(q.System); n > 0 {
		q.System[n-1].Cache = &kind{"ephemeral"}
	}
	for _, m := range r.Messages {
		q.Messages = append(q.Messages, turn{string(m.Role), []block{{Type: "text", Text: m.Text}}})
	}
	if r.Temperature != nil && TakesTemperature(r.Model) {
		warmth := min(*r.Temperature, 1)
		q.Temperature = &warmth
	}
	if r.Schema == nil {
		return q, nil
	}
	schema, err := r.Schema.Plain()
	if err != nil {
		return request{}, err
	}
	if byTool(r.Model) {
		q.Tools = []tool{{r.Schema.Name, "Gives the answer. It does nothing else.", schema}}
		q.ToolChoice = &choice{"tool", r.Schema.Name}
	} else {
		q.OutputConfig = &outputConfig{format{"json_schema", schema}}
	}
	return q, nil
}
