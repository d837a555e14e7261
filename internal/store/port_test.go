package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// covers A-19-07: a table goes along with its workspace, or says here why not.
func TestEveryTableGoesAlongOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	along, stay, err := store.PortTables()
	if err != nil {
		t.Fatal(err)
	}
	if len(along) < 45 || along[0].Name != "workspace" {
		t.Fatalf("only %d tables: the search is broken", len(along))
	}
	for table, why := range stay {
		if slices.ContainsFunc(along, func(a store.PortTable) bool { return a.Name == table }) {
			t.Errorf("%s goes along and stays", table)
		}
		if why == "" && !strings.HasPrefix(table, "vault") && !strings.HasPrefix(table, "privacy_ledger") {
			t.Errorf("%s stays for no reason", table)
		}
	}
	for _, a := range along {
		for _, c := range a.Columns {
			if c.Class == "secret" && a.Name != "privacy_case" {
				t.Errorf("%s.%s is a secret and goes along", a.Name, c.Name)
			}
		}
	}
}

// portRow is a row of a table with something in every column.
func portRow(table store.PortTable, n int) map[string]any {
	row, of := map[string]any{}, map[string]any{}
	for i, c := range table.Columns {
		number := 1000 + n*100 + i
		isID := c.Name == "id" || strings.HasSuffix(c.Name, "_id")
		switch {
		case c.Type == "BIGINT" && isID:
			row[c.Name] = fmt.Sprint(number)
		case c.Type == "BIGINT" && (c.Name == "at" || c.Name == "until" || strings.HasSuffix(c.Name, "_at") || strings.HasSuffix(c.Name, "_until")):
			row[c.Name] = fmt.Sprintf("2026-11-21T12:00:00.%05d1Z", number)
		case strings.HasSuffix(c.Name, "_by"):
			row[c.Name] = fmt.Sprint(1<<54 + number) // more than every reader of JSON keeps whole
		case c.Type == "BIGINT":
			row[c.Name] = json.Number(fmt.Sprint(number % 90))
		case c.Type == "BOOLEAN":
			row[c.Name] = i%2 == 0
		case c.Type == "DOUBLE PRECISION":
			row[c.Name] = json.Number("0.5")
		case c.Type == "TEXT":
			row[c.Name] = fmt.Sprintf("%s %d <&> ı", c.Name, number)
		case strings.Contains(c.Purpose, "SHA-256"), strings.Contains(c.Purpose, "hash") && !strings.Contains(c.Purpose, "sealed"), table.Name == "message_term":
			row[c.Name] = map[string]any{"base64": "AAEC/w=="}
		case i%3 == 0:
			row[c.Name] = map[string]any{"json": map[string]any{"text": "<b>", "n": json.Number("123456789012345678")}}
		default:
			row[c.Name] = fmt.Sprintf("sealed %d \x00 {not json", number)
			of[c.Name] = fmt.Sprint(7000 + i)
		}
	}
	switch table.Name {
	case "channel_account":
		row["kind"], row["state"] = "widget", "active"
	case "member":
		row["role"], row["email"] = "agent", fmt.Sprintf("m%d@example.com", n)
	}
	if len(of) > 0 {
		row[store.SealedFor] = of
	}
	return row
}

// covers A-14.1-05, A-19-07: what goes along comes out as it went in, of every
// column of every table, and no row of a neighbour with it.
func TestEveryColumnComesOutAsItWentIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		along, _, err := store.PortTables()
		if err != nil {
			t.Fatal(err)
		}
		for n, ws := range []desk.ID{db.NewID(), db.NewID()} {
			h := db.In(ws)
			write := func(fn func(tx *store.Tx) error) {
				t.Helper()
				if err := h.Write(t.Context(), fn); err != nil {
					t.Fatal(err)
				}
			}
			write(func(tx *store.Tx) error { return tx.Arrive() })
			for i, table := range along {
				if want := portRow(table, n*50+i); table.Name != "workspace" || n == 0 {
					write(func(tx *store.Tx) error { return tx.PutPort(table, rawRow(t, want)) })
					if table.Name == "certificate" {
						foreign(t, h, want)
					}
					if got := ported(t, h, table); len(got) != 1 || got[0] != asText(t, want) {
						t.Errorf("%s went in as\n%s and came out as\n%s", table.Name, asText(t, want), strings.Join(got, "\n"))
					}
				}
			}
			if all, err := db.WorkspacesThere(t.Context()); err != nil || len(all) != n {
				t.Errorf("before all has arrived it is there: %v %v", all, err)
			}
			write(func(tx *store.Tx) error { return tx.Arrived() })
		}
	})
}

