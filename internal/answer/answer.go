package answer

import (
	"context"
	"log/slog"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
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
	Language string   // best guess; "" unknown
	Passage  desk.ID  // set when the contact chose a passage from a "did you mean"
	Queries  []string // other words for the same, made by a model
	Meant    *Meant   // what it means; nil = it is searched for by its words
	Without  Without
	Trial    bool         // asked in the lab: models are called for AIEvaluate alone
	Asker    desk.Contact // of a trial with a person's question: whose name reaches no model
	past     *past        // of a trial with a person's question: the conversation up to it
}

// Without is what a trial leaves out of the knowledge.
type Without struct {
	Passages []desk.ID
	Sources  []desk.ID
}

// Passage is a piece of knowledge that was looked at.
type Passage struct {
	Ref   desk.SourceRef
	Title string // of the source and its headings, or the question of a pair
	Text  string
	Score float64 // 0 to 1, comparable within one answer
	Near  desk.Nearness
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
	Confidence  string  // high, middle, low
	Score       float64 // 0 to 1: the same as a number
	Reason      string  // why there is no answer; a machine word
	Hold        string  // why the answer waits for a person although there is one; a machine word
	Engine      string  // Extractive or Modelled
	Sources     []desk.SourceRef
	Passages    []Passage    // what was looked at, best first
	Suggestions []Suggestion // of a "did you mean", best first
	Checks      []desk.Check
	Unmeant     string // why Question.Meant was of no use; a machine word
	calls       []call
}

// Finder answers from a workspace's knowledge and never from anything else.
type Finder interface {
	Answer(ctx context.Context, ws desk.ID, q Question) (Finding, error)
	// Languages are those of the passages.
	Languages(ctx context.Context, ws desk.ID) ([]string, error)
	// Stale are the sources that are older than they should be, without those of
	// which a member said that they are all right.
	Stale(ctx context.Context, ws desk.ID) ([]desk.ID, error)
}

// Audit keeps who did what, in the caller's transaction.
type Audit interface {
	Add(tx *store.Tx, by desk.Actor, action string, object desk.ID) error
}

// Letters writes to the owners of a workspace by mail, in the caller's
// transaction.
type Letters interface {
	Tell(tx *store.Tx, kind desk.LetterKind, about string) error
}

// Parts is what answer is made of. All but Log and Letters are required.
type Parts struct {
	DB     *store.DB
	Flow   *flow.Flow
	Finder Finder
	Models Models
	Audit  Audit
	Log    *slog.Logger
	// Letters tells owners of the lab's alarms; nil = nobody is written to.
	Letters Letters
	// Requests takes up what contacts say about their own data; nil = nobody does.
	Requests Requests
}

// Answer prepares what the AI says.
type Answer struct{ Parts }

// New makes the answer engine.
func New(p Parts) *Answer {
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

// Asked is what would become of a question; nothing is kept of it.
type Asked struct {
	Finding
	Outcome string // sent, drafted, handed_over, flagged or nothing
	Why     string // a machine word
	Choice  desk.Choice
	Topics  []string
	Special []string
	Calls   []desk.Call
	Limit   float64 // confidence from which an answer goes out by itself
	Took    time.Duration
}

// Ask answers as a contact on a channel of some kind would be answered, and
// leaves no row but what a call to a model cost. kind "" is any channel. Where no
// machine may speak, it tells what one would have said.
func (a *Answer) Ask(ctx context.Context, ws desk.ID, kind string, q Question) (Asked, error) {
	return a.AskWith(ctx, ws, nil, kind, q)
}

// AskWith is Ask with settings that may not be the workspace's yet; nil are the
// workspace's.
func (a *Answer) AskWith(ctx context.Context, ws desk.ID, set *desk.AISettings, kind string, q Question) (Asked, error) {
	begin := a.DB.Clock().Now()
	t, err := a.imagine(ctx, ws, kind, q)
	if err != nil {
		return Asked{}, err
	}
	if set != nil {
		waits := t.set.Waits // whatever the settings, nobody said yes to these yet
		t.set = *set
		t.set.Waits = waits
	}
	t.readTopics()
	facts := t.facts(begin)
	choice := desk.Choose(t.ws, t.acct, t.conv.Conversation, t.rules(), facts)
	out := Asked{Choice: choice, Limit: t.set.Confidence, Topics: t.about.Topics, Special: t.abouts().Special}
	p := plan{}
	if t.wantsPerson() {
		p = t.personWanted(desk.SpeakAI, "")
	} else {
		p = a.respond(ctx, t, facts, choice.Mode != desk.ModeDraft)
	}
	out.Finding, out.Outcome, out.Why = p.finding, p.outcome, p.reason
	if out.Text == "" {
		out.Text = p.body
	}
	if choice.Mode == desk.ModeOff && p.outcome != outcomeHandedOver {
		out.Outcome, out.Why = outcomeNothing, "mode_off"
	}
	for _, c := range p.finding.calls {
		out.Calls = append(out.Calls, c.Call)
	}
	out.Took = a.DB.Clock().Since(begin)
	return out, nil
}

// imagine makes the first turn of a conversation that does not exist, or of a
// person's question the turn that it was.
func (a *Answer) imagine(ctx context.Context, ws desk.ID, kind string, q Question) (*turn, error) {
	t := &turn{}
	err := a.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if t.ws, err = r.Settings(); err != nil {
			return err
		}
		if t.set, err = r.AISettings(); err != nil {
			return err
		}
		all, err := r.Accounts()
		t.acct = desk.Account{Kind: kind, State: desk.AccountActive}
		for _, one := range all {
			if one.Kind == kind && one.State == desk.AccountActive {
				t.acct = one
				break
			}
		}
		return err
	})
	t.trial, t.without, t.contact = q.Trial, q.Without, q.Asker
	t.conv.Workspace, t.conv.State, t.conv.Owner.Kind, t.conv.Engagement = ws, desk.Open, desk.OwnedByAI, 1
	if t.conv.Language = q.Language; t.conv.Language == "" {
		t.conv.Language, _ = text.Language(q.Text)
	}
	t.pending = []desk.Message{{Direction: desk.In, Kind: desk.KindText, Body: desk.Body(q.Text), At: a.DB.Clock().Now()}}
	if q.past != nil {
		q.past.lead(t)
	}
	return t, err
}
