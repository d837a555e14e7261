package store

import (
	"context"
	"database/sql"
	"errors"

	"parley/internal/desk"
)

const sqlKeyLedgerDone = `SELECT done_at FROM privacy_ledger WHERE workspace_id = $1 AND no = $2`

// ActDone reports whether the workspace's act of that number stands in the privacy ledger and
// has ended.
func (k *KeyStore) ActDone(ctx context.Context, ws desk.ID, no int64) (bool, error) {
	var done int64
	err := k.row(ctx, func(s scanner) error { return s.Scan(&done) }, sqlKeyLedgerDone, int64(ws), no)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return done > 0, err
}
