package store

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

// LabTest is a question that the AI is held to.
type LabTest struct {
	ID desk.ID
	desk.Question
	Verdict   string // passed, failed, "" = it never ran against what holds
	CheckedAt time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Verdicts of a test.
const (
	LabPassed = "passed"
	LabFailed = "failed"
)

// States of a comparison and of its questions.
const (
	LabRunning   = "running"
	LabDone      = "done"
	LabCancelled = "cancelled"
	LabWaiting   = "waiting"
	LabSkipped   = "skipped" // it may not be used any more
)

// LabRun is a comparison of what holds with a trial.
type LabRun struct {
	ID      desk.ID
	Kind    string // manual, night
	State   string
	Trial   desk.Trial
	Total   int
	Done    int
	Changed int
	Failed  int
	Models  bool
	Tokens  int64
	Micros  int64
	By      desk.Actor
	At      time.Time
	EndedAt time.Time
	Stale   []desk.ID // sources that were older than they should be when it began
}

// labRunBody is what is sealed of a comparison.
type labRunBody struct {
	desk.Trial
	Stale []desk.ID `json:"stale,omitempty"`
}

// LabResult is one question of a comparison.
type LabResult struct {
	Run                            desk.ID
	N                              int
	Test                           desk.ID // 0 for a person's question
	Message, Contact, Conversation desk.ID // 0 for a test
	State                          string
	Changed, Failed                bool
	Body                           LabResultBody
}

// LabResultBody is what was answered. A person's question stands in its message
// alone.
type LabResultBody struct {
	Question string      `json:"question,omitempty"` // of a test
	Before   *desk.Tried `json:"before,omitempty"`   // what holds; where nothing is tried, the last time's; nil where there is none
	After    desk.Tried  `json:"after"`
	Differs  []string    `json:"differs,omitempty"` // outcome, text, passages
	Broken   []string    `json:"broken,omitempty"`  // what a test expected in vain: outcome, contains, lacks, passage
}

const (
	labTestColumns   = `id, body, verdict, checked_at, created_at, updated_at`
	sqlInsertLabTest = `INSERT INTO lab_test (workspace_id, ` + labTestColumns + `) VALUES ($1, $2, $3, '', 0, $4, $4)`
	sqlChangeLabTest = `UPDATE lab_test SET body = $3, verdict = '', checked_at = 0, updated_at = $4 WHERE workspace_id = $1 AND id = $2`
	sqlJudgeLabTest  = `UPDATE lab_test SET verdict = $3, checked_at = $4 WHERE workspace_id = $1 AND id = $2`
	sqlDropLabTest   = `DELETE FROM lab_test WHERE workspace_id = $1 AND id = $2`
	sqlLabTest       = `SELECT ` + labTestColumns + ` FROM lab_test WHERE workspace_id = $1 AND id = $2`
	sqlLabTests      = `SELECT ` + labTestColumns + ` FROM lab_test WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3`
	sqlCountLabTests = `SELECT count(*) FROM lab_test WHERE workspace_id = $1`

	labRunColumns   = `id, kind, state, body, total, done, changed, failed, models, tokens, micros, by_kind, by_id, at, ended_at`
	sqlInsertLabRun = `INSERT INTO lab_run (workspace_id, ` + labRunColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, $7, 0, 0, $8, $9, $10, 0)`
	sqlLabRun       = `SELECT ` + labRunColumns + ` FROM lab_run WHERE workspace_id = $1 AND id = $2`
	sqlLabRunLocked = sqlLabRun + forUpdate
	sqlLabRuns      = `SELECT ` + labRunColumns + ` FROM lab_run WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlLabRunBefore = `SELECT ` + labRunColumns + ` FROM lab_run WHERE workspace_id = $1 AND kind = $2 AND id < $3 ORDER BY id DESC LIMIT 1`
	sqlSaveLabRun   = `UPDATE lab_run SET state = $3, done = $4, changed = $5, failed = $6, tokens = $7, micros = $8, ended_at = $9 WHERE workspace_id = $1 AND id = $2`
	sqlDropLabRuns  = `DELETE FROM lab_run WHERE workspace_id = $1 AND id IN
		(SELECT id FROM lab_run WHERE workspace_id = $1 AND at < $2 AND state <> 'running' ORDER BY id LIMIT $3)`

	labResultColumns   = `run_id, n, day, test_id, message_id, contact_id, conversation_id, state, changed, failed, body`
	sqlInsertLabResult = `INSERT INTO lab_result (workspace_id, ` + labResultColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', FALSE, FALSE, NULL)`
	sqlSaveLabResult   = `UPDATE lab_result SET day = $4, state = $5, changed = $6, failed = $7, body = $8 WHERE workspace_id = $1 AND run_id = $2 AND n = $3`
	sqlLabWaiting      = `SELECT ` + labResultColumns + ` FROM lab_result WHERE workspace_id = $1 AND run_id = $2 AND state = 'waiting' ORDER BY n LIMIT $3`
	labRank            = `CASE WHEN failed = TRUE THEN 0 WHEN changed = TRUE THEN 1 ELSE 2 END`
	sqlLabResults      = `SELECT ` + labResultColumns + ` FROM lab_result WHERE workspace_id = $1 AND run_id = $2 AND state <> 'waiting'
		AND (` + labRank + ` > $3 OR ` + labRank + ` = $3 AND n > $4) ORDER BY ` + labRank + `, n LIMIT $5`
	sqlLabResultOf = `SELECT ` + labResultColumns + ` FROM lab_result WHERE workspace_id = $1 AND run_id < $2 AND test_id = $3 AND state = 'done'
		ORDER BY run_id DESC LIMIT 1`
	sqlOldLabResults = `DELETE FROM lab_result WHERE workspace_id = $1 AND (run_id, n) IN
		(SELECT run_id, n FROM lab_result WHERE workspace_id = $1 AND day <= $2 ORDER BY day LIMIT $3)`
	sqlEraseLabResults = `DELETE FROM lab_result WHERE workspace_id = $1 AND conversation_id = $2`
	sqlRecentRuns      = `SELECT ` + runColumns + ` FROM ai_run WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
)

// AddLabTest adds a test.
func (t *Tx) AddLabTest(q desk.Question) (desk.ID, error) {
	id := t.NewID()
	body, err := t.seal(t.workspaceKey(), "lab_test", "body", id, toJSON(q))
	if err != nil {
		return 0, err
	}
	_, err = t.exec(sqlInsertLabTest, int64(t.ws), int64(id), body, us(t.now))
	return id, err
}

// ChangeLabTest puts another question in place of a test's; its verdict goes.
func (t *Tx) ChangeLabTest(id desk.ID, q desk.Question) error {
	body, err := t.seal(t.workspaceKey(), "lab_test", "body", id, toJSON(q))
	if err != nil {
		return err
	}
	return t.must("test", sqlChangeLabTest, int64(t.ws), int64(id), body, us(t.now))
}

// JudgeLabTest notes how a test ended against what holds. One that is gone is
// none.
func (t *Tx) JudgeLabTest(id desk.ID, verdict string) error {
	_, err := t.exec(sqlJudgeLabTest, int64(t.ws), int64(id), verdict, us(t.now))
	return err
}

// DropLabTest deletes a test.
func (t *Tx) DropLabTest(id desk.ID) error {
	return t.must("test", sqlDropLabTest, int64(t.ws), int64(id))
}

// LabTest returns a test.
func (r *Rx) LabTest(id desk.ID) (LabTest, error) {
	one, err := r.scanLabTest(r.row(sqlLabTest, int64(r.ws), int64(id)))
	return one, found("test", err)
}

// LabTests lists tests with an id above after, oldest first.
func (r *Rx) LabTests(after desk.ID, limit int) ([]LabTest, error) {
	all := []LabTest{}
	err := r.each(sqlLabTests, []any{int64(r.ws), int64(after), limit}, func(s scanner) error {
		one, err := r.scanLabTest(s)
		all = append(all, one)
		return err
	})
	return all, err
}

// CountLabTests counts the tests of the workspace.
func (r *Rx) CountLabTests() (n int, err error) {
	return n, r.row(sqlCountLabTests, int64(r.ws)).Scan(&n)
}

func (r *Rx) scanLabTest(s scanner) (LabTest, error) {
	var one LabTest
	var sealed []byte
	var checked, created, updated int64
	if err := s.Scan(&one.ID, &sealed, &one.Verdict, &checked, &created, &updated); err != nil {
		return one, err
	}
	one.CheckedAt, one.CreatedAt, one.UpdatedAt = at(checked), at(created), at(updated)
	body, err := r.open("lab_test", "body", one.ID, sealed)
	if err == nil {
		err = json.Unmarshal(body, &one.Question)
	}
	return one, err
}

// AddLabRun adds a comparison with its questions, which all wait.
func (t *Tx) AddLabRun(run LabRun, ask []LabResult) (LabRun, error) {
	run.ID, run.State, run.Total, run.At = t.NewID(), LabRunning, len(ask), t.now
	body, err := t.seal(t.workspaceKey(), "lab_run", "body", run.ID, toJSON(labRunBody{run.Trial, run.Stale}))
	if err != nil {
		return run, err
	}
	_, err = t.exec(sqlInsertLabRun, int64(t.ws), int64(run.ID), run.Kind, run.State, body, run.Total, run.Models,
		string(run.By.Kind), int64(run.By.ID), us(t.now))
	if err != nil {
		return run, err
	}
	for i, one := range ask {
		_, err := t.exec(sqlInsertLabResult, int64(t.ws), int64(run.ID), i+1, vault.Day(t.now), int64(one.Test), int64(one.Message),
			int64(one.Contact), int64(one.Conversation))
		if err != nil {
			return run, err
		}
	}
	return run, nil
}

// LabRun returns a comparison.
func (r *Rx) LabRun(id desk.ID) (LabRun, error) {
	run, err := r.scanLabRun(r.row(sqlLabRun, int64(r.ws), int64(id)))
	return run, found("lab_run", err)
}

// LatestLabRun returns the newest comparison of a kind; desk.NotFound without one.
func (r *Rx) LatestLabRun(kind string) (LabRun, error) {
	return r.LabRunBefore(kind, maxID)
}

// LabRunBefore returns the newest comparison of a kind before one; desk.NotFound
// without one.
func (r *Rx) LabRunBefore(kind string, id desk.ID) (LabRun, error) {
	run, err := r.scanLabRun(r.row(sqlLabRunBefore, int64(r.ws), kind, int64(id)))
	return run, found("lab_run", err)
}

// LockLabRun returns a comparison and keeps it from changing until the commit.
func (t *Tx) LockLabRun(id desk.ID) (LabRun, error) {
	run, err := t.scanLabRun(t.row(sqlLabRunLocked, int64(t.ws), int64(id)))
	return run, found("lab_run", err)
}

// LabRuns lists comparisons with an id below before, newest first; before 0 starts
// at the top.
func (r *Rx) LabRuns(before desk.ID, limit int) ([]LabRun, error) {
	if before == 0 {
		before = maxID
	}
	all := []LabRun{}
	err := r.each(sqlLabRuns, []any{int64(r.ws), int64(before), limit}, func(s scanner) error {
		one, err := r.scanLabRun(s)
		all = append(all, one)
		return err
	})
	return all, err
}

// SaveLabRun keeps how far a locked comparison is.
func (t *Tx) SaveLabRun(run LabRun) error {
	return t.must("lab_run", sqlSaveLabRun, int64(t.ws), int64(run.ID), run.State, run.Done, run.Changed, run.Failed, run.Tokens, run.Micros, us(run.EndedAt))
}

func (r *Rx) scanLabRun(s scanner) (LabRun, error) {
	var run LabRun
	var sealed []byte
	var kind string
	var begun, ended int64
	err := s.Scan(&run.ID, &run.Kind, &run.State, &sealed, &run.Total, &run.Done, &run.Changed, &run.Failed, &run.Models, &run.Tokens,
		&run.Micros, &kind, &run.By.ID, &begun, &ended)
	if err != nil {
		return run, err
	}
	run.By.Kind, run.At, run.EndedAt = desk.ActorKind(kind), at(begun), at(ended)
	var body labRunBody
	raw, err := r.open("lab_run", "body", run.ID, sealed)
	if err == nil {
		err = json.Unmarshal(raw, &body)
	}
	run.Trial, run.Stale = body.Trial, body.Stale
	return run, err
}

// SaveLabResult keeps what became of a question, under the contact's key (a
// test's: the workspace's) inside the day's. A person who was erased meanwhile is
// desk.NotFound.
func (t *Tx) SaveLabResult(l LabResult) error {
	day := vault.Day(t.now)
	var sealed []byte
	if l.State == LabDone {
		outer, err := t.db.vault.KeyUntil(t.ctx, vault.Ref{Workspace: int64(t.ws), Kind: vault.AIDay, Of: day}, vault.DayStart(day).Add(AILogTerm))
		if err != nil {
			return err
		}
		ref := t.workspaceKey()
		if l.Contact != 0 {
			ref = t.subject(l.Contact)
		}
		inner, err := t.seal(ref, "lab_result", labPlace("body", l.N), l.Run, toJSON(l.Body))
		if err != nil {
			return err
		}
		sealed = t.db.vault.Seal(outer, t.ad("lab_result", labPlace("day", l.N), l.Run), inner)
	}
	return t.must("lab_result", sqlSaveLabResult, int64(t.ws), int64(l.Run), l.N, day, l.State, l.Changed, l.Failed, sealed)
}

func labPlace(column string, n int) string { return column + ":" + strconv.Itoa(n) }

// LabWaiting lists the next questions of a comparison.
func (r *Rx) LabWaiting(run desk.ID, limit int) ([]LabResult, error) {
	return r.labResults(sqlLabWaiting, int64(r.ws), int64(run), limit)
}

// Ranks of results: tests that did not hold come first, then what changed.
const (
	LabRankFailed = iota
	LabRankChanged
	LabRankSame
)

// Rank is the place of a result in the list.
func (l LabResult) Rank() int {
	switch {
	case l.Failed:
		return LabRankFailed
	case l.Changed:
		return LabRankChanged
	}
	return LabRankSame
}

// LabResults lists what became of the questions so far, after a rank and a
// number; (0, 0) starts at the top. What can no longer be opened has no body.
func (r *Rx) LabResults(run desk.ID, rank, n, limit int) ([]LabResult, error) {
	return r.labResults(sqlLabResults, int64(r.ws), int64(run), rank, n, limit)
}

// LabResultOf is what became of a test in the last comparison before one;
// desk.NotFound where it never ran, or nothing is kept of it.
func (r *Rx) LabResultOf(test, before desk.ID) (LabResult, error) {
	all, err := r.labResults(sqlLabResultOf, int64(r.ws), int64(before), int64(test))
	if err == nil && (len(all) == 0 || all[0].Body.After.Outcome == "") {
		err = desk.Fail(desk.NotFound, "lab_result", "this test did not run before")
	}
	if err != nil {
		return LabResult{}, err
	}
	return all[0], nil
}

func (r *Rx) labResults(query string, args ...any) ([]LabResult, error) {
	all := []LabResult{}
	err := r.each(query, args, func(s scanner) error {
		var l LabResult
		var day int64
		var sealed []byte
		err := s.Scan(&l.Run, &l.N, &day, &l.Test, &l.Message, &l.Contact, &l.Conversation, &l.State, &l.Changed, &l.Failed, &sealed)
		if err != nil {
			return err
		}
		all = append(all, l)
		if sealed == nil {
			return nil
		}
		body, err := r.openLabResult(l, sealed)
		if errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrExpired) {
			return nil
		}
		if err == nil {
			err = json.Unmarshal(body, &all[len(all)-1].Body)
		}
		return err
	})
	return all, err
}

func (r *Rx) openLabResult(l LabResult, sealed []byte) ([]byte, error) {
	inner, err := r.open("lab_result", labPlace("day", l.N), l.Run, sealed)
	if err != nil {
		return nil, err
	}
	return r.open("lab_result", labPlace("body", l.N), l.Run, inner)
}

// LabRunTerm is how long the counts of a comparison are kept.
const LabRunTerm = 90 * 24 * time.Hour

// RecentRuns lists AI turns with an id below before, newest first; before 0
// starts at the top.
func (r *Rx) RecentRuns(before desk.ID, limit int) ([]desk.Run, error) {
	if before == 0 {
		before = maxID
	}
	all := []desk.Run{}
	err := r.each(sqlRecentRuns, []any{int64(r.ws), int64(before), limit}, func(s scanner) error {
		run, err := r.scanRun(s)
		all = append(all, run)
		return err
	})
	return all, err
}
