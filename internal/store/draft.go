package store

import (
	"encoding/json"
	"errors"

	"parley/internal/desk"
)

const (
	draftColumns   = `id, conversation_id, body, sources, language, confidence, decision, run_id, version, at`
	sqlInsertDraft = `INSERT INTO draft (workspace_id, contact_id, ` + draftColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	sqlDraft        = `SELECT ` + draftColumns + ` FROM draft WHERE workspace_id = $1 AND id = $2`
	sqlDraftOf      = `SELECT ` + draftColumns + ` FROM draft WHERE workspace_id = $1 AND conversation_id = $2`
	sqlDropDraftsOf = `DELETE FROM draft WHERE workspace_id = $1 AND conversation_id = $2`
	runColumns      = `id, conversation_id, trigger_id, decision, outcome, reason, engine, passages, checks, micros, at,
		settings_version, vendor, model, tokens_in, tokens_out, cost, confidence, scores, language, about, engagement, meant, kept, reported`
	sqlInsertRun = `INSERT INTO ai_run (workspace_id, ` + runColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, -1, '')`
	sqlRun    = `SELECT ` + runColumns + ` FROM ai_run WHERE workspace_id = $1 AND id = $2`
	sqlRunsOf = `SELECT ` + runColumns + ` FROM ai_run WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY id DESC LIMIT $3`
)

// PutDraft replaces the conversation's open draft.
func (t *Tx) PutDraft(c Row, d desk.Draft) error {
	if _, err := t.DropDrafts(c.ID); err != nil {
		return err
	}
	body, e1 := t.seal(t.subject(c.Contact), "draft", "body", d.ID, []byte(d.Body))
	sources, e2 := t.seal(t.subject(c.Contact), "draft", "sources", d.ID, toJSON(d.Sources))
	if err := errors.Join(e1, e2); err != nil {
		return err
	}
	_, err := t.exec(sqlInsertDraft, int64(t.ws), int64(c.Contact), int64(d.ID), int64(c.ID), body, sources, d.Language,
		d.Confidence, string(d.Decision), int64(d.Run), d.Version, us(t.now))
	return err
}

// DropDrafts removes the conversation's open draft and says whether one was there.
func (t *Tx) DropDrafts(conversation desk.ID) (bool, error) {
	n, err := t.exec(sqlDropDraftsOf, int64(t.ws), int64(conversation))
	return n > 0, err
}

// Draft returns a draft by id.
func (r *Rx) Draft(id desk.ID) (desk.Draft, error) {
	d, err := r.scanDraft(r.row(sqlDraft, int64(r.ws), int64(id)))
	return d, found("draft", err)
}

// DraftOf returns the open draft of a conversation.
func (r *Rx) DraftOf(conversation desk.ID) (desk.Draft, error) {
	d, err := r.scanDraft(r.row(sqlDraftOf, int64(r.ws), int64(conversation)))
	return d, found("draft", err)
}

func (r *Rx) scanDraft(s scanner) (desk.Draft, error) {
	d := desk.Draft{Workspace: r.ws}
	var body, sources []byte
	var decision string
	var when int64
	err := s.Scan(&d.ID, &d.Conversation, &body, &sources, &d.Language, &d.Confidence, &decision, &d.Run, &d.Version, &when)
	if err != nil {
		return d, err
	}
	d.Decision, d.At = desk.Decision(decision), at(when)
	text, e1 := r.soft("draft", "body", d.ID, body)
	refs, e2 := r.soft("draft", "sources", d.ID, sources)
	if err := errors.Join(e1, e2); err != nil {
		return d, err
	}
	d.Body = desk.Body(text)
	if len(refs) > 0 {
		return d, json.Unmarshal(refs, &d.Sources)
	}
	return d, nil
}

// InsertRun records an AI turn of a contact's conversation: ids, words of our own
// and numbers; what the question was about is sealed.
func (t *Tx) InsertRun(contact desk.ID, run desk.Run) error {
	var about []byte
	if len(run.About.Topics)+len(run.About.Special) > 0 {
		var err error
		if about, err = t.seal(t.subject(contact), "ai_run", "about", run.ID, toJSON(run.About)); err != nil {
			return err
		}
	}
	c := run.Call
	_, err := t.exec(sqlInsertRun, int64(t.ws), int64(run.ID), int64(run.Conversation), int64(run.Trigger),
		string(run.Decision), run.Outcome, run.Reason, run.Engine, string(toJSON(run.Passages)), string(toJSON(run.Checks)),
		run.Micros, us(t.now), run.Settings, string(c.Vendor), c.Model, c.In, c.Out, c.Micros, run.Confidence,
		string(toJSON(run.Scores)), run.Language, about, run.Engagement, string(toJSON(run.Meant)))
	return err
}

// Run returns the record of an AI turn.
func (r *Rx) Run(id desk.ID) (desk.Run, error) {
	run, err := r.scanRun(r.row(sqlRun, int64(r.ws), int64(id)))
	return run, found("run", err)
}

// Runs lists the AI turns of a conversation, newest first.
func (r *Rx) Runs(conversation desk.ID, limit int) ([]desk.Run, error) {
	all := []desk.Run{}
	err := r.each(sqlRunsOf, []any{int64(r.ws), int64(conversation), limit}, func(s scanner) error {
		run, err := r.scanRun(s)
		all = append(all, run)
		return err
	})
	return all, err
}

func (r *Rx) scanRun(s scanner) (desk.Run, error) {
	run := desk.Run{Workspace: r.ws}
	var decision, passages, checks, vendor, scores, meant string
	var when int64
	var sealed []byte
	err := s.Scan(&run.ID, &run.Conversation, &run.Trigger, &decision, &run.Outcome, &run.Reason, &run.Engine, &passages,
		&checks, &run.Micros, &when, &run.Settings, &vendor, &run.Call.Model, &run.Call.In, &run.Call.Out, &run.Call.Micros,
		&run.Confidence, &scores, &run.Language, &sealed, &run.Engagement, &meant, &run.Kept, &run.Reported)
	if err != nil {
		return run, err
	}
	run.Decision, run.At, run.Call.Vendor = desk.Decision(decision), at(when), desk.Vendor(vendor)
	about, err := r.soft("ai_run", "about", run.ID, sealed)
	if err == nil && len(about) > 0 {
		err = json.Unmarshal(about, &run.About)
	}
	return run, errors.Join(err, json.Unmarshal([]byte(passages), &run.Passages), json.Unmarshal([]byte(checks), &run.Checks),
		json.Unmarshal([]byte(scores), &run.Scores), json.Unmarshal([]byte(meant), &run.Meant))
}
