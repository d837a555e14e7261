package privacy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// member is who deletes conversations in these tests.
func member() desk.Actor { return desk.Actor{Kind: desk.ByMember, ID: 7, Name: "Deniz"} }

// again gives a planted person a second conversation of one message.
func again(t *testing.T, h store.Handle, p planted, account desk.ID) (second desk.ID) {
	t.Helper()
	err := h.Write(ctx, func(tx *store.Tx) error {
		second = tx.NewID()
		if err := tx.InsertConversation(desk.Conversation{ID: second, Contact: p.contact, Account: account, State: desk.Open}); err != nil {
			return err
		}
		row, err := tx.LockConversation(second)
		if err != nil {
			return err
		}
		m := desk.Message{ID: tx.NewID(), Direction: desk.In, Author: desk.Author{Kind: desk.FromContact, ID: p.contact}, Kind: desk.KindText,
			Body: "a second conversation", Status: desk.StatusDelivered, ExternalID: "second " + second.String()}
		return errors.Join(tx.AppendMessage(&row, &m), tx.SaveConversation(row))
	})
	if err != nil {
		t.Fatal(err)
	}
	return second
}

func talkLeft(t *testing.T, h store.Handle, talk desk.ID) (rows int) {
	t.Helper()
	err := h.Read(ctx, func(r *store.Rx) error {
		all, err := r.MessagesAfter(talk, 0, 5000)
		if err != nil {
			return err
		}
		held, err := r.TalkHoldings(talk)
		rows = len(all) + held.Conversations + held.Drafts
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// covers A-11-03: a conversation goes as a whole, its person and their other
// conversation stay, and the certificate does not say that a key ended.
func TestADeletedConversationIsGoneAndItsPersonStays(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		ana, ben := plant(t, h, acct, "ana", 1200), plant(t, h, acct, "ben", 3)
		second := again(t, h, ana, acct.ID)
		log := audit.NewLog(w.DB)
		eraser := privacy.NewEraser(w.DB, w.Keys, log)
		seen, err := eraser.PreviewTalk(ctx, h.Workspace(), ana.conversation)
		if err != nil || seen.Messages != 1200 || seen.Drafts != 1 || seen.Conversations != 1 {
			t.Fatalf("the preview says %+v, %v", seen, err)
		}
		done, err := eraser.DeleteTalk(ctx, h.Workspace(), ana.conversation, member())
		if err != nil || done.Counts != seen {
			t.Fatalf("deleted %+v, %v", done, err)
		}
		if n := talkLeft(t, h, ana.conversation); n > 0 {
			t.Errorf("%d rows are left", n)
		}
		if n := talkLeft(t, h, second); n != 2 {
			t.Errorf("of the other conversation %d rows are left", n)
		}
		if got := readable(t, h, ana); len(got) != 4 { // name, mail, phone, identity
			t.Errorf("of the person is left %v", got)
		}
		if got := readable(t, h, ben); len(got) != len(ben.canaries) {
			t.Errorf("a neighbour lost something: %v left", got)
		}
		if _, err := eraser.PreviewTalk(ctx, h.Workspace(), ana.conversation); !desk.IsNotFound(err) {
			t.Errorf("it can be deleted once more: %v", err)
		}
		certified(t, log, done)
	})
}

func certified(t *testing.T, log *audit.Log, done privacy.Erased) {
	t.Helper()
	key, err := log.DocumentKey(ctx)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := audit.ReadProof(done.Proof)
	if err != nil {
		t.Fatal(err)
	}
	var f privacy.ErasureFacts
	if err := errors.Join(proof.Verify(key), json.Unmarshal(proof.Document, &f)); err != nil {
		t.Fatal(err)
	}
	if f.Kind != privacy.TalkKind || f.Deleted.Messages != 1200 || f.DataEnd.Sub(f.ErasedAt) != 90*24*time.Hour {
		t.Errorf("it says %+v", f)
	}
	if !f.KeysEnd.IsZero() || !f.PagesEnd.IsZero() || bytes.Contains(done.Proof, []byte("wrapped_key")) {
		t.Errorf("it promises the end of a key that lives: %s", done.Proof)
	}
	if bytes.Contains(done.Proof, []byte("canary")) {
		t.Errorf("it names somebody: %s", done.Proof)
	}
}

// covers A-11-03: killed at any step, a deletion that was begun ends by itself
// and its one certificate counts all that there was.
func TestADeletionKilledAtEveryStepEndsWithItsCertificate(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
		killed, resumed, whole := 0, 0, false
		for looks := int64(0); !whole; looks += 3 {
			ana := plant(t, h, acct, fmt.Sprint("ana", looks), 2)
			before := len(certificates(t, h))
			die := dieAfter(looks)
			_, err := eraser.DeleteTalk(die, h.Workspace(), ana.conversation, member())
			if whole = err == nil; !whole {
				killed++
			}
			die.kill()
			landed(t, w)
			open, err := w.Keys.UnfinishedLedger(ctx, 10)
			if err != nil {
				t.Fatal(err)
			}
			if err := eraser.Resume(ctx); err != nil {
				t.Fatalf("killed after %d looks, it cannot be resumed: %v", looks, err)
			}
			all := certificates(t, h)
			if len(open) == 0 && !whole && len(all) == before {
				if got := readable(t, h, ana); len(got) != len(ana.canaries) {
					t.Errorf("killed after %d looks before it began, only %v is left", looks, got)
				}
				continue
			}
			resumed++
			deletedWhole(t, w, h, ana, all[:len(all)-before])
		}
		if killed < 3 || resumed < 3 {
			t.Errorf("the kill itself is broken: %d killed, %d had begun", killed, resumed)
		}
	})
}

