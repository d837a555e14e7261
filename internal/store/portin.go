package store

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/desk"
	"parley/internal/vault"
)

const (
	sqlArrive    = `INSERT INTO workspace (id, name, locale, languages, mode, paused, ai_epoch, burst_us, created_at, ending, arriving_at) VALUES ($1, '', '', '', 'off', FALSE, 0, 0, $2, TRUE, $2)`
	sqlArriving  = `SELECT id, arriving_at FROM workspace WHERE arriving_at > 0 ORDER BY id`
	sqlArrived   = `UPDATE workspace SET ending = FALSE, arriving_at = 0 WHERE id = $1 AND arriving_at > 0`
	sqlReconnect = `UPDATE channel_account SET state = $2 WHERE workspace_id = $1 AND state = $3
		AND EXISTS (SELECT 1 FROM account_card c WHERE c.workspace_id = $1 AND c.account_id = channel_account.id)`
	sqlTaken = `SELECT count(*) FROM channel_account WHERE kind = $1 AND outside_id = $2`
)

// Arriving are the workspaces that are being brought from another install, with
// since when.
func (db *DB) Arriving(ctx context.Context) (map[desk.ID]time.Time, error) {
	all := map[desk.ID]time.Time{}
	err := db.In(0).Read(ctx, func(r *Rx) error {
		clear(all)
		return r.each(sqlArriving, nil, func(s scanner) error {
			var id, since int64
			err := s.Scan(&id, &since)
			all[desk.ID(id)] = at(since)
			return err
		})
	})
	return all, err
}

// Arrive begins to bring the workspace of the transaction, which is nobody's until
// Arrived; desk.Conflict when one of its number is there.
func (t *Tx) Arrive() error {
	_, err := t.exec(sqlArrive, int64(t.ws), us(t.now))
	return err
}

// Arrived ends that: from its commit on the workspace is like any other. Accounts
// that a provider gave a token for are to be connected again: it stayed behind.
func (t *Tx) Arrived() error {
	if _, err := t.exec(sqlReconnect, int64(t.ws), string(desk.AccountReconnect), string(desk.AccountActive)); err != nil {
		return err
	}
	return t.must("workspace", sqlArrived, int64(t.ws))
}

// PutPort writes a row that Port gave, sealed with this install's keys. A row that
// this program cannot hold is desk.Invalid and says which column.
func (t *Tx) PutPort(in PortTable, row map[string]json.RawMessage) error {
	v, err := t.portIn(in, row)
	if err == nil {
		err = t.portRules(&v)
	}
	if err != nil {
		return err
	}
	set, marks, args := []string{}, []string{}, []any{int64(t.ws)}
	for _, c := range in.Columns {
		if value, ok := v.values[c.Name]; ok {
			args = append(args, value)
			set, marks = append(set, c.Name), append(marks, fmt.Sprint("$", len(args)))
		}
	}
	if in.Name == "workspace" {
		for i := range set {
			set[i] += " = " + marks[i]
		}
		return t.must("workspace", `UPDATE workspace SET `+strings.Join(set, ", ")+` WHERE id = $1`, args...)
	}
	if _, err = t.exec(`INSERT INTO `+in.Name+` (workspace_id, `+strings.Join(set, ", ")+`) VALUES ($1, `+strings.Join(marks, ", ")+`)`, args...); err != nil {
		return err
	}
	if in.Name == "member" {
		hash, err := t.db.vault.Hash(t.ctx, 0, emailLabel, v.words["email"])
		if err != nil {
			return err
		}
		_, err = t.exec(sqlInsertSignIn, hash, int64(t.ws), int64(v.id()))
		return err
	}
	return nil
}

// portedRow is a row on its way in.
type portedRow struct {
	table  PortTable
	values map[string]any    // by column, as the database holds them
	words  map[string]string // what of it was sealed, in clear
}

func (v portedRow) id() desk.ID {
	n, _ := v.values["id"].(int64)
	return desk.ID(n)
}

func (v portedRow) bad(column string) error {
	return desk.Fail(desk.Invalid, "bad_row", "table "+v.table.Name+", column "+column+": this is no value for it; was the file changed?")
}

