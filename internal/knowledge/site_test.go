package knowledge_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/knowledge"
	"parley/internal/knowledge/web"
	"parley/internal/store"
	"parley/test/storetest"
)

// shopSite is a website whose pages a test changes.
type shopSite struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked map[string]int
	stop  chan struct{}
}

func newSite(t *testing.T) *shopSite {
	s := &shopSite{pages: map[string]http.HandlerFunc{}, asked: map[string]int{}, stop: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := r.URL.RequestURI()
		s.mu.Lock()
		s.asked[at]++
		h := s.pages[at]
		if h == nil {
			h = s.pages[r.URL.Path+"*"]
		}
		s.mu.Unlock()
		if h == nil {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(func() { close(s.stop); s.Close() })
	return s
}

func (s *shopSite) set(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages[path] = h; h == nil {
		delete(s.pages, path)
	}
}

// says makes a page of a headline and a paragraph about it.
func (s *shopSite) says(path, about string, links ...string) {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><title>%s</title><main><h1>%[1]s</h1><p>Everything about %[1]s stands on this page, and nothing else does.</p></main><nav>", about)
	for _, l := range links {
		fmt.Fprintf(&b, "<a href=%q>x</a>", l)
	}
	body := b.String()
	s.set(path, func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%x"`, crc32.ChecksumIEEE([]byte(body)))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, body)
	})
}

func (s *shopSite) sends(path, kind, body string) {
	s.set(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = io.WriteString(w, body)
	})
}

