package media

import (
	"bytes"
	"context"
	"errors"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/kit/clock"
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
	draw  drawing
	err   error
}

// drawing makes of a picture's bytes those that are kept.
type drawing func(context.Context, []byte) ([]byte, picture.Info, error)

// cleaned keeps the points as they came: a message's picture is what was sent.
func cleaned(_ context.Context, b []byte) ([]byte, picture.Info, error) { return picture.Clean(b) }

// redrawn draws the picture anew (ADR 0025): one that a member brings, and one of
// a person that their channel shows.
func (md *Media) redrawn(ctx context.Context, b []byte) ([]byte, picture.Info, error) {
	ctx, cancel := clock.WithTimeout(ctx, md.DB.Clock(), drawTime)
	defer cancel()
	return md.drawer.Redraw(ctx, b)
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
	return &taking{ctx: ctx, blobs: md.Blobs, file: f, draw: cleaned}
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
// Errors: media_empty, media_too_large, and those of unsafe and undrawn.
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
	points, info, err := t.draw(t.ctx, t.held.Bytes())
	if err != nil {
		return undrawn(err)
	}
	if t.file.Mime == "image/webp" && info.Mime != t.file.Mime {
		t.file.Name = renamed(t.file.Name, info.Mime)
	}
	t.file.Mime, t.file.Width, t.file.Height, t.file.Animated = info.Mime, info.Width, info.Height, info.Animated
	return t.seal(points)
}

// undrawn says why a picture is not kept: media_pixels, media_colours,
// media_moving, media_unreadable, or media_busy, which may be tried again.
func undrawn(err error) error {
	switch {
	case errors.Is(err, picture.ErrTooBig):
		return desk.Fail(desk.Invalid, "media_pixels", "the picture has more points than Parley shows")
	case errors.Is(err, picture.ErrColours):
		return desk.Fail(desk.Invalid, "media_colours", "the picture's colours are of a kind that Parley does not read, such as those for print; save it as sRGB")
	case errors.Is(err, picture.ErrMoving):
		return desk.Fail(desk.Invalid, "media_moving", "a moving picture is taken as a GIF or a film")
	case errors.Is(err, picture.ErrBusy):
		return &desk.Error{Code: desk.Unavailable, Reason: "media_busy", Text: "too many pictures are read at this moment; try again in a minute", Retry: true, Cause: err}
	}
	return desk.Fail(desk.Invalid, "media_unreadable", "the picture cannot be read")
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
