package knowledge

import (
	"context"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/knowledge/index"
	"parley/internal/knowledge/quote"
	"parley/internal/store"
)

// Found is a passage with the source it stands in.
type Found struct {
	store.Passage
	SourceName string
	URL        string
	Score      float64 // 0 to 1, comparable within one answer
	Near       desk.Nearness

	row bool // of a price list
}

// Ref is the reference that goes with an answer; n counts from 1.
func (f Found) Ref(n int) desk.SourceRef {
	heading := f.Heading
	if f.Question != "" {
		heading = f.Question
	}
	return desk.SourceRef{N: n, SourceID: f.Source, PassageID: f.ID, Name: f.SourceName, Heading: heading, URL: f.URL}
}

// Suggestion is a passage that may be meant.
type Suggestion struct {
	Passage desk.ID
	Label   string
}

// Result is what the knowledge says to a question.
type Result struct {
	Decision    desk.Decision
	Text        string // of an answer: words of the first passage, unchanged
	Language    string // of the question, or of the passage where it cannot be told
	Confidence  string // high, middle, low
	Score       float64
	Reason      string           // without an answer: no_answer or low_confidence
	Sources     []desk.SourceRef // of an answer
	Passages    []Found          // what was looked at, best first
	Suggestions []Suggestion
	Checks      []desk.Check
	Unmeant     string // why nothing was searched by its meaning although a vector was given; a machine word
}

const (
	looked    = 5  // passages that are judged
	reserve   = 15 // passages that are fetched, as some may be in another language
	maxSearch = 50 // also for questions that ask for one kind of passage
)

// Search lists the passages that share most with a query, best first; at most
// limit (1 to 50). lang "" is guessed.
func (k *Knowledge) Search(ctx context.Context, ws desk.ID, query, lang string, limit int) ([]Found, error) {
	x, err := k.base(ctx, ws)
	if err != nil {
		return nil, err
	}
	_, hits := find(x, query, lang, min(max(limit, 1), maxSearch))
	found, _, err := k.fetch(ctx, ws, hits)
	return found, err
}

// Answer quotes the passage that answers a question, offers what may be meant,
// or says that a person is needed. lang "" is guessed. Other wordings, and
// a vector, bring passages among Result.Passages that the question's own words do
// not find; they change nothing of the decision, which is about what can be quoted
// unread.
func (k *Knowledge) Answer(ctx context.Context, ws desk.ID, question, lang string, others ...string) (Result, error) {
	return k.AnswerWithout(ctx, ws, Without{}, Ask{Question: question, Language: lang, Others: others})
}

// AnswerWithout is Answer from knowledge that leaves something out.
func (k *Knowledge) AnswerWithout(ctx context.Context, ws desk.ID, w Without, ask Ask) (Result, error) {
	question, lang := text.Normalise(ask.Question, 2000), ask.Language
	x, err := k.base(ctx, ws)
	if err != nil {
		return Result{}, err
	}
	guess, sure := lang, 1.0
	if lang == "" {
		guess, sure = text.Language(question, x.Languages()...)
	}
	depth := reserve
	if quote.AsksOpening(question) || !w.nothing() {
		depth = maxSearch
	}
	q, hits := find(x, question, lang, depth)
	own := hits
	found, hits, err := k.fetch(ctx, ws, hits)
	if err != nil {
		return Result{}, err
	}
	found, hits = w.leave(found, hits)
	if sure >= sureLanguage {
		found, hits = inLanguage(found, hits, guess)
	}
	all := make([]quote.Candidate, len(found))
	for i, f := range found {
		all[i] = candidate(f, hits[i])
	}
	var list []quote.Candidate
	var judged []Found
	for _, i := range quote.Fitting(question, all) {
		if len(list) < looked {
			list, judged = append(list, all[i]), append(judged, found[i])
		}
	}
	v := quote.Judge(q, question, list, quote.DefaultLimits())
	r := result(v, judged, guess)
	if err := k.sayRow(ctx, ws, &r); err != nil {
		return r, err
	}
	return k.wider(ctx, ws, &r, wide{x, own, w, ask})
}

// find searches with the language of the question, where it can be told.
func find(x *index.Index, question, lang string, limit int) (*index.Query, []index.Hit) {
	if lang == "" {
		guess, sure := text.Language(question, x.Languages()...)
		if sure >= sureLanguage {
			lang = guess
		}
	}
	q := x.Query(question, lang)
	return q, x.Search(q, limit)
}

// farBetter is how many times as well as the rows in the question's language one
// in another must fit to count.
const farBetter = 2

