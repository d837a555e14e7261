package store_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/pgtest"
	"parley/test/storetest"
)

// covers A-12.4-04: what is saved comes back row for row, on either engine from
// either, and a target that is in use is refused.
func TestADumpOfEveryTableLoadsUnchanged(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	h := storetest.Workspace(t, w.DB, "Northwind")
	if err := h.Write(ctx, func(tx *store.Tx) error { tx.Emit(desk.Event{Kind: desk.MessageArrived}); return nil }); err != nil {
		t.Fatal(err)
	}
	fillEveryTable(t, w.DB)
	var data, keys bytes.Buffer
	held, err := w.Dump(ctx, &data)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range held {
		if m.Rows == 0 {
			t.Errorf("%s was not filled, so nothing is proven for it", m.Table)
		}
	}
	if _, err := w.Keys.Dump(ctx, &keys); err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{"sqlite": "", "postgres": pgtest.DB(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := store.LoadConfig{URL: url, Dir: t.TempDir(), Clock: w.Clock}
			if _, err := store.LoadKeys(ctx, to, bytes.NewReader(keys.Bytes())); err != nil {
				t.Fatal(err)
			}
			// Cut off anywhere, nothing stands.
			for _, n := range []int{5, data.Len() / 3, data.Len() - 1} {
				if _, err := store.Load(ctx, to, bytes.NewReader(data.Bytes()[:n])); err == nil {
					t.Fatalf("a dump cut off after %d of %d bytes was taken", n, data.Len())
				}
			}
			loaded, err := store.Load(ctx, to, bytes.NewReader(data.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(loaded, held) {
				t.Error("what arrived is not what was saved")
			}
			if _, err := store.Load(ctx, to, bytes.NewReader(data.Bytes())); desk.CodeOf(err) != desk.Conflict {
				t.Errorf("a second load onto the same target: %v, want a refusal", err)
			}
			db, err := store.Open(ctx, store.Config{URL: url, Dir: to.Dir, Clock: w.Clock, NewID: w.Clock.Now().UnixNano, Vault: w.Vault()})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			var again bytes.Buffer
			back, err := db.Dump(ctx, &again)
			if err != nil || !slices.Equal(back, held) {
				t.Errorf("saved again it is another: %v", err)
			}
		})
	}
}

// An act is in the ledger only where its copies have it, too.
func TestAnActIsNotBegunWhereItsCopyCannotBeWritten(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	full := errors.New("the disk is full")
	var taken []int64
	keys, err := store.OpenKeys(ctx, "", t.TempDir(), func(e store.LedgerEntry) error {
		if e.Act == "refused" {
			return full
		}
		taken = append(taken, e.No)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	for i, act := range []string{"erase", "refused", "erase"} {
		_, err := keys.AddLedger(ctx, store.LedgerEntry{Workspace: 1, Act: act, Subject: desk.ID(i + 1), At: w.Clock.Now()})
		if (act == "refused") != errors.Is(err, full) {
			t.Errorf("%s: %v", act, err)
		}
	}
	all, err := keys.Ledger(ctx)
	if err != nil || len(all) != 2 || !slices.Equal(taken, []int64{1, 2}) {
		t.Errorf("the ledger holds %v, its copy %v, %v", all, taken, err)
	}
}
