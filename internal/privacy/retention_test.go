package privacy_test

import (
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// A conversation is there a day before the workspace's term and gone at it, the
// contact with it unless they wrote elsewhere since, and nobody under a legal
// hold goes before the hold does.
// covers A-11-02, A-11-17, H-70
func TestConversationsEndAtTheWorkspacesTermAndHoldsWin(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, other := storetest.Workspace(t, w.DB, "Northwind"), storetest.Workspace(t, w.DB, "Southwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		ana, held := plant(t, h, acct, "ana", 2), plant(t, h, acct, "held", 2)
		far := plant(t, other, storetest.Account(t, other, "widget", "pk_2"), "far", 2)
		rules := privacy.Retention{DB: w.DB, Audit: audit.NewLog(w.DB)}
		by := desk.Actor{Kind: desk.ByMember, ID: 7}
		if err := rules.Set(ctx, h.Workspace(), by, map[string]int{store.RetainConversations: 90}); err != nil {
			t.Fatal(err)
		}
		hold, err := rules.Hold(ctx, h.Workspace(), store.Hold{Contact: held.contact, Reason: "a claim", Authority: "a court", By: by})
		if err != nil {
			t.Fatal(err)
		}
		eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
		sweep := func(wait time.Duration) {
			t.Helper()
			w.Fake.Advance(wait)
			if err := eraser.SweepConversations(ctx); err != nil {
				t.Fatal(err)
			}
		}
		sweep(89 * 24 * time.Hour)
		if got := readable(t, h, ana); len(got) != len(ana.canaries) {
			t.Errorf("a day before the term %v is left", got)
		}
		w.Fake.Advance(24 * time.Hour)
		tried, err := rules.List(ctx, h.Workspace(), nil)
		if err != nil || tried[0].Over != 1 {
			t.Errorf("the dry run says %+v, %v", tried, err)
		}
		sweep(0)
		if got := readable(t, h, ana); len(got) != 0 {
			t.Errorf("at the term %v is left", got)
		}
		for who, p := range map[string]planted{"held": held} {
			if got := readable(t, h, p); len(got) != len(p.canaries) {
				t.Errorf("%s lost something: %v left", who, got)
			}
		}
		if got := readable(t, other, far); len(got) != len(far.canaries) {
			t.Errorf("another workspace lost something: %v left", got)
		}
		if _, err := eraser.Erase(ctx, h.Workspace(), held.contact); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("somebody under a hold was erased: %v", err)
		}
		if err := rules.Release(ctx, h.Workspace(), hold.ID, by); err != nil {
			t.Fatal(err)
		}
		sweep(0)
		if got := readable(t, h, held); len(got) != 0 {
			t.Errorf("after the release %v is left", got)
		}
	})
}

// covers decision 3: shorter than the table, never longer.
func TestATermIsNeverLongerThanTheTables(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		rules := privacy.Retention{DB: w.DB, Audit: audit.NewLog(w.DB)}
		for _, r := range privacy.Rules() {
			most := int(r.Most / (24 * time.Hour))
			for days, ok := range map[int]bool{0: true, 1: true, most: true, -1: false, 20*365 + 1: false} {
				err := rules.Set(ctx, h.Workspace(), desk.Actor{Kind: desk.ByMember}, map[string]int{r.Name: days})
				if (err == nil) != ok {
					t.Errorf("%s for %d days: %v", r.Name, days, err)
				}
			}
			if most > 0 {
				if err := rules.Set(ctx, h.Workspace(), desk.Actor{Kind: desk.ByMember}, map[string]int{r.Name: most + 1}); err == nil {
					t.Errorf("%s for longer than the table", r.Name)
				}
			}
		}
		if err := rules.Set(ctx, h.Workspace(), desk.Actor{Kind: desk.ByMember}, map[string]int{"nothing": 1}); err == nil {
			t.Error("a rule that is none was set")
		}
	})
}
