package crash

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"parley/test/pgtest"
)

// Whoever has the whole machine can put it back to an earlier day and let another
// history grow from there, signed with the same key: every chain of it is whole. The
// line that was kept elsewhere says that it is another one.
func TestAHistoryToldAnewIsFoundByWhatWasKeptElsewhere(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, postgres bool) {
		database := ""
		if postgres {
			database = pgtest.DB(t)
		}
		in := newPlace(t, build(t), database, *seed)
		in.acts("one", "two")
		in.signs()
		earlier := in.copied()
		in.acts("three", "four")
		kept := filepath.Join(t.TempDir(), "kept")
		must(t, os.WriteFile(kept, append([]byte("From a saved mail:\n\n"), in.signs()...), 0o600))

		earlier.acts("five", "six", "seven")
		earlier.signs()
		if said, err := earlier.verifies(); err != nil || !strings.Contains(said, "whole") {
			t.Errorf("by itself the other history is not whole: %v\n%s", err, said)
		}
		said, err := earlier.verifies("--checkpoint", kept)
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(said, "BROKEN") || !strings.Contains(said, "written anew") {
			t.Errorf("a history told anew is not found: %v\n%s", err, said)
		}
		if said, err := in.verifies("--checkpoint", kept); err != nil || !strings.Contains(said, "1 kept elsewhere") || strings.Contains(said, "BROKEN") {
			t.Errorf("the true one does not hold: %v\n%s", err, said)
		}
	})
}

// acts makes keys, each of which is recorded.
func (in *place) acts(names ...string) {
	in.t.Helper()
	for _, name := range names {
		if said, err := in.command(0, "key", "add", "--workspace", "Crash", "--name", name, "--role", "agent").CombinedOutput(); err != nil {
			in.t.Fatalf("%v\n%s", err, said)
		}
	}
}

// signs has the chains signed as they stand, and gives the lines to keep.
func (in *place) signs() []byte {
	in.t.Helper()
	lines, err := in.command(0, "audit", "mark").Output()
	must(in.t, err)
	return lines
}

func (in *place) verifies(more ...string) (string, error) {
	said, err := in.command(0, append([]string{"audit", "verify"}, more...)...).CombinedOutput()
	return string(said), err
}

// copied is the whole machine as it is now, a second time.
func (in *place) copied() *place {
	in.t.Helper()
	twin := ""
	if in.database != "" {
		at, err := url.Parse(in.database)
		must(in.t, err)
		name := strings.TrimPrefix(at.Path, "/")
		ctx := context.Background()
		must(in.t, in.conn.Close(ctx)) // nobody may look while it is copied
		at.Path = "/postgres"
		admin, err := pgx.Connect(ctx, at.String())
		must(in.t, err)
		_, err = admin.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name + "_twin"}.Sanitize()+" TEMPLATE "+pgx.Identifier{name}.Sanitize())
		must(in.t, errors.Join(err, admin.Close(ctx)))
		at.Path = "/" + name + "_twin"
		twin = at.String()
	}
	to := newPlace(in.t, in.binary, twin, *seed)
	must(in.t, os.CopyFS(to.dir, os.DirFS(in.dir)))
	must(in.t, filepath.WalkDir(to.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o600) // as it was, which CopyFS forgets
		if d.IsDir() {
			mode = 0o700
		}
		return os.Chmod(path, mode)
	}))
	return to
}
