package channel

import (
	"parley/internal/desk"
	"parley/internal/kit/i18n"
)

// Words tells in a person's language why something failed, by the reason of a
// desk.Error, a receipt or a finding; "" when there are no words for it.
func Words(locale, reason string) string {
	if reason == "" {
		return ""
	}
	key := "fault." + reason
	if s := i18n.T(locale, key, nil); s != key {
		return s
	}
	return ""
}

// ScopeWords tell what a scope is for, FieldWords what to paste, HealthWords
// what a line of a health check looks at.
func ScopeWords(locale string, s Scope) string { return i18n.T(locale, "scope."+s.Name, nil) }

// FieldWords see ScopeWords.
func FieldWords(locale string, f Field) string { return i18n.T(locale, "field."+f.Name, nil) }

// HealthWords see ScopeWords.
func HealthWords(locale string, f Finding) string { return i18n.T(locale, "health."+f.Name, nil) }

// Readable is what stands for a message without text: a line such as "Picture"
// for previews, exports and whatever shows text only. It is "" for kinds that
// are text.
func Readable(locale, kind string) string {
	switch kind {
	case desk.KindText, desk.KindNote, desk.KindEvent, desk.KindChoice, desk.KindStoryReply:
		return ""
	}
	key := "kind." + kind
	if s := i18n.T(locale, key, nil); s != key {
		return s
	}
	return i18n.T(locale, "kind.unknown", nil)
}
