package store

import (
	"time"

	"parley/internal/desk"
)

// GapState says what became of a gap.
type GapState string

// States of a gap.
const (
	GapOpen      GapState = "open"
	GapAnswered  GapState = "answered"
	GapDismissed GapState = "dismissed"
)

// Gap is what people ask and the knowledge does not answer.
type Gap struct {
	ID        desk.ID
	State     GapState
	Reason    string  // why the newest question found no answer
	Questions int     // how many times it was asked
	Passage   desk.ID // nearest to the newest question, 0 for none
	FirstAt   time.Time
	LastAt    time.Time
}

// GapQuestion is one message that asks for what is missing. What it says stands
// in the message alone.
type GapQuestion struct {
	ID, Gap                        desk.ID
	Contact, Conversation, Message desk.ID
	Language                       string
	Stems, Grams                   []int64 // keyed hashes, distinct, in order
	At                             time.Time
}

const (
	sqlRunsBefore   = `SELECT ` + runColumns + ` FROM ai_run WHERE workspace_id = $1 AND conversation_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4`
	gapColumns      = `id, state, reason, questions, passage_id, first_at, last_at`
	sqlInsertGap    = `INSERT INTO gap (workspace_id, ` + gapColumns + `) VALUES ($1, $2, $3, $4, 1, $5, $6, $6)`
	sqlGap          = `SELECT ` + gapColumns + ` FROM gap WHERE workspace_id = $1 AND id = $2`
	sqlGapLocked    = sqlGap + forUpdate
	sqlGapAsked     = `UPDATE gap SET state = $3, reason = $4, questions = questions + 1, passage_id = $5, last_at = $6 WHERE workspace_id = $1 AND id = $2`
	sqlGapState     = `UPDATE gap SET state = $3 WHERE workspace_id = $1 AND id = $2`
	sqlGaps         = `SELECT ` + gapColumns + ` FROM gap WHERE workspace_id = $1 AND state = $2 AND (last_at < $3 OR last_at = $3 AND id < $4) ORDER BY last_at DESC, id DESC LIMIT $5`
	questionColumns = `id, gap_id, contact_id, conversation_id, message_id, language, stems, grams, at`
	sqlAddQuestion  = `INSERT INTO gap_question (workspace_id, ` + questionColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (workspace_id, message_id) DO NOTHING`
	sqlQuestionAsked = `SELECT count(*) FROM gap_question WHERE workspace_id = $1 AND message_id = $2`
	sqlQuestionsNew  = `SELECT ` + questionColumns + ` FROM gap_question WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2`
	sqlQuestionsOf   = `SELECT ` + questionColumns + ` FROM gap_question WHERE workspace_id = $1 AND gap_id = $2 ORDER BY id DESC LIMIT $3`
	sqlGapLanguages  = `SELECT DISTINCT language FROM gap_question WHERE workspace_id = $1 AND gap_id = $2 AND language <> '' ORDER BY language`

	sqlGapsWithout = `UPDATE gap SET questions = questions - (SELECT count(*) FROM gap_question q WHERE q.workspace_id = $1 AND q.gap_id = gap.id AND q.conversation_id = $2)
		WHERE workspace_id = $1 AND id IN (SELECT gap_id FROM gap_question WHERE workspace_id = $1 AND conversation_id = $2)`
	sqlEraseQuestions   = `DELETE FROM gap_question WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseQuestion    = `DELETE FROM gap_question WHERE workspace_id = $1 AND message_id = $2`
	sqlGapsWithoutOne   = `UPDATE gap SET questions = questions - 1 WHERE workspace_id = $1 AND id IN (SELECT gap_id FROM gap_question WHERE workspace_id = $1 AND message_id = $2)`
	sqlDropGapsWithNone = `DELETE FROM gap WHERE workspace_id = $1 AND questions <= 0`
)

// RunsBefore lists the AI turns of a conversation with an id below before, newest
// first.
func (r *Rx) RunsBefore(conversation, before desk.ID, limit int) ([]desk.Run, error) {
	all := []desk.Run{}
	err := r.each(sqlRunsBefore, []any{int64(r.ws), int64(conversation), int64(before), limit}, func(s scanner) error {
		run, err := r.scanRun(s)
		all = append(all, run)
		return err
	})
	return all, err
}

// GapTerms turns words into the numbers that a GapQuestion holds.
func (r *Rx) GapTerms(words []string) ([]int64, error) { return r.blindTerms(words) }

