package vault_test

import (
	"bytes"
	"testing"

	"parley/internal/vault"
	"parley/internal/vault/vaulttest"
)

func FuzzOpenNeverPanicsNorOpensForeignBytes(f *testing.F) {
	v := vaulttest.New(f)
	sealed := v.Seal(mustKey(f, v, subjectRef(41)), place(), []byte("hello"))
	f.Add(sealed, "message", "body", int64(1), int64(9))
	f.Add([]byte{1}, "", "", int64(0), int64(0))
	f.Fuzz(func(t *testing.T, b []byte, table, column string, ws, row int64) {
		ad := vault.AD{Workspace: ws, Table: table, Column: column, Row: row}
		clear, err := v.Open(t.Context(), ad, b)
		if err == nil && (ad != place() || !bytes.Equal(b, sealed) || string(clear) != "hello") {
			t.Fatalf("opened %x at %+v as %q", b, ad, clear)
		}
	})
}

func BenchmarkSeal500Bytes(b *testing.B) {
	v := vaulttest.New(b)
	k, clear := mustKey(b, v, subjectRef(41)), bytes.Repeat([]byte("x"), 500)
	b.ReportAllocs()
	for b.Loop() {
		v.Seal(k, place(), clear)
	}
}

func BenchmarkOpen500Bytes(b *testing.B) {
	v := vaulttest.New(b)
	sealed := v.Seal(mustKey(b, v, subjectRef(41)), place(), bytes.Repeat([]byte("x"), 500))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Open(b.Context(), place(), sealed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTwelveTerms(b *testing.B) {
	v := vaulttest.New(b)
	words := []string{"a", "bb", "ccc", "dddd", "eeeee", "ffffff", "g", "hh", "iii", "jjjj", "kkkkk", "llllll"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Terms(b.Context(), 1, words); err != nil {
			b.Fatal(err)
		}
	}
}
