package bench

import (
	"hash/fnv"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"parley/internal/kit/text"
)

// variant is a way in which people type a question.
type variant struct {
	name string
	draw int // of several of its kind
	// of gives the question as it is typed, or false where there is no way.
	of func(lang, question string, draw int) (string, bool)
}

// variants are the ways that must find what the clean question finds. A phone
// set to English writes I for both i and ı; one set to Turkish writes İ for the
// first.
func variants() []variant {
	always := func(f func(string) string) func(string, string, int) (string, bool) {
		return func(_, q string, _ int) (string, bool) { return f(q), true }
	}
	all := []variant{
		{name: "no diacritics", of: always(bare)},
		{name: "capitals", of: always(func(q string) string { return strings.ToUpperSpecial(unicode.TurkishCase, q) })},
		{name: "capitals, I for both", of: always(strings.ToUpper)},
		{name: "capitals, no diacritics", of: always(func(q string) string { return strings.ToUpper(bare(q)) })},
		{name: "an address behind it", of: always(func(q string) string { return q + " ayse.kaplan@posta.example" })},
		{name: "a sentence with an address before it", of: always(func(q string) string { return "Merhaba, ben Ayşe, e-posta adresim ayse.kaplan@posta.example. " + q })},
		{name: "a number behind it", of: always(func(q string) string { return q + " (+90 532 555 01 23)" })},
	}
	for draw := range typos {
		all = append(all, variant{name: "typo", draw: draw, of: typo})
	}
	return all
}

// typos is how many different typing errors each question is asked with.
const typos = 3

// bare is a text typed on a keyboard without the letters of its language.
func bare(s string) string {
	s = strings.ReplaceAll(s, "ı", "i")
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

// leastTypo is from how many letters on a word gets a typing error.
const leastTypo = 5

// typo makes one edit in one word that is not a function word: a letter left
// out, one too many, a wrong one, or two changed about. Which one is drawn from
// a hash of the question.
func typo(lang, question string, draw int) (string, bool) {
	h := fnv.New64a()
	_, _ = io.WriteString(h, question)
	seed := h.Sum64() + uint64(draw)*0x9e3779b97f4a7c15
	pick := func(n int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed >> 33 % uint64(n))
	}
	var words []text.Word
	for _, w := range text.Words(question) {
		letters := []rune(w.Text)
		if len(letters) >= leastTypo && onlyLetters(letters) && !text.StopWord(lang, text.Fold(w.Text)) {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return "", false
	}
	w := words[pick(len(words))]
	return question[:w.Start] + slip([]rune(w.Text), lang, pick) + question[w.End:], true
}

func onlyLetters(rs []rune) bool {
	for _, r := range rs {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

// slip edits a word once so that it differs.
func slip(word []rune, lang string, pick func(int) int) string {
	alphabet := []rune("abcdefghijklmnopqrstuvwxyz")
	if lang == "tr" {
		alphabet = []rune("abcçdefgğhıijklmnoöprsştuüvyz")
	}
	for {
		at, other := pick(len(word)), alphabet[pick(len(alphabet))]
		head, tail := string(word[:at]), string(word[at+1:])
		out := ""
		switch pick(4) {
		case 0:
			out = head + tail
		case 1:
			out = head + string(other) + string(word[at]) + tail
		case 2:
			out = head + string(other) + tail
		default:
			if at+1 == len(word) {
				continue
			}
			out = head + string(word[at+1]) + string(word[at]) + string(word[at+2:])
		}
		if text.Fold(out) != text.Fold(string(word)) {
			return out
		}
	}
}
