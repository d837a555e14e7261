package quote

import (
	"strings"
	"unicode/utf8"

	"parley/internal/kit/text"
	"parley/internal/knowledge/index"
)

// Decision is what to do with a question.
type Decision string

// The decisions, from sure to unsure.
const (
	Answer     Decision = "answer"       // quote the passage
	DidYouMean Decision = "did_you_mean" // offer the nearest passages as buttons
	HandOver   Decision = "hand_over"    // call a person
)

// Check is one test that the best passage had to stand.
type Check struct {
	Name  string
	OK    bool
	Value float64
	Limit float64
}

// Suggestion offers a passage by a label.
type Suggestion struct {
	Candidate int // place in the list of candidates
	Label     string
}

// Verdict is a decision with its reasons.
type Verdict struct {
	Decision    Decision
	Confidence  float64 // 0 to 1
	Answer      string  // only with Decision Answer: words of candidate 0, unchanged
	Suggestions []Suggestion
	Checks      []Check
}

// Limits are the borders between the decisions. A pair was written to be quoted
// and matches by its question, prose by its sentences: their confidences differ.
type Limits struct{ Prose, Pair, Near float64 }

// DefaultLimits let about one in twenty questions without an answer through on
// the data that the weights were chosen on, and fewer on prose.
func DefaultLimits() Limits { return Limits{Prose: 0.70, Pair: 0.79, Near: 0.42} }

const (
	maxSuggestions = 3
	maxLabel       = 80 // bytes
)

// Judge decides. The candidates are in the order of the search; q is the query
// that found them.
func Judge(q *index.Query, question string, list []Candidate, limits Limits) Verdict {
	if len(list) == 0 || q.Words() == 0 {
		return Verdict{Decision: HandOver, Checks: []Check{{Name: "found"}}}
	}
	f, cut := measure(q, list)
	best := &list[0]
	limit := limits.Prose
	if best.Question != "" {
		limit = limits.Pair
	}
	v := Verdict{Confidence: f.confidence(), Decision: HandOver}
	number := !asksNumber(question) || holdsNumber(cut.of(best.Text))
	hours := AsksOpening(question) && best.fits()
	v.Checks = []Check{
		{"found", true, float64(len(list)), 1},
		{"confidence", v.Confidence >= limit, v.Confidence, limit},
		{"coverage", f[fStem]+f[fFour] >= 0.5, (f[fStem] + f[fFour]) / 2, 0.25},
		{"number", number, 0, 0},
	}
	switch {
	case v.Confidence >= limit && f[fStem]+f[fFour] >= 0.5 && number:
		v.Decision = Answer
		v.Answer = cut.answer(best)
	case hours: // of several places, say: which one is for the person to choose
		v.Decision = DidYouMean
	case v.Confidence >= limits.Near:
		v.Decision = DidYouMean
	}
	v.Suggestions = suggest(list, v.Decision)
	return v
}

// answer quotes: of a pair the whole answer, of a short passage all of it, else
// the best sentences.
func (s span) answer(c *Candidate) string {
	if c.Question != "" {
		return c.Text
	}
	if len(c.Text) <= maxWhole {
		return c.Text
	}
	if s.end-s.start <= maxQuote {
		return s.of(c.Text)
	}
	long := text.Cut(s.of(c.Text), maxQuote)
	if i := strings.LastIndexByte(long, ' '); i > 0 {
		long = long[:i]
	}
	return long
}

// suggest offers the passages after an answer, or all of them without one.
func suggest(list []Candidate, d Decision) []Suggestion {
	if d == HandOver {
		return nil
	}
	from := 0
	if d == Answer {
		from = 1
	}
	var out []Suggestion
	seen := make(map[string]bool)
	for i := from; i < len(list) && len(out) < maxSuggestions; i++ {
		if label := Label(&list[i]); label != "" && !seen[label] {
			seen[label] = true
			out = append(out, Suggestion{i, label})
		}
	}
	return out
}

// Label names a passage on a button: the question of a pair, else the innermost
// heading, else how the text begins.
func Label(c *Candidate) string {
	s := c.Question
	if s == "" {
		if i := strings.LastIndex(c.Heading, " > "); i >= 0 {
			s = c.Heading[i+3:]
		} else {
			s = c.Heading
		}
	}
	if s == "" {
		s, _, _ = strings.Cut(c.Text, "\n")
	}
	if len(s) <= maxLabel {
		return s
	}
	s = text.Cut(s, maxLabel-utf8.RuneLen('…'))
	if i := strings.LastIndexByte(s, ' '); i > maxLabel/2 {
		s = s[:i]
	}
	return s + "…"
}

// Whole quotes a passage that a person chose: all of a pair or of a passage that
// fits into an answer, else its first sentences.
func Whole(c *Candidate) string {
	if c.Question != "" || len(c.Text) <= maxQuote {
		return c.Text
	}
	end := 0
	for _, s := range text.Sentences(c.Text) {
		if s.End > maxQuote {
			break
		}
		end = s.End
	}
	if end == 0 {
		end = len(c.Text)
	}
	return span{end: end}.answer(&Candidate{Text: c.Text})
}
