package vault_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/vault"
	"parley/internal/vault/vaulttest"
)

func workspaceRef() vault.Ref { return vault.Ref{Workspace: 1, Kind: vault.Workspace} }

// nextRoot is another root key than vaulttest's.
func nextRoot() vault.Root { return vault.NewRoot([32]byte{9, 8, 7}) }

func TestRootRotationMayStopAtEveryStepAndRunAgain(t *testing.T) {
	t.Parallel()
	atEveryStep(t, rotateWithCrash)
}

// rotateWithCrash reports whether the rotation ended before its crash point.
func rotateWithCrash(t *testing.T, at int64, after bool) bool {
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
	err := crashed.RotateRoot(t.Context(), nextRoot())
	if err != nil && !errors.Is(err, errCrash) {
		t.Fatalf("step %d: %v", at, err)
	}
	both := o
	both.Root, both.Before = nextRoot(), o.Root
	again := vaulttest.Open(t, both)
	allOpen(again)
	if err := again.RotateRoot(t.Context(), nextRoot()); err != nil {
		t.Fatalf("rotation after a crash at step %d: %v", at, err)
	}
	allOpen(again)
	only := o
	only.Root = nextRoot()
	allOpen(vaulttest.Open(t, only))
	if _, err := vault.New(t.Context(), o); !errors.Is(err, vault.ErrRootKey) {
		t.Fatalf("the old root key after a crash at step %d: %v", at, err)
	}
	return err == nil
}

// Whoever kept the key store's rows and the old root key opens nothing with
// them and the new one (asvs: V11.1.1, V13.3.4).
func TestOldCopiesOfKeysOpenNothingAfterTheRootWasRotated(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "custody")
	custody, err := vault.NewFileCustody(dir)
	if err != nil {
		t.Fatal(err)
	}
	before, next := [32]byte{9, 9, 9}, [32]byte{7, 7, 7}
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	keys := vaulttest.NewKeys()
	o.Keys, o.Custody, o.Root = keys, custody, vault.NewRoot(before)
	v := vaulttest.Open(t, o)
	sealed := v.Seal(mustKey(t, v, subjectRef(1)), place(), []byte("words"))
	image := keys.Image()
	if err := v.RotateRoot(t.Context(), vault.NewRoot(next)); err != nil {
		t.Fatal(err)
	}
	for name, th := range map[string]thief{
		"old rows, old root": {root: before[:], rows: image},
		"old rows, new root": {root: next[:], rows: image},
		"new rows, old root": {root: before[:], rows: keys.Image()},
	} {
		th.epochs = custodyFiles(t, dir)
		if got, ok := th.open(t, sealed, vault.SealedAD(sealed, place())); ok {
			t.Errorf("%s: opens %q", name, got)
		}
	}
	th := thief{root: next[:], rows: keys.Image(), epochs: custodyFiles(t, dir)}
	if got, ok := th.open(t, sealed, vault.SealedAD(sealed, place())); !ok || got != "words" {
		t.Fatal("the attack is too weak: today's rows and root must open")
	}
	wantOpen(t, v, sealed, "words")
}

