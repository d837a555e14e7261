package topic

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/kit/text"
)

var (
	apostrophes = strings.NewReplacer("'", "", "’", "")
	umlauts     = strings.NewReplacer("ue", "u", "ae", "a", "oe", "o") // typed without dots
)

// longestGap is how many words of one sentence ".." may stand for.
const longestGap = 4

// part is one place of a phrase.
type part struct {
	words    []string // folded; a trailing * stands for any ending
	specs    []spec   // the same, taken apart when the phrase is filed
	gap      bool     // ..
	any      bool     // _ or *
	optional bool
}

// spec is a word, or the beginning of words.
type spec struct {
	stem string
	open bool
}

// ready takes the words of parts apart once.
func ready(parts []part) []part {
	out := slices.Clone(parts)
	for i, p := range out {
		for _, w := range p.words {
			stem, open := strings.CutSuffix(w, "*")
			out[i].specs = append(out[i].specs, spec{stem, open})
		}
	}
	return out
}

// phrase is a sequence of parts that speaks for or against a label.
type phrase struct {
	label  int
	weight float64
	parts  []part
}

// parsePhrase reads "a (b|c*) .. d". An alternative of several words makes
// several phrases.
func parsePhrase(s string) ([][]part, error) {
	all := [][]part{{}}
	for _, field := range fields(s) {
		var options [][]part
		switch {
		case field == "..":
			options = [][]part{{{gap: true}}}
		case field == "_" || field == "*":
			options = [][]part{{{any: true}}}
		default:
			var err error
			if options, err = alternatives(field); err != nil {
				return nil, err
			}
		}
		var next [][]part
		for _, before := range all {
			for _, o := range options {
				next = append(next, append(slices.Clone(before), o...))
			}
		}
		if all = next; len(all) > 64 {
			return nil, errors.New("topic: too many alternatives of several words: " + s)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("topic: a phrase without words: " + s)
	}
	for _, p := range all {
		if len(p) == 0 || len(p[0].words) == 0 {
			return nil, errors.New("topic: a phrase begins with a word: " + s)
		}
	}
	return all, nil
}

// fields cuts at blanks outside brackets.
func fields(s string) []string {
	depth := 0
	return strings.FieldsFunc(s, func(r rune) bool {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		return depth == 0 && unicode.IsSpace(r)
	})
}

// alternatives gives the ways to read one field: one part of single words, and
// a sequence of parts for each alternative of several words.
func alternatives(field string) ([][]part, error) {
	optional := field[0] == '(' && strings.HasSuffix(field, ")?") && strings.Count(field, "(") == 1
	if optional {
		field = field[:len(field)-1]
	}
	field = strings.ReplaceAll(field, ")?", "|)") // x(y)? is x or xy
	spellings, err := spell(field)
	if err != nil {
		return nil, err
	}
	var single part
	var out [][]part
	for _, s := range spellings {
		words := tokens(s)
		if len(words) == 1 {
			single.words = append(single.words, words[0])
			continue
		}
		var seq []part
		for _, w := range words {
			seq = append(seq, part{words: []string{w}})
		}
		if len(seq) > 0 {
			out = append(out, seq)
		}
	}
	if len(single.words) > 0 {
		single.optional = optional && len(out) == 0
		out = append(out, []part{single})
	}
	if optional && len(out) != 1 {
		out = append(out, []part{})
	}
	return out, nil
}

// spell writes out x(a|b)y as xay and xby.
func spell(field string) ([]string, error) {
	all := []string{""}
	for field != "" {
		options := []string{}
		if field[0] == '(' {
			end := strings.IndexByte(field, ')')
			if end < 0 {
				return nil, errors.New("topic: a bracket is not closed: " + field)
			}
			options = strings.Split(field[1:end], "|")
			field = field[end+1:]
		} else {
			end := strings.IndexByte(field, '(')
			if end < 0 {
				end = len(field)
			}
			options = append(options, field[:end])
			field = field[end:]
		}
		var next []string
		for _, a := range all {
			for _, o := range options {
				next = append(next, strings.TrimSuffix(a, "*")+o)
			}
		}
		all = next
	}
	return all, nil
}

// tokens folds a spelling into words that keep their *.
func tokens(s string) []string {
	var out []string
	for _, f := range strings.Fields(s) {
		if f == "?" {
			out = append(out, f)
			continue
		}
		stem, open := strings.CutSuffix(f, "*")
		words := cutWords(text.Fold(stem))
		for i, w := range words {
			if open && i == len(words)-1 {
				w.forms[0] += "*"
			}
			out = append(out, w.forms[0])
		}
	}
	return out
}

// word is one word of a message in the spellings that a phrase may know it by;
// "." and "?" stand for the ends of sentences.
type word struct {
	forms [3]string
	n     int
}

func (w word) end() bool { return w.forms[0] == "." || w.forms[0] == "?" }

func plain(s string) word { return word{forms: [3]string{s}, n: 1} }

// add notes another spelling.
func (w *word) add(s string) {
	if w.n < len(w.forms) && s != w.forms[0] {
		w.forms[w.n] = s
		w.n++
	}
}

// cutWords cuts folded text into words. An apostrophe parts words, but not in
// don't.
func cutWords(folded string) []word {
	var out []word
	for i := 0; i < len(folded); {
		r, n := utf8.DecodeRuneInString(folded[i:])
		if !letter(r) {
			switch {
			case r == '?' || r == '؟':
				out = append(out, plain("?"))
			case r == '.' && i+1 < len(folded) && digit(folded[i+1]):
			case r == '.' || r == '!' || r == '\n' || r == '…' || r == ';':
				out = append(out, plain("."))
			}
			i += n
			continue
		}
		end := i
		for end < len(folded) {
			r, n := utf8.DecodeRuneInString(folded[end:])
			if !letter(r) && !inNot(folded, end, n, r) {
				break
			}
			end += n
		}
		out = append(out, spellings(apostrophes.Replace(folded[i:end])))
		i = end
	}
	return out
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// inNot: the apostrophe of don't.
func inNot(s string, at, size int, r rune) bool {
	return (r == '\'' || r == '’') && at > 0 && s[at-1] == 'n' && strings.HasPrefix(s[at+size:], "t") &&
		(len(s) == at+size+1 || !letter(rune(s[at+size+1])))
}

// spellings: German ue for ü, letters stretched for emphasis, and Arabic words
// without article and preposition.
func spellings(w string) word {
	out := plain(w)
	first, _ := utf8.DecodeRuneInString(w)
	if unicode.Is(unicode.Arabic, first) {
		for _, prefix := range [...]string{"وال", "فال", "بال", "كال", "لل", "ال"} {
			if rest, ok := strings.CutPrefix(w, prefix); ok && len(rest) >= 4 {
				out.add(rest)
				return out
			}
		}
		for _, prefix := range [...]string{"و", "ف", "ب", "ل"} {
			if rest, ok := strings.CutPrefix(w, prefix); ok && len(rest) >= 6 {
				out.add(rest)
			}
		}
		return out
	}
	if strings.Contains(w, "ue") || strings.Contains(w, "ae") || strings.Contains(w, "oe") {
		out.add(umlauts.Replace(w))
	}
	if s := squeeze(w); s != w {
		out.add(s)
	}
	return out
}

// squeeze leaves one of three and more equal letters.
func squeeze(w string) string {
	for i := 2; i < len(w); i++ {
		if w[i] == w[i-1] && w[i] == w[i-2] && w[i] < 0x80 && !digit(w[i]) {
			out := []byte(w[:i-1])
			for ; i < len(w); i++ {
				if w[i] != out[len(out)-1] {
					out = append(out, w[i])
				}
			}
			return string(out)
		}
	}
	return w
}

// fits reports whether one of a part's words is this word.
func (p *part) fits(w *word) bool {
	if p.any {
		return !w.end()
	}
	for i := range w.n {
		form := w.forms[i]
		for j := range p.specs {
			if s := &p.specs[j]; len(form) >= len(s.stem) && form[:len(s.stem)] == s.stem && (s.open || len(form) == len(s.stem)) {
				return true
			}
		}
	}
	return false
}

// match is how many words the phrase takes at the beginning of words, or -1.
func match(parts []part, words []word) int {
	if len(parts) == 0 {
		return 0
	}
	p := &parts[0]
	if p.gap {
		for skip := 0; skip <= longestGap; skip++ {
			if n := match(parts[1:], words[min(skip, len(words)):]); n >= 0 {
				return n + skip
			}
			if skip >= len(words) || words[skip].end() {
				break
			}
		}
		return -1
	}
	if len(words) > 0 && p.fits(&words[0]) {
		if n := match(parts[1:], words[1:]); n >= 0 {
			return n + 1
		}
	}
	if p.optional {
		return match(parts[1:], words)
	}
	return -1
}

// key is what phrases are found by: the first three letters of a word.
func key(w string) string {
	n := 0
	for i := range w {
		if n == 3 {
			return w[:i]
		}
		n++
	}
	return w
}

// parseLine reads "3 phrase ; phrase".
func parseLine(line string) (weight float64, phrases [][]part, err error) {
	head, rest, _ := strings.Cut(line, " ")
	if weight, err = strconv.ParseFloat(head, 64); err != nil {
		return 0, nil, errors.New("topic: a line begins with a weight: " + line)
	}
	for _, s := range strings.Split(rest, ";") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		more, err := parsePhrase(s)
		if err != nil {
			return 0, nil, err
		}
		phrases = append(phrases, more...)
	}
	return weight, phrases, nil
}
