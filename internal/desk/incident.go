package desk

import (
	"slices"
	"time"
)

// IncidentState is how far an incident is.
type IncidentState string

// States of an incident.
const (
	IncidentOpen          IncidentState = "open"
	IncidentAssessing     IncidentState = "assessing"      // how great the risk for people is was said
	IncidentNotified      IncidentState = "notified"       // the authority was told
	IncidentNotNotifiable IncidentState = "not_notifiable" // it need not be told, and why is written down
	IncidentClosed        IncidentState = "closed"
)

// Waits reports whether nobody has decided yet what the authority is told.
func (s IncidentState) Waits() bool { return s == IncidentOpen || s == IncidentAssessing }

// IncidentRisk is how great the risk for the people concerned is.
type IncidentRisk string

// Risks. RiskUnknown is that of an incident which nobody assessed.
const (
	RiskUnknown IncidentRisk = ""
	RiskNone    IncidentRisk = "none"
	RiskLikely  IncidentRisk = "likely" // the authority is told
	RiskHigh    IncidentRisk = "high"   // and the people concerned
)

// IncidentAct moves an incident on.
type IncidentAct string

// Acts on an incident. The last is an act of the clock alone.
const (
	IncidentAware  IncidentAct = "aware"
	IncidentAssess IncidentAct = "assess"
	IncidentNotify IncidentAct = "notify" // the authority was told
	IncidentExcuse IncidentAct = "excuse" // it need not be
	IncidentClose  IncidentAct = "close"
	IncidentGiveUp IncidentAct = "give_up"
)

// AuthorityTerm is within what time from when it is known the authority is told
// (GDPR and UK GDPR article 33; the KVKK board's decision 2019/10).
const AuthorityTerm = 72 * time.Hour

// BusinessTerm is within what time a business is told of what concerns it.
const BusinessTerm = 24 * time.Hour

// IncidentLaws are those whose authority is told.
func IncidentLaws() []string { return []string{"gdpr", "kvkk", "uk"} }

// Outcomes of an incident that was closed.
const Undecided = "undecided"

// IncidentStand is where an incident stands, which the machine below moves.
type IncidentStand struct {
	State    IncidentState
	Risk     IncidentRisk
	Opened   time.Time
	Aware    time.Time // zero = nobody said yet since when it is known
	Decided  time.Time
	Outcome  string // notified, not_notifiable or undecided
	Closed   time.Time
	Measures bool // what was done is written down
	Telling  bool // people are being told
	Untold   int  // of them, how many still wait
}

// Due is when the time to tell the authority ends; zero before it runs.
func (i IncidentStand) Due() time.Time {
	if i.Aware.IsZero() {
		return time.Time{}
	}
	return i.Aware.Add(AuthorityTerm)
}

// GivesUp is when the clock ends an incident that nobody decided or closed.
func (i IncidentStand) GivesUp() time.Time {
	last := i.Opened
	for _, at := range []time.Time{i.Aware, i.Decided} {
		if at.After(last) {
			last = at
		}
	}
	return last.Add(GiveUpTerm)
}

// Do moves the incident. Errors: desk.Conflict with a reason that says what is
// missing.
func (i *IncidentStand) Do(act IncidentAct, now time.Time) error {
	if err := i.may(act, now); err != nil {
		return err
	}
	switch act {
	case IncidentAware:
	case IncidentAssess:
		i.State, i.Decided, i.Outcome = IncidentAssessing, time.Time{}, ""
	case IncidentNotify:
		i.State, i.Decided, i.Outcome = IncidentNotified, now, string(IncidentNotified)
	case IncidentExcuse:
		i.State, i.Decided, i.Outcome = IncidentNotNotifiable, now, string(IncidentNotNotifiable)
	case IncidentClose:
		i.State, i.Closed = IncidentClosed, now
	case IncidentGiveUp:
		if i.State.Waits() {
			i.Decided, i.Outcome = now, Undecided
		}
		i.State, i.Closed = IncidentClosed, now
	}
	return nil
}

