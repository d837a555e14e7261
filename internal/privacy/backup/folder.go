package backup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Folder is where backups lie: a folder for the data, one for the keys, one for
// the privacy ledger. It belongs on another disk, better another machine.
type Folder struct{ root string }

const (
	suffix     = ".age"
	partSuffix = ".part" // of a file that is being written
	stampForm  = "20060102T150405Z"
)

// OpenFolder makes the folder where it is missing.
func OpenFolder(root string) (*Folder, error) {
	if strings.Contains(root, "://") {
		return nil, desk.Fail(desk.Invalid, "backup_place", "PARLEY_BACKUPS is a folder; other places are not built: mount one there, or copy the folder away with a tool of your own")
	}
	f := &Folder{root: root}
	for _, sub := range []string{string(store.DataBackup), string(store.KeyBackup), ledgerFolder} {
		if err := os.MkdirAll(filepath.Join(root, sub), 0o700); err != nil {
			return nil, fmt.Errorf("folder of backups: %w", err)
		}
	}
	return f, nil
}

// Root is the folder's path.
func (f *Folder) Root() string { return f.root }

// Saved is one whole backup in the folder.
type Saved struct {
	Kind store.BackupKind
	Name string
	At   time.Time // the moment it is of
}

func nameOf(kind store.BackupKind, at time.Time, id desk.ID) string {
	return string(kind) + "-" + at.UTC().Format(stampForm) + "-" + id.String() + suffix
}

// saved reads a file's name; what is named otherwise is nobody's business here.
func saved(kind store.BackupKind, name string) (Saved, bool) {
	rest, ok := strings.CutPrefix(name, string(kind)+"-")
	rest, whole := strings.CutSuffix(rest, suffix)
	stamp, id, two := strings.Cut(rest, "-")
	at, err := time.Parse(stampForm, stamp)
	_, bad := desk.ParseID(id)
	return Saved{Kind: kind, Name: name, At: at}, ok && whole && two && err == nil && bad == nil
}

// List lists the whole backups of a kind, newest first.
func (f *Folder) List(kind store.BackupKind) ([]Saved, error) {
	entries, err := os.ReadDir(filepath.Join(f.root, string(kind)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, plain(err)
	}
	var all []Saved
	for _, e := range entries {
		if s, ok := saved(kind, e.Name()); ok && !e.IsDir() {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b Saved) int { return strings.Compare(b.Name, a.Name) })
	return all, nil
}

// Find returns the backup of that name, or the newest when the name is empty.
func (f *Folder) Find(kind store.BackupKind, name string) (Saved, error) {
	all, err := f.List(kind)
	if err != nil {
		return Saved{}, err
	}
	for _, s := range all {
		if name == "" || s.Name == name {
			return s, nil
		}
	}
	if name != "" {
		return Saved{}, desk.Fail(desk.NotFound, "no_backup", fmt.Sprintf("there is no backup %s in %s", name, filepath.Join(f.root, string(kind))))
	}
	return Saved{}, desk.Fail(desk.NotFound, "no_backup", fmt.Sprintf("there is no whole %s backup in %s", kind, filepath.Join(f.root, string(kind))))
}

// Open opens a backup for reading.
func (f *Folder) Open(s Saved) (io.ReadCloser, error) {
	file, err := os.Open(f.path(s.Kind, s.Name))
	return file, plain(err)
}

func (f *Folder) path(kind store.BackupKind, name string) string {
	return filepath.Join(f.root, string(kind), name)
}

// write lets fill write a file that is there whole and durable afterwards, or not
// at all.
func (f *Folder) write(kind store.BackupKind, name string, fill func(io.Writer) error) (err error) {
	path := f.path(kind, name)
	file, err := os.OpenFile(path+partSuffix, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return plain(err)
	}
	err = fill(file)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(path+partSuffix, path)
	}
	if err != nil {
		return plain(errors.Join(err, os.Remove(path+partSuffix)))
	}
	return syncDir(filepath.Dir(path))
}

// Remove deletes a backup; one that is gone is no error.
func (f *Folder) Remove(s Saved) error {
	err := os.Remove(f.path(s.Kind, s.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(plain(err), syncDir(filepath.Join(f.root, string(s.Kind))))
}

// clearParts removes what a crash left half-written.
func (f *Folder) clearParts() error {
	var errs []error
	for _, kind := range []store.BackupKind{store.DataBackup, store.KeyBackup} {
		left, err := filepath.Glob(filepath.Join(f.root, string(kind), "*"+partSuffix))
		errs = append(errs, err)
		for _, path := range left {
			errs = append(errs, os.Remove(path))
		}
	}
	return plain(errors.Join(errs...))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return plain(err)
	}
	return plain(errors.Join(d.Sync(), d.Close()))
}

func plain(err error) error {
	var known *desk.Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return &desk.Error{Code: desk.Unavailable, Reason: "backup_disk_full", Text: "the disk with the backups is full; free some space", Retry: true, Cause: err}
	}
	return &desk.Error{Code: desk.Unavailable, Reason: "backup_place", Text: "the folder of backups (PARLEY_BACKUPS) cannot be written or read: " + err.Error(), Retry: true, Cause: err}
}
