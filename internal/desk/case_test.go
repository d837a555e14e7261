package desk

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var caseActs = []CaseAct{CaseAskProof, CaseProve, CaseBegin, CaseAnswer, CaseRefuse, CaseWithdraw, CaseLapse, CaseGiveUp, CaseClose}

// A case always ends and never ends early, whatever is done to it and in whatever
// order: each state has an act of the clock, that act is refused before its time,
// and the clock alone brings every case to its end.
// covers H-87, A-14.4-04, A-25-03
func TestACaseAlwaysEndsAndNeverEndsEarly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 400*24).Draw(t, "begin")) * time.Hour)
		law := rapid.SampledFrom(Laws()).Draw(t, "law")
		c := OpenCase(rapid.SampledFrom(CaseKinds()).Draw(t, "kind"), law.Name, now)
		c.Agent = rapid.Bool().Draw(t, "agent")
		first := c.Due
		if first.After(c.Asked.Add(30 * 24 * time.Hour)) {
			t.Fatalf("%s has until %s", law.Name, first)
		}
		for range rapid.IntRange(0, 30).Draw(t, "acts") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20*24).Draw(t, "hours")) * time.Hour)
			act, at := c.Deadline()
			before := c
			do := rapid.SampledFrom(caseActs).Draw(t, "act")
			err := c.Do(do, now)
			switch {
			case err != nil && c != before:
				t.Fatalf("%s was refused and changed the case", do)
			case err == nil && do == act && now.Before(at) && c.Kind.Right():
				t.Fatalf("%s at %s, before %s", do, now, at)
			case err == nil && before.State == CaseClosed:
				t.Fatalf("%s moved a closed case", do)
			case err == nil && c.State == CaseAnswered && c.Agent && !c.Checked:
				t.Fatal("answered to somebody who did not show that they may ask")
			}
			if rapid.Bool().Draw(t, "more time") {
				if c.Extend(rapid.IntRange(-1, 70).Draw(t, "days"), now) == nil && (c.Due.Sub(first) > 60*24*time.Hour || c.Due.Sub(before.Due) <= 0 || !now.Before(before.Due)) {
					t.Fatalf("moved from %s to %s at %s", before.Due, c.Due, now)
				}
			}
			if rapid.Bool().Draw(t, "checked") {
				c.Checked = true
			}
		}
		for range 5 {
			act, at := c.Deadline()
			if act == "" {
				break
			}
			if now.Before(at) {
				now = at
			}
			if err := c.Do(act, now); err != nil {
				t.Fatalf("the clock cannot end it: %v", err)
			}
		}
		if c.State != CaseClosed || c.Closed.IsZero() || c.Decided.IsZero() || c.Decision == "" {
			t.Fatalf("it ends as %+v", c)
		}
	})
}

// covers A-14.4-04, A-25-03, decision 7: 61 days more are refused, so is a second
// time, a law that knows none, and anything after the first end.
func TestClocksRunByTheLawAndNeverLongerThanThirtyDays(t *testing.T) {
	t.Parallel()
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, x := range []struct{ law, asked, due string }{
		{"unknown", "2026-01-31", "2026-02-15"}, {"kvkk", "2026-01-31", "2026-03-02"}, {"ccpa", "2026-03-01", "2026-03-31"}, {"us", "2026-03-01", "2026-03-31"},
		{"gdpr", "2026-01-31", "2026-02-28"}, {"gdpr", "2026-03-31", "2026-04-30"}, {"uk", "2026-07-10", "2026-08-09"}, {"gdpr", "2028-01-30", "2028-02-29"},
		{"lgpd", "2026-03-01", "2026-03-16"}, {"pipeda", "2026-03-01", "2026-03-31"}, {"us_tx", "2026-03-01", "2026-03-31"}, {"no such", "2026-03-01", "2026-03-16"},
	} {
		c := OpenCase(AskAccess, x.law, day(x.asked))
		if !c.Due.Equal(day(x.due)) {
			t.Errorf("%s of %s is due %s", x.law, x.asked, c.Due)
		}
		l, _ := LawOf(c.Law)
		now := c.Asked.Add(24 * time.Hour)
		if err := c.Extend(61, now); err == nil {
			t.Errorf("%s: 61 days more", x.law)
		}
		if err := c.Extend(60, now); (err == nil) != (l.Extend > 0) {
			t.Errorf("%s: 60 days more: %v", x.law, err)
		}
		if err := c.Extend(1, now); err == nil {
			t.Errorf("%s: more time twice", x.law)
		}
	}
	late := OpenCase(AskAccess, "gdpr", day("2026-03-01"))
	if late.Extend(10, late.Due) == nil {
		t.Error("extended at its end")
	}
	if err := late.SetLaw("kvkk"); err != nil || !late.Due.Equal(day("2026-03-31")) {
		t.Errorf("%v, %s", err, late.Due)
	}
	if late.SetLaw("nowhere") == nil {
		t.Error("a law that is none")
	}
	for i, hours := range []int{0, 23 * 24, 27 * 24, 29 * 24, 30 * 24, 40 * 24} {
		if got := late.Warning(late.Asked.Add(time.Duration(hours) * time.Hour)); got != []int{-1, 7, 3, 1, 0, 0}[i] {
			t.Errorf("after %d hours: %d", hours, got)
		}
	}
}