func register(t *testing.T, v *vault.Vault) []vault.Aged {
	t.Helper()
	all, err := v.Register(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestARootKeyFileIsReplacedWholeAndARotationThatStoppedIsTakenUp(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "root.key")
	first, err := vault.RootKeyFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o := vaulttest.Options(clock.Real{})
	o.Root = first
	v := vaulttest.Open(t, o)
	sealed := v.Seal(mustKey(t, v, workspaceRef()), place(), []byte("words"))
	next, err := vault.NextRootKey(path)
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(t.TempDir(), "kept")
	if err := os.Link(path, kept); err != nil {
		t.Fatal(err)
	}
	// The program ends here: the next start has both.
	if o.Root, o.Before, err = vault.RootKeyFiles(path); err != nil {
		t.Fatal(err)
	}
	v = vaulttest.Open(t, o)
	wantOpen(t, v, sealed, "words")
	if err := v.RotateRoot(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second finds it done
		if err := vault.TakeNextRootKey(path); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadFile(kept); err != nil || strings.Trim(string(left), "\x00") != "" {
		t.Errorf("the root key before is still on the disk: %d bytes, %v", len(left), err)
	}
	if o.Root, o.Before, err = vault.RootKeyFiles(path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + ".next"); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("the next key still waits")
	}
	v = vaulttest.Open(t, o)
	wantOpen(t, v, sealed, "words")
	if all := register(t, v); all[0].Kind != vault.RootKey || all[0].Oldest.IsZero() || all[0].Due {
		t.Errorf("the register says %+v", all[0])
	}
}

func TestARotatedWorkspaceKeyOpensWhatItSealedAndSealsNoMore(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(vaulttest.Start())
	o := vaulttest.Options(clk)
	here, elsewhere := vaulttest.Open(t, o), vaulttest.Open(t, o)
	if err := here.Rotate(t.Context(), 1); err != nil { // there is none yet
		t.Fatal(err)
	}
	old := mustKey(t, here, workspaceRef())
	sealed := here.Seal(old, place(), []byte("before"))
	mustKey(t, elsewhere, workspaceRef())
	clk.Advance(time.Hour)
	if err := here.Rotate(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	fresh := mustKey(t, here, workspaceRef())
	if fresh.ID() == old.ID() {
		t.Fatal("the key is the same")
	}
	after := here.Seal(fresh, place(), []byte("after"))
	for _, v := range []*vault.Vault{here, elsewhere, vaulttest.Open(t, o)} {
		wantOpen(t, v, sealed, "before")
		wantOpen(t, v, after, "after")
	}
	clk.Advance(vault.CacheFor)
	if got := mustKey(t, elsewhere, workspaceRef()).ID(); got != fresh.ID() {
		t.Fatalf("another process still seals under key %d", got)
	}
	if err := here.TurnEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantOpen(t, vaulttest.Open(t, o), sealed, "before")
	aged := map[vault.Kind]vault.Aged{}
	for _, a := range register(t, here) {
		aged[a.Kind] = a
	}
	ws, gone := aged[vault.Workspace], aged[vault.Retired]
	if ws.Keys != 1 || gone.Keys != 1 || !ws.Newest.After(gone.Oldest) || ws.Due || gone.Term != 0 {
		t.Fatalf("the register says %+v and %+v", ws, gone)
	}
	clk.Advance(vault.WorkspaceTerm)
	for _, a := range register(t, here) {
		if a.Due != (a.Kind == vault.Workspace) {
			t.Errorf("after a year: %+v", a)
		}
	}
	// A purge names what it destroys, retired keys too.
	held, err := here.List(t.Context(), 1, 0, 10)
	if err != nil || len(held) != 2 {
		t.Fatal(held, err)
	}
	mustDestroy(t, here, held[0].Ref, held[1].Ref)
	wantRefused(t, here, sealed, vault.ErrNoKey)
	wantRefused(t, here, after, vault.ErrNoKey)
}

// Root, epoch and workspace keys change over and over while others seal and
// open: no call fails.
func TestNothingFailsWhileEveryKeyRotates(t *testing.T) {
	t.Parallel()
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	v := vaulttest.Open(t, o)
	var users sync.WaitGroup
	done := make(chan struct{})
	begun := make(chan struct{}, 4)
	for i := range int64(4) {
		users.Go(func() {
			for n := int64(0); ; n++ {
				ref := workspaceRef()
				if n%2 == 1 {
					ref = subjectRef(i*1000 + n%100 + 1)
				}
				k, err := v.Key(t.Context(), ref)
				if err == nil {
					_, err = v.Open(t.Context(), place(), v.Seal(k, place(), []byte("words")))
				}
				if err != nil {
					t.Errorf("while keys rotate: %v", err)
					return
				}
				if n == 3 {
					begun <- struct{}{}
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for range 4 {
		<-begun
	}
	for n := range byte(8) {
		if err := v.RotateRoot(t.Context(), vault.NewRoot([32]byte{n + 1, 77})); err != nil {
			t.Error(err)
		}
		if err := v.Rotate(t.Context(), 1); err != nil {
			t.Error(err)
		}
	}
	close(done)
	users.Wait()
}
