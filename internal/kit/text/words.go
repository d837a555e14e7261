package text

import (
	"unicode"
	"unicode/utf8"
)

// Word is a run of letters, digits and marks with its place in the text. An
// apostrophe suffix (Türkiye'nin, shop's) is cut off: it belongs to Suffix, not
// to Text.
type Word struct {
	Text       string
	Start, End int // bytes of Text
}

// Words cuts s into words.
func Words(s string) []Word {
	words := make([]Word, 0, len(s)/6+1)
	start, letters := -1, 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case wordRune(r) && r != utf8.RuneError:
			if start < 0 {
				start, letters = i, 0
			}
			letters++
			i += n
			continue
		case start >= 0 && apostrophe(r) && letters >= 2:
			words = append(words, Word{s[start:i], start, i})
			start = -1
			i = skipSuffix(s, i+n)
			continue
		}
		if start >= 0 {
			words = append(words, Word{s[start:i], start, i})
			start = -1
		}
		i += n
	}
	if start >= 0 {
		words = append(words, Word{s[start:], start, len(s)})
	}
	return words
}

// skipSuffix jumps over the letters after an apostrophe when they are a suffix
// (at most six), else it stays.
func skipSuffix(s string, from int) int {
	end, letters := from, 0
	for end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		if !wordRune(r) || r == utf8.RuneError {
			break
		}
		end += n
		letters++
	}
	if letters > 6 {
		return from
	}
	return end
}

func wordRune(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

func apostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == 'ʼ' || r == '`' || r == '´'
}
