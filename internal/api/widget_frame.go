package api

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"io/fs"
	"net/http"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
)

// chatSite is the built website chat in memory: the page of the frame, its
// assets and the loader.
type chatSite struct {
	page  []byte
	files map[string]file // "widget.js", "assets/…"
}

const bootPlace = "__BOOT__"

// readChat reads the chat's part of the front end; a build without it has no
// page, and the chat's routes say so.
func readChat(fsys fs.FS) (*chatSite, error) {
	s := &site{files: map[string]file{}}
	chat := &chatSite{files: s.files}
	sub, err := fs.Sub(fsys, "w")
	if err != nil {
		return nil, err
	}
	if chat.page, err = fs.ReadFile(sub, "chat.html"); err != nil {
		return chat, nil // the committed placeholder has no chat
	}
	err = fs.WalkDir(sub, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") || strings.Contains(d.Name(), ".html") {
			return err
		}
		return s.add(sub, name)
	})
	return chat, err
}

var errNoChat = desk.Fail(desk.Unavailable, "not_built", "this program was built without its front end: run make build")

// Boot is what the frame's page is given.
type Boot struct {
	Key        string            `json:"key"`
	BootToken  string            `json:"boot_token"`
	Origin     string            `json:"origin"` // of the page around the frame; messages to it go nowhere else
	Locale     string            `json:"locale"`
	Name       string            `json:"name"`
	Title      map[string]string `json:"title"`
	Greeting   map[string]string `json:"greeting"`
	Prompt     map[string]string `json:"prompt"`
	Colour     string            `json:"brand_colour"`
	Position   string            `json:"position"`
	Consent    string            `json:"consent"`
	EraseAfter int               `json:"erase_after_hours"`
	AskName    bool              `json:"ask_name"`
	AskEmail   bool              `json:"ask_email"`
	TextLimit  int               `json:"text_limit"`
	PrivacyURL string            `json:"privacy_url"` // takes ?l= for a language
	Dev        bool              `json:"dev"`
}

// widgetFrame serves the page of the chat's frame. Browsers enforce by
// frame-ancestors which pages may show it; that list is no authentication.
func (a *API) widgetFrame(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	wd, err := a.widget(r.Context(), r.PathValue("key"))
	if err == nil && a.chat.page == nil {
		err = errNoChat
	}
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	own := ownOrigin(c)
	around := originOf(r.Header.Get("Referer"))
	if !wd.shows(around, own) {
		a.refuseFrame(w, c, wd, around)
		return
	}
	boot, err := a.bootOf(r.Context(), c, r, wd, around)
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	data, err := json.Marshal(boot) // escapes <, > and &, so it cannot end its script element
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	n := nonce()
	framePolicy(w.Header(), n, wd)
	page := bytes.ReplaceAll(a.chat.page, []byte(noncePlace), []byte(n))
	_, _ = w.Write(bytes.Replace(page, []byte(bootPlace), data, 1))
}

// framePolicy lets the chat's page load its own things and be shown by the
// widget's domains only.
func framePolicy(h http.Header, n string, w widget) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Del("Cross-Origin-Opener-Policy")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+n+"' 'strict-dynamic'; style-src 'self' 'nonce-"+n+
		"'; style-src-attr 'none'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "+
		"frame-ancestors 'self' "+strings.Join(w.allowed(), " ")+"; report-uri /csp-report")
}

func (a *API) bootOf(ctx context.Context, c *call, r *http.Request, w widget, around string) (Boot, error) {
	now := a.Clock.Now()
	token, err := a.sealVisit(ctx, w, visit{Boot: true, Origin: around, Began: now.Unix(), Ends: now.Add(bootTerm).Unix()})
	return Boot{Key: w.OutsideID, BootToken: token, Origin: around, Locale: frameLocale(c, r, w), Name: w.name, Title: w.set.Title,
		Greeting: w.set.Greeting, Prompt: w.set.Prompt, Colour: w.set.Colour, Position: w.set.Position, Consent: w.set.Consent,
		EraseAfter: w.set.EraseAfter, AskName: w.set.AskName, AskEmail: w.set.AskEmail, TextLimit: widgetTextLimit,
		PrivacyURL: "/w/" + w.OutsideID + "/privacy", Dev: a.Config.Dev}, err
}

// frameLocale is the language of the chat's own words: what the page asks for,
// else what the workspace set, else the browser's (clause A-3.3-09).
func frameLocale(c *call, r *http.Request, w widget) string {
	for _, tag := range []string{r.URL.Query().Get("l"), w.set.Locale, c.locale} {
		short, _, _ := strings.Cut(tag, "-")
		if i18n.Known(short) {
			return short
		}
	}
	return i18n.Fallback
}

// refuseFrame answers a page that is not one of the widget's domains with a
// sentence its owner can act on.
func (a *API) refuseFrame(w http.ResponseWriter, c *call, wd widget, around string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self' "+strings.Join(wd.allowed(), " "))
	w.WriteHeader(http.StatusForbidden)
	if around == "" {
		around = "?"
	}
	text := i18n.T(c.locale, "widget.foreign_page", map[string]string{"origin": around})
	_, _ = w.Write([]byte("<!doctype html><html lang=\"" + c.locale + "\"><meta charset=\"utf-8\"><title>Parley</title><main><p>" + html.EscapeString(text) + "</p></main></html>"))
}

func (a *API) widgetAsset(w http.ResponseWriter, r *http.Request) {
	f, ok := a.chat.files["assets/"+r.PathValue("name")]
	if !ok {
		a.fail(w, r, calling(r.Context()), desk.Fail(desk.NotFound, "no_such_page", "there is no such file"))
		return
	}
	f.serve(w, r)
}

// widgetLoader serves the script that shops put into their pages. Its name
// never changes, so it is kept for an hour only.
func (a *API) widgetLoader(w http.ResponseWriter, r *http.Request) {
	f, ok := a.chat.files["widget.js"]
	if !ok {
		a.fail(w, r, calling(r.Context()), errNoChat)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	f.cache = "public, max-age=3600, stale-while-revalidate=86400"
	f.serve(w, r)
}
