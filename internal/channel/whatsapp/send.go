package whatsapp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/kit/text"
)

// call is the body of a call that sends (4.3).
type call struct {
	Product   string         `json:"messaging_product"`
	Recipient string         `json:"recipient_type,omitempty"`
	To        string         `json:"to,omitempty"`
	User      string         `json:"recipient,omitempty"`
	Type      string         `json:"type,omitempty"`
	Context   map[string]any `json:"context,omitempty"`
	Ref       string         `json:"biz_opaque_callback_data,omitempty"`
	Text      map[string]any `json:"text,omitempty"`
	Image     map[string]any `json:"image,omitempty"`
	Video     map[string]any `json:"video,omitempty"`
	Audio     map[string]any `json:"audio,omitempty"`
	Document  map[string]any `json:"document,omitempty"`
	Sticker   map[string]any `json:"sticker,omitempty"`
	Buttons   map[string]any `json:"interactive,omitempty"`
	Template  map[string]any `json:"template,omitempty"`
}

// Send hands over one piece (4.3): a text with its choices, one file with its
// caption, or a template.
func (c *Channel) Send(ctx context.Context, acct channel.Account, out desk.Outgoing) (desk.Sent, error) {
	m := call{Product: "whatsapp", Recipient: "individual", Ref: out.Ref}
	if !address(&m, out) {
		return desk.Sent{}, meta.Bad(desk.NotFound, "no_address")
	}
	if out.ReplyTo != "" {
		m.Context = map[string]any{"message_id": out.ReplyTo}
	}
	var err error
	switch {
	case out.Template != nil:
		m.Type, m.Template = "template", filled(*out.Template)
	case len(out.Files) > 1:
		err = meta.Bad(desk.Invalid, "too_many_files")
	case len(out.Files) == 1:
		err = c.attach(ctx, acct, &m, out)
	case out.Text == "":
		err = meta.Bad(desk.Invalid, "empty")
	case utf8.RuneCountInString(out.Text) > textLimit, len(out.Buttons) > 0 && utf8.RuneCountInString(out.Text) > buttonText:
		err = meta.Bad(desk.Invalid, "too_long")
	case len(out.Buttons) > maxRows:
		err = meta.Bad(desk.Invalid, "too_many_choices")
	case len(out.Buttons) > 0:
		m.Type, m.Buttons = "interactive", interactiveOf(out)
	default:
		m.Type, m.Text = "text", map[string]any{"body": out.Text, "preview_url": false}
	}
	if err != nil {
		return desk.Sent{}, err
	}
	return c.post(ctx, acct, m)
}

// address puts the person into a call: the business-scoped id where one is
// known, because a phone number may have gone to somebody else.
func address(m *call, out desk.Outgoing) bool {
	for _, to := range append([]desk.Identity{out.To}, out.Also...) {
		switch {
		case to.Kind == UserID && m.User == "":
			m.User = to.Value
		case to.Kind == Phone && m.To == "" && number(meta.Str(to.Value)) != "":
			m.To = "+" + number(meta.Str(to.Value))
		}
	}
	if m.User != "" {
		m.To = ""
	}
	return m.User != "" || m.To != ""
}

func (c *Channel) post(ctx context.Context, acct channel.Account, m call) (desk.Sent, error) {
	var a struct {
		Contacts meta.List `json:"contacts"`
		Messages meta.List `json:"messages"`
	}
	err := c.graph.Call(ctx, meta.Request{Account: acct, Method: http.MethodPost, Path: meta.Path(acct.OutsideID, "messages"), JSON: m, Send: true}, &a)
	if err != nil {
		return desk.Sent{}, err
	}
	sent := desk.Sent{Status: desk.StatusSent}
	for _, one := range meta.All[struct {
		ID meta.Str `json:"id"`
	}](a.Messages) {
		sent.ExternalID = one.ID.ID()
	}
	if sent.ExternalID == "" {
		e := *channel.ErrUnknown
		e.Cause = errors.New("an answer without a message id")
		return desk.Sent{}, &e
	}
	for _, one := range meta.All[contact](a.Contacts) {
		for _, id := range person(one.User, "", one.WaID) {
			if !id.Guess {
				sent.Learned = append(sent.Learned, id.IdentityHint) // the form WhatsApp itself uses (4.3)
			}
		}
	}
	return sent, nil
}

