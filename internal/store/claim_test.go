package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// A database that counted its tables while they were empty plans as if they
// were: then, too, no more lanes are claimed than were asked for.
func TestNoMoreLanesAreClaimedThanAskedFor(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		db := w.DB
		h := storetest.Workspace(t, db, "Northwind")
		if w.URL != "" {
			conn, err := pgx.Connect(ctx, w.URL)
			if err != nil {
				t.Fatal(err)
			}
			_, err = conn.Exec(ctx, "VACUUM ANALYZE")
			if err := errors.Join(err, conn.Close(ctx)); err != nil {
				t.Fatal(err)
			}
		}
		const lanes, asked = 200, 4
		err := h.Write(ctx, func(tx *store.Tx) error {
			for i := range lanes {
				tx.AddWork(store.Work{Kind: "many", Key: desk.ID(1 + i), Seq: 1})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for left := lanes; left > 0; left -= asked {
			claims, _, err := db.ClaimLanes(ctx, store.ClaimAsk{Kind: "many", Lanes: asked, Items: 8, Lease: time.Hour})
			if err != nil || len(claims) != asked {
				t.Fatalf("%d lanes claimed of %d asked for, %v", len(claims), asked, err)
			}
		}
	})
}
