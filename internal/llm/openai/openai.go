package openai

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/responses"

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
	key       secret.Text
	style     Style
	responses responses.ResponseService
	chat      sdk.ChatCompletionService
	vectors   sdk.EmbeddingService
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
	// The services are made one by one because the library's own client looks
	// into the environment.
	opts := []option.RequestOption{option.WithBaseURL(base), option.WithMaxRetries(0), option.WithHTTPClient(o.Calls.View(o.Rule, llm.NoSelf()...))}
	if !o.Key.IsZero() {
		opts = append(opts, option.WithAPIKey(o.Key.Reveal()))
	}
	return &Adapter{key: o.Key, style: o.Style, responses: responses.NewResponseService(opts...),
		chat: sdk.NewChatCompletionService(opts...), vectors: sdk.NewEmbeddingService(opts...)}, nil
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
		p, err := responseParams(r)
		if err != nil {
			return nil, err
		}
		return p.MarshalJSON()
	}
	p, err := chatParams(r)
	if err != nil {
		return nil, err
	}
	return p.MarshalJSON()
}

// Generate asks the model.
func (a *Adapter) Generate(ctx context.Context, r llm.Request) (llm.Reply, error) {
	if err := r.Check(); err != nil {
		return llm.Reply{}, err
	}
	var out llm.Reply
	var err error
	if a.style == Responses {
		out, err = a.byResponses(ctx, r)
	} else {
		out, err = a.byChat(ctx, r)
	}
	if err != nil {
		return llm.Reply{}, err
	}
	if r.Schema != nil {
		out.JSON = []byte(strings.TrimSpace(out.Text))
		if err := r.Schema.Check(out.JSON); err != nil {
			return llm.Reply{}, err
		}
	}
	return out, nil
}

// Embed asks for vectors.
func (a *Adapter) Embed(ctx context.Context, r llm.EmbedRequest) (llm.Vectors, error) {
	if err := r.Check(); err != nil {
		return llm.Vectors{}, err
	}
	p := sdk.EmbeddingNewParams{Model: r.Model, Input: sdk.EmbeddingNewParamsInputUnion{OfArrayOfStrings: r.Texts},
		EncodingFormat: sdk.EmbeddingNewParamsEncodingFormatFloat}
	if r.Dimensions > 0 {
		p.Dimensions = param.NewOpt(int64(r.Dimensions))
	}
	var raw *http.Response
	res, err := a.vectors.New(ctx, p, option.WithResponseInto(&raw))
	if err != nil {
		return llm.Vectors{}, a.failure(ctx, err, raw)
	}
	out := llm.Vectors{Model: res.Model, RequestID: requestID(raw), List: make([][]float32, len(r.Texts)),
		Usage: llm.Usage{In: int(res.Usage.PromptTokens)}}
	for _, e := range res.Data {
		if e.Index < 0 || e.Index >= int64(len(r.Texts)) || out.List[e.Index] != nil {
			return llm.Vectors{}, broken("a vector belongs to no text")
		}
		out.List[e.Index] = narrow(e.Embedding)
	}
	out.Dimensions = len(out.List[0])
	for _, v := range out.List {
		if len(v) == 0 || len(v) != out.Dimensions || r.Dimensions > 0 && len(v) != r.Dimensions {
			return llm.Vectors{}, broken("the vectors are not one for each text, all of one length")
		}
	}
	return out, nil
}

// narrow gives nil for a vector with a number that is none.
func narrow(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		if out[i] = float32(x); math.IsNaN(x) || math.IsInf(float64(out[i]), 0) {
			return nil
		}
	}
	return out
}

func broken(what string) error { return &llm.Error{Kind: llm.Broken, Cause: errors.New(what)} }

func requestID(raw *http.Response) string {
	if raw == nil {
		return ""
	}
	return raw.Header.Get("X-Request-Id")
}

// failure reads what the vendor, or the way to it, said.
func (a *Adapter) failure(ctx context.Context, err error, raw *http.Response) error {
	if ctx.Err() != nil || raw == nil || raw.StatusCode < 300 {
		return llm.Transport(ctx, err, raw != nil)
	}
	e := &llm.Error{Status: raw.StatusCode, Kind: llm.FromStatus(raw.StatusCode), RequestID: requestID(raw), RetryAfter: llm.RetryAfter(raw.Header)}
	var said *sdk.Error
	code, words := "", ""
	if errors.As(err, &said) {
		code, words = said.Code+" "+said.Type, said.Message
	}
	if words == "" {
		words = rest(raw)
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

func has(text string, some ...string) bool {
	for _, s := range some {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// rest is the beginning of an error answer in another form than OpenAI's: plain
// words, or {"error": "words"} as some servers write it.
func rest(raw *http.Response) string {
	b, err := io.ReadAll(io.LimitReader(raw.Body, 4<<10))
	if err != nil {
		return http.StatusText(raw.StatusCode)
	}
	var flat struct{ Error, Message, Detail string }
	if json.Unmarshal(b, &flat) == nil && flat.Error+flat.Message+flat.Detail != "" {
		return flat.Error + flat.Message + flat.Detail
	}
	return string(b)
}
