package index

import (
	"strings"

	"parley/internal/kit/text"
)

// ownWords are the synonyms that a workspace named, by language. A business
// knows what its words mean, so these count as the word itself, in coverage too.
type ownWords map[string][][]phrase

// phrase is one word, or several that mean something together.
type phrase []uint32

// SetSynonyms puts the workspace's groups of words that mean the same in place
// of those before, by language. Searches that run keep the old ones.
func (x *Index) SetSynonyms(byLanguage map[string][][]string) {
	own := ownWords{}
	for lang, groups := range byLanguage {
		for _, words := range groups {
			var all []phrase
			for _, w := range words {
				if p := phraseOf(lang, w); len(p) > 0 {
					all = append(all, p)
				}
			}
			if len(all) > 1 {
				own[lang] = append(own[lang], all)
			}
		}
	}
	x.own.Store(&own)
}

// phraseOf gives the stems of a phrase, without function words where others stand.
func phraseOf(lang, s string) phrase {
	var all, loud phrase
	for _, w := range text.Words(s) {
		h := hash(stem(lang, w.Text))
		all = append(all, h)
		if !text.StopWord(lang, text.Fold(w.Text)) {
			loud = append(loud, h)
		}
	}
	if len(loud) > 0 {
		return loud
	}
	return all
}

// means gives, for stems of a question, what else they may be called here. Of
// several words that mean something together the rarest stands for all, so that
// "agreement" alone is not yet a "confidentiality agreement".
func (x *Index) means(snap *snapshot, langs []string, question string) map[uint32][]uint32 {
	own := x.own.Load()
	if own == nil || len(*own) == 0 {
		return nil
	}
	out := map[uint32][]uint32{}
	for _, lang := range langs {
		groups := (*own)[lang]
		if len(groups) == 0 {
			continue
		}
		asked := map[uint32]bool{}
		for _, w := range text.Words(question) {
			asked[hash(stem(lang, w.Text))] = true
		}
		for _, group := range groups {
			for i, p := range group {
				if !p.in(asked) {
					continue
				}
				at := snap.rarest(p)
				for j, other := range group {
					if i != j {
						out[at] = append(out[at], snap.rarest(other))
					}
				}
			}
		}
	}
	return out
}

func (p phrase) in(words map[uint32]bool) bool {
	for _, h := range p {
		if !words[h] {
			return false
		}
	}
	return true
}

// rarest is the word of a phrase that fewest documents hold, of those that any
// does.
func (n *snapshot) rarest(p phrase) uint32 {
	best, least := p[0], 0
	for _, h := range p {
		if docs := n.count(voiceStem, h); docs > 0 && (least == 0 || docs < least) {
			best, least = h, docs
		}
	}
	return best
}

// Canon gives one word for all that mean the same in everyday language: the
// stem of the first of its line in the list of synonyms, else the word's own.
func Canon(lang, word string) string {
	s := stem(lang, word)
	if first, ok := canons()[lang][s]; ok {
		return first
	}
	return s
}

func newCanons() map[string]map[string]string {
	all := map[string]map[string]string{}
	for lang, lines := range synonymLines() {
		all[lang] = map[string]string{}
		for line := range strings.Lines(lines) {
			words := strings.Fields(line)
			for _, w := range words {
				if s := stem(lang, w); all[lang][s] == "" {
					all[lang][s] = stem(lang, words[0])
				}
			}
		}
	}
	return all
}
