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
	words := Blend(in.own, meant)
	if len(in.ask.Others) > 0 { // scores of other questions cannot be summed: their places can
		lists := [][]index.Hit{in.own}
		for _, other := range in.ask.Others[:min(len(in.ask.Others), maxOthers)] {
			_, hits := find(in.index, text.Normalise(other, 2000), "", reserve)
			lists = append(lists, hits)
		}
		words = fused(append(lists, bare(meant))...)
	}
	if len(r.Sources) > 0 { // what the gate would quote stays in sight
		words = head(words, int64(r.Sources[0].PassageID))
	}
	found, hits, err := k.fetch(ctx, ws, words)
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

// fused joins lists of words: a passage counts for each list that it stands in,
// the more the higher. The languages of the knowledge are all asked, as other
// wordings may be in any.
func fused(lists ...[]index.Hit) []index.Hit {
	rank, by := map[int64]float64{}, map[int64]index.Hit{}
	for _, hits := range lists {
		for i, h := range hits {
			rank[h.ID] += 1 / float64(rankFloor+i)
			if _, ok := by[h.ID]; !ok {
				by[h.ID] = h
			}
		}
	}
	return best(rank, by)
}

// meaningWeight is how much meaning counts beside words: the most that, with a
// small model, costs words nothing on the half of the questions that weights are
// chosen on. At 1 a model that does not know the language takes every other first
// place (ADR 0010).
const meaningWeight = 0.3

// Blend joins what words found with what meaning found, by the sum of how well
// each list says a passage fits, from 0 for its last to 1 for its best (ADR 0010).
// The hits are the words' where they have one, and say nothing of words else.
func Blend(words, meant []index.Hit) []index.Hit {
	sum, by := map[int64]float64{}, map[int64]index.Hit{}
	add := func(list, as []index.Hit, weight float64) {
		low, high := 0.0, 0.0
		for i, h := range list {
			if i == 0 {
				low, high = h.Score, h.Score
			}
			low, high = min(low, h.Score), max(high, h.Score)
		}
		for i, h := range list {
			sum[h.ID] += weight * (h.Score - low + 1e-9) / (high - low + 1e-9)
			if _, ok := by[h.ID]; !ok {
				by[h.ID] = as[i]
			}
		}
	}
	add(words, words, 1)
	add(meant, bare(meant), meaningWeight)
	return best(sum, by)
}

// bare are hits of which words say nothing.
func bare(hits []index.Hit) []index.Hit {
	out := make([]index.Hit, len(hits))
	for i, h := range hits {
		out[i].ID = h.ID
	}
	return out
}

// best lists hits by what they are worth.
func best(worth map[int64]float64, by map[int64]index.Hit) []index.Hit {
	all := slices.Collect(maps.Values(by))
	slices.SortFunc(all, func(a, b index.Hit) int {
		return cmp.Or(cmp.Compare(worth[b.ID], worth[a.ID]), cmp.Compare(a.ID, b.ID))
	})
	return all[:min(len(all), reserve)]
}

// head puts one hit before the others, if it is there.
func head(all []index.Hit, id int64) []index.Hit {
	at := slices.IndexFunc(all, func(h index.Hit) bool { return h.ID == id })
	if at < 0 {
		return all
	}
	one := all[at]
	return slices.Insert(slices.Delete(slices.Clone(all), at, at+1), 0, one)
}
