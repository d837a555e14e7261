package meta

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/httpx"
)

// Refusal is what Meta said no with. It never repeats Meta's text, which may
// repeat a message.
type Refusal struct {
	Code, Sub int64
	Status    int
	Trace     string // fbtrace_id, for a question to Meta
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("meta answered %d: code %d/%d, trace %s", r.Status, r.Code, r.Sub, r.Trace)
}

// maxTrace bounds what of Meta's trace id reaches a log.
const maxTrace = 64

// answered reads an answer that is no success. send says that the call may have
// sent a message: then an answer without Meta's verdict leaves the outcome open.
func answered(a httpx.Answer, send bool) error {
	var env struct {
		Error Opt[struct {
			Code      Str  `json:"code"`
			Sub       Str  `json:"error_subcode"`
			Transient Flag `json:"is_transient"`
			Trace     Str  `json:"fbtrace_id"`
		}] `json:"error"`
		Type Str `json:"error_type"` // the code exchange of Instagram answers so (1.3)
		Code Str `json:"code"`
	}
	said := json.Unmarshal(a.Body, &env) == nil
	r := &Refusal{Code: env.Error.V.Code.Int(), Sub: env.Error.V.Sub.Int(), Status: a.Status, Trace: env.Error.V.Trace.ID()}
	r.Trace = r.Trace[:min(len(r.Trace), maxTrace)]
	switch {
	case said && env.Error.OK && env.Error.V.Code != "":
		f := lookUp(r.Code, r.Sub)
		if env.Error.V.Transient && f == unlisted {
			f = refusal{reason: "temporary", as: down, retry: true}
		}
		return failed(f, r, retryAfter(a, f))
	case said && env.Type != "":
		return failed(refusal{reason: "code_used", as: wrong}, r, 0)
	case a.Status == http.StatusTooManyRequests:
		f := refusal{reason: "rate_limited", as: slow, retry: true}
		return failed(f, r, retryAfter(a, f))
	case send && (a.Status >= 500 || a.Status < 400):
		return unknown(r)
	case a.Status >= 500:
		return failed(refusal{reason: "temporary", as: down, retry: true}, r, 0)
	case a.Status == http.StatusUnauthorized:
		return failed(refusal{reason: "token_invalid", as: token}, r, 0)
	}
	return failed(unlisted, r, 0)
}

func failed(f refusal, cause error, after time.Duration) error {
	if after > 0 {
		cause = &channel.Later{After: after, Cause: cause}
	}
	return &desk.Error{Code: f.as, Reason: f.reason, Text: channel.Words("en", f.reason), Retry: f.retry, Cause: cause}
}

// unknown is channel.ErrUnknown with its cause.
func unknown(cause error) error {
	e := *channel.ErrUnknown
	e.Cause = cause
	return &e
}

// unanswered turns a call without answer into what it means: certain only where
// nothing was sent.
func unanswered(err error, send bool) error {
	var e *httpx.Error
	switch {
	case !errors.As(err, &e):
		return failed(refusal{reason: "unreachable", as: down, retry: true}, err, 0)
	case e.Kind == httpx.Refused:
		return failed(refusal{reason: "call_refused", as: denied}, err, 0)
	case e.Sent && send:
		return unknown(err)
	}
	return failed(refusal{reason: "unreachable", as: down, retry: true}, err, 0)
}
