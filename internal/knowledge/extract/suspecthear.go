package extract

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"parley/internal/kit/text"
)

//go:embed suspect.txt
var suspectWords string

// lexicon is suspect.txt, folded, by class: beginnings of words with a blank
// before them.
var lexicon = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for line := range strings.Lines(suspectWords) {
		class, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for p := range strings.SplitSeq(list, ",") {
			p = strings.TrimSpace(p)
			whole := strings.HasSuffix(p, "_")
			colon := strings.HasSuffix(p, ":")
			p = plainWords(strings.TrimRight(p, "_:"))
			if p == "" {
				continue
			}
			if !arabic(p) {
				p = " " + p
			}
			switch {
			case colon:
				p += " :"
			case whole && !arabic(p):
				p += " "
			}
			all[class] = append(all[class], p)
		}
	}
	return all
})

func arabic(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) >= 0
}

// heard is a text with the places where words of each class begin.
type heard struct {
	raw, said string
	marks     string // said with ":" and quotation marks between the words
	at        map[string][]int
}

func hear(raw string) *heard {
	h := &heard{raw: raw, at: map[string][]int{}}
	var b, m strings.Builder
	b.WriteByte(' ')
	m.WriteByte(' ')
	last := 0
	for _, w := range text.Words(raw) {
		for _, r := range raw[last:w.Start] {
			switch r {
			case ':', '：':
				m.WriteString(": ")
			case '"', '“', '„', '«', '”', '»', '「':
				m.WriteString(`" `)
			}
		}
		last = w.End
		one := text.Fold(raw[w.Start:w.End])
		b.WriteString(one)
		b.WriteByte(' ')
		m.WriteString(one)
		m.WriteByte(' ')
	}
	h.said = b.String()
	h.marks = m.String()
	h.find()
	return h
}

// places are the offsets in marks at which words of a class begin.
func (h *heard) places(class string) []int { return h.at[class] }

// find notes where the words of every class begin.
func (h *heard) find() {
	dict := dictionary()
	for i := 0; i+3 < len(h.marks); i++ {
		if h.marks[i] != ' ' {
			continue
		}
		for _, e := range dict.words[h.marks[i+1:i+3]] {
			if strings.HasPrefix(h.marks[i:], e.phrase) && !h.verbHave(i) {
				h.at[e.class] = append(h.at[e.class], i)
			}
		}
	}
	if arabic(h.marks) {
		for _, e := range dict.inside {
			for from := 0; ; {
				i := strings.Index(h.marks[from:], e.phrase)
				if i < 0 {
					break
				}
				h.at[e.class] = append(h.at[e.class], from+i)
				from += i + len(e.phrase)
			}
		}
	}
	for class, at := range h.at {
		if class == "answerimp" || class == "strictsay" {
			at = slices.DeleteFunc(at, h.ours)
		}
		slices.Sort(at)
		h.at[class] = slices.Compact(at)
	}
}

// ours reports a verb of the business itself, "we reply", and greetings.
func (h *heard) ours(at int) bool {
	before, after := h.marks[max(0, at-24):at+1], h.marks[at:min(len(h.marks), at+24)]
	for _, w := range []string{" we ", " our ", " they ", " i ", " can ", " will ", " to ", " team ", " wir ", " unser", " nous ", " on ", " nos ", " il ", " no "} {
		if strings.Contains(before, w) {
			return true
		}
	}
	for _, w := range []string{" hello", " hi ", " hallo", " hola", " bonjour", " merhaba", " goodbye", " مرحبا"} {
		if strings.Contains(after, w) {
			return true
		}
	}
	return false
}

// entry is a phrase with its class.
type entry struct{ class, phrase string }

// phrasebook is the lexicon by the first two bytes of the first word; Arabic
// phrases also stand inside a word.
type phrasebook struct {
	words  map[string][]entry
	inside []entry
}

