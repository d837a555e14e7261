package store_test

import (
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
	"parley/test/storetest"
)

// covers A-9.1-01, A-9.1-02: one code is one case, with its clock, and who asked
// is forgotten when it is done.
func TestACaseIsOpenedOnceAndForgetsWhoAsked(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		install := w.In(0)
		code := secret.Hash("the code")
		asked := w.Clock.Now().Add(-time.Minute)
		want := store.Case{Kind: "deletion", Subject: "218471", AskedAt: asked, Due: w.Clock.Now().Add(24 * time.Hour)}
		open := func() (added bool) {
			t.Helper()
			err := install.Write(ctx, func(tx *store.Tx) (err error) {
				one := want
				one.ID = tx.NewID()
				added, err = tx.AddCase(code, one)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return added
		}
		read := func() (c store.Case) {
			t.Helper()
			err := install.Read(ctx, func(r *store.Rx) (err error) { c, err = r.CaseByCode(code); return err })
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		if !open() || open() {
			t.Fatal("the same code opened no case, or two")
		}
		c := read()
		if c.State != store.CaseReceived || c.Kind != "deletion" || c.Subject != "218471" || !c.AskedAt.Equal(asked) || !c.Opened.Equal(w.Clock.Now()) ||
			!c.Due.Equal(want.Due) || !c.Done.IsZero() || len(c.Outcome) != 0 {
			t.Errorf("read %+v", c)
		}
		if err := install.Write(ctx, func(tx *store.Tx) error { return tx.StartCase(c.ID, map[string]int{"accounts": 2}) }); err != nil {
			t.Fatal(err)
		}
		if c = read(); c.State != store.CaseWorking || c.Outcome["accounts"] != 2 || c.Subject != "218471" {
			t.Errorf("begun, it reads %+v", c)
		}
		if err := install.Write(ctx, func(tx *store.Tx) error { return tx.EndCase(c.ID) }); err != nil {
			t.Fatal(err)
		}
		if c = read(); c.State != store.CaseDone || c.Subject != "" || c.Outcome["accounts"] != 2 || !c.Done.Equal(w.Clock.Now()) {
			t.Errorf("done, it reads %+v", c)
		}
		if open() {
			t.Error("a case that is done was opened again")
		}
		for _, step := range []struct {
			by   time.Time
			gone int64
		}{{c.Done.Add(-time.Second), 0}, {c.Done, 1}} {
			var n int64
			err := install.Write(ctx, func(tx *store.Tx) (err error) { n, err = tx.DropCases(step.by); return err })
			if err != nil || n != step.gone {
				t.Errorf("dropped %d, want %d: %v", n, step.gone, err)
			}
		}
		err := install.Read(ctx, func(r *store.Rx) error { _, err := r.CaseByCode(code); return err })
		if !desk.IsNotFound(err) {
			t.Errorf("past its term it is still there: %v", err)
		}
	})
}

// covers decision 10: an outside id finds the contacts of one workspace, on each
// of its accounts, and nobody of another.
func TestAnOutsideIDFindsItsContactsOnEveryAccount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, other := storetest.Workspace(t, db, "Northwind"), storetest.Workspace(t, db, "Southwind")
		a, b := storetest.Account(t, h, "widget", "pk_1"), storetest.Account(t, h, "widget", "pk_2")
		one, _ := talk(t, h, a, "ana")
		two, _ := talk(t, h, b, "ana")
		talk(t, h, a, "ben")
		talk(t, other, storetest.Account(t, other, "widget", "pk_3"), "ana")
		for who, want := range map[desk.IdentityHint]int{{Kind: "visitor", Value: "v-ana"}: 2, {Kind: "psid", Value: "v-ana"}: 0,
			{Kind: "visitor", Value: ""}: 0, {Kind: "visitor", Value: "v-nobody"}: 0} {
			var got []desk.ID
			if err := h.Read(ctx, func(r *store.Rx) (err error) { got, err = r.KnownAs(who); return err }); err != nil {
				t.Fatal(err)
			}
			if len(got) != want {
				t.Errorf("%v found %v, want %d", who, got, want)
			}
			for _, id := range got {
				if id != one && id != two {
					t.Errorf("%v found %v", who, id)
				}
			}
		}
	})
}
