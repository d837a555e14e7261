package store_test

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"sync"
	"testing"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

const (
	addNote = `INSERT INTO workspace_counter (workspace_id, no) VALUES ($1, 0)`
	notes   = `SELECT count(*) FROM workspace_counter WHERE workspace_id BETWEEN 1000 AND 2000`
)

// add writes one row that only this test looks at.
func add(n int) func(*store.Tx) error {
	return func(tx *store.Tx) error { return store.Exec(tx, addNote, 1000+n) }
}

func stored(t *testing.T, h store.Handle) (n int) {
	t.Helper()
	err := h.Read(ctx, func(r *store.Rx) (err error) { n, err = store.Count(r, notes); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// together has all the writes share one commit and returns their errors: the
// writer is kept busy until all of them wait.
func together(h store.Handle, fns ...func(*store.Tx) error) []error {
	busy, free := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = h.Write(ctx, func(*store.Tx) error { close(busy); <-free; return nil })
	})
	<-busy
	errs := make([]error, len(fns))
	for i, fn := range fns {
		wg.Go(func() { errs[i] = h.Write(ctx, fn) })
		for store.Queued(h) <= i {
			runtime.Gosched()
		}
	}
	close(free)
	wg.Wait()
	return errs
}

// PostgreSQL answers the commit of a failed transaction with a silent rollback;
// SQLite would store half of the closure.
func TestASwallowedFailureIsNeverAcknowledged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		careless := func(tx *store.Tx) error {
			_ = add(2)(tx)
			_ = add(1)(tx)
			return nil
		}
		if err := h.Write(ctx, add(1)); err != nil {
			t.Fatal(err)
		}
		if err := h.Write(ctx, careless); desk.CodeOf(err) != desk.Internal {
			t.Errorf("alone: %v, want an error of our own making", err)
		}
		errs := together(h, add(3), careless, add(4))
		if errs[0] != nil || errs[2] != nil || desk.CodeOf(errs[1]) != desk.Internal {
			t.Errorf("with neighbours: %v", errs)
		}
		if n := stored(t, h); n != 3 {
			t.Errorf("%d rows, want the three that were acknowledged", n)
		}
	})
}

func TestAPartThatFailsLeavesTheRest(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		parts := func(tx *store.Tx) error {
			if err := add(1)(tx); err != nil {
				return err
			}
			failed := tx.Sub(func(tx *store.Tx) error { return errors.Join(add(2)(tx), add(1)(tx)) })
			swallowed := tx.Sub(func(tx *store.Tx) error { _ = add(1)(tx); return nil })
			panicked := tx.Sub(func(tx *store.Tx) error { _ = add(5)(tx); panic("poison") })
			if desk.CodeOf(failed) != desk.Conflict || desk.CodeOf(swallowed) != desk.Internal || desk.CodeOf(panicked) != desk.Internal {
				t.Errorf("parts: %v, %v, %v", failed, swallowed, panicked)
			}
			return tx.Sub(add(3))
		}
		if err := h.Write(ctx, parts); err != nil {
			t.Fatal(err)
		}
		if n := stored(t, h); n != 2 {
			t.Errorf("%d rows, want 2", n)
		}
	})
}

// What a closure returns is its own affair, even when it looks like a lost
// connection or a time-out of the database.
func TestAnErrorOfOneWriteIsItsOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		fns := []func(*store.Tx) error{add(0)}
		mine := []error{context.DeadlineExceeded, context.Canceled, io.EOF, os.ErrDeadlineExceeded}
		for i, err := range mine {
			fns = append(fns, func(tx *store.Tx) error { return errors.Join(add(100+i)(tx), err) }, add(i+1))
		}
		errs := together(h, fns...)
		for i, err := range errs {
			if i%2 == 0 && err != nil || i%2 == 1 && err == nil {
				t.Errorf("write %d: %v", i, err)
			}
		}
		if n := stored(t, h); n != 5 {
			t.Errorf("%d rows, want 5", n)
		}
	})
}

func TestAReadThatPanicsLeavesNoTransactionOpen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		for i := range 20 { // more than there are connections
			func() {
				defer func() { _ = recover() }()
				_ = h.Read(ctx, func(r *store.Rx) error {
					return store.Each(r, "SELECT id FROM workspace", func() { panic("poison") })
				})
			}()
			if err := h.Write(ctx, add(i)); err != nil {
				t.Fatal(err)
			}
			if n := stored(t, h); n != i+1 {
				t.Fatalf("a reader sees %d rows of %d: its snapshot is an old one", n, i+1)
			}
		}
	})
}

func TestACancelledReadCostsNobodyElse(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		for i := range 20 {
			mine, cancel := context.WithCancel(ctx)
			err := h.Read(mine, func(r *store.Rx) error {
				cancel()
				_, err := store.Count(r, notes)
				return err
			})
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatalf("%v, want context.Canceled", err)
			}
			if err := h.Read(mine, func(*store.Rx) error { return nil }); !errors.Is(err, context.Canceled) {
				t.Fatalf("%v, want context.Canceled", err)
			}
			if err := h.Write(ctx, add(i)); err != nil {
				t.Fatal(err)
			}
			if n := stored(t, h); n != i+1 {
				t.Fatalf("%d rows, want %d", n, i+1)
			}
		}
	})
}

