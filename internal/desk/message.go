package desk

import (
	"fmt"
	"log/slog"
	"time"
)

// Body is message text: it prints as its length only, so that no log line,
// error or panic can carry what a person wrote. Convert with string(b) to use it.
type Body string

// String tells the length, never the text.
func (b Body) String() string { return fmt.Sprintf("•••(%d)", len(b)) }

// GoString tells the length, never the text.
func (b Body) GoString() string { return b.String() }

// LogValue tells the length, never the text.
func (b Body) LogValue() slog.Value { return slog.StringValue(b.String()) }

// Limits of one message, in bytes of UTF-8 and number of parts.
const (
	MaxBody    = 16 << 10
	MaxButtons = 5
	MaxLabel   = 120
)

// Direction of a message: in from the contact, out to them, or none (a note or
// an event of the conversation).
type Direction string

// Directions.
const (
	In   Direction = "in"
	Out  Direction = "out"
	None Direction = "none"
)

// AuthorKind says who wrote a message.
type AuthorKind string

// Kinds of author.
const (
	FromContact AuthorKind = "contact"
	FromMember  AuthorKind = "member"
	FromAI      AuthorKind = "ai"
	FromSystem  AuthorKind = "system"
)

// Author wrote a message. Name is a snapshot for members and keys.
type Author struct {
	Kind AuthorKind
	ID   ID
	Name string
}

// Status is how far an outgoing message came.
type Status string

// Statuses; an incoming message or note is "delivered" at once.
const (
	StatusQueued    Status = "queued"
	StatusSending   Status = "sending"
	StatusSent      Status = "sent"
	StatusDelivered Status = "delivered"
	StatusRead      Status = "read"
	StatusFailed    Status = "failed"
	StatusUnknown   Status = "unknown"
	StatusCancelled Status = "cancelled"
)

// Kinds of message. The list is open: a channel may deliver kinds we do not
// know, which are kept with a readable fallback.
const (
	KindText   = "text"
	KindNote   = "note"
	KindEvent  = "event"
	KindChoice = "choice"
	// What a person can send on a channel beside text. The words for a screen
	// are made from the kind; Body holds what the person wrote and nothing else.
	KindImage        = "image"
	KindVideo        = "video"
	KindAudio        = "audio"
	KindFile         = "file"
	KindSticker      = "sticker"
	KindLocation     = "location"
	KindContacts     = "contacts"
	KindOrder        = "order"
	KindForm         = "form"          // a filled-in form (Extra.Form)
	KindStoryMention = "story_mention" // the business was mentioned in a story
	KindStoryReply   = "story_reply"
	KindShare        = "share"       // a post, reel, product or link
	KindDisappearing = "disappeared" // media for one look: the channel does not hand it over
	KindTemplate     = "template"
	KindUnsupported  = "unsupported" // the channel says that it cannot hand it over
	KindUnknown      = "unknown"     // a kind Parley does not know (Extra.What)
)

// Kinds of event message (Message.Event); the words are made on the screen.
const (
	EventTakeOver = "take_over"
	EventHandBack = "hand_back"
	EventHandOver = "hand_over"
	EventClosed   = "closed"
	EventReopened = "reopened"
	EventAssigned = "assigned"
	EventMode     = "mode"
	EventPaused   = "paused"
	EventResumed  = "resumed"
	EventSnoozed  = "snoozed"
	EventEnded    = "ended"
	EventAsked    = "person_wanted" // the contact pressed "talk to a person"
	EventNewID    = "new_id"        // the channel knows the person by another id or number now
	EventAway     = "thread_away"   // another program took the thread at the provider
	EventBack     = "thread_back"   // and gave it back
)

// Button is a choice offered below a message.
type Button struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// SourceRef points at the knowledge an answer rests on.
type SourceRef struct {
	N         int    `json:"n"`
	SourceID  ID     `json:"source_id"`
	PassageID ID     `json:"passage_id"`
	Name      string `json:"name"`
	Heading   string `json:"heading"`
	URL       string `json:"url"`
	Quote     string `json:"quote"`
}

// Message is one entry of a conversation. Seq is the order of filing, Place the
// order people see (a channel may deliver late); ids are no order.
type Message struct {
	ID           ID
	Workspace    ID
	Conversation ID
	Seq          int64
	Place        int64
	Direction    Direction
	Author       Author
	Kind         string
	Body         Body
	Buttons      []Button
	ReplyTo      ID
	Status       Status
	ErrorCode    string
	ErrorText    string
	ExternalID   string // the channel's id of the message
	ClientID     string // what the sender calls it, so that a repeat is one message
	Run          ID     // AI run that wrote it
	Disclosed    bool   // this AI message carries the disclosure
	Approver     Author // who let an AI's draft go as it was; zero = it went by itself
	Sources      []SourceRef
	Event        string // event kind of an event message
	EventReason  string
	OwnerEpoch   int64 // of the conversation when an AI message was inserted
	AIEpoch      int64 // of the workspace when an AI message was inserted
	At           time.Time
	SentAt       time.Time
	Deleted      bool
	Pieces       int        // calls of this message that its channel took, while it is under way
	More         *Extra     // what it carries beside text and files
	Reactions    []Reacted  // newest last
	Edited       bool       // its author changed the text
	Files        []MediaRef // what its channel holds of it
}

// Reacted is a reaction to a message.
type Reacted struct {
	By    AuthorKind `json:"by"`
	Emoji string     `json:"emoji,omitempty"`
	Name  string     `json:"name,omitempty"` // "love", where the channel names it
}

// React adds one side's reaction in place of the one it gave before.
func (m *Message) React(by AuthorKind, r Reaction) {
	kept := m.Reactions[:0:0]
	for _, have := range m.Reactions {
		if have.By != by {
			kept = append(kept, have)
		}
	}
	if !r.Removed {
		kept = append(kept, Reacted{by, r.Emoji, r.Name})
	}
	m.Reactions = kept
}

// rank orders statuses so that receipts only move forward.
func (s Status) rank() int {
	switch s {
	case StatusQueued:
		return 1
	case StatusSending:
		return 2
	case StatusUnknown:
		return 3
	case StatusSent:
		return 4
	case StatusDelivered:
		return 6
	case StatusRead:
		return 7
	case StatusFailed:
		return 5
	}
	return 0
}

// Advance returns the status after a report and whether it changed. Receipts
// may overtake each other: a message only moves forward, a failure counts
// after sent but not after delivered or read, and a cancelled one stays.
func (s Status) Advance(report Status) (Status, bool) {
	if s == StatusCancelled || s == report {
		return s, false
	}
	if s == StatusFailed && (report == StatusDelivered || report == StatusRead) {
		return report, true
	}
	if report.rank() > s.rank() {
		return report, true
	}
	return s, false
}

// Receipt reports how far messages came.
type Receipt struct {
	Status      Status   // StatusDelivered, StatusRead or StatusFailed
	ExternalIDs []string // exact messages, or
	UpTo        int64    // every outgoing message up to this seq (0 = not used), or
	Watermark   time.Time
	ErrorCode   string
	ErrorText   string
	// Earlier: what is said of ExternalIDs holds for every outgoing message of
	// their conversation before them too.
	Earlier bool
	Ref     string   // Outgoing.Ref as it comes back, "" where the channel carries none
	Pricing *Pricing // what the channel says it charges, nil = not told
}

// Pricing is what a channel charges for a message.
type Pricing struct {
	Billable bool
	Model    string
	Type     string
	Category string
}
