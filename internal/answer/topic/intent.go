package topic

import "parley/internal/kit/text"

// Intent is what a message asks for besides knowledge.
type Intent string

// Intents.
const (
	NoIntent    Intent = ""
	WantsPerson Intent = "person"
	NoMachine   Intent = "no_automation" // the person wants no automatic answers
	Greets      Intent = "greeting"
	Thanks      Intent = "thanks"
)

// smallTalk is how many words a greeting or thanks may have.
const smallTalk = 8

// IntentOf reads the intent alone. It is careful rather than clever: a wish for
// a person needs a phrase that says so, a greeting or thanks must be all that
// was written.
func IntentOf(s string) Intent { return intentOf(cutWords(text.Fold(ends(s)))) }

func intentOf(words []word) Intent {
	if in := wishOf(words); in != NoIntent {
		return in
	}
	b := books().intent
	var said []word
	for _, w := range words {
		if !w.end() {
			said = append(said, w)
		}
	}
	if len(said) == 0 {
		return NoIntent
	}
	if len(said) <= smallTalk {
		if len(said) <= 2 && b.longest("alone", said) == len(said) {
			return WantsPerson
		}
		if in := b.smallTalk(said); in != NoIntent {
			return in
		}
	}
	return wished(minds(), words)
}

// wished is the wish that the models see: a person, never that no machine may
// speak again, which ends the AI in a conversation and needs a phrase that says so.
func wished(m *mind, words []word) Intent {
	if m.err != nil || fewer(words, enoughWish) || m.wishes.logits(traits(words))[0] <= float64(m.judge[wishFrom]) {
		return NoIntent
	}
	return WantsPerson
}

// wishOf is the wish that a phrase says.
func wishOf(words []word) Intent {
	b := books().intent
	in := NoIntent
	b.hits(words, map[*phrase]int{}, func(h hit) {
		switch b.labels[h.phrase.label].name {
		case "stop":
			in = NoMachine
		case "person":
			if in == NoIntent {
				in = WantsPerson
			}
		}
	})
	return in
}

// smallTalk: nothing but greetings, thanks and fillers.
func (b *book) smallTalk(words []word) Intent {
	in := NoIntent
	for i := 0; i < len(words); {
		if n := b.longest("thanks", words[i:]); n > 0 {
			if in == NoIntent {
				in = Thanks
			}
			i += n
			continue
		}
		if n := b.longest("greets", words[i:]); n > 0 {
			in = Greets
			i += n
			continue
		}
		n := b.longest("filler", words[i:])
		if n == 0 {
			return NoIntent
		}
		i += n
	}
	return in
}

// longest is the number of words that the longest phrase of a label takes at
// the beginning.
func (b *book) longest(name string, words []word) int {
	best := 0
	b.at(words[0].forms[0], func(p *phrase) {
		if b.labels[p.label].name == name {
			best = max(best, match(p.parts, words))
		}
	})
	return best
}
