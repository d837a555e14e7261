package meta

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of one request body.
const (
	maxBody  = 1 << 20   // bytes of JSON or form
	maxMedia = 101 << 20 // bytes of a multipart upload
	maxDepth = 12        // of nested JSON
)

// reading holds the first thing wrong with a request: later reads of the same
// request change nothing, so a handler checks once, at its end.
type reading struct {
	first *fault
	// wrong makes the refusal: WhatsApp tells a missing from a bad value, the
	// others answer 100 to both.
	wrong func(missing bool, text string) *fault
}

// object is a JSON object of a request. Every field must be read before end.
type object struct {
	*reading
	at   string // "message[attachment]"
	m    map[string]any
	seen map[string]bool
}

func newObject(m map[string]any, wrong func(bool, string) *fault) *object {
	return &object{reading: &reading{wrong: wrong}, m: m, seen: map[string]bool{}}
}

func (r *reading) fail(f *fault) {
	if r.first == nil {
		r.first = f
	}
}

func (x *object) bad(missing bool, text string, args ...any) {
	if x.first == nil {
		x.first = x.wrong(missing, fmt.Sprintf(text, args...))
	}
}

func (x *object) name(key string) string {
	if x.at == "" {
		return key
	}
	return x.at + "[" + key + "]"
}

// has reports whether a field is there, without reading it.
func (x *object) has(key string) bool {
	_, ok := x.m[key]
	return ok
}

func (x *object) take(key string) (any, bool) {
	x.seen[key] = true
	v, ok := x.m[key]
	return v, ok
}

// ignore marks fields that mean nothing here.
func (x *object) ignore(keys ...string) {
	for _, k := range keys {
		x.seen[k] = true
	}
}

// str reads a text; "" when it is not there.
func (x *object) str(key string) string {
	v, ok := x.take(key)
	if !ok {
		return ""
	}
	s, isText := v.(string)
	if !isText {
		x.bad(false, "Param %s must be a string", x.name(key))
	}
	return s
}

// need reads a text that must be there and not be empty.
func (x *object) need(key string) string {
	s := x.str(key)
	if strings.TrimSpace(s) == "" {
		x.bad(true, "The parameter %s is required", x.name(key))
	}
	return s
}

// limited reads a needed text of at most n characters.
func (x *object) limited(key string, n int) string {
	s := x.need(key)
	x.length(key, s, n)
	return s
}

// within reads a text of at most n characters that may be missing.
func (x *object) within(key string, n int) string {
	s := x.str(key)
	x.length(key, s, n)
	return s
}

func (x *object) length(key, s string, n int) {
	if utf8.RuneCountInString(s) > n {
		x.bad(false, "Length of param %s must be less than or equal to %d", x.name(key), n)
	}
}

// oneOf reads a needed text that is one of a list.
func (x *object) oneOf(key string, allowed ...string) string {
	s := x.need(key)
	if !slices.Contains(allowed, s) {
		x.bad(false, "Param %s must be one of {%s}", x.name(key), strings.ToUpper(strings.Join(allowed, ", ")))
	}
	return s
}

// flag reads true or false; forms send them as words.
func (x *object) flag(key string) bool {
	v, ok := x.take(key)
	if !ok {
		return false
	}
	b, isBool := v.(bool)
	if s, isText := v.(string); isText {
		b, isBool = s == "true", s == "true" || s == "false"
	}
	if !isBool {
		x.bad(false, "Param %s must be a boolean", x.name(key))
	}
	return b
}

// number reads a number that must be there.
func (x *object) number(key string) float64 {
	v, ok := x.take(key)
	if !ok {
		x.bad(true, "The parameter %s is required", x.name(key))
		return 0
	}
	n, isNumber := v.(json.Number)
	if s, isText := v.(string); isText {
		n, isNumber = json.Number(s), true
	}
	f, err := n.Float64()
	if !isNumber || err != nil {
		x.bad(false, "Param %s must be a number", x.name(key))
	}
	return f
}

// obj reads an object that must be there; the one it gives is never nil.
func (x *object) obj(key string) *object {
	v, ok := x.take(key)
	if !ok {
		x.bad(true, "The parameter %s is required", x.name(key))
	}
	m, isObject := v.(map[string]any)
	if ok && !isObject {
		x.bad(false, "Param %s must be an object", x.name(key))
	}
	return &object{reading: x.reading, at: x.name(key), m: m, seen: map[string]bool{}}
}

// list reads a list of objects with between lo and hi elements.
func (x *object) list(key string, lo, hi int) []*object {
	v, ok := x.take(key)
	if !ok && lo > 0 {
		x.bad(true, "The parameter %s is required", x.name(key))
	}
	items, isList := v.([]any)
	if ok && (!isList || len(items) < lo || len(items) > hi) {
		x.bad(false, "Param %s must be a list of %d to %d elements", x.name(key), lo, hi)
	}
	var out []*object
	for i, item := range items {
		m, isObject := item.(map[string]any)
		if !isObject {
			x.bad(false, "Param %s[%d] must be an object", x.name(key), i)
		}
		out = append(out, &object{reading: x.reading, at: fmt.Sprintf("%s[%d]", x.name(key), i), m: m, seen: map[string]bool{}})
	}
	return out
}

// end refuses every field that nobody read.
func (x *object) end() {
	for _, k := range sortedKeys(x.m) {
		if !x.seen[k] {
			x.bad(false, "Unexpected key %q on param %q", k, x.at)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// parseObject reads one JSON object with nothing after it, of limited depth and
// in valid UTF-8 without NUL.
func parseObject(raw []byte) (map[string]any, error) {
	if !utf8.Valid(raw) || bytes.Contains(raw, []byte(`\u0000`)) || bytes.IndexByte(raw, 0) >= 0 {
		return nil, errors.New("the body is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something after the object")
	}
	if depth(m) > maxDepth {
		return nil, errors.New("the body is nested too deeply")
	}
	return m, nil
}

func depth(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			deepest = max(deepest, depth(e))
		}
	case []any:
		for _, e := range v {
			deepest = max(deepest, depth(e))
		}
	default:
		return 0
	}
	return deepest + 1
}
