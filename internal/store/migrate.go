package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"parley/internal/desk"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one forward step of the schema.
type migration struct {
	version int
	name    string
	text    string // expanded for one engine
	sum     string // of the file as written, so that an edited step is noticed
}

// migrationsFor reads the steps of one engine: NNNN_name.sql for both,
// NNNN_name.sqlite.sql or NNNN_name.postgres.sql for one.
func migrationsFor(e engine) ([]migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var steps []migration
	for _, name := range names {
		base := strings.TrimSuffix(strings.TrimPrefix(name, "migrations/"), ".sql")
		stem, only, _ := strings.Cut(base, ".")
		if only != "" && only != string(e) {
			continue
		}
		version, err := strconv.Atoi(stem[:4])
		if err != nil {
			return nil, fmt.Errorf("migration %s: the name starts with four digits", name)
		}
		raw, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(raw)
		steps = append(steps, migration{version, base, e.expand(string(raw)), hex.EncodeToString(sum[:8])})
	}
	return steps, nil
}

const (
	sqlVersionTable = `CREATE TABLE IF NOT EXISTS schema_version (
		version BIGINT PRIMARY KEY, name TEXT NOT NULL, sum TEXT NOT NULL, at BIGINT NOT NULL)`
	sqlAddVersion  = `INSERT INTO schema_version (version, name, sum, at) VALUES ($1, $2, $3, $4)`
	sqlAllVersions = `SELECT version, name, sum FROM schema_version ORDER BY version`
)

// migrate brings the schema to this program's version, each step in its own
// transaction. A database that a newer program has migrated is refused, as is
// one whose applied steps differ from ours.
func (db *DB) migrate(ctx context.Context) error {
	steps, err := migrationsFor(db.engine)
	if err != nil {
		return err
	}
	s := newSession(db.engine, db.writes)
	defer s.drop()
	if err := makeAtOnce(func() error { return db.versionTable(ctx, s) }); err != nil {
		return fmt.Errorf("open database: %w", plain(err))
	}
	for _, m := range steps {
		if err := db.step(ctx, s, m, steps); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	return nil
}

func (db *DB) versionTable(ctx context.Context, s *session) error {
	if err := s.begin(ctx, db.engine.beginWrite()); err != nil {
		s.drop()
		return err
	}
	err := errors.Join(s.simple(ctx, sqlVersionTable), s.simple(ctx, "COMMIT"))
	if err != nil {
		s.drop()
	}
	return err
}

// makeAtOnce runs CREATE … IF NOT EXISTS again when it failed: on PostgreSQL it
// may lose against another node that makes the same thing at the same moment.
func makeAtOnce(try func() error) error {
	var err error
	for range writeTries {
		if err = try(); err == nil || lost(err) {
			break
		}
	}
	return err
}

// step applies one migration unless it stands already. On PostgreSQL the table
// lock lets one of several starting nodes do it.
func (db *DB) step(ctx context.Context, s *session, m migration, all []migration) error {
	if err := s.begin(ctx, db.engine.beginWrite()); err != nil {
		return plain(err)
	}
	err := db.stepIn(ctx, s, m, all)
	if err == nil {
		err = s.simple(ctx, "COMMIT")
	}
	if err != nil {
		if back := s.simple(ctx, "ROLLBACK"); back != nil {
			s.drop()
		}
	}
	return plain(err)
}

func (db *DB) stepIn(ctx context.Context, s *session, m migration, all []migration) error {
	if db.engine == postgresEngine {
		if err := s.simple(ctx, "LOCK TABLE schema_version IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
	}
	applied, err := appliedSteps(&Rx{s: s, ctx: ctx, db: db}, all)
	if err != nil {
		return err
	}
	if sum, ok := applied[m.version]; ok {
		if sum != m.sum {
			return desk.Fail(desk.Conflict, "schema_differs", "this step was applied with another text")
		}
		return nil
	}
	if err := s.simple(ctx, m.text); err != nil {
		return err
	}
	_, err = s.exec(ctx, sqlAddVersion, m.version, m.name, m.sum, us(db.clk.Now()))
	return err
}

// appliedSteps reads what stands and refuses what this program does not know.
func appliedSteps(r *Rx, all []migration) (map[int]string, error) {
	known := map[int]bool{}
	for _, m := range all {
		known[m.version] = true
	}
	applied := map[int]string{}
	err := r.each(sqlAllVersions, nil, func(row scanner) error {
		var version int
		var name, sum string
		if err := row.Scan(&version, &name, &sum); err != nil {
			return err
		}
		if !known[version] {
			return desk.Fail(desk.Conflict, "schema_newer", "a newer Parley has used this database (schema "+name+"); start that version")
		}
		applied[version] = sum
		return nil
	})
	return applied, err
}
