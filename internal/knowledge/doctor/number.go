package doctor

import (
	"regexp"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/knowledge/index"
)

// Passage is a piece of a source, as it is found.
type Passage struct {
	ID, Source desk.ID
	Language   string
	Heading    string
	Question   string
	Text       string
}

// Clash is two sentences of two sources that give different numbers for what
// seems to be one thing.
type Clash struct {
	A, B   desk.ID // passages, the lower id first
	SaidA  string
	SaidB  string
	Unit   string // of the numbers: a currency, %, clock, or the word that follows
	source [2]desk.ID
}

// claim is a sentence with numbers of one unit.
type claim struct {
	passage, source desk.ID
	language, unit  string
	values          []string
	about           []string // stems of the sentence and of what stands above it, sorted
	said            string
	kind            kind
}

var (
	clockTime = regexp.MustCompile(`\b([01]?[0-9]|2[0-4])[:.h]([0-5][0-9])\b`)
	amount    = regexp.MustCompile(`(?i)(€|\$|£|₺|eur|usd|gbp|tl|try|chf)?\s?([0-9][0-9.,' ]*[0-9]|[0-9])\s?(€|\$|£|₺|%|eur\b|euro\b|usd\b|gbp\b|tl\b|try\b|chf\b)?`)
	digits    = regexp.MustCompile(`[0-9]`)
)

// currencies by every way to write them.
func currency(sign string) string {
	switch strings.ToLower(strings.TrimSpace(sign)) {
	case "€", "eur", "euro":
		return "EUR"
	case "$", "usd":
		return "USD"
	case "£", "gbp":
		return "GBP"
	case "₺", "tl", "try":
		return "TRY"
	case "chf":
		return "CHF"
	case "%":
		return "%"
	}
	return ""
}

// canonical writes 1.249,00 and 1,249.00 the same: without grouping, and without
// decimals that are zero.
func canonical(s string) string {
	s = strings.NewReplacer(" ", "", "'", "").Replace(s)
	if at := strings.LastIndexAny(s, ".,"); at >= 0 {
		whole, part := strings.NewReplacer(".", "", ",", "").Replace(s[:at]), s[at+1:]
		if len(part) == 3 {
			return whole + part
		}
		if part = strings.TrimRight(part, "0"); part == "" {
			return whole
		}
		return whole + "." + part
	}
	return s
}

// numbers lists the values of a sentence by their unit.
func numbers(lang, s string) map[string][]string {
	out := map[string][]string{}
	rest := clockTime.ReplaceAllStringFunc(s, func(t string) string {
		m := clockTime.FindStringSubmatch(t)
		out["clock"] = append(out["clock"], strings.TrimLeft(m[1], "0")+":"+m[2])
		return " "
	})
	for _, at := range amount.FindAllStringSubmatchIndex(rest, -1) {
		part := func(n int) string {
			if at[2*n] < 0 {
				return ""
			}
			return rest[at[2*n]:at[2*n+1]]
		}
		unit := currency(part(3))
		if unit == "" {
			unit = currency(part(1))
		}
		if unit == "" {
			next := text.Words(text.Cut(rest[at[5]:], 60))
			if len(next) == 0 || digits.MatchString(next[0].Text) || naming.MatchString(text.Fold(last(rest[:at[0]], 20))) {
				continue
			}
			unit = index.Canon(lang, next[0].Text)
		}
		if v := canonical(part(2)); !slices.Contains(out[unit], v) {
			out[unit] = append(out[unit], v)
		}
	}
	return out
}

const (
	maxSaid    = 300 // bytes of a sentence that is shown
	commonWord = 40  // claims that share a word beyond which it tells nothing
	sameThing  = 0.75
	fewWords   = 2
)

func (l lexicon) claims(p Passage) []claim {
	var all []claim
	above := p.Question
	if at := strings.LastIndex(p.Heading, " > "); above == "" && at >= 0 {
		above = p.Heading[at+3:]
	} else if above == "" {
		above = p.Heading
	}
	for _, span := range text.Sentences(p.Text) {
		said := span.Of(p.Text)
		if !digits.MatchString(said) {
			continue
		}
		about := content(p.Language, above+" "+said)
		found := numbers(p.Language, said)
		for unit, values := range found {
			if isMeasure(unit) && priced(found) {
				continue // the size of what has a price: of two prices it says whether they are of one thing
			}
			words := slices.DeleteFunc(slices.Clone(about), func(w string) bool { return w == unit })
			if len(words) >= fewWords {
				all = append(all, claim{p.ID, p.Source, p.Language, unit, values, words, text.Cut(said, maxSaid), l.kindOf(p.Heading+"\n"+p.Question, said, unit)})
			}
		}
	}
	slices.SortFunc(all, func(a, b claim) int { return strings.Compare(a.unit, b.unit) })
	return all
}

func priced(found map[string][]string) bool {
	for unit := range found {
		if currency(unit) != "" && unit != "%" {
			return true
		}
	}
	return false
}

// last are at most the last n bytes of s, from the beginning of a letter.
func last(s string, n int) string {
	return strings.ToValidUTF8(s[max(0, len(s)-n):], "")
}

// content are the stems of a text that say something, sorted, each once.
func content(lang, s string) []string {
	var out []string
	for _, w := range text.Words(s) {
		if folded := text.Fold(w.Text); !text.StopWord(lang, folded) && !digits.MatchString(folded) && currency(folded) == "" {
			out = append(out, index.Canon(lang, w.Text))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Clashes lists sentences of different sources that say different numbers of the
// same thing in the same language, at most limit.
func Clashes(all []Passage, limit int) []Clash {
	var known []claim
	by := map[string][]int{}
	lexicons := map[string]lexicon{}
	for _, p := range all {
		l, ok := lexicons[p.Language]
		if !ok {
			l = newLexicon(p.Language)
			lexicons[p.Language] = l
		}
		for _, c := range l.claims(p) {
			for _, w := range c.about {
				key := c.language + " " + c.unit + " " + w
				by[key] = append(by[key], len(known))
			}
			known = append(known, c)
		}
	}
	var out []Clash
	seen := map[[2]int]bool{}
	for i, c := range known {
		for _, w := range c.about {
			others := by[c.language+" "+c.unit+" "+w]
			if len(others) > commonWord {
				continue
			}
			for _, j := range others {
				if j <= i || seen[[2]int{i, j}] || len(out) >= limit {
					continue
				}
				seen[[2]int{i, j}] = true
				if clash(c, known[j]) {
					out = append(out, clashOf(c, known[j]))
				}
			}
		}
	}
	return out
}

func clash(a, b claim) bool {
	if a.source == b.source || slices.ContainsFunc(a.values, func(v string) bool { return slices.Contains(b.values, v) }) {
		return false
	}
	both := 0
	for _, w := range a.about {
		if _, ok := slices.BinarySearch(b.about, w); ok {
			both++
		}
	}
	return both >= fewWords && float64(both) >= sameThing*float64(min(len(a.about), len(b.about))) && alike(a, b)
}

func clashOf(a, b claim) Clash {
	if b.passage < a.passage {
		a, b = b, a
	}
	return Clash{A: a.passage, B: b.passage, SaidA: a.said, SaidB: b.said, Unit: a.unit, source: [2]desk.ID{a.source, b.source}}
}

// Sources are those of the two sentences.
func (c Clash) Sources() [2]desk.ID { return c.source }

// Dated reports whether a text names prices or hours, which go out of date.
func Dated(lang, s string) bool {
	found := numbers(lang, s)
	return len(found["clock"]) > 0 || priced(found)
}
