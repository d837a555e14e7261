package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxHeading = 120 // bytes; longer lines are text
	maxLevel   = 6
)

// headingAt tells whether line i is a heading: its level (0 = no), its title and
// its last line.
func (p *parser) headingAt(i int) (level int, title string, last int) {
	l := p.lines[i]
	if n := hashes(l.text); n > 0 {
		p.depth = n
		return n, strings.TrimSpace(strings.TrimRight(strings.TrimSpace(l.text[n:]), "#")), i
	}
	if p.markdown {
		if i+1 < len(p.lines) && !marked(l.text) && len(l.text) <= maxHeading {
			switch next := p.lines[i+1].text; {
			case len(next) >= 3 && strings.Trim(next, "=") == "":
				return 1, l.text, i + 1
			case len(next) >= 3 && strings.Trim(next, "-") == "":
				return 2, l.text, i + 1
			}
		}
		return 0, "", i
	}
	if len(l.text) > maxHeading || l.indent {
		return 0, "", i
	}
	if n := numbered(l.text); n > 0 && p.sectionNumber(i, n) {
		p.depth = n
		return n, l.text, i
	}
	if shouted(l.text) {
		p.depth = max(1, min(p.depth, 2))
		return p.depth, l.text, i
	}
	if p.titleLine(i) {
		return min(max(p.depth, 1)+1, maxLevel), l.text, i
	}
	return 0, "", i
}

func hashes(s string) int {
	n := 0
	for n < len(s) && s[n] == '#' {
		n++
	}
	if n == 0 || n > maxLevel || n == len(s) || s[n] != ' ' {
		return 0
	}
	return n
}

// numbered gives the depth of a section number: 2 for "7.3 AI Logs", 1 for
// "7. AI", 0 for anything else.
func numbered(s string) int {
	depth, i := 0, 0
	for i < len(s) {
		from := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		if i == from || i-from > 3 {
			break
		}
		depth++
		if i < len(s) && s[i] == '.' {
			i++
			continue
		}
		break
	}
	if depth == 0 || i >= len(s) || s[i] != ' ' && s[i] != '\t' {
		return 0
	}
	if depth == 1 && s[i-1] != '.' {
		return 0 // "30 days" is no section
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[i:], " \t"))
	if !unicode.IsUpper(first) && !unicode.Is(unicode.Lo, first) || ended(s) || len(strings.Fields(s)) > 14 {
		return 0
	}
	return min(depth, maxLevel)
}

// sectionNumber tells a numbered heading from an item of a numbered list: a
// heading has something above and below it that is not the next number.
func (p *parser) sectionNumber(i, depth int) bool {
	for j := i - 1; j >= 0; j-- {
		if t := p.lines[j].text; t != "" {
			if numbered(t) == depth {
				return false
			}
			break
		}
	}
	for j := i + 1; j < len(p.lines); j++ {
		if t := p.lines[j].text; t != "" {
			return numbered(t) != depth
		}
	}
	return false
}

func ended(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?:;,…؟،|", r)
}

func shouted(s string) bool {
	if ended(s) || marked(s) {
		return false
	}
	upper := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			upper++
		}
	}
	return upper >= 4
}

// titleLine reports a short line that stands over a longer paragraph: few words,
// a capital, no end mark, and the line before it is finished.
func (p *parser) titleLine(i int) bool {
	s := p.lines[i].text
	first, _ := utf8.DecodeRuneInString(s)
	if utf8.RuneCountInString(s) > 60 || len(strings.Fields(s)) > 8 || ended(s) || marked(s) ||
		strings.ContainsAny(s, "·|") || !unicode.IsUpper(first) && !unicode.Is(unicode.Lo, first) {
		return false
	}
	if i > 0 {
		if before := p.lines[i-1].text; before != "" && !ended(before) && hashes(before) == 0 && numbered(before) == 0 {
			return false
		}
	}
	for j := i + 1; j < len(p.lines); j++ {
		t := p.lines[j].text
		if t == "" {
			continue
		}
		return !marked(t) && !strings.HasPrefix(t, "|") && (len(t) >= 80 || ended(t) && len(t) > len(s))
	}
	return false
}
