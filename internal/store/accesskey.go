package store

import (
	"context"
	"strings"
	"time"

	"parley/internal/desk"
)

const (
	accessColumns   = `workspace_id, id, name, role, created_by, created_at, used_at, scopes, expires_at`
	sqlInsertAccess = `INSERT INTO access_key (token_hash, ` + accessColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlAccessByHash = `SELECT ` + accessColumns + ` FROM access_key WHERE token_hash = $1`
	sqlAccessKeys   = `SELECT ` + accessColumns + ` FROM access_key WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3`
	sqlTouchAccess  = `UPDATE access_key SET used_at = $3 WHERE workspace_id = $1 AND id = $2 AND used_at < $3`
	sqlAccess       = `SELECT ` + accessColumns + ` FROM access_key WHERE workspace_id = $1 AND id = $2`
	sqlDropAccess   = `DELETE FROM access_key WHERE workspace_id = $1 AND id = $2`
)

// AccessKey is a token by which a program acts in a workspace.
type AccessKey struct {
	ID        desk.ID
	Workspace desk.ID
	Name      string
	Role      desk.Role
	Scopes    []desk.Permission // what of its role it may do; empty = all
	CreatedBy desk.ID           // the member who made it; 0 = the command line
	ExpiresAt time.Time
	CreatedAt time.Time
	UsedAt    time.Time
}

func scanAccess(s scanner) (AccessKey, error) {
	var k AccessKey
	var role, scopes string
	var created, used, expires int64
	err := s.Scan(&k.Workspace, &k.ID, &k.Name, &role, &k.CreatedBy, &created, &used, &scopes, &expires)
	k.Role, k.CreatedAt, k.UsedAt, k.ExpiresAt = desk.Role(role), at(created), at(used), at(expires)
	for _, one := range strings.Fields(scopes) {
		k.Scopes = append(k.Scopes, desk.Permission(one))
	}
	return k, err
}

// InsertAccessKey keeps a key by the hash of its token.
func (t *Tx) InsertAccessKey(hash []byte, k AccessKey) error {
	scopes := make([]string, 0, len(k.Scopes))
	for _, p := range k.Scopes {
		scopes = append(scopes, string(p))
	}
	_, err := t.exec(sqlInsertAccess, hash, int64(t.ws), int64(k.ID), k.Name, string(k.Role), int64(k.CreatedBy), us(t.now), int64(0),
		strings.Join(scopes, " "), us(k.ExpiresAt))
	return err
}

// AccessKeyByHash finds a key by the hash of its token, with its workspace and
// whoever made it as they are now; the zero Member for the command line's.
func (db *DB) AccessKeyByHash(ctx context.Context, hash []byte) (AccessKey, desk.Member, desk.Workspace, error) {
	var k AccessKey
	var m desk.Member
	var w desk.Workspace
	err := db.In(0).Read(ctx, func(r *Rx) (err error) {
		if k, err = scanAccess(r.row(sqlAccessByHash, hash)); err != nil {
			return found("key", err)
		}
		if k.CreatedBy != 0 {
			if m, err = r.within(k.Workspace).Member(k.CreatedBy); err != nil && !desk.IsNotFound(err) {
				return err
			}
		}
		w, err = r.within(k.Workspace).Settings()
		return err
	})
	return k, m, w, err
}

// AccessKey returns a key of the workspace.
func (r *Rx) AccessKey(id desk.ID) (AccessKey, error) {
	k, err := scanAccess(r.row(sqlAccess, int64(r.ws), int64(id)))
	return k, found("key", err)
}

// AccessKeys pages through the workspace's keys, oldest first.
func (r *Rx) AccessKeys(after desk.ID, limit int) ([]AccessKey, error) {
	all := []AccessKey{}
	err := r.each(sqlAccessKeys, []any{int64(r.ws), int64(after), limit}, func(s scanner) error {
		k, err := scanAccess(s)
		all = append(all, k)
		return err
	})
	return all, err
}

// TouchAccessKey notes that a key was used now.
func (t *Tx) TouchAccessKey(id desk.ID) error {
	_, err := t.exec(sqlTouchAccess, int64(t.ws), int64(id), us(t.now))
	return err
}

// DropAccessKey removes a key; desk.NotFound when there is none.
func (t *Tx) DropAccessKey(id desk.ID) error {
	return t.must("key", sqlDropAccess, int64(t.ws), int64(id))
}
