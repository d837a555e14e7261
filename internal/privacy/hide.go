package privacy

import (
	"regexp"
	"strings"
	"unicode"

	"parley/internal/desk"
)

// hider leaves out of what others wrote what is about others: the words that the
// member named, and e-mail addresses and telephone numbers which are not the
// person's. What the person wrote stays as they wrote it.
type hider struct {
	words *regexp.Regexp // nil = none
	own   map[string]bool
}

// Hidden stands where something was left out.
const Hidden = "█"

// Bounds of the words that a member names.
const (
	maxHidden     = 50
	maxHiddenWord = 100 // bytes
)

func newHider(words []string, person []desk.Contact, ids []desk.Identity) *hider {
	h := &hider{own: map[string]bool{}}
	for _, c := range person {
		h.own[strings.ToLower(c.Email)] = true
		h.own[digits(c.Phone)] = true
	}
	for _, i := range ids {
		h.own[strings.ToLower(i.Value)] = true
		h.own[digits(i.Value)] = true
	}
	delete(h.own, "")
	var all []string
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" {
			all = append(all, regexp.QuoteMeta(w))
		}
	}
	if len(all) > 0 {
		h.words = regexp.MustCompile(`(?i)` + strings.Join(all, "|"))
	}
	return h
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

const (
	mailForm  = `[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}.\-]+\.\p{L}{2,}`
	phoneForm = `(?:\+|\b0)\d(?:[ ().\-/]{0,2}\d){8,13}\b`
)

func (h *hider) hide(s string) string {
	if s == "" {
		return s
	}
	if h.words != nil {
		s = h.words.ReplaceAllString(s, Hidden)
	}
	if strings.Contains(s, "@") {
		s = regexp.MustCompile(mailForm).ReplaceAllStringFunc(s, func(m string) string { return h.unlessOwn(m, strings.ToLower(m)) })
	}
	if strings.ContainsAny(s, "+0") {
		s = regexp.MustCompile(phoneForm).ReplaceAllStringFunc(s, func(m string) string { return h.unlessOwn(m, digits(m)) })
	}
	return s
}

// unlessOwn keeps what is the person's; a number with and without its country's
// prefix is the same.
func (h *hider) unlessOwn(said, key string) string {
	if h.own[key] {
		return said
	}
	if short := strings.TrimLeft(key, "0"); !strings.Contains(key, "@") && len(short) >= 9 {
		for own := range h.own {
			if strings.HasSuffix(own, short) || strings.HasSuffix(short, strings.TrimLeft(own, "0")) && len(own) >= 9 {
				return said
			}
		}
	}
	return Hidden
}

// hideIn hides in every text of a value that was read from JSON.
func (h *hider) hideIn(v any) any {
	switch v := v.(type) {
	case string:
		return h.hide(v)
	case []any:
		for i := range v {
			v[i] = h.hideIn(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = h.hideIn(v[k])
		}
	}
	return v
}

// hideMessage leaves out of a message what is not the person's own.
func (h *hider) hideMessage(m *MessageDoc) {
	if m.By == desk.FromContact {
		return
	}
	m.Text, m.Reason = h.hide(m.Text), h.hide(m.Reason)
	for i := range m.Sources {
		m.Sources[i].Quote = h.hide(m.Sources[i].Quote)
	}
	for i := range m.Buttons {
		m.Buttons[i].Label = h.hide(m.Buttons[i].Label)
	}
	for i := range m.Files {
		m.Files[i].Name = h.hide(m.Files[i].Name)
	}
}
