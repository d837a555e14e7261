package store

import "parley/internal/desk"

const (
	acknowledgementColumns   = `id, member_id, what, version, text_hash, locale, answer, at`
	sqlInsertAcknowledgement = `INSERT INTO acknowledgement (workspace_id, ` + acknowledgementColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlAcknowledgements      = `SELECT ` + acknowledgementColumns + ` FROM acknowledgement WHERE workspace_id = $1 AND member_id = $2 ORDER BY id DESC LIMIT $3`
)

const (
	agreed   = "agreed"
	declined = "declined"
)

// AddAcknowledgement keeps what a member was shown and answered. Rows are never
// changed: a later answer is another row.
func (t *Tx) AddAcknowledgement(a desk.Acknowledgement) error {
	answer := declined
	if a.Agreed {
		answer = agreed
	}
	_, err := t.exec(sqlInsertAcknowledgement, int64(t.ws), int64(t.NewID()), int64(a.Member), a.What, a.Version, a.Hash, a.Locale, answer, us(t.now))
	return err
}

// Acknowledgements lists what a member answered, newest first.
func (r *Rx) Acknowledgements(member desk.ID, limit int) ([]desk.Acknowledgement, error) {
	all := []desk.Acknowledgement{}
	err := r.each(sqlAcknowledgements, []any{int64(r.ws), int64(member), limit}, func(s scanner) error {
		var a desk.Acknowledgement
		var answer string
		var when int64
		err := s.Scan(&a.ID, &a.Member, &a.What, &a.Version, &a.Hash, &a.Locale, &answer, &when)
		a.Agreed, a.At = answer == agreed, at(when)
		all = append(all, a)
		return err
	})
	return all, err
}
