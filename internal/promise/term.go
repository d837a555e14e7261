package promise

import (
	"time"

	"parley/internal/store"
)

// Term is how long one kind of data is kept, by the rule that ends it.
type Term struct {
	Name   string
	Rule   string // of app/retention.go
	After  time.Duration
	Months int // where After is 0
}

// Terms lists the terms that sentences print; each is the value that the rule
// itself goes by.
func Terms() []Term {
	return []Term{
		{Name: "visits", Rule: "visits", After: store.VisitTerm},
		{Name: "ai_logs", Rule: "AI logs", After: store.AILogTerm},
		{Name: "usage", Rule: "counts of use", Months: store.UsageMonths},
		{Name: "sources", Rule: "security records", After: store.SourceTerm},
		{Name: "errors", Rule: "errors", After: store.FaultTerm},
		{Name: "letters", Rule: "letters to members", After: store.LetterTerm},
	}
}

// TermOf finds a term by its name.
func TermOf(name string) (Term, bool) {
	for _, t := range Terms() {
		if t.Name == name {
			return t, true
		}
	}
	return Term{}, false
}
