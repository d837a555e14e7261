package pgtest_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"parley/internal/kit/secret"
	"parley/test/pgtest"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	a, b := connect(t, pgtest.DB(t)), connect(t, pgtest.DB(t))
	if _, err := a.Exec(t.Context(), "CREATE TABLE x (n int)"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Exec(t.Context(), "SELECT * FROM x"); err == nil {
		t.Fatal("both tests see one database")
	}
}

func TestATemplateIsFilledOnceAndCopied(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	filled := 0
	fill := func(url string) error {
		mu.Lock()
		filled++
		mu.Unlock()
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			return err
		}
		_, err = conn.Exec(t.Context(), "CREATE TABLE x AS SELECT 7 AS n")
		return errors.Join(err, conn.Close(t.Context()))
	}
	name := "own_" + hex.EncodeToString(secret.Random(6))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			var n int
			conn := connect(t, pgtest.Templated(t, name, fill))
			if err := conn.QueryRow(t.Context(), "SELECT n FROM x").Scan(&n); err != nil || n != 7 {
				t.Errorf("copy holds %d, %v", n, err)
			}
		})
	}
	wg.Wait()
	if filled > 1 {
		t.Fatalf("filled %d times", filled)
	}
}

func TestADurableServerSaysSoAndSurvivesARestart(t *testing.T) {
	t.Parallel()
	s, err := pgtest.Start(t.Context(), pgtest.Options{Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	before := connect(t, s.URL("postgres"))
	var fsync string
	if err := before.QueryRow(t.Context(), "SHOW fsync").Scan(&fsync); err != nil || fsync != "on" {
		t.Fatal(fsync, err)
	}
	if _, err := before.Exec(t.Context(), "CREATE TABLE x (n int)"); err != nil {
		t.Fatal(err)
	}
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := before.Exec(t.Context(), "SELECT 1"); err == nil {
		t.Fatal("the restart did not cut the connection")
	}
	if _, err := connect(t, s.URL("postgres")).Exec(t.Context(), "SELECT * FROM x"); err != nil {
		t.Fatal(err)
	}
}

// The inner run of this very test starts a server and then dies at once.
func TestAServerEndsWithTheProcessThatAskedForIt(t *testing.T) {
	t.Parallel()
	if os.Getenv("PGTEST_DIE") != "" {
		s, err := pgtest.Start(context.Background(), pgtest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = os.Stdout.WriteString("DIR " + s.Dir() + "\n")
		os.Exit(3)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "PGTEST_DIE=1")
	cmd.ExtraFiles = []*os.File{w}
	out, err := cmd.Output()
	if cmd.ProcessState.ExitCode() != 3 {
		t.Fatalf("%v\n%s", err, out)
	}
	// The server and its watcher hold the pipe too: its end is theirs.
	_ = w.Close()
	if _, err := io.Copy(io.Discard, r); err != nil {
		t.Fatal(err)
	}
	_, dir, _ := bytes.Cut(bytes.TrimSpace(out), []byte("DIR "))
	if _, err := os.Stat(string(dir)); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is still there: %v", dir, err)
	}
}
