package backup

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"filippo.io/age"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
	"parley/internal/vault"
)

// Target is where a restore goes: places that nobody uses.
type Target struct {
	Dir     string // data folder
	URL     string // "" = SQLite in it
	KeysURL string
	Custody string // folder of the epoch keys
	Blobs   string // folder of the files
	Clock   clock.Clock
	Anew    bool // what is there is of a restore that was interrupted
}

// Loaded is what a restore read.
type Loaded struct {
	Data, Keys Facts
	Held       Held // of the data
	KeysHeld   Held
}

// Load reads a pair of backups into a target: keys first, then rows, then files.
// Every table is compared with what was saved, and the number of files. It opens
// nothing to anybody: the privacy acts since are still to be done.
func (f *Folder) Load(ctx context.Context, to Target, data, keys Saved, identities []age.Identity) (out Loaded, err error) {
	err = f.read(keys, identities, func(r *reading, facts Facts) error {
		out.Keys = facts
		return loadKeys(ctx, r, to, &out.KeysHeld)
	})
	if err != nil {
		return out, err
	}
	return out, f.read(data, identities, func(r *reading, facts Facts) error {
		out.Data = facts
		return loadData(ctx, r, to, &out.Held)
	})
}

func (f *Folder) read(s Saved, identities []age.Identity, fn func(*reading, Facts) error) error {
	file, err := f.Open(s)
	if err != nil {
		return err
	}
	r, facts, err := openArchive(file, identities)
	if err == nil && facts.Kind != s.Kind {
		err = desk.Fail(desk.Invalid, "backup_kind", s.Name+" is no backup of the "+string(s.Kind))
	}
	if err == nil {
		err = fn(r, facts)
	}
	return errors.Join(err, file.Close())
}

func loadKeys(ctx context.Context, r *reading, to Target, held *Held) error {
	custody, err := vault.NewFileCustody(to.Custody)
	if err != nil {
		return err
	}
	var rows []store.Moved
	for {
		name, err := r.next()
		if err != nil {
			return err
		}
		epoch, isEpoch := strings.CutPrefix(name, partEpoch)
		switch {
		case name == partEnd:
			if err := r.end(held); err != nil {
				return err
			}
			return same(rows, held.Tables)
		case name == partRows:
			rows, err = store.LoadKeys(ctx, store.LoadConfig{URL: to.KeysURL, Dir: to.Dir, Clock: to.Clock, Anew: to.Anew}, r)
		case isEpoch:
			err = putEpoch(ctx, custody, epoch, r)
		}
		if err != nil {
			return err
		}
	}
}

func putEpoch(ctx context.Context, custody *vault.FileCustody, epoch string, from io.Reader) error {
	n, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || n <= 0 {
		return errArchive(err)
	}
	wrapped, err := io.ReadAll(io.LimitReader(from, 4<<10))
	if err != nil {
		return err
	}
	err = custody.Create(ctx, n, wrapped)
	if errors.Is(err, vault.ErrEpochExists) {
		return nil
	}
	return err
}

func loadData(ctx context.Context, r *reading, to Target, held *Held) error {
	files, err := blob.Open(to.Blobs, nil, to.Clock)
	if err != nil {
		return err
	}
	var rows []store.Moved
	var count, size int64
	for {
		name, err := r.next()
		if err != nil {
			return err
		}
		place, isFile := strings.CutPrefix(name, partFile)
		switch {
		case name == partEnd:
			if err := r.end(held); err != nil {
				return err
			}
			if count != held.Files || size != held.Bytes {
				return desk.Fail(desk.Internal, "copy_differs", "the files that arrived are not those that were saved")
			}
			return same(rows, held.Tables)
		case name == partRows:
			rows, err = store.Load(ctx, store.LoadConfig{URL: to.URL, Dir: to.Dir, Clock: to.Clock, Anew: to.Anew}, r)
		case isFile:
			var n int64
			if n, err = putFile(files, place, r); err == nil {
				count, size = count+1, size+n
			}
		}
		if err != nil {
			return err
		}
	}
}

func putFile(files *blob.Folder, place string, from io.Reader) (int64, error) {
	ws, name, _ := strings.Cut(place, "/")
	id, err := desk.ParseID(ws)
	if err != nil {
		return 0, errArchive(err)
	}
	return files.PutBack(id, name, from)
}

// same compares what was loaded with the backup's own last words.
func same(loaded, said []store.Moved) error {
	if len(loaded) != len(said) || len(said) == 0 {
		return errArchive(nil)
	}
	for i := range said {
		if loaded[i] != said[i] {
			return desk.Fail(desk.Internal, "copy_differs", "what arrived of table "+said[i].Table+" is not what was saved")
		}
	}
	return nil
}

// Wipe removes what an interrupted restore wrote into a data folder: what it
// writes and nothing else.
func (t Target) Wipe() error {
	var errs []error
	for _, name := range []string{"parley.db", "parley.db-wal", "parley.db-shm", "keys.db", "keys.db-wal", "keys.db-shm"} {
		if err := os.Remove(filepath.Join(t.Dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, os.RemoveAll(t.Custody), os.RemoveAll(t.Blobs))...)
}
