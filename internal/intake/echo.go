package intake

import (
	"parley/internal/desk"
	"parley/internal/store"
)

// fileEcho files what the business itself said elsewhere. Our own sends are
// known by id, before or after the answer of the call; what somebody typed on
// the owner's phone is stored once and takes the conversation over.
func (in *Intake) fileEcho(tx *store.Tx, f *filing, a *arrival) error {
	if a.Echo == nil {
		return desk.Fail(desk.Invalid, "bad_item", "an echo that says nothing of its sender")
	}
	_, err := tx.MessageByExternalID(f.acct.ID, a.ExternalID)
	if err == nil {
		return errRepeat
	}
	if !desk.IsNotFound(err) {
		return err
	}
	switch a.Echo.Of {
	case desk.EchoOwn:
		return in.ownEcho(tx, f, a)
	case desk.EchoUnsaid:
		if f.item.Attempt < graceTries {
			return errEarly // the answer of our own call may still be on its way
		}
	}
	return in.foreignEcho(tx, f, a)
}

// graceTries is how often an echo that may be ours waits for the send it may
// belong to.
const graceTries = 3

// ownEcho decides a send whose outcome is open: the echo proves that it left.
func (in *Intake) ownEcho(tx *store.Tx, f *filing, a *arrival) error {
	id, err := desk.ParseID(a.Echo.Ref)
	if err != nil {
		return nil // a piece of a longer message, or of another install: nothing to decide
	}
	m, err := tx.LockMessage(id)
	if desk.IsNotFound(err) {
		return nil
	}
	if err != nil || m.ExternalID != "" || m.Direction != desk.Out {
		return err
	}
	c, err := tx.LockConversation(m.Conversation)
	if err != nil || c.Account != f.acct.ID {
		return err
	}
	if err := tx.SetExternalID(c.Contact, m, a.ExternalID); err != nil {
		return err
	}
	return in.advance(tx, c, []desk.Message{m}, desk.Receipt{Status: desk.StatusSent})
}

func (in *Intake) foreignEcho(tx *store.Tx, f *filing, a *arrival) error {
	contact, fresh, err := in.contact(tx, f, a)
	if err != nil {
		return err
	}
	c, err := in.conversation(tx, f, a, contact, fresh)
	if err != nil {
		return err
	}
	m := messageOf(a, contact)
	m.Direction, m.Status, m.SentAt = desk.Out, desk.StatusSent, a.At
	m.Author = desk.Author{Kind: desk.FromMember, Name: f.acct.Name}
	person := a.Echo.Of != desk.EchoProgram
	if !person {
		m.Author = desk.Author{Kind: desk.FromSystem, Name: a.Echo.App}
	}
	if err := tx.AppendMessage(&c, &m); err != nil {
		return err
	}
	if person && !a.At.Before(f.acct.ConnectedAt) {
		c.TakeOver(0)
		c.Replied()
		if err := in.quiet(tx, &c); err != nil {
			return err
		}
	}
	if err := in.changed(tx, c); err != nil {
		return err
	}
	return in.rewritten(tx, m, desk.MessageAdded)
}
