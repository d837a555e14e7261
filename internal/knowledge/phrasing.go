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
	clean := text.Normalise(words, 0)
	if clean == "" {
		return out, invalid("empty", "a wording is a question as a customer would ask it")
	}
	if len(clean) > MaxQuestion {
		return out, invalid("too_long", "a wording has at most "+strconv.Itoa(MaxQuestion)+" bytes")
	}
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		p, err := tx.Passage(passage)
		if err != nil {
			return err
		}
		lang, sure := text.Language(clean, p.Language)
		if sure < sureLanguage {
			lang = p.Language
		}
		if out, err = tx.AddPhrasing(p, store.Phrasing{Text: clean, Language: lang, State: store.PhrasingActive}); err != nil {
			return err
		}
		return k.changed(tx, by, "phrasing.add", passage, p.Source)
	})
	return out, err
}

// ApprovePhrasing makes a suggested wording count.
func (k *Knowledge) ApprovePhrasing(ctx context.Context, ws, id desk.ID, by desk.Actor) (p store.Phrasing, err error) {
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if p, err = tx.ApprovePhrasing(id); err != nil {
			return err
		}
		if err := k.changed(tx, by, "phrasing.approve", id, p.Source); err != nil {
			return err
		}
		return k.Flow.Emit(tx, desk.Event{Kind: desk.PhrasingsChanged, Object: p.Source})
	})
	return p, err
}

// DropPhrasing removes a wording. One that was only suggested is declined: it is
// not suggested again.
func (k *Knowledge) DropPhrasing(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		p, err := tx.DropPhrasing(id)
		if err != nil {
			return err
		}
		if p.State == store.PhrasingSuggested { // nothing that can be found changed
			if err := k.recorded(tx, by, "phrasing.decline", id); err != nil {
				return err
			}
			return k.Flow.Emit(tx, desk.Event{Kind: desk.PhrasingsChanged, Object: p.Source})
		}
		return k.changed(tx, by, "phrasing.drop", id, p.Source)
	})
}
