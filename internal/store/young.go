package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgreSQL counts its tables once a minute. Until it has counted those of a
// young install it takes every index that begins with the workspace for as good
// as the one that names the row, and reads a whole workspace for one message
// (measured: 1.4 ms instead of 0.2). So they are counted by us at first.
const (
	youngEvery = 2 * time.Second
	youngFor   = 2 * time.Minute
	// sqlYoungPostgres lists tables that hold something and were counted as small, or
	// never.
	sqlYoungPostgres = `SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
		AND c.reltuples < 1000 AND pg_relation_size(c.oid) > 0 AND c.relname NOT IN ('arrival', 'lane', 'work')`
)

// watchYoung counts on a connection of its own; if that fails PostgreSQL does it
// a minute later.
func (db *DB) watchYoung(dsn string) {
	conn, err := pgx.Connect(db.life, dsn)
	if err == nil {
		err = errors.Join(db.countYoung(conn), conn.Close(context.WithoutCancel(db.life)))
	}
	if err != nil && db.life.Err() == nil {
		db.log.Warn("the tables of a young install were not counted", "error", plain(err))
	}
}

// countYoung counts small tables until the install is two minutes older. The
// queues are left out: counted while they lie empty they are misjudged, too.
func (db *DB) countYoung(conn *pgx.Conn) error {
	ctx := db.life
	tick := db.clk.NewTicker(youngEvery)
	defer tick.Stop()
	for begun := db.clk.Now(); db.clk.Since(begun) < youngFor; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C():
		}
		rows, err := conn.Query(ctx, sqlYoungPostgres)
		if err != nil {
			return err
		}
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, name := range names {
			if _, err := conn.Exec(ctx, "ANALYZE "+pgx.Identifier{name}.Sanitize()); err != nil {
				return err
			}
		}
	}
	return nil
}
