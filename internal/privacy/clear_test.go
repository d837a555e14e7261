package privacy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/internal/vault"
	"parley/test/storetest"
)

// shopfront is a workspace with two channels, and what deletes all that was said
// by one of them.
type shopfront struct {
	*privacy.Clearing
	eraser       *privacy.Eraser
	log          *audit.Log
	w            *storetest.World
	h            store.Handle
	chat, beside desk.Account
}

func newShopfront(t *testing.T, w *storetest.World) shopfront {
	t.Helper()
	h := storetest.Workspace(t, w.DB, "Northwind")
	log := audit.NewLog(w.DB)
	eraser := privacy.NewEraser(w.DB, w.Keys, log)
	return shopfront{privacy.NewClearing(eraser, flow.New(flow.Config{DB: w.DB, Clock: w.Clock})), eraser, log, w, h,
		storetest.Account(t, h, "widget", "pk_1"), storetest.Account(t, h, "messenger", "page_1")}
}

// begun begins a deletion and gives the certificate that waits for its end.
func (s shopfront) begun(t *testing.T) desk.ID {
	t.Helper()
	if err := s.Begin(ctx, s.h.Workspace(), s.chat.ID, member()); err != nil {
		t.Fatal(err)
	}
	return s.last(t).ID
}

func (s shopfront) last(t *testing.T) store.Certificate {
	t.Helper()
	look, err := s.Look(ctx, s.h.Workspace(), s.chat.ID)
	if err != nil || look.Last == nil {
		t.Fatalf("no deletion was begun: %v", err)
	}
	return *look.Last
}

func (s shopfront) facts(t *testing.T) (f privacy.ClearFacts) {
	t.Helper()
	if err := json.Unmarshal(s.last(t).Facts, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// says files one more message of a planted person in a conversation of theirs.
func (s shopfront) says(t *testing.T, p planted) {
	t.Helper()
	s.w.Fake.Advance(time.Second)
	err := s.h.Write(ctx, func(tx *store.Tx) error {
		row, err := tx.LockConversation(p.conversation)
		if err != nil {
			return err
		}
		m := desk.Message{ID: tx.NewID(), Direction: desk.In, Author: desk.Author{Kind: desk.FromContact, ID: p.contact}, Kind: desk.KindText,
			Body: "one more thing", Status: desk.StatusDelivered, ExternalID: "later " + p.conversation.String()}
		return errors.Join(tx.AppendMessage(&row, &m), tx.SaveConversation(row))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// covers A-16.5-02: all conversations of one chat go together, with who was known
// by nothing else; who wrote elsewhere stays there, and nothing of what went can
// be read in any file.
func TestAllConversationsOfOneChatGoTogether(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		s := newShopfront(t, w)
		ana, ben, elsewhere := plant(t, s.h, s.chat, "ana", 600), plant(t, s.h, s.chat, "ben", 2), plant(t, s.h, s.beside, "eve", 3)
		second := again(t, s.h, ben, s.beside.ID)
		w.Fake.Advance(time.Minute)
		backup := copyFolder(t, w.Dir)
		look, err := s.Look(ctx, s.h.Workspace(), s.chat.ID)
		if want := (store.Cleared{Conversations: 2, Messages: 602, Drafts: 2, People: 1}); err != nil || look.Goes != want || look.Last != nil {
			t.Fatalf("it would delete %+v, %v", look.Goes, err)
		}
		if err := s.Carry(ctx, s.h.Workspace(), s.begun(t)); err != nil {
			t.Fatal(err)
		}
		if left := readable(t, s.h, ana); len(left) > 0 {
			t.Errorf("of who was known by this chat alone is left %v", left)
		}
		if n := talkLeft(t, s.h, ben.conversation); n > 0 {
			t.Errorf("%d rows of a conversation are left", n)
		}
		if n := talkLeft(t, s.h, second); n != 2 {
			t.Errorf("of a conversation elsewhere %d rows are left", n)
		}
		if left := readable(t, s.h, elsewhere); len(left) != len(elsewhere.canaries) {
			t.Errorf("somebody of another channel lost something: %v left", left)
		}
		if _, err := w.DB.Vault().KeyIfThere(ctx, vault.Ref{Workspace: int64(s.h.Workspace()), Kind: vault.Subject, Of: int64(ana.contact)}); !errors.Is(err, vault.ErrNoKey) {
			t.Errorf("a key of who is gone is there: %v", err)
		}
		if found := rawBytes(t, w.Dir, append(ana.canaries, ben.canaries...)); len(found) > 0 {
			t.Errorf("in the files is %v", found)
		}
		s.proven(t, look.Goes)
		if err := w.DB.Vault().TurnEpoch(ctx); err != nil {
			t.Fatal(err)
		}
		if w.URL == "" {
			attackBackup(t, w, s.h.Workspace(), backup, ana, elsewhere)
		}
		if err := s.Begin(ctx, s.h.Workspace(), s.chat.ID, member()); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("nothing is deleted once more: %v", err)
		}
	})
}

// proven looks at the signed certificate, the ledger and the record.
func (s shopfront) proven(t *testing.T, went store.Cleared) {
	t.Helper()
	cert, f := s.last(t), s.facts(t)
	key, err := s.log.DocumentKey(ctx)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := audit.ReadProof(cert.Signed)
	if err != nil {
		t.Fatal(err)
	}
	if err := proof.Verify(key); err != nil || !bytes.Equal(proof.Document, cert.Facts) {
		t.Errorf("its certificate is not signed: %v", err)
	}
	if f.Deleted != went || f.Held != (store.Cleared{}) || f.Written != (store.Cleared{}) || f.DataEnd.Sub(f.DoneAt) != 90*24*time.Hour {
		t.Errorf("it says %+v", f)
	}
	if strings.Contains(string(cert.Signed), "canary") {
		t.Errorf("it names somebody: %s", cert.Signed)
	}
	if open, err := s.w.Keys.UnfinishedLedger(ctx, 10); err != nil || len(open) > 0 {
		t.Errorf("the ledger is still open: %v %v", open, err)
	}
	if got := s.recorded(t); got != "channel.clear channel.cleared" {
		t.Errorf("the record says %q", got)
	}
}

// recorded are the acts on the chat in the audit log.
func (s shopfront) recorded(t *testing.T) string {
	t.Helper()
	var all []string
	err := s.h.Read(ctx, func(r *store.Rx) error {
		all = nil
		entries, err := r.AuditAfter(0, 1000)
		for _, e := range entries {
			if strings.HasPrefix(e.Action, "channel.") && e.Object == s.chat.ID {
				all = append(all, e.Action)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

// covers A-16.5-02: a conversation that comes while the others go stays, as does
// one in which somebody wrote meanwhile, and the certificate says so by number.
func TestWhatComesWhileAChatIsClearedStays(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		s := newShopfront(t, w)
		ana, ben := plant(t, s.h, s.chat, "ana", 2), plant(t, s.h, s.chat, "ben", 3)
		w.Fake.Advance(time.Minute)
		certificate := s.begun(t)
		s.says(t, ben)
		fresh := plant(t, s.h, s.chat, "new", 2)
		if err := s.Carry(ctx, s.h.Workspace(), certificate); err != nil {
			t.Fatal(err)
		}
		if left := readable(t, s.h, ana); len(left) > 0 {
			t.Errorf("of the first is left %v", left)
		}
		for _, p := range []planted{ben, fresh} {
			if left := readable(t, s.h, p); len(left) != len(p.canaries) {
				t.Errorf("of who wrote meanwhile only %v is left", left)
			}
		}
		f := s.facts(t)
		if want := (store.Cleared{Conversations: 1, Messages: 3, Drafts: 1, People: 1}); f.Written != want || f.Deleted.Conversations != 1 || f.Deleted.Messages != 2 {
			t.Errorf("it says %+v", f)
		}
	})
}

// covers A-16.5-02, H-70: who is under a legal hold stays with all that they said,
// counted and not named.
func TestALegalHoldComesBeforeClearingAChat(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		s := newShopfront(t, w)
		ana, ben := plant(t, s.h, s.chat, "ana", 2), plant(t, s.h, s.chat, "ben", 3)
		rules := privacy.Retention{DB: w.DB, Audit: s.log}
		if _, err := rules.Hold(ctx, s.h.Workspace(), store.Hold{Contact: ben.contact, Reason: "a claim", Authority: "a court", By: member()}); err != nil {
			t.Fatal(err)
		}
		w.Fake.Advance(time.Minute)
		look, err := s.Look(ctx, s.h.Workspace(), s.chat.ID)
		if err != nil || look.Goes.Conversations != 1 || look.Goes.Messages != 2 || look.Held.Conversations != 1 || look.Held.People != 1 {
			t.Fatalf("it would delete %+v and keep %+v, %v", look.Goes, look.Held, err)
		}
		if err := s.Carry(ctx, s.h.Workspace(), s.begun(t)); err != nil {
			t.Fatal(err)
		}
		if left := readable(t, s.h, ana); len(left) > 0 {
			t.Errorf("still readable: %v", left)
		}
		if left := readable(t, s.h, ben); len(left) != len(ben.canaries) {
			t.Errorf("of who is held only %v is left", left)
		}
		if f := s.facts(t); f.Held != look.Held || f.Deleted != look.Goes || f.Written != (store.Cleared{}) {
			t.Errorf("it says %+v", f)
		}
		if err := s.Begin(ctx, s.h.Workspace(), s.chat.ID, member()); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("what is held is deleted: %v", err)
		}
	})
}

// covers A-16.5-02: killed at any step, what was begun ends by itself and its one
// certificate counts all that there was; what was not begun has taken nothing.
func TestClearingAChatKilledAtEveryStepEndsWithItsCertificate(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		s := newShopfront(t, w)
		killed, resumed, whole := 0, 0, false
		for looks := int64(0); !whole; looks += 5 {
			s.chat = storetest.Account(t, s.h, "widget", fmt.Sprint("pk_at_", looks))
			ana, ben := plant(t, s.h, s.chat, fmt.Sprint("ana", looks), 2), plant(t, s.h, s.chat, fmt.Sprint("ben", looks), 3)
			again(t, s.h, ben, s.beside.ID)
			w.Fake.Advance(time.Minute)
			die := dieAfter(looks)
			err := s.Begin(die, s.h.Workspace(), s.chat.ID, member())
			if err == nil {
				err = s.Carry(die, s.h.Workspace(), s.last(t).ID)
			}
			if whole = err == nil; !whole {
				killed++
			}
			die.kill()
			landed(t, w)
			if err := s.Resume(ctx); err != nil {
				t.Fatalf("killed after %d looks, it cannot be resumed: %v", looks, err)
			}
			look, err := s.Look(ctx, s.h.Workspace(), s.chat.ID)
			if err != nil {
				t.Fatal(err)
			}
			if look.Last == nil {
				if got := len(readable(t, s.h, ana)); got != len(ana.canaries) || look.Goes.Conversations != 2 {
					t.Errorf("killed after %d looks before it began, %d fields and %d conversations are left", looks, got, look.Goes.Conversations)
				}
				continue
			}
			resumed++
			if err := s.Carry(ctx, s.h.Workspace(), look.Last.ID); err != nil {
				t.Fatalf("killed after %d looks, it does not end: %v", looks, err)
			}
			s.clearedWhole(t, looks, ana, ben)
		}
		if killed < 5 || resumed < 5 {
			t.Errorf("the kill itself is broken: %d killed, %d had begun", killed, resumed)
		}
	})
}

