package mask

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/kit/text"
)

// Limits.
const (
	MaxText   = 64 << 10 // bytes of one text; the rest is not handed on
	maxValues = 1000     // of one table
	maxNames  = 40
	maxName   = 100 // bytes
	rounds    = 8
)

// full stands for every value that a full table cannot hold; it is never restored.
const full = "[HIDDEN_0]"

// kind is what a value is; its word stands in the placeholder.
type kind string

const (
	email   kind = "EMAIL"
	phone   kind = "PHONE"
	iban    kind = "IBAN"
	card    kind = "CARD"
	idNo    kind = "ID"
	address kind = "ADDRESS"
	secret  kind = "LINK"
	name    kind = "NAME"
	literal kind = "TEXT" // looked like a placeholder and was none
)

var (
	placeholder = regexp.MustCompile(`\[(?:EMAIL|PHONE|IBAN|CARD|ID|ADDRESS|LINK|NAME|TEXT|HIDDEN)_\d{1,4}\]`)
	mangled     = regexp.MustCompile(`(?i)(?:EMAIL|PHONE|IBAN|CARD|ADDRESS|LINK|NAME|HIDDEN)_\d`)
)

// ErrUnknown says that a text has a placeholder that stands for nothing.
var ErrUnknown = errors.New("the text has a placeholder that stands for nothing")

// Table knows what each placeholder of one turn stands for. It is not safe for
// use by many at once.
type Table struct {
	names  map[string]bool // folded words of names
	exact  []string        // names with marks in them: handles
	by     map[string]string
	value  map[string]string
	counts map[kind]int
}

// New makes a table for a contact of these names and handles.
func New(names ...string) *Table {
	t := &Table{names: map[string]bool{}, by: map[string]string{}, value: map[string]string{}, counts: map[kind]int{}}
	for _, n := range names[:min(len(names), maxNames)] {
		n = strings.TrimSpace(text.Cut(strings.ToValidUTF8(n, ""), maxName))
		words := text.Words(text.Fold(n))
		for _, w := range words {
			if utf8.RuneCountInString(w.Text) >= 3 || len(words) == 1 && utf8.RuneCountInString(w.Text) == 2 {
				t.names[w.Text] = true
			}
		}
		if strings.ContainsAny(n, "@_.-0123456789") && utf8.RuneCountInString(n) >= 3 {
			t.exact = append(t.exact, n)
		}
	}
	return t
}

// Mask masks texts for one contact, and answers them with their table.
func Mask(names []string, texts ...string) ([]string, *Table) {
	t := New(names...)
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = t.Mask(s)
	}
	return out, t
}

// piece is a part of a text: masked already, or still to be looked at.
type piece struct {
	text string
	done bool
}

// Mask answers the text with placeholders. What is not valid UTF-8 is left out.
func (t *Table) Mask(s string) string {
	s = text.Cut(strings.ToValidUTF8(s, ""), MaxText)
	taken := map[string]bool{}
	for _, p := range placeholder.FindAllString(s, -1) {
		if t.value[p] == "" {
			taken[p] = true
		}
	}
	pieces := []piece{{text: s}}
	pieces = cut(pieces, placeholder.FindAllStringIndex, func(found string) string {
		if t.value[found] != "" || found == full && len(t.value) >= maxValues {
			return found
		}
		return t.give(literal, found, taken)
	})
	for range rounds {
		before := len(pieces)
		for _, d := range detectors {
			pieces = cut(pieces, d.find, func(found string) string { return t.give(d.kind, found, taken) })
		}
		pieces = cut(pieces, t.findNames, func(found string) string { return t.give(name, found, taken) })
		pieces = cut(pieces, t.findKnown, func(found string) string { return t.by[found] })
		if len(pieces) == before {
			break
		}
	}
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return b.String()
}

// cut replaces what find finds in the pieces that are not masked yet.
func cut(pieces []piece, find func(string, int) [][]int, to func(string) string) []piece {
	out := make([]piece, 0, len(pieces))
	for _, p := range pieces {
		if p.done || p.text == "" {
			out = append(out, p)
			continue
		}
		at := 0
		for _, span := range find(p.text, -1) {
			if span[0] < at || span[1] <= span[0] {
				continue
			}
			if span[0] > at {
				out = append(out, piece{text: p.text[at:span[0]]})
			}
			out = append(out, piece{to(p.text[span[0]:span[1]]), true})
			at = span[1]
		}
		if at < len(p.text) {
			out = append(out, piece{text: p.text[at:]})
		}
	}
	return out
}

// give is the placeholder of a value, a new one where there is none.
func (t *Table) give(k kind, value string, taken map[string]bool) string {
	if p := t.by[value]; p != "" {
		return p
	}
	if len(t.value) >= maxValues {
		return full
	}
	for {
		t.counts[k]++
		p := "[" + string(k) + "_" + strconv.Itoa(t.counts[k]) + "]"
		if !taken[p] {
			t.by[value], t.value[p] = p, value
			return p
		}
	}
}

// findKnown finds values that were masked elsewhere and stand within something
// longer here.
func (t *Table) findKnown(s string, _ int) [][]int {
	var out [][]int
	for value, p := range t.by {
		if strings.HasPrefix(p, "["+string(name)) || strings.HasPrefix(p, "["+string(literal)) {
			continue
		}
		for at := 0; ; {
			i := strings.Index(s[at:], value)
			if i < 0 {
				break
			}
			out = append(out, []int{at + i, at + i + len(value)})
			at += i + len(value)
		}
	}
	// The longest first where two begin together.
	slices.SortFunc(out, func(a, b []int) int {
		if a[0] != b[0] {
			return a[0] - b[0]
		}
		return b[1] - a[1]
	})
	return out
}

// Restore puts the values back. A placeholder that stands for nothing, or one
// that lost its brackets, is an error: whatever wrote the text made it up.
func (t *Table) Restore(s string) (string, error) {
	if bad := t.Unknown(s); len(bad) > 0 {
		return "", ErrUnknown
	}
	return placeholder.ReplaceAllStringFunc(s, func(p string) string { return t.value[p] }), nil
}

// Restore puts the values of a table back into a text.
func Restore(s string, t *Table) (string, error) { return t.Restore(s) }

// Unknown lists the placeholders of a text that stand for nothing, and "" for
// each that was mangled.
func (t *Table) Unknown(s string) []string {
	var out []string
	for _, p := range placeholder.FindAllString(s, -1) {
		if t.value[p] == "" {
			out = append(out, p)
		}
	}
	for range mangled.FindAllString(placeholder.ReplaceAllString(s, " "), -1) {
		out = append(out, "")
	}
	return out
}

// Placeholders lists what the table gave out.
func (t *Table) Placeholders() []string {
	out := make([]string, 0, len(t.value))
	for p := range t.value {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}
