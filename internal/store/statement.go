package store

import (
	"time"

	"parley/internal/desk"
)

// Statement is what a person says of a thing held of them that they hold for
// wrong.
type Statement struct {
	ID      desk.ID
	Contact desk.ID
	Message desk.ID // that it is about, 0 = none
	Member  desk.ID // who noted it, 0 = a key or the program
	Said    string
	At      time.Time
}

const (
	sqlAddStatement    = `INSERT INTO person_statement (workspace_id, id, contact_id, message_id, member_id, said, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	sqlStatements      = `SELECT id, message_id, member_id, said, at FROM person_statement WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id`
	sqlEraseStatements = `DELETE FROM person_statement WHERE workspace_id = $1 AND contact_id = $2`
)

// AddStatement keeps a statement; its id is made.
func (t *Tx) AddStatement(s *Statement) error {
	s.ID, s.At = t.NewID(), t.now
	said, err := t.seal(t.subject(s.Contact), "person_statement", "said", s.ID, []byte(s.Said))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlAddStatement, int64(t.ws), int64(s.ID), int64(s.Contact), int64(s.Message), int64(s.Member), said, us(s.At))
	return err
}

// Statements lists what a contact said of what is held of them, oldest first.
func (r *Rx) Statements(contact desk.ID) ([]Statement, error) {
	all := []Statement{}
	err := r.each(sqlStatements, []any{int64(r.ws), int64(contact)}, func(s scanner) error {
		one := Statement{Contact: contact}
		var said []byte
		var when int64
		if err := s.Scan(&one.ID, &one.Message, &one.Member, &said, &when); err != nil {
			return err
		}
		clear, err := r.soft("person_statement", "said", one.ID, said)
		one.Said, one.At = string(clear), at(when)
		all = append(all, one)
		return err
	})
	return all, err
}
