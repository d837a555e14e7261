package member_test

import (
	"context"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
	"parley/test/storetest"
)

// Nothing is allowed from the start; allowing needs a confirmed address and the
// text of today, and taking back is the same call, with effect at once and the
// history kept. An address that said no in one workspace gets nothing by another
// (covers A-4.2-01, A-4.2-02, A-5.5-03).
func TestAConsentIsGivenAndTakenBackByTheSameCall(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, m := add(t, r, "Kumaş", "ada@example.com", desk.RoleAgent)
		other, same := add(t, r, "Yün", "ada@example.com", desk.RoleAgent)
		who := member.Who{Member: m, Workspace: ws, Session: 1, Actor: desk.Actor{Kind: desk.ByMember, ID: m.ID, Role: m.Role}}
		there := member.Who{Member: same, Workspace: other, Session: 1, Actor: desk.Actor{Kind: desk.ByMember, ID: same.ID, Role: m.Role}}
		allowed := func(who member.Who) bool {
			t.Helper()
			all, _, err := r.Consents(ctx, who, "en")
			if err != nil || len(all) != 1 {
				t.Fatal(all, err)
			}
			return all[0].Allowed
		}
		answer := func(who member.Who, version string, agreed bool) error {
			return r.Allow(ctx, who, member.Agreement{What: desk.ConsentNews, Version: version, Locale: "tr", Agreed: agreed})
		}
		today := "2026-11-22"
		if allowed(who) {
			t.Fatal("allowed from the start")
		}
		if err := answer(who, today, true); reason(err) != "address_unverified" {
			t.Fatalf("an address nobody confirmed: %v", err)
		}
		for _, who := range []member.Who{who, there} {
			if err := w.DB.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error { return tx.VerifyAddress(who.Member.ID) }); err != nil {
				t.Fatal(err)
			}
		}
		if err := answer(who, "2020-01-01", true); reason(err) != "text_changed" {
			t.Fatalf("an old text: %v", err)
		}
		for range 2 { // twice is once
			if err := answer(who, today, true); err != nil || !allowed(who) {
				t.Fatal(err)
			}
		}
		if err := answer(there, today, true); err != nil || !allowed(there) {
			t.Fatal(err)
		}
		if err := answer(who, "", false); err != nil || allowed(who) || allowed(there) {
			t.Fatalf("taken back: %v; here %v, there %v", err, allowed(who), allowed(there))
		}
		if _, past, err := r.Consents(ctx, who, "en"); err != nil || len(past) != 1 || past[0].GivenAt.IsZero() || past[0].WithdrawnBy != desk.WithdrawnInProfile {
			t.Fatalf("%+v %v", past, err)
		}
		if err := answer(there, today, true); err != nil || !allowed(there) || allowed(who) {
			t.Fatalf("allowed once more: %v", err)
		}
		who.Session = 0
		if err := answer(who, today, true); desk.CodeOf(err) != desk.Forbidden {
			t.Fatalf("a key: %v", err)
		}
	})
}

// The link of a mail withdraws without a sign-in; no other token does anything.
// What is withdrawn is gone three years later, and what was never withdrawn three
// years after its person was last seen; that the address said no outlives both
// (covers A-11-11).
func TestAConsentEndsThreeYearsAfterTheLastAct(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4})
	ctx := context.Background()
	ws, m := add(t, r, "Kumaş", "ada@example.com", desk.RoleAgent)
	h := w.DB.In(ws.ID)
	write := func(fn func(tx *store.Tx) error) {
		t.Helper()
		if err := h.Write(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	give := func(tx *store.Tx) error {
		return tx.GiveConsent(m, desk.Consent{Purpose: desk.ConsentNews, Version: "1", Hash: []byte("h"), Locale: "en", Source: "profile"})
	}
	rows := func() (all []desk.Consent) {
		t.Helper()
		write(func(tx *store.Tx) (err error) {
			if _, err = tx.DropOldConsents(); err == nil {
				all, err = tx.Consents(m.ID, 9)
			}
			return err
		})
		return all
	}
	holds := func() bool {
		t.Helper()
		var err error
		write(func(tx *store.Tx) error {
			now, e := tx.Member(m.ID)
			if e == nil {
				_, err = tx.Allowed(now, desk.ConsentNews)
			}
			return e
		})
		return err == nil
	}
	write(func(tx *store.Tx) error { return tx.VerifyAddress(m.ID) })
	write(give)
	var token string
	write(func(tx *store.Tx) error {
		c, err := tx.Allowed(member1(tx, t, m.ID), desk.ConsentNews)
		if err != nil {
			return err
		}
		hash, err := tx.StopHash(c)
		token = desk.LetterToken(desk.Letter{Workspace: ws.ID, ID: c.ID}, hash)
		return err
	})
	forged := token[:len(token)-4] + "AAAA"
	for _, bad := range []string{"", "x", forged, "AAAA" + token[4:]} {
		if err := r.Stop(ctx, bad); reason(err) != "link_unknown" || !holds() {
			t.Fatalf("%q: %v", bad, err)
		}
	}
	for range 2 {
		if err := r.Stop(ctx, token); err != nil || holds() {
			t.Fatalf("the link: %v", err)
		}
	}
	w.Fake.Advance(store.ConsentTerm - time.Hour)
	if got := rows(); len(got) != 1 || got[0].WithdrawnBy != desk.WithdrawnByLink {
		t.Fatalf("before its term: %+v", got)
	}
	w.Fake.Advance(2 * time.Hour)
	if len(rows()) != 0 {
		t.Fatal("a withdrawn consent outlives its term")
	}
	write(give)
	if !holds() {
		t.Fatal("given once more, it does not hold")
	}
	w.Fake.Advance(store.ConsentTerm - time.Hour)
	signIn(t, r, m.Email) // an act of theirs
	if _, err := r.Still(ctx, signIn(t, r, m.Email).Token); err != nil {
		t.Fatal(err)
	}
	w.Fake.Advance(2 * time.Hour)
	if len(rows()) != 1 || !holds() {
		t.Fatal("a consent of somebody who was just seen ended")
	}
	w.Fake.Advance(store.ConsentTerm + time.Hour)
	if holds() || len(rows()) != 0 {
		t.Fatal("a consent outlives three years of silence")
	}
	if err := r.Stop(ctx, token); reason(err) != "link_unknown" {
		t.Fatalf("the link of a consent that is gone: %v", err)
	}
}

func member1(tx *store.Tx, t *testing.T, id desk.ID) desk.Member {
	t.Helper()
	m, err := tx.Member(id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
