package vaulttest

import (
	"bytes"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/vault"
)

// RunKeys holds a key store to the contract of vault.Keys. empty makes a new,
// empty store for each test.
func RunKeys(t *testing.T, empty func(t *testing.T) vault.Keys) {
	for name, test := range map[string]func(*testing.T, vault.Keys){
		"FirstRowStands":               firstRowStands,
		"AbsentIsErrNoKey":             absentIsErrNoKey,
		"DestroyLeavesNeighbours":      destroyLeavesNeighbours,
		"TermedPutClearsItsOwnKind":    termedPutClearsItsOwnKind,
		"DestroyExpiredInSteps":        destroyExpiredInSteps,
		"ClosedEpochTakesNothing":      closedEpochTakesNothing,
		"RewrapInStepsUntilNoneLeft":   rewrapInStepsUntilNoneLeft,
		"RewrapErrorUndoesTheStep":     rewrapErrorUndoesTheStep,
		"ConcurrentPutsGiveOneRow":     concurrentPutsGiveOneRow,
		"NoRowSlipsPastAClosedEpoch":   noRowSlipsPastAClosedEpoch,
		"ListPagesOneWorkspaceByItsID": listPages,
		"ReplaceRetiresTheRow":         replaceRetiresTheRowThatStood,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, empty(t))
		})
	}
}

// row is a wrapped key of epoch 1 with times that a database must keep whole.
func row(id int64, ref vault.Ref) vault.Wrapped {
	return vault.Wrapped{
		ID: id, Ref: ref, Epoch: 1, Bytes: []byte{0, 1, 0xff, byte(id)},
		CreatedAt: Start().Add(123456 * time.Microsecond),
	}
}

func subject(n int64) vault.Ref { return vault.Ref{Workspace: 7, Kind: vault.Subject, Of: n} }

func day(n int64) vault.Ref { return vault.Ref{Workspace: 7, Kind: vault.AIDay, Of: n} }

func same(a, b vault.Wrapped) bool {
	return a.ID == b.ID && a.Ref == b.Ref && a.Epoch == b.Epoch && bytes.Equal(a.Bytes, b.Bytes) &&
		a.CreatedAt.Equal(b.CreatedAt) && a.ExpiresAt.Equal(b.ExpiresAt)
}

func mustPut(t *testing.T, k vault.Keys, w vault.Wrapped) {
	t.Helper()
	got, err := k.PutIfAbsent(t.Context(), w)
	if err != nil || !same(got, w) {
		t.Fatalf("PutIfAbsent = %+v, %v; want %+v", got, err, w)
	}
}

func wantGone(t *testing.T, k vault.Keys, ref vault.Ref) {
	t.Helper()
	if w, err := k.Get(t.Context(), ref); !errors.Is(err, vault.ErrNoKey) {
		t.Fatalf("Get(%v) = %+v, %v; want ErrNoKey", ref, w, err)
	}
}

func wantThere(t *testing.T, k vault.Keys, w vault.Wrapped) {
	t.Helper()
	byRef, err := k.Get(t.Context(), w.Ref)
	if err != nil || !same(byRef, w) {
		t.Fatalf("Get(%v) = %+v, %v; want %+v", w.Ref, byRef, err, w)
	}
	byID, err := k.GetID(t.Context(), w.ID)
	if err != nil || !same(byID, w) {
		t.Fatalf("GetID(%d) = %+v, %v; want %+v", w.ID, byID, err, w)
	}
}

func firstRowStands(t *testing.T, k vault.Keys) {
	first := row(1, subject(1))
	mustPut(t, k, first)
	got, err := k.PutIfAbsent(t.Context(), row(2, subject(1)))
	if err != nil || !same(got, first) {
		t.Fatalf("second put = %+v, %v; want the first row", got, err)
	}
	wantThere(t, k, first)
	if _, err := k.GetID(t.Context(), 2); !errors.Is(err, vault.ErrNoKey) {
		t.Fatalf("the row that lost can be read: %v", err)
	}
	termed := row(3, day(3))
	termed.ExpiresAt = termed.CreatedAt.Add(time.Hour + time.Microsecond)
	mustPut(t, k, termed)
	wantThere(t, k, termed)
}