// foreign sees that a certificate that came along is of no act of this install,
// and lets its number be the one that says so.
func foreign(t *testing.T, h store.Handle, row map[string]any) {
	t.Helper()
	act, err := row["act_no"].(json.Number).Int64()
	if err != nil || act <= 0 {
		t.Fatal("the certificate is of no act:", row["act_no"], err)
	}
	row["act_no"] = json.Number(fmt.Sprint(-act))
	err = h.Read(t.Context(), func(r *store.Rx) error { _, err := r.CertificateOf(act); return err })
	if !desk.IsNotFound(err) {
		t.Errorf("an act of this install has another one's certificate: %v", err)
	}
}

func rawRow(t *testing.T, row map[string]any) map[string]json.RawMessage {
	t.Helper()
	raw := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(asText(t, row)), &raw); err != nil {
		t.Fatal(err)
	}
	return raw
}

func asText(t *testing.T, row any) string {
	t.Helper()
	var b strings.Builder
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	if err := out.Encode(row); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

func ported(t *testing.T, h store.Handle, table store.PortTable) (all []string) {
	t.Helper()
	err := h.Read(t.Context(), func(r *store.Rx) error {
		all = nil
		return r.Port(table, func(row store.PortRow) error { all = append(all, asText(t, row)); return nil })
	})
	if err != nil {
		t.Fatal(table.Name, err)
	}
	return all
}

// Whatever a file says, a row that cannot be held is refused and says where.
func TestARowThatCannotBeHeldIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		along, _, err := store.PortTables()
		if err != nil {
			t.Fatal(err)
		}
		named := map[string]store.PortTable{}
		for _, a := range along {
			named[a.Name] = a
		}
		tries := []struct {
			table, column string
			value         any
			reason        string
		}{
			{"contact", "created_at", "the day before", "bad_row"},
			{"contact", "id", "12345678901234567890123", "bad_row"},
			{"contact", "id", map[string]any{}, "bad_row"},
			{"contact", "limited", "yes", "bad_row"},
			{"contact", "language", "a\x00b", "bad_row"},
			{"contact", "name", map[string]any{"base64": "%%"}, "bad_row"},
			{"contact", "name", 7, "bad_row"},
			{"contact", "workspace_id", "1", "schema_newer"},
			{"contact", "shoe_size", "44", "schema_newer"},
			{"contact", store.SealedFor, map[string]any{"name": "-4"}, "bad_row"},
			{"contact", store.SealedFor, "me", "bad_row"},
			{"member", "role", "operator", "bad_member"},
			{"member", "email", "", "bad_member"},
			{"member", "password", "secret", "schema_newer"},
		}
		storetest.Account(t, db.In(storetest.Workspace(t, db, "Southwind").Workspace()), "messenger", "4711")
		taken := portRow(named["channel_account"], 1)
		taken["kind"], taken["outside_id"] = "messenger", "4711"
		refused := func(table string, row map[string]any, reason string) {
			t.Helper()
			err := h.Write(t.Context(), func(tx *store.Tx) error { return tx.PutPort(named[table], rawRow(t, row)) })
			var known *desk.Error
			if !errors.As(err, &known) || known.Reason != reason {
				t.Errorf("%s: %v, want %s", asText(t, row), err, reason)
			}
		}
		for i, try := range tries {
			row := maps.Clone(portRow(named[try.table], 10+i))
			row[try.column] = try.value
			refused(try.table, row, try.reason)
		}
		refused("channel_account", taken, "channel_taken")
		if got := ported(t, h, named["contact"]); len(got) != 0 {
			t.Errorf("something of it is there: %v", got)
		}
	})
}
