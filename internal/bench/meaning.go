package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/knowledge"
	"parley/internal/knowledge/index"
	"parley/internal/llm"
	"parley/internal/llm/openai"
	"parley/internal/store"
	sim "parley/sim/llm"
)

// Meaning measures what the search by meaning adds to the words, and what it
// takes. With Options.URL and Model a real endpoint makes the vectors; without,
// the stand-in's hashed words do, which know no meaning: then the figures say only
// that the fusion takes no harm from a second list of its own kind.
func Meaning(ctx context.Context, o Options) ([]Figure, error) {
	var out []Figure
	if o.Folder != "" {
		embed, err := embedderOf(o)
		if err != nil {
			return nil, err
		}
		for _, load := range []func() (*collection, error){
			func() (*collection, error) { return loadXQuAD(o.Folder, "en") },
			func() (*collection, error) { return loadXQuAD(o.Folder, "tr") },
			func() (*collection, error) { return loadHINT3(o.Folder, "sofmattress") },
			func() (*collection, error) { return loadHINT3(o.Folder, "curekart") },
		} {
			c, err := load()
			if err != nil {
				return nil, err
			}
			figures, err := c.meaning(ctx, embed)
			if err != nil {
				return nil, err
			}
			out = append(out, figures...)
		}
	}
	for _, size := range []int{256, 1536} {
		figures, err := meaningSpeed(ctx, o, size)
		if err != nil {
			return nil, err
		}
		out = append(out, figures...)
	}
	return out, nil
}

type embedFunc func(ctx context.Context, texts []string) ([][]float32, error)

const standInSize = 256

func embedderOf(o Options) (embedFunc, error) {
	if o.URL == "" {
		return func(_ context.Context, texts []string) ([][]float32, error) {
			all := make([][]float32, len(texts))
			for i, t := range texts {
				all[i] = sim.Vector(t, standInSize)
			}
			return all, nil
		}, nil
	}
	at, err := url.Parse(o.URL)
	if err != nil || o.Model == "" {
		return nil, errors.Join(err, errors.New("bench meaning needs --url and --model of an endpoint"))
	}
	rule := httpx.Rule{Name: "bench", Purpose: httpx.Infrastructure, Max: 32 << 20, Timeout: 2 * time.Minute, Private: []string{at.Host}}
	out, err := httpx.New(clock.Real{}, rule)
	if err != nil {
		return nil, err
	}
	m, err := openai.New(openai.Options{URL: o.URL, Key: secret.New(o.Key), Calls: out, Rule: rule.Name, Style: openai.Chat})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, texts []string) (all [][]float32, err error) {
		for part := range slices.Chunk(texts, 64) {
			got, err := m.Embed(ctx, llm.EmbedRequest{Model: o.Model, Texts: part, Dimensions: o.Dimensions})
			if err != nil {
				return nil, err
			}
			all = append(all, got.List...)
		}
		return all, nil
	}, nil
}

// meaning asks the questions on which nothing was chosen: by words, by meaning,
// and by both.
func (c *collection) meaning(ctx context.Context, embed embedFunc) ([]Figure, error) {
	x := index.New(index.DefaultWeights())
	texts := make([]string, len(c.bodies))
	for i := range c.bodies {
		x.Add(c.document(i))
		texts[i] = c.titles[i] + "\n" + c.bodies[i]
	}
	passages, err := embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	var ask []string
	var gold []int64
	for i, q := range c.questions {
		if !chosen(q) && c.gold[i] != noDocument {
			ask, gold = append(ask, q), append(gold, int64(c.gold[i]))
		}
	}
	questions, err := embed(ctx, ask)
	if err != nil {
		return nil, err
	}
	counts := map[string][2]float64{}
	for i, q := range ask {
		words := x.Search(x.Query(q, c.lang), 15)
		meant := byCosine(questions[i], passages, 15)
		for name, hits := range map[string][]index.Hit{"words": words, "meaning": meant, "both": knowledge.Blend(words, meant)} {
			at := slices.IndexFunc(hits, func(h index.Hit) bool { return h.ID == gold[i] })
			n := counts[name]
			if at == 0 {
				n[0]++
			}
			if at >= 0 && at < 5 {
				n[1]++
			}
			counts[name] = n
		}
	}
	var out []Figure
	for _, name := range []string{"words", "meaning", "both"} {
		n := counts[name]
		out = append(out, figure("meaning", c.name+"/"+name+"/first", n[0]/float64(len(ask)), "of questions", 0),
			figure("meaning", c.name+"/"+name+"/five", n[1]/float64(len(ask)), "of questions", 0))
	}
	return out, nil
}

