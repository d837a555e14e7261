package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// Fallback is the language of a text that a locale does not have.
const Fallback = "en"

//go:embed en.json tr.json
var files embed.FS

// texts is read once; afterwards it is only read.
var texts = sync.OnceValue(load)

// Locales are the languages the server speaks, the fallback first.
func Locales() []string { return []string{Fallback, "tr"} }

// Known reports whether the server speaks the language of a locale such as
// "tr" or "tr-TR".
func Known(locale string) bool { return texts()[language(locale)] != nil }

// T gives the text of key in the language of locale ("tr", "tr-TR"), with each
// {name} replaced by args[name] as it stands: escaping for HTML is the caller's.
// A language or text that does not exist falls back to English; a key that
// exists nowhere gives the key itself, which a test forbids.
func T(locale, key string, args map[string]string) string {
	text, ok := texts()[language(locale)][key]
	if !ok {
		if text, ok = texts()[Fallback][key]; !ok {
			return key
		}
	}
	if len(args) == 0 {
		return text
	}
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Read gives all texts of one locale, without fallback, or an error that names
// what is wrong with its file.
func Read(locale string) (map[string]string, error) {
	raw, err := files.ReadFile(locale + ".json")
	if err != nil {
		return nil, fmt.Errorf("i18n: no texts for %q: %w", locale, err)
	}
	all := map[string]string{}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("i18n: %s.json: %w", locale, err)
	}
	return all, nil
}

// load leaves out a file that does not read; TestTextsAreTheSameInEveryLanguage
// reads both, so none is ever shipped.
func load() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, l := range Locales() {
		if t, err := Read(l); err == nil {
			all[l] = t
		}
	}
	return all
}

func language(locale string) string {
	if i := strings.IndexAny(locale, "-_"); i >= 0 {
		locale = locale[:i]
	}
	return strings.ToLower(locale)
}
