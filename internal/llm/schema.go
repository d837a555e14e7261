package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// Schema is the form of an answer: the part of JSON Schema that both vendors
// hold strictly. Objects name all their properties, require them all and take no
// others; lists have items; values are string, number, integer, boolean, or one
// of an enum. minItems, maxItems and maxLength are checked here, whether a
// vendor holds them or not.
type Schema struct {
	Name string // letters, digits, _ and -, up to 64
	JSON json.RawMessage
}

// node is one level of a schema.
type node struct {
	Type        string           `json:"type"`
	Description string           `json:"description,omitempty"`
	Properties  map[string]*node `json:"properties,omitempty"`
	Required    []string         `json:"required,omitempty"`
	Additional  *bool            `json:"additionalProperties,omitempty"`
	Items       *node            `json:"items,omitempty"`
	Enum        []string         `json:"enum,omitempty"`
	MinItems    *int             `json:"minItems,omitempty"`
	MaxItems    *int             `json:"maxItems,omitempty"`
	MaxLength   *int             `json:"maxLength,omitempty"`
}

// Limits of answers by a schema.
const (
	maxJSON  = 256 << 10
	maxDepth = 12
)

// Valid says what is wrong with the schema itself.
func (s *Schema) Valid() error {
	_, err := s.parse()
	return err
}

func (s *Schema) parse() (*node, error) {
	bad := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	}
	if s.Name == "" || len(s.Name) > 64 || slices.ContainsFunc([]rune(s.Name), bad) {
		return nil, wrong("a schema's name has letters, digits, _ and -")
	}
	d := json.NewDecoder(bytes.NewReader(s.JSON))
	d.DisallowUnknownFields()
	var n node
	if err := d.Decode(&n); err != nil {
		return nil, wrong("the schema " + s.Name + " is not the strict kind: " + err.Error())
	}
	if n.Type != "object" {
		return nil, wrong("the schema " + s.Name + " is not of an object")
	}
	if err := n.valid(1); err != nil {
		return nil, wrong("the schema " + s.Name + ": " + err.Error())
	}
	return &n, nil
}

func (n *node) valid(depth int) error {
	if n == nil || depth > maxDepth {
		return errors.New("a level is missing or too deep")
	}
	switch n.Type {
	case "string", "number", "integer", "boolean":
		return nil
	case "array":
		return n.Items.valid(depth + 1)
	case "object":
		if n.Additional == nil || *n.Additional || len(n.Required) != len(n.Properties) {
			return errors.New("an object requires all its properties and takes no others")
		}
		for name, p := range n.Properties {
			if !slices.Contains(n.Required, name) {
				return fmt.Errorf("%s is not required", name)
			}
			if err := p.valid(depth + 1); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("the type %q is not one of the strict kind", n.Type)
}

// Check says where an answer does not fit, as an *Error of kind Broken. The
// error names places of the schema, never what stands there.
func (s *Schema) Check(answer []byte) error {
	n, err := s.parse()
	if err != nil {
		return err
	}
	if err := n.fits(answer); err != nil {
		return &Error{Kind: Broken, Cause: fmt.Errorf("the answer does not fit %s: %w", s.Name, err)}
	}
	return nil
}

func (n *node) fits(answer []byte) error {
	if len(answer) > maxJSON {
		return fmt.Errorf("it has more than %d bytes", maxJSON)
	}
	if !utf8.Valid(answer) {
		return errors.New("it is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	if err := n.read(d, "answer"); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the answer")
	}
	return nil
}

// read takes one value from d. It reads token by token, so that a property that
// comes twice is seen.
func (n *node) read(d *json.Decoder, at string) error {
	t, err := d.Token()
	if err != nil {
		return fmt.Errorf("%s is no whole JSON", at)
	}
	ok := false
	switch v := t.(type) {
	case json.Delim:
		switch {
		case v == '{' && n.Type == "object":
			return n.readObject(d, at)
		case v == '[' && n.Type == "array":
			return n.readArray(d, at)
		}
	case string:
		ok = n.Type == "string" && (n.Enum == nil || slices.Contains(n.Enum, v))
		if ok && n.MaxLength != nil && utf8.RuneCountInString(v) > *n.MaxLength {
			return fmt.Errorf("%s has more than %d letters", at, *n.MaxLength)
		}
	case json.Number:
		_, whole := v.Int64()
		ok = n.Type == "number" || n.Type == "integer" && whole == nil
	case bool:
		ok = n.Type == "boolean"
	}
	if !ok {
		return fmt.Errorf("%s is no %s of the schema", at, n.Type)
	}
	return nil
}

func (n *node) readObject(d *json.Decoder, at string) error {
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return fmt.Errorf("%s is no whole JSON", at)
		}
		p := n.Properties[name]
		if p == nil {
			return fmt.Errorf("%s has a property that the schema does not name", at)
		}
		if seen[name] {
			return fmt.Errorf("%s.%s comes twice", at, name)
		}
		seen[name] = true
		if err := p.read(d, at+"."+name); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("%s is no whole JSON", at)
	}
	for _, name := range n.Required {
		if !seen[name] {
			return fmt.Errorf("%s.%s is missing", at, name)
		}
	}
	return nil
}

func (n *node) readArray(d *json.Decoder, at string) error {
	count := 0
	for ; d.More(); count++ {
		if n.MaxItems != nil && count == *n.MaxItems {
			return fmt.Errorf("%s has more than %d items", at, *n.MaxItems)
		}
		if err := n.Items.read(d, fmt.Sprintf("%s[%d]", at, count)); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("%s is no whole JSON", at)
	}
	if n.MinItems != nil && count < *n.MinItems {
		return fmt.Errorf("%s has fewer than %d items", at, *n.MinItems)
	}
	return nil
}
