package store_test

import (
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// labWorld is a workspace with a person who asked something, and a comparison
// that asks it again.
func labWorld(t *testing.T, w *storetest.World) (h store.Handle, contact, conversation desk.ID, run store.LabRun) {
	t.Helper()
	h = storetest.Workspace(t, w.DB, "Lab")
	acct := storetest.Account(t, h, "widget", "w1")
	err := h.Write(ctx, func(tx *store.Tx) error {
		contact, conversation = tx.NewID(), tx.NewID()
		if err := tx.InsertContact(desk.Contact{ID: contact}); err != nil {
			return err
		}
		err := tx.InsertConversation(desk.Conversation{ID: conversation, Contact: contact, Account: acct.ID, State: desk.Open,
			Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1, CreatedAt: tx.Now()})
		if err != nil {
			return err
		}
		run, err = tx.AddLabRun(store.LabRun{Kind: "manual", Trial: desk.Trial{Hide: []desk.ID{7}, Questions: 1}, By: desk.Actor{Kind: desk.ByMember, ID: 3}},
			[]store.LabResult{{Test: 5}, {Message: 6, Contact: contact, Conversation: conversation}, {Test: 8}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h, contact, conversation, run
}

func (l labSeen) of(n int) store.LabResult {
	for _, one := range l {
		if one.N == n {
			return one
		}
	}
	return store.LabResult{}
}

type labSeen []store.LabResult

func labResults(t *testing.T, h store.Handle, run desk.ID) (all labSeen) {
	t.Helper()
	if err := h.Read(ctx, func(r *store.Rx) (err error) { all, err = r.LabResults(run, 0, 0, 100); return err }); err != nil {
		t.Fatal(err)
	}
	return all
}

// covers A-7.3-01: what a comparison made of people's questions ends with the
// day's key, with the person, and with the message.
func TestResultsOfTheLabEndWithTheirDayAndTheirPerson(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, contact, conversation, run := labWorld(t, w)
		save := func(l store.LabResult) {
			t.Helper()
			l.Run, l.State = run.ID, store.LabDone
			if err := h.Write(ctx, func(tx *store.Tx) error { return tx.SaveLabResult(l) }); err != nil {
				t.Fatal(err)
			}
		}
		save(store.LabResult{N: 1, Test: 5, Body: store.LabResultBody{After: desk.Tried{Text: "one"}}})
		save(store.LabResult{N: 2, Contact: contact, Conversation: conversation, Message: 6, Changed: true, Body: store.LabResultBody{After: desk.Tried{Text: "two"}}})
		save(store.LabResult{N: 3, Test: 8, Failed: true, Body: store.LabResultBody{After: desk.Tried{Text: "three"}}})
		all := labResults(t, h, run.ID)
		if len(all) != 3 || all[0].N != 3 || all[1].N != 2 || all[2].N != 1 || all[1].Body.After.Text != "two" {
			t.Fatalf("what failed and what changed does not come first: %+v", all)
		}
		if err := h.Read(ctx, func(r *store.Rx) error {
			page, err := r.LabResults(run.ID, all[0].Rank(), all[0].N, 1)
			if err == nil && (len(page) != 1 || page[0].N != 2) {
				t.Errorf("the second page: %+v", page)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := h.Write(ctx, func(tx *store.Tx) error {
			if done, err := tx.EraseStep(contact); err != nil || done {
				return err
			}
			_, err := tx.EraseStep(contact)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if all = labResults(t, h, run.ID); len(all) != 2 || all.of(2).N != 0 {
			t.Fatalf("an erased person's question is still there: %+v", all)
		}
		w.Fake.Advance(30 * 24 * time.Hour)
		if _, err := w.DB.Vault().SweepExpired(ctx); err != nil {
			t.Fatal(err)
		}
		if all = labResults(t, h, run.ID); len(all) != 2 || all[0].Body.After.Text != "" {
			t.Fatalf("after thirty days: %+v", all)
		}
		if err := h.Write(ctx, func(tx *store.Tx) error { _, err := tx.DropOldLab(500); return err }); err != nil {
			t.Fatal(err)
		}
		if all = labResults(t, h, run.ID); len(all) != 0 {
			t.Fatalf("the sweep left %+v", all)
		}
	})
}

func TestTestsOfTheLabAreTheirWorkspacesOwn(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, other := storetest.Workspace(t, w.DB, "A"), storetest.Workspace(t, w.DB, "B")
		q := desk.Question{Text: "Do you ship to Spain?", Expect: desk.Expected{Outcome: desk.ExpectAnswer}}
		var id desk.ID
		if err := h.Write(ctx, func(tx *store.Tx) (err error) { id, err = tx.AddLabTest(q); return err }); err != nil {
			t.Fatal(err)
		}
		for name, fn := range map[string]func(*store.Tx) error{
			"read":   func(tx *store.Tx) error { _, err := tx.LabTest(id); return err },
			"change": func(tx *store.Tx) error { return tx.ChangeLabTest(id, q) },
			"drop":   func(tx *store.Tx) error { return tx.DropLabTest(id) },
		} {
			if err := other.Write(ctx, fn); !desk.IsNotFound(err) {
				t.Errorf("another workspace may %s it: %v", name, err)
			}
		}
		if err := h.Write(ctx, func(tx *store.Tx) error { return tx.JudgeLabTest(id, store.LabFailed) }); err != nil {
			t.Fatal(err)
		}
		if err := h.Read(ctx, func(r *store.Rx) error {
			all, err := r.LabTests(0, 10)
			if err == nil && (len(all) != 1 || all[0].Text != q.Text || all[0].Verdict != store.LabFailed || all[0].CheckedAt.IsZero()) {
				t.Errorf("%+v", all)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
