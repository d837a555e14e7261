package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/llm"
)

// Own is OpenAI's own address.
const Own = "https://api.openai.com/v1"

// Style is which of the two ways of asking a server takes.
type Style string

// Styles.
const (
	ByHost    Style = "" // Responses for OpenAI's own host, Chat for any other
	Responses Style = "responses"
	Chat      Style = "chat"
)

// Options is what an Adapter is made of.
type Options struct {
	URL   string      // "" = Own; "/v1" is added to an address without a path
	Key   secret.Text // zero: none is sent, as a server on this machine may like it
	Calls *httpx.Client
	Rule  string // of the register of outgoing calls
	Style Style
}

// Adapter is an llm.Adapter.
type Adapter struct {
	key   secret.Text
	style Style
	base  string // ends with a slash
	calls *httpx.Client
	rule  string
}

// New makes an Adapter. It calls nobody.
func New(o Options) (*Adapter, error) {
	base, host, err := address(o.URL)
	if err != nil {
		return nil, err
	}
	if o.Style == ByHost {
		o.Style = Chat
		if host == "api.openai.com" {
			o.Style = Responses
		}
	}
	return &Adapter{key: o.Key, style: o.Style, base: base, calls: o.Calls, rule: o.Rule}, nil
}

func address(raw string) (base, host string, err error) {
	if raw == "" {
		raw = Own
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", "", &llm.Error{Kind: llm.BadRequest, Cause: errors.New("the address of a model looks like https://host/v1")}
	}
	u.Path = strings.TrimRight(u.Path, "/")
	if u.Path == "" {
		u.Path = "/v1"
	}
	return u.String() + "/", strings.ToLower(u.Hostname()), nil
}

// Bytes is the body that Generate sends.
func (a *Adapter) Bytes(r llm.Request) ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	if a.style == Responses {
		return responseBody(r)
	}
	return chatBody(r)
}

// Generate asks the model.
func (a *Adapter) Generate(ctx context.Context, r llm.Request) (llm.Reply, error) {
	body, err := a.Bytes(r)
	if err != nil {
		return llm.Reply{}, err
	}
	path, read := "chat/completions", readChat
	if a.style == Responses {
		path, read = "responses", readResponse
	}
	got, err := a.post(ctx, path, body)
	if err != nil {
		return llm.Reply{}, err
	}
	out, err := read(got.Body)
	if err == nil && r.Schema != nil {
		out.JSON = []byte(strings.TrimSpace(out.Text))
		err = r.Schema.Check(out.JSON)
	}
	if err != nil {
		return llm.Reply{Usage: out.Usage}, a.completed(err, got)
	}
	out.RequestID = a.requestID(got)
	return out, nil
}

// post makes one call; an answer without success is an error.
func (a *Adapter) post(ctx context.Context, path string, body []byte) (httpx.Answer, error) {
	got, err := llm.Post(ctx, a.calls, httpx.Call{Rule: a.rule, URL: a.base + path, Bearer: a.key}, body)
	if err == nil && (got.Status < 200 || got.Status > 299) {
		err = a.failure(got)
	}
	return got, err
}

// completed puts what is known of the call into an error about its answer.
func (a *Adapter) completed(err error, got httpx.Answer) error {
	var e *llm.Error
	if errors.As(err, &e) {
		e.Status, e.RequestID, e.Words = got.Status, a.requestID(got), llm.Words(e.Words, a.key)
	}
	return err
}

func (a *Adapter) requestID(got httpx.Answer) string {
	return llm.Words(got.Header.Get("X-Request-Id"), a.key)
}

func broken(what string) error { return &llm.Error{Kind: llm.Broken, Cause: errors.New(what)} }

// failure reads what the vendor said in place of an answer.
func (a *Adapter) failure(got httpx.Answer) error {
	e := &llm.Error{Status: got.Status, Kind: llm.FromStatus(got.Status), RequestID: a.requestID(got), RetryAfter: llm.RetryAfter(got.Header)}
	code, words := refusal(got.Body)
	if words == "" {
		words = llm.Said(got)
	}
	e.Words = llm.Words(words, a.key)
	switch {
	case e.Status == http.StatusTooManyRequests && has(code, "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "spend_limit"):
		e.Kind, e.RetryAfter = llm.Quota, 0
	case has(code, "context_length_exceeded", "string_above_max_length"):
		e.Kind = llm.TooLong
	case has(code, "content_policy_violation", "content_filter"):
		e.Kind = llm.Refused
	}
	return e
}

// complaint is what an error answer says. Other servers than OpenAI write a
// number for the code.
type complaint struct {
	Message    string
	Code, Type json.RawMessage
}

// refusal gives the codes and the words of an error answer: OpenAI's
// {"error": {…}}, or {"error": "words"} and {"message": "words"} as other servers
// write it. What has another type is passed over, so that its neighbours are read.
func refusal(body []byte) (code, words string) {
	var outer struct {
		Error, Detail json.RawMessage
		complaint
	}
	_ = json.Unmarshal(body, &outer) // what is no such object says nothing
	said, flat := outer.complaint, ""
	switch {
	case bytes.HasPrefix(outer.Error, []byte("{")):
		said = complaint{}
		_ = json.Unmarshal(outer.Error, &said) // as above
	case json.Unmarshal(outer.Error, &flat) == nil && flat != "", said.Message == "" && json.Unmarshal(outer.Detail, &flat) == nil:
		said.Message = flat
	}
	return string(said.Code) + " " + string(said.Type), said.Message
}

func has(text string, some ...string) bool {
	for _, s := range some {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}
