package extract

import (
	"context"
	"encoding/xml"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// readSlides reads a presentation (.pptx) in the order of its slides and tells
// how many there are. Slides that are not shown are left out, and so are notes.
func readSlides(ctx context.Context, raw []byte, o Options, b *builder) (int, *Error) {
	a, err := openArchive(raw)
	if err != nil {
		return 0, err
	}
	names, err := slideNames(a)
	if err != nil {
		return 0, err
	}
	if len(names) > MaxPages {
		return 0, &Error{ManyPages, fmt.Sprintf("it has %d slides; at most %d can be read, cut it into several files", len(names), MaxPages)}
	}
	for i, name := range names {
		part, err := a.part(name)
		if err != nil {
			return 0, err
		}
		if err := walkPart(ctx, part, &slide{b: b}); err != nil {
			return 0, err
		}
		o.Progress(i+1, len(names))
	}
	return len(names), nil
}

// slideNames lists the slides' parts as the presentation orders them.
func slideNames(a *archive) ([]string, *Error) {
	main := a.main(slideMain, "ppt/presentation.xml")
	part, err := a.part(main)
	if err != nil {
		return nil, err
	}
	var deck struct {
		Slides []struct {
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sldIdLst>sldId"`
	}
	if xml.Unmarshal(part, &deck) != nil {
		return nil, damaged()
	}
	var rels struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:",attr"`
		}
	}
	targets := map[string]string{}
	if list, err := a.part(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels")); err == nil && xml.Unmarshal(list, &rels) == nil {
		for _, r := range rels.Relationship {
			to := strings.TrimPrefix(r.Target, "/")
			if to == r.Target {
				to = path.Join(path.Dir(main), r.Target)
			}
			targets[r.ID] = to
		}
	}
	var names []string
	for _, s := range deck.Slides {
		for _, at := range s.Attrs {
			if name := targets[at.Value]; at.Name.Local == "id" && a.has(name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		names = numberedSlides(a)
	}
	return names, nil
}

func numberedSlides(a *archive) []string {
	var names []string
	number := func(s string) int {
		n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(s, "ppt/slides/slide"), ".xml"))
		return n
	}
	for name := range a.files {
		if number(name) > 0 {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(x, y string) int { return number(x) - number(y) })
	return names
}

// slide reads one slide: its title is a heading, its shapes' paragraphs follow
// as they stand in the file.
type slide struct {
	b      *builder
	kind   string // of the shape's place: title, body, ftr, …
	words  strings.Builder
	bullet bool
	table  *grid
	inText bool
	hidden bool
}

func (s *slide) start(name string, at attrs) bool {
	switch name {
	case "Fallback", "extLst":
		return false
	case "sld":
		return at.get("show") != "0"
	case "sp", "graphicFrame":
		s.kind = ""
	case "cNvPr":
		s.hidden = at.get("hidden") == "1"
	case "ph":
		if s.kind = at.get("type"); s.kind == "" {
			s.kind = "body"
		}
	case "p":
		s.words.Reset()
		s.bullet = false
	case "buChar", "buAutoNum":
		s.bullet = true
	case "t":
		s.inText = true
	case "br", "tab":
		s.words.WriteByte(' ')
	case "tbl":
		s.table = &grid{}
	case "tblPr":
		if s.table != nil {
			s.table.labelled = at.get("firstRow") == "1"
		}
	case "tr":
		if s.table != nil {
			s.table.rows = append(s.table.rows, nil)
		}
	case "tc":
		if s.table != nil {
			s.table.span, s.table.above = 1, at.get("vMerge") == "1"
			s.table.cell.Reset()
		}
	}
	return true
}

func (s *slide) end(name string) {
	switch name {
	case "t":
		s.inText = false
	case "p":
		s.paragraph()
	case "tc":
		if s.table != nil {
			s.table.close()
		}
	case "tbl":
		if s.table != nil {
			s.b.table(s.table.rows, s.table.labelled)
			s.table = nil
		}
	}
}

func (s *slide) paragraph() {
	text := s.words.String()
	s.words.Reset()
	switch {
	case s.hidden:
	case s.table != nil:
		s.table.cell.WriteString(text + " ")
	case s.kind == "ftr", s.kind == "sldNum", s.kind == "dt", s.kind == "hdr":
	case s.kind == "title", s.kind == "ctrTitle":
		if strings.TrimSpace(text) != "" {
			s.b.heading(2, text)
		}
	case s.bullet:
		s.b.item(text)
	default:
		s.b.para(text)
	}
}

func (s *slide) chars(text string) {
	if s.inText {
		s.words.WriteString(text)
	}
}
