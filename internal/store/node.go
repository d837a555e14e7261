package store

import (
	"context"
	"encoding/binary"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/id"
	"parley/internal/kit/secret"
)

// Node is a process's hold on its number, which is part of every id it makes.
type Node struct {
	No     int
	holder int64
}

// NodeLease is how long a number stays a process's own after it was claimed or
// renewed. A number that a crash left behind is free again after that.
const NodeLease = time.Hour

const (
	// Two processes that choose the same number meet at its row: the second
	// finds the first one's lease and takes nothing.
	sqlClaimNodePostgres = `INSERT INTO node (no, holder, lease)
		SELECT n, $1::bigint, ` + databaseNow + ` + $2::bigint FROM generate_series(1, $3::bigint) AS n
			WHERE NOT EXISTS (SELECT 1 FROM node WHERE no = n AND lease > ` + databaseNow + `) ORDER BY n LIMIT 1
		ON CONFLICT (no) DO UPDATE SET holder = excluded.holder, lease = excluded.lease WHERE node.lease <= ` + databaseNow + `
		RETURNING no`
	sqlRenewNodePostgres  = `UPDATE node SET lease = ` + databaseNow + ` + $3 WHERE no = $1 AND holder = $2`
	sqlCountNodesPostgres = `SELECT count(*) FROM node WHERE lease > ` + databaseNow
	sqlDropNode           = `DELETE FROM node WHERE no = $1 AND holder = $2`
	claimTries            = 100
)

// ClaimNode gives this process a number that no other process of the install
// has until the lease ends, by the database's clock. SQLite has one process,
// whose number is 0; no row is needed.
func (db *DB) ClaimNode(ctx context.Context, lease time.Duration) (Node, error) {
	if db.engine == sqliteEngine {
		return Node{}, nil
	}
	n := Node{holder: int64(binary.LittleEndian.Uint64(secret.Random(8)) >> 1)}
	for range claimTries {
		err := db.In(0).Write(ctx, func(tx *Tx) error {
			return found("node", tx.row(sqlClaimNodePostgres, n.holder, lease.Microseconds(), id.MaxNode).Scan(&n.No))
		})
		if !desk.IsNotFound(err) {
			return n, err
		}
	}
	return Node{}, desk.Fail(desk.Unavailable, "no_node", "every node number is taken; a crashed process gives its number back within an hour")
}

// RenewNode prolongs a claim; desk.NotFound when another process has the number
// by now.
func (db *DB) RenewNode(ctx context.Context, n Node, lease time.Duration) error {
	if db.engine == sqliteEngine {
		return nil
	}
	return db.In(0).Write(ctx, func(tx *Tx) error {
		return tx.must("node", sqlRenewNodePostgres, n.No, n.holder, lease.Microseconds())
	})
}

// CountNodes is how many processes work on the install, at least one; one that
// crashed counts until its lease ends.
func (db *DB) CountNodes(ctx context.Context) (n int, err error) {
	if db.engine == sqliteEngine {
		return 1, nil
	}
	err = db.In(0).Read(ctx, func(r *Rx) error { return r.row(sqlCountNodesPostgres).Scan(&n) })
	return max(n, 1), err
}

// ReleaseNode gives a number back.
func (db *DB) ReleaseNode(ctx context.Context, n Node) error {
	if db.engine == sqliteEngine {
		return nil
	}
	return db.In(0).Write(ctx, func(tx *Tx) error {
		_, err := tx.exec(sqlDropNode, n.No, n.holder)
		return err
	})
}
