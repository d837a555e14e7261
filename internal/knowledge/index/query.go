package index

import (
	"math"
	"slices"

	"parley/internal/kit/text"
)

// Query is a question prepared against one state of the index. It says how well
// any text covers the question, weighed by how rare its words are here.
type Query struct {
	snap   *snapshot
	groups [voices][]group
	langs  []string
}

// group is one word (or gram) of the question: any of its alternatives will do.
type group struct {
	alts []uint32
	like []uint32 // synonyms: they help the score, never the coverage
	idf  float64
	need float64 // weight in coverage: function words hardly need to be there
	docs int     // that have one of them, or fewer
	sure float64 // of its weight, what it counts in coverage when it is there: a guess counts less
}

// quiet is how much a function word of the question counts in coverage.
const quiet = 0.3

// guessed is how much a word counts in coverage that stands for a typing error.
const guessed = 0.5

// maxQuery is how much of a question is looked at, in bytes.
const maxQuery = 2000

// Query prepares a question. lang is its language; "" means unknown, then it is
// stemmed in every language of the index.
func (x *Index) Query(question, lang string) *Query {
	snap := x.now.Load()
	q := &Query{snap: snap}
	switch {
	case lang != "" && (snap.langs[lang] > 0 || snap.docs == 0):
		q.langs = []string{lang}
	default:
		for l := range snap.langs {
			q.langs = append(q.langs, l)
		}
		slices.Sort(q.langs)
		if len(q.langs) == 0 {
			q.langs = []string{lang}
		}
	}
	typed := text.Unaddressed(text.Cut(question, maxQuery), func(address string) bool { return snap.holds(q.langs, address) })
	question = snap.corrected(q.langs, typed)
	seen := make(map[uint32]bool)
	own := x.means(snap, q.langs, question)
	for _, w := range text.Words(question) {
		var alts, like []uint32
		for _, l := range q.langs {
			if h := hash(stem(l, w.Text)); !seen[h] {
				seen[h] = true
				alts = append(append(alts, h), own[h]...)
				like = append(like, x.synonyms[l][h]...)
			}
			for _, other := range text.Respelled(l, w.Text) {
				if h := hash(stem(l, other)); !seen[h] && snap.count(voiceStem, h) > 0 {
					seen[h] = true
					alts = append(append(alts, h), own[h]...)
					like = append(like, x.synonyms[l][h]...)
				}
			}
		}
		if len(alts) > 0 {
			g := snap.group(voiceStem, alts)
			g.like = like
			if stop(q.langs, w.Text) {
				g.need *= quiet
			}
			q.groups[voiceStem] = append(q.groups[voiceStem], g)
		}
	}
	q.groups[voiceStem] = affordable(q.groups[voiceStem])
	snap.affordLikes(q.groups[voiceStem])
	four, three := grams(question)
	q.groups[voiceFour] = snap.single(voiceFour, four)
	quieten(q.groups[voiceFour], q.langs, question)
	q.groups[voiceThree] = snap.single(voiceThree, three)
	if typed != question {
		q.doubt(typed)
	}
	return q
}

// holds reports whether the index knows every word of an address, which is then
// one of the business's own.
func (n *snapshot) holds(langs []string, address string) bool {
	return !slices.ContainsFunc(text.Words(address), func(w text.Word) bool { return n.knows(langs, w.Text) == 0 })
}

// doubt notes which words and 4-grams were not typed but guessed.
func (q *Query) doubt(typed string) {
	var stems []uint32
	for _, w := range text.Words(typed) {
		for _, l := range q.langs {
			stems = append(stems, hash(stem(l, w.Text)))
		}
	}
	four, _ := grams(typed)
	for v, said := range map[int][]uint32{voiceStem: stems, voiceFour: four} {
		for i := range q.groups[v] {
			if g := &q.groups[v][i]; !slices.Contains(said, g.alts[0]) {
				g.sure = guessed
			}
		}
	}
}

func stop(langs []string, word string) bool {
	folded := text.Fold(word)
	return slices.ContainsFunc(langs, func(l string) bool { return text.StopWord(l, folded) })
}

// quieten lowers the weight of the 4-grams that stand in function words alone.
func quieten(groups []group, langs []string, question string) {
	var content []uint32
	for _, w := range text.Words(question) {
		if !stop(langs, w.Text) {
			four, _ := grams(w.Text)
			content = append(content, four...)
		}
	}
	for i := range groups {
		if !slices.Contains(content, groups[i].alts[0]) {
			groups[i].need *= quiet
		}
	}
}

// In a large index the grams that every fifth document has are left out of a
// question: they tell little and make most of the work. So are, in a very large
// one, the commonest words and grams beyond what a search may read.
const (
	manyDocs = 2000
	common   = 0.2
	maxReads = 150_000 // postings of one voice
)

