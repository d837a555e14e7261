package api

import (
	"net/http"
	"slices"
)

// stored is a thing that may stand in a browser; its words are policy.stored.*.
type stored struct {
	name   string
	words  string
	cookie []string // the names an answer may set it under; none = kept by the page itself
}

// register is THE list of what may stand in a browser. /cookies is made of it,
// and an answer sets no cookie that is not on it.
func register() []stored {
	return []stored{
		{name: cookieSecure, words: "session", cookie: []string{cookieSecure, cookieLocal}},
		{name: "parley-choices", words: "choices"},
		{name: "parley:…", words: "chat"},
	}
}

// unregistered takes the cookies that are not on the list out of an answer's
// header, and says how many they were. What cannot be read is not on it.
func unregistered(h http.Header) int {
	lines := h["Set-Cookie"]
	if len(lines) == 0 {
		return 0
	}
	kept := slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		c, err := http.ParseSetCookie(line)
		return err != nil || !slices.ContainsFunc(register(), func(s stored) bool { return slices.Contains(s.cookie, c.Name) })
	})
	if len(kept) == 0 {
		h.Del("Set-Cookie")
	} else {
		h["Set-Cookie"] = kept
	}
	return len(lines) - len(kept)
}
