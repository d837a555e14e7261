package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Agent is the name we go by in robots.txt; our calls say it in User-Agent.
const Agent = "ParleyBot"

// Limits of robots.txt.
const (
	maxRobots = 512 << 10 // bytes that are read
	maxRules  = 2000
	maxMaps   = 20
	maxDelay  = time.Minute
)

// Rules are what a site's robots.txt says to us.
type Rules struct {
	paths []rule
	Delay time.Duration // between two pages; 0 = it does not say
	Maps  []string      // sitemaps it names
}

type rule struct {
	allow   bool
	pattern string
}

// Robots reads a robots.txt: the groups that name us, or else those for everybody.
func Robots(raw []byte) Rules {
	var ours, all Rules
	named := false                            // some group names us
	var mine, any, open = false, false, false // about the group being read
	s := string(raw[:min(len(raw), maxRobots)])
	for l := range strings.Lines(strings.ReplaceAll(strings.TrimPrefix(s, "\xef\xbb\xbf"), "\r", "\n")) {
		l, _, _ = strings.Cut(l, "#")
		key, value, ok := strings.Cut(l, ":")
		if !ok {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch key {
		case "user-agent":
			if open { // the first rule ended the list of names
				mine, any, open = false, false, false
			}
			us := strings.EqualFold(value, Agent)
			mine, any, named = mine || us, any || value == "*", named || us
			continue
		case "sitemap":
			if len(all.Maps) < maxMaps {
				all.Maps = append(all.Maps, value)
			}
			continue
		}
		open = true
		if mine {
			ours.take(key, value)
		}
		if any {
			all.take(key, value)
		}
	}
	if named {
		ours.Maps = all.Maps
		return ours
	}
	return all
}

func (r *Rules) take(key, value string) {
	switch key {
	case "allow", "disallow":
		if value != "" && len(r.paths) < maxRules && len(value) <= MaxAddress {
			r.paths = append(r.paths, rule{key == "allow", value})
		}
	case "crawl-delay":
		if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 {
			r.Delay = min(time.Duration(min(s, 3600)*float64(time.Second)), maxDelay)
		}
	}
}

// Allows tells whether we may read a page: the longest rule that fits decides,
// and of two equal ones the one that allows.
func (r Rules) Allows(u *url.URL) bool {
	at := u.EscapedPath()
	if u.RawQuery != "" {
		at += "?" + u.RawQuery
	}
	longest, allowed := -1, true
	for _, one := range r.paths {
		if n := len(one.pattern); n >= longest && fits(one.pattern, at) {
			allowed = one.allow || n == longest && allowed
			longest = n
		}
	}
	return allowed
}

// fits matches a pattern with * and $ against the beginning of a path, in time
// that grows with the product of both and no faster.
func fits(pattern, s string) bool {
	whole := strings.HasSuffix(pattern, "$")
	pattern = strings.TrimSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	for i, p := range parts[1:] {
		if whole && i == len(parts)-2 {
			return strings.HasSuffix(s, p)
		}
		at := strings.Index(s, p)
		if at < 0 {
			return false
		}
		s = s[at+len(p):]
	}
	return !whole || s == ""
}

// Text is a robots.txt that says the same to us, without its sitemaps: what is
// kept of it.
func (r Rules) Text() string {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	if r.Delay > 0 {
		b.WriteString("Crawl-delay: " + strconv.FormatFloat(r.Delay.Seconds(), 'f', -1, 64) + "\n")
	}
	for _, one := range r.paths {
		word := "Disallow: "
		if one.allow {
			word = "Allow: "
		}
		if b.Len()+len(one.pattern) > maxKept {
			break
		}
		b.WriteString(word + one.pattern + "\n")
	}
	return b.String()
}

const maxKept = 64 << 10
