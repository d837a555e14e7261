package deliver

import (
	"strings"
	"unicode/utf8"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/kit/text"
)

// locale is the language of Parley's own words towards a contact.
func locale(c desk.Conversation, ws desk.Workspace) string {
	if i18n.Known(c.Language) {
		return c.Language
	}
	return ws.Locale
}

// disclosed puts the AI disclosure before an answer.
func disclosed(body desk.Body, locale, business string) desk.Body {
	return desk.Body(i18n.T(locale, "disclosure.ai", map[string]string{"business": business})) + "\n\n" + body
}

// composed is the text as the channel gets it: marked as AI where the channel
// does not show it by itself, choices written out where it has no buttons, and
// cut to its limit where Parley wrote it.
func composed(m desk.Message, skills desk.Skills, locale string) string {
	s := string(m.Body)
	if !skills.Buttons {
		for _, b := range m.Buttons {
			s += "\n• " + b.Label
		}
	}
	if m.Author.Kind == desk.FromAI && !skills.MarkAI {
		s = i18n.T(locale, "mark.ai", nil) + " " + s
	}
	if m.Author.Kind == desk.FromMember {
		return s
	}
	return shorten(s, skills)
}

func fits(s string, skills desk.Skills) bool {
	return skills.TextLimit <= 0 || length(s, skills) <= skills.TextLimit
}

func length(s string, skills desk.Skills) int {
	if skills.TextUnit == "bytes" {
		return len(s)
	}
	return utf8.RuneCountInString(s)
}

// shorten cuts at a blank before the limit and shows that something is missing.
func shorten(s string, skills desk.Skills) string {
	if fits(s, skills) {
		return s
	}
	const dots = "…"
	room := max(0, skills.TextLimit-length(dots, skills))
	end := 0
	if skills.TextUnit == "bytes" {
		end = len(text.Cut(s, room))
	} else {
		n := 0
		for i := range s {
			if n == room {
				end = i
				break
			}
			n++
		}
	}
	head := s[:end]
	if blank := strings.LastIndexAny(head, " \n"); blank > len(head)/2 {
		head = head[:blank]
	}
	return strings.TrimSpace(head) + dots
}