// NoteGap keeps a question with its gap; gap 0 makes a new one. A gap that was
// answered opens again, one that was dismissed stays so. The same message counts
// once, and noted says whether it did now.
func (t *Tx) NoteGap(q GapQuestion, reason string, passage desk.ID) (gap desk.ID, noted bool, err error) {
	var known int
	if err := t.row(sqlQuestionAsked, int64(t.ws), int64(q.Message)).Scan(&known); err != nil || known > 0 {
		return 0, false, err
	}
	if q.Gap != 0 {
		g, err := t.LockGap(q.Gap)
		switch {
		case desk.IsNotFound(err):
			q.Gap = 0
		case err != nil:
			return 0, false, err
		default:
			if g.State == GapAnswered {
				g.State = GapOpen
			}
			if err := t.must("gap", sqlGapAsked, int64(t.ws), int64(g.ID), string(g.State), reason, int64(passage), us(t.now)); err != nil {
				return 0, false, err
			}
		}
	}
	if q.Gap == 0 {
		q.Gap = t.NewID()
		if _, err := t.exec(sqlInsertGap, int64(t.ws), int64(q.Gap), string(GapOpen), reason, int64(passage), us(t.now)); err != nil {
			return 0, false, err
		}
	}
	_, err = t.exec(sqlAddQuestion, int64(t.ws), int64(t.NewID()), int64(q.Gap), int64(q.Contact), int64(q.Conversation), int64(q.Message),
		q.Language, packTerms(q.Stems), packTerms(q.Grams), us(t.now))
	return q.Gap, err == nil, err
}

// LockGap returns a gap and keeps it locked until the commit.
func (t *Tx) LockGap(id desk.ID) (Gap, error) {
	g, err := scanGap(t.row(sqlGapLocked, int64(t.ws), int64(id)))
	return g, found("gap", err)
}

// SetGap notes what became of a gap.
func (t *Tx) SetGap(id desk.ID, state GapState) error {
	return t.must("gap", sqlGapState, int64(t.ws), int64(id), string(state))
}

// Gap returns a gap.
func (r *Rx) Gap(id desk.ID) (Gap, error) {
	g, err := scanGap(r.row(sqlGap, int64(r.ws), int64(id)))
	return g, found("gap", err)
}

// Gaps lists gaps of one state, the one asked last first. A page begins after
// the time and id of the last one of the page before; zero is the first page.
func (r *Rx) Gaps(state GapState, asked time.Time, before desk.ID, limit int) ([]Gap, error) {
	last := int64(maxID)
	if !asked.IsZero() {
		last = us(asked)
	}
	all := []Gap{}
	err := r.each(sqlGaps, []any{int64(r.ws), string(state), last, int64(before), limit}, func(s scanner) error {
		g, err := scanGap(s)
		all = append(all, g)
		return err
	})
	return all, err
}

// GapQuestions lists the newest questions of a gap.
func (r *Rx) GapQuestions(gap desk.ID, limit int) ([]GapQuestion, error) {
	return r.questions(sqlQuestionsOf, int64(r.ws), int64(gap), limit)
}

// NewestGapQuestions lists the newest questions of all gaps.
func (r *Rx) NewestGapQuestions(limit int) ([]GapQuestion, error) {
	return r.questions(sqlQuestionsNew, int64(r.ws), limit)
}

// GapLanguages lists the languages in which a gap was asked.
func (r *Rx) GapLanguages(gap desk.ID) ([]string, error) {
	all := []string{}
	err := r.each(sqlGapLanguages, []any{int64(r.ws), int64(gap)}, func(s scanner) error {
		var one string
		err := s.Scan(&one)
		all = append(all, one)
		return err
	})
	return all, err
}

func (r *Rx) questions(query string, args ...any) ([]GapQuestion, error) {
	all := []GapQuestion{}
	err := r.each(query, args, func(s scanner) error {
		var q GapQuestion
		var stems, grams []byte
		var when int64
		err := s.Scan(&q.ID, &q.Gap, &q.Contact, &q.Conversation, &q.Message, &q.Language, &stems, &grams, &when)
		q.Stems, q.Grams, q.At = unpackTerms(stems), unpackTerms(grams), at(when)
		all = append(all, q)
		return err
	})
	return all, err
}

func scanGap(s scanner) (Gap, error) {
	var g Gap
	var state string
	var first, last int64
	err := s.Scan(&g.ID, &state, &g.Reason, &g.Questions, &g.Passage, &first, &last)
	g.State, g.FirstAt, g.LastAt = GapState(state), at(first), at(last)
	return g, err
}

// dropAsked takes the questions of a conversation out of their gaps; a gap that
// nobody else asked goes with them.
func (t *Tx) dropAsked(conversation int64) error {
	for _, query := range []string{sqlGapsWithout, sqlEraseQuestions} {
		if _, err := t.exec(query, int64(t.ws), conversation); err != nil {
			return err
		}
	}
	_, err := t.exec(sqlDropGapsWithNone, int64(t.ws))
	return err
}

// dropAskedIn does the same for one message, which was taken back.
func (t *Tx) dropAskedIn(message desk.ID) error {
	for _, query := range []string{sqlGapsWithoutOne, sqlEraseQuestion} {
		if n, err := t.exec(query, int64(t.ws), int64(message)); err != nil || n == 0 {
			return err
		}
	}
	_, err := t.exec(sqlDropGapsWithNone, int64(t.ws))
	return err
}