func absentIsErrNoKey(t *testing.T, k vault.Keys) {
	wantGone(t, k, subject(1))
	if _, err := k.GetID(t.Context(), 1); !errors.Is(err, vault.ErrNoKey) {
		t.Fatalf("GetID of nothing: %v", err)
	}
	if n, err := k.Destroy(t.Context(), subject(1)); n != 0 || err != nil {
		t.Fatalf("Destroy of nothing = %d, %v", n, err)
	}
	if n, err := k.Floor(t.Context()); n != 0 || err != nil {
		t.Fatalf("Floor of a new store = %d, %v", n, err)
	}
}

func destroyLeavesNeighbours(t *testing.T, k vault.Keys) {
	other := subject(1)
	other.Workspace = 8
	member := vault.Ref{Workspace: 7, Kind: vault.Workspace}
	rows := []vault.Wrapped{row(1, subject(1)), row(2, subject(2)), row(3, other), row(4, member)}
	for _, w := range rows {
		mustPut(t, k, w)
	}
	if n, err := k.Destroy(t.Context(), subject(1), subject(99)); n != 1 || err != nil {
		t.Fatalf("Destroy = %d, %v; want 1", n, err)
	}
	wantGone(t, k, subject(1))
	for _, w := range rows[1:] {
		wantThere(t, k, w)
	}
	mustPut(t, k, row(5, subject(1))) // a newer message makes a new key
}

func termedPutClearsItsOwnKind(t *testing.T, k vault.Keys) {
	now := Start()
	old, edge, young := row(1, day(1)), row(2, day(2)), row(3, day(3))
	old.ExpiresAt, edge.ExpiresAt, young.ExpiresAt = now.Add(-time.Hour), now, now.Add(time.Microsecond)
	elsewhere := row(4, vault.Ref{Workspace: 8, Kind: vault.AIDay, Of: 1})
	elsewhere.ExpiresAt = now.Add(-time.Hour)
	forever := row(5, subject(1))
	for _, w := range []vault.Wrapped{old, edge, young, elsewhere, forever} {
		w.CreatedAt = now.Add(-48 * time.Hour)
		mustPut(t, k, w)
	}
	today := row(6, day(6))
	today.CreatedAt, today.ExpiresAt = now, now.Add(time.Hour)
	mustPut(t, k, today)
	wantGone(t, k, old.Ref)
	wantGone(t, k, edge.Ref)
	for _, ref := range []vault.Ref{young.Ref, elsewhere.Ref, forever.Ref, today.Ref} {
		if _, err := k.Get(t.Context(), ref); err != nil {
			t.Fatalf("%v went too: %v", ref, err)
		}
	}
}

func destroyExpiredInSteps(t *testing.T, k vault.Keys) {
	now := Start()
	for i := range int64(5) {
		w := row(i+1, vault.Ref{Workspace: i + 1, Kind: vault.RawHour, Of: 9})
		w.ExpiresAt = now.Add(time.Duration(i-4) * time.Microsecond)
		mustPut(t, k, w)
	}
	late := row(10, day(1))
	late.ExpiresAt = now.Add(time.Microsecond)
	mustPut(t, k, late)
	mustPut(t, k, row(11, subject(1)))
	total := 0
	for range 3 {
		gone, err := k.DestroyExpired(t.Context(), now, 2)
		if err != nil || len(gone) > 2 {
			t.Fatalf("DestroyExpired = %v, %v", gone, err)
		}
		for _, ref := range gone {
			wantGone(t, k, ref)
		}
		total += len(gone)
	}
	if total != 5 {
		t.Fatalf("destroyed %d expired rows, want 5", total)
	}
	wantThere(t, k, late)
	if _, err := k.Get(t.Context(), subject(1)); err != nil {
		t.Fatalf("a key without a term was swept: %v", err)
	}
}

