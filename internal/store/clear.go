package store

import (
	"time"

	"parley/internal/desk"
	"parley/internal/kit/id"
)

// Of all conversations of one channel account that began by a moment. $3 is the
// greatest id of that moment.
const (
	clearTalks = `WITH talk AS (SELECT c.id, c.contact_id FROM conversation c WHERE c.workspace_id = $1 AND c.account_id = $2
		AND coalesce((SELECT min(m.id) FROM message m WHERE m.workspace_id = $1 AND m.conversation_id = c.id), c.id) <= $3`
	clearHeld   = ` IN (SELECT h.contact_id FROM legal_hold h WHERE h.workspace_id = $1 AND h.released_at = 0)`
	clearCounts = `SELECT (SELECT count(*) FROM talk),
		(SELECT count(*) FROM message x WHERE x.workspace_id = $1 AND x.id <= $3 AND x.conversation_id IN (SELECT id FROM talk)),
		(SELECT count(*) FROM media x WHERE x.workspace_id = $1 AND x.id <= $3 AND x.conversation_id IN (SELECT id FROM talk)),
		(SELECT count(*) FROM draft x WHERE x.workspace_id = $1 AND x.id <= $3 AND x.conversation_id IN (SELECT id FROM talk)),
		(SELECT count(*) FROM ai_run x WHERE x.workspace_id = $1 AND x.id <= $3 AND x.conversation_id IN (SELECT id FROM talk)),
		(SELECT count(*) FROM ai_log x WHERE x.workspace_id = $1 AND x.id <= $3 AND x.conversation_id IN (SELECT id FROM talk)),
		(SELECT count(*) FROM contact p WHERE p.workspace_id = $1 AND p.id <= $3 AND (p.id IN (SELECT contact_id FROM talk)
			OR EXISTS (SELECT 1 FROM identity i WHERE i.workspace_id = $1 AND i.contact_id = p.id AND i.account_id = $2))
			AND NOT EXISTS (SELECT 1 FROM identity i WHERE i.workspace_id = $1 AND i.contact_id = p.id AND i.account_id <> $2)
			AND NOT EXISTS (SELECT 1 FROM conversation c WHERE c.workspace_id = $1 AND c.contact_id = p.id AND c.account_id <> $2)`
	sqlClearAll  = clearTalks + `) ` + clearCounts + `)`
	sqlClearHeld = clearTalks + ` AND c.contact_id` + clearHeld + `) ` + clearCounts + ` AND p.id` + clearHeld + `)`

	sqlClearLeft  = `SELECT count(*) FROM conversation WHERE workspace_id = $1 AND account_id = $2`
	sqlClearOf    = `SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2 AND account_id = $3 ORDER BY id`
	sqlTalkSince  = `SELECT count(*) FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND direction = 'in' AND id > $3`
	sqlClearings  = `SELECT ` + certificateColumns + ` FROM certificate WHERE workspace_id = $1 AND account_id = $2 AND act_no > 0 ORDER BY id DESC LIMIT 1`
	sqlClearNoted = `UPDATE certificate SET facts = $3 WHERE workspace_id = $1 AND id = $2 AND done_at = 0`
	sqlEveryPlace = `SELECT account_id FROM conversation WHERE workspace_id = $1 UNION SELECT account_id FROM identity WHERE workspace_id = $1 ORDER BY 1`
)

// Cleared counts what goes with all conversations of one channel account.
type Cleared struct {
	Conversations int64 `json:"conversations"`
	Messages      int64 `json:"messages"`
	Files         int64 `json:"files"`
	Drafts        int64 `json:"drafts"`
	Runs          int64 `json:"ai_runs"`
	Logs          int64 `json:"ai_logs"`
	People        int64 `json:"people"` // of whom there is nothing else
}

// Minus is what is left of c without o, never less than nothing.
func (c Cleared) Minus(o Cleared) Cleared {
	less := func(a, b int64) int64 { return max(0, a-b) }
	return Cleared{less(c.Conversations, o.Conversations), less(c.Messages, o.Messages), less(c.Files, o.Files), less(c.Drafts, o.Drafts),
		less(c.Runs, o.Runs), less(c.Logs, o.Logs), less(c.People, o.People)}
}

// Clearable counts what there is of the conversations with one channel account
// that began by a moment, and how much of that a legal hold keeps.
func (r *Rx) Clearable(account desk.ID, by time.Time) (all, held Cleared, err error) {
	if all, err = r.cleared(sqlClearAll, account, by); err == nil {
		held, err = r.cleared(sqlClearHeld, account, by)
	}
	return all, held, err
}

func (r *Rx) cleared(query string, account desk.ID, by time.Time) (c Cleared, err error) {
	err = r.row(query, int64(r.ws), int64(account), id.Last(by)).Scan(&c.Conversations, &c.Messages, &c.Files, &c.Drafts, &c.Runs, &c.Logs, &c.People)
	return c, err
}

// ClearLeft counts the conversations that a channel account still has.
func (r *Rx) ClearLeft(account desk.ID) (n int64, err error) {
	err = r.row(sqlClearLeft, int64(r.ws), int64(account)).Scan(&n)
	return n, err
}

// TalksOf lists the conversations with a contact at one channel account.
func (r *Rx) TalksOf(contact, account desk.ID) (all []desk.ID, err error) {
	err = r.each(sqlClearOf, []any{int64(r.ws), int64(contact), int64(account)}, func(s scanner) error {
		var one desk.ID
		err := s.Scan(&one)
		all = append(all, one)
		return err
	})
	return all, err
}

// WrittenSince reports whether the contact of a conversation wrote after a moment.
func (r *Rx) WrittenSince(conversation desk.ID, at time.Time) (bool, error) {
	var n int
	err := r.row(sqlTalkSince, int64(r.ws), int64(conversation), id.Last(at)).Scan(&n)
	return n > 0, err
}

// ClearingOf returns the newest certificate of a deletion of all conversations of
// a channel account.
func (r *Rx) ClearingOf(account desk.ID) (Certificate, error) {
	c, err := scanCertificate(r.row(sqlClearings, int64(r.ws), int64(account)))
	return c, found("certificate", err)
}

// NoteCertificate keeps how far the promise of a certificate is carried out; one
// that is signed stays as it is.
func (t *Tx) NoteCertificate(id desk.ID, facts []byte) error {
	_, err := t.exec(sqlClearNoted, int64(t.ws), int64(id), string(facts))
	return err
}

// EveryPlace lists the channel accounts by which anybody is known, also those that
// were removed.
func (r *Rx) EveryPlace() (all []desk.ID, err error) {
	err = r.each(sqlEveryPlace, []any{int64(r.ws)}, func(s scanner) error {
		var one desk.ID
		err := s.Scan(&one)
		all = append(all, one)
		return err
	})
	return all, err
}
