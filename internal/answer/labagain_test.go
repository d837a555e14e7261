package answer_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/answer"
	"parley/internal/desk"
	"parley/internal/llm"
	"parley/internal/llm/fake"
	"parley/internal/store"
)

// said appends lines to the conversation of a message: "> " is the contact, "< "
// the AI. "--" begins another engagement. It returns the last line.
func (b *bench) said(first desk.ID, lines ...string) (last desk.Message) {
	b.Helper()
	b.must(b.ws.Write(b.T.Context(), func(tx *store.Tx) error {
		m, err := tx.Message(first)
		if err != nil {
			return err
		}
		row, err := tx.LockConversation(m.Conversation)
		if err != nil {
			return err
		}
		for _, line := range lines {
			if line == "--" {
				row.Engagement++
				row.Began, row.Turns = row.LastSeq, 0
				continue
			}
			last = desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText, Body: desk.Body(line[2:]), Status: desk.StatusDelivered}
			if line[0] == '<' {
				last.Direction, last.Author = desk.Out, desk.Author{Kind: desk.FromAI}
			}
			if err := tx.AppendMessage(&row, &last); err != nil {
				return err
			}
			if line[0] != '>' {
				continue
			}
			err := tx.InsertRun(row.Contact, desk.Run{ID: tx.NewID(), Conversation: row.ID, Trigger: last.ID, Decision: desk.DecideAnswer, Outcome: "sent", Engagement: row.Engagement})
			if err != nil {
				return err
			}
		}
		return tx.SaveConversation(row)
	}))
	return last
}

// A question of a person is asked again with the lines that led to it, those of
// an older engagement and what came after it left out, as it was then.
func TestAQuestionIsAskedAgainWithWhatWasSaidBefore(t *testing.T) {
	labs(t, func(t *testing.T, b *bench) {
		first := b.asked("Do you have umbrellas?", desk.About{}, nil)
		b.said(first, "< Umbrellas are in aisle four.", "--", "> Do you deliver to Austria?", "< Deliveries go to Austria.", "> And how much is shipping there?", "< It is 6.90 EUR.",
			"--", "> Is there parking?", "< Parking is behind the house.")
		b.on(func(s *desk.AISettings) { s.Purposes = []desk.AIPurpose{desk.AIEvaluate}; s.History = 10 })
		sent := map[string]string{}
		b.vendors["openai"] = fake.By(func(r llm.Request) fake.Answer {
			data := r.Messages[len(r.Messages)-1].Text
			for _, q := range []string{"umbrellas?", "Austria?", "shipping there?", "parking?"} {
				if strings.Contains(data, `"question":"`) && strings.Contains(data[strings.Index(data, `"question":"`):][:80], q) {
					sent[q] = data
				}
			}
			return says("Shipping to Germany costs 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR.")
		})
		run, _ := b.run(desk.Trial{Hide: []desk.ID{99}, Questions: 10})
		if run.Total != 4 || len(sent) != 4 {
			t.Fatalf("%+v, asked of the model: %v", run, sent)
		}
		for q, data := range sent {
			for _, line := range []string{"umbrellas?", "aisle four", "deliver to Austria?", "Deliveries go", "shipping there?", "It is 6.90 EUR.", "parking?", "behind the house"} {
				led := q == "shipping there?" && (line == "deliver to Austria?" || line == "Deliveries go")
				if strings.Contains(data, line) != (led || strings.HasSuffix(line, q)) {
					t.Errorf("%s goes with %q: %s", q, line, data)
				}
			}
		}
	})
}

