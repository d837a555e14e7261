package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/store"
)

// covers A-7.4-05: what would break a test is not saved, unless a person says why.
func TestSettingsUnderWhichTestsFailAreSavedOnlyWithAReason(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var state api.AIState
		w.want(t, 200, ask{method: "GET", path: "/api/v1/ai", cookie: w.a.cookie}).into(t, &state)
		put := func(status int, key bool, why string) got {
			t.Helper()
			raw, err := json.Marshal(api.AIChange{AISettings: state.Settings, Override: why})
			must(t, err)
			var body map[string]any
			must(t, json.Unmarshal(raw, &body))
			delete(body, "at")
			delete(body, "by")
			raw, err = json.Marshal(body)
			must(t, err)
			a := ask{method: "PUT", path: "/api/v1/ai", body: string(raw), cookie: w.a.cookie}
			if key {
				a.cookie, a.key = "", w.a.key
			}
			return w.want(t, status, a)
		}
		put(200, false, "").into(t, &state.Settings)
		w.want(t, 201, ask{method: "POST", path: "/api/v1/lab/tests", cookie: w.a.cookie,
			body: `{"question":"Do I get my money back within a day?","language":"en","expect":{"outcome":"answered"}}`})
		for i := range state.Settings.Topics {
			state.Settings.Topics[i].Mode = "autopilot"
		}
		p := put(409, false, "").problem(t)
		if p.Code != "tests_failed" || len(p.Errors) != 1 || !strings.Contains(p.Errors[0].Message, "money back") {
			t.Fatalf("%+v", p)
		}
		put(403, true, "because")
		put(200, false, "the new shop has no complaints desk")
		must(t, w.DB.In(w.a.ws.ID).Read(t.Context(), func(r *store.Rx) error {
			s, err := r.AISettings()
			if s.TopicMode(desk.TopicRefunds) != desk.ModeAutopilot {
				t.Error("a reason changes nothing")
			}
			return err
		}))
		if g := w.want(t, 200, ask{method: "GET", path: "/api/v1/audit", cookie: w.a.cookie}); !strings.Contains(g.body, `"ai.override"`) {
			t.Error("the override is not on record")
		}
		// The way back is held to the same tests.
		back := func(status int, key bool, body string) got {
			a := ask{method: "POST", path: "/api/v1/ai/history/1/restore", body: body, cookie: w.a.cookie}
			if key {
				a.cookie, a.key = "", w.a.key
			}
			return w.want(t, status, a)
		}
		if p := back(409, false, "").problem(t); p.Code != "tests_failed" || len(p.Errors) != 1 {
			t.Fatalf("back: %+v", p)
		}
		back(403, true, `{"override":"because"}`)
		var restored api.AISettings
		back(200, false, `{"override":"the new version answers wrongly"}`).into(t, &restored)
		if restored.Version != 3 {
			t.Fatalf("%+v", restored)
		}
		w.want(t, 404, ask{method: "POST", path: "/api/v1/ai/history/99/restore", cookie: w.a.cookie})
	})
}

// A test is kept for longer than a person's words: what it is made of has
// placeholders for what is private.
func TestAQuestionForATestHoldsNothingPrivate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var run, message desk.ID
		insert := func(text string, about desk.About) {
			t.Helper()
			must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
				row, err := tx.LockConversation(w.a.conversation)
				if err != nil {
					return err
				}
				m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText, Body: desk.Body(text), Status: desk.StatusDelivered}
				if err := tx.AppendMessage(&row, &m); err != nil {
					return err
				}
				run, message = tx.NewID(), m.ID
				if err := tx.SaveConversation(row); err != nil {
					return err
				}
				return tx.InsertRun(row.Contact, desk.Run{ID: run, Conversation: row.ID, Trigger: message, Decision: desk.DecideAnswer, Outcome: "sent", About: about})
			}))
		}
		question := func() string {
			t.Helper()
			var r api.Run
			w.want(t, 200, ask{method: "GET", path: "/api/v1/runs/" + run.String(), cookie: w.a.cookie}).into(t, &r)
			return r.Question
		}
		insert("Is it here? Write to ayse@example.com or +90 532 111 22 33.", desk.About{})
		if q := question(); !strings.HasPrefix(q, "Is it here? Write to [EMAIL_1]") || strings.Contains(q, "532") {
			t.Errorf("%q", q)
		}
		insert("Does the ointment help my psoriasis?", desk.About{Special: []string{"health"}})
		if q := question(); q != "" {
			t.Errorf("special: %q", q)
		}
	})
}

func TestTheLabAndTheNumbersAreRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var n api.Numbers
		w.want(t, 200, ask{method: "GET", path: "/api/v1/ai/numbers?days=7", cookie: w.a.cookie, header: map[string]string{"Accept-Language": "tr"}}).into(t, &n)
		for _, f := range n.Figures {
			if f.Means == "" || f.Title == "" || strings.HasPrefix(f.Means, "numbers.") || strings.HasPrefix(f.Title, "numbers.") {
				t.Errorf("%s is not explained: %+v", f.Name, f)
			}
		}
		if len(n.Figures) < 15 || n.Days != 7 {
			t.Errorf("%+v", n)
		}
		var c api.Confidence
		w.want(t, 200, ask{method: "GET", path: "/api/v1/ai/confidence", cookie: w.a.cookie}).into(t, &c)
		if len(c.Buckets) != 20 || len(c.Steps) != 21 || c.Wrong == "" {
			t.Errorf("%+v", c)
		}
		var runs api.Page[api.LabRun]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/lab/runs", cookie: w.a.cookie}).into(t, &runs)
		if len(runs.Items) != 1 || runs.Items[0].Hidden != 1 || runs.Items[0].State != "running" {
			t.Fatalf("%+v", runs)
		}
		w.want(t, 409, ask{method: "POST", path: "/api/v1/lab/runs", body: `{"questions":3,"knowledge":{"hide_passages":["7"]}}`, cookie: w.a.cookie})
		path := "/api/v1/lab/runs/" + runs.Items[0].ID.String()
		var run api.LabRun
		w.want(t, 200, ask{method: "POST", path: path + "/cancel", cookie: w.a.cookie}).into(t, &run)
		if run.State != "cancelled" {
			t.Errorf("%+v", run)
		}
		w.want(t, 200, ask{method: "GET", path: path + "/results", cookie: w.a.cookie})
		var b api.Bias
		w.want(t, 200, ask{method: "GET", path: "/api/v1/ai/bias", cookie: w.a.cookie}).into(t, &b)
		if b.Limit != 0.05 || b.Trend == nil {
			t.Errorf("%+v", b)
		}
		w.want(t, 202, ask{method: "POST", path: "/api/v1/ai/bias/probes", cookie: w.a.cookie})
	})
}

// A draft that a member changes says how much of it was left, and nothing of what
// it said.
func TestAChangedDraftSaysHowMuchOfItWasLeft(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var run desk.ID
		must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
			row, err := tx.LockConversation(w.a.conversation)
			if err != nil {
				return err
			}
			run = tx.NewID()
			if err := tx.InsertRun(row.Contact, desk.Run{ID: run, Conversation: row.ID, Trigger: w.a.message, Decision: desk.DecideAnswer, Outcome: "drafted"}); err != nil {
				return err
			}
			d := desk.Draft{ID: tx.NewID(), Conversation: row.ID, Body: "one two three four", Confidence: "high", Decision: desk.DecideAnswer, Run: run}
			w.a.draft = d.ID
			return tx.PutDraft(row, d)
		}))
		w.want(t, 201, ask{method: "POST", path: "/api/v1/conversations/" + w.a.conversation.String() + "/drafts/" + w.a.draft.String() + "/send",
			body: `{"body":"one two and something else"}`, cookie: w.a.cookie, header: map[string]string{"Idempotency-Key": "kept"}})
		must(t, w.DB.In(w.a.ws.ID).Read(t.Context(), func(r *store.Rx) error {
			got, err := r.Run(run)
			if got.Kept != 50 {
				t.Errorf("%d of a hundred", got.Kept)
			}
			return err
		}))
	})
}
