package meta

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/internal/desk"
	"parley/internal/kit/text"
)

// Bounds of what is taken from a delivery; longer values are cut or left out.
const (
	maxID    = 512
	maxWord  = 200
	maxURL   = 4096
	maxItems = 1000 // events of one part
)

// Str reads a string, and whatever Meta sends where a string is meant: ids come
// as numbers too (3.1). Objects and arrays read as "".
type Str string

// UnmarshalJSON never fails, so that one odd field leaves its neighbours alone.
func (s *Str) UnmarshalJSON(b []byte) error {
	*s = ""
	switch {
	case len(b) == 0:
	case b[0] == '"':
		var v string
		if json.Unmarshal(b, &v) == nil {
			*s = Str(v)
		}
	case b[0] != '{' && b[0] != '[' && !bytes.Equal(b, []byte("null")) && len(b) <= 64:
		*s = Str(b)
	}
	return nil
}

// ID is the string as an id: "" when it is none.
func (s Str) ID() string {
	v := string(s)
	if len(v) > maxID || !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }) {
		return ""
	}
	return v
}

// Body is the string as message text.
func (s Str) Body() desk.Body { return desk.Body(text.Normalise(string(s), desk.MaxBody)) }

// Line is the string as one bounded line.
func (s Str) Line() string {
	return text.Normalise(strings.ReplaceAll(string(s), "\n", " "), maxWord)
}

// Word is the string as a lower-case machine word, "" when it is none.
func (s Str) Word() string {
	v := strings.ToLower(strings.TrimSpace(string(s)))
	if len(v) > 40 || strings.ContainsFunc(v, func(r rune) bool { return r < 'a' && (r < '0' || r > '9') && r != '_' && r != '-' || r > 'z' }) {
		return ""
	}
	return v
}

// Link is the string as an https or http address, "" when it is none.
func (s Str) Link() string {
	v := strings.TrimSpace(string(s))
	if len(v) > maxURL || !strings.HasPrefix(v, "https://") && !strings.HasPrefix(v, "http://") || !utf8.ValidString(v) ||
		strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return ""
	}
	return v
}

// Int is the string as a whole number, 0 when it is none.
func (s Str) Int() int64 {
	n, err := strconv.ParseInt(string(s), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Stamp reads a time: milliseconds or seconds since 1970, as a number or a
// string; below 10^12 it is seconds (2.3).
type Stamp int64

// UnmarshalJSON never fails; what is no time reads as none.
func (t *Stamp) UnmarshalJSON(b []byte) error {
	*t = 0
	n, err := strconv.ParseInt(strings.Trim(string(b), `"`), 10, 64)
	if err != nil || n <= 0 || n > 1<<43 {
		return nil
	}
	if n < 1e12 {
		n *= 1000
	}
	*t = Stamp(n)
	return nil
}

// Time is the time in UTC, zero when there is none.
func (t Stamp) Time() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(t)).UTC()
}

// Flag reads true, "true" and 1.
type Flag bool

// UnmarshalJSON never fails.
func (f *Flag) UnmarshalJSON(b []byte) error {
	s := strings.ToLower(strings.Trim(string(b), `"`))
	*f = s == "true" || s == "1"
	return nil
}

// List reads an array item by item: what is no array reads as empty, and an
// item that cannot be read is left raw for whoever looks at it.
type List []json.RawMessage

// UnmarshalJSON never fails.
func (l *List) UnmarshalJSON(b []byte) error {
	var all []json.RawMessage
	*l = nil
	if json.Unmarshal(b, &all) == nil {
		*l = all[:min(len(all), maxItems)]
	}
	return nil
}

// Opt reads an object if it is one; anything else reads as absent.
type Opt[T any] struct {
	V  T
	OK bool
}

// UnmarshalJSON never fails.
func (o *Opt[T]) UnmarshalJSON(b []byte) error {
	var zero T
	o.V, o.OK = zero, false
	if len(b) == 0 || b[0] != '{' {
		return nil
	}
	o.OK = true
	if json.Unmarshal(b, &o.V) != nil {
		o.V = zero
	}
	return nil
}

// All reads every item of a list that is an object of that shape.
func All[T any](l List) []T {
	var all []T
	for _, raw := range l {
		var v Opt[T]
		if v.UnmarshalJSON(bytes.TrimSpace(raw)) == nil && v.OK {
			all = append(all, v.V)
		}
	}
	return all
}

// Key makes an external id for an event that has none of its own: the same
// event gives the same key.
func Key(kind string, parts ...string) string {
	k := kind + ":" + strings.Join(parts, ":")
	if len(k) <= maxID/2 {
		return k
	}
	h := sha256.Sum256([]byte(k))
	return kind + ":" + hex.EncodeToString(h[:])
}
