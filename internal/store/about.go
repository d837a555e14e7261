package store

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

// AboutTable is a table that tells something about contacts.
type AboutTable struct {
	Name    string
	Columns []Column // what of it is told to the person, and keys that lead there
	path    string   // condition on its rows, $1 the workspace and $2 the contact
	Apart   string   // why its rows are not handed to the person; "" = they are
}

// apart is why rows of a table are not part of what a person is handed.
func apart(table string) string {
	switch table {
	case "event", "work", "lane":
		return "numbers of rows that are told themselves, gone within days"
	case "arrival":
		return "deliveries as they came, sealed and not sorted by person, gone after 72 hours; what they said is in the messages"
	case "attempt":
		return "counts under keyed hashes of who tried something, gone after 24 hours"
	case "disclosure":
		return "told in the list of who received something, as soon as no law forbids it"
	case "message_term", "message_place", "contact_term":
		return "keyed hashes of words that are told in clear"
	}
	return ""
}

// pathTo is the condition by which a table's rows lead to a contact; "" when
// there is none.
func pathTo(table string, has func(column string) bool) string {
	const threads = `(SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2)`
	switch {
	case table == "contact":
		return "id = $2"
	case table == "audit_entry":
		return "(object_id = $2 OR object_id IN " + threads + ")"
	case table == "case_text":
		return "case_id IN (SELECT id FROM privacy_case WHERE workspace_id = $1 AND contact_id = $2)"
	case has("contact_id"):
		return "contact_id = $2"
	case has("conversation_id"):
		return "conversation_id IN " + threads
	case has("message_id"):
		return "message_id IN (SELECT id FROM message WHERE workspace_id = $1 AND contact_id = $2)"
	}
	return ""
}

// AboutTables lists every table of the data map that tells about a contact, in
// the map's order. One without a path to its contact has an empty Apart and no
// rows: a test fails for it.
func AboutTables() ([]AboutTable, error) {
	all, err := DataMap()
	if err != nil {
		return nil, err
	}
	var order []string
	columns := map[string][]Column{}
	for _, c := range all {
		if columns[c.Table] == nil {
			order = append(order, c.Table)
		}
		columns[c.Table] = append(columns[c.Table], c)
	}
	var tables []AboutTable
	for _, name := range order {
		if t, ok := aboutTable(name, columns[name]); ok {
			tables = append(tables, t)
		}
	}
	return tables, nil
}

func aboutTable(name string, columns []Column) (AboutTable, bool) {
	knows := func(c Column) bool { return c.Subject == "contact" || c.Subject == "visitor" }
	if columns[0].KeyStore || !slices.ContainsFunc(columns, knows) {
		return AboutTable{}, false
	}
	t := AboutTable{Name: name, Apart: apart(name)}
	t.path = pathTo(name, func(column string) bool {
		return slices.ContainsFunc(columns, func(c Column) bool { return c.Name == column })
	})
	for _, c := range columns {
		if c.told() {
			t.Columns = append(t.Columns, c)
		}
	}
	return t, true
}

// Leads reports whether the rows of a table can be found by their contact.
func (t AboutTable) Leads() bool { return t.path != "" }

// told reports whether a column is handed to the person it is about: not what
// tells about members, and no hash, which says nothing to anybody.
func (c Column) told() bool {
	switch {
	case c.Subject == "member" || c.Name == "workspace_id" || c.Name == "by_id" || c.Name == "blob":
		return false
	case c.Type == "BYTES":
		return c.sealedForContact()
	}
	return true
}

func (c Column) sealedForContact() bool {
	return c.Type == "BYTES" && c.Subject == "contact" && c.Class != "none" && !strings.Contains(c.Purpose, "keyed hash") &&
		!strings.Contains(c.Purpose, "keyed hashes")
}

// About calls fn with each row of a table about a contact, opened: numbers and
// words as they are, times as RFC 3339, ids as text, sealed JSON as JSON. What is
// past its term, or whose key is gone, is left out.
func (r *Rx) About(t AboutTable, contact desk.ID, fn func(map[string]any) error) error {
	if t.Apart != "" || t.path == "" {
		return nil
	}
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	query := `SELECT ` + strings.Join(names, ", ") + ` FROM ` + t.Name + ` WHERE workspace_id = $1 AND ` + t.path
	if slices.Contains(names, "id") {
		query += ` ORDER BY id`
	}
	return r.each(query, []any{int64(r.ws), int64(contact)}, func(s scanner) error {
		row, err := r.aboutRow(s, t, contact)
		if err != nil {
			return err
		}
		return fn(row)
	})
}

func (r *Rx) aboutRow(s scanner, t AboutTable, contact desk.ID) (map[string]any, error) {
	into := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		switch c.Type {
		case "BIGINT":
			into[i] = new(int64)
		case "BOOLEAN":
			into[i] = new(bool)
		case "DOUBLE PRECISION":
			into[i] = new(float64)
		case "BYTES":
			into[i] = new([]byte)
		default:
			into[i] = new(string)
		}
	}
	if err := s.Scan(into...); err != nil {
		return nil, err
	}
	row, number := map[string]any{}, map[string]int64{"contact": int64(contact)}
	for i, c := range t.Columns {
		switch v := into[i].(type) {
		case *int64:
			number[c.Name] = *v
			row[c.Name] = toldNumber(c.Name, *v)
		case *bool:
			row[c.Name] = *v
		case *float64:
			row[c.Name] = *v
		case *string:
			row[c.Name] = *v
		}
	}
	for i, c := range t.Columns {
		sealed, ok := into[i].(*[]byte)
		if !ok || *sealed == nil {
			continue
		}
		clear, err := r.openAbout(c, number, *sealed)
		if errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrExpired) {
			continue
		}
		if err != nil {
			return nil, err
		}
		row[c.Name] = toldText(clear)
	}
	return row, nil
}

// openAbout opens a sealed column; a few are bound to more than their row.
func (r *Rx) openAbout(c Column, n map[string]int64, sealed []byte) ([]byte, error) {
	id := desk.ID(n["id"])
	switch c.Table {
	case "ai_log":
		return r.openAILog(id, sealed)
	case "lab_result":
		return r.openLabResult(LabResult{Run: desk.ID(n["run_id"]), N: int(n["n"])}, sealed)
	case "contact_profile":
		return r.open(c.Table, c.Name+"/"+desk.ID(n["account_id"]).String(), desk.ID(n["contact_id"]), sealed)
	}
	return r.open(c.Table, c.Name, id, sealed)
}

// toldNumber shows a time as a time and an id as text, which every reader keeps
// whole.
func toldNumber(column string, v int64) any {
	isTime := column == "at" || column == "until" || strings.HasSuffix(column, "_at") || strings.HasSuffix(column, "_until")
	switch {
	case isTime && v == 0:
		return nil
	case isTime:
		return at(v).UTC().Format(time.RFC3339Nano)
	case column == "id" || strings.HasSuffix(column, "_id"):
		return strconv.FormatInt(v, 10)
	}
	return v
}

func toldText(clear []byte) any {
	var v any
	if len(clear) > 0 && (clear[0] == '{' || clear[0] == '[') && json.Unmarshal(clear, &v) == nil {
		return v
	}
	return string(clear)
}
