package pgtest

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"regexp"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"parley/internal/kit/secret"
)

// EnvServer names the server that every test process of one run shares, as
// an address of its "postgres" database. make test sets it; without it each
// test process starts a server of its own.
const EnvServer = "PARLEY_TEST_PG"

// shared is this process's way to a server, found or started when first asked
// for. It keeps the Server it started: were that collected, its leash would
// close and the server would end in the middle of the tests.
var shared = sync.OnceValues(func() (home, error) {
	if at := os.Getenv(EnvServer); at != "" {
		return home{at: at}, nil
	}
	s, err := Start(context.Background(), Options{})
	if err != nil {
		return home{}, err
	}
	return home{at: s.URL("postgres"), server: s}, nil
})

type home struct {
	at     string
	server *Server
}

// DB gives the address of a fresh, empty database, dropped when the test ends.
func DB(t testing.TB) string {
	t.Helper()
	return fromTemplate(t, "")
}

// Templated gives the address of a fresh copy of a template database, dropped
// when the test ends. The first caller in a run fills the template: fill gets
// its address and must close what it opens. name must change when what fill
// does changes (a hash of the schema, say): lower-case letters, digits and _.
func Templated(t testing.TB, name string, fill func(url string) error) string {
	t.Helper()
	at := address(t)
	if !regexp.MustCompile(`^[a-z0-9_]{1,40}$`).MatchString(name) {
		t.Fatalf("pgtest: %q is not a name of a template", name)
	}
	if err := template(context.Background(), at, "tpl_"+name, fill); err != nil {
		t.Fatalf("pgtest: template %s: %v", name, err)
	}
	return fromTemplate(t, "tpl_"+name)
}

// CreateDatabase makes an empty database on the server at an address and gives
// its address.
func CreateDatabase(ctx context.Context, at, name string) (string, error) {
	return create(ctx, at, name, "")
}

func address(t testing.TB) string {
	t.Helper()
	h, err := shared()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return h.at
}

func fromTemplate(t testing.TB, source string) string {
	t.Helper()
	at, name := address(t), "t_"+hex.EncodeToString(secret.Random(8))
	made, err := create(context.Background(), at, name, source)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		if err := do(context.Background(), at, "DROP DATABASE "+quote(name)+" WITH (FORCE)"); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	return made
}

// template fills the template under a lock of the server, because the test
// processes of one run ask for it at the same time.
func template(ctx context.Context, at, name string, fill func(url string) error) error {
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // which also gives the lock back
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(h.Sum64())); err != nil {
		return err
	}
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there)
	if err != nil || there {
		return err
	}
	// A half-filled template must not be taken for a whole one: it gets its
	// name last.
	work := name + "_new"
	if err := do(ctx, at, "DROP DATABASE IF EXISTS "+quote(work)); err != nil {
		return err
	}
	made, err := create(ctx, at, work, "")
	if err != nil {
		return err
	}
	if err := fill(made); err != nil {
		return err
	}
	return do(ctx, at, "ALTER DATABASE "+quote(work)+" RENAME TO "+quote(name))
}

func create(ctx context.Context, at, name, source string) (string, error) {
	u, err := url.Parse(at)
	if err != nil {
		return "", errors.New(EnvServer + " is not an address")
	}
	sql := "CREATE DATABASE " + quote(name)
	if source != "" {
		sql += " TEMPLATE " + quote(source)
	}
	if err := do(ctx, at, sql); err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// Settle brings a database to the rest it has after a quiet hour: rows counted,
// dead ones gone, and everything written.
func (s *Server) Settle(ctx context.Context, database string) error {
	if err := do(ctx, s.URL(database), "VACUUM ANALYZE"); err != nil {
		return err
	}
	return do(ctx, s.URL(database), "CHECKPOINT")
}

func do(ctx context.Context, at, sql string) error {
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	if err != nil {
		err = fmt.Errorf("%s: %w", sql, err)
	}
	return errors.Join(err, conn.Close(ctx))
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
