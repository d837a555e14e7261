package api_test

import (
	"slices"
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
)

// complain adds a case about an answer.
func (s *shop) complain(tx *store.Tx) error {
	one := store.Case{ID: tx.NewID(), Kind: "automated_decision", AskedAt: tx.Now(), Due: tx.Now()}
	s.caseID = one.ID
	if _, err := tx.AddCase([]byte("a code of "+s.canary), one); err != nil {
		return err
	}
	return tx.InsertReport(&store.AIReport{Case: one.ID, Contact: s.contact, Conversation: s.conversation, Message: s.message, Reason: "wrong",
		ByKind: "member", By: s.agent, Note: s.canary + " is wrong"})
}

// said files an answer of the AI with the record of its turn.
func (w *world) said(t *testing.T, s *shop, words string) (m desk.Message) {
	t.Helper()
	must(t, w.DB.In(s.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
		c, err := tx.LockConversation(s.conversation)
		if err != nil {
			return err
		}
		run := desk.Run{ID: tx.NewID(), Conversation: c.ID, Trigger: s.message, Decision: desk.DecideAnswer, Outcome: "sent", Engine: "model",
			Passages: []desk.ID{s.passage}, Scores: []float64{0.9}, Checks: []desk.Check{{Name: "quotes", OK: true}}, Settings: 7,
			Call: desk.Call{Vendor: desk.OpenAI, Model: "gpt"}}
		m = desk.Message{Direction: desk.Out, Author: desk.Author{Kind: desk.FromAI}, Kind: desk.KindText, Status: desk.StatusSent, Body: desk.Body(words), Run: run.ID}
		if err := tx.AppendMessage(&c, &m); err != nil {
			return err
		}
		if err := tx.InsertRun(c.Contact, run); err != nil {
			return err
		}
		return tx.SaveConversation(c)
	}))
	return m
}

// covers A-7.4-07, A-7.5-01, A-7.6-02: a reported answer is a case that shows the
// rules, the model, the passages and the settings behind it; once a phrase is
// corrected the same question does not yield it any more.
func TestAReportedAnswerIsACaseAndIsCorrected(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
			return tx.ReplacePassages(w.a.source, []store.Passage{{Language: "en", PassageBody: store.PassageBody{
				Question: "Does the lamp have a warranty?", Text: "The lamp has a lifetime warranty."}}})
		}))
		asks := ask{method: "POST", path: "/api/v1/answers", body: `{"question":"Does the lamp have a warranty?"}`, cookie: w.a.cookie}
		if g := w.want(t, 200, asks); !strings.Contains(g.body, `"answer":"The lamp has a lifetime warranty."`) {
			t.Fatalf("before: %.600s", g.body)
		}
		m := w.said(t, w.a, "The lamp has a lifetime warranty.")
		path := "/api/v1/messages/" + m.ID.String() + "/report"
		w.want(t, 422, ask{method: "POST", path: "/api/v1/messages/" + w.a.message.String() + "/report", body: `{"reason":"wrong"}`, cookie: w.a.cookie})
		w.want(t, 422, ask{method: "POST", path: path, body: `{"reason":"ugly"}`, cookie: w.a.cookie})
		var first, again api.Reported
		w.want(t, 201, ask{method: "POST", path: path, body: `{"reason":"wrong","note":"two years"}`, cookie: w.a.cookie}).into(t, &first)
		w.want(t, 201, ask{method: "POST", path: path, body: `{"reason":"biased"}`, cookie: w.a.cookie}).into(t, &again)
		if first.CaseID == 0 || again.CaseID != first.CaseID {
			t.Fatalf("%v and %v", first, again)
		}
		var cases api.Page[api.Case]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/cases", cookie: w.a.cookie}).into(t, &cases)
		one := cases.Items[0]
		if one.ID != first.CaseID || one.Kind != "automated_decision" || one.Report == nil || one.Report.Note != "two years" || one.Report.Reason != "wrong" {
			t.Fatalf("%+v", one)
		}
		why := one.Report.Explanation
		if why == nil || why.Settings != 7 || why.Model != "gpt" || why.Vendor != "openai" || len(why.Checks) != 1 || len(why.Passages) != 1 {
			t.Fatalf("%+v", why)
		}
		shut := ask{method: "POST", path: "/api/v1/privacy/cases/" + one.ID.String() + "/close", cookie: w.a.cookie,
			body: `{"outcome":"corrected","never_say":"Lifetime warranty"}`}
		privacy, err := w.members.AddKey(t.Context(), w.a.ws.ID, member.KeyWish{Name: "privacy", Role: desk.RolePrivacy}, desk.Actor{Kind: desk.BySystem})
		must(t, err)
		w.want(t, 403, ask{method: "POST", path: shut.path, body: shut.body, key: privacy.Token})
		w.want(t, 200, shut).into(t, &one)
		if one.State != "done" || one.Report.Outcome != "corrected" {
			t.Fatalf("%+v", one)
		}
		w.want(t, 409, shut)
		if g := w.want(t, 200, asks); strings.Contains(g.body, `"answer":"The lamp has a lifetime warranty."`) {
			t.Fatalf("after the correction: %.600s", g.body)
		}
		var counts api.ReportCounts
		w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/reports", cookie: w.a.cookie}).into(t, &counts)
		if len(counts.Items) != 4 || counts.Items[0].Name != "wrong" || counts.Items[0].Count != 2 {
			t.Fatalf("%+v", counts.Items)
		}
	})
}

// covers A-14.1-03: a report goes with its contact; the case stays and names nobody.
func TestAReportGoesWithItsContact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
			for {
				if done, err := tx.EraseStep(w.a.contact); err != nil || done {
					return err
				}
			}
		}))
		g := w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/cases", cookie: w.a.cookie})
		var cases api.Page[api.Case]
		g.into(t, &cases)
		reports := slices.DeleteFunc(cases.Items, func(c api.Case) bool { return c.Kind == "restrict" }) // what the shop has else
		if len(reports) != 1 || reports[0].Report != nil || strings.Contains(g.body, w.a.canary) {
			t.Fatalf("%s", g.body)
		}
	})
}
