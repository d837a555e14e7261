package knowledge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Limits of synonyms, per language.
const (
	MaxSynonymGroups = 500
	MaxSynonyms      = 20  // in a group
	MaxSynonym       = 100 // bytes of one
)

// Synonyms lists the words that mean the same to a workspace, by language.
func (k *Knowledge) Synonyms(ctx context.Context, ws desk.ID) (all []store.Synonyms, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { all, err = r.Synonyms(); return err })
	return all, err
}

// SetSynonyms puts groups in place of those of a language; the next question is
// searched with them. Errors: desk.Invalid bad_language, synonyms.
func (k *Knowledge) SetSynonyms(ctx context.Context, ws desk.ID, by desk.Actor, language string, groups [][]string) error {
	clean, err := cleanGroups(language, groups)
	if err != nil {
		return err
	}
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutSynonyms(language, clean); err != nil {
			return err
		}
		return k.changed(tx, by, "knowledge.synonyms", ws, 0)
	})
}

func cleanGroups(language string, groups [][]string) ([][]string, error) {
	if !slices.Contains(text.Known(), language) {
		return nil, invalid("bad_language", "languages: "+strings.Join(text.Known(), ", "))
	}
	wrong := invalid("synonyms", fmt.Sprintf("at most %d groups, each of 2 to %d words of at most %d bytes", MaxSynonymGroups, MaxSynonyms, MaxSynonym))
	if len(groups) > MaxSynonymGroups {
		return nil, wrong
	}
	var clean [][]string
	for _, g := range groups {
		var words []string
		for _, w := range g {
			w = text.Normalise(w, 0)
			same := func(o string) bool { return text.Fold(o) == text.Fold(w) }
			if len(w) > MaxSynonym {
				return nil, wrong
			}
			if w != "" && !slices.ContainsFunc(words, same) {
				words = append(words, w)
			}
		}
		if len(words) < 2 || len(words) > MaxSynonyms {
			return nil, wrong
		}
		clean = append(clean, words)
	}
	return clean, nil
}

func byLanguage(all []store.Synonyms) map[string][][]string {
	out := map[string][][]string{}
	for _, s := range all {
		out[s.Language] = s.Groups
	}
	return out
}
