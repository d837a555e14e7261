package crash

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/test/pgtest"
)

// site is a website that the program reads, on an address of its own, so that
// none waits for the politeness towards another.
type site struct {
	no     int
	url    string
	facts  []string // each stands on one page
	source string   // its id, once it was acknowledged
}

// sites starts websites; every page that is asked for makes a tick.
func sites(t *testing.T, n int, hits chan<- struct{}) (all []*site, hosts string) {
	t.Helper()
	third := os.Getpid()%250 + 1
	for i := range n {
		s := &site{no: i}
		l, err := net.Listen("tcp", fmt.Sprintf("127.88.%d.%d:0", third, i+1))
		must(t, err)
		srv := &httptest.Server{Listener: l, Config: &http.Server{Handler: s.pages(hits)}}
		srv.Start()
		t.Cleanup(srv.Close)
		s.url = srv.URL
		for p := range 3 {
			s.facts = append(s.facts, s.fact(p))
		}
		all = append(all, s)
		hosts += strings.TrimPrefix(srv.URL, "http://") + ","
	}
	return all, hosts
}

func (s *site) fact(p int) string {
	return fmt.Sprintf("Lamp S%dP%d costs %d.50 EUR", s.no, p, 10*s.no+p+11)
}

// pages are three that can be read, two that cannot, and one that robots.txt
// keeps to itself.
func (s *site) pages(hits chan<- struct{}) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case hits <- struct{}{}:
		default: // nobody counts
		}
		page := func(p int, more string) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprintf(w, "<title>Lamp %d of %d</title><main><h1>Lamp %d of shop %d</h1><p>%s, with a bulb and two years of warranty.</p>%s</main>", p, s.no, p, s.no, s.fact(p), more)
		}
		switch r.URL.Path {
		case "/":
			page(0, `<a href="/one">one</a> <a href="/two">two</a> <a href="/gone">gone</a> <a href="/secret">secret</a> <a href="/picture">picture</a>`)
		case "/one":
			page(1, "")
		case "/two":
			page(2, "")
		case "/robots.txt":
			_, _ = io.WriteString(w, "User-agent: *\nDisallow: /secret\n")
		case "/picture":
			w.Header().Set("Content-Type", "image/png")
			_, _ = io.WriteString(w, "\x89PNG\r\n\x1a\n")
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
}

// paper is a file that is handed in; its reading takes a process of its own.
type paper struct {
	name   string
	raw    []byte
	fact   string // its last
	source string
}

func papers(n int) (all []*paper) {
	for i := range n {
		f := &paper{name: fmt.Sprintf("paper-%d.html", i)}
		var b bytes.Buffer
		fmt.Fprintf(&b, "<title>Paper %d</title><main>", i)
		for s := range 400 {
			f.fact = fmt.Sprintf("Chair F%dN%d costs %d.00 EUR", i, s, 1000*(i+1)+s)
			fmt.Fprintf(&b, "<h2>Chair %d of paper %d</h2><p>%s. %s</p>", s, i, f.fact, strings.Repeat("It is made of oak and stands on four legs. ", 12))
		}
		b.WriteString("</main>")
		f.raw = b.Bytes()
		all = append(all, f)
	}
	return all
}

// hand uploads a file and returns the id of its source.
func (in *place) hand(p *process, name string, raw []byte) string {
	in.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	must(in.t, err)
	_, err = part.Write(raw)
	must(in.t, err)
	must(in.t, form.Close())
	req, err := http.NewRequest(http.MethodPost, in.url("/api/v1/knowledge/sources"), &body)
	must(in.t, err)
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+in.token)
	var made struct{ ID string }
	if _, err = p.send(req, &made); err != nil {
		in.t.Fatalf("%s: %v\n%s", name, err, p.log.String())
	}
	return made.ID
}

