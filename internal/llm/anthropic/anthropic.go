package anthropic

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	sdk "github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"

	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/llm"
)

// Own is Anthropic's own address.
const Own = "https://api.anthropic.com"

// Options is what an Adapter is made of.
type Options struct {
	URL   string // "" = Own; without the "/v1" that the library adds
	Key   secret.Text
	Calls *httpx.Client
	Rule  string // of the register of outgoing calls
}

// Adapter is an llm.Adapter.
type Adapter struct {
	key      secret.Text
	messages sdk.MessageService
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
	u.Path = strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/v1") + "/"
	// The service is made by itself because the library's own client looks into
	// the environment.
	return &Adapter{key: o.Key, messages: sdk.NewMessageService(option.WithBaseURL(u.String()), option.WithAPIKey(o.Key.Reveal()), option.WithMaxRetries(0),
		option.WithRequestTimeout(longest), option.WithHTTPClient(o.Calls.View(o.Rule, llm.NoSelf()...)))}, nil
}

// longest only tells the library that the time was thought of: the caller's
// context and the rule of the register end a call long before.
const longest = 9 * time.Minute

// Bytes is the body that Generate sends.
func (a *Adapter) Bytes(r llm.Request) ([]byte, error) {
	p, err := params(r)
	if err != nil {
		return nil, err
	}
	return p.MarshalJSON()
}

// Embed fails: Anthropic has no vectors.
func (a *Adapter) Embed(context.Context, llm.EmbedRequest) (llm.Vectors, error) {
	return llm.Vectors{}, &llm.Error{Kind: llm.BadRequest, Cause: errors.New("no vectors are made by Anthropic: choose OpenAI or a server of your own for them")}
}

// Generate asks the model.
func (a *Adapter) Generate(ctx context.Context, r llm.Request) (llm.Reply, error) {
	p, err := params(r)
	if err != nil {
		return llm.Reply{}, err
	}
	var raw *http.Response
	res, err := a.messages.New(ctx, p, option.WithResponseInto(&raw))
	if err != nil {
		return llm.Reply{}, a.failure(ctx, err, raw)
	}
	u := res.Usage
	out := llm.Reply{Model: res.Model, RequestID: requestID(raw), Stop: string(res.StopReason), Usage: llm.Usage{
		In:  int(u.InputTokens + u.CacheReadInputTokens + u.CacheCreationInputTokens),
		Out: int(u.OutputTokens), Cached: int(u.CacheReadInputTokens), Written: int(u.CacheCreationInputTokens)}}
	bad := &llm.Error{Kind: llm.Broken, Status: raw.StatusCode, RequestID: out.RequestID}
	var text strings.Builder
	for _, b := range res.Content {
		switch {
		case b.Type == "text":
			text.WriteString(b.Text)
		case b.Type == "tool_use" && r.Schema != nil && b.Name == r.Schema.Name:
			text.Reset()
			text.Write(b.Input)
		}
	}
	out.Text = text.String()
	switch res.StopReason {
	case sdk.StopReasonRefusal:
		bad.Kind, bad.Words = llm.Refused, llm.Words(res.StopDetails.Explanation, a.key)
		return llm.Reply{}, bad
	case sdk.StopReasonMaxTokens, sdk.StopReasonModelContextWindowExceeded:
		bad.Kind, bad.Cause = llm.TooLong, errors.New("the answer reached the limit of tokens before its end")
		return llm.Reply{}, bad
	case sdk.StopReasonEndTurn, sdk.StopReasonStopSequence, sdk.StopReasonToolUse:
	default:
		bad.Cause = errors.New("the answer is not complete")
		return llm.Reply{}, bad
	}
	if strings.TrimSpace(out.Text) == "" {
		bad.Cause = errors.New("the answer is empty")
		return llm.Reply{}, bad
	}
	if r.Schema != nil {
		out.JSON = []byte(strings.TrimSpace(out.Text))
		if err := r.Schema.Check(out.JSON); err != nil {
			return llm.Reply{}, err
		}
	}
	return out, nil
}

func requestID(raw *http.Response) string {
	if raw == nil {
		return ""
	}
	return raw.Header.Get("Request-Id")
}

// failure reads what the vendor, or the way to it, said.
func (a *Adapter) failure(ctx context.Context, err error, raw *http.Response) error {
	if ctx.Err() != nil || raw == nil || raw.StatusCode < 300 {
		return llm.Transport(ctx, err, raw != nil)
	}
	e := &llm.Error{Status: raw.StatusCode, Kind: llm.FromStatus(raw.StatusCode), RequestID: requestID(raw), RetryAfter: llm.RetryAfter(raw.Header)}
	kind, words := said(err, raw)
	e.Words = llm.Words(words, a.key)
	lower := strings.ToLower(words)
	switch {
	case kind == "billing_error", strings.Contains(lower, "credit balance"), strings.Contains(lower, "usage limit"), strings.Contains(lower, "spend limit"):
		e.Kind, e.RetryAfter = llm.Quota, 0
	case kind == "request_too_large", e.Kind == llm.BadRequest && strings.Contains(lower, "prompt is too long"):
		e.Kind = llm.TooLong
	case kind == "overloaded_error":
		e.Kind = llm.Busy
	}
	return e
}

// said gives the type and the words of an error answer.
func said(err error, raw *http.Response) (kind, words string) {
	var body []byte
	var known *sdk.Error
	if errors.As(err, &known) {
		body = []byte(known.RawJSON())
	} else if b, reading := io.ReadAll(io.LimitReader(raw.Body, 4<<10)); reading == nil {
		body = b
	}
	var envelope struct {
		Error struct{ Type, Message string }
	}
	if json.Unmarshal(body, &envelope) == nil && envelope.Error.Message != "" {
		return envelope.Error.Type, envelope.Error.Message
	}
	if len(body) == 0 {
		return "", http.StatusText(raw.StatusCode)
	}
	return "", string(body[:min(len(body), 4<<10)])
}
