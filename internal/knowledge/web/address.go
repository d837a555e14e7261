package web

import (
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// Limits of an address.
const (
	MaxAddress  = 2000 // bytes
	maxSegments = 16   // parts of a path; more are a site that answers anything
	maxRepeats  = 2    // how often one part may come: /a/b/a/b/a/b is a loop
	maxQuery    = 3    // parameters that are followed
)

// ErrAddress refuses what no web page has.
var ErrAddress = errors.New("an address looks like https://example.com/page")

// Typed reads an address that a person typed: without a scheme it is https.
func Typed(s string) (*url.URL, error) {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	return clean(s)
}

// clean gives the one form of an address: scheme and host in small letters and
// ASCII, no default port, no fragment, no user, no "..", parameters sorted and
// without those that only follow people around.
func clean(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || len(s) > MaxAddress || u.Opaque != "" || u.User != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, ErrAddress
	}
	host, err := ascii(u.Hostname())
	if strings.Contains(u.Hostname(), ":") {
		host, err = "["+u.Hostname()+"]", nil
	}
	if err != nil || host == "" {
		return nil, ErrAddress
	}
	if port := u.Port(); port != "" && (u.Scheme != "http" || port != "80") && (u.Scheme != "https" || port != "443") {
		host += ":" + port
	}
	u.Host, u.Fragment, u.RawFragment = strings.ToLower(host), "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	if tidy := path.Clean(u.Path); tidy != u.Path && tidy+"/" != u.Path {
		slash := strings.HasSuffix(u.Path, "/")
		u.Path, u.RawPath = tidy, ""
		if slash {
			u.Path += "/"
		}
	}
	q := u.Query()
	for name := range q {
		if followsPeople(name) {
			q.Del(name)
		}
	}
	u.RawQuery, u.ForceQuery = q.Encode(), false
	if len(u.String()) > MaxAddress { // escaping may have made it longer
		return nil, ErrAddress
	}
	return u, nil
}

// ascii is the name of a host as it is looked up; one that would be read otherwise
// a second time is none.
func ascii(host string) (string, error) {
	name, err := idna.Lookup.ToASCII(host)
	name = strings.TrimSuffix(name, ".")
	if again, bad := idna.Lookup.ToASCII(name); err != nil || bad != nil || again != name || strings.HasSuffix(name, ".") || strings.Contains(name, "..") {
		return "", ErrAddress
	}
	return name, nil
}

// followsPeople reports parameters that change nothing about a page.
func followsPeople(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "utm_") || slices.Contains([]string{"gclid", "fbclid", "msclkid", "yclid", "dclid", "igshid", "mc_cid", "mc_eid",
		"phpsessid", "jsessionid", "sid", "sessionid", "ref", "_ga", "srsltid"}, name)
}

// Site is what two addresses share when they are of one site: the host, with or
// without "www.", and its port.
func Site(u *url.URL) string { return strings.TrimPrefix(u.Host, "www.") }

// Resolve gives where a link of a page leads: inside the same site, and a page
// by its name; ok is false for anything else. A site that speaks https is not
// left for http.
func Resolve(page *url.URL, base, link string) (to *url.URL, ok bool) {
	from := page
	if base != "" {
		if b, err := page.Parse(base); err == nil {
			from = b
		}
	}
	raw, err := from.Parse(strings.TrimSpace(link))
	if err != nil {
		return nil, false
	}
	if to, err = clean(raw.String()); err != nil || Site(to) != Site(page) {
		return nil, false
	}
	if page.Scheme == "https" && to.Host == page.Host {
		to.Scheme = "https"
	}
	return to, true
}

// Follows reports an address that is worth asking for: no file by its ending, no
// trap by its form.
func Follows(u *url.URL) bool {
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) > maxSegments || len(u.Query()) > maxQuery {
		return false
	}
	seen := map[string]int{}
	for _, p := range parts {
		if seen[p]++; seen[p] > maxRepeats && p != "" {
			return false
		}
	}
	ext := strings.ToLower(path.Ext(u.Path))
	return ext == "" || len(ext) > 6 || !slices.Contains(files, ext[1:])
}

// files are endings of what is no page.
var files = []string{"jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "ico", "bmp", "tif", "tiff", "css", "js", "mjs", "json", "map", "woff", "woff2", "ttf", "otf",
	"eot", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "csv", "zip", "gz", "rar", "7z", "tar", "exe", "dmg", "apk", "iso", "mp3", "mp4", "m4a",
	"avi", "mov", "webm", "ogg", "wav", "xml", "rss", "atom", "ics", "vcf", "txt"}

// Path is an address without its query: the sum of its variants is bounded.
func Path(u *url.URL) string { return u.Scheme + "://" + u.Host + u.Path }
