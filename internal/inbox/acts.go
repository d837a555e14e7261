package inbox

import (
	"context"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// TakeOver gives a conversation to the actor. From its commit on nothing of the
// AI enters sending.
func (in *Inbox) TakeOver(ctx context.Context, ws, conversation desk.ID, actor desk.Actor) (store.Row, error) {
	a := act{by: actor, name: "conversation.take_over", event: desk.EventTakeOver}
	return in.change(ctx, ws, conversation, a, func(tx *store.Tx, c *store.Row) (bool, error) {
		if c.State == desk.Open && c.Owner == (desk.Owner{Kind: desk.OwnedByMember, Member: memberOf(actor)}) {
			return false, nil
		}
		return true, in.takeOver(tx, c, actor)
	})
}

func (in *Inbox) takeOver(tx *store.Tx, c *store.Row, actor desk.Actor) error {
	c.TakeOver(memberOf(actor))
	return in.quiet(tx, c)
}

// HandBack returns a conversation to the AI, which begins anew.
func (in *Inbox) HandBack(ctx context.Context, ws, conversation desk.ID, actor desk.Actor) (store.Row, error) {
	a := act{by: actor, name: "conversation.hand_back", event: desk.EventHandBack}
	return in.change(ctx, ws, conversation, a, func(tx *store.Tx, c *store.Row) (bool, error) {
		if c.State == desk.Open && c.Owner.Kind == desk.OwnedByAI && !c.Paused && c.HandOver == "" {
			return false, nil
		}
		c.HandBack()
		return true, in.dropDraft(tx, c)
	})
}

// Assign gives a conversation to an active member of the workspace, or to
// nobody (0).
func (in *Inbox) Assign(ctx context.Context, ws, conversation desk.ID, actor desk.Actor, to desk.Member) (store.Row, error) {
	a := act{by: actor, name: "conversation.assign", event: desk.EventAssigned, reason: to.Name}
	return in.change(ctx, ws, conversation, a, func(tx *store.Tx, c *store.Row) (bool, error) {
		if to.ID != 0 && (to.Workspace != ws || !to.Active) {
			return false, desk.Fail(desk.Invalid, "unknown_member", "a conversation is assigned to an active member of its workspace")
		}
		if to.ID == 0 && c.Owner.Kind == desk.OwnedByNobody || to.ID != 0 && c.Owner.Member == to.ID {
			return false, nil
		}
		c.Assign(to.ID)
		return true, in.quiet(tx, c)
	})
}

// maxSnooze is how far ahead a conversation may be put off.
const maxSnooze = 366 * 24 * time.Hour

// Snooze hides a conversation until a time ahead, or the contact's next message.
func (in *Inbox) Snooze(ctx context.Context, ws, conversation desk.ID, actor desk.Actor, until time.Time) (store.Row, error) {
	a := act{by: actor, name: "conversation.snooze", event: desk.EventSnoozed, reason: until.UTC().Format(time.RFC3339)}
	return in.change(ctx, ws, conversation, a, func(tx *store.Tx, c *store.Row) (bool, error) {
		if !until.After(tx.Now()) || until.After(tx.Now().Add(maxSnooze)) {
			return false, desk.Fail(desk.Invalid, "bad_time", "a conversation is snoozed until a time ahead, a year at most")
		}
		c.Snooze(until)
		return true, nil
	})
}

// Close ends the work on a conversation.
func (in *Inbox) Close(ctx context.Context, ws, conversation desk.ID, actor desk.Actor) (store.Row, error) {
	a := act{by: actor, name: "conversation.close", event: desk.EventClosed}
	return in.change(ctx, ws, conversation, a, func(tx *store.Tx, c *store.Row) (bool, error) {
		if c.State == desk.Closed {
			return false, nil
		}
		c.Close()
		return true, in.quiet(tx, c)
	})
}

// Reopen brings a closed or snoozed conversation back.
func (in *Inbox) Reopen(ctx context.Context, ws, conversation desk.ID, actor desk.Actor) (store.Row, error) {
	a := act{by: actor, name: "conversation.reopen", event: desk.EventReopened}
	return in.change(ctx, ws, conversation, a, func(tx *store.Tx, c *store.Row) (bool, error) {
		if c.State == desk.Open {
			return false, nil
		}
		c.Reopen()
		return true, nil
	})
}

// SetMode says how far the AI may go in a conversation; desk.ModeInherit takes
// the channel's mode.
func (in *Inbox) SetMode(ctx context.Context, ws, conversation desk.ID, actor desk.Actor, m desk.Mode) (store.Row, error) {
	a := act{by: actor, name: "conversation.mode", event: desk.EventMode, reason: string(m)}
	return in.change(ctx, ws, conversation, a, func(tx *store.Tx, c *store.Row) (bool, error) {
		if m != desk.ModeInherit && !desk.ValidMode(m) {
			return false, badMode()
		}
		if c.Mode == m {
			return false, nil
		}
		c.SetMode(m)
		return true, in.quiet(tx, c)
	})
}

func badMode() error {
	return desk.Fail(desk.Invalid, "bad_mode", "the mode is off, draft or autopilot")
}

// SetPaused stops or resumes the AI in a conversation.
func (in *Inbox) SetPaused(ctx context.Context, ws, conversation desk.ID, actor desk.Actor, paused bool) (store.Row, error) {
	a := act{by: actor, name: "conversation.pause", event: desk.EventPaused}
	if !paused {
		a = act{by: actor, name: "conversation.resume", event: desk.EventResumed}
	}
	return in.change(ctx, ws, conversation, a, func(tx *store.Tx, c *store.Row) (bool, error) {
		if c.Paused == paused {
			return false, nil
		}
		c.SetPaused(paused)
		if paused {
			return true, in.quiet(tx, c)
		}
		return true, nil
	})
}

// Read marks a conversation read up to a message; 0 is everything.
func (in *Inbox) Read(ctx context.Context, ws, conversation, message desk.ID, actor desk.Actor) (store.Row, error) {
	seen := false
	row, err := in.change(ctx, ws, conversation, act{by: actor}, func(tx *store.Tx, c *store.Row) (bool, error) {
		left := 0
		seen = false
		if message != 0 {
			m, err := tx.Message(message)
			if err != nil {
				return false, err
			}
			if m.Conversation != conversation {
				return false, desk.Fail(desk.NotFound, "message_not_found", "there is no such message")
			}
			newer, err := tx.MessagesAfter(conversation, m.Seq, max(c.Unread, 1))
			if err != nil {
				return false, err
			}
			for _, m := range newer {
				if m.Direction == desk.In {
					left++
				}
			}
		}
		if left >= c.Unread {
			return false, nil
		}
		c.Unread, seen = left, true
		return true, nil
	})
	if err == nil && seen && in.Signals != nil {
		in.Signals.Signal(ws, conversation, desk.SignalSeen)
	}
	return row, err
}

// Unread marks a conversation as not read, so that it is looked at again. It
// says nothing about which message; Read takes it back.
func (in *Inbox) Unread(ctx context.Context, ws, conversation desk.ID, actor desk.Actor) (store.Row, error) {
	return in.change(ctx, ws, conversation, act{by: actor}, func(_ *store.Tx, c *store.Row) (bool, error) {
		if c.Unread > 0 {
			return false, nil
		}
		c.Unread = 1
		return true, nil
	})
}

// Bounds of a conversation's labels.
const (
	maxLabels = 20
	maxLabel  = 40
)

// SetLabels replaces a conversation's labels.
func (in *Inbox) SetLabels(ctx context.Context, ws, conversation desk.ID, actor desk.Actor, labels []string) (store.Row, error) {
	clean := []string{}
	for _, l := range labels {
		if l = text.Normalise(l, maxLabel); l != "" && !slices.Contains(clean, l) {
			clean = append(clean, l)
		}
	}
	return in.change(ctx, ws, conversation, act{by: actor, name: "conversation.labels"}, func(_ *store.Tx, c *store.Row) (bool, error) {
		if len(clean) > maxLabels {
			return false, desk.Fail(desk.Invalid, "too_many_labels", "a conversation has at most 20 labels")
		}
		if slices.Equal(clean, c.Labels) {
			return false, nil
		}
		c.Labels = clean
		return true, nil
	})
}

// Typing shows that the actor began or stopped writing.
func (in *Inbox) Typing(ctx context.Context, ws, conversation desk.ID, actor desk.Actor, on bool) error {
	err := in.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		_, err := r.Conversation(conversation)
		return err
	})
	if err == nil && in.Frames != nil {
		in.Frames.Typing(ws, conversation, author(actor), on)
	}
	if err == nil && in.Signals != nil {
		kind := desk.SignalTyping
		if !on {
			kind = desk.SignalStopped
		}
		in.Signals.Signal(ws, conversation, kind)
	}
	return err
}

// wakeBatch is how many snoozes one transaction ends.
const wakeBatch = 100

// Wake opens the conversations whose snooze is over, in every workspace.
func (in *Inbox) Wake(ctx context.Context) error {
	all, err := in.DB.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		for {
			n, err := in.wake(ctx, ws.ID)
			if err != nil {
				return err
			}
			if n < wakeBatch {
				break
			}
		}
	}
	return nil
}

func (in *Inbox) wake(ctx context.Context, ws desk.ID) (n int, err error) {
	err = in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		due, err := tx.DueSnoozes(tx.Now(), wakeBatch)
		if err != nil {
			return err
		}
		n = len(due)
		for _, d := range due {
			c, err := tx.LockConversation(d.ID)
			if err != nil {
				return err
			}
			c.Reopen()
			if err := in.line(tx, &c, act{by: desk.Actor{Kind: desk.BySystem}, event: desk.EventReopened}); err != nil {
				return err
			}
			if err := in.save(tx, c); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}
