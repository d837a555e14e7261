package graph_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/store"
	"parley/sim/smtp"
)

// letterTo waits for a mail to an address whose text holds some words.
func (w *world) letterTo(sim *smtp.Sim, to, words string) string {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	for n := 1; ; n++ {
		all, err := sim.Wait(ctx, n)
		if err != nil {
			w.Fatalf("no mail to %s says %q: %v", to, words, err)
		}
		text := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(all[n-1].Raw))
		if all[n-1].To == to && strings.Contains(text, words) {
			return string(all[n-1].Raw)
		}
	}
}

// What goes wrong with an install reaches whoever runs it, once for each time; and
// where each record of acts stands leaves the house each month, so that one that
// was written anew is found even by nobody but who kept the mail (asvs: V16.4.2).
func TestWhoeverRunsAnInstallIsToldAndRecordsAreHeldToWhatWasMailed(t *testing.T) {
	sim, set := mailbox(t)
	const operator, owner = "ops@northwind.example", "selin@northwind.example"
	set["PARLEY_OPERATOR_MAIL"] = operator
	w := open(t, "", set)
	ctx := t.Context()
	w.member(owner, desk.RoleOwner)
	for range 12 {
		w.signsIn(owner, "a wrong password")
	}
	told := func() (all []desk.OperatorLetter) {
		w.must(w.app.DB.In(0).Read(ctx, func(r *store.Rx) (err error) { all, err = r.OperatorLetters(1<<62, 100); return err }))
		return all
	}
	for range 3 { // however often it is looked
		w.must(w.app.Alerts.Look(ctx))
	}
	w.letterTo(sim, owner, "looks like abuse")
	w.letterTo(sim, operator, "looks like abuse")
	if all := told(); len(all) != 1 || all[0].Kind != desk.OperatorAbuse {
		t.Fatalf("%+v", all)
	}
	w.must(w.app.Audit.Checkpoint(ctx))
	w.clock.Move(31 * 24 * time.Hour)
	w.must(w.app.Recur(ctx))
	saved := w.letterTo(sim, owner, "audit verify --checkpoint") + w.letterTo(sim, operator, "audit verify --checkpoint")
	kinds := map[desk.OperatorLetterKind]int{}
	for _, l := range told() {
		kinds[l.Kind]++
	}
	if kinds[desk.OperatorChain] != 1 || kinds[desk.OperatorAbuse] != 1 {
		t.Errorf("%v", kinds)
	}
	marks := audit.ReadMarks(saved)
	var kept []string
	for _, m := range marks {
		line, err := m.MarshalText()
		w.must(err)
		kept = append(kept, string(line))
	}
	if len(kept) != 2 || !slices.ContainsFunc(marks, func(m audit.Mark) bool { return m.Workspace == 0 }) {
		t.Fatalf("%d checkpoints were mailed: %s", len(kept), saved)
	}
	broken := func() (all []string) {
		chains, err := w.app.VerifyAudit(ctx, app.VerifyAudit{Kept: kept})
		w.must(err)
		for _, c := range chains {
			if c.Kept != 1 {
				t.Errorf("workspace %d was held to %d", c.Workspace, c.Kept)
			}
			if c.Broken != "" {
				all = append(all, c.Broken)
			}
		}
		return all
	}
	if bad := broken(); len(bad) != 0 {
		t.Fatalf("what was mailed does not hold: %v", bad)
	}
	// Somebody with the whole server in hand tells an earlier history under the same key.
	signer, err := w.app.Audit.Signer(ctx)
	w.must(err)
	for i, m := range marks {
		m.Hash[0] ^= 1 // what stood there before
		other, err := signer.Checkpoint(m.Workspace, m.Since, audit.Head{No: m.No, Hash: m.Hash}, m.At)
		w.must(err)
		line, err := other.MarshalText()
		w.must(err)
		kept[i] = string(line)
	}
	if bad := broken(); len(bad) != 2 || !strings.Contains(bad[0], "written anew") {
		t.Errorf("a history told anew is not found: %v", bad)
	}
}
