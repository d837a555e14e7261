package inbox

import (
	"context"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// IndexWork is the kind of work that makes messages findable, in one lane per
// workspace.
const IndexWork = "index"

// Audit keeps the record of who did what.
type Audit interface {
	// Add records an act in the transaction that does it. object is the
	// conversation, draft, workspace or channel account.
	Add(tx *store.Tx, actor desk.Actor, action string, object desk.ID) error
}

// Frames shows passing things to open screens; nothing of them is kept.
type Frames interface {
	// Typing says that somebody began or stopped writing.
	Typing(ws, conversation desk.ID, who desk.Author, on bool)
}

// Signals shows typing and seen on the contact's side; nobody waits for it.
type Signals interface {
	Signal(ws, conversation desk.ID, kind desk.SignalKind)
}

// Files keeps what members attach.
type Files interface {
	// Prepare makes uploads ready for a conversation and tells how a message
	// speaks of them; its errors are the member's to mend.
	Prepare(ctx context.Context, ws, conversation desk.ID, ids []desk.ID) ([]desk.MediaRef, error)
	// Attach gives them to the message in the transaction that inserts it.
	Attach(tx *store.Tx, c store.Row, message desk.ID, ids []desk.ID) error
}

// Parts is what the inbox is made of. Audit, Frames, Signals and Files may be
// nil.
type Parts struct {
	DB       *store.DB
	Flow     *flow.Flow
	Channels *channel.Registry
	Audit    Audit
	Signals  Signals
	Frames   Frames
	Files    Files
	Teacher  Teacher // takes up the saved replies that the AI may use; nil = it may use none
}

// Teacher lets the AI use saved replies.
type Teacher interface {
	// MirrorReplies takes up those that stand in the caller's transaction. Errors:
	// desk.Invalid "reply_unusable", desk.Conflict.
	MirrorReplies(tx *store.Tx, by desk.Actor) error
}

// Inbox does what members ask for.
type Inbox struct{ Parts }

// New makes the inbox.
func New(p Parts) *Inbox { return &Inbox{p} }

// Handlers lists the work the inbox does.
func (in *Inbox) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: IndexWork, Batch: 256, Run: in.index}}
}

// act is one change of a conversation.
type act struct {
	by     desk.Actor
	name   string // in the audit record: "conversation.take_over"
	event  string // kind of the line in the conversation; "" = none
	reason string // of the line
}

// change runs one act: fn changes the locked conversation and reports whether
// it did; a change of nothing leaves no line.
func (in *Inbox) change(ctx context.Context, ws, conversation desk.ID, a act, fn func(*store.Tx, *store.Row) (bool, error)) (store.Row, error) {
	var c store.Row
	err := in.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		if c, err = tx.LockConversation(conversation); err != nil {
			return err
		}
		changed, err := fn(tx, &c)
		if err != nil || !changed {
			return err
		}
		if err := in.line(tx, &c, a); err != nil {
			return err
		}
		return in.save(tx, c)
	})
	return c, err
}

// line adds the act's line and audit entry.
func (in *Inbox) line(tx *store.Tx, c *store.Row, a act) error {
	if in.Audit != nil && a.name != "" {
		if err := in.Audit.Add(tx, a.by, a.name, c.ID); err != nil {
			return err
		}
	}
	if a.event == "" {
		return nil
	}
	m := desk.Message{Direction: desk.None, Author: author(a.by), Kind: desk.KindEvent, Event: a.event, EventReason: a.reason, Status: desk.StatusDelivered}
	if err := tx.AppendMessage(c, &m); err != nil {
		return err
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.MessageAdded, Conversation: c.ID, Message: m.ID, Seq: m.Seq})
}

func (in *Inbox) save(tx *store.Tx, c store.Row) error {
	if err := tx.SaveConversation(c); err != nil {
		return err
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.ConversationChanged, Conversation: c.ID})
}

// author is the actor as the writer of a message.
func author(a desk.Actor) desk.Author {
	kind := desk.FromMember
	if a.Kind == desk.BySystem {
		kind = desk.FromSystem
	}
	return desk.Author{Kind: kind, ID: a.ID, Name: a.Name}
}

// memberOf is the member behind an actor; a key acts for none.
func memberOf(a desk.Actor) desk.ID {
	if a.Kind == desk.ByMember {
		return a.ID
	}
	return 0
}

// quiet stops what the AI has under way in the locked conversation: queued
// messages are cancelled and the draft goes.
func (in *Inbox) quiet(tx *store.Tx, c *store.Row) error {
	queued, err := tx.QueuedOfAI(c.ID, 0)
	if err != nil {
		return err
	}
	for _, m := range queued {
		m.Status = desk.StatusCancelled
		c.Undisclosed(m)
		if err := tx.MarkMessage(c.Contact, m); err != nil {
			return err
		}
		if err := in.Flow.Emit(tx, desk.Event{Kind: desk.MessageChanged, Conversation: c.ID, Message: m.ID, Seq: m.Seq}); err != nil {
			return err
		}
	}
	return in.dropDraft(tx, c)
}

func (in *Inbox) dropDraft(tx *store.Tx, c *store.Row) error {
	c.DraftReady = false
	was, err := tx.DropDrafts(c.ID)
	if err != nil || !was {
		return err
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.DraftGone, Conversation: c.ID})
}
