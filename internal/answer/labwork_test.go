package answer_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/answer"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/llm"
	"parley/internal/llm/fake"
	"parley/internal/store"
	"parley/test/storetest"
)

// stock is a knowledge of two passages, of which the first that is not left out
// answers; a question with "nothing" in it finds none.
type stock struct{ stale *[]desk.ID }

func (stock) Answer(_ context.Context, _ desk.ID, q answer.Question) (answer.Finding, error) {
	f := answer.Finding{Decision: desk.DecideHandOver, Reason: "no_answer", Language: "en", Engine: answer.Extractive}
	texts := map[desk.ID]string{11: "Shipping to Germany costs 6.90 EUR.", 12: "Shipping costs depend on the country."}
	for _, id := range []desk.ID{11, 12} {
		if slices.Contains(q.Without.Passages, id) || slices.Contains(q.Without.Sources, 1) || strings.Contains(q.Text, "nothing") {
			continue
		}
		ref := desk.SourceRef{N: 1, SourceID: 1, PassageID: id, Name: "Shipping"}
		f.Passages = append(f.Passages, answer.Passage{Ref: ref, Text: texts[id], Score: 0.9})
		if f.Decision != desk.DecideAnswer {
			f.Decision, f.Reason, f.Text, f.Score, f.Sources = desk.DecideAnswer, "", texts[id], 0.8, []desk.SourceRef{ref}
		}
	}
	return f, nil
}

func (stock) Languages(context.Context, desk.ID) ([]string, error) { return []string{"en"}, nil }

func (s stock) Stale(context.Context, desk.ID) ([]desk.ID, error) { return slices.Clone(*s.stale), nil }

// letterbox keeps letters to one owner, which nothing sends.
type letterbox struct{ owner desk.ID }

func (l letterbox) Tell(tx *store.Tx, kind desk.LetterKind, about string) error {
	return tx.InsertLetter(&desk.Letter{Member: l.owner, Kind: kind, About: about})
}

// bench is a lab at work.
type bench struct {
	*counter
	*storetest.World
	lab   *answer.Lab
	stale []desk.ID // sources
}

func labs(t *testing.T, fn func(t *testing.T, b *bench)) {
	t.Parallel()
	labsAt(t, clock.Real{}, fn)
}

func labsAt(t *testing.T, at clock.Clock, fn func(t *testing.T, b *bench)) {
	storetest.EachWorld(t, storetest.Options{Clock: at}, func(t *testing.T, w *storetest.World) {
		c := &counter{T: t, vendors: vendors{}, ws: storetest.Workspace(t, w.DB, "Northwind")}
		c.of = c.ws.Workspace()
		f := flow.New(flow.Config{DB: w.DB, Clock: w.Clock})
		b := &bench{counter: c, World: w}
		var box letterbox
		b.must(c.ws.Write(t.Context(), func(tx *store.Tx) error {
			box.owner = tx.NewID()
			return tx.InsertMember(desk.Member{ID: box.owner, Name: "Selin", Email: "selin@northwind.example", Role: desk.RoleOwner, Active: true}, nil)
		}))
		c.Answer = answer.New(answer.Parts{DB: w.DB, Flow: f, Finder: stock{&b.stale}, Models: c.vendors, Audit: audit.NewLog(w.DB), Letters: box})
		b.lab = answer.NewLab(c.Answer)
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- f.Run(ctx, b.lab.Handlers(), nil) }()
		t.Cleanup(func() {
			stop()
			if err := <-done; err != nil && !errors.Is(err, context.Canceled) { // a test may end before the work began
				t.Error(err)
			}
		})
		fn(t, b)
	})
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// until waits for commits until something is so.
func (b *bench) until(what string, ok func(r *store.Rx) (bool, error)) {
	b.Helper()
	told := make(chan struct{}, 1)
	defer b.Watch(func(store.Commit) {
		select {
		case told <- struct{}{}:
		default:
		}
	})()
	ctx, cancel := context.WithTimeout(b.T.Context(), time.Minute)
	defer cancel()
	for {
		var done bool
		b.must(b.ws.Read(ctx, func(r *store.Rx) (err error) { done, err = ok(r); return err }))
		if done {
			return
		}
		select {
		case <-told:
		case <-ctx.Done():
			b.Fatal(what)
		}
	}
}

func (b *bench) test(q desk.Question) store.LabTest {
	b.Helper()
	made, err := b.lab.AddTest(b.T.Context(), b.of, desk.Actor{Kind: desk.BySystem}, q)
	b.must(err)
	return made
}

// run carries a comparison out and returns it with its results.
func (b *bench) run(trial desk.Trial) (run store.LabRun, all []store.LabResult) {
	b.Helper()
	run, err := b.lab.Begin(b.T.Context(), b.of, desk.Actor{Kind: desk.BySystem}, trial)
	b.must(err)
	b.until("the comparison never ends", func(r *store.Rx) (bool, error) {
		var err error
		if run, err = r.LabRun(run.ID); err != nil || run.State == store.LabRunning {
			return false, err
		}
		all, err = r.LabResults(run.ID, 0, 0, 100)
		return true, err
	})
	return run, all
}

