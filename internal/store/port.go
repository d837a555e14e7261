package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/desk"
	"parley/internal/vault"
)

// PortTable is a table whose rows a workspace takes along to another install.
type PortTable struct {
	Name    string
	Columns []Column // that go along, in the data map's order
}

// stays is why the rows of a table do not go along; "" = they do.
func stays(table string) string {
	if leftOut(table) {
		return "of one sign-in or process, or ends by itself within days under keys that are never saved"
	}
	if why := endSpared()[table]; why != "" && table != "workspace" {
		return why
	}
	switch table {
	case "access_key", "sign_in", "outside_identity", "reset_ask", "own_visit", "factor", "recovery_code", "member_device", "spent_challenge", "key_network":
		return "a way in here; members set a password there, by mail"
	case "account_secret", "connect_offer", "ai_key":
		return "a secret that a provider gave to this install; it is given anew there"
	case "work", "lane", "letter", "event", "blob_drop", "attempt":
		return "on its way, gone within days"
	case "alert", "security_event", "fault", "policy_report", "entitlement", "suspension", "appeal", "ai_hold":
		return "between the workspace and who runs this install"
	case "knowledge_index", "passage_vector", "meaning":
		return "made anew from the passages"
	case "person_copy":
		return "ends within days; made anew when it is asked for"
	}
	return ""
}

// staysHere reports whether a column's values do not go along although its table
// does.
func (c Column) staysHere() bool {
	switch c.Table + "." + c.Name {
	case "workspace.id", "workspace.suspended", "workspace.closed_at", "workspace.ending", "workspace.arriving_at":
		return true
	case "privacy_case.code_hash", "privacy_case.proof_hash": // who has a code reads their case there
		return false
	}
	return c.Name == "workspace_id" || c.Class == "secret"
}

// raw reports whether bytes stand as they are: hashes, and numbers of the index.
func (c Column) raw() bool {
	hash := strings.Contains(c.Purpose, "hash") || strings.Contains(c.Purpose, "SHA-256")
	return hash && !strings.Contains(c.Purpose, "sealed") || c.Table == "message_term"
}

// PortTables lists what goes along, the workspace's own row first, and why every
// other table stays.
func PortTables() (along []PortTable, stay map[string]string, err error) {
	all, err := DataMap()
	if err != nil {
		return nil, nil, err
	}
	stay = map[string]string{}
	for _, c := range all {
		if why := stays(c.Table); why != "" || c.KeyStore {
			stay[c.Table] = why
			continue
		}
		i := slices.IndexFunc(along, func(t PortTable) bool { return t.Name == c.Table })
		if i < 0 {
			i, along = len(along), append(along, PortTable{Name: c.Table})
		}
		if !c.staysHere() {
			along[i].Columns = append(along[i].Columns, c)
		}
	}
	return along, stay, nil
}

func (t PortTable) has(column string) bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == column })
}

// PortRow is a row on its way: values by column. Numbers that are ids are text,
// times RFC 3339 or null, what was sealed is text, {"json": …} where it is JSON, or
// {"base64": …}. SealedFor names the subject of each value that one's key seals.
type PortRow map[string]any

// SealedFor is the member of a PortRow that says whose each value is.
const SealedFor = "_sealed_for"

func (t PortTable) query() string {
	names, order := make([]string, len(t.Columns)), []string{}
	for i, c := range t.Columns {
		names[i] = c.Name
		if c.Type == "BIGINT" || c.Type == "TEXT" {
			order = append(order, c.Name)
		}
	}
	if t.has("id") {
		order = []string{"id"}
	}
	where := "workspace_id"
	if t.Name == "workspace" {
		where = "id"
	}
	return `SELECT ` + strings.Join(names, ", ") + ` FROM ` + t.Name + ` WHERE ` + where + ` = $1 ORDER BY ` + strings.Join(order, ", ")
}

// Port calls fn with each row of a table as it goes along. A value whose key is
// gone is left out.
func (r *Rx) Port(t PortTable, fn func(PortRow) error) error {
	cells := table{name: t.Name}
	for _, c := range t.Columns {
		cells.columns = append(cells.columns, column{c.Name, strings.Replace(c.Type, "BYTES", "BLOB", 1)})
	}
	return r.each(t.query(), []any{int64(r.ws)}, func(s scanner) error {
		values, err := cells.scan(s)
		if err != nil {
			return err
		}
		row, err := r.portRow(t, values)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		return fn(row)
	})
}

