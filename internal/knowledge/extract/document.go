package extract

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"parley/internal/knowledge/extract/pdf"
)

// Limits of a file.
const (
	MaxFile  = 25 << 20 // bytes
	MaxPages = 500      // pages of a PDF, slides of a presentation
	MaxCells = 100      // columns of a sheet
	MaxRows  = MaxPassages
	MaxTime  = 20 * time.Second
	pageTime = 6 * time.Second // of one page of a PDF
)

// Formats of files that can be read.
const (
	PDF   = "pdf"
	Word  = "docx"
	Slide = "pptx"
	Open  = "odt"
	Excel = "xlsx"
	CSV   = "csv"
	Plain = "text"
	Marks = "markdown"
)

// More reasons for refusing a file.
const (
	Password   Reason = "password"       // it opens with a password only
	NoLayer    Reason = "no_text_layer"  // pictures of pages, without letters
	Macro      Reason = "macro"          // it carries a program
	OldFormat  Reason = "old_format"     // Word, Excel and PowerPoint of before 2007
	Damaged    Reason = "damaged"        // it begins like its kind, and cannot be read
	Bomb       Reason = "archive_bomb"   // it grows beyond all measure when unpacked
	ManyPages  Reason = "too_many_pages" // more than MaxPages
	TooSlow    Reason = "too_slow"       // its reading took longer than is allowed
	NoPDF      Reason = "built_without_pdf"
	NoColumns  Reason = "columns_unknown" // a price list whose columns cannot be told
	ReaderDied Reason = "reader_died"     // the reading process ended without a word: out of memory or worse
)

// Document is what a file says.
type Document struct {
	Format   string    `json:"format"`
	Pages    int       `json:"pages,omitempty"` // of a PDF or a presentation
	Passages []Passage `json:"passages"`
	Sheets   []Sheet   `json:"sheets,omitempty"` // of a spreadsheet or CSV, as its rows stand
}

// Sheet is a table with its header.
type Sheet struct {
	Name   string     `json:"name,omitempty"`
	Header []string   `json:"header"`
	Rows   [][]string `json:"rows"`
}

// Options of a reading.
type Options struct {
	Limit    time.Duration      // of the reading itself; 0 = MaxTime
	Cache    string             // folder for what makes the second PDF faster; "" = none
	Progress func(page, of int) // told page by page where there are pages; nil = nobody
	pdfium   *pdf.Engine
}

// Read gives the passages of a file, whose kind is told by its bytes; the name
// decides only between kinds of plain text. It keeps to ctx.
func Read(ctx context.Context, name string, raw []byte, o Options) (Document, *Error) {
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	format, err := Kind(name, raw)
	if err != nil {
		return Document{}, err
	}
	doc := Document{Format: format}
	var b builder
	if o.Limit == 0 {
		o.Limit = MaxTime
	}
	if format == PDF {
		if err := o.engine(ctx); err != nil { // making it ready is not the file's time
			return doc, err
		}
		defer o.pdfium.Close(ctx)
	}
	ctx, stop := context.WithTimeout(ctx, o.Limit)
	defer stop()
	switch format {
	case PDF:
		doc.Pages, err = readPDF(ctx, raw, o, &b)
	case Word:
		err = readWord(ctx, raw, &b)
	case Slide:
		doc.Pages, err = readSlides(ctx, raw, o, &b)
	case Open:
		err = readOpen(ctx, raw, &b)
	case Excel:
		doc.Sheets, err = readExcel(ctx, raw)
	case CSV:
		doc.Sheets, err = readCSV(raw)
	case Web:
		return readHTML(raw)
	default:
		return readText(format, raw)
	}
	if err == nil && ctx.Err() != nil {
		err = slow()
	}
	if err != nil {
		return Document{}, err
	}
	for _, s := range doc.Sheets {
		b.sheet(s)
	}
	return b.finish(doc)
}

func readText(format string, raw []byte) (Document, *Error) {
	clean, err := Decode(raw)
	if err != nil {
		return Document{}, asError(err)
	}
	doc := Document{Format: format, Passages: Split(clean, format == Marks)}
	return doc, doc.check()
}

// Archive is what Glance says of an Office document, which has to be unpacked to
// tell its kind.
const Archive = ""

// Kind tells what a file is.
func Kind(name string, raw []byte) (string, *Error) {
	kind, err := Glance(name, raw)
	if err == nil && kind == Archive {
		return archiveKind(raw)
	}
	return kind, err
}

// Glance tells what a file is by its first bytes, which is safe anywhere.
func Glance(name string, raw []byte) (string, *Error) {
	if len(raw) > MaxFile {
		return "", &Error{TooLarge, fmt.Sprintf("%.1f MB; a file has at most %d MB", float64(len(raw))/(1<<20), MaxFile>>20)}
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return "", &Error{Empty, "the file has nothing in it"}
	}
	switch {
	case bytes.Contains(raw[:min(len(raw), 1024)], []byte("%PDF-")):
		return PDF, nil
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return Archive, nil
	case bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		return "", oldOffice(raw)
	}
	if what := magic(raw); what != "" {
		return "", &Error{WrongType, "this is " + what + "; " + canRead}
	}
	if isHTML(raw) {
		return Web, nil
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv":
		return CSV, nil
	case ".md", ".markdown":
		return Marks, nil
	case ".doc", ".rtf", ".pdf", ".docx", ".xlsx", ".pptx", ".odt":
		return "", &Error{Damaged, "the file is not what its name says; open it, save it again and add that"}
	}
	return Plain, nil
}

const canRead = "PDF, Word (.docx), PowerPoint (.pptx), OpenDocument (.odt), Excel (.xlsx), CSV, web pages (.html), plain text and Markdown can be read"

// oldOffice refuses the container of Word 97 to 2003, in which a document with a
// password hides too.
func oldOffice(raw []byte) *Error {
	if bytes.Contains(raw, wide("EncryptedPackage")) {
		return &Error{Password, "it opens with a password; save it without one and add that"}
	}
	return &Error{OldFormat, "this is an old Office document; save it as .docx, .xlsx or .pptx and add that"}
}

func wide(s string) []byte {
	var out []byte
	for _, c := range []byte(s) {
		out = append(out, c, 0)
	}
	return out
}

func slow() *Error {
	return &Error{TooSlow, "reading it takes too long; cut it into several files"}
}

// asError gives an error of this package its type back.
func asError(err error) *Error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // Decode returns nothing else
		return e
	}
	return &Error{Damaged, "it cannot be read; open it, save it again and add that"}
}

// check refuses a document without words or with too many of them.
func (d Document) check() *Error {
	switch {
	case len(d.Passages) == 0:
		return &Error{NoText, "there is not a single word in it"}
	case len(d.Passages) > MaxPassages:
		return &Error{TooLarge, fmt.Sprintf("it has %d pieces; at most %d fit, cut it into several files", len(d.Passages), MaxPassages)}
	}
	return nil
}
