package store

import (
	"time"

	"parley/internal/vault"
)

// Terms of what others end: the events of a workspace, its audit log, and what
// was asked of it.
const (
	EventTerm       = 7 * 24 * time.Hour
	AuditMonths     = 24
	CaseTerm        = 3 * 365 * 24 * time.Hour // since it was closed
	QuestionTerm    = 365 * 24 * time.Hour     // of one about the product
	CertificateTerm = 3 * 365 * 24 * time.Hour
)

// Age is how old the oldest row is of those that end by a term.
type Age struct {
	Kind   string // what ends: its table, or a part of it
	Term   time.Duration
	Oldest time.Time // end of the day or hour where no more is known; zero = there is none
}

// aged says how old the rows of a table become: the smallest value of a column of
// those rows that are to end, and how it is read.
type aged struct {
	kind, column string
	where        string // "" = every row
	rule         string // that a workspace may shorten; "" = none
	term         time.Duration
	read         func(int64) time.Time
}

func ageDay(n int64) time.Time  { return vault.DayStart(n + 1) }
func ageHour(n int64) time.Time { return vault.HourStart(n + 1) }

// ages lists every table whose rows end by a term. What ends at a moment of its
// own has the term 0 since then.
func ages() []aged {
	const month = 31 * 24 * time.Hour
	return []aged{
		{"arrival", "hour", "", "", ArrivalTerm, ageHour}, {"event", "at", "", "", EventTerm, at},
		{"widget_session", "seen_at", "emptied = FALSE", RetainVisits, VisitTerm, at},
		{"ai_log", "day", "", RetainAILogs, AILogTerm, ageDay}, {"lab_result", "day", "", RetainAILogs, AILogTerm, ageDay},
		{"ai_report", "at", "", RetainReports, AIReportTerm, at}, {"lab_run", "at", "state <> 'running'", "", LabRunTerm, at},
		{"bias_probe", "at", "", "", ProbeTerm, at}, {"ai_tally", "day", "", "", TallyDays * 24 * time.Hour, ageDay},
		{"dropped_message", "at", "", "", DroppedTerm, at}, {"person_copy", "ends_at", "", "", 0, at}, {"own_visit", "ends_at", "", "", 0, at},
		{"attempt", "since_at", "", "", AttemptTerm, at}, {"legal_hold", "released_at", "released_at > 0", "", HoldTerm, at},
		{"disclosure", "last_at", "last_at > 0", "", DemandTerm, at}, {"demand", "ended_at", "ended_at > 0", "", DemandTerm, at},
		{"privacy_case", "done_at", "done_at > 0 AND kind NOT IN ('support', 'contact')", "", CaseTerm, at},
		{"question", "done_at", "done_at > 0 AND kind IN ('support', 'contact')", "", QuestionTerm, at},
		{"incident", "closed_at", "closed_at > 0", "", IncidentTerm, at}, {"incident_notice", "at", "", "", IncidentTerm, at},
		{"duty", "done_at", "done = TRUE", "", DutyTerm, at}, {"audit_entry", "at", "", "", AuditMonths * month, at},
		{"certificate", "done_at", "done_at > 0", "", CertificateTerm, at}, {"workspace_end", "ended_at", "ended_at > 0", "", CertificateTerm, at},

		{"member_session", "expires_at", "", "", 0, at}, {"spent_challenge", "ends_at", "", "", 0, at}, {"connect_offer", "expires_at", "", "", 0, at},
		{"reset_ask", "created_at", "", "", AskTerm, at}, {"outside_trip", "created_at", "", "", TripTerm, at},
		{"member_device", "seen_at", "", "", DeviceTerm, at}, {"letter", "created_at", "", RetainLetters, LetterTerm, at},
		{"news", "created_at", "", "", LetterTerm, at}, {"operator_letter", "created_at", "", "", LetterTerm, at},
		{"consent", "touched_at", "withdrawn_at > 0", "", ConsentTerm, at}, {"usage_count", "day", "actor_kind <> 'nobody'", "", UsageMonths * month, ageDay},
		{"security_event", "at", "", "", SecurityTerm, at}, {"address", "at", "(network IS NOT NULL OR account IS NOT NULL)", "", SourceTerm, at},
		{"key_network", "seen_at", "", "", SourceTerm, at}, {"alert", "last_at", "", "", SecurityTerm, at},
		{"fault_event", "day", "", "", FaultTerm, ageDay}, {"fault", "last_at", "", "", FaultTerm, at}, {"policy_report", "last_at", "", "", PolicyTerm, at},
	}
}

// query asks for the oldest of them. Names are those of this file alone.
func (a aged) query() string {
	table := a.kind
	switch a.kind {
	case "question":
		table = "privacy_case"
	case "address":
		table = "security_event"
	}
	q := `SELECT coalesce(min(` + a.column + `), 0) FROM ` + table + ` WHERE workspace_id = $1`
	if a.where != "" {
		q += ` AND ` + a.where
	}
	return q
}

// Ages tells of everything in the workspace, or of the install itself, that ends
// by a term. Terms are the workspace's own where it has shorter ones.
func (r *Rx) Ages() (all []Age, err error) {
	for _, one := range ages() {
		var n int64
		if err := r.row(one.query(), int64(r.ws)).Scan(&n); err != nil {
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
