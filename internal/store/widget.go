package store

import (
	"errors"
	"time"

	"parley/internal/desk"
)

// VisitTerm is how long the fields of a visit are kept; its shell stays.
const VisitTerm = 90 * 24 * time.Hour

const (
	visitFields   = `browser, os, device, referrer, page_url, locale, ip`
	sqlVisitID    = `SELECT id FROM widget_session WHERE workspace_id = $1 AND visit = $2 AND contact_id = $3`
	sqlVisitFirst = `INSERT INTO widget_session (workspace_id, id, visit, contact_id, conversation_id, consent, ` + visitFields + `,
		started_at, seen_at, emptied) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, FALSE)`
	sqlVisitAgain = `UPDATE widget_session SET consent = $3, browser = $4, os = $5, device = $6, referrer = $7, page_url = $8,
		locale = $9, ip = $10, seen_at = $11, emptied = FALSE WHERE workspace_id = $1 AND id = $2`
	sqlVisitEmpty  = `UPDATE widget_session SET browser = NULL, os = NULL, device = NULL, referrer = NULL, page_url = NULL, locale = NULL, ip = NULL, emptied = TRUE`
	sqlVisitForget = sqlVisitEmpty + `, consent = 'withdrawn' WHERE workspace_id = $1 AND contact_id = $2`
	sqlVisitsOver  = sqlVisitEmpty + ` WHERE workspace_id = $1 AND id IN
		(SELECT id FROM widget_session WHERE workspace_id = $1 AND emptied = FALSE AND seen_at <= $2 ORDER BY seen_at LIMIT $3)`
	sqlVisitNewest = `SELECT id, visit, consent, ` + visitFields + `, started_at, seen_at FROM widget_session
		WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id DESC LIMIT 1`
)

// NoteVisit keeps or renews the session fields of a visit, in the transaction
// that files a message of it. What may be kept, the channel has decided.
func (t *Tx) NoteVisit(contact, conversation desk.ID, s desk.Session) error {
	var id desk.ID
	err := t.row(sqlVisitID, int64(t.ws), s.ID, int64(contact)).Scan(&id)
	fresh := desk.IsNotFound(plain(err))
	if err != nil && !fresh {
		return err
	}
	if fresh {
		id = t.NewID()
	}
	fields, err := t.sealVisit(contact, id, s)
	if err != nil {
		return err
	}
	if fresh {
		args := append([]any{int64(t.ws), int64(id), s.ID, int64(contact), int64(conversation), string(s.Consent)}, fields...)
		_, err = t.exec(sqlVisitFirst, append(args, us(t.now))...)
		return err
	}
	args := append([]any{int64(t.ws), int64(id), string(s.Consent)}, fields...)
	return t.must("visit", sqlVisitAgain, append(args, us(t.now))...)
}

// columns of a visit that are sealed, with where they stand in a Session.
func visitColumns(s *desk.Session) []struct {
	name  string
	value *string
} {
	return []struct {
		name  string
		value *string
	}{{"browser", &s.Browser}, {"os", &s.OS}, {"device", &s.Device}, {"referrer", &s.Referrer}, {"page_url", &s.PageURL},
		{"locale", &s.Locale}, {"ip", &s.IP}}
}

func (t *Tx) sealVisit(contact, id desk.ID, s desk.Session) ([]any, error) {
	var fields []any
	for _, c := range visitColumns(&s) {
		sealed, err := t.seal(t.subject(contact), "widget_session", c.name, id, []byte(*c.value))
		if err != nil {
			return nil, err
		}
		fields = append(fields, sealed)
	}
	return fields, nil
}

// ForgetVisits empties every session field of a contact: their visitor withdrew
// the consent. The conversation stays, without this link.
func (t *Tx) ForgetVisits(contact desk.ID) error {
	_, err := t.exec(sqlVisitForget, int64(t.ws), int64(contact))
	return err
}

// EmptyOldVisits empties up to limit visits that are past their term.
func (t *Tx) EmptyOldVisits(limit int) (int64, error) {
	term, err := t.Term(RetainVisits, VisitTerm)
	if err != nil {
		return 0, err
	}
	return t.exec(sqlVisitsOver, int64(t.ws), us(t.now.Add(-term)), limit)
}

// Visit returns a contact's newest visit; fields past their term or without
// consent are empty.
func (r *Rx) Visit(contact desk.ID) (desk.Session, error) {
	var s desk.Session
	var id desk.ID
	var consent string
	sealed := make([][]byte, 7)
	var started, seen int64
	err := r.row(sqlVisitNewest, int64(r.ws), int64(contact)).Scan(&id, &s.ID, &consent, &sealed[0], &sealed[1], &sealed[2],
		&sealed[3], &sealed[4], &sealed[5], &sealed[6], &started, &seen)
	if err != nil {
		return s, found("visit", err)
	}
	s.Consent, s.StartedAt, s.SeenAt = desk.ConsentState(consent), at(started), at(seen)
	var errs []error
	for i, c := range visitColumns(&s) {
		clear, err := r.soft("widget_session", c.name, id, sealed[i])
		*c.value = string(clear)
		errs = append(errs, err)
	}
	return s, errors.Join(errs...)
}
