package privacy

import (
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// The form of a copy, and which of its shapes: whoever changes one counts it up.
const (
	CopyForm    = "parley.person"
	CopyVersion = 1
)

// Names of the files of a copy.
const (
	manifestName = "manifest.json"
	personName   = "person.json"
	recordsName  = "records.json"
)

// Manifest lists what a copy consists of, so that what was cut or changed on the
// way is noticed.
type Manifest struct {
	Form    string     `json:"form"`
	Version int        `json:"version"`
	MadeAt  time.Time  `json:"made_at"`
	Files   []FileMark `json:"files"`
}

// FileMark is one file of a copy.
type FileMark struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// PersonDoc is who a person is to a business: person.json.
type PersonDoc struct {
	Form     string       `json:"form"`
	Version  int          `json:"version"`
	MadeAt   time.Time    `json:"made_at"`
	Business string       `json:"business"`
	Language string       `json:"language"`
	Contacts []ContactDoc `json:"contacts"` // the first stands for the others
	Threads  []ThreadMark `json:"conversations"`
}

// ContactDoc is one contact of a person.
type ContactDoc struct {
	ID           desk.ID       `json:"id"`
	Name         string        `json:"name,omitempty"`
	Email        string        `json:"email,omitempty"`
	Phone        string        `json:"phone,omitempty"`
	Language     string        `json:"language,omitempty"`
	Restricted   bool          `json:"restricted,omitempty"`
	NoAutomation bool          `json:"no_automation,omitempty"`
	Limited      bool          `json:"limited,omitempty"`
	Objected     bool          `json:"objected,omitempty"`
	Sensitive    bool          `json:"limit_sensitive,omitempty"`
	Frozen       bool          `json:"frozen,omitempty"`
	CreatedAt    time.Time     `json:"created_at"`
	MergedAt     time.Time     `json:"merged_at,omitzero"`
	Identities   []IdentityDoc `json:"identities"`
	Profiles     []ProfileDoc  `json:"profiles"`
	OptIns       []OptInDoc    `json:"opt_ins"`
}

// ChannelDoc is the business's account that a person wrote to.
type ChannelDoc struct {
	Kind    string `json:"kind"`
	Name    string `json:"name,omitempty"`
	Address string `json:"address"` // what the channel delivers to
}

// IdentityDoc is what a channel calls a person.
type IdentityDoc struct {
	Channel ChannelDoc `json:"channel"`
	Kind    string     `json:"kind"`
	Value   string     `json:"value"`
}

// ProfileDoc is what a channel told of a person.
type ProfileDoc struct {
	Channel   ChannelDoc `json:"channel"`
	Username  string     `json:"username,omitempty"`
	Followers int64      `json:"followers"` // -1 = not told
	Follows   bool       `json:"follows,omitempty"`
	Followed  bool       `json:"followed,omitempty"`
	Verified  bool       `json:"verified,omitempty"`
	ReadAt    time.Time  `json:"read_at"`
	Picture   string     `json:"picture,omitempty"` // file of the copy
}

// OptInDoc is what a person allowed or stopped.
type OptInDoc struct {
	Channel   ChannelDoc `json:"channel"`
	Topic     string     `json:"topic"`
	Source    string     `json:"source"`
	Note      string     `json:"note,omitempty"`
	At        time.Time  `json:"at"`
	Until     time.Time  `json:"until,omitzero"`
	StoppedAt time.Time  `json:"stopped_at,omitzero"`
	StoppedBy string     `json:"stopped_by,omitempty"`
}

// ThreadMark names the files that a conversation's messages are in, in order.
type ThreadMark struct {
	ThreadHead
	Parts []string `json:"parts"`
	Count int      `json:"messages"`
}

// ThreadHead is a conversation without its messages.
type ThreadHead struct {
	ID        desk.ID    `json:"id"`
	Contact   desk.ID    `json:"contact_id"`
	Channel   ChannelDoc `json:"channel"`
	Subject   string     `json:"subject,omitempty"`
	State     string     `json:"state"`
	Language  string     `json:"language,omitempty"`
	Labels    []string   `json:"labels"`
	CreatedAt time.Time  `json:"created_at"`
}

// ThreadDoc is a part of a conversation: conversations/ID-N.json.
type ThreadDoc struct {
	ThreadHead
	Part     int          `json:"part"` // from 1
	Messages []MessageDoc `json:"messages"`
}

// MessageDoc is one message.
type MessageDoc struct {
	ID         desk.ID          `json:"id"`
	Seq        int64            `json:"seq"`
	Place      int64            `json:"place"`
	At         time.Time        `json:"at"`
	SentAt     time.Time        `json:"sent_at,omitzero"`
	Direction  desk.Direction   `json:"direction"`
	By         desk.AuthorKind  `json:"by"`
	Name       string           `json:"name,omitempty"` // of a member, where they agreed
	Kind       string           `json:"kind"`
	Text       string           `json:"text,omitempty"`
	Buttons    []desk.Button    `json:"buttons,omitempty"`
	ReplyTo    desk.ID          `json:"reply_to,omitempty"`
	Status     desk.Status      `json:"status"`
	ErrorCode  string           `json:"error_code,omitempty"`
	ExternalID string           `json:"external_id,omitempty"`
	Disclosed  bool             `json:"ai_disclosed,omitempty"`
	Approved   bool             `json:"approved_by_member,omitempty"`
	Sources    []desk.SourceRef `json:"sources,omitempty"`
	Event      string           `json:"event,omitempty"`
	Reason     string           `json:"event_reason,omitempty"`
	Reactions  []desk.Reacted   `json:"reactions,omitempty"`
	Edited     bool             `json:"edited,omitempty"`
	Deleted    bool             `json:"deleted,omitempty"`
	More       *desk.Extra      `json:"more,omitempty"`
	Files      []FileDoc        `json:"files,omitempty"`
}

// FileDoc is a file of a message.
type FileDoc struct {
	ID       desk.ID         `json:"id"`
	Kind     desk.MediaKind  `json:"kind"`
	Role     string          `json:"role,omitempty"`
	State    desk.MediaState `json:"state"`
	Reason   string          `json:"reason,omitempty"`
	Mime     string          `json:"mime,omitempty"`
	Name     string          `json:"name,omitempty"`
	Size     int64           `json:"bytes,omitempty"`
	Width    int             `json:"width,omitempty"`
	Height   int             `json:"height,omitempty"`
	Voice    bool            `json:"voice,omitempty"`
	Animated bool            `json:"animated,omitempty"`
	Path     string          `json:"path,omitempty"` // file of the copy
}

// Records is what else is held, by table: records.json.
type Records struct {
	Form    string                      `json:"form"`
	Version int                         `json:"version"`
	Tables  map[string][]map[string]any `json:"tables"`
	// Means says what each column is, and Apart why a table is not handed out.
	Means map[string]map[string]string `json:"columns"`
	Apart map[string]string            `json:"not_handed_out"`
}

// ToldApart are the tables whose rows a copy tells in person.json and in the
// conversations; all others are told in records.json.
func ToldApart() []string {
	return []string{"contact", "identity", "contact_profile", "opt_in", "conversation", "message", "media"}
}

func threadHead(c store.Row, ch ChannelDoc) ThreadHead {
	labels := c.Labels
	if labels == nil {
		labels = []string{}
	}
	return ThreadHead{ID: c.ID, Contact: c.Contact, Channel: ch, Subject: c.Subject, State: string(c.State), Language: c.Language, Labels: labels, CreatedAt: c.CreatedAt.UTC()}
}
