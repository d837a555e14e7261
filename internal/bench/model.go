package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/answer/prompt"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/knowledge"
	"parley/internal/llm"
	"parley/internal/llm/openai"
	"parley/internal/store"
)

// Model measures what a language model adds to finding: the questions it suggests
// for a passage, all of them approved as they come (the product drops some before
// an owner sees them), and the search queries it turns a question
// into. It is asked with the product's own prompts through the product's own
// adapter, and found is by the code of a turn. Options.URL is an endpoint that
// speaks Chat Completions. Suggested are questions for Options.Knowledge;
// rewritten are its Questions, and of Options.Folder a sample of the half on
// which nothing was chosen: English questions of Turkish texts, and messages of a
// shop's customers.
func Model(ctx context.Context, o Options) ([]Figure, error) {
	o = o.withDefaults(1, 1)
	m, err := modelOf(o)
	if err != nil {
		return nil, err
	}
	shelves, err := o.shelves()
	if err != nil {
		return nil, err
	}
	all := map[string]*found{}
	var names []string
	for _, s := range shelves {
		o.say(fmt.Sprintf("%s: %d passages, %d questions", s.name, len(s.passages), len(s.asked)))
		if err := s.measure(ctx, o, m, func(name string) *found {
			if all[name] == nil {
				all[name], names = &found{}, append(names, name)
			}
			return all[name]
		}); err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	var out []Figure
	for _, name := range names {
		f := all[name]
		of := fmt.Sprint(" of ", f.n)
		if strings.Contains(name, "/unanswerable/") {
			out = append(out, figure("model", name+"/quoted"+of, float64(f.wrong), "questions", 0))
			continue
		}
		out = append(out, figure("model", name+"/first"+of, float64(f.first), "questions", 0), figure("model", name+"/five", float64(f.five), "questions", 0),
			figure("model", name+"/quoted-right", float64(f.quoted), "questions", 0), figure("model", name+"/quoted-wrong", float64(f.wrong), "questions", 0))
	}
	return out, nil
}

// found counts what became of the questions of one kind.
type found struct{ n, first, five, quoted, wrong int }

func (f *found) add(r knowledge.Result, right func(store.Passage) bool) {
	f.n++
	first := len(r.Passages) > 0 && right(r.Passages[0].Passage)
	for _, p := range r.Passages[:min(len(r.Passages), 5)] {
		if right(p.Passage) {
			f.five++
			break
		}
	}
	switch quotes := r.Decision == desk.DecideAnswer; {
	case first && quotes:
		f.quoted++
	case quotes:
		f.wrong++
	}
	if first {
		f.first++
	}
}

// shelf is a knowledge and the questions that are put to it.
type shelf struct {
	name     string
	lang     string // of the passages
	suggest  bool   // the model is asked about its passages, too
	passages []store.Passage
	asked    []shelved
}

type shelved struct {
	kind, text, lang string
	right            func(store.Passage) bool
}

// measure asks the questions with the words as they are, then with each help and
// with both.
func (s shelf) measure(ctx context.Context, o Options, m llm.Model, count func(name string) *found) error {
	in, err := newInstall(ctx, o, s.fill)
	if err != nil {
		return err
	}
	k := knowledge.New(knowledge.Parts{DB: in.DB, Flow: flow.New(flow.Config{DB: in.DB, Clock: in.clk})})
	queries := make([][]string, len(s.asked))
	pass := func(way string, rewritten bool) error {
		for i, q := range s.asked {
			r, err := k.Answer(ctx, in.ws.Workspace(), q.text, q.lang)
			// As in a turn, what is answered already is not rewritten.
			if err == nil && rewritten && r.Decision != desk.DecideAnswer {
				if queries[i] == nil {
					queries[i], err = rewrite(ctx, m, o.Model, q.text, s.lang)
				}
				if err == nil && len(queries[i]) > 0 {
					r, err = k.Answer(ctx, in.ws.Workspace(), q.text, q.lang, queries[i]...)
				}
			}
			if err != nil {
				return err
			}
			count(cmp.Or(q.kind, s.name)+"/"+way).add(r, q.right)
		}
		return nil
	}
	err = errors.Join(pass("as it is", false), pass("rewritten", true))
	if err == nil && s.suggest {
		if err = s.phrase(ctx, in, m, o.Model); err == nil {
			k = knowledge.New(knowledge.Parts{DB: in.DB, Flow: flow.New(flow.Config{DB: in.DB, Clock: in.clk})})
			err = errors.Join(pass("suggested", false), pass("suggested and rewritten", true))
		}
	}
	return errors.Join(err, in.Close())
}

func (s shelf) fill(ctx context.Context, in *install) error {
	return in.batches(ctx, len(s.passages), func(tx *store.Tx, i int) error {
		p := &s.passages[i]
		p.Source, p.Language = tx.NewID(), s.lang
		name := fmt.Sprint(s.name, " ", i)
		source := store.Source{ID: p.Source, Kind: knowledge.Text, Name: name, State: store.SourceReady, Passages: 1, Revision: 1}
		return errors.Join(tx.InsertSource(source, name, []byte("bench")), tx.ReplacePassages(p.Source, []store.Passage{*p}))
	})
}

// phrase has the model think of questions for every passage and approves them.
func (s shelf) phrase(ctx context.Context, in *install, m llm.Model, model string) error {
	for _, p := range s.passages {
		req, err := prompt.BuildPhrasings(prompt.Phrase{Title: p.Heading, Text: p.Text, Language: s.lang, Languages: []string{s.lang}, Model: model, Fence: fenceOfBench})
		if err != nil {
			return err
		}
		said, err := m.Generate(ctx, req)
		if err != nil {
			return err
		}
		all, err := prompt.ReadPhrasings(said.JSON)
		if err != nil {
			return err
		}
		if err := in.ws.Write(ctx, func(tx *store.Tx) error {
			for _, q := range all {
				if _, err := tx.AddPhrasing(p, store.Phrasing{Text: q, Language: s.lang, State: store.PhrasingActive}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// fenceOfBench is the same in every run, so that an endpoint may remember what it
// was asked.
const fenceOfBench = "fence-0000000000000000"

func rewrite(ctx context.Context, m llm.Model, model, question, lang string) ([]string, error) {
	req, err := prompt.BuildQueries(prompt.Rewrite{Question: question, Languages: []string{lang}, Model: model, Fence: fenceOfBench})
	if err != nil {
		return nil, err
	}
	said, err := m.Generate(ctx, req)
	if err != nil {
		return nil, err
	}
	return prompt.ReadQueries(said.JSON)
}

func modelOf(o Options) (llm.Model, error) {
	at, err := url.Parse(o.URL)
	if err != nil || o.URL == "" || o.Model == "" {
		return nil, errors.Join(err, errors.New("bench model needs --url and --model of an endpoint"))
	}
	rule := httpx.Rule{Name: "bench", Purpose: httpx.Infrastructure, Max: 1 << 20, Timeout: 2 * time.Minute, Private: []string{at.Host}}
	out, err := httpx.New(clock.Real{}, rule)
	if err != nil {
		return nil, err
	}
	return openai.New(openai.Options{URL: o.URL, Key: secret.New(o.Key), Calls: out, Rule: rule.Name, Style: openai.Chat})
}

// sampled is how many questions of an open collection are asked at most: each
// costs a call.
const sampled = 80

func (o Options) shelves() (all []shelf, err error) {
	for _, path := range o.Knowledge {
		s, err := policyShelf(path, o.Questions)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if o.Folder == "" {
		return all, nil
	}
	en, err := loadXQuAD(o.Folder, "en")
	if err != nil {
		return nil, fmt.Errorf("read the evaluation data: %w", err)
	}
	tr, err := loadXQuAD(o.Folder, "tr")
	if err != nil {
		return nil, fmt.Errorf("read the evaluation data: %w", err)
	}
	if len(en.questions) != len(tr.questions) {
		return nil, errors.New("the English and the Turkish questions are not the same ones")
	}
	shop, err := loadHINT3(o.Folder, "curekart")
	if err != nil {
		return nil, fmt.Errorf("read the evaluation data: %w", err)
	}
	return append(all, tr.shelf("english of turkish", en.questions), shop.shelf("curekart", shop.questions)), nil
}

// shelf puts a sample of questions to the passages of a collection.
func (c *collection) shelf(name string, questions []string) shelf {
	s := shelf{name: name, lang: c.lang}
	for i, body := range c.bodies {
		p := store.Passage{N: i, PassageBody: store.PassageBody{Text: body}}
		if all := strings.Split(strings.TrimSpace(c.titles[i]), "\n"); all[0] != "" {
			p.PassageBody = store.PassageBody{Question: all[0], Alternatives: all[1:], Text: cmp.Or(body, c.labels[i])}
		}
		s.passages = append(s.passages, p)
	}
	held := 0
	for i, q := range questions {
		if !chosen(q) && c.gold[i] != noDocument {
			held++
		}
	}
	seen := 0
	for i, q := range questions {
		if chosen(q) || c.gold[i] == noDocument {
			continue
		}
		if seen++; seen%max(1, held/sampled) != 0 || len(s.asked) == sampled {
			continue
		}
		lang, _ := text.Language(q, "en")
		s.asked = append(s.asked, shelved{text: q, lang: lang, right: func(p store.Passage) bool { return s.at(p) == c.gold[i] }})
	}
	return s
}

// at finds a passage's place on the shelf by its source.
func (s shelf) at(p store.Passage) int {
	for i := range s.passages {
		if s.passages[i].Source == p.Source {
			return i
		}
	}
	return noDocument
}

// policyShelf is a document with the questions that belong to it; right is a
// passage that touches the place where the answer stands.
func policyShelf(path, questions string) (shelf, error) {
	name := filepath.Base(path)
	doc, err := openDocument(path)
	if err != nil {
		return shelf{}, err
	}
	rows, err := readQuestions(questions)
	if err != nil {
		return shelf{}, err
	}
	s := shelf{name: name, lang: doc.lang, suggest: true}
	for i, p := range doc.passages {
		s.passages = append(s.passages, store.Passage{N: i, From: p.Start, To: p.End,
			PassageBody: store.PassageBody{Heading: p.Heading, Question: p.Question, Alternatives: p.Alternatives, Text: p.Text}})
	}
	for _, q := range rows {
		if !strings.HasPrefix(name, q.policy) {
			continue
		}
		var places []text.Span
		for _, at := range q.sections {
			if place, ok := section(doc.body, at); ok {
				places = append(places, place)
			} else if q.kind != "unanswerable" {
				return shelf{}, fmt.Errorf("question %s: no place %q in the document", q.id, at)
			}
		}
		s.asked = append(s.asked, shelved{"policies/" + q.kind, q.text, doc.lang, func(p store.Passage) bool { return touches(places, p.From, p.To) }})
	}
	return s, nil
}