// A crawl and the reading of files end well however often the program is killed:
// every page was read or has its reason, everything that was read is there once
// and whole.
func TestCrawlsAndFilesAreReadOnceWhenKilled(t *testing.T) {
	t.Parallel()
	t.Logf("-seed %d", *seed)
	binary := build(t)
	for name, database := range map[string]string{"sqlite": "", "postgres": pgtest.DB(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := newPlace(t, binary, database, *seed)
			in.setUp()
			hits := make(chan struct{}, 1)
			web, hosts := sites(t, 6, hits)
			files := papers(4)
			in.env = append(in.env, "PARLEY_CRAWL_PRIVATE="+hosts)
			kills := max(8, *cycles/20)
			for n := range kills {
				p := in.start()
				p.up()
				if n < len(web) {
					var made struct{ ID string }
					in.want(p, http.MethodPost, "/api/v1/knowledge/sources", map[string]any{"kind": "site", "name": fmt.Sprint("Site ", n), "url": web[n].url + "/"}, &made)
					web[n].source = made.ID
				}
				if n%2 == 1 && n/2 < len(files) {
					files[n/2].source = in.hand(p, files[n/2].name, files[n/2].raw)
				}
				if n%2 == 0 {
					<-hits // a page was asked for, or will be
				}
				in.moment(p, 400*time.Millisecond)
				p.kill()
				if in.conn != nil {
					in.outlast(in.conn)
				}
			}
			p := in.start()
			p.up()
			for _, s := range web {
				in.rests(p, s.source)
				in.readOnce(p, s)
			}
			for _, f := range files {
				in.rests(p, f.source)
				in.found(p, f.source, f.fact)
				got := in.texts(p, f.source)
				in.want(p, http.MethodDelete, "/api/v1/knowledge/sources/"+f.source, nil, nil)
				calm := in.hand(p, f.name, f.raw) // the same, read in peace
				in.rests(p, calm)
				if want := in.texts(p, calm); !slices.Equal(got, want) || len(got) < 100 {
					t.Errorf("%s has %d passages, read in peace %d", f.name, len(got), len(want))
				}
			}
			p.stop()
			t.Logf("killed %d times", kills)
		})
	}
}

type shownSource struct {
	State, Reason string
	Passages      int
	Crawl         *struct{ Running bool }
}

func (in *place) source(p *process, id string) (s shownSource) {
	in.t.Helper()
	in.want(p, http.MethodGet, "/api/v1/knowledge/sources/"+id, nil, &s)
	return s
}

// rests waits until a source is read or refused.
func (in *place) rests(p *process, id string) {
	in.t.Helper()
	for after, end := "0", time.Now().Add(2*patience); ; {
		s := in.source(p, id)
		switch {
		case s.State == "ready" && (s.Crawl == nil || !s.Crawl.Running):
			return
		case s.State == "failed" || time.Now().After(end):
			in.t.Fatalf("source %s is %+v", id, s)
		}
		var page struct{ Next string }
		in.want(p, http.MethodGet, "/api/v1/events?wait=2&after="+after, nil, &page)
		if page.Next != "" {
			after = page.Next
		}
	}
}

// readOnce: each page of a site has its end, each fact stands once.
func (in *place) readOnce(p *process, s *site) {
	in.t.Helper()
	var list struct {
		Items []struct {
			URL, State, Reason string
			Passages           int
			Sitemap            bool
		}
	}
	in.want(p, http.MethodGet, "/api/v1/knowledge/sources/"+s.source+"/pages?limit=100", nil, &list)
	want := map[string]string{"/": "read", "/one": "read", "/two": "read", "/gone": "not_found", "/secret": "robots", "/picture": "wrong_type"}
	for _, page := range list.Items {
		u, err := url.Parse(page.URL)
		must(in.t, err)
		end := page.Reason
		if page.State == "read" {
			end = "read"
		}
		if page.Sitemap {
			continue
		}
		if end == "" || end != want[u.Path] || page.State == "read" != (page.Passages == 1) {
			in.t.Errorf("site %d: %+v is not %s", s.no, page, want[u.Path])
		}
		delete(want, u.Path)
	}
	if len(want) > 0 {
		in.t.Errorf("site %d: never looked at %v of %+v", s.no, want, list.Items)
	}
	all := strings.Join(in.texts(p, s.source), "\n")
	for _, fact := range s.facts {
		if n := strings.Count(all, fact); n != 1 {
			in.t.Errorf("%q stands %d times", fact, n)
		}
		in.found(p, s.source, fact)
	}
}

// texts are the passages of a source, which counts them right.
func (in *place) texts(p *process, source string) (texts []string) {
	in.t.Helper()
	for after := ""; ; {
		var list struct {
			Items []struct{ Text string }
			Next  string
		}
		in.want(p, http.MethodGet, "/api/v1/knowledge/sources/"+source+"/passages?limit=100&cursor="+url.QueryEscape(after), nil, &list)
		for _, one := range list.Items {
			texts = append(texts, one.Text)
		}
		if after = list.Next; after == "" {
			break
		}
	}
	if s := in.source(p, source); s.Passages != len(texts) {
		in.t.Errorf("source %s counts %d passages and has %d", source, s.Passages, len(texts))
	}
	return texts
}

// found: a search finds a fact in its source.
func (in *place) found(p *process, source, fact string) {
	in.t.Helper()
	var list struct {
		Items []struct {
			SourceID string `json:"source_id"`
			Text     string
		}
	}
	in.want(p, http.MethodGet, "/api/v1/knowledge/search?limit=5&q="+url.QueryEscape(fact), nil, &list)
	for _, f := range list.Items {
		if f.SourceID == source && strings.Contains(f.Text, fact) {
			return
		}
	}
	in.t.Errorf("%q is found by no search: %+v", fact, list.Items)
}
