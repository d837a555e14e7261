package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"parley/internal/kit/secret"
)

func TestTextNeverPrintsItself(t *testing.T) {
	t.Parallel()
	s := secret.New("hunter2")
	in := struct {
		Key   secret.Text
		Inner *secret.Text
	}{s, &s}
	var out bytes.Buffer
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%X", "%d", "%t", "%o", "%10s"} {
		fmt.Fprintf(&out, verb+" "+verb+"\n", s, in)
	}
	fmt.Fprintln(&out, s, errors.Join(fmt.Errorf("bad key %v", s)))
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "key", s, "in", in)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "key", s)
	if err := json.NewEncoder(&out).Encode(map[string]any{"k": s, "in": in}); err != nil {
		t.Fatal(err)
	}
	for _, leak := range []string{"hunter2", fmt.Sprintf("%x", "hunter2"), fmt.Sprintf("%X", "hunter2")} {
		if strings.Contains(out.String(), leak) {
			t.Fatalf("secret shown:\n%s", out.String())
		}
	}
	if s.Reveal() != "hunter2" {
		t.Fatal("Reveal lost it")
	}
}

func TestTextIsReadFromJSON(t *testing.T) {
	t.Parallel()
	var in struct{ Password secret.Text }
	if err := json.Unmarshal([]byte(`{"password":"pâss"}`), &in); err != nil {
		t.Fatal(err)
	}
	if in.Password.Reveal() != "pâss" || in.Password.IsZero() {
		t.Fatalf("got %q", in.Password.Reveal())
	}
}

func TestTokensAreLongAndDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		tok := secret.Token()
		if len(tok) != 43 || seen[tok] {
			t.Fatalf("token %q", tok)
		}
		seen[tok] = true
	}
	if len(secret.Hash("a")) != 32 || len(secret.Random(7)) != 7 {
		t.Fatal("wrong length")
	}
}

func TestEqualComparesBytes(t *testing.T) {
	t.Parallel()
	if !secret.Equal("abc", "abc") || secret.Equal("abc", "abd") || secret.Equal("abc", "ab") {
		t.Fatal("Equal is wrong on strings")
	}
	if !secret.Equal(secret.Hash("x"), secret.Hash("x")) || secret.Equal([]byte{}, []byte{1}) {
		t.Fatal("Equal is wrong on bytes")
	}
}
