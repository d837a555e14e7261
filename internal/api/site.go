package api

import (
	"bytes"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// site is the built front end in memory: names to their forms.
type site struct {
	index []byte
	files map[string]file
}

type file struct {
	kind        string
	cache       string // Cache-Control
	raw, br, gz []byte
}

const noncePlace = "__CSP_NONCE__"

func readSite(fsys fs.FS) (*site, error) {
	s := &site{files: map[string]file{}}
	if fsys == nil {
		return s, errors.New("api: there is no front end")
	}
	var err error
	if s.index, err = fs.ReadFile(fsys, "index.html"); err != nil {
		return nil, err
	}
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasPrefix(path.Base(name), ".") || path.Ext(name) == ".html" || strings.HasPrefix(name, "w/") {
			return nil // pages carry a nonce, the chat has its own routes
		}
		return s.add(fsys, name)
	})
	return s, err
}

func (s *site) add(fsys fs.FS, name string) error {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	plain := strings.TrimSuffix(strings.TrimSuffix(name, ".br"), ".gz")
	f := s.files[plain]
	switch {
	case strings.HasSuffix(name, ".br"):
		f.br = raw
	case strings.HasSuffix(name, ".gz"):
		f.gz = raw
	default:
		f.raw = raw
	}
	f.kind = contentType(plain)
	f.cache = "no-cache"
	if strings.HasPrefix(plain, "assets/") { // the name carries a hash of the content
		f.cache = "public, max-age=31536000, immutable"
	}
	s.files[plain] = f
	return nil
}

// contentType does not ask the machine's own tables, which differ.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json", ".webmanifest":
		return "application/json"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func siteRoutes(a *API) {
	wellKnownRoutes(a)
	publishedRoutes(a)
	recipientRoutes(a)
	policyRoutes(a)
	a.open(Route{ID: "api-missing", Path: "/api/", Needs: Public, Hidden: true, Tag: "site", Summary: "No such operation"}, a.missing)
	a.open(Route{ID: "site", Path: "/", Needs: Public, Limit: limitNone, Hidden: true, Tag: "site", Summary: "The dashboard"}, a.serveSite)
}

// missing answers what the API has not: 405 with the methods it has there, or
// 404.
func (a *API) missing(w http.ResponseWriter, r *http.Request) {
	var has []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe := r.Clone(r.Context())
		probe.Method = m
		if _, pattern := a.mux.Handler(probe); pattern != "/api/" {
			has = append(has, m)
		}
	}
	c := calling(r.Context())
	if len(has) > 0 {
		w.Header().Set("Allow", strings.Join(has, ", "))
		a.fail(w, r, c, refuse(http.StatusMethodNotAllowed, "method", "this address takes "+strings.Join(has, ", ")))
		return
	}
	a.fail(w, r, c, desk.Fail(desk.NotFound, "no_such_operation", "the API has no such address; see /api/docs"))
}

func (a *API) serveSite(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		a.fail(w, r, c, refuse(http.StatusMethodNotAllowed, "method", "this address takes GET"))
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if f, ok := a.site.files[name]; ok {
		f.serve(w, r)
		return
	}
	if path.Ext(name) != "" || reserved(name) {
		a.fail(w, r, c, desk.Fail(desk.NotFound, "no_such_page", "there is no such page"))
		return
	}
	a.servePage(w)
}

// reserved names never fall back to the dashboard's page: a missing asset as
// HTML would break the page that asked for it.
func reserved(name string) bool {
	for _, first := range []string{"api", "assets", "hooks", "w", ".well-known"} {
		if name == first || strings.HasPrefix(name, first+"/") {
			return true
		}
	}
	return false
}

func nonce() string { return secret.Token() }

// servePage answers the dashboard's page with a policy for this answer alone.
func (a *API) servePage(w http.ResponseWriter) {
	n := nonce()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Reporting-Endpoints", `csp="/csp-report"`)
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+n+"' 'strict-dynamic'; style-src 'self' 'nonce-"+n+
		"'; style-src-attr 'none'; img-src 'self' data: blob:; media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "+
		"frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; report-uri /csp-report; report-to csp")
	_, _ = w.Write(bytes.ReplaceAll(a.site.index, []byte(noncePlace), []byte(n)))
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", f.cache)
	body := f.raw
	accept := strings.Join(r.Header.Values("Accept-Encoding"), ",")
	switch {
	case f.br != nil && accepts(accept, "br"):
		body = f.br
		h.Set("Content-Encoding", "br")
	case f.gz != nil && accepts(accept, "gzip"):
		body = f.gz
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return
	}
	_, _ = w.Write(body)
}

// accepts reads Accept-Encoding as it is meant: q=0 is a no, * stands for what
// is not named.
func accepts(header, coding string) bool {
	star := false
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		name = strings.ToLower(strings.TrimSpace(name))
		q := 1.0
		if value, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(value, 64); err != nil {
				q = 0
			}
		}
		switch name {
		case coding:
			return q > 0
		case "*":
			star = q > 0
		}
	}
	return star
}
