package whatsapp

import (
	"context"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
)

// Bounds of a template list: an account has 250 by default (4.3).
const (
	templatePages = 20
	paramLimit    = 1024
)

// Templates lists the approved texts of the number's business account.
func (c *Channel) Templates(ctx context.Context, acct channel.Account) ([]desk.Template, error) {
	var all []desk.Template
	after := ""
	for range templatePages {
		q := url.Values{"fields": {"id,name,language,category,status,components"}, "limit": {"100"}}
		if after != "" {
			q.Set("after", after)
		}
		var a struct {
			Data   meta.List `json:"data"`
			Paging struct {
				Cursors struct {
					After meta.Str `json:"after"`
				} `json:"cursors"`
				Next meta.Str `json:"next"`
			} `json:"paging"`
		}
		r := meta.Request{Account: acct, Path: meta.Path(acct.Details.WABA, "message_templates"), Query: q}
		if err := c.graph.Call(ctx, r, &a); err != nil {
			return nil, err
		}
		for _, t := range meta.All[definition](a.Data) {
			if t.Name.Line() != "" {
				all = append(all, t.template())
			}
		}
		next := a.Paging.Cursors.After.ID()
		if a.Paging.Next == "" || next == "" || next == after {
			break
		}
		after = next
	}
	return all, nil
}

// definition is a template as Meta lists it.
type definition struct {
	ID         meta.Str  `json:"id"`
	Name       meta.Str  `json:"name"`
	Language   meta.Str  `json:"language"`
	Category   meta.Str  `json:"category"`
	Status     meta.Str  `json:"status"`
	Format     meta.Str  `json:"parameter_format"`
	Components meta.List `json:"components"`
}

func (t definition) template() desk.Template {
	out := desk.Template{ID: t.ID.ID(), Name: t.Name.Line(), Language: t.Language.Line(), Category: t.Category.Line(), State: t.Status.Line()}
	for _, c := range meta.All[struct {
		Type    meta.Str  `json:"type"`
		Format  meta.Str  `json:"format"`
		Text    meta.Str  `json:"text"`
		Buttons meta.List `json:"buttons"`
	}](t.Components) {
		switch c.Type.Word() {
		case "header":
			out.HeaderKind, out.Header = c.Format.Word(), string(c.Text.Body())
			if out.HeaderKind == "" {
				out.HeaderKind = "text"
			}
		case "body":
			out.Body = string(c.Text.Body())
		case "footer":
			out.Footer = string(c.Text.Body())
		case "buttons":
			for _, b := range meta.All[struct {
				Type meta.Str `json:"type"`
				Text meta.Str `json:"text"`
				URL  meta.Str `json:"url"`
			}](c.Buttons) {
				out.Buttons = append(out.Buttons, desk.TemplateButton{Kind: b.Type.Word(), Label: b.Text.Line(), URL: b.URL.Line()})
			}
		}
	}
	names := blanks(out.Body)
	out.Named = t.Format.Word() == "named" || len(names) > 0 && strings.Trim(names[0], "0123456789") != ""
	return out
}

var blank = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_]+)\s*\}\}`)

// blanks are the parameters of a text, each once, in order.
func blanks(s string) []string {
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

// CheckTemplate compares a filled-in template with its definition, so that what
// Meta would refuse is said before anything is sent.
func (c *Channel) CheckTemplate(t desk.Template, use desk.TemplateUse) error {
	body := blanks(t.Body)
	switch {
	case t.Name != use.Name || t.Language != use.Language:
		return meta.Bad(desk.NotFound, "template_missing")
	case t.State != "" && t.State != "APPROVED":
		return meta.Bad(desk.Forbidden, "template_not_approved")
	case t.HeaderKind != "" && t.HeaderKind != "text":
		return meta.Bad(desk.Invalid, "template_header")
	case len(use.Header) != len(blanks(t.Header)), len(use.Params) != len(body), t.Named && len(use.Names) != len(body),
		!t.Named && len(use.Names) > 0:
		return meta.Bad(desk.Invalid, "template_params")
	}
	for i, name := range use.Names {
		if name != body[i] {
			return meta.Bad(desk.Invalid, "template_params")
		}
	}
	for _, p := range append(append([]string{}, use.Header...), use.Params...) {
		// Meta refuses line breaks, tabs and more than four blanks in a row.
		if strings.TrimSpace(p) == "" || utf8.RuneCountInString(p) > paramLimit || strings.ContainsAny(p, "\n\t") || strings.Contains(p, "     ") {
			return meta.Bad(desk.Invalid, "template_params")
		}
	}
	return checkButtons(t, use)
}

func checkButtons(t desk.Template, use desk.TemplateUse) error {
	given := map[int]string{}
	for _, b := range use.Buttons {
		given[b.Index] = b.Kind
		if b.Index < 0 || b.Index >= len(t.Buttons) || t.Buttons[b.Index].Kind != b.Kind || b.Value == "" {
			return meta.Bad(desk.Invalid, "template_params")
		}
	}
	for i, b := range t.Buttons {
		if b.Kind == "url" && len(blanks(b.URL)) > 0 && given[i] == "" {
			return meta.Bad(desk.Invalid, "template_params")
		}
	}
	return nil
}

// filled is a template as a call sends it.
func filled(use desk.TemplateUse) map[string]any {
	var parts []map[string]any
	if len(use.Header) > 0 {
		parts = append(parts, map[string]any{"type": "header", "parameters": texts(use.Header, nil)})
	}
	if len(use.Params) > 0 {
		parts = append(parts, map[string]any{"type": "body", "parameters": texts(use.Params, use.Names)})
	}
	for _, b := range use.Buttons {
		p := map[string]any{"type": "payload", "payload": b.Value}
		if b.Kind == "url" {
			p = map[string]any{"type": "text", "text": b.Value}
		}
		parts = append(parts, map[string]any{"type": "button", "sub_type": b.Kind, "index": strconv.Itoa(b.Index), "parameters": []map[string]any{p}})
	}
	t := map[string]any{"name": use.Name, "language": map[string]any{"code": use.Language}}
	if len(parts) > 0 {
		t["components"] = parts
	}
	return t
}

func texts(values, names []string) []map[string]any {
	var all []map[string]any
	for i, v := range values {
		p := map[string]any{"type": "text", "text": v}
		if i < len(names) {
			p["parameter_name"] = names[i]
		}
		all = append(all, p)
	}
	return all
}

var _ channel.Templater = (*Channel)(nil)
