package extract

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"

	"parley/internal/kit/text"
)

// MaxText is the most text of one source, in bytes.
const MaxText = 5 << 20

// Reason says why a source cannot be read. It is stored and has words in i18n.
type Reason string

// The reasons for refusing a source.
const (
	Empty     Reason = "empty"      // nothing in it
	TooLarge  Reason = "too_large"  // more than MaxText
	WrongType Reason = "wrong_type" // not text: a PDF, an archive, a picture
	NoText    Reason = "no_text"    // text, but without a single word
)

// Error is a refusal with its reason; Detail is for the person who uploaded it.
type Error struct {
	Reason Reason
	Detail string
}

func (e *Error) Error() string { return string(e.Reason) + ": " + e.Detail }

// Decode gives the clean text of a file: UTF-8, UTF-16 with a byte order mark,
// or Windows-1254 (Turkish and Western European), in NFC and without hidden
// characters. Errors are of type *Error.
func Decode(raw []byte) (string, error) {
	if len(raw) > 2*MaxText { // UTF-16 needs twice the bytes
		return "", tooLarge(len(raw))
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return "", &Error{Empty, "the file has nothing in it"}
	}
	if kind := magic(raw); kind != "" {
		return "", &Error{WrongType, "this is " + kind + "; upload plain text or Markdown"}
	}
	s, err := decode(raw)
	if err != nil {
		return "", err
	}
	return Clean(s)
}

// Clean checks and cleans text that is already a string, as Decode does.
func Clean(s string) (string, error) {
	if len(s) > MaxText {
		return "", tooLarge(len(s))
	}
	s = text.Normalise(s, 0)
	if s == "" {
		return "", &Error{Empty, "the text has nothing in it"}
	}
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return s, nil
		}
	}
	return "", &Error{NoText, "there is not a single word in it"}
}

func tooLarge(n int) error {
	return &Error{TooLarge, fmt.Sprintf("%.1f MB; at most %d MB of text fit, cut it into several sources", float64(n)/(1<<20), MaxText>>20)}
}

// magic names the file types that people upload by mistake.
func magic(raw []byte) string {
	for _, m := range []struct{ prefix, name string }{
		{"%PDF-", "a PDF"},
		{"PK\x03\x04", "an archive or an Office document"},
		{"PK\x05\x06", "an archive"},
		{"\xd0\xcf\x11\xe0", "an old Office document"},
		{"{\\rtf", "an RTF document"},
		{"\x89PNG", "a picture"},
		{"\xff\xd8\xff", "a picture"},
		{"GIF8", "a picture"},
		{"\x1f\x8b", "an archive"},
		{"Rar!", "an archive"},
		{"7z\xbc\xaf", "an archive"},
		{"\x7fELF", "a program"},
		{"MZ\x90", "a program"},
	} {
		if bytes.HasPrefix(raw, []byte(m.prefix)) {
			return m.name
		}
	}
	return ""
}

func decode(raw []byte) (string, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		return with(xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM), raw)
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return with(xunicode.UTF16(xunicode.BigEndian, xunicode.UseBOM), raw)
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", &Error{WrongType, "it holds bytes that no text has; upload plain text or Markdown"}
	}
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	s, err := with(charmap.Windows1254, raw)
	if err != nil || noise(s) {
		return "", &Error{WrongType, "its letters are in no known encoding; save it as UTF-8"}
	}
	return s, nil
}

func with(e encoding.Encoding, raw []byte) (string, error) {
	out, err := e.NewDecoder().Bytes(raw)
	if err != nil {
		return "", &Error{WrongType, "its letters are in no known encoding; save it as UTF-8"}
	}
	return string(out), nil
}

// noise reports text with too many characters that no one types.
func noise(s string) bool {
	odd, all := 0, 0
	for _, r := range s {
		all++
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			odd++
		}
	}
	return odd*50 > all
}
