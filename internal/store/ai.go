package store

import (
	"encoding/json"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

// AILogTerm is how long prompts and completions last at most, from the start of
// their day (A-7.3-01).
const AILogTerm = 30 * 24 * time.Hour

const (
	sqlAISettings = `SELECT version, body, by_kind, by_id, at FROM ai_setting WHERE workspace_id = $1 ORDER BY version DESC LIMIT 1`
	sqlAIVersion  = `SELECT version, body, by_kind, by_id, at FROM ai_setting WHERE workspace_id = $1 AND version = $2`
	sqlAIHistory  = `SELECT version, body, by_kind, by_id, at FROM ai_setting WHERE workspace_id = $1 AND version < $2 ORDER BY version DESC LIMIT $3`
	sqlInsertAI   = `INSERT INTO ai_setting (workspace_id, version, body, by_kind, by_id, at) VALUES ($1, $2, $3, $4, $5, $6)`
	sqlPutAIKey   = `INSERT INTO ai_key (workspace_id, vendor, token, hint, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, vendor) DO UPDATE SET token = excluded.token, hint = excluded.hint, at = excluded.at`
	sqlDropAIKey = `DELETE FROM ai_key WHERE workspace_id = $1 AND vendor = $2`
	sqlAIKey     = `SELECT token FROM ai_key WHERE workspace_id = $1 AND vendor = $2`
	sqlAIKeys    = `SELECT vendor, hint, at FROM ai_key WHERE workspace_id = $1 ORDER BY vendor`
	sqlSpend     = `INSERT INTO ai_spend (workspace_id, day, purpose, vendor, model, calls, failed, tokens_in, tokens_out, micros)
		VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9)
		ON CONFLICT (workspace_id, day, purpose, vendor, model) DO UPDATE SET calls = ai_spend.calls + 1, failed = ai_spend.failed + excluded.failed,
		tokens_in = ai_spend.tokens_in + excluded.tokens_in, tokens_out = ai_spend.tokens_out + excluded.tokens_out, micros = ai_spend.micros + excluded.micros`
	sqlSpent  = `SELECT coalesce(sum(tokens_in + tokens_out), 0), coalesce(sum(micros), 0) FROM ai_spend WHERE workspace_id = $1 AND day = $2`
	sqlSpends = `SELECT day, purpose, vendor, model, calls, failed, tokens_in, tokens_out, micros FROM ai_spend
		WHERE workspace_id = $1 AND day >= $2 ORDER BY day DESC, purpose, vendor, model`
	sqlInsertAILog = `INSERT INTO ai_log (workspace_id, id, day, conversation_id, contact_id, run_id, purpose, vendor, model, body, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	sqlAILogs = `SELECT id, day, conversation_id, run_id, purpose, vendor, model, body, at FROM ai_log
		WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY id DESC LIMIT $3`
	sqlOldAILogs   = `DELETE FROM ai_log WHERE workspace_id = $1 AND id IN (SELECT id FROM ai_log WHERE workspace_id = $1 AND day <= $2 ORDER BY day LIMIT $3)`
	sqlEraseAILogs = `DELETE FROM ai_log WHERE workspace_id = $1 AND conversation_id = $2`
)

// AISettings returns the newest settings of the workspace's AI;
// desk.NewAISettings where nobody changed any.
func (r *Rx) AISettings() (desk.AISettings, error) {
	s, err := r.scanAI(r.row(sqlAISettings, int64(r.ws)))
	if err := found("ai_setting", err); desk.IsNotFound(err) {
		return desk.NewAISettings(), nil // which switch nothing on that could wait
	}
	if err == nil {
		s.Waits, err = r.waiting()
	}
	return s, err
}

// AIVersion returns one version of the settings.
func (r *Rx) AIVersion(version int64) (desk.AISettings, error) {
	s, err := r.scanAI(r.row(sqlAIVersion, int64(r.ws), version))
	return s, found("ai_setting", err)
}

// AIHistory lists versions below before, newest first.
func (r *Rx) AIHistory(before int64, limit int) ([]desk.AISettings, error) {
	all := []desk.AISettings{}
	err := r.each(sqlAIHistory, []any{int64(r.ws), before, limit}, func(s scanner) error {
		one, err := r.scanAI(s)
		all = append(all, one)
		return err
	})
	return all, err
}

func (r *Rx) scanAI(s scanner) (desk.AISettings, error) {
	out := desk.NewAISettings()
	var version, when int64
	var by desk.Actor
	var sealed []byte
	var kind string
	if err := s.Scan(&version, &sealed, &kind, &by.ID, &when); err != nil {
		return out, err
	}
	body, err := r.open("ai_setting", "body", desk.ID(version), sealed)
	if err == nil {
		err = json.Unmarshal(body, &out)
	}
	by.Kind = desk.ActorKind(kind)
	out.Version, out.By, out.At = version, by, at(when)
	return out, err
}

// AddAISettings writes the version after the newest. Vectors that another choice
// made go with it.
func (t *Tx) AddAISettings(s desk.AISettings, by desk.Actor) (desk.AISettings, error) {
	old, err := t.AISettings()
	if err != nil {
		return s, err
	}
	s.Version, s.By, s.At = old.Version+1, by, t.now
	body, err := t.seal(t.workspaceKey(), "ai_setting", "body", desk.ID(s.Version), toJSON(s))
	if err != nil {
		return s, err
	}
	if _, err = t.exec(sqlInsertAI, int64(t.ws), s.Version, body, string(by.Kind), int64(by.ID), us(t.now)); err != nil || old.Meant() == s.Meant() {
		return s, err
	}
	return s, t.DropVectors()
}

// AIKey tells that a vendor's key is there; the key itself is never shown.
type AIKey struct {
	Vendor desk.Vendor
	Hint   string // last characters
	At     time.Time
}

// PutAIKey keeps the key of a vendor in place of an older one.
func (t *Tx) PutAIKey(v desk.Vendor, token []byte, hint string) error {
	sealed, err := t.seal(t.workspaceKey(), "ai_key", "token:"+string(v), t.ws, token)
	if err != nil {
		return err
	}
	_, err = t.exec(sqlPutAIKey, int64(t.ws), string(v), sealed, hint, us(t.now))
	return err
}

// DropAIKey deletes the key of a vendor.
func (t *Tx) DropAIKey(v desk.Vendor) error {
	return t.must("ai_key", sqlDropAIKey, int64(t.ws), string(v))
}

// OpenAIKey returns the key of a vendor; desk.NotFound without one.
func (r *Rx) OpenAIKey(v desk.Vendor) ([]byte, error) {
	var sealed []byte
	if err := r.row(sqlAIKey, int64(r.ws), string(v)).Scan(&sealed); err != nil {
		return nil, found("ai_key", err)
	}
	return r.open("ai_key", "token:"+string(v), r.ws, sealed)
}

// AIKeys lists which vendors have a key.
func (r *Rx) AIKeys() ([]AIKey, error) {
	all := []AIKey{}
	err := r.each(sqlAIKeys, []any{int64(r.ws)}, func(s scanner) error {
		var k AIKey
		var vendor string
		var when int64
		err := s.Scan(&vendor, &k.Hint, &when)
		k.Vendor, k.At = desk.Vendor(vendor), at(when)
		all = append(all, k)
		return err
	})
	return all, err
}

// Spent says what the calls of the day of a moment cost: tokens, and millionths
// of a US dollar.
func (r *Rx) Spent(day time.Time) (tokens, micros int64, err error) {
	err = r.row(sqlSpent, int64(r.ws), vault.Day(day)).Scan(&tokens, &micros)
	return tokens, micros, err
}

// SpendDay is what calls of one kind cost on one day.
type SpendDay struct {
	Day           time.Time
	Call          desk.Call
	Calls, Failed int64
}

// Spends lists what calls cost since a day, newest first.
func (r *Rx) Spends(since time.Time) ([]SpendDay, error) {
	all := []SpendDay{}
	err := r.each(sqlSpends, []any{int64(r.ws), vault.Day(since)}, func(s scanner) error {
		var d SpendDay
		var day int64
		var purpose, vendor string
		err := s.Scan(&day, &purpose, &vendor, &d.Call.Model, &d.Calls, &d.Failed, &d.Call.In, &d.Call.Out, &d.Call.Micros)
		d.Day, d.Call.Purpose, d.Call.Vendor = vault.DayStart(day), desk.AIPurpose(purpose), desk.Vendor(vendor)
		all = append(all, d)
		return err
	})
	return all, err
}

// AILog is the prompt and the completion of one call.
type AILog struct {
	ID           desk.ID
	Conversation desk.ID
	Contact      desk.ID
	Run          desk.ID
	Call         desk.Call
	Body         AILogBody
	At           time.Time
}

// AILogBody is what went out and what came back.
type AILogBody struct {
	Prompt     string `json:"prompt"`
	Completion string `json:"completion"`
}

// InsertAILog keeps a call under the contact's key inside the day's: whichever
// ends first, ends it.
func (t *Tx) InsertAILog(l AILog) error {
	day := vault.Day(t.now)
	outer, err := t.db.vault.KeyUntil(t.ctx, vault.Ref{Workspace: int64(t.ws), Kind: vault.AIDay, Of: day}, vault.DayStart(day).Add(AILogTerm))
	if err != nil {
		return err
	}
	key := t.workspaceKey() // of a call about the knowledge, which is nobody's
	if l.Contact != 0 {
		key = t.subject(l.Contact)
	}
	inner, err := t.seal(key, "ai_log", "body", l.ID, toJSON(l.Body))
	if err != nil {
		return err
	}
	sealed := t.db.vault.Seal(outer, t.ad("ai_log", "day", l.ID), inner)
	_, err = t.exec(sqlInsertAILog, int64(t.ws), int64(l.ID), day, int64(l.Conversation), int64(l.Contact), int64(l.Run),
		string(l.Call.Purpose), string(l.Call.Vendor), l.Call.Model, sealed, us(t.now))
	return err
}

// AILogs lists the calls of a conversation, newest first. What can no longer be
// opened is left out.
func (r *Rx) AILogs(conversation desk.ID, limit int) ([]AILog, error) {
	all := []AILog{}
	err := r.each(sqlAILogs, []any{int64(r.ws), int64(conversation), limit}, func(s scanner) error {
		var l AILog
		var day, when int64
		var purpose, vendor string
		var sealed []byte
		if err := s.Scan(&l.ID, &day, &l.Conversation, &l.Run, &purpose, &vendor, &l.Call.Model, &sealed, &when); err != nil {
			return err
		}
		l.Call.Purpose, l.Call.Vendor, l.At = desk.AIPurpose(purpose), desk.Vendor(vendor), at(when)
		body, err := r.openAILog(l.ID, sealed)
		if errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrExpired) {
			return nil
		}
		if err == nil {
			err = json.Unmarshal(body, &l.Body)
		}
		all = append(all, l)
		return err
	})
	return all, err
}

func (r *Rx) openAILog(id desk.ID, sealed []byte) ([]byte, error) {
	inner, err := r.open("ai_log", "day", id, sealed)
	if err != nil {
		return nil, err
	}
	return r.open("ai_log", "body", id, inner)
}

// DropOldAILogs deletes up to limit calls of days that are over.
func (t *Tx) DropOldAILogs(limit int) (int64, error) {
	term, err := t.Term(RetainAILogs, AILogTerm)
	if err != nil {
		return 0, err
	}
	return t.exec(sqlOldAILogs, int64(t.ws), vault.Day(t.now.Add(-term)), limit)
}

// dropAILogs deletes the calls made in a conversation, and what the lab made of
// its questions: a message that was taken back may stand in any of them
// (decision 20).
func (t *Tx) dropAILogs(conversation desk.ID) error {
	_, err := t.exec(sqlEraseAILogs, int64(t.ws), int64(conversation))
	if err == nil {
		_, err = t.exec(sqlEraseLabResults, int64(t.ws), int64(conversation))
	}
	return err
}
