package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/vault"
	"parley/internal/vault/vaulttest"
)

const (
	chunk = 64 << 10
	ana   = desk.ID(71)
)

type world struct {
	*testing.T
	root   string
	vault  *vault.Vault
	clock  *clock.Fake
	folder *blob.Folder
}

func open(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, root: filepath.Join(t.TempDir(), "blobs"), clock: clock.NewFake(vaulttest.Start())}
	w.vault = vaulttest.Open(t, vaulttest.Options(w.clock))
	var err error
	w.folder, err = blob.Open(w.root, w.vault, w.clock)
	w.must(err)
	_, err = w.vault.Key(t.Context(), w.key())
	w.must(err)
	return w
}

func (w *world) key() vault.Ref { return vault.Ref{Workspace: 1, Kind: vault.Subject, Of: int64(ana)} }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// keep writes a file in pieces of odd sizes.
func (w *world) keep(at blob.Place, clear []byte) string {
	w.Helper()
	out, err := w.folder.Create(w.Context(), at)
	w.must(err)
	for rest := clear; len(rest) > 0; {
		n := min(len(rest), 4099)
		_, err := out.Write(rest[:n])
		w.must(err)
		rest = rest[n:]
	}
	name, err := out.Keep()
	w.must(err)
	if out.Size() != int64(len(clear)) {
		w.Errorf("%d bytes written, want %d", out.Size(), len(clear))
	}
	return name
}

func (w *world) read(at blob.Place, name string) ([]byte, error) {
	r, err := w.folder.Open(w.Context(), at, name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	return io.ReadAll(r)
}

// files lists every file below the folder.
func (w *world) files() []string {
	var all []string
	w.must(filepath.WalkDir(w.root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	}))
	return all
}

func content(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 31 / 7)
	}
	return b
}

func TestEverySizeComesBackAsItWas(t *testing.T) {
	t.Parallel()
	w := open(t)
	for i, n := range []int{0, 1, 5000, chunk - 1, chunk, chunk + 1, 3 * chunk, 3*chunk + 17} {
		at := blob.Place{Workspace: 1, Media: desk.ID(i + 1), Subject: ana}
		clear := content(n)
		name := w.keep(at, clear)
		if got, err := w.read(at, name); err != nil || !bytes.Equal(got, clear) {
			t.Errorf("%d bytes came back as %d, %v", n, len(got), err)
		}
		r, err := w.folder.Open(t.Context(), at, name)
		w.must(err)
		if r.Size() != int64(n) {
			t.Errorf("%d bytes are %d", n, r.Size())
		}
		for _, from := range []int{0, n / 3, max(n-1, 0), n} {
			_, err := r.Seek(int64(from), io.SeekStart)
			w.must(err)
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, clear[from:]) {
				t.Errorf("from %d of %d: %d bytes, %v", from, n, len(got), err)
			}
		}
		w.must(r.Close())
	}
}

