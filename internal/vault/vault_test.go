package vault_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/vault"
	"parley/internal/vault/vaulttest"
)

func subjectRef(n int64) vault.Ref { return vault.Ref{Workspace: 1, Kind: vault.Subject, Of: n} }

func place() vault.AD {
	return vault.AD{Workspace: 1, Table: "message", Column: "body", Row: 9}
}

func mustKey(t testing.TB, v *vault.Vault, ref vault.Ref) vault.Key {
	t.Helper()
	k, err := v.Key(t.Context(), ref)
	if err != nil {
		t.Fatalf("Key(%v): %v", ref, err)
	}
	return k
}

func mustDestroy(t testing.TB, v *vault.Vault, refs ...vault.Ref) {
	t.Helper()
	if err := v.Destroy(t.Context(), refs...); err != nil {
		t.Fatalf("Destroy(%v): %v", refs, err)
	}
}

func wantOpen(t testing.TB, v *vault.Vault, sealed []byte, want string) {
	t.Helper()
	clear, err := v.Open(t.Context(), place(), sealed)
	if err != nil || string(clear) != want {
		t.Fatalf("Open = %q, %v; want %q", clear, err, want)
	}
}

func wantRefused(t testing.TB, v *vault.Vault, sealed []byte, want error) {
	t.Helper()
	if clear, err := v.Open(t.Context(), place(), sealed); !errors.Is(err, want) || clear != nil {
		t.Fatalf("Open = %q, %v; want %v", clear, err, want)
	}
}

func TestSealedBytesOpenAgainAndShowNothing(t *testing.T) {
	t.Parallel()
	v := vaulttest.New(t)
	k := mustKey(t, v, subjectRef(41))
	for _, clear := range []string{"", "a", "Are you open until 19?", string(bytes.Repeat([]byte("long "), 100_000))} {
		sealed := v.Seal(k, place(), []byte(clear))
		wantOpen(t, v, sealed, clear)
		if len(sealed) != len(clear)+vault.Overhead {
			t.Fatalf("%d bytes became %d", len(clear), len(sealed))
		}
		if len(clear) > 3 && bytes.Contains(sealed, []byte(clear)) {
			t.Fatal("the clear text is in the sealed bytes")
		}
		if id, ok := vault.KeyID(sealed); !ok || id != k.ID() {
			t.Fatalf("KeyID = %d, %v; want %d", id, ok, k.ID())
		}
	}
	if bytes.Equal(v.Seal(k, place(), []byte("a")), v.Seal(k, place(), []byte("a"))) {
		t.Fatal("sealing twice gave the same bytes")
	}
}

func TestAnyChangedByteIsRefused(t *testing.T) {
	t.Parallel()
	v := vaulttest.New(t)
	sealed := v.Seal(mustKey(t, v, subjectRef(41)), place(), []byte("hello"))
	for i := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1 << bit
			want := error(vault.ErrTampered)
			if i >= 1 && i < 9 {
				want = vault.ErrNoKey // another key's id, of a key that is not there
			}
			wantRefused(t, v, bad, want)
		}
	}
	for n := range len(sealed) {
		wantRefused(t, v, sealed[:n], vault.ErrTampered)
	}
	wantRefused(t, v, append(bytes.Clone(sealed), 0), vault.ErrTampered)
	wantRefused(t, v, nil, vault.ErrTampered)
}

