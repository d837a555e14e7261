package store

import (
	"errors"

	"parley/internal/desk"
	"parley/internal/vault"
)

// IndexPart is how many bytes of a saved index go into one row, so that no
// single write keeps the others waiting for long.
const IndexPart = 1 << 20

const (
	sqlPutIndexPart  = `INSERT INTO knowledge_index (workspace_id, version, n, part) VALUES ($1, $2, $3, $4)`
	sqlDropHalfIndex = `DELETE FROM knowledge_index WHERE workspace_id = $1 AND version = $2`
	sqlDropIndex     = `DELETE FROM knowledge_index WHERE workspace_id = $1`
	sqlDropOldIndex  = `DELETE FROM knowledge_index WHERE workspace_id = $1 AND version <> $2`
	sqlIndexVersion  = `SELECT coalesce(max(version), -1) FROM knowledge_index WHERE workspace_id = $1 AND n = 0`
	sqlIndexParts    = `SELECT n, part FROM knowledge_index WHERE workspace_id = $1 AND version = $2 ORDER BY n`
	sqlHoldKnowledge = sqlKnowledgeVersion + forUpdate
)

// PutIndexPart keeps part n of the index that was made of the knowledge at
// version. The highest part comes first; part 0 comes last and takes the place
// of what was kept before. It keeps nothing and answers false when the knowledge
// has moved on: a source that goes at the same time waits for this commit and
// then removes the part.
func (t *Tx) PutIndexPart(version int64, n, parts int, part []byte) (kept bool, err error) {
	var now int64
	if err := found("knowledge", t.row(sqlHoldKnowledge, int64(t.ws)).Scan(&now)); err != nil || now != version {
		return false, err
	}
	sealed, err := t.seal(t.workspaceKey(), "knowledge_index", "part", indexRow(version, n), part)
	if err != nil {
		return false, err
	}
	if n == parts-1 { // what a run that was cut off left there
		if _, err := t.exec(sqlDropHalfIndex, int64(t.ws), version); err != nil {
			return false, err
		}
	}
	if _, err := t.exec(sqlPutIndexPart, int64(t.ws), version, n, sealed); err != nil || n > 0 {
		return err == nil, err
	}
	_, err = t.exec(sqlDropOldIndex, int64(t.ws), version)
	return err == nil, err
}

// indexRow is what a part's seal is bound to: its place and its set.
func indexRow(version int64, n int) desk.ID { return desk.ID(version<<20 | int64(n)) }

// DropIndex removes the kept index, with a source that goes or because it cannot
// be read. Where the knowledge's version has moved in this transaction before, a
// part that is being kept is there already or will not be.
func (t *Tx) DropIndex() error {
	_, err := t.exec(sqlDropIndex, int64(t.ws))
	return err
}

// IndexVersion is the version of the kept index, -1 when there is none.
func (r *Rx) IndexVersion() (version int64, err error) {
	return version, r.row(sqlIndexVersion, int64(r.ws)).Scan(&version)
}

// ErrIndexBroken says that the kept index does not open or lacks a part.
var ErrIndexBroken = errors.New("store: the kept index cannot be opened")

// Index returns the kept index with the version it was made of, nil when there
// is none. Bytes that do not open are ErrIndexBroken.
func (r *Rx) Index() (raw []byte, version int64, err error) {
	if version, err = r.IndexVersion(); err != nil || version < 0 {
		return nil, version, err
	}
	next := 0
	err = r.each(sqlIndexParts, []any{int64(r.ws), version}, func(s scanner) error {
		var n int
		var sealed []byte
		if err := s.Scan(&n, &sealed); err != nil {
			return err
		}
		part, err := r.open("knowledge_index", "part", indexRow(version, n), sealed)
		if errors.Is(err, vault.ErrTampered) || errors.Is(err, vault.ErrNoKey) || err == nil && n != next {
			return errors.Join(ErrIndexBroken, err)
		}
		raw, next = append(raw, part...), next+1
		return err
	})
	return raw, version, err
}