// may says what an act still wants.
func (i IncidentStand) may(act IncidentAct, now time.Time) error {
	from := map[IncidentAct][]IncidentState{
		IncidentAware:  {IncidentOpen, IncidentAssessing},
		IncidentAssess: {IncidentOpen, IncidentAssessing, IncidentNotNotifiable},
		IncidentNotify: {IncidentAssessing},
		IncidentExcuse: {IncidentAssessing},
		IncidentClose:  {IncidentNotified, IncidentNotNotifiable},
		IncidentGiveUp: {IncidentOpen, IncidentAssessing, IncidentNotified, IncidentNotNotifiable},
	}
	switch {
	case !slices.Contains(from[act], i.State):
		return Fail(Conflict, "incident_state", "an incident that is "+string(i.State)+" does not allow this")
	case act == IncidentGiveUp && now.Before(i.GivesUp()):
		return Fail(Conflict, "incident_early", "the clock ends an incident a year after its last step and not before")
	case act == IncidentAssess && i.Aware.IsZero():
		return Fail(Conflict, "not_aware", "say first since when it is known: the clock runs from there")
	case act == IncidentExcuse && i.Risk != RiskNone:
		return Fail(Conflict, "at_risk", "where people are at risk the authority is told")
	case act == IncidentClose && !i.Measures:
		return Fail(Conflict, "no_measures", "write down what was done about it before it is closed")
	case act == IncidentClose && i.Risk == RiskHigh && !i.Telling:
		return Fail(Conflict, "not_told", "where the risk is high the people concerned are told before it is closed")
	case act == IncidentClose && i.Untold > 0:
		return Fail(Conflict, "untold", "some of the people concerned were not told yet")
	}
	return nil
}

// IncidentWarnings are the hours after awareness at which those who answer for an
// incident are told that it waits; the last is the end of the time.
func IncidentWarnings() []int { return []int{24, 48, 60, 72} }

// Warning is the last of those hours that has come while nobody decided, 0 for
// none yet.
func (i IncidentStand) Warning(now time.Time) int {
	last := 0
	for _, hours := range IncidentWarnings() {
		if i.State.Waits() && !i.Aware.IsZero() && !now.Before(i.Aware.Add(time.Duration(hours)*time.Hour)) {
			last = hours
		}
	}
	return last
}

// Next is when the clock comes next, after a warning of so many hours.
func (i IncidentStand) Next(warned int) time.Time {
	if i.State == IncidentClosed {
		return time.Time{}
	}
	next := i.GivesUp()
	if i.State.Waits() && !i.Aware.IsZero() {
		for _, hours := range IncidentWarnings() {
			if at := i.Aware.Add(time.Duration(hours) * time.Hour); hours > warned && at.Before(next) {
				next = at
			}
		}
	}
	return next
}

// Late reports whether something at that time is after the end of the time to
// tell the authority.
func (i IncidentStand) Late(at time.Time) bool { return !i.Aware.IsZero() && at.After(i.Due()) }

// StateTerm is how many days after it is known a state of the United States gives
// to tell the people who live there; 0 = no number, without delay.
type StateTerm struct {
	State string
	Days  int
}

// StateTermsCheckedOn is when somebody last held the table against the laws.
const StateTermsCheckedOn = "2026-11-23"

// StateTerms is the table of the states that set a number of days. Where a state
// is not in it, people are told without delay.
func StateTerms() []StateTerm {
	return []StateTerm{{"AL", 45}, {"AZ", 45}, {"CA", 30}, {"CO", 30}, {"CT", 60}, {"DE", 60}, {"FL", 30}, {"IN", 45}, {"LA", 60}, {"MD", 45}, {"ME", 30},
		{"NM", 45}, {"NY", 30}, {"OH", 45}, {"OR", 45}, {"RI", 45}, {"SD", 60}, {"TN", 45}, {"TX", 60}, {"VT", 45}, {"WA", 30}, {"WI", 45}}
}

// DueIn is when the people who live in a state are told at the latest; ok is
// false where the table has no number for it.
func (i IncidentStand) DueIn(state string) (due time.Time, ok bool) {
	for _, t := range StateTerms() {
		if t.State == state && !i.Aware.IsZero() {
			return i.Aware.AddDate(0, 0, t.Days), true
		}
	}
	return time.Time{}, false
}

// DrillTerm is how often an incident is rehearsed, and DrillNotice how long before
// the year is over whoever runs the install is reminded.
const (
	DrillTerm   = 365 * 24 * time.Hour
	DrillNotice = 30 * 24 * time.Hour
)
