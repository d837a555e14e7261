package store

import (
	"encoding/json"
	"time"

	"parley/internal/desk"
)

// Duty is something that a business does to protect data, open or done.
type Duty struct {
	ID       desk.ID
	Kind     desk.DutyKind
	Standing bool // opened by the program
	Done     bool
	Title    string
	Person   string  // whom it is about and who does not sign in
	Member   desk.ID // whom it is about
	Note     string
	Document []DutySection // what was signed, as it stood then
	Lines    []DutyLine    // with what was decided
	Hash     []byte        // SHA-256 of the document
	Basis    string
	Every    int // days; 0 = once
	Due      time.Time
	Next     time.Time // reminder; zero = none
	OpenedBy desk.ID
	At       time.Time
	DoneBy   desk.ID
	DoneAt   time.Time
}

// DutySection is a part of the document of a duty.
type DutySection struct {
	Title string   `json:"title"`
	Lines []string `json:"lines"`
}

// DutyLine is one thing that a duty wants a decision on. That of a member bears no
// name: it is looked up for as long as there is one.
type DutyLine struct {
	Key     string   `json:"key"`
	Words   string   `json:"words"`
	Detail  []string `json:"detail,omitempty"`
	Verdict string   `json:"verdict,omitempty"`
	Why     string   `json:"why,omitempty"`
}

// DutyTerm is how long a done one is kept.
const DutyTerm = 5 * 365 * 24 * time.Hour

type dutyBody struct {
	Title    string        `json:"title,omitempty"`
	Person   string        `json:"person,omitempty"`
	Note     string        `json:"note,omitempty"`
	Document []DutySection `json:"document,omitempty"`
	Lines    []DutyLine    `json:"lines,omitempty"`
}

