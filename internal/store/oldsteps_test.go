package store_test

import (
	"errors"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// What is past its term goes in steps of what the caller says, however much there
// is, so that nobody's write waits for all of it: logs of models, results and
// comparisons of the lab, reports of answers. What is not past it stays.
func TestWhatIsPastItsTermGoesInSmallSteps(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, contact, conversation, _ := labWorld(t, w)
		const there, step = 5, 2
		write := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := h.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		put := func() {
			t.Helper()
			for range there {
				write(func(tx *store.Tx) error {
					e1 := tx.InsertAILog(store.AILog{ID: tx.NewID(), Conversation: conversation, Contact: contact, Call: desk.Call{Purpose: desk.AIReply}})
					e2 := tx.InsertReport(&store.AIReport{Case: tx.NewID(), Contact: contact, Conversation: conversation, Message: tx.NewID(), Reason: "wrong", ByKind: "member", By: 3})
					run, e3 := tx.AddLabRun(store.LabRun{Kind: "manual", By: desk.Actor{Kind: desk.ByMember, ID: 3}}, []store.LabResult{{Test: 5}})
					if err := errors.Join(e1, e2, e3); err != nil {
						return err
					}
					e4 := tx.SaveLabResult(store.LabResult{Run: run.ID, N: 1, Test: 5, State: store.LabDone})
					run.State = "done"
					return errors.Join(e4, tx.SaveLabRun(run))
				})
			}
		}
		put()
		w.Fake.Advance(max(store.LabRunTerm, store.AIReportTerm, store.AILogTerm) + 48*time.Hour)
		put()
		for name, old := range map[string]struct {
			drop func(*store.Tx, int) (int64, error)
			want []int64
		}{
			"logs": {(*store.Tx).DropOldAILogs, []int64{2, 2, 1, 0}}, "reports": {(*store.Tx).DropOldReports, []int64{2, 2, 1, 0}},
			"lab": {(*store.Tx).DropOldLab, []int64{2, 2, 2, 2, 0}}, // with the three of the world's own
		} {
			for _, want := range old.want {
				write(func(tx *store.Tx) error {
					n, err := old.drop(tx, step)
					if n != want {
						t.Errorf("%s: a step took %d, not %d", name, n, want)
					}
					return err
				})
			}
		}
	})
}
