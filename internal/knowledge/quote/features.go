package quote

import (
	"math"

	"parley/internal/kit/text"
	"parley/internal/knowledge/index"
)

// Candidate is a found passage with its text.
type Candidate struct {
	Hit          index.Hit
	Language     string
	Heading      string
	Question     string // of a pair
	Alternatives []string
	Text         string // of a pair: the answer
}

// wordings are the questions that a candidate is said to answer.
func (c *Candidate) wordings() []string {
	if c.Question == "" {
		return c.Alternatives
	}
	return append([]string{c.Question}, c.Alternatives...)
}

// The features of a question and its best candidate, each about 0 to 1.
const (
	fBias     = iota
	fStem     // share of the question that the passage holds, by stems
	fFour     // by 4-grams
	fMargin   // lead over the second passage
	fSpanStem // share that its best sentences hold, by stems
	fSpanFour // by 4-grams
	fMatch    // likeness of the question and the nearest wording of a pair
	fLead     // lead of its best sentences over those of the next passages
	fCount
)

type features [fCount]float64

// confidence is the probability that the best candidate answers the question.
// The weights are a logistic regression (ridge 20, each collection counting the
// same) on the half of XQuAD (en, tr, de), HINT3 and Banking77 whose question
// hash is even, against the same questions with their passage taken away and
// against messages that have no answer; `parley bench retrieve` reports the
// other half.
func (f features) confidence() float64 {
	weights := features{-2.6, 1.42, 0.68, 2.54, 1.07, 0.56, 1.80, 2.24}
	z := 0.0
	for i := range f {
		z += f[i] * weights[i]
	}
	return 1 / (1 + math.Exp(-z))
}

// measure looks at the best candidate and at the lead it has over the others.
func measure(q *index.Query, list []Candidate) (features, span) {
	var f features
	best := &list[0]
	cut := bestSpan(q, best)
	f[fBias] = 1
	f[fStem], f[fFour] = best.Hit.Stem, best.Hit.Four
	f[fSpanStem], f[fSpanFour] = cut.stem, cut.four
	f[fMargin] = 1
	if len(list) > 1 && best.Hit.Score > 0 {
		f[fMargin] = min(1, (best.Hit.Score-list[1].Hit.Score)/best.Hit.Score)
	}
	next := 0.0
	for i := range list[1:min(len(list), 4)] {
		other := bestSpan(q, &list[1+i])
		next = max(next, other.stem+other.four)
	}
	f[fLead] = (cut.stem + cut.four - next) / 2
	for _, wording := range best.wordings() {
		f[fMatch] = max(f[fMatch], q.Match(wording))
	}
	return f, cut
}

// span is a run of sentences of a passage with the share of the question it holds.
type span struct {
	start, end int
	stem, four float64
}

func (s span) of(passage string) string { return passage[s.start:s.end] }

func whole(passage string) span { return span{end: len(passage)} }

const (
	maxWhole     = 300 // bytes of a passage that is quoted as it is
	maxQuote     = 600 // bytes of an answer cut from prose
	maxSentences = 3
)

// bestSpan is the run of one to three neighbouring sentences that holds most of
// the question; a longer run must earn its length. Of a pair it is the whole
// answer, measured by the nearest wording of the question.
func bestSpan(q *index.Query, c *Candidate) span {
	if c.Question != "" {
		best := whole(c.Text)
		for _, wording := range c.wordings() {
			if stem, four := q.Cover(q.Mark(c.Language, wording)); stem+four > best.stem+best.four {
				best.stem, best.four = stem, four
			}
		}
		return best
	}
	sentences := text.Sentences(c.Text)
	marks := make([]index.Marks, len(sentences))
	for i, s := range sentences {
		marks[i] = q.Mark(c.Language, s.Of(c.Text))
	}
	var best span
	top := -1.0
	for i := range sentences {
		sum := marks[i]
		for n := 1; n <= maxSentences && i+n <= len(sentences); n++ {
			s := span{start: sentences[i].Start, end: sentences[i+n-1].End}
			if n > 1 {
				if s.end-s.start > maxQuote {
					break
				}
				sum = sum.And(marks[i+n-1])
			}
			s.stem, s.four = q.Cover(sum)
			if worth := s.stem + s.four - 0.12*float64(n-1); worth > top+1e-9 {
				best, top = s, worth
			}
		}
	}
	for _, wording := range c.Alternatives { // somebody said that this passage answers it
		if stem, four := q.Cover(q.Mark(c.Language, wording)); stem+four > best.stem+best.four {
			best.stem, best.four = stem, four
			if len(c.Text) <= maxQuote {
				best.start, best.end = 0, len(c.Text)
			}
		}
	}
	return best
}
