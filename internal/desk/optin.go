package desk

import "time"

// Topics of an opt-in that Parley itself asks for; a channel may name others.
const (
	TopicMessages  = "messages"  // answers and notices, as a person expects them
	TopicMarketing = "marketing" // offers
)

// Who gave or withdrew an opt-in.
const (
	OptInByPerson = "person"
	OptInByMember = "member"
)

// Consented is one stored opt-in of a contact on a channel account.
type Consented struct {
	ID        ID
	Contact   ID
	Account   ID
	Topic     string
	Source    string // OptInByPerson or OptInByMember
	Member    ID     // who recorded it; 0 = the person's own act, or a key
	Note      string // how and where it was given
	At        time.Time
	Until     time.Time // zero = without end
	StoppedAt time.Time // zero = it holds
	StoppedBy string
}

// Holds reports whether the opt-in allows something now.
func (c Consented) Holds(now time.Time) bool {
	return c.StoppedAt.IsZero() && (c.Until.IsZero() || now.Before(c.Until))
}

// MayTemplate says whether a template of a category may go to a person who gave
// these opt-ins on the account: marketing always needs an opt-in for marketing,
// every other category needs some opt-in once the reply window is closed. What
// the person stopped stays stopped. Reasons: opt_in_stopped, marketing_opt_in,
// opt_in_needed.
func MayTemplate(category string, given []Consented, inWindow bool, now time.Time) error {
	topic, reason := TopicMessages, "opt_in_needed"
	if marketing(category) {
		topic, reason = TopicMarketing, "marketing_opt_in"
	}
	some := false
	for _, c := range given {
		if c.Topic == topic && !c.StoppedAt.IsZero() {
			return Fail(Forbidden, "opt_in_stopped", "the person does not want such messages any more")
		}
		some = some || c.Holds(now) && (c.Topic == topic || topic == TopicMessages)
	}
	if some || topic == TopicMessages && inWindow {
		return nil
	}
	return Fail(Forbidden, reason, "a stored opt-in is needed for this template")
}

// marketing: what a provider does not name as something else needs the stricter
// opt-in.
func marketing(category string) bool {
	switch category {
	case "UTILITY", "AUTHENTICATION", "utility", "authentication":
		return false
	}
	return true
}
