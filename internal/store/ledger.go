package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley/internal/desk"
)

// LedgerEntry is one privacy act: numbered, without personal data. It is
// written next to the keys before the act is reported done, so that a restore
// of older data can do it again.
type LedgerEntry struct {
	No        int64
	Workspace desk.ID
	Act       string  // "erase"
	Subject   desk.ID // while the act runs; 0 afterwards
	Hashes    [][]byte
	At        time.Time
	Done      bool
}

const (
	sqlKeyLedgerNext   = `SELECT coalesce(max(no), 0) + 1 FROM privacy_ledger`
	sqlKeyLedgerSame   = `SELECT no FROM privacy_ledger WHERE workspace_id = $1 AND act = $2 AND subject_id = $3 AND done_at = 0`
	sqlKeyLedgerAdd    = `INSERT INTO privacy_ledger (no, workspace_id, act, subject_id, at, done_at) VALUES ($1, $2, $3, $4, $5, 0)`
	sqlKeyLedgerHash   = `INSERT INTO privacy_ledger_hash (workspace_id, hash, no, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
	sqlKeyLedgerFinish = `UPDATE privacy_ledger SET done_at = $2, subject_id = 0 WHERE no = $1 AND done_at = 0`
	sqlKeyLedgerOpen   = `SELECT no, workspace_id, act, subject_id, at FROM privacy_ledger WHERE done_at = 0 ORDER BY no LIMIT $1`
	sqlKeyLedgerAdopt  = `INSERT INTO privacy_ledger (no, workspace_id, act, subject_id, at, done_at) VALUES ($1, $2, $3, 0, $4, $4) ON CONFLICT DO NOTHING`
	sqlKeyLedgerActs   = `SELECT l.no, l.workspace_id, l.act, l.subject_id, l.at, h.hash FROM privacy_ledger l
		LEFT JOIN privacy_ledger_hash h ON h.no = l.no AND h.workspace_id = l.workspace_id ORDER BY l.no, h.hash`
	sqlKeyLedgerLatest = `SELECT coalesce(max(at), 0) FROM privacy_ledger_hash WHERE workspace_id = $1 AND hash = $2`
)

// AddLedger records that an act begins and returns its number; an act on the
// same subject that has not ended keeps its number.
func (k *KeyStore) AddLedger(ctx context.Context, e LedgerEntry) (int64, error) {
	var no int64
	err := k.tx(ctx, func(tx *sql.Tx) error {
		if err := k.holdFloor(ctx, tx, int64(maxID)); err != nil { // one numberer at a time
			return err
		}
		err := tx.QueryRowContext(ctx, k.text(sqlKeyLedgerSame), int64(e.Workspace), e.Act, int64(e.Subject)).Scan(&no)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := tx.QueryRowContext(ctx, k.text(sqlKeyLedgerNext)).Scan(&no); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, k.text(sqlKeyLedgerAdd), no, int64(e.Workspace), e.Act, int64(e.Subject), us(e.At)); err != nil {
			return err
		}
		for _, h := range e.Hashes {
			if _, err := tx.ExecContext(ctx, k.text(sqlKeyLedgerHash), int64(e.Workspace), h, no, us(e.At)); err != nil {
				return err
			}
		}
		// Elsewhere first: an act that only the backups know of is carried out once
		// too often; one that they do not know of would be undone by a restore.
		for _, take := range k.elsewhere {
			if err := take(LedgerEntry{No: no, Workspace: e.Workspace, Act: e.Act, Hashes: e.Hashes, At: e.At}); err != nil {
				return err
			}
		}
		return nil
	})
	return no, err
}

// FinishLedger records that an act is done and forgets whose row it was.
func (k *KeyStore) FinishLedger(ctx context.Context, no int64, now time.Time) error {
	return k.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, k.text(sqlKeyLedgerFinish), no, us(now))
		return err
	})
}

// UnfinishedLedger lists acts that a crash interrupted, oldest first.
func (k *KeyStore) UnfinishedLedger(ctx context.Context, limit int) ([]LedgerEntry, error) {
	rows, err := k.db.QueryContext(ctx, k.text(sqlKeyLedgerOpen), limit)
	if err != nil {
		return nil, plain(err)
	}
	var all []LedgerEntry
	for rows.Next() {
		var e LedgerEntry
		var when int64
		if err := rows.Scan(&e.No, &e.Workspace, &e.Act, &e.Subject, &when); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		e.At = at(when)
		all = append(all, e)
	}
	return all, plain(errors.Join(rows.Err(), rows.Close()))
}

// ErasedAt tells when the person behind an identity was erased last; the zero
// time when never. What a provider delivers again from before then is dropped.
func (k *KeyStore) ErasedAt(ctx context.Context, ws desk.ID, identityHash []byte) (time.Time, error) {
	var when int64
	err := k.row(ctx, func(s scanner) error { return s.Scan(&when) }, sqlKeyLedgerLatest, int64(ws), identityHash)
	return at(when), err
}

// LedgerHash is what the ledger knows an identity on a channel account by.
func (h Handle) LedgerHash(ctx context.Context, account desk.ID, who desk.IdentityHint) ([]byte, error) {
	return h.db.vault.Hash(ctx, int64(h.ws), "ledger/"+account.String()+"/"+who.Kind, who.Value)
}

// Hash is a keyed hash of a value for one use; nobody without the workspace's
// key makes the same.
func (h Handle) Hash(ctx context.Context, use, value string) ([]byte, error) {
	return h.db.vault.Hash(ctx, int64(h.ws), use, value)
}

// LastLedger is the number of the latest act; 0 = there was none.
func (k *KeyStore) LastLedger(ctx context.Context) (no int64, err error) {
	err = k.row(ctx, func(s scanner) error { return s.Scan(&no) }, sqlKeyLedgerLast)
	return no, err
}

// Ledger lists every act there was, in order.
func (k *KeyStore) Ledger(ctx context.Context) ([]LedgerEntry, error) {
	rows, err := k.db.QueryContext(ctx, k.text(sqlKeyLedgerActs))
	if err != nil {
		return nil, plain(err)
	}
	var all []LedgerEntry
	for rows.Next() {
		var e LedgerEntry
		var when int64
		var hash []byte
		if err := rows.Scan(&e.No, &e.Workspace, &e.Act, &e.Subject, &when, &hash); err != nil {
			return nil, plain(errors.Join(err, rows.Close()))
		}
		if n := len(all); n > 0 && all[n-1].No == e.No {
			all[n-1].Hashes = append(all[n-1].Hashes, hash)
			continue
		}
		if e.At = at(when); hash != nil {
			e.Hashes = [][]byte{hash}
		}
		all = append(all, e)
	}
	return all, plain(errors.Join(rows.Err(), rows.Close()))
}

// AdoptLedger enters acts that were kept elsewhere and that this store, which is
// older, does not know; they are done again before anybody is let in.
func (k *KeyStore) AdoptLedger(ctx context.Context, acts []LedgerEntry) error {
	return k.tx(ctx, func(tx *sql.Tx) error {
		for _, e := range acts {
			if _, err := tx.ExecContext(ctx, k.text(sqlKeyLedgerAdopt), e.No, int64(e.Workspace), e.Act, us(e.At)); err != nil {
				return err
			}
			for _, h := range e.Hashes {
				if _, err := tx.ExecContext(ctx, k.text(sqlKeyLedgerHash), int64(e.Workspace), h, e.No, us(e.At)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