// What a test says is held against what it said the last time, also where a
// change was tried in between; one test may be asked alone.
func TestATestSaysWhatBecameOfItTheLastTime(t *testing.T) {
	labs(t, func(t *testing.T, b *bench) {
		one := b.test(desk.Question{Text: "What does shipping to Germany cost?", Language: "en", Expect: desk.Expected{Outcome: desk.ExpectAnswer}})
		b.test(desk.Question{Text: "Tell me nothing", Language: "en", Expect: desk.Expected{Outcome: desk.ExpectNone}})
		run, all := b.run(desk.Trial{Tests: []desk.ID{one.ID}})
		if run.Total != 1 || run.Failed != 0 || all[0].Test != one.ID || all[0].Body.Before != nil {
			t.Fatalf("the first time: %+v %+v", run, all)
		}
		if run, _ = b.run(desk.Trial{Hide: []desk.ID{11}}); run.Changed != 1 || run.Failed != 0 {
			t.Fatalf("a trial: %+v", run)
		}
		_, all = b.run(desk.Trial{Tests: []desk.ID{one.ID}})
		if before := all[0].Body.Before; before == nil || before.Text != "Shipping to Germany costs 6.90 EUR." || all[0].Changed {
			t.Fatalf("after a trial: %+v", all[0].Body)
		}
		set := desk.NewAISettings()
		set.Confidence = 0.95
		_, err := b.SaveSettings(t.Context(), b.of, desk.Actor{Kind: desk.BySystem}, set)
		b.must(err)
		_, all = b.run(desk.Trial{Tests: []desk.ID{one.ID}})
		if !all[0].Changed || all[0].Body.Before.Why == all[0].Body.After.Why || !slices.Contains(all[0].Body.Differs, "outcome") {
			t.Fatalf("after a change that holds: %+v", all[0])
		}
	})
}

// The night notes which sources are stale, and rings once when one becomes so; a
// test that fails rings every night until it holds, and owners are written to of
// each new one once.
func TestANightRingsAndWritesToOwnersOnceOfEachThing(t *testing.T) {
	t.Parallel()
	labsAt(t, nil, func(t *testing.T, b *bench) {
		b.test(desk.Question{Text: "What does shipping to Germany cost?", Language: "en", Expect: desk.Expected{Contains: []string{"6.90"}}})
		night := func(stale ...desk.ID) (alarms, failing int, told string) {
			t.Helper()
			b.stale = stale
			b.Fake.Advance(29 * time.Hour)
			b.must(b.lab.Night(t.Context()))
			b.until("the night never ends", func(r *store.Rx) (bool, error) {
				run, err := r.LatestLabRun(answer.LabNight)
				if err == nil && run.State == store.LabDone && !slices.Equal(run.Stale, stale) {
					t.Errorf("stale: %v, want %v", run.Stale, stale)
				}
				return err == nil && run.State == store.LabDone && b.Clock.Since(run.At) < time.Hour, err
			})
			b.must(b.ws.Read(t.Context(), func(r *store.Rx) error {
				all, err := r.EventsAfter(0, 1000)
				for _, e := range all {
					if e.Kind == desk.LabAlarm {
						alarms++
					}
				}
				letters, e2 := r.Letters(math.MaxInt64, 100)
				for _, l := range letters {
					told = l.About + " " + told
				}
				health, e3 := r.KnowledgeHealth()
				failing = health.Alarms
				return errors.Join(err, e2, e3)
			}))
			return alarms, failing, strings.TrimSpace(told)
		}
		broken := desk.Question{Text: "Tell me nothing", Language: "en", Expect: desk.Expected{Outcome: desk.ExpectAnswer}}
		var first desk.ID
		for i, step := range []struct {
			before  func()
			stale   []desk.ID
			rang    int
			failing int
			told    string
		}{
			{nil, nil, 0, 0, ""},
			{nil, []desk.ID{1}, 1, 0, "stale"},
			{nil, []desk.ID{1}, 1, 0, "stale"},
			{nil, []desk.ID{1, 2}, 2, 0, "stale stale"},
			{nil, []desk.ID{2}, 2, 0, "stale stale"},
			{func() { first = b.test(broken).ID }, []desk.ID{2}, 3, 1, "stale stale tests"},
			{nil, []desk.ID{2}, 4, 1, "stale stale tests"},
			{func() { b.test(broken) }, []desk.ID{2}, 5, 2, "stale stale tests tests"},
			{func() { b.must(b.lab.DropTest(t.Context(), b.of, first, desk.Actor{Kind: desk.BySystem})) }, []desk.ID{2}, 6, 1, "stale stale tests tests"},
		} {
			if step.before != nil {
				step.before()
			}
			if rang, failing, told := night(step.stale...); rang != step.rang || failing != step.failing || told != step.told {
				t.Fatalf("night %d: rang %d times, %d failing, told %q, want %+v", i+1, rang, failing, told, step)
			}
		}
	})
}
