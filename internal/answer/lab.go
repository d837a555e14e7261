package answer

import (
	"context"
	"slices"
	"time"

	"parley/internal/answer/lab"
	"parley/internal/answer/topic"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// Work of the lab, in the lane of a workspace.
const (
	LabWork   = "lab"   // goes on with a comparison
	ProbeWork = "probe" // asks whether it matters who asks
)

// Kinds of comparison.
const (
	LabManual = "manual"
	LabNight  = "night"
)

// MaxAgain is how many questions of people a comparison asks again.
const MaxAgain = 200

// Lab tries changes before they hold, and holds the AI to its tests. It says
// nothing to anybody.
type Lab struct{ *Answer }

// NewLab makes a lab.
func NewLab(a *Answer) *Lab { return &Lab{a} }

// Handlers lists the work of the lab.
func (l *Lab) Handlers() []flow.Handler {
	return []flow.Handler{
		{Kind: LabWork, Workers: 1, Timeout: 30 * time.Minute, Run: l.step},
		{Kind: ProbeWork, Workers: 1, Timeout: 30 * time.Minute, Run: l.probe},
	}
}

// AddTest adds a test; desk.Conflict "too_many_tests" at MaxTests.
func (l *Lab) AddTest(ctx context.Context, ws desk.ID, by desk.Actor, q desk.Question) (made store.LabTest, err error) {
	if err := q.Check(); err != nil {
		return made, err
	}
	err = l.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		n, err := tx.CountLabTests()
		if err != nil {
			return err
		}
		if n >= desk.MaxTests {
			return desk.Fail(desk.Conflict, "too_many_tests", "a workspace has at most 200 tests; delete one first")
		}
		id, err := tx.AddLabTest(q)
		if err != nil {
			return err
		}
		if made, err = tx.LabTest(id); err != nil {
			return err
		}
		return l.Audit.Add(tx, by, "lab.test_add", id)
	})
	return made, err
}

// ChangeTest puts another question in place of a test's.
func (l *Lab) ChangeTest(ctx context.Context, ws, id desk.ID, by desk.Actor, q desk.Question) (made store.LabTest, err error) {
	if err := q.Check(); err != nil {
		return made, err
	}
	err = l.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.ChangeLabTest(id, q); err != nil {
			return err
		}
		if made, err = tx.LabTest(id); err != nil {
			return err
		}
		if err := l.Flow.Emit(tx, desk.Event{Kind: desk.LabChanged}); err != nil { // it may have been one that fails
			return err
		}
		return l.Audit.Add(tx, by, "lab.test_change", id)
	})
	return made, err
}

// DropTest deletes a test.
func (l *Lab) DropTest(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	return l.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.DropLabTest(id); err != nil {
			return err
		}
		if err := l.Flow.Emit(tx, desk.Event{Kind: desk.LabChanged}); err != nil {
			return err
		}
		return l.Audit.Add(tx, by, "lab.test_drop", id)
	})
}

// Begin starts a comparison of what holds with a trial: the tests, and as many of
// the last questions of people as the trial wants. A trial that changes nothing
// asks the tests, and holds what is answered against the last time. Errors: desk.Invalid for a
// trial that cannot be, "nothing_to_ask" where there is neither test nor
// question, desk.Conflict "lab_busy" while another goes on.
func (l *Lab) Begin(ctx context.Context, ws desk.ID, by desk.Actor, trial desk.Trial) (store.LabRun, error) {
	switch {
	case trial.Questions < 0 || trial.Questions > MaxAgain:
		return store.LabRun{}, desk.Fail(desk.Invalid, "questions", "at most 200 questions of people are asked again")
	case len(trial.Tests) > desk.MaxTests:
		return store.LabRun{}, desk.Fail(desk.Invalid, "tests", "a workspace has at most 200 tests")
	case len(trial.Hide) > 1000 || len(trial.Exclude) > 100:
		return store.LabRun{}, desk.Fail(desk.Invalid, "knowledge", "a trial leaves out at most 1000 passages and 100 sources")
	case trial.Questions > 0 && !trial.Changes():
		return store.LabRun{}, desk.Fail(desk.Invalid, "nothing_to_compare", "say what would change: settings, or passages or sources that are left out")
	}
	if trial.Settings != nil {
		if err := checked(*trial.Settings); err != nil {
			return store.LabRun{}, err
		}
	}
	return l.begin(ctx, ws, by, LabManual, trial)
}

