package knowledge

import (
	"context"

	"parley/internal/desk"
	"parley/internal/store"
)

// Told is a finding with what stands in its passages now.
type Told struct {
	store.Finding
	Passages []ToldPassage
	Names    []string // of its sources, in their order; "" for one that is gone
}

// ToldPassage is a passage of a finding. One that is gone since has an ID of 0.
type ToldPassage struct {
	store.FindingPassage
	Now store.Passage
}

// Tell reads what findings are about.
func (k *Knowledge) Tell(ctx context.Context, ws desk.ID, all []store.Finding) ([]Told, error) {
	var out []Told
	err := k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		out = make([]Told, 0, len(all))
		names := map[desk.ID]string{}
		for _, f := range all {
			one := Told{Finding: f}
			for _, at := range f.Passages {
				p, err := r.Passage(at.Passage)
				if err != nil && !desk.IsNotFound(err) {
					return err
				}
				one.Passages = append(one.Passages, ToldPassage{at, p})
			}
			for _, id := range f.Sources {
				if _, known := names[id]; !known {
					s, err := r.Source(id)
					if err != nil && !desk.IsNotFound(err) {
						return err
					}
					names[id] = s.Name
				}
				one.Names = append(one.Names, names[id])
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}

// DismissFinding says that what was found is all right; it stays so for as long
// as the same is found. Errors: desk.NotFound.
func (k *Knowledge) DismissFinding(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	return k.judged(ctx, ws, func(tx *store.Tx) error {
		if err := tx.DismissFinding(id, by); err != nil {
			return err
		}
		return k.recorded(tx, by, "finding.dismiss", id)
	})
}

// RecallFinding takes a dismissal back. Errors: desk.NotFound.
func (k *Knowledge) RecallFinding(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	return k.judged(ctx, ws, func(tx *store.Tx) error {
		if err := tx.RecallFinding(id); err != nil {
			return err
		}
		return k.recorded(tx, by, "finding.recall", id)
	})
}

func (k *Knowledge) judged(ctx context.Context, ws desk.ID, fn func(*store.Tx) error) error {
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return k.Flow.Emit(tx, desk.Event{Kind: desk.FindingsChanged, Object: ws})
	})
}

// Health is what of the knowledge is well and what waits for a person.
type Health struct {
	store.KnowledgeHealth
	Old       int // sources of web pages that were not read for too long
	Languages []string
}

// Health counts sources, passages, gaps and findings.
func (k *Knowledge) Health(ctx context.Context, ws desk.ID) (h Health, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		h = Health{}
		if h.KnowledgeHealth, err = r.KnowledgeHealth(); err != nil {
			return err
		}
		crawls, err := r.Crawls()
		for _, c := range crawls {
			if Stale(c, k.DB.Clock().Now()) {
				h.Old++
			}
		}
		return err
	})
	if err != nil {
		return h, err
	}
	h.Languages, err = k.Languages(ctx, ws)
	return h, err
}

// Held counts the passages that wait for review, by source.
func (k *Knowledge) Held(ctx context.Context, ws desk.ID) (held map[desk.ID]int, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { held, err = r.Held(); return err })
	return held, err
}
