package extract

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/knowledge/extract/pdf"
)

// engine makes PDFium ready, which takes seconds the first time.
func (o *Options) engine(ctx context.Context) *Error {
	e, err := pdf.Start(ctx, o.Cache)
	if err != nil {
		return pdfError(ctx, err)
	}
	o.pdfium = e
	return nil
}

// readPDF reads a PDF page by page and tells how many it has.
func readPDF(ctx context.Context, raw []byte, o Options, b *builder) (int, *Error) {
	d, err := o.pdfium.Open(ctx, raw)
	if err != nil {
		return 0, pdfError(ctx, err)
	}
	if d.Pages > MaxPages {
		return d.Pages, &Error{ManyPages, fmt.Sprintf("it has %d pages; at most %d can be read, cut it into several files", d.Pages, MaxPages)}
	}
	p := paper{pages: make([][]pdf.Line, d.Pages)}
	left := MaxText
	for i := range d.Pages {
		lines, err := readPage(ctx, d, i, left)
		if err != nil {
			return d.Pages, pdfError(ctx, err)
		}
		for j := range lines {
			lines[j].Text = tidy(lines[j].Text)
			if left -= len(lines[j].Text); left < 0 {
				return d.Pages, pdfError(ctx, pdf.ErrTooMany)
			}
		}
		p.pages[i] = slices.DeleteFunc(lines, func(l pdf.Line) bool { return l.Text == "" })
		o.Progress(i+1, d.Pages)
	}
	if p.letters() == 0 {
		return d.Pages, &Error{NoLayer, "its pages are pictures without letters, as a scanner makes them; have its text recognised (OCR) and add that, or add the text itself"}
	}
	p.dropRunning()
	p.measure()
	p.write(b)
	return d.Pages, nil
}

// readPage reads page n within its own time: an honest one takes a fraction of a
// second, so one that takes many is made to take them.
func readPage(ctx context.Context, d *pdf.Document, n, left int) ([]pdf.Line, error) {
	ctx, stop := context.WithTimeout(ctx, pageTime)
	defer stop()
	return d.Page(ctx, n, left)
}

func pdfError(ctx context.Context, err error) *Error {
	switch {
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded):
		return slow()
	case errors.Is(err, pdf.ErrNotBuilt):
		return &Error{NoPDF, "this Parley was built without its PDF reader; build it with `make`, or add the text itself"}
	case errors.Is(err, pdf.ErrPassword):
		return &Error{Password, "it opens with a password; save it without one and add that"}
	case errors.Is(err, pdf.ErrTooMany):
		return &Error{TooLarge, fmt.Sprintf("it holds more than %d MB of text; cut it into several files", MaxText>>20)}
	}
	return damaged()
}

// paper is a PDF's lines, out of which paragraphs and headings are made.
type paper struct {
	pages [][]pdf.Line
	size  float64   // of most letters
	sizes []float64 // of headings, largest first
	wide  int       // letters of a full line
}

func (p *paper) letters() int {
	n := 0
	for _, page := range p.pages {
		for _, l := range page {
			n += strings.Count(l.Text, "") - 1
		}
	}
	return n
}

// edge is how many lines at the top and at the bottom of a page may be running
// headers and footers.
const edge = 3

// dropRunning leaves out what stands at the edge of most pages, but for its figures.
func (p *paper) dropRunning() {
	if len(p.pages) < 3 {
		return
	}
	seen := map[string]int{}
	for _, page := range p.pages {
		here := map[string]bool{}
		for i, l := range page {
			if i < edge || i >= len(page)-edge {
				here[shape(l.Text)] = true
			}
		}
		for s := range here {
			seen[s]++
		}
	}
	for n, page := range p.pages {
		var keep []pdf.Line
		for i, l := range page {
			if (i < edge || i >= len(page)-edge) && seen[shape(l.Text)] >= 3 && seen[shape(l.Text)]*2 > len(p.pages) {
				continue
			}
			keep = append(keep, l)
		}
		p.pages[n] = keep
	}
}

// shape is a line with its figures alike: "Page 3 of 10" is "Page # of ##".
func shape(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '#'
		}
		return unicode.ToLower(r)
	}, strings.Trim(s, "0123456789 "))
}

// measure finds the size of most letters, the larger sizes, and a line's width.
func (p *paper) measure() {
	by := map[float64]int{}
	var widths []int
	for _, page := range p.pages {
		for _, l := range page {
			by[round(l.Size)] += len(l.Text)
			widths = append(widths, utf8.RuneCountInString(l.Text))
		}
	}
	most := 0
	for size, n := range by {
		if n > most || n == most && size < p.size {
			most, p.size = n, size
		}
	}
	for size := range by {
		if size >= p.size*1.12 {
			p.sizes = append(p.sizes, size)
		}
	}
	slices.SortFunc(p.sizes, func(a, b float64) int { return int(math.Copysign(1, b-a)) })
	slices.Sort(widths)
	if len(widths) > 0 {
		p.wide = widths[len(widths)*9/10]
	}
}

func round(size float64) float64 { return math.Round(size*2) / 2 }

// write makes paragraphs and headings of the lines.
func (p *paper) write(b *builder) {
	var cur []string
	var last pdf.Line
	level := 0
	flush := func() {
		if s := strings.Join(cur, " "); s != "" && level > 0 {
			b.heading(level, s)
		} else if marked(s) {
			b.add(item, 0, s, "")
		} else {
			b.para(s)
		}
		cur, level = nil, 0
	}
	for _, page := range p.pages {
		for i, l := range page {
			var next pdf.Line
			if i+1 < len(page) {
				next = page[i+1]
			}
			now := p.level(l, next)
			if len(cur) > 0 && (now != level || !p.goesOn(last, l, now)) {
				flush()
			}
			cur, level, last = append(cur, l.Text), now, l
		}
	}
	flush()
}

// level guesses whether a line is a heading: larger letters, or a short bold line
// over one that is not.
func (p *paper) level(l, next pdf.Line) int {
	if len(l.Text) > maxHeading || marked(l.Text) || !strings.ContainsFunc(l.Text, unicode.IsLetter) {
		return 0
	}
	if i := slices.Index(p.sizes, round(l.Size)); i >= 0 {
		return min(i+1, 3)
	}
	if l.Bold && !ended(l.Text) && next.Text != "" && !next.Bold && utf8.RuneCountInString(l.Text) <= 60 {
		return min(len(p.sizes)+1, 4)
	}
	return 0
}

// goesOn reports that a line belongs to the paragraph of the line before it: that
// one is full or breaks off, and the distance is that of lines.
func (p *paper) goesOn(before, l pdf.Line, level int) bool {
	if round(before.Size) != round(l.Size) || before.Bold != l.Bold && level == 0 && ended(before.Text) || marked(l.Text) {
		return false
	}
	down := before.Y - l.Y
	if down > 1.9*max(l.Size, 1) {
		return false
	}
	if level > 0 {
		return down > 0 && !ended(before.Text)
	}
	full := utf8.RuneCountInString(before.Text)*10 >= p.wide*7
	first, _ := utf8.DecodeRuneInString(l.Text)
	if unicode.IsLower(first) {
		return full || !priced(before.Text)
	}
	if ended(before.Text) && !strings.HasSuffix(before.Text, ",") && down < 0 { // a new column or page
		return false
	}
	return full && !priced(before.Text)
}

// priced reports a line that ends like a row of a table: with a figure or a sign
// of money.
func priced(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.Is(unicode.Sc, r) || unicode.IsDigit(r)
}
