package phones

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"path"
	"strings"
	"time"

	"parley/sim/meta"
)

//go:embed page
var files embed.FS

// Options is what the page is made of.
type Options struct {
	Sim   *meta.Sim
	Stage Stage
	// Move moves the time of everything the page is about; nil takes the
	// buttons away.
	Move func(time.Duration)
	// Shift is how far the time was moved so far; nil = never.
	Shift func() time.Duration
	// Fonts holds "assets/inter-latin….woff2" of the front end; nil or empty: the
	// system's own.
	Fonts fs.FS
	// Parley is the address of the dashboard, for a link; "" = none.
	Parley string
}

// ErrElsewhere says that an address is not this machine's.
var ErrElsewhere = errors.New("that is not this machine, and everybody who reached the simulator could write as a customer; use 127.0.0.1 and a port")

// Listen opens a port for the simulator, on this machine only; ErrElsewhere for
// any other address.
func Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	if !meta.Loopback(host) {
		return nil, fmt.Errorf("simulator: %s: %w", addr, ErrElsewhere)
	}
	return net.Listen("tcp", addr)
}

// Handler serves the simulated hosts and, beside them, the page with its
// control API. Requests from or to another machine are refused.
func Handler(opt Options) http.Handler {
	mux := http.NewServeMux()
	c := control{opt}
	mux.HandleFunc("GET /{$}", c.index)
	mux.HandleFunc("GET /page/{name}", c.file)
	mux.HandleFunc("GET /font/{name}", c.font)
	mux.HandleFunc("GET /api/events", c.events)
	mux.HandleFunc("GET /api/media/{id}", c.media)
	mux.HandleFunc("GET /api/wire/{kind}/{no}", c.wire)
	for name, fn := range c.posts() {
		mux.HandleFunc("POST /api/"+name, c.write(fn))
	}
	page := http.NewCrossOriginProtection().Handler(secure(mux))
	hosts := opt.Sim.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !local(r):
			http.Error(w, "The simulator answers on this machine only.", http.StatusForbidden)
		case meta.Serves(r.URL.Path):
			hosts.ServeHTTP(w, r)
		default:
			page.ServeHTTP(w, r)
		}
	})
}

// local: the caller is this machine, and so is the host it asked for; a foreign
// name that resolves to loopback (rebinding) is none.
func local(r *http.Request) bool {
	from, _, err := net.SplitHostPort(r.RemoteAddr)
	to := r.Host
	if h, _, err := net.SplitHostPort(to); err == nil {
		to = h
	}
	return err == nil && meta.Loopback(from) && meta.Loopback(strings.Trim(to, "[]"))
}

func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "+
			"font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func (c control) index(w http.ResponseWriter, r *http.Request) {
	r.SetPathValue("name", "index.html")
	c.file(w, r)
}

func (c control) file(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.PathValue("name"))
	body, err := files.ReadFile("page/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	kind := map[string]string{".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}[path.Ext(name)]
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(body)
}

// font gives the front end's own letters under a fixed name.
func (c control) font(w http.ResponseWriter, r *http.Request) {
	pattern := map[string]string{"latin.woff2": "assets/inter-latin-wght-normal*.woff2", "latin-ext.woff2": "assets/inter-latin-ext-wght-normal*.woff2"}[r.PathValue("name")]
	if c.opt.Fonts == nil || pattern == "" {
		http.NotFound(w, r)
		return
	}
	found, err := fs.Glob(c.opt.Fonts, pattern)
	if err != nil || len(found) == 0 {
		http.NotFound(w, r)
		return
	}
	body, err := fs.ReadFile(c.opt.Fonts, found[0])
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "font/woff2")
	w.Header().Set("Cache-Control", "max-age=86400")
	_, _ = w.Write(body)
}
