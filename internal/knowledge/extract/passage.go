package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"parley/internal/kit/text"
)

// Sizes of a passage in bytes.
const (
	MinPassage = 200  // shorter neighbours are put together
	Target     = 900  // a passage ends after the block that reaches it
	loose      = 400  // the same for prose without any heading: its paragraphs are about different things
	MaxPassage = 1600 // never more
)

// MaxPassages is how many passages one source may have.
const MaxPassages = 20_000

// Passage is a piece of a source that can be found and quoted.
type Passage struct {
	Heading      string   // headings above it, outermost first, joined by " > "; "" for none
	Question     string   // for a pair: the question; Text is then the answer
	Alternatives []string // other wordings of the question
	Text         string   // blocks are separated by line feeds
	Start, End   int      // bytes of the clean body it came from; 0, 0 for a pair
}

// Title is what the index weighs more than the text: the question with its other
// wordings, or the document's name and the headings.
func (p *Passage) Title(document string) string {
	if p.Question != "" {
		return strings.Join(append([]string{p.Question}, p.Alternatives...), "\n")
	}
	if p.Heading == "" {
		return document
	}
	return document + " > " + p.Heading
}

// Hash names the content, so that reading a source again touches only passages
// that changed.
func (p *Passage) Hash() string {
	h := sha256.New()
	for _, s := range append([]string{p.Heading, p.Question, p.Text}, p.Alternatives...) {
		_, _ = h.Write([]byte(s))
		_, _ = h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Split cuts a clean body (see Clean) into passages, in order.
func Split(body string, markdown bool) []Passage {
	s := &splitter{body: body}
	for _, b := range parse(body, markdown) {
		s.block(b)
	}
	s.flush()
	return s.out
}

type title struct {
	level int
	text  string
}

type splitter struct {
	body  string
	path  []title
	under string // headings of the passage being filled
	level int    // of the last of them, 0 for none
	cur   []block
	out   []Passage
	fresh bool // the section began with the passage being filled
}

func (s *splitter) block(b block) {
	switch b.kind {
	case heading:
		if b.level > max(2, s.level) && s.size() > 0 && s.size() < MinPassage {
			s.cur = append(s.cur, b) // a small part of the same section; what stands beside it is another thing
			s.enter(b)
			return
		}
		s.flush()
		s.enter(b)
		s.fresh = true
	case row:
		s.flush()
		if len(b.text) > MaxPassage {
			s.long(b)
			return
		}
		s.put(b)
		s.flush()
	default:
		if len(b.text) > MaxPassage {
			s.flush()
			s.long(b)
			return
		}
		if s.size() > 0 && (s.size()+1+len(b.text) > s.target() && s.size() >= MinPassage || s.size()+1+len(b.text) > MaxPassage) {
			s.flush()
		}
		s.put(b)
	}
}

func (s *splitter) target() int {
	if len(s.path) == 0 {
		return loose
	}
	return Target
}

func (s *splitter) enter(b block) {
	for len(s.path) > 0 && s.path[len(s.path)-1].level >= b.level {
		s.path = s.path[:len(s.path)-1]
	}
	s.path = append(s.path, title{b.level, text.Cut(b.text, 200)})
}

func (s *splitter) put(b block) {
	if len(s.cur) == 0 {
		s.under, s.level = s.heading(), 0
		if n := len(s.path); n > 0 {
			s.level = s.path[n-1].level
		}
	}
	s.cur = append(s.cur, b)
}

func (s *splitter) heading() string {
	parts := make([]string, len(s.path))
	for i, t := range s.path {
		parts[i] = t.text
	}
	return strings.Join(parts, " > ")
}

func (s *splitter) size() int {
	n := 0
	for _, b := range s.cur {
		n += len(b.text) + 1
	}
	return max(0, n-1)
}

// flush ends the passage being filled. A short rest goes to the passage before
// it when both belong to one section.
func (s *splitter) flush() {
	if len(s.cur) == 0 {
		return
	}
	parts := make([]string, len(s.cur))
	for i, b := range s.cur {
		parts[i] = b.text
	}
	p := Passage{Heading: s.under, Text: strings.Join(parts, "\n"), Start: s.cur[0].start, End: s.cur[len(s.cur)-1].end}
	isRow := s.cur[0].kind == row
	s.cur = s.cur[:0]
	if n := len(s.out); n > 0 && !isRow && !s.fresh && len(p.Text) < MinPassage {
		last := &s.out[n-1]
		if last.Heading == p.Heading && len(last.Text)+1+len(p.Text) <= MaxPassage && last.End <= p.Start && !s.rowAt(last) {
			last.Text += "\n" + p.Text
			last.End = p.End
			return
		}
	}
	s.fresh = false
	s.out = append(s.out, p)
}

func (s *splitter) rowAt(p *Passage) bool { return strings.HasPrefix(s.body[p.Start:], "|") }

// long cuts one paragraph of more than MaxPassage at sentences; the last
// sentence of a piece begins the next one too.
func (s *splitter) long(b block) {
	under := s.heading()
	var piece []string
	size := 0
	emit := func() {
		if len(piece) > 0 {
			s.out = append(s.out, Passage{Heading: under, Text: strings.Join(piece, " "), Start: b.start, End: b.end})
		}
	}
	for _, span := range text.Sentences(b.text) {
		for _, sentence := range chop(span.Of(b.text), MaxPassage/2) {
			if size > 0 && size+1+len(sentence) > Target {
				emit()
				if overlap := piece[len(piece)-1]; len(overlap)+1+len(sentence) <= Target {
					piece, size = []string{overlap}, len(overlap)
				} else {
					piece, size = nil, 0
				}
			}
			piece = append(piece, sentence)
			size += len(sentence) + 1
		}
	}
	emit()
	s.fresh = false
}

// chop cuts a sentence without end at blanks.
func chop(s string, limit int) []string {
	var out []string
	for len(s) > limit {
		head := text.Cut(s, limit)
		if i := strings.LastIndexByte(head, ' '); i > limit/2 {
			head = head[:i]
		}
		out = append(out, head)
		s = strings.TrimSpace(s[len(head):])
	}
	if s != "" {
		out = append(out, s)
	}
	return out
}
