package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep JSON may be nested.
const maxDepth = 32

// body reads what came along, bounded, and refuses what no handler should have
// to think about: another type, too long, not UTF-8, NUL, deep nesting, a name
// twice. It puts the bytes back for the handler.
func (a *API) body(rt Route, r *http.Request) error {
	if r.Body == nil || r.Body == http.NoBody || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if rt.Stream {
		r.Body = http.MaxBytesReader(nil, r.Body, rt.Body)
		return nil
	}
	raw, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, rt.Body))
	var tooLong *http.MaxBytesError
	switch {
	case errors.Is(err, cutOff{}):
		return tooSlow(err)
	case errors.As(err, &tooLong):
		return refuse(http.StatusRequestEntityTooLarge, "too_large", "this request is larger than is allowed here")
	case err != nil:
		return refuse(http.StatusBadRequest, "cut_off", "the request ended early")
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	if len(raw) == 0 || rt.Raw {
		return nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json")):
		return checkJSON(raw)
	case err == nil && rt.Form && kind == "multipart/form-data":
		return nil
	}
	return refuse(http.StatusUnsupportedMediaType, "content_type", "send application/json")
}

// checkJSON walks the whole text once before anything is built from it.
func checkJSON(raw []byte) error {
	if !utf8.Valid(raw) {
		return refuse(http.StatusBadRequest, "not_utf8", "the text is not valid UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var open []level
	for begun := false; ; begun = true {
		tok, err := dec.Token()
		whole := begun && len(open) == 0
		if errors.Is(err, io.EOF) && whole {
			return nil
		}
		if err != nil || whole { // something follows the one value
			return refuse(http.StatusBadRequest, "not_json", "the body is not JSON")
		}
		if open, err = step(open, tok); err != nil {
			return err
		}
	}
}

// level is one open object or array; names are those of an object so far.
type level struct {
	names map[string]bool
	value bool // the next string is a value, not a name
}

func step(open []level, tok json.Token) ([]level, error) {
	top := len(open) - 1
	isName := top >= 0 && open[top].names != nil && !open[top].value
	switch v := tok.(type) {
	case json.Delim:
		if v == '}' || v == ']' {
			return closed(open[:top]), nil
		}
		if len(open) == maxDepth {
			return nil, refuse(http.StatusBadRequest, "too_deep", "JSON may be nested 32 deep")
		}
		next := level{}
		if v == '{' {
			next.names = map[string]bool{}
		}
		return append(open, next), nil
	case string:
		if strings.ContainsRune(v, 0) {
			return nil, refuse(http.StatusBadRequest, "nul", "text must not hold a NUL character")
		}
		if isName {
			name := strings.ToLower(v) // as the decoder matches them
			if open[top].names[name] {
				return nil, refuse(http.StatusBadRequest, "name_twice", "an object names a field twice")
			}
			open[top].names[name], open[top].value = true, true
			return open, nil
		}
	case json.Number:
		if _, err := v.Float64(); err != nil { // no reader takes it, and each says so in its own way
			return nil, refuse(http.StatusBadRequest, "number_size", "a number is larger than any that is read here")
		}
	}
	return closed(open), nil
}

// closed marks that a value ended: an object waits for its next name.
func closed(open []level) []level {
	if top := len(open) - 1; top >= 0 {
		open[top].value = false
	}
	return open
}
