package privacy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// covers A-14.1-03: what was erased is certified so that it can be checked
// without the install, the certificate says when the last copies end, and is kept.
func TestAnErasureIsCertified(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		ana := plant(t, h, storetest.Account(t, h, "widget", "pk_1"), "ana", 5)
		log := audit.NewLog(w.DB)
		done, err := privacy.NewEraser(w.DB, w.Keys, log).Erase(ctx, h.Workspace(), ana.contact)
		if err != nil {
			t.Fatal(err)
		}
		signed := []byte(done.Proof)
		if all := certificates(t, h); len(all) != 1 || !bytes.Equal(all[0].Signed, signed) || all[0].ID != done.Certificate || all[0].Act != done.No {
			t.Errorf("kept is %+v", all)
		}
		key, err := log.DocumentKey(ctx)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := audit.ReadProof(signed)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.Verify(key); err != nil {
			t.Errorf("its own key does not verify it: %v", err)
		}
		var f privacy.ErasureFacts
		if err := json.Unmarshal(proof.Document, &f); err != nil {
			t.Fatal(err)
		}
		if f.Number != done.No || f.Contacts != 1 || f.Deleted.Messages != 5 || f.Deleted.Drafts != 1 || f.Workspace != h.Workspace() {
			t.Errorf("it says %+v", f)
		}
		if f.PagesEnd.Sub(f.ErasedAt) != privacy.EpochTerm || f.KeysEnd.Sub(f.ErasedAt) != 7*24*time.Hour || f.DataEnd.Sub(f.ErasedAt) != 90*24*time.Hour {
			t.Errorf("the last copies end at %v, %v and %v", f.PagesEnd, f.KeysEnd, f.DataEnd)
		}
		if bytes.Contains(signed, []byte("canary")) || bytes.Contains(signed, []byte(ana.contact.String())) {
			t.Errorf("it names somebody: %s", signed)
		}
		forged := bytes.Replace(signed, []byte(`"messages":5`), []byte(`"messages":6`), 1)
		if proof, err = audit.ReadProof(forged); err != nil || bytes.Equal(forged, signed) {
			t.Fatal("nothing was forged", err)
		}
		if err := proof.Verify(key); !errors.Is(err, audit.ErrUnsigned) {
			t.Errorf("a changed certificate is believed: %v", err)
		}
	})
}

func certificates(t *testing.T, h store.Handle) (all []store.Certificate) {
	t.Helper()
	err := h.Read(ctx, func(r *store.Rx) (err error) { all, err = r.Certificates(0, 1000); return err })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// dying is a context that ends when it was looked at so many times: a kill at
// whatever step is under way then.
type dying struct {
	context.Context
	left *atomic.Int64
	kill context.CancelFunc
}

func dieAfter(looks int64) *dying {
	d := &dying{left: new(atomic.Int64)}
	d.left.Store(looks)
	d.Context, d.kill = context.WithCancel(context.Background())
	return d
}

func (d *dying) look() {
	if d.left.Add(-1) < 0 {
		d.kill()
	}
}

func (d *dying) Done() <-chan struct{} { d.look(); return d.Context.Done() }
func (d *dying) Err() error            { d.look(); return d.Context.Err() }

// landed returns when an act whose commit PostgreSQL was about to carry out as its
// asker was killed is in the ledger: acts are numbered one after the other.
func landed(t *testing.T, w *storetest.World) {
	t.Helper()
	no, err := w.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: 1, Act: "wait", Subject: 1, At: w.Clock.Now()})
	if err == nil {
		err = w.Keys.FinishLedger(ctx, no, w.Clock.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// covers A-14.1-03: killed at any step, an erasure that was begun ends by itself
// and its one certificate, which counts all that there was, is kept; one that was
// not begun has taken nothing.
func TestAnErasureKilledAtEveryStepEndsWithItsCertificate(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
		killed, resumed, whole := 0, 0, false
		for looks := int64(0); !whole; looks += 3 {
			ana, other := plant(t, h, acct, fmt.Sprint("ana", looks), 2), plant(t, h, acct, fmt.Sprint("other", looks), 1)
			if err := h.Write(ctx, func(tx *store.Tx) error { return tx.MergeContact(other.contact, ana.contact) }); err != nil {
				t.Fatal(err)
			}
			before := len(certificates(t, h))
			die := dieAfter(looks)
			_, err := eraser.Erase(die, h.Workspace(), ana.contact)
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
				if got := len(readable(t, h, ana)); got != len(ana.canaries) {
					t.Errorf("killed after %d looks before it began, only %d fields are left", looks, got)
				}
				continue
			}
			resumed++
			endedWhole(t, w, h, ana, all[:len(all)-before])
		}
		if killed < 3 || resumed < 3 {
			t.Errorf("the kill itself is broken: %d killed, %d had begun", killed, resumed)
		}
	})
}

func endedWhole(t *testing.T, w *storetest.World, h store.Handle, ana planted, made []store.Certificate) {
	t.Helper()
	if left := readable(t, h, ana); len(left) > 0 {
		t.Errorf("still readable: %v", left)
	}
	if open, err := w.Keys.UnfinishedLedger(ctx, 10); err != nil || len(open) > 0 {
		t.Errorf("the ledger is still open: %v %v", open, err)
	}
	if len(made) != 1 || made[0].Done.IsZero() || len(made[0].Signed) == 0 {
		t.Fatalf("its certificates are %+v", made)
	}
	var f privacy.ErasureFacts
	if err := json.Unmarshal(made[0].Facts, &f); err != nil || f.Contacts != 2 || f.Deleted.Messages != 3 || f.ErasedAt.IsZero() {
		t.Errorf("it says %+v: %v", f, err)
	}
	err := h.Read(ctx, func(r *store.Rx) error { _, err := r.Contact(ana.contact); return err })
	if !desk.IsNotFound(err) {
		t.Errorf("the contact is still there: %v", err)
	}
}
