package store

import (
	"time"

	"parley/internal/vault"
)

const (
	sqlOldestVisit   = `SELECT coalesce(min(seen_at), 0) FROM widget_session WHERE workspace_id = $1 AND emptied = FALSE`
	sqlOldestAILog   = `SELECT coalesce(min(day), 0) FROM ai_log WHERE workspace_id = $1`
	sqlOldestLetter  = `SELECT coalesce(min(created_at), 0) FROM letter WHERE workspace_id = $1`
	sqlOldestFault   = `SELECT coalesce(min(day), 0) FROM fault_event WHERE workspace_id = $1`
	sqlOldestTry     = `SELECT coalesce(min(at), 0) FROM security_event WHERE workspace_id = $1`
	sqlOldestSource  = `SELECT coalesce(min(at), 0) FROM security_event WHERE workspace_id = $1 AND (network IS NOT NULL OR account IS NOT NULL)`
	sqlOldestUse     = `SELECT coalesce(min(day), 0) FROM usage_count WHERE workspace_id = $1 AND actor_kind <> 'nobody'`
	sqlOldestArrival = `SELECT coalesce(min(hour), 0) FROM arrival WHERE workspace_id = $1`
)

// Age is how old the oldest row is of those that end by a term.
type Age struct {
	Kind   string // what ends: visits, ai_logs, letters, errors, tries, addresses, use, arrivals
	Term   time.Duration
	Oldest time.Time // end of the day or hour where no more is known; zero = there is none
}

// Ages tells of everything in the workspace, or of the install itself, that ends
// by a term. Terms are the workspace's own where it has shorter ones.
func (r *Rx) Ages() (all []Age, err error) {
	moment := func(n int64) time.Time { return at(n) }
	day := func(n int64) time.Time { return vault.DayStart(n + 1) }
	for _, one := range []struct {
		kind, query string
		rule        string // that a workspace may shorten; "" = none
		term        time.Duration
		read        func(int64) time.Time
	}{
		{"visits", sqlOldestVisit, RetainVisits, VisitTerm, moment},
		{"ai_logs", sqlOldestAILog, RetainAILogs, AILogTerm, day},
		{"letters", sqlOldestLetter, RetainLetters, LetterTerm, moment},
		{"errors", sqlOldestFault, "", FaultTerm, day},
		{"tries", sqlOldestTry, "", SecurityTerm, moment},
		{"addresses", sqlOldestSource, "", SourceTerm, moment},
		{"use", sqlOldestUse, "", UsageMonths * 31 * 24 * time.Hour, day},
		{"arrivals", sqlOldestArrival, "", ArrivalTerm, func(n int64) time.Time { return vault.HourStart(n + 1) }},
	} {
		var n int64
		if err := r.row(one.query, int64(r.ws)).Scan(&n); err != nil {
			return nil, err
		}
		a := Age{Kind: one.kind, Term: one.term}
		if one.rule != "" {
			if a.Term, err = r.Term(one.rule, one.term); err != nil {
				return nil, err
			}
		}
		if n != 0 {
			a.Oldest = one.read(n)
		}
		all = append(all, a)
	}
	return all, nil
}

// LiveColumns lists every column that the database has as it stands, as
// table.column. The notes of the schema itself are no data and are left out.
func (r *Rx) LiveColumns() (all []string, err error) {
	tables, err := tablesOf(r, r.db.engine)
	for _, t := range tables {
		if t.name == versionTable {
			continue
		}
		for _, c := range t.columns {
			all = append(all, t.name+"."+c.name)
		}
	}
	return all, err
}