func (r *Rx) portRow(t PortTable, values []any) (PortRow, error) {
	row, of := PortRow{}, map[string]string{}
	for i, c := range t.Columns {
		if c.Type != "BYTES" {
			row[c.Name] = portPlain(c.Name, values[i])
		}
	}
	for i, c := range t.Columns {
		held, ok := values[i].([]byte)
		switch {
		case !ok:
			continue
		case c.raw() || len(held) == 0:
			row[c.Name] = inBase64(held)
			continue
		}
		name, id := r.portPlace(c, row)
		clear, err := r.open(c.Table, name, id, held)
		if errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrExpired) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		row[c.Name] = portClear(clear)
		ref, err := r.db.vault.RefOf(r.ctx, held)
		if err != nil {
			return nil, err
		}
		if ref.Kind == vault.Subject {
			of[c.Name] = strconv.FormatInt(ref.Of, 10)
		}
	}
	if len(of) > 0 {
		row[SealedFor] = of
	}
	return row, nil
}

// portPlace is what a sealed value of a row is bound to: its column and row. A few
// are bound to more than the row's id.
func (r *Rx) portPlace(c Column, row PortRow) (name string, id desk.ID) {
	number := func(column string) desk.ID {
		switch v := row[column].(type) {
		case string:
			n, _ := strconv.ParseInt(v, 10, 64) // not a number: bound to nothing, and does not open
			return desk.ID(n)
		case int64:
			return desk.ID(v)
		}
		return 0
	}
	switch c.Table {
	case "contact_profile":
		return fmt.Sprint(c.Name, "/", number("account_id")), number("contact_id")
	case "account_card", "template_list":
		return c.Name, number("account_id")
	case "passage_edit":
		return c.Name, number("passage_id")
	case "source_crawl":
		return c.Name, number("source_id")
	case "ai_setting":
		return c.Name, number("version")
	case "synonym":
		return fmt.Sprint(c.Name, ":", row["language"]), r.ws
	}
	return c.Name, number("id")
}

// portPlain shows a number as the time or the id that it is, if it comes back the
// same from that.
func portPlain(column string, v any) any {
	n, ok := v.(int64)
	if !ok {
		return v
	}
	shown := toldNumber(column, n)
	if back, err := plainNumber(shown); err != nil || back != n {
		return n
	}
	if number, ok := shown.(int64); ok && max(number, -number) > exactNumber {
		return strconv.FormatInt(number, 10)
	}
	return shown
}

// exactNumber is the largest number that every reader of JSON keeps whole.
const exactNumber = 1 << 53

// plainNumber reads what toldNumber shows.
func plainNumber(v any) (int64, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case int64:
		return v, nil
	case json.Number:
		return v.Int64()
	case string:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return n, nil
		}
		t, err := time.Parse(time.RFC3339Nano, v)
		return us(t), err
	}
	return 0, errPortValue
}

var errPortValue = errors.New("a value is not of its column's kind")

func inBase64(b []byte) map[string]string {
	return map[string]string{"base64": base64.StdEncoding.EncodeToString(b)}
}

// portClear writes what was sealed so that the same bytes come back.
func portClear(clear []byte) any {
	if len(clear) > 0 && (clear[0] == '{' || clear[0] == '[') {
		var same bytes.Buffer
		if json.Compact(&same, clear) == nil && bytes.Equal(same.Bytes(), clear) {
			return map[string]json.RawMessage{"json": clear}
		}
	}
	if utf8.Valid(clear) {
		return string(clear)
	}
	return inBase64(clear)
}

// Shape is how a column's values are written in an export.
func (c Column) Shape() string {
	_, asText := toldNumber(c.Name, 1).(string)
	switch {
	case c.Type == "BYTES" && c.raw():
		return "bytes"
	case c.Type == "BYTES":
		return "sealed text"
	case c.Type == "BOOLEAN":
		return "true or false"
	case c.Type == "TEXT":
		return "text"
	case c.Type == "BIGINT" && asText && (c.Name == "id" || strings.HasSuffix(c.Name, "_id")):
		return "id"
	case c.Type == "BIGINT" && asText:
		return "time"
	}
	return "number"
}
