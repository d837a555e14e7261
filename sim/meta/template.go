package meta

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// waTemplate is a WhatsApp message template.
type waTemplate struct {
	id, name, language, category, status string
	components                           []any
	body                                 string
	params                               int // of the body
}

var placeholder = regexp.MustCompile(`\{\{[^{}]+\}\}`)

const maxTemplates = 250

// Template adds an approved template whose body has {{1}}, {{2}} … as
// parameters.
func (w *WABA) Template(name, language, category, body string) {
	w.sim.locked(func() {
		w.addTemplate(name, language, category, body, []any{o("type", "BODY", "text", body)}).status = "APPROVED"
	})
}

func (w *WABA) addTemplate(name, language, category, body string, components []any) *waTemplate {
	t := &waTemplate{id: w.sim.digits("5940", 16), name: name, language: language, category: category, status: "PENDING", components: components,
		body: body, params: len(placeholder.FindAllString(body, -1))}
	w.templates = append(w.templates, t)
	return t
}

// TemplateStatus changes a template's status and tells the app.
func (w *WABA) TemplateStatus(name, language, status, reason string) {
	w.sim.locked(func() {
		if t := w.template(name, language); t != nil {
			t.status = status
			w.change("message_template_status_update", "template", o("event", status, "message_template_id", number64(t.id, 0),
				"message_template_name", t.name, "message_template_language", t.language, "reason", reason))
		}
	})
}

func (w *WABA) template(name, language string) *waTemplate {
	i := slices.IndexFunc(w.templates, func(t *waTemplate) bool { return t.name == name && (language == "" || t.language == language) })
	if i < 0 {
		return nil
	}
	return w.templates[i]
}

// templates is /{waba}/message_templates.
func (c *call) templates(w *WABA) (obj, *fault) {
	switch {
	case c.get():
		return c.listTemplates(w)
	case c.post():
		return c.createTemplate(w)
	case c.remove():
		name := c.in.need("name")
		c.in.ignore("hsm_id")
		if f := c.done(); f != nil {
			return nil, f
		}
		w.templates = slices.DeleteFunc(w.templates, func(t *waTemplate) bool { return t.name == name })
		return o("success", true), nil
	}
	return nil, unsupportedMethod()
}

func (c *call) listTemplates(w *WABA) (obj, *fault) {
	limit, after := int(number64(c.in.str("limit"), 25)), int(number64(c.in.str("after"), 0))
	status, name := c.in.str("status"), c.in.str("name")
	c.in.ignore("fields", "language", "category")
	if f := c.done(); f != nil {
		return nil, f
	}
	var all []*waTemplate
	for _, t := range w.templates {
		if (status == "" || t.status == status) && (name == "" || t.name == name) {
			all = append(all, t)
		}
	}
	after = min(max(after, 0), len(all))
	to := min(after+max(limit, 1), len(all))
	list := []any{}
	for _, t := range all[after:to] {
		list = append(list, o("name", t.name, "parameter_format", "POSITIONAL", "components", t.components, "language", t.language,
			"status", t.status, "category", t.category, "id", t.id))
	}
	paging := o("cursors", o("before", itoa(after), "after", itoa(to)))
	if to < len(all) {
		paging = paging.with("next", c.s.base+"/graph.facebook.com/v26.0/"+w.ID+"/message_templates?limit="+itoa(limit)+"&after="+itoa(to))
	}
	return o("data", list, "paging", paging), nil
}

func (c *call) createTemplate(w *WABA) (obj, *fault) {
	in := c.in
	name := in.limited("name", 512)
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		in.bad(false, "Param name may hold lower-case letters, digits and underscores only")
	}
	language := in.need("language")
	category := in.oneOf("category", "UTILITY", "MARKETING", "AUTHENTICATION")
	body := ""
	var components []any
	for _, x := range in.list("components", 1, 10) {
		kind := x.oneOf("type", "HEADER", "BODY", "FOOTER", "BUTTONS")
		components = append(components, x.m)
		if kind == "BODY" {
			body = x.limited("text", 1024)
		}
		x.ignore("text", "format", "example", "buttons")
		x.end()
	}
	in.ignore("allow_category_change", "parameter_format")
	if f := c.done(); f != nil {
		return nil, f
	}
	switch {
	case len(w.templates) >= maxTemplates:
		f := whatsappFault(100, "Invalid parameter", "The limit of 250 templates is reached.")
		f.sub = 2388019
		return nil, f
	case w.template(name, language) != nil:
		f := whatsappFault(100, "Invalid parameter", "There is already content in this language.")
		f.sub = 2388024
		return nil, f
	case body == "":
		return nil, whatsappFault(100, "Invalid parameter", "A template needs a BODY.")
	}
	t := w.addTemplate(name, language, category, body, components)
	return o("id", t.id, "status", t.status, "category", t.category), nil
}

// sendTemplate checks a template message against the template.
func (c *call) sendTemplate(x *object, out *outgoing, w *WABA) {
	name := x.need("name")
	l := x.obj("language")
	language := l.need("code")
	l.ignore("policy")
	l.end()
	var params []string
	for _, comp := range x.list("components", 0, 20) {
		kind := comp.oneOf("type", "header", "body", "button")
		comp.ignore("sub_type", "index")
		for _, p := range comp.list("parameters", 0, 50) {
			what := p.oneOf("type", "text", "currency", "date_time", "image", "video", "document", "payload", "coupon_code")
			if kind == "body" && what == "text" {
				params = append(params, p.limited("text", 1024))
			}
			p.ignore("text", "parameter_name", "currency", "date_time", "image", "video", "document", "payload", "coupon_code")
			p.end()
		}
		comp.end()
	}
	if x.first != nil {
		return
	}
	t := w.template(name, language)
	switch {
	case t == nil:
		x.fail(whatsappFault(132001, "Template name does not exist in the translation", "template name ("+name+") does not exist in "+language))
	case t.status == "PAUSED":
		x.fail(whatsappFault(132015, "Template is Paused", "Template "+name+" is paused."))
	case t.status == "DISABLED":
		x.fail(whatsappFault(132016, "Template is Disabled", "Template "+name+" is disabled."))
	case t.status != "APPROVED":
		x.fail(whatsappFault(132001, "Template name does not exist in the translation", "Template "+name+" is "+t.status+"."))
	case len(params) != t.params:
		x.fail(whatsappFault(132000, "Number of parameters does not match the expected number of params",
			"body: number of localizable_params ("+itoa(len(params))+") does not match the expected number of params ("+itoa(t.params)+")"))
	default:
		out.msg.template = name
		i := -1
		out.msg.text = placeholder.ReplaceAllStringFunc(t.body, func(string) string { i++; return params[i] })
		if len(out.msg.text) > 4096 {
			x.fail(&fault{status: http.StatusBadRequest, code: 132005, message: "(#132005) Translated text too long"})
		}
	}
}
