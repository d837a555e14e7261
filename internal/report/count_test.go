package report_test

import (
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/report"
	"parley/internal/store"
	"parley/test/storetest"
)

// shop is a workspace in which people and the AI talk.
type shop struct {
	*storetest.World
	h    store.Handle
	acct desk.Account
	r    *report.Report
}

func each(t *testing.T, fn func(t *testing.T, s *shop)) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		s := &shop{World: w, h: storetest.Workspace(t, w.DB, "Shop")}
		s.acct = storetest.Account(t, s.h, "widget", "w1")
		s.r = report.New(report.Parts{DB: w.DB, Pleased: func(text string) bool { return strings.HasPrefix(text, "thank") }})
		fn(t, s)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// begin adds a contact who asks something.
func (s *shop) begin(t *testing.T, limited bool) (conversation desk.ID) {
	t.Helper()
	must(t, s.h.Write(t.Context(), func(tx *store.Tx) error {
		who := desk.Contact{ID: tx.NewID(), Language: "en"}
		if err := tx.InsertContact(who); err != nil {
			return err
		}
		if limited {
			if _, err := tx.ChangeContact(who.ID, func(c *desk.Contact) error { c.Limited = true; return nil }); err != nil {
				return err
			}
		}
		c := desk.Conversation{ID: tx.NewID(), Contact: who.ID, Account: s.acct.ID, State: desk.Open, Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1, CreatedAt: tx.Now()}
		conversation = c.ID
		return tx.InsertConversation(c)
	}))
	s.say(t, conversation, desk.FromContact, "where is my coat?", 0)
	return conversation
}

func (s *shop) say(t *testing.T, conversation desk.ID, by desk.AuthorKind, text string, run desk.ID) (id desk.ID) {
	t.Helper()
	must(t, s.h.Write(t.Context(), func(tx *store.Tx) error {
		c, err := tx.LockConversation(conversation)
		if err != nil {
			return err
		}
		m := desk.Message{Direction: desk.Out, Author: desk.Author{Kind: by}, Kind: desk.KindText, Body: desk.Body(text), Status: desk.StatusSent, Run: run}
		if by == desk.FromContact {
			m.Direction, m.Status = desk.In, desk.StatusDelivered
		}
		if err := tx.AppendMessage(&c, &m); err != nil {
			return err
		}
		id = m.ID
		return tx.SaveConversation(c)
	}))
	s.Fake.Advance(time.Minute)
	return id
}

// turn is the AI's answer to the newest message.
func (s *shop) turn(t *testing.T, conversation desk.ID, run desk.Run) desk.ID {
	t.Helper()
	must(t, s.h.Write(t.Context(), func(tx *store.Tx) error {
		c, err := tx.Conversation(conversation)
		if err != nil {
			return err
		}
		newest, err := tx.MessagesBefore(conversation, 0, 1)
		if err != nil {
			return err
		}
		run.ID, run.Conversation, run.Trigger, run.Engagement = tx.NewID(), conversation, newest[0].ID, c.Engagement
		return tx.InsertRun(c.Contact, run)
	}))
	if run.Outcome == "sent" {
		s.say(t, conversation, desk.FromAI, "in your bag", run.ID)
	}
	return run.ID
}

func answer(outcome string, confidence float64) desk.Run {
	return desk.Run{Decision: desk.DecideAnswer, Outcome: outcome, Engine: "extractive", Passages: []desk.ID{5}, Confidence: confidence, Language: "en",
		About: desk.About{Topics: []string{"refund"}}, Call: desk.Call{In: 100, Out: 10, Micros: 900}}
}

func (s *shop) numbers(t *testing.T) report.Numbers {
	t.Helper()
	s.Fake.Advance(7 * time.Hour) // everything is settled again
	must(t, s.r.Count(t.Context()))
	n, err := s.r.Numbers(t.Context(), s.h.Workspace(), 30)
	must(t, err)
	return n
}

