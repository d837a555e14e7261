package store

import (
	"slices"

	"parley/internal/desk"
)

const (
	optInColumns   = `id, contact_id, account_id, topic, source, member_id, note, at, until, stopped_at, stopped_by`
	sqlOptInsOf    = `SELECT ` + optInColumns + ` FROM opt_in WHERE workspace_id = $1 AND contact_id = $2 ORDER BY account_id, topic`
	sqlOptIn       = `SELECT ` + optInColumns + ` FROM opt_in WHERE workspace_id = $1 AND contact_id = $2 AND account_id = $3 AND topic = $4` + forUpdate
	sqlInsertOptIn = `INSERT INTO opt_in (workspace_id, ` + optInColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	sqlUpdateOptIn = `UPDATE opt_in SET source = $3, member_id = $4, note = $5, at = $6, until = $7, stopped_at = $8, stopped_by = $9
		WHERE workspace_id = $1 AND id = $2`
	sqlEraseOptIns   = `DELETE FROM opt_in WHERE workspace_id = $1 AND contact_id = $2`
	sqlEraseOptInsAt = `DELETE FROM opt_in WHERE workspace_id = $1 AND contact_id = $2 AND account_id = $3`
)

func (r *Rx) scanOptIn(row scanner) (desk.Consented, error) {
	var c desk.Consented
	var note []byte
	var given, until, stopped int64
	if err := row.Scan(&c.ID, &c.Contact, &c.Account, &c.Topic, &c.Source, &c.Member, &note, &given, &until, &stopped, &c.StoppedBy); err != nil {
		return c, err
	}
	c.At, c.Until, c.StoppedAt = at(given), at(until), at(stopped)
	clear, err := r.soft("opt_in", "note", c.ID, note)
	c.Note = string(clear)
	return c, err
}

// OptIns lists what a contact allowed and stopped, by channel account.
func (r *Rx) OptIns(contact desk.ID) ([]desk.Consented, error) {
	all := []desk.Consented{}
	err := r.each(sqlOptInsOf, []any{int64(r.ws), int64(contact)}, func(s scanner) error {
		c, err := r.scanOptIn(s)
		all = append(all, c)
		return err
	})
	return all, err
}

// OptInsAt is OptIns for one channel account.
func (r *Rx) OptInsAt(contact, account desk.ID) ([]desk.Consented, error) {
	all, err := r.OptIns(contact)
	return slices.DeleteFunc(all, func(c desk.Consented) bool { return c.Account != account }), err
}

// ChangeOptIn applies fn to the opt-in of a contact for a topic on a channel
// account, or to a new one, whose ID is 0 in fn. An error of fn is answered and
// nothing is written.
func (t *Tx) ChangeOptIn(contact, account desk.ID, topic string, fn func(*desk.Consented) error) (desk.Consented, error) {
	c, err := t.scanOptIn(t.row(sqlOptIn, int64(t.ws), int64(contact), int64(account), topic))
	err = found("opt_in", err)
	if err != nil && !desk.IsNotFound(err) {
		return c, err
	}
	if err != nil {
		c = desk.Consented{Contact: contact, Account: account, Topic: topic}
	}
	if err := fn(&c); err != nil {
		return c, err
	}
	fresh := c.ID == 0
	if fresh {
		c.ID = t.NewID()
	}
	note, err := t.seal(t.subject(contact), "opt_in", "note", c.ID, []byte(c.Note))
	if err != nil {
		return c, err
	}
	if fresh {
		_, err = t.exec(sqlInsertOptIn, int64(t.ws), int64(c.ID), int64(contact), int64(account), topic, c.Source, int64(c.Member), note,
			us(c.At), us(c.Until), us(c.StoppedAt), c.StoppedBy)
		return c, err
	}
	return c, t.must("opt_in", sqlUpdateOptIn, int64(t.ws), int64(c.ID), c.Source, int64(c.Member), note, us(c.At), us(c.Until),
		us(c.StoppedAt), c.StoppedBy)
}
