package store_test

import (
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// Parts past their term go a few at a time, so that nobody's write waits for all
// of them, and those within their term stay.
func TestOldArrivalsGoAFewAtATime(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "pigeon", "loft")
		arrive := func(n int) (ids []desk.ID) {
			t.Helper()
			err := h.Write(t.Context(), func(tx *store.Tx) error {
				ids = nil
				for range n {
					raw := store.Raw{ID: tx.NewID(), Account: acct.ID, Body: []byte("coo")}
					if err := tx.InsertArrival(raw); err != nil {
						return err
					}
					ids = append(ids, raw.ID)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
		arrive(5)
		w.Fake.Advance(store.ArrivalTerm + 2*time.Hour)
		young := arrive(1)
		for _, want := range []int64{2, 2, 1, 0} {
			var n int64
			if err := h.Write(t.Context(), func(tx *store.Tx) (err error) { n, err = tx.DropOldArrivals(2); return err }); err != nil || n != want {
				t.Errorf("%d went, not %d: %v", n, want, err)
			}
		}
		err := h.Read(t.Context(), func(r *store.Rx) error {
			all, err := r.Arrivals(young)
			if err == nil && string(all[0].Body) != "coo" {
				t.Error("one within its term went, too")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
