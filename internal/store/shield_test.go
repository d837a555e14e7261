package store

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/test/pgtest"
	"parley/test/tlstest"
)

// A way to the database that somebody could listen to is refused before
// anything is sent. asvs: V12.3.1, V12.3.2, V12.3.3
func TestTheWayToPostgreSQLIsInsideOrChecked(t *testing.T) {
	t.Parallel()
	for dsn, open := range map[string]bool{
		"postgres://u:p@127.0.0.1/d": true, "postgres://u:p@127.0.0.1/d?sslmode=disable": true, "postgres://u:p@localhost:5433/d": true,
		"postgres://u:p@[::1]/d": true, "postgres:///d?host=/run/postgresql": true,
		"postgres://u:p@db.example.com/d": false, "postgres://u:p@db.example.com/d?sslmode=disable": false, "postgres://u:p@db.example.com/d?sslmode=allow": false,
		"postgres://u:p@db.example.com/d?sslmode=prefer": false, "postgres://u:p@db.example.com/d?sslmode=require": false,
		"postgres://u:p@db.example.com/d?sslmode=verify-ca": false, "postgres://u:p@db.example.com/d?sslmode=verify-full": true,
		"postgres://u:p@10.0.0.7/d?sslmode=require": false, "postgres://u:p@10.0.0.7/d?sslmode=verify-full": true,
		"postgres://u:p@127.0.0.1,db.example.com/d?sslmode=disable": false, "postgres:///d?host=db.example.com": false,
		"postgres://u:p@localhost.example.com/d": false,
	} {
		pool, err := postgresEngine.pool(dsn)
		if open != (err == nil) || err != nil && (!strings.Contains(err.Error(), "sslmode=verify-full") || strings.Contains(err.Error(), "u:p")) {
			t.Errorf("%s: %v", dsn, err)
		}
		if err == nil {
			_ = pool.Close() // nothing was dialled
		}
	}
}

// asvs: V12.3.2
func TestPostgreSQLIsBelievedByItsCertificateAlone(t *testing.T) {
	t.Parallel()
	now := time.Now()
	own, other := tlstest.New(t, now.Add(-time.Hour), now.Add(time.Hour), "127.0.0.1"), tlstest.New(t, now.Add(-time.Hour), now.Add(time.Hour), "127.0.0.1")
	server, err := pgtest.Start(t.Context(), pgtest.Options{Cert: own.Cert, Key: own.Key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	for name, c := range map[string]struct {
		roots tlstest.Pair
		host  string
		open  bool
	}{"its own": {own, "127.0.0.1", true}, "another authority": {other, "127.0.0.1", false}, "another name": {own, "localhost", false}} {
		roots := filepath.Join(t.TempDir(), "roots.pem")
		if err := os.WriteFile(roots, c.roots.Cert, 0o600); err != nil {
			t.Fatal(err)
		}
		at, err := url.Parse(server.URL("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		at.Host = c.host + ":" + at.Port()
		at.RawQuery = url.Values{"sslmode": {"verify-full"}, "sslrootcert": {roots}}.Encode()
		pool, err := postgresEngine.pool(at.String())
		if err != nil {
			t.Fatal(err)
		}
		var tls bool
		err = pool.QueryRowContext(context.Background(), "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").Scan(&tls)
		if c.open != (err == nil) || c.open && !tls {
			t.Errorf("%s: encrypted %v, %v", name, tls, err)
		}
		_ = pool.Close()
	}
}