var dictionary = sync.OnceValue(func() phrasebook {
	d := phrasebook{words: map[string][]entry{}}
	for class, list := range lexicon() {
		for _, p := range list {
			if p[0] != ' ' {
				d.inside = append(d.inside, entry{class, p})
			} else if len(p) > 2 {
				d.words[p[1:3]] = append(d.words[p[1:3]], entry{class, p})
			}
		}
	}
	return d
})

// verbHave reports the French "j'ai", "n'ai", which is no AI.
func (h *heard) verbHave(at int) bool {
	return strings.HasPrefix(h.marks[at:], " ai ") && at >= 2 && h.marks[at-2] == ' '
}

func (h *heard) has(class string) bool { return len(h.places(class)) > 0 }

// order is what has to be said close together to be an order to a model.
type order struct {
	why     string
	classes []string
	reach   int
	ordered bool // one after the other
}

func orders() []order {
	return []order{
		{Orders, []string{"aud", "duty", "act"}, 70, true},
		{Orders, []string{"aud", "trorder"}, 70, false},
		{Orders, []string{"authority", "trorder"}, 90, false},
		{Orders, []string{"aud", "abs", "say3"}, 110, false},
		{Orders, []string{"ask", "sayimp"}, 90, true},
		{Orders, []string{"ask", "aud", "act"}, 90, false},
		{Orders, []string{"ask", "convo"}, 90, false},
		{Orders, []string{"askweak", "give", "link"}, 80, false},
		{Orders, []string{"askweak", "give", "aud"}, 80, false},
		{Orders, []string{"summ", "sayimp"}, 120, false},
		{Orders, []string{"convo", "sayimp", "link"}, 90, false},
		{Orders, []string{"convo", "aud", "act"}, 90, false},
		{Leak, []string{"before", "all"}, 70, false},
		{Leak, []string{"secret", "sayimp"}, 60, false},
		{Leak, []string{"secret", "act", "aud"}, 70, false},
		{Orders, []string{"truth", "hide"}, 80, false},
		{Orders, []string{"onlyanswer"}, 1, false},
		{Orders, []string{"aud", "only", "act"}, 90, false},
		{Orders, []string{"authority", "aud", "duty"}, 160, false},
		{Orders, []string{"authority", "handover", "act"}, 160, false},
		{Orders, []string{"authority", "anyprice"}, 120, false},
		{Orders, []string{"aud", "anyprice", "act"}, 90, false},
		{Orders, []string{"aud", "handover", "only"}, 120, false},
		{Orders, []string{"tell", "cust3", "gain"}, 70, false},
		{Orders, []string{"translate", "obey"}, 80, false},
		{Orders, []string{"decode", "obey"}, 80, false},
		{Orders, []string{"decode", "strictsay"}, 80, false},
		{Orders, []string{"newrule", "aud", "act"}, 90, false},
		{Orders, []string{"newrule", "sayimp", "quoted"}, 120, false},
		{Orders, []string{"abs", "sayimp", "quoted"}, 60, false},
		{Orders, []string{"aud", "sayimp", "quoted"}, 60, false},
		{Orders, []string{"aud", "share", "host"}, 120, false},
		{Orders, []string{"aud", "only", "host"}, 120, false},
		{Orders, []string{"convo", "host", "act"}, 120, false},
		{Orders, []string{"before", "only"}, 90, false},
		{Orders, []string{"otherdocs", "invalid"}, 70, false},
		{Orders, []string{"newrule", "invalid"}, 50, false},
		{Leak, []string{"verbatim", "strictsay"}, 70, false},
		{Leak, []string{"given", "sayimp"}, 70, false},
		{Leak, []string{"given", "act"}, 50, false},
		{Orders, []string{"mode", "sayimp"}, 80, false},
		{Orders, []string{"mode", "aud"}, 80, false},
		{Orders, []string{"answerimp", "anyask"}, 40, false},
		{Orders, []string{"aud", "strictsay"}, 60, false},
		{Orders, []string{"reader", "sayimp"}, 90, true},
		{Orders, []string{"reader", "act"}, 90, true},
		{Orders, []string{"replies", "ends"}, 40, false},
		{Leak, []string{"aud", "rulesw", "sayimp"}, 80, false},
		{Leak, []string{"aud", "rulesw", "act"}, 60, false},
		{Orders, []string{"rulesw", "invalid", "sayimp"}, 90, false},
	}
}

