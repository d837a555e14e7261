package llm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Model is a language model. It is safe for concurrent use. Its errors are
// *Error. Beside an error the Reply holds nothing but the Usage that is known: an
// answer that cannot be used was paid for.
type Model interface {
	Generate(ctx context.Context, r Request) (Reply, error)
	Embed(ctx context.Context, r EmbedRequest) (Vectors, error)
}

// Adapter is a Model that can show what it would send.
type Adapter interface {
	Model
	// Bytes is the body that Generate sends for this Request, byte for byte.
	Bytes(r Request) ([]byte, error)
}

// Role is who says a Turn.
type Role string

// The two who speak. Instructions are Request.System.
const (
	User      Role = "user"
	Assistant Role = "assistant"
)

// Turn is one thing said.
type Turn struct {
	Role Role
	Text string
}

// Request is one question to a model.
type Request struct {
	Model    string
	System   []string // blocks of instruction, the steadiest first: a vendor may keep what is read for the next call
	Messages []Turn   // ends with a User's
	Schema   *Schema  // nil = free text
	// Temperature is left out where nil: some models take none.
	Temperature *float64
	MaxTokens   int // of the answer
}

// Limits of a Request.
const (
	MaxText   = 1 << 20 // bytes of all texts
	MaxTurns  = 200
	MaxOutput = 16_000 // tokens
)

// Check says what no vendor would take, as an *Error of kind BadRequest.
func (r Request) Check() error {
	size := 0
	texts := append([]string{r.Model}, r.System...)
	for _, m := range r.Messages {
		if m.Role != User && m.Role != Assistant {
			return wrong("a turn is said by user or assistant")
		}
		texts = append(texts, m.Text)
	}
	for _, t := range texts {
		size += len(t)
		if strings.TrimSpace(t) == "" {
			return wrong("the model's name, the instructions and the turns are not empty")
		}
		if !utf8.ValidString(t) || strings.ContainsRune(t, 0) {
			return wrong("a text is not valid UTF-8 or holds a zero byte")
		}
	}
	switch {
	case len(r.Messages) == 0 || r.Messages[len(r.Messages)-1].Role != User:
		return wrong("the last turn is the user's")
	case len(texts) > MaxTurns:
		return wrong(fmt.Sprintf("a question has at most %d turns and blocks", MaxTurns))
	case size > MaxText:
		return &Error{Kind: TooLong, Cause: fmt.Errorf("a question has at most %d bytes", MaxText)}
	case r.MaxTokens < 1 || r.MaxTokens > MaxOutput:
		return wrong(fmt.Sprintf("an answer has 1 to %d tokens", MaxOutput))
	case r.Temperature != nil && (*r.Temperature < 0 || *r.Temperature > 2):
		return wrong("a temperature lies between 0 and 2")
	case r.Schema != nil:
		return r.Schema.Valid()
	}
	return nil
}

func wrong(what string) error { return &Error{Kind: BadRequest, Cause: errors.New(what)} }

// Usage is what a call took, in tokens.
type Usage struct {
	In      int // all that was read, Cached and Written included
	Out     int
	Cached  int // of In: read from the vendor's short memory, cheaper
	Written int // of In: put into it, dearer at some vendors
}

// Add sums two calls.
func (u Usage) Add(v Usage) Usage {
	return Usage{u.In + v.In, u.Out + v.Out, u.Cached + v.Cached, u.Written + v.Written}
}

// Reply is what a model said.
type Reply struct {
	Text      string
	JSON      []byte // the same, checked, where the Request had a Schema; otherwise nil
	Usage     Usage
	Model     string // that answered, as the vendor names it
	RequestID string // the vendor's, to ask its support about
	Stop      string // the vendor's reason to end
	Attempts  int    // calls it took; 0 = one
}

// EmbedRequest asks for vectors.
type EmbedRequest struct {
	Model      string
	Texts      []string
	Dimensions int // 0 = the model's own
}

// MaxBatch is how many texts one EmbedRequest has at most.
const MaxBatch = 256

// Check says what no vendor would take.
func (r EmbedRequest) Check() error {
	size := 0
	for _, t := range r.Texts {
		size += len(t)
		if strings.TrimSpace(t) == "" || !utf8.ValidString(t) || strings.ContainsRune(t, 0) {
			return wrong("a text is empty, not valid UTF-8, or holds a zero byte")
		}
	}
	switch {
	case r.Model == "":
		return wrong("the model has no name")
	case len(r.Texts) == 0 || len(r.Texts) > MaxBatch:
		return wrong(fmt.Sprintf("1 to %d texts are embedded at once", MaxBatch))
	case size > MaxText:
		return &Error{Kind: TooLong, Cause: fmt.Errorf("at most %d bytes are embedded at once", MaxText)}
	case r.Dimensions < 0 || r.Dimensions > 8192:
		return wrong("a vector has up to 8192 dimensions")
	}
	return nil
}

// Vectors are the answer, in the order of the texts, each of Dimensions numbers.
type Vectors struct {
	Model      string
	Dimensions int
	List       [][]float32
	Usage      Usage
	RequestID  string
}
