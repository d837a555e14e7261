package widget

import (
	"context"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// Name is the kind of a website chat's channel accounts.
const Name = "widget"

// Visitor is the kind of a visitor's identity.
const Visitor = "visitor"

// TextLimit is how many characters a visitor or member may write at once.
const TextLimit = 4000

// Channel is the website chat.
type Channel struct{}

// New returns the channel.
func New() Channel { return Channel{} }

// Info describes what the website chat can do.
func (Channel) Info() channel.Info {
	return channel.Info{Name: Name, Icon: "chat", Form: form(),
		Skills: desk.Skills{TextLimit: TextLimit, TextUnit: "characters", Buttons: true, Receipts: true, Typing: true,
			MarkAI: true, Idempotent: true}}
}

// VerifyRaw refuses everything: no door feeds the website chat.
func (Channel) VerifyRaw([]secret.Text, channel.Raw) error {
	return desk.Fail(desk.Unauthenticated, "no_door", "the website chat takes no deliveries by a door")
}

// Send answers at once: the visitor's stream reads the row itself, and their
// browser reports delivered and read.
func (Channel) Send(_ context.Context, _ channel.Account, out desk.Outgoing) (desk.Sent, error) {
	return desk.Sent{ExternalID: out.Message.ID.String(), Status: desk.StatusSent}, nil
}
