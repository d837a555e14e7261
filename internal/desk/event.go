package desk

import "time"

// EventKind names something that happened and was committed.
type EventKind string

// Kinds of event. Those with a screen meaning go to the browsers; every one may
// have followers in app/flow.go.
const (
	MessageArrived      EventKind = "message.arrived"      // a contact's message was filed
	MessageQueued       EventKind = "message.queued"       // an outgoing message waits for deliver
	MessageAdded        EventKind = "message.added"        // a note or event line
	MessageChanged      EventKind = "message.changed"      // status, receipt
	MessageEdited       EventKind = "message.edited"       // its author changed the text
	MessageGone         EventKind = "message.gone"         // unsent or erased
	ConversationChanged EventKind = "conversation.changed" // owner, state, mode, labels or what waits
	ConversationGone    EventKind = "conversation.gone"    // a conversation was deleted; its contact stays
	PersonCalled        EventKind = "person.called"        // the AI handed over
	QuestionOpen        EventKind = "question.open"        // the AI found no answer to what was asked
	GapChanged          EventKind = "gap.changed"          // what people ask in vain was asked again, answered or dismissed
	PhrasingsChanged    EventKind = "phrasings.changed"    // ways to ask were suggested, approved or declined
	FindingsChanged     EventKind = "findings.changed"     // the knowledge was looked over
	DraftReady          EventKind = "draft.ready"          // the AI proposes an answer to a member
	DraftGone           EventKind = "draft.gone"           // sent, dropped or out of date
	SourceChanged       EventKind = "source.changed"       // knowledge was added, read, changed or removed
	ChannelChanged      EventKind = "channel.changed"      // a channel account was connected or set
	WorkspaceChanged    EventKind = "workspace.changed"    // settings of the workspace
	ContactChanged      EventKind = "contact.changed"      // what is known of a person
	ContactErased       EventKind = "contact.erased"       // a person is gone with all of theirs
	MemberChanged       EventKind = "member.changed"       // who works here, or as what
	LabChanged          EventKind = "lab.changed"          // a comparison went on or ended, or a probe of bias ended
	LabAlarm            EventKind = "lab.alarm"            // at night a test failed, a source became stale, or it mattered who asks
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
	Object       ID // draft, source, channel account, contact, member, comparison
	Seq          int64
}
