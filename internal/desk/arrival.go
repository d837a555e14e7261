package desk

import "time"

// ArrivalKind says what a channel delivered.
type ArrivalKind string

// Kinds of arrival that intake files.
const (
	ArrivedMessage ArrivalKind = "message"
	ArrivedReceipt ArrivalKind = "receipt"
	ArrivedPerson  ArrivalKind = "person_wanted" // the contact pressed "talk to a person"
	ArrivedEnd     ArrivalKind = "end"           // the contact ended the chat
	ArrivedProfile ArrivalKind = "profile"       // the contact told name or e-mail
	ArrivedConsent ArrivalKind = "consent"       // the visitor allowed, refused or withdrew storage
	// ArrivedEcho is a message of the business itself: what Parley sent, what
	// somebody typed on the owner's phone or in the provider's inbox, or what
	// another program sent (Arrival.Echo says which).
	ArrivedEcho     ArrivalKind = "echo"
	ArrivedReaction ArrivalKind = "reaction" // added to or removed from Target
	ArrivedEdit     ArrivalKind = "edit"     // Target now reads Text
	ArrivedUnsend   ArrivalKind = "unsend"   // Target is to be deleted, also when it arrives later
	ArrivedReferral ArrivalKind = "referral" // the person came by a link or ad, without writing
	ArrivedOptIn    ArrivalKind = "opt_in"   // the person allowed, or stopped, a kind of messages
	ArrivedIdentity ArrivalKind = "identity" // the person's id changed: Sender is the old, Changed the new one
	ArrivedThread   ArrivalKind = "thread"   // another program took, gave or asks for the thread
	ArrivedFeedback ArrivalKind = "feedback" // the person judged Target
	ArrivedNotice   ArrivalKind = "notice"   // about the account: quality, templates, restriction; no person
	ArrivedCounted  ArrivalKind = "counted"  // acknowledged and counted by Notice.What, never filed
)

// OfPerson reports whether such an arrival is about one person, so that Sender
// names them.
func (k ArrivalKind) OfPerson() bool { return k != ArrivedNotice && k != ArrivedCounted }

// Arrival is one thing a channel delivered, before filing.
type Arrival struct {
	Kind       ArrivalKind
	ExternalID string // unique per channel account; repeats vanish by it
	// Sender is the person the conversation is with, also on an echo, where it
	// is the one who received the message. Empty where Kind is not OfPerson.
	Sender IdentityHint
	// Aliases are further ids of the same person on the same account, the
	// surest first: whichever of them is known finds the person, and all are
	// kept. Those with Guess set only find, they are never kept.
	Aliases  []IdentityAlias
	Thread   ID        // the id a new conversation takes; 0 = any
	At       time.Time // the provider's time
	Text     Body
	MsgKind  string // KindText or what the channel calls it
	Choice   string // id of the button that was pressed
	ReplyTo  string // external id
	Language string // hint from the channel
	Name     string
	Email    string
	Receipt  Receipt
	Session  *Session
	Consent  ConsentState

	// Target is the external id of the message that a reaction, edit, unsend or
	// feedback is about.
	Target string
	// Window is how long a free reply is allowed after this act, counted from
	// At. 0 = Skills.Window for a message, and none for any other kind.
	Window time.Duration
	// Standby: another program holds the thread now. Filed, never answered by
	// the AI.
	Standby  bool
	Username string // what the person calls themselves; changes, never a key
	Media    []MediaRef
	Extra    *Extra // what a message carries beside text and files
	Echo     *Echo
	Reaction *Reaction
	OptIn    *OptIn
	Changed  []IdentityHint // of ArrivedIdentity: the new ids of the person
	Control  *ThreadChange
	Notice   *Notice
}

// IdentityHint names the person on the channel.
type IdentityHint struct {
	Kind  string
	Value string
}

// IdentityAlias is another id of a person. A guess (a phone number written the
// way another network writes it) finds a known identity and is never kept.
type IdentityAlias struct {
	IdentityHint
	Guess bool
}

// EchoOf says whose message an echo is.
type EchoOf string

// Whose echoes. EchoUnsaid: the channel does not tell; when no message has its
// external id after a grace time a person typed it.
const (
	EchoOwn     EchoOf = "own"     // this app sent it: a message we have, or are about to have
	EchoPerson  EchoOf = "person"  // typed on the owner's phone or in the provider's inbox
	EchoProgram EchoOf = "program" // another app
	EchoUnsaid  EchoOf = "unsaid"
)

// Echo belongs to ArrivedEcho.
type Echo struct {
	Of  EchoOf
	App string // the provider's id of the sending app, "" unknown
	Ref string // Outgoing.Ref as it comes back, "" where the channel carries none
}

// Reaction belongs to ArrivedReaction.
type Reaction struct {
	Emoji   string // "" where only Name is told or it was removed
	Name    string // "love", "like", …
	Removed bool
}

// OptIn belongs to ArrivedOptIn.
type OptIn struct {
	Topic   string // what it allows: "marketing", a title, a plug-in's ref
	Stopped bool   // the person does not want it any more
	Until   time.Time
}

// ThreadAct is what happened to the control of a thread.
type ThreadAct string

// Acts on a thread.
const (
	ThreadPassed ThreadAct = "passed"
	ThreadTaken  ThreadAct = "taken"
	ThreadAsked  ThreadAct = "asked"
)

// ThreadChange belongs to ArrivedThread.
type ThreadChange struct {
	Act  ThreadAct
	Ours bool   // this app holds the thread now (Passed, Taken)
	By   EchoOf // who holds or asks: EchoPerson for the provider's inbox
	App  string
}

// Notice belongs to ArrivedNotice and ArrivedCounted. What and State are the
// provider's own words in lower case, bounded; Detail is never about a person.
type Notice struct {
	What   string // "template_status", "quality", "restricted", …; of a counted one "group", "call", "comment", "test"
	State  string
	Object string // template name, phone number: what it is about
	Detail string
	// Stops: the account must not send until somebody looked.
	Stops bool
}

// ConsentState is what a visitor said about keeping things.
type ConsentState string

// Consent states (decision 12 of the product page).
const (
	ConsentUnknown   ConsentState = "unknown"
	ConsentRefused   ConsentState = "refused"
	ConsentGranted   ConsentState = "granted"
	ConsentWithdrawn ConsentState = "withdrawn"
)

// Session describes a visit to a page with the website chat, as far as consent
// allows (clauses A-3.3-03…09).
type Session struct {
	ID        string // of this visit, chosen by the server
	Consent   ConsentState
	IP        string
	UserAgent string // as the browser sends it; the channel turns it into the three below
	Browser   string
	OS        string
	Device    string // desktop, mobile, tablet
	Referrer  string
	PageURL   string
	Locale    string
	StartedAt time.Time
	SeenAt    time.Time
}
