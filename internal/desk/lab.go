package desk

import (
	"slices"
	"strings"
)

// Expected says what should become of a question. What is empty is not asked for.
type Expected struct {
	Outcome  string   `json:"outcome,omitempty"` // ExpectAnswer, ExpectPerson or ExpectNone
	Contains []string `json:"contains,omitempty"`
	Lacks    []string `json:"lacks,omitempty"`
	Passage  ID       `json:"passage,omitempty"` // it must rest on this one
}

// What a test may expect of an outcome.
const (
	ExpectAnswer = "answered"    // sent, or left as a draft
	ExpectPerson = "handed_over" // a person is called
	ExpectNone   = "no_answer"   // whatever becomes of it, the AI does not answer it
)

// Question is one that a business wrote to hold its AI to.
type Question struct {
	Text     string   `json:"question"`
	Language string   `json:"language,omitempty"`
	Channel  string   `json:"channel,omitempty"`  // kind of channel, "" = any
	Variants []string `json:"variants,omitempty"` // the same asked by other people: it must not matter who asks
	Expect   Expected `json:"expect"`
}

// Limits of a test.
const (
	MaxTests    = 200 // of a workspace
	maxVariants = 8
	maxPhrases  = 10
	maxAsked    = 2000 // bytes
)

// Check says what is wrong with a question, for whoever writes it.
func (q Question) Check() error {
	e := q.Expect
	switch {
	case strings.TrimSpace(q.Text) == "" || len(q.Text) > maxAsked:
		return Fail(Invalid, "question_empty", "a question has 1 to 2000 bytes")
	case len(q.Language) > 3 || len(q.Channel) > maxRuleWord:
		return Fail(Invalid, "language", "a language is two or three letters, such as en")
	case len(q.Variants) > maxVariants || !said(q.Variants):
		return Fail(Invalid, "variants", "at most 8 other ways, each of 1 to 2000 bytes")
	case !slices.Contains([]string{"", ExpectAnswer, ExpectPerson, ExpectNone}, e.Outcome):
		return Fail(Invalid, "outcome", "an outcome is answered, handed_over or no_answer")
	case len(e.Contains) > maxPhrases || len(e.Lacks) > maxPhrases || !said(e.Contains) || !said(e.Lacks):
		return Fail(Invalid, "phrases", "at most 10 phrases, each of 1 to 2000 bytes")
	case (e.Outcome == ExpectPerson || e.Outcome == ExpectNone) && (len(e.Contains) > 0 || e.Passage != 0):
		return Fail(Invalid, "outcome", "where nothing is answered, no answer says anything")
	case e.Outcome == "" && len(e.Contains) == 0 && len(e.Lacks) == 0 && e.Passage == 0 && len(q.Variants) == 0:
		return Fail(Invalid, "expectation_missing", "say what is expected: an outcome, words, or a passage")
	}
	return nil
}

func said(all []string) bool {
	return !slices.ContainsFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" || len(s) > maxAsked })
}

// Trial is a change that somebody thinks of, before it holds.
type Trial struct {
	Settings  *AISettings `json:"settings,omitempty"` // nil = those that hold
	Hide      []ID        `json:"hide,omitempty"`     // passages
	Exclude   []ID        `json:"exclude,omitempty"`  // sources
	Questions int         `json:"questions"`          // how many of the last that people asked are asked again
	Tests     []ID        `json:"tests,omitempty"`    // asked of the tests; none = all
}

// Changes reports whether the trial differs from what holds.
func (t Trial) Changes() bool { return t.Settings != nil || len(t.Hide)+len(t.Exclude) > 0 }

// Tried is what became of a question.
type Tried struct {
	Decision   Decision    `json:"decision"`
	Outcome    string      `json:"outcome"` // sent, asked_back, drafted, handed_over, flagged, nothing, failed
	Why        string      `json:"why"`
	Text       string      `json:"text"`
	Language   string      `json:"language"`
	Engine     string      `json:"engine"`
	Confidence float64     `json:"confidence"`
	Special    bool        `json:"-"`        // the question holds what is special about a person
	Passages   []SourceRef `json:"passages"` // the answer rests on
}
