package messenger

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// Send hands over one piece (4.1): a text with its choices, or one file.
func (c *Channel) Send(ctx context.Context, acct channel.Account, out desk.Outgoing) (desk.Sent, error) {
	d, err := meta.NewDraft(out, Identity)
	if err != nil {
		return desk.Sent{}, err
	}
	if d.Type == "" {
		d.Type = "RESPONSE"
	}
	d.Message.Metadata = out.Ref // the echo brings it back (3.1)
	if err := d.Say(out, skills()); err != nil {
		return desk.Sent{}, err
	}
	switch {
	case len(out.Files) > 1, len(out.Files) == 1 && out.Text != "":
		return desk.Sent{}, meta.Bad(desk.Invalid, "too_many_files") // text and file are calls of their own
	case len(out.Files) == 1:
		if d.Message.Attachment, err = c.attachment(ctx, acct, out.Files[0]); err != nil {
			return desk.Sent{}, err
		}
	case out.Text == "":
		return desk.Sent{}, meta.Bad(desk.Invalid, "empty")
	}
	return c.graph.Post(ctx, acct, acct.OutsideID, d)
}

// attachment puts a file at Meta: by its public address, or by an upload, which
// sends nothing yet.
func (c *Channel) attachment(ctx context.Context, acct channel.Account, f desk.File) (*meta.DraftAttachment, error) {
	if err := channel.CheckFile(skills(), f); err != nil {
		return nil, err
	}
	a := &meta.DraftAttachment{Type: meta.TypeOf(f.Kind)}
	if f.URL != "" {
		a.Payload.URL = f.URL
		return a, nil
	}
	frame, err := json.Marshal(map[string]any{"attachment": map[string]any{"type": a.Type, "payload": map[string]any{"is_reusable": true}}})
	if err != nil {
		return nil, meta.Bad(desk.Invalid, "bad_request")
	}
	id, err := c.graph.Upload(ctx, meta.Request{Account: acct, Path: meta.Path(acct.OutsideID, "message_attachments")}, "filedata", f,
		[]meta.FormField{{Name: "message", Value: string(frame)}})
	if err != nil {
		return nil, err
	}
	a.Payload.ID = id.ID()
	return a, nil
}

// Signal shows typing or seen.
func (c *Channel) Signal(ctx context.Context, acct channel.Account, s desk.Signal) error {
	return c.graph.Act(ctx, acct, acct.OutsideID, s)
}

// Fetch reads a file that somebody sent: its address is signed and needs no
// token.
func (c *Channel) Fetch(ctx context.Context, _ channel.Account, ref desk.MediaRef, max int64, w io.Writer) (desk.Fetched, error) {
	return c.graph.Download(ctx, ref, secret.Text{}, max, w)
}

// Profile reads what Messenger tells of a person (8).
func (c *Channel) Profile(ctx context.Context, acct channel.Account, who desk.Identity) (desk.Profile, error) {
	return c.graph.Profile(ctx, acct, who.Value, "name,profile_pic")
}

// Rest is how long the account's calls are held back.
func (c *Channel) Rest(acct channel.Account) time.Duration { return c.graph.Rest(acct) }