func byCosine(q []float32, passages [][]float32, limit int) []index.Hit {
	all := make([]index.Hit, len(passages))
	for i, p := range passages {
		dot, a, b := 0.0, 0.0, 0.0
		for j, x := range p {
			dot, a, b = dot+float64(x)*float64(q[j]), a+float64(x)*float64(x), b+float64(q[j])*float64(q[j])
		}
		all[i] = index.Hit{ID: int64(i), Score: dot / math.Max(math.Sqrt(a*b), 1e-12)}
	}
	slices.SortFunc(all, func(a, b index.Hit) int { return cmp.Compare(b.Score, a.Score) })
	return all[:min(len(all), limit)]
}

// meaningBound is what the product promises of a search, in milliseconds.
const meaningBound = 60

// meaningSpeed times whole searches, words and meaning together, over 10,000
// passages in a store.
func meaningSpeed(ctx context.Context, o Options, size int) ([]Figure, error) {
	const passages, asked = 10_000, 300
	var docs []index.Document
	for i := range passages {
		docs = append(docs, index.Document{ID: int64(i), Language: "en", Body: fmt.Sprintf("Passage %d is about thing %d and thing %d of shop %d.", i, i%97, i%193, i%7)})
	}
	in, err := newInstall(ctx, o.withDefaults(1, 1), func(ctx context.Context, in *install) error {
		if err := in.seedPassages(ctx, docs); err != nil {
			return err
		}
		return in.seedVectors(ctx, size)
	})
	if err != nil {
		return nil, err
	}
	r := &report{bench: "meaning", engine: in.opt.Engine}
	err = in.measureMeaning(ctx, r, size, asked)
	return r.figures, errors.Join(err, in.Close())
}

func (in *install) seedVectors(ctx context.Context, size int) error {
	for {
		n := 0
		err := in.ws.Write(ctx, func(tx *store.Tx) error {
			bare, err := tx.Unmeant(500)
			if err != nil {
				return err
			}
			n = len(bare)
			var all []store.Vector
			for _, p := range bare {
				v := make([]int8, size)
				for i, x := range sim.Vector(p.Text, size) {
					v[i] = int8(127 * x)
				}
				all = append(all, store.Vector{Passage: p.ID, Vendor: desk.Compatible, Model: "bench", Components: v})
			}
			return tx.PutVectors(bare, all)
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func (in *install) measureMeaning(ctx context.Context, r *report, size, asked int) error {
	k := knowledge.New(knowledge.Parts{DB: in.DB, Flow: flow.New(flow.Config{DB: in.DB, Clock: in.clk})})
	if _, err := k.Search(ctx, in.ws.Workspace(), "thing", "en", 5); err != nil { // the words are ready
		return err
	}
	ask := func(i int) (time.Duration, error) {
		q := fmt.Sprintf("What is thing %d of shop %d about?", i%97, i%7)
		meant := &knowledge.Meant{Vendor: desk.Compatible, Model: "bench", Components: sim.Vector(q, size)}
		began := in.clk.Now()
		res, err := k.AnswerWithout(ctx, in.ws.Workspace(), knowledge.Without{}, knowledge.Ask{Question: q, Language: "en", Meant: meant})
		if err == nil && (res.Unmeant != "" || len(res.Passages) == 0) {
			err = errors.New("bench meaning: nothing was found by meaning: " + res.Unmeant)
		}
		return in.clk.Since(began), err
	}
	name := fmt.Sprintf("10000-passages/%d-numbers/", size)
	first, err := ask(0)
	if err != nil {
		return err
	}
	r.add(name+"first after a start", millis(first), "ms", 0)
	var took []time.Duration
	for i := range asked {
		one, err := ask(i)
		if err != nil {
			return err
		}
		took = append(took, one)
	}
	slices.Sort(took)
	r.add(name+"p50", millis(took[len(took)/2]), "ms", 0)
	r.add(name+"p99", millis(took[len(took)*99/100]), "ms", meaningBound)
	r.add(name+"memory", float64(10_000*(size+64))/1e6, "MB of vectors", 0)
	return nil
}
