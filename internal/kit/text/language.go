package text

import (
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

// Known lists the languages that Language can answer and Stem can stem.
func Known() []string {
	return []string{"en", "tr", "de", "es", "ar", "fr", "it", "nl", "pt", "ru"}
}

// Language guesses the language of a text as ISO 639-1 code with a confidence
// of 0 to 1. Chat messages are short, so function words, letters and endings
// come first and character statistics only where there is enough text. Without
// evidence the first hint is the answer (confidence 0.2), without a hint "".
// With hints only these languages compete unless the evidence for another is
// plain.
func Language(s string, hints ...string) (code string, confidence float64) {
	s = Cut(s, 4096)
	letters, arabic, cyrillic := scripts(s)
	switch {
	case letters == 0:
		return fallback(hints)
	case arabic*2 > letters:
		return "ar", 0.95
	case cyrillic*2 > letters:
		return "ru", 0.9
	}
	best, second, code := rank(s, hints)
	if best >= 1.2 && best >= second*1.5 || best > 0 && second == 0 {
		return code, min(0.99, 0.5+0.1*(best-second))
	}
	if letters >= 20 {
		if guess, sure := statistics(s, hints); guess != "" && sure >= 0.2 {
			return guess, min(0.9, 0.4+sure/2)
		}
	}
	if best > second {
		return code, 0.4
	}
	return fallback(hints)
}

func fallback(hints []string) (string, float64) {
	if len(hints) > 0 && hints[0] != "" {
		return hints[0], 0.2
	}
	return "", 0
}

func scripts(s string) (letters, arabic, cyrillic int) {
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if unicode.Is(unicode.Arabic, r) {
			arabic++
		} else if unicode.Is(unicode.Cyrillic, r) {
			cyrillic++
		}
	}
	return letters, arabic, cyrillic
}

// rank gives the two best scores among the known languages of Latin script.
func rank(s string, hints []string) (best, second float64, code string) {
	words := Words(s)
	for _, lang := range Known() {
		score := letterEvidence(lang, s)
		for _, w := range words {
			folded := Fold(w.Text)
			if stopWord(lang, folded) {
				score++
			} else if lang == "tr" && turkishEnding(folded) {
				score += 0.7
			}
		}
		if len(hints) > 0 && !contains(hints, lang) {
			score *= 0.6
		}
		switch {
		case score > best:
			best, second, code = score, best, lang
		case score > second:
			second = score
		}
	}
	return best, second, code
}

func letterEvidence(lang, s string) float64 {
	var marks string
	switch lang {
	case "tr":
		marks = "ğĞşŞıİ"
	case "de":
		marks = "ßäÄ"
	case "es":
		marks = "ñÑ¿¡"
	case "pt":
		marks = "ãõÃÕ"
	case "fr":
		marks = "êèœùûÊÈ"
	default:
		return 0
	}
	return 1.5 * float64(min(3, countAny(s, marks)))
}

func countAny(s, chars string) int {
	n := 0
	for _, r := range s {
		if strings.ContainsRune(chars, r) {
			n++
		}
	}
	return n
}

// turkishEnding knows endings that Turkish words have and words of the other
// known languages hardly ever do (ASCII-typed Turkish has no telling letters).
func turkishEnding(folded string) bool {
	if len(folded) < 5 {
		return false
	}
	for _, end := range []string{
		"yor", "yorum", "yorsunuz", "iyorum", "misiniz", "musunuz", "miyim", "muyum", "miyiz",
		"lari", "leri", "larin", "lerin", "niz", "siniz", "sunuz", "acak", "ecek", "mek", "mak",
		"dim", "dum", "tim", "lik", "luk", "nda", "nde", "dan", "den", "im", "inizi", "unuz", "abilir", "ebilir", "iniz",
	} {
		if len(end) >= 3 && strings.HasSuffix(folded, end) {
			return true
		}
	}
	return false
}

func statistics(s string, hints []string) (string, float64) {
	white := make(map[whatlanggo.Lang]bool)
	for _, code := range Known() {
		if lang, ok := whatLang(code); ok && (len(hints) == 0 || contains(hints, code)) {
			white[lang] = true
		}
	}
	if len(white) == 0 {
		return "", 0
	}
	info := whatlanggo.DetectWithOptions(s, whatlanggo.Options{Whitelist: white})
	return info.Lang.Iso6391(), info.Confidence
}

func whatLang(code string) (whatlanggo.Lang, bool) {
	switch code {
	case "en":
		return whatlanggo.Eng, true
	case "tr":
		return whatlanggo.Tur, true
	case "de":
		return whatlanggo.Deu, true
	case "es":
		return whatlanggo.Spa, true
	case "fr":
		return whatlanggo.Fra, true
	case "it":
		return whatlanggo.Ita, true
	case "nl":
		return whatlanggo.Nld, true
	case "pt":
		return whatlanggo.Por, true
	}
	return 0, false
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
