package privacy_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// covers A-14.1-01, A-14.1-02, A-14.1-06, H-93: a request to see, correct, object
// or about a child is answered once the act for that very person was carried out,
// and an act for another person or another kind of request is evidence of nothing.
func TestAnActForAPersonIsTheEvidenceOfTheirCase(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		o := open(t, w)
		c := newCopies(t, w)
		ws, ana := o.h.Workspace(), o.ana.contact
		ben := plant(t, o.h, storetest.Account(t, o.h, "widget", "pk_2"), "ben", 1).contact
		asks := func(kind desk.CaseKind) desk.ID {
			t.Helper()
			got, err := o.Open(ctx, ws, privacy.NewCase{Kind: kind, Door: privacy.DoorMember, Locale: "en", Contact: ana, By: o.by})
			o.must(err)
			return got.Case.ID
		}
		prove := func(id desk.ID) { _, err := o.ProveCase(ctx, ws, id, o.by, "came with a passport"); o.must(err) }
		refused := func(id desk.ID) {
			t.Helper()
			if _, err := o.Decide(ctx, ws, id, o.by, privacy.Verdict{Answered: true, Words: "believe me"}); reason(err) != "no_evidence" {
				t.Errorf("answered without evidence: %v", err)
			}
		}
		id := asks(desk.AskAccess)
		wish := privacy.CopyWish{Case: id, Language: "en"}
		if _, err := c.Start(ctx, ws, ana, o.by, wish); reason(err) != "not_proven" {
			t.Errorf("a copy for nobody: %v", err)
		}
		prove(id)
		if _, err := c.Start(ctx, ws, ben, o.by, wish); reason(err) != "case_person" {
			t.Errorf("a copy of somebody else: %v", err)
		}
		p, err := c.Start(ctx, ws, ana, o.by, wish)
		o.must(err)
		refused(id) // it is not ready yet
		c.made(t, ws, p)
		if one := o.at(id); one.State != desk.CaseWorking || one.Outcome["access"] != 1 {
			t.Errorf("with a copy it is %+v", one)
		}
		w.Fake.Advance(privacy.CopyTerm / 2)
		_, err = o.Decide(ctx, ws, id, o.by, privacy.Verdict{Answered: true})
		o.must(err)
		waits, err := c.OfCase(ctx, ws, id)
		if err != nil || !waits.Ends.Equal(w.Clock.Now().Add(privacy.CopyTerm)) {
			t.Errorf("the copy waits until %s, %v", waits.Ends, err)
		}
		f, err := o.Get(ctx, ws, id)
		o.must(err)
		if last := f.Texts[len(f.Texts)-1].Body; !strings.Contains(last, privacy.Day(waits.Ends)) || strings.Contains(last, "{") {
			t.Errorf("the letter says %q", last)
		}

		id = asks(desk.AskRectify)
		prove(id)
		if _, err := c.Start(ctx, ws, ana, o.by, privacy.CopyWish{Case: id}); reason(err) != "case_kind" {
			t.Errorf("a copy for who asks for a correction: %v", err)
		}
		name := "Ana Right"
		if _, err := o.Restrict.Correct(ctx, ws, ben, o.by, privacy.Correction{Name: &name, Case: id}); reason(err) != "case_person" {
			t.Errorf("a correction of somebody else: %v", err)
		}
		refused(id)
		_, err = o.Restrict.Correct(ctx, ws, ana, o.by, privacy.Correction{Name: &name, Case: id})
		o.must(err)
		if o.at(id).Outcome["ledger"] == 0 {
			t.Error("a correction names no entry of the ledger")
		}
		_, err = o.Decide(ctx, ws, id, o.by, privacy.Verdict{Answered: true})
		o.must(err)

		id = asks(desk.AskObject)
		prove(id)
		refused(id)
		_, err = o.Carry(ctx, ws, id, o.by)
		o.must(err)
		var who desk.Contact
		o.must(o.h.Read(ctx, func(r *store.Rx) (err error) { who, err = r.Contact(ana); return err }))
		if !who.Objected || who.Limited || who.Restricted || o.at(id).Outcome["object"] != 1 {
			t.Errorf("after an objection %+v", who)
		}
	})
}

// covers H-93, A-18-02: who says that they are too young is frozen by the filing of
// that message, before any work runs; a case about a child freezes when it is
// written down. Both stand in the ledger once.
func TestAChildIsFrozenAtOnce(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		o := open(t, w)
		ages := &privacy.Ages{DB: w.DB, Flow: o.f, Restrict: o.Restrict}
		ben := plant(t, o.h, storetest.Account(t, o.h, "widget", "pk_2"), "ben", 1).contact
		frozen := func(id desk.ID) (c desk.Contact) {
			t.Helper()
			o.must(o.h.Read(ctx, func(r *store.Rx) (err error) { c, err = r.Contact(id); return err }))
			return c
		}
		says := func(body desk.Body) {
			o.must(o.h.Write(ctx, func(tx *store.Tx) error {
				return ages.Arrived(tx, ben, desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Body: body})
			}))
		}
		says("I'm 31 years old")
		if frozen(ben).Frozen {
			t.Error("somebody grown up is frozen")
		}
		says("I'm 13 years old")
		says("I'm 13 years old")
		if !frozen(ben).Frozen {
			t.Error("the filing of the message froze nobody")
		}
		_, err := o.Open(ctx, o.h.Workspace(), privacy.NewCase{Kind: desk.AskChild, Door: privacy.DoorMember, Contact: o.ana.contact, By: o.by})
		o.must(err)
		life, stop := context.WithTimeout(ctx, time.Minute)
		defer stop()
		bell := make(chan struct{}, 1)
		defer w.DB.Watch(func(store.Commit) {
			select {
			case bell <- struct{}{}:
			default:
			}
		})()
		done := make(chan error, 1)
		go func() { done <- o.f.Run(life, ages.Handlers(), nil) }()
		acts := func() (n int) {
			entries, err := w.Keys.Ledger(ctx)
			o.must(err)
			for _, e := range entries {
				if e.Act == "freeze" {
					n++
				}
			}
			return n
		}
		for acts() < 2 || !frozen(o.ana.contact).Frozen {
			select {
			case <-bell:
			case <-life.Done():
				t.Fatal("nobody froze them")
			}
		}
		stop()
		o.must(<-done)
		if c := frozen(o.ana.contact); !c.Frozen || c.Restricted {
			t.Errorf("after a case about a child %+v", c)
		}
		if n := acts(); n != 2 {
			t.Errorf("the ledger names %d freezes", n)
		}
	})
}
