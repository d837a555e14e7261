package llm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/internal/kit/secret"
)

// Kind says what went wrong and, by that, what helps.
type Kind string

// Kinds of failure.
const (
	BadKey     Kind = "key"         // 401, 403: another key is needed
	Quota      Kind = "quota"       // the account has no money or reached its limit: never tried again
	Busy       Kind = "busy"        // 429, 503, 529: later
	Timeout    Kind = "timeout"     // no whole answer in time
	Refused    Kind = "refused"     // the vendor or the model declined to answer
	BadRequest Kind = "bad_request" // the vendor does not take this: a model's name, a setting
	TooLong    Kind = "too_long"    // the question or the answer passes a limit of the model
	Broken     Kind = "broken"      // an answer came that is cut, no JSON, or does not fit
	Network    Kind = "network"     // nobody was reached
	Server     Kind = "server"      // the vendor failed
	NoDPA      Kind = "no_dpa"      // no agreement with this vendor is on the register
	KeepsLong  Kind = "keeps_long"  // this vendor keeps texts for more than MaxDays, or nobody knows for how long
	NotAllowed Kind = "not_allowed" // the address is not on the register of outgoing calls
)

// Error is why there is no answer. Its text holds kind and status only: the
// vendor's Words are for an owner's eyes, because they may repeat the question.
type Error struct {
	Kind   Kind
	Status int    // HTTP, 0 = none
	Words  string // the vendor's own, bounded, without the key
	// RetryAfter is when the vendor may be asked again, 0 = it did not say.
	RetryAfter time.Duration
	RequestID  string
	// Resting: nothing was sent, because earlier calls failed with this Kind.
	Resting  bool
	Attempts int // calls that were made
	Cause    error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("model: " + string(e.Kind))
	if e.Status != 0 {
		fmt.Fprintf(&b, " (%d)", e.Status)
	}
	if e.Resting {
		b.WriteString(", resting")
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// KindOf gives the kind of an error, "" for one that is no *Error.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// ErrNoDPA is what the register says of a vendor without an agreement.
var ErrNoDPA = errors.New("no data processing agreement with this vendor is on the register")

// ErrKeepsLong is what the register says of a vendor that keeps texts too long.
var ErrKeepsLong = fmt.Errorf("the register does not say that this vendor keeps texts for at most %d days", MaxDays)

// maxWords bounds the vendor's words, in letters.
const maxWords = 500

// Words makes a vendor's words fit to be shown: one line, bounded, and without
// the key where the vendor repeats it.
func Words(raw string, key secret.Text) string {
	if k := key.Reveal(); len(k) >= 8 {
		raw = strings.ReplaceAll(raw, k, key.String())
	}
	raw = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(raw, "�"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if utf8.RuneCountInString(raw) > maxWords {
		raw = string([]rune(raw)[:maxWords-1]) + "…"
	}
	return raw
}

// Ended is the error of a call whose context ended: by its deadline, or because
// the caller gave up.
func Ended(ctx context.Context) *Error {
	return &Error{Kind: Timeout, Cause: context.Cause(ctx)}
}

// FromStatus gives the kind that a status alone tells. Vendors' codes say more.
func FromStatus(status int) Kind {
	switch {
	case status == 401 || status == 403:
		return BadKey
	case status == 402:
		return Quota
	case status == 429 || status == 503 || status == 529:
		return Busy
	case status == 408 || status == 504:
		return Timeout
	case status == 413:
		return TooLong
	case status == 409 || status >= 500:
		return Server
	case status >= 400:
		return BadRequest
	}
	return Broken
}
