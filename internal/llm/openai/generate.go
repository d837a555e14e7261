package openai

import (
	"encoding/json"
	"errors"
	"strings"

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

// turn is one message, the same in both ways of asking but for Type.
type turn struct {
	Type    string `json:"type,omitempty"`
	Role    string `json:"role"`
	Content string `json:"content"`
}

// form asks for an answer in the form of a schema.
type form struct {
	Type   string          `json:"type,omitempty"`
	Name   string          `json:"name"`
	Strict bool            `json:"strict"`
	Schema json.RawMessage `json:"schema"`
}

type responseText struct {
	Format form `json:"format"`
}

// responseRequest is the part of the Responses API that is used.
type responseRequest struct {
	Model           string        `json:"model"`
	Store           bool          `json:"store"`
	MaxOutputTokens int           `json:"max_output_tokens"`
	Temperature     *float64      `json:"temperature,omitempty"`
	Instructions    string        `json:"instructions,omitempty"`
	Input           []turn        `json:"input"`
	Text            *responseText `json:"text,omitempty"`
}

func responseBody(r llm.Request) ([]byte, error) {
	q := responseRequest{Model: r.Model, MaxOutputTokens: max(r.MaxTokens, leastTokens), Instructions: strings.Join(r.System, "\n\n")}
	if TakesTemperature(r.Model) {
		q.Temperature = r.Temperature
	}
	for _, m := range r.Messages {
		q.Input = append(q.Input, turn{"message", string(m.Role), m.Text})
	}
	if r.Schema != nil {
		schema, err := r.Schema.Plain()
		if err != nil {
			return nil, err
		}
		q.Text = &responseText{form{"json_schema", r.Schema.Name, true, schema}}
	}
	return llm.Body(q)
}

// response is the part of an answer that is read.
type response struct {
	Model      string
	Status     string
	Error      struct{ Message string }
	Incomplete struct{ Reason string } `json:"incomplete_details"`
	Output     []struct {
		Type    string
		Content json.RawMessage // of a message: parts; of others what they like
	}
	Usage struct {
		In      llm.Tokens `json:"input_tokens"`
		Out     llm.Tokens `json:"output_tokens"`
		Details struct {
			Cached llm.Tokens `json:"cached_tokens"`
		} `json:"input_tokens_details"`
	}
}

func readResponse(answer []byte) (llm.Reply, error) {
	var res response
	if err := llm.Read(answer, &res); err != nil {
		return llm.Reply{}, err
	}
	out := llm.Reply{Model: res.Model, Stop: res.Status, Usage: llm.Usage{In: res.Usage.In.Int(), Out: res.Usage.Out.Int(), Cached: res.Usage.Details.Cached.Int()}}
	var text strings.Builder
	for _, item := range res.Output {
		var parts []struct{ Type, Text, Refusal string }
		if item.Type != "message" || len(item.Content) == 0 {
			continue
		}
		if err := llm.Read(item.Content, &parts); err != nil {
			return out, err
		}
		for _, p := range parts {
			switch p.Type {
			case "refusal":
				return out, &llm.Error{Kind: llm.Refused, Words: p.Refusal}
			case "output_text":
				text.WriteString(p.Text)
			}
		}
	}
	out.Text = text.String()
	switch {
	case res.Status == "failed":
		return out, &llm.Error{Kind: llm.Server, Words: res.Error.Message}
	case res.Incomplete.Reason == "content_filter":
		return out, &llm.Error{Kind: llm.Refused, Words: "content_filter"}
	case res.Incomplete.Reason == "max_output_tokens":
		return out, &llm.Error{Kind: llm.TooLong, Cause: errCut}
	case res.Status != "completed" || out.Text == "":
		return out, broken("the answer is not complete")
	}
	return out, nil
}

var errCut = errors.New("the answer reached the limit of tokens before its end")

type chatFormat struct {
	Type   string `json:"type"`
	Schema form   `json:"json_schema"`
}

// chatRequest is the part of Chat Completions that is used.
type chatRequest struct {
	Model               string      `json:"model"`
	MaxTokens           int         `json:"max_tokens,omitempty"`
	MaxCompletionTokens int         `json:"max_completion_tokens,omitempty"`
	Temperature         *float64    `json:"temperature,omitempty"`
	Messages            []turn      `json:"messages"`
	Format              *chatFormat `json:"response_format,omitempty"`
}

func chatBody(r llm.Request) ([]byte, error) {
	q := chatRequest{Model: r.Model}
	if len(r.System) > 0 {
		// One block: many servers' templates take no more.
		q.Messages = append(q.Messages, turn{Role: "system", Content: strings.Join(r.System, "\n\n")})
	}
	for _, m := range r.Messages {
		q.Messages = append(q.Messages, turn{Role: string(m.Role), Content: m.Text})
	}
	if thinks(r.Model) {
		q.MaxCompletionTokens = r.MaxTokens
	} else {
		q.MaxTokens, q.Temperature = r.MaxTokens, r.Temperature
	}
	if r.Schema != nil {
		schema, err := r.Schema.Plain()
		if err != nil {
			return nil, err
		}
		q.Format = &chatFormat{"json_schema", form{"", r.Schema.Name, true, schema}}
	}
	return llm.Body(q)
}

// chat is the part of an answer that is read.
type chat struct {
	Model   string
	Choices []struct {
		Message struct{ Content, Refusal string }
		Finish  string `json:"finish_reason"`
	}
	Usage struct {
		In      llm.Tokens `json:"prompt_tokens"`
		Out     llm.Tokens `json:"completion_tokens"`
		Details struct {
			Cached llm.Tokens `json:"cached_tokens"`
		} `json:"prompt_tokens_details"`
	}
}

func readChat(answer []byte) (llm.Reply, error) {
	var res chat
	if err := llm.Read(answer, &res); err != nil {
		return llm.Reply{}, err
	}
	out := llm.Reply{Model: res.Model, Usage: llm.Usage{In: res.Usage.In.Int(), Out: res.Usage.Out.Int(), Cached: res.Usage.Details.Cached.Int()}}
	if len(res.Choices) == 0 {
		return out, broken("the answer has no choice")
	}
	c := res.Choices[0]
	out.Text, out.Stop = c.Message.Content, c.Finish
	switch {
	case c.Message.Refusal != "" || c.Finish == "content_filter":
		return out, &llm.Error{Kind: llm.Refused, Words: c.Message.Refusal}
	case c.Finish == "length":
		return out, &llm.Error{Kind: llm.TooLong, Cause: errCut}
	case out.Text == "":
		return out, broken("the answer is empty")
	}
	return out, nil
}
