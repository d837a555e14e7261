package store

import (
	"encoding/json"
	"errors"
	"time"

	"parley/internal/desk"
)

// SavedReply is a text that a business keeps ready for its members. What it
// says is sealed under the workspace key.
type SavedReply struct {
	ID        desk.ID
	Name      string
	Body      string
	Language  string // of the text; "" = it does not matter
	Label     string // put on the conversation it is used in; "" = none
	Closes    bool   // sending it closes the conversation
	Answers   bool   // the AI may use what it says
	CreatedAt time.Time
	UpdatedAt time.Time
}

// savedBody is the part of a reply that is sealed as one.
type savedBody struct {
	Text  string `json:"t"`
	Label string `json:"l,omitempty"`
}

const (
	savedColumns   = `id, name, body, language, closes, answers, created_at, updated_at`
	sqlInsertSaved = `INSERT INTO saved_reply (workspace_id, ` + savedColumns + `, name_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlSavedLocked = `SELECT ` + savedColumns + ` FROM saved_reply WHERE workspace_id = $1 AND id = $2` + forUpdate
	sqlAllSaved    = `SELECT ` + savedColumns + ` FROM saved_reply WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3`
	sqlCountSaved  = `SELECT count(*) FROM saved_reply WHERE workspace_id = $1`
	sqlSavedNamed  = `SELECT id FROM saved_reply WHERE workspace_id = $1 AND name_hash = $2`
	sqlUpdateSaved = `UPDATE saved_reply SET name = $3, body = $4, language = $5, closes = $6, answers = $7, updated_at = $8, name_hash = $9
		WHERE workspace_id = $1 AND id = $2`
	sqlAnswering = `SELECT ` + savedColumns + ` FROM saved_reply WHERE workspace_id = $1 AND answers = TRUE ORDER BY id`
	sqlSilence   = `UPDATE saved_reply SET answers = FALSE WHERE workspace_id = $1 AND answers = TRUE`
	sqlDropSaved = `DELETE FROM saved_reply WHERE workspace_id = $1 AND id = $2`
)

// SavedReplies lists saved replies that come after an id, oldest first.
func (r *Rx) SavedReplies(after desk.ID, limit int) ([]SavedReply, error) {
	all := []SavedReply{}
	err := r.each(sqlAllSaved, []any{int64(r.ws), int64(after), limit}, func(s scanner) error {
		one, err := r.scanSaved(s)
		all = append(all, one)
		return err
	})
	return all, err
}

// AnsweringReplies lists the saved replies that the AI may use, oldest first.
func (r *Rx) AnsweringReplies() ([]SavedReply, error) {
	all := []SavedReply{}
	err := r.each(sqlAnswering, []any{int64(r.ws)}, func(s scanner) error {
		one, err := r.scanSaved(s)
		all = append(all, one)
		return err
	})
	return all, err
}

// SilenceReplies takes all saved replies from the AI.
func (t *Tx) SilenceReplies() error {
	_, err := t.exec(sqlSilence, int64(t.ws))
	return err
}

// CountSavedReplies says how many there are.
func (r *Rx) CountSavedReplies() (int, error) {
	n := 0
	err := r.row(sqlCountSaved, int64(r.ws)).Scan(&n)
	return n, err
}

func (r *Rx) scanSaved(row scanner) (SavedReply, error) {
	var s SavedReply
	var name, sealed []byte
	var created, updated int64
	if err := row.Scan(&s.ID, &name, &sealed, &s.Language, &s.Closes, &s.Answers, &created, &updated); err != nil {
		return s, err
	}
	s.CreatedAt, s.UpdatedAt = at(created), at(updated)
	clear, e1 := r.open("saved_reply", "name", s.ID, name)
	raw, e2 := r.open("saved_reply", "body", s.ID, sealed)
	if err := errors.Join(e1, e2); err != nil {
		return s, err
	}
	var body savedBody
	if err := json.Unmarshal(raw, &body); err != nil {
		return s, err
	}
	s.Name, s.Body, s.Label = string(clear), body.Text, body.Label
	return s, nil
}

// sealedSaved is a reply as its row holds it.
type sealedSaved struct{ name, body, hash []byte }

func (t *Tx) sealSaved(s SavedReply, fold string) (sealedSaved, error) {
	var out sealedSaved
	hash, err := t.db.vault.Hash(t.ctx, int64(t.ws), "saved reply name", fold)
	if err != nil {
		return out, err
	}
	var other desk.ID
	switch err := found("saved_reply", t.row(sqlSavedNamed, int64(t.ws), hash).Scan(&other)); {
	case err == nil && other != s.ID:
		return out, savedNameTaken(desk.Fail(desk.Conflict, "exists", ""))
	case err != nil && !desk.IsNotFound(err):
		return out, err
	}
	name, e1 := t.seal(t.workspaceKey(), "saved_reply", "name", s.ID, []byte(s.Name))
	body, e2 := t.seal(t.workspaceKey(), "saved_reply", "body", s.ID, toJSON(savedBody{s.Body, s.Label}))
	return sealedSaved{name, body, hash}, errors.Join(e1, e2)
}

func savedNameTaken(err error) error {
	if desk.CodeOf(err) != desk.Conflict {
		return err
	}
	return &desk.Error{Code: desk.Conflict, Reason: "saved_reply_name_taken",
		Text: "there is a saved reply with this name already; choose another name or change that one", Cause: err}
}

// InsertSavedReply adds one. fold is the name as it is compared with others; a
// name taken answers desk.Conflict "saved_reply_name_taken".
func (t *Tx) InsertSavedReply(s SavedReply, fold string) error {
	row, err := t.sealSaved(s, fold)
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertSaved, int64(t.ws), int64(s.ID), row.name, row.body, s.Language, s.Closes, s.Answers,
		us(t.now), us(t.now), row.hash)
	return savedNameTaken(err)
}

// LockSavedReply returns one and keeps it locked until the commit.
func (t *Tx) LockSavedReply(id desk.ID) (SavedReply, error) {
	one, err := t.scanSaved(t.row(sqlSavedLocked, int64(t.ws), int64(id)))
	return one, found("saved_reply", err)
}

// SaveSavedReply writes a changed one back. Errors as InsertSavedReply.
func (t *Tx) SaveSavedReply(s SavedReply, fold string) error {
	row, err := t.sealSaved(s, fold)
	if err != nil {
		return err
	}
	return savedNameTaken(t.must("saved_reply", sqlUpdateSaved, int64(t.ws), int64(s.ID), row.name, row.body, s.Language, s.Closes, s.Answers,
		us(t.now), row.hash))
}

// DropSavedReply removes one.
func (t *Tx) DropSavedReply(id desk.ID) error {
	return t.must("saved_reply", sqlDropSaved, int64(t.ws), int64(id))
}
