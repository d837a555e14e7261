package inbox

import (
	"context"

	"parley/internal/desk"
	"parley/internal/store"
)

// Merge says that another contact is the same person as one: a member's act,
// never done by itself. The first stands for both from then on; nothing moves, so
// that Unmerge gives back what was. What either restricted holds for both.
func (in *Inbox) Merge(ctx context.Context, ws, contact, other desk.ID, actor desk.Actor) error {
	return in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.HoldContacts(contact, other); err != nil {
			return err
		}
		one, err := tx.Person(contact)
		if err != nil {
			return err
		}
		two, err := tx.Person(other)
		switch {
		case err != nil:
			return err
		case one[0].ID == two[0].ID:
			return desk.Fail(desk.Conflict, "same_person", "these two are one person already")
		case two[0].ID != other:
			return desk.Fail(desk.Conflict, "merged_already", "somebody else stands for this contact; undo that first")
		case len(one)+len(two) > store.MaxPerson:
			return desk.Fail(desk.Invalid, "too_many_merged", "one person is at most 20 contacts")
		}
		if err := tx.MergeContact(other, one[0].ID); err != nil {
			return err
		}
		if err := in.restrictAlike(tx, append(one, two...)); err != nil {
			return err
		}
		return in.merged(tx, actor, "contact.merge", one[0].ID, other)
	})
}

// Unmerge lets a contact stand for itself again. Restrictions stay on both.
func (in *Inbox) Unmerge(ctx context.Context, ws, contact, other desk.ID, actor desk.Actor) error {
	return in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.HoldContacts(contact, other); err != nil {
			return err
		}
		c, err := tx.Contact(other)
		if err != nil {
			return err
		}
		one, err := tx.Person(contact)
		if err != nil {
			return err
		}
		two, err := tx.Person(other)
		if err != nil {
			return err
		}
		if c.MergedInto == 0 || one[0].ID != two[0].ID {
			return desk.Fail(desk.Conflict, "not_merged", "nobody stands for this contact")
		}
		if err := tx.MergeContact(other, 0); err != nil {
			return err
		}
		return in.merged(tx, actor, "contact.unmerge", one[0].ID, other)
	})
}

// restrictAlike gives every contact of a person what any of them restricted.
func (in *Inbox) restrictAlike(tx *store.Tx, all []desk.Contact) error {
	var of desk.Contact
	for _, c := range all {
		of.Restricted = of.Restricted || c.Restricted
		of.NoAutomation = of.NoAutomation || c.NoAutomation
		of.Limited = of.Limited || c.Limited
		of.Objected, of.Sensitive, of.Frozen = of.Objected || c.Objected, of.Sensitive || c.Sensitive, of.Frozen || c.Frozen
	}
	for _, c := range all {
		if c.Restricted == of.Restricted && c.NoAutomation == of.NoAutomation && c.Limited == of.Limited &&
			c.Objected == of.Objected && c.Sensitive == of.Sensitive && c.Frozen == of.Frozen {
			continue
		}
		if _, err := tx.ChangeContact(c.ID, func(c *desk.Contact) error {
			c.Restricted, c.NoAutomation, c.Limited = of.Restricted, of.NoAutomation, of.Limited
			c.Objected, c.Sensitive, c.Frozen = of.Objected, of.Sensitive, of.Frozen
			return nil
		}); err != nil {
			return err
		}
		if of.Silent() {
			if err := in.Quiet(tx, c.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// merged records the act and lets screens show the person anew, also in the
// conversations of whom it is about.
func (in *Inbox) merged(tx *store.Tx, actor desk.Actor, action string, head, other desk.ID) error {
	if in.Audit != nil {
		if err := in.Audit.Add(tx, actor, action, other); err != nil {
			return err
		}
	}
	all, err := tx.ConversationsWith(other, threadsOfOne)
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := in.Flow.Emit(tx, desk.Event{Kind: desk.ConversationChanged, Conversation: c.ID}); err != nil {
			return err
		}
	}
	for _, id := range []desk.ID{head, other} {
		if err := in.Flow.Emit(tx, desk.Event{Kind: desk.ContactChanged, Object: id}); err != nil {
			return err
		}
	}
	return nil
}
