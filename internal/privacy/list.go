package privacy

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
)

// Bounds of a list that a provider mails.
const (
	MaxList    = 4 << 20 // bytes
	MaxListIDs = 50_000
	maxListID  = 32 // digits of one id
	// ListStep is how many ids are matched together.
	ListStep = 500
)

// IDList is what a list of user ids that a provider mailed holds. A line whose
// first field is no id, such as a heading, counts as Other.
type IDList struct {
	IDs   []string // each once, in the order of the list
	Other int
}

// ReadIDList reads one id per line, or the first column of a CSV file. desk.Invalid
// for a file that is longer than MaxList or holds no id.
func ReadIDList(r io.Reader) (IDList, error) {
	var list IDList
	bounded := &io.LimitedReader{R: r, N: MaxList + 1}
	lines := bufio.NewScanner(bounded)
	lines.Buffer(make([]byte, 0, 4<<10), 64<<10)
	seen := map[string]bool{}
	for lines.Scan() {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		switch id := firstField(line); {
		case line == "" || seen[id]:
		case !isID(id):
			list.Other++
		case len(list.IDs) == MaxListIDs:
			return IDList{}, desk.Fail(desk.Invalid, "list_too_long", "a list has at most 50000 ids; cut it into several files")
		default:
			seen[id] = true
			list.IDs = append(list.IDs, id)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return IDList{}, desk.Fail(desk.Invalid, "not_a_list", "a line of this file is too long: it is no list of user ids")
	case err != nil:
		return IDList{}, err
	case bounded.N == 0:
		return IDList{}, desk.Fail(desk.Invalid, "list_too_long", "a list has at most 4 MiB; cut it into several files")
	case len(list.IDs) == 0:
		return IDList{}, desk.Fail(desk.Invalid, "not_a_list", "this file holds no user id: one id per line, or the first column of a CSV file")
	}
	return list, nil
}

func firstField(line string) string {
	if !strings.ContainsAny(line, `",;`+"\t") {
		return line
	}
	r := csv.NewReader(strings.NewReader(strings.NewReplacer(";", ",", "\t", ",").Replace(line)))
	r.LazyQuotes, r.FieldsPerRecord = true, -1
	fields, err := r.Read()
	if err != nil || len(fields) == 0 {
		return line
	}
	return strings.TrimSpace(fields[0])
}

// isID: Meta's ids are numbers.
func isID(s string) bool {
	return s != "" && len(s) <= maxListID && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}

// Listed is what became of one id of a list.
type Listed struct {
	ID      string         `json:"id"`
	Matched map[string]int `json:"matched"` // counts by name, as Case.Outcome; empty = nobody is known by it
	Code    string         `json:"code"`    // opens the case's status page; "" where nothing matched
}

// Import opens a deletion case for every id of a list that matches an account or
// a contact, and says of the others honestly that nothing does: of them nothing
// is kept. The same id on the same day is one case. At most ListStep ids.
func (c *Cases) Import(ctx context.Context, ids []string) ([]Listed, error) {
	if len(ids) > ListStep || slices.ContainsFunc(ids, func(id string) bool { return !isID(id) }) {
		return nil, desk.Fail(desk.Invalid, "not_a_list", "send at most 500 user ids at a time, each a number")
	}
	day := c.DB.Clock().Now().UTC().Truncate(24 * time.Hour)
	all := make([]Listed, 0, len(ids))
	for _, id := range ids {
		q := Request{Kind: Deletion, User: id, At: day}
		matched, err := c.match(ctx, q)
		if err != nil {
			return all, err
		}
		one := Listed{ID: id, Matched: map[string]int{}}
		for _, here := range matched {
			for what, n := range here {
				one.Matched[what] += n
			}
		}
		if len(matched) > 0 {
			if one.Code, err = c.Open(ctx, q); err != nil {
				return all, err
			}
		}
		all = append(all, one)
	}
	return all, nil
}
