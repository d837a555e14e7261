package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
	"parley/internal/vault"
)

const (
	chunkSize  = 64 << 10
	sealedSize = chunkSize + vault.Overhead
	nameSize   = 16
	partSuffix = ".part" // of a file that is being written
)

// Folder is where the files of an install lie: one folder for each workspace,
// its files spread over 256 more.
type Folder struct {
	root  string
	vault *vault.Vault
	clock clock.Clock

	mu   sync.Mutex
	open map[string]bool // paths that this process is writing
}

// Place is what a file belongs to; sealed for one place it opens for no other.
// Subject is the contact whose key seals it, 0 = the workspace's own key; it
// counts for writing only, because sealed bytes name their key.
type Place struct {
	Workspace, Media, Subject desk.ID
}

// Open makes the folder where it is missing.
func Open(root string, v *vault.Vault, clk clock.Clock) (*Folder, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("folder of files: %w", err)
	}
	return &Folder{root: root, vault: v, clock: clk, open: map[string]bool{}}, nil
}

func (f *Folder) shard(ws desk.ID, name string) string {
	return filepath.Join(f.root, strconv.FormatInt(int64(ws), 16), name[:2])
}

func (f *Folder) path(ws desk.ID, name string) string {
	return filepath.Join(f.shard(ws, name), name)
}

// known reports whether a name is one that this package gives.
func known(name string) bool {
	raw, err := hex.DecodeString(name)
	return err == nil && len(raw) == nameSize && name == strings.ToLower(name)
}

func newName() string { return hex.EncodeToString(secret.Random(nameSize)) }

// place is what one chunk is bound to.
func (p Place) place(name string, n int64, last bool) vault.AD {
	column := name + "/" + strconv.FormatInt(n, 10)
	if last {
		column += "/last"
	}
	return vault.AD{Workspace: int64(p.Workspace), Table: "blob", Column: column, Row: int64(p.Media)}
}

// writes notes that a path is being written, or is no more.
func (f *Folder) writes(path string, now bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now {
		f.open[path] = true
	} else {
		delete(f.open, path)
	}
}

func (f *Folder) written(path string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.open[path]
}

// Drop removes files; those that are gone are no error.
func (f *Folder) Drop(ws desk.ID, names ...string) error {
	var errs []error
	for _, name := range names {
		if !known(name) {
			continue
		}
		if err := os.Remove(f.path(ws, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, plain(err))
		}
	}
	return errors.Join(errs...)
}

// strayStep is how many names Strays asks about at a time.
const strayStep = 500

// Strays removes what a crash left behind: half-written files and files that no
// row knows, both only when they are older than grace, because a row follows its
// file. What this process is writing stays, however old a clock that jumped makes it
// look. keep answers which of some names have a row. It returns how many went.
func (f *Folder) Strays(ctx context.Context, grace time.Duration, keep func(ctx context.Context, ws desk.ID, names []string) (map[string]bool, error)) (int, error) {
	spaces, err := os.ReadDir(f.root)
	if err != nil {
		return 0, plain(err)
	}
	gone := 0
	for _, s := range spaces {
		id, err := strconv.ParseInt(s.Name(), 16, 64)
		if err != nil || !s.IsDir() {
			continue
		}
		old, err := f.old(ctx, filepath.Join(f.root, s.Name()), f.clock.Now().Add(-grace))
		if err != nil {
			return gone, err
		}
		for len(old) > 0 {
			some := old[:min(len(old), strayStep)]
			old = old[len(some):]
			kept, err := keep(ctx, desk.ID(id), some)
			if err != nil {
				return gone, err
			}
			for _, name := range some {
				if kept[name] {
					continue
				}
				if err := f.Drop(desk.ID(id), name); err != nil {
					return gone, err
				}
				gone++
			}
		}
	}
	return gone, nil
}

// old lists the files of a workspace from before a time, and removes those whose
// writing ended with the program.
func (f *Folder) old(ctx context.Context, dir string, before time.Time) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || info.ModTime().After(before) {
			return err
		}
		if strings.HasSuffix(path, partSuffix) {
			if f.written(path) {
				return nil
			}
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			return nil
		}
		if known(d.Name()) {
			names = append(names, d.Name())
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // the workspace went meanwhile
	}
	return names, plain(err)
}

// plain turns what the system says into words that tell what to do.
func plain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return &desk.Error{Code: desk.Unavailable, Reason: "disk_full", Text: "the disk with the files is full; free some space", Retry: true, Cause: err}
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, vault.ErrNoKey), errors.Is(err, vault.ErrExpired):
		return &desk.Error{Code: desk.NotFound, Reason: "file_gone", Text: "the file is no longer there", Cause: err}
	}
	var e *desk.Error
	if errors.As(err, &e) {
		return err
	}
	return fmt.Errorf("folder of files: %w", err)
}

// Clear removes every file of a workspace but those named, also what was being
// written.
func (f *Folder) Clear(ws desk.ID, but []string) error {
	dir := filepath.Join(f.root, strconv.FormatInt(int64(ws), 16))
	if ws <= 0 {
		return fmt.Errorf("folder of files: %d is no workspace", ws)
	}
	if len(but) == 0 {
		return plain(os.RemoveAll(dir))
	}
	kept := map[string]bool{}
	for _, name := range but {
		kept[name] = true
	}
	return plain(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || kept[d.Name()] {
			return err
		}
		return os.Remove(path)
	}))
}