// Writers give up while they wait, while they run and after: what they were
// told is what is stored.
func TestACancelledWriteIsStoredOnlyIfAcknowledged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		const n = 300
		var wg sync.WaitGroup
		errs := make([]error, n)
		for i := range n {
			mine, cancel := context.WithCancel(ctx)
			wg.Go(func() {
				errs[i] = h.Write(mine, func(tx *store.Tx) error {
					if i%3 == 1 {
						cancel()
					}
					return add(i)(tx)
				})
				cancel()
			})
			if i%3 == 2 {
				wg.Go(cancel)
			}
		}
		wg.Wait()
		acked := 0
		for i, err := range errs {
			if err == nil {
				acked++
			} else if !errors.Is(err, context.Canceled) {
				t.Errorf("write %d: %v", i, err)
			}
		}
		if got := stored(t, h); got != acked || acked < n/3 {
			t.Errorf("%d rows for %d acknowledged", got, acked)
		}
	})
}

func TestNobodyHangsWhenTheDatabaseCloses(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		busy, free, reading := make(chan struct{}), make(chan struct{}), make(chan struct{})
		var wg sync.WaitGroup
		var first error
		wg.Go(func() {
			first = h.Write(ctx, func(tx *store.Tx) error { close(busy); <-free; return add(0)(tx) })
		})
		wg.Go(func() {
			err := h.Read(ctx, func(r *store.Rx) error { close(reading); <-free; return nil })
			if err != nil {
				t.Errorf("a read that ran: %v", err)
			}
		})
		<-busy
		<-reading
		errs := make([]error, 1000) // more than the queue holds
		for i := range errs {
			wg.Go(func() { errs[i] = h.Write(ctx, add(i+1)) })
		}
		for store.Queued(h) == 0 {
			runtime.Gosched()
		}
		wg.Go(func() {
			if err := w.DB.Close(); err != nil {
				t.Error(err)
			}
		})
		for h.Write(ctx, add(9999)) == nil { // until the closing began
			runtime.Gosched()
		}
		close(free)
		wg.Wait()
		acked := 0
		for i, err := range append(errs, first) {
			switch {
			case err == nil:
				acked++
			case desk.CodeOf(err) != desk.Unavailable:
				t.Errorf("write %d: %v", i, err)
			}
		}
		if first != nil {
			t.Errorf("the running write: %v", first)
		}
		if err := h.Read(ctx, func(*store.Rx) error { return nil }); desk.CodeOf(err) != desk.Unavailable {
			t.Errorf("a read afterwards: %v", err)
		}
		again := storetest.Open(t, storetest.Options{Dir: w.Dir, URL: w.URL, Clock: w.Clock})
		if n := stored(t, again.In(h.Workspace())); n != acked {
			t.Errorf("%d rows for %d acknowledged", n, acked)
		}
	})
}

// covers "nothing acknowledged is lost": a lock-out between two processes costs
// a retry, never an answer.
func TestTwoProcessesThatLockEachOtherOutBothSucceed(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		other := storetest.Open(t, storetest.Options{Dir: w.Dir, URL: w.URL, Clock: w.Clock})
		const rows = 8
		h := w.DB.In(1)
		if errs := together(h, add(0), add(1), add(2), add(3), add(4), add(5), add(6), add(7)); errors.Join(errs...) != nil {
			t.Fatal(errs)
		}
		bump := `UPDATE workspace_counter SET no = no + 1 WHERE workspace_id = $1`
		var wg sync.WaitGroup
		for i := range 40 {
			at := w.DB
			if i%2 == 1 {
				at = other.DB
			}
			wg.Go(func() {
				err := at.In(1).Write(ctx, func(tx *store.Tx) error {
					for n := range rows {
						row := n
						if i%2 == 1 {
							row = rows - 1 - n
						}
						if err := store.Exec(tx, bump, 1000+row); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		err := h.Read(ctx, func(r *store.Rx) error {
			n, err := store.Count(r, `SELECT coalesce(sum(no), 0) FROM workspace_counter WHERE workspace_id >= 1000`)
			if n != 40*rows {
				t.Errorf("%d steps counted, want %d", n, 40*rows)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A write may add more than one round trip carries, also from within an answer:
// a lane's numbers bring all of its work rows.
func TestAWriteMayAddThousandsOfRows(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		const n = 2000
		err := h.Write(ctx, func(tx *store.Tx) error {
			for i := range n {
				tx.AddWork(store.Work{Kind: "many", Key: 7, Seq: int64(i)})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var got int
		err = h.Read(ctx, func(r *store.Rx) (err error) { got, err = store.Count(r, `SELECT count(*) FROM work`); return err })
		if err != nil || got != n {
			t.Errorf("%d rows of work, %v", got, err)
		}
	})
}
