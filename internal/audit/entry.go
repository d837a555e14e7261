package audit

import (
	"encoding/binary"
	"fmt"
	"time"
)

// Verb says which kind of processing an act is. The words are those of the
// data-protection laws (covers A-2-02).
type Verb string

// The verbs. None is for acts that touch no personal data, such as a setting.
const (
	None     Verb = "none"
	Collect  Verb = "collect"
	Read     Verb = "read"
	Change   Verb = "change"
	Disclose Verb = "disclose"
	Restrict Verb = "restrict"
	Erase    Verb = "erase"
)

// Thing is one row of one kind, such as {"contact", 7}. ID 0 means the kind as
// a whole, or the system itself.
type Thing struct {
	Kind string
	ID   int64
}

// Entry is one act. At counts in microseconds. Count is how many rows the act
// touched, where that has a meaning.
type Entry struct {
	Workspace int64
	At        time.Time
	Verb      Verb
	Action    string // e.g. "conversation.take_over"
	Actor     Thing  // member, key, operator, contact or system
	Object    Thing
	Count     int64
	Reason    []byte // sealed, or empty
}

// Limits that Check holds an entry to.
const (
	MaxName   = 64
	MaxReason = 4 << 10
)

// Error is a fault of this package. Its values are constants: compare them with
// errors.Is.
type Error string

// Error says what happened.
func (e Error) Error() string { return string(e) }

const (
	// ErrBadEntry: the entry may not enter the chain; the text names the field.
	ErrBadEntry = Error("audit: entry refused")
	// ErrBadMark: the mark cannot be made or read; the text says why.
	ErrBadMark = Error("audit: mark refused")
	// ErrUnsigned: the mark's signature is not by a trusted key.
	ErrUnsigned = Error("audit: mark not signed by a trusted key")
)

// Check refuses what could carry content: names are short and made of
// lower-case letters, digits, dot, hyphen and underscore only.
func (e Entry) Check() error {
	switch e.Verb {
	case None, Collect, Read, Change, Disclose, Restrict, Erase:
	default:
		return fmt.Errorf("%w: unknown verb", ErrBadEntry)
	}
	switch {
	case e.Workspace < 0:
		return fmt.Errorf("%w: no such workspace", ErrBadEntry)
	case !plainName(e.Action):
		return fmt.Errorf("%w: action must be 1 to %d of a-z, 0-9, dot, hyphen, underscore", ErrBadEntry, MaxName)
	case !plainName(e.Actor.Kind):
		return fmt.Errorf("%w: actor kind must be 1 to %d of a-z, 0-9, dot, hyphen, underscore", ErrBadEntry, MaxName)
	case !plainName(e.Object.Kind):
		return fmt.Errorf("%w: object kind must be 1 to %d of a-z, 0-9, dot, hyphen, underscore", ErrBadEntry, MaxName)
	case len(e.Reason) > MaxReason:
		return fmt.Errorf("%w: reason longer than %d bytes", ErrBadEntry, MaxReason)
	case e.At.IsZero():
		return fmt.Errorf("%w: no time", ErrBadEntry)
	}
	return nil
}

func plainName(s string) bool {
	if s == "" || len(s) > MaxName {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// append writes all fields so that no two entries give the same bytes: numbers
// have a fixed size, texts are preceded by their length.
func (e Entry) append(b []byte) []byte {
	for _, n := range [...]int64{e.Workspace, e.At.UnixMicro(), e.Actor.ID, e.Object.ID, e.Count} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, s := range [...]string{string(e.Verb), e.Action, e.Actor.Kind, e.Object.Kind} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.Reason)))
	return append(b, e.Reason...)
}
