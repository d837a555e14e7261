package report

import (
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Ending is what became of an engagement that the AI took part in.
type Ending string

// The endings; each engagement has exactly one.
const (
	Confirmed Ending = "confirmed" // the contact's last words, after an answer of the AI, were thanks or yes
	Silent    Ending = "silent"    // the AI answered last, and nobody wrote for Silence
	Abandoned Ending = "abandoned" // the contact wrote last and got no answer for Silence
	People    Ending = "people"    // a member answered, and nothing waits
	Running   Ending = "running"   // too young to tell
)

// Times that endings go by.
const (
	Silence = desk.EngagementSilence
	Reopen  = 7 * 24 * time.Hour // a contact who is back within it was not done
)

// Stretch is one engagement from the AI's first turn in it on.
type Stretch struct {
	Runs  []desk.Run   // oldest first
	Lines []store.Line // oldest first, up to its end
	Back  bool         // the contact wrote again within Reopen after its end
}

// Stretches takes a conversation apart into its engagements. Turns of older
// installs, whose engagement was not noted, belong together until Silence parts
// them.
func Stretches(c store.Counted) []Stretch {
	var all []Stretch
	for _, run := range c.Runs {
		last := len(all) - 1
		if last >= 0 && same(all[last].Runs[len(all[last].Runs)-1], run) {
			all[last].Runs = append(all[last].Runs, run)
			continue
		}
		all = append(all, Stretch{Runs: []desk.Run{run}})
	}
	for i := range all {
		from := begin(c.Lines, all[i].Runs[0])
		to := len(c.Lines)
		if i+1 < len(all) {
			to = max(from, begin(c.Lines, all[i+1].Runs[0]))
		}
		end := from
		for end < to && (end == from || c.Lines[end].At.Sub(c.Lines[end-1].At) <= Silence) {
			end++
		}
		all[i].Lines = slices.DeleteFunc(slices.Clone(c.Lines[from:end]), func(l store.Line) bool { return l.Out && !l.Sent })
		all[i].Back = back(c.Lines[from:end], c.Lines[end:])
	}
	return all
}

func same(a, b desk.Run) bool {
	if a.Engagement == 0 || b.Engagement == 0 {
		return a.Engagement == b.Engagement && b.At.Sub(a.At) <= Silence
	}
	return a.Engagement == b.Engagement
}

// begin is the place of the line that a turn answers, or the first line that is
// not older than the turn.
func begin(lines []store.Line, run desk.Run) int {
	if i := slices.IndexFunc(lines, func(l store.Line) bool { return l.ID == run.Trigger }); i >= 0 {
		return i
	}
	if i := slices.IndexFunc(lines, func(l store.Line) bool { return !l.At.Before(run.At) }); i >= 0 {
		return i
	}
	return len(lines)
}

func back(said, later []store.Line) bool {
	if len(said) == 0 {
		return false
	}
	end := said[len(said)-1].At
	return slices.ContainsFunc(later, func(l store.Line) bool { return !l.Out && l.By == desk.FromContact && l.At.Sub(end) <= Reopen })
}

// answers reports whether a line says something to the contact that a person or
// the AI meant for them; notices of the system do not count.
func answers(l store.Line) bool {
	return l.Out && (l.By == desk.FromAI || l.By == desk.FromMember)
}

// Left is the contact's last line when nobody answered it; false when somebody
// did.
func (s Stretch) Left() (line store.Line, open bool) {
	for _, l := range s.Lines {
		switch {
		case !l.Out && l.By == desk.FromContact:
			line, open = l, true
		case answers(l):
			open = false
		}
	}
	return line, open
}

// answered is the last answer, zero without one, and whether the AI gave any.
func (s Stretch) answered() (last store.Line, ai bool) {
	for _, l := range s.Lines {
		if answers(l) {
			last, ai = l, ai || l.By == desk.FromAI
		}
	}
	return last, ai
}

// End tells what became of the engagement by now. pleased says whether the line
// of Left means thanks or yes; it counts only where the AI answered before it.
func (s Stretch) End(now time.Time, pleased bool) Ending {
	left, open := s.Left()
	last, ai := s.answered()
	switch {
	case open && pleased && ai && last.By == desk.FromAI:
		return Confirmed
	case open && now.Sub(left.At) > Silence:
		return Abandoned
	case open:
		return Running
	case last.By == desk.FromMember:
		return People
	case last.By == desk.FromAI && now.Sub(last.At) > Silence:
		return Silent
	}
	return Running
}
