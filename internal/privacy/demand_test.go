package privacy_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// covers A-8.8-01, A-4.4-01: what is handed over is what two members approved, on
// both engines; the person reads of it once no law forbids it, and it goes with
// them.
func TestADemandIsHandedOverAsFarAsItsScope(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		ana, ben := plant(t, h, acct, "ana", 3), plant(t, h, acct, "ben", 2)
		d := privacy.Demands{Copies: newCopies(t, w).Copies}
		mia, noa := desk.Actor{Kind: desk.ByMember, ID: 7}, desk.Actor{Kind: desk.ByMember, ID: 8}
		now := w.Fake.Now()
		one, err := d.Open(ctx, h.Workspace(), mia, store.Demand{Authority: "canary court", Basis: "law", Parts: []string{"messages"},
			From: now.Add(-time.Hour), Until: now.Add(time.Hour), Due: now, SilentUntil: now.Add(24 * time.Hour)}, []desk.ID{ana.contact, ana.contact})
		if err != nil || len(one.Persons) != 1 {
			t.Fatalf("%d persons, %v", len(one.Persons), err)
		}
		refused := func(reason string, err error) {
			t.Helper()
			if code := reasonOf(err); code != reason {
				t.Errorf("%v, want %s", err, reason)
			}
		}
		hand := func() error { _, err := d.Hand(ctx, h.Workspace(), one.ID, mia); return err }
		refused("not_approved", hand())
		refused("members_only", d.Approve(ctx, h.Workspace(), one.ID, desk.Actor{Kind: desk.ByKey, ID: 9}))
		refused("", d.Approve(ctx, h.Workspace(), one.ID, mia))
		refused("same_person", d.Approve(ctx, h.Workspace(), one.ID, mia))
		refused("not_approved", hand())
		refused("", d.Approve(ctx, h.Workspace(), one.ID, noa))
		in, err := d.Hand(ctx, h.Workspace(), one.ID, mia)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(in)
		if err != nil || in.Close() != nil {
			t.Fatal(err)
		}
		text, _ := unzip(t, raw)
		for _, bad := range append(ben.canaries, "canary-ana-name", "canary-ana-mail", "canary-ana-phone", "canary-ana-identity") {
			if strings.Contains(text, bad) {
				t.Errorf("%s was handed over", bad)
			}
		}
		if !strings.Contains(text, "canary-ana-") {
			t.Error("no message was handed over")
		}
		refused("demand_state", d.Refuse(ctx, h.Workspace(), one.ID, mia, "late"))
		told := func() (n int) {
			all, err := privacy.Disclosures(ctx, w.DB, h.Workspace(), ana.contact)
			for _, x := range all {
				if err == nil && x.To == "canary court" && x.Way == store.ForLaw {
					n++
				}
			}
			return n
		}
		if told() != 0 {
			t.Error("the person reads of it while that is forbidden")
		}
		w.Fake.Advance(24 * time.Hour)
		if told() != 1 {
			t.Error("the person does not read of it afterwards")
		}
		w.Fake.Advance(store.DemandTerm)
		var n int64
		if err := h.Write(ctx, func(tx *store.Tx) (err error) { n, err = tx.DropOldDemands(); return err }); err != nil || n != 2 || told() != 0 {
			t.Errorf("after its term %d rows went, %v", n, err)
		}
	})
}

// covers A-8.8-01: a scope that says less than whom, what and when is no scope.
func TestADemandWithoutANarrowScopeIsRefused(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	h := storetest.Workspace(t, w.DB, "Northwind")
	ana := plant(t, h, storetest.Account(t, h, "widget", "pk_1"), "ana", 1)
	d := privacy.Demands{Copies: newCopies(t, w).Copies}
	now := w.Fake.Now()
	for reason, change := range map[string]func(*store.Demand, *[]desk.ID){
		"demand_basis":      func(d *store.Demand, _ *[]desk.ID) { d.Basis = " " },
		"demand_parts":      func(d *store.Demand, _ *[]desk.ID) { d.Parts = []string{"everything"} },
		"demand_time":       func(d *store.Demand, _ *[]desk.ID) { d.Until = d.From },
		"demand_due":        func(d *store.Demand, _ *[]desk.ID) { d.Due = time.Time{} },
		"demand_silence":    func(d *store.Demand, _ *[]desk.ID) { d.SilentUntil = now.Add(6 * 365 * 24 * time.Hour) },
		"demand_persons":    func(_ *store.Demand, ids *[]desk.ID) { *ids = nil },
		"contact_not_found": func(_ *store.Demand, ids *[]desk.ID) { *ids = []desk.ID{5} },
		"":                  func(*store.Demand, *[]desk.ID) {},
	} {
		wish, ids := store.Demand{Authority: "a", Basis: "b", Parts: []string{"files"}, From: now.Add(-time.Hour), Until: now, Due: now}, []desk.ID{ana.contact}
		change(&wish, &ids)
		if _, err := d.Open(ctx, h.Workspace(), desk.Actor{Kind: desk.ByMember, ID: 7}, wish, ids); reasonOf(err) != reason {
			t.Errorf("%q: %v", reason, err)
		}
	}
}

func reasonOf(err error) string {
	var e *desk.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
