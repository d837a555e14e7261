package instagram

import (
	"encoding/json"
	"net/url"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// Name is the kind of a professional account's channel accounts.
const Name = "instagram"

// Door is where Meta delivers.
const Door = "/hooks/meta"

// Channel is Instagram.
type Channel struct{ graph *meta.Graph }

// New returns the channel.
func New(g *meta.Graph) *Channel { return &Channel{graph: g} }

// Limits (4.2): the text's are bytes.
const (
	megabyte  = 1 << 20
	textLimit = 1000
)

func skills() desk.Skills {
	return desk.Skills{Window: meta.Window, TextLimit: textLimit, TextUnit: "bytes", Buttons: true, MaxButtons: 13, ButtonLabel: 20,
		Receipts: true, Typing: true, Seen: true, ReplyTo: true, FileURLs: true, Pictures: 10,
		Media: []desk.MediaRule{
			{Kind: desk.MediaImage, Mimes: []string{"image/png", "image/jpeg"}, Max: 8 * megabyte},
			{Kind: desk.MediaAudio, Mimes: []string{"audio/aac", "audio/mp4", "audio/x-m4a", "audio/wav"}, Max: 25 * megabyte},
			{Kind: desk.MediaVideo, Mimes: []string{"video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"}, Max: 25 * megabyte},
			{Kind: desk.MediaFile, Mimes: []string{"application/pdf"}, Max: 25 * megabyte}},
		Pace: desk.Pace{Account: desk.Rate{N: 100, Per: time.Second, Burst: 100}, Heavy: desk.Rate{N: 10, Per: time.Second, Burst: 10}}}
}

// Info describes what Instagram can do.
func (c *Channel) Info() channel.Info {
	return channel.Info{Name: Name, Icon: "instagram", Door: Door, Headers: []string{meta.SignatureHeader}, Skills: skills(), Form: meta.Form(true), Ways: ways()}
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
