package index

import (
	"container/heap"
)

// Weights set how the ranking weighs its parts.
type Weights struct {
	Title, Body Field
	Voices      [voices]float64 // stem, 4-gram, 3-gram
	Synonym     float64         // a synonym against the word itself
	Floor       float64         // a voice whose best document has less than this share of the question stays quiet
}

// Field sets how hits in one part of a document count.
type Field struct {
	Weight float64 // against the other field
	K1     float64 // the higher, the longer repeats of a term go on counting
	B      float64 // how much length counts against a document, 0 to 1
}

// DefaultWeights were chosen on the half of XQuAD (en, tr, de), Banking77 and
// HINT3 whose question hash is even; `parley bench retrieve` reports the other.
func DefaultWeights() Weights {
	return Weights{
		Title:   Field{Weight: 2, K1: 4, B: 0.45},
		Body:    Field{Weight: 1, K1: 1.2, B: 0.75},
		Voices:  [voices]float64{0.5, 1, 1},
		Synonym: 0.5,
		Floor:   0.35,
	}
}

// Hit is a document that shares terms with the question.
type Hit struct {
	ID, Group int64
	Score     float64 // 0 to 1, comparable within one answer only
	Stem      float64 // share of the question's weight that it covers, by stems
	Four      float64 // the same by 4-grams
}

// space is the working memory of one search.
type space struct {
	score, cover [voices][]float32
	mark         []uint16
	sum          []float32
}

// Search returns the k best documents, best first; documents without a common
// term are left out.
func (x *Index) Search(q *Query, k int) []Hit {
	n := q.snap
	if n.docs == 0 || k <= 0 {
		return nil
	}
	m := x.space(n.docs)
	defer x.scratch.Put(m)
	var best, all, need [voices]float32
	for v := range voices {
		all[v], need[v] = x.accumulate(m, q, v)
		for _, s := range m.score[v] {
			best[v] = max(best[v], s)
		}
		if best[v] > 0 {
			best[v] = max(best[v], float32(x.weights.Floor)*all[v])
		}
	}
	var weight float32
	for v := range voices {
		w := float32(x.weights.Voices[v])
		if best[v] == 0 {
			continue
		}
		weight += w
		for d, s := range m.score[v] {
			m.sum[d] += w * s / best[v]
		}
	}
	if weight == 0 {
		return nil
	}
	return x.hits(m, q, k, weight, need)
}

func (x *Index) space(docs int) *space {
	m, _ := x.scratch.Get().(*space)
	if m == nil {
		m = &space{}
	}
	for v := range voices {
		m.score[v] = zero(m.score[v], docs)
		m.cover[v] = zero(m.cover[v], docs)
	}
	m.sum = zero(m.sum, docs)
	m.mark = zero(m.mark, docs)
	return m
}

func zero[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	s = s[:n]
	clear(s)
	return s
}

// accumulate adds up one voice and returns the weight of the whole question, for
// the score and for coverage.
func (x *Index) accumulate(m *space, q *Query, v int) (all, need float32) {
	n := q.snap
	mean := n.mean(v)
	clear(m.mark)
	for i, g := range q.groups[v] {
		weight := float32(g.idf)
		all += weight
		need += float32(g.need)
		stamp := uint16(0) // one term reaches a document once
		if len(g.alts)+len(g.like) > 1 {
			stamp = uint16(i%(1<<16-1)) + 1
		}
		for _, h := range g.alts {
			x.add(m, q, hitter{v, h, weight, float32(g.need * g.sure), stamp, mean})
		}
		for _, h := range g.like {
			rare := min(weight, float32(idf(n.docs, n.count(v, h))))
			x.add(m, q, hitter{v, h, rare * float32(x.weights.Synonym), 0, stamp, mean})
		}
	}
	return all, need
}

// hitter is one term of a question on its way through the postings.
type hitter struct {
	voice         int
	term          uint32
	weight, cover float32
	stamp         uint16 // documents that another alternative of the word has reached carry it; 0: there is none
	mean          [fields]float32
}

func (x *Index) add(m *space, q *Query, h hitter) {
	score, cover, once := m.score[h.voice], m.cover[h.voice], q.snap.once[h.voice]
	base := uint32(0)
	for _, s := range q.snap.segments {
		run, _ := s.post[h.voice].find(h.term)
		d := base
		for len(run) > 0 {
			v, n := uvarint(run)
			run = run[n:]
			d += v >> 1
			var counts [fields]uint8
			if v&1 != 0 {
				counts, run = [fields]uint8(run), run[fields:]
			}
			if h.stamp != 0 {
				if m.mark[d] == h.stamp {
					continue
				}
				m.mark[d] = h.stamp
			}
			if v&1 == 0 {
				score[d] += h.weight * once[d]
			} else {
				score[d] += h.weight * x.worth(s, h, d-base, counts)
			}
			if h.voice != voiceThree { // nobody asks what it covers
				cover[d] += h.cover
			}
		}
		base += uint32(len(s.ids))
	}
}

// worth is what a term that stands more than once in a document, or in its
// title, adds to it.
func (x *Index) worth(s *segment, h hitter, doc uint32, counts [fields]uint8) (worth float32) {
	lengths := &s.length[h.voice]
	if counts[fieldTitle] > 0 {
		worth = x.weights.Title.hit(counts[fieldTitle], lengths[fieldTitle][doc], h.mean[fieldTitle])
	}
	if counts[fieldBody] > 0 {
		worth += x.weights.Body.hit(counts[fieldBody], lengths[fieldBody][doc], h.mean[fieldBody])
	}
	return worth
}

// hit is what count occurrences in a field of this length are worth, from 0 to
// the field's weight.
func (f *Field) hit(count uint8, length uint16, mean float32) float32 {
	tf, b := float32(count), float32(f.B)
	return float32(f.Weight) * tf / (tf + float32(f.K1)*(1-b+b*float32(length)/mean))
}

func (x *Index) hits(m *space, q *Query, k int, weight float32, need [voices]float32) []Hit {
	var top ranking
	base := 0
	for _, s := range q.snap.segments {
		for i, id := range s.ids {
			d := base + i
			if m.sum[d] <= 0 {
				continue
			}
			h := Hit{ID: id, Group: s.groups[i], Score: float64(m.sum[d] / weight)}
			if len(top) == k {
				if !before(h, top[0]) {
					continue
				}
				heap.Pop(&top)
			}
			h.Stem = share(m.cover[voiceStem][d], need[voiceStem])
			h.Four = share(m.cover[voiceFour][d], need[voiceFour])
			heap.Push(&top, h)
		}
		base += len(s.ids)
	}
	out := make([]Hit, len(top))
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = heap.Pop(&top).(Hit)
	}
	return out
}

func share(part, all float32) float64 {
	if all == 0 {
		return 0
	}
	return float64(part / all)
}

// before orders hits: higher score, then lower id. A score is added up in the
// order of the question's words, so it does not depend on the segments.
func before(a, b Hit) bool {
	if a.Score != b.Score {
		return a.Score > b.Score
	}
	return a.ID < b.ID
}

// ranking is a heap with the worst hit on top.
type ranking []Hit

func (r ranking) Len() int           { return len(r) }
func (r ranking) Less(i, j int) bool { return before(r[j], r[i]) }
func (r ranking) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *ranking) Push(h any)        { *r = append(*r, h.(Hit)) }
func (r *ranking) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}
