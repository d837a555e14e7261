package answer

import (
	"context"
	"log/slog"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// Kinds of work that answer does, both in the lane of a conversation.
const (
	Work      = "answer" // a contact wrote
	DraftWork = "draft"  // a member asked for a draft
)

// Deadline is how long the search for an answer may take before a person is
// called instead.
const Deadline = 5 * time.Second

// Question is what a contact wants to know.
type Question struct {
	Text     string
	Language string  // best guess; "" unknown
	Passage  desk.ID // set when the contact chose a passage from a "did you mean"
}

// Suggestion is one choice of a "did you mean".
type Suggestion struct {
	Passage desk.ID
	Label   string
}

// Finding is what the knowledge of a workspace says to a question.
type Finding struct {
	Decision    desk.Decision
	Text        string // of an answer
	Language    string
	Confidence  string // high, middle, low
	Reason      string // why there is no answer; a machine word
	Sources     []desk.SourceRef
	Suggestions []Suggestion // of a "did you mean", best first
	Checks      []desk.Check
}

// Finder answers from a workspace's knowledge and never from anything else.
type Finder interface {
	Answer(ctx context.Context, ws desk.ID, q Question) (Finding, error)
}

// Intent is what a message asks for besides knowledge.
type Intent string

// Intents.
const (
	NoIntent    Intent = ""
	WantsPerson Intent = "person"
	Greets      Intent = "greeting"
	Thanks      Intent = "thanks"
)

// Reader knows what a message asks for by its words alone.
type Reader interface {
	Intent(text string) Intent
}

// Parts is what answer is made of. Reader may be nil: then Phrases reads.
type Parts struct {
	DB     *store.DB
	Flow   *flow.Flow
	Finder Finder
	Reader Reader
	Log    *slog.Logger
}

// Answer prepares what the AI says.
type Answer struct{ Parts }

// New makes the answer engine.
func New(p Parts) *Answer {
	if p.Reader == nil {
		p.Reader = Phrases{}
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Answer{p}
}

// Handlers lists the work answer does.
func (a *Answer) Handlers() []flow.Handler {
	return []flow.Handler{
		{Kind: Work, Run: a.Consider},
		{Kind: DraftWork, Run: a.draft},
	}
}

// Asked is the answer to a question asked for trying out: nothing is kept of it.
type Asked struct {
	Finding
	Took time.Duration
}

// Ask answers as a contact would be answered, and leaves no row.
func (a *Answer) Ask(ctx context.Context, ws desk.ID, q Question) (Asked, error) {
	begin := a.DB.Clock().Now()
	f, err := a.search(ctx, ws, q)
	return Asked{f, a.DB.Clock().Since(begin)}, err
}
