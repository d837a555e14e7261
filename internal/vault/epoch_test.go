package vault_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/vault"
	"parley/internal/vault/vaulttest"
)

const errCrash = vault.Error("crash")

// crashing ends the program, so to speak, at the n-th step that changes
// something: just before it when after is false, just after it otherwise. From
// then on nothing works.
type crashing struct {
	vault.Keys
	custody vault.Custody
	at      int64
	after   bool
	steps   atomic.Int64
}

func (c *crashing) step(do func() error) error {
	n := c.steps.Add(1)
	if n > c.at || n == c.at && !c.after {
		return errCrash
	}
	err := do()
	if n == c.at {
		return errCrash
	}
	return err
}

func (c *crashing) CloseBelow(ctx context.Context, epoch int64) error {
	return c.step(func() error { return c.Keys.CloseBelow(ctx, epoch) })
}

func (c *crashing) Rewrap(ctx context.Context, below int64, _ int, fn func(vault.Wrapped) (vault.Wrapped, error)) (n int, err error) {
	err = c.step(func() error {
		n, err = c.Keys.Rewrap(ctx, below, 2, fn) // tiny steps, so that crashes fall between them
		return err
	})
	return n, err
}

func (c *crashing) Epochs(ctx context.Context) ([]int64, error) { return c.custody.Epochs(ctx) }

func (c *crashing) Create(ctx context.Context, epoch int64, wrapped []byte) error {
	return c.step(func() error { return c.custody.Create(ctx, epoch, wrapped) })
}

func (c *crashing) Load(ctx context.Context, epoch int64) ([]byte, error) {
	return c.custody.Load(ctx, epoch)
}

// epochKeys is the custody side of crashing: both have a method Destroy.
type epochKeys struct{ *crashing }

func (c epochKeys) Destroy(ctx context.Context, epoch int64) error {
	return c.step(func() error { return c.custody.Destroy(ctx, epoch) })
}

func onlyEpoch(t *testing.T, c vault.Custody, want int64) {
	t.Helper()
	if got, err := c.Epochs(t.Context()); err != nil || len(got) != 1 || got[0] != want {
		t.Fatalf("custody holds epochs %v (%v), want only %d", got, err, want)
	}
}

func TestTurnEpochMayStopAtEveryStepAndRunAgain(t *testing.T) {
	t.Parallel()
	atEveryStep(t, turnWithCrash)
}

// atEveryStep lets a run crash at its first step, its second and so on, before it
// and after it, until one comes to its end before it crashes.
func atEveryStep(t *testing.T, run func(t *testing.T, at int64, after bool) bool) {
	t.Helper()
	for _, after := range []bool{false, true} {
		at := int64(1)
		for ; !run(t, at, after); at++ {
		}
		if at < 7 {
			t.Fatalf("only %d steps: the crash points were not met", at)
		}
	}
}

// turnWithCrash reports whether the turn ended before its crash point.
func turnWithCrash(t *testing.T, at int64, after bool) bool {
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	v := vaulttest.Open(t, o)
	var sealed [][]byte
	for i := range int64(5) {
		sealed = append(sealed, v.Seal(mustKey(t, v, subjectRef(i+1)), place(), fmt.Append(nil, "words ", i)))
	}
	allOpen := func(v *vault.Vault) {
		t.Helper()
		for i, s := range sealed {
			wantOpen(t, v, s, fmt.Sprint("words ", i))
		}
	}
	bad := o
	c := &crashing{Keys: o.Keys, custody: o.Custody, at: at, after: after}
	bad.Keys, bad.Custody = c, epochKeys{c}
	crashed := vaulttest.Open(t, bad)
	err := crashed.TurnEpoch(t.Context())
	if err != nil && !errors.Is(err, errCrash) {
		t.Fatalf("step %d: %v", at, err)
	}
	again := vaulttest.Open(t, o)
	allOpen(again)
	late := again.Seal(mustKey(t, again, subjectRef(9)), place(), []byte("late")) // life goes on between
	if err := again.TurnEpoch(t.Context()); err != nil {
		t.Fatalf("turn after a crash at step %d: %v", at, err)
	}
	allOpen(again)
	last := vaulttest.Open(t, o)
	allOpen(last)
	wantOpen(t, last, late, "late")
	held, err2 := o.Custody.Epochs(t.Context())
	if err2 != nil || len(held) != 1 {
		t.Fatalf("after a crash at step %d and another turn, custody holds %v, %v", at, held, err2)
	}
	return err == nil
}

func TestTurnEpochKeepsAllKeysWhileOthersMakeReadAndDestroy(t *testing.T) {
	t.Parallel()
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	turner := vaulttest.Open(t, o)
	var all sync.WaitGroup
	var stop atomic.Bool
	const makers, each = 3, 400
	sealed, errs := make([][][]byte, makers), make([]error, makers)
	for m := range makers {
		v := vaulttest.Open(t, o) // each maker is another process
		all.Go(func() {
			for i := range int64(each) {
				k, err := v.Key(t.Context(), subjectRef(int64(m)*each+i+1))
				if err != nil {
					errs[m] = err
					return
				}
				sealed[m] = append(sealed[m], v.Seal(k, place(), []byte("hello")))
			}
		})
	}
	reader, canary := vaulttest.Open(t, o), turner.Seal(mustKey(t, turner, subjectRef(1<<40)), place(), []byte("canary"))
	var readErr error
	all.Go(func() {
		clk := o.Clock.(*clock.Fake)
		for !stop.Load() && readErr == nil {
			clk.Advance(vault.CacheFor) // so that each read goes to the key store
			_, readErr = reader.Open(t.Context(), place(), canary)
		}
	})
	for range 30 {
		if err := turner.TurnEpoch(t.Context()); err != nil {
			t.Error(err)
		}
	}
	stop.Store(true)
	all.Wait()
	if readErr != nil {
		t.Errorf("a reader failed while epochs turned: %v", readErr)
	}
	if err := turner.TurnEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	last := vaulttest.Open(t, o)
	for m := range makers {
		if errs[m] != nil || len(sealed[m]) != each {
			t.Fatalf("maker %d: %d keys, %v", m, len(sealed[m]), errs[m])
		}
		for _, s := range sealed[m] {
			wantOpen(t, last, s, "hello")
		}
	}
	onlyEpoch(t, o.Custody, 32)
}