// attach puts a file at Meta, by its public address or by an upload, and its
// caption beside it.
func (c *Channel) attach(ctx context.Context, acct channel.Account, m *call, out desk.Outgoing) error {
	f := out.Files[0]
	if err := channel.CheckFile(skills(), f); err != nil {
		return err
	}
	rule, _ := skills().MediaFor(f.Kind)
	if len(out.Buttons) > 0 || out.Text != "" && (rule.Mute || utf8.RuneCountInString(out.Text) > captionLimit) {
		return meta.Bad(desk.Invalid, "too_long")
	}
	file := map[string]any{}
	if f.URL != "" {
		file["link"] = f.URL
	} else {
		id, err := c.graph.Upload(ctx, meta.Request{Account: acct, Path: meta.Path(acct.OutsideID, "media")}, "file", f,
			[]meta.FormField{{Name: "messaging_product", Value: "whatsapp"}, {Name: "type", Value: f.Mime}})
		if err != nil {
			return err
		}
		file["id"] = id.ID()
	}
	if out.Text != "" {
		file["caption"] = out.Text
	}
	switch f.Kind {
	case desk.MediaImage:
		m.Type, m.Image = "image", file
	case desk.MediaVideo:
		m.Type, m.Video = "video", file
	case desk.MediaAudio:
		m.Type, m.Audio = "audio", file
		if f.Voice && strings.HasPrefix(f.Mime, "audio/ogg") { // others arrive as files with sound
			file["voice"] = true
		}
	case desk.MediaSticker:
		m.Type, m.Sticker = "sticker", file
	default:
		m.Type, m.Document = "document", file
		if f.Name != "" {
			file["filename"] = f.Name
		}
	}
	return nil
}

// interactiveOf shows choices as reply buttons where they are few and short, as
// a list otherwise: a label that is no title stands whole below a cut one.
func interactiveOf(out desk.Outgoing) map[string]any {
	body := map[string]any{"text": out.Text}
	short := len(out.Buttons) <= maxReply
	for _, b := range out.Buttons {
		short = short && utf8.RuneCountInString(b.Label) <= replyLabel
	}
	if short {
		var all []map[string]any
		for _, b := range out.Buttons {
			all = append(all, map[string]any{"type": "reply", "reply": map[string]any{"id": b.ID, "title": b.Label}})
		}
		return map[string]any{"type": "button", "body": body, "action": map[string]any{"buttons": all}}
	}
	var rows []map[string]any
	for _, b := range out.Buttons {
		row := map[string]any{"id": b.ID, "title": b.Label}
		if utf8.RuneCountInString(b.Label) > rowTitle {
			row["title"], row["description"] = first24(b.Label), b.Label
		}
		rows = append(rows, row)
	}
	return map[string]any{"type": "list", "body": body, "action": map[string]any{
		"button": i18n.T(out.Locale, "choice.open", nil), "sections": []map[string]any{{"rows": rows}}}}
}

// first24 cuts a label to a row's title.
func first24(s string) string {
	n := 0
	for i := range s {
		if n == rowTitle-1 {
			return s[:i] + "…"
		}
		n++
	}
	return text.Cut(s, rowTitle*utf8.UTFMax)
}

// Signal shows typing or seen; both need the person's newest message, and
// typing marks it as read too.
func (c *Channel) Signal(ctx context.Context, acct channel.Account, s desk.Signal) error {
	if s.Message == "" || s.Kind == desk.SignalStopped {
		return nil
	}
	body := map[string]any{"messaging_product": "whatsapp", "status": "read", "message_id": s.Message}
	if s.Kind == desk.SignalTyping {
		body["typing_indicator"] = map[string]any{"type": "text"}
	}
	return c.graph.Call(ctx, meta.Request{Account: acct, Method: http.MethodPost, Path: meta.Path(acct.OutsideID, "messages"), JSON: body}, nil)
}

// Fetch looks a file up and reads it (4.3): the address it gets lives five
// minutes and needs the token, which goes to no other host.
func (c *Channel) Fetch(ctx context.Context, acct channel.Account, ref desk.MediaRef, max int64, w io.Writer) (desk.Fetched, error) {
	if ref.ID == "" {
		return c.graph.Download(ctx, ref, acct.Secrets[channel.SecretToken], max, w)
	}
	got, err := c.lookUp(ctx, acct, ref, max, w)
	if desk.CodeOf(err) == desk.NotFound {
		got, err = c.lookUp(ctx, acct, ref, max, w) // its address may have ended on the way
	}
	return got, err
}

func (c *Channel) lookUp(ctx context.Context, acct channel.Account, ref desk.MediaRef, max int64, w io.Writer) (desk.Fetched, error) {
	var a struct {
		URL  meta.Str `json:"url"`
		Mime meta.Str `json:"mime_type"`
		Size meta.Str `json:"file_size"`
	}
	err := c.graph.Call(ctx, meta.Request{Account: acct, Path: meta.Path(ref.ID), Query: url.Values{"phone_number_id": {acct.OutsideID}}}, &a)
	var e *desk.Error
	if errors.As(err, &e) && (e.Reason == "bad_request" || e.Code == desk.NotFound) {
		return desk.Fetched{}, meta.Bad(desk.NotFound, "media_expired")
	}
	if err != nil {
		return desk.Fetched{}, err
	}
	ref.URL, ref.Size = a.URL.Link(), a.Size.Int()
	got, err := c.graph.Download(ctx, ref, acct.Secrets[channel.SecretToken], max, w)
	if got.Mime == "" || got.Mime == "application/octet-stream" {
		got.Mime = mime(a.Mime)
	}
	return got, err
}

// Rest is how long the account's calls are held back.
func (c *Channel) Rest(acct channel.Account) time.Duration { return c.graph.Rest(acct) }
