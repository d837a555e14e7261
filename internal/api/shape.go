package api

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
)

// stamp is a time in JSON: RFC 3339, UTC, milliseconds.
type stamp time.Time

const stampForm = "2006-01-02T15:04:05.000Z07:00"

// MarshalJSON writes null for the zero time.
func (s stamp) MarshalJSON() ([]byte, error) {
	if time.Time(s).IsZero() {
		return []byte("null"), nil
	}
	return time.Time(s).UTC().AppendFormat([]byte{'"'}, stampForm+`"`), nil
}

// UnmarshalJSON reads what MarshalJSON writes, for programs in Go.
func (s *stamp) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, (*time.Time)(s)) }

// Schema describes it.
func (stamp) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time"}
}

// moment is a time that may be absent (null).
type moment time.Time

// MarshalJSON writes null for the zero time.
func (m moment) MarshalJSON() ([]byte, error) { return stamp(m).MarshalJSON() }

// UnmarshalJSON reads what MarshalJSON writes.
func (m *moment) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, (*time.Time)(m)) }

// Schema describes it.
func (moment) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Nullable: true}
}

// opt is an object that may be null.
type opt[T any] struct{ v *T }

// some is a present one.
func some[T any](v T) opt[T] { return opt[T]{&v} }

// MarshalJSON writes null when there is none.
func (o opt[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.v) }

// UnmarshalJSON reads what MarshalJSON writes.
func (o *opt[T]) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &o.v) }

// Schema describes it as "that, or null".
func (opt[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{r.Schema(reflect.TypeFor[T](), true, ""), {Type: "null"}}}
}

// Page is one part of a list; Next is the cursor of the part after it, "" at
// the end.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next"`
}

// given wraps a body for huma.
type given[T any] struct{ Body T }

func reply[T any](v T, err error) (*given[T], error) {
	if err != nil {
		return nil, err
	}
	return &given[T]{v}, nil
}

type nothing struct{}

// Paging is the input of a list.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
	Cursor string `query:"cursor" maxLength:"200"`
}

func errCursor(err error) error {
	return &desk.Error{Code: desk.Invalid, Reason: "cursor", Text: "this cursor is not of this list; leave it out to start from the first page", Cause: err}
}

// after reads the cursor of a list that is ordered by one id.
func (p Paging) after(list string) (desk.ID, error) {
	keys, err := cursor.Read(list, p.Cursor, 1)
	if err != nil {
		return 0, errCursor(err)
	}
	if keys == nil {
		return 0, nil
	}
	return desk.ID(keys[0]), nil
}

// page shows up to limit of the rows (the caller asked for one more) and makes
// the cursor from the last one shown.
func page[R, T any](rows []R, limit int, show func(R) T, next func(R) string) Page[T] {
	p := Page[T]{Items: []T{}}
	for i, r := range rows {
		if i == limit {
			p.Next = next(rows[i-1])
			break
		}
		p.Items = append(p.Items, show(r))
	}
	return p
}

// ByID is an operation on one row. (Types that inputs embed are exported,
// because huma reads no others.)
type ByID struct {
	ID string `path:"id" pattern:"^[1-9][0-9]{0,18}$" doc:"Id"`
}

func (b ByID) id() desk.ID { return rowID(b.ID) }

// rowID reads an id from a path; what is none is 0, which is never a row.
func rowID(s string) desk.ID {
	id, err := desk.ParseID(s)
	if err != nil {
		return 0
	}
	return id
}

// orEmpty keeps a list from being null in JSON.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }
