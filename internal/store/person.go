package store

import (
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

// MergeContact lets another contact stand for this one; 0 undoes that.
func (t *Tx) MergeContact(contact, into desk.ID) error {
	since := us(t.now)
	if into == 0 {
		since = 0
	}
	return t.must("contact", sqlMergeContact, int64(t.ws), int64(contact), int64(into), since)
}

// UnmergeAll lets the contacts for which one stands stand for themselves.
func (t *Tx) UnmergeAll(contact desk.ID) error {
	_, err := t.exec(sqlUnmergeAll, int64(t.ws), int64(contact))
	return err
}
