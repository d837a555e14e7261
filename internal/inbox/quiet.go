package inbox

import (
	"parley/internal/desk"
	"parley/internal/store"
)

// threadsOfOne bounds the conversations of one contact that a restriction stops.
const threadsOfOne = 1000

// Quiet stops what the AI has under way with a contact: who may speak changed.
func (in *Inbox) Quiet(tx *store.Tx, contact desk.ID) error {
	all, err := tx.ConversationsWith(contact, threadsOfOne)
	if err != nil {
		return err
	}
	for _, one := range all {
		c, err := tx.LockConversation(one.ID)
		if err != nil {
			return err
		}
		c.SpeakersChanged()
		if err := in.quiet(tx, &c); err != nil {
			return err
		}
		if err := in.save(tx, c); err != nil {
			return err
		}
	}
	return nil
}
