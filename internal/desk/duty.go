package desk

import "time"

// DutyKind is what a business does again and again to protect data, and can show
// afterwards.
type DutyKind string

// Kinds of duties.
const (
	DutyInterests  DutyKind = "interests"  // weighs the interests that a use of data rests on
	DutyAssessment DutyKind = "assessment" // assesses what the whole of it does to people
	DutyNotice     DutyKind = "notice"     // sees that people are told who answers them, and how
	DutyAccess     DutyKind = "access"     // goes through who may see data
	DutyTraining   DutyKind = "training"
	DutyAgreement  DutyKind = "agreement" // somebody binds themselves to confidentiality
	DutyDrill      DutyKind = "drill"
)

// DutyKinds lists every kind, in the order of screens.
func DutyKinds() []DutyKind {
	return []DutyKind{DutyAccess, DutyAssessment, DutyInterests, DutyNotice, DutyTraining, DutyAgreement, DutyDrill}
}

const day = 24 * time.Hour

// DutySoon is how long after a change an assessment of it is due.
const DutySoon = 14 * day

// Standing reports whether the program opens such a duty by itself: after how long
// in the life of a workspace the first is due, and after how many days it is due
// again. Zero: only people open it.
func (k DutyKind) Standing() (first time.Duration, every int) {
	switch k {
	case DutyAccess:
		return 90 * day, 90
	case DutyAssessment, DutyInterests, DutyNotice:
		return 30 * day, 365
	case DutyTraining, DutyAgreement, DutyDrill:
	}
	return 0, 0
}

// Personal reports whether such a duty is about one person.
func (k DutyKind) Personal() bool { return k == DutyTraining || k == DutyAgreement }

// NextReminder says when the next reminder of what is due goes: 14 and 3 days
// before, on the day, and then every 14 days, the first of them after a moment.
func NextReminder(due, after time.Time) time.Time {
	for _, before := range []time.Duration{14 * day, 3 * day, 0} {
		if at := due.Add(-before); at.After(after) {
			return at
		}
	}
	return due.Add((after.Sub(due)/(14*day) + 1) * 14 * day)
}

// Urgency is what a reminder says: "14" or "3" days left at most, "0" it is due,
// "late" since more than a day.
func Urgency(due, now time.Time) string {
	switch left := due.Sub(now); {
	case left > 3*day:
		return "14"
	case left > 0:
		return "3"
	case left > -day:
		return "0"
	}
	return "late"
}
