package anthropic

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/llm"
)

// Own is Anthropic's own address.
const Own = "https://api.anthropic.com"

// version is the one of the wire format that is spoken.
const version = "2023-06-01"

// Options is what an Adapter is made of.
type Options struct {
	URL   string // "" = Own; with or without the "/v1" that calls have
	Key   secret.Text
	Calls *httpx.Client
	Rule  string // of the register of outgoing calls
}

// Adapter is an llm.Adapter.
type Adapter struct {
	key   secret.Text
	url   string
	calls *httpx.Client
	rule  string
}

// New makes an Adapter. It calls nobody.
func New(o Options) (*Adapter, error) {
	if o.URL == "" {
		o.URL = Own
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, &llm.Error{Kind: llm.BadRequest, Cause: errors.New("the address of a model looks like https://host")}
	}
	u.Path = strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/v1") + "/v1/messages"
	return &Adapter{key: o.Key, url: u.String(), calls: o.Calls, rule: o.Rule}, nil
}

// Bytes is the body that Generate sends.
func (a *Adapter) Bytes(r llm.Request) ([]byte, error) {
	q, err := params(r)
	if err != nil {
		return nil, err
	}
	return llm.Body(q)
}

// Embed fails: Anthropic has no vectors.
func (a *Adapter) Embed(context.Context, llm.EmbedRequest) (llm.Vectors, error) {
	return llm.Vectors{}, &llm.Error{Kind: llm.BadRequest, Cause: errors.New("no vectors are made by Anthropic: choose OpenAI or a server of your own for them")}
}

// Generate asks the model.
func (a *Adapter) Generate(ctx context.Context, r llm.Request) (llm.Reply, error) {
	body, err := a.Bytes(r)
	if err != nil {
		return llm.Reply{}, err
	}
	call := httpx.Call{Rule: a.rule, URL: a.url, Header: map[string]string{"Anthropic-Version": version}}
	if !a.key.IsZero() {
		call.Header["X-Api-Key"] = a.key.Reveal()
	}
	got, err := llm.Post(ctx, a.calls, call, body)
	if err != nil {
		return llm.Reply{}, err
	}
	if got.Status < 200 || got.Status > 299 {
		return llm.Reply{}, a.failure(got)
	}
	out, err := read(got.Body, r.Schema)
	if err == nil && r.Schema != nil {
		out.JSON = []byte(strings.TrimSpace(out.Text))
		err = r.Schema.Check(out.JSON)
	}
	if err != nil {
		var e *llm.Error
		if errors.As(err, &e) {
			e.Status, e.RequestID, e.Words = got.Status, a.requestID(got), llm.Words(e.Words, a.key)
		}
		return llm.Reply{Usage: out.Usage}, err
	}
	out.RequestID = a.requestID(got)
	return out, nil
}

// message is the part of an answer that is read.
type message struct {
	Model   string
	Content []struct {
		Type, Text, Name string
		Input            json.RawMessage
	}
	Stop    string                       `json:"stop_reason"`
	Details struct{ Explanation string } `json:"stop_details"`
	Usage   struct {
		In      llm.Tokens `json:"input_tokens"`
		Out     llm.Tokens `json:"output_tokens"`
		Cached  llm.Tokens `json:"cache_read_input_tokens"`
		Written llm.Tokens `json:"cache_creation_input_tokens"`
	}
}

func read(answer []byte, form *llm.Schema) (llm.Reply, error) {
	var res message
	if err := llm.Read(answer, &res); err != nil {
		return llm.Reply{}, err
	}
	u := res.Usage
	out := llm.Reply{Model: res.Model, Stop: res.Stop, Usage: llm.Usage{In: u.In.Int() + u.Cached.Int() + u.Written.Int(),
		Out: u.Out.Int(), Cached: u.Cached.Int(), Written: u.Written.Int()}}
	var text strings.Builder
	for _, b := range res.Content {
		switch {
		case b.Type == "text":
			text.WriteString(b.Text)
		case b.Type == "tool_use" && form != nil && b.Name == form.Name:
			text.Reset()
			text.Write(b.Input)
		}
	}
	out.Text = text.String()
	switch res.Stop {
	case "refusal":
		return out, &llm.Error{Kind: llm.Refused, Words: res.Details.Explanation}
	case "max_tokens", "model_context_window_exceeded":
		return out, &llm.Error{Kind: llm.TooLong, Cause: errors.New("the answer reached the limit of tokens before its end")}
	case "end_turn", "stop_sequence", "tool_use":
	default:
		return out, &llm.Error{Kind: llm.Broken, Cause: errors.New("the answer is not complete")}
	}
	if strings.TrimSpace(out.Text) == "" {
		return out, &llm.Error{Kind: llm.Broken, Cause: errors.New("the answer is empty")}
	}
	return out, nil
}

func (a *Adapter) requestID(got httpx.Answer) string {
	return llm.Words(got.Header.Get("Request-Id"), a.key)
}

// failure reads what the vendor said in place of an answer.
func (a *Adapter) failure(got httpx.Answer) error {
	e := &llm.Error{Status: got.Status, Kind: llm.FromStatus(got.Status), RequestID: a.requestID(got), RetryAfter: llm.RetryAfter(got.Header)}
	var envelope struct {
		Error struct{ Type, Message string }
	}
	_ = json.Unmarshal(got.Body, &envelope) // what is no such object says nothing
	code, words := envelope.Error.Type, envelope.Error.Message
	if words == "" {
		words = llm.Said(got)
	}
	e.Words = llm.Words(words, a.key)
	lower := strings.ToLower(words)
	switch {
	case code == "billing_error", strings.Contains(lower, "credit balance"), strings.Contains(lower, "usage limit"), strings.Contains(lower, "spend limit"):
		e.Kind, e.RetryAfter = llm.Quota, 0
	case code == "request_too_large", e.Kind == llm.BadRequest && strings.Contains(lower, "prompt is too long"):
		e.Kind = llm.TooLong
	case code == "overloaded_error":
		e.Kind = llm.Busy
	}
	return e
}
