package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"sort"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsPage string

func documentRoutes(a *API) {
	a.open(Route{ID: "openapi", Method: http.MethodGet, Path: "/api/openapi.json", Needs: Public, Hidden: true, Tag: "docs",
		Summary: "This description"}, func(w http.ResponseWriter, _ *http.Request) {
		raw, err := a.document()
		if err != nil {
			a.Log.Error("description", "err", err)
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(raw)
	})
	a.open(Route{ID: "docs", Method: http.MethodGet, Path: "/api/docs", Needs: Public, Hidden: true, Tag: "docs",
		Summary: "This description, to read"}, a.docs)
}

// describe adds to what the routes declared what all of them share.
func (a *API) describe() {
	doc := a.huma.OpenAPI()
	doc.Info.Description = "Everything the dashboard does can be done here. Sign in with a cookie, or send an API key as Authorization: Bearer. " +
		"Lists answer {items, next}; pass next as cursor. Errors are application/problem+json with a code."
	doc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"cookie": {Type: "apiKey", In: "cookie", Name: cookieSecure, Description: "Set by POST /api/v1/session"},
		"bearer": {Type: "http", Scheme: "bearer", Description: "An API key: pk_…"},
	}
	problem := doc.Components.Schemas.Schema(typeOf[Problem](), true, "")
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				op.Responses["default"] = &huma.Response{Description: "Error", Content: map[string]*huma.MediaType{problemType: {Schema: problem}}}
			}
		}
	}
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} {
		delete(doc.Components.Schemas.Map(), unused)
	}
}

// written is openapi.json: what was declared, the same bytes every time.
func (a *API) written() ([]byte, error) {
	raw, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = json.Indent(&out, raw, "", "  ")
	out.WriteByte('\n')
	return out.Bytes(), err
}

// page is what docs.html shows.
type docPage struct {
	Nonce string
	Tags  []docTag
}

type docTag struct {
	Name string
	Ops  []docOp
}

type docOp struct {
	ID, Method, Path, Summary, Needs string
	Params                           []docParam
	Body, Answer                     string
}

type docParam struct{ Name, In, Text string }

// docs renders the description as a page without any script.
func (a *API) docs(w http.ResponseWriter, r *http.Request) {
	page, err := template.New("docs").Parse(docsPage)
	if err != nil {
		a.fail(w, r, calling(r.Context()), err)
		return
	}
	p := docPage{Nonce: nonce(), Tags: a.docTags()}
	var out bytes.Buffer
	if err := page.Execute(&out, p); err != nil {
		a.fail(w, r, calling(r.Context()), err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+p.Nonce+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	_, _ = w.Write(out.Bytes())
}

func (a *API) docTags() []docTag {
	byTag := map[string][]docOp{}
	for path, item := range a.huma.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op != nil {
				byTag[op.Tags[0]] = append(byTag[op.Tags[0]], a.docOp(method, path, op))
			}
		}
	}
	var tags []docTag
	for name, ops := range byTag {
		sort.Slice(ops, func(i, j int) bool { return ops[i].Path+ops[i].Method < ops[j].Path+ops[j].Method })
		tags = append(tags, docTag{name, ops})
	}
	sort.Slice(tags, func(i, j int) bool { return tags[i].Name < tags[j].Name })
	return tags
}

func (a *API) docOp(method, path string, op *huma.Operation) docOp {
	d := docOp{ID: op.OperationID, Method: method, Path: path, Summary: op.Summary}
	d.Needs, _ = op.Extensions["x-needs"].(string)
	for _, p := range op.Parameters {
		d.Params = append(d.Params, docParam{p.Name, p.In, p.Description})
	}
	if op.RequestBody != nil {
		if m := op.RequestBody.Content["application/json"]; m != nil {
			d.Body = a.outline(m.Schema, 0)
		}
	}
	for _, status := range []string{"200", "201", "202"} {
		if res := op.Responses[status]; res != nil && res.Content["application/json"] != nil {
			d.Answer = a.outline(res.Content["application/json"].Schema, 0)
		}
	}
	return d
}

const outlineDepth = 3

// outline shows a schema as a person would write it down.
func (a *API) outline(s *huma.Schema, depth int) string {
	if s == nil {
		return "any"
	}
	if s.Ref != "" {
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		if depth >= outlineDepth {
			return name
		}
		return a.outline(a.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref), depth)
	}
	switch {
	case len(s.AnyOf) == 2:
		return a.outline(s.AnyOf[0], depth) + " or null"
	case s.Items != nil:
		return "[" + a.outline(s.Items, depth) + ", …]"
	case len(s.Properties) > 0:
		return a.outlineObject(s, depth)
	case len(s.Enum) > 0:
		var words []string
		for _, e := range s.Enum {
			if word, ok := e.(string); ok {
				words = append(words, word)
			}
		}
		return strings.Join(words, " | ")
	case s.Format != "":
		return s.Format
	}
	return s.Type
}

func (a *API) outlineObject(s *huma.Schema, depth int) string {
	names := make([]string, 0, len(s.Properties))
	required := map[string]bool{}
	for _, n := range s.Required {
		required[n] = true
	}
	for n := range s.Properties {
		names = append(names, n)
	}
	sort.Strings(names)
	indent := strings.Repeat("  ", depth+1)
	var b strings.Builder
	b.WriteString("{\n")
	for _, n := range names {
		b.WriteString(indent + n)
		if !required[n] {
			b.WriteByte('?')
		}
		b.WriteString(": " + a.outline(s.Properties[n], depth+1) + "\n")
	}
	b.WriteString(strings.Repeat("  ", depth) + "}")
	return b.String()
}
