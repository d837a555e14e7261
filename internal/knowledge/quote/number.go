package quote

import (
	"strings"
	"unicode"

	"parley/internal/kit/text"
)

// asksNumber reports questions whose answer holds a number or the word "free":
// how much, how many, how long, how old, what time.
func asksNumber(question string) bool {
	return holdsAny(question,
		"how much", "how many", "how long", "how old", "how soon", "what time", "cost", "costs", "price", "fee",
		"kac", "kaca", "kacta", "ne kadar", "fiyat", "fiyati", "ucreti",
		"wie viel", "wieviel", "wie viele", "wie lange", "wie teuer", "kostet", "preis",
		"cuanto", "cuanta", "cuantos", "cuantas", "cuesta", "precio",
		"كم", "سعر")
}

// holdsNumber reports a digit, a number word or "free".
func holdsNumber(s string) bool {
	return strings.ContainsFunc(s, unicode.IsDigit) || holdsAny(s,
		"one", "two", "three", "four", "five", "six", "seven", "ten", "free", "no charge",
		"bir", "iki", "uc", "dort", "bes", "alti", "yedi", "on", "ucretsiz", "bedava",
		"ein", "eine", "zwei", "drei", "vier", "funf", "zehn", "kostenlos", "gratis", "kostenfrei",
		"un", "una", "dos", "tres", "cuatro", "cinco", "diez",
		"واحد", "يوم", "يومين", "مجاني", "مجانا")
}

func holdsAny(s string, phrases ...string) bool {
	padded := " " + strings.Join(foldWords(s), " ") + " "
	for _, p := range phrases {
		if strings.Contains(padded, " "+p+" ") {
			return true
		}
	}
	return false
}

func foldWords(s string) []string {
	words := text.Words(text.Fold(s))
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	return out
}
