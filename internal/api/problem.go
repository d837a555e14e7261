package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/member"
)

// Problem is every error answer (RFC 9457). Code is for programs, title for
// people in their language, detail for developers.
type Problem struct {
	Status     int            `json:"status" doc:"HTTP status" example:"404"`
	Title      string         `json:"title" doc:"What happened, in the caller's language"`
	Detail     string         `json:"detail,omitempty" doc:"More, in English"`
	Code       string         `json:"code" doc:"What happened, for programs" example:"not_found"`
	Errors     []ProblemField `json:"errors,omitempty" nullable:"false" doc:"What is wrong with which field"`
	Workspaces []Named        `json:"workspaces,omitempty" nullable:"false" doc:"With choose_workspace: where the password fits"`

	Asks []AskedStatement `json:"asks,omitempty" nullable:"false" doc:"With not_acknowledged: what to agree to; name what and version of each in the same call"`
	Name string           `json:"name,omitempty" doc:"With not_acknowledged, of an account outside: what the provider calls them"`
}

// ProblemField says what is wrong with one field.
type ProblemField struct {
	Location string `json:"location" example:"body.name"`
	Message  string `json:"message"`
}

// Named is something with an id and a name.
type Named struct {
	ID   desk.ID `json:"id"`
	Name string  `json:"name"`
}

func (p *Problem) Error() string { return p.Code }

// GetStatus is for huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is for huma.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// status is the one table from a desk code to HTTP.
func status(c desk.Code) int {
	switch c {
	case desk.Invalid:
		return http.StatusUnprocessableEntity
	case desk.Unauthenticated:
		return http.StatusUnauthorized
	case desk.Forbidden:
		return http.StatusForbidden
	case desk.NotEntitled:
		return http.StatusPaymentRequired
	case desk.NotFound:
		return http.StatusNotFound
	case desk.Conflict:
		return http.StatusConflict
	case desk.TooMany:
		return http.StatusTooManyRequests
	case desk.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// refused is a refusal that has a status of its own beyond the table.
type refused struct {
	status int
	err    *desk.Error
}

func (e *refused) Error() string { return e.err.Error() }

func (e *refused) Unwrap() error { return e.err }

func refuse(status int, reason, text string) error {
	return &refused{status, desk.Fail(desk.Invalid, reason, text)}
}

// problem turns an error into what the caller may see, sets Retry-After where
// it is known, and logs what is our own fault.
func (a *API) problem(ctx context.Context, c *call, err error) *Problem {
	var e *desk.Error
	if !errors.As(err, &e) {
		e = &desk.Error{Code: desk.Internal, Cause: err}
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			e = &desk.Error{Code: desk.Unavailable, Reason: "cut_off", Text: "the request ended before its answer", Retry: true}
		}
	}
	p := &Problem{Status: status(e.Code), Code: e.Reason, Detail: e.Text, Title: i18n.T(c.locale, "error."+string(e.Code), nil)}
	if p.Code == "" {
		p.Code = string(e.Code)
	}
	if words := channel.Words(c.locale, e.Reason); words != "" { // what a provider refused, in the person's language
		p.Detail = words
	}
	var own *refused
	if errors.As(err, &own) {
		p.Status = own.status
	}
	if e.Code == desk.Internal {
		p.Detail = ""
		a.Log.ErrorContext(ctx, "request failed", "request", requestID(ctx), "error", err)
	}
	var fields fieldErrors
	if errors.As(err, &fields) {
		p.Errors = fields
	}
	var which member.Choose
	if errors.As(err, &which) {
		for _, w := range which {
			p.Workspaces = append(p.Workspaces, Named{w.ID, w.Name})
		}
	}
	var asked member.Asked
	if errors.As(err, &asked) {
		p.Asks, p.Name = askedOf(asked.Statements), asked.Name
	}
	if e.Code == desk.TooMany || e.Code == desk.Unavailable {
		c.header.Set("Retry-After", retryAfter(err))
	}
	return p
}

func retryAfter(err error) string {
	wait := member.Wait(2 * time.Second)
	errors.As(err, &wait)
	return strconv.Itoa(max(1, int(math.Ceil(time.Duration(wait).Seconds()))))
}

// fail writes an error outside huma.
func (a *API) fail(w http.ResponseWriter, r *http.Request, c *call, err error) {
	p := a.problem(r.Context(), c, err)
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		a.Log.DebugContext(r.Context(), "caller went away", "request", requestID(r.Context()))
	}
}

// fieldErrors are several things that are wrong with one body.
type fieldErrors []ProblemField

func (fieldErrors) Error() string { return "fields" }

// pointing says which field of the body an error is about, by its reason, so
// that a form can show it there.
func pointing(err error, fields map[string]string) error {
	var e *desk.Error
	if !errors.As(err, &e) || fields[e.Reason] == "" {
		return err
	}
	told := *e
	told.Cause = errors.Join(fieldErrors{{"body." + fields[e.Reason], e.Text}}, e.Cause)
	return &told
}

// invalidFields says what huma found wrong with which field.
func invalidFields(errs []error) error {
	var fields fieldErrors
	for _, err := range errs {
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			fields = append(fields, ProblemField{d.Location, d.Message})
		}
	}
	return &desk.Error{Code: desk.Invalid, Text: "validation failed", Cause: fields}
}

// plainProblem gives huma's own errors (a field of the wrong type, a missing
// one) the same form; the values somebody sent are not repeated.
func plainProblem(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	code := desk.Invalid
	if m.Status >= 500 {
		code = desk.Internal
	}
	locale := i18n.Fallback
	if c := calling(ctx.Context()); c != nil {
		locale = c.locale
	}
	p := &Problem{Status: m.Status, Code: string(code), Title: i18n.T(locale, "error."+string(code), nil), Detail: m.Detail}
	for _, e := range m.Errors {
		p.Errors = append(p.Errors, ProblemField{Location: e.Location, Message: e.Message})
	}
	return p, nil
}
