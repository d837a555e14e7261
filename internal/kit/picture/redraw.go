package picture

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"

	"golang.org/x/sync/semaphore"
)

const (
	// ErrColours: its colours are told by a table that is not read here (most of
	// them for print); shown without it, they would be others.
	ErrColours = Error("picture: colours of a kind that is not read")
	// ErrMoving: a moving PNG or WebP; drawn anew, it would stand still unsaid.
	ErrMoving = Error("picture: a moving picture that is no GIF")
	// ErrBusy: the time given ended before the picture was drawn.
	ErrBusy = Error("picture: no time")
)

// Limits of drawing anew.
const (
	maxScans  = 64       // of a JPEG; programs write about ten, each costs a walk over all points
	maxFrames = 1_000    // of a GIF; each costs a table of colours, however small it is
	maxDrawn  = 64 << 20 // bytes of what is written
)

// Redrawer draws pictures anew: their points are read and written again, so that
// not one byte of what was sent is kept. It is safe for concurrent use.
type Redrawer struct {
	room   *semaphore.Weighted
	memory int64
	least  int64 // what the smallest picture counts for, so that half of the cores stay free
}

// NewRedrawer makes a Redrawer whose pictures together hold so many bytes of
// memory. A picture that alone would hold more is ErrTooBig.
func NewRedrawer(memory int64) *Redrawer {
	workers := int64(max(1, runtime.GOMAXPROCS(0)/2))
	return &Redrawer{room: semaphore.NewWeighted(memory), memory: memory, least: memory / workers}
}

// plan is what is known of a picture before a point of it is read.
type plan struct {
	info    Info
	memory  int64 // bytes that drawing it holds
	turn    byte  // how it is held, as EXIF counts
	colours *colours
	quality int // of a JPEG
}

// Redraw draws a picture anew, upright and in sRGB. A JPEG stays one in about
// the quality it has, a GIF keeps its frames and their times, and a WebP becomes
// a JPEG, or a PNG when it lost nothing or is transparent. Errors: those of
// Clean, ErrColours, ErrMoving, and ErrBusy when ctx ends first.
func (r *Redrawer) Redraw(ctx context.Context, b []byte) ([]byte, Info, error) {
	return r.redraw(ctx, b, "")
}

// PNG is Redraw, but a still WebP always becomes a PNG; any other picture is
// ErrUnreadable.
func (r *Redrawer) PNG(ctx context.Context, b []byte) ([]byte, error) {
	if !bytes.HasPrefix(b, []byte("RIFF")) {
		return nil, ErrUnreadable
	}
	out, _, err := r.redraw(ctx, b, "image/png")
	return out, err
}

func (r *Redrawer) redraw(ctx context.Context, b []byte, as string) ([]byte, Info, error) {
	clean, info, err := Clean(b)
	if err != nil {
		return nil, Info{}, err
	}
	p := plan{info: info, turn: 1, memory: int64(len(b)) * 4}
	switch info.Mime {
	case "image/jpeg":
		err = p.ofJPEG(clean)
	case "image/png":
		err = p.ofPNG(clean)
	case "image/gif":
		err = p.ofGIF(clean)
	case "image/webp":
		err = p.ofWebP(clean, b)
	}
	if err == nil && p.memory > r.memory {
		err = ErrTooBig
	}
	if err != nil {
		return nil, Info{}, err
	}
	if as != "" {
		p.info.Mime = as
	}
	weight := max(p.memory, r.least)
	if r.room.Acquire(ctx, weight) != nil {
		return nil, Info{}, ErrBusy
	}
	defer r.room.Release(weight)
	out, err := p.draw(ctx, clean)
	switch {
	case err == nil:
		return out, p.info, nil
	case ctx.Err() != nil:
		err = ErrBusy
	case !errors.Is(err, ErrTooBig):
		err = ErrUnreadable
	}
	return nil, Info{}, err
}

