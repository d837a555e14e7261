package store

import (
	"encoding/json"
	"errors"

	"parley/internal/desk"
)

// Passage is a piece of a source that can be found and quoted.
type Passage struct {
	ID        desk.ID
	Workspace desk.ID
	Source    desk.ID
	N         int
	Language  string
	PassageBody
	From, To int // bytes of the source's clean text; 0, 0 for a pair

	Original string // the text as it was read, where PassageBody.Text is a member's; "" = nobody changed it
	Version  int    // number of edits
	Hidden   bool   // a member keeps it from being found
	Suspect  string // why it is held back for review; "" = it is not
	Cleared  bool   // a member approved it although it is Suspect
	Item     *Item  // row of a price list, when it is put in

	Suggested bool // a model was asked for questions about what it says now

	Asked []string // other ways to ask for it that people added; see Phrasing
}

// PassageBody is what a passage says.
type PassageBody struct {
	Heading      string   `json:"h,omitempty"`
	Question     string   `json:"q,omitempty"`
	Alternatives []string `json:"a,omitempty"`
	Text         string   `json:"t"`
}

// Live reports whether a passage may be found and quoted.
func (p Passage) Live() bool { return !p.Hidden && (p.Suspect == "" || p.Cleared) }

// read is what was read, without a member's changes.
func (p Passage) read() PassageBody {
	b := p.PassageBody
	if p.Original != "" {
		b.Text = p.Original
	}
	return b
}

