package llm

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Plain is the schema as a vendor gets it: in the order it was written, in which
// models answer, and without the bounds that not every vendor takes. Check holds
// an answer to those.
func (s *Schema) Plain() (json.RawMessage, error) {
	if err := s.Valid(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	d := json.NewDecoder(bytes.NewReader(s.JSON))
	d.UseNumber()
	if err := plain(d, &b, true); err != nil {
		return nil, wrong("the schema " + s.Name + " is no JSON")
	}
	return b.Bytes(), nil
}

// plain copies one value. keywords: the keys of this object are JSON Schema's,
// not the names of properties.
func plain(d *json.Decoder, b *bytes.Buffer, keywords bool) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := t.(json.Delim)
	if !ok {
		return write(b, t)
	}
	b.WriteString(open.String())
	for first := true; d.More(); {
		key := ""
		var value bytes.Buffer
		if open == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			key, _ = name.(string)
			if err := write(&value, key); err != nil {
				return err
			}
			value.WriteByte(':')
		}
		if err := plain(d, &value, open == '[' || !keywords || key != "properties"); err != nil {
			return err
		}
		if open == '{' && keywords && slices.Contains([]string{"minItems", "maxItems", "maxLength"}, key) {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.Write(value.Bytes())
	}
	end, err := d.Token()
	if err != nil {
		return err
	}
	b.WriteString(end.(json.Delim).String())
	return nil
}

func write(b *bytes.Buffer, v any) error {
	raw, err := json.Marshal(v)
	b.Write(raw)
	return err
}
