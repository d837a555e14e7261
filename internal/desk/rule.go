package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// When says at which hours of the business a rule holds.
type When string

// The hours a rule may name.
const (
	Always      When = ""
	WhenOpen    When = "open"
	WhenClosed  When = "closed"
	MaxRules         = 100
	maxRuleWord      = 64 // bytes of a topic, language, tag or channel
)

// Rule says how far the AI may go where all of its conditions hold. A condition
// that is empty is none.
type Rule struct {
	ID       ID
	Channel  string // kind of channel: "widget", "instagram", …
	Account  ID     // one channel account
	Topic    string // as the topic detector names it: "refund", …
	Language string // ISO 639-1 of the message
	Tag      string // of the contact
	Hours    When
	Mode     Mode
}

// Facts are what the conditions of rules are compared with.
type Facts struct {
	Channel  string
	Account  ID
	Topics   []string
	Language string
	Tags     []string
	Hours    When // WhenOpen, WhenClosed, or Always where no hours are set
}

// Check says what is wrong with a rule, for whoever writes it.
func (r Rule) Check() error {
	switch {
	case !ValidMode(r.Mode):
		return Fail(Invalid, "mode", "a rule's mode is off, draft or autopilot")
	case r.Hours != Always && r.Hours != WhenOpen && r.Hours != WhenClosed:
		return Fail(Invalid, "hours", "a rule's hours are empty, open or closed")
	case r.Channel != "" && r.Account != 0:
		return Fail(Invalid, "channel", "name a kind of channel or one account, not both")
	case r.Conditions() == 0:
		return Fail(Invalid, "conditions", "a rule needs a condition; the mode for everything else is the channel's")
	}
	for _, word := range []string{r.Channel, r.Topic, r.Language, r.Tag} {
		if len(word) > maxRuleWord {
			return Fail(Invalid, "too_long", "a condition has at most 64 bytes")
		}
	}
	return nil
}

// Conditions counts what a rule asks for: more make it more specific.
func (r Rule) Conditions() int {
	n := 0
	for _, set := range []bool{r.Channel != "", r.Account != 0, r.Topic != "", r.Language != "", r.Tag != "", r.Hours != Always} {
		if set {
			n++
		}
	}
	return n
}

// Holds reports whether every condition of the rule is met. A fact that is not
// known meets no condition.
func (r Rule) Holds(f Facts) bool {
	return (r.Channel == "" || r.Channel == f.Channel) &&
		(r.Account == 0 || r.Account == f.Account) &&
		(r.Topic == "" || slices.Contains(f.Topics, r.Topic)) &&
		(r.Language == "" || r.Language == f.Language) &&
		(r.Tag == "" || slices.ContainsFunc(f.Tags, func(t string) bool { return strings.EqualFold(t, r.Tag) })) &&
		(r.Hours == Always || r.Hours == f.Hours)
}

// What decided a mode (Choice.By).
const (
	ByConversation = "conversation"
	ByRule         = "rule"
	ByAccount      = "account"
	ByWorkspace    = "workspace"
	ByDefault      = "default" // nobody said anything: off
)

// Choice is the mode that holds here and what decided it.
type Choice struct {
	Mode Mode
	By   string
	Rule ID // when By is ByRule
}

// Choose finds the mode for one turn: what was set for the conversation, else
// the rule with the most conditions among those that hold, else the channel
// account's, else the workspace's. Of equally specific rules the stricter wins,
// then the older.
func Choose(ws Workspace, acct Account, conv Conversation, rules []Rule, f Facts) Choice {
	if conv.Mode != ModeInherit {
		return Choice{Mode: conv.Mode, By: ByConversation}
	}
	var best *Rule
	for i := range rules {
		if r := &rules[i]; ValidMode(r.Mode) && r.Conditions() > 0 && r.Holds(f) && (best == nil || r.before(*best)) {
			best = r
		}
	}
	switch {
	case best != nil:
		return Choice{Mode: best.Mode, By: ByRule, Rule: best.ID}
	case acct.Mode != ModeInherit:
		return Choice{Mode: acct.Mode, By: ByAccount}
	case ws.Mode != ModeInherit:
		return Choice{Mode: ws.Mode, By: ByWorkspace}
	}
	return Choice{Mode: ModeOff, By: ByDefault}
}

// before orders rules that hold at the same time.
func (r Rule) before(other Rule) bool {
	return cmp.Or(cmp.Compare(other.Conditions(), r.Conditions()), cmp.Compare(r.Mode.reach(), other.Mode.reach()), cmp.Compare(r.ID, other.ID)) < 0
}

// reach orders modes by how far the AI goes.
func (m Mode) reach() int {
	switch m {
	case ModeAutopilot:
		return 2
	case ModeDraft:
		return 1
	}
	return 0
}

// Span is a piece of a day in minutes after midnight. To may lie up to a day
// after it (a bar open from 18:00 to 02:00 is 1080…1560).
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Hours are the opening hours of a business.
type Hours struct {
	Zone   string    `json:"zone"`             // IANA name: "Europe/Istanbul"
	Week   [7][]Span `json:"week"`             // by time.Weekday: 0 is Sunday
	Closed []string  `json:"closed,omitempty"` // days on which it stays closed: "2026-12-25"
}

const (
	dayMinutes = 24 * 60
	maxSpans   = 6   // of one day
	maxClosed  = 366 // days
)

// Set reports whether any hours were given.
func (h Hours) Set() bool {
	return slices.ContainsFunc(h.Week[:], func(d []Span) bool { return len(d) > 0 })
}

// Check says what is wrong with the hours. Whether the zone exists is the
// caller's to try.
func (h Hours) Check() error {
	for _, day := range h.Week {
		if len(day) > maxSpans {
			return Fail(Invalid, "hours", "a day has at most six open spans")
		}
		for _, s := range day {
			if s.From < 0 || s.From >= dayMinutes || s.To <= s.From || s.To > s.From+dayMinutes {
				return Fail(Invalid, "hours", "an open span begins within its day and lasts at most 24 hours")
			}
		}
	}
	if len(h.Closed) > maxClosed {
		return Fail(Invalid, "closed", "at most 366 closed days")
	}
	for _, d := range h.Closed {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return Fail(Invalid, "closed", "a closed day looks like 2026-12-25")
		}
	}
	return nil
}

// At tells whether the business is open at a moment in its own zone, as the
// fact that rules ask for; Always where no hours are set.
func (h Hours) At(now time.Time, zone *time.Location) When {
	if !h.Set() || zone == nil {
		return Always
	}
	local := now.In(zone)
	minute := local.Hour()*60 + local.Minute()
	yesterday := time.Date(local.Year(), local.Month(), local.Day()-1, 12, 0, 0, 0, zone)
	if h.covers(local, minute) || h.covers(yesterday, minute+dayMinutes) {
		return WhenOpen
	}
	return WhenClosed
}

// covers reports whether a span of the day reaches over a minute counted from
// that day's midnight.
func (h Hours) covers(day time.Time, minute int) bool {
	if slices.Contains(h.Closed, day.Format(time.DateOnly)) {
		return false
	}
	return slices.ContainsFunc(h.Week[day.Weekday()], func(s Span) bool { return minute >= s.From && minute < s.To })
}
