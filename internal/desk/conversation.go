package desk

import "time"

// Mode says how far the AI may go.
type Mode string

// Modes; ModeInherit takes the next wider setting.
const (
	ModeInherit   Mode = ""
	ModeOff       Mode = "off"
	ModeDraft     Mode = "draft"
	ModeAutopilot Mode = "autopilot"
)

// ValidMode reports whether m is off, draft or autopilot.
func ValidMode(m Mode) bool { return m == ModeOff || m == ModeDraft || m == ModeAutopilot }

// OwnerKind says who holds a conversation.
type OwnerKind string

// Kinds of owner: exactly one holds a conversation at any time.
const (
	OwnedByNobody OwnerKind = "nobody"
	OwnedByAI     OwnerKind = "ai"
	OwnedByMember OwnerKind = "member"
)

// Owner is who holds a conversation.
type Owner struct {
	Kind   OwnerKind
	Member ID // set when Kind is OwnedByMember and a member (not a key) holds it
}

// ConversationState is open, snoozed or closed.
type ConversationState string

// States of a conversation.
const (
	Open    ConversationState = "open"
	Snoozed ConversationState = "snoozed"
	Closed  ConversationState = "closed"
)

// HandOverReason says why the AI called a person.
type HandOverReason string

// Reasons of a hand-over.
const (
	AskedForPerson HandOverReason = "asked_for_person"
	NoAnswer       HandOverReason = "no_answer"
	LowConfidence  HandOverReason = "low_confidence"
	TopicRule      HandOverReason = "topic"
	AnswerFailed   HandOverReason = "error"
)

// EngagementSilence ends an engagement when nobody wrote for that long.
const EngagementSilence = 24 * time.Hour

// Conversation is the thread between one contact and one channel account.
//
// Version moves on every change that an AI reply must notice; OwnerEpoch moves
// when who may speak changes (take-over, hand-back, assignment, pause,
// restriction, mode). Both are compared when an AI message is inserted, and
// OwnerEpoch again when it is marked sending.
type Conversation struct {
	ID           ID
	Workspace    ID
	Contact      ID
	Account      ID
	Subject      string
	State        ConversationState
	SnoozedUntil time.Time
	Owner        Owner
	Version      int64
	OwnerEpoch   int64
	Mode         Mode // ModeInherit = the channel's
	Paused       bool
	Engagement   int64 // counts engagements, starting at 1
	Disclosed    int64 // the engagement in which the AI disclosed itself last
	HandOver     HandOverReason
	HandOverAt   time.Time
	Language     string
	WindowUntil  time.Time // zero = no limit
	LastSeq      int64
	LastIn       time.Time
	LastAt       time.Time
	Unread       int
	DraftReady   bool
	SendFailed   bool
	EraseAt      time.Time // zero = kept; a visitor who did not consent
	Labels       []string
	CreatedAt    time.Time
}

// NeedsPerson reports whether the conversation belongs into "Needs you".
func (c Conversation) NeedsPerson() bool {
	return c.State == Open && (c.DraftReady || c.SendFailed || c.HandOver != "" || (c.Unread > 0 && c.Owner.Kind != OwnedByAI))
}

// Needs lists why a person is needed, in the order the inbox shows it.
func (c Conversation) Needs() []string {
	needs := []string{}
	if c.State != Open {
		return needs
	}
	if c.DraftReady {
		needs = append(needs, "draft_ready")
	}
	if c.HandOver != "" {
		needs = append(needs, "handed_over")
	}
	if c.SendFailed {
		needs = append(needs, "failed_send")
	}
	if c.Unread > 0 && c.Owner.Kind != OwnedByAI && c.HandOver == "" && !c.DraftReady {
		needs = append(needs, "unanswered")
	}
	return needs
}

// moved marks a change of who may speak.
func (c *Conversation) moved() {
	c.Version++
	c.OwnerEpoch++
}

// TakeOver gives the conversation to a member (0 = an API key). From its
// commit on no AI message may enter sending.
func (c *Conversation) TakeOver(member ID) {
	c.Owner = Owner{Kind: OwnedByMember, Member: member}
	c.HandOver, c.HandOverAt = "", time.Time{}
	if c.State != Open {
		c.State, c.SnoozedUntil = Open, time.Time{}
	}
	c.moved()
}

// Assign gives the conversation to a member without answering it, or to
// nobody (0).
func (c *Conversation) Assign(member ID) {
	c.Owner = Owner{Kind: OwnedByNobody}
	if member != 0 {
		c.Owner = Owner{Kind: OwnedByMember, Member: member}
	}
	c.moved()
}

// HandBack returns the conversation to the AI and starts a new engagement, so
// that nothing said before leads the AI to hand over again.
func (c *Conversation) HandBack() {
	c.Owner = Owner{Kind: OwnedByAI}
	c.HandOver, c.HandOverAt = "", time.Time{}
	c.Paused = false
	c.Engagement++
	c.moved()
}

// CallPerson hands the conversation from the AI to the people of the
// workspace.
func (c *Conversation) CallPerson(reason HandOverReason, now time.Time) {
	c.Owner = Owner{Kind: OwnedByNobody}
	c.HandOver, c.HandOverAt = reason, now
	c.moved()
}

// SetMode changes how far the AI may go here; SetPaused stops or resumes it.
func (c *Conversation) SetMode(m Mode) {
	c.Mode = m
	c.moved()
}

// SetPaused stops or resumes the AI in this conversation.
func (c *Conversation) SetPaused(p bool) {
	c.Paused = p
	c.moved()
}

// Close ends the work on a conversation; the next message opens it again.
func (c *Conversation) Close() {
	c.State, c.SnoozedUntil = Closed, time.Time{}
	c.HandOver, c.HandOverAt = "", time.Time{}
	c.SendFailed = false
	c.Unread = 0
	c.moved()
}

// Reopen brings a closed or snoozed conversation back.
func (c *Conversation) Reopen() {
	c.State, c.SnoozedUntil = Open, time.Time{}
	c.moved()
}

// Snooze hides the conversation until a time or the contact's next message.
func (c *Conversation) Snooze(until time.Time) {
	c.State, c.SnoozedUntil = Snoozed, until
	c.moved()
}

// Arrived notes a message of the contact: the conversation opens, a closed or
// silent engagement gives way to a new one, and a conversation nobody holds
// goes to the AI unless a person was called.
func (c *Conversation) Arrived(at time.Time) {
	silent := !c.LastAt.IsZero() && at.Sub(c.LastAt) >= EngagementSilence
	if c.State == Closed || silent {
		c.Engagement++
		c.Owner = Owner{Kind: OwnedByAI}
		c.HandOver, c.HandOverAt = "", time.Time{}
		c.OwnerEpoch++
	}
	c.State, c.SnoozedUntil = Open, time.Time{}
	c.Unread++
	c.Version++
	if at.After(c.LastIn) {
		c.LastIn = at
	}
}
