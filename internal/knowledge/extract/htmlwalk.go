package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"parley/internal/kit/text"
)

// Sizes of a pair of question and answer on a page; what is longer is a heading
// with its text.
const (
	maxAsked    = 500
	maxAnswered = MaxPassage
)

// domWalker turns the tree of a page into blocks. The parser lets no tree be deeper
// than 512, so it may call itself.
type domWalker struct {
	b     builder
	line  strings.Builder // the paragraph being read
	pairs []Passage
	asked map[string]bool // questions that are known already
	words int             // blocks besides headings
	title string          // of the page, above everything
}

// level is that of a heading, 0 for anything else.
func level(n *html.Node) int {
	if n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
		return int(n.Data[1] - '0')
	}
	return 0
}

// end closes the paragraph being read.
func (w *domWalker) end() {
	if s := tidy(w.line.String()); s != "" {
		w.b.para(s)
		w.words++
	}
	w.line.Reset()
}

func (w *domWalker) walk(n *html.Node) {
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode:
			w.line.WriteString(c.Data)
		case c.Type == html.ElementNode && inline(c.DataAtom):
			w.walk(c)
		case c.Type == html.ElementNode:
			w.end()
			w.block(c)
			w.end()
		}
	}
}

func inline(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.Acronym, atom.Bdi, atom.Bdo, atom.Cite, atom.Data, atom.Del, atom.Dfn, atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Meter,
		atom.Output, atom.Progress, atom.Q, atom.Ruby, atom.Rb, atom.Samp, atom.Span, atom.Sub, atom.Sup, atom.Time, atom.Var, atom.Wbr, atom.Button:
		return true
	}
	return false
}

func (w *domWalker) block(n *html.Node) {
	if l := level(n); l > 0 {
		if said := flat(n); said != w.title {
			w.b.heading(l, said)
		}
		return
	}
	switch n.DataAtom {
	case atom.Br, atom.Hr:
	case atom.Li:
		w.listItem(n)
	case atom.Table:
		w.table(n)
	case atom.Details:
		w.details(n)
	case atom.Dl:
		w.definitions(n)
	case atom.Pre:
		for l := range strings.Lines(raw(n)) {
			w.line.WriteString(l)
			w.end()
		}
	default:
		w.walk(n)
	}
}

// listItem is the item's own words; lists inside it follow.
func (w *domWalker) listItem(n *html.Node) {
	var own strings.Builder
	var later []*html.Node
	for c := range n.ChildNodes() {
		switch c.DataAtom {
		case atom.Ul, atom.Ol, atom.Table, atom.Details, atom.Dl, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Div, atom.Section, atom.Article:
			later = append(later, c)
		default:
			own.WriteString(flat(c))
			own.WriteByte(' ')
		}
	}
	if s := tidy(own.String()); s != "" {
		w.b.item(s)
		w.words++
	}
	for _, c := range later {
		w.block(c)
		w.end()
	}
}

// table gives rows with their labels; a table that only arranges a page is read
// as text.
func (w *domWalker) table(n *html.Node) {
	var rows [][]string
	nested, labelled := false, false
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.Table:
			nested = true
		case atom.Tr:
			cells, heads := cellsOf(c)
			labelled = labelled || len(rows) == 0 && heads && len(cells) > 1
			rows = append(rows, cells)
		case atom.Caption:
			w.b.para(flat(c))
		}
	}
	if nested || attr(n, "role") == "presentation" {
		w.walk(n)
		return
	}
	w.b.table(rows, labelled)
	w.words += len(rows)
}

// cellsOf are a row's cells, each as often as it is wide, and whether all are
// labels.
func cellsOf(row *html.Node) (cells []string, heads bool) {
	heads = true
	for c := range row.ChildNodes() {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		heads = heads && c.DataAtom == atom.Th
		if len(cells) < MaxCells {
			cells = append(cells, flat(c))
		}
		if span, ok := number(attr(c, "colspan")); ok {
			for i := 1; i < int(min(span, MaxCells)) && len(cells) < MaxCells; i++ {
				cells = append(cells, "")
			}
		}
	}
	return cells, heads && len(cells) > 0
}

// details is a question that opens its answer.
func (w *domWalker) details(n *html.Node) {
	question := ""
	var answer []*html.Node
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Summary && question == "" {
			question = flat(c)
			continue
		}
		answer = append(answer, c)
	}
	inner := measure(n)
	var said []string
	for _, c := range answer {
		if inner.tables+inner.details > 0 {
			break // more than an answer
		}
		if s := lined(c); s != "" {
			said = append(said, s)
		}
	}
	if w.pair(question, strings.Join(said, "\n")) {
		return
	}
	if question != "" {
		w.b.heading(maxLevel, question)
	}
	for _, c := range answer {
		if c.Type == html.TextNode {
			w.line.WriteString(c.Data)
			continue
		}
		w.block(c)
		w.end()
	}
}

// pair keeps a question with its answer, once.
func (w *domWalker) pair(question, answer string) bool {
	if question == "" || answer == "" || len(question) > maxAsked || len(answer) > maxAnswered {
		return false
	}
	if folded := text.Fold(question); !w.asked[folded] {
		w.asked[folded] = true
		w.pairs = append(w.pairs, Passage{Question: question, Text: answer})
	}
	return true
}

// definitions are terms with what they mean; a term that asks is a question.
func (w *domWalker) definitions(n *html.Node) {
	term := ""
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.Dt:
			term = flat(c)
		case atom.Dd:
			said := flat(c)
			if asks(term) && w.pair(term, said) {
				term = ""
				continue
			}
			if term != "" {
				said = strings.TrimSuffix(term, ":") + ": " + said
			}
			w.b.para(said)
			w.words++
			term = ""
		}
	}
}

func asks(s string) bool { return strings.HasSuffix(s, "?") || strings.HasSuffix(s, "؟") }

// flat is the text of a node in one line.
func flat(n *html.Node) string { return tidy(raw(n)) }

// lined is the text of a node with its blocks on lines of their own.
func lined(n *html.Node) string {
	w := &domWalker{asked: map[string]bool{}}
	if n.Type == html.TextNode {
		return tidy(n.Data)
	}
	w.block(n)
	w.end()
	var lines []string
	for _, b := range w.b.blocks {
		lines = append(lines, b.text)
	}
	return strings.Join(lines, "\n")
}

func raw(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := range n.Descendants() {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type == html.ElementNode && !inline(c.DataAtom):
			b.WriteByte(' ') // "<td>5</td><td>9</td>" is not 59
		}
	}
	return strings.TrimRightFunc(b.String(), unicode.IsSpace)
}
