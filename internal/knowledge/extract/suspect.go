package extract

import (
	"strings"

	"parley/internal/kit/text"
)

// Why a passage is held back for review.
const (
	Orders = "instructions" // it tells a model what to do instead of telling a customer something
	Role   = "role"         // it plays a part of the conversation: system, assistant
	Leak   = "prompt"       // it asks for what the model was told
)

// Suspect says why a text looks as if it spoke to a language model and not to a
// customer; "" = it does not. It judges words and marks in English, Turkish,
// German, Spanish, French and Arabic, whatever their case, accents and spacing,
// and also what letters that look alike, reversed lines, invisible letters, rot13,
// base64 and hexadecimal hide. The words stand in suspect.txt.
func Suspect(parts ...string) string {
	raw := strings.Join(parts, "\n")
	if why := formatted(raw); why != "" {
		return why
	}
	if why := spoken(raw, true); why != "" {
		return why
	}
	for _, view := range disguised(raw) {
		if why := spoken(view, false); why != "" {
			return why
		}
	}
	return ""
}

// SuspectName is Suspect for a name in a catalogue, which has no reason to order
// anything, to link anywhere or to hold a formula.
func SuspectName(name string) string {
	if why := Suspect(name); why != "" {
		return why
	}
	if namedMarks(name) || talks(name) {
		return Orders
	}
	h := hear(name)
	kinds := 0
	for _, class := range []string{"aud", "abs", "cust3", "secret", "truth", "hide", "only", "ask", "convo", "duty"} {
		if h.has(class) {
			kinds++
		}
	}
	orders := h.has("sayimp") || h.has("act")
	if h.breaksOff() || kinds > 1 || orders && kinds > 0 && (h.has("aud") || h.has("cust3") || h.has("secret") || h.has("truth") || h.has("convo") || h.has("ask")) {
		return Orders
	}
	return ""
}

// talks reports a question that is followed by more: a name tells nobody what to
// answer.
func talks(name string) bool {
	at := strings.IndexAny(name, "?؟")
	return at > 0 && len(strings.Fields(name[:at])) >= 3 && len(strings.Fields(name[at:])) > 3
}

// breaksOff reports an order that stands after a mark in the middle of a name.
func (h *heard) breaksOff() bool {
	at := strings.IndexAny(h.raw, ":;.!(«“\"[—–,")
	if at < 1 || len(strings.Fields(h.raw)) < 4 {
		return false
	}
	rest := hear(h.raw[at:])
	return rest.has("strictsay") || rest.has("answerimp") || rest.has("hide") || rest.has("tell")
}

// spoken judges the words of a text. Whole tells that it stands there as it is
// read; what was decoded is judged by its sentences alone.
func spoken(raw string, whole bool) string {
	h := hear(raw)
	for _, p := range phrases() {
		for _, verb := range p.verbs {
			if near(h.said, verb, p.objects) {
				return p.why
			}
		}
	}
	for _, said := range foldedSayings() {
		if strings.Contains(h.said, said) {
			return Orders
		}
	}
	if h.persona() || h.addressed() || h.role() {
		return Orders
	}
	for _, r := range orders() {
		if h.close(r) {
			return r.why
		}
	}
	if whole && h.links() {
		return Orders
	}
	return ""
}

// plain is a text as it is compared: folded words with one blank between, and
// one at each end.
func plain(s string) string { return " " + plainWords(s) + " " }

func plainWords(s string) string {
	var words []string
	for _, w := range text.Words(s) {
		words = append(words, text.Fold(s[w.Start:w.End]))
	}
	return strings.Join(words, " ")
}

// reach is how many bytes after (or before) its verb an object counts.
const reach = 60

// near reports a word that begins like verb with a word that begins like one of
// objects close to it.
func near(s, verb string, objects []string) bool {
	verb = " " + verb
	for from := 0; ; {
		i := strings.Index(s[from:], verb)
		if i < 0 {
			return false
		}
		at := from + i
		around := s[max(0, at-reach):min(len(s), at+len(verb)+reach)]
		for _, o := range objects {
			if strings.Contains(around, " "+o) {
				return true
			}
		}
		from = at + len(verb)
	}
}
