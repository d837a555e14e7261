package store

import (
	"encoding/json"
	"time"

	"parley/internal/desk"
)

// CaseState says how far a case is.
type CaseState = desk.CaseState

// States of a case that a machine carries out.
const (
	CaseReceived = desk.CaseReceived
	CaseWorking  = desk.CaseWorking
	CaseDone     = desk.CaseDone
)

// Case is what somebody asked about their data. It is known by a secret code,
// of which only the hash is here.
type Case struct {
	ID      desk.ID
	Kind    string
	State   CaseState
	Subject string // the provider's id of who asked; "" once it is done
	AskedAt time.Time
	Opened  time.Time
	Due     time.Time
	Done    time.Time      // zero = not yet
	Outcome map[string]int // what was matched or carried out, by name

	// Of what people ask, see AddPersonCase.
	Door         string
	Law, Locale  string
	Contact      desk.ID // whom it is about, 0 = not known, or erased since
	Conversation desk.ID // in which it was asked
	Assignee     desk.ID
	Proof        string // how the person was proved, or is to be
	ProofHash    []byte // of what proves it
	Agent        bool
	AgentChecked bool
	Extended     time.Time
	Decided      time.Time
	DecidedBy    desk.ID
	Decision     string
	Reason       string
	AppealOf     desk.ID
	Next         time.Time // when the clock acts or warns; zero = never
	Warned       int       // days before the end at which somebody was warned last
	Erased       bool      // the person was erased since it was opened
}

const caseColumns = `id, kind, state, subject, asked_at, opened_at, due_at, done_at, outcome, door, law, locale, contact_id, conversation_id, assignee_id, proof,
	proof_hash, agent, agent_checked, extended_at, decided_at, decided_by, decision, reason, appeal_of, next_at, warned, erased`

const (
	sqlAddCase = `INSERT INTO privacy_case (workspace_id, id, kind, state, code_hash, subject, asked_at, opened_at, due_at, done_at, outcome)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '{}') ON CONFLICT (workspace_id, code_hash) DO NOTHING`
	sqlCase        = `SELECT ` + caseColumns + ` FROM privacy_case WHERE workspace_id = $1`
	sqlCaseByID    = sqlCase + ` AND id = $2`
	sqlCaseByCode  = sqlCase + ` AND code_hash = $2`
	sqlCaseWorking = `UPDATE privacy_case SET state = $3, outcome = $4 WHERE workspace_id = $1 AND id = $2`
	sqlCaseDone    = `UPDATE privacy_case SET state = $3, done_at = $4, subject = NULL WHERE workspace_id = $1 AND id = $2`
	sqlNoteCase    = `INSERT INTO privacy_case (workspace_id, id, kind, state, code_hash, subject, asked_at, opened_at, due_at, done_at, outcome)
		VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, $8, 0, $9) ON CONFLICT (workspace_id, code_hash) DO NOTHING`
	sqlCaseOver = `UPDATE privacy_case SET state = $3, done_at = $4 WHERE workspace_id = $1 AND code_hash = $2 AND done_at = 0`
	sqlCases    = sqlCase + ` AND id < $2 AND ($4 = '' OR kind = $4) AND ($5 = '' OR kind <> $5)
		AND ($6 = '' OR state = $6 OR $6 = 'waiting' AND state IN ('received', 'proving', 'open', 'working')) AND ($7 = 0 OR assignee_id = $7)
		ORDER BY id DESC LIMIT $3`
	sqlDropCases = `DELETE FROM privacy_case WHERE workspace_id = $1 AND done_at > 0 AND done_at <= $2 AND door = 'provider'`
	sqlKnownAs   = `SELECT DISTINCT contact_id FROM identity WHERE workspace_id = $1 AND kind = $2 AND hash = $3
		AND account_id IN (SELECT id FROM channel_account WHERE workspace_id = $1)`
)

// AddCase opens a case under the hash of its code; added is false when it is
// there already, whatever became of it since.
func (t *Tx) AddCase(code []byte, c Case) (added bool, err error) {
	subject, err := t.seal(t.workspaceKey(), "privacy_case", "subject", c.ID, []byte(c.Subject))
	if err != nil {
		return false, err
	}
	n, err := t.exec(sqlAddCase, int64(t.ws), int64(c.ID), c.Kind, string(CaseReceived), code, subject, us(c.AskedAt), us(t.now), us(c.Due))
	return n == 1, err
}

