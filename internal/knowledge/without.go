package knowledge

import (
	"slices"

	"parley/internal/desk"
	"parley/internal/knowledge/index"
)

// Ask is a question with other wordings of it.
type Ask struct {
	Question string
	Language string // "" is guessed
	Others   []string
	Meant    *Meant // the question as a vector; nil = words alone
}

// Without is what somebody thinks of taking out of the knowledge: how it would
// answer then.
type Without struct {
	Passages []desk.ID
	Sources  []desk.ID
}

func (w Without) nothing() bool { return len(w.Passages)+len(w.Sources) == 0 }

// leave drops what is left out, also from the hits.
func (w Without) leave(found []Found, hits []index.Hit) ([]Found, []index.Hit) {
	if w.nothing() {
		return found, hits
	}
	var f []Found
	var h []index.Hit
	for i, one := range found {
		if !slices.Contains(w.Passages, one.ID) && !slices.Contains(w.Sources, one.Source) {
			f, h = append(f, one), append(h, hits[i])
		}
	}
	return f, h
}
