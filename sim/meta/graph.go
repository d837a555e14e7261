package meta

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The versions of the Graph API (reference 1.1).
const (
	oldestVersion = 21
	newestVersion = 26
)

// call is one request to a Graph host.
type call struct {
	s       *Sim
	r       *http.Request
	host    string
	version int
	path    []string // after the version
	in      *object
	files   map[string][]Upload
	tok     *token
	appTok  bool // the token is APP_ID|APP_SECRET
	header  http.Header
	cut     bool // cut the connection instead of answering
	broken  bool // answer 500 instead
}

// Handler serves every host. A path begins with the host it stands for
// ("/graph.facebook.com/v26.0/me") or with the family that a program with one
// address per family knows: "/facebook" (Graph and dialog), "/instagram" (Graph,
// code exchange and dialog), "/meta" (both). A request that names one of Meta's
// hosts in its Host header needs no prefix.
func (s *Sim) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, path := r.Host, r.URL.Path
		if !knownHost(host) {
			host, path, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
			host, path = member(host, path, r), "/"+path
		}
		r2 := r.Clone(r.Context())
		r2.URL.Path = path
		switch host {
		case "graph.facebook.com", "graph.instagram.com", "api.instagram.com":
			s.serveGraph(w, r2, host)
		case "www.facebook.com", "www.instagram.com":
			s.serveDialog(w, r2, host)
		case "lookaside.fbsbx.com", "scontent.fbcdn.net":
			s.recorded(w, r2, host, s.serveFile)
		default:
			http.Error(w, "The path must begin with one of Meta's hosts, for example /graph.facebook.com/v26.0/me", http.StatusNotFound)
		}
	})
}

// Serves reports whether a path is one of the simulated hosts'.
func Serves(path string) bool {
	host, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return knownHost(host) || host == "facebook" || host == "instagram" || host == "meta"
}

// member finds the host of a family that a path is for.
func member(family, path string, r *http.Request) string {
	instagram := family == "instagram"
	if family == "meta" {
		token := or(bearer(r), r.URL.Query().Get("access_token"))
		instagram = strings.HasPrefix(token, "IGAA") || path == "access_token" || path == "refresh_access_token" || path == "oauth/authorize" ||
			path == "oauth/access_token" && r.Method == http.MethodPost
	} else if family != "facebook" && !instagram {
		return family
	}
	switch {
	case instagram && path == "oauth/authorize":
		return "www.instagram.com"
	case instagram && path == "oauth/access_token":
		return "api.instagram.com"
	case instagram:
		return "graph.instagram.com"
	case strings.HasSuffix(path, "/dialog/oauth"):
		return "www.facebook.com"
	}
	return "graph.facebook.com"
}

func knownHost(h string) bool {
	switch h {
	case "graph.facebook.com", "graph.instagram.com", "api.instagram.com", "www.facebook.com", "www.instagram.com", "lookaside.fbsbx.com", "scontent.fbcdn.net":
		return true
	}
	return false
}

// recorder keeps what a handler answers.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(code int) {
	r.status = cmp.Or(r.status, code)
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.status = cmp.Or(r.status, http.StatusOK)
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

// recorded keeps a call whose body is not looked at.
func (s *Sim) recorded(w http.ResponseWriter, r *http.Request, host string, fn http.HandlerFunc) {
	rec := &recorder{ResponseWriter: w}
	at := s.clk.Now()
	fn(rec, r)
	s.locked(func() {
		s.keepCall(Call{At: at, Host: host, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone(),
			Status: rec.status, AnswerHeader: w.Header().Clone(), Answer: bytes.Clone(rec.body.Bytes())})
	})
}

// serveGraph reads a call strictly, finds who answers it and keeps every byte.
func (s *Sim) serveGraph(w http.ResponseWriter, r *http.Request, host string) {
	at := s.clk.Now()
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMedia))
	c := &call{s: s, r: r, host: host, header: http.Header{}}
	var out obj
	var f *fault
	if err != nil {
		f = &fault{status: http.StatusRequestEntityTooLarge, code: 100, message: "(#100) The request is too large"}
	} else {
		out, f = c.serve(raw)
	}
	status, body := http.StatusOK, []byte(nil)
	s.mu.Lock()
	trace := s.trace()
	c.usage(f)
	s.mu.Unlock()
	c.header.Set("Content-Type", "application/json; charset=UTF-8")
	switch {
	case f != nil && f.html:
		status, body = f.status, []byte("<!DOCTYPE html><html><body>Sorry, something went wrong.</body></html>")
		c.header.Set("Content-Type", "text/html; charset=utf-8")
	case f != nil && host == "api.instagram.com":
		status, body = f.status, encode(o("error_type", "OAuthException", "code", f.status, "error_message", f.message))
	case f != nil:
		status, body = f.status, encode(f.body(trace))
	case c.broken:
		status, body = http.StatusInternalServerError, encode((&fault{code: 2, message: "(#2) Service temporarily unavailable", transient: true}).body(trace))
	default:
		body = encode(out)
	}
	kept := Call{At: at, Host: host, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone(), Body: raw,
		Status: status, AnswerHeader: c.header.Clone(), Answer: body}
	if c.cut {
		kept.Status, kept.Answer = 0, nil
	}
	s.locked(func() { s.keepCall(kept) })
	if c.cut {
		hangUp(w)
		return
	}
	for k, v := range c.header {
		w.Header()[k] = v
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// hangUp cuts the connection as a failing network does.
func hangUp(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_ = conn.Close()
		}
	}
}

