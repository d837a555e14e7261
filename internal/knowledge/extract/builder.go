package extract

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"parley/internal/kit/text"
)

// builder gathers the blocks of a document that is not plain text, and the body
// they stand in.
type builder struct {
	body   strings.Builder
	blocks []block
	over   bool // there is more text than is allowed
}

// add puts a block in; level counts for headings. write is how the body shows it
// where that is not the text itself.
func (b *builder) add(k kind, level int, s, write string) {
	s = tidy(s)
	if s == "" || b.over {
		return
	}
	if write == "" {
		write = s
	}
	if b.body.Len()+len(write) > MaxText {
		b.over = true
		return
	}
	from := b.body.Len()
	b.body.WriteString(write)
	b.blocks = append(b.blocks, block{k, min(level, maxLevel), s, from, b.body.Len()})
	b.body.WriteByte('\n')
}

func (b *builder) heading(level int, s string) {
	s = tidy(s)
	if len(s) > 2*maxHeading { // a paragraph somebody gave a heading's look
		b.add(para, 0, s, "")
		return
	}
	b.add(heading, max(1, level), s, "")
}
func (b *builder) para(s string) { b.add(para, 0, s, "") }

func (b *builder) item(s string) {
	if s = tidy(s); s != "" {
		b.add(item, 0, "- "+s, "")
	}
}

// table adds the rows of a table. The first one's cells go before those of each
// other row when they look like labels; a table of one column or one row is text.
func (b *builder) table(rows [][]string, labelled bool) {
	for i, r := range rows {
		for j := range r {
			rows[i][j] = tidy(rows[i][j])
		}
	}
	rows = filled(rows)
	if len(rows) == 0 {
		return
	}
	if len(rows) == 1 || width(rows) == 1 {
		for _, r := range rows {
			b.para(strings.Join(nonEmpty(r), " "))
		}
		return
	}
	if !labelled && !labels(rows[0]) {
		for _, r := range rows {
			b.row(nil, r)
		}
		return
	}
	for _, r := range rows[1:] {
		b.row(rows[0], r)
	}
}

func (b *builder) row(header, cells []string) {
	b.add(row, 0, labelledRow(header, cells), "| "+strings.Join(cells, " | ")+" |")
}

func (b *builder) sheet(s Sheet) {
	if s.Name != "" {
		b.heading(2, s.Name)
	}
	for _, r := range s.Rows {
		b.row(s.Header, r)
	}
}

// labelledRow is a row with its labels repeated: "Product: Roses | Price: 5".
func labelledRow(header, cells []string) string {
	var parts []string
	for i, c := range cells {
		switch {
		case c == "":
		case i < len(header) && header[i] != "":
			parts = append(parts, text.Cut(header[i], maxLabel)+": "+c)
		default:
			parts = append(parts, c)
		}
	}
	return strings.Join(parts, " | ")
}

// finish cuts what was gathered into passages.
func (b *builder) finish(doc Document) (Document, *Error) {
	if b.over {
		return Document{}, &Error{TooLarge, fmt.Sprintf("it holds more than %d MB of text; cut it into several files", MaxText>>20)}
	}
	words := 0
	for _, bl := range b.blocks {
		if strings.ContainsFunc(bl.text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			words++
		}
	}
	if words == 0 {
		return Document{}, &Error{NoText, "there is not a single word in it"}
	}
	s := &splitter{body: b.body.String()}
	for _, bl := range b.blocks {
		s.block(bl)
	}
	s.flush()
	doc.Passages = s.out
	return doc, doc.check()
}

// tidy is text as it is kept: NFKC where that changes only the look of letters,
// one blank between words, nothing a reader cannot see.
func tidy(s string) string {
	s = strings.ReplaceAll(s, "\ufffe", "") // PDFium's word for a hyphen at the end of a line
	s = text.Normalise(compose(s), 0)
	return strings.Join(strings.Fields(s), " ")
}

// compose expands ligatures and wide letters, as NFKC does, but leaves ½, ² and
// ™ alone: "m²" is not "m2".
func compose(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= 0xfb00 && r <= 0xfb06 || r >= 0xfb50 && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc || r >= 0xff01 && r <= 0xff5e {
			b.WriteString(norm.NFKC.String(string(r)))
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

func filled(rows [][]string) [][]string {
	var out [][]string
	for _, r := range rows {
		if len(nonEmpty(r)) > 0 {
			out = append(out, r)
		}
	}
	return out
}

func nonEmpty(cells []string) []string {
	var out []string
	for _, c := range cells {
		if c != "" {
			out = append(out, c)
		}
	}
	return out
}

func width(rows [][]string) int {
	n := 0
	for _, r := range rows {
		for i, c := range r {
			if c != "" {
				n = max(n, i+1)
			}
		}
	}
	return n
}

// labels reports cells that name columns: words without figures, most of them filled.
func labels(cells []string) bool {
	words := 0
	for _, c := range cells {
		if strings.ContainsFunc(c, unicode.IsDigit) || len(c) > maxLabel {
			return false
		}
		if c != "" {
			words++
		}
	}
	return words > 1 && words*2 > len(cells)
}

// Row is a row of a table with its labels: "Product: Roses | Price: 5".
func Row(header, cells []string) string { return labelledRow(header, cells) }
