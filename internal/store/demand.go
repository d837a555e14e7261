package store

import (
	"encoding/json"
	"strings"
	"time"

	"parley/internal/desk"
)

// DemandState says how far a demand of an authority is.
type DemandState string

// States of a demand.
const (
	DemandOpen     DemandState = "open"     // waits for two approvals
	DemandApproved DemandState = "approved" // may be handed over
	DemandHanded   DemandState = "handed"
	DemandRefused  DemandState = "refused"
)

// DemandTerm is how long demands and disclosures are kept after their end.
const DemandTerm = 3 * 365 * 24 * time.Hour

// Demand is what an authority demands of a business.
type Demand struct {
	ID                   desk.ID
	State                DemandState
	Authority, Reference string
	Basis                string   // the law that it names
	Said                 []string // why it was challenged or refused, oldest first
	Parts                []string // kinds of data: profile, messages, files
	From, Until          time.Time
	Due                  time.Time
	SilentUntil          time.Time // zero = its persons may be told
	OpenedBy             desk.ID
	First, Second        desk.ID // who approved
	At, Ended            time.Time
}

type demandBody struct {
	Authority string   `json:"authority"`
	Reference string   `json:"reference"`
	Basis     string   `json:"basis"`
	Said      []string `json:"said"`
}

const (
	demandColumns   = `id, state, body, parts, from_at, until_at, due_at, silent_until, opened_by, first_by, second_by, at, ended_at`
	sqlInsertDemand = `INSERT INTO demand (workspace_id, ` + demandColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11, 0)`
	sqlDemand       = `SELECT ` + demandColumns + ` FROM demand WHERE workspace_id = $1 AND id = $2`
	sqlDemandLocked = sqlDemand + forUpdate
	sqlDemands      = `SELECT ` + demandColumns + ` FROM demand WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlSaveDemand   = `UPDATE demand SET state = $3, body = $4, first_by = $5, second_by = $6, ended_at = $7 WHERE workspace_id = $1 AND id = $2`
	sqlOldDemands   = `DELETE FROM demand WHERE workspace_id = $1 AND ended_at > 0 AND ended_at <= $2`
)

func (r *Rx) scanDemand(s scanner) (d Demand, err error) {
	var state, parts string
	var sealed []byte
	var from, until, due, silent, when, ended int64
	if err := s.Scan(&d.ID, &state, &sealed, &parts, &from, &until, &due, &silent, &d.OpenedBy, &d.First, &d.Second, &when, &ended); err != nil {
		return d, err
	}
	d.State, d.Parts = DemandState(state), strings.Fields(parts)
	d.From, d.Until, d.Due, d.SilentUntil, d.At, d.Ended = at(from), at(until), at(due), at(silent), at(when), at(ended)
	clear, err := r.open("demand", "body", d.ID, sealed)
	if err != nil {
		return d, err
	}
	var b demandBody
	err = json.Unmarshal(clear, &b)
	d.Authority, d.Reference, d.Basis, d.Said = b.Authority, b.Reference, b.Basis, b.Said
	return d, err
}

func (t *Tx) sealDemand(d Demand) ([]byte, error) {
	return t.seal(t.workspaceKey(), "demand", "body", d.ID, toJSON(demandBody{d.Authority, d.Reference, d.Basis, d.Said}))
}

// AddDemand keeps a new demand, which is open; its id is made.
func (t *Tx) AddDemand(d *Demand) error {
	d.ID, d.State, d.At = t.NewID(), DemandOpen, t.now
	body, err := t.sealDemand(*d)
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertDemand, int64(t.ws), int64(d.ID), string(d.State), body, strings.Join(d.Parts, " "), us(d.From), us(d.Until), us(d.Due),
		us(d.SilentUntil), int64(d.OpenedBy), us(d.At))
	return err
}

// AuthorityDemand returns a demand; desk.NotFound "demand_not_found".
func (r *Rx) AuthorityDemand(id desk.ID) (Demand, error) {
	d, err := r.scanDemand(r.row(sqlDemand, int64(r.ws), int64(id)))
	return d, found("demand", err)
}

// AuthorityDemands pages through them, newest first; before 0 starts at the top.
func (r *Rx) AuthorityDemands(before desk.ID, limit int) ([]Demand, error) {
	if before == 0 {
		before = maxID
	}
	all := []Demand{}
	err := r.each(sqlDemands, []any{int64(r.ws), int64(before), limit}, func(s scanner) error {
		d, err := r.scanDemand(s)
		all = append(all, d)
		return err
	})
	return all, err
}

// ChangeDemand applies fn to the state, the approvals and what was said of a
// demand; what it is about never changes. An error of fn is answered and nothing
// is written.
func (t *Tx) ChangeDemand(id desk.ID, fn func(*Demand) error) (Demand, error) {
	d, err := t.scanDemand(t.row(sqlDemandLocked, int64(t.ws), int64(id)))
	if err != nil {
		return d, found("demand", err)
	}
	if err := fn(&d); err != nil {
		return d, err
	}
	body, err := t.sealDemand(d)
	if err != nil {
		return d, err
	}
	return d, t.must("demand", sqlSaveDemand, int64(t.ws), int64(id), string(d.State), body, int64(d.First), int64(d.Second), us(d.Ended))
}

// DropOldDemands forgets demands and disclosures three years after their end.
func (t *Tx) DropOldDemands() (int64, error) {
	n, err := t.exec(sqlOldDemands, int64(t.ws), us(t.now.Add(-DemandTerm)))
	if err != nil {
		return n, err
	}
	more, err := t.exec(sqlOldDisclosures, int64(t.ws), us(t.now.Add(-DemandTerm)))
	return n + more, err
}