func (c *call) serve(raw []byte) (obj, *fault) {
	if f := c.weather(); f != nil {
		return nil, f
	}
	rest := c.versioned(strings.Trim(c.r.URL.Path, "/"))
	c.path = strings.Split(rest, "/")
	c.in = newObject(nil, c.wrong())
	if f := c.read(raw); f != nil {
		return nil, f
	}
	c.s.mu.Lock()
	f := c.authenticate()
	if f == nil && c.version != 0 && c.version > newestVersion {
		f = unknownPath("/v" + strconv.Itoa(c.version) + ".0/" + rest)
	}
	if f == nil {
		if wait, ok := c.s.rate("app", appPerHour, time.Hour); !ok {
			f = throttled(4, "Application request limit reached", wait)
		}
	}
	c.s.mu.Unlock()
	if f != nil {
		return nil, f
	}
	return c.route()
}

// weather strikes before anything happens.
func (c *call) weather() *fault {
	s, path := c.s, c.r.URL.Path
	s.mu.Lock()
	slow, isSlow := s.strikes(SlowAnswer, path)
	var f *fault
	for _, k := range []Knob{ServerError, HTMLError, TooMany, TokenExpired, TokenRevoked} {
		hit, ok := s.strikes(k, path)
		if !ok {
			continue
		}
		switch k {
		case ServerError:
			f = &fault{status: http.StatusServiceUnavailable, code: 2, message: "(#2) Service temporarily unavailable", transient: true}
		case HTMLError:
			f = &fault{status: http.StatusBadGateway, html: true}
		case TooMany:
			f = throttled(4, "Application request limit reached", hit.For)
			f.status = http.StatusTooManyRequests
		case TokenExpired:
			f = tokenFault(463, s.clk.Now(), s.clk.Now())
		case TokenRevoked:
			f = tokenFault(460, time.Time{}, s.clk.Now())
		}
		break
	}
	s.mu.Unlock()
	if isSlow {
		select {
		case <-s.clk.After(slow.For):
		case <-c.r.Context().Done():
		}
	}
	return f
}

// versioned takes the version off a path. Old and missing ones are served, but
// noted: the real thing serves them by a setting nobody sees.
func (c *call) versioned(path string) string {
	first, rest, _ := strings.Cut(path, "/")
	digits, isVersion := strings.CutPrefix(first, "v")
	digits, dotted := strings.CutSuffix(digits, ".0")
	n, err := strconv.Atoi(digits)
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if !isVersion || !dotted || err != nil {
		if c.host == "graph.facebook.com" {
			c.s.remark("no_version", "%s names no version", path)
		}
		return path
	}
	if n < oldestVersion {
		c.s.remark("old_version", "v%d.0 has expired", n)
	}
	c.version = n
	return rest
}

// wrong makes refusals in the words of the host the call is for.
func (c *call) wrong() func(bool, string) *fault {
	if c.onNumber() {
		return func(missing bool, text string) *fault {
			if missing {
				return whatsappFault(131008, "Required parameter is missing", text)
			}
			return whatsappFault(131009, "Parameter value is not valid", text)
		}
	}
	if c.onWhatsApp() {
		return func(_ bool, text string) *fault { return whatsappFault(100, "Invalid parameter", text) }
	}
	kind := ""
	if c.host == "graph.instagram.com" {
		kind = "IGApiException"
	}
	return func(_ bool, text string) *fault {
		f := invalid("%s", text)
		f.kind = kind
		return f
	}
}

func (c *call) onNumber() bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return len(c.path) > 0 && c.s.numbers[c.path[0]] != nil
}

func (c *call) onWhatsApp() bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return len(c.path) > 0 && (c.s.wabas[c.path[0]] != nil || c.s.media[c.path[0]] != nil)
}