func TestTurnEpochInTwoProcessesAtOnceLosesNothing(t *testing.T) {
	t.Parallel()
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	a, b := vaulttest.Open(t, o), vaulttest.Open(t, o)
	var sealed [][]byte
	for i := range int64(700) {
		sealed = append(sealed, a.Seal(mustKey(t, a, subjectRef(i+1)), place(), []byte("hello")))
	}
	var all sync.WaitGroup
	for _, v := range []*vault.Vault{a, b, a, b} {
		all.Go(func() { _ = v.TurnEpoch(t.Context()) }) // one may stop because the other is ahead
	}
	all.Wait()
	last := vaulttest.Open(t, o)
	if err := last.TurnEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, v := range []*vault.Vault{last, a, b} {
		for _, s := range sealed {
			wantOpen(t, v, s, "hello")
		}
	}
}

// destroyer destroys a subject in the middle of a turn, between two steps.
type destroyer struct {
	vault.Keys
	ref  vault.Ref
	done bool
}

func (d *destroyer) Rewrap(ctx context.Context, below int64, _ int, fn func(vault.Wrapped) (vault.Wrapped, error)) (int, error) {
	n, err := d.Keys.Rewrap(ctx, below, 1, fn)
	if err == nil && !d.done {
		d.done = true
		_, err = d.Keys.Destroy(ctx, d.ref)
	}
	return n, err
}

func TestKeyDestroyedDuringATurnStaysDestroyed(t *testing.T) {
	t.Parallel()
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	o.Keys = &destroyer{Keys: o.Keys, ref: subjectRef(2)}
	v := vaulttest.Open(t, o)
	kept := v.Seal(mustKey(t, v, subjectRef(1)), place(), []byte("kept"))
	gone := v.Seal(mustKey(t, v, subjectRef(2)), place(), []byte("gone"))
	if err := v.TurnEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := vaulttest.Open(t, o)
	wantOpen(t, other, kept, "kept")
	wantRefused(t, other, gone, vault.ErrNoKey)
}

func TestTurnStopsRatherThanDestroyWhatADamagedRowNeeds(t *testing.T) {
	t.Parallel()
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	v := vaulttest.Open(t, o)
	mustKey(t, v, subjectRef(1))
	if _, err := o.Keys.Rewrap(t.Context(), 2, 1, func(w vault.Wrapped) (vault.Wrapped, error) {
		w.Bytes[20] ^= 1
		return w, nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := v.TurnEpoch(t.Context()); !errors.Is(err, vault.ErrTampered) {
		t.Fatalf("TurnEpoch over a damaged row: %v", err)
	}
	if held, _ := o.Custody.Epochs(t.Context()); len(held) != 2 || held[0] != 1 {
		t.Fatalf("custody holds %v: epoch 1 must be kept", held)
	}
	mustDestroy(t, v, subjectRef(1))
	if err := v.TurnEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	onlyEpoch(t, o.Custody, 3)
}

func TestEveryFieldOfAWrappedKeyIsBound(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*vault.Wrapped){
		"id":        func(w *vault.Wrapped) { w.ID++ },
		"workspace": func(w *vault.Wrapped) { w.Ref.Workspace++ },
		"of":        func(w *vault.Wrapped) { w.Ref.Of++ },
		"kind":      func(w *vault.Wrapped) { w.Ref.Kind = vault.ErrorDay },
		"created":   func(w *vault.Wrapped) { w.CreatedAt = w.CreatedAt.Add(time.Microsecond) },
		"longer":    func(w *vault.Wrapped) { w.ExpiresAt = w.ExpiresAt.Add(time.Microsecond) },
		"endless":   func(w *vault.Wrapped) { w.ExpiresAt = time.Time{} },
		"bytes":     func(w *vault.Wrapped) { w.Bytes[len(w.Bytes)-1] ^= 1 },
		"cut":       func(w *vault.Wrapped) { w.Bytes = w.Bytes[:10] },
		"version":   func(w *vault.Wrapped) { w.Bytes[0]++ },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
			v := vaulttest.Open(t, o)
			ref := vault.Ref{Workspace: 1, Kind: vault.AIDay, Of: 20000}
			if _, err := v.KeyUntil(t.Context(), ref, vaulttest.Start().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			w, err := o.Keys.Get(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			change(&w)
			moved := o
			moved.Keys = vaulttest.NewKeys()
			if _, err := moved.Keys.PutIfAbsent(t.Context(), w); err != nil {
				t.Fatal(err)
			}
			if err := moved.Keys.CloseBelow(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			if _, err := vaulttest.Open(t, moved).KeyIfThere(t.Context(), w.Ref); !errors.Is(err, vault.ErrTampered) {
				t.Errorf("a row with another %s: %v; want ErrTampered", name, err)
			}
		})
	}
}
