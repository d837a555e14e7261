package store

import (
	"encoding/json"
	"time"

	"parley/internal/desk"
)

// CopyState says how far a copy of what is held of a person is.
type CopyState string

// States of a copy.
const (
	CopyWaiting CopyState = "waiting"
	CopyWorking CopyState = "working"
	CopyReady   CopyState = "ready"
	CopyFailed  CopyState = "failed"
)

// PersonCopy is a copy of what is held of a person, made for them.
type PersonCopy struct {
	ID       desk.ID
	Contact  desk.ID // who stands for the person; its key seals the file
	Case     desk.ID // 0 = none
	Report   bool    // of categories and recipients alone, not of all that is held
	Member   desk.ID // who had it made, 0 = nobody who signs in
	Language string
	Hidden   []string // words left out of what others wrote
	State    CopyState
	Reason   string // why it failed, a machine word
	Done     int    // messages written so far
	Total    int
	Size     int64
	Blob     string
	Link     []byte // hash of what opens it once; nil = no link
	LinkEnds time.Time
	Taken    time.Time // when the link was used
	Made     time.Time
	Ends     time.Time
}

const kindReport = "report"

const (
	copyColumns = `id, kind, contact_id, case_id, member_id, language, hidden, state, reason, done, total, size, blob, link, link_ends_at, taken_at, made_at, ends_at`
	sqlAddCopy  = `INSERT INTO person_copy (workspace_id, ` + copyColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`
	sqlCopy       = `SELECT ` + copyColumns + ` FROM person_copy WHERE workspace_id = $1 AND id = $2`
	sqlCopyLocked = sqlCopy + forUpdate
	sqlCopiesOf   = `SELECT ` + copyColumns + ` FROM person_copy WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id DESC LIMIT $3`
	sqlCopyOfCase = `SELECT ` + copyColumns + ` FROM person_copy WHERE workspace_id = $1 AND case_id = $2 AND state = 'ready' ORDER BY id DESC LIMIT 1`
	sqlSaveCopy   = `UPDATE person_copy SET state = $3, reason = $4, done = $5, total = $6, size = $7, blob = $8, link = $9, link_ends_at = $10, taken_at = $11, ends_at = $12
		WHERE workspace_id = $1 AND id = $2`
	sqlCopiesOver     = `SELECT id, blob FROM person_copy WHERE workspace_id = $1 AND ends_at <= $2 ORDER BY ends_at LIMIT $3`
	sqlDropCopy       = `DELETE FROM person_copy WHERE workspace_id = $1 AND id = $2`
	sqlCopyHasBlob    = `SELECT blob FROM person_copy WHERE workspace_id = $1 AND blob = $2`
	sqlEraseCopyBlobs = `INSERT INTO blob_drop (workspace_id, blob) SELECT workspace_id, blob FROM person_copy
		WHERE workspace_id = $1 AND contact_id = $2 AND blob <> ''`
	sqlEraseCopies = `DELETE FROM person_copy WHERE workspace_id = $1 AND contact_id = $2`
)

func (r *Rx) scanCopy(s scanner) (PersonCopy, error) {
	var c PersonCopy
	var state, kind string
	var hidden []byte
	var linkEnds, taken, made, ends int64
	if err := s.Scan(&c.ID, &kind, &c.Contact, &c.Case, &c.Member, &c.Language, &hidden, &state, &c.Reason, &c.Done, &c.Total, &c.Size, &c.Blob,
		&c.Link, &linkEnds, &taken, &made, &ends); err != nil {
		return c, err
	}
	c.Report = kind == kindReport
	c.State, c.LinkEnds, c.Taken, c.Made, c.Ends = CopyState(state), at(linkEnds), at(taken), at(made), at(ends)
	clear, err := r.soft("person_copy", "hidden", c.ID, hidden)
	if err != nil || len(clear) == 0 {
		return c, err
	}
	return c, json.Unmarshal(clear, &c.Hidden)
}

// AddCopy adds a copy that waits to be made, and gives it its id and its end.
func (t *Tx) AddCopy(c *PersonCopy, term time.Duration) error {
	c.ID, c.State, c.Made, c.Ends = t.NewID(), CopyWaiting, t.now, t.now.Add(term)
	var hidden []byte
	if len(c.Hidden) > 0 {
		var err error
		if hidden, err = t.seal(t.subject(c.Contact), "person_copy", "hidden", c.ID, toJSON(c.Hidden)); err != nil {
			return err
		}
	}
	_, err := t.exec(sqlAddCopy, int64(t.ws), int64(c.ID), map[bool]string{false: "copy", true: kindReport}[c.Report], int64(c.Contact), int64(c.Case), int64(c.Member), c.Language, hidden, string(c.State),
		c.Reason, c.Done, c.Total, c.Size, c.Blob, c.Link, us(c.LinkEnds), us(c.Taken), us(c.Made), us(c.Ends))
	return err
}

// Copy returns a copy of the workspace; desk.NotFound "copy_not_found".
func (r *Rx) Copy(id desk.ID) (PersonCopy, error) {
	c, err := r.scanCopy(r.row(sqlCopy, int64(r.ws), int64(id)))
	return c, found("copy", err)
}

// CopyOfCase returns the newest ready copy that answers a case; desk.NotFound
// "copy_not_found".
func (r *Rx) CopyOfCase(id desk.ID) (PersonCopy, error) {
	c, err := r.scanCopy(r.row(sqlCopyOfCase, int64(r.ws), int64(id)))
	return c, found("copy", err)
}

// Copies lists the newest copies made for a person.
func (r *Rx) Copies(contact desk.ID, limit int) ([]PersonCopy, error) {
	all := []PersonCopy{}
	err := r.each(sqlCopiesOf, []any{int64(r.ws), int64(contact), limit}, func(s scanner) error {
		c, err := r.scanCopy(s)
		all = append(all, c)
		return err
	})
	return all, err
}

// ChangeCopy applies fn to a copy; an error of fn is answered and nothing is
// written. Bytes that it had before and has no more go off the disk soon.
func (t *Tx) ChangeCopy(id desk.ID, fn func(*PersonCopy) error) (PersonCopy, error) {
	c, err := t.scanCopy(t.row(sqlCopyLocked, int64(t.ws), int64(id)))
	if err != nil {
		return c, found("copy", err)
	}
	was := c.Blob
	if err := fn(&c); err != nil {
		return c, err
	}
	if was != "" && was != c.Blob {
		if err := t.LetBlobGo(was); err != nil {
			return c, err
		}
	}
	return c, t.must("copy", sqlSaveCopy, int64(t.ws), int64(id), string(c.State), c.Reason, c.Done, c.Total, c.Size, c.Blob, c.Link, us(c.LinkEnds), us(c.Taken), us(c.Ends))
}

// DropCopy deletes a copy; its bytes go off the disk soon. desk.NotFound
// "copy_not_found".
func (t *Tx) DropCopy(id desk.ID) error {
	if _, err := t.ChangeCopy(id, func(p *PersonCopy) error { p.Blob = ""; return nil }); err != nil {
		return err
	}
	return t.must("copy", sqlDropCopy, int64(t.ws), int64(id))
}

// DropOldCopies deletes copies whose time is over, up to a step, and says how
// many.
func (t *Tx) DropOldCopies(limit int) (int64, error) {
	over := map[desk.ID]string{}
	err := t.each(sqlCopiesOver, []any{int64(t.ws), us(t.now), limit}, func(s scanner) error {
		var id desk.ID
		var blob string
		err := s.Scan(&id, &blob)
		over[id] = blob
		return err
	})
	for id, blob := range over {
		if err == nil && blob != "" {
			err = t.LetBlobGo(blob)
		}
		if err == nil {
			_, err = t.exec(sqlDropCopy, int64(t.ws), int64(id))
		}
	}
	return int64(len(over)), err
}

// dropCopies deletes the copies made for a person, because who the person is has
// changed: a copy must hold nothing of somebody else.
func (t *Tx) dropCopies(contact desk.ID) error {
	for _, query := range []string{sqlEraseCopyBlobs, sqlEraseCopies} {
		if _, err := t.exec(query, int64(t.ws), int64(contact)); err != nil {
			return err
		}
	}
	return nil
}
