package store_test

import (
	"testing"
	"time"

	"parley/internal/store"
	"parley/test/storetest"
)

// A limit holds for everybody who shares the database, begins anew after its term,
// and one who tries uses up nobody else's tries.
func TestAttemptsAreCountedInTheDatabase(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		try := func(what, who string) (ok bool) {
			t.Helper()
			if err := w.In(0).Write(ctx, func(tx *store.Tx) (err error) { ok, err = tx.Attempt(what, who, 3); return err }); err != nil {
				t.Fatal(err)
			}
			return ok
		}
		for n := range 5 {
			if got := try("code", "ana"); got != (n < 3) {
				t.Errorf("try %d: %v", n+1, got)
			}
		}
		if !try("code", "ben") || !try("mail", "ana") {
			t.Error("one who tries too often keeps others, or other things, out")
		}
		w.Fake.Jump(store.AttemptTerm - time.Second)
		if try("code", "ana") {
			t.Error("the term ended early")
		}
		w.Fake.Jump(time.Second)
		if !try("code", "ana") {
			t.Error("the term never ends")
		}
		left := func() (n int64) {
			if err := w.In(0).Write(ctx, func(tx *store.Tx) (err error) { n, err = tx.DropOldOwn(); return err }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		w.Fake.Jump(store.AttemptTerm - time.Second)
		if n := left(); n != 2 {
			t.Errorf("%d counts went at their term, want 2", n)
		}
		w.Fake.Jump(time.Second)
		if n := left(); n != 1 {
			t.Errorf("%d counts went at their term, want 1", n)
		}
	})
}