// inLanguage keeps the passages in the language of the question, if there are
// any: a shop that says everything twice answers in the visitor's language. The
// names in a price list are what they are in every language, so that a row which
// fits best of all stays, unless the list is there in the question's language too.
func inLanguage(found []Found, hits []index.Hit, lang string) ([]Found, []index.Hit) {
	var best, row float64
	for i := range found {
		if found[i].Language == lang {
			best = max(best, hits[i].Score)
		}
		if found[i].Language == lang && found[i].row {
			row = max(row, hits[i].Score)
		}
	}
	var f []Found
	var h []index.Hit
	for i := range found {
		if found[i].Language == lang || found[i].row && hits[i].Score > max(best, farBetter*row) && best > 0 {
			f, h = append(f, found[i]), append(h, hits[i])
		}
	}
	if len(f) == 0 {
		return found, hits
	}
	return f, h
}

// fetch opens the passages of hits in one snapshot; one removed or
// hidden meanwhile is left out, also from the hits it returns.
func (k *Knowledge) fetch(ctx context.Context, ws desk.ID, hits []index.Hit) (found []Found, kept []index.Hit, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		found, kept = nil, nil
		sources := map[desk.ID]store.Source{}
		for _, h := range hits {
			p, err := r.Passage(desk.ID(h.ID))
			if desk.CodeOf(err) == desk.NotFound || err == nil && !p.Live() {
				continue
			}
			if err == nil {
				err = r.Phrased(&p)
			}
			if err != nil {
				return err
			}
			s, ok := sources[p.Source]
			if !ok {
				if s, err = r.Source(p.Source); err != nil {
					return err
				}
				sources[p.Source] = s
			}
			at, err := addressOf(r, s, p)
			if err != nil {
				return err
			}
			found = append(found, Found{Passage: p, SourceName: s.Name, URL: at, Score: h.Score, row: s.Kind == Catalogue})
			kept = append(kept, h)
		}
		return nil
	})
	return found, kept, err
}

func candidate(f Found, h index.Hit) quote.Candidate {
	return quote.Candidate{Hit: h, Language: f.Language, Heading: f.Heading, Question: f.Question,
		Alternatives: waysToAsk(f.Passage), Text: f.Text}
}

func result(v quote.Verdict, found []Found, lang string) Result {
	r := Result{Score: v.Confidence, Language: lang, Passages: found, Confidence: "low"}
	if r.Language == "" && len(found) > 0 {
		r.Language = found[0].Language
	}
	for _, c := range v.Checks {
		r.Checks = append(r.Checks, desk.Check{Name: c.Name, OK: c.OK, Value: c.Value, Limit: c.Limit})
	}
	for _, s := range v.Suggestions {
		r.Suggestions = append(r.Suggestions, Suggestion{found[s.Candidate].ID, s.Label})
	}
	switch v.Decision {
	case quote.Answer:
		r.Decision, r.Confidence, r.Text = desk.DecideAnswer, "high", v.Answer
		ref := found[0].Ref(1)
		ref.Quote = v.Answer
		r.Sources = []desk.SourceRef{ref}
	case quote.DidYouMean:
		r.Decision, r.Confidence, r.Reason = desk.DecideDidYouMean, "middle", "low_confidence"
	default:
		r.Decision, r.Reason = desk.DecideHandOver, "no_answer"
	}
	return r
}

// Choose quotes a passage that a person picked from suggestions. A passage that
// is gone answers desk.NotFound.
func (k *Knowledge) Choose(ctx context.Context, ws, passage desk.ID) (Result, error) {
	found, _, err := k.fetch(ctx, ws, []index.Hit{{ID: int64(passage), Score: 1}})
	if err != nil {
		return Result{}, err
	}
	if len(found) == 0 {
		return Result{}, desk.Fail(desk.NotFound, "passage_not_found", "this passage is no longer there")
	}
	c := candidate(found[0], index.Hit{})
	ref := found[0].Ref(1)
	ref.Quote = quote.Whole(&c)
	r := Result{Decision: desk.DecideAnswer, Text: ref.Quote, Language: found[0].Language, Confidence: "high", Score: 1,
		Sources: []desk.SourceRef{ref}, Passages: found,
		Checks: []desk.Check{{Name: "chosen", OK: true, Value: 1, Limit: 1}}}
	return r, k.sayRow(ctx, ws, &r)
}

// Passed returns the passages of a list that are still there, in its order.
func (k *Knowledge) Passed(ctx context.Context, ws desk.ID, ids []desk.ID) ([]Found, error) {
	var hits []index.Hit
	for _, id := range ids[:min(len(ids), maxSearch)] {
		hits = append(hits, index.Hit{ID: int64(id)})
	}
	found, _, err := k.fetch(ctx, ws, hits)
	return found, err
}

// Languages lists the languages of a workspace's passages, sorted.
func (k *Knowledge) Languages(ctx context.Context, ws desk.ID) ([]string, error) {
	x, err := k.base(ctx, ws)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(x.Languages(), func(l string) bool { return strings.TrimSpace(l) == "" }), nil
}
