package store_test

import (
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

func TestASavedReplyKeepsItsNameForItselfAndComesBackWhole(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		shop := storetest.Workspace(t, w.DB, "a shop")
		want := store.SavedReply{Name: "Opening hours", Body: "Hello {{contact.name}}, we open at 9.", Language: "en", Label: "hours", Closes: true}
		add := func(s store.SavedReply, fold string) (id desk.ID, err error) {
			err = shop.Write(ctx, func(tx *store.Tx) error {
				s.ID = tx.NewID()
				id = s.ID
				return tx.InsertSavedReply(s, fold)
			})
			return id, err
		}
		list := func() (all []store.SavedReply) {
			t.Helper()
			if err := shop.Read(ctx, func(r *store.Rx) (err error) { all, err = r.SavedReplies(0, 10); return err }); err != nil {
				t.Fatal(err)
			}
			return all
		}
		id, err := add(want, "opening hours")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := add(want, "opening hours"); desk.CodeOf(err) != desk.Conflict {
			t.Fatalf("a second reply of that name: %v", err)
		}
		other, err := add(store.SavedReply{Name: "Returns", Body: "30 days."}, "returns")
		if err != nil {
			t.Fatal(err)
		}
		want.ID, want.CreatedAt, want.UpdatedAt = id, w.Clock.Now(), w.Clock.Now()
		all := list()
		if len(all) != 2 || !all[0].CreatedAt.Equal(want.CreatedAt) {
			t.Fatalf("read %+v", all)
		}
		all[0].CreatedAt, all[0].UpdatedAt = want.CreatedAt, want.UpdatedAt
		if all[0] != want || all[1].ID != other {
			t.Fatalf("read %+v", all)
		}
		w.Fake.Advance(time.Minute)
		change := func(fold string, fn func(*store.SavedReply)) error {
			return shop.Write(ctx, func(tx *store.Tx) error {
				s, err := tx.LockSavedReply(id)
				if err != nil {
					return err
				}
				fn(&s)
				return tx.SaveSavedReply(s, fold)
			})
		}
		if err := change("returns", func(s *store.SavedReply) { s.Name = "RETURNS" }); desk.CodeOf(err) != desk.Conflict {
			t.Fatalf("renamed to a name that is taken: %v", err)
		}
		if err := change("opening hours", func(s *store.SavedReply) { s.Body = "At 10." }); err != nil {
			t.Fatal(err)
		}
		if got := list()[0]; got.Body != "At 10." || got.Name != want.Name || !got.UpdatedAt.After(want.UpdatedAt) {
			t.Fatalf("changed, it reads %+v", got)
		}
		stranger := storetest.Workspace(t, w.DB, "another shop")
		if err := stranger.Write(ctx, func(tx *store.Tx) error { return tx.DropSavedReply(id) }); !desk.IsNotFound(err) {
			t.Fatalf("another workspace removed it: %v", err)
		}
		if err := shop.Write(ctx, func(tx *store.Tx) error { return tx.DropSavedReply(id) }); err != nil {
			t.Fatal(err)
		}
		if left := list(); len(left) != 1 || left[0].ID != other {
			t.Fatalf("left %+v", left)
		}
	})
}
