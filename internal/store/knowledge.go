package store

import (
	"errors"
	"time"

	"parley/internal/desk"
)

// SourceState says how far the reading of a source is.
type SourceState string

// The states of a source.
const (
	SourceQueued  SourceState = "queued"
	SourceReading SourceState = "reading"
	SourceReady   SourceState = "ready"
	SourceFailed  SourceState = "failed"
)

// Source is something the business gave as knowledge. Everything it says is
// sealed under the workspace key.
type Source struct {
	ID        desk.ID
	Workspace desk.ID
	Kind      string // faq, text, markdown, file, catalogue, profile, page, site, replies
	Name      string
	URL       string
	Size      int64  // bytes of the input
	Language  string // as given; "" = guessed per passage
	State     SourceState
	Reason    string // why it failed
	Passages  int
	Revision  int64  // moves with every new input
	Format    string // of a file: pdf, docx, …
	Stage     string // while it is read: opening, reading, keeping
	PagesDone int
	Pages     int
	CreatedAt time.Time
	UpdatedAt time.Time
}

const (
	sourceColumns   = `id, kind, name, url, size, language, state, reason, passages, revision, format, stage, pages_done, pages, created_at, updated_at`
	sqlInsertSource = `INSERT INTO source (workspace_id, ` + sourceColumns + `, name_hash, input, stamp)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0)`
	sqlSource       = `SELECT ` + sourceColumns + ` FROM source WHERE workspace_id = $1 AND id = $2`
	sqlSourceLocked = sqlSource + forUpdate
	sqlSourceInput  = `SELECT input FROM source WHERE workspace_id = $1 AND id = $2`
	sqlSources      = `SELECT ` + sourceColumns + ` FROM source WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlSourceOfKind = `SELECT id FROM source WHERE workspace_id = $1 AND kind = $2 ORDER BY id LIMIT 1`
	sqlSourceNamed  = `SELECT id FROM source WHERE workspace_id = $1 AND name_hash = $2`
	sqlUpdateSource = `UPDATE source SET name = $3, name_hash = $4, url = $5, language = $6, state = $7, reason = $8,
		passages = $9, updated_at = $10, kind = $11, format = $12, stage = $13, pages_done = $14, pages = $15 WHERE workspace_id = $1 AND id = $2`
	sqlNewInput    = `UPDATE source SET input = $3, size = $4, revision = revision + 1 WHERE workspace_id = $1 AND id = $2`
	sqlStampSource = `UPDATE source SET stamp = $3 WHERE workspace_id = $1 AND id = $2`
	sqlStamps      = `SELECT id, stamp FROM source WHERE workspace_id = $1 AND stamp > 0
		UNION ALL SELECT id, stamp FROM source_page WHERE workspace_id = $1 AND stamp > 0`
	sqlDropSource       = `DELETE FROM source WHERE workspace_id = $1 AND id = $2`
	sqlKnowledgeVersion = `SELECT version FROM knowledge_version WHERE workspace_id = $1`
	sqlMoveKnowledge    = `INSERT INTO knowledge_version (workspace_id, version) VALUES ($1, 1)
		ON CONFLICT (workspace_id) DO UPDATE SET version = knowledge_version.version + 1 RETURNING version`
)

// InsertSource adds a source with its input. fold is the name as it is compared
// with others; a name taken answers desk.Conflict "source_name_taken",
// input without room StorageFull.
func (t *Tx) InsertSource(s Source, fold string, input []byte) error {
	hash, err := t.freeName(s.ID, fold)
	if err != nil {
		return err
	}
	name, e1 := t.seal(t.workspaceKey(), "source", "name", s.ID, []byte(s.Name))
	url, e2 := t.seal(t.workspaceKey(), "source", "url", s.ID, []byte(s.URL))
	sealed, e3 := t.seal(t.workspaceKey(), "source", "input", s.ID, input)
	if err := errors.Join(e1, e2, e3); err != nil {
		return err
	}
	if err := t.charge(0, int64(len(input))); err != nil {
		return err
	}
	_, err = t.exec(sqlInsertSource, int64(t.ws), int64(s.ID), s.Kind, name, url, len(input), s.Language, string(s.State),
		s.Reason, s.Passages, 1, s.Format, s.Stage, s.PagesDone, s.Pages, us(t.now), us(t.now), hash, sealed)
	return nameTaken(err)
}

// freeName is the keyed hash of a name that no other source has.
func (t *Tx) freeName(id desk.ID, fold string) ([]byte, error) {
	hash, err := t.db.vault.Hash(t.ctx, int64(t.ws), "source name", fold)
	if err != nil {
		return nil, err
	}
	var other desk.ID
	err = found("source", t.row(sqlSourceNamed, int64(t.ws), hash).Scan(&other))
	switch {
	case desk.CodeOf(err) == desk.NotFound:
		return hash, nil
	case err == nil && other != id:
		return nil, nameTaken(desk.Fail(desk.Conflict, "exists", ""))
	}
	return hash, err
}

func nameTaken(err error) error {
	if desk.CodeOf(err) != desk.Conflict {
		return err
	}
	return &desk.Error{Code: desk.Conflict, Reason: "source_name_taken",
		Text: "there is a source with this name already; choose another name or change that source", Cause: err}
}

// ChangeSource applies fn to a source and keeps it locked until the commit. fold
// gives the name as it is compared with others.
func (t *Tx) ChangeSource(id desk.ID, fold func(string) string, fn func(*Source) error) (Source, error) {
	s, err := t.scanSource(t.row(sqlSourceLocked, int64(t.ws), int64(id)))
	if err != nil {
		return s, found("source", err)
	}
	if err := fn(&s); err != nil {
		return s, err
	}
	hash, err := t.freeName(id, fold(s.Name))
	if err != nil {
		return s, err
	}
	name, e1 := t.seal(t.workspaceKey(), "source", "name", id, []byte(s.Name))
	url, e2 := t.seal(t.workspaceKey(), "source", "url", id, []byte(s.URL))
	if err := errors.Join(e1, e2); err != nil {
		return s, err
	}
	s.UpdatedAt = t.now
	return s, t.must("source", sqlUpdateSource, int64(t.ws), int64(id), name, hash, url, s.Language, string(s.State),
		s.Reason, s.Passages, us(t.now), s.Kind, s.Format, s.Stage, s.PagesDone, s.Pages)
}

// ReplaceInput gives a source new input; its revision moves. Input without room
// is StorageFull.
func (t *Tx) ReplaceInput(id desk.ID, input []byte) error {
	return t.replaceInput(id, input, t.charge)
}

// RenewInput is ReplaceInput for what the program itself makes of input that has
// its room already: it is counted and never refused.
func (t *Tx) RenewInput(id desk.ID, input []byte) error {
	return t.replaceInput(id, input, t.count)
}

func (t *Tx) replaceInput(id desk.ID, input []byte, charge func(files, knowledge int64) error) error {
	sealed, err := t.seal(t.workspaceKey(), "source", "input", id, input)
	if err != nil {
		return err
	}
	was, err := t.sizeOf(id)
	if err != nil {
		return err
	}
	if err := charge(0, int64(len(input))-was); err != nil {
		return err
	}
	return t.must("source", sqlNewInput, int64(t.ws), int64(id), sealed, len(input))
}

// DropSource removes a source with its pages, its passages and the kept index,
// which knows them.
func (t *Tx) DropSource(id desk.ID) error {
	was, err := t.sizeOf(id)
	if err != nil {
		return err
	}
	if err := t.charge(0, -was); err != nil {
		return err
	}
	if err := t.must("source", sqlDropSource, int64(t.ws), int64(id)); err != nil {
		return err
	}
	if err := t.dropPassages(id, allPlaces); err != nil {
		return err
	}
	if err := t.dropCrawl(id); err != nil {
		return err
	}
	if _, err := t.exec(sqlDropPhrasings, int64(t.ws), int64(id)); err != nil {
		return err
	}
	if _, err := t.moveKnowledge(); err != nil {
		return err
	}
	return t.DropIndex()
}

func (t *Tx) moveKnowledge() (version int64, err error) {
	err = t.row(sqlMoveKnowledge, int64(t.ws)).Scan(&version)
	return version, err
}

// KnowledgeVersion counts the changes of the workspace's passages.
func (r *Rx) KnowledgeVersion() (int64, error) {
	var version int64
	err := found("knowledge", r.row(sqlKnowledgeVersion, int64(r.ws)).Scan(&version))
	if desk.CodeOf(err) == desk.NotFound {
		return 0, nil
	}
	return version, err
}

// SourceStamps gives, for each source and each page of a source with passages,
// the knowledge version at which they were put in.
func (r *Rx) SourceStamps() (map[desk.ID]int64, error) {
	stamps := map[desk.ID]int64{}
	err := r.each(sqlStamps, []any{int64(r.ws)}, func(s scanner) error {
		var id desk.ID
		var stamp int64
		err := s.Scan(&id, &stamp)
		stamps[id] = stamp
		return err
	})
	return stamps, err
}

// Source returns a source by id.
func (r *Rx) Source(id desk.ID) (Source, error) {
	s, err := r.scanSource(r.row(sqlSource, int64(r.ws), int64(id)))
	return s, found("source", err)
}

// SourceInput returns what was handed in.
func (r *Rx) SourceInput(id desk.ID) ([]byte, error) {
	var sealed []byte
	if err := r.row(sqlSourceInput, int64(r.ws), int64(id)).Scan(&sealed); err != nil {
		return nil, found("source", err)
	}
	return r.open("source", "input", id, sealed)
}

// SourceNamed finds a source by its name as it is compared with others.
func (r *Rx) SourceNamed(fold string) (Source, error) {
	hash, err := r.db.vault.Hash(r.ctx, int64(r.ws), "source name", fold)
	if err != nil {
		return Source{}, err
	}
	var id desk.ID
	if err := found("source", r.row(sqlSourceNamed, int64(r.ws), hash).Scan(&id)); err != nil {
		return Source{}, err
	}
	return r.Source(id)
}

// SourceOfKind finds the oldest source of a kind.
func (r *Rx) SourceOfKind(kind string) (Source, error) {
	var id desk.ID
	if err := found("source", r.row(sqlSourceOfKind, int64(r.ws), kind).Scan(&id)); err != nil {
		return Source{}, err
	}
	return r.Source(id)
}

// Sources lists sources with an id below before, newest first.
func (r *Rx) Sources(before desk.ID, limit int) ([]Source, error) {
	all := []Source{}
	err := r.each(sqlSources, []any{int64(r.ws), int64(before), limit}, func(s scanner) error {
		one, err := r.scanSource(s)
		all = append(all, one)
		return err
	})
	return all, err
}

func (r *Rx) scanSource(s scanner) (Source, error) {
	o := Source{Workspace: r.ws}
	var name, url []byte
	var state string
	var created, updated int64
	err := s.Scan(&o.ID, &o.Kind, &name, &url, &o.Size, &o.Language, &state, &o.Reason, &o.Passages, &o.Revision,
		&o.Format, &o.Stage, &o.PagesDone, &o.Pages, &created, &updated)
	if err != nil {
		return o, err
	}
	o.State, o.CreatedAt, o.UpdatedAt = SourceState(state), at(created), at(updated)
	name, e1 := r.open("source", "name", o.ID, name)
	url, e2 := r.open("source", "url", o.ID, url)
	o.Name, o.URL = string(name), string(url)
	return o, errors.Join(e1, e2)
}
