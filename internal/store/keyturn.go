package store

import (
	"context"
	"database/sql"
	"errors"

	"parley/internal/vault"
)

const (
	sqlKeyRetire = `UPDATE vault_key SET kind = $4, of_id = $5, epoch = $6, wrapped = $7
		WHERE id = $1 AND workspace_id = $2 AND kind = $3`
	sqlKeyFresh  = `INSERT INTO vault_key (` + keyColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	keyCensus    = `SELECT workspace_id, kind, count(*), min(created_at), max(created_at) FROM vault_key`
	keyCensusBy  = ` GROUP BY workspace_id, kind ORDER BY workspace_id, kind`
	sqlKeyCensus = keyCensus + keyCensusBy
	sqlKeyCount  = keyCensus + ` WHERE workspace_id = $1` + keyCensusBy
)

// Replace implements vault.Keys.
func (k *KeyStore) Replace(ctx context.Context, old int64, retired, fresh vault.Wrapped) error {
	err := k.tx(ctx, func(tx *sql.Tx) error {
		for _, w := range []vault.Wrapped{retired, fresh} {
			if err := k.holdFloor(ctx, tx, w.Epoch); err != nil {
				return err
			}
		}
		res, err := tx.ExecContext(ctx, k.text(sqlKeyRetire), old, fresh.Ref.Workspace, string(fresh.Ref.Kind),
			string(retired.Ref.Kind), retired.Ref.Of, retired.Epoch, retired.Bytes)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return k.replaced(ctx, tx, errors.Join(err, vault.ErrNoKey), fresh)
		}
		_, err = tx.ExecContext(ctx, k.text(sqlKeyFresh), fresh.ID, fresh.Ref.Workspace, string(fresh.Ref.Kind), fresh.Ref.Of,
			fresh.Epoch, fresh.Bytes, us(fresh.CreatedAt), us(fresh.ExpiresAt))
		return err
	})
	return err
}

// replaced forgives that the row is not there when the try before, whose commit
// was not answered, has done it all.
func (k *KeyStore) replaced(ctx context.Context, tx *sql.Tx, absent error, fresh vault.Wrapped) error {
	w, err := scanKey(tx.QueryRowContext(ctx, k.text(sqlKeyByID), fresh.ID))
	if err == nil && w.Ref == fresh.Ref {
		return nil
	}
	return absent
}

// Census implements vault.Keys.
func (k *KeyStore) Census(ctx context.Context, workspaces ...int64) ([]vault.Count, error) {
	if len(workspaces) == 0 {
		rows, err := k.db.QueryContext(ctx, k.text(sqlKeyCensus))
		return collectCounts(rows, err)
	}
	var all []vault.Count
	for _, ws := range workspaces {
		rows, err := k.db.QueryContext(ctx, k.text(sqlKeyCount), ws)
		some, err := collectCounts(rows, err)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func collectCounts(rows *sql.Rows, err error) ([]vault.Count, error) {
	if err != nil {
		return nil, plain(err)
	}
	var all []vault.Count
	for rows.Next() {
		var c vault.Count
		var kind string
		var oldest, newest int64
		if err := rows.Scan(&c.Workspace, &kind, &c.Keys, &oldest, &newest); err != nil {
			return nil, plain(errors.Join(err, rows.Close()))
		}
		c.Kind, c.Oldest, c.Newest = vault.Kind(kind), at(oldest), at(newest)
		all = append(all, c)
	}
	return all, plain(errors.Join(rows.Err(), rows.Close()))
}

// NewestID is the largest key id, so that the ids of this run begin above it.
func (k *KeyStore) NewestID(ctx context.Context) (int64, error) {
	var newest int64
	err := k.row(ctx, func(s scanner) error { return s.Scan(&newest) }, sqlKeyNewest)
	return newest, plain(err)
}
