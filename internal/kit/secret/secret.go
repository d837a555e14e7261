package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"unique"
)

const mask = "•••"

// Text is a string that only Reveal shows. The zero value is the empty secret.
// Texts compare with ==, which is not constant-time: use Equal for anything an
// outsider sent.
//
// It holds a handle and no string: fmt, told a verb that a value does not have,
// goes round every method of what lies inside and prints fields as they are; of
// a handle that is an address.
type Text struct{ v unique.Handle[string] }

// New wraps a clear string.
func New(clear string) Text {
	if clear == "" {
		return Text{}
	}
	return Text{unique.Make(clear)}
}

// Reveal gives the clear string. Every call is a place to look at in review.
func (t Text) Reveal() string {
	if t.IsZero() {
		return ""
	}
	return t.v.Value()
}

// IsZero reports whether there is no secret at all.
func (t Text) IsZero() bool { return t == Text{} }

// Format masks every fmt verb, also those that ignore String.
func (t Text) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, mask) }

// String gives the mask.
func (t Text) String() string { return mask }

// GoString gives the mask.
func (t Text) GoString() string { return mask }

// LogValue gives the mask to slog.
func (t Text) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON gives the mask: a secret sent out is taken from Reveal on purpose.
func (t Text) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// MarshalText gives the mask.
func (t Text) MarshalText() ([]byte, error) { return []byte(mask), nil }

// UnmarshalText takes the clear string, so that JSON bodies and settings can
// carry a secret in.
func (t *Text) UnmarshalText(b []byte) error {
	*t = New(string(b))
	return nil
}

// Random gives n bytes from the operating system. It cannot fail: where the
// machine has no randomness the Go runtime ends the program.
func Random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// Token gives 256 random bits as 43 base64url characters.
func Token() string { return base64.RawURLEncoding.EncodeToString(Random(32)) }

// Hash is the SHA-256 of s: what a database keeps of a Token. It is not for
// passwords, which need a slow hash.
func Hash(s string) []byte {
	h := sha256.Sum256([]byte(s))
	return h[:]
}

// Equal compares in a time that depends on neither value, only on whether the
// lengths agree.
func Equal[T ~string | ~[]byte](a, b T) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
