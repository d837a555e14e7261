package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/kit/text"
)

type kind int

const (
	para kind = iota
	heading
	item
	row
)

// block is a paragraph, heading, list item or table row of the body.
type block struct {
	kind       kind
	level      int // of a heading
	text       string
	start, end int // bytes of the body
}

// line is one line of the body without blanks at its ends.
type line struct {
	text       string
	start, end int
	indent     bool
}

func lines(body string) []line {
	var out []line
	at := 0
	for l := range strings.Lines(body) {
		t := strings.TrimSpace(l)
		from := at + strings.Index(l, t)
		out = append(out, line{t, from, from + len(t), strings.HasPrefix(l, "    ") || strings.HasPrefix(l, "\t")})
		at += len(l)
	}
	return out
}

// parser reads a body line by line.
type parser struct {
	lines    []line
	markdown bool
	marks    marks
	wrapped  bool // paragraphs are broken into lines of about equal length
	depth    int  // level of the latest heading that had a number or marks
	fence    string
	header   []string // cells of the current table
	out      []block
}

func parse(body string, markdown bool) []block {
	p := &parser{lines: lines(body), markdown: markdown}
	if markdown {
		p.marks = newMarks()
	}
	p.wrapped = markdown || wrapped(p.lines)
	for i := 0; i < len(p.lines); i++ {
		i = p.take(i)
	}
	return p.out
}

// take reads the block that begins on line i and returns its last line.
func (p *parser) take(i int) int {
	l := p.lines[i]
	if p.markdown && p.inFence(l) {
		return i
	}
	if !strings.HasPrefix(l.text, "|") {
		p.header = nil
	}
	switch {
	case l.text == "", rule(l.text):
		return i
	case strings.HasPrefix(l.text, "|"):
		p.tableRow(l)
		return i
	}
	if level, title, last := p.headingAt(i); level > 0 {
		p.add(heading, level, title, l.start, p.lines[last].end)
		return last
	}
	k := para
	if marked(l.text) {
		k = item
	}
	return p.gather(i, k)
}

// gather joins the lines of one paragraph or list item.
func (p *parser) gather(i int, k kind) int {
	words := []string{p.lines[i].text}
	last := i
	for last+1 < len(p.lines) {
		next := p.lines[last+1]
		if next.text == "" || strings.HasPrefix(next.text, "|") || marked(next.text) || rule(next.text) {
			break
		}
		if !p.wrapped && !goesOn(p.lines[last].text, next.text) {
			break
		}
		if level, _, _ := p.headingAt(last + 1); level > 0 {
			break
		}
		if p.markdown && fence(next.text) != "" {
			break
		}
		words = append(words, next.text)
		last++
	}
	p.add(k, 0, strings.Join(words, " "), p.lines[i].start, p.lines[last].end)
	return last
}

// goesOn reports that a line was broken in the middle of a sentence.
func goesOn(l, next string) bool {
	end, _ := utf8.DecodeLastRuneInString(l)
	first, _ := utf8.DecodeRuneInString(next)
	return len(l) >= 40 && !strings.ContainsRune(".!?:;…؟|", end) && unicode.IsLower(first)
}

func (p *parser) add(k kind, level int, s string, start, end int) {
	if p.markdown {
		s = p.marks.strip(s)
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return
	}
	p.out = append(p.out, block{k, level, s, start, end})
}

// maxLabel bounds what a table's header adds to each of its rows.
const maxLabel = 60

// tableRow adds a row with the header's labels in front of its cells; the first
// row of a table is its header.
func (p *parser) tableRow(l line) {
	cells := strings.Split(strings.Trim(strings.ReplaceAll(l.text, `\|`, "\x00"), "|"), "|")
	bars := true
	for i, c := range cells {
		cells[i] = strings.TrimSpace(strings.ReplaceAll(c, "\x00", "|"))
		bars = bars && strings.Trim(cells[i], "-: ") == ""
	}
	if bars {
		return
	}
	if p.header == nil {
		p.header = cells
		return
	}
	var parts []string
	for i, c := range cells {
		switch {
		case c == "":
		case i < len(p.header) && p.header[i] != "":
			parts = append(parts, text.Cut(p.header[i], maxLabel)+": "+c)
		default:
			parts = append(parts, c)
		}
	}
	p.add(row, 0, strings.Join(parts, " | "), l.start, l.end)
}

func (p *parser) inFence(l line) bool {
	mark := fence(l.text)
	switch {
	case p.fence == "" && mark != "":
		p.fence = mark
		return true
	case p.fence != "" && strings.HasPrefix(l.text, p.fence):
		p.fence = ""
		return true
	case p.fence != "":
		if l.text != "" {
			p.out = append(p.out, block{item, 0, l.text, l.start, l.end})
		}
		return true
	}
	return false
}

func fence(s string) string {
	for _, mark := range []string{"```", "~~~"} {
		if strings.HasPrefix(s, mark) {
			return mark
		}
	}
	return ""
}

// rule reports a line that only separates.
func rule(s string) bool {
	return len(s) >= 3 && strings.Trim(s, "-=_*~ ") == ""
}

// marked reports a list item.
func marked(s string) bool {
	for _, m := range []string{"- ", "* ", "+ ", "• ", "– ", "· "} {
		if strings.HasPrefix(s, m) {
			return true
		}
	}
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i > 0 && i <= 3 && i+1 < len(s) && (s[i] == '.' || s[i] == ')') && s[i+1] == ' '
}

// wrapped reports plain text whose paragraphs were broken into lines.
func wrapped(list []line) bool {
	long, over, all := 0, 0, 0
	for _, l := range list {
		if l.text == "" {
			continue
		}
		all++
		switch n := utf8.RuneCountInString(l.text); {
		case n > 110:
			over++
		case n > 55:
			long++
		}
	}
	return all > 0 && over*20 < all && long*2 > all
}

// marks takes the marks of Markdown out of a line. Text, links' words and code
// stay; comments, tags and addresses of links go.
type marks []struct {
	find *regexp.Regexp
	by   string
}

func newMarks() marks {
	return marks{
		{regexp.MustCompile(`<!--.*?(-->|$)`), ""},
		{regexp.MustCompile(`!?\[([^\]]*)\]\([^)\s]*(\s+"[^"]*")?\)`), "$1"},
		{regexp.MustCompile(`</?[a-zA-Z][^>]*>`), ""},
		{regexp.MustCompile("(\\*\\*|__|`)"), ""},
		{regexp.MustCompile(`(^|[\s(])[*_](\S[^*_]*\S|\S)[*_]($|[\s.,;:!?)])`), "$1$2$3"},
		{regexp.MustCompile(`\\([\\*_#\[\]()|>+.!-])`), "$1"},
	}
}

func (m marks) strip(s string) string {
	if !strings.ContainsAny(s, "<[*_`\\") {
		return s
	}
	for _, mark := range m {
		s = mark.find.ReplaceAllString(s, mark.by)
	}
	return s
}
