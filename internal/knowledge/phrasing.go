package knowledge

import (
	"context"
	"slices"
	"strconv"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// waysToAsk are all questions that a passage is said to answer, beside its own.
func waysToAsk(p store.Passage) []string { return append(slices.Clone(p.Alternatives), p.Asked...) }

// Phrasings lists the other ways to ask for a passage that people added, and
// those that wait for approval.
func (k *Knowledge) Phrasings(ctx context.Context, ws, passage desk.ID) (all []store.Phrasing, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		p, err := r.Passage(passage)
		if err == nil {
			all, err = r.Phrasings(p)
		}
		return err
	})
	return all, err
}

// AddPhrasing adds a member's wording to a passage; it counts from the commit on.
// Errors: desk.NotFound, desk.Invalid empty, too_long, too_many_phrasings.
func (k *Knowledge) AddPhrasing(ctx context.Context, ws, passage desk.ID, by desk.Actor, words string) (out store.Phrasing, err error) {
	all, err := k.addPhrasings(ctx, ws, passage, wordings{by, store.PhrasingActive, []string{words}})
	if err == nil {
		out = all[0]
	}
	return out, err
}

// SuggestPhrasings adds wordings to a passage that count once a member approves
// them.
func (k *Knowledge) SuggestPhrasings(ctx context.Context, ws, passage desk.ID, words ...string) ([]store.Phrasing, error) {
	return k.addPhrasings(ctx, ws, passage, wordings{desk.Actor{}, store.PhrasingSuggested, words})
}

// wordings are ways to ask with who adds them.
type wordings struct {
	by    desk.Actor
	state store.PhrasingState
	words []string
}

func (k *Knowledge) addPhrasings(ctx context.Context, ws, passage desk.ID, add wordings) (all []store.Phrasing, err error) {
	clean := make([]string, len(add.words))
	for i, w := range add.words {
		if clean[i] = text.Normalise(w, 0); clean[i] == "" {
			return nil, invalid("empty", "a wording is a question as a customer would ask it")
		}
		if len(clean[i]) > MaxQuestion {
			return nil, invalid("too_long", "a wording has at most "+strconv.Itoa(MaxQuestion)+" bytes")
		}
	}
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		all = nil
		p, err := tx.Passage(passage)
		if err != nil {
			return err
		}
		for _, w := range clean {
			lang, sure := text.Language(w, p.Language)
			if sure < sureLanguage {
				lang = p.Language
			}
			one, err := tx.AddPhrasing(p, store.Phrasing{Text: w, Language: lang, State: add.state})
			if err != nil {
				return err
			}
			all = append(all, one)
		}
		return k.changed(tx, add.by, "phrasing.add", passage, p.Source)
	})
	return all, err
}

// ApprovePhrasing makes a suggested wording count.
func (k *Knowledge) ApprovePhrasing(ctx context.Context, ws, id desk.ID, by desk.Actor) (p store.Phrasing, err error) {
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if p, err = tx.ApprovePhrasing(id); err != nil {
			return err
		}
		return k.changed(tx, by, "phrasing.approve", id, p.Source)
	})
	return p, err
}

// DropPhrasing removes a wording.
func (k *Knowledge) DropPhrasing(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		p, err := tx.DropPhrasing(id)
		if err != nil {
			return err
		}
		return k.changed(tx, by, "phrasing.drop", id, p.Source)
	})
}
