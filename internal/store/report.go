package store

import (
	"time"

	"parley/internal/desk"
)

// AIReportTerm is how long reports of answers are kept.
const AIReportTerm = 365 * 24 * time.Hour

// AIReport is what somebody says is wrong with an answer of the AI.
type AIReport struct {
	ID, Case                       desk.ID
	Contact, Conversation, Message desk.ID
	Run                            desk.ID
	Reason                         string // wrong, biased, harmful, other
	ByKind                         string // member, key or contact
	By                             desk.ID
	Note                           string
	Outcome                        string // corrected, rejected; "" while it is open
	At                             time.Time
}

const (
	reportColumns   = `id, case_id, contact_id, conversation_id, message_id, run_id, reason, by_kind, by_id, note, outcome, at`
	sqlInsertReport = `INSERT INTO ai_report (workspace_id, ` + reportColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12)`
	sqlReportBy     = `SELECT ` + reportColumns + ` FROM ai_report WHERE workspace_id = $1 AND message_id = $2 AND by_kind = $3 AND by_id = $4`
	sqlReportOf     = `SELECT ` + reportColumns + ` FROM ai_report WHERE workspace_id = $1 AND case_id = $2`
	sqlReportEnds   = `UPDATE ai_report SET outcome = $3 WHERE workspace_id = $1 AND case_id = $2`
	sqlReportVoid   = `UPDATE ai_run SET reported = '' WHERE workspace_id = $1 AND id IN (SELECT run_id FROM ai_report WHERE workspace_id = $1 AND case_id = $2)`
	sqlReportCount  = `SELECT reason, count(*) FROM ai_report WHERE workspace_id = $1 AND at >= $2 GROUP BY reason ORDER BY reason`
	sqlOldReports   = `DELETE FROM ai_report WHERE workspace_id = $1 AND id IN (SELECT id FROM ai_report WHERE workspace_id = $1 AND at <= $2 ORDER BY at LIMIT $3)`
	sqlEraseReports = `DELETE FROM ai_report WHERE workspace_id = $1 AND conversation_id = $2`
	sqlCaseLocked   = sqlCaseByID + forUpdate
)

// InsertReport keeps a report; r.ID is made.
func (t *Tx) InsertReport(r *AIReport) error {
	r.ID, r.At = t.NewID(), t.now
	var note []byte
	if r.Note != "" {
		var err error
		if note, err = t.seal(t.subject(r.Contact), "ai_report", "note", r.ID, []byte(r.Note)); err != nil {
			return err
		}
	}
	_, err := t.exec(sqlInsertReport, int64(t.ws), int64(r.ID), int64(r.Case), int64(r.Contact), int64(r.Conversation), int64(r.Message),
		int64(r.Run), r.Reason, r.ByKind, int64(r.By), note, us(t.now))
	if err != nil || r.Run == 0 {
		return err
	}
	return t.NoteReported(r.Run, r.Reason) // it counts as wrong
}

// ReportBy returns what somebody reported of a message before.
func (r *Rx) ReportBy(message desk.ID, kind string, by desk.ID) (AIReport, error) {
	return r.scanReport(r.row(sqlReportBy, int64(r.ws), int64(message), kind, int64(by)))
}

// ReportOf returns the report of a case; desk.NotFound once its contact is
// erased or its term is over.
func (r *Rx) ReportOf(id desk.ID) (AIReport, error) {
	return r.scanReport(r.row(sqlReportOf, int64(r.ws), int64(id)))
}

func (r *Rx) scanReport(s scanner) (AIReport, error) {
	var o AIReport
	var note []byte
	var when int64
	err := s.Scan(&o.ID, &o.Case, &o.Contact, &o.Conversation, &o.Message, &o.Run, &o.Reason, &o.ByKind, &o.By, &note, &o.Outcome, &when)
	if err != nil {
		return o, found("report", err)
	}
	o.At = at(when)
	words, err := r.soft("ai_report", "note", o.ID, note)
	o.Note = string(words)
	return o, err
}

// CloseReport ends a case about an answer with its report, if that is there
// still.
func (t *Tx) CloseReport(id desk.ID, outcome string) error {
	if _, err := t.exec(sqlReportEnds, int64(t.ws), int64(id), outcome); err != nil {
		return err
	}
	if outcome == "rejected" { // it was right after all
		if _, err := t.exec(sqlReportVoid, int64(t.ws), int64(id)); err != nil {
			return err
		}
	}
	return t.EndCase(id)
}

// LockCase returns a case and keeps it locked until the commit.
func (t *Tx) LockCase(id desk.ID) (Case, error) {
	return t.scanCase(t.row(sqlCaseLocked, int64(t.ws), int64(id)))
}

// ReportCounts counts reports since a time by their reason.
func (r *Rx) ReportCounts(since time.Time) (map[string]int, error) {
	all := map[string]int{}
	err := r.each(sqlReportCount, []any{int64(r.ws), us(since)}, func(s scanner) error {
		var reason string
		var n int
		err := s.Scan(&reason, &n)
		all[reason] = n
		return err
	})
	return all, err
}

// DropOldReports removes up to limit reports past their term.
func (t *Tx) DropOldReports(limit int) (int64, error) {
	term, err := t.Term(RetainReports, AIReportTerm)
	if err != nil {
		return 0, err
	}
	return t.exec(sqlOldReports, int64(t.ws), us(t.now.Add(-term)), limit)
}
