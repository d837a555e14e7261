package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"parley/internal/desk"
	"parley/internal/vault"
)

// Reader opens a file chunk by chunk; it is an io.ReadSeeker over the clear
// bytes. One goroutine at a time may use it.
type Reader struct {
	ctx    context.Context
	folder *Folder
	place  Place
	name   string
	file   *os.File
	size   int64
	at     int64
	clear  []byte // the chunk that at lies in
	held   int64  // its number, -1 = none
}

// Open opens a file that Keep named, until ctx ends. It answers desk.NotFound
// when the file or its key is gone; bytes that are not what was written answer
// vault.ErrTampered when they are read.
func (f *Folder) Open(ctx context.Context, at Place, name string) (*Reader, error) {
	if !known(name) {
		return nil, plain(fs.ErrNotExist)
	}
	file, err := os.Open(f.path(at.Workspace, name))
	if err != nil {
		return nil, plain(err)
	}
	r := &Reader{ctx: ctx, folder: f, place: at, name: name, file: file, held: -1}
	info, err := file.Stat()
	if err == nil {
		whole, rest := info.Size()/sealedSize, info.Size()%sealedSize
		r.size = whole*chunkSize + max(rest-vault.Overhead, 0)
		if whole == 0 && rest < vault.Overhead || rest > 0 && rest < vault.Overhead {
			err = vault.ErrTampered
		}
	}
	if err == nil {
		err = r.hold(0) // an erased person's file is gone now, not in the middle of an answer
	}
	if err != nil {
		return nil, plain(errors.Join(err, file.Close()))
	}
	return r, nil
}

// Size is the length of the clear bytes.
func (r *Reader) Size() int64 { return r.size }

// Read reads clear bytes.
func (r *Reader) Read(b []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	if err := r.hold(r.at / chunkSize); err != nil {
		return 0, plain(err)
	}
	n := copy(b, r.clear[r.at%chunkSize:])
	r.at += int64(n)
	return n, nil
}

// hold opens chunk n.
func (r *Reader) hold(n int64) error {
	if r.held == n {
		return nil
	}
	sealed := make([]byte, sealedSize)
	got, err := r.file.ReadAt(sealed, n*sealedSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	last := (n+1)*chunkSize >= r.size
	clear, err := r.folder.vault.Open(r.ctx, r.place.place(r.name, n, last), sealed[:got])
	if err != nil {
		return err
	}
	r.clear, r.held = clear, n
	return nil
}

// Seek implements io.Seeker.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, desk.Fail(desk.Invalid, "bad_range", "a file begins at 0")
	}
	r.at = offset
	return offset, nil
}

// Close lets go of the file.
func (r *Reader) Close() error { return r.file.Close() }
