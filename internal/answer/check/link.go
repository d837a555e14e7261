package check

import (
	"net/url"
	"regexp"
	"strings"

	"parley/internal/kit/text"
)

var (
	linkLike  = regexp.MustCompile(`(?i)(?:\b[a-z][a-z0-9+.\-]{1,9}://|\bwww\.)[^\s<>"']+|\b(?:[a-z0-9](?:[a-z0-9\-]{0,62})\.)+(?:com|net|org|io|de|tr|es|fr|co|uk|shop|store|app|info|eu|at|ch|sa|ae|eg|me|ly|link|xyz|biz|online|site|top|dev|ai|us|nl|it|ru|cn|in|br|example|test|click|gg|to|cc|tv)\b(?:[/?#][^\s<>"']*)?`)
	disguise  = regexp.MustCompile(`(?i)\]\s*\(|\]\s*\[[^\]]*\]|<\s*(?:a|img|iframe|script|link|form)\b|\bhref\s*=|javascript:|\bdata:[a-z]+/|vbscript:|\bhxxps?:|\[\s*\.\s*\]|\(\s*dot\s*\)|\bdot (?:com|net|org)\b|\]:\s*\S`)
	emailLike = regexp.MustCompile(`(?i)[\p{L}\p{N}._%+\-]{1,64}@(?:[\p{L}\p{N}\-]{1,63}\.){1,8}[\p{L}]{2,24}`)
)

// links: every link leads to an allowed host, plainly written, and stands in
// what the part rests on.
func (r *run) links(p Part) string {
	s := emailLike.ReplaceAllString(p.Text, " ")
	if disguise.MatchString(s) {
		return "disguised"
	}
	var known []string
	for _, source := range r.sources(p, true) {
		for _, l := range linkLike.FindAllString(emailLike.ReplaceAllString(source, " "), -1) {
			known = append(known, address(l))
		}
	}
	for _, l := range linkLike.FindAllString(s, -1) {
		host, ok := hostOf(l)
		switch {
		case !ok:
			return "odd_link"
		case !r.allowed(host):
			return "domain"
		case !stands(address(l), host, known):
			return "unknown_link"
		}
	}
	return ""
}

// hostOf is the host of a link that is written as links are.
func hostOf(link string) (string, bool) {
	link = trimLink(link)
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil || u.User != nil || u.Port() != "" || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return "", false
	}
	host := strings.ToLower(u.Hostname())
	for i := range len(host) {
		if host[i] > 0x7f {
			return "", false
		}
	}
	return host, !strings.HasPrefix(host, "xn--") && !strings.Contains(host, ".xn--")
}

func trimLink(l string) string { return strings.TrimRight(l, ".,;:!?)]}»”…،؟*") }

// address is a link without scheme, www and closing slash.
func address(l string) string {
	l = text.Fold(trimLink(l))
	if _, rest, ok := strings.Cut(l, "://"); ok {
		l = rest
	}
	return strings.TrimSuffix(strings.TrimPrefix(l, "www."), "/")
}

func (r *run) allowed(host string) bool {
	for _, d := range r.Domains {
		d = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(d)), "www.")
		if d != "" && (host == d || strings.HasSuffix(host, "."+d)) {
			return true
		}
	}
	return false
}

// stands reports whether a link is known, or is the front page of its host.
func stands(link, host string, known []string) bool {
	if link == strings.TrimPrefix(host, "www.") {
		return true
	}
	for _, k := range known {
		if k == link {
			return true
		}
	}
	return false
}
