package whatsapp

import (
	"encoding/json"
	"net/url"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// Name is the kind of a number's channel accounts, and of the entitlement that
// a workspace needs for one.
const Name = "whatsapp"

// Door is where Meta delivers.
const Door = "/hooks/meta"

// Channel is WhatsApp.
type Channel struct{ graph *meta.Graph }

// New returns the channel.
func New(g *meta.Graph) *Channel { return &Channel{graph: g} }

// Limits (4.3).
const (
	megabyte     = 1 << 20
	textLimit    = 4096
	captionLimit = 1024
	buttonText   = 1024 // above reply buttons; a list takes 4096
	maxReply     = 3    // reply buttons; more become a list
	replyLabel   = 20
	maxRows      = 10
	rowTitle     = 24
	rowLabel     = 72 // the description below a row's title
)

func skills() desk.Skills {
	return desk.Skills{Window: meta.Window, TextLimit: textLimit, TextUnit: "characters", Buttons: true, MaxButtons: maxRows, ButtonLabel: rowLabel,
		ButtonText: buttonText, Receipts: true, Typing: true, Seen: true, ReplyTo: true, Templates: true, Caption: captionLimit,
		Media: []desk.MediaRule{
			{Kind: desk.MediaImage, Mimes: []string{"image/jpeg", "image/png"}, Max: 5 * megabyte},
			{Kind: desk.MediaAudio, Mimes: []string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}, Max: 16 * megabyte, Mute: true},
			{Kind: desk.MediaVideo, Mimes: []string{"video/mp4", "video/3gpp"}, Max: 16 * megabyte},
			{Kind: desk.MediaSticker, Mimes: []string{"image/webp"}, Max: 500 << 10, Mute: true},
			{Kind: desk.MediaFile, Mimes: documents(), Max: 100 * megabyte}},
		Pace: desk.Pace{Account: desk.Rate{N: 80, Per: time.Second, Burst: 80}, Person: desk.Rate{N: 1, Per: 6 * time.Second, Burst: 45}}}
}

func documents() []string {
	const office = "application/vnd.openxmlformats-officedocument."
	return []string{"application/pdf", "text/plain", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		office + "wordprocessingml.document", office + "spreadsheetml.sheet", office + "presentationml.presentation"}
}

// Info describes what WhatsApp can do.
func (c *Channel) Info() channel.Info {
	return channel.Info{Name: Name, Icon: "whatsapp", Door: Door, Headers: []string{meta.SignatureHeader}, Skills: skills(), Form: meta.Form(false),
		Ways: ways(), Entitlement: Name}
}

// CheckSettings checks the settings of an account.
func (c *Channel) CheckSettings(raw json.RawMessage) (json.RawMessage, error) {
	return meta.CheckSettings(raw, false)
}

// VerifyRaw checks a delivery's signature.
func (c *Channel) VerifyRaw(secrets []secret.Text, raw channel.Raw) error {
	return meta.VerifyRaw(secrets, raw)
}

// Handshake answers Meta's question about the address.
func (c *Channel) Handshake(q url.Values) (string, bool) { return c.graph.Handshake(q) }

// ReadRequest verifies a signed request.
func (c *Channel) ReadRequest(signed string, maxAge time.Duration) (channel.Request, error) {
	return c.graph.ReadRequest(signed, maxAge)
}
