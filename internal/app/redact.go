package app

import (
	"strings"

	"parley/internal/answer/mask"
)

// redactor lets knowledge take up what a contact asked, without what tells about
// the contact.
type redactor struct{}

func (redactor) Redact(text string, names ...string) string {
	t := mask.New(names...)
	text = t.Mask(text)
	for _, p := range t.Placeholders() {
		text = strings.ReplaceAll(text, p, "…")
	}
	return text
}
