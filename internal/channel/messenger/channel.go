package messenger

import (
	"encoding/json"
	"net/url"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// Name is the kind of a page's channel accounts.
const Name = "messenger"

// Door is where Meta delivers.
const Door = "/hooks/meta"

// Channel is Messenger.
type Channel struct{ graph *meta.Graph }

// New returns the channel.
func New(g *meta.Graph) *Channel { return &Channel{graph: g} }

// Limits (4.1).
const (
	megabyte  = 1 << 20
	textLimit = 2000
)

func skills() desk.Skills {
	return desk.Skills{Window: meta.Window, TextLimit: textLimit, TextUnit: "characters", Buttons: true, MaxButtons: 13, ButtonLabel: 20,
		Receipts: true, Typing: true, Seen: true, ReplyTo: true,
		Media: []desk.MediaRule{
			{Kind: desk.MediaImage, Mimes: []string{"image/jpeg", "image/png", "image/gif"}, Max: 8 * megabyte},
			{Kind: desk.MediaAudio, Mimes: []string{"audio/mpeg", "audio/mp4", "audio/aac", "audio/x-m4a", "audio/wav", "audio/ogg"}, Max: 25 * megabyte},
			{Kind: desk.MediaVideo, Mimes: []string{"video/mp4", "video/quicktime", "video/webm", "video/ogg"}, Max: 25 * megabyte},
			{Kind: desk.MediaFile, Max: 25 * megabyte}},
		Pace: desk.Pace{Account: desk.Rate{N: 300, Per: time.Second, Burst: 300}, Heavy: desk.Rate{N: 10, Per: time.Second, Burst: 10}}}
}

// Info describes what Messenger can do.
func (c *Channel) Info() channel.Info {
	return channel.Info{Name: Name, Icon: "messenger", Door: Door, Headers: []string{meta.SignatureHeader}, Skills: skills(), Form: meta.Form(true), Ways: ways()}
}

// SkillsFor adds what one account was given.
func (c *Channel) SkillsFor(acct desk.Account) desk.Skills {
	s := skills()
	s.HumanAgent = meta.HumanAgent(acct.Settings)
	return s
}

// CheckSettings checks the settings of an account.
func (c *Channel) CheckSettings(raw json.RawMessage) (json.RawMessage, error) {
	return meta.CheckSettings(raw, true)
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
