package text

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An address is where somebody is reached: a mail address, a phone number with
// its country or its leading nought. Fewer digits may be an order or a price.
var (
	mailAddress = regexp.MustCompile(`[\p{L}\p{N}._%+\-]{1,64}@(?:[\p{L}\p{N}\-]{1,63}\.){1,8}\p{L}{2,63}`)
	phoneNumber = regexp.MustCompile(`\(?(?:\+ ?[1-9]|00 ?[1-9]|0 ?[1-9])\p{Nd}*(?:[ \x{00a0}()./\-]{0,3}\p{Nd}){6,14}\)?`)
	aDate       = regexp.MustCompile(`\b\p{Nd}{1,2}[./\-]\p{Nd}{1,2}[./\-]\p{Nd}{2,4}\b|\b\p{Nd}{4}[./\-]\p{Nd}{1,2}[./\-]\p{Nd}{1,2}\b`)
)

const (
	leastPhone = 9 // digits
	mostPhone  = 15
	asideWords = 7 // beside the address, of a sentence that says no more than it
)

// Addresses gives where addresses stand in s, in order.
func Addresses(s string) []Span {
	var out []Span
	for _, at := range mailAddress.FindAllStringIndex(s, -1) {
		out = append(out, Span{at[0], at[1]})
	}
	for _, at := range phoneNumber.FindAllStringIndex(s, -1) {
		p := Span{at[0], at[1]}
		n := 0
		for _, r := range p.Of(s) {
			if unicode.IsDigit(r) {
				n++
			}
		}
		before, _ := utf8.DecodeLastRuneInString(s[:p.Start])
		after, _ := utf8.DecodeRuneInString(s[p.End:])
		if n >= leastPhone && n <= mostPhone && !wordRune(before) && !wordRune(after) && !aDate.MatchString(p.Of(s)) && !within(out, p) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Span) int { return a.Start - b.Start })
	return out
}

func within(all []Span, p Span) bool {
	for _, o := range all {
		if p.Start < o.End && o.Start < p.End {
			return true
		}
	}
	return false
}

// Unaddressed is what s asks without the addresses that known does not know: a
// question is asked of a business, and how its asker is reached is no part of it.
// A short sentence that tells an address and asks nothing goes with it, unless
// nothing else was said.
func Unaddressed(s string, known func(address string) bool) string {
	var strange []Span
	for _, p := range Addresses(s) {
		if !known(p.Of(s)) {
			strange = append(strange, p)
		}
	}
	if len(strange) == 0 {
		return s
	}
	var kept, aside []string
	for _, sentence := range Sentences(s) {
		said, held := without(s, sentence, strange)
		words := len(Words(said))
		switch {
		case words == 0:
		case held && words <= asideWords && !strings.ContainsAny(said, "?؟"):
			aside = append(aside, said)
		default:
			kept = append(kept, said)
		}
	}
	if len(kept) == 0 {
		kept = aside
	}
	if len(kept) == 0 {
		return s
	}
	return strings.Join(kept, " ")
}

// without gives a sentence without the spans in it, and whether it had one. The
// spans are in order and touch each other nowhere.
func without(s string, in Span, spans []Span) (said string, had bool) {
	var b strings.Builder
	from := in.Start
	for _, p := range spans {
		if p.Start >= from && p.End <= in.End {
			b.WriteString(s[from:p.Start])
			from, had = p.End, true
		}
	}
	b.WriteString(s[from:in.End])
	return strings.TrimSpace(b.String()), had
}
