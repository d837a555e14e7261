package llm

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/kit/httpx"
)

// NoSelf are headers by which the vendors' libraries describe this machine. They
// are taken off every call.
func NoSelf() []string {
	return []string{"X-Stainless-Lang", "X-Stainless-Package-Version", "X-Stainless-OS", "X-Stainless-Arch",
		"X-Stainless-Runtime", "X-Stainless-Runtime-Version", "X-Stainless-Retry-Count", "X-Stainless-Timeout"}
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
	case errors.As(err, &h) && h.Kind == httpx.Refused:
		return &Error{Kind: NotAllowed, Cause: h}
	case errors.As(err, &h) && h.Kind == httpx.TimedOut:
		return &Error{Kind: Timeout, Cause: h}
	case errors.As(err, &h) && h.Kind == httpx.Failed && !answered:
		return &Error{Kind: Network, Cause: h}
	case errors.As(err, &h):
		return &Error{Kind: Broken, Cause: h}
	case answered:
		// What a library says of an answer may repeat it.
		return &Error{Kind: Broken, Cause: errors.New("the answer cannot be read")}
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
