package store

import "time"

const (
	sqlLooks     = `SELECT clause, state, why, evidence, at FROM install_look WHERE workspace_id = $1 ORDER BY clause`
	sqlDropLooks = `DELETE FROM install_look WHERE workspace_id = $1`
	sqlAddLook   = `INSERT INTO install_look (workspace_id, clause, state, why, evidence, at) VALUES ($1, $2, $3, $4, $5, $6)`
)

// InstallLook is what was seen of one clause on the install that runs.
type InstallLook struct {
	Clause, State, Why, Evidence string
	At                           time.Time
}

// ReplaceLooks keeps what was seen now in the place of what was seen before.
func (t *Tx) ReplaceLooks(all []InstallLook) error {
	if _, err := t.exec(sqlDropLooks, int64(t.ws)); err != nil {
		return err
	}
	for _, l := range all {
		if _, err := t.exec(sqlAddLook, int64(t.ws), l.Clause, l.State, l.Why, l.Evidence, us(l.At)); err != nil {
			return err
		}
	}
	return nil
}

// Looks lists what was seen last.
func (r *Rx) Looks() (all []InstallLook, err error) {
	err = r.each(sqlLooks, []any{int64(r.ws)}, func(s scanner) error {
		var l InstallLook
		var when int64
		err := s.Scan(&l.Clause, &l.State, &l.Why, &l.Evidence, &when)
		l.At = at(when)
		all = append(all, l)
		return err
	})
	return all, err
}
