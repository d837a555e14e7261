package store

import (
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

// Rules whose terms a workspace may shorten.
const (
	RetainConversations = "conversations" // as long as the workspace, unless it says otherwise
	RetainVisits        = "visits"
	RetainAILogs        = "ai_logs"
	RetainReports       = "ai_reports"
	RetainLetters       = "letters"
)

const (
	sqlTerms     = `SELECT rule, days FROM retention WHERE workspace_id = $1 ORDER BY rule`
	sqlTerm      = `SELECT days FROM retention WHERE workspace_id = $1 AND rule = $2`
	sqlSetTerm   = `INSERT INTO retention (workspace_id, rule, days, at) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, rule) DO UPDATE SET days = $3, at = $4`
	sqlDropTerm  = `DELETE FROM retention WHERE workspace_id = $1 AND rule = $2`
	sqlTalksOver = `SELECT ` + conversationColumns + ` FROM conversation WHERE workspace_id = $1 AND last_at > 0 AND last_at <= $2
		AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.workspace_id = $1 AND h.contact_id = conversation.contact_id AND h.released_at = 0) ORDER BY last_at, id LIMIT $3`
	sqlCountTalks = `SELECT count(*) FROM conversation WHERE workspace_id = $1 AND last_at > 0 AND last_at <= $2
		AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.workspace_id = $1 AND h.contact_id = conversation.contact_id AND h.released_at = 0)`
	sqlCountVisits  = `SELECT count(*) FROM widget_session WHERE workspace_id = $1 AND emptied = FALSE AND seen_at <= $2`
	sqlCountAILogs  = `SELECT count(*) FROM ai_log WHERE workspace_id = $1 AND day <= $2`
	sqlCountReports = `SELECT count(*) FROM ai_report WHERE workspace_id = $1 AND at <= $2`
	sqlCountLetters = `SELECT count(*) FROM letter WHERE workspace_id = $1 AND created_at <= $2`
)

// Terms are the days that the workspace keeps something for, by rule; what is
// absent has the table's.
func (r *Rx) Terms() (map[string]int, error) {
	all := map[string]int{}
	err := r.each(sqlTerms, []any{int64(r.ws)}, func(s scanner) error {
		var rule string
		var days int
		err := s.Scan(&rule, &days)
		all[rule] = days
		return err
	})
	return all, err
}

// SetTerm sets the days of a rule; 0 goes back to the table.
func (t *Tx) SetTerm(rule string, days int) error {
	if days == 0 {
		_, err := t.exec(sqlDropTerm, int64(t.ws), rule)
		return err
	}
	_, err := t.exec(sqlSetTerm, int64(t.ws), rule, int64(days), us(t.now))
	return err
}

// Term is how long the workspace keeps what a rule names: its own days, or the
// table's where it set none or the table has less. 0 = without end.
func (r *Rx) Term(rule string, table time.Duration) (time.Duration, error) {
	var days int64
	err := mayBeAbsent(r.row(sqlTerm, int64(r.ws), rule).Scan(&days))
	own := time.Duration(days) * 24 * time.Hour
	if own == 0 || table > 0 && table < own {
		own = table
	}
	return own, err
}

// CountOver counts what a rule would end that is as old as a time.
func (r *Rx) CountOver(rule string, by time.Time) (n int64, err error) {
	query, arg := "", us(by)
	switch rule {
	case RetainConversations:
		query = sqlCountTalks
	case RetainVisits:
		query = sqlCountVisits
	case RetainAILogs:
		query, arg = sqlCountAILogs, vault.Day(by)
	case RetainReports:
		query = sqlCountReports
	case RetainLetters:
		query = sqlCountLetters
	default:
		return 0, missing("rule")
	}
	err = r.row(query, int64(r.ws), arg).Scan(&n)
	return n, err
}

// TalksOver lists conversations whose last message is as old as a time, oldest
// first, without those of people under a legal hold.
func (r *Rx) TalksOver(by time.Time, limit int) ([]Row, error) {
	return r.conversations(sqlTalksOver, int64(r.ws), us(by), limit)
}

// EraseTalkStep deletes up to a step of one conversation; done says that it is
// gone. The contact stays.
func (t *Tx) EraseTalkStep(conversation desk.ID) (done bool, err error) {
	row, err := t.LockConversation(conversation)
	if desk.IsNotFound(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	t.Emit(desk.Event{Kind: desk.ContactChanged, Object: row.Contact})
	if _, err := t.dropMessages(conversation); err != nil {
		return false, err
	}
	return false, t.eraseThread(int64(conversation))
}

// DropOldLab deletes up to limit results of days that are over, and as many old
// comparisons; it answers the greater number. Probes, one a night at most, go with
// them.
func (t *Tx) DropOldLab(limit int) (int64, error) {
	if _, err := t.exec(sqlDropProbes, int64(t.ws), us(t.now.Add(-ProbeTerm))); err != nil {
		return 0, err
	}
	runs, err := t.exec(sqlDropLabRuns, int64(t.ws), us(t.now.Add(-LabRunTerm)), limit)
	if err != nil {
		return 0, err
	}
	term, err := t.Term(RetainAILogs, AILogTerm)
	if err != nil {
		return 0, err
	}
	results, err := t.exec(sqlOldLabResults, int64(t.ws), vault.Day(t.now.Add(-term)), limit)
	return max(runs, results), err
}