func TestSealedBytesOpenInTheirOwnPlaceOnly(t *testing.T) {
	t.Parallel()
	v := vaulttest.New(t)
	k := mustKey(t, v, subjectRef(41))
	sealed := v.Seal(k, place(), []byte("hello"))
	for _, other := range []vault.AD{
		{Workspace: 2, Table: "message", Column: "body", Row: 9},
		{Workspace: 1, Table: "note", Column: "body", Row: 9},
		{Workspace: 1, Table: "message", Column: "subject", Row: 9},
		{Workspace: 1, Table: "message", Column: "body", Row: 10},
		{Workspace: 9, Table: "message", Column: "body", Row: 1},
		{Workspace: 1, Table: "messageb", Column: "ody", Row: 9},
		{Workspace: 1, Table: "messagebody", Column: "", Row: 9},
		{Workspace: 1, Table: "", Column: "messagebody", Row: 9},
		{},
	} {
		if clear, err := v.Open(t.Context(), other, sealed); !errors.Is(err, vault.ErrTampered) || clear != nil {
			t.Errorf("opened at %+v: %q, %v", other, clear, err)
		}
	}
	// The id of a key of the same kind does not help either.
	second := v.Seal(mustKey(t, v, vault.Ref{Workspace: 1, Kind: vault.Subject, Of: 42}), place(), []byte("hello"))
	copy(sealed[1:9], second[1:9])
	wantRefused(t, v, sealed, vault.ErrTampered)
}

func TestDestroyedKeyOpensNothingAtOnceHereAndWithinAMinuteElsewhere(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(vaulttest.Start())
	o := vaulttest.Options(clk)
	here, elsewhere := vaulttest.Open(t, o), vaulttest.Open(t, o)
	sealed := here.Seal(mustKey(t, here, subjectRef(41)), place(), []byte("hello"))
	wantOpen(t, elsewhere, sealed, "hello")
	clk.Advance(30 * time.Second)
	wantOpen(t, elsewhere, sealed, "hello") // a use in between must not lengthen the minute
	mustDestroy(t, here, subjectRef(41))
	wantRefused(t, here, sealed, vault.ErrNoKey)
	if _, err := here.KeyIfThere(t.Context(), subjectRef(41)); !errors.Is(err, vault.ErrNoKey) {
		t.Fatalf("KeyIfThere after Destroy: %v", err)
	}
	clk.Advance(30 * time.Second)
	wantRefused(t, elsewhere, sealed, vault.ErrNoKey)
	mustDestroy(t, here, subjectRef(41)) // again is no error

	if k := mustKey(t, here, subjectRef(41)); k.ID() == 0 {
		t.Fatal("no new key for a newer message")
	}
	wantRefused(t, here, sealed, vault.ErrNoKey) // and the new key does not open the old words
}

func TestClockSetBackDoesNotLengthenTheCache(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(vaulttest.Start())
	o := vaulttest.Options(clk)
	here, elsewhere := vaulttest.Open(t, o), vaulttest.Open(t, o)
	sealed := here.Seal(mustKey(t, here, subjectRef(41)), place(), []byte("hello"))
	wantOpen(t, elsewhere, sealed, "hello")
	mustDestroy(t, here, subjectRef(41))
	clk.Jump(-time.Hour)
	wantRefused(t, elsewhere, sealed, vault.ErrNoKey)
}

func TestDestroyNamingNothingOrNonsenseIsAnError(t *testing.T) {
	t.Parallel()
	v := vaulttest.New(t)
	sealed := v.Seal(mustKey(t, v, subjectRef(41)), place(), []byte("hello"))
	for _, refs := range [][]vault.Ref{
		{},
		{{}},
		{subjectRef(41), {Workspace: 1, Kind: vault.Subject}},
		{subjectRef(41), {Workspace: 1, Kind: "subjekt", Of: 3}},
		{subjectRef(41), {Workspace: -1, Kind: vault.Workspace}},
		{subjectRef(41), {Workspace: 1, Kind: vault.Workspace, Of: 3}},
	} {
		if err := v.Destroy(t.Context(), refs...); !errors.Is(err, vault.ErrBadRef) {
			t.Errorf("Destroy(%v) = %v; want ErrBadRef", refs, err)
		}
	}
	wantOpen(t, v, sealed, "hello")
	if _, err := v.Key(t.Context(), vault.Ref{Workspace: 1, Kind: vault.Subject}); !errors.Is(err, vault.ErrBadRef) {
		t.Errorf("a key of nobody: %v", err)
	}
}

