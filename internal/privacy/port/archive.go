package port

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"parley/internal/desk"
)

// archive is a ZIP that somebody brings: nothing in it is believed before it was
// compared with its manifest.
type archive struct {
	ctx   context.Context
	files map[string]*zip.File
}

func bad(why string, args ...any) error {
	return desk.Fail(desk.Invalid, "bad_export", "this is no whole file of what Parley hands out: "+fmt.Sprintf(why, args...))
}

func errNewer() error {
	return desk.Fail(desk.Conflict, "schema_newer", "a newer Parley made this file; bring it in with that version")
}

func open(ctx context.Context, from io.ReaderAt, size int64) (*archive, error) {
	all, err := zip.NewReader(from, size)
	if err != nil {
		return nil, bad("it is no ZIP, or was cut")
	}
	z := &archive{ctx: ctx, files: map[string]*zip.File{}}
	for _, f := range all.File {
		if z.files[f.Name] != nil {
			return nil, bad("it has two files of one name")
		}
		z.files[f.Name] = f
	}
	if head := z.files[manifestName]; head == nil || head.UncompressedSize64 > maxManifest {
		return nil, bad("it has no manifest")
	}
	return z, nil
}

// whole compares every file with its mark; there must be no others.
func (z *archive) whole(marks []FileMark) error {
	if len(marks) != len(z.files)-1 {
		return bad("it has files that its manifest does not name, or lacks some that it does")
	}
	for _, m := range marks {
		if err := z.check(m); err != nil {
			return err
		}
	}
	return nil
}

func (z *archive) check(m FileMark) error {
	f := z.files[m.Name]
	if f == nil {
		return bad("%s is not there", show(m.Name))
	}
	r, err := f.Open()
	if err != nil {
		return bad("%s cannot be read", show(m.Name))
	}
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(watched{z.ctx, r}, m.Bytes+1))
	err = errors.Join(err, r.Close())
	if z.ctx.Err() != nil {
		return z.ctx.Err()
	}
	if err != nil || n != m.Bytes || hex.EncodeToString(sum.Sum(nil)) != m.SHA256 {
		return bad("%s is not as it was written", show(m.Name))
	}
	return nil
}

// watched ends a long read with its context.
type watched struct {
	ctx context.Context
	io.Reader
}

func (w watched) Read(b []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.Reader.Read(b)
}

// show is a name from a file, for a message to a person.
func show(name string) string { return fmt.Sprintf("%.80q", name) }

// json reads one file of an archive.
func (z *archive) json(name string, into any) error {
	f := z.files[name]
	if f == nil {
		return bad("%s is not there", show(name))
	}
	raw, err := z.all(f, maxManifest)
	if err == nil && (bytes.Contains(raw, []byte(`\u0000`)) || json.Unmarshal(raw, into) != nil) { // no database holds that sign in a text
		err = bad("%s cannot be read", show(name))
	}
	return err
}

func (z *archive) all(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, bad("%s cannot be read", show(f.Name))
	}
	raw, err := io.ReadAll(io.LimitReader(r, most+1))
	if err = errors.Join(err, r.Close()); err != nil || int64(len(raw)) > most {
		return nil, bad("%s cannot be read", show(f.Name))
	}
	return raw, nil
}

// lines calls fn with each row of a file.
func (z *archive) lines(name string, fn func(map[string]json.RawMessage) error) error {
	f := z.files[name]
	if f == nil {
		return bad("%s is not there", show(name))
	}
	r, err := f.Open()
	if err != nil {
		return bad("%s cannot be read", show(name))
	}
	defer func() { _ = r.Close() }() // it was only read
	all := bufio.NewScanner(watched{z.ctx, r})
	all.Buffer(make([]byte, 0, 64<<10), maxLine)
	for all.Scan() {
		var row map[string]json.RawMessage
		if err := json.Unmarshal(bytes.Clone(all.Bytes()), &row); err != nil || row == nil {
			return bad("a line of %s is no row", show(name))
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	if err := all.Err(); err != nil {
		return errors.Join(z.ctx.Err(), bad("a line of %s cannot be read", show(name)))
	}
	return nil
}
