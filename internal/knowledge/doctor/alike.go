package doctor

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"parley/internal/kit/text"
	"parley/internal/knowledge/index"
)

//go:embed alike.txt
var alikeWords string

// Sorts of words in alike.txt that have a rule of their own.
const (
	sortScene  = "scene"
	sortCalled = "called"
	sortPer    = "per"
	sortPeriod = "period"
)

// kind says of what the figures of a sentence are told.
type kind struct {
	scene  []string            // of the whole section: to hire, used, wholesale; none is a plain sale
	called []string            // what the sentence calls its figure: a deposit, a discount; none is a price
	above  []string            // the same, also of what stands above it
	told   map[string][]string // size, colour, for whom, on which day, per which time, model
	names  []string            // capitalised within the sentence, as stems
}

// lexicon finds the words of alike.txt by their stems in one language.
type lexicon struct {
	lang  string
	words map[string][2]string // sort and value
}

func newLexicon(lang string) lexicon {
	l := lexicon{lang, map[string][2]string{}}
	for line := range strings.Lines(alikeWords) {
		f := strings.Fields(line)
		if len(f) < 3 || f[0] == "#" {
			continue
		}
		for _, w := range f[2:] {
			l.words[text.Stem(lang, w)] = [2]string{f[0], f[1]}
		}
	}
	return l
}

var (
	// measured is a size of a thing, numbered a number that names one, per what
	// stands before a time that a price is for.
	measured = regexp.MustCompile(`\b([0-9]+(?:[.,][0-9]+)?)[ -]?(mm|cm|m|km|mg|g|gr|gram|grams|gramlik|kg|kilo|kiloluk|ml|cl|l|lt|liters?|litres?|litrelik|w|watt|v|mah|gb|tb|inch|zoll|persons?|people|c|kisi|kisilik|personen|pieces?|pcs|adet|adetlik|parca|stuck|pack|lu|li)\b`)
	numbered = regexp.MustCompile(`\b(sizes?|beden|numara|no|model|grosse|taille|talla|level|room|oda|zone|bolge)[ :.]{1,2}([0-9]+)\b`)
	naming   = regexp.MustCompile(`\b(?:sizes?|beden|numara|no|model|grosse|taille|talla|level|room|oda|zone|bolge)[ :.]{1,2}$`)
	per      = regexp.MustCompile(`(?:\b(?:per|a|an|each|every|pro|je|par|por)\s|/\s?)$`)
)

// kindOf reads a sentence and what stands above it. unit is that of the figures,
// whose word tells nothing else.
func (l lexicon) kindOf(above, said, unit string) kind {
	k := kind{told: map[string][]string{}}
	l.look(&k, above, unit, false)
	around := k.told
	k.told = map[string][]string{}
	l.look(&k, said, unit, true)
	for sort, values := range around { // what a sentence says itself comes first
		if len(k.told[sort]) == 0 {
			k.told[sort] = values
		}
	}
	slices.Sort(k.scene)
	k.scene = slices.Compact(k.scene)
	return k
}

func (l lexicon) look(k *kind, part, unit string, own bool) {
	tell := func(sort, value string) { k.told[sort] = append(k.told[sort], value) }
	for i, w := range text.Words(part) {
		what := l.words[text.Stem(l.lang, w.Text)]
		switch sort, value := what[0], what[1]; {
		case index.Canon(l.lang, w.Text) == unit:
		case sort == sortScene:
			k.scene = append(k.scene, value)
		case sort == sortCalled:
			k.above = append(k.above, value)
			if own {
				k.called = append(k.called, value)
			}
		case sort == sortPer && per.MatchString(strings.ToLower(part[:w.Start])):
			tell(sortPeriod, value)
		case sort == sortPer:
		case sort != "":
			tell(sort, value)
		case digits.MatchString(w.Text):
			if strings.IndexFunc(w.Text, unicode.IsLetter) == 0 {
				tell("model", text.Fold(w.Text))
			}
		case own && i > 0 && l.lang != "de" && strings.IndexFunc(w.Text, unicode.IsUpper) == 0 && !text.StopWord(l.lang, text.Fold(w.Text)) && currency(w.Text) == "":
			k.names = append(k.names, index.Canon(l.lang, w.Text))
		}
	}
	folded := text.Fold(part)
	for _, m := range measured.FindAllStringSubmatch(folded, -1) {
		tell("in "+m[2], canonical(m[1]))
	}
	for _, m := range numbered.FindAllStringSubmatch(folded, -1) {
		tell(m[1], m[2])
	}
}

// alike reports whether two claims are of one thing: one product, in one size,
// for one time. What only one of them says does not part them, but for a price
// of another sort: to hire, used, a deposit.
func alike(a, b claim) bool {
	if currency(a.unit) != "" && a.unit != "%" {
		if !slices.Equal(a.kind.scene, b.kind.scene) || !within(a.kind.called, b.kind.above) || !within(b.kind.called, a.kind.above) {
			return false
		}
	}
	itself := isMeasure(a.unit)
	for sort, values := range a.kind.told {
		theirs := b.kind.told[sort]
		if itself && strings.HasPrefix(sort, "in ") || len(theirs) == 0 {
			continue
		}
		if !slices.ContainsFunc(values, func(v string) bool { return slices.Contains(theirs, v) }) {
			return false
		}
	}
	return within(a.kind.names, b.about) || within(b.kind.names, a.about)
}

func isMeasure(unit string) bool { return measured.MatchString("1 " + text.Fold(unit)) }

func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
