package report_test

import (
	"errors"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/report"
	"parley/internal/store"
)

// post is a mail room that writes letters into the transaction it is given, and
// fails when told.
type post struct {
	off   bool
	fails bool
}

func (p *post) On() bool { return !p.off }

func (p *post) Queue(tx *store.Tx, l desk.Letter) error {
	if err := tx.InsertLetter(&l); err != nil || !p.fails {
		return err
	}
	return errors.New("the power went")
}

func (s *shop) member(t *testing.T, role desk.Role) desk.Member {
	t.Helper()
	m := desk.Member{Name: "Ada", Role: role, Active: true}
	must(t, s.h.Write(t.Context(), func(tx *store.Tx) error {
		m.ID = tx.NewID()
		m.Email = m.ID.String() + "@shop.example"
		m.Workspace = s.acct.Workspace
		return tx.InsertMember(m, nil)
	}))
	return m
}

func (s *shop) mailed(t *testing.T, m desk.Member) (all []desk.Digest) {
	t.Helper()
	must(t, s.h.Read(t.Context(), func(r *store.Rx) error {
		rows, err := r.LettersTo(m.ID, 1<<62, 50)
		all = nil
		for _, l := range rows {
			if l.Kind != desk.LetterDigest {
				t.Errorf("a letter of kind %s", l.Kind)
			}
			all = append(all, desk.ReadDigest(l.About))
		}
		return err
	}))
	return all
}

// orphan adds an open conversation that is nobody's.
func (s *shop) orphan(t *testing.T) {
	t.Helper()
	must(t, s.h.Write(t.Context(), func(tx *store.Tx) error {
		who := desk.Contact{ID: tx.NewID()}
		if err := tx.InsertContact(who); err != nil {
			return err
		}
		return tx.InsertConversation(desk.Conversation{ID: tx.NewID(), Contact: who.ID, Account: s.acct.ID, State: desk.Open, Owner: desk.Owner{Kind: desk.OwnedByNobody}, CreatedAt: tx.Now()})
	}))
}

// Who chose counts gets them once a day, whatever crashes or stands still in
// between; who did not choose gets none.
func TestCountsAreMailedOnceToWhoWantsThem(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		room := &post{}
		s.r = report.New(report.Parts{DB: s.DB, Pleased: func(string) bool { return false }, Letters: room})
		wants, silent := s.member(t, desk.RoleOwner), s.member(t, desk.RoleOwner)
		s.orphan(t)
		tick := func(by time.Duration) {
			t.Helper()
			s.Fake.Advance(by)
			must(t, s.r.Digests(t.Context()))
		}
		must(t, s.r.ChooseDigest(t.Context(), wants, desk.DigestDaily))
		tick(0)
		if got := s.mailed(t, wants); len(got) != 0 {
			t.Errorf("before its time: %d", len(got))
		}
		room.fails = true
		s.Fake.Advance(24 * time.Hour)
		if err := s.r.Digests(t.Context()); err == nil {
			t.Error("a mail room that fails is not noticed")
		}
		room.fails = false
		if got := s.mailed(t, wants); len(got) != 0 {
			t.Errorf("half-written: %d", len(got))
		}
		tick(0)
		tick(0)
		got := s.mailed(t, wants)
		if len(got) != 1 || got[0].Every != desk.DigestDaily || got[0].Unassigned == nil || *got[0].Unassigned != 1 || got[0].Answers == nil {
			t.Fatalf("%+v", got)
		}
		tick(10 * 24 * time.Hour) // the machine was off
		tick(time.Hour)
		if got := s.mailed(t, wants); len(got) != 2 {
			t.Errorf("after ten days off: %d", len(got))
		}
		if got := s.mailed(t, silent); len(got) != 0 {
			t.Errorf("who chose nothing got %d", len(got))
		}
		must(t, s.r.ChooseDigest(t.Context(), wants, desk.DigestOff))
		tick(3 * 24 * time.Hour)
		if got := s.mailed(t, wants); len(got) != 2 {
			t.Errorf("after the end: %d", len(got))
		}
	})
}

// A role reads the counts that it may see in the dashboard, and no others.
func TestCountsKeepToTheRole(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		room := &post{}
		s.r = report.New(report.Parts{DB: s.DB, Pleased: func(string) bool { return false }, Letters: room})
		s.orphan(t)
		s.orphan(t)
		agent := s.member(t, desk.RoleAgent)
		must(t, s.r.ChooseDigest(t.Context(), agent, desk.DigestWeekly))
		if err := s.r.ChooseDigest(t.Context(), s.member(t, desk.RoleBilling), desk.DigestDaily); desk.CodeOf(err) != desk.Forbidden {
			t.Errorf("a role without counts: %v", err)
		}
		if err := s.r.ChooseDigest(t.Context(), agent, "hourly"); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("every hour: %v", err)
		}
		s.Fake.Advance(7 * 24 * time.Hour)
		must(t, s.r.Digests(t.Context()))
		got := s.mailed(t, agent)
		if len(got) != 1 || got[0].Unassigned == nil || *got[0].Unassigned != 2 || got[0].Answers != nil || got[0].Gaps != nil {
			t.Fatalf("%+v", got)
		}
		room.off = true
		if err := s.r.ChooseDigest(t.Context(), agent, desk.DigestDaily); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("without a mail server: %v", err)
		}
	})
}
