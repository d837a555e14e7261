package report_test

import (
	"maps"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// covers A-23.1-01: the figures of a day stay what they were after somebody in them
// was made nameless, however often the day is counted anew; of who is erased they
// go down.
func TestFiguresStayWhenSomebodyInThemIsMadeNameless(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		nameless, erased, stays := s.begin(t, false), s.begin(t, false), s.begin(t, false)
		for _, c := range []desk.ID{nameless, erased, stays} {
			s.turn(t, c, answer("sent", 0.9))
			s.say(t, c, desk.FromContact, "thanks!", 0)
		}
		s.Fake.Advance(25 * time.Hour)
		before := s.numbers(t).Now
		must(t, s.h.Write(t.Context(), func(tx *store.Tx) error {
			c, err := tx.Conversation(nameless)
			if err != nil {
				return err
			}
			n, err := s.r.Keep(tx, c.Contact)
			if n != 1 {
				t.Errorf("%d engagements are kept", n)
			}
			return err
		}))
		s.drop(t, nameless)
		for range 2 {
			after := s.numbers(t).Now
			if !maps.Equal(after.All, before.All) {
				t.Errorf("figures were %v and are %v", before.All, after.All)
			}
			for part, all := range before.Parts {
				if len(after.Parts[part]) != len(all) || !maps.Equal(after.Parts[part][0].Figures, all[0].Figures) {
					t.Errorf("%s was %+v and is %+v", part, all, after.Parts[part])
				}
			}
		}
		s.drop(t, erased)
		if after := s.numbers(t).Now; after.All["engagements"] != 2 {
			t.Errorf("after an erasure there are %d engagements", after.All["engagements"])
		}
	})
}

// drop removes a conversation as an erasure does.
func (s *shop) drop(t *testing.T, conversation desk.ID) {
	t.Helper()
	for done := false; !done; {
		must(t, s.h.Write(t.Context(), func(tx *store.Tx) (err error) { done, err = tx.EraseTalkStep(conversation); return err }))
	}
}
