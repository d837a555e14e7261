package text

import "strings"

// Grams returns the character n-grams of every folded word of s, repeats
// included. A word is bounded by blanks first, so its beginning and end are
// grams of their own and a word shorter than n still gives one.
func Grams(s string, n int) []string {
	var out []string
	for _, w := range Words(Fold(s)) {
		out = appendGrams(out, " "+Cut(w.Text, maxWord)+" ", n)
	}
	return out
}

// CrossGrams returns the character n-grams of the folded words of s joined by
// single blanks: grams may reach over word borders, which helps with the
// spelling of chat ("mat tress").
func CrossGrams(s string, n int) []string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, w := range Words(Fold(s)) {
		b.WriteString(Cut(w.Text, maxWord))
		b.WriteByte(' ')
	}
	if b.Len() == 1 {
		return nil
	}
	return appendGrams(nil, b.String(), n)
}

func appendGrams(out []string, s string, n int) []string {
	if n < 1 {
		return out
	}
	// at[i] holds where the last n characters began, round robin.
	at := make([]int, n)
	count := 0
	for i := range s {
		if count >= n {
			out = append(out, s[at[count%n]:i])
		}
		at[count%n] = i
		count++
	}
	switch {
	case count >= n:
		out = append(out, s[at[count%n]:])
	case count > 0:
		out = append(out, s)
	}
	return out
}
