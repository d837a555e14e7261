package store

import (
	"strconv"
	"time"

	"parley/internal/desk"
)

// OwnVisit is a person's way to what is held about them.
type OwnVisit struct {
	ID           desk.ID
	Contact      desk.ID
	Conversation desk.ID // in which they were proved, 0 = by a request of theirs
	Link         []byte  // hash of the link; nil once it was opened
	Pass         []byte  // hash of what the forms carry; nil before
	Ends         time.Time
}

// AttemptTerm is the time within which attempts are counted, and for how long the
// count is kept.
const AttemptTerm = 24 * time.Hour

const (
	sqlAddOwnVisit    = `INSERT INTO own_visit (workspace_id, id, contact_id, conversation_id, link, pass, ends_at) VALUES ($1, $2, $3, $4, $5, NULL, $6)`
	sqlOwnVisit       = `SELECT id, contact_id, conversation_id, link, pass, ends_at FROM own_visit WHERE workspace_id = $1 AND id = $2`
	sqlOwnVisitLocked = sqlOwnVisit + forUpdate
	sqlSaveOwnVisit   = `UPDATE own_visit SET link = NULL, pass = $3, ends_at = $4 WHERE workspace_id = $1 AND id = $2`
	sqlDropOwnVisits  = `DELETE FROM own_visit WHERE workspace_id = $1 AND ends_at <= $2`
	sqlEraseOwnVisits = `DELETE FROM own_visit WHERE workspace_id = $1 AND contact_id = $2`

	// One statement, so that those who try at the same time are all counted.
	sqlAttempt = `INSERT INTO attempt (workspace_id, what, who, since_at, n) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (workspace_id, what, who) DO UPDATE SET
			n = CASE WHEN attempt.since_at <= $5 THEN 1 ELSE attempt.n + 1 END,
			since_at = CASE WHEN attempt.since_at <= $5 THEN $4 ELSE attempt.since_at END
		RETURNING n`
	sqlDropAttempts = `DELETE FROM attempt WHERE workspace_id = $1 AND since_at <= $2`
)

// AddOwnVisit adds a way that was not gone yet, and gives it its id.
func (t *Tx) AddOwnVisit(v *OwnVisit) error {
	v.ID = t.NewID()
	_, err := t.exec(sqlAddOwnVisit, int64(t.ws), int64(v.ID), int64(v.Contact), int64(v.Conversation), v.Link, us(v.Ends))
	return err
}

// OwnVisit finds a way, over or not; desk.NotFound "own_visit_not_found".
func (r *Rx) OwnVisit(id desk.ID) (OwnVisit, error) { return r.ownVisit(sqlOwnVisit, id) }

func (r *Rx) ownVisit(query string, id desk.ID) (v OwnVisit, err error) {
	var ends int64
	err = r.row(query, int64(r.ws), int64(id)).Scan(&v.ID, &v.Contact, &v.Conversation, &v.Link, &v.Pass, &ends)
	v.Ends = at(ends)
	return v, found("own_visit", err)
}

// EnterOwnVisit opens a way once: fn says whether its link is right, and its forms
// carry pass until ends.
func (t *Tx) EnterOwnVisit(id desk.ID, fn func(OwnVisit) bool, pass []byte, ends time.Time) (OwnVisit, error) {
	v, err := t.ownVisit(sqlOwnVisitLocked, id)
	if err != nil {
		return v, err
	}
	if len(v.Link) == 0 || !t.now.Before(v.Ends) || !fn(v) {
		return OwnVisit{}, desk.Fail(desk.NotFound, "own_visit_not_found", "this way was gone, or is another")
	}
	v.Link, v.Pass, v.Ends = nil, pass, ends
	return v, t.must("own_visit", sqlSaveOwnVisit, int64(t.ws), int64(id), pass, us(ends))
}

// Attempt counts that somebody tries something, and reports whether they tried it
// at most so often within AttemptTerm. It counts for every process of the install.
func (t *Tx) Attempt(what, who string, most int) (ok bool, err error) {
	hash, err := t.db.vault.Hash(t.ctx, int64(t.ws), "attempt/"+what, who)
	if err != nil {
		return false, err
	}
	var n int64
	err = t.row(sqlAttempt, int64(t.ws), what, hash, us(t.now), us(t.now.Add(-AttemptTerm))).Scan(&n)
	return n <= int64(most), err
}

// AttemptBy is Attempt for a contact.
func (t *Tx) AttemptBy(what string, contact desk.ID, most int) (ok bool, err error) {
	return t.Attempt(what, strconv.FormatInt(int64(contact), 10), most)
}

// DropOldOwn deletes ways and counts of attempts whose time is over.
func (t *Tx) DropOldOwn() (int64, error) {
	n, err := t.exec(sqlDropOwnVisits, int64(t.ws), us(t.now))
	if err != nil {
		return n, err
	}
	more, err := t.exec(sqlDropAttempts, int64(t.ws), us(t.now.Add(-AttemptTerm)))
	return n + more, err
}
