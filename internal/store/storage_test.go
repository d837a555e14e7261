package store_test

import (
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// What knowledge was given counts beside the files, in the transaction that keeps
// it: what has no room leaves no trace, and what goes makes room.
func TestKnowledgeCountsWithTheFiles(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{Room: 100}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		source := store.Source{Kind: "text", Name: "Hours", State: store.SourceQueued}
		try := func(fn func(tx *store.Tx) error) error { return h.Write(t.Context(), fn) }
		kept := func(want int64) {
			t.Helper()
			var s store.Storage
			if err := h.Read(t.Context(), func(r *store.Rx) (err error) { s, err = r.Storage(); return err }); err != nil || s.Knowledge != want {
				t.Errorf("%d bytes are counted, %d are kept, %v", s.Knowledge, want, err)
			}
		}
		add := func(n int) error {
			return try(func(tx *store.Tx) error {
				source.ID = tx.NewID()
				return tx.InsertSource(source, "hours", make([]byte, n))
			})
		}
		if err := add(101); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("more than there is room for: %v", err)
		}
		kept(0)
		if err := add(60); err != nil {
			t.Fatal(err)
		}
		file := desk.Media{Kind: desk.MediaFile, State: desk.MediaReady, Blob: "aa", Name: "x.pdf", Size: 41}
		put := func(tx *store.Tx) error { file.ID = 0; return tx.InsertMedia(&file) }
		if err := try(put); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("a file beside the knowledge: %v", err)
		}
		if err := try(func(tx *store.Tx) error { return tx.ReplaceInput(source.ID, make([]byte, 101)) }); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("input that grew: %v", err)
		}
		if err := try(func(tx *store.Tx) error { return tx.ReplaceInput(source.ID, make([]byte, 20)) }); err != nil {
			t.Error(err)
		}
		kept(20)
		if err := try(put); err != nil {
			t.Error(err)
		}
		// A row from before there was a count is counted once.
		old := func(tx *store.Tx) error {
			if err := store.Exec(tx, "UPDATE media SET stored = -1 WHERE workspace_id = $1", int64(h.Workspace())); err != nil {
				return err
			}
			return store.Exec(tx, "UPDATE workspace_storage SET files = 0 WHERE workspace_id = $1", int64(h.Workspace()))
		}
		measured := 0
		measure := func(tx *store.Tx) (err error) { measured, err = tx.MeasureMedia(10); return err }
		if err := try(old); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{1, 0} {
			if err := try(measure); err != nil || measured != want {
				t.Errorf("%d files measured, %v", measured, err)
			}
		}
		if err := try(func(tx *store.Tx) error { return tx.DropSource(source.ID) }); err != nil {
			t.Error(err)
		}
		kept(0)
		var s store.Storage
		if err := h.Read(t.Context(), func(r *store.Rx) (err error) { s, err = r.Storage(); return err }); err != nil || s.Files != 41 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

// The owners hear once that the storage is full, however often something is
// refused; once more when there was room again; and once more when the operator
// gave more and that is full, too.
func TestTheOwnersHearOfEachFullStorageOnce(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{Room: 100}, func(t *testing.T, w *storetest.World) {
		ws := storetest.Workspace(t, w.DB, "Northwind").Workspace()
		source := store.Source{Kind: "text", Name: "Hours", State: store.SourceQueued}
		add := func(db *store.DB, n int) error {
			return db.In(ws).Write(t.Context(), func(tx *store.Tx) error {
				source.ID = tx.NewID()
				source.Name = source.ID.String()
				return tx.InsertSource(source, source.Name, make([]byte, n))
			})
		}
		tells := func(db *store.DB, when string, want bool) {
			t.Helper()
			var got bool
			err := db.In(ws).Write(t.Context(), func(tx *store.Tx) (err error) { got, err = tx.TellStorageFull(); return err })
			if err != nil || got != want {
				t.Errorf("%s: the owners hear of it: %v, %v", when, got, err)
			}
		}
		if err := add(w.DB, 100); err != nil {
			t.Fatal(err)
		}
		tells(w.DB, "full", true)
		tells(w.DB, "still full", false)
		more := storetest.Open(t, storetest.Options{Clock: w.Clock, Dir: w.Dir, URL: w.URL, Room: 300}).DB
		if err := add(more, 101); err != nil {
			t.Fatal(err)
		}
		kept := source.ID
		if err := add(more, 100); desk.CodeOf(err) != desk.Conflict {
			t.Fatalf("more than there is room for: %v", err)
		}
		tells(more, "full with more room", true)
		tells(more, "still full with more room", false)
		tells(w.DB, "a process that has the smaller setting yet", false)
		w.Fake.Advance(24 * time.Hour)
		if err := more.In(ws).Write(t.Context(), func(tx *store.Tx) error { return tx.DropSource(kept) }); err != nil {
			t.Fatal(err)
		}
		tells(more, "full once more after there was room", true)
	})
}
