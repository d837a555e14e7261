package store

import "parley/internal/desk"

const (
	acknowledgementColumns   = `id, member_id, what, version, text_hash, locale, answer, at`
	sqlInsertAcknowledgement = `INSERT INTO acknowledgement (workspace_id, ` + acknowledgementColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlMembersAnswer         = `SELECT answer FROM acknowledgement WHERE workspace_id = $1 AND member_id = $2 AND what = $3 AND version = $4 ORDER BY id DESC LIMIT 1`
	sqlNewestAnswer          = `SELECT answer FROM acknowledgement WHERE workspace_id = $1 AND what = $2 AND version = $3 ORDER BY id DESC LIMIT 1`
	sqlAcknowledgements      = `SELECT ` + acknowledgementColumns + ` FROM acknowledgement WHERE workspace_id = $1 AND member_id = $2 ORDER BY id DESC LIMIT $3`
)

const (
	agreed   = "agreed"
	declined = "declined"
	used     = "used"
)

// AddAcknowledgement keeps what a member was shown and answered. Rows are never
// changed: a later answer is another row.
func (t *Tx) AddAcknowledgement(a desk.Acknowledgement) error {
	answer := declined
	switch {
	case a.Agreed:
		answer = agreed
	case a.Used:
		answer = used
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
		a.Agreed, a.Used, a.At = answer == agreed, answer == used, at(when)
		all = append(all, a)
		return err
	})
	return all, err
}

// Answered reports whether a member answered a version of a text, or was noted to
// go on by it.
func (r *Rx) Answered(member desk.ID, what, version string) (goesOn, anything bool, err error) {
	var answer string
	err = found("acknowledgement", r.row(sqlMembersAnswer, int64(r.ws), int64(member), what, version).Scan(&answer))
	if desk.IsNotFound(err) {
		return false, false, nil
	}
	return answer == agreed || answer == used, true, err
}

// AgreedTo reports whether the newest answer that somebody of the workspace gave to
// a version of a text is a yes.
func (r *Rx) AgreedTo(what, version string) (bool, error) {
	var answer string
	err := found("acknowledgement", r.row(sqlNewestAnswer, int64(r.ws), what, version).Scan(&answer))
	if desk.IsNotFound(err) {
		return false, nil
	}
	return answer == agreed, err
}
