package store

import (
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

const (
	sqlAddPersonCase = `INSERT INTO privacy_case (workspace_id, id, kind, state, code_hash, subject, asked_at, opened_at, due_at, done_at, outcome, door, law, locale,
		contact_id, conversation_id, assignee_id, proof, proof_hash, agent, agent_checked, appeal_of, next_at, warned)
		VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, $8, 0, '{}', $9, $10, $11, $12, $13, $14, $15, $16, $17, FALSE, $18, $19, 99)`
	sqlSaveCase = `UPDATE privacy_case SET kind = $3, state = $4, due_at = $5, done_at = $6, outcome = $7, law = $8, contact_id = $9, conversation_id = $10, assignee_id = $11,
		proof = $12, proof_hash = $13, agent = $14, agent_checked = $15, extended_at = $16, decided_at = $17, decided_by = $18, decision = $19, reason = $20, next_at = $21, warned = $22
		WHERE workspace_id = $1 AND id = $2`
	sqlCasesDue   = sqlCase + ` AND next_at > 0 AND next_at <= $2 ORDER BY next_at LIMIT $3`
	sqlCaseProof  = sqlCase + ` AND proof_hash = $2 ORDER BY id LIMIT 1`
	sqlCasesAbout = sqlCase + ` AND contact_id = $2 ORDER BY id DESC LIMIT $3`
	sqlAppealsOf  = sqlCase + ` AND appeal_of = $2 ORDER BY id DESC LIMIT 1`
	sqlCasesOver  = sqlCase + ` AND done_at > 0 AND done_at <= $2 AND door <> 'provider' AND kind NOT IN ('support', 'contact') ORDER BY done_at LIMIT $3`
	sqlAsksOver   = sqlCase + ` AND done_at > 0 AND done_at <= $2 AND kind IN ('support', 'contact') ORDER BY done_at LIMIT $3`
	sqlDropCase   = `DELETE FROM privacy_case WHERE workspace_id = $1 AND id = $2`
	sqlCaseCounts = `SELECT kind, state, due_at FROM privacy_case WHERE workspace_id = $1 AND door <> 'provider' AND state IN ('received', 'proving', 'open', 'working') ORDER BY due_at LIMIT $2`

	// An erasure takes the person out of their cases; what was written in one is
	// under the case's own key and ends with it.
	sqlEraseFromCases = `UPDATE privacy_case SET contact_id = 0, conversation_id = 0, erased = TRUE WHERE workspace_id = $1 AND contact_id = $2`

	sqlAddCaseText   = `INSERT INTO case_text (workspace_id, id, case_id, kind, letter, author_id, body, at, mail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlCaseTexts     = `SELECT id, case_id, kind, letter, author_id, body, at, mail FROM case_text WHERE workspace_id = $1 AND case_id = $2 ORDER BY id`
	sqlCaseText      = `SELECT id, case_id, kind, letter, author_id, body, at, mail FROM case_text WHERE workspace_id = $1 AND id = $2`
	sqlCaseMail      = `UPDATE case_text SET mail = $3 WHERE workspace_id = $1 AND id = $2`
	sqlDropCaseTexts = `DELETE FROM case_text WHERE workspace_id = $1 AND case_id = $2`
	sqlDropCaseOwn   = `DELETE FROM case_text WHERE workspace_id = $1 AND case_id = $2 AND kind <> 'letter'`

	sqlPrivacyMembers = `SELECT id FROM member WHERE workspace_id = $1 AND role IN ('owner', 'privacy') AND active = TRUE ORDER BY id`
)

// Kinds of text in a case.
const (
	CaseAsked   = "asked"   // what the person wrote
	CaseAddress = "address" // where they are mailed
	CaseNote    = "note"    // for those who work on it
	CaseLetter  = "letter"  // what the person is told
)

// CaseText is something that was said in a case.
type CaseText struct {
	ID     desk.ID
	Case   desk.ID
	Kind   string
	Letter string // which letter it is
	Author desk.ID
	Body   string
	At     time.Time
	Mail   string // "", waiting, sent or failed
}

func caseKey(ws, id desk.ID) vault.Ref {
	return vault.Ref{Workspace: int64(ws), Kind: vault.Subject, Of: int64(id)}
}

// AddPersonCase opens a case of what a person asks, with a key of its own; c.ID is
// the caller's.
func (t *Tx) AddPersonCase(code []byte, c Case) error {
	if _, err := t.db.vault.Key(t.ctx, caseKey(t.ws, c.ID)); err != nil {
		return err
	}
	_, err := t.exec(sqlAddPersonCase, int64(t.ws), int64(c.ID), c.Kind, string(c.State), code, us(c.AskedAt), us(t.now), us(c.Due), c.Door, c.Law, c.Locale,
		int64(c.Contact), int64(c.Conversation), int64(c.Assignee), c.Proof, c.ProofHash, c.Agent, int64(c.AppealOf), us(c.Next))
	return err
}

// SaveCase keeps what changed of a case that the caller locked.
func (t *Tx) SaveCase(c Case) error {
	return t.must("case", sqlSaveCase, int64(t.ws), int64(c.ID), c.Kind, string(c.State), us(c.Due), us(c.Done), string(toJSON(c.Outcome)), c.Law, int64(c.Contact),
		int64(c.Conversation), int64(c.Assignee), c.Proof, c.ProofHash, c.Agent, c.AgentChecked, us(c.Extended), us(c.Decided), int64(c.DecidedBy), c.Decision, c.Reason, us(c.Next), c.Warned)
}

// CasesDue lists cases on which the clock acts by now, the longest due first.
func (r *Rx) CasesDue(now time.Time, limit int) ([]Case, error) {
	return r.cases(sqlCasesDue, int64(r.ws), us(now), limit)
}

// CasesAbout lists a contact's cases, newest first.
func (r *Rx) CasesAbout(contact desk.ID, limit int) ([]Case, error) {
	return r.cases(sqlCasesAbout, int64(r.ws), int64(contact), limit)
}

// CaseOfProof finds the case that a proof belongs to.
func (r *Rx) CaseOfProof(hash []byte) (Case, error) {
	return r.scanCase(r.row(sqlCaseProof, int64(r.ws), hash))
}

// AppealOf finds the newest appeal against a case.
func (r *Rx) AppealOf(id desk.ID) (Case, error) {
	return r.scanCase(r.row(sqlAppealsOf, int64(r.ws), int64(id)))
}

// CaseWait is one case that waits for its answer, without anybody in it.
type CaseWait struct {
	Kind  string
	State CaseState
	Due   time.Time
}

// WaitingCases lists what waits for its answer, the soonest due first.
func (r *Rx) WaitingCases(limit int) ([]CaseWait, error) {
	all := []CaseWait{}
	err := r.each(sqlCaseCounts, []any{int64(r.ws), limit}, func(s scanner) error {
		var w CaseWait
		var state string
		var due int64
		err := s.Scan(&w.Kind, &state, &due)
		w.State, w.Due = CaseState(state), at(due)
		all = append(all, w)
		return err
	})
	return all, err
}

// AddCaseText keeps something that was said in a case; x.ID and x.At are made. What
// is empty is not kept.
func (t *Tx) AddCaseText(x *CaseText) error {
	if x.Body == "" {
		return nil
	}
	x.ID, x.At = t.NewID(), t.now
	body, err := t.seal(caseKey(t.ws, x.Case), "case_text", "body", x.ID, []byte(x.Body))
	if err == nil {
		_, err = t.exec(sqlAddCaseText, int64(t.ws), int64(x.ID), int64(x.Case), x.Kind, x.Letter, int64(x.Author), body, us(t.now), x.Mail)
	}
	return err
}

// CaseTexts lists what was said in a case, oldest first.
func (r *Rx) CaseTexts(id desk.ID) ([]CaseText, error) {
	all := []CaseText{}
	err := r.each(sqlCaseTexts, []any{int64(r.ws), int64(id)}, func(s scanner) error {
		x, err := r.scanCaseText(s)
		all = append(all, x)
		return err
	})
	return all, err
}

// CaseText returns one thing that was said.
func (r *Rx) CaseText(id desk.ID) (CaseText, error) {
	x, err := r.scanCaseText(r.row(sqlCaseText, int64(r.ws), int64(id)))
	return x, found("case_text", err)
}

func (r *Rx) scanCaseText(s scanner) (CaseText, error) {
	var x CaseText
	var body []byte
	var when int64
	if err := s.Scan(&x.ID, &x.Case, &x.Kind, &x.Letter, &x.Author, &body, &when, &x.Mail); err != nil {
		return x, err
	}
	x.At = at(when)
	clear, err := r.soft("case_text", "body", x.ID, body)
	x.Body = string(clear)
	return x, err
}

// SetCaseMail notes what came of mailing a letter.
func (t *Tx) SetCaseMail(id desk.ID, state string) error {
	return t.must("case_text", sqlCaseMail, int64(t.ws), int64(id), state)
}

// DropCaseWords removes all that was said in a case but its letters.
func (t *Tx) DropCaseWords(id desk.ID) error {
	_, err := t.exec(sqlDropCaseOwn, int64(t.ws), int64(id))
	return err
}

// CasesOver lists people's cases that were closed by a time; questions are those
// that are nobody's right.
func (r *Rx) CasesOver(closedBy time.Time, questions bool, limit int) ([]Case, error) {
	return r.cases(map[bool]string{false: sqlCasesOver, true: sqlAsksOver}[questions], int64(r.ws), us(closedBy), limit)
}

// DropCase removes a case with all that was said in it. Its key goes first.
func (t *Tx) DropCase(id desk.ID) error {
	if err := t.db.vault.Destroy(t.ctx, caseKey(t.ws, id)); err != nil {
		return err
	}
	if _, err := t.exec(sqlDropCaseTexts, int64(t.ws), int64(id)); err != nil {
		return err
	}
	return t.must("case", sqlDropCase, int64(t.ws), int64(id))
}

// PrivacyMembers lists the ids of those who answer for people's requests: owners
// and who has the role for it.
func (r *Rx) PrivacyMembers() (all []desk.ID, err error) {
	err = r.each(sqlPrivacyMembers, []any{int64(r.ws)}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// CaseCodeHash is the secret part of the address at which a person follows their
// case. It is made of the case, so that every letter can name it and nothing that
// opens is stored.
func (r *Rx) CaseCodeHash(id desk.ID) ([]byte, error) {
	return r.db.vault.Hash(r.ctx, int64(r.ws), "privacy case/status", id.String())
}