func (n *snapshot) single(voice int, list []uint32) []group {
	var out []group
	seen := make(map[uint32]bool, len(list))
	for _, h := range list {
		if !seen[h] {
			seen[h] = true
			if docs := n.count(voice, h); n.docs < manyDocs || float64(docs) < common*float64(n.docs) {
				weight := idf(n.docs, docs)
				out = append(out, group{alts: []uint32{h}, idf: weight, need: weight, docs: docs, sure: 1})
			}
		}
	}
	return affordable(out)
}

// affordable leaves out the commonest groups once the rarer ones have used up
// what may be read; one is always left.
func affordable(groups []group) []group {
	reads := 0
	for _, g := range groups {
		reads += g.docs
	}
	if reads <= maxReads {
		return groups
	}
	byDocs := make([]int, len(groups))
	for i, g := range groups {
		byDocs[i] = g.docs
	}
	slices.Sort(byDocs)
	most := byDocs[0]
	reads = 0
	for _, docs := range byDocs {
		if reads += docs; reads > maxReads {
			break
		}
		most = docs
	}
	return slices.DeleteFunc(groups, func(g group) bool { return g.docs > most })
}

// affordLikes leaves out the synonyms for which there is no reading left.
func (n *snapshot) affordLikes(groups []group) {
	left := maxReads
	for _, g := range groups {
		left -= g.docs
	}
	for i := range groups {
		groups[i].like = slices.DeleteFunc(groups[i].like, func(h uint32) bool {
			docs := n.count(voiceStem, h)
			if docs > left {
				return true
			}
			left -= docs
			return false
		})
	}
}

// group weighs a word by its commonest alternative.
func (n *snapshot) group(voice int, alts []uint32) group {
	most, docs := 0, 0
	for _, h := range alts {
		have := n.count(voice, h)
		most, docs = max(most, have), docs+have
	}
	weight := idf(n.docs, most)
	return group{alts: alts, idf: weight, need: weight, docs: docs, sure: 1}
}

// count is the number of documents with a term.
func (n *snapshot) count(voice int, term uint32) int {
	all := 0
	for _, s := range n.segments {
		_, docs := s.post[voice].find(term)
		all += docs
	}
	return all
}

func idf(docs, df int) float64 {
	return math.Log(1 + (float64(docs)-float64(df)+0.5)/(float64(df)+0.5))
}

// Marks note which words and 4-grams of a question a text holds.
type Marks struct{ stem, four []bool }

// Mark looks for the question in a text of the given language.
func (q *Query) Mark(lang, s string) Marks {
	var a analyser
	t := a.terms(lang, s)
	return Marks{q.present(voiceStem, t[voiceStem]), q.present(voiceFour, t[voiceFour])}
}

func (q *Query) present(voice int, have []uint32) []bool {
	set := make(map[uint32]bool, len(have))
	for _, h := range have {
		set[h] = true
	}
	out := make([]bool, len(q.groups[voice]))
	for i, g := range q.groups[voice] {
		out[i] = slices.ContainsFunc(g.alts, func(h uint32) bool { return set[h] })
	}
	return out
}

// And joins the marks of two texts.
func (m Marks) And(other Marks) Marks {
	return Marks{either(m.stem, other.stem), either(m.four, other.four)}
}

func either(a, b []bool) []bool {
	out := slices.Clone(a)
	for i := range out {
		out[i] = out[i] || b[i]
	}
	return out
}

// Cover tells which share of the question, by weight, is marked: by stems and by
// 4-grams, each 0 to 1.
func (q *Query) Cover(m Marks) (stem, four float64) {
	return covered(q.groups[voiceStem], m.stem), covered(q.groups[voiceFour], m.four)
}

func covered(groups []group, marked []bool) float64 {
	var found, all float64
	for i, g := range groups {
		all += g.need
		if marked[i] {
			found += g.need * g.sure
		}
	}
	if all == 0 {
		return 0
	}
	return found / all
}

// Words is the number of distinct words of the question.
func (q *Query) Words() int { return len(q.groups[voiceStem]) }

// Match tells how alike the question and another text are by their 4-grams: the
// weight they share over the weight of both together, 0 to 1.
func (q *Query) Match(s string) float64 {
	four, _ := grams(s)
	other := q.snap.single(voiceFour, four)
	have := make(map[uint32]bool, len(other))
	var both, all float64
	for _, g := range other {
		have[g.alts[0]] = true
		all += g.idf
	}
	for _, g := range q.groups[voiceFour] {
		if have[g.alts[0]] {
			both += g.idf
		} else {
			all += g.idf
		}
	}
	if all == 0 {
		return 0
	}
	return both / all
}
