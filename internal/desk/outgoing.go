package desk

import "time"

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

	Seen        bool        // the channel can be told that a message was read
	ReplyTo     bool        // an answer can point at a message
	Templates   bool        // approved templates may be sent outside the window
	Media       []MediaRule // files it takes; none = no files
	FileURLs    bool        // it fetches files itself: File.URL is needed, public and https
	Pictures    int         // pictures of one call; 0 = 1
	Caption     int         // length of the text beside one file, in TextUnit; 0 = files and text are calls of their own
	MaxButtons  int         // buttons of one call; 0 = no limit of its own
	ButtonLabel int         // characters of a label; longer ones are numbered in the text; 0 = no limit
	ButtonText  int         // length of the text that may stand above buttons, in TextUnit; 0 = TextLimit
	Pace        Pace
}

// Pace is how fast a provider lets an account send. The zero Rate is no limit.
type Pace struct {
	Account Rate // all messages of one account
	Person  Rate // messages to one person
	Heavy   Rate // those of one account that carry sound or film
}

// Rate is N events every Per on average, at most Burst at once.
type Rate struct {
	N     int
	Per   time.Duration
	Burst int
}

// MediaFor is the rule for a kind of file, and whether the channel takes it.
func (s Skills) MediaFor(k MediaKind) (MediaRule, bool) {
	for _, r := range s.Media {
		if r.Kind == k {
			return r, true
		}
	}
	return MediaRule{}, false
}

// Outgoing is what a channel sends in one call: a whole message, or a piece of
// one that does not fit (channel.Pieces).
type Outgoing struct {
	Message Message
	To      Identity
	Also    []Identity // further ids of the same person on this account
	Text    string     // the body with disclosure and mark as this channel needs it
	Buttons []Button   // choices below the text
	Files   []File
	ReplyTo string // external id of the message this answers, "" = none
	// HumanAgent: a member wrote this and the window is closed. The channel
	// tags it; deliver sets it by decision 15 and nobody else does.
	HumanAgent bool
	Template   *TemplateUse // sent instead of Text
	Ref        string       // comes back with the echo or status where the channel can carry it
	Locale     string       // language of the words a channel adds by itself ("en", "tr")
}

// Sent is what a channel answers when it took a piece. Each piece has an id of
// its own: echoes, receipts, reactions and replies may name any of them, so all
// are kept as ids of the one message.
type Sent struct {
	ExternalID string
	Status     Status // StatusSent, or StatusDelivered where the channel knows at once
	// Learned are ids of the person that the answer told: kept as identities.
	Learned []IdentityHint
}

// SignalKind is something shown to a person without being a message.
type SignalKind string

// Signals.
const (
	SignalTyping  SignalKind = "typing"
	SignalStopped SignalKind = "stopped" // typing ended without a message
	SignalSeen    SignalKind = "seen"
)

// Signal goes to one person. Message is the external id of their newest
// message, which some channels need.
type Signal struct {
	Kind    SignalKind
	To      Identity
	Message string
}

// Template is a text that a provider approved for use outside the window.
type Template struct {
	ID         string
	Name       string
	Language   string
	Category   string // as the provider names it: "UTILITY", "MARKETING", …
	State      string // "APPROVED", …
	Quality    string
	Header     string // text of the header, "" = none
	HeaderKind string // "text", "image", …; "" = no header
	Body       string
	Footer     string
	Named      bool // its parameters have names, not numbers
	Buttons    []TemplateButton
}

// TemplateButton is a button that belongs to a template.
type TemplateButton struct {
	Kind  string // "quick_reply", "url", "phone_number", …
	Label string
	URL   string // with {{1}} where it takes a parameter
}

// TemplateUse is a template filled in. Params are the body's values in order,
// or by name where Names is as long.
type TemplateUse struct {
	Name     string          `json:"name"`
	Language string          `json:"language"`
	Header   []string        `json:"header,omitempty"`
	Params   []string        `json:"params,omitempty"`
	Names    []string        `json:"names,omitempty"`
	Buttons  []TemplateParam `json:"buttons,omitempty"`
}

// TemplateParam fills the parameter of one button.
type TemplateParam struct {
	Index int    `json:"index"`
	Kind  string `json:"kind"` // "quick_reply" (a payload) or "url" (the end of the address)
	Value string `json:"value"`
}
