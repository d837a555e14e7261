package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/internal/knowledge/index"
	"parley/internal/knowledge/quote"
)

// falseAnswers is the share of questions without an answer that the gate may let
// through while its kept share is measured.
const falseAnswers = 0.05

// halves says which half of which data chose what.
const halves = "weights, limits and ways of correcting were chosen on the half of the questions of XQuAD (en, tr, de), Banking77 and HINT3 whose hash is even; " +
	"the figures are those of the other half"

// Retrieve measures knowledge search and the answer gate on the open evaluation
// data in dir. Figures come from the half of the questions on which nothing was
// chosen.
func Retrieve(ctx context.Context, o Options) ([]Figure, error) {
	o = o.withDefaults(1, 1)
	o.say(halves)
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
	speed, err := retrieveSpeed(ctx, o, sets)
	return append(out, speed...), err
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
	found, silent, err := c.asked(ctx, x)
	if err != nil {
		return nil, err
	}
	out := c.figures(tally(found, silent))
	if c.lang == "tr" {
		out = append(out, c.typed(x, tally(found, silent))...)
	}
	return out, ctx.Err()
}

// asked asks the held-out half with its documents, and without them.
func (c *collection) asked(ctx context.Context, x *index.Index) (found, silent []outcome, err error) {
	byGold := make(map[int][]string)
	for i, question := range c.questions {
		if chosen(question) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
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
	return found, silent, ctx.Err()
}

// typed asks the held-out half as people type it, next to the clean questions.
func (c *collection) typed(x *index.Index, clean counts) []Figure {
	by := make(map[string][]outcome)
	var names []string
	for _, v := range variants() {
		if !slices.Contains(names, v.name) {
			names = append(names, v.name)
		}
		for i, question := range c.questions {
			if chosen(question) || c.gold[i] == noDocument {
				continue
			}
			if as, ok := v.of(c.lang, question, v.draw); ok {
				by[v.name] = append(by[v.name], c.try(x, as, c.gold[i]))
			}
		}
	}
	var out []Figure
	for _, name := range names {
		t := tally(by[name], nil)
		out = append(out,
			figure("retrieve", c.name+"/"+name+"/recall@1", t.first/t.n, "share", 0),
			figure("retrieve", c.name+"/"+name+"/recall@5", t.five/t.n, "share", clean.five/clean.n-typedLoss),
			figure("retrieve", c.name+"/"+name+"/answered-right", t.right/t.first, "share", 0))
	}
	return out
}

// typedLoss is what a way of typing may cost in recall@5.
const typedLoss = 0.02

// counts are what came of a collection's questions.
type counts struct {
	n, first, five, mrr float64
	kept                float64 // first and above the confidence that five of a hundred silent ones pass
	right               float64 // first and answered
	wrong, silent       float64 // answered of those where silence is right
}

func tally(found, silent []outcome) counts {
	t := counts{n: float64(len(found)), silent: float64(len(silent))}
	limit := threshold(silent)
	for _, o := range found {
		if o.rank == 1 {
			t.first++
			if o.confidence > limit {
				t.kept++
			}
			if o.answered {
				t.right++
			}
		}
		if o.rank >= 1 && o.rank <= 5 {
			t.five++
		}
		if o.rank > 0 {
			t.mrr += 1 / float64(o.rank)
		}
	}
	for _, o := range silent {
		if o.answered {
			t.wrong++
		}
	}
	return t
}

func (c *collection) figures(t counts) []Figure {
	bounds := map[string][2]float64{
		"xquad-en": {0.985, 0.72}, "xquad-tr": {0.975, 0.70}, "banking77": {0.89, 0},
		"hint3-sofmattress": {0, 0.25}, "hint3-curekart": {0.70, 0.33},
	}[c.name]
	return []Figure{
		figure("retrieve", c.name+"/recall@1", t.first/t.n, "share", 0),
		figure("retrieve", c.name+"/recall@5", t.five/t.n, "share", bounds[0]),
		figure("retrieve", c.name+"/mrr@10", t.mrr/t.n, "share", 0),
		figure("retrieve", c.name+"/kept-at-5%-false", t.kept/t.first, "share", bounds[1]),
		figure("retrieve", c.name+"/answered-right", t.right/t.first, "share", 0),
		figure("retrieve", c.name+"/answered-false", t.wrong/t.silent, "share", 0),
	}
}

// threshold is the confidence that one in twenty silent outcomes passes.
func threshold(silent []outcome) float64 {
	list := make([]float64, len(silent))
	for i, o := range silent {
		list[i] = o.confidence
	}
	if len(list) == 0 {
		return 1
	}
	slices.Sort(list)
	return list[len(list)-1-int(falseAnswers*float64(len(list)))]
}
