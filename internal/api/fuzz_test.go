package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// What passes the check is JSON of one value that every later reader takes the
// same way: valid UTF-8, no NUL, not deeper than allowed.
func FuzzCheckedJSONIsWhatLaterReadersExpect(f *testing.F) {
	for _, s := range []string{`{"email":"a@b.c","password":"x"}`, `{"a":1,"A":2}`, `[[[[`, `{"a":"\u0000"}`, "\xff", `1 2`, `{"a":{"a":[{}]}}`, `{"a":1e999}`,
		strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if checkJSON(raw) != nil {
			return
		}
		if !json.Valid(raw) || !utf8.Valid(raw) {
			t.Fatalf("%q passed", raw)
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatalf("%q passed and is not read: %v", raw, err)
		}
		if deep(v) > maxDepth || strings.ContainsRune(flat(v), 0) {
			t.Fatalf("%q passed", raw)
		}
	})
}

// A place in a stream, from an address or a header, is a number of an event and a
// bounded wait, or it is refused.
func FuzzPlaceInAStream(f *testing.F) {
	f.Add("17", "", "20", true)
	f.Add("", "9223372036854775807", "9999999999999", true)
	f.Add("-1", "x", "", false)
	f.Fuzz(func(t *testing.T, after, last, wait string, waits bool) {
		q := url.Values{"after": {after}}
		if waits {
			q.Set("wait", wait)
		}
		r := &http.Request{URL: &url.URL{RawQuery: q.Encode()}, Header: http.Header{"Last-Event-Id": {last}}}
		place, d, err := streamPlace(r)
		if err == nil && (place < 0 || waits && (d < 0 || d > longPoll) || !waits && d != -1) {
			t.Fatalf("%q %q %q is %d, %v", after, last, wait, place, d)
		}
	})
}

func deep(v any) int {
	most := 0
	switch v := v.(type) {
	case map[string]any:
		for _, one := range v {
			most = max(most, deep(one))
		}
		return most + 1
	case []any:
		for _, one := range v {
			most = max(most, deep(one))
		}
		return most + 1
	}
	return 0
}

// flat is all text of a value.
func flat(v any) string {
	var b strings.Builder
	switch v := v.(type) {
	case string:
		b.WriteString(v)
	case map[string]any:
		for name, one := range v {
			b.WriteString(name + flat(one))
		}
	case []any:
		for _, one := range v {
			b.WriteString(flat(one))
		}
	}
	return b.String()
}
