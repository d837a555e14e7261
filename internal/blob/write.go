package blob

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"parley/internal/vault"
)

// Writer seals a file while it is written. Nobody sees it before Keep.
type Writer struct {
	folder *Folder
	place  Place
	key    vault.Key
	name   string
	part   string // where it lies until it is kept
	file   *os.File
	clear  []byte // of the chunk that is not full yet
	chunks int64
	size   int64
	err    error
}

// Create begins a file. It answers desk.NotFound when the contact was erased:
// no key is ever made for one who is gone.
func (f *Folder) Create(ctx context.Context, at Place) (*Writer, error) {
	ref := vault.Ref{Workspace: int64(at.Workspace), Kind: vault.Subject, Of: int64(at.Subject)}
	open := f.vault.KeyIfThere
	if at.Subject == 0 {
		ref.Kind, open = vault.Workspace, f.vault.Key
	}
	key, err := open(ctx, ref)
	if err != nil {
		return nil, plain(err)
	}
	w := &Writer{folder: f, place: at, key: key, name: newName(), clear: make([]byte, 0, chunkSize)}
	shard := f.shard(at.Workspace, w.name)
	if err := os.MkdirAll(shard, 0o700); err != nil {
		return nil, plain(err)
	}
	w.part = filepath.Join(shard, w.name+partSuffix)
	f.writes(w.part, true) // before it is there for a sweep to see
	if w.file, err = os.OpenFile(w.part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		f.writes(w.part, false)
	}
	return w, plain(err)
}

// Write seals what fills a chunk. After an error the file can only be dropped.
func (w *Writer) Write(b []byte) (int, error) {
	n := 0
	for len(b) > 0 && w.err == nil {
		if len(w.clear) == chunkSize { // more follows: it is not the last
			w.err = w.flush(false)
			continue
		}
		some := b[:min(len(b), chunkSize-len(w.clear))]
		w.clear = append(w.clear, some...)
		b, n = b[len(some):], n+len(some)
	}
	w.size += int64(n)
	return n, w.err
}

func (w *Writer) flush(last bool) error {
	sealed := w.folder.vault.Seal(w.key, w.place.place(w.name, w.chunks, last), w.clear)
	w.clear, w.chunks = w.clear[:0], w.chunks+1
	_, err := w.file.Write(sealed)
	return plain(err)
}

// Size is how many bytes were written.
func (w *Writer) Size() int64 { return w.size }

// Keep makes the file durable and gives the name to open it by. When it fails
// nothing is left.
func (w *Writer) Keep() (string, error) {
	err := w.err
	if err == nil {
		err = w.flush(true)
	}
	if err == nil {
		err = w.file.Sync()
	}
	part := w.part
	if err != nil {
		w.Drop()
		return "", plain(err)
	}
	defer w.folder.writes(part, false)
	final := w.folder.path(w.place.Workspace, w.name)
	now := w.folder.clock.Now() // Strays counts by this clock
	err = errors.Join(w.file.Close(), os.Chtimes(part, now, now))
	w.file = nil
	if err == nil {
		err = os.Rename(part, final)
	}
	if err != nil {
		return "", plain(errors.Join(err, os.Remove(part)))
	}
	shard := filepath.Dir(final)
	for _, dir := range []string{shard, filepath.Dir(shard), w.folder.root} {
		if err := syncDir(dir); err != nil {
			return "", plain(err)
		}
	}
	return w.name, nil
}

// Drop ends a file that is not kept; after Keep it does nothing.
func (w *Writer) Drop() {
	if w.file == nil {
		return
	}
	// What cannot be removed now is a stray.
	_, _ = w.file.Close(), os.Remove(w.part)
	w.folder.writes(w.part, false)
	w.file = nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