func checked(s desk.AISettings) error {
	if err := s.Check(); err != nil {
		return err
	}
	return checkOutside(s)
}

// begin starts a comparison. One of the night notes which sources are stale.
func (l *Lab) begin(ctx context.Context, ws desk.ID, by desk.Actor, kind string, trial desk.Trial) (run store.LabRun, err error) {
	var stale []desk.ID
	if kind == LabNight {
		if stale, err = l.Finder.Stale(ctx, ws); err != nil {
			return run, err
		}
	}
	err = l.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.HoldSettings(); err != nil {
			return err
		}
		if last, err := tx.LabRuns(0, 1); err != nil || len(last) == 1 && last[0].State == store.LabRunning {
			if err == nil {
				err = desk.Fail(desk.Conflict, "lab_busy", "another comparison goes on; wait for it or cancel it")
			}
			return err
		}
		set, err := tx.AISettings()
		if err != nil {
			return err
		}
		ask, err := pick(tx, trial)
		if err != nil {
			return err
		}
		if len(ask) == 0 && kind == LabManual {
			return desk.Fail(desk.Invalid, "nothing_to_ask", "write a test first, or ask people's last questions again")
		}
		models := set.Allows(desk.AIEvaluate) || trial.Settings != nil && trial.Settings.Allows(desk.AIEvaluate)
		if run, err = tx.AddLabRun(store.LabRun{Kind: kind, Trial: trial, Models: models, By: by, Stale: stale}, ask); err != nil {
			return err
		}
		if err := l.Audit.Add(tx, by, "lab.begin", run.ID); err != nil {
			return err
		}
		if err := l.Flow.Emit(tx, desk.Event{Kind: desk.LabChanged, Object: run.ID}); err != nil {
			return err
		}
		return l.Flow.Add(tx, flow.Item{Kind: LabWork, Key: ws, Object: run.ID})
	})
	return run, err
}

// pick lists what a comparison asks: the tests, then the last questions of people,
// each as the id of its message (decision 18).
func pick(tx *store.Tx, trial desk.Trial) ([]store.LabResult, error) {
	var ask []store.LabResult
	people := trial.Questions
	tests, err := tx.LabTests(0, desk.MaxTests)
	if err != nil {
		return nil, err
	}
	for _, t := range tests {
		if len(trial.Tests) == 0 || slices.Contains(trial.Tests, t.ID) {
			ask = append(ask, store.LabResult{Test: t.ID})
		}
	}
	ws, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	seen := map[desk.ID]bool{}
	for before, looked := desk.ID(0), 0; people > 0 && looked < 20*MaxAgain; {
		runs, err := tx.RecentRuns(before, MaxAgain)
		if err != nil || len(runs) == 0 {
			return ask, err
		}
		for _, run := range runs {
			before, looked = run.ID, looked+1
			if people == 0 || seen[run.Trigger] || !askable(run) {
				continue
			}
			seen[run.Trigger] = true
			_, who, ok, err := again(&tx.Rx, ws, run.Trigger)
			if err != nil {
				return nil, err
			}
			if ok {
				ask = append(ask, store.LabResult{Message: run.Trigger, Contact: who.ID, Conversation: run.Conversation})
				people--
			}
		}
	}
	return ask, nil
}

