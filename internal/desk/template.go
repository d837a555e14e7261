package desk

import (
	"regexp"
	"strings"
)

var blank = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_]+)\s*\}\}`)

// Blanks are the parameters of a template's text by name, each once, in order.
func Blanks(s string) []string {
	var all []string
	seen := map[string]bool{}
	for _, m := range blank.FindAllStringSubmatch(s, -1) {
		if !seen[m[1]] {
			seen[m[1]] = true
			all = append(all, m[1])
		}
	}
	return all
}

// Filled is what a person reads of a template: header, body and footer with the
// values in their places. A parameter without a value stays as it is.
func (t Template) Filled(use TemplateUse) string {
	parts := []string{fill(t.Header, use.Header), fill(t.Body, use.Params), t.Footer}
	if t.HeaderKind != "text" {
		parts[0] = ""
	}
	var said []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "\n\n")
}

// Shown are the buttons that a person sees below a template.
func (t Template) Shown() []Button {
	var all []Button
	for _, b := range t.Buttons {
		all = append(all, Button{Label: b.Label})
	}
	return all
}

func fill(s string, values []string) string {
	names := Blanks(s)
	return blank.ReplaceAllStringFunc(s, func(found string) string {
		name := blank.FindStringSubmatch(found)[1]
		for i, n := range names {
			if n == name && i < len(values) {
				return values[i]
			}
		}
		return found
	})
}
