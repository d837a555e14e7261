package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"parley/internal/desk"
)

// Carry hands every whole file to fn, sealed as it lies there, for a backup. One
// that goes meanwhile is passed over.
func (f *Folder) Carry(ctx context.Context, fn func(ws desk.ID, name string, sealed io.Reader) error) error {
	spaces, err := os.ReadDir(f.root)
	if err != nil {
		return plain(err)
	}
	for _, s := range spaces {
		id, err := strconv.ParseInt(s.Name(), 16, 64)
		if err != nil || !s.IsDir() {
			continue
		}
		err = filepath.WalkDir(filepath.Join(f.root, s.Name()), func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || d.IsDir() || !known(d.Name()) || ctx.Err() != nil {
				return errors.Join(err, ctx.Err())
			}
			file, err := os.Open(path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			return errors.Join(fn(desk.ID(id), d.Name(), file), file.Close())
		})
		if err != nil {
			return plain(err)
		}
	}
	return nil
}

// PutBack writes a file as Carry gave it.
func (f *Folder) PutBack(ws desk.ID, name string, sealed io.Reader) (n int64, err error) {
	if ws <= 0 || !known(name) {
		return 0, desk.Fail(desk.Invalid, "file_name", "the backup names a file that is none: "+strings.ToValidUTF8(name, "?"))
	}
	if err := os.MkdirAll(f.shard(ws, name), 0o700); err != nil {
		return 0, plain(err)
	}
	file, err := os.OpenFile(f.path(ws, name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, plain(err)
	}
	n, err = io.Copy(file, sealed)
	return n, plain(errors.Join(err, file.Sync(), file.Close()))
}