const (
	dutyColumns   = `id, kind, standing, done, body, member_id, hash, basis, every_days, due_at, next_at, opened_by, at, done_by, done_at`
	sqlInsertDuty = `INSERT INTO duty (workspace_id, ` + dutyColumns + `) VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7, '', $8, $9, $10, $11, $12, 0, 0) ON CONFLICT DO NOTHING`
	sqlDuty       = `SELECT ` + dutyColumns + ` FROM duty WHERE workspace_id = $1 AND id = $2`
	sqlDutyLocked = sqlDuty + forUpdate
	sqlDutiesOpen = `SELECT ` + dutyColumns + ` FROM duty WHERE workspace_id = $1 AND done = FALSE ORDER BY due_at, id LIMIT $2`
	sqlDutiesDone = `SELECT ` + dutyColumns + ` FROM duty WHERE workspace_id = $1 AND done = TRUE AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlDutyLast   = `SELECT ` + dutyColumns + ` FROM duty WHERE workspace_id = $1 AND kind = $2 AND done = TRUE ORDER BY done_at DESC, id DESC LIMIT 1`
	sqlDutiesNext = `SELECT ` + dutyColumns + ` FROM duty WHERE workspace_id = $1 AND next_at > 0 AND next_at <= $2 ORDER BY next_at, id LIMIT $3`
	sqlDutyStands = `SELECT ` + dutyColumns + ` FROM duty WHERE workspace_id = $1 AND kind = $2 AND standing = TRUE AND done = FALSE`
	sqlMoveDuty   = `UPDATE duty SET due_at = $3, next_at = $4 WHERE workspace_id = $1 AND id = $2 AND done = FALSE`
	sqlSignDuty   = `UPDATE duty SET done = TRUE, body = $3, hash = $4, basis = $5, next_at = 0, done_by = $6, done_at = $7 WHERE workspace_id = $1 AND id = $2 AND done = FALSE`
	sqlDropDuty   = `DELETE FROM duty WHERE workspace_id = $1 AND id = $2 AND done = FALSE`
	sqlOldDuties  = `DELETE FROM duty WHERE workspace_id = $1 AND done = TRUE AND done_at <= $2`
)

func (r *Rx) scanDuty(s scanner) (d Duty, err error) {
	var kind string
	var sealed []byte
	var due, next, when, done int64
	if err := s.Scan(&d.ID, &kind, &d.Standing, &d.Done, &sealed, &d.Member, &d.Hash, &d.Basis, &d.Every, &due, &next, &d.OpenedBy, &when, &d.DoneBy, &done); err != nil {
		return d, err
	}
	d.Kind, d.Due, d.Next, d.At, d.DoneAt = desk.DutyKind(kind), at(due), at(next), at(when), at(done)
	clear, err := r.open("duty", "body", d.ID, sealed)
	if err != nil {
		return d, err
	}
	var b dutyBody
	err = json.Unmarshal(clear, &b)
	d.Title, d.Person, d.Note, d.Document, d.Lines = b.Title, b.Person, b.Note, b.Document, b.Lines
	return d, err
}

func (t *Tx) sealDuty(d Duty) ([]byte, error) {
	return t.seal(t.workspaceKey(), "duty", "body", d.ID, toJSON(dutyBody{d.Title, d.Person, d.Note, d.Document, d.Lines}))
}

// AddDuty keeps a new open one with its first reminder; its id is made. There is
// one standing one of a kind: where it is there already nothing is added, and made
// is false.
func (t *Tx) AddDuty(d *Duty) (made bool, err error) {
	d.ID, d.At, d.Next = t.NewID(), t.now, desk.NextReminder(d.Due, t.now)
	body, err := t.sealDuty(*d)
	if err != nil {
		return false, err
	}
	n, err := t.exec(sqlInsertDuty, int64(t.ws), int64(d.ID), string(d.Kind), d.Standing, body, int64(d.Member), []byte{}, d.Every, us(d.Due), us(d.Next), int64(d.OpenedBy), us(d.At))
	return n == 1, err
}

// Duty returns one; desk.NotFound "duty_not_found".
func (r *Rx) Duty(id desk.ID) (Duty, error) {
	d, err := r.scanDuty(r.row(sqlDuty, int64(r.ws), int64(id)))
	return d, found("duty", err)
}

// LockDuty is Duty, held until the transaction ends.
func (t *Tx) LockDuty(id desk.ID) (Duty, error) {
	d, err := t.scanDuty(t.row(sqlDutyLocked, int64(t.ws), int64(id)))
	return d, found("duty", err)
}

// OpenDuties lists those that are open, the most urgent first.
func (r *Rx) OpenDuties(limit int) ([]Duty, error) {
	return r.duties(sqlDutiesOpen, int64(r.ws), limit)
}

// DoneDuties pages through those that are done, newest first; before 0 starts at
// the top.
func (r *Rx) DoneDuties(before desk.ID, limit int) ([]Duty, error) {
	if before == 0 {
		before = maxID
	}
	return r.duties(sqlDutiesDone, int64(r.ws), int64(before), limit)
}

// DutiesToRemind lists those whose reminder's time has come.
func (r *Rx) DutiesToRemind(limit int) ([]Duty, error) {
	return r.duties(sqlDutiesNext, int64(r.ws), us(r.db.clk.Now()), limit)
}

// StandingDuty returns the open one of a kind that the program opened.
func (r *Rx) StandingDuty(k desk.DutyKind) (Duty, error) {
	d, err := r.scanDuty(r.row(sqlDutyStands, int64(r.ws), string(k)))
	return d, found("duty", err)
}

// LastDuty returns the one of a kind that was signed last.
func (r *Rx) LastDuty(k desk.DutyKind) (Duty, error) {
	d, err := r.scanDuty(r.row(sqlDutyLast, int64(r.ws), string(k)))
	return d, found("duty", err)
}

func (r *Rx) duties(query string, args ...any) ([]Duty, error) {
	all := []Duty{}
	err := r.each(query, args, func(s scanner) error {
		d, err := r.scanDuty(s)
		all = append(all, d)
		return err
	})
	return all, err
}

// MoveDuty sets by when an open one is due and when its next reminder goes.
func (t *Tx) MoveDuty(d Duty) error {
	return t.must("duty", sqlMoveDuty, int64(t.ws), int64(d.ID), us(d.Due), us(d.Next))
}

// SignDuty ends an open one: what was decided, on which document and by whom.
func (t *Tx) SignDuty(d *Duty) error {
	d.Done, d.DoneAt, d.Next = true, t.now, time.Time{}
	body, err := t.sealDuty(*d)
	if err != nil {
		return err
	}
	return t.must("duty", sqlSignDuty, int64(t.ws), int64(d.ID), body, d.Hash, d.Basis, int64(d.DoneBy), us(d.DoneAt))
}

// DropDuty takes an open one back.
func (t *Tx) DropDuty(id desk.ID) error { return t.must("duty", sqlDropDuty, int64(t.ws), int64(id)) }

// DropOldDuties forgets what was done five years ago.
func (t *Tx) DropOldDuties() (int64, error) {
	return t.exec(sqlOldDuties, int64(t.ws), us(t.now.Add(-DutyTerm)))
}
