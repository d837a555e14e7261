package topic

import "parley/internal/kit/text"

// What somebody may ask about their own data by a phrase.
const (
	AsksErase  = "erase"
	AsksAccess = "access"
)

// longAsk is how many words a message may have in which a phrase is taken for
// what it asks: in a longer one it is told about.
const longAsk = 40

// AskOf reads what a message asks about the writer's own data, "" for nothing. A
// phrase must say so; one that is denied, told of or asked about is none.
func AskOf(s string) string {
	words := cutWords(text.Fold(ends(s)))
	if len(words) > longAsk {
		return ""
	}
	b, found := books().ask, ""
	denied := false
	b.hits(words, map[*phrase]int{}, func(h hit) {
		switch name := b.labels[h.phrase.label].name; {
		case name == "not":
			denied = true
		case found != AsksErase:
			found = name
		}
	})
	if denied {
		return ""
	}
	return found
}
