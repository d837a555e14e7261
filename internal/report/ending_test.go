package report

import (
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// talk makes a conversation from a script: one word a line, each a minute after
// the one before, or later: "in", "ai:RUN", "member", "member:RUN", "system",
// "gone:RUN" for a message that was cancelled.
type said struct {
	after time.Duration
	by    desk.AuthorKind
	run   desk.ID
	gone  bool
}

func lines(all ...said) (out []store.Line) {
	now := noon
	for i, s := range all {
		if s.after == 0 {
			s.after = time.Minute
		}
		now = now.Add(s.after)
		out = append(out, store.Line{ID: desk.ID(i + 1), Seq: int64(i + 1), At: now, Out: s.by != desk.FromContact, By: s.by, Run: s.run, Sent: !s.gone})
	}
	return out
}

func contact() said              { return said{by: desk.FromContact} }
func ai(run desk.ID) said        { return said{by: desk.FromAI, run: run} }
func person(run desk.ID) said    { return said{by: desk.FromMember, run: run} }
func later(d time.Duration) said { return said{by: desk.FromContact, after: d} }
func run(id desk.ID, at int, outcome string) desk.Run {
	return desk.Run{ID: id, Trigger: desk.ID(at), At: noon.Add(time.Duration(at)*time.Minute + 2*time.Second), Outcome: outcome, Engagement: 1, Kept: -1, Decision: desk.DecideAnswer, Passages: []desk.ID{7}}
}

func TestEachEngagementHasOneHonestEnding(t *testing.T) {
	t.Parallel()
	sent := []desk.Run{run(100, 1, "sent")}
	for name, c := range map[string]struct {
		lines   []store.Line
		pleased bool
		after   time.Duration
		want    Ending
	}{
		"thanked":                        {lines(contact(), ai(100), contact()), true, time.Hour, Confirmed},
		"thanked a member":               {lines(contact(), ai(100), person(0), contact()), true, 25 * time.Hour, Abandoned},
		"asked again and got nothing":    {lines(contact(), ai(100), contact()), false, 25 * time.Hour, Abandoned},
		"asked again an hour ago":        {lines(contact(), ai(100), contact()), false, time.Hour, Running},
		"nobody wrote again":             {lines(contact(), ai(100)), false, 25 * time.Hour, Silent},
		"nobody wrote for an hour":       {lines(contact(), ai(100)), false, time.Hour, Running},
		"a member answered":              {lines(contact(), ai(100), contact(), person(0)), false, 25 * time.Hour, People},
		"only a notice":                  {lines(contact(), said{by: desk.FromSystem}), false, 25 * time.Hour, Abandoned},
		"the answer was never sent":      {lines(contact(), said{by: desk.FromAI, run: 100, gone: true}), false, 25 * time.Hour, Abandoned},
		"thanks without any answer":      {lines(contact()), true, 25 * time.Hour, Abandoned},
		"thanks come before any silence": {lines(contact(), ai(100), contact()), true, 48 * time.Hour, Confirmed},
	} {
		s := Stretches(store.Counted{Runs: sent, Lines: c.lines})[0]
		if got := s.End(c.lines[len(c.lines)-1].At.Add(c.after), c.pleased); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestAConversationFallsApartIntoItsEngagements(t *testing.T) {
	t.Parallel()
	second := run(101, 3, "sent")
	second.Engagement = 2
	c := store.Counted{Runs: []desk.Run{run(100, 1, "sent"), second}, Lines: lines(contact(), ai(100), contact(), ai(101), later(30*time.Hour))}
	all := Stretches(c)
	if len(all) != 2 || len(all[0].Lines) != 2 || len(all[1].Lines) != 2 {
		t.Fatalf("%+v", all)
	}
	if !all[0].Back || !all[1].Back {
		t.Error("a contact who is back within a week is not seen")
	}
	c.Lines = lines(contact(), ai(100), later(8*24*time.Hour))
	c.Runs = c.Runs[:1]
	if all := Stretches(c); all[0].Back || len(all[0].Lines) != 2 {
		t.Errorf("back after eight days counts: %+v", all)
	}
	old := []desk.Run{{ID: 1, At: noon}, {ID: 2, At: noon.Add(time.Hour)}, {ID: 3, At: noon.Add(48 * time.Hour)}}
	if all := Stretches(store.Counted{Runs: old}); len(all) != 2 {
		t.Errorf("turns without an engagement: %d", len(all))
	}
}

func TestDraftsAndWrongAnswersAreCounted(t *testing.T) {
	t.Parallel()
	reported, rewritten, touched := run(100, 1, "sent"), run(100, 1, "drafted"), run(100, 1, "drafted")
	reported.Reported, rewritten.Kept, touched.Kept = "wrong", 59, 60
	called := run(102, 3, "handed_over")
	called.Reason, called.Decision = "topic", desk.DecideHandOver
	for what, c := range map[string]struct {
		runs  []desk.Run
		lines []store.Line
		waits []desk.ID
		want  Figures
	}{
		"sent unchanged":               {[]desk.Run{run(100, 1, "drafted")}, lines(contact(), ai(100)), nil, Figures{Drafts: 1, Unchanged: 1}},
		"rewritten":                    {[]desk.Run{rewritten}, lines(contact(), person(100)), nil, Figures{Drafts: 1, Edited: 1, Wrong: 1}},
		"touched":                      {[]desk.Run{touched}, lines(contact(), person(100)), nil, Figures{Drafts: 1, Edited: 1}},
		"waiting":                      {[]desk.Run{run(100, 1, "drafted")}, lines(contact()), []desk.ID{100}, Figures{Drafts: 1, Waiting: 1}},
		"discarded":                    {[]desk.Run{run(100, 1, "drafted")}, lines(contact(), person(0)), nil, Figures{Drafts: 1, Discarded: 1}},
		"reported":                     {[]desk.Run{reported}, lines(contact(), ai(100)), nil, Figures{Answers: 1, Wrong: 1}},
		"corrected by a member":        {[]desk.Run{run(100, 1, "sent")}, lines(contact(), ai(100), contact(), person(0)), nil, Figures{Answers: 1, Wrong: 1}},
		"a member who was called":      {[]desk.Run{run(100, 1, "sent"), called}, lines(contact(), ai(100), contact(), person(0)), nil, Figures{Answers: 1, HandedOver: 1, HandedOver + ".topic": 1}},
		"the AI answered again first":  {[]desk.Run{run(100, 1, "sent"), run(101, 3, "sent")}, lines(contact(), ai(100), contact(), ai(101)), nil, Figures{Answers: 2}},
		"an answer that was cancelled": {[]desk.Run{run(100, 1, "sent")}, lines(contact(), said{by: desk.FromAI, run: 100, gone: true}), nil, Figures{}},
	} {
		s := Stretches(store.Counted{Runs: c.runs, Lines: c.lines})[0]
		got := s.Count(noon.Add(time.Hour), false, c.waits)
		delete(got, Engagements)
		for _, e := range []Ending{Confirmed, Silent, Abandoned, People, Running} {
			delete(got, string(e))
		}
		for _, name := range append(Names(), HandedOver+".topic") {
			if got[name] != c.want[name] {
				t.Errorf("%s: %s is %d, want %d", what, name, got[name], c.want[name])
			}
		}
	}
}

func TestTheSliderMovesAnswersFromSentToDrafts(t *testing.T) {
	t.Parallel()
	sums := dayCount{}
	sums.add(Confidence, twentieth(0.62), Figures{WasSent: 10, WasWrong: 4, SentWrong: 4})
	sums.add(Confidence, twentieth(0.91), Figures{WasSent: 20, WasDrafted: 5, WasWrong: 1})
	sums.add(Confidence, twentieth(0), Figures{WasCalled: 7})
	all := steps(buckets(sums))
	if len(all) != Twentieths+1 {
		t.Fatalf("%d steps", len(all))
	}
	for i, want := range map[int]Step{
		0:  {0, 35, 0, 7, 5},
		12: {0.6, 35, 0, 7, 5},
		13: {0.65, 25, 10, 7, 1},
		20: {1, 0, 35, 7, 0},
	} {
		if all[i] != want {
			t.Errorf("step %d: %+v, want %+v", i, all[i], want)
		}
	}
	if twentieth(1) != "19" || twentieth(-1) != "00" || twentieth(0.35) != "07" {
		t.Error("a confidence falls into another twentieth")
	}
}
