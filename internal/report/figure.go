package report

import (
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Names of figures beside the endings, in the order of a page. The reasons of a
// hand-over come as HandedOver + "." + reason.
const (
	Engagements = "engagements"
	Reopened    = "reopened"
	HandedOver  = "handed_over"
	Answers     = "answers"
	Drafts      = "drafts"
	Unchanged   = "drafts_unchanged"
	Edited      = "drafts_edited"
	Discarded   = "drafts_discarded"
	Waiting     = "drafts_waiting"
	Wrong       = "wrong"
	Micros      = "micros"
	TokensIn    = "tokens_in"
	TokensOut   = "tokens_out"
)

// Names lists the figures in the order of a page.
func Names() []string {
	return []string{Engagements, string(Confirmed), string(Silent), string(Abandoned), string(People), string(Running), Reopened, HandedOver,
		Answers, Drafts, Unchanged, Edited, Discarded, Waiting, Wrong, Micros, TokensIn, TokensOut}
}

// Figures are counts by name.
type Figures map[string]int64

// add counts n more of a name; what stays 0 has no entry.
func (f Figures) add(name string, n int64) {
	if n != 0 {
		f[name] += n
	}
}

// plus adds up.
func (f Figures) plus(o Figures) {
	for name, n := range o {
		f.add(name, n)
	}
}

// Stayed is how many of a draft's words must be left when a member sends it; with
// fewer, the draft counts as wrong.
const Stayed = 60 // of a hundred

// Count counts one engagement. waits are the runs whose drafts still wait.
func (s Stretch) Count(now time.Time, pleased bool, waits []desk.ID) Figures {
	f := Figures{Engagements: 1, string(s.End(now, pleased)): 1}
	if s.Back {
		f.add(Reopened, 1)
	}
	if reason := s.called(); reason != "" {
		f.add(HandedOver, 1)
		f.add(HandedOver+"."+reason, 1)
	}
	for _, run := range s.Runs {
		f.plus(s.turn(run, waits))
	}
	return f
}

// called is why a person was called first, "" when nobody was.
func (s Stretch) called() string {
	for _, run := range s.Runs {
		if run.Outcome == "handed_over" || run.Outcome == "flagged" && run.Decision == desk.DecideHandOver {
			return run.Reason
		}
	}
	return ""
}

// turn counts one turn of the AI.
func (s Stretch) turn(run desk.Run, waits []desk.ID) Figures {
	f := Figures{}
	f.add(Micros, run.Call.Micros)
	f.add(TokensIn, run.Call.In)
	f.add(TokensOut, run.Call.Out)
	by := s.sentBy(run.ID)
	switch {
	case run.Outcome == "sent" && by == desk.FromAI:
		f.add(Answers, 1)
	case run.Outcome == "drafted" || run.Outcome == "handed_over" && by != "":
		f.add(Drafts, 1)
		switch {
		case by == desk.FromAI:
			f.add(Unchanged, 1)
		case by == desk.FromMember:
			f.add(Edited, 1)
		case slices.Contains(waits, run.ID):
			f.add(Waiting, 1)
		default:
			f.add(Discarded, 1)
		}
	}
	if s.wrong(run) {
		f.add(Wrong, 1)
	}
	return f
}

// sentBy is whose message a turn became, "" when it became none.
func (s Stretch) sentBy(run desk.ID) desk.AuthorKind {
	for _, l := range s.Lines {
		if l.Run == run && answers(l) {
			return l.By
		}
	}
	return ""
}

// wrong: somebody reported it; or a member sent its draft with fewer than Stayed
// of a hundred words left; or it went out and the next who spoke to the contact
// was a member whom nobody had called.
func (s Stretch) wrong(run desk.Run) bool {
	if run.Reported != "" || run.Kept >= 0 && run.Kept < Stayed {
		return true
	}
	at := slices.IndexFunc(s.Lines, func(l store.Line) bool { return l.Run == run.ID && l.Out && l.By == desk.FromAI })
	if at < 0 {
		return false
	}
	for _, l := range s.Lines[at+1:] {
		if answers(l) {
			return l.By == desk.FromMember && l.Run == 0 && !s.calledBetween(s.Lines[at].At, l.At)
		}
	}
	return false
}

func (s Stretch) calledBetween(from, to time.Time) bool {
	return slices.ContainsFunc(s.Runs, func(r desk.Run) bool {
		return (r.Outcome == "handed_over" || r.Outcome == "flagged") && r.At.After(from) && !r.At.After(to)
	})
}

// language is that of the last turn that knew one.
func (s Stretch) language() string {
	for _, run := range slices.Backward(s.Runs) {
		if run.Language != "" {
			return run.Language
		}
	}
	return ""
}

// topics are those of all turns.
func (s Stretch) topics() []string {
	var all []string
	for _, run := range s.Runs {
		for _, t := range run.About.Topics {
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	return all
}
