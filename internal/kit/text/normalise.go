package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalise makes outside text safe to store and show: valid UTF-8 in NFC,
// without NUL and other control characters (line breaks and tabs stay), without
// zero-width, bidirectional-control and tag characters, CRLF as LF, without
// blanks at its ends, and at most max bytes long (cut at a character; max ≤ 0
// means no limit). The zero-width joiner stays between two characters that are
// not ASCII: Persian words and family emoji need it.
func Normalise(s string, max int) string {
	if max > 0 && len(s) > 4*max { // NFC never shrinks text to a quarter
		s = s[:4*max]
	}
	s = strings.ToValidUTF8(s, "")
	s = norm.NFC.String(dropHidden(s))
	s = strings.TrimSpace(norm.NFC.String(dropJoiners(s)))
	if max > 0 && len(s) > max {
		s = strings.TrimRightFunc(Cut(s, max), func(r rune) bool { return joiner(r) || unicode.IsSpace(r) })
	}
	return s
}

func joiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// dropJoiners leaves the joiners that join: between two characters that stay,
// neither of which is ASCII or a blank.
func dropJoiners(s string) string {
	if !strings.ContainsFunc(s, joiner) {
		return s
	}
	joins := func(r rune) bool { return r > 0x7f && !joiner(r) && !unicode.IsSpace(r) }
	var b strings.Builder
	var last rune
	rs := []rune(s)
	for i, r := range rs {
		if joiner(r) && (!joins(last) || i+1 == len(rs) || !joins(rs[i+1])) {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// Cut returns the longest prefix of s that is at most max bytes long and does
// not end inside a character.
func Cut(s string, max int) string {
	if max < 0 {
		max = 0
	}
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max]
}

func dropHidden(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	rs := []rune(s)
	for i, r := range rs {
		switch {
		case r == '\r':
			if i+1 >= len(rs) || rs[i+1] != '\n' {
				b.WriteByte('\n')
			}
		case r == '\u2028', r == '\u2029', r == '\u0085':
			b.WriteByte('\n')
		case joiner(r): // see dropJoiners
			b.WriteRune(r)
		case hidden(r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plain reports that s is printable ASCII with line feeds and tabs only.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x7f || c < 0x20 && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// hidden reports characters that a reader cannot see but a program can: they
// carry smuggled instructions or turn the reading order around.
func hidden(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case unicode.IsControl(r):
		return true
	case r == '\u00ad', r == '\u034f', r == '\u061c', r == '\u180e', r == '\ufeff':
		return true
	case r >= '\u200b' && r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u206f':
		return true
	case r >= '\ufff0' && r <= '\uffff' && r != '\ufffd' && r != '\ufffc':
		return true
	case r >= 0xe0000 && r <= 0xe0fff: // tags and supplementary variation selectors
		return true
	}
	return false
}

// Fold makes strings that a person would call "the same letters" equal: lower
// case, without diacritics, with I, İ, ı and i alike, ß as ss, Arabic letter
// forms unified and every decimal digit as 0–9.
func Fold(s string) string {
	if asciiLower(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "")) {
		if unicode.Is(unicode.Mn, r) || r == '\u0640' { // combining marks, Arabic tatweel
			continue
		}
		r = unicode.ToLower(r)
		if repl := foldRune(r); repl != "" {
			b.WriteString(repl)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func foldRune(r rune) string {
	switch r {
	case 'ı':
		return "i"
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'þ':
		return "th"
	case 'ى':
		return "ي"
	case 'ة':
		return "ه"
	case 'ک':
		return "ك"
	case 'ی':
		return "ي"
	}
	if r > 0x7f && unicode.Is(unicode.Nd, r) {
		return string(rune('0' + digit(r)))
	}
	return ""
}

// digit gives the value of a decimal digit: Unicode lays them out in runs of
// ten that start at a zero.
func digit(r rune) int {
	d := 0
	for d < 9 && unicode.Is(unicode.Nd, r-rune(d)-1) {
		d++
	}
	return d
}

func asciiLower(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c > 0x7f || c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return true
}
