package desk

import (
	"errors"
	"strconv"
)

// ID names a row: a time-ordered 63-bit number, a decimal string in JSON.
// The zero ID means "none" and is never a row.
type ID int64

func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// MarshalText writes the decimal form; "none" is the empty string.
func (id ID) MarshalText() ([]byte, error) {
	if id == 0 {
		return []byte{}, nil
	}
	return strconv.AppendInt(nil, int64(id), 10), nil
}

// UnmarshalText accepts what MarshalText writes and nothing else.
func (id *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = 0
		return nil
	}
	v, err := ParseID(string(b))
	*id = v
	return err
}

// ParseID reads a positive decimal id without sign, blanks or leading zeros.
func ParseID(s string) (ID, error) {
	if s == "" || len(s) > 19 || s[0] < '1' || s[0] > '9' {
		return 0, errors.New("an id is a positive decimal number")
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, errors.New("an id is a positive decimal number")
	}
	return ID(v), nil
}
