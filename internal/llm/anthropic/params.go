package anthropic

import (
	"encoding/json"
	"errors"
	"strings"

	sdk "github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/packages/param"

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

func params(r llm.Request) (sdk.MessageNewParams, error) {
	if err := r.Check(); err != nil {
		return sdk.MessageNewParams{}, err
	}
	p := sdk.MessageNewParams{Model: r.Model, MaxTokens: int64(r.MaxTokens)}
	for _, s := range r.System {
		p.System = append(p.System, sdk.TextBlockParam{Text: s})
	}
	if n := len(p.System); n > 0 {
		p.System[n-1].CacheControl = sdk.NewCacheControlEphemeralParam()
	}
	for _, m := range r.Messages {
		block := sdk.NewTextBlock(m.Text)
		if m.Role == llm.Assistant {
			p.Messages = append(p.Messages, sdk.NewAssistantMessage(block))
		} else {
			p.Messages = append(p.Messages, sdk.NewUserMessage(block))
		}
	}
	if r.Temperature != nil && TakesTemperature(r.Model) {
		p.Temperature = param.NewOpt(min(*r.Temperature, 1))
	}
	if r.Schema == nil {
		return p, nil
	}
	err := form(&p, r)
	return p, err
}

// form asks for an answer in the form of the schema.
func form(p *sdk.MessageNewParams, r llm.Request) error {
	schema, err := r.Schema.Plain()
	if err != nil {
		return err
	}
	if !byTool(r.Model) {
		p.OutputConfig.Format.Schema = schema
		return nil
	}
	in := sdk.ToolInputSchemaParam{Properties: schema["properties"], ExtraFields: map[string]any{"additionalProperties": false}}
	required, _ := schema["required"].(json.RawMessage)
	if err := json.Unmarshal(required, &in.Required); err != nil {
		return &llm.Error{Kind: llm.BadRequest, Cause: errors.New("the schema requires nothing")}
	}
	tool := sdk.ToolUnionParamOfTool(in, r.Schema.Name)
	tool.OfTool.Description = param.NewOpt("Gives the answer. It does nothing else.")
	p.Tools = []sdk.ToolUnionParam{tool}
	p.ToolChoice = sdk.ToolChoiceParamOfTool(r.Schema.Name)
	return nil
}
