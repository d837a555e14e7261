package openai

import (
	"context"
	"errors"
	"net/http"
	"strings"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"

	"parley/internal/llm"
)

// TakesTemperature reports whether OpenAI's own model of this name takes a
// temperature: the ones that think first refuse it.
func TakesTemperature(model string) bool {
	for _, p := range []string{"gpt-3", "gpt-4", "chatgpt-4", "ft:gpt-3", "ft:gpt-4"} {
		if strings.HasPrefix(model, p) {
			return true
		}
	}
	return false
}

// leastTokens is the smallest limit of an answer that OpenAI takes.
const leastTokens = 16

// thinks reports whether a model, behind whichever server, is by its name one of
// OpenAI's that think first: they refuse a temperature and name the limit of
// tokens otherwise. Every other server's models take both.
func thinks(model string) bool {
	return strings.HasPrefix(model, "gpt-5") || strings.HasPrefix(model, "gpt-6") || len(model) > 1 && model[0] == 'o' && model[1] >= '1' && model[1] <= '9'
}

func responseParams(r llm.Request) (responses.ResponseNewParams, error) {
	p := responses.ResponseNewParams{Model: r.Model, Store: param.NewOpt(false), MaxOutputTokens: param.NewOpt(int64(max(r.MaxTokens, leastTokens)))}
	if len(r.System) > 0 {
		p.Instructions = param.NewOpt(strings.Join(r.System, "\n\n"))
	}
	if r.Temperature != nil && TakesTemperature(r.Model) {
		p.Temperature = param.NewOpt(*r.Temperature)
	}
	for _, m := range r.Messages {
		p.Input.OfInputItemList = append(p.Input.OfInputItemList, responses.ResponseInputItemUnionParam{OfMessage: &responses.EasyInputMessageParam{
			Type: responses.EasyInputMessageTypeMessage, Role: responses.EasyInputMessageRole(m.Role),
			Content: responses.EasyInputMessageContentUnionParam{OfString: param.NewOpt(m.Text)}}})
	}
	if r.Schema != nil {
		schema, err := r.Schema.Plain()
		if err != nil {
			return p, err
		}
		p.Text.Format.OfJSONSchema = &responses.ResponseFormatTextJSONSchemaConfigParam{Name: r.Schema.Name, Schema: schema, Strict: param.NewOpt(true)}
	}
	return p, nil
}

func (a *Adapter) byResponses(ctx context.Context, r llm.Request) (llm.Reply, error) {
	p, err := responseParams(r)
	if err != nil {
		return llm.Reply{}, err
	}
	var raw *http.Response
	res, err := a.responses.New(ctx, p, option.WithResponseInto(&raw))
	if err != nil {
		return llm.Reply{}, a.failure(ctx, err, raw)
	}
	out := llm.Reply{Model: res.Model, RequestID: requestID(raw), Stop: string(res.Status),
		Usage: llm.Usage{In: int(res.Usage.InputTokens), Out: int(res.Usage.OutputTokens), Cached: int(res.Usage.InputTokensDetails.CachedTokens)}}
	bad := &llm.Error{Kind: llm.Broken, Status: raw.StatusCode, RequestID: out.RequestID}
	var text strings.Builder
	for _, item := range res.Output {
		for _, c := range item.Content {
			if c.Type == "refusal" {
				bad.Kind, bad.Words = llm.Refused, llm.Words(c.Refusal, a.key)
				return out, bad
			}
			if item.Type == "message" && c.Type == "output_text" {
				text.WriteString(c.Text)
			}
		}
	}
	out.Text = text.String()
	switch {
	case res.Status == responses.ResponseStatusFailed:
		bad.Kind, bad.Words = llm.Server, llm.Words(res.Error.Message, a.key)
		return out, bad
	case res.IncompleteDetails.Reason == "content_filter":
		bad.Kind, bad.Words = llm.Refused, "content_filter"
		return out, bad
	case res.IncompleteDetails.Reason == "max_output_tokens":
		bad.Kind, bad.Cause = llm.TooLong, errCut
		return out, bad
	case res.Status != responses.ResponseStatusCompleted || out.Text == "":
		bad.Cause = errors.New("the answer is not complete")
		return out, bad
	}
	return out, nil
}

var errCut = errors.New("the answer reached the limit of tokens before its end")

func chatParams(r llm.Request) (sdk.ChatCompletionNewParams, error) {
	p := sdk.ChatCompletionNewParams{Model: r.Model, MaxTokens: param.NewOpt(int64(r.MaxTokens))}
	if len(r.System) > 0 {
		// One block: many servers' templates take no more.
		p.Messages = append(p.Messages, sdk.SystemMessage(strings.Join(r.System, "\n\n")))
	}
	for _, m := range r.Messages {
		if m.Role == llm.Assistant {
			p.Messages = append(p.Messages, sdk.AssistantMessage(m.Text))
		} else {
			p.Messages = append(p.Messages, sdk.UserMessage(m.Text))
		}
	}
	if thinks(r.Model) {
		p.MaxTokens, p.MaxCompletionTokens = param.Opt[int64]{}, p.MaxTokens
	} else if r.Temperature != nil {
		p.Temperature = param.NewOpt(*r.Temperature)
	}
	if r.Schema != nil {
		schema, err := r.Schema.Plain()
		if err != nil {
			return p, err
		}
		p.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
			Name: r.Schema.Name, Schema: schema, Strict: param.NewOpt(true)}}
	}
	return p, nil
}

func (a *Adapter) byChat(ctx context.Context, r llm.Request) (llm.Reply, error) {
	p, err := chatParams(r)
	if err != nil {
		return llm.Reply{}, err
	}
	var raw *http.Response
	res, err := a.chat.New(ctx, p, option.WithResponseInto(&raw))
	if err != nil {
		return llm.Reply{}, a.failure(ctx, err, raw)
	}
	out := llm.Reply{Model: res.Model, RequestID: requestID(raw),
		Usage: llm.Usage{In: int(res.Usage.PromptTokens), Out: int(res.Usage.CompletionTokens), Cached: int(res.Usage.PromptTokensDetails.CachedTokens)}}
	bad := &llm.Error{Kind: llm.Broken, Status: raw.StatusCode, RequestID: out.RequestID}
	if len(res.Choices) == 0 {
		bad.Cause = errors.New("the answer has no choice")
		return out, bad
	}
	c := res.Choices[0]
	out.Text, out.Stop = c.Message.Content, c.FinishReason
	switch {
	case c.Message.Refusal != "" || c.FinishReason == "content_filter":
		bad.Kind, bad.Words = llm.Refused, llm.Words(c.Message.Refusal, a.key)
		return out, bad
	case c.FinishReason == "length":
		bad.Kind, bad.Cause = llm.TooLong, errCut
		return out, bad
	case out.Text == "":
		bad.Cause = errors.New("the answer is empty")
		return out, bad
	}
	return out, nil
}
