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