// askable: a turn that looked for an answer, about nothing special.
func askable(run desk.Run) bool {
	return len(run.About.Special) == 0 && run.Reason != string(desk.AskedForPerson) && run.Reason != "greeting" &&
		(run.Decision == desk.DecideAnswer || run.Decision == desk.DecideDidYouMean || run.Decision == desk.DecideHandOver)
}

// again reads a person's question, if it may be asked again: nobody's who is
// restricted, objected or limited, and nothing that was taken back.
func again(r *store.Rx, ws desk.Workspace, message desk.ID) (m desk.Message, who desk.Contact, ok bool, err error) {
	if m, err = r.Message(message); err != nil {
		return m, who, false, mayBeGone(err)
	}
	c, err := r.Conversation(m.Conversation)
	if err != nil {
		return m, who, false, mayBeGone(err)
	}
	if who, err = r.Contact(c.Contact); err != nil {
		return m, who, false, mayBeGone(err)
	}
	ok = !m.Deleted && m.Direction == desk.In && m.Body != "" && !who.NoAutomation && desk.MayUse(desk.ForImprove, ws, who) == nil &&
		len(topic.Read(string(m.Body), c.Language, topic.Settings{}).Special) == 0
	return m, who, ok, nil
}

func mayBeGone(err error) error {
	if desk.IsNotFound(err) {
		return nil
	}
	return err
}

// Cancel ends a comparison that goes on; what it found so far stays.
func (l *Lab) Cancel(ctx context.Context, ws, id desk.ID, by desk.Actor) (run store.LabRun, err error) {
	err = l.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if run, err = tx.LockLabRun(id); err != nil {
			return err
		}
		if run.State != store.LabRunning {
			return nil
		}
		run.State, run.EndedAt = store.LabCancelled, tx.Now()
		if err := tx.SaveLabRun(run); err != nil {
			return err
		}
		if err := l.Audit.Add(tx, by, "lab.cancel", id); err != nil {
			return err
		}
		return l.Flow.Emit(tx, desk.Event{Kind: desk.LabChanged, Object: id})
	})
	return run, err
}

// triedOf is what became of a question, as the lab keeps it.
func triedOf(a Asked) desk.Tried {
	t := desk.Tried{Decision: a.Decision, Outcome: a.Outcome, Why: a.Why, Text: a.Text, Language: a.Language, Engine: a.Engine,
		Confidence: a.Score, Passages: a.Sources, Special: len(a.Special) > 0}
	if t.Decision == "" {
		t.Decision = desk.DecideNothing
	}
	if a.Decision == desk.DecideDidYouMean && a.Outcome == outcomeSent {
		t.Outcome = "asked_back"
	}
	return t
}

// try asks one question. A search that fails is an outcome of its own.
func (l *Lab) try(ctx context.Context, ws desk.ID, set *desk.AISettings, kind string, q Question) (desk.Tried, desk.Call, error) {
	q.Trial = true
	asked, err := l.AskWith(ctx, ws, set, kind, q)
	if ctx.Err() != nil {
		return desk.Tried{}, desk.Call{}, ctx.Err()
	}
	if err != nil {
		return desk.Tried{Decision: desk.DecideNothing, Outcome: "failed", Why: string(desk.CodeOf(err))}, desk.Call{}, nil
	}
	var spent desk.Call
	for _, c := range asked.Calls {
		spent.In, spent.Out, spent.Micros = spent.In+c.In, spent.Out+c.Out, spent.Micros+c.Micros
	}
	return triedOf(asked), spent, nil
}

// judged holds what was tried to a test and to what was before.
func judged(r *store.LabResult, expect *desk.Expected) {
	if r.Body.Before != nil {
		r.Body.Differs = lab.Differs(*r.Body.Before, r.Body.After)
		r.Changed = len(r.Body.Differs) > 0
	}
	if expect != nil {
		r.Body.Broken = lab.Judge(*expect, r.Body.After)
		r.Failed = len(r.Body.Broken) > 0
	}
}
