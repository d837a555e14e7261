package meta

import (
	"context"
	"errors"
	"net/http"

	"parley/internal/channel"
	"parley/internal/desk"
)

// Draft is the body of a call that sends on Messenger (4.1) or Instagram (4.2).
type Draft struct {
	Recipient Recipient    `json:"recipient"`
	Type      string       `json:"messaging_type,omitempty"`
	Tag       string       `json:"tag,omitempty"`
	Message   *DraftBody   `json:"message,omitempty"`
	Action    string       `json:"sender_action,omitempty"`
	ReplyTo   *DraftTarget `json:"reply_to,omitempty"`
}

// Recipient names who gets a message.
type Recipient struct {
	ID string `json:"id"`
}

// DraftTarget is the message a draft answers.
type DraftTarget struct {
	MID string `json:"mid"`
}

// DraftBody is what a draft says.
type DraftBody struct {
	Text        string            `json:"text,omitempty"`
	Metadata    string            `json:"metadata,omitempty"`
	Quick       []DraftQuick      `json:"quick_replies,omitempty"`
	Attachment  *DraftAttachment  `json:"attachment,omitempty"`
	Attachments []DraftAttachment `json:"attachments,omitempty"`
}

// DraftQuick is a quick reply.
type DraftQuick struct {
	Content string `json:"content_type"`
	Title   string `json:"title"`
	Payload string `json:"payload"`
}

// DraftAttachment is a file of a draft.
type DraftAttachment struct {
	Type    string       `json:"type"`
	Payload DraftPayload `json:"payload"`
}

// DraftPayload says where a file is.
type DraftPayload struct {
	URL      string `json:"url,omitempty"`
	ID       string `json:"attachment_id,omitempty"`
	Reusable bool   `json:"is_reusable,omitempty"`
}

// NewDraft begins a draft with what both channels share. A template, or a
// person without an id on the channel, is refused.
func NewDraft(out desk.Outgoing, identity string) (Draft, error) {
	d := Draft{Message: &DraftBody{}}
	for _, to := range append([]desk.Identity{out.To}, out.Also...) {
		if to.Kind == identity && d.Recipient.ID == "" {
			d.Recipient.ID = to.Value
		}
	}
	switch {
	case d.Recipient.ID == "":
		return d, Bad(desk.NotFound, "no_address")
	case out.Template != nil:
		return d, Bad(desk.Invalid, "type_unsupported")
	}
	if out.HumanAgent {
		d.Type, d.Tag = "MESSAGE_TAG", "HUMAN_AGENT"
	}
	if out.ReplyTo != "" {
		d.ReplyTo = &DraftTarget{MID: out.ReplyTo}
	}
	return d, nil
}

// Say puts text and choices into a draft, within the channel's limits.
func (d *Draft) Say(out desk.Outgoing, skills desk.Skills) error {
	if channel.Length(out.Text, skills.TextUnit) > skills.TextLimit {
		return Bad(desk.Invalid, "too_long")
	}
	if len(out.Buttons) > skills.MaxButtons {
		return Bad(desk.Invalid, "too_many_choices")
	}
	d.Message.Text = out.Text
	for _, b := range out.Buttons {
		d.Message.Quick = append(d.Message.Quick, DraftQuick{Content: "text", Title: b.Label, Payload: b.ID})
	}
	return nil
}

// Bad is an error without a call, with the words of its reason.
func Bad(code desk.Code, reason string) error {
	return desk.Fail(code, reason, channel.Words("en", reason))
}

// Post sends a draft: of is the page or account it leaves from.
func (g *Graph) Post(ctx context.Context, acct channel.Account, of string, d Draft) (desk.Sent, error) {
	var a struct {
		Message Str `json:"message_id"`
	}
	err := g.Call(ctx, Request{Account: acct, Method: http.MethodPost, Path: Path(of, "messages"), JSON: d, Send: true}, &a)
	if err != nil {
		return desk.Sent{}, err
	}
	if a.Message.ID() == "" {
		return desk.Sent{}, unknown(errors.New("an answer without a message id"))
	}
	return desk.Sent{ExternalID: a.Message.ID(), Status: desk.StatusSent}, nil
}

// Act shows typing or seen (4.1).
func (g *Graph) Act(ctx context.Context, acct channel.Account, of string, s desk.Signal) error {
	d := Draft{Recipient: Recipient{ID: s.To.Value}}
	switch s.Kind {
	case desk.SignalTyping:
		d.Action = "typing_on"
	case desk.SignalStopped:
		d.Action = "typing_off"
	case desk.SignalSeen:
		d.Action = "mark_seen"
	default:
		return nil
	}
	return g.Call(ctx, Request{Account: acct, Method: http.MethodPost, Path: Path(of, "messages"), JSON: d}, nil)
}
