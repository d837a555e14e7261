package whatsapp

import (
	"context"
	"net/url"
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
	names := desk.Blanks(out.Body)
	out.Named = t.Format.Word() == "named" || len(names) > 0 && strings.Trim(names[0], "0123456789") != ""
	return out
}

// CheckTemplate compares a filled-in template with its definition, so that what
// Meta would refuse is said before anything is sent: template_params has
// channel.ParamFaults as its cause.
func (c *Channel) CheckTemplate(t desk.Template, use desk.TemplateUse) error {
	switch {
	case t.Name != use.Name || t.Language != use.Language:
		return meta.Bad(desk.NotFound, "template_missing")
	case t.State != "" && t.State != "APPROVED":
		return meta.Bad(desk.Forbidden, stateReason(t.State))
	case t.HeaderKind != "" && t.HeaderKind != "text":
		return meta.Bad(desk.Invalid, "template_header")
	}
	faults := checkValues("header", desk.Blanks(t.Header), use.Header)
	faults = append(faults, checkValues("params", desk.Blanks(t.Body), use.Params)...)
	faults = append(faults, checkNames(t, use)...)
	faults = append(faults, checkButtons(t, use)...)
	if len(faults) == 0 {
		return nil
	}
	const reason = "template_params"
	return &desk.Error{Code: desk.Invalid, Reason: reason, Text: channel.Words("en", reason), Cause: faults}
}

func stateReason(state string) string {
	switch state {
	case "PAUSED":
		return "template_paused"
	case "DISABLED":
		return "template_disabled"
	}
	return "template_not_approved"
}

// checkValues holds the values of one text against its parameters. Meta refuses
// line breaks, tabs and more than four blanks in a row.
func checkValues(part string, blanks, values []string) channel.ParamFaults {
	var all channel.ParamFaults
	for i := range max(len(blanks), len(values)) {
		reason := ""
		switch {
		case i >= len(blanks):
			reason = "param_extra"
		case i >= len(values) || strings.TrimSpace(values[i]) == "":
			reason = "param_missing"
		case utf8.RuneCountInString(values[i]) > paramLimit:
			reason = "param_too_long"
		case strings.ContainsAny(values[i], "\r\n\t") || strings.Contains(values[i], "     "):
			reason = "param_shape"
		}
		if reason != "" {
			all = append(all, channel.ParamFault{Part: part, Index: i, Reason: reason})
		}
	}
	return all
}

func checkNames(t desk.Template, use desk.TemplateUse) channel.ParamFaults {
	names := desk.Blanks(t.Body)
	if !t.Named {
		names = nil
	}
	var all channel.ParamFaults
	for i := range max(len(names), len(use.Names)) {
		if i >= len(names) || i >= len(use.Names) || names[i] != use.Names[i] {
			all = append(all, channel.ParamFault{Part: "names", Index: i, Reason: "param_name"})
		}
	}
	return all
}

// addressLimit is how long an address of a button may be (unverified).
const addressLimit = 2000

func checkButtons(t desk.Template, use desk.TemplateUse) channel.ParamFaults {
	var all channel.ParamFaults
	given := map[int]bool{}
	for i, b := range use.Buttons {
		switch {
		case b.Index < 0 || b.Index >= len(t.Buttons) || t.Buttons[b.Index].Kind != b.Kind || given[b.Index]:
			all = append(all, channel.ParamFault{Part: "buttons", Index: i, Reason: "param_extra"})
			continue
		case strings.TrimSpace(b.Value) == "":
			all = append(all, channel.ParamFault{Part: "buttons", Index: i, Reason: "param_missing"})
		case len(b.Value) > addressLimit:
			all = append(all, channel.ParamFault{Part: "buttons", Index: i, Reason: "param_too_long"})
		case strings.ContainsAny(b.Value, " \r\n\t") && b.Kind == "url":
			all = append(all, channel.ParamFault{Part: "buttons", Index: i, Reason: "param_shape"})
		}
		given[b.Index] = true
	}
	for i, b := range t.Buttons {
		if b.Kind == "url" && len(desk.Blanks(b.URL)) > 0 && !given[i] {
			all = append(all, channel.ParamFault{Part: "buttons", Index: len(use.Buttons), Reason: "param_missing"})
		}
	}
	return all
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
