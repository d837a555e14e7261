package cursor

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
)

const (
	maxKeys = 8
	maxText = 200
)

// ErrBad is what Read says of a cursor it did not make.
var ErrBad = errors.New("cursor: not a cursor of this list; leave it out to start from the first page")

// Make gives the place after a row: list names the list and its order (for
// example "conversations/activity"), keys are the row's sort keys, at most 8.
// With no keys it gives "", the cursor of a last page.
func Make(list string, keys ...int64) string {
	if len(keys) == 0 {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(pack(list, keys))
}

// Read gives back exactly n keys. An empty s is the first page: nil, nil.
func Read(list, s string, n int) ([]int64, error) {
	if s == "" {
		return nil, nil
	}
	if len(s) > maxText || n < 1 || n > maxKeys {
		return nil, ErrBad
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, ErrBad
	}
	rest, ok := bytes.CutPrefix(b, pack(list, nil))
	if !ok {
		return nil, ErrBad
	}
	keys := make([]int64, n)
	for i := range keys {
		v, used := binary.Varint(rest)
		if used <= 0 {
			return nil, ErrBad
		}
		keys[i], rest = v, rest[used:]
	}
	// One spelling per place: a padded number or a line break inside reads back
	// too, but would not have been written so.
	if len(rest) > 0 || Make(list, keys...) != s {
		return nil, ErrBad
	}
	return keys, nil
}

func pack(list string, keys []int64) []byte {
	b := binary.AppendUvarint(nil, uint64(len(list)))
	b = append(b, list...)
	for _, k := range keys {
		b = binary.AppendVarint(b, k)
	}
	return b
}
