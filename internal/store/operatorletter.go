package store

import "parley/internal/desk"

const (
	operatorLetterColumns   = `id, kind, mark, about, state, fault, created_at, sent_at`
	sqlInsertOperatorLetter = `INSERT INTO operator_letter (workspace_id, ` + operatorLetterColumns + `) VALUES ($1, $2, $3, $4, $5, 'waiting', '', $6, 0)
		ON CONFLICT (workspace_id, kind, mark) DO NOTHING`
	sqlOperatorLetter     = `SELECT ` + operatorLetterColumns + ` FROM operator_letter WHERE workspace_id = $1 AND id = $2`
	sqlOperatorLetters    = `SELECT ` + operatorLetterColumns + ` FROM operator_letter WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlEndOperatorLetter  = `UPDATE operator_letter SET state = $3, fault = $4, sent_at = $5 WHERE workspace_id = $1 AND id = $2`
	sqlOldOperatorLetters = `DELETE FROM operator_letter WHERE workspace_id = $1 AND created_at <= $2`
)

// InsertOperatorLetter keeps a letter about the install that waits to leave; l.ID
// is made. It reports false where that time of it was told already. Only the
// workspace 0 holds such rows.
func (t *Tx) InsertOperatorLetter(l *desk.OperatorLetter) (bool, error) {
	l.ID, l.State, l.CreatedAt = t.NewID(), desk.LetterWaits, t.now
	n, err := t.exec(sqlInsertOperatorLetter, int64(t.ws), int64(l.ID), string(l.Kind), l.Mark, l.About, us(t.now))
	return n == 1, err
}

func scanOperatorLetter(s scanner) (desk.OperatorLetter, error) {
	var l desk.OperatorLetter
	var kind, state string
	var created, sent int64
	err := s.Scan(&l.ID, &kind, &l.Mark, &l.About, &state, &l.Fault, &created, &sent)
	l.Kind, l.State, l.CreatedAt, l.SentAt = desk.OperatorLetterKind(kind), desk.LetterState(state), at(created), at(sent)
	return l, err
}

// OperatorLetter returns a letter about the install.
func (r *Rx) OperatorLetter(id desk.ID) (desk.OperatorLetter, error) {
	l, err := scanOperatorLetter(r.row(sqlOperatorLetter, int64(r.ws), int64(id)))
	return l, found("letter", err)
}

// OperatorLetters pages through them, newest first, from before an id.
func (r *Rx) OperatorLetters(before desk.ID, limit int) ([]desk.OperatorLetter, error) {
	all := []desk.OperatorLetter{}
	err := r.each(sqlOperatorLetters, []any{int64(r.ws), int64(before), limit}, func(s scanner) error {
		l, err := scanOperatorLetter(s)
		all = append(all, l)
		return err
	})
	return all, err
}

// EndOperatorLetter notes that one left, or why it did not.
func (t *Tx) EndOperatorLetter(id desk.ID, state desk.LetterState, fault string) error {
	return t.must("letter", sqlEndOperatorLetter, int64(t.ws), int64(id), string(state), fault, us(t.now))
}

// DropOldOperatorLetters forgets those of 90 days ago. What goes on by then is
// told once more.
func (t *Tx) DropOldOperatorLetters() (int64, error) {
	return t.exec(sqlOldOperatorLetters, int64(t.ws), us(t.now.Add(-LetterTerm)))
}
