package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// covers A-3.3-03…09 and their 90-day term: there at the term less a second,
// gone at the term; withdrawn consent empties them at once.
func TestAVisitsFieldsEndWithTheirTermOrConsent(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		contact, conv := talk(t, h, storetest.Account(t, h, "widget", "wk_1"), "Ana")
		visit := desk.Session{ID: "s1", Consent: desk.ConsentGranted, IP: "203.0.113.7", Browser: "Firefox 130", OS: "Linux",
			Device: "desktop", Referrer: "https://a.example/", PageURL: "https://b.example/coat", Locale: "tr-TR"}
		note := func() {
			t.Helper()
			if err := h.Write(ctx, func(tx *store.Tx) error { return tx.NoteVisit(contact, conv, visit) }); err != nil {
				t.Fatal(err)
			}
		}
		read := func() (s desk.Session) {
			t.Helper()
			if err := h.Read(ctx, func(r *store.Rx) (err error) { s, err = r.Visit(contact); return err }); err != nil {
				t.Fatal(err)
			}
			return s
		}
		sweep := func() {
			t.Helper()
			if err := h.Write(ctx, func(tx *store.Tx) error { _, err := tx.EmptyOldVisits(100); return err }); err != nil {
				t.Fatal(err)
			}
		}
		note()
		w.Fake.Advance(90 * time.Second)
		note()
		want := visit
		want.StartedAt, want.SeenAt = storetest.Start(), storetest.Start().Add(90*time.Second)
		if diff := cmp.Diff(want, read()); diff != "" {
			t.Error(diff)
		}
		w.Fake.Advance(store.VisitTerm - time.Second)
		sweep()
		if got := read(); got.IP != visit.IP {
			t.Errorf("gone before its term: %+v", got)
		}
		w.Fake.Advance(time.Second)
		sweep()
		shell := desk.Session{ID: "s1", Consent: desk.ConsentGranted, StartedAt: want.StartedAt, SeenAt: want.SeenAt}
		if diff := cmp.Diff(shell, read()); diff != "" {
			t.Errorf("after the term: %s", diff)
		}
		note() // with a term of the workspace's own
		if err := h.Write(ctx, func(tx *store.Tx) error { return tx.SetTerm(store.RetainVisits, 10) }); err != nil {
			t.Fatal(err)
		}
		w.Fake.Advance(10*24*time.Hour - time.Second)
		if sweep(); read().IP == "" {
			t.Error("gone before the workspace's term")
		}
		w.Fake.Advance(time.Second)
		if sweep(); read().IP != "" {
			t.Error("there after the workspace's term")
		}
		note()
		if err := h.Write(ctx, func(tx *store.Tx) error { return tx.ForgetVisits(contact) }); err != nil {
			t.Fatal(err)
		}
		if got := read(); got.IP != "" || got.PageURL != "" || got.Consent != desk.ConsentWithdrawn {
			t.Errorf("after the withdrawal: %+v", got)
		}
	})
}