// covers A-7.7-02
func TestNumbersTellWhatBecameOfWhatTheAISaid(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		thanked, silent, left := s.begin(t, false), s.begin(t, false), s.begin(t, false)
		s.turn(t, thanked, answer("sent", 0.9))
		s.say(t, thanked, desk.FromContact, "thanks!", 0)
		s.turn(t, silent, answer("sent", 0.7))
		called := answer("handed_over", 0.2)
		called.Decision, called.Reason, called.Call = desk.DecideHandOver, "topic", desk.Call{}
		s.turn(t, left, called)
		limited := s.begin(t, true)
		s.turn(t, limited, answer("sent", 0.9))
		s.Fake.Advance(25 * time.Hour)
		n := s.numbers(t)
		want := report.Figures{report.Engagements: 3, string(report.Confirmed): 1, string(report.Silent): 1, string(report.Abandoned): 1,
			report.HandedOver: 1, report.Answers: 2, report.Micros: 1800, report.TokensIn: 200, report.TokensOut: 20}
		for _, name := range report.Names() {
			if n.Now.All[name] != want[name] {
				t.Errorf("%s is %d, want %d", name, n.Now.All[name], want[name])
			}
		}
		if r := n.Now.Reasons(); len(r) != 1 || r[0].Name != "topic" || r[0].Figures[report.HandedOver] != 1 {
			t.Errorf("reasons: %+v", r)
		}
		for part, name := range map[string]string{report.Channel: "widget", report.Language: "en", report.Topic: "refund"} {
			if all := n.Now.Parts[part]; len(all) != 1 || all[0].Name != name || all[0].Figures[report.Engagements] != 3 {
				t.Errorf("%s: %+v", part, all)
			}
		}
		if n.Before.All[report.Engagements] != 0 || n.Counted.IsZero() {
			t.Errorf("before: %+v, counted %v", n.Before.All, n.Counted)
		}
		s.say(t, silent, desk.FromContact, "where is it?", 0)
		if n = s.numbers(t); n.Now.All[report.Reopened] != 1 {
			t.Errorf("a contact who is back counts %d", n.Now.All[report.Reopened])
		}
		s.Fake.Advance(30 * 24 * time.Hour)
		n, err := s.r.Numbers(t.Context(), s.h.Workspace(), 30)
		if must(t, err); n.Before.All[report.Engagements] != 3 || n.Now.All[report.Engagements] != 0 {
			t.Errorf("a month later: %+v before %+v", n.Now.All, n.Before.All)
		}
	})
}

func TestTheSliderIsDrawnFromOneAnswer(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		wrong := s.begin(t, false)
		run := s.turn(t, wrong, answer("sent", 0.62))
		must(t, s.h.Write(t.Context(), func(tx *store.Tx) error { return tx.NoteReported(run, "wrong") }))
		s.turn(t, s.begin(t, false), answer("sent", 0.91))
		must(t, s.r.Count(t.Context()))
		c, err := s.r.Confidence(t.Context(), s.h.Workspace(), 30)
		must(t, err)
		if c.Buckets[12].Sent != 1 || c.Buckets[12].Wrong != 1 || c.Buckets[18].Sent != 1 {
			t.Errorf("%+v", c.Buckets)
		}
		if at := c.Steps[13]; at.Sent != 1 || at.Drafted != 1 || at.Wrong != 0 {
			t.Errorf("at 0.65: %+v", at)
		}
	})
}

// covers decision 22: limited data use is not counted, and says so.
func TestALimitedWorkspaceIsNotCounted(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.turn(t, s.begin(t, false), answer("sent", 0.9))
		must(t, s.h.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ChangeSettings(func(w *desk.Workspace) error { w.Limited = true; return nil })
			return err
		}))
		if n := s.numbers(t); n.Now.All[report.Engagements] != 0 || !n.Limited {
			t.Errorf("%+v", n)
		}
	})
}

func TestAnotherWorkspaceCountsNothingOfThis(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.turn(t, s.begin(t, false), answer("sent", 0.9))
		must(t, s.r.Count(t.Context()))
		other := storetest.Workspace(t, s.DB, "Other")
		n, err := s.r.Numbers(t.Context(), other.Workspace(), 30)
		if must(t, err); len(n.Now.All) != 0 || !n.Counted.IsZero() {
			t.Errorf("%+v", n)
		}
	})
}
