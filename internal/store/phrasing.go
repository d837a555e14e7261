package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/text"
)

// PhrasingState says whether a wording counts.
type PhrasingState string

// States of a phrasing.
const (
	PhrasingActive    PhrasingState = "active"
	PhrasingSuggested PhrasingState = "suggested" // nobody approved it yet
	PhrasingDeclined  PhrasingState = "declined"  // somebody did not; kept so that it is not suggested again
)

// Phrasing is another way to ask for a passage. It belongs to what the passage
// says, of a pair to its question, so it lasts when that is read anew.
type Phrasing struct {
	ID       desk.ID
	Source   desk.ID
	Text     string // without personal data
	Language string
	State    PhrasingState
	Question bool // it is the question of the pair itself

	// Whose words these were; 0 for a member's own.
	Contact, Conversation, Message desk.ID
	At                             time.Time
}

const (
	phrasingColumns   = `id, source_id, text, language, state, question, contact_id, conversation_id, message_id, at`
	sqlInsertPhrasing = `INSERT INTO phrasing (workspace_id, ` + phrasingColumns + `, said) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	sqlPhrasing       = `SELECT ` + phrasingColumns + ` FROM phrasing WHERE workspace_id = $1 AND id = $2`
	sqlPhrasings      = `SELECT ` + phrasingColumns + ` FROM phrasing WHERE workspace_id = $1 AND source_id = $2 AND said = $3 ORDER BY id LIMIT $4`
	sqlAnyPhrasing    = `SELECT count(*) FROM (SELECT id FROM phrasing WHERE workspace_id = $1 AND source_id = $2 LIMIT 1) AS one`
	sqlAllPhrasings   = `SELECT said, id, text FROM phrasing WHERE workspace_id = $1 AND source_id = $2 AND state = 'active' ORDER BY id`
	sqlSetPhrasing    = `UPDATE phrasing SET state = $3 WHERE workspace_id = $1 AND id = $2`
	sqlDropPhrasing   = `DELETE FROM phrasing WHERE workspace_id = $1 AND id = $2`
	sqlDropPhrasings  = `DELETE FROM phrasing WHERE workspace_id = $1 AND source_id = $2`

	sqlPhrasingsFrom   = `SELECT ` + phrasingColumns + ` FROM phrasing WHERE workspace_id = $1 AND conversation_id = $2 AND conversation_id > 0`
	sqlPhrasingsOut    = `SELECT ` + phrasingColumns + ` FROM phrasing WHERE workspace_id = $1 AND conversation_id = $2 AND conversation_id > 0 AND message_id = $3`
	sqlErasePhrasing   = `DELETE FROM phrasing WHERE workspace_id = $1 AND id = $2`
	sqlRewordPassage   = `UPDATE passage SET body = $3 WHERE workspace_id = $1 AND id = $2`
	sqlRewordPhrasings = `UPDATE phrasing SET said = $4 WHERE workspace_id = $1 AND source_id = $2 AND said = $3`
)

// MaxPhrasings is how many other wordings a passage has at most.
const MaxPhrasings = 50

// said is the keyed hash of what phrasings of a passage belong to.
func (r *Rx) said(b PassageBody) ([]byte, error) {
	of := "t\x00" + b.Heading + "\x00" + b.Text
	if b.Question != "" {
		of = "q\x00" + b.Question
	}
	return r.db.vault.Hash(r.ctx, int64(r.ws), "phrasing", of)
}

// AddPhrasing keeps another wording for a passage, of which only the source and
// the body need be known; p.ID and p.Source are made. One that stands there
// already changes nothing.
func (t *Tx) AddPhrasing(of Passage, p Phrasing) (Phrasing, error) {
	p.Source = of.Source
	said, err := t.said(of.read())
	if err != nil {
		return p, err
	}
	there, err := t.phrasings(p.Source, said)
	if err != nil {
		return p, err
	}
	for _, old := range there {
		if text.Fold(old.Text) == text.Fold(p.Text) {
			if old.State != PhrasingActive && p.State == PhrasingActive {
				return t.activate(old)
			}
			return old, nil
		}
	}
	if len(counted(there)) >= MaxPhrasings {
		return p, desk.Fail(desk.Invalid, "too_many_phrasings", "a passage has at most 50 other wordings; remove one first")
	}
	p.ID, p.At = t.NewID(), t.now
	sealed, err := t.seal(t.workspaceKey(), "phrasing", "text", p.ID, []byte(p.Text))
	if err != nil {
		return p, err
	}
	_, err = t.exec(sqlInsertPhrasing, int64(t.ws), int64(p.ID), int64(p.Source), sealed, p.Language, string(p.State), p.Question,
		int64(p.Contact), int64(p.Conversation), int64(p.Message), us(t.now), said)
	if err != nil || p.State != PhrasingActive {
		return p, err
	}
	return p, t.readAgain(p.Source)
}

// Phrasings lists the other wordings of a passage, without those declined.
func (r *Rx) Phrasings(p Passage) ([]Phrasing, error) {
	all, err := r.EveryPhrasing(p)
	return counted(all), err
}

// EveryPhrasing lists also the declined ones.
func (r *Rx) EveryPhrasing(p Passage) ([]Phrasing, error) {
	said, err := r.said(p.read())
	if err != nil {
		return nil, err
	}
	return r.phrasings(p.Source, said)
}

// counted leaves out what was declined.
func counted(all []Phrasing) []Phrasing {
	return slices.DeleteFunc(slices.Clone(all), func(p Phrasing) bool { return p.State == PhrasingDeclined })
}

func (r *Rx) phrasings(source desk.ID, said []byte) ([]Phrasing, error) {
	return r.eachPhrasing(sqlPhrasings, int64(r.ws), int64(source), said, 4*MaxPhrasings)
}

func (r *Rx) eachPhrasing(query string, args ...any) ([]Phrasing, error) {
	all := []Phrasing{}
	err := r.each(query, args, func(s scanner) error {
		p, err := r.scanPhrasing(s)
		all = append(all, p)
		return err
	})
	return all, err
}

// Phrasing returns one that was not declined.
func (r *Rx) Phrasing(id desk.ID) (Phrasing, error) {
	p, err := r.scanPhrasing(r.row(sqlPhrasing, int64(r.ws), int64(id)))
	if err == nil && p.State == PhrasingDeclined {
		err = missing("phrasing")
	}
	return p, found("phrasing", err)
}

func (r *Rx) scanPhrasing(s scanner) (Phrasing, error) {
	var p Phrasing
	var sealed []byte
	var state string
	var when int64
	err := s.Scan(&p.ID, &p.Source, &sealed, &p.Language, &state, &p.Question, &p.Contact, &p.Conversation, &p.Message, &when)
	if err != nil {
		return p, err
	}
	words, err := r.open("phrasing", "text", p.ID, sealed)
	p.Text, p.State, p.At = string(words), PhrasingState(state), at(when)
	return p, err
}

// phrased gives passages of one source the wordings that count.
func (r *Rx) phrased(source desk.ID, passages []Passage) error {
	var some int
	if err := r.row(sqlAnyPhrasing, int64(r.ws), int64(source)).Scan(&some); err != nil || some == 0 {
		return err
	}
	by := map[string][]string{}
	err := r.each(sqlAllPhrasings, []any{int64(r.ws), int64(source)}, func(s scanner) error {
		var said, sealed []byte
		var id desk.ID
		if err := s.Scan(&said, &id, &sealed); err != nil {
			return err
		}
		words, err := r.open("phrasing", "text", id, sealed)
		by[string(said)] = append(by[string(said)], string(words))
		return err
	})
	for i := range passages {
		if err != nil {
			return err
		}
		var said []byte
		said, err = r.said(passages[i].read())
		passages[i].Asked = by[string(said)]
	}
	return err
}

// Phrased gives one passage the wordings that count.
func (r *Rx) Phrased(p *Passage) error {
	var some int
	if err := r.row(sqlAnyPhrasing, int64(r.ws), int64(p.Source)).Scan(&some); err != nil || some == 0 {
		return err
	}
	all, err := r.Phrasings(*p)
	p.Asked = nil
	for _, one := range all {
		if one.State == PhrasingActive {
			p.Asked = append(p.Asked, one.Text)
		}
	}
	return err
}

// ApprovePhrasing makes a suggested wording count.
func (t *Tx) ApprovePhrasing(id desk.ID) (Phrasing, error) {
	p, err := t.Phrasing(id)
	if err != nil || p.State == PhrasingActive {
		return p, err
	}
	return t.activate(p)
}

func (t *Tx) activate(p Phrasing) (Phrasing, error) {
	if err := t.must("phrasing", sqlSetPhrasing, int64(t.ws), int64(p.ID), string(PhrasingActive)); err != nil {
		return p, err
	}
	p.State = PhrasingActive
	return p, t.readAgain(p.Source)
}

// DropPhrasing removes a wording; a suggested one is declined.
func (t *Tx) DropPhrasing(id desk.ID) (Phrasing, error) {
	p, err := t.Phrasing(id)
	if err != nil {
		return p, err
	}
	if p.State == PhrasingSuggested {
		return p, t.must("phrasing", sqlSetPhrasing, int64(t.ws), int64(id), string(PhrasingDeclined))
	}
	if err := t.must("phrasing", sqlDropPhrasing, int64(t.ws), int64(id)); err != nil {
		return p, err
	}
	return p, t.readAgain(p.Source)
}

// readAgain makes every index read a source, and what is kept of it, again.
func (t *Tx) readAgain(source desk.ID) error {
	stamp, err := t.moveKnowledge()
	if err != nil {
		return err
	}
	pages, err := t.exec(sqlStampPages, int64(t.ws), int64(source), stamp)
	if err != nil {
		return err
	}
	if pages == 0 {
		if _, err := t.exec(sqlStampSource, int64(t.ws), int64(source), stamp); err != nil {
			return err
		}
	}
	return t.DropIndex()
}

// dropWords removes the wordings that were a conversation's, or with a message
// only that one's. A pair whose question was one keeps its answer under the
// answer's own beginning.
func (t *Tx) dropWords(conversation int64, message desk.ID) error {
	query, args := sqlPhrasingsFrom, []any{int64(t.ws), conversation}
	if message != 0 {
		query, args = sqlPhrasingsOut, append(args, int64(message))
	}
	all, err := t.eachPhrasing(query, args...)
	if err != nil {
		return err
	}
	for _, p := range all {
		if _, err := t.exec(sqlErasePhrasing, int64(t.ws), int64(p.ID)); err != nil {
			return err
		}
		if p.Question {
			if err := t.reword(p); err != nil {
				return err
			}
		}
		if err := t.readAgain(p.Source); err != nil {
			return err
		}
	}
	return nil
}

// readWork is the kind of work that reads a source whose input changed.
const readWork = "read"

// maxOpening is how much of an answer stands in for its question, in bytes.
const maxOpening = 80

// reword takes the words of a phrasing out of the pair whose question they are.
func (t *Tx) reword(p Phrasing) error {
	input, err := t.SourceInput(p.Source)
	if err != nil {
		return mayBeGone(err)
	}
	var pairs []map[string]json.RawMessage
	if err := json.Unmarshal(input, &pairs); err != nil {
		return nil // it is no list of pairs any more
	}
	was := toJSON(p.Text)
	for _, pair := range pairs {
		var answer string
		if bytes.Equal(pair["question"], was) && json.Unmarshal(pair["answer"], &answer) == nil {
			pair["question"] = toJSON(text.Cut(answer, maxOpening))
		}
	}
	if err := t.RenewInput(p.Source, toJSON(pairs)); err != nil {
		return err
	}
	t.AddWork(Work{Kind: readWork, Key: p.Source, Object: p.Source}) // a reading under way has the words still
	passages, err := t.Passages(p.Source)
	for _, one := range passages {
		if err != nil {
			return err
		}
		if one.Question == p.Text {
			err = t.rewordPassage(one)
		}
	}
	return err
}

func (t *Tx) rewordPassage(one Passage) error {
	body := one.read()
	old, e1 := t.said(body)
	body.Question = text.Cut(body.Text, maxOpening)
	fresh, e2 := t.said(body)
	sealed, e3 := t.seal(t.workspaceKey(), "passage", "body", one.ID, toJSON(body))
	if err := errors.Join(e1, e2, e3); err != nil {
		return err
	}
	if err := t.must("passage", sqlRewordPassage, int64(t.ws), int64(one.ID), sealed); err != nil {
		return err
	}
	if err := t.dropVector(one.ID); err != nil {
		return err
	}
	_, err := t.exec(sqlRewordPhrasings, int64(t.ws), int64(one.Source), old, fresh)
	return err
}

// mayBeGone lets what is not there be as it is.
func mayBeGone(err error) error {
	if desk.IsNotFound(err) {
		return nil
	}
	return err
}
