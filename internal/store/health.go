package store

import (
	"time"

	"parley/internal/desk"
)

// KnowledgeHealth counts what of a workspace's knowledge is well and what waits
// for a person.
type KnowledgeHealth struct {
	Sources  map[SourceState]int
	Passages int
	Held     map[desk.ID]int // passages that wait for review, by source
	Gaps     int             // open ones
	Findings map[string]int  // open ones, by kind
	Alarms   int             // tests of the AI that fail, and 1 more while the last probe says that it matters who asks
}

const (
	sqlSourceStates = `SELECT state, COUNT(*), COALESCE(SUM(passages), 0) FROM source WHERE workspace_id = $1 GROUP BY state`
	sqlHeldBack     = `SELECT source_id, COUNT(*) FROM passage WHERE workspace_id = $1 AND suspect <> '' AND cleared = FALSE AND hidden = FALSE GROUP BY source_id`
	sqlCrawls       = `SELECT ` + crawlColumns + ` FROM source_crawl WHERE workspace_id = $1`
	sqlOpenGaps     = `SELECT COUNT(*) FROM gap WHERE workspace_id = $1 AND state = 'open' AND questions > 0`
	sqlAlarms       = `SELECT (SELECT COUNT(*) FROM lab_test WHERE workspace_id = $1 AND verdict = 'failed')
		+ (SELECT COUNT(*) FROM bias_probe WHERE workspace_id = $1 AND alarm = TRUE AND id = (SELECT MAX(id) FROM bias_probe WHERE workspace_id = $1))`
	sqlOpenFindings = `SELECT kind, COUNT(*) FROM finding WHERE workspace_id = $1 AND dismissed = FALSE GROUP BY kind`
)

// Held counts the passages that wait for review, by source; sources without any
// are left out.
func (r *Rx) Held() (map[desk.ID]int, error) {
	held := map[desk.ID]int{}
	err := r.each(sqlHeldBack, []any{int64(r.ws)}, func(s scanner) error {
		var id desk.ID
		var n int
		err := s.Scan(&id, &n)
		held[id] = n
		return err
	})
	return held, err
}

// KnowledgeHealth counts sources, passages, gaps and findings.
func (r *Rx) KnowledgeHealth() (h KnowledgeHealth, err error) {
	h.Sources, h.Findings = map[SourceState]int{}, map[string]int{}
	err = r.each(sqlSourceStates, []any{int64(r.ws)}, func(s scanner) error {
		var state string
		var n, passages int
		err := s.Scan(&state, &n, &passages)
		h.Sources[SourceState(state)] = n
		h.Passages += passages
		return err
	})
	if err != nil {
		return h, err
	}
	if h.Held, err = r.Held(); err != nil {
		return h, err
	}
	err = r.each(sqlOpenFindings, []any{int64(r.ws)}, func(s scanner) error {
		var kind string
		var n int
		err := s.Scan(&kind, &n)
		h.Findings[kind] = n
		return err
	})
	if err != nil {
		return h, err
	}
	if err := r.row(sqlAlarms, int64(r.ws)).Scan(&h.Alarms); err != nil {
		return h, err
	}
	return h, r.row(sqlOpenGaps, int64(r.ws)).Scan(&h.Gaps)
}

// Dismissal says who found a finding all right, and when.
type Dismissal struct {
	By desk.Actor // its id and kind
	At time.Time  // zero: nobody did
}

// Crawls lists how the sources of web pages are read.
func (r *Rx) Crawls() (all []Crawl, err error) {
	err = r.each(sqlCrawls, []any{int64(r.ws)}, func(s scanner) error {
		c, err := r.scanCrawl(s)
		all = append(all, c)
		return err
	})
	return all, err
}
