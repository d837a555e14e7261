package desk

import "errors"

// Code says what kind of failure an Error is; api maps it to an HTTP status and
// i18n to words for people.
type Code string

// The nine codes.
const (
	Invalid         Code = "invalid"
	Unauthenticated Code = "unauthenticated"
	Forbidden       Code = "forbidden"
	NotEntitled     Code = "not_entitled" // the plan does not include it
	NotFound        Code = "not_found"
	Conflict        Code = "conflict"
	TooMany         Code = "too_many"
	Unavailable     Code = "unavailable"
	Internal        Code = "internal"
)

// Error is a failure that knows its kind, may be shown, and says whether the
// same call may succeed later.
type Error struct {
	Code   Code
	Reason string // machine-readable detail, e.g. "window_closed"; may be empty
	Text   string // plain English for a developer; never message text
	Retry  bool
	Cause  error
}

func (e *Error) Error() string {
	s := string(e.Code)
	if e.Reason != "" {
		s += " (" + e.Reason + ")"
	}
	if e.Text != "" {
		s += ": " + e.Text
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Cause }

// Fail makes an Error without a cause.
func Fail(code Code, reason, text string) *Error {
	return &Error{Code: code, Reason: reason, Text: text, Retry: code == Unavailable || code == TooMany}
}

// CodeOf returns the code of the first Error in err's chain, Internal for any
// other error and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// IsNotFound reports whether err says that a row is not there.
func IsNotFound(err error) bool { return CodeOf(err) == NotFound }
