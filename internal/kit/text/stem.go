package text

import (
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/turkish"
	"golang.org/x/text/unicode/norm"
)

// maxWord is the length in bytes beyond which a word is an address or noise:
// it is indexed by its beginning.
const maxWord = 64

// Stems returns the stem of every word of s in order, repeats included. lang is
// an ISO 639-1 code; for "" or a language without a stemmer the words are only
// folded, and a word with I or İ gives one stem per way of lowering it.
func Stems(lang, s string) []string {
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	words := Words(s)
	out := make([]string, 0, len(words))
	for _, w := range words {
		out = append(out, Stem(lang, w.Text))
	}
	return out
}

// Stem is the stem of one word: cased by the rules of the language, stemmed,
// then folded, in this order, because folding first would hide the suffixes
// (Turkish lık and lik) from the stemmer.
func Stem(lang, word string) string {
	word = Cut(word, maxWord)
	env := snowballstem.NewEnv(Lower(lang, word))
	switch lang {
	case "en":
		english.Stem(env)
	case "tr":
		turkish.Stem(env)
	case "de":
		german.Stem(env)
	case "es":
		spanish.Stem(env)
	case "ar":
		arabic.Stem(env)
	case "fr":
		french.Stem(env)
	case "it":
		italian.Stem(env)
	case "nl":
		dutch.Stem(env)
	case "pt":
		portuguese.Stem(env)
	case "ru":
		russian.Stem(env)
	}
	if stem := Fold(env.Current()); stem != "" {
		return stem
	}
	return Fold(word)
}

// Lower is lower case by the rules of the language: in Turkish I is the capital
// of ı and İ of i.
func Lower(lang, s string) string {
	if lang == "tr" || lang == "az" {
		return strings.ToLowerSpecial(unicode.TurkishCase, s)
	}
	return strings.ToLower(s)
}