func deletedWhole(t *testing.T, w *storetest.World, h store.Handle, ana planted, made []store.Certificate) {
	t.Helper()
	if n := talkLeft(t, h, ana.conversation); n > 0 {
		t.Errorf("%d rows are left", n)
	}
	if open, err := w.Keys.UnfinishedLedger(ctx, 10); err != nil || len(open) > 0 {
		t.Errorf("the ledger is still open: %v %v", open, err)
	}
	var f privacy.ErasureFacts
	if len(made) != 1 || made[0].Done.IsZero() || len(made[0].Signed) == 0 {
		t.Fatalf("its certificates are %+v", made)
	}
	if err := json.Unmarshal(made[0].Facts, &f); err != nil || f.Kind != privacy.TalkKind || f.Deleted.Messages != 2 || f.ErasedAt.IsZero() {
		t.Errorf("it says %+v: %v", f, err)
	}
	noted := 0
	err := h.Read(ctx, func(r *store.Rx) error {
		entries, err := r.AuditAfter(0, 1000)
		for _, e := range entries {
			if e.Action == "conversation.delete" && e.Object == ana.conversation {
				noted++
			}
		}
		return err
	})
	if err != nil || noted != 1 {
		t.Errorf("the audit log has it %d times, %v", noted, err)
	}
}

// covers A-11-03, H-70: nothing of who is under a legal hold is deleted, and what
// a hold stops half-way ends with its release.
func TestALegalHoldComesBeforeTheDeletionOfAConversation(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		ana := plant(t, h, storetest.Account(t, h, "widget", "pk_1"), "ana", 3)
		log := audit.NewLog(w.DB)
		eraser, rules := privacy.NewEraser(w.DB, w.Keys, log), privacy.Retention{DB: w.DB, Audit: log}
		hold, err := rules.Hold(ctx, h.Workspace(), store.Hold{Contact: ana.contact, Reason: "a claim", Authority: "a court", By: member()})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := eraser.DeleteTalk(ctx, h.Workspace(), ana.conversation, member()); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("a held conversation is deleted: %v", err)
		}
		if open, err := w.Keys.UnfinishedLedger(ctx, 10); err != nil || len(open) > 0 {
			t.Errorf("a refusal is in the ledger: %v %v", open, err)
		}
		// As a kill leaves it that came between the entry and the hold.
		if _, err := w.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: h.Workspace(), Act: privacy.ActTalk, Subject: ana.conversation, At: w.Clock.Now()}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := eraser.Resume(ctx); err != nil {
				t.Fatal(err)
			}
			if got := readable(t, h, ana); len(got) != len(ana.canaries) {
				t.Errorf("under a hold only %v is left", got)
			}
		}
		if err := rules.Release(ctx, h.Workspace(), hold.ID, member()); err != nil {
			t.Fatal(err)
		}
		if err := eraser.Resume(ctx); err != nil {
			t.Fatal(err)
		}
		if n := talkLeft(t, h, ana.conversation); n > 0 {
			t.Errorf("after the release %d rows are left", n)
		}
	})
}

// covers A-11-03, A-11-06: who did not want their chat kept does not stay behind
// as a contact without a conversation that nothing would ever end.
func TestAnUnsavedChatTakesItsVisitorAlong(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		ana := plant(t, h, storetest.Account(t, h, "widget", "pk_1"), "ana", 2)
		err := h.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.ChangeConversation(ana.conversation, func(c *store.Row) error { c.EraseAt = tx.Now().Add(24 * time.Hour); return nil })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		done, err := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB)).DeleteTalk(ctx, h.Workspace(), ana.conversation, member())
		if err != nil {
			t.Fatal(err)
		}
		if got := readable(t, h, ana); len(got) > 0 {
			t.Errorf("still readable: %v", got)
		}
		if done.Contacts != 1 || bytes.Contains(done.Proof, []byte(privacy.RemainsPerson)) {
			t.Errorf("the certificate says that the visitor stays: %s", done.Proof)
		}
	})
}

func TestAnEmptyConversationDeletesNothing(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, other := storetest.Workspace(t, w.DB, "Northwind"), storetest.Workspace(t, w.DB, "Southwind")
		ana := plant(t, h, storetest.Account(t, h, "widget", "pk_1"), "ana", 2)
		eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
		for _, c := range []struct{ ws, talk desk.ID }{{0, 0}, {h.Workspace(), 0}, {0, ana.conversation}, {h.Workspace(), -1},
			{other.Workspace(), ana.conversation}, {h.Workspace(), ana.contact}} {
			if _, err := eraser.DeleteTalk(ctx, c.ws, c.talk, member()); err == nil {
				t.Errorf("DeleteTalk(%d, %d) did not fail", c.ws, c.talk)
			}
		}
		if got := readable(t, h, ana); len(got) != len(ana.canaries) {
			t.Errorf("somebody lost something: %v left", got)
		}
	})
}
