package media

import (
	"bytes"
	"context"
	"errors"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/kit/picture"
	"parley/internal/kit/scan"
)

// maxPicture is how many bytes of a picture are held in memory to be cleaned.
const maxPicture = 25 << 20

// taking takes one file in while it is read: its first bytes tell its type, a
// picture is cleaned as a whole, everything else is sealed as it comes.
type taking struct {
	ctx   context.Context
	blobs *blob.Folder
	file  desk.Media // as far as it is known
	size  int64
	held  bytes.Buffer // the first bytes, or the whole of a picture
	told  bool
	out   *blob.Writer
	scan  *scan.Stream // nil = nobody looks it through
	err   error
}

// take begins with a file from outside.
func (md *Media) take(ctx context.Context, f desk.Media) *taking {
	t := md.retake(ctx, f)
	if md.Scanner != nil {
		t.scan = md.Scanner.Begin(ctx)
	}
	return t
}

// retake begins with a file that was taken before.
func (md *Media) retake(ctx context.Context, f desk.Media) *taking {
	return &taking{ctx: ctx, blobs: md.Blobs, file: f}
}

// unsafe says why a file is not kept after the scanner had it: what it found, or
// that it did not look, which may be tried again.
func unsafe(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, scan.ErrVirus):
		return desk.Fail(desk.Invalid, "media_virus", "the virus scanner found something in the file; it was not kept")
	case errors.Is(err, scan.ErrTooBig):
		return desk.Fail(desk.Invalid, "media_unscannable", "the file is longer than the virus scanner takes; it was not kept")
	}
	return &desk.Error{Code: desk.Unavailable, Reason: unchecked, Text: "the virus scanner does not answer; try again in a few minutes", Retry: true, Cause: err}
}

const unchecked = "media_unchecked"

func tooLarge() error {
	return desk.Fail(desk.Invalid, "media_too_large", "the file is larger than Parley keeps: 100 MB, a picture 25 MB")
}

// Write implements io.Writer; after an error the file can only be dropped.
func (t *taking) Write(b []byte) (int, error) {
	if t.err != nil {
		return 0, t.err
	}
	if t.size += int64(len(b)); t.size > desk.MaxFile {
		t.err = tooLarge()
		return 0, t.err
	}
	if t.scan != nil {
		_, _ = t.scan.Write(b) // Verdict says what went wrong
	}
	if t.out != nil {
		_, t.err = t.out.Write(b)
		return len(b), t.err
	}
	_, _ = t.held.Write(b)
	if !t.told && t.held.Len() >= headSize {
		t.err = t.tell()
	}
	if t.err == nil && t.told && isPicture(t.file.Mime) && t.held.Len() > maxPicture {
		t.err = tooLarge()
	}
	return len(b), t.err
}

// tell looks at the first bytes.
func (t *taking) tell() error {
	head := t.held.Bytes()
	t.told = true
	t.file.Mime = typeOf(head[:min(len(head), headSize)], t.file.Mime)
	t.file.Kind = kindOf(t.file.Mime, t.file.Kind)
	if isPicture(t.file.Mime) {
		return nil
	}
	return t.seal(head)
}

func (t *taking) seal(b []byte) (err error) {
	if t.out, err = t.blobs.Create(t.ctx, place(t.file)); err != nil {
		t.out = nil
		return err
	}
	_, err = t.out.Write(b)
	return err
}

// keep ends the file: looked through, sealed, durable, with what its bytes tell.
// Errors: media_empty, media_unreadable, media_pixels, media_too_large, and those
// of unsafe.
func (t *taking) keep() (desk.Media, error) {
	defer t.drop()
	if t.err == nil && t.size == 0 {
		t.err = desk.Fail(desk.Invalid, "media_empty", "the file is empty")
	}
	if t.err == nil && t.scan != nil {
		t.err = unsafe(t.scan.Verdict())
	}
	if t.err == nil && !t.told {
		t.err = t.tell()
	}
	if t.err == nil && t.out == nil {
		t.err = t.clean()
	}
	if t.err != nil {
		return t.file, t.err
	}
	t.file.Size = t.out.Size()
	t.file.Blob, t.err = t.out.Keep()
	t.out = nil
	t.file.State, t.file.Reason = desk.MediaReady, ""
	return t.file, t.err
}

func (t *taking) clean() error {
	points, info, err := picture.Clean(t.held.Bytes())
	switch {
	case errors.Is(err, picture.ErrTooBig):
		return desk.Fail(desk.Invalid, "media_pixels", "the picture has more points than Parley shows")
	case err != nil:
		return desk.Fail(desk.Invalid, "media_unreadable", "the picture cannot be read")
	}
	t.file.Mime, t.file.Width, t.file.Height, t.file.Animated = info.Mime, info.Width, info.Height, info.Animated
	return t.seal(points)
}

// drop lets go of what is not kept.
func (t *taking) drop() {
	if t.scan != nil {
		t.scan.Drop()
	}
	if t.out != nil {
		t.out.Drop()
		t.out = nil
	}
}
