package knowledge

import (
	"math"
	"slices"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/knowledge/index"
	"parley/internal/store"
)

// asked are the words of a question by which near ones are known: their stems,
// each replaced by the first of its everyday synonyms, and their pieces, which
// forgive a typo. Function words do not count.
func asked(lang, question string) (stems, grams []string) {
	if lang == "" {
		lang, _ = text.Language(question)
	}
	for _, w := range text.Words(text.Cut(question, MaxQuestion)) {
		folded := text.Fold(w.Text)
		if text.StopWord(lang, folded) {
			continue
		}
		stems = append(stems, "s "+index.Canon(lang, w.Text))
		for _, g := range text.Grams(folded, 4) {
			grams = append(grams, "g "+g)
		}
	}
	return stems, grams
}

// From what likeness on two questions ask the same. Lower, and "ship to Norway"
// and "ship to Sweden" would be one.
const (
	nearStems  = 0.5  // words that both share, of all words of the two
	nearWithin = 0.8  // of the words of the shorter one, where two at least are shared
	nearGrams  = 0.55 // pieces that both share, of those of one of them on average
)

// nearest is the gap of the question most like q, 0 when none is near enough.
func nearest(q store.GapQuestion, known []store.GapQuestion) desk.ID {
	stems, grams := weigh(known, func(k store.GapQuestion) []int64 { return k.Stems }), weigh(known, func(k store.GapQuestion) []int64 { return k.Grams })
	best, gap := 0.0, desk.ID(0)
	for _, k := range known {
		s, g := stems.share(q.Stems, k.Stems), grams.share(q.Grams, k.Grams)
		like := max(s.both/(s.a+s.b-s.both)/nearStems, 2*g.both/(g.a+g.b)/nearGrams)
		if s.terms >= 2 {
			like = max(like, s.both/min(s.a, s.b)/nearWithin)
		}
		if like >= 1 && like > best {
			best, gap = like, k.Gap
		}
	}
	return gap
}

// weights say how rare terms are among questions.
type weights struct {
	of  map[int64]int
	all int
}

func weigh(known []store.GapQuestion, terms func(store.GapQuestion) []int64) weights {
	w := weights{map[int64]int{}, len(known)}
	for _, k := range known {
		for _, t := range terms(k) {
			w.of[t]++
		}
	}
	return w
}

func (w weights) weight(term int64) float64 {
	return math.Log(2 + float64(w.all)/float64(1+w.of[term]))
}

// shared is the weight of two sets, and of what they share.
type shared struct {
	a, b, both float64
	terms      int // that they share
}

func (w weights) share(a, b []int64) shared {
	s := shared{a: 1e-9, b: 1e-9}
	for _, t := range a {
		if _, ok := slices.BinarySearch(b, t); ok {
			s.both += w.weight(t)
			s.terms++
		}
		s.a += w.weight(t)
	}
	for _, t := range b {
		s.b += w.weight(t)
	}
	return s
}
