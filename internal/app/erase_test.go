package app_test

import (
	"crypto/ed25519"
	"testing"

	"parley/internal/app"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/store"
)

// The command counts first, erases one resolved person when told so, and hands
// over a certificate that the install's public key alone verifies.
func TestTheCommandErasesWhomItCounted(t *testing.T) {
	t.Parallel()
	s := begin(t, "")
	ana, _ := s.person(t, "ana")
	ben, _ := s.person(t, "ben")
	var name string
	there := func(who desk.ID) bool {
		return s.ws.Read(t.Context(), func(r *store.Rx) error {
			ws, err := r.Settings()
			if err != nil {
				return err
			}
			name = ws.Name
			_, err = r.Contact(who)
			return err
		}) == nil
	}
	if !there(ana) {
		t.Fatal("nobody to erase")
	}
	for _, in := range []app.EraseContact{{Workspace: name, Confirm: true}, {Workspace: name + "x", Contact: ana, Confirm: true}, {Contact: ana, Confirm: true}} {
		if done, err := s.EraseContact(t.Context(), in); err == nil || done.Erased {
			t.Errorf("%+v erased somebody", in)
		}
	}
	seen, err := s.EraseContact(t.Context(), app.EraseContact{Workspace: name, Contact: ana})
	if err != nil || seen.Erased || seen.Certificate != nil || seen.Counts.Messages == 0 || !there(ana) {
		t.Fatalf("the count: %+v %v", seen, err)
	}
	done, err := s.EraseContact(t.Context(), app.EraseContact{Workspace: name, Contact: ana, Confirm: true})
	if err != nil || !done.Erased || done.Counts != seen.Counts || there(ana) || !there(ben) {
		t.Fatalf("the erasure: %+v %v", done, err)
	}
	key, err := s.DocumentKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var kept store.Certificate
	if err := s.ws.Read(t.Context(), func(r *store.Rx) (err error) { kept, err = r.CertificateOf(done.No); return err }); err != nil || string(kept.Signed) != string(done.Certificate) {
		t.Errorf("kept is %s, %v", kept.Signed, err)
	}
	proof, err := audit.ReadProof(done.Certificate)
	if err == nil {
		err = proof.Verify(ed25519.PublicKey(key.PublicKey))
	}
	if err != nil {
		t.Errorf("the certificate: %v", err)
	}
	if _, err := s.EraseContact(t.Context(), app.EraseContact{Workspace: name, Contact: ana, Confirm: true}); !desk.IsNotFound(err) {
		t.Errorf("erased twice: %v", err)
	}
}
