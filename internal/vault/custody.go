package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	epochPrefix  = "epoch-"
	epochSuffix  = ".key"
	tempPrefix   = ".new-"
	epochFileMax = 4 << 10
)

// FileCustody keeps each epoch key in a file of its own, for its owner only. It
// serves one machine: the folder belongs apart from databases and backups.
type FileCustody struct{ dir string }

// NewFileCustody opens the folder, making it when absent, and clears away what
// a crash left half-written. It refuses a folder that others may enter.
func NewFileCustody(dir string) (*FileCustody, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("vault: cannot make the custody folder: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("vault: cannot read the custody folder: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("vault: others may enter the custody folder %s (mode %04o): run chmod 700 on it", dir, mode)
	}
	left, err := filepath.Glob(filepath.Join(dir, tempPrefix+"*"))
	if err != nil {
		return nil, fmt.Errorf("vault: cannot read the custody folder: %w", err)
	}
	for _, path := range left {
		if err := shred(path); err != nil {
			return nil, fmt.Errorf("vault: cannot clear the custody folder: %w", err)
		}
	}
	return &FileCustody{dir: dir}, nil
}

func (c *FileCustody) path(epoch int64) string {
	return filepath.Join(c.dir, epochPrefix+strconv.FormatInt(epoch, 10)+epochSuffix)
}

// Epochs returns the numbers held, rising.
func (c *FileCustody) Epochs(context.Context) ([]int64, error) {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return nil, fmt.Errorf("vault: cannot read the custody folder: %w", err)
	}
	var epochs []int64
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), epochPrefix)
		if digits, ok2 := strings.CutSuffix(digits, epochSuffix); ok && ok2 {
			if n, err := strconv.ParseInt(digits, 10, 64); err == nil && n > 0 {
				epochs = append(epochs, n)
			}
		}
	}
	slices.Sort(epochs)
	return epochs, nil
}

// Create keeps wrapped under a new number.
func (c *FileCustody) Create(_ context.Context, epoch int64, wrapped []byte) error {
	err := createPrivate(c.path(epoch), wrapped)
	if errors.Is(err, fs.ErrExist) {
		return ErrEpochExists
	}
	if err != nil {
		return fmt.Errorf("vault: cannot keep epoch key %d: %w", epoch, err)
	}
	return nil
}

// Load returns what Create kept.
func (c *FileCustody) Load(_ context.Context, epoch int64) ([]byte, error) {
	wrapped, err := readPrivate(c.path(epoch), epochFileMax)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoEpoch
	}
	if err != nil {
		return nil, fmt.Errorf("vault: cannot read epoch key %d: %w", epoch, err)
	}
	return wrapped, nil
}

// Since says when an epoch key was made; zero when it is not held.
func (c *FileCustody) Since(epoch int64) time.Time {
	info, err := os.Stat(c.path(epoch))
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// Destroy overwrites and removes the file. Overwriting reaches the same blocks
// on plain disks only; elsewhere the folder belongs on an encrypted one.
func (c *FileCustody) Destroy(_ context.Context, epoch int64) error {
	if err := shred(c.path(epoch)); err != nil {
		return fmt.Errorf("vault: cannot destroy epoch key %d: %w", epoch, err)
	}
	return nil
}

// shred overwrites a file with zeros, removes it and makes both durable.
func shred(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.Write(make([]byte, min(info.Size(), epochFileMax)))
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}
