package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/text"
	"parley/internal/knowledge/index"
	"parley/internal/knowledge/quote"
)

// falseAnswers is the share of questions without an answer that the gate may let
// through while its kept share is measured.
const falseAnswers = 0.05

// Retrieve measures knowledge search and the answer gate on the open evaluation
// data in dir. Figures come from the half of the questions on which nothing was
// chosen.
func Retrieve(ctx context.Context, o Options) ([]Figure, error) {
	dir := o.Folder
	var sets []*collection
	for _, load := range []func() (*collection, error){
		func() (*collection, error) { return loadXQuAD(dir, "en") },
		func() (*collection, error) { return loadXQuAD(dir, "tr") },
		func() (*collection, error) { return loadXQuAD(dir, "de") },
		func() (*collection, error) { return loadBanking(dir) },
		func() (*collection, error) { return loadHINT3(dir, "sofmattress") },
		func() (*collection, error) { return loadHINT3(dir, "curekart") },
	} {
		c, err := load()
		if err != nil {
			return nil, fmt.Errorf("read the evaluation data: %w", err)
		}
		sets = append(sets, c)
	}
	var out []Figure
	for _, c := range sets {
		figures, err := c.retrieve(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, figures...)
	}
	docs := speedDocuments(sets[:3])
	speed, err := searchSpeed(ctx, sets[:3], docs)
	if err != nil {
		return nil, err
	}
	ready, err := readySpeed(ctx, o, docs)
	return slices.Concat(out, speed, ready), err
}

func (c *collection) document(i int) index.Document {
	return index.Document{ID: int64(i), Group: int64(i), Language: c.lang, Title: c.titles[i], Body: c.bodies[i]}
}

func (c *collection) index() *index.Index {
	x := index.New(index.DefaultWeights())
	docs := make([]index.Document, len(c.bodies))
	for i := range docs {
		docs[i] = c.document(i)
	}
	x.Add(docs...)
	return x
}

func (c *collection) candidates(hits []index.Hit) []quote.Candidate {
	list := make([]quote.Candidate, len(hits))
	for i, h := range hits {
		list[i] = quote.Candidate{Hit: h, Language: c.lang, Text: c.bodies[h.ID]}
		if wordings := strings.Split(strings.TrimSpace(c.titles[h.ID]), "\n"); wordings[0] != "" {
			list[i].Question, list[i].Alternatives = wordings[0], wordings[1:]
		}
	}
	return list
}

// outcome is what the search and the gate made of one question.
type outcome struct {
	rank       int // 1 is first, 0 is not among the first ten
	confidence float64
	answered   bool
}

func (c *collection) try(x *index.Index, question string, gold int) outcome {
	q := x.Query(question, c.lang)
	hits := x.Search(q, 10)
	var o outcome
	for i, h := range hits {
		if int(h.ID) == gold {
			o.rank = i + 1
			break
		}
	}
	v := quote.Judge(q, question, c.candidates(hits[:min(len(hits), 5)]), quote.DefaultLimits())
	o.confidence, o.answered = v.Confidence, v.Decision == quote.Answer
	return o
}

// retrieve measures one collection: every question of the held-out half, and
// again with its document taken away, where silence is right.
func (c *collection) retrieve(ctx context.Context) ([]Figure, error) {
	x := c.index()
	var found, silent []outcome
	byGold := make(map[int][]string)
	for i, question := range c.questions {
		if chosen(question) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		o := c.try(x, question, c.gold[i])
		if c.gold[i] == noDocument {
			silent = append(silent, o)
			continue
		}
		found = append(found, o)
		byGold[c.gold[i]] = append(byGold[c.gold[i]], question)
	}
	for gold := range c.bodies {
		if strings.HasPrefix(c.name, "hint3") || ctx.Err() != nil {
			break // real questions without an answer are at hand
		}
		x.Remove(int64(gold))
		for _, question := range byGold[gold] {
			silent = append(silent, c.try(x, question, gold))
		}
		x.Add(c.document(gold))
	}
	return c.figures(found, silent), ctx.Err()
}

