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
)

// Arrival is one thing a channel delivered, before filing.
type Arrival struct {
	Kind       ArrivalKind
	ExternalID string // unique per channel account; repeats vanish by it
	Sender     IdentityHint
	Thread     ID        // the id a new conversation takes; 0 = any
	At         time.Time // the provider's time
	Text       Body
	MsgKind    string // KindText or what the channel calls it
	Choice     string // id of the button that was pressed
	ReplyTo    string // external id
	Language   string // hint from the channel
	Name       string
	Email      string
	Receipt    Receipt
	Session    *Session
	Consent    ConsentState
}

// IdentityHint names the person on the channel.
type IdentityHint struct {
	Kind  string
	Value string
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

// Skills says what a channel can do, as data that the composer, the prompt and
// deliver read.
type Skills struct {
	Window     time.Duration // how long a free reply is allowed; 0 = no limit
	TextLimit  int
	TextUnit   string // "characters" or "bytes"
	Buttons    bool
	Receipts   bool
	Typing     bool
	HumanAgent bool // members may write after the window with a human-agent tag
	MarkAI     bool // the channel shows AI messages as such by itself
	Idempotent bool // handing the same message over twice does no harm
}

// Outgoing is a message handed to a channel.
type Outgoing struct {
	Message Message
	To      Identity
	Text    string // the body with disclosure and mark as this channel needs it
}

// Sent is what a channel answers when it took a message.
type Sent struct {
	ExternalID string
	Status     Status // StatusSent, or StatusDelivered where the channel knows at once
}