func TestKeyPastItsTermOpensNothingEvenIfNeverSwept(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(vaulttest.Start())
	o := vaulttest.Options(clk)
	v := vaulttest.Open(t, o)
	today := vault.Day(clk.Now())
	ref := vault.Ref{Workspace: 1, Kind: vault.AIDay, Of: today}
	if _, err := v.Key(t.Context(), ref); !errors.Is(err, vault.ErrNeedsTerm) {
		t.Fatalf("a day key without a term: %v", err)
	}
	if _, err := v.KeyUntil(t.Context(), ref, time.Time{}); !errors.Is(err, vault.ErrNeedsTerm) {
		t.Fatalf("a day key with an empty term: %v", err)
	}
	ends := vault.DayStart(today).Add(30 * 24 * time.Hour)
	k, err := v.KeyUntil(t.Context(), ref, ends)
	if err != nil || !k.ExpiresAt().Equal(ends) {
		t.Fatalf("KeyUntil = %v, %v", k.ExpiresAt(), err)
	}
	sealed := v.Seal(k, place(), []byte("prompt"))
	later, err := v.KeyUntil(t.Context(), ref, ends.Add(time.Hour))
	if err != nil || !later.ExpiresAt().Equal(ends) {
		t.Fatalf("a later caller moved the term to %v, %v", later.ExpiresAt(), err)
	}

	clk.Advance(ends.Sub(clk.Now()) - time.Microsecond)
	wantOpen(t, v, sealed, "prompt") // now cached, one microsecond before its end
	clk.Advance(time.Microsecond)
	wantRefused(t, v, sealed, vault.ErrExpired)
	wantRefused(t, vaulttest.Open(t, o), sealed, vault.ErrExpired)
	for name, ask := range map[string]func() (vault.Key, error){
		"Key":        func() (vault.Key, error) { return v.Key(t.Context(), ref) },
		"KeyIfThere": func() (vault.Key, error) { return v.KeyIfThere(t.Context(), ref) },
		"KeyUntil":   func() (vault.Key, error) { return v.KeyUntil(t.Context(), ref, ends) },
	} {
		if _, err := ask(); !errors.Is(err, vault.ErrExpired) {
			t.Errorf("%s past the term: %v", name, err)
		}
	}
	if n, err := v.SweepExpired(t.Context()); n != 1 || err != nil {
		t.Fatalf("SweepExpired = %d, %v", n, err)
	}
	wantRefused(t, v, sealed, vault.ErrNoKey)
	if _, err := v.KeyUntil(t.Context(), ref, ends); !errors.Is(err, vault.ErrExpired) {
		t.Fatalf("a key was made for a day that is over: %v", err)
	}
}

func TestTodaysKeyDestroysExpiredOnesInTheSameStep(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(vaulttest.Start())
	o := vaulttest.Options(clk)
	v := vaulttest.Open(t, o)
	hour := vault.Ref{Workspace: 1, Kind: vault.RawHour, Of: vault.Hour(clk.Now())}
	if _, err := v.KeyUntil(t.Context(), hour, clk.Now().Add(72*time.Hour)); err != nil {
		t.Fatal(err)
	}
	clk.Advance(72 * time.Hour)
	next := vault.Ref{Workspace: 1, Kind: vault.RawHour, Of: vault.Hour(clk.Now())}
	if _, err := v.KeyUntil(t.Context(), next, clk.Now().Add(72*time.Hour)); err != nil {
		t.Fatal(err)
	}
	held, err := v.List(t.Context(), 1, 0, 10)
	if err != nil || len(held) != 1 || held[0].Ref != next {
		t.Fatalf("held after making the next key: %+v, %v", held, err)
	}
}

