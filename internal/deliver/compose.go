package deliver

import (
	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/i18n"
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
// does not show it by itself. Choices and length are channel.Pieces' business.
func composed(m desk.Message, skills desk.Skills, locale string) string {
	if m.Author.Kind == desk.FromAI && !skills.MarkAI {
		return i18n.T(locale, "mark.ai", nil) + " " + string(m.Body)
	}
	return string(m.Body)
}

// fits reports whether a text can be sent at all.
func fits(s string, skills desk.Skills) bool {
	return len(channel.SplitText(s, skills.TextLimit, skills.TextUnit)) <= channel.MaxPieces
}