func (s shopfront) clearedWhole(t *testing.T, looks int64, ana, ben planted) {
	t.Helper()
	if left := readable(t, s.h, ana); len(left) > 0 {
		t.Errorf("killed after %d looks, still readable: %v", looks, left)
	}
	if n := talkLeft(t, s.h, ben.conversation); n > 0 {
		t.Errorf("killed after %d looks, %d rows are left", looks, n)
	}
	if left := readable(t, s.h, ben); len(left) != 4 { // name, mail, phone, identity
		t.Errorf("killed after %d looks, of who wrote elsewhere is left %v", looks, left)
	}
	if open, err := s.w.Keys.UnfinishedLedger(ctx, 10); err != nil || len(open) > 0 {
		t.Errorf("killed after %d looks, the ledger is still open: %v %v", looks, open, err)
	}
	f := s.facts(t)
	if want := (store.Cleared{Conversations: 2, Messages: 5, Drafts: 2, People: 1}); f.Deleted != want || f.DoneAt.IsZero() || len(s.last(t).Signed) == 0 {
		t.Errorf("killed after %d looks, it says %+v", looks, f)
	}
	if got := s.recorded(t); got != "channel.clear channel.cleared" {
		t.Errorf("killed after %d looks, the record says %q", looks, got)
	}
}
