package knowledge

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/knowledge/index"
	"parley/internal/llm"
)

// maxOthers is how many other wordings of a question are searched for.
const maxOthers = 3

// rankFloor damps the first places when lists are fused (reciprocal rank).
const rankFloor = 10

// wide is a question's own hits with what else may be searched for.
type wide struct {
	index   *index.Index
	own     []index.Hit
	without Without
	ask     Ask
}

// wider brings passages that the question's own words do not find: by its other
// wordings, and by its meaning.
func (k *Knowledge) wider(ctx context.Context, ws desk.ID, r *Result, in wide) (Result, error) {
	var meant []index.Hit
	if in.ask.Meant != nil {
		var err error
		if meant, err = k.near(ctx, ws, *in.ask.Meant, reserve); err != nil {
			r.Unmeant = string(desk.CodeOf(err))
		}
		switch {
		case errors.Is(err, ErrOtherModel):
			r.Unmeant = "other_model"
		case errors.Is(err, ErrNoVector):
			r.Unmeant = string(llm.Broken)
		}
	}
	if len(in.ask.Others)+len(meant) == 0 {
		return *r, nil
	}
	first := index.Hit{}
	if len(r.Sources) > 0 { // what the gate would quote stays in sight
		first.ID = int64(r.Sources[0].PassageID)
	}
	lists := [][]index.Hit{in.own}
	for _, other := range in.ask.Others[:min(len(in.ask.Others), maxOthers)] {
		_, hits := find(in.index, text.Normalise(other, 2000), "", reserve)
		lists = append(lists, hits)
	}
	byMeaning := make([]index.Hit, len(meant)) // what words say of them, which is nothing
	for i, h := range meant {
		byMeaning[i].ID = h.ID
	}
	found, hits, err := k.fetch(ctx, ws, fused(first, append(lists, byMeaning)...))
	if err != nil {
		return *r, err
	}
	r.Passages, _ = in.without.leave(found, hits)
	r.Passages = r.Passages[:min(len(r.Passages), looked+1)]
	for i := range r.Passages {
		f := &r.Passages[i]
		if at := slices.IndexFunc(meant, func(h index.Hit) bool { return h.ID == int64(f.ID) }); at >= 0 {
			f.Near = desk.Nearness{Place: at + 1, Likeness: meant[at].Score}
		}
	}
	return *r, nil
}

// fused joins lists: a passage counts for each list that it stands in, the more
// the higher (ADR 0010). The languages of the knowledge are all asked, as other
// wordings and meanings may be in any.
func fused(first index.Hit, lists ...[]index.Hit) []index.Hit {
	rank, by := map[int64]float64{}, map[int64]index.Hit{}
	for _, hits := range lists {
		for i, h := range hits {
			rank[h.ID] += 1 / float64(rankFloor+i)
			if _, ok := by[h.ID]; !ok {
				by[h.ID] = h
			}
		}
	}
	if _, ok := by[first.ID]; ok {
		rank[first.ID] = float64(len(lists))
	}
	all := slices.Collect(maps.Values(by))
	slices.SortFunc(all, func(a, b index.Hit) int { return cmp.Or(cmp.Compare(rank[b.ID], rank[a.ID]), cmp.Compare(a.ID, b.ID)) })
	return all[:min(len(all), reserve)]
}