// draw reads the points and writes them.
func (p *plan) draw(ctx context.Context, clean []byte) ([]byte, error) {
	in, out := &timed{ctx: ctx, from: bytes.NewReader(clean)}, &timed{ctx: ctx}
	if p.info.Mime == "image/gif" {
		all, err := gif.DecodeAll(in)
		if err == nil {
			err = gif.EncodeAll(out, all)
		}
		return out.to.Bytes(), err
	}
	points, err := decode(in, clean)
	if err != nil {
		return nil, err
	}
	points = p.colours.apply(turned(points, p.turn, p.colours != nil))
	if p.info.Mime == "image/jpeg" {
		err = jpeg.Encode(out, points, &jpeg.Options{Quality: p.quality})
	} else {
		err = png.Encode(out, points)
	}
	p.info.Width, p.info.Height = points.Bounds().Dx(), points.Bounds().Dy()
	return out.to.Bytes(), err
}

func decode(in io.Reader, clean []byte) (image.Image, error) {
	switch {
	case bytes.HasPrefix(clean, []byte("\xff\xd8")):
		return jpeg.Decode(in)
	case bytes.HasPrefix(clean, []byte(pngHead)):
		return png.Decode(in)
	}
	return decodeWebP(in)
}

// timed reads and writes until its context ends, and no more than maxDrawn.
type timed struct {
	ctx  context.Context
	from io.Reader
	to   bytes.Buffer
}

func (t *timed) Read(b []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	return t.from.Read(b)
}

func (t *timed) Write(b []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	if t.to.Len()+len(b) > maxDrawn {
		return 0, ErrTooBig
	}
	return t.to.Write(b)
}

// ofGIF counts frames and their points.
func (p *plan) ofGIF(clean []byte) error {
	points, frames := 0, 0
	for at := 13 + table(clean[10]); at >= 0 && clean[at] != 0x3b; {
		if clean[at] == 0x2c {
			w, h := int(clean[at+5])|int(clean[at+6])<<8, int(clean[at+7])|int(clean[at+8])<<8
			frames++
			if points += w * h; points > MaxPoints || frames > maxFrames {
				return ErrTooBig
			}
			at = blocks(clean, at+10+table(clean[at+9])+1)
			continue
		}
		at = blocks(clean, at+2)
	}
	const colours = 8 << 10 // the table of one frame, as it lies in memory
	p.memory += int64(points)*2 + int64(frames)*colours
	return nil
}

// turned turns points as tag 274 of EXIF says. Its result is made of four bytes
// a point where it turns, or where fourBytes asks for it.
func turned(m image.Image, turn byte, fourBytes bool) image.Image {
	mixed, isMixed := m.(*image.YCbCr)
	if turn == 1 && !(isMixed && fourBytes) {
		return m
	}
	from := m.Bounds()
	w, h := from.Dx(), from.Dy()
	to := image.Rect(0, 0, w, h)
	if turn > 4 {
		to = image.Rect(0, 0, h, w)
	}
	switch m := m.(type) {
	case *image.Gray:
		out := image.NewGray(to)
		each(to, w, h, turn, func(x, y, sx, sy int) { out.Pix[y*out.Stride+x] = m.Pix[sy*m.Stride+sx] })
		return out
	case *image.NRGBA:
		out := image.NewNRGBA(to)
		each(to, w, h, turn, func(x, y, sx, sy int) {
			copy(out.Pix[y*out.Stride+4*x:][:4], m.Pix[sy*m.Stride+4*sx:][:4])
		})
		return out
	}
	out := image.NewRGBA(to)
	each(to, w, h, turn, func(x, y, sx, sy int) {
		d := out.Pix[y*out.Stride+4*x:][:4]
		if isMixed {
			c := mixed.YCbCrAt(from.Min.X+sx, from.Min.Y+sy)
			d[0], d[1], d[2] = rgb(c)
		} else {
			r, g, b, _ := m.At(from.Min.X+sx, from.Min.Y+sy).RGBA()
			d[0], d[1], d[2] = byte(r>>8), byte(g>>8), byte(b>>8)
		}
		d[3] = 255
	})
	return out
}

// each calls do with every point of to and the point of w × h that belongs there.
func each(to image.Rectangle, w, h int, turn byte, do func(x, y, sx, sy int)) {
	for y := range to.Dy() {
		for x := range to.Dx() {
			sx, sy := x, y
			if turn > 4 {
				sx, sy = y, x
			}
			if turn == 2 || turn == 3 || turn == 7 || turn == 8 {
				sx = w - 1 - sx
			}
			if turn == 3 || turn == 4 || turn == 6 || turn == 7 {
				sy = h - 1 - sy
			}
			do(x, y, sx, sy)
		}
	}
}
