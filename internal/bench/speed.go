package bench

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/internal/kit/clock"
	"parley/internal/kit/text"
	"parley/internal/knowledge/index"
)

// size is a number of passages with what searching it and starting with it may
// take at most, in milliseconds.
type size struct {
	passages    int
	p99, readyB float64
}

func sizes() []size { return []size{{10_000, 20, 1_000}, {100_000, 60, 0}} }

func (s size) metric(name string) string { return strconv.Itoa(s.passages) + "-passages/" + name }

// retrieveSpeed times searches and starts at each size.
func retrieveSpeed(ctx context.Context, o Options, sets []*collection) (out []Figure, err error) {
	var prose []*collection
	for _, c := range sets {
		if strings.HasPrefix(c.name, "xquad") {
			prose = append(prose, c)
		}
	}
	for _, s := range sizes() {
		docs := speedDocuments(prose, s.passages)
		speed, err := searchSpeed(ctx, s, sets, docs)
		if err != nil {
			return nil, err
		}
		ready, err := readySpeed(ctx, o, s, docs)
		if err != nil {
			return nil, err
		}
		out = append(append(out, speed...), ready...)
	}
	return out, nil
}

// speedDocuments are n passages: every second paragraph of the collections as it
// is, to be found again, and passages of about 900 bytes put together from
// sentences of the others in one language and a line of its own, with made-up
// names, an article's number and its price. As in real text a few of the names
// stand in many passages and most in few, so the index goes on meeting words that
// it does not know.
func speedDocuments(prose []*collection, n int) (docs []index.Document) {
	add := func(lang, body string) {
		docs = append(docs, index.Document{ID: int64(len(docs)), Group: int64(len(docs) / 50), Language: lang, Body: body})
	}
	for _, c := range prose {
		for at := 0; at < len(c.bodies); at += 2 {
			add(c.lang, c.bodies[at])
		}
	}
	pick := picker(1)
	var names []string
	for range n {
		names = append(names, madeUp(pick))
	}
	sentences := make([][]string, len(prose))
	for i, c := range prose {
		for at := 1; at < len(c.bodies); at += 2 {
			for _, s := range text.Sentences(c.bodies[at]) {
				sentences[i] = append(sentences[i], s.Of(c.bodies[at]))
			}
		}
	}
	for len(docs) < n {
		i := len(docs) % len(prose)
		var b strings.Builder
		for b.Len() < 750 {
			b.WriteString(sentences[i][pick(len(sentences[i]))] + " ")
		}
		for range 4 { // the k-th name is about k times rarer than the first
			b.WriteString(names[pick(1+pick(1+pick(n)))] + " ")
		}
		fmt.Fprintf(&b, "%c%c-%d: %d,%02d EUR.", 'A'+pick(26), 'A'+pick(26), pick(1_000_000), 1+pick(900), pick(100))
		add(prose[i].lang, b.String())
	}
	return docs
}

// picker draws numbers below n, the same ones each time.
func picker(seed uint64) func(n int) int {
	return func(n int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed >> 33 % uint64(n))
	}
}

// madeUp is a word of two to four syllables.
func madeUp(pick func(int) int) string {
	var b strings.Builder
	for range 2 + pick(3) {
		b.WriteByte("bcdfghklmnprstvyz"[pick(17)])
		b.WriteByte("aeiou"[pick(5)])
		if pick(3) == 0 {
			b.WriteByte("lmnrst"[pick(6)])
		}
	}
	return b.String()
}

// searchSpeed times searches over these passages, and reports memory. The
// questions are those of all collections.
func searchSpeed(ctx context.Context, z size, sets []*collection, docs []index.Document) ([]Figure, error) {
	x := index.New(index.DefaultWeights())
	watch := clock.Real{}
	start := watch.Now()
	x.Add(docs...)
	built := millis(watch.Since(start))
	var took sample
	for _, c := range sets {
		for i := 0; i < min(len(c.questions), 2*askedEach); i += 2 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			from := watch.Now()
			x.Search(x.Query(c.questions[i], c.lang), 5)
			took = append(took, watch.Since(from))
		}
	}
	out := among(z, x, sets, false)
	var changes sample
	for group := range int64(9) {
		at := int(group) * 50
		from := watch.Now()
		x.Replace([]int64{group}, slices.Clone(docs[at:at+50]))
		changes = append(changes, watch.Since(from))
	}
	return append(out,
		figure("retrieve", z.metric("p50"), took.at(0.50), "ms", 0),
		figure("retrieve", z.metric("p99"), took.at(0.99), "ms", z.p99),
		figure("retrieve", z.metric("build"), built, "ms", 0),
		figure("retrieve", z.metric("replace-50"), changes.at(0.50), "ms", 0),
		figure("retrieve", z.metric("memory"), float64(x.Size())/float64(z.passages), "bytes/passage", 0),
	), nil
}

// askedEach is how many questions of a collection are timed.
const askedEach = 600

// among measures how often a paragraph is still found among so many passages, by
// the questions of one half.
func among(z size, x *index.Index, sets []*collection, half bool) (out []Figure) {
	first := 0
	for _, c := range sets {
		if !strings.HasPrefix(c.name, "xquad") {
			continue
		}
		var five, n float64
		for i, question := range c.questions {
			if chosen(question) != half || c.gold[i]%2 != 0 {
				continue
			}
			n++
			for _, h := range x.Search(x.Query(question, c.lang), 5) {
				if h.ID == int64(first+c.gold[i]/2) {
					five++
				}
			}
		}
		first += (len(c.bodies) + 1) / 2
		out = append(out, figure("retrieve", z.metric(c.name+"/recall@5"), five/n, "share", 0))
	}
	return out
}
