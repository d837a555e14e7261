package pdf

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"unicode/utf16"

	"github.com/tetratelabs/wazero/api"
)

// Errors of a document.
var (
	ErrPassword = errors.New("pdf: a password is needed")
	ErrBroken   = errors.New("pdf: it cannot be read")
	ErrTooMany  = errors.New("pdf: too many pages or too much text")
)

// Line is one line of a page.
type Line struct {
	Text string
	Size float64 // of its first letter, in points as they are seen
	Bold bool
	X, Y float64 // where it begins, from the lower left corner
}

// Document is an open PDF.
type Document struct {
	e       *Engine
	raw     uint32
	doc     uint64
	scratch uint32
	Pages   int
}

// scratchSize holds a matrix and two coordinates, or the four sides of a letter.
const scratchSize = 64

// Open opens a PDF. Errors: ErrPassword, ErrBroken, ctx's.
func (e *Engine) Open(ctx context.Context, raw []byte) (*Document, error) {
	d := &Document{e: e}
	return d, d.open(ctx, raw)
}

func (d *Document) open(ctx context.Context, raw []byte) error {
	at, err := d.put(ctx, raw)
	if err != nil {
		return err
	}
	scratch, err := d.e.call(ctx, "malloc", scratchSize)
	if err != nil || scratch == 0 {
		return errors.Join(ErrBroken, err)
	}
	d.raw, d.scratch = at, api.DecodeU32(scratch)
	if d.doc, err = d.e.call(ctx, "FPDF_LoadMemDocument", uint64(at), uint64(len(raw)), 0); err != nil {
		return err
	}
	if d.doc == 0 {
		why, err := d.e.call(ctx, "FPDF_GetLastError")
		if err == nil && why == 4 {
			return ErrPassword
		}
		return errors.Join(ErrBroken, err)
	}
	n, err := d.e.call(ctx, "FPDF_GetPageCount", d.doc)
	d.Pages = int(api.DecodeI32(n))
	if err == nil && d.Pages <= 0 {
		return ErrBroken
	}
	return err
}

func (d *Document) put(ctx context.Context, raw []byte) (uint32, error) {
	at, err := d.e.call(ctx, "malloc", uint64(len(raw)))
	if err != nil {
		return 0, err
	}
	if at == 0 || !d.e.mod.Memory().Write(api.DecodeU32(at), raw) {
		return 0, ErrBroken
	}
	return api.DecodeU32(at), nil
}

// Page gives the lines of page n, from 0, in reading order. A page that cannot
// be read has none.
func (d *Document) Page(ctx context.Context, n int, limit int) ([]Line, error) {
	page, err := d.e.call(ctx, "FPDF_LoadPage", d.doc, uint64(n))
	if err != nil || page == 0 {
		return nil, err
	}
	text, err := d.e.call(ctx, "FPDFText_LoadPage", page)
	var lines []Line
	if err == nil && text != 0 {
		lines, err = d.lines(ctx, text, limit)
		if err == nil {
			_, err = d.e.call(ctx, "FPDFText_ClosePage", text)
		}
	}
	if err != nil {
		return nil, err
	}
	_, err = d.e.call(ctx, "FPDF_ClosePage", page)
	return lines, err
}

func (d *Document) lines(ctx context.Context, text uint64, limit int) ([]Line, error) {
	count, err := d.e.call(ctx, "FPDFText_CountChars", text)
	n := int(api.DecodeI32(count))
	if err != nil || n <= 0 {
		return nil, err
	}
	if n > limit {
		return nil, ErrTooMany
	}
	units, err := d.units(ctx, text, n)
	if err != nil {
		return nil, err
	}
	var out []Line
	from := 0
	for i := 0; i <= len(units); i++ {
		if i < len(units) && units[i] != '\n' && units[i] != '\r' {
			continue
		}
		if err := d.mend(ctx, text, units, from, i); err != nil {
			return nil, err
		}
		s := string(utf16.Decode(units[from:i]))
		if trimmed := strings.TrimSpace(s); trimmed != "" {
			at := from + len(s) - len(strings.TrimLeft(s, " \t"))
			l, err := d.look(ctx, text, at)
			if err != nil {
				return nil, err
			}
			l.Text = trimmed
			out = append(out, l)
		}
		from = i + 1
	}
	return out, nil
}

// units is the text of a page in UTF-16.
func (d *Document) units(ctx context.Context, text uint64, n int) ([]uint16, error) {
	room, err := d.e.call(ctx, "malloc", uint64(2*n+2))
	if err != nil || room == 0 {
		return nil, errors.Join(ErrBroken, err)
	}
	got, err := d.e.call(ctx, "FPDFText_GetText", text, 0, uint64(n), room)
	if err != nil {
		return nil, err
	}
	length := min(max(int(api.DecodeI32(got))-1, 0), n) // it counts the zero at the end
	raw, ok := d.e.mod.Memory().Read(api.DecodeU32(room), uint32(2*length))
	if !ok {
		return nil, ErrBroken
	}
	units := make([]uint16, length)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(raw[2*i:])
	}
	_, err = d.e.call(ctx, "free", room)
	return units, err
}

// look tells size, weight and place of the letter at a place of the text.
func (d *Document) look(ctx context.Context, text uint64, at int) (l Line, err error) {
	index, err := d.e.call(ctx, "FPDFText_GetCharIndexFromTextIndex", text, uint64(at))
	if err != nil || api.DecodeI32(index) < 0 {
		return l, err
	}
	size, err := d.e.call(ctx, "FPDFText_GetFontSize", text, index)
	if err != nil {
		return l, err
	}
	weight, err := d.e.call(ctx, "FPDFText_GetFontWeight", text, index)
	if err != nil {
		return l, err
	}
	l.Size, l.Bold = api.DecodeF64(size), api.DecodeI32(weight) >= 600
	mem := d.e.mod.Memory()
	ok, err := d.e.call(ctx, "FPDFText_GetMatrix", text, index, uint64(d.scratch))
	if err != nil {
		return l, err
	}
	if ok != 0 {
		b, _ := mem.ReadFloat32Le(d.scratch + 8) // the third and fourth of six: how tall a letter stands
		h, _ := mem.ReadFloat32Le(d.scratch + 12)
		if tall := math.Hypot(float64(b), float64(h)); tall > 0 && !math.IsNaN(tall) && !math.IsInf(tall, 0) {
			l.Size *= tall
		}
	}
	ok, err = d.e.call(ctx, "FPDFText_GetCharOrigin", text, index, uint64(d.scratch), uint64(d.scratch+8))
	if err == nil && ok != 0 {
		l.X, _ = mem.ReadFloat64Le(d.scratch)
		l.Y, _ = mem.ReadFloat64Le(d.scratch + 8)
	}
	return l, err
}
