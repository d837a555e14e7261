package desk

import (
	"slices"
	"time"
)

// CaseKind is what somebody asks about their data, or asks at all.
type CaseKind string

// What a person may ask.
const (
	AskAccess         CaseKind = "access"           // a copy of what is held
	AskPortability    CaseKind = "portability"      // the same, to take elsewhere
	AskRectify        CaseKind = "rectify"          // something is wrong
	AskErase          CaseKind = "erase"            //
	AskRestrict       CaseKind = "restrict"         // stored and nothing else
	AskObject         CaseKind = "object"           // to a use
	AskNoAutomation   CaseKind = "no_automation"    // no machine answers
	AskLimitSensitive CaseKind = "limit_sensitive"  // limited use
	AskKnow           CaseKind = "know"             // categories, sources, who was told
	AskAnonymise      CaseKind = "anonymise"        //
	AskConsent        CaseKind = "withdraw_consent" //
	AskComplaint      CaseKind = "complaint"        // a disagreement, or a statement of one
	AskContest        CaseKind = "contest"          // an answer that no person took
	AskChild          CaseKind = "child"            // data of a child
	AskAppeal         CaseKind = "appeal"           // against what was decided before
	AskSupport        CaseKind = "support"          // help with the product; no right of anybody
	AskContact        CaseKind = "contact"          // anything else that is asked
)

// CaseKinds lists every kind, in the order of forms.
func CaseKinds() []CaseKind {
	return []CaseKind{AskAccess, AskPortability, AskRectify, AskErase, AskRestrict, AskObject, AskNoAutomation, AskLimitSensitive, AskKnow, AskAnonymise,
		AskConsent, AskComplaint, AskContest, AskChild, AskAppeal, AskSupport, AskContact}
}

// Right reports whether a kind is somebody's right by law; the others are
// questions.
func (k CaseKind) Right() bool { return k != AskSupport && k != AskContact }

// About reports whether an answer to a kind reaches the data of one person, who
// must be proved first.
func (k CaseKind) About() bool {
	return k.Right() && k != AskComplaint && k != AskAppeal
}

// Evidence is the act without which a case of this kind is not answered as done;
// "" = the answer is in words.
func (k CaseKind) Evidence() string {
	switch k {
	case AskErase, AskRestrict, AskNoAutomation, AskAccess, AskPortability, AskRectify, AskKnow, AskAnonymise, AskObject, AskLimitSensitive:
		return string(k)
	case AskChild:
		return "freeze"
	}
	return ""
}

// CaseState is how far a case is.
type CaseState string

// States of a case. What a machine carries out alone is received, working, done;
// what people ask goes through the others.
const (
	CaseReceived  CaseState = "received"
	CaseProving   CaseState = "proving" // who asks must still show that it is them
	CaseOpen      CaseState = "open"
	CaseWorking   CaseState = "working"
	CaseAnswered  CaseState = "answered"
	CaseRefused   CaseState = "refused"
	CaseWithdrawn CaseState = "withdrawn"
	CaseClosed    CaseState = "closed"
	CaseDone      CaseState = "done"
)

// Waits reports whether a case still waits for its answer.
func (s CaseState) Waits() bool {
	return s == CaseReceived || s == CaseProving || s == CaseOpen || s == CaseWorking
}

// CaseAct moves a case on.
type CaseAct string

// Acts on a case. The last three are acts of the clock alone.
const (
	CaseAskProof CaseAct = "ask_proof"
	CaseProve    CaseAct = "prove"
	CaseBegin    CaseAct = "begin"
	CaseAnswer   CaseAct = "answer"
	CaseRefuse   CaseAct = "refuse"
	CaseWithdraw CaseAct = "withdraw"
	CaseLapse    CaseAct = "lapse"   // nobody proved who they are by the end
	CaseGiveUp   CaseAct = "give_up" // a year after its end nobody had answered
	CaseClose    CaseAct = "close"   // the time to appeal is over
)

// How long a case that was decided stays open to an appeal, and how long one that
// nobody answers stays in sight.
const (
	AppealTerm = 60 * 24 * time.Hour
	GiveUpTerm = 365 * 24 * time.Hour
)

// Decisions on a case that were not taken by whoever works on it.
const (
	NotProven  = "not_proven"
	Unanswered = "unanswered"
)

// RefusalReasons lists why a request may be refused. Each has words in letters.
func RefusalReasons() []string {
	return []string{NotProven, "not_held", "others_rights", "legal_duty", "legal_claims", "excessive", "not_covered"}
}

// CaseStand is where a case stands, which the machine below moves.
type CaseStand struct {
	Kind     CaseKind
	State    CaseState
	Law      string
	Agent    bool // somebody asks for the person
	Checked  bool // and showed that they may
	Proved   bool
	Asked    time.Time
	Due      time.Time
	Extended time.Time // when its end was moved; zero = never
	Decided  time.Time
	Decision string // answered, withdrawn, or why it was refused
	Closed   time.Time
}

// OpenCase begins a case: its clock runs from when it was asked, proved or not.
func OpenCase(kind CaseKind, law string, asked time.Time) CaseStand {
	l, _ := LawOf(law)
	return CaseStand{Kind: kind, State: CaseReceived, Law: l.Name, Asked: asked, Due: l.Due(asked)}
}