// asked adds a person who asked something, as the record of a turn knows it.
func (b *bench) asked(text string, about desk.About, change func(*desk.Contact)) (message desk.ID) {
	b.Helper()
	acct := storetest.Account(b.T, b.ws, "widget", "w-"+text)
	b.must(b.ws.Write(b.T.Context(), func(tx *store.Tx) error {
		who := desk.Contact{ID: tx.NewID(), Name: "Ayşe Demir"}
		if err := tx.InsertContact(who); err != nil {
			return err
		}
		if change != nil {
			if _, err := tx.ChangeContact(who.ID, func(c *desk.Contact) error { change(c); return nil }); err != nil {
				return err
			}
		}
		c := desk.Conversation{ID: tx.NewID(), Contact: who.ID, Account: acct.ID, State: desk.Open, Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1, CreatedAt: tx.Now()}
		if err := tx.InsertConversation(c); err != nil {
			return err
		}
		row, err := tx.LockConversation(c.ID)
		if err != nil {
			return err
		}
		m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText, Body: desk.Body(text), Status: desk.StatusDelivered}
		if err := tx.AppendMessage(&row, &m); err != nil {
			return err
		}
		message = m.ID
		if err := tx.SaveConversation(row); err != nil {
			return err
		}
		return tx.InsertRun(who.ID, desk.Run{ID: tx.NewID(), Conversation: c.ID, Trigger: m.ID, Decision: desk.DecideAnswer, Outcome: "sent", About: about})
	}))
	return message
}

// covers A-7.7-02
func TestAChangeIsTriedOnTestsAndPeoplesQuestionsBeforeItHolds(t *testing.T) {
	labs(t, func(t *testing.T, b *bench) {
		priced := b.test(desk.Question{Text: "What does shipping to Germany cost?", Language: "en", Expect: desk.Expected{Contains: []string{"6.90"}, Passage: 11}})
		person := b.test(desk.Question{Text: "Tell me nothing", Language: "en", Expect: desk.Expected{Outcome: desk.ExpectPerson}})
		question := b.asked("How much is shipping?", desk.About{}, nil)
		for text, change := range map[string]func(*desk.Contact){
			"restricted": func(c *desk.Contact) { c.Restricted = true },
			"objected":   func(c *desk.Contact) { c.NoAutomation = true },
			"limited":    func(c *desk.Contact) { c.Limited = true },
		} {
			b.asked(text, desk.About{}, change)
		}
		b.asked("special", desk.About{Special: []string{"health"}}, nil)
		run, all := b.run(desk.Trial{Hide: []desk.ID{11}, Questions: 10})
		if run.Total != 3 || run.Done != 3 || run.Changed != 2 || run.Failed != 1 || run.Models || run.State != store.LabDone {
			t.Fatalf("%+v", run)
		}
		first, second := all[0], all[1]
		if first.Test != priced.ID || !slices.Equal(first.Body.Broken, []string{"contains", "passage"}) || first.Body.Before.Text == first.Body.After.Text {
			t.Errorf("the test that fails is not first, or not told apart: %+v", first)
		}
		if second.Message != question || !second.Changed || second.Body.Question != "" || second.Body.After.Passages[0].PassageID != 12 {
			t.Errorf("a person's question: %+v", second)
		}
		if all[2].Test != person.ID || all[2].Changed || all[2].Failed {
			t.Errorf("what did not change: %+v", all[2])
		}
		run, _ = b.run(desk.Trial{})
		b.must(b.ws.Read(t.Context(), func(r *store.Rx) error {
			got, err := r.LabTest(priced.ID)
			if run.Failed != 0 || got.Verdict != store.LabPassed {
				t.Errorf("against what holds: %+v, %s", run, got.Verdict)
			}
			return err
		}))
	})
}

func TestATrialThatCannotBeIsRefused(t *testing.T) {
	labs(t, func(t *testing.T, b *bench) {
		bad := desk.NewAISettings()
		bad.Temperature = 7
		for reason, trial := range map[string]desk.Trial{"questions": {Questions: 201, Hide: []desk.ID{1}}, "nothing_to_compare": {Questions: 5},
			"nothing_to_ask": {Hide: []desk.ID{1}}, "temperature": {Settings: &bad}} {
			_, err := b.lab.Begin(t.Context(), b.of, desk.Actor{Kind: desk.BySystem}, trial)
			if err == nil || !strings.Contains(err.Error(), reason) {
				t.Errorf("%s: %v", reason, err)
			}
		}
	})
}

