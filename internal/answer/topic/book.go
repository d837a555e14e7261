package topic

import (
	"embed"
	"strings"
	"sync"

	"parley/internal/kit/text"
)

//go:embed book/*.txt
var files embed.FS

// label is what a phrase speaks for: a topic or category, and the class of the
// phrase.
type label struct{ name, class string }

// book holds phrases by the first letters of their first word.
type book struct {
	labels  []label
	phrases []phrase
	by      map[string][]int
}

// add files phrases under a label.
func (b *book) add(l label, weight float64, all [][]part) {
	at := -1
	for i, have := range b.labels {
		if have == l {
			at = i
		}
	}
	if at < 0 {
		at = len(b.labels)
		b.labels = append(b.labels, l)
	}
	for _, parts := range all {
		b.phrases = append(b.phrases, phrase{at, weight, ready(parts)})
		seen := map[string]bool{}
		for _, w := range parts[0].words {
			k := key(strings.TrimSuffix(w, "*"))
			if !seen[k] {
				seen[k] = true
				b.by[k] = append(b.by[k], len(b.phrases)-1)
			}
		}
	}
}

func parseBook(s string) (*book, error) {
	b := &book{by: map[string][]int{}}
	var l label
	for _, line := range strings.Split(s, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			l.name, l.class, _ = strings.Cut(strings.Trim(line, "[]"), ":")
		default:
			weight, phrases, err := parseLine(line)
			if err != nil {
				return nil, err
			}
			b.add(l, weight, phrases)
		}
	}
	return b, nil
}

// Languages lists the languages whose topics are known.
func Languages() []string { return []string{"en", "tr", "de", "es", "fr", "ar"} }

// shelf is every book. A book that cannot be read is empty; a test reads all.
type shelf struct {
	by     map[string]*book
	intent *book
	ask    *book // about their own data
	err    error
}

var books = sync.OnceValue(func() shelf {
	s := shelf{by: map[string]*book{}}
	read := func(name string) *book {
		raw, err := files.ReadFile("book/" + name + ".txt")
		b, bad := parseBook(string(raw))
		if err == nil {
			err = bad
		}
		if err != nil {
			s.err = err
			return &book{}
		}
		return b
	}
	for _, lang := range Languages() {
		s.by[lang] = read(lang)
	}
	s.intent = read("intent")
	s.ask = read("ask")
	return s
})

// hit is a phrase that stands in a sentence of a message.
type hit struct {
	phrase   *phrase
	sentence int
}

// hits finds every phrase of the book once per sentence at most.
func (b *book) hits(words []word, seen map[*phrase]int, each func(hit)) {
	sentence := 0
	for i, w := range words {
		if w.end() {
			sentence++
			continue
		}
		for _, form := range w.forms[:w.n] {
			b.at(form, func(p *phrase) {
				if match(p.parts, words[i:]) >= 0 && seen[p] != sentence+1 {
					seen[p] = sentence + 1
					each(hit{p, sentence})
				}
			})
		}
	}
}

// at offers the phrases that may begin with a spelling: those of its first
// three letters, and those whose stem is shorter.
func (b *book) at(form string, try func(*phrase)) {
	n := 0
	for i := range form {
		if n > 0 {
			b.offer(form[:i], try)
		}
		if n++; n > 3 {
			return
		}
	}
	b.offer(form, try)
}

func (b *book) offer(k string, try func(*phrase)) {
	for _, at := range b.by[k] {
		try(&b.phrases[at])
	}
}

// spoken lists the languages a message may be in: the one that is said, and
// those whose function words it has; all where there are hardly any.
func spoken(words []word, said string) []string {
	count := map[string]int{}
	best, letters := 0, 0
	for _, w := range words {
		if w.end() {
			continue
		}
		letters++
		if w.forms[0][0] >= 0xd8 && w.forms[0][0] <= 0xdb {
			count["ar"] += 2
		}
		for _, lang := range Languages() {
			if text.StopWord(lang, w.forms[0]) {
				count[lang]++
			}
		}
	}
	for _, n := range count {
		best = max(best, n)
	}
	var out []string
	for _, lang := range Languages() {
		if lang == said || best < 2 || 2*count[lang] >= best {
			out = append(out, lang)
		}
	}
	return out
}
