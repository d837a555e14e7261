package audit_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"parley/internal/audit"
)

func TestMarksReadBackAsWritten(t *testing.T) {
	t.Parallel()
	m := newBook(t, 5, 5).marks[0]
	text, err := m.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var again audit.Mark
	if err := again.UnmarshalText(text); err != nil || again != m {
		t.Fatalf("read back %+v, %v; want %+v", again, err, m)
	}
	public := signer(t, 1).Public()
	if err := again.Verify(public); err != nil {
		t.Fatal(err)
	}
	for i := range text {
		for _, c := range []byte{text[i] ^ 1, ' ', '\n', 0} {
			bad := bytes.Clone(text)
			if bad[i] = c; bytes.Equal(bad, text) {
				continue
			}
			var m audit.Mark
			if m.UnmarshalText(bad) == nil && m.Verify(public) == nil {
				t.Fatalf("accepted with byte %d changed: %s", i, bad)
			}
		}
	}
}

func TestSignerPrintsAsDotsAndTheZeroOneSignsNothing(t *testing.T) {
	t.Parallel()
	s := signer(t, 1)
	for _, verb := range []string{"%v", "%+v", "%#v", "%x"} {
		if got := fmt.Sprintf(verb, s); got != "•••" {
			t.Errorf("%s prints %q", verb, got)
		}
	}
	var zero audit.Signer
	if _, err := zero.Checkpoint(ws, 0, audit.Head{No: 1}, start()); !errors.Is(err, audit.ErrBadMark) || zero.Public() != nil {
		t.Errorf("the zero signer signed: %v", err)
	}
	if _, err := audit.NewSigner(nil); !errors.Is(err, audit.ErrBadMark) {
		t.Errorf("a signer without a seed: %v", err)
	}
	if _, err := s.Checkpoint(ws, 5, audit.Head{No: 5}, start()); !errors.Is(err, audit.ErrBadMark) {
		t.Errorf("an empty segment was signed: %v", err)
	}
}

func FuzzMarkReadsOnlyWhatItWrites(f *testing.F) {
	text, _ := newBook(f, 5, 5).marks[0].MarshalText()
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		var m audit.Mark
		if m.UnmarshalText(text) == nil {
			if again, _ := m.MarshalText(); !bytes.Equal(again, text) {
				t.Fatalf("%q read, %q written", text, again)
			}
		}
	})
}
