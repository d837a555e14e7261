package crash

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// killing is what the program asks at each step of a backup and of a restore, in a
// build of its own (the compiler is given other copies of the files): whether to die
// there, by the number of the step, as a power cut would have it. It also stands in
// for a disk that is full after so many bytes. The product has none of it.
const killing = `package killpoint

import (
	"io"
	"io/fs"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
)

var steps atomic.Int64

// At is one step.
func At(name string) {
	n := steps.Add(1)
	if log := os.Getenv("KILL_LOG"); log != "" {
		f, err := os.OpenFile(log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			panic(err)
		}
		_, _ = f.WriteString(name + "\n")
		_ = f.Close()
	}
	if os.Getenv("KILL_AT") == strconv.FormatInt(n, 10) {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// Full is a file on a disk that has so many bytes left.
func Full(to io.Writer) io.Writer {
	left, err := strconv.Atoi(os.Getenv("KILL_ROOM"))
	if err != nil {
		return to
	}
	return &full{to, left}
}

type full struct {
	to   io.Writer
	left int
}

func (f *full) Write(b []byte) (int, error) {
	if len(b) > f.left {
		n, _ := f.to.Write(b[:f.left])
		f.left = 0
		return n, &fs.PathError{Op: "write", Path: "backup", Err: syscall.ENOSPC}
	}
	f.left -= len(b)
	return f.to.Write(b)
}
`

// steps names the moments between two things that reach the disk, by file: each is a
// line of the program and the name of the moment before it.
var steps = map[string][][2]string{
	"internal/privacy/backup/folder.go": {
		{"	err = fill(file)\n", "a file begun"},
		{"		err = file.Sync()\n", "a file filled"},
		{"		err = os.Rename(path+partSuffix, path)\n", "a file durable, not in place"},
		{"	return syncDir(filepath.Dir(path))\n", "a file in place"},
	},
	"internal/privacy/backup/make.go": {
		{"	err := b.DB.In(0).Write(ctx, func(tx *store.Tx) error { return tx.TornBackups(", "backup: ledger marked"},
		{"	if out.Data, err = b.one(", "backup: leftovers gone"},
		{"	for range epochTries {\n", "backup: data saved"},
		{"	err = b.DB.In(0).Write(ctx, func(tx *store.Tx) error { return b.Audit.Add(", "backup: keys saved"},
		{"	return out, errors.Join(err, b.prune(ctx))\n", "backup: recorded"},
		{"	row.Ledger = ledger\n", "backup: begun in the catalogue"},
		{"	saved := b.DB.In(0)", "backup: not yet in the catalogue"},
		{"	return row, errors.Join(failed, saved)\n", "backup: in the catalogue"},
		{"	err = b.Files.Carry(", "backup: rows written"},
		{"		held.Files++\n", "backup: a file of people"},
	},
	"internal/app/restore.go": {
		{"	mark = restoreMark{Stage: stageLoading,", "restore: not begun"},
		{"	if err := putRootKey(", "restore: marked"},
		{"	if err := keepRecoveryKey(", "restore: root key there"},
		{"	loaded, err := from.Load(", "restore: recovery key there"},
		{"	mark.Stage = stageLoaded\n", "restore: loaded"},
		{"	return os.Rename(markFile(dir)+\".new\"", "restore: a mark not in place"},
		{"		ledger := backup.NewLedger(from)\n", "restore: opened for its acts"},
		{"		if err := errors.Join(a.Eraser.Resume(ctx), ", "restore: acts done"},
		{"		if err := a.everywhere(forgetQueued)(ctx); err != nil {\n", "restore: ends carried out"},
		{"		return a.Sweep(ctx)\n", "restore: queues forgotten"},
		{"	if mark.So.Gap != \"\" && !wish.Confirm {\n", "restore: swept"},
		{"		err = os.Remove(markFile(cfg.Data))\n", "restore: recorded, not open"},
		{"	mark.So.Open = err == nil\n", "restore: open"},
	},
	"internal/privacy/backup/restore.go": {
		{"			rows, err = store.LoadKeys(", "restore: keys come"},
		{"			err = putEpoch(", "restore: an epoch's key comes"},
		{"			rows, err = store.Load(", "restore: rows come"},
		{"			if n, err = putFile(", "restore: a file comes"},
	},
	"internal/store/load.go": {
		{"			all = append(all, one)\n", "restore: a table there"},
		{"		err = l.s.simple(ctx, \"COMMIT\")\n", "restore: not committed"},
		{"	return all, plain(err)\n", "restore: committed"},
	},
	"internal/privacy/backup/replay.go": {
		{"	if err := p.Keys.AdoptLedger(", "restore: ledger read"},
		{"	if gap = kept.Gap; gap == \"\" {\n", "restore: ledger taken over"},
		{"		err = p.in(ctx, ws.ID, acts, &out)\n", "restore: acts of a workspace"},
	},
}

// deadly is the program with those steps in it, made once for all tests.
var deadly struct {
	once sync.Once
	err  error
}

// buildDeadly makes it beside the other, which TestMain takes away.
func buildDeadly(t *testing.T) string {
	t.Helper()
	build(t)
	deadly.once.Do(func() { deadly.err = compileDeadly(built.dir) })
	must(t, deadly.err)
	return filepath.Join(built.dir, "deadly")
}

func compileDeadly(dir string) error {
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	replace := map[string]string{filepath.Join(root, "web", "dist", "w", "chat.html"): filepath.Join(dir, "chat.html"),
		filepath.Join(root, "internal", "kit", "killpoint", "killpoint.go"): filepath.Join(dir, "killpoint.go")}
	if err := os.WriteFile(filepath.Join(dir, "killpoint.go"), []byte(killing), 0o600); err != nil {
		return err
	}
	for name, all := range steps {
		text, err := stepped(filepath.Join(root, name), all)
		if err != nil {
			return err
		}
		at := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(at, text, 0o600); err != nil {
			return err
		}
		replace[filepath.Join(root, name)] = at
	}
	plan := filepath.Join(dir, "deadly.json")
	raw, err := json.Marshal(map[string]any{"Replace": replace})
	if err := errors.Join(err, os.WriteFile(plan, raw, 0o600)); err != nil {
		return err
	}
	cmd := exec.Command("go", "build", "-overlay", plan, "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(dir, "deadly"), "./cmd/parley")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, said)
	}
	return nil
}

// stepped puts the steps into a file.
func stepped(path string, all [][2]string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if n := bytes.Count(text, []byte(one[0])); n != 1 {
			return nil, fmt.Errorf("the line %q stands %d times in %s: steps has to follow the program", one[0], n, path)
		}
		text = bytes.Replace(text, []byte(one[0]), fmt.Appendf(nil, "killpoint.At(%q)\n%s", one[1], one[0]), 1)
	}
	text = bytes.Replace(text, []byte("err = fill(file)"), []byte("err = fill(killpoint.Full(file))"), 1)
	return bytes.Replace(text, []byte("import (\n"), []byte("import (\n\t\"parley/internal/kit/killpoint\"\n"), 1), nil
}
