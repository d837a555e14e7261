package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/kit/httpx"
)

// Body writes a question in a vendor's form: JSON in the order of its fields,
// with letters as they are.
func Body(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, &Error{Kind: BadRequest, Cause: errors.New("the question cannot be written as JSON")}
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Post makes one call with a body of JSON. The answer is whole where its status
// is a success; of any other, what came of it. What that status means is the
// adapter's to say. Its error is an *Error.
func Post(ctx context.Context, calls *httpx.Client, call httpx.Call, body []byte) (httpx.Answer, error) {
	header := map[string]string{"Accept": "application/json", "Content-Type": "application/json"}
	maps.Copy(header, call.Header)
	call.Method, call.Header, call.Body = http.MethodPost, header, bytes.NewReader(body)
	got, err := calls.Do(ctx, call)
	if err != nil && (ctx.Err() != nil || got.Status < 300) {
		return httpx.Answer{}, Transport(ctx, err, got.Status != 0)
	}
	return got, nil
}

// Read takes a vendor's answer apart. Its error, an *Error of kind Broken, does
// not repeat the answer.
func Read(answer []byte, into any) error {
	if json.Unmarshal(answer, into) != nil {
		return &Error{Kind: Broken, Cause: errors.New("the answer cannot be read")}
	}
	return nil
}

// Tokens is a count as a vendor writes it, who may write 12.0 for 12.
type Tokens float64

// maxCount is more than any call takes.
const maxCount = 1e9

// Int is the count; 0 for what cannot be one.
func (t Tokens) Int() int {
	if !(t > 0 && t <= maxCount) {
		return 0
	}
	return int(t)
}

// maxSaid bounds what is looked at of a refusal, in bytes.
const maxSaid = 4 << 10

// Said is the words of a refusal that has none in its vendor's form: the
// beginning of its body, or the name of its status.
func Said(a httpx.Answer) string {
	if len(bytes.TrimSpace(a.Body)) == 0 {
		return http.StatusText(a.Status)
	}
	return string(a.Body[:min(len(a.Body), maxSaid)])
}

// Transport makes an *Error of a failure without an error answer from the
// vendor. answered: an answer had begun.
func Transport(ctx context.Context, err error, answered bool) *Error {
	var h *httpx.Error
	switch {
	case ctx.Err() != nil:
		return Ended(ctx)
	case errors.As(err, &h) && h.Kind == httpx.Refused && errors.Is(err, ErrNoDPA):
		return &Error{Kind: NoDPA, Cause: ErrNoDPA}
	case errors.As(err, &h) && h.Kind == httpx.Refused && errors.Is(err, ErrKeepsLong):
		return &Error{Kind: KeepsLong, Cause: ErrKeepsLong}
	case errors.As(err, &h) && h.Kind == httpx.Refused:
		return &Error{Kind: NotAllowed, Cause: h}
	case errors.As(err, &h) && h.Kind == httpx.TimedOut:
		return &Error{Kind: Timeout, Cause: h}
	case errors.As(err, &h) && h.Kind == httpx.Failed && !answered:
		return &Error{Kind: Network, Cause: h}
	case errors.As(err, &h):
		return &Error{Kind: Broken, Cause: h}
	}
	return &Error{Kind: Network, Cause: errors.New("the call could not be made")}
}

// RetryAfter reads when a vendor may be asked again, at most an hour; 0 = it
// does not say.
func RetryAfter(h http.Header) time.Duration {
	unit, text := time.Millisecond, h.Get("Retry-After-Ms")
	if text == "" {
		unit, text = time.Second, h.Get("Retry-After")
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(n > 0) {
		return 0
	}
	return time.Duration(min(n*float64(unit), float64(time.Hour)))
}
