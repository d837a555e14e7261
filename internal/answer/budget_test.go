package answer_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"parley/internal/answer"
	"parley/internal/desk"
	"parley/internal/llm"
	"parley/internal/llm/fake"
	"parley/internal/store"
	"parley/test/storetest"
)

// account is what a workspace's calls cost on the day of a moment.
type account struct{ spent, used, cost int64 }

func (c *counter) account(day time.Time) (a account) {
	c.Helper()
	err := c.ws.Read(c.Context(), func(r *store.Rx) (err error) {
		if a.spent, a.cost, err = r.Spent(day); err != nil {
			return err
		}
		a.used, _, err = r.Used(day)
		return err
	})
	if err != nil {
		c.Fatal(err)
	}
	return a
}

// paidBy makes the workspace's model one whose every call costs the same, waits,
// and tells that it began.
func (c *counter) paidBy(one llm.Usage, wait <-chan struct{}, begun chan<- struct{}) *fake.Model {
	said := says("It is 6.90 EUR.", "P1", "Shipping to Germany costs 6.90 EUR")
	said.Usage, said.Wait = one, wait
	m := fake.By(func(llm.Request) fake.Answer {
		select {
		case begun <- struct{}{}:
		default: // nobody counts
		}
		return said
	})
	c.vendors["openai"] = m
	return m
}

// Two hundred who ask at once: all are answered, and what the models took passes
// the day's tokens or money by less than one call's own reservation; asked one
// after the other, the rest of the budget is used up and not a call more.
func TestTwoHundredAtOnceKeepABudgetForTen(t *testing.T) {
	t.Parallel()
	one := llm.Usage{In: 400, Out: 60}
	cost := llm.CostOf("gpt-5", one).Micros
	for name, set := range map[string]func(*desk.AISettings){
		"tokens": func(s *desk.AISettings) { s.TokensPerDay = 10 * 460 },
		"money":  func(s *desk.AISettings) { s.TokensPerDay, s.CentsPerDay = 0, 1 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				c := open(t, db, desk.DecideAnswer)
				c.on(set)
				gate := make(chan struct{})
				model := c.paidBy(one, gate, nil)
				const many = 200
				var all sync.WaitGroup
				got := make([]answer.Asked, many)
				errs := make([]error, many)
				left := make(chan struct{}, many)
				for i := range many {
					all.Go(func() {
						got[i], errs[i] = c.Ask(t.Context(), c.of, "", answer.Question{Text: asked, Language: "en"})
						left <- struct{}{}
					})
				}
				// Whoever gets no room is answered while the others still wait for their models.
				for n := 0; n < many/2; n++ {
					<-left
				}
				if a := c.account(db.Clock().Now()); a.spent != 0 || a.used == 0 {
					t.Errorf("while all are under way: %+v", a)
				}
				close(gate)
				all.Wait()
				for i := range got {
					if errs[i] != nil || got[i].Outcome != "sent" || got[i].Text == "" {
						t.Fatalf("somebody was not answered: %q %s, %v", got[i].Text, got[i].Outcome, errs[i])
					}
				}
				atOnce := len(model.Asked())
				for range 30 {
					c.ask(asked)
				}
				a := c.account(db.Clock().Now())
				calls := int64(len(model.Asked()))
				t.Logf("%d calls at once, %d in all: %+v", atOnce, calls, a)
				full := a.spent >= 4600
				if name == "money" {
					full = a.cost >= 10_000
				}
				if atOnce == 0 || atOnce > 10 || a.spent != calls*460 || a.used != a.spent || !full || a.spent-460 >= 4600 && name == "tokens" || a.cost-cost >= 10_000 && name == "money" {
					t.Errorf("%d calls at once, %d in all: %+v", atOnce, calls, a)
				}
			})
		})
	}
}

// A program that dies between the reservation and the bill leaves nothing: its
// reservation ends within a minute, also after the clock was set back.
func TestAReservationEndsWithTheProgramThatMadeIt(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		c := open(t, w.DB, desk.DecideAnswer)
		reserve := func() (ok bool) {
			err := c.ws.Write(t.Context(), func(tx *store.Tx) (err error) {
				_, ok, err = tx.Reserve(store.AIHold{Tokens: 500}, 500, 0)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !reserve() || reserve() {
			t.Fatal("a reservation counts once, for the next one")
		}
		w.Fake.Jump(store.AIHoldTerm)
		if a := c.account(w.Fake.Now()); a.used != 0 {
			t.Fatalf("a minute later: %+v", a)
		}
		if !reserve() || reserve() {
			t.Fatal("the room of a program that is gone was not given back")
		}
		w.Fake.Jump(-3 * time.Hour)
		if a := c.account(w.Fake.Now()); a.used != 0 || !reserve() {
			t.Fatalf("after the clock was set back: %+v", a)
		}
	})
}

// A call that ends after midnight is counted on the day that paid for it; the new
// day begins with all of its budget, also when the clock jumps (covers H-32).
func TestTheBudgetOfADayEndsAtMidnight(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		c := open(t, w.DB, desk.DecideAnswer)
		c.on(func(s *desk.AISettings) { s.TokensPerDay = 460 })
		gate := make(chan struct{})
		begun := make(chan struct{}, 1)
		c.paidBy(llm.Usage{In: 400, Out: 60}, gate, begun)
		before := w.Fake.Now()
		done := make(chan error, 1)
		go func() {
			_, err := c.Ask(context.WithoutCancel(t.Context()), c.of, "", answer.Question{Text: asked, Language: "en"})
			done <- err
		}()
		<-begun
		w.Fake.Jump(13 * time.Hour)
		close(gate)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if a, b := c.account(before), c.account(w.Fake.Now()); a.spent != 460 || b.spent != 0 || b.used != 0 {
			t.Fatalf("yesterday %+v, today %+v", a, b)
		}
		if got := c.ask(asked); got.Engine != answer.Modelled {
			t.Fatalf("the new day's first question: %s %+v", got.Engine, got.Checks)
		}
		if got := c.ask(asked); got.Engine != answer.Extractive || got.Text == "" {
			t.Fatalf("the second: %s", got.Engine)
		}
	})
}

// What a model said that cannot be used was paid for, and a vendor that is left
// alone is not.
func TestAnAnswerThatCannotBeUsedIsPaidFor(t *testing.T) {
	t.Parallel()
	c := open(t, storetest.Open(t, storetest.Options{}).DB, desk.DecideAnswer)
	now := c.DB.Clock().Now()
	model := c.on(nil)
	model.Say(fake.Answer{JSON: `{"answerable":`, Usage: llm.Usage{In: 400, Out: 60}})
	c.ask(asked)
	if a := c.account(now); a.spent != 460 || a.used != 460 {
		t.Fatalf("broken JSON: %+v", a)
	}
	model.Say(fake.Answer{Err: &llm.Error{Kind: llm.Timeout, Resting: true}})
	if got := c.ask(asked); len(got.Calls) != 0 {
		t.Fatalf("a call that was not made is shown: %+v", got.Calls)
	}
	if a := c.account(now); a.spent != 460 || a.used != 460 {
		t.Fatalf("a vendor at rest: %+v", a)
	}
	model.Say(fake.Answer{Err: &llm.Error{Kind: llm.Timeout}})
	c.ask(asked)
	if a := c.account(now); a.spent <= 560 || a.used != a.spent {
		t.Fatalf("a call that hung: %+v", a)
	}
}
