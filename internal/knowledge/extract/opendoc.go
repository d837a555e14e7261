package extract

import (
	"bytes"
	"context"
	"strconv"
	"strings"
)

// readOpen reads an OpenDocument text (.odt).
func readOpen(ctx context.Context, raw []byte, b *builder) *Error {
	a, err := openArchive(raw)
	if err != nil {
		return err
	}
	if list, err := a.part("META-INF/manifest.xml"); err == nil && bytes.Contains(list, []byte("encryption-data")) {
		return &Error{Password, "it opens with a password; save it without one and add that"}
	}
	part, err := a.part("content.xml")
	if err != nil {
		return err
	}
	return walkPart(ctx, part, &open{b: b, titles: map[string]bool{"Title": true}, hidden: map[string]bool{}})
}

type open struct {
	b       *builder
	titles  map[string]bool // styles of titles
	hidden  map[string]bool // styles of text that is not shown
	style   string          // being described
	inBody  bool
	words   []*strings.Builder
	level   int
	isTitle bool
	lists   int
	tables  []*grid
}

func (o *open) start(name string, at attrs) bool {
	switch name {
	case "tracked-changes", "annotation", "annotation-end", "note-citation", "ruby-text", "table-of-content", "hidden-text", "hidden-paragraph":
		return false
	case "style":
		o.style = at.get("name")
		if at.get("parent-style-name") == "Title" {
			o.titles[o.style] = true
		}
	case "text-properties":
		if at.get("display") == "none" {
			o.hidden[o.style] = true
		}
	case "text":
		o.inBody = true
	case "list":
		o.lists++
	}
	if o.inBody {
		return o.inText(name, at)
	}
	return true
}

func (o *open) inText(name string, at attrs) bool {
	switch name {
	case "h", "p":
		o.words = append(o.words, &strings.Builder{})
		o.level, o.isTitle = 0, o.titles[at.get("style-name")]
		if name == "h" {
			o.level, _ = strconv.Atoi(at.get("outline-level"))
			o.level = max(1, o.level)
		}
		return !o.hidden[at.get("style-name")]
	case "span":
		return !o.hidden[at.get("style-name")]
	case "s":
		o.write(" ")
	case "tab", "line-break":
		o.write(" ")
	case "table":
		o.tables = append(o.tables, &grid{})
	case "table-header-rows":
		if t := o.table(); t != nil {
			t.labelled = len(t.rows) == 0
		}
	case "table-row":
		if t := o.table(); t != nil {
			t.rows = append(t.rows, nil)
		}
	case "table-cell", "covered-table-cell":
		if t := o.table(); t != nil {
			t.cell.Reset()
			t.span, t.above = 1, false
			if n, err := strconv.Atoi(at.get("number-columns-repeated")); err == nil {
				t.span = min(max(n, 1), MaxCells)
			}
		}
	}
	return true
}

func (o *open) end(name string) {
	switch name {
	case "text":
		o.inBody = false
	case "list":
		o.lists--
	case "h", "p":
		o.paragraph()
	case "table-cell", "covered-table-cell":
		if t := o.table(); t != nil {
			t.close()
		}
	case "table":
		o.endTable()
	}
}

func (o *open) paragraph() {
	n := len(o.words)
	if n == 0 {
		return
	}
	s := o.words[n-1].String()
	o.words = o.words[:n-1]
	switch t := o.table(); {
	case t != nil:
		t.cell.WriteString(s + " ")
	case len(o.words) > 0: // of a frame or a note within a paragraph
		o.b.para(s)
	case o.level > 0:
		o.b.heading(o.level, s)
	case o.isTitle:
		o.b.heading(1, s)
	case o.lists > 0:
		o.b.item(s)
	default:
		o.b.para(s)
	}
	o.level, o.isTitle = 0, false
}

func (o *open) endTable() {
	n := len(o.tables)
	if n == 0 {
		return
	}
	t := o.tables[n-1]
	o.tables = o.tables[:n-1]
	if outer := o.table(); outer != nil {
		for _, r := range filled(t.rows) {
			outer.cell.WriteString(strings.Join(nonEmpty(r), " ") + " ")
		}
		return
	}
	o.b.table(t.rows, t.labelled)
}

func (o *open) chars(s string) { o.write(s) }

func (o *open) write(s string) {
	if n := len(o.words); n > 0 {
		o.words[n-1].WriteString(s)
	}
}

func (o *open) table() *grid {
	if n := len(o.tables); n > 0 {
		return o.tables[n-1]
	}
	return nil
}
