package index

import (
	"unicode/utf8"

	"parley/internal/kit/text"
)

// A voice is one way of turning text into terms.
const (
	voiceStem = iota
	voiceFour // 4-grams within words
	voiceThree
	voices
)

// A field is one part of a document.
const (
	fieldTitle = iota
	fieldBody
	fields
)

// terms are the hashed terms of one field by voice, repeats included.
type terms [voices][]uint32

// analyser remembers the stems of words: text repeats itself, stemming is slow.
type analyser struct {
	stems map[string]uint32
	lang  string
}

func (a *analyser) stem(lang, word string) uint32 {
	if lang != a.lang || a.stems == nil || len(a.stems) > 1<<16 {
		a.stems, a.lang = make(map[string]uint32), lang
	}
	if h, ok := a.stems[word]; ok {
		return h
	}
	h := hash(stem(lang, word))
	a.stems[word] = h
	return h
}

// stem is the stem of one word. Turkish loan words take plurals against the
// harmony that the stemmer goes by: saat, saatler.
func stem(lang, word string) string {
	s := text.Stem(lang, word)
	const least = 3
	if n := len(s) - len("lar"); lang == "tr" && n >= least && (s[n:] == "lar" || s[n:] == "ler") {
		return s[:n]
	}
	return s
}

func (a *analyser) terms(lang, s string) terms {
	var t terms
	for _, w := range text.Words(s) {
		t[voiceStem] = append(t[voiceStem], a.stem(lang, w.Text))
	}
	t[voiceFour], t[voiceThree] = grams(s)
	return t
}

// grams gives the 4-grams of each folded word between blanks, and the 3-grams of
// the words joined by blanks. A word shorter than a gram counts whole.
func grams(s string) (four, three []uint32) {
	folded := text.Fold(s)
	words := text.Words(folded)
	joined := make([]byte, 1, len(folded)+2)
	joined[0] = ' '
	for _, w := range words {
		word := text.Cut(w.Text, maxWord)
		from := len(joined) - 1
		joined = append(joined, word...)
		joined = append(joined, ' ')
		four = cut(four, joined[from:], 4)
	}
	if len(words) > 0 {
		three = cut(three, joined, 3)
	}
	return four, three
}

const maxWord = 64

func cut(out []uint32, s []byte, n int) []uint32 {
	var at [4]int
	count, made := 0, 0
	for i := 0; i < len(s); {
		if count >= n {
			out = append(out, hashBytes(s[at[count%n]:i]))
			made++
		}
		at[count%n] = i
		count++
		_, size := utf8.DecodeRune(s[i:])
		i += size
	}
	switch {
	case count >= n:
		out = append(out, hashBytes(s[at[count%n]:]))
	case made == 0 && count > 0:
		out = append(out, hashBytes(s))
	}
	return out
}

func hash(s string) uint32 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return uint32(h>>32) ^ uint32(h)
}

func hashBytes(s []byte) uint32 {
	h := uint64(14695981039346656037)
	for _, c := range s {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return uint32(h>>32) ^ uint32(h)
}
