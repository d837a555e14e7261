package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/clock"
)

func TestAnAddressHasOneForm(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"example.com": "https://example.com/", " HTTP://Example.COM:80/a/../b?utm_source=x&b=2&a=1#top ": "http://example.com/b?a=1&b=2", "https://example.com:443/x/": "https://example.com/x/",
		"https://şeker.com.tr/": "https://xn--eker-45a.com.tr/", "https://example.com./": "https://example.com/", "https://example.com/a//b": "https://example.com/a/b",
		"https://example.com/?gclid=1&PHPSESSID=2": "https://example.com/", "http://127.0.0.1:8080/x": "http://127.0.0.1:8080/x", "http://[::1]/": "http://[::1]/",
		"https://example.com/a%2Fb": "https://example.com/a%2Fb",
	} {
		if u, err := Typed(typed); err != nil || u.String() != want {
			t.Errorf("%q: %v %v, want %s", typed, u, err, want)
		}
	}
	for _, bad := range []string{"", "ftp://example.com", "https://", "https://u:p@example.com", "javascript:alert(1)", "https://exa mple.com", "https://" + strings.Repeat("a", 2001), "mailto:a@b.c", "https://a\x00b.com"} {
		if u, err := Typed(bad); err == nil {
			t.Errorf("%q is %s", bad, u)
		}
	}
}

func TestALinkLeadsNowhereButIntoTheSite(t *testing.T) {
	t.Parallel()
	page, _ := Typed("https://www.example.com/shop/page")
	for link, want := range map[string]string{
		"a": "https://www.example.com/shop/a", "/a?utm_medium=x": "https://www.example.com/a", "https://example.com/b": "https://example.com/b", "http://www.example.com/c": "https://www.example.com/c",
		"//www.example.com/d": "https://www.example.com/d", "https://evil.example/": "", "https://www.example.com.evil.example/": "", "https://sub.example.com/": "", "https://example.com:8443/": "",
		"mailto:x@example.com": "", "javascript:x()": "", "data:text/html,x": "", "https://u@www.example.com/": "", "tel:+90": "", "http://[::1]/": "",
	} {
		u, ok := Resolve(page, "", link)
		if ok != (want != "") || ok && u.String() != want {
			t.Errorf("%s: %v, want %q", link, u, want)
		}
	}
	if u, ok := Resolve(page, "/base/", "x"); !ok || u.Path != "/base/x" {
		t.Error(u)
	}
	if _, ok := Resolve(page, "https://evil.example/", "x"); ok {
		t.Error("a base elsewhere leads away")
	}
	for at, want := range map[string]bool{"/a": true, "/a.html": true, "/a.php?x=1": true, "/a.pdf": false, "/a.JPG": false, "/a/b/a/b/a/b": false, "/x?a=1&b=2&c=3&d=4": false,
		"/" + strings.Repeat("a/", 20): false, "/v1.2": true, "/feed.xml": false} {
		u, _ := url.Parse("https://example.com" + at)
		if Follows(u) != want {
			t.Errorf("%s: %v", at, !want)
		}
	}
}

func TestRobotsIsReadAsItsStandardSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		robots   string
		yes, no  string
		delay    time.Duration
		sitemaps int
	}{
		"nothing":              {robots: "", yes: "/ /a"},
		"all":                  {robots: "User-agent: *\nDisallow: /", no: "/ /a"},
		"empty disallow":       {robots: "User-agent: *\nDisallow:", yes: "/ /a"},
		"ours beats all":       {robots: "User-agent: *\nDisallow: /\nUser-agent: parleybot\nDisallow: /x", yes: "/ /a", no: "/x /xy"},
		"others are not ours":  {robots: "User-agent: GoogleBot\nDisallow: /\n", yes: "/a"},
		"groups share rules":   {robots: "User-agent: a\nUser-agent: ParleyBot\nDisallow: /x\n\nUser-agent: b\nDisallow: /y", yes: "/y", no: "/x"},
		"two groups of ours":   {robots: "User-agent: ParleyBot\nDisallow: /x\nUser-agent: b\nDisallow: /z\nUser-agent: ParleyBot\nDisallow: /y", yes: "/z", no: "/x /y"},
		"longest wins":         {robots: "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c", yes: "/a/b /a/bx", no: "/a /a/c /a/b/c"},
		"allow wins a tie":     {robots: "User-agent: *\nDisallow: /a\nAllow: /a", yes: "/a"},
		"stars":                {robots: "User-agent: *\nDisallow: /*/private\nDisallow: *.php$\nDisallow: /q?*x=", yes: "/private /a.php5 /q?y=1", no: "/a/private /a/b/private/c /a.php /q?a&x=1"},
		"end":                  {robots: "User-agent: *\nDisallow: /a$", yes: "/ab", no: "/a"},
		"delay":                {robots: "User-agent: *\nCrawl-delay: 2.5\nSitemap: /a\nsitemap: /b", yes: "/", delay: 2500 * time.Millisecond, sitemaps: 2},
		"delay without bound":  {robots: "User-agent: *\nCrawl-delay: 99999999", yes: "/", delay: maxDelay},
		"comments and returns": {robots: "\xef\xbb\xbf# x\r\nUser-Agent : * # all\r\nDisallow : /x # no\r\n", yes: "/", no: "/x"},
		"rubbish":              {robots: "<html>not robots</html>\nDisallow: /x", yes: "/x"},
	} {
		r := Robots([]byte(c.robots))
		kept := Robots([]byte(r.Text()))
		for _, rules := range []Rules{r, kept} {
			for _, at := range strings.Fields(c.yes) {
				if u, _ := url.Parse("https://x.example" + at); !rules.Allows(u) {
					t.Errorf("%s: %s is not allowed", name, at)
				}
			}
			for _, at := range strings.Fields(c.no) {
				if u, _ := url.Parse("https://x.example" + at); rules.Allows(u) {
					t.Errorf("%s: %s is allowed", name, at)
				}
			}
			if rules.Delay != c.delay {
				t.Errorf("%s: %s", name, rules.Delay)
			}
		}
		if len(r.Maps) != c.sitemaps {
			t.Errorf("%s: %d sitemaps", name, len(r.Maps))
		}
	}
	star := Robots([]byte("User-agent: *\nDisallow: /" + strings.Repeat("*a", 900) + "$"))
	u, _ := url.Parse("https://x.example/" + strings.Repeat("a", 1800) + "b")
	if !star.Allows(u) {
		t.Error("a pattern of many stars")
	}
}

func TestASitemapIsReadAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	const set = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://x.example/a?b=1&amp;c=2 </loc><image:image><image:loc>https://x.example/a.jpg</image:loc></image:image></url><url><loc>https://x.example/b</loc>`
	if m := ReadMap([]byte(set)); strings.Join(m.Pages, " ") != "https://x.example/a?b=1&c=2 https://x.example/b" || len(m.Maps) != 0 || !IsMap([]byte(set)) {
		t.Errorf("%+v", m)
	}
	index := `<sitemapindex><sitemap><loc>https://x.example/1.xml</loc></sitemap></sitemapindex>`
	if m := ReadMap([]byte(index)); len(m.Maps) != 1 || len(m.Pages) != 0 {
		t.Errorf("%+v", m)
	}
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write([]byte("<urlset>"))
	for range 100_000 {
		_, _ = fmt.Fprint(z, "<url><loc>https://x.example/", strings.Repeat("a", 500), "</loc></url>")
	}
	_ = z.Close()
	if m := ReadMap(bomb.Bytes()); len(m.Pages) == 0 || len(m.Pages) > maxEntries || !IsMap(bomb.Bytes()) {
		t.Errorf("%d pages", len(m.Pages))
	}
	lol := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>https://x.example/&b;</loc></url></urlset>`
	if m := ReadMap([]byte(lol)); len(m.Pages) > 1 {
		t.Errorf("%+v", m)
	}
	if IsMap([]byte("<html>")) || IsMap([]byte("\x1f\x8b")) {
		t.Error("no sitemap")
	}
}

func TestEachHostHasItsTurn(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	f := &Fetcher{Clock: clk, Pause: time.Second}
	a, _ := url.Parse("https://a.example/x")
	b, _ := url.Parse("https://b.example/x")
	if f.Turn(a, 0) != 0 || f.Turn(b, 0) != 0 || f.Turn(a, 0) != time.Second {
		t.Error("one second between two pages of one host, none between two hosts")
	}
	clk.Advance(time.Second)
	if f.Turn(a, 5*time.Second) != 0 || f.Turn(a, 0) != 5*time.Second {
		t.Error("a site's own delay counts")
	}
	f.rest(a, time.Hour)
	if f.Turn(a, 0) != maxRest {
		t.Error("a site that asks for rest gets it, within reason")
	}
}

func TestAHeaderMayKeepAPageOut(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{"noindex": "i", "NoIndex, NoFollow": "if", "none": "if", "googlebot: noindex": "", "ParleyBot: noindex": "i", "max-snippet: 5, noindex": "i",
		"unavailable_after: 25 Jun 2030 15:00:00 PST": "", "all": ""} {
		i, f := tag(words)
		got := ""
		if i {
			got += "i"
		}
		if f {
			got += "f"
		}
		if got != want {
			t.Errorf("%s: %q", words, got)
		}
	}
}

func FuzzRobotsAndMaps(f *testing.F) {
	for _, s := range []string{"User-agent: *\nDisallow: /*a$\n", "<urlset><url><loc>https://x.example/</loc>", "\x1f\x8b", "Crawl-delay: 1e400\nUser-agent: *"} {
		f.Add([]byte(s), "/a?b")
	}
	f.Fuzz(func(t *testing.T, raw []byte, at string) {
		r := Robots(raw)
		if again := Robots([]byte(r.Text())); r.Delay < 0 || r.Delay > maxDelay || len(again.paths) > len(r.paths) {
			t.Fatal(r)
		}
		if u, err := Typed("https://x.example" + at); err == nil {
			r.Allows(u)
			Follows(u)
			if again, err := Typed(u.String()); err != nil || again.String() != u.String() {
				t.Fatalf("%s has another form: %v %v", u, again, err)
			}
			if to, ok := Resolve(u, "", string(raw)); ok && Site(to) != Site(u) {
				t.Fatal(to)
			}
		}
		IsMap(raw)
		if m := ReadMap(raw); len(m.Pages)+len(m.Maps) > maxEntries {
			t.Fatal("too many")
		}
	})
}
