package privacy_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// counter keeps one engagement of each contact, as nobody's.
type counter struct{}

func (counter) Keep(tx *store.Tx, _ desk.ID) (int64, error) {
	return 1, tx.KeepTally([]store.Tally{{Day: 1, Part: "all", Name: "all", Figures: map[string]int64{"engagements": 1}}})
}

func keptSums(t *testing.T, h store.Handle) (n int64) {
	t.Helper()
	err := h.Read(ctx, func(r *store.Rx) error {
		all, err := r.KeptTally(1)
		if n = 0; len(all) > 0 {
			n = all[0].Figures["engagements"]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// covers A-23.1-01: of who was made nameless nothing can be read or opened, in no
// file, and the certificate says what stayed: sums.
func TestNothingTellsWhoWasMadeNameless(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		ana, other, ben := plant(t, h, acct, "ana", 600), plant(t, h, acct, "other", 2), plant(t, h, acct, "ben", 3)
		if err := h.Write(ctx, func(tx *store.Tx) error { return tx.MergeContact(other.contact, ana.contact) }); err != nil {
			t.Fatal(err)
		}
		backup := copyFolder(t, w.Dir)
		log := audit.NewLog(w.DB)
		done, err := privacy.NewEraser(w.DB, w.Keys, log).Keeping(counter{}).Anonymise(ctx, h.Workspace(), ana.contact)
		if err != nil || done.Counts.Messages != 602 || done.Kept != 2 || done.Contacts != 2 {
			t.Fatalf("made nameless %+v, %v", done, err)
		}
		if err := w.DB.Vault().TurnEpoch(ctx); err != nil {
			t.Fatal(err)
		}
		if left := append(readable(t, h, ana), readable(t, h, other)...); len(left) > 0 {
			t.Errorf("still readable: %v", left)
		}
		if left := readable(t, h, ben); len(left) != len(ben.canaries) {
			t.Errorf("a neighbour lost something: %v left", left)
		}
		if found := rawBytes(t, w.Dir, append(ana.canaries, other.canaries...)); len(found) > 0 {
			t.Errorf("in the files is %v", found)
		}
		if n := keptSums(t, h); n != 2 {
			t.Errorf("%d engagements are kept as sums", n)
		}
		proof, err := audit.ReadProof(done.Proof)
		if err != nil {
			t.Fatal(err)
		}
		var f privacy.ErasureFacts
		if err := json.Unmarshal(proof.Document, &f); err != nil || f.Kind != privacy.NamelessKind || f.Kept != 2 || !slices.Contains(f.Remains, privacy.RemainsSums) || f.KeysEnd.IsZero() {
			t.Errorf("it says %+v, %v", f, err)
		}
		if strings.Contains(string(done.Proof), "canary") {
			t.Errorf("it names somebody: %s", done.Proof)
		}
		if w.URL == "" {
			attackBackup(t, w, h.Workspace(), backup, ana, ben)
		}
	})
}

// covers A-23.1-01: killed at any step, it ends by itself, and what is counted of
// the person is kept once.
func TestMakingNamelessKilledAtEveryStepKeepsItsSumsOnce(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB)).Keeping(counter{})
		killed, resumed, whole := 0, int64(0), false
		for looks := int64(0); !whole; looks += 3 {
			ana := plant(t, h, acct, fmt.Sprint("ana", looks), 2)
			die := dieAfter(looks)
			_, err := eraser.Anonymise(die, h.Workspace(), ana.contact)
			if whole = err == nil; !whole {
				killed++
			}
			die.kill()
			landed(t, w)
			if err := eraser.Resume(ctx); err != nil {
				t.Fatalf("killed after %d looks, it cannot be resumed: %v", looks, err)
			}
			if left := readable(t, h, ana); len(left) > 0 {
				if len(left) != len(ana.canaries) {
					t.Errorf("killed after %d looks, only %v is left", looks, left)
				}
				continue
			}
			resumed++
			all := certificates(t, h)
			var f privacy.ErasureFacts
			if err := json.Unmarshal(all[0].Facts, &f); err != nil || int64(len(all)) != resumed || f.Kind != privacy.NamelessKind || f.Kept != 1 || all[0].Done.IsZero() {
				t.Errorf("killed after %d looks, its certificate says %+v, %v", looks, f, err)
			}
			if n := keptSums(t, h); n != resumed {
				t.Errorf("killed after %d looks, %d engagements of %d people are kept", looks, n, resumed)
			}
		}
		if killed < 3 || resumed < 3 {
			t.Errorf("the kill itself is broken: %d killed, %d had begun", killed, resumed)
		}
	})
}

// covers A-23.1-01, H-70
func TestALegalHoldComesBeforeMakingNameless(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		ana := plant(t, h, storetest.Account(t, h, "widget", "pk_1"), "ana", 2)
		log := audit.NewLog(w.DB)
		rules := privacy.Retention{DB: w.DB, Audit: log}
		if _, err := rules.Hold(ctx, h.Workspace(), store.Hold{Contact: ana.contact, Reason: "a claim", Authority: "a court", By: member()}); err != nil {
			t.Fatal(err)
		}
		_, err := privacy.NewEraser(w.DB, w.Keys, log).Keeping(counter{}).Anonymise(ctx, h.Workspace(), ana.contact)
		if desk.CodeOf(err) != desk.Conflict || len(readable(t, h, ana)) != len(ana.canaries) || keptSums(t, h) != 0 {
			t.Errorf("who is held is made nameless: %v", err)
		}
	})
}