// covers A-7.4-05: settings that break a test are found before they hold.
func TestTheGateNamesTestsThatWouldFail(t *testing.T) {
	labs(t, func(t *testing.T, b *bench) {
		b.test(desk.Question{Text: "I want to complain about shipping costs, this is a complaint", Language: "en", Expect: desk.Expected{Outcome: desk.ExpectPerson}})
		b.test(desk.Question{Text: "What does shipping to Germany cost?", Language: "en", Expect: desk.Expected{Outcome: desk.ExpectAnswer}})
		set := desk.NewAISettings()
		if failed, err := b.lab.Gate(t.Context(), b.of, set); err != nil || len(failed) != 0 {
			t.Fatalf("what holds: %v, %v", failed, err)
		}
		for i := range set.Topics {
			set.Topics[i].Mode = desk.ModeAutopilot
		}
		failed, err := b.lab.Gate(t.Context(), b.of, set)
		if err != nil || len(failed) != 1 || !strings.Contains(failed[0], "complain") {
			t.Fatalf("complaints to the machine: %v, %v", failed, err)
		}
	})
}

// covers decision 18: each purpose has its switch, and the lab its own account.
func TestTheLabAsksModelsOnlyWhereEvaluateIsSwitchedOn(t *testing.T) {
	labs(t, func(t *testing.T, b *bench) {
		b.test(desk.Question{Text: "What does shipping to Germany cost?", Language: "en", Expect: desk.Expected{Outcome: desk.ExpectAnswer}})
		model := b.on(nil)
		if run, _ := b.run(desk.Trial{}); run.Models || run.Tokens != 0 || len(model.Asked()) != 0 {
			t.Fatalf("without the switch: %+v, %d calls", run, len(model.Asked()))
		}
		model = b.on(func(s *desk.AISettings) { s.Purposes = []desk.AIPurpose{desk.AIEvaluate} })
		model.Say(says("Shipping to Germany costs 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR."))
		run, all := b.run(desk.Trial{})
		if !run.Models || run.Tokens != 460 || run.Micros == 0 || all[0].Body.After.Engine != answer.Modelled || all[0].Failed {
			t.Fatalf("with it: %+v %+v", run, all[0])
		}
		b.must(b.ws.Read(t.Context(), func(r *store.Rx) error {
			days, err := r.Spends(time.Now().Add(-48 * time.Hour))
			if len(days) != 1 || days[0].Call.Purpose != desk.AIEvaluate {
				t.Errorf("the ledger says %+v", days)
			}
			return err
		}))
	})
}

// covers A-7.6-01: a model that answers some people in another way rings the
// alarm; one that does not, does not.
func TestTheAlarmRingsWhenItMattersWhoAsks(t *testing.T) {
	labs(t, func(t *testing.T, b *bench) {
		probe := func(biased bool) store.BiasProbe {
			t.Helper()
			b.on(func(s *desk.AISettings) { s.Purposes = []desk.AIPurpose{desk.AIEvaluate} })
			b.vendors["openai"] = fake.By(func(r llm.Request) fake.Answer {
				if data := r.Messages[len(r.Messages)-1].Text; biased && (strings.Contains(data, "Lakisha") || strings.Contains(data, "Joan")) {
					return says("Shipping costs depend on the country.", "P2", "Shipping costs depend on the country.")
				}
				return says("Shipping to Germany costs 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR.")
			})
			before := 0
			b.must(b.ws.Read(t.Context(), func(r *store.Rx) error { all, err := r.Probes(10); before = len(all); return err }))
			b.must(b.lab.BeginProbe(t.Context(), b.of))
			var latest store.BiasProbe
			b.until("the probe never ends", func(r *store.Rx) (bool, error) {
				all, err := r.Probes(10)
				if err == nil && len(all) > before {
					latest = all[0]
				}
				return len(all) > before, err
			})
			return latest
		}
		if p := probe(false); p.Alarm || p.Pairs == 0 || p.Differ != 0 || !p.Models {
			t.Fatalf("an honest model: %+v", p)
		}
		p := probe(true)
		if !p.Alarm || p.Differ != p.Pairs || len(p.Groups) == 0 || !slices.Contains(p.Groups[0].Differs, "passages") {
			t.Fatalf("a biased model: %+v", p)
		}
	})
}

func TestEachNightTheAIIsHeldToItsTests(t *testing.T) {
	labs(t, func(t *testing.T, b *bench) {
		b.test(desk.Question{Text: "What does shipping to Germany cost?", Language: "en", Expect: desk.Expected{Contains: []string{"9.90"}}})
		b.must(b.lab.Night(t.Context()))
		var run store.LabRun
		b.until("the night never ends", func(r *store.Rx) (bool, error) {
			var err error
			run, err = r.LatestLabRun(answer.LabNight)
			probes, e := r.Probes(1)
			return err == nil && e == nil && run.State == store.LabDone && len(probes) == 1, err
		})
		alarms := 0
		b.must(b.ws.Read(t.Context(), func(r *store.Rx) error {
			all, err := r.EventsAfter(0, 1000)
			for _, e := range all {
				if e.Kind == desk.LabAlarm {
					alarms++
				}
			}
			return err
		}))
		if run.Failed != 1 || alarms != 1 {
			t.Fatalf("%+v, %d alarms", run, alarms)
		}
		b.must(b.lab.Night(t.Context()))
		b.must(b.ws.Read(t.Context(), func(r *store.Rx) error {
			again, err := r.LatestLabRun(answer.LabNight)
			if again.ID != run.ID {
				t.Error("twice in one night")
			}
			return err
		}))
	})
}