func (s *shopSite) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// fetcher reads s and nothing else, without waiting.
func (s *shopSite) fetcher(t *testing.T) *web.Fetcher {
	t.Helper()
	c, err := httpx.New(clock.Real{}, httpx.Rule{Name: web.Rule, Purpose: httpx.Directed, Private: []string{strings.TrimPrefix(s.URL, "http://")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &web.Fetcher{Calls: c, Clock: clock.Real{}, Pause: time.Microsecond, Limit: 500 * time.Millisecond}
}

// crawling is each with a website.
func crawling(t *testing.T, fn func(t *testing.T, w *world, s *shopSite)) {
	t.Helper()
	storetest.EachWorld(t, storetest.Options{Clock: clock.Real{}}, func(t *testing.T, sw *storetest.World) {
		s := newSite(t)
		f := flow.New(flow.Config{DB: sw.DB, Clock: sw.Clock})
		w := &world{sw, knowledge.New(knowledge.Parts{DB: sw.DB, Flow: f, Web: s.fetcher(t)}), f, storetest.Workspace(t, sw.DB, "one").Workspace()}
		t.Cleanup(w.works(t))
		fn(t, w, s)
	})
}

func (w *world) site(t *testing.T, s *shopSite, site knowledge.Site) store.Source {
	t.Helper()
	if site.Kind == "" {
		site.Kind = knowledge.WebSite
	}
	site.URL = s.URL + site.URL
	added, err := w.k.AddSite(t.Context(), w.ws, knowledge.Source{}, site)
	if err != nil {
		t.Fatal(err)
	}
	return w.crawled(t, added.ID)
}

func (w *world) again(t *testing.T, id desk.ID) store.Source {
	t.Helper()
	if _, err := w.k.Refresh(t.Context(), w.ws, id, desk.Actor{}); err != nil {
		t.Fatal(err)
	}
	return w.crawled(t, id)
}

// crawled waits until a reading of a source has ended.
func (w *world) crawled(t *testing.T, id desk.ID) store.Source {
	t.Helper()
	told := make(chan struct{}, 1)
	defer w.Watch(func(store.Commit) {
		select {
		case told <- struct{}{}:
		default:
		}
	})()
	for {
		s, err := w.k.Source(t.Context(), w.ws, id)
		if err != nil {
			t.Fatal(err)
		}
		if c := w.crawl(t, s); !c.Running {
			s, err = w.k.Source(t.Context(), w.ws, id)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		select {
		case <-told:
		case <-t.Context().Done():
			t.Fatal("never ended")
		}
	}
}

func (w *world) crawl(t *testing.T, s store.Source) store.Crawl {
	t.Helper()
	all, err := w.k.Crawls(t.Context(), w.ws, s)
	if err != nil {
		t.Fatal(err)
	}
	return all[s.ID]
}

// became is what became of each page, "/path state reason".
func (w *world) became(t *testing.T, s *shopSite, id desk.ID) map[string]string {
	t.Helper()
	all, err := w.k.Pages(t.Context(), w.ws, id, knowledge.PageList{Limit: 5000})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, p := range all {
		out[strings.TrimPrefix(p.URL, s.URL)] = strings.TrimSpace(string(p.State) + " " + p.Reason)
	}
	return out
}

func (w *world) expect(t *testing.T, s *shopSite, id desk.ID, want map[string]string) {
	t.Helper()
	got := w.became(t, s, id)
	for path, how := range want {
		if got[path] != how {
			t.Errorf("%s is %q, want %q", path, got[path], how)
		}
	}
	for path, how := range got {
		if _, ok := want[path]; !ok {
			t.Errorf("nobody expected %s: %s", path, how)
		}
	}
}

func (w *world) knows(t *testing.T, words string) bool {
	t.Helper()
	found, err := w.k.Search(t.Context(), w.ws, words, "", 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if strings.Contains(f.Text, words) {
			return true
		}
	}
	return false
}

func TestASiteIsReadByItsOwnRules(t *testing.T) {
	t.Parallel()
	crawling(t, func(t *testing.T, w *world, s *shopSite) {
		s.sends("/robots.txt", "text/plain", "User-agent: *\nDisallow: /private\nSitemap: "+s.URL+"/map.xml\nSitemap: https://elsewhere.example/map.xml\n")
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = io.WriteString(z, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>`+s.URL+`/hidden</loc></url><url><loc>https://elsewhere.example/</loc></url></urlset>`)
		_ = z.Close()
		s.sends("/map.xml", "application/xml", `<sitemapindex><sitemap><loc>`+s.URL+`/part.xml.gz</loc></sitemap></sitemapindex>`)
		s.sends("/part.xml.gz", "application/gzip", packed.String())
		s.says("/", "opening hours", "/coats?utm_source=x", "/coats#size", "/private/plan", "/old", "/away", "/noindex", "/twin", "/copy", "/file.pdf", "/picture", "mailto:x@example.com",
			"https://elsewhere.example/", "/empty", "javascript:alert(1)", "/gone", "/none", "/pages")
		s.says("/coats", "wool coats", "/deep")
		s.says("/deep", "deep pockets")
		s.says("/hidden", "sitemaps alone")
		s.says("/private/plan", "secret plans")
		s.set("/old", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/new", http.StatusMovedPermanently) })
		s.says("/new", "new arrivals")
		s.set("/away", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		})
		s.sends("/noindex", "text/html", `<meta name="robots" content="noindex"><p>unlisted offers</p><a href="/deep2">x</a>`)
		s.says("/deep2", "offers below")
		s.sends("/twin", "text/html", `<link rel="canonical" href="/coats"><p>wool coats again</p>`)
		s.says("/copy", "new arrivals")
		s.sends("/picture", "image/png", "\x89PNG")
		s.sends("/empty", "text/html", "<div></div>")
		s.sends("/none", "text/html", `<meta name="robots" content="nofollow"><p>followed by nobody else</p><a href="/lost">x</a>`)
		s.sends("/pages", "text/html; charset=utf-8", "<p>\xddade s\xfcresi 14 g\xfcnd\xfcr</p>")
		src := w.site(t, s, knowledge.Site{URL: "/"})
		w.expect(t, s, src.ID, map[string]string{"/": "read", "/map.xml": "skipped sitemap", "/part.xml.gz": "skipped sitemap", "/hidden": "read", "/coats": "read", "/deep": "read",
			"/old": "skipped redirect", "/new": "skipped duplicate", "/away": "skipped redirect_outside", "/noindex": "skipped noindex", "/deep2": "read", "/twin": "skipped canonical",
			"/private/plan": "skipped robots", "/copy": "read", "/picture": "skipped wrong_type", "/empty": "skipped no_text", "/gone": "missing not_found", "/none": "read", "/pages": "read"})
		for words, want := range map[string]bool{"opening hours": true, "sitemaps alone": true, "deep pockets": true, "new arrivals": true, "secret plans": false,
			"unlisted offers": false, "İade süresi": true} {
			if w.knows(t, words) != want {
				t.Errorf("%q known: %v, want %v", words, !want, want)
			}
		}
		for path, n := range map[string]int{"/private/plan": 0, "/coats": 1, "/file.pdf": 0, "/lost": 0, "/robots.txt": 1, "/": 1} {
			if got := s.count(path); got != n {
				t.Errorf("%s was asked for %d times, want %d", path, got, n)
			}
		}
		c := w.crawl(t, src)
		if src.State != store.SourceReady || src.Passages == 0 || c.Found != 17 || c.Done != 17 || c.Failed != 0 || c.FinishedAt.IsZero() || c.Limited {
			t.Errorf("%+v %+v", src, c)
		}
		r := w.ask(t, "What about deep pockets?")
		if len(r.Passages) == 0 || r.Passages[0].URL != s.URL+"/deep" {
			t.Errorf("a passage does not name its page: %+v", r.Passages)
		}
	})
}

func TestASecondReadingTouchesOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	crawling(t, func(t *testing.T, w *world, s *shopSite) {
		s.says("/", "opening hours", "/a", "/b", "/c")
		s.says("/a", "wool coats")
		s.says("/b", "rain boots")
		s.sends("/c", "text/html", "<p>"+"no entity tag stands here, and the words stay</p><!-- 1 -->")
		src := w.site(t, s, knowledge.Site{URL: "/", Schedule: "daily"})
		if c := w.crawl(t, src); c.Changed != 4 || c.NextAt.Sub(c.StartedAt) != 24*time.Hour {
			t.Errorf("%+v", c)
		}
		before := w.passages(t, src.ID)
		s.says("/a", "silk coats")
		s.sends("/c", "text/html", "<p>"+"no entity tag stands here, and the words stay</p><!-- 2 -->")
		s.set("/b", nil)
		src = w.again(t, src.ID)
		if c := w.crawl(t, src); c.Changed != 1 || c.Round != 2 || c.Done != 4 {
			t.Errorf("%+v", c)
		}
		after := w.passages(t, src.ID)
		for text, id := range before {
			if !strings.Contains(text, "wool") && after[text] != id {
				t.Errorf("%q was put in anew", text)
			}
		}
		if !w.knows(t, "silk coats") || w.knows(t, "wool coats") || !w.knows(t, "rain boots") {
			t.Error("after the first miss")
		}
		w.expect(t, s, src.ID, map[string]string{"/": "read", "/a": "read", "/b": "missing not_found", "/c": "read"})
		src = w.again(t, src.ID)
		if w.knows(t, "rain boots") {
			t.Error("a page that was gone twice is still known")
		}
		if c := w.crawl(t, src); c.Changed != 1 || c.Found != 3 {
			t.Errorf("%+v", c)
		}
		s.says("/b", "rain boots") // and comes again
		s.says("/", "opening hours of all", "/a", "/b", "/c")
		w.again(t, src.ID)
		if !w.knows(t, "rain boots") {
			t.Error("a page that came again is not known")
		}
	})
}

func (w *world) passages(t *testing.T, id desk.ID) map[string]desk.ID {
	t.Helper()
	all, err := w.k.Passages(t.Context(), w.ws, id)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]desk.ID{}
	for _, p := range all {
		out[p.Text] = p.ID
	}
	return out
}

func TestAPlanIsChangedAndANameIsFound(t *testing.T) {
	t.Parallel()
	crawling(t, func(t *testing.T, w *world, s *shopSite) {
		s.says("/", "opening hours")
		src := w.site(t, s, knowledge.Site{URL: "/"})
		weekly, limit, name, other := "weekly", 7, "Zanzibar", "https://example.com/"
		change := knowledge.Change{Name: &name, Plan: knowledge.Plan{Schedule: &weekly, Limit: &limit}}
		if _, err := w.k.Update(t.Context(), w.ws, src.ID, change); err != nil {
			t.Fatal(err)
		}
		if c := w.crawl(t, src); c.Schedule != "weekly" || c.Limit != 7 || c.NextAt.Sub(c.StartedAt) != 7*24*time.Hour {
			t.Errorf("%+v", c)
		}
		if found, err := w.k.Search(t.Context(), w.ws, "zanzibar", "", 5); err != nil || len(found) == 0 {
			t.Errorf("the new name finds nothing: %v", err)
		}
		if now := w.settled(t, src.ID); now.State != store.SourceReady {
			t.Errorf("%+v", now)
		}
		if _, err := w.k.Update(t.Context(), w.ws, src.ID, knowledge.Change{URL: &other}); reasonOf(err) != "wrong_kind" {
			t.Error(err)
		}
	})
}
