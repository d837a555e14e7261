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
	AIOff          HandOverReason = "off" // the AI may not speak here; nobody was promised a person
)

// MaxTurns is how many answers the AI gives in one engagement before it calls a
// person.
const MaxTurns = 6

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
	Began        int64 // last seq before the engagement: what the AI may look back to
	Turns        int   // AI answers in the engagement
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
	if c.HandOver != "" && c.HandOver != AIOff {
		needs = append(needs, "handed_over")
	}
	if c.SendFailed {
		needs = append(needs, "failed_send")
	}
	waits := c.Unread > 0 && c.Owner.Kind != OwnedByAI && c.HandOver == "" && !c.DraftReady
	if waits || c.HandOver == AIOff {
		needs = append(needs, "unanswered")
	}
	return needs
}

// moved marks a change of who may speak.
func (c *Conversation) moved() {
	c.Version++
	c.OwnerEpoch++
}

// SpeakersChanged notes that a rule outside of the conversation changed who may
// speak in it.
func (c *Conversation) SpeakersChanged() { c.moved() }

// begin starts a new engagement after what was said so far.
func (c *Conversation) begin() {
	c.Engagement++
	c.Began, c.Turns = c.LastSeq, 0
}

// calm takes back the call for a person.
func (c *Conversation) calm() { c.HandOver, c.HandOverAt = "", time.Time{} }

// open makes the conversation open again; a closed one begins a new engagement.
func (c *Conversation) open() {
	if c.State == Closed {
		c.begin()
	}
	c.State, c.SnoozedUntil = Open, time.Time{}
}

// TakeOver gives the conversation to a member (0 = an API key). From its
// commit on no AI message may enter sending.
func (c *Conversation) TakeOver(member ID) {
	c.open()
	c.Owner = Owner{Kind: OwnedByMember, Member: member}
	c.calm()
	c.moved()
}

// Assign gives the conversation to a member without answering it, or to
// nobody (0). A call for a person stays until somebody answers it.
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
	c.open()
	c.begin()
	c.Owner = Owner{Kind: OwnedByAI}
	c.calm()
	c.Paused = false
	c.moved()
}

// CallPerson hands the conversation from the AI to the people of the
// workspace.
func (c *Conversation) CallPerson(reason HandOverReason, now time.Time) {
	c.Owner = Owner{Kind: OwnedByNobody}
	c.HandOver, c.HandOverAt = reason, now
	c.moved()
}

// Flag asks people to look without taking the conversation from the AI: it may
// not speak now (AIOff), or has no draft to offer.
func (c *Conversation) Flag(reason HandOverReason, now time.Time) {
	c.HandOver, c.HandOverAt = reason, now
	c.Version++
}

// Replied notes an answer, whoever wrote it: nothing waits any more.
func (c *Conversation) Replied() {
	c.Unread = 0
	c.calm()
	c.Version++
}

// Proposed notes a draft: it is what people look at now, unless the contact was
// promised a person.
func (c *Conversation) Proposed() {
	c.DraftReady = true
	if c.Owner.Kind == OwnedByAI {
		c.calm()
	}
}

// AIReplied notes an answer of the AI.
func (c *Conversation) AIReplied() {
	c.Turns++
	c.Replied()
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
	c.calm()
	c.SendFailed, c.DraftReady = false, false
	c.Unread = 0
	c.moved()
}

// Reopen brings a closed or snoozed conversation back.
func (c *Conversation) Reopen() {
	c.open()
	c.moved()
}

// Snooze hides the conversation until a time or the contact's next message.
func (c *Conversation) Snooze(until time.Time) {
	c.State, c.SnoozedUntil = Snoozed, until
	c.moved()
}

// Arrived notes a message of the contact, before it gets its seq: the
// conversation opens, and a closed or silent engagement gives way to a new one.
// A new engagement belongs to the AI, except where the old one was silent only
// and a member holds it or a person was called: silence takes nothing away from
// people.
func (c *Conversation) Arrived(at time.Time) {
	closed := c.State == Closed
	silent := !c.LastAt.IsZero() && at.Sub(c.LastAt) >= EngagementSilence
	switch {
	case closed:
		c.open()
		c.own(OwnedByAI)
	case silent:
		c.begin()
		if c.Owner.Kind == OwnedByNobody && c.HandOver == "" {
			c.own(OwnedByAI)
		}
	}
	c.State, c.SnoozedUntil = Open, time.Time{}
	c.Unread++
	c.Version++
	if at.After(c.LastIn) {
		c.LastIn = at
	}
}

// own changes the owner by rule; the epoch moves only with a real change.
func (c *Conversation) own(kind OwnerKind) {
	if c.Owner.Kind == kind {
		return
	}
	c.Owner = Owner{Kind: kind}
	c.OwnerEpoch++
}

// Discloses reports whether an AI message sent now has to say that it is one,
// and notes that it does: once per engagement.
func (c *Conversation) Discloses() bool {
	if c.Disclosed == c.Engagement {
		return false
	}
	c.Disclosed = c.Engagement
	return true
}

// Undisclosed takes the note back when the message that carried it never left.
func (c *Conversation) Undisclosed(m Message) {
	if m.Disclosed && c.Disclosed == c.Engagement {
		c.Disclosed = 0
	}
}