func closedEpochTakesNothing(t *testing.T, k vault.Keys) {
	mustPut(t, k, row(1, subject(1)))
	for _, epoch := range []int64{2, 1} { // the floor never sinks
		if err := k.CloseBelow(t.Context(), epoch); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := k.Floor(t.Context()); n != 2 || err != nil {
		t.Fatalf("Floor = %d, %v; want 2", n, err)
	}
	if _, err := k.PutIfAbsent(t.Context(), row(2, subject(2))); !errors.Is(err, vault.ErrEpochClosed) {
		t.Fatalf("a row of a closed epoch: %v; want ErrEpochClosed", err)
	}
	wantGone(t, k, subject(2))
	w := row(3, subject(3))
	w.Epoch = 2
	mustPut(t, k, w)
}

func toEpoch(n int64) func(vault.Wrapped) (vault.Wrapped, error) {
	return func(w vault.Wrapped) (vault.Wrapped, error) {
		w.Epoch, w.Bytes = n, append([]byte("new"), w.Bytes...)
		return w, nil
	}
}

func rewrapInStepsUntilNoneLeft(t *testing.T, k vault.Keys) {
	for i := range int64(5) {
		w := row(i+1, subject(i+1))
		w.Epoch = i%2 + 1
		mustPut(t, k, w)
	}
	done := 0
	for {
		n, err := k.Rewrap(t.Context(), 3, 2, toEpoch(3))
		if err != nil || n > 2 {
			t.Fatalf("Rewrap = %d, %v", n, err)
		}
		if n == 0 {
			break
		}
		done += n
	}
	if done != 5 {
		t.Fatalf("re-wrapped %d rows, want 5", done)
	}
	for i := range int64(5) {
		want := row(i+1, subject(i+1))
		want.Epoch, want.Bytes = 3, append([]byte("new"), want.Bytes...)
		wantThere(t, k, want)
	}
}

func rewrapErrorUndoesTheStep(t *testing.T, k vault.Keys) {
	mustPut(t, k, row(1, subject(1)))
	mustPut(t, k, row(2, subject(2)))
	fault, calls := errors.New("fault"), 0
	_, err := k.Rewrap(t.Context(), 2, 10, func(w vault.Wrapped) (vault.Wrapped, error) {
		if calls++; calls == 2 {
			return w, fault
		}
		return toEpoch(2)(w)
	})
	if !errors.Is(err, fault) {
		t.Fatalf("Rewrap hid the fault: %v", err)
	}
	wantThere(t, k, row(1, subject(1)))
	wantThere(t, k, row(2, subject(2)))
	if err := k.CloseBelow(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Rewrap(t.Context(), 5, 10, toEpoch(4)); !errors.Is(err, vault.ErrEpochClosed) {
		t.Fatalf("Rewrap into a closed epoch: %v; want ErrEpochClosed", err)
	}
	wantThere(t, k, row(1, subject(1)))
}

func concurrentPutsGiveOneRow(t *testing.T, k vault.Keys) {
	var all sync.WaitGroup
	ids, errs := make([]int64, 16), make([]error, 16)
	for i := range ids {
		all.Go(func() {
			w, err := k.PutIfAbsent(t.Context(), row(int64(i)+1, subject(1)))
			ids[i], errs[i] = w.ID, err
		})
	}
	all.Wait()
	for i := range ids {
		if errs[i] != nil || ids[i] != ids[0] {
			t.Fatalf("put %d got row %d, %v; put 0 got row %d", i, ids[i], errs[i], ids[0])
		}
	}
}

// noRowSlipsPastAClosedEpoch: whatever was stored of a closed epoch is there
// when CloseBelow has returned, so that a turn finds all of it.
func noRowSlipsPastAClosedEpoch(t *testing.T, k vault.Keys) {
	var writers sync.WaitGroup
	errs := make([]error, 8)
	for g := range errs {
		writers.Go(func() {
			for i := range int64(200) {
				n := int64(g)*1000 + i + 1
				if _, errs[g] = k.PutIfAbsent(t.Context(), row(n, subject(n))); errs[g] != nil {
					return
				}
			}
		})
	}
	if err := k.CloseBelow(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	atClose, err := k.List(t.Context(), 7, 0, 10000)
	if err != nil {
		t.Fatal(err)
	}
	writers.Wait()
	for _, err := range errs {
		if err != nil && !errors.Is(err, vault.ErrEpochClosed) {
			t.Fatal(err)
		}
	}
	after, err := k.List(t.Context(), 7, 0, 10000)
	if err != nil || len(after) != len(atClose) {
		t.Fatalf("%d rows at the close, %d later (%v)", len(atClose), len(after), err)
	}
}

func listPages(t *testing.T, k vault.Keys) {
	var want []int64
	for i := range int64(5) {
		mustPut(t, k, row(10*(i+1), subject(i+1)))
		want = append(want, 10*(i+1))
		other := row(10*(i+1)+1, subject(i+1))
		other.Ref.Workspace = 8
		mustPut(t, k, other)
	}
	var got []int64
	for after := int64(0); ; {
		page, err := k.List(t.Context(), 7, after, 2)
		if err != nil || len(page) > 2 {
			t.Fatalf("List = %v, %v", page, err)
		}
		if len(page) == 0 {
			break
		}
		for _, w := range page {
			got = append(got, w.ID)
		}
		after = got[len(got)-1]
	}
	if !slices.Equal(got, want) {
		t.Fatalf("listed %v, want %v", got, want)
	}
}

func replaceRetiresTheRowThatStood(t *testing.T, k vault.Keys) {
	ref := vault.Ref{Workspace: 7, Kind: vault.Workspace}
	old, other := row(1, ref), row(2, subject(3))
	mustPut(t, k, old)
	mustPut(t, k, other)
	retired, fresh := row(1, vault.Ref{Workspace: 7, Kind: vault.Retired, Of: 1}), row(5, ref)
	retired.Bytes = []byte("wrapped anew")
	if err := k.Replace(t.Context(), 4, retired, fresh); !errors.Is(err, vault.ErrNoKey) {
		t.Fatalf("Replace of another row: %v", err)
	}
	if err := k.Replace(t.Context(), 1, retired, fresh); err != nil {
		t.Fatal(err)
	}
	wantThere(t, k, fresh)
	wantThere(t, k, retired)
	wantThere(t, k, other)
	late := row(6, ref)
	if err := k.Replace(t.Context(), 1, retired, late); !errors.Is(err, vault.ErrNoKey) {
		t.Fatalf("Replace of what no longer stands: %v", err)
	}
	wantThere(t, k, fresh)
	counts, err := k.Census(t.Context(), 7)
	if err != nil || len(counts) != 3 {
		t.Fatalf("Census = %+v, %v", counts, err)
	}
	for _, c := range counts {
		if c.Workspace != 7 || c.Keys != 1 || !c.Oldest.Equal(c.Newest) {
			t.Errorf("%+v", c)
		}
	}
	if none, err := k.Census(t.Context(), 8); err != nil || len(none) != 0 {
		t.Errorf("Census of a workspace without keys = %+v, %v", none, err)
	}
	if err := k.CloseBelow(t.Context(), fresh.Epoch+1); err != nil {
		t.Fatal(err)
	}
	if err := k.Replace(t.Context(), 5, row(5, vault.Ref{Workspace: 7, Kind: vault.Retired, Of: 5}), late); !errors.Is(err, vault.ErrEpochClosed) {
		t.Fatalf("Replace in a closed epoch: %v", err)
	}
	wantThere(t, k, fresh)
}
