package instagram

import (
	"context"
	"io"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// from is the id on whose edge an account sends: its own with Instagram's
// sign-in, its page's with Facebook's (4.2).
func from(acct channel.Account) string {
	if acct.Details.Login != meta.LoginInstagram && acct.Details.PageID != "" {
		return acct.Details.PageID
	}
	if acct.Details.Login == meta.LoginInstagram {
		return acct.OutsideID
	}
	return "me"
}

// Send hands over one piece (4.2): a text with its choices, or files of one
// kind.
func (c *Channel) Send(ctx context.Context, acct channel.Account, out desk.Outgoing) (desk.Sent, error) {
	d, err := meta.NewDraft(out, Identity)
	if err != nil {
		return desk.Sent{}, err
	}
	if err := d.Say(out, skills()); err != nil {
		return desk.Sent{}, err
	}
	if err := meta.Check(out.Files, skills()); err != nil {
		return desk.Sent{}, err
	}
	switch n := len(out.Files); {
	case n > 0 && out.Text != "", n > skills().Pictures:
		return desk.Sent{}, meta.Bad(desk.Invalid, "too_many_files")
	case n == 0 && out.Text == "":
		return desk.Sent{}, meta.Bad(desk.Invalid, "empty")
	case n == 1:
		one := attachment(out.Files[0])
		d.Message.Attachment = &one
	case n > 1:
		for _, f := range out.Files {
			if f.Kind != desk.MediaImage {
				return desk.Sent{}, meta.Bad(desk.Invalid, "too_many_files") // several go in one message only as pictures
			}
			d.Message.Attachments = append(d.Message.Attachments, attachment(f))
		}
	}
	return c.graph.Post(ctx, acct, from(acct), d)
}

func attachment(f desk.File) meta.DraftAttachment {
	return meta.DraftAttachment{Type: meta.TypeOf(f.Kind), Payload: meta.DraftPayload{URL: f.URL}}
}

// Signal shows typing or seen.
func (c *Channel) Signal(ctx context.Context, acct channel.Account, s desk.Signal) error {
	return c.graph.Act(ctx, acct, from(acct), s)
}

// Fetch reads a file that somebody sent: its address is signed and needs no
// token.
func (c *Channel) Fetch(ctx context.Context, _ channel.Account, ref desk.MediaRef, max int64, w io.Writer) (desk.Fetched, error) {
	return c.graph.Download(ctx, ref, secret.Text{}, max, w)
}

// Profile reads what Instagram tells of a person (8).
func (c *Channel) Profile(ctx context.Context, acct channel.Account, who desk.Identity) (desk.Profile, error) {
	return c.graph.Profile(ctx, acct, who.Value, "name,username,profile_pic,follower_count,is_user_follow_business,is_business_follow_user,is_verified_user")
}

// Rest is how long the account's calls are held back.
func (c *Channel) Rest(acct channel.Account) time.Duration { return c.graph.Rest(acct) }
