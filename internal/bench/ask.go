package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"parley/internal/kit/text"
	"parley/internal/knowledge/extract"
	"parley/internal/knowledge/index"
	"parley/internal/knowledge/quote"
)

// question is a row of a questions file.
type question struct {
	id, policy, kind, text string
	sections               []string
}

// Asked is what became of one question of the ask bench.
type Asked struct {
	ID, Policy, Kind, Question string
	First, Five, Quoted, Right bool
	Decision                   quote.Decision
	Confidence                 float64
	Answer                     string
}

// Ask puts the questions of a file to documents, each a knowledge of its own,
// and reports how many right passages came first and were quoted. A document
// belongs to the questions whose policy its file name begins with; a single
// document belongs to all of them.
func Ask(ctx context.Context, documents []string, questions string) ([]Figure, []Asked, error) {
	rows, err := readQuestions(questions)
	if err != nil {
		return nil, nil, err
	}
	var all []Asked
	for _, path := range documents {
		name := filepath.Base(path)
		doc, err := openDocument(path)
		if err != nil {
			return nil, nil, err
		}
		for _, q := range rows {
			if len(documents) > 1 && !strings.HasPrefix(name, q.policy) {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
			asked, err := doc.ask(q)
			if err != nil {
				return nil, nil, err
			}
			all = append(all, asked)
		}
	}
	return askFigures(all), all, nil
}

func readQuestions(path string) ([]question, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var out []question
	for lines := bufio.NewScanner(f); lines.Scan(); {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != 5 {
			return nil, fmt.Errorf("%s: a row has %d columns, five are needed", path, len(cells))
		}
		if cells[0] != "id" {
			out = append(out, question{cells[0], cells[1], cells[2], cells[4], strings.Split(cells[3], "|")})
		}
	}
	return out, nil
}

// document is one text as the knowledge of a workspace.
type document struct {
	body     string
	lang     string
	passages []extract.Passage
	index    *index.Index
}

func openDocument(path string) (*document, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d := &document{}
	if d.body, err = extract.Decode(raw); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	d.lang, _ = text.Language(d.body, "en")
	d.passages = extract.Split(d.body, strings.HasSuffix(path, ".md"))
	d.index = index.New(index.DefaultWeights())
	var docs []index.Document
	for i := range d.passages {
		docs = append(docs, d.document(i))
	}
	d.index.Add(docs...)
	return d, nil
}

func (d *document) document(i int) index.Document {
	p := &d.passages[i]
	title := p.Title("")
	if p.Question == "" && len(p.Alternatives) > 0 { // of a pair they stand in the title already
		title += "\n" + strings.Join(p.Alternatives, "\n")
	}
	return index.Document{ID: int64(i), Language: d.lang, Title: title, Body: p.Text}
}

func (d *document) ask(q question) (Asked, error) {
	a := Asked{ID: q.id, Policy: q.policy, Kind: q.kind, Question: q.text}
	var places []text.Span
	if q.kind != "unanswerable" {
		for _, s := range q.sections {
			place, ok := section(d.body, s)
			if !ok {
				return a, fmt.Errorf("question %s: no place %q in the document", q.id, s)
			}
			places = append(places, place)
		}
	}
	query := d.index.Query(q.text, d.lang)
	var list []quote.Candidate
	for i, h := range d.index.Search(query, 5) {
		p := &d.passages[h.ID]
		list = append(list, quote.Candidate{Hit: h, Language: d.lang, Heading: p.Heading,
			Question: p.Question, Alternatives: p.Alternatives, Text: p.Text})
		right := touches(places, p.Start, p.End)
		a.Five = a.Five || right
		a.First = a.First || right && i == 0
	}
	v := quote.Judge(query, q.text, list, quote.DefaultLimits())
	a.Decision, a.Confidence, a.Answer = v.Decision, v.Confidence, v.Answer
	if v.Decision == quote.Answer {
		a.Quoted = true
		p := &d.passages[list[0].Hit.ID]
		a.Right = quotes(d.body, places, p, v.Answer)
	}
	return a, nil
}

// section finds a place by its number ("7.3", with all below it) or by the words
// with which its line or table row begins.
func section(body, name string) (text.Span, bool) {
	if !regexp.MustCompile(`^\d+(\.\d+)*$`).MatchString(name) {
		at := regexp.MustCompile(`(?m)^(\| *)?` + regexp.QuoteMeta(name)).FindStringIndex(body)
		if at == nil {
			return text.Span{}, false
		}
		end := strings.IndexByte(body[at[1]:], '\n')
		if end < 0 {
			return text.Span{Start: at[0], End: len(body)}, true
		}
		return text.Span{Start: at[0], End: at[1] + end}, true
	}
	at := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + `\.? \S`).FindStringIndex(body)
	if at == nil {
		return text.Span{}, false
	}
	end := len(body)
	for _, next := range regexp.MustCompile(`(?m)^\d+(\.\d+)*\.? [A-Z]`).FindAllStringIndex(body[at[1]:], -1) {
		if !strings.HasPrefix(body[at[1]+next[0]:], name+".") {
			end = at[1] + next[0]
			break
		}
	}
	return text.Span{Start: at[0], End: end}, true
}

func touches(places []text.Span, start, end int) bool {
	for _, p := range places {
		if start < p.End && p.Start < end {
			return true
		}
	}
	return false
}

// quotes reports that the quoted words stand in one of the places. A table row
// is not in the body as it is quoted; there the passage decides.
func quotes(body string, places []text.Span, p *extract.Passage, answer string) bool {
	if !touches(places, p.Start, p.End) {
		return false
	}
	first, _, _ := strings.Cut(answer, "\n")
	at := strings.Index(body[p.Start:p.End], first)
	if at < 0 {
		return true
	}
	return touches(places, p.Start+at, p.Start+at+len(answer))
}

func askFigures(all []Asked) []Figure {
	count := func(kind string, hold func(Asked) bool) (n, of float64) {
		for _, a := range all {
			if a.Kind == kind {
				of++
				if hold(a) {
					n++
				}
			}
		}
		return n, of
	}
	var out []Figure
	add := func(kind, metric string, limit float64, hold func(Asked) bool) {
		n, of := count(kind, hold)
		if limit < 0 {
			limit = of
		}
		f := figure("ask", kind+"/"+metric, n, "questions", limit)
		f.Most = metric == "quoted-wrong" && kind == "plain" || kind == "unanswerable" && metric == "quoted"
		out = append(out, f)
	}
	first := func(a Asked) bool { return a.First }
	five := func(a Asked) bool { return a.Five }
	right := func(a Asked) bool { return a.Quoted && a.Right }
	wrong := func(a Asked) bool { return a.Quoted && !a.Right }
	near := func(a Asked) bool { return a.Decision == quote.DidYouMean }
	quoted := func(a Asked) bool { return a.Quoted }
	add("plain", "first", 12, first)
	add("plain", "five", -1, five)
	add("plain", "quoted", 10, right)
	add("plain", "quoted-wrong", 1, wrong)
	add("plain", "did-you-mean", 0, near)
	add("paraphrase", "first", 0, first)
	add("paraphrase", "five", 0, five)
	add("paraphrase", "quoted", 0, right)
	add("paraphrase", "quoted-wrong", 0, wrong)
	add("paraphrase", "did-you-mean", 0, near)
	add("unanswerable", "quoted", 0, quoted)
	add("unanswerable", "did-you-mean", 0, near)
	return out
}
