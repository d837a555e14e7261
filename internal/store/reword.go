package store

import "parley/internal/desk"

const sqlReword = `UPDATE passage SET body = $3, edited = NULL WHERE workspace_id = $1 AND id = $2`

// RewordPassage makes what a passage says now what was read: what it was read
// from says the same. It keeps its id when that is read again.
func (t *Tx) RewordPassage(id desk.ID) error {
	p, err := t.scanPassage(t.row(sqlPassageLocked, int64(t.ws), int64(id)))
	if err != nil {
		return found("passage", err)
	}
	sealed, err := t.seal(t.workspaceKey(), "passage", "body", id, toJSON(p.PassageBody))
	if err != nil {
		return err
	}
	return t.must("passage", sqlReword, int64(t.ws), int64(id), sealed)
}
