package vault_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/vault"
	"parley/internal/vault/vaulttest"
)

func TestDerivedBytesDifferByLabelAndStay(t *testing.T) {
	t.Parallel()
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	ref := vault.Ref{Kind: vault.Pepper}
	a, err := mustKey(t, vaulttest.Open(t, o), ref).Derive("password")
	if err != nil || len(a) != 32 {
		t.Fatalf("Derive = %d bytes, %v", len(a), err)
	}
	again, _ := mustKey(t, vaulttest.Open(t, o), ref).Derive("password")
	other, _ := mustKey(t, vaulttest.Open(t, o), ref).Derive("checkpoint")
	if !bytes.Equal(a, again) || bytes.Equal(a, other) {
		t.Fatal("derived bytes must depend on key and label, and on nothing else")
	}
}

func TestTermsAndHashesAreKeyedPerWorkspace(t *testing.T) {
	t.Parallel()
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	v := vaulttest.Open(t, o)
	words := []string{"return", "coat", "return", ""}
	one, err := v.Terms(t.Context(), 1, words)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := v.Terms(t.Context(), 2, words)
	again, _ := vaulttest.Open(t, o).Terms(t.Context(), 1, words)
	if len(one) != 4 || one[0] != one[2] || one[0] == one[1] {
		t.Fatalf("terms %v: equal words must have equal numbers, others not", one)
	}
	for i := range one {
		if one[i] == two[i] || one[i] != again[i] {
			t.Errorf("term %q: %d in workspace 1, %d again, %d in workspace 2", words[i], one[i], again[i], two[i])
		}
	}
	hash := func(ws int64, label, s string) string {
		h, err := v.Hash(t.Context(), ws, label, s)
		if err != nil || len(h) != 32 {
			t.Fatalf("Hash = %x, %v", h, err)
		}
		return string(h)
	}
	seen := map[string]string{}
	for _, in := range [][3]string{{"1", "email", "a@b"}, {"1", "phone", "a@b"}, {"1", "emaila", "@b"}, {"1", "", "emaila@b"}, {"2", "email", "a@b"}} {
		h := hash(int64(in[0][0]-'0'), in[1], in[2])
		if twin, ok := seen[h]; ok {
			t.Errorf("%v and %v have one hash", in, twin)
		}
		seen[h] = fmt.Sprint(in)
	}
	if first, again := hash(1, "email", "a@b"), hash(1, "email", "a@b"); first != again {
		t.Error("a hash changed")
	}
	mustDestroy(t, v, vault.Ref{Workspace: 1, Kind: vault.Search})
	fresh, _ := v.Terms(t.Context(), 1, words)
	if fresh[0] == one[0] {
		t.Error("terms outlived their key")
	}
}

func TestDaysAndHoursAreUTC(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 3*60*60)
	noon := time.Date(2026, 11, 22, 1, 30, 0, 0, zone) // still the 21st in UTC
	if vault.DayStart(vault.Day(noon)) != time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC) {
		t.Error("day of", noon)
	}
	if vault.HourStart(vault.Hour(noon)) != time.Date(2026, 11, 21, 22, 0, 0, 0, time.UTC) {
		t.Error("hour of", noon)
	}
	if vault.Day(time.Unix(-1, 0)) != -1 || vault.Day(time.Unix(0, 0)) != 0 {
		t.Error("days before 1970 must round down")
	}
}
