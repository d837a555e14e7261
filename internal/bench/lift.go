package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"parley/internal/kit/text"
	"parley/internal/knowledge/index"
)

// Lift measures what each help of the search adds: wordings that an owner
// approved, the words of a business that mean the same, and other wordings of a
// question as a model would give them. Lists are made of one half of the
// questions, figures of the other.
func Lift(ctx context.Context, o Options) (out []Figure, err error) {
	o = o.withDefaults(1, 1)
	o.say(halves)
	for _, part := range []func(context.Context, Options) ([]Figure, error){liftPhrasings, liftSynonyms, liftRewriting, liftPolicies} {
		figures, err := part(ctx, o)
		out = append(out, figures...)
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

func runLift(ctx context.Context, o Options) ([]Figure, error) {
	if o.Folder == "" {
		return nil, errors.New("bench lift needs a folder with evaluation data")
	}
	return Lift(ctx, o)
}

// liftPhrasings gives each intent its name alone, as an owner would head it, and
// then one, three and five wordings of customers.
func liftPhrasings(ctx context.Context, o Options) (out []Figure, err error) {
	for _, load := range []func() (*collection, error){
		func() (*collection, error) { return loadBanking(o.Folder) },
		func() (*collection, error) { return loadHINT3(o.Folder, "curekart") },
		func() (*collection, error) { return loadHINT3(o.Folder, "sofmattress") },
	} {
		c, err := load()
		if err != nil {
			return nil, fmt.Errorf("read the evaluation data: %w", err)
		}
		for _, k := range []int{0, 1, 3, 5} {
			less := *c
			less.titles = make([]string, len(c.titles))
			for i, all := range c.titles {
				wordings := strings.Split(strings.TrimSpace(all), "\n")
				less.titles[i] = strings.Join(append([]string{c.labels[i]}, wordings[:min(k, len(wordings))]...), "\n") + "\n"
			}
			figures, err := less.lifted(ctx, less.index(), fmt.Sprintf("phrasings/%s/%d", c.name, k))
			if err != nil {
				return nil, err
			}
			out = append(out, figures...)
		}
	}
	return out, nil
}

// lifted measures the held half against an index.
func (c *collection) lifted(ctx context.Context, x *index.Index, name string) ([]Figure, error) {
	found, silent, err := c.asked(ctx, x)
	if err != nil {
		return nil, err
	}
	t := tally(found, silent)
	return []Figure{
		figure("lift", name+"/recall@1", t.first/t.n, "share", 0),
		figure("lift", name+"/recall@5", t.five/t.n, "share", 0),
		figure("lift", name+"/kept-of-all-at-5%-false", t.kept/t.n, "share", 0),
	}, nil
}

// liftSynonyms compares an index without a list of the business with one that has
// a list made of the other half of the questions.
func liftSynonyms(ctx context.Context, o Options) (out []Figure, err error) {
	for _, load := range []func() (*collection, error){
		func() (*collection, error) { return loadBanking(o.Folder) },
		func() (*collection, error) { return loadHINT3(o.Folder, "curekart") },
		func() (*collection, error) { return loadXQuAD(o.Folder, "tr") },
	} {
		c, err := load()
		if err != nil {
			return nil, fmt.Errorf("read the evaluation data: %w", err)
		}
		x := c.index()
		without, err := c.lifted(ctx, x, "synonyms/"+c.name+"/none")
		if err != nil {
			return nil, err
		}
		list := c.mined()
		x.SetSynonyms(map[string][][]string{c.lang: list})
		with, err := c.lifted(ctx, x, fmt.Sprintf("synonyms/%s/%d pairs", c.name, len(list)))
		if err != nil {
			return nil, err
		}
		out = append(append(out, without...), with...)
	}
	return out, nil
}

// minedPairs is how long a list of synonyms is at most, minedLeast how many
// questions must speak for a pair.
const (
	minedPairs = 40
	minedLeast = 3
)

// mined pairs words of questions with words of their documents that do not hold
// them: those that meet far more often than words do by chance. It looks at the
// chosen half alone.
func (c *collection) mined() [][]string {
	docs := make([]map[string]bool, len(c.bodies))
	inDocs := map[string]float64{}
	for i := range docs {
		docs[i] = c.content(c.titles[i] + " " + c.bodies[i])
		for w := range docs[i] {
			inDocs[w]++
		}
	}
	type pair struct{ asked, said string }
	meet, ask := map[pair]float64{}, map[string]float64{}
	for i, question := range c.questions {
		if !chosen(question) || c.gold[i] == noDocument {
			continue
		}
		for w := range c.content(question) {
			if docs[c.gold[i]][w] {
				continue
			}
			ask[w]++
			for d := range docs[c.gold[i]] {
				meet[pair{w, d}]++
			}
		}
	}
	worth := map[pair]float64{}
	for p, n := range meet {
		if n >= minedLeast {
			worth[p] = n * math.Log(n/ask[p.asked]*float64(len(docs))/inDocs[p.said])
		}
	}
	all := slices.SortedFunc(maps.Keys(worth), func(a, b pair) int {
		return cmp.Or(cmp.Compare(worth[b], worth[a]), strings.Compare(a.asked, b.asked), strings.Compare(a.said, b.said))
	})
	var out [][]string
	once := map[string]bool{}
	for _, p := range all {
		if len(out) < minedPairs && !once[p.asked] {
			once[p.asked] = true
			out = append(out, []string{p.asked, p.said})
		}
	}
	return out
}

// content lists the words of a text that say something, by their spelling without
// ending: the shortest word of a stem stands for it.
func (c *collection) content(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range text.Words(text.Lower(c.lang, s)) {
		if len(w.Text) > 2 && !text.StopWord(c.lang, text.Fold(w.Text)) {
			out[text.Stem(c.lang, w.Text)] = true
		}
	}
	return out
}