// Case returns a case.
func (r *Rx) Case(id desk.ID) (Case, error) {
	return r.scanCase(r.row(sqlCaseByID, int64(r.ws), int64(id)))
}

// CaseByCode finds a case by the hash of its code.
func (r *Rx) CaseByCode(code []byte) (Case, error) {
	return r.scanCase(r.row(sqlCaseByCode, int64(r.ws), code))
}

func (r *Rx) scanCase(row scanner) (Case, error) {
	var c Case
	var sealed []byte
	var state, outcome string
	var asked, opened, due, done int64
	var extended, decided, next int64
	if err := row.Scan(&c.ID, &c.Kind, &state, &sealed, &asked, &opened, &due, &done, &outcome, &c.Door, &c.Law, &c.Locale, &c.Contact, &c.Conversation, &c.Assignee,
		&c.Proof, &c.ProofHash, &c.Agent, &c.AgentChecked, &extended, &decided, &c.DecidedBy, &c.Decision, &c.Reason, &c.AppealOf, &next, &c.Warned, &c.Erased); err != nil {
		return c, found("case", err)
	}
	c.State, c.AskedAt, c.Opened, c.Due, c.Done = CaseState(state), at(asked), at(opened), at(due), at(done)
	c.Extended, c.Decided, c.Next = at(extended), at(decided), at(next)
	if err := json.Unmarshal([]byte(outcome), &c.Outcome); err != nil {
		return c, err
	}
	subject, err := r.open("privacy_case", "subject", c.ID, sealed)
	c.Subject = string(subject)
	return c, err
}

// NoteCase tells a workspace of a case of the whole install that touches it, with
// what it matches there; name is the case's in this workspace, and a repeat
// changes nothing.
func (t *Tx) NoteCase(name []byte, c Case) error {
	_, err := t.exec(sqlNoteCase, int64(t.ws), int64(t.NewID()), c.Kind, string(CaseWorking), name, us(c.AskedAt), us(c.Opened), us(c.Due), string(toJSON(c.Outcome)))
	return err
}

// CaseOver notes in a workspace that such a case is done, if it was told of it.
func (t *Tx) CaseOver(name []byte) error {
	_, err := t.exec(sqlCaseOver, int64(t.ws), name, string(CaseDone), us(t.now))
	return err
}

// CaseList is a part of a list of cases, newest first; Before 0 starts at the
// top. Of says a kind, Not a kind that is left out, State a state or "waiting"
// for all that wait for their answer, Assignee who works on them; empty = all.
type CaseList struct {
	Of, Not, State string
	Assignee       desk.ID
	Before         desk.ID
	Limit          int
}

// Cases pages through the workspace's cases.
func (r *Rx) Cases(l CaseList) ([]Case, error) {
	if l.Before == 0 {
		l.Before = maxID
	}
	return r.cases(sqlCases, int64(r.ws), int64(l.Before), l.Limit, l.Of, l.Not, l.State, int64(l.Assignee))
}

func (r *Rx) cases(query string, args ...any) ([]Case, error) {
	all := []Case{}
	err := r.each(query, args, func(s scanner) error {
		c, err := r.scanCase(s)
		all = append(all, c)
		return err
	})
	return all, err
}

// StartCase notes what a case matches before anything is done, so that what a
// crash interrupts is still counted whole.
func (t *Tx) StartCase(id desk.ID, matched map[string]int) error {
	return t.must("case", sqlCaseWorking, int64(t.ws), int64(id), string(CaseWorking), string(toJSON(matched)))
}

// EndCase notes that a case is done and forgets who asked.
func (t *Tx) EndCase(id desk.ID) error {
	return t.must("case", sqlCaseDone, int64(t.ws), int64(id), string(CaseDone), us(t.now))
}

// DropCases removes cases that were done at or before a time.
func (t *Tx) DropCases(doneBy time.Time) (int64, error) {
	return t.exec(sqlDropCases, int64(t.ws), us(doneBy))
}

// KnownAs lists the contacts that any channel account of the workspace knows by
// an outside id.
func (r *Rx) KnownAs(who desk.IdentityHint) ([]desk.ID, error) {
	hash, err := r.identityHash(who.Kind, who.Value)
	if err != nil {
		return nil, err
	}
	var all []desk.ID
	err = r.each(sqlKnownAs, []any{int64(r.ws), who.Kind, hash}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}
