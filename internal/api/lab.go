package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/store"
)

// LabTest is a question that the AI is held to.
type LabTest struct {
	ID        desk.ID `json:"id"`
	Verdict   string  `json:"verdict" enum:",passed,failed" doc:"Of the last time against what holds; empty for never"`
	CheckedAt moment  `json:"checked_at"`
	CreatedAt stamp   `json:"created_at"`
	UpdatedAt stamp   `json:"updated_at"`
	LabQuestion
}

// LabQuestion is what a test asks and expects; at least one expectation or
// variant is needed.
type LabQuestion struct {
	Question string    `json:"question" minLength:"1" maxLength:"2000"`
	Language string    `json:"language" maxLength:"3" required:"false" doc:"Guessed where it is left out"`
	Channel  string    `json:"channel" maxLength:"64" required:"false" doc:"Kind of channel; empty = any"`
	Variants []string  `json:"variants" maxItems:"8" required:"false" nullable:"false" doc:"The same asked by other people: the probe of bias holds their answers against each other"`
	Expect   LabExpect `json:"expect"`
}

// LabExpect is what should become of a question; what is left out is not asked for.
type LabExpect struct {
	Outcome  string   `json:"outcome" enum:",answered,handed_over,no_answer" required:"false" doc:"no_answer: whatever becomes of it, the AI does not answer it"`
	Contains []string `json:"contains" maxItems:"10" required:"false" nullable:"false"`
	Lacks    []string `json:"lacks" maxItems:"10" required:"false" nullable:"false"`
	Passage  desk.ID  `json:"passage_id" required:"false" doc:"The answer must rest on it; 0 = on any"`
}

func (q LabQuestion) desk() desk.Question {
	return desk.Question{Text: q.Question, Language: q.Language, Channel: q.Channel, Variants: q.Variants,
		Expect: desk.Expected{Outcome: q.Expect.Outcome, Contains: q.Expect.Contains, Lacks: q.Expect.Lacks, Passage: q.Expect.Passage}}
}

func labTestOf(t store.LabTest) LabTest {
	e := t.Expect
	return LabTest{ID: t.ID, Verdict: t.Verdict, CheckedAt: moment(t.CheckedAt), CreatedAt: stamp(t.CreatedAt), UpdatedAt: stamp(t.UpdatedAt),
		LabQuestion: LabQuestion{Question: t.Text, Language: t.Language, Channel: t.Channel, Variants: orEmpty(t.Variants),
			Expect: LabExpect{e.Outcome, orEmpty(e.Contains), orEmpty(e.Lacks), e.Passage}}}
}

// LabTrial is a change that somebody thinks of.
type LabTrial struct {
	Settings  *AISettings   `json:"settings,omitempty" doc:"Left out: those that hold"`
	Questions int           `json:"questions,omitempty" minimum:"0" maximum:"200" doc:"How many of the last that people asked are asked again"`
	Knowledge *LabKnowledge `json:"knowledge,omitempty"`
	Tests     []desk.ID     `json:"test_ids" maxItems:"200" required:"false" nullable:"false" doc:"Tests that are asked; empty = all"`
}

// LabKnowledge is what a trial leaves out.
type LabKnowledge struct {
	Passages []desk.ID `json:"hide_passages" maxItems:"1000" required:"false" nullable:"false"`
	Sources  []desk.ID `json:"exclude_sources" maxItems:"100" required:"false" nullable:"false"`
}

// LabRun is a comparison of what holds with a trial.
type LabRun struct {
	ID        desk.ID   `json:"id"`
	Kind      string    `json:"kind" enum:"manual,night"`
	State     string    `json:"state" enum:"running,done,cancelled"`
	Total     int       `json:"total"`
	Done      int       `json:"done"`
	Changed   int       `json:"changed"`
	Failed    int       `json:"failed" doc:"Tests that did not hold"`
	Models    bool      `json:"models" doc:"false: only answers that quote the knowledge were compared, because calls for evaluate are switched off"`
	Tokens    int64     `json:"tokens"`
	Cents     float64   `json:"cents"`
	By        ActorRef  `json:"by"`
	At        stamp     `json:"at"`
	EndedAt   moment    `json:"ended_at"`
	Questions int       `json:"questions"`
	Settings  bool      `json:"settings" doc:"Other settings were tried"`
	Hidden    int       `json:"hidden" doc:"Passages and sources that were left out"`
	Only      bool      `json:"only" doc:"Some of the tests were asked, not all"`
	Stale     []desk.ID `json:"stale_source_ids" nullable:"false" doc:"Of the night: sources that were older than they should be"`
}

