package answer

import (
	"context"
	"sync"
	"time"

	"parley/internal/answer/lab"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/kit/text"
	"parley/internal/store"
)

const (
	labStep  = 5                // questions between two commits
	gateTime = 30 * time.Second // for all tests before settings are saved
	gateWide = 4                // tests at a time
)

// step asks the next questions of a comparison and keeps what became of them, so
// that a crash repeats a few at most.
func (l *Lab) step(ctx context.Context, j *flow.Job) error {
	it := j.Items[0]
	var run store.LabRun
	var wait []store.LabResult
	err := l.DB.In(it.Workspace).Read(ctx, func(r *store.Rx) (err error) {
		if run, err = r.LabRun(it.Object); err == nil {
			wait, err = r.LabWaiting(run.ID, labStep)
		}
		return err
	})
	if desk.IsNotFound(err) || err == nil && run.State != store.LabRunning {
		return l.DB.In(it.Workspace).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
	}
	if err != nil {
		return err
	}
	var spent desk.Call
	for i := range wait {
		cost, err := l.askOne(ctx, it.Workspace, run, &wait[i])
		if err != nil {
			return err
		}
		spent.In, spent.Out, spent.Micros = spent.In+cost.In, spent.Out+cost.Out, spent.Micros+cost.Micros
	}
	return l.DB.In(it.Workspace).Write(ctx, func(tx *store.Tx) error { return l.keep(tx, j, wait, spent) })
}

// keep writes what became of some questions; the last ones end the comparison.
func (l *Lab) keep(tx *store.Tx, j *flow.Job, asked []store.LabResult, spent desk.Call) error {
	it := j.Items[0]
	run, err := tx.LockLabRun(it.Object)
	if err != nil {
		return err
	}
	if run.State != store.LabRunning {
		return j.Finish(tx) // cancelled while it asked
	}
	for _, one := range asked {
		if err := l.keepOne(tx, &run, one); err != nil {
			return err
		}
	}
	run.Tokens, run.Micros = run.Tokens+spent.In+spent.Out, run.Micros+spent.Micros
	over := len(asked) < labStep
	if over {
		run.State, run.EndedAt = store.LabDone, tx.Now()
	}
	if err := tx.SaveLabRun(run); err != nil {
		return err
	}
	if err := l.Flow.Emit(tx, desk.Event{Kind: desk.LabChanged, Object: run.ID}); err != nil {
		return err
	}
	if !over {
		return j.Later(tx, it, tx.Now())
	}
	if err := l.nightFound(tx, run); err != nil {
		return err
	}
	return j.Finish(tx)
}

func (l *Lab) keepOne(tx *store.Tx, run *store.LabRun, one store.LabResult) error {
	err := tx.SaveLabResult(one)
	if desk.IsNotFound(err) { // the person was erased meanwhile, and the row with them
		err = nil
	}
	if err != nil {
		return err
	}
	run.Done++
	if one.Changed {
		run.Changed++
	}
	if one.Failed {
		run.Failed++
	}
	if one.Test == 0 || one.State != store.LabDone || run.Trial.Changes() {
		return nil
	}
	verdict := store.LabPassed
	if one.Failed {
		verdict = store.LabFailed
	}
	return tx.JudgeLabTest(one.Test, verdict)
}

// askOne asks one question of a comparison, before and after the change.
func (l *Lab) askOne(ctx context.Context, ws desk.ID, run store.LabRun, one *store.LabResult) (spent desk.Call, err error) {
	q, kind, expect, err := l.questionOf(ctx, ws, one)
	if err != nil || one.State == store.LabSkipped {
		return spent, err
	}
	add := func(c desk.Call) {
		spent.In, spent.Out, spent.Micros = spent.In+c.In, spent.Out+c.Out, spent.Micros+c.Micros
	}
	if run.Trial.Changes() {
		before, cost, err := l.try(ctx, ws, nil, kind, q)
		if err != nil {
			return spent, err
		}
		add(cost)
		one.Body.Before = &before
	} else if one.Test != 0 {
		if one.Body.Before, err = l.lastTime(ctx, ws, *one); err != nil {
			return spent, err
		}
	}
	q.Without = Without{Passages: run.Trial.Hide, Sources: run.Trial.Exclude}
	after, cost, err := l.try(ctx, ws, run.Trial.Settings, kind, q)
	if err != nil {
		return spent, err
	}
	add(cost)
	one.State, one.Body.After = store.LabDone, after
	if one.Test == 0 && after.Special { // its kind was not known when it was picked
		one.State, one.Body = store.LabSkipped, store.LabResultBody{}
		return spent, nil
	}
	judged(one, expect)
	return spent, nil
}

