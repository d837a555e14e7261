package privacy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/privacy"
	"parley/test/storetest"
)

// covers A-14.1-03: what was erased is certified so that it can be checked
// without the install, and the certificate says when the last copies end.
func TestAnErasureIsCertified(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		ana := plant(t, h, storetest.Account(t, h, "widget", "pk_1"), "ana", 5)
		eraser, log := privacy.NewEraser(w.DB, w.Keys), audit.NewLog(w.DB)
		done, err := eraser.Erase(ctx, h.Workspace(), ana.contact)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := eraser.Certify(ctx, log, done, privacy.CopyTerms{Keys: 7 * 24 * time.Hour, Data: 90 * 24 * time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		key, err := log.DocumentKey(ctx)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := audit.ReadProof(signed)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.Verify(key); err != nil {
			t.Errorf("its own key does not verify it: %v", err)
		}
		var f privacy.ErasureFacts
		if err := json.Unmarshal(proof.Document, &f); err != nil {
			t.Fatal(err)
		}
		if f.Number != done.No || f.Contacts != 1 || f.Deleted.Messages != 5 || f.Deleted.Drafts != 1 || f.Workspace != h.Workspace() {
			t.Errorf("it says %+v", f)
		}
		if f.PagesEnd.Sub(f.ErasedAt) != privacy.EpochTerm || f.KeysEnd.Sub(f.ErasedAt) != 7*24*time.Hour || f.DataEnd.Sub(f.ErasedAt) != 90*24*time.Hour {
			t.Errorf("the last copies end at %v, %v and %v", f.PagesEnd, f.KeysEnd, f.DataEnd)
		}
		if bytes.Contains(signed, []byte("canary")) || bytes.Contains(signed, []byte(ana.contact.String())) {
			t.Errorf("it names somebody: %s", signed)
		}
		forged := bytes.Replace(signed, []byte(`"messages":5`), []byte(`"messages":6`), 1)
		if proof, err = audit.ReadProof(forged); err != nil || bytes.Equal(forged, signed) {
			t.Fatal("nothing was forged", err)
		}
		if err := proof.Verify(key); !errors.Is(err, audit.ErrUnsigned) {
			t.Errorf("a changed certificate is believed: %v", err)
		}
	})
}
