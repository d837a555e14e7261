package desk

import "time"

// EventKind names something that happened and was committed.
type EventKind string

// Kinds of event. Those with a screen meaning go to the browsers; every one may
// have followers in app/flow.go.
const (
	MessageArrived      EventKind = "message.arrived" // a contact's message was filed
	MessageQueued       EventKind = "message.queued"  // an outgoing message waits for deliver
	MessageAdded        EventKind = "message.added"   // a note or event line
	MessageChanged      EventKind = "message.changed" // status, receipt
	MessageGone         EventKind = "message.gone"    // unsent or erased
	ConversationChanged EventKind = "conversation.changed"
	PersonCalled        EventKind = "person.called" // the AI handed over
	DraftReady          EventKind = "draft.ready"
	DraftGone           EventKind = "draft.gone"
	SourceChanged       EventKind = "source.changed"
	ChannelChanged      EventKind = "channel.changed"
	WorkspaceChanged    EventKind = "workspace.changed"
	ContactChanged      EventKind = "contact.changed"
	ContactErased       EventKind = "contact.erased"
	MemberChanged       EventKind = "member.changed"
)

// Event is a fact with its number in the workspace. It holds ids and numbers
// only; what it is about is read from the current row.
type Event struct {
	Workspace    ID
	No           int64
	At           time.Time
	Kind         EventKind
	Conversation ID
	Message      ID
	Object       ID // draft, source, channel account, contact, member
	Seq          int64
}
