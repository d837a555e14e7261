package store

import (
	"encoding/json"
	"time"

	"parley/internal/desk"
)

// TemplateList is what a provider listed as an account's approved texts. It is
// kept whole, sealed under the workspace's key.
type TemplateList struct {
	Templates []desk.Template
	SyncedAt  time.Time // zero = never read
	Fault     string    // why it could not be read last, a reason; the list before stays
}

const (
	sqlTemplates    = `SELECT list, synced_at, fault FROM template_list WHERE workspace_id = $1 AND account_id = $2`
	sqlSetTemplates = `INSERT INTO template_list (workspace_id, account_id, list, synced_at, fault) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, account_id) DO UPDATE SET list = excluded.list, synced_at = excluded.synced_at, fault = excluded.fault`
	sqlDropTemplates = `DELETE FROM template_list WHERE workspace_id = $1 AND account_id = $2`
)

// Templates returns an account's list, an empty one when none was read yet.
func (r *Rx) Templates(account desk.ID) (TemplateList, error) {
	l := TemplateList{Templates: []desk.Template{}}
	var sealed []byte
	var synced int64
	err := found("templates", r.row(sqlTemplates, int64(r.ws), int64(account)).Scan(&sealed, &synced, &l.Fault))
	if desk.IsNotFound(err) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	l.SyncedAt = at(synced)
	clear, err := r.open("template_list", "list", account, sealed)
	if err != nil || len(clear) == 0 {
		return l, err
	}
	return l, json.Unmarshal(clear, &l.Templates)
}

// SetTemplates replaces an account's list.
func (t *Tx) SetTemplates(account desk.ID, l TemplateList) error {
	raw, err := json.Marshal(l.Templates)
	if err != nil {
		return err
	}
	sealed, err := t.seal(t.workspaceKey(), "template_list", "list", account, raw)
	if err != nil {
		return err
	}
	_, err = t.exec(sqlSetTemplates, int64(t.ws), int64(account), sealed, us(l.SyncedAt), l.Fault)
	return err
}

// Find returns the template that a use names; desk.NotFound template_missing.
func (l TemplateList) Find(use desk.TemplateUse) (desk.Template, error) {
	for _, t := range l.Templates {
		if t.Name == use.Name && t.Language == use.Language {
			return t, nil
		}
	}
	return desk.Template{}, desk.Fail(desk.NotFound, "template_missing", "the template does not exist in this language")
}