func labRunOf(r store.LabRun) LabRun {
	return LabRun{ID: r.ID, Kind: r.Kind, State: r.State, Total: r.Total, Done: r.Done, Changed: r.Changed, Failed: r.Failed, Models: r.Models,
		Tokens: r.Tokens, Cents: float64(r.Micros) / 10_000, By: ActorRef{string(r.By.Kind), r.By.ID}, At: stamp(r.At), EndedAt: moment(r.EndedAt),
		Questions: r.Trial.Questions, Settings: r.Trial.Settings != nil, Hidden: len(r.Trial.Hide) + len(r.Trial.Exclude),
		Only: len(r.Trial.Tests) > 0, Stale: orEmpty(r.Stale)}
}

// LabResult is what became of one question.
type LabResult struct {
	N            int        `json:"n"`
	TestID       desk.ID    `json:"test_id" doc:"0 for a question of a person"`
	MessageID    desk.ID    `json:"message_id" doc:"0 for a test"`
	Conversation desk.ID    `json:"conversation_id" doc:"0 for a test"`
	Question     string     `json:"question" doc:"Of a person: as the message reads now"`
	State        string     `json:"state" enum:"done,skipped" doc:"skipped: it may not be asked any more"`
	Changed      bool       `json:"changed"`
	Failed       bool       `json:"failed"`
	Differs      []string   `json:"differs" nullable:"false" doc:"outcome, text, passages"`
	Broken       []string   `json:"broken" nullable:"false" doc:"What a test expected in vain: outcome, contains, lacks, passage"`
	Before       opt[Tried] `json:"before" doc:"As it holds; where nothing else was tried, as it was the last time. null where nobody knows"`
	After        opt[Tried] `json:"after" doc:"null where nothing is kept any more"`
}

// Tried is what became of a question under some settings and knowledge.
type Tried struct {
	Decision   string           `json:"decision" enum:"answer,did_you_mean,hand_over,nothing"`
	Outcome    string           `json:"outcome" enum:"sent,asked_back,drafted,handed_over,flagged,nothing,failed"`
	Why        string           `json:"why" doc:"A machine word"`
	Text       string           `json:"text"`
	Language   string           `json:"language"`
	Engine     string           `json:"engine" enum:",extractive,model"`
	Confidence float64          `json:"confidence"`
	Passages   []desk.SourceRef `json:"passages" nullable:"false" doc:"It rests on"`
}

func shownTried(t desk.Tried) Tried {
	return Tried{string(t.Decision), t.Outcome, t.Why, t.Text, t.Language, t.Engine, t.Confidence, orEmpty(t.Passages)}
}

type newLabTest struct{ Body LabQuestion }

type changeLabTest struct {
	ByID
	Body LabQuestion
}

type newLabRun struct{ Body LabTrial }

type labResultList struct {
	ByID
	Paging
}

const (
	labTestOrder   = "lab tests"
	labRunOrder    = "lab runs"
	labResultOrder = "lab results"
)

