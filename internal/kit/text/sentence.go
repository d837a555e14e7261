package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a piece of a text by byte offsets.
type Span struct{ Start, End int }

// Of returns the piece of s that the span names.
func (p Span) Of(s string) string { return s[p.Start:p.End] }

// Sentences cuts s into sentences for English, Turkish, German, Spanish and
// Arabic writing. A line break always ends one. Abbreviations (z.B., vb., e.g.),
// decimals and ordinals (3. gün) do not. Spans carry no blanks at their ends and
// together hold every visible character of s.
func Sentences(s string) []Span {
	var out []Span
	start := 0
	add := func(end int) {
		a, b := start, end
		for a < b {
			r, n := utf8.DecodeRuneInString(s[a:b])
			if !unicode.IsSpace(r) {
				break
			}
			a += n
		}
		for a < b {
			r, n := utf8.DecodeLastRuneInString(s[a:b])
			if !unicode.IsSpace(r) {
				break
			}
			b -= n
		}
		if a < b {
			out = append(out, Span{a, b})
		}
		start = end
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		next := i + n
		switch {
		case r == '\n':
			add(next)
		case terminator(r):
			next = closers(s, next)
			if ends(s, start, i, next, r) {
				add(next)
			}
		}
		i = next
	}
	add(len(s))
	return out
}

func terminator(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '؟', '۔', '。', '！', '？':
		return true
	}
	return false
}

// closers jumps over further terminators, quotes and brackets.
func closers(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !terminator(r) && !strings.ContainsRune(`"'”’»)]`, r) {
			break
		}
		i += n
	}
	return i
}

// ends decides whether the terminator at dot, with its closers up to next, ends
// the sentence that began at start.
func ends(s string, start, dot, next int, mark rune) bool {
	if next >= len(s) {
		return true
	}
	after, _ := utf8.DecodeRuneInString(s[next:])
	if mark == '。' || mark == '！' || mark == '？' {
		return true
	}
	if !unicode.IsSpace(after) {
		return false
	}
	follow := strings.TrimLeft(s[next:], " \t\u00a0")
	first, _ := utf8.DecodeRuneInString(follow)
	if mark == '.' || mark == '…' {
		if unicode.IsLower(first) {
			return false
		}
		token := lastToken(s[start:dot])
		return !abbreviation(token, first) && !ordinal(token, strings.TrimSpace(s[start:dot-len(token)]))
	}
	return !unicode.IsLower(first)
}

func lastToken(s string) string {
	if i := strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '(' || r == '"' }); i >= 0 {
		_, n := utf8.DecodeRuneInString(s[i:])
		return s[i+n:]
	}
	return s
}

func abbreviation(token string, follow rune) bool {
	if token == "" {
		return false
	}
	if utf8.RuneCountInString(token) == 1 {
		r, _ := utf8.DecodeRuneInString(token)
		return unicode.IsLetter(r)
	}
	switch strings.ToLower(token) {
	case "e.g", "i.e", "mr", "mrs", "ms", "dr", "prof", "st", "no", "nr", "vs", "etc", "approx", "inc", "ltd", "co", "art", "sec",
		"vb", "vs.", "örn", "sn", "cad", "sok", "mah", "apt", "tel", "av", "bkz", "dk", "blv", "bul",
		"z.b", "bzw", "ca", "usw", "ggf", "u.a", "d.h", "str", "evtl", "inkl", "abs",
		"sr", "sra", "ud", "uds", "p.ej", "pág", "núm", "avda", "cal":
		// "etc." before a capital is an end more often than not.
		return !(strings.EqualFold(token, "etc") || strings.EqualFold(token, "usw") || strings.EqualFold(token, "vb")) || !unicode.IsUpper(follow)
	}
	return false
}

// ordinal reports a number that a capital follows and that still ends nothing:
// it begins the sentence (3. Madde) or follows a German article (bis zum 12. Mai).
func ordinal(token, before string) bool {
	if token == "" || len(token) > 3 || !digits(token) {
		return false
	}
	switch strings.ToLower(lastToken(before)) {
	case "", "der", "die", "das", "dem", "den", "des", "am", "im", "vom", "zum", "bis", "ab":
		return true
	}
	return false
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
