package store_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// covers A-11-03: the person's key lives on, so what it seals must be gone as
// bytes: no file of the database holds a sealed field of a deleted conversation.
func TestNoBytesOfADeletedConversationAreLeft(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		_, gone := talk(t, h, acct, "ana")
		_, stays := talk(t, h, acct, "ben")
		for _, conv := range []desk.ID{gone, stays} {
			for _, text := range []string{"one", "two", "three"} {
				if err := h.Write(ctx, func(tx *store.Tx) error { _, err := say(tx, conv, text, text+conv.String()); return err }); err != nil {
					t.Fatal(err)
				}
			}
		}
		theirs, others := sealedOf(t, h, gone), sealedOf(t, h, stays)
		if len(theirs) < 6 || w.URL == "" && seenIn(t, w.Dir, theirs) != len(theirs) {
			t.Fatalf("the search itself is broken: %d fields", len(theirs))
		}
		for done := false; !done; {
			err := h.Write(ctx, func(tx *store.Tx) (err error) {
				if err := tx.CloseTalk(gone); err != nil {
					return err
				}
				done, err = tx.EndTalk(gone)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.DB.Scrub(ctx); err != nil {
			t.Fatal(err)
		}
		if left := sealedOf(t, h, gone); len(left) > 0 {
			t.Errorf("%d fields are left in rows", len(left))
		}
		if w.URL != "" { // PostgreSQL overwrites by itself, later; the certificate says so
			return
		}
		if n := seenIn(t, w.Dir, theirs); n > 0 {
			t.Errorf("%d of %d sealed fields are left in files", n, len(theirs))
		}
		if n := seenIn(t, w.Dir, others); n != len(others) {
			t.Errorf("a neighbour lost %d fields", len(others)-n)
		}
	})
}

// What was deleted is known by its ids, its pieces, too, for its term and not
// longer, and no longer than its person is.
func TestTheIdsOfADeletedConversationAreKnownForTheirTerm(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		do := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := h.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		known := func(external string) (yes bool) {
			t.Helper()
			do(func(tx *store.Tx) (err error) { yes, err = tx.Dropped(acct.ID, external); return err })
			return yes
		}
		ended := func(name string) (contact desk.ID) {
			t.Helper()
			contact, conv := talk(t, h, acct, name)
			do(func(tx *store.Tx) error {
				m, err := say(tx, conv, "words", "whole "+name)
				return errors.Join(err, tx.AddPiece(acct.ID, m, "piece "+name))
			})
			do(func(tx *store.Tx) error { return tx.CloseTalk(conv) })
			for done := false; !done; {
				do(func(tx *store.Tx) (err error) { done, err = tx.EndTalk(conv); return err })
			}
			return contact
		}
		ended("ana")
		ben := ended("ben")
		w.Fake.Advance(store.DroppedTerm - 24*time.Hour)
		do(func(tx *store.Tx) error { _, err := tx.DropOldDropped(); return err })
		for _, id := range []string{"whole ana", "piece ana", "whole ben", "piece ben"} {
			if !known(id) {
				t.Errorf("a day before the term %q is not known", id)
			}
		}
		do(func(tx *store.Tx) error { return tx.EraseContact(ben) })
		if known("whole ben") || known("piece ben") {
			t.Error("ids outlive their person")
		}
		w.Fake.Advance(24 * time.Hour)
		do(func(tx *store.Tx) error { _, err := tx.DropOldDropped(); return err })
		if known("whole ana") || known("piece ana") {
			t.Error("ids are known for longer than their term")
		}
	})
}

// sealedOf reads the sealed bytes of a conversation as they are stored.
func sealedOf(t *testing.T, h store.Handle, conv desk.ID) (all [][]byte) {
	t.Helper()
	err := h.Read(ctx, func(r *store.Rx) error {
		all = nil
		for _, query := range []string{`SELECT body FROM message WHERE workspace_id = $1 AND conversation_id = $2`,
			`SELECT external_id FROM message WHERE workspace_id = $1 AND conversation_id = $2`,
			`SELECT preview FROM conversation WHERE workspace_id = $1 AND id = $2`} {
			fields, err := store.Fields(r, query, int64(h.Workspace()), int64(conv))
			if err != nil {
				return err
			}
			all = append(all, fields...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func seenIn(t *testing.T, dir string, needles [][]byte) (n int) {
	t.Helper()
	found := make([]bool, len(needles))
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		for i, needle := range needles {
			found[i] = found[i] || bytes.Contains(raw, needle)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, yes := range found {
		if yes {
			n++
		}
	}
	return n
}
