package desk

import (
	"io"
	"time"
)

// MediaKind says how a file is shown.
type MediaKind string

// Kinds of media.
const (
	MediaImage   MediaKind = "image"
	MediaVideo   MediaKind = "video"
	MediaAudio   MediaKind = "audio"
	MediaFile    MediaKind = "file"
	MediaSticker MediaKind = "sticker"
)

// Roles of a MediaRef: what it is to the message.
const (
	RoleSent  = ""      // the person sent it
	RoleStory = "story" // the story mentioned or answered; KeepUntil holds
	RoleShare = "share" // of the post, reel or product shared
	RoleAd    = "ad"    // the picture of the ad the person came by
	// RoleProfile: the picture of a person, of no message.
	RoleProfile = "profile"
)

// MediaRef points at a file that a channel holds for a while. Everything in it
// is the provider's or the person's claim: type, size and hash are checked
// against the bytes.
type MediaRef struct {
	Kind      MediaKind
	Role      string
	ID        string // the provider's id, or
	URL       string // its address; both may be set, the id is surer
	Mime      string
	Name      string
	Size      int64  // bytes, 0 = not told
	SHA256    string // lower-case hex, "" = not told
	Sticker   string // the provider's id of a sticker
	Voice     bool   // recorded, not picked
	Animated  bool
	Expires   time.Time // the reference is void after; zero = not told
	KeepUntil time.Time // the file must be deleted then; zero = with its message
}

// MediaState says whether a file can be shown.
type MediaState string

// States of a Media.
const (
	MediaWaiting MediaState = "waiting" // its channel still has it, or it is being taken in
	MediaReady   MediaState = "ready"
	MediaFailed  MediaState = "failed" // Reason says why
	MediaGone    MediaState = "gone"   // it was there, or its channel let go of it first
)

// ReasonTimeOver: the bytes went at the time that was told with them.
const ReasonTimeOver = "media_time_over"

const (
	// MaxFile is the size of one file, in and out, in bytes.
	MaxFile = 100 << 20
	// MaxFiles is how many files one message may carry out.
	MaxFiles = 10
	// MaxFileName is the length of a file's name in bytes.
	MaxFileName = 200
	// UploadTerm is how long an upload waits to be sent before it goes.
	UploadTerm = 24 * time.Hour
)

// Media is a file that Parley keeps: of a message, or an upload that waits to be
// one. Message 0 = not sent yet; Contact 0 = an upload without a conversation.
type Media struct {
	ID           ID
	Workspace    ID
	Contact      ID
	Conversation ID
	Message      ID
	Place        int // order within its message
	Member       ID  // who uploaded it, 0 = it came by a channel
	Kind         MediaKind
	Role         string
	State        MediaState
	Reason       string // of failed and gone: a key of "fault."
	Blob         string // name of the sealed bytes, "" = none
	KeepUntil    time.Time
	CreatedAt    time.Time

	Mime     string // by the bytes, not by anybody's claim
	Name     string
	Size     int64
	Width    int // of a picture, in points, upright
	Height   int
	Voice    bool
	Animated bool
}

// Ref is how the message of a file speaks of it.
func (m Media) Ref() MediaRef {
	return MediaRef{Kind: m.Kind, Role: m.Role, Mime: m.Mime, Name: m.Name, Size: m.Size, Voice: m.Voice, Animated: m.Animated}
}

// Fetched says what was read from a MediaRef.
type Fetched struct {
	Mime   string // as the provider names it
	Size   int64
	SHA256 string // lower-case hex of the bytes read
}

// File is a file on its way out. Open may be called again.
type File struct {
	Kind  MediaKind
	Mime  string
	Name  string
	Size  int64
	Voice bool
	Open  func() (io.ReadCloser, error)
	// URL is a public address of the same bytes, "" = none: a channel that
	// cannot take bytes needs it.
	URL string
}

// MediaRule says which files of a kind a channel takes.
type MediaRule struct {
	Kind  MediaKind
	Mimes []string // exact types; empty = every type
	Max   int64    // bytes
	Mute  bool     // no text can stand beside it, whatever Skills.Caption says
}