const (
	passageColumns   = `id, source_id, n, language, body, body_from, body_to, hidden, suspect, cleared, edited, version, suggested`
	sqlInsertPassage = `INSERT INTO passage (workspace_id, ` + passageColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	sqlPassage       = `SELECT ` + passageColumns + ` FROM passage WHERE workspace_id = $1 AND id = $2`
	sqlPassageLocked = sqlPassage + forUpdate
	sqlPassagesOf    = `SELECT ` + passageColumns + ` FROM passage WHERE workspace_id = $1 AND source_id = $2 AND n >= $3 AND n < $4 ORDER BY n`
	sqlDropPassages  = `DELETE FROM passage WHERE workspace_id = $1 AND source_id = $2 AND n >= $3 AND n < $4`
	sqlTendPassage   = `UPDATE passage SET hidden = $3, suspect = $4, cleared = $5, edited = $6, version = $7, suggested = $8 WHERE workspace_id = $1 AND id = $2`
	sqlInsertEdit    = `INSERT INTO passage_edit (workspace_id, passage_id, version, source_id, text, created_at, act, by_kind, by_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlEdits       = `SELECT version, text, created_at, act, by_kind, by_id FROM passage_edit WHERE workspace_id = $1 AND passage_id = $2 ORDER BY version DESC LIMIT $3`
	sqlDropEdits   = `DELETE FROM passage_edit WHERE workspace_id = $1 AND passage_id = $2`
	sqlDropEditsOf = `DELETE FROM passage_edit WHERE workspace_id = $1 AND source_id = $2`
	sqlStampPageNo = `UPDATE source_page SET stamp = $4 WHERE workspace_id = $1 AND source_id = $2 AND no = $3 AND stamp > 0`
)

// places are numbers of passages within a source: from … to-1.
type places struct{ from, to int64 }

// allPlaces are those of a whole source.
var allPlaces = places{0, 1 << 62}

// ReplacePassages puts new passages in place of a source's. A passage that says
// what one of the old ones said keeps its id, so that references to it last, and
// what members did to it. With the old ones goes the kept index, which knows them.
func (t *Tx) ReplacePassages(source desk.ID, fresh []Passage) error {
	stamp, err := t.replacePassages(source, allPlaces, fresh)
	if err != nil {
		return err
	}
	return t.must("source", sqlStampSource, int64(t.ws), int64(source), stamp)
}

// replacePassages puts new passages into some places of a source, and gives the
// knowledge version that this made.
func (t *Tx) replacePassages(source desk.ID, at places, fresh []Passage) (stamp int64, err error) {
	old, err := t.passages(source, at)
	if err != nil {
		return 0, err
	}
	said := make(map[string][]Passage, len(old))
	for _, p := range old {
		body := string(toJSON(p.read()))
		said[body] = append(said[body], p)
	}
	meant, err := t.vectorsOf(source, at)
	if err != nil {
		return 0, err
	}
	if err := t.clearPlaces(source, at); err != nil {
		return 0, err
	}
	for i, p := range fresh {
		body := string(toJSON(p.PassageBody))
		p.Source, p.N = source, int(at.from)+i
		if same := said[body]; len(same) > 0 {
			p.tended(same[0])
			said[body] = same[1:]
		} else {
			p.ID = t.NewID()
		}
		if err := t.insertPassage(p, []byte(body)); err != nil {
			return 0, err
		}
	}
	if err := t.dropSuggestionsOf(source, said, fresh); err != nil {
		return 0, err
	}
	for _, gone := range said {
		for _, p := range gone {
			if meant[p.ID] {
				if err := t.dropVector(p.ID); err != nil {
					return 0, err
				}
			}
			if p.Version == 0 {
				continue
			}
			if _, err := t.exec(sqlDropEdits, int64(t.ws), int64(p.ID)); err != nil {
				return 0, err
			}
		}
	}
	if stamp, err = t.moveKnowledge(); err != nil || len(old) == 0 {
		return stamp, err
	}
	return stamp, t.DropIndex()
}

// tended takes over what members did to an old passage that says the same.
func (p *Passage) tended(old Passage) {
	p.ID, p.Hidden, p.Cleared, p.Version, p.Suggested = old.ID, old.Hidden, old.Cleared, old.Version, old.Suggested
	if old.Original != "" {
		p.Original, p.Text, p.Suspect = old.Original, old.Text, old.Suspect
	}
}

func (t *Tx) insertPassage(p Passage, body []byte) error {
	sealed, e1 := t.seal(t.workspaceKey(), "passage", "body", p.ID, body)
	edited, e2 := t.sealEdit(p)
	if err := errors.Join(e1, e2); err != nil {
		return err
	}
	_, err := t.exec(sqlInsertPassage, int64(t.ws), int64(p.ID), int64(p.Source), p.N, p.Language, sealed, p.From, p.To,
		p.Hidden, p.Suspect, p.Cleared, edited, p.Version, p.Suggested)
	if err != nil || p.Item == nil {
		return err
	}
	return t.insertItem(p.ID, p.Source, *p.Item)
}

// sealEdit seals a member's text; nil when the passage says what was read.
func (t *Tx) sealEdit(p Passage) ([]byte, error) {
	if p.Original == "" {
		return nil, nil
	}
	return t.seal(t.workspaceKey(), "passage", "edited", p.ID, []byte(p.Text))
}

// dropPassages removes passages with all that was done to them.
func (t *Tx) dropPassages(source desk.ID, at places) error {
	if err := t.dropVectorsOf(source, at); err != nil {
		return err
	}
	if err := t.clearPlaces(source, at); err != nil {
		return err
	}
	_, err := t.exec(sqlDropEditsOf, int64(t.ws), int64(source))
	return err
}

func (t *Tx) clearPlaces(source desk.ID, at places) error {
	if _, err := t.exec(sqlDropPassages, int64(t.ws), int64(source), at.from, at.to); err != nil || at != allPlaces {
		return err
	}
	_, err := t.exec(sqlDropItems, int64(t.ws), int64(source))
	return err
}

// TendPassage applies fn to what members may change of a passage: Hidden,
// Cleared, Suspect, and Text, which is "" to say again what was read. Each change
// is a new version, kept with who made it.
func (t *Tx) TendPassage(id desk.ID, by desk.Actor, fn func(*Passage) error) (Passage, error) {
	p, err := t.scanPassage(t.row(sqlPassageLocked, int64(t.ws), int64(id)))
	if err != nil {
		return p, found("passage", err)
	}
	was := p
	if err := fn(&p); err != nil {
		return p, err
	}
	switch read := was.read().Text; {
	case p.Text == "" || p.Text == read:
		p.Text, p.Original = read, ""
	default:
		p.Original = read
	}
	edited, err := t.sealEdit(p)
	if err != nil {
		return p, err
	}
	if p.Text != was.Text {
		p.Suggested = false
	}
	for _, act := range acts(was, p) {
		p.Version++
		if err := t.keepEdit(p, act, by); err != nil {
			return p, err
		}
	}
	err = t.must("passage", sqlTendPassage, int64(t.ws), int64(id), p.Hidden, p.Suspect, p.Cleared, edited, p.Version, p.Suggested)
	if err != nil {
		return p, err
	}
	return p, t.moved(p)
}

// acts names what became different about a passage.
func acts(was, is Passage) (all []PassageAct) {
	switch {
	case is.Text == was.Text:
	case is.Original == "":
		all = append(all, PassageRestored)
	default:
		all = append(all, PassageEdited)
	}
	turned := func(was, is bool, on, off PassageAct) {
		if is && !was {
			all = append(all, on)
		} else if was && !is {
			all = append(all, off)
		}
	}
	turned(was.Hidden, is.Hidden, PassageHidden, PassageShown)
	if is.Text == was.Text {
		turned(was.Cleared, is.Cleared, PassageApproved, PassageHeld)
	}
	return all
}

func (t *Tx) keepEdit(p Passage, act PassageAct, by desk.Actor) error {
	var sealed []byte
	if p.Original != "" {
		var err error
		if sealed, err = t.seal(t.workspaceKey(), "passage_edit", "text", p.ID, []byte(p.Text)); err != nil {
			return err
		}
	}
	_, err := t.exec(sqlInsertEdit, int64(t.ws), int64(p.ID), p.Version, int64(p.Source), sealed, us(t.now),
		string(act), string(by.Kind), int64(by.ID))
	return err
}

// moved marks the page or source of a passage as changed, and drops its vector
// and the kept index, which know what the passage said.
func (t *Tx) moved(p Passage) error {
	if err := t.dropVector(p.ID); err != nil {
		return err
	}
	stamp, err := t.moveKnowledge()
	if err != nil {
		return err
	}
	page, err := t.exec(sqlStampPageNo, int64(t.ws), int64(p.Source), p.N/PagePassages, stamp)
	if err != nil {
		return err
	}
	if page == 0 {
		if err := t.must("source", sqlStampSource, int64(t.ws), int64(p.Source), stamp); err != nil {
			return err
		}
	}
	return t.DropIndex()
}

// Edits lists what was done to a passage and what it said from then on, newest
// first; Text "" is what was read.
func (r *Rx) Edits(passage desk.ID, limit int) ([]Edit, error) {
	all := []Edit{}
	err := r.each(sqlEdits, []any{int64(r.ws), int64(passage), limit}, func(s scanner) error {
		var e Edit
		var sealed []byte
		var when int64
		if err := s.Scan(&e.Version, &sealed, &when, &e.Act, &e.By.Kind, &e.By.ID); err != nil {
			return err
		}
		e.At = at(when)
		if sealed != nil {
			text, err := r.open("passage_edit", "text", passage, sealed)
			if err != nil {
				return err
			}
			e.Text = string(text)
		}
		all = append(all, e)
		return nil
	})
	return all, err
}

// Passage returns a passage by id.
func (r *Rx) Passage(id desk.ID) (Passage, error) {
	p, err := r.scanPassage(r.row(sqlPassage, int64(r.ws), int64(id)))
	return p, found("passage", err)
}

// Passages lists the passages of a source in order.
func (r *Rx) Passages(source desk.ID) ([]Passage, error) { return r.passages(source, allPlaces) }

func (r *Rx) passages(source desk.ID, at places) ([]Passage, error) {
	all := []Passage{}
	err := r.each(sqlPassagesOf, []any{int64(r.ws), int64(source), at.from, at.to}, func(s scanner) error {
		p, err := r.scanPassage(s)
		all = append(all, p)
		return err
	})
	return all, err
}

func (r *Rx) scanPassage(s scanner) (Passage, error) {
	p := Passage{Workspace: r.ws}
	var sealed, edited []byte
	if err := s.Scan(&p.ID, &p.Source, &p.N, &p.Language, &sealed, &p.From, &p.To, &p.Hidden, &p.Suspect, &p.Cleared, &edited, &p.Version, &p.Suggested); err != nil {
		return p, err
	}
	body, err := r.open("passage", "body", p.ID, sealed)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(body, &p.PassageBody); err != nil || edited == nil {
		return p, err
	}
	text, err := r.open("passage", "edited", p.ID, edited)
	p.Original, p.Text = p.Text, string(text)
	return p, err
}
