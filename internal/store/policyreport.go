package store

import "time"

// PolicyTerm is how long a report of a browser is kept after it came last.
const PolicyTerm = 90 * 24 * time.Hour

// maxPolicies bounds the kinds of reports: anybody may send one.
const maxPolicies = 500

const (
	sqlSeePolicy = `UPDATE policy_report SET seen = seen + 1, last_at = $5 WHERE workspace_id = $1 AND directive = $2 AND blocked = $3 AND page = $4`
	sqlNewPolicy = `INSERT INTO policy_report (workspace_id, directive, blocked, page, seen, first_at, last_at) VALUES ($1, $2, $3, $4, 1, $5, $5)
		ON CONFLICT (workspace_id, directive, blocked, page) DO NOTHING`
	sqlCountPolicies = `SELECT count(*) FROM policy_report WHERE workspace_id = $1`
	sqlPolicies      = `SELECT directive, blocked, page, seen, first_at, last_at FROM policy_report WHERE workspace_id = $1 ORDER BY last_at DESC, directive, blocked, page LIMIT $2`
	sqlOldPolicies   = `DELETE FROM policy_report WHERE workspace_id = $1 AND last_at <= $2`
)

// PolicyReport counts what browsers refused to load, by what and where.
type PolicyReport struct {
	Directive, Blocked, Page string
	Seen                     int64
	FirstAt, LastAt          time.Time
}

// CountPolicy adds one report. When there are many kinds already a new one is
// not kept.
func (t *Tx) CountPolicy(p PolicyReport) error {
	args := []any{int64(t.ws), p.Directive, p.Blocked, p.Page, us(t.Now())}
	n, err := t.exec(sqlSeePolicy, args...)
	if err != nil || n > 0 {
		return err
	}
	var kinds int
	if err := t.row(sqlCountPolicies, int64(t.ws)).Scan(&kinds); err != nil || kinds >= maxPolicies {
		return err
	}
	_, err = t.exec(sqlNewPolicy, args...)
	return err
}

// Policies lists what browsers refused, the latest first.
func (r *Rx) Policies(limit int) ([]PolicyReport, error) {
	all := []PolicyReport{}
	err := r.each(sqlPolicies, []any{int64(r.ws), limit}, func(s scanner) error {
		var p PolicyReport
		var first, last int64
		err := s.Scan(&p.Directive, &p.Blocked, &p.Page, &p.Seen, &first, &last)
		p.FirstAt, p.LastAt = at(first), at(last)
		all = append(all, p)
		return err
	})
	return all, err
}

// DropOldPolicies ends reports at their term and says how many.
func (t *Tx) DropOldPolicies() (int64, error) {
	return t.exec(sqlOldPolicies, int64(t.ws), us(t.Now().Add(-PolicyTerm)))
}
