package index

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Document is a passage to be found.
type Document struct {
	ID       int64  // unique in the index; ties in the ranking go to the lower id
	Group    int64  // what it is removed by: its source
	Language string // ISO 639-1 code, "" when unknown
	Title    string // document title and headings, or the question of a pair with its other wordings
	Body     string
}

// Index holds the documents of one workspace. All methods may be called by
// several goroutines at once.
type Index struct {
	weights  Weights
	synonyms thesaurus
	own      atomic.Pointer[ownWords] // the workspace's synonyms
	write    sync.Mutex
	now      atomic.Pointer[snapshot]
	scratch  sync.Pool
}

type snapshot struct {
	segments []*segment
	docs     int
	total    [voices][fields]float64 // terms over all documents
	langs    map[string]int          // documents per language
	once     [voices][]float32       // what a term that stands once in a document's body is worth
}

// maxSegments is how many segments a search looks through at most; beyond it
// the smallest are combined.
const maxSegments = 6

// New returns an empty index.
func New(w Weights) *Index {
	x := &Index{weights: w, synonyms: synonyms()}
	x.now.Store(x.publish(nil))
	return x
}

// Len is the number of documents.
func (x *Index) Len() int { return x.now.Load().docs }

// Size is the memory that the index takes, in bytes, near enough.
func (x *Index) Size() int {
	n := 0
	for _, s := range x.now.Load().segments {
		n += s.size()
	}
	return n
}

// Add puts documents in; one whose id is there already replaces it.
func (x *Index) Add(docs ...Document) {
	x.Replace(nil, docs)
}

// Remove takes out every document of the groups.
func (x *Index) Remove(groups ...int64) {
	x.Replace(groups, nil)
}

// Replace takes out the documents of the groups and puts docs in as one change:
// no search sees one without the other.
func (x *Index) Replace(groups []int64, docs []Document) {
	docs = unique(docs)
	fresh := build(docs) // slow part, before the lock
	gone := make(map[int64]bool, len(docs))
	for _, d := range docs {
		gone[d.ID] = true
	}
	keep := func(id, group int64) bool { return !gone[id] && !slices.Contains(groups, group) }

	x.write.Lock()
	defer x.write.Unlock()
	var next []*segment
	for _, s := range x.now.Load().segments {
		hit := false
		for i := range s.ids {
			if !keep(s.ids[i], s.groups[i]) {
				hit = true
				break
			}
		}
		if hit {
			s = combine([]*segment{s}, keep)
		}
		if len(s.ids) > 0 {
			next = append(next, s)
		}
	}
	if len(docs) > 0 {
		next = append(next, fresh)
	}
	x.now.Store(x.publish(compact(next)))
}

// unique keeps the last document of each id.
func unique(docs []Document) []Document {
	last := make(map[int64]int, len(docs))
	for i, d := range docs {
		last[d.ID] = i
	}
	if len(last) == len(docs) {
		return docs
	}
	var out []Document
	for i, d := range docs {
		if last[d.ID] == i {
			out = append(out, d)
		}
	}
	return out
}

// compact combines the smallest segments until few are left.
func compact(segments []*segment) []*segment {
	if len(segments) <= maxSegments {
		return segments
	}
	slices.SortStableFunc(segments, func(a, b *segment) int { return len(b.ids) - len(a.ids) })
	few := maxSegments / 2
	small := combine(segments[few:], func(int64, int64) bool { return true })
	return append(slices.Clone(segments[:few]), small)
}

func (x *Index) publish(segments []*segment) *snapshot {
	n := &snapshot{segments: segments, langs: make(map[string]int)}
	for _, s := range segments {
		n.docs += len(s.ids)
		for _, lang := range s.langs {
			n.langs[lang]++
		}
		for v := range voices {
			for f := range fields {
				for _, l := range s.length[v][f] {
					n.total[v][f] += float64(l)
				}
			}
		}
	}
	for v := range voices {
		mean := n.mean(v)[fieldBody]
		n.once[v] = make([]float32, 0, n.docs)
		for _, s := range segments {
			for _, l := range s.length[v][fieldBody] {
				n.once[v] = append(n.once[v], x.weights.Body.hit(1, l, mean))
			}
		}
	}
	return n
}

// mean is how many terms a document has in each field, on average.
func (n *snapshot) mean(v int) (mean [fields]float32) {
	for f := range fields {
		mean[f] = float32(max(1, n.total[v][f]/float64(max(1, n.docs))))
	}
	return mean
}

// Languages lists the languages of the documents, the commonest first.
func (x *Index) Languages() []string {
	langs := x.now.Load().langs
	out := slices.Collect(maps.Keys(langs))
	slices.SortFunc(out, func(a, b string) int {
		if langs[a] != langs[b] {
			return langs[b] - langs[a]
		}
		return strings.Compare(a, b)
	})
	return out
}
