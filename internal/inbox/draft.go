package inbox

import (
	"context"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Drafts lists the open drafts of a conversation: one or none.
func (in *Inbox) Drafts(ctx context.Context, ws, conversation desk.ID) ([]desk.Draft, error) {
	all := []desk.Draft{}
	err := in.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		all = all[:0]
		if _, err := r.Conversation(conversation); err != nil {
			return err
		}
		d, err := r.DraftOf(conversation)
		if desk.IsNotFound(err) {
			return nil
		}
		all = append(all, d)
		return err
	})
	return all, err
}

// SendDraft sends the draft that r names. Unchanged (r.Body empty or the same) it stays the
// AI's message, marked as such; changed it is the member's own, recorded as
// assisted, and takes the conversation over. A draft that is gone is
// desk.NotFound.
func (in *Inbox) SendDraft(ctx context.Context, ws, conversation desk.ID, actor desk.Actor, r Reply) (desk.Message, error) {
	r.Note, r.ReplyTo = false, 0
	var m desk.Message
	err := in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		c, err := tx.LockConversation(conversation)
		if err != nil {
			return err
		}
		d, err := tx.Draft(r.Draft)
		if desk.IsNotFound(err) || err == nil && d.Conversation != conversation {
			m, err = in.sentBefore(tx, c.ID, actor, r)
			return err
		}
		if err != nil {
			return err
		}
		body := r
		if body.Body == "" {
			body.Body = string(d.Body)
		}
		if m, err = in.message(actor, conversation, body); err != nil {
			return err
		}
		m.Run = d.Run
		if m.Body != desk.Body(text.Normalise(string(d.Body), desk.MaxBody)) {
			if err := tx.NoteKept(d.Run, text.Kept(string(d.Body), string(m.Body))); err != nil {
				return err
			}
			return in.write(tx, &c, actor, &m, r.Close)
		}
		m.Sources = d.Sources
		return in.approve(tx, &c, actor, &m, r.Close)
	})
	return m, err
}

// sentBefore answers a repeat of a draft that was sent with this client id.
func (in *Inbox) sentBefore(tx *store.Tx, conversation desk.ID, actor desk.Actor, r Reply) (desk.Message, error) {
	if id := clientID(actor, conversation, r.ClientID); id != "" {
		return tx.MessageByClientID(conversation, id)
	}
	return desk.Message{}, desk.Fail(desk.NotFound, "draft_not_found", "the draft is gone: it was sent, replaced or discarded")
}

// approve sends a draft as it is: the AI's words, let go by a person. It leaves
// with the epochs of this moment, so a take-over or pause after it still stops
// it.
func (in *Inbox) approve(tx *store.Tx, c *store.Row, actor desk.Actor, m *desk.Message, end bool) error {
	m.Author, m.Approver = desk.Author{Kind: desk.FromAI}, author(actor)
	if err := in.sendable(tx, c, m); err != nil {
		return err
	}
	switch {
	case end: // before the epochs are read, or closing would cancel what it comes with
		c.Close()
	case c.State != desk.Open:
		c.Reopen()
	}
	if err := in.dropDraft(tx, c); err != nil {
		return err
	}
	ws, err := tx.HoldSettings()
	if err != nil {
		return err
	}
	m.OwnerEpoch, m.AIEpoch = c.OwnerEpoch, ws.AIEpoch
	if err := tx.AppendMessage(c, m); err != nil {
		return err
	}
	c.Replied()
	c.SendFailed = false
	if err := in.Flow.Emit(tx, desk.Event{Kind: desk.MessageQueued, Conversation: c.ID, Message: m.ID, Seq: m.Seq}); err != nil {
		return err
	}
	if err := in.line(tx, c, act{by: actor, name: "draft.send"}); err != nil {
		return err
	}
	if end {
		if err := in.line(tx, c, act{by: actor, name: "conversation.close", event: desk.EventClosed}); err != nil {
			return err
		}
	}
	return in.save(tx, *c)
}

// DiscardDraft throws a draft away.
func (in *Inbox) DiscardDraft(ctx context.Context, ws, conversation, draft desk.ID, actor desk.Actor) error {
	_, err := in.change(ctx, ws, conversation, act{name: "draft.discard", by: actor}, func(tx *store.Tx, c *store.Row) (bool, error) {
		d, err := tx.DraftOf(conversation)
		if err != nil || d.ID != draft {
			return false, desk.Fail(desk.NotFound, "draft_not_found", "the draft is gone: it was sent, replaced or discarded")
		}
		return true, in.dropDraft(tx, c)
	})
	return err
}
