package store

import "time"

const (
	sqlInsertProofRun = `INSERT INTO proof_run (workspace_id, number, signed, at) VALUES ($1, $2, $3, $4)`
	sqlProofRuns      = `SELECT number, signed, at FROM proof_run WHERE workspace_id = $1 ORDER BY number DESC LIMIT $2`
	sqlDropProofRuns  = `DELETE FROM proof_run WHERE workspace_id = $1 AND number < $2`
)

// ProofRun is one run of the checks, as the install signed it.
type ProofRun struct {
	Number int64
	Signed []byte // JSON of the caller's
	At     time.Time
}

// InsertProofRun keeps a run. A number that exists is refused by the database.
func (t *Tx) InsertProofRun(number int64, signed []byte) error {
	_, err := t.exec(sqlInsertProofRun, int64(t.ws), number, string(signed), us(t.now))
	return err
}

// DropProofRuns removes the runs below a number.
func (t *Tx) DropProofRuns(below int64) error {
	_, err := t.exec(sqlDropProofRuns, int64(t.ws), below)
	return err
}

// ProofRuns lists runs, newest first.
func (r *Rx) ProofRuns(limit int) ([]ProofRun, error) {
	var all []ProofRun
	err := r.each(sqlProofRuns, []any{int64(r.ws), limit}, func(s scanner) error {
		var p ProofRun
		var signed string
		var when int64
		err := s.Scan(&p.Number, &signed, &when)
		p.Signed, p.At = []byte(signed), at(when)
		all = append(all, p)
		return err
	})
	return all, err
}
