package intake

import (
	"cmp"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// target is the message that an act names, locked with its conversation; one
// that has not come yet makes the act wait.
func (in *Intake) target(tx *store.Tx, f *filing, external string) (store.Row, desk.Message, error) {
	m, err := tx.MessageByExternalID(f.acct.ID, external)
	if desk.IsNotFound(err) {
		return store.Row{}, m, in.early(tx, f, external)
	}
	if err != nil {
		return store.Row{}, m, err
	}
	c, err := tx.LockConversation(m.Conversation)
	if err != nil {
		return c, m, err
	}
	m, err = tx.LockMessage(m.ID)
	return c, m, err
}

// early is errEarly for the channel's id of a message that has not come yet, and
// errErased for one whose conversation was deleted.
func (in *Intake) early(tx *store.Tx, f *filing, external string) error {
	gone, err := tx.Dropped(f.acct.ID, external)
	if err == nil && gone {
		return errErased
	}
	return cmp.Or(err, error(errEarly))
}

// fileReaction notes what somebody thinks of a message.
func (in *Intake) fileReaction(tx *store.Tx, f *filing, a *arrival) error {
	if a.Reaction == nil {
		return desk.Fail(desk.Invalid, "bad_item", "a reaction without a reaction")
	}
	c, m, err := in.target(tx, f, a.Target)
	if err != nil || m.Deleted {
		return err
	}
	m.React(desk.FromContact, desk.Reaction{Emoji: text.Normalise(a.Reaction.Emoji, maxKind), Name: text.Normalise(a.Reaction.Name, maxKind), Removed: a.Reaction.Removed})
	if err := tx.Rewrite(c.Contact, m); err != nil {
		return err
	}
	if before := c.WindowUntil; before != opened(&c, f, a) {
		if err := in.changed(tx, c); err != nil {
			return err
		}
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.MessageChanged, Conversation: c.ID, Message: m.ID, Seq: m.Seq})
}

// opened is the end of the window after an act.
func opened(c *store.Row, f *filing, a *arrival) time.Time {
	c.Opened(a.Arrival, f.skills)
	return c.WindowUntil
}

// fileEdit changes what a message says. An answer under way was made for the
// old words: it is dropped as after a newer message.
func (in *Intake) fileEdit(tx *store.Tx, f *filing, a *arrival) error {
	c, m, err := in.target(tx, f, a.Target)
	if err != nil || m.Deleted || m.Body == a.Text {
		return err
	}
	m.Body, m.Edited = a.Text, true
	if err := tx.Rewrite(c.Contact, m); err != nil {
		return err
	}
	c.Version++
	c.Shows(m)
	if err := in.changed(tx, c); err != nil {
		return err
	}
	return in.rewritten(tx, m, desk.MessageChanged, desk.MessageEdited)
}

func (in *Intake) rewritten(tx *store.Tx, m desk.Message, kinds ...desk.EventKind) error {
	for _, k := range kinds {
		if err := in.Flow.Emit(tx, desk.Event{Kind: k, Conversation: m.Conversation, Message: m.ID, Seq: m.Seq}); err != nil {
			return err
		}
	}
	return nil
}

// fileUnsend deletes what a person took back (decision 20): the text, what it
// carried, its search terms, the draft and the pending answer. One that has not
// come yet leaves a row without text, so that it is a repeat when it comes.
func (in *Intake) fileUnsend(tx *store.Tx, f *filing, a *arrival) error {
	c, m, err := in.target(tx, f, a.Target)
	if err == errEarly { //nolint:errorlint // target answers this very value
		return in.tombstone(tx, f, a)
	}
	if err != nil || m.Deleted {
		return err
	}
	if err := tx.Withdraw(&c, m); err != nil {
		return err
	}
	c.Version++
	if err := in.quiet(tx, &c); err != nil {
		return err
	}
	if err := in.changed(tx, c); err != nil {
		return err
	}
	return in.rewritten(tx, m, desk.MessageGone)
}

// quiet cancels what the AI has under way in a locked conversation.
func (in *Intake) quiet(tx *store.Tx, c *store.Row) error {
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
		if err := in.rewritten(tx, m, desk.MessageChanged); err != nil {
			return err
		}
	}
	c.DraftReady = false
	was, err := tx.DropDrafts(c.ID)
	if err != nil || !was {
		return err
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.DraftGone, Conversation: c.ID})
}