func (t *Tx) portIn(in PortTable, row map[string]json.RawMessage) (portedRow, error) {
	v := portedRow{table: in, values: map[string]any{}, words: map[string]string{}}
	var of map[string]string
	if raw, ok := row[SealedFor]; ok && json.Unmarshal(raw, &of) != nil {
		return v, v.bad(SealedFor)
	}
	plain := PortRow{}
	for name, raw := range row {
		if name == SealedFor {
			continue
		}
		if !in.has(name) {
			return v, desk.Fail(desk.Conflict, "schema_newer", "table "+in.Name+" has no column "+name+" here: a newer Parley made this file; bring it in with that version")
		}
		if err := v.plain(in, name, raw, plain); err != nil {
			return v, err
		}
	}
	for _, c := range in.Columns {
		if raw, ok := row[c.Name]; ok && c.Type == "BYTES" {
			if err := t.portBytes(&v, c, portedBytes{raw, of[c.Name], plain}); err != nil {
				return v, err
			}
		}
	}
	return v, nil
}

// plain reads a value that is no bytes.
func (v portedRow) plain(in PortTable, name string, raw json.RawMessage, as PortRow) error {
	for _, c := range in.Columns {
		if c.Name != name || c.Type == "BYTES" {
			continue
		}
		var err error
		switch c.Type {
		case "BIGINT":
			var n int64
			d := json.NewDecoder(bytes.NewReader(raw))
			d.UseNumber()
			var any any
			if err = d.Decode(&any); err == nil {
				n, err = plainNumber(any)
			}
			v.values[name], as[name] = n, n
		case "BOOLEAN":
			var yes bool
			err = json.Unmarshal(raw, &yes)
			v.values[name] = yes
		case "DOUBLE PRECISION":
			var f float64
			err = json.Unmarshal(raw, &f)
			v.values[name] = f
		default:
			var s string
			if err = json.Unmarshal(raw, &s); err == nil && !holdable(s) {
				err = errPortValue
			}
			v.values[name], as[name] = s, s
		}
		if err != nil {
			return v.bad(name)
		}
	}
	return nil
}

// holdable reports whether both databases take a text.
func holdable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

type portedBytes struct {
	raw json.RawMessage
	of  string // subject whose key seals it; "" = the workspace's
	row PortRow
}

func (t *Tx) portBytes(v *portedRow, c Column, in portedBytes) error {
	held, err := unportClear(in.raw)
	if err != nil {
		return v.bad(c.Name)
	}
	if c.raw() || len(held) == 0 {
		v.values[c.Name] = held
		return nil
	}
	v.words[c.Name] = string(held)
	ref := t.workspaceKey()
	if in.of != "" {
		of, err := plainNumber(in.of)
		if err != nil || of <= 0 {
			return v.bad(SealedFor)
		}
		ref = t.subject(desk.ID(of))
	}
	key, err := t.db.vault.Key(t.ctx, ref) // durable before the row
	if err != nil {
		return err
	}
	name, id := t.portPlace(c, in.row)
	v.values[c.Name] = t.db.vault.Seal(key, t.ad(c.Table, name, id), held)
	return nil
}

// unportClear reads what portClear wrote.
func unportClear(raw json.RawMessage) ([]byte, error) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return []byte(s), nil
	}
	var packed struct {
		JSON   json.RawMessage `json:"json"`
		Base64 *string         `json:"base64"`
	}
	switch err := json.Unmarshal(raw, &packed); {
	case err != nil:
		return nil, err
	case packed.Base64 != nil:
		return base64.StdEncoding.DecodeString(*packed.Base64)
	case packed.JSON != nil:
		return packed.JSON, nil
	}
	return nil, errPortValue
}

// portRules holds a row to what its table means, whoever wrote the file.
func (t *Tx) portRules(v *portedRow) error {
	switch v.table.Name {
	case "member":
		if v.values["role"] == string(desk.RoleOperator) || v.words["email"] == "" {
			return desk.Fail(desk.Invalid, "bad_member", "a member of the file is an operator or has no address: operators are of their own install")
		}
	case "channel_account":
		return t.portAccount(v)
	case "certificate": // the number of its act is one of the other install's ledger
		if act, is := v.values["act_no"].(int64); is && act > 0 {
			v.values["act_no"] = -act
		}
	}
	if v.table.Name == "member" || v.table.Name == "contact" { // even who has nothing sealed yet
		_, err := t.db.vault.Key(t.ctx, vault.Ref{Workspace: int64(t.ws), Kind: vault.Subject, Of: int64(v.id())})
		return err
	}
	return nil
}

// portAccount refuses what another workspace has connected.
func (t *Tx) portAccount(v *portedRow) error {
	kind, outside := v.values["kind"], v.values["outside_id"]
	var n int
	err := t.row(sqlTaken, kind, outside).Scan(&n)
	if err == nil && n > 0 {
		err = desk.Fail(desk.Conflict, "channel_taken", fmt.Sprintf("the %v account %v is connected in another workspace of this install: disconnect it there first", kind, outside))
	}
	return err
}
