package text

import "strings"

// Respelled gives the other words that may be meant by one that was typed on a
// keyboard without the letters of its language, or in capitals with one I for
// both. Only Turkish loses endings that way: its vowels follow the first one, so
// two guesses at that give the rest. The spelling itself is not among them.
func Respelled(lang, word string) []string {
	capital := strings.ContainsRune(word, 'I')
	plain := strings.IndexFunc(word, func(r rune) bool { return r > 0x7f }) < 0
	if lang != "tr" || !capital && !plain {
		return nil
	}
	word = Cut(word, maxWord)
	own, lower := Lower(lang, word), strings.ToLower(word)
	var out []string
	for _, w := range [...]string{lower, guess(lower, plain, true), guess(lower, plain, false)} {
		if w != own && (len(out) == 0 || w != out[len(out)-1]) {
			out = append(out, w)
		}
	}
	return out
}

// guess respells a word by vowel harmony; back is how its first vowel is taken
// where it may be either. Of a word with letters of its own only i is in doubt.
func guess(lower string, plain, back bool) string {
	first := true
	return strings.Map(func(r rune) rune {
		was := r
		switch r {
		case 'a', 'ı':
			back = true
		case 'e', 'ö', 'ü':
			back = false
		case 'i':
			if back {
				r = 'ı'
			}
		case 'u':
			if plain && !back {
				r = 'ü'
			} else if !plain {
				back = true
			}
		case 'o':
			if plain && first && !back {
				r = 'ö'
			} else {
				back = true
			}
		}
		if strings.ContainsRune("aeıioöuü", was) {
			first = false
		}
		return r
	}, lower)
}