func (in *Intake) tombstone(tx *store.Tx, f *filing, a *arrival) error {
	c, err := in.found(tx, f, a)
	if desk.IsNotFound(err) {
		return errEarly // nobody is known yet: the message itself comes first, or never
	}
	if err != nil {
		return err
	}
	m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact, ID: c.Contact}, Kind: desk.KindText,
		Status: desk.StatusDelivered, ExternalID: a.Target, At: a.At, Deleted: true}
	before, kind := c.Preview, c.PreviewKind
	if err := tx.AppendMessage(&c, &m); err != nil {
		return err
	}
	c.Preview, c.PreviewKind = before, kind
	return tx.SaveConversation(c)
}

// fileThread notes that another program took the thread over, or gave it back:
// meanwhile the AI is silent.
func (in *Intake) fileThread(tx *store.Tx, f *filing, a *arrival) error {
	c, err := in.found(tx, f, a)
	if desk.IsNotFound(err) || a.Control == nil || a.Control.Act == desk.ThreadAsked {
		return nil
	}
	if err != nil || c.Paused == !a.Control.Ours {
		return err
	}
	c.SetPaused(!a.Control.Ours)
	event := desk.EventBack
	if c.Paused {
		event = desk.EventAway
		if err := in.quiet(tx, &c); err != nil {
			return err
		}
	}
	return in.line(tx, c, a, event)
}

// line tells in a conversation what happened at the channel, once.
func (in *Intake) line(tx *store.Tx, c store.Row, a *arrival, event string) error {
	m := desk.Message{Direction: desk.None, Author: desk.Author{Kind: desk.FromContact, ID: c.Contact}, Kind: desk.KindEvent,
		Event: event, Status: desk.StatusDelivered, ExternalID: a.ExternalID, At: a.At}
	if err := tx.AppendMessage(&c, &m); desk.CodeOf(err) == desk.Conflict {
		return errRepeat
	} else if err != nil {
		return err
	}
	if err := in.changed(tx, c); err != nil {
		return err
	}
	return in.rewritten(tx, m, desk.MessageAdded)
}

// fileIdentity gives a person their new ids: the conversation stays theirs.
func (in *Intake) fileIdentity(tx *store.Tx, f *filing, a *arrival) error {
	i, err := in.sender(tx, f, a)
	if desk.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	// A provider may tell of one change twice.
	if fresh, err := in.learn(tx, f, i.Contact, a.Changed); err != nil || !fresh {
		return err
	}
	c, err := tx.NewestConversation(i.Contact, f.acct.ID)
	if desk.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return in.line(tx, c, a, desk.EventNewID)
}

// alias keeps further ids of a contact; one that is somebody else's stays
// theirs.
func (in *Intake) alias(tx *store.Tx, f *filing, contact desk.ID, hints []desk.IdentityHint) error {
	_, err := in.learn(tx, f, contact, hints)
	return err
}

// learn is alias; fresh says that there was a new id.
func (in *Intake) learn(tx *store.Tx, f *filing, contact desk.ID, hints []desk.IdentityHint) (fresh bool, err error) {
	for _, h := range hints {
		if h.Kind == "" || h.Value == "" || len(h.Value) > maxOutsideID {
			continue
		}
		_, err := tx.Identity(f.acct.ID, h)
		if err == nil {
			continue
		}
		if !desk.IsNotFound(err) {
			return fresh, err
		}
		if err := tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: contact, Account: f.acct.ID, Kind: h.Kind, Value: h.Value}); err != nil {
			return fresh, err
		}
		fresh = true
	}
	return fresh, nil
}

// fileNotice keeps the account from sending when the provider says so; others
// are only told to the log.
func (in *Intake) fileNotice(tx *store.Tx, f *filing, a *arrival) error {
	if a.Notice == nil {
		return nil
	}
	in.Log.Info("a provider tells of an account", "workspace", tx.Workspace(), "account", f.acct.ID, "what", a.Notice.What, "state", a.Notice.State)
	if strings.Contains(a.Notice.What, "template") { // its list is read again
		return in.Flow.Emit(tx, desk.Event{Kind: desk.ChannelChanged, Object: f.acct.ID})
	}
	if !a.Notice.Stops || f.acct.State != desk.AccountActive {
		return nil
	}
	if _, err := tx.ChangeAccount(f.acct.ID, func(acct *desk.Account) error {
		acct.State = desk.AccountReconnect
		return nil
	}); err != nil {
		return err
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.ChannelChanged, Object: f.acct.ID})
}
