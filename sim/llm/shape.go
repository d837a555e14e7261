package llm

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// complaint is what is wrong with a request, before a vendor's envelope is put
// around it.
type complaint struct {
	kind string // unknown, missing, type, value, schema, setting
	at   string // "messages[0].content"
	text string // for value, schema and setting
}

// field is what the vendor publishes about one field. check is nil where every
// value of a field that Parley does not use is let through.
type field struct {
	required bool
	check    func(v any, at string) *complaint
}

// shape is an object: its fields, and no others.
type shape map[string]field

func (s shape) object(v any, at string) *complaint {
	m, ok := v.(map[string]any)
	if !ok {
		return &complaint{kind: "type", at: at, text: "an object"}
	}
	for _, name := range sorted(m) {
		f, known := s[name]
		if !known {
			return &complaint{kind: "unknown", at: join(at, name)}
		}
		if f.check == nil {
			continue
		}
		if c := f.check(m[name], join(at, name)); c != nil {
			return c
		}
	}
	for _, name := range sorted(s) {
		if _, there := m[name]; s[name].required && !there {
			return &complaint{kind: "missing", at: join(at, name)}
		}
	}
	return nil
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func isText(v any, at string) *complaint {
	if s, ok := v.(string); !ok {
		return &complaint{kind: "type", at: at, text: "a string"}
	} else if s == "" {
		return &complaint{kind: "value", at: at, text: "must not be empty"}
	}
	return nil
}

func isBool(v any, at string) *complaint {
	if _, ok := v.(bool); !ok {
		return &complaint{kind: "type", at: at, text: "a boolean"}
	}
	return nil
}

func between(low, high float64, whole bool) func(any, string) *complaint {
	return func(v any, at string) *complaint {
		n, ok := v.(json.Number)
		f, err := n.Float64()
		if !ok || err != nil || whole && f != math.Trunc(f) {
			return &complaint{kind: "type", at: at, text: "a number"}
		}
		if f < low || f > high {
			return &complaint{kind: "value", at: at, text: fmt.Sprintf("must be between %v and %v", low, high)}
		}
		return nil
	}
}

func oneOf(words ...string) func(any, string) *complaint {
	return func(v any, at string) *complaint {
		if s, ok := v.(string); !ok || !slices.Contains(words, s) {
			return &complaint{kind: "value", at: at, text: "must be one of " + strings.Join(words, ", ")}
		}
		return nil
	}
}

func listOf(item func(any, string) *complaint, most int) func(any, string) *complaint {
	return func(v any, at string) *complaint {
		list, ok := v.([]any)
		if !ok {
			return &complaint{kind: "type", at: at, text: "an array"}
		}
		if len(list) == 0 || len(list) > most {
			return &complaint{kind: "value", at: at, text: fmt.Sprintf("must have 1 to %d items", most)}
		}
		for i, x := range list {
			if c := item(x, fmt.Sprintf("%s[%d]", at, i)); c != nil {
				return c
			}
		}
		return nil
	}
}

// either takes a string, or what other takes.
func either(other func(any, string) *complaint) func(any, string) *complaint {
	return func(v any, at string) *complaint {
		if _, ok := v.(string); ok {
			return isText(v, at)
		}
		return other(v, at)
	}
}

// strictSchema holds a schema to the part of JSON Schema that both vendors take
// in strict mode.
func strictSchema(v any, at string) *complaint {
	if m, ok := v.(map[string]any); !ok || m["type"] != "object" {
		return &complaint{kind: "schema", at: at, text: "schema must be a JSON Schema of 'type: \"object\"'"}
	}
	return strictNode(v, at, 0)
}

func strictNode(v any, at string, depth int) *complaint {
	m, ok := v.(map[string]any)
	bad := func(text string) *complaint { return &complaint{kind: "schema", at: at, text: text} }
	if !ok || depth > 10 {
		return bad("a level is no object or too deep")
	}
	for _, k := range sorted(m) {
		if !slices.Contains([]string{"type", "description", "properties", "required", "additionalProperties", "items", "enum"}, k) {
			return bad("'" + k + "' is not permitted")
		}
	}
	kind, _ := m["type"].(string)
	switch kind {
	case "string", "number", "integer", "boolean":
		return nil
	case "array":
		return strictNode(m["items"], at+".items", depth+1)
	case "object":
	default:
		return bad("'type' is required")
	}
	if m["additionalProperties"] != false {
		return bad("'additionalProperties' is required to be supplied and to be false")
	}
	required, _ := m["required"].([]any)
	props, _ := m["properties"].(map[string]any)
	for _, name := range sorted(props) {
		if !slices.Contains(required, any(name)) {
			return bad("'required' is required to be supplied and to be an array including every key in properties. Missing '" + name + "'")
		}
		if c := strictNode(props[name], at+".properties."+name, depth+1); c != nil {
			return c
		}
	}
	if len(required) != len(props) {
		return bad("'required' names a key that is not in properties")
	}
	return nil
}
