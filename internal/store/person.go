package store

import (
	"time"

	"parley/internal/desk"
)

const (
	sqlMergeContact = `UPDATE contact SET merged_into = $3, merged_at = $4 WHERE workspace_id = $1 AND id = $2`
	sqlMergedInto   = `SELECT ` + contactColumns + ` FROM contact WHERE workspace_id = $1 AND merged_into = $2 ORDER BY id`
	sqlUnmergeAll   = `UPDATE contact SET merged_into = 0, merged_at = 0 WHERE workspace_id = $1 AND merged_into = $2`
)

// MaxPerson is how many contacts one person may be.
const MaxPerson = 20

// Person lists the contacts that members said are one person: first the one that
// stands for all, then the others. Somebody who was never merged is alone.
func (r *Rx) Person(contact desk.ID) ([]desk.Contact, error) {
	head, err := r.Contact(contact)
	for range MaxPerson {
		if err != nil || head.MergedInto == 0 {
			break
		}
		head, err = r.Contact(head.MergedInto)
	}
	if err != nil {
		return nil, err
	}
	all := []desk.Contact{head}
	for at := 0; at < len(all) && len(all) <= MaxPerson; at++ {
		err := r.each(sqlMergedInto, []any{int64(r.ws), int64(all[at].ID)}, func(s scanner) error {
			c, err := r.scanContact(s)
			all = append(all, c)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// MergeContact lets another contact stand for this one; 0 undoes that. Copies
// made for the person as it was are dropped.
func (t *Tx) MergeContact(contact, into desk.ID) error {
	since := us(t.now)
	if into == 0 {
		since = 0
	}
	if err := t.dropCopiesOf(contact); err != nil {
		return err
	}
	if into != 0 {
		if err := t.dropCopies(into); err != nil {
			return err
		}
	}
	return t.must("contact", sqlMergeContact, int64(t.ws), int64(contact), int64(into), since)
}

// BringMerged lets another contact stand for one that came from elsewhere, since
// when it did there.
func (t *Tx) BringMerged(contact, into desk.ID, since time.Time) error {
	return t.must("contact", sqlMergeContact, int64(t.ws), int64(contact), int64(into), us(since))
}

// UnmergeAll lets the contacts for which one stands stand for themselves, and
// drops copies made for them together.
func (t *Tx) UnmergeAll(contact desk.ID) error {
	if err := t.dropCopiesOf(contact); err != nil {
		return err
	}
	_, err := t.exec(sqlUnmergeAll, int64(t.ws), int64(contact))
	return err
}

// dropCopiesOf deletes the copies of everybody who is one person with a contact.
func (t *Tx) dropCopiesOf(contact desk.ID) error {
	all, err := t.Person(contact)
	for _, c := range all {
		if err == nil {
			err = t.dropCopies(c.ID)
		}
	}
	return err
}
