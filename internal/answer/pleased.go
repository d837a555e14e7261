package answer

import (
	"slices"
	"strings"

	"parley/internal/answer/topic"
	"parley/internal/kit/text"
)

// Pleased reports whether somebody who was answered says thanks, or yes and
// nothing more.
func Pleased(s string) bool {
	if topic.IntentOf(s) == topic.Thanks {
		return true
	}
	words := text.Words(text.Fold(s))
	if len(words) == 0 || len(words) > 3 {
		return false
	}
	for _, w := range words {
		if !slices.Contains(yes(), w.Text) {
			return false
		}
	}
	return true
}

// yes are words that agree, as text.Fold leaves them.
func yes() []string {
	all := strings.Fields("yes yep yeah ok okay great perfect super evet tamam tamamdir harika super ja genau passt prima gut si vale perfecto genial oui parfait d accord نعم تمام ممتاز")
	for i, w := range all {
		all[i] = text.Fold(w)
	}
	return all
}