func TestSweepClearsMoreThanOneStep(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(vaulttest.Start())
	v := vaulttest.Open(t, vaulttest.Options(clk))
	for ws := range int64(600) {
		ref := vault.Ref{Workspace: ws, Kind: vault.RawHour, Of: 1}
		if _, err := v.KeyUntil(t.Context(), ref, clk.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	clk.Advance(time.Hour)
	if n, err := v.SweepExpired(t.Context()); n != 600 || err != nil {
		t.Fatalf("SweepExpired = %d, %v", n, err)
	}
}

func TestConcurrentCallersGetOneKey(t *testing.T) {
	t.Parallel()
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	vaults := []*vault.Vault{vaulttest.Open(t, o), vaulttest.Open(t, o)}
	sealed, errs := make([][]byte, 32), make([]error, 32)
	var all sync.WaitGroup
	for i := range sealed {
		all.Go(func() {
			v := vaults[i%2]
			var k vault.Key
			if k, errs[i] = v.Key(t.Context(), subjectRef(41)); errs[i] == nil {
				sealed[i] = v.Seal(k, place(), []byte("hello"))
			}
		})
	}
	all.Wait()
	first, _ := vault.KeyID(sealed[0])
	for i := range sealed {
		if id, ok := vault.KeyID(sealed[i]); errs[i] != nil || !ok || id != first {
			t.Fatalf("caller %d: key %d, %v; caller 0 has %d", i, id, errs[i], first)
		}
		wantOpen(t, vaults[(i+1)%2], sealed[i], "hello")
	}
}

// A reader that asks all the time must not put a destroyed key back into use.
func TestDestroyWinsOverConcurrentReaders(t *testing.T) {
	t.Parallel()
	v := vaulttest.New(t)
	for round := range int64(300) {
		ref := vault.Ref{Workspace: 1, Kind: vault.Subject, Of: round + 1}
		sealed := v.Seal(mustKey(t, v, ref), place(), []byte("hello"))
		var readers sync.WaitGroup
		begun := make(chan struct{}, 4)
		for range 4 {
			readers.Go(func() {
				begun <- struct{}{}
				for range 20 {
					_, _ = v.Open(t.Context(), place(), sealed)
					_, _ = v.KeyIfThere(t.Context(), ref)
				}
			})
		}
		<-begun
		mustDestroy(t, v, ref)
		wantRefused(t, v, sealed, vault.ErrNoKey)
		readers.Wait()
		wantRefused(t, v, sealed, vault.ErrNoKey)
	}
}

func TestMoreKeysThanTheCacheHoldsAllOpen(t *testing.T) {
	t.Parallel()
	v := vaulttest.New(t)
	const many = 8192 + 500
	first := v.Seal(mustKey(t, v, subjectRef(41)), place(), []byte("first"))
	for i := range int64(many) {
		mustKey(t, v, vault.Ref{Workspace: 2, Kind: vault.Subject, Of: i + 1})
	}
	wantOpen(t, v, first, "first")
}

func TestKeysPrintAsDots(t *testing.T) {
	t.Parallel()
	v := vaulttest.New(t)
	k := mustKey(t, v, subjectRef(41))
	secret, err := k.Derive("show")
	if err != nil {
		t.Fatal(err)
	}
	root := vaulttest.Root()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		for _, held := range []any{k, root} {
			if got := fmt.Sprintf(verb, held); got != "•••" {
				t.Errorf("%s of %T prints %q", verb, held, got)
			}
		}
		// Unexported fields go round Format: they may show an address, no bytes.
		deep := fmt.Sprintf(verb, struct {
			k vault.Key
			r vault.Root
			v *vault.Vault
		}{k, root, v})
		for _, bad := range []string{"1 2 3 4", "01020304", "0x1, 0x2, 0x3", fmt.Sprintf("%x", secret[:4])} {
			if bytes.Contains([]byte(deep), []byte(bad)) {
				t.Errorf("%s shows key bytes inside a struct: %s", verb, deep)
			}
		}
	}
	for _, held := range []any{k, root} {
		if text, err := json.Marshal(held); err != nil || string(text) != `"•••"` {
			t.Errorf("JSON of %T: %s, %v", held, text, err)
		}
	}
}