func (c *collection) figures(found, silent []outcome) []Figure {
	var first, five, mrr, kept, right, wrong float64
	limit := threshold(silent)
	for _, o := range found {
		if o.rank == 1 {
			first++
			if o.confidence > limit {
				kept++
			}
			if o.answered {
				right++
			}
		}
		if o.rank >= 1 && o.rank <= 5 {
			five++
		}
		if o.rank > 0 {
			mrr += 1 / float64(o.rank)
		}
	}
	for _, o := range silent {
		if o.answered {
			wrong++
		}
	}
	n := float64(len(found))
	bounds := map[string][2]float64{
		"xquad-en": {0.985, 0.72}, "xquad-tr": {0.975, 0.70}, "banking77": {0.89, 0},
		"hint3-sofmattress": {0, 0.25}, "hint3-curekart": {0.70, 0.33},
	}[c.name]
	return []Figure{
		figure("retrieve", c.name+"/recall@1", first/n, "share", 0),
		figure("retrieve", c.name+"/recall@5", five/n, "share", bounds[0]),
		figure("retrieve", c.name+"/mrr@10", mrr/n, "share", 0),
		figure("retrieve", c.name+"/kept-at-5%-false", kept/first, "share", bounds[1]),
		figure("retrieve", c.name+"/answered-right", right/first, "share", 0),
		figure("retrieve", c.name+"/answered-false", wrong/float64(len(silent)), "share", 0),
	}
}

// threshold is the confidence that one in twenty silent outcomes passes.
func threshold(silent []outcome) float64 {
	list := make([]float64, len(silent))
	for i, o := range silent {
		list[i] = o.confidence
	}
	slices.Sort(list)
	return list[len(list)-1-int(falseAnswers*float64(len(list)))]
}

const speedPassages = 10_000

// speedDocuments are 10,000 passages of about 900 bytes, each put together from
// sentences of the collections.
func speedDocuments(sets []*collection) (docs []index.Document) {
	seed := uint64(1)
	for len(docs) < speedPassages {
		c := sets[len(docs)%len(sets)]
		var b strings.Builder
		for b.Len() < 800 {
			seed = seed*6364136223846793005 + 1442695040888963407
			body := c.bodies[seed>>33%uint64(len(c.bodies))]
			spans := text.Sentences(body)
			b.WriteString(spans[seed>>20%uint64(len(spans))].Of(body) + " ")
		}
		docs = append(docs, index.Document{ID: int64(len(docs)), Group: int64(len(docs) / 50), Language: c.lang, Body: b.String()})
	}
	return docs
}

// searchSpeed times searches over these passages and reports memory.
func searchSpeed(ctx context.Context, sets []*collection, docs []index.Document) ([]Figure, error) {
	x := index.New(index.DefaultWeights())
	watch := clock.Real{}
	start := watch.Now()
	x.Add(docs...)
	built := watch.Since(start)
	var took []time.Duration
	for _, c := range sets {
		for i := 0; i < len(c.questions); i += 2 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			from := watch.Now()
			x.Search(x.Query(c.questions[i], c.lang), 5)
			took = append(took, watch.Since(from))
		}
	}
	from := watch.Now()
	x.Replace([]int64{3}, docs[150:200])
	changed := watch.Since(from)
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return []Figure{
		figure("retrieve", "10000-passages/p50", ms(took[len(took)/2]), "ms", 0),
		figure("retrieve", "10000-passages/p99", ms(took[len(took)*99/100]), "ms", 20),
		figure("retrieve", "10000-passages/build", ms(built), "ms", 0),
		figure("retrieve", "10000-passages/replace-50", ms(changed), "ms", 0),
		figure("retrieve", "10000-passages/memory", float64(x.Size())/speedPassages, "bytes/passage", 0),
	}, nil
}
