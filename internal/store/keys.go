package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"parley/internal/vault"
)

// KeyStore keeps wrapped keys on a handle of its own: another SQLite file, or a
// schema or server of its own on PostgreSQL, so that its backups can be short
// and apart from the data's. It implements vault.Keys.
type KeyStore struct {
	engine    engine
	dsn       string
	db        *sql.DB
	elsewhere []func(LedgerEntry) error
	ready     map[string]*sql.Stmt // SQLite: what every message needs; PostgreSQL's driver keeps its own
}

const keySchema = "parley_keys"

const (
	sqlKeyTables = `CREATE TABLE IF NOT EXISTS vault_key (
		id BIGINT PRIMARY KEY, -- none: key id, stored in every sealed value
		workspace_id BIGINT NOT NULL, -- none: workspace
		kind TEXT NOT NULL, -- none: what the key is for
		of_id BIGINT NOT NULL, -- identifier/contact: subject, day or hour
		epoch BIGINT NOT NULL, -- none: epoch key that wraps it
		wrapped {{bytes}} NOT NULL, -- secret: the wrapped key
		created_at BIGINT NOT NULL, -- none: time
		expires_at BIGINT NOT NULL -- none: term, 0 for none
	);
	CREATE UNIQUE INDEX IF NOT EXISTS vault_key_ref ON vault_key (workspace_id, kind, of_id);
	CREATE INDEX IF NOT EXISTS vault_key_epoch ON vault_key (epoch, id);
	CREATE INDEX IF NOT EXISTS vault_key_term ON vault_key (expires_at, id);
	CREATE TABLE IF NOT EXISTS vault_floor (
		id BIGINT PRIMARY KEY, -- none: always 1
		floor BIGINT NOT NULL -- none: lowest epoch that takes rows
	);
	INSERT INTO vault_floor (id, floor) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;
	CREATE TABLE IF NOT EXISTS privacy_ledger (
		no BIGINT PRIMARY KEY, -- none: order of the acts
		workspace_id BIGINT NOT NULL, -- none: workspace
		act TEXT NOT NULL, -- none: what was done
		subject_id BIGINT NOT NULL, -- identifier/contact: row id while the act runs, then 0
		at BIGINT NOT NULL, -- none: time
		done_at BIGINT NOT NULL -- none: time, 0 while it runs
	);
	CREATE INDEX IF NOT EXISTS privacy_ledger_open ON privacy_ledger (done_at, no);
	CREATE TABLE IF NOT EXISTS privacy_ledger_hash (
		workspace_id BIGINT NOT NULL, -- none: workspace
		hash {{bytes}} NOT NULL, -- identifier/contact: keyed hash of an identity
		no BIGINT NOT NULL, -- none: entry
		at BIGINT NOT NULL, -- none: time
		PRIMARY KEY (workspace_id, hash, no)
	) {{clustered}};`

	keyColumns      = `id, workspace_id, kind, of_id, epoch, wrapped, created_at, expires_at`
	sqlKeyHoldFloor = `UPDATE vault_floor SET floor = floor WHERE id = 1 AND floor <= $1`
	sqlKeyEndOld    = `DELETE FROM vault_key WHERE workspace_id = $1 AND kind = $2 AND expires_at > 0 AND expires_at <= $3`
	sqlKeyInsert    = `INSERT INTO vault_key (` + keyColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace_id, kind, of_id) DO NOTHING`
	sqlKeyByRef    = `SELECT ` + keyColumns + ` FROM vault_key WHERE workspace_id = $1 AND kind = $2 AND of_id = $3`
	sqlKeyByID     = `SELECT ` + keyColumns + ` FROM vault_key WHERE id = $1`
	sqlKeyList     = `SELECT ` + keyColumns + ` FROM vault_key WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3`
	sqlKeyDestroy  = `DELETE FROM vault_key WHERE workspace_id = $1 AND kind = $2 AND of_id = $3`
	sqlKeyExpired  = `SELECT ` + keyColumns + ` FROM vault_key WHERE expires_at > 0 AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2` + forUpdate
	sqlKeyBelow    = `SELECT ` + keyColumns + ` FROM vault_key WHERE epoch < $1 ORDER BY epoch, id LIMIT $2` + forUpdate
	sqlKeyRewrap   = `UPDATE vault_key SET epoch = $2, wrapped = $3 WHERE id = $1`
	sqlKeyRaise    = `UPDATE vault_floor SET floor = $1 WHERE id = 1 AND floor < $1`
	sqlKeyFloor    = `SELECT floor FROM vault_floor WHERE id = 1`
	sqlKeyNewest   = `SELECT coalesce(max(id), 0) FROM vault_key`
	sqlKeySchema   = `CREATE SCHEMA IF NOT EXISTS ` + keySchema
	sqlKeyTruncate = `PRAGMA wal_checkpoint(TRUNCATE)`
)

// OpenKeys opens the key store: dsn "" is the file keys.db in dir, else a
// PostgreSQL server, where the keys get a schema of their own. An act enters the
// privacy ledger only where each of elsewhere has taken it, too.
func OpenKeys(ctx context.Context, dsn, dir string, elsewhere ...func(LedgerEntry) error) (*KeyStore, error) {
	k, err := openKeys(ctx, dsn, dir, false)
	if k != nil {
		k.elsewhere = elsewhere
	}
	return k, err
}

// OpenBulkKeys is OpenKeys on SQLite without a flush to the disk for each key:
// for the set-up of benches only.
func OpenBulkKeys(ctx context.Context, dir string) (*KeyStore, error) {
	return openKeys(ctx, "", dir, true)
}

func openKeys(ctx context.Context, dsn, dir string, bulk bool) (*KeyStore, error) {
	eng, err := engineOf(dsn)
	if err != nil {
		return nil, err
	}
	if eng == sqliteEngine {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
		_, dsn = sqliteDSN(filepath.Join(dir, "keys.db"), bulk)
		dsn += "&_txlock=immediate"
	} else if dsn, err = keySchemaURL(ctx, dsn); err != nil {
		return nil, err
	}
	db, err := eng.pool(dsn)
	if err != nil {
		return nil, fmt.Errorf("open key store: %w", err)
	}
	conns := 4
	if eng == sqliteEngine {
		conns = 1
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if err := makeAtOnce(func() error { _, err := db.ExecContext(ctx, eng.expand(sqlKeyTables)); return err }); err != nil {
		return nil, errors.Join(fmt.Errorf("open key store: %w", plain(err)), db.Close())
	}
	k := &KeyStore{engine: eng, dsn: dsn, db: db, ready: map[string]*sql.Stmt{}}
	for _, query := range []string{sqlKeyByRef, sqlKeyByID} {
		if eng == postgresEngine {
			break
		}
		if k.ready[query], err = db.PrepareContext(ctx, numbered(query)); err != nil {
			return nil, errors.Join(fmt.Errorf("open key store: %w", plain(err)), db.Close())
		}
	}
	return k, nil
}

// keySchemaURL makes the schema and returns an address that works in it.
func keySchemaURL(ctx context.Context, dsn string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", fmt.Errorf("key store address: %w", errors.Unwrap(err))
	}
	db, err := postgresEngine.pool(dsn)
	if err != nil {
		return "", fmt.Errorf("open key store: %w", err)
	}
	if err := makeAtOnce(func() error { _, err := db.ExecContext(ctx, sqlKeySchema); return err }); err != nil {
		return "", errors.Join(fmt.Errorf("open key store: %w", plain(err)), db.Close())
	}
	q := u.Query()
	q.Set("search_path", keySchema)
	u.RawQuery = q.Encode()
	return patient(u.String()), db.Close()
}

// Close closes the key store.
func (k *KeyStore) Close() error { return k.db.Close() }

// text writes a statement for this engine.
func (k *KeyStore) text(query string) string {
	if k.engine == sqliteEngine {
		return numbered(query)
	}
	return query
}

// tx runs fn in a transaction, again when the engine says it may or the
// connection was lost. Even a commit of unknown outcome may run again: every
// act here does nothing the second time.
func (k *KeyStore) tx(ctx context.Context, fn func(*sql.Tx) error) error {
	var err error
	for try := 1; try <= writeTries; try++ {
		if err = k.once(ctx, fn); !transient(err) && (!lost(err) || try >= lostTries) {
			break
		}
	}
	return plain(err)
}

// row reads one row, once more when the connection was lost while it lay idle.
func (k *KeyStore) row(ctx context.Context, scan func(scanner) error, query string, args ...any) error {
	if st := k.ready[query]; st != nil {
		return plain(scan(st.QueryRowContext(ctx, args...)))
	}
	err := scan(k.db.QueryRowContext(ctx, k.text(query), args...))
	if lost(err) {
		err = scan(k.db.QueryRowContext(ctx, k.text(query), args...))
	}
	return plain(err)
}

func (k *KeyStore) once(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func scanKey(s scanner) (vault.Wrapped, error) {
	var w vault.Wrapped
	var kind string
	var created, expires int64
	err := s.Scan(&w.ID, &w.Ref.Workspace, &kind, &w.Ref.Of, &w.Epoch, &w.Bytes, &created, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return w, vault.ErrNoKey
	}
	w.Ref.Kind, w.CreatedAt, w.ExpiresAt = vault.Kind(kind), at(created), at(expires)
	return w, err
}

// PutIfAbsent implements vault.Keys.
func (k *KeyStore) PutIfAbsent(ctx context.Context, w vault.Wrapped) (vault.Wrapped, error) {
	var stands vault.Wrapped
	err := k.tx(ctx, func(tx *sql.Tx) error {
		if err := k.holdFloor(ctx, tx, w.Epoch); err != nil {
			return err
		}
		if !w.ExpiresAt.IsZero() {
			if _, err := tx.ExecContext(ctx, k.text(sqlKeyEndOld), w.Ref.Workspace, string(w.Ref.Kind), us(w.CreatedAt)); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, k.text(sqlKeyInsert), w.ID, w.Ref.Workspace, string(w.Ref.Kind), w.Ref.Of, w.Epoch,
			w.Bytes, us(w.CreatedAt), us(w.ExpiresAt)); err != nil {
			return err
		}
		var err error
		stands, err = scanKey(tx.QueryRowContext(ctx, k.text(sqlKeyByRef), w.Ref.Workspace, string(w.Ref.Kind), w.Ref.Of))
		return err
	})
	return stands, err
}

// holdFloor locks the floor's row until the commit, so that no row of a closed
// epoch slips past CloseBelow.
func (k *KeyStore) holdFloor(ctx context.Context, tx *sql.Tx, epoch int64) error {
	res, err := tx.ExecContext(ctx, k.text(sqlKeyHoldFloor), epoch)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, vault.ErrEpochClosed)
	}
	return nil
}

// Get implements vault.Keys.
func (k *KeyStore) Get(ctx context.Context, ref vault.Ref) (vault.Wrapped, error) {
	return k.key(ctx, sqlKeyByRef, ref.Workspace, string(ref.Kind), ref.Of)
}

func (k *KeyStore) key(ctx context.Context, query string, args ...any) (w vault.Wrapped, err error) {
	err = k.row(ctx, func(s scanner) (err error) { w, err = scanKey(s); return err }, query, args...)
	return w, err
}

// GetID implements vault.Keys.
func (k *KeyStore) GetID(ctx context.Context, id int64) (vault.Wrapped, error) {
	return k.key(ctx, sqlKeyByID, id)
}

// List implements vault.Keys.
func (k *KeyStore) List(ctx context.Context, workspace, after int64, limit int) ([]vault.Wrapped, error) {
	rows, err := k.db.QueryContext(ctx, k.text(sqlKeyList), workspace, after, limit)
	return collectKeys(rows, err)
}

func collectKeys(rows *sql.Rows, err error) ([]vault.Wrapped, error) {
	if err != nil {
		return nil, plain(err)
	}
	var all []vault.Wrapped
	for rows.Next() {
		w, err := scanKey(rows)
		if err != nil {
			return nil, plain(errors.Join(err, rows.Close()))
		}
		all = append(all, w)
	}
	return all, plain(errors.Join(rows.Err(), rows.Close()))
}

// Destroy implements vault.Keys.
func (k *KeyStore) Destroy(ctx context.Context, refs ...vault.Ref) (int, error) {
	var gone int64
	err := k.tx(ctx, func(tx *sql.Tx) error {
		gone = 0
		for _, ref := range refs {
			res, err := tx.ExecContext(ctx, k.text(sqlKeyDestroy), ref.Workspace, string(ref.Kind), ref.Of)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			gone += n
		}
		return nil
	})
	if err == nil && gone > 0 {
		k.truncate(ctx)
	}
	return int(gone), err
}

// truncate empties SQLite's write-ahead log, which would keep a destroyed row's
// page for a while. A reader in the way only delays it: TurnEpoch makes such a
// page worthless in any case.
func (k *KeyStore) truncate(ctx context.Context) {
	if k.engine == sqliteEngine {
		if rows, err := k.db.QueryContext(ctx, sqlKeyTruncate); err == nil {
			_ = rows.Close()
		}
	}
}

// DestroyExpired implements vault.Keys.
func (k *KeyStore) DestroyExpired(ctx context.Context, now time.Time, limit int) ([]vault.Ref, error) {
	var refs []vault.Ref
	err := k.tx(ctx, func(tx *sql.Tx) error {
		refs = nil
		rows, err := tx.QueryContext(ctx, k.text(sqlKeyExpired), us(now), limit)
		ended, err := collectKeys(rows, err)
		if err != nil {
			return err
		}
		for _, w := range ended {
			if _, err := tx.ExecContext(ctx, k.text(sqlKeyDestroy), w.Ref.Workspace, string(w.Ref.Kind), w.Ref.Of); err != nil {
				return err
			}
			refs = append(refs, w.Ref)
		}
		return nil
	})
	if err == nil && len(refs) > 0 {
		k.truncate(ctx)
	}
	return refs, err
}

// Rewrap implements vault.Keys.
func (k *KeyStore) Rewrap(ctx context.Context, below int64, limit int, fn func(vault.Wrapped) (vault.Wrapped, error)) (int, error) {
	var done int
	err := k.tx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, k.text(sqlKeyBelow), below, limit)
		old, err := collectKeys(rows, err)
		if err != nil {
			return err
		}
		done = len(old)
		for _, w := range old {
			if err := k.rewrapOne(ctx, tx, w, fn); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return done, nil
}

func (k *KeyStore) rewrapOne(ctx context.Context, tx *sql.Tx, old vault.Wrapped, fn func(vault.Wrapped) (vault.Wrapped, error)) error {
	fresh, err := fn(old)
	if err != nil {
		return err
	}
	if err := k.holdFloor(ctx, tx, fresh.Epoch); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, k.text(sqlKeyRewrap), old.ID, fresh.Epoch, fresh.Bytes)
	return err
}

// CloseBelow implements vault.Keys.
func (k *KeyStore) CloseBelow(ctx context.Context, epoch int64) error {
	err := k.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, k.text(sqlKeyRaise), epoch)
		return err
	})
	k.truncate(ctx)
	return err
}

// Floor implements vault.Keys.
func (k *KeyStore) Floor(ctx context.Context) (int64, error) {
	var floor int64
	err := k.row(ctx, func(s scanner) error { return s.Scan(&floor) }, sqlKeyFloor)
	return floor, err
}