// labRoutes: whoever writes the knowledge writes tests; whoever sets up the
// workspace tries changes, which may cost money; what people asked is seen by
// those who read conversations.
func labRoutes(a *API) {
	tests, runs := "/api/v1/lab/tests", "/api/v1/lab/runs"
	read, write, try := Need(desk.ReadKnowledge), Need(desk.WriteKnowledge), Need(desk.WriteWorkspace)
	declare(a, Route{ID: "list-lab-tests", Method: http.MethodGet, Path: tests, Needs: read, Tag: "lab", Summary: "Questions that the AI is held to, oldest first"}, a.listLabTests)
	declare(a, Route{ID: "add-lab-test", Method: http.MethodPost, Path: tests, Needs: write, Status: http.StatusCreated, Tag: "lab",
		Summary: "Hold the AI to a question"},
		func(ctx context.Context, c *call, in *newLabTest) (*given[LabTest], error) {
			t, err := a.Lab.AddTest(ctx, c.Workspace.ID, c.Actor, in.Body.desk())
			return reply(labTestOf(t), pointing(err, labFields()))
		})
	declare(a, Route{ID: "change-lab-test", Method: http.MethodPut, Path: tests + "/{id}", Needs: write, Tag: "lab", Summary: "Another question in place of a test's"},
		func(ctx context.Context, c *call, in *changeLabTest) (*given[LabTest], error) {
			t, err := a.Lab.ChangeTest(ctx, c.Workspace.ID, in.id(), c.Actor, in.Body.desk())
			return reply(labTestOf(t), pointing(err, labFields()))
		})
	declare(a, Route{ID: "drop-lab-test", Method: http.MethodDelete, Path: tests + "/{id}", Needs: write, Status: http.StatusNoContent, Tag: "lab", Summary: "Delete a test"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Lab.DropTest(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
	declare(a, Route{ID: "begin-lab-run", Method: http.MethodPost, Path: runs, Needs: try, Status: http.StatusCreated, Tag: "lab",
		Summary: "Ask the tests, and people's last questions, with a change that does not hold yet; lab.changed tells of its progress"}, a.beginLabRun)
	declare(a, Route{ID: "list-lab-runs", Method: http.MethodGet, Path: runs, Needs: read, Tag: "lab", Summary: "Comparisons, newest first"}, a.listLabRuns)
	declare(a, Route{ID: "get-lab-run", Method: http.MethodGet, Path: runs + "/{id}", Needs: read, Tag: "lab", Summary: "How far a comparison is"},
		func(ctx context.Context, c *call, in *ByID) (*given[LabRun], error) {
			var run store.LabRun
			err := c.ws.Read(ctx, func(r *store.Rx) (err error) { run, err = r.LabRun(in.id()); return err })
			return reply(labRunOf(run), err)
		})
	declare(a, Route{ID: "list-lab-results", Record: "lab.results_read", Method: http.MethodGet, Path: runs + "/{id}/results", Needs: Need(desk.ReadConversations), Tag: "lab",
		Summary: "What became of each question: failed tests first, then what changed; kept for 30 days"}, a.listLabResults)
	declare(a, Route{ID: "cancel-lab-run", Method: http.MethodPost, Path: runs + "/{id}/cancel", Needs: try, Tag: "lab", Summary: "End a comparison; what it found so far stays"},
		func(ctx context.Context, c *call, in *ByID) (*given[LabRun], error) {
			run, err := a.Lab.Cancel(ctx, c.Workspace.ID, in.id(), c.Actor)
			return reply(labRunOf(run), err)
		})
}

// labFields says where the refusals of a test belong.
func labFields() map[string]string {
	return map[string]string{"question_empty": "question", "language": "language", "variants": "variants", "outcome": "expect.outcome",
		"phrases": "expect", "expectation_missing": "expect"}
}

func (a *API) listLabTests(ctx context.Context, c *call, in *Paging) (*given[Page[LabTest]], error) {
	after, err := in.after(labTestOrder)
	if err != nil {
		return nil, err
	}
	var all []store.LabTest
	err = c.ws.Read(ctx, func(r *store.Rx) (err error) { all, err = r.LabTests(after, in.Limit+1); return err })
	return reply(page(all, in.Limit, labTestOf, func(t store.LabTest) string { return cursor.Make(labTestOrder, int64(t.ID)) }), err)
}

func (a *API) beginLabRun(ctx context.Context, c *call, in *newLabRun) (*given[LabRun], error) {
	trial := desk.Trial{Questions: in.Body.Questions, Tests: in.Body.Tests}
	if in.Body.Settings != nil {
		s := in.Body.Settings.desk()
		trial.Settings = &s
	}
	if k := in.Body.Knowledge; k != nil {
		trial.Hide, trial.Exclude = k.Passages, k.Sources
	}
	run, err := a.Lab.Begin(ctx, c.Workspace.ID, c.Actor, trial)
	return reply(labRunOf(run), err)
}

func (a *API) listLabRuns(ctx context.Context, c *call, in *Paging) (*given[Page[LabRun]], error) {
	before, err := in.after(labRunOrder)
	if err != nil {
		return nil, err
	}
	var all []store.LabRun
	err = c.ws.Read(ctx, func(r *store.Rx) (err error) { all, err = r.LabRuns(before, in.Limit+1); return err })
	return reply(page(all, in.Limit, labRunOf, func(r store.LabRun) string { return cursor.Make(labRunOrder, int64(r.ID)) }), err)
}

func (a *API) listLabResults(ctx context.Context, c *call, in *labResultList) (*given[Page[LabResult]], error) {
	keys, err := cursor.Read(labResultOrder, in.Cursor, 2)
	if err != nil {
		return nil, errCursor(err)
	}
	rank, n := 0, 0
	if keys != nil {
		rank, n = int(keys[0]), int(keys[1])
	}
	var all []store.LabResult
	asked := map[desk.ID]string{}
	err = c.ws.Read(ctx, func(r *store.Rx) (err error) {
		if _, err = r.LabRun(in.id()); err != nil {
			return err
		}
		if all, err = r.LabResults(in.id(), rank, n, in.Limit+1); err != nil {
			return err
		}
		for _, one := range all {
			if one.Message == 0 {
				continue
			}
			m, err := r.Message(one.Message)
			if err != nil && !desk.IsNotFound(err) {
				return err
			}
			asked[one.Message] = string(m.Body)
		}
		return nil
	})
	show := func(one store.LabResult) LabResult {
		b := one.Body
		out := LabResult{N: one.N, TestID: one.Test, MessageID: one.Message, Conversation: one.Conversation, Question: b.Question, State: one.State,
			Changed: one.Changed, Failed: one.Failed, Differs: orEmpty(b.Differs), Broken: orEmpty(b.Broken)}
		if one.Message != 0 {
			out.Question = asked[one.Message]
		}
		if b.Before != nil {
			out.Before = some(shownTried(*b.Before))
		}
		if b.After.Outcome != "" {
			out.After = some(shownTried(b.After))
		}
		return out
	}
	return reply(page(all, in.Limit, show, func(l store.LabResult) string { return cursor.Make(labResultOrder, int64(l.Rank()), int64(l.N)) }), err)
}