// covers: nothing of a file is readable without its key.
func TestNoClearByteReachesTheDisk(t *testing.T) {
	t.Parallel()
	w := open(t)
	canary := "canary-of-ana-0123456789"
	name := w.keep(blob.Place{Workspace: 1, Media: 9, Subject: ana}, []byte(strings.Repeat(canary, 9000)))
	for _, path := range w.files() {
		raw, err := os.ReadFile(path)
		w.must(err)
		if bytes.Contains(raw, []byte(canary[:8])) || strings.Contains(path, "ana") {
			t.Errorf("%s tells of its content", filepath.Base(path))
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
	w.must(w.vault.Destroy(t.Context(), w.key()))
	if _, err := w.read(blob.Place{Workspace: 1, Media: 9}, name); !desk.IsNotFound(err) {
		t.Errorf("the file of an erased person answers %v", err)
	}
	if _, err := w.folder.Create(t.Context(), blob.Place{Workspace: 1, Media: 10, Subject: ana}); !desk.IsNotFound(err) {
		t.Errorf("a file for an erased person: %v", err)
	}
}

func TestChangedCutOrExchangedBytesAreNoticed(t *testing.T) {
	t.Parallel()
	const sealed = chunk + vault.Overhead
	at := blob.Place{Workspace: 1, Media: 5, Subject: ana}
	for name, harm := range map[string]func(b, other []byte) []byte{
		"cut at a chunk":   func(b, _ []byte) []byte { return b[:2*sealed] },
		"cut in a chunk":   func(b, _ []byte) []byte { return b[:2*sealed+40] },
		"cut to nothing":   func([]byte, []byte) []byte { return nil },
		"a few bytes left": func(b, _ []byte) []byte { return b[:20] },
		"chunks exchanged": func(b, _ []byte) []byte {
			return append(append(bytes.Clone(b[sealed:2*sealed]), b[:sealed]...), b[2*sealed:]...)
		},
		"a chunk twice":       func(b, _ []byte) []byte { return append(bytes.Clone(b[:sealed]), b...) },
		"a chunk more":        func(b, _ []byte) []byte { return append(bytes.Clone(b), b[2*sealed:]...) },
		"another file's":      func(_, other []byte) []byte { return other },
		"another file's head": func(b, other []byte) []byte { return append(bytes.Clone(other[:sealed]), b[sealed:]...) },
		"one bit":             func(b, _ []byte) []byte { c := bytes.Clone(b); c[sealed+100] ^= 1; return c },
	} {
		w := open(t)
		mine, other := w.keep(at, content(2*chunk+99)), w.keep(at, content(2*chunk+99))
		find := func(name string) string {
			for _, p := range w.files() {
				if filepath.Base(p) == name {
					return p
				}
			}
			return ""
		}
		a, err := os.ReadFile(find(mine))
		w.must(err)
		b, err := os.ReadFile(find(other))
		w.must(err)
		w.must(os.WriteFile(find(mine), harm(a, b), 0o600))
		if got, err := w.read(at, mine); !errors.Is(err, vault.ErrTampered) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	w := open(t)
	name := w.keep(at, content(100))
	for _, foreign := range []blob.Place{{Workspace: 1, Media: 6}, {Workspace: 2, Media: 5}} {
		if got, err := w.read(foreign, name); err == nil {
			t.Errorf("%+v reads %d bytes of another", foreign, len(got))
		}
	}
	if _, err := w.folder.Open(t.Context(), at, "../../1/"+name); !desk.IsNotFound(err) {
		t.Errorf("a path for a name: %v", err)
	}
}

// What stands between a file and its row is swept, and nothing that has a row or
// may still get one.
func TestWhatACrashLeavesIsSwept(t *testing.T) {
	t.Parallel()
	w := open(t)
	at := blob.Place{Workspace: 1, Media: 5, Subject: ana}
	kept, lost := w.keep(at, content(10)), w.keep(at, content(10))
	crashed, err := blob.Open(w.root, w.vault, w.clock) // a program that ended
	w.must(err)
	half, err := crashed.Create(t.Context(), at)
	w.must(err)
	_, err = half.Write(content(2 * chunk))
	w.must(err)
	for _, p := range w.files() {
		if strings.HasSuffix(p, ".part") {
			w.must(os.Chtimes(p, w.clock.Now(), w.clock.Now()))
		}
	}
	sweep := func() int {
		n, err := w.folder.Strays(context.Background(), time.Hour, func(_ context.Context, ws desk.ID, names []string) (map[string]bool, error) {
			if ws != 1 {
				t.Errorf("workspace %d", ws)
			}
			return map[string]bool{kept: true}, nil
		})
		w.must(err)
		return n
	}
	if n := sweep(); n != 0 || len(w.files()) != 3 {
		t.Fatalf("%d files went before their time", n)
	}
	w.clock.Advance(2 * time.Hour)
	if n := sweep(); n != 1 || len(w.files()) != 1 {
		t.Fatalf("%d went, %d are left", n, len(w.files()))
	}
	if _, err := w.read(at, lost); !desk.IsNotFound(err) {
		t.Errorf("the stray answers %v", err)
	}
	half.Drop()
	dropped, err := w.folder.Create(t.Context(), at)
	w.must(err)
	dropped.Drop()
	dropped.Drop()
	w.must(w.folder.Drop(1, kept, lost, "../etc"))
	if left := w.files(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// A clock that jumps ahead makes no stray of what is being written, however old it
// looks by then.
func TestWhatIsBeingWrittenOutlivesAJumpOfTheClock(t *testing.T) {
	t.Parallel()
	w := open(t)
	at := blob.Place{Workspace: 1, Media: 5, Subject: ana}
	slow, err := w.folder.Create(t.Context(), at)
	w.must(err)
	_, err = slow.Write(content(chunk + 5))
	w.must(err)
	for _, p := range w.files() {
		w.must(os.Chtimes(p, w.clock.Now(), w.clock.Now()))
	}
	w.clock.Advance(90 * 24 * time.Hour)
	none := func(context.Context, desk.ID, []string) (map[string]bool, error) { return nil, nil }
	sweep := func() {
		_, err := w.folder.Strays(t.Context(), time.Hour, none)
		w.must(err)
	}
	sweep()
	name, err := slow.Keep()
	w.must(err)
	got, err := w.read(at, name)
	if w.must(err); !bytes.Equal(got, content(chunk+5)) {
		t.Error("it is not as it was written")
	}
	given, err := w.folder.Create(t.Context(), at)
	w.must(err)
	given.Drop()
	w.clock.Advance(2 * time.Hour)
	if sweep(); len(w.files()) != 0 {
		t.Errorf("what nobody writes any more is not swept: %v", w.files())
	}
}

// A full disk leaves nothing half-written, and says what to do.
func TestAFullDiskIsSaidAndLeavesNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	out, err := w.folder.Create(t.Context(), blob.Place{Workspace: 1, Media: 5, Subject: ana})
	w.must(err)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	w.must(err)
	out.Onto(full)
	_, err = out.Write(content(3 * chunk))
	var e *desk.Error
	if !errors.As(err, &e) || e.Reason != "disk_full" || !e.Retry {
		t.Fatalf("writing answers %v", err)
	}
	if _, err := out.Keep(); !errors.As(err, &e) || e.Reason != "disk_full" {
		t.Errorf("keeping answers %v", err)
	}
	if left := w.files(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}
