package meta

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// pair is one field of an object.
type pair struct {
	key string
	val any
}

// obj is a JSON object that keeps the order in which its fields were written,
// so that bodies look as the reference prints them.
type obj []pair

// absent is the value of a field that is left out.
type absent struct{}

// o makes an obj of keys and values in turn; absent values are left out.
func o(kv ...any) obj {
	out := make(obj, 0, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		if _, out := kv[i+1].(absent); out {
			continue
		}
		key, _ := kv[i].(string)
		out = append(out, pair{key, kv[i+1]})
	}
	return out
}

// opt leaves an empty string out.
func opt(s string) any {
	if s == "" {
		return absent{}
	}
	return s
}

// when leaves a value out unless the condition holds.
func when(ok bool, v any) any {
	if ok {
		return v
	}
	return absent{}
}

func (x obj) get(key string) (any, bool) {
	for _, p := range x {
		if p.key == key {
			return p.val, true
		}
	}
	return nil, false
}

// with gives a copy with more fields at its end.
func (x obj) with(kv ...any) obj { return append(x[:len(x):len(x)], o(kv...)...) }

// encode writes JSON as Meta's servers do: ASCII only, non-ASCII as \uXXXX in
// lower case, the slash as \/.
func encode(v any) []byte { return appendJSON(nil, v) }

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case string:
		return appendString(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case uint64:
		return strconv.AppendUint(b, v, 10)
	case float64:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case json.Number:
		return append(b, v...)
	case obj:
		return appendObject(b, v)
	case []obj:
		return appendList(b, v)
	case []string:
		return appendList(b, v)
	case []any:
		return appendList(b, v)
	case map[string]any:
		return appendMap(b, v)
	}
	return appendString(b, fmt.Sprint(v))
}

func appendObject(b []byte, x obj) []byte {
	b = append(b, '{')
	for i, p := range x {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, p.key), ':')
		b = appendJSON(b, p.val)
	}
	return append(b, '}')
}

func appendList[T any](b []byte, list []T) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, v)
	}
	return append(b, ']')
}

func appendMap(b []byte, m map[string]any) []byte {
	x := make(obj, 0, len(m))
	for _, k := range sortedKeys(m) {
		x = append(x, pair{k, m[k]})
	}
	return appendObject(b, x)
}

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\' || r == '/':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r < 0x20 || r == 0x7f || r >= utf8.RuneSelf && r < 0x10000:
			b = fmt.Appendf(b, `\u%04x`, r)
		case r >= 0x10000:
			r -= 0x10000
			b = fmt.Appendf(b, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		default:
			b = append(b, byte(r))
		}
	}
	return append(b, '"')
}
