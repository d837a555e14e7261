package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"parley/internal/audit"
)

// covers H-69: a certificate can be checked wherever it is kept, however it is
// laid out, and not changed by anybody.
func TestASignedDocumentIsVerifiedWithTheSignersKeyOnly(t *testing.T) {
	t.Parallel()
	own, other := signer(t, 1), signer(t, 2)
	p, err := own.Sign([]byte(`{ "deleted": {"tokens": 2} }`))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := audit.ReadProof(raw)
	if err != nil || kept.Verify(own.Public()) != nil || kept.Verify(other.Public(), own.Public()) != nil {
		t.Fatalf("the signed document is refused: %v", err)
	}
	if err := kept.Verify(other.Public()); !errors.Is(err, audit.ErrUnsigned) {
		t.Errorf("another key: %v", err)
	}
	changed, err := audit.ReadProof(bytes.Replace(raw, []byte("2"), []byte("3"), 1))
	if err != nil || !errors.Is(changed.Verify(own.Public()), audit.ErrUnsigned) {
		t.Errorf("a changed document passes, %v", err)
	}
	for _, bad := range []string{"", "{}", "[]", `{"document":{}}`, `{"document":{"a":1},"signature":"!"}`, string(make([]byte, audit.MaxProof+1))} {
		if p, err := audit.ReadProof([]byte(bad)); err == nil && p.Verify(own.Public()) == nil {
			t.Errorf("%.20q passes", bad)
		}
	}
}