// Deadline is what the clock does to the case if nobody acts, and when. Every
// state but the last has one.
func (c CaseStand) Deadline() (CaseAct, time.Time) {
	switch c.State {
	case CaseReceived, CaseProving:
		return CaseLapse, c.Due
	case CaseOpen, CaseWorking:
		return CaseGiveUp, c.Due.Add(GiveUpTerm)
	case CaseAnswered, CaseRefused, CaseWithdrawn:
		return CaseClose, c.Decided.Add(AppealTerm)
	}
	return "", time.Time{}
}

// next is the state after an act, "" where it cannot be done.
func (s CaseState) next(act CaseAct) CaseState {
	for _, way := range []struct {
		act  CaseAct
		from []CaseState
		to   CaseState
	}{
		{CaseAskProof, []CaseState{CaseReceived, CaseOpen, CaseWorking}, CaseProving},
		{CaseProve, []CaseState{CaseReceived, CaseProving}, CaseOpen},
		{CaseBegin, []CaseState{CaseOpen}, CaseWorking},
		{CaseAnswer, []CaseState{CaseOpen, CaseWorking}, CaseAnswered},
		{CaseRefuse, []CaseState{CaseReceived, CaseProving, CaseOpen, CaseWorking}, CaseRefused},
		{CaseWithdraw, []CaseState{CaseReceived, CaseProving, CaseOpen, CaseWorking}, CaseWithdrawn},
		{CaseLapse, []CaseState{CaseReceived, CaseProving}, CaseRefused},
		{CaseGiveUp, []CaseState{CaseOpen, CaseWorking}, CaseClosed},
		{CaseClose, []CaseState{CaseAnswered, CaseRefused, CaseWithdrawn}, CaseClosed},
	} {
		if way.act == act && slices.Contains(way.from, s) {
			return way.to
		}
	}
	return ""
}

// Do moves the case. Errors: desk.Conflict case_state where its state does not
// allow the act, case_early for an act of the clock before its time, agent_unproven
// where who asks for another has not shown that they may.
func (c *CaseStand) Do(act CaseAct, now time.Time) error {
	to := c.State.next(act)
	if to == "" {
		return Fail(Conflict, "case_state", "a case that is "+string(c.State)+" does not allow this")
	}
	if own, at := c.Deadline(); own == act && now.Before(at) && c.Kind.Right() {
		return Fail(Conflict, "case_early", "this is not done before "+at.UTC().Format(time.RFC3339))
	}
	if c.Agent && !c.Checked && (act == CaseBegin || act == CaseAnswer) {
		return Fail(Conflict, "agent_unproven", "somebody asks for another person: check what allows them to first")
	}
	c.State = to
	switch act {
	case CaseProve:
		c.Proved = true
	case CaseAnswer, CaseRefuse, CaseWithdraw, CaseLapse:
		c.Decided, c.Decision = now, string(to)
	case CaseGiveUp:
		c.Decided, c.Decision, c.Closed = now, Unanswered, now
	case CaseClose:
		c.Closed = now
	case CaseAskProof, CaseBegin:
	}
	return nil
}

// SetLaw changes whose rules hold. An end that was moved stays moved as far as
// the law allows that.
func (c *CaseStand) SetLaw(name string) error {
	l, ok := LawOf(name)
	if !ok {
		return Fail(Invalid, "law", "there is no such law in the table")
	}
	if !c.State.Waits() {
		return Fail(Conflict, "case_state", "this case is decided")
	}
	was, _ := LawOf(c.Law)
	moved := c.Due.Sub(was.Due(c.Asked))
	c.Law, c.Due = l.Name, l.Due(c.Asked)
	if !c.Extended.IsZero() {
		c.Due = c.Due.Add(min(moved, time.Duration(l.Extend)*24*time.Hour))
	}
	return nil
}

// Extend moves the end of a case once, where its law allows it and while the
// first end has not passed (A-25-03). Errors: desk.Conflict, desk.Invalid days.
func (c *CaseStand) Extend(days int, now time.Time) error {
	l, _ := LawOf(c.Law)
	switch {
	case !c.State.Waits():
		return Fail(Conflict, "case_state", "this case is decided")
	case l.Extend == 0:
		return Fail(Conflict, "no_extension", "the law of this case does not allow more time")
	case !c.Extended.IsZero():
		return Fail(Conflict, "extended_before", "the time was extended once already")
	case !now.Before(c.Due):
		return Fail(Conflict, "extended_late", "the time is over; it is extended before its end or not at all")
	case days < 1 || days > l.Extend:
		return Fail(Invalid, "days", "the law allows 1 to 60 days more")
	}
	c.Due, c.Extended = c.Due.Add(time.Duration(days)*24*time.Hour), now
	return nil
}

// CaseWarnings are the days before its end at which the people who work on a case
// are told; 0 is the end itself.
func CaseWarnings() []int { return []int{7, 3, 1, 0} }

// Warning is the last of those days that has come, -1 for none yet.
func (c CaseStand) Warning(now time.Time) int {
	last := -1
	for _, days := range CaseWarnings() {
		if c.State.Waits() && !now.Before(c.Due.Add(-time.Duration(days)*24*time.Hour)) {
			last = days
		}
	}
	return last
}
