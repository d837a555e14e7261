package api

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"parley/internal/kit/i18n"
)

//go:embed sheet.html request.html mine.html notice.html case.html ended.html copy.html permissions.html disclosure.html published.html changes.html unsubscribe.html recipients.html incidents.html
var sheetFiles embed.FS

var sheetTemplates = sync.OnceValues(func() (*template.Template, error) { return template.ParseFS(sheetFiles, "*.html") })

// sheet is what every page has that is read without an account and without
// scripts.
type sheet struct {
	Nonce, Lang, Other string
	Colour             string
	Missing            bool // there is nothing at this address
	Forms              bool // it holds a form
	Status             int  // 0 = 200, or 404 when it is missing
	words              string
	args               map[string]string
}

// newSheet begins a page; words is what its texts' keys begin with.
func newSheet(c *call, r *http.Request, words string) sheet {
	p := sheet{Nonce: nonce(), Lang: sheetLanguage(c, r), Other: "tr", Colour: "#0f5c55", words: words, args: map[string]string{"host": c.host}}
	if p.Lang == "tr" {
		p.Other = "en"
	}
	return p
}

// T gives a text of the page; the template escapes it.
func (p *sheet) T(key string) string { return i18n.T(p.Lang, p.words+key, p.args) }

// sheetLanguage is what the address asks for, else what the browser wants.
func sheetLanguage(c *call, r *http.Request) string {
	for _, tag := range []string{r.URL.Query().Get("l"), c.locale} {
		if short, _, _ := strings.Cut(tag, "-"); i18n.Known(short) {
			return strings.ToLower(short)
		}
	}
	return i18n.Fallback
}

// showSheet writes a page: no script, nothing from elsewhere, nothing kept.
func (a *API) showSheet(w http.ResponseWriter, r *http.Request, p sheet, file string, data any) {
	all, err := sheetTemplates()
	var out bytes.Buffer
	if err == nil {
		err = all.ExecuteTemplate(&out, file, data)
	}
	if err != nil {
		a.fail(w, r, calling(r.Context()), err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.Lang)
	h.Set("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+p.Nonce+"'; img-src data:; base-uri 'none'; form-action '"+map[bool]string{true: "self", false: "none"}[p.Forms]+"'; frame-ancestors 'none'")
	switch {
	case p.Missing:
		w.WriteHeader(http.StatusNotFound)
	case p.Status != 0:
		w.WriteHeader(p.Status)
	}
	_, _ = w.Write(out.Bytes())
}
