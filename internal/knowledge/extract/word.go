package extract

import (
	"context"
	"strconv"
	"strings"
)

// readWord reads a Word document (.docx).
func readWord(ctx context.Context, raw []byte, b *builder) *Error {
	a, err := openArchive(raw)
	if err != nil {
		return err
	}
	w := &word{b: b, styles: map[string]style{}}
	if a.has("word/styles.xml") {
		part, err := a.part("word/styles.xml")
		if err != nil {
			return err
		}
		if err := walkPart(ctx, part, &styleWalker{into: w.styles}); err != nil {
			return err
		}
	}
	part, err := a.part(a.main(wordMain, "word/document.xml"))
	if err != nil {
		return err
	}
	return walkPart(ctx, part, w)
}

// style is what a paragraph's style says of it.
type style struct {
	name, basedOn string
	level         int // of a heading; 0 = none
	list          bool
}

// styleWalker reads the styles. Their names are English in every language of
// Word; their ids are not ("Balk1").
type styleWalker struct {
	into map[string]style
	id   string
	cur  style
}

func (w *styleWalker) start(name string, at attrs) bool {
	switch name {
	case "style":
		w.id, w.cur = at.get("styleId"), style{}
	case "name":
		w.cur.name = strings.ToLower(at.get("val"))
	case "basedOn":
		w.cur.basedOn = at.get("val")
	case "outlineLvl":
		w.cur.level = outline(at.get("val"))
	case "numId":
		w.cur.list = at.get("val") != "0"
	}
	return true
}

func (w *styleWalker) end(name string) {
	if name != "style" || w.id == "" || len(w.into) >= 5000 {
		return
	}
	if n, ok := strings.CutPrefix(w.cur.name, "heading "); ok && w.cur.level == 0 {
		w.cur.level, _ = strconv.Atoi(n)
	}
	if w.cur.name == "title" {
		w.cur.level = 1
	}
	w.cur.list = w.cur.list || strings.HasPrefix(w.cur.name, "list ")
	w.into[w.id] = w.cur
}

func (w *styleWalker) chars(string) {}

// outline is the level of a heading by Word's count, which begins at 0 and calls
// text 9.
func outline(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 8 {
		return 0
	}
	return n + 1
}

// paragraph is one that is being read; text boxes put one within another.
type paragraph struct {
	text   strings.Builder
	style  string
	level  int
	list   bool
	hidden bool // the run being read is not shown
	run    strings.Builder
}

// grid is a table that is being read.
type grid struct {
	rows     [][]string
	cell     strings.Builder
	span     int
	above    bool // the cell goes on from the row above
	labelled bool
}

type word struct {
	b      *builder
	styles map[string]style
	paras  []*paragraph
	tables []*grid
	inText bool
}

func (w *word) start(name string, at attrs) bool {
	switch name {
	case "del", "moveFrom", "instrText", "delText", "Fallback", "hdr", "ftr", "rPrChange", "pPrChange", "sdtPr", "annotationRef":
		return false // taken back, doubled, or not text of the document
	case "p":
		w.paras = append(w.paras, &paragraph{})
	case "tbl":
		w.tables = append(w.tables, &grid{})
	case "t":
		w.inText = true
	case "tab", "br", "cr", "ptab":
		w.write(" ")
	case "noBreakHyphen":
		w.write("-")
	}
	if t := w.table(); t != nil {
		t.start(name, at)
	}
	if p := w.para(); p != nil {
		p.start(name, at)
	}
	return true
}

func (p *paragraph) start(name string, at attrs) {
	switch name {
	case "pStyle":
		p.style = at.get("val")
	case "outlineLvl":
		p.level = outline(at.get("val"))
	case "numId":
		p.list = at.get("val") != "0"
	case "r":
		p.hidden = false
	case "vanish", "webHidden", "specVanish":
		if v := at.get("val"); v != "0" && v != "false" {
			p.hidden = true
		}
	}
}

func (g *grid) start(name string, at attrs) {
	switch name {
	case "tr":
		g.rows = append(g.rows, nil)
	case "tc":
		g.span, g.above = 1, false
		g.cell.Reset()
	case "gridSpan":
		if n, err := strconv.Atoi(at.get("val")); err == nil {
			g.span = min(max(n, 1), MaxCells)
		}
	case "vMerge":
		g.above = at.get("val") != "restart"
	case "tblHeader":
		g.labelled = g.labelled || len(g.rows) == 1
	}
}

func (w *word) end(name string) {
	switch name {
	case "t":
		w.inText = false
	case "r":
		if p := w.para(); p != nil {
			if !p.hidden {
				p.text.WriteString(p.run.String())
			}
			p.run.Reset()
			p.hidden = false
		}
	case "p":
		if n := len(w.paras); n > 0 {
			p := w.paras[n-1]
			w.paras = w.paras[:n-1]
			p.text.WriteString(p.run.String())
			w.done(p)
		}
	case "tc":
		if t := w.table(); t != nil {
			t.close()
		}
	case "tbl":
		w.endTable()
	}
}

func (w *word) endTable() {
	n := len(w.tables)
	if n == 0 {
		return
	}
	t := w.tables[n-1]
	w.tables = w.tables[:n-1]
	if outer := w.table(); outer != nil { // a table in a cell is text of that cell
		for _, r := range filled(t.rows) {
			outer.cell.WriteString(strings.Join(nonEmpty(r), " ") + " ")
		}
		return
	}
	w.b.table(t.rows, t.labelled)
}

// close ends a cell; one merged with that above it says the same.
func (g *grid) close() {
	n := len(g.rows)
	if n == 0 || len(g.rows[n-1]) >= MaxCells {
		return
	}
	at := len(g.rows[n-1])
	s := tidy(g.cell.String())
	if g.above && s == "" && n > 1 && at < len(g.rows[n-2]) {
		s = g.rows[n-2][at]
	}
	g.cell.Reset()
	g.rows[n-1] = append(g.rows[n-1], s)
	for range g.span - 1 {
		g.rows[n-1] = append(g.rows[n-1], "")
	}
}

func (w *word) done(p *paragraph) {
	s := p.text.String()
	if t := w.table(); t != nil {
		t.cell.WriteString(s + " ")
		return
	}
	if len(w.paras) > 0 { // of a text box within a paragraph
		w.b.para(s)
		return
	}
	level, list := p.level, p.list
	for id, seen := p.style, 0; id != "" && seen < 10; seen++ {
		st, known := w.styles[id]
		if !known {
			level = max(level, idLevel(id))
			break
		}
		if level == 0 {
			level = st.level
		}
		list = list || st.list
		id = st.basedOn
	}
	switch {
	case level > 0:
		w.b.heading(level, s)
	case list:
		w.b.item(s)
	default:
		w.b.para(s)
	}
}

// idLevel is the level a style's id speaks of, for documents without styles.
func idLevel(id string) int {
	for _, name := range []string{"Heading", "Balk", "Başlık", "berschrift", "Ttulo", "Titre"} {
		if n, ok := strings.CutPrefix(id, name); ok && len(n) == 1 && n[0] >= '1' && n[0] <= '9' {
			return int(n[0] - '0')
		}
	}
	return 0
}

func (w *word) chars(s string) {
	if w.inText {
		w.write(s)
	}
}

func (w *word) write(s string) {
	if p := w.para(); p != nil {
		p.run.WriteString(s)
	}
}

func (w *word) para() *paragraph {
	if n := len(w.paras); n > 0 {
		return w.paras[n-1]
	}
	return nil
}

func (w *word) table() *grid {
	if n := len(w.tables); n > 0 {
		return w.tables[n-1]
	}
	return nil
}
