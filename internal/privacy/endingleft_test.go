package privacy_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/internal/vault"
	"parley/test/storetest"
)

// covers A-11-13, A-11-17: whom a legal hold keeps is kept, and nobody else; the
// certificate names it, and the release ends that, too.
func TestALegalHoldOutlivesTheWorkspace(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		e := newEndWorld(t, w)
		b := e.business(t, "Northwind")
		err := b.Write(ctx, func(tx *store.Tx) error {
			return tx.InsertHold(&store.Hold{Contact: b.ana.contact, Reason: "canary reason", Authority: "court", By: desk.Actor{Kind: desk.ByMember, ID: b.member}})
		})
		if err != nil {
			t.Fatal(err)
		}
		e.close(t, b)
		w.Fake.Advance(desk.RecoverTerm)
		for range 2 {
			e.tick(t)
		}
		if f := e.certificate(t, b); f.Exceptions[0] != (privacy.Exception{What: privacy.ExceptHeld, Why: privacy.WhyHold, Count: 1}) || f.Deleted["contacts"] != 1 {
			t.Errorf("the certificate says %+v", f)
		}
		if got := readable(t, b.Handle, b.ben); len(got) > 0 {
			t.Errorf("somebody who is not held is left: %v", got)
		}
		if got := readable(t, b.Handle, b.ana); len(got) < 5 {
			t.Errorf("of who is held only %v is left", got)
		}
		err = b.Read(ctx, func(r *store.Rx) error {
			all, err := r.Holds(0, 10)
			if len(all) != 1 || all[0].Reason != "canary reason" {
				t.Errorf("the hold says %+v", all)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		first := e.certificate(t, b).Number
		if n, err := e.ending.Release(ctx, b.Workspace(), desk.Actor{Kind: desk.ByOperator}); err != nil || n != 1 {
			t.Fatalf("%d released: %v", n, err)
		}
		e.tick(t)
		if f := e.gone(t, b); f.Number == first || f.Exceptions[0].What == privacy.ExceptHeld || f.Deleted["contacts"] != 1 {
			t.Errorf("the last certificate says %+v", f)
		}
	})
}

// covers A-11-04, A-11-14: whoever holds every byte, of now and of a backup, and
// every key there is, opens nothing of a workspace that has ended.
func TestNothingOpensOfAWorkspaceThatEnded(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	e := newEndWorld(t, w)
	b, neighbour := e.business(t, "Northwind"), e.business(t, "Southwind")
	backup := copyFolder(t, w.Dir)
	e.close(t, b)
	w.Fake.Advance(desk.RecoverTerm)
	e.tick(t)
	e.gone(t, b)
	now := copyFolder(t, w.Dir)
	if found := rawBytes(t, now, append(append([]string{"canary-Northwind-member"}, b.ana.canaries...), b.ben.canaries...)); len(found) > 0 {
		t.Errorf("readable without keys: %v", found)
	}
	mixed := copyFolder(t, now)
	data := []string{"parley.db", "parley.db-wal", "parley.db-shm"}
	for _, name := range data {
		swap(t, filepath.Join(backup, name), filepath.Join(mixed, name))
	}
	old := storetest.Open(t, storetest.Options{Clock: w.Clock, Dir: mixed})
	for _, p := range []planted{b.ana, b.ben} {
		if got := opened(t, old.In(b.Workspace()), p); len(got) > 0 {
			t.Errorf("an old data file opens with today's keys: %v", got)
		}
	}
	if got := readable(t, old.In(neighbour.Workspace()), neighbour.ana); len(got) != len(neighbour.ana.canaries) {
		t.Errorf("the attack itself is broken: the neighbour does not open (%v)", got)
	}
	for _, name := range append(data, "keys.db", "keys.db-wal", "keys.db-shm") {
		swap(t, filepath.Join(backup, name), filepath.Join(now, name))
	}
	older := storetest.Open(t, storetest.Options{Clock: w.Clock, Dir: now})
	err := older.In(b.Workspace()).Read(ctx, func(r *store.Rx) error { _, err := r.Contact(b.ana.contact); return err })
	if !errors.Is(err, vault.ErrNoEpoch) {
		t.Errorf("an old key file opens with today's custody: %v", err)
	}
}

// opened is readable where not opening is what is wanted.
func opened(t *testing.T, h store.Handle, p planted) []string {
	t.Helper()
	err := h.Read(ctx, func(r *store.Rx) error { _, err := r.MessagesBefore(p.conversation, 0, 100); return err })
	if err == nil {
		return readable(t, h, p)
	}
	if !errors.Is(err, vault.ErrNoKey) {
		t.Errorf("it fails in another way: %v", err)
	}
	return nil
}

// A clock set back after the workspace with the newest rows is gone gives no id
// twice.
func TestIDsGoOnAfterAWorkspaceEnded(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		e := newEndWorld(t, w)
		b := e.business(t, "Northwind")
		newest, err := w.DB.NewestID(context.Background())
		if err != nil || newest == 0 {
			t.Fatal(newest, err)
		}
		e.close(t, b)
		w.Fake.Advance(desk.RecoverTerm)
		e.tick(t)
		if after, err := w.DB.NewestID(context.Background()); err != nil || after <= newest {
			t.Errorf("ids begin above %d, and %d was given: %v", after, newest, err)
		}
	})
}
