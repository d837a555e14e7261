package inbox

import (
	"context"
	"encoding/hex"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Reply is what a member writes.
type Reply struct {
	Body     string
	Note     bool      // for members only
	Files    []desk.ID // uploads that leave with it, in order
	ReplyTo  desk.ID
	Draft    desk.ID // for SendDraft only
	ClientID string  // the caller's idempotency key; "" = none
	Close    bool    // end the conversation with it
}

// Reply writes a message. A text takes the conversation over; a note does not.
// The same client id again answers with the first message; with another body it
// is desk.Conflict. Errors: desk.Invalid "empty", "too_long" or why a file does
// not fit, desk.Forbidden "window_closed".
func (in *Inbox) Reply(ctx context.Context, ws, conversation desk.ID, actor desk.Actor, r Reply) (desk.Message, error) {
	m, err := in.message(actor, conversation, r)
	if err != nil {
		return m, err
	}
	if err := in.files(ctx, ws, conversation, r, &m); err != nil {
		return m, err
	}
	err = in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		c, err := tx.LockConversation(conversation)
		if err != nil {
			return err
		}
		m.ID = 0 // the closure may run again
		first, err := repeated(tx, c.ID, m)
		if err != nil || first.ID != 0 {
			m = first
			return err
		}
		if r.ReplyTo != 0 {
			if to, err := tx.Message(r.ReplyTo); err != nil || to.Conversation != c.ID {
				return desk.Fail(desk.Invalid, "reply_to", "a reply answers a message of its own conversation")
			}
		}
		if len(r.Files) > 0 {
			m.ID = tx.NewID()
			if err := in.Files.Attach(tx, c, m.ID, r.Files); err != nil {
				return err
			}
		}
		return in.write(tx, &c, actor, &m, r.Close)
	})
	return m, err
}

// files prepares what a member attached, before the transaction: a file may have
// to be sealed anew.
func (in *Inbox) files(ctx context.Context, ws, conversation desk.ID, r Reply, m *desk.Message) (err error) {
	if len(r.Files) == 0 {
		return nil
	}
	if r.Note || in.Files == nil {
		return desk.Fail(desk.Invalid, "note_files", "a note has no files")
	}
	if m.Files, err = in.Files.Prepare(ctx, ws, conversation, r.Files); err == nil {
		m.Kind = string(m.Files[0].Kind)
	}
	return err
}

func (in *Inbox) message(actor desk.Actor, conversation desk.ID, r Reply) (desk.Message, error) {
	m := desk.Message{Direction: desk.Out, Author: author(actor), Kind: desk.KindText, Status: desk.StatusQueued, ReplyTo: r.ReplyTo,
		ClientID: clientID(actor, conversation, r.ClientID)}
	if r.Note {
		m.Direction, m.Kind, m.Status = desk.None, desk.KindNote, desk.StatusDelivered
	}
	if len(r.Body) > desk.MaxBody {
		return m, desk.Fail(desk.Invalid, "too_long", "a message has at most 16 KiB")
	}
	if m.Body = desk.Body(text.Normalise(r.Body, desk.MaxBody)); m.Body == "" && len(r.Files) == 0 {
		return m, desk.Fail(desk.Invalid, "empty", "a message needs a text or a file")
	}
	return m, nil
}

// clientID is what is kept of an idempotency key: a hash, bound to who sent it
// and where, so that two callers with one key do not meet.
func clientID(actor desk.Actor, conversation desk.ID, key string) string {
	if key == "" {
		return ""
	}
	return hex.EncodeToString(secret.Hash(string(actor.Kind) + "/" + actor.ID.String() + "/" + conversation.String() + "/" + key))
}

// repeated finds the message that a client id stands for already.
func repeated(tx *store.Tx, conversation desk.ID, m desk.Message) (desk.Message, error) {
	if m.ClientID == "" {
		return desk.Message{}, nil
	}
	first, err := tx.MessageByClientID(conversation, m.ClientID)
	if desk.IsNotFound(err) {
		return desk.Message{}, nil
	}
	if err == nil && (first.Body != m.Body || first.Kind != m.Kind) && first.Author.Kind == m.Author.Kind {
		return first, desk.Fail(desk.Conflict, "idempotency_key_reused", "this idempotency key was used for another message")
	}
	return first, err
}

// write puts a member's message into the locked conversation.
func (in *Inbox) write(tx *store.Tx, c *store.Row, actor desk.Actor, m *desk.Message, end bool) error {
	if m.Kind == desk.KindNote {
		return in.note(tx, c, actor, m)
	}
	if err := in.sendable(tx, c, m); err != nil {
		return err
	}
	if c.State != desk.Open || c.Owner != (desk.Owner{Kind: desk.OwnedByMember, Member: memberOf(actor)}) {
		if err := in.takeOver(tx, c, actor); err != nil {
			return err
		}
		if err := in.line(tx, c, act{by: actor, name: "conversation.take_over", event: desk.EventTakeOver}); err != nil {
			return err
		}
	} else if err := in.dropDraft(tx, c); err != nil {
		return err
	}
	if err := tx.AppendMessage(c, m); err != nil {
		return err
	}
	c.Replied()
	c.SendFailed = false
	if err := in.Flow.Emit(tx, desk.Event{Kind: desk.MessageQueued, Conversation: c.ID, Message: m.ID, Seq: m.Seq}); err != nil {
		return err
	}
	if end {
		c.Close()
		if err := in.line(tx, c, act{by: actor, name: "conversation.close", event: desk.EventClosed}); err != nil {
			return err
		}
	}
	return in.save(tx, *c)
}

func (in *Inbox) note(tx *store.Tx, c *store.Row, actor desk.Actor, m *desk.Message) error {
	if err := tx.AppendMessage(c, m); err != nil {
		return err
	}
	if err := in.Flow.Emit(tx, desk.Event{Kind: desk.MessageAdded, Conversation: c.ID, Message: m.ID, Seq: m.Seq}); err != nil {
		return err
	}
	if err := in.line(tx, c, act{by: actor, name: "conversation.note"}); err != nil {
		return err
	}
	return tx.SaveConversation(*c)
}

// sendable refuses early what deliver would refuse anyway, so that the member
// learns it while the text is still in the composer.
func (in *Inbox) sendable(tx *store.Tx, c *store.Row, m *desk.Message) error {
	acct, err := tx.Account(c.Account)
	if err != nil {
		return err
	}
	ch, err := in.Channels.Find(acct.Kind)
	if err != nil || acct.State != desk.AccountActive {
		return desk.Fail(desk.Forbidden, "channel_off", "the channel is switched off or has to be connected again")
	}
	who, err := tx.Contact(c.Contact)
	if err != nil {
		return err
	}
	if who.Stored() {
		return desk.MayUse(desk.ForReply, desk.Workspace{}, who)
	}
	if m.Kind == desk.KindTemplate { // checked with its definition
		return nil
	}
	if err := desk.MaySend(c.Conversation, m.Author.Kind, channel.SkillsOf(ch, acct), tx.Now()); err != nil {
		return err
	}
	return fits(ch, m.Body)
}

// fits: what goes to a provider is cut into several calls where it has to be;
// a website chat shows one message as one.
func fits(ch channel.Channel, body desk.Body) error {
	skills := ch.Info().Skills
	pieces := channel.MaxPieces
	if ch.Info().Door == "" {
		pieces = 1
	}
	if len(channel.SplitText(string(body), skills.TextLimit, skills.TextUnit)) > pieces {
		return desk.Fail(desk.Invalid, "too_long", "the text is longer than this channel takes")
	}
	return nil
}