// close reports that words of every class stand within reach of each other.
func (h *heard) close(o order) bool {
	if !h.ready(o.classes) {
		return false
	}
	for _, at := range h.places(o.classes[0]) {
		used := []int{at}
		from := at
		for _, class := range o.classes[1:] {
			next := h.next(class, from, o, used)
			if next < 0 {
				break
			}
			used = append(used, next)
			if o.ordered {
				from = next
			}
		}
		if len(used) == len(o.classes) {
			return true
		}
	}
	return false
}

func (h *heard) ready(classes []string) bool {
	for _, c := range classes {
		switch c {
		case "quoted":
			if _, done := h.at[c]; !done {
				h.at[c] = h.quotes()
			}
		case "host":
			if _, done := h.at[c]; !done {
				h.at[c] = h.hosts()
			}
		}
		if !h.has(c) {
			return false
		}
	}
	return true
}

func (h *heard) next(class string, from int, o order, used []int) int {
	for _, p := range h.places(class) {
		d := p - from
		if d > o.reach || d < -o.reach || o.ordered && d <= 0 || slices.Contains(used, p) {
			continue
		}
		return p
	}
	return -1
}

// quotes are the places where words to be said begin: a verb, then a quotation
// mark at once.
func (h *heard) quotes() (at []int) {
	for _, class := range []string{"sayimp", "say3", "act"} {
		for _, p := range h.places(class) {
			rest := h.marks[p+1 : min(len(h.marks), p+40)]
			if _, after, ok := strings.Cut(rest, " "); ok && (strings.HasPrefix(after, `" `) || strings.HasPrefix(after, `: " `)) {
				at = append(at, p-1)
			}
		}
	}
	return at
}

// persona reports that somebody is given another character, not a membership.
func (h *heard) persona() bool {
	for _, at := range h.places("persona") {
		rest := h.marks[at:min(len(h.marks), at+60)]
		ok := false
		for _, p := range lexicon()["honest"] {
			ok = ok || strings.Contains(rest, p)
		}
		if !ok {
			return true
		}
	}
	return false
}

// addressed reports a note to whoever answers: "memo to the assistant".
func (h *heard) addressed() bool {
	for _, at := range h.places("aud") {
		if !h.towards(at) {
			continue
		}
		for _, m := range h.places("memo") {
			if d := m - at; d > -45 && d < 60 && d != 0 {
				return true
			}
		}
		for _, m := range h.places("weakmemo") {
			if d := m - at; d > -45 && d < 45 && (h.within("sayimp", at, 120) || h.within("duty", at, 120) || h.within("abs", at, 120) || h.within("secret", at, 120)) {
				return true
			}
		}
	}
	return false
}

// towards reports words like "for" before an audience, or "için" after it.
func (h *heard) towards(at int) bool {
	before := h.marks[max(0, at-20) : at+1]
	for _, p := range lexicon()["to"] {
		if strings.HasSuffix(before, p+" ") || strings.HasSuffix(before, p) && strings.HasSuffix(p, " ") {
			return true
		}
	}
	after := h.marks[at:min(len(h.marks), at+30)]
	return strings.Contains(after, " icin ") || strings.HasPrefix(after, "لل") || strings.HasPrefix(after, " لل") || at > 0 && strings.HasSuffix(h.marks[:at], "ل")
}

func (h *heard) within(class string, at, reach int) bool {
	for _, p := range h.places(class) {
		if p != at && p-at < reach && at-p < reach {
			return true
		}
	}
	return false
}