// lastTime is what became of a test under what held when it was asked last; nil
// where nobody knows.
func (l *Lab) lastTime(ctx context.Context, ws desk.ID, one store.LabResult) (was *desk.Tried, err error) {
	err = l.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		was = nil
		last, err := r.LabResultOf(one.Test, one.Run)
		if err != nil {
			return mayBeGone(err)
		}
		run, err := r.LabRun(last.Run)
		if err != nil {
			return mayBeGone(err)
		}
		if was = &last.Body.After; run.Trial.Changes() {
			was = last.Body.Before
		}
		return nil
	})
	return was, err
}

// questionOf reads what is to be asked; what may not be asked any more is
// skipped.
func (l *Lab) questionOf(ctx context.Context, ws desk.ID, one *store.LabResult) (q Question, kind string, expect *desk.Expected, err error) {
	err = l.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		if one.Test != 0 {
			t, err := r.LabTest(one.Test)
			if desk.IsNotFound(err) {
				one.State = store.LabSkipped
				return nil
			}
			q, kind, expect = Question{Text: t.Text, Language: t.Language}, t.Channel, &t.Expect
			one.Body.Question = t.Text
			return err
		}
		w, err := r.Settings()
		if err != nil {
			return err
		}
		m, who, ok, err := again(r, w, one.Message)
		if err != nil || !ok {
			one.State = store.LabSkipped
			return err
		}
		c, err := r.Conversation(m.Conversation)
		if err != nil {
			return err
		}
		before, err := pastOf(r, c, m)
		if err != nil {
			return mayBeGone(err)
		}
		q, kind = Question{Text: text.Normalise(string(m.Body), maxQuestion), Language: c.Language, Asker: who, past: before}, before.acct.Kind
		return nil
	})
	return q, kind, expect, err
}

// Gate asks every test of a workspace with settings that somebody wants to save,
// and returns the questions of those that would not hold. It takes at most half
// a minute; desk.Unavailable "tests_unfinished" when that was not enough.
func (l *Lab) Gate(ctx context.Context, ws desk.ID, candidate desk.AISettings) (failed []string, err error) {
	var tests []store.LabTest
	err = l.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { tests, err = r.LabTests(0, desk.MaxTests); return err })
	if err != nil || len(tests) == 0 {
		return nil, err
	}
	ctx, cancel := clock.WithTimeout(ctx, l.DB.Clock(), gateTime)
	defer cancel()
	broken, errs := make([]bool, len(tests)), make([]error, len(tests))
	var all sync.WaitGroup
	for w := range gateWide {
		all.Go(func() {
			for i := w; i < len(tests); i += gateWide {
				got, _, err := l.try(ctx, ws, &candidate, tests[i].Channel, Question{Text: tests[i].Text, Language: tests[i].Language})
				broken[i], errs[i] = err == nil && len(lab.Judge(tests[i].Expect, got)) > 0, err
			}
		})
	}
	all.Wait()
	for i, t := range tests {
		if errs[i] != nil {
			return nil, &desk.Error{Code: desk.Unavailable, Reason: "tests_unfinished", Text: "the tests took too long", Retry: true, Cause: errs[i]}
		}
		if broken[i] {
			failed = append(failed, text.Cut(t.Text, 200))
		}
	}
	return failed, nil
}
