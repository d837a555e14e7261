package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"parley/internal/desk"
	"parley/internal/vault"
)

// endStep is how many rows one transaction of a workspace's deletion takes, so
// that nobody waits long behind it.
const endStep = 1000

const (
	sqlHeldContacts   = `SELECT DISTINCT contact_id FROM legal_hold WHERE workspace_id = $1 AND released_at = 0 ORDER BY contact_id`
	sqlHeldFiles      = `SELECT blob FROM media WHERE workspace_id = $1 AND blob <> '' ORDER BY id`
	sqlHeldAccounts   = `UPDATE channel_account SET outside_id = 'left:' || id, name = '', state = 'gone', settings = '{}' WHERE workspace_id = $1`
	sqlResealHold     = `UPDATE legal_hold SET reason = $3, authority = $4 WHERE workspace_id = $1 AND id = $2`
	sqlReleaseAll     = `UPDATE legal_hold SET released_at = $2 WHERE workspace_id = $1 AND released_at = 0`
	sqlDropWorkspace  = `DELETE FROM workspace WHERE id = $1 AND ending = TRUE`
	sqlKeyLedgerAfter = `DELETE FROM privacy_ledger_hash WHERE workspace_id = $1`
	// What was begun of its people is done with it; acts on the workspace itself bear its own id.
	sqlKeyLedgerEnds = `UPDATE privacy_ledger SET done_at = $2, subject_id = 0 WHERE workspace_id = $1 AND done_at = 0 AND subject_id <> $3`
)

// Kept are the contacts of an ending workspace that a legal hold keeps, with
// those who are the same person.
type Kept []desk.ID

// KeptByHold lists whom a legal hold keeps.
func (r *Rx) KeptByHold() (Kept, error) {
	var held Kept
	err := r.each(sqlHeldContacts, []any{int64(r.ws)}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		held = append(held, id)
		return err
	})
	all := slices.Clone(held)
	for _, id := range held {
		if err != nil {
			return nil, err
		}
		var same []desk.Contact
		if same, err = r.Person(id); desk.IsNotFound(err) {
			err = nil
		}
		for _, c := range same {
			all = append(all, c.ID)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), err
}

// without narrows a statement on a table to the rows that no hold keeps. The ids
// are numbers of ours, so they stand in the text.
func (e endRule) without(kept Kept) string {
	if len(kept) == 0 || e.held == heldNever {
		return ""
	}
	all := make([]string, len(kept))
	for i, id := range kept {
		all[i] = strconv.FormatInt(int64(id), 10)
	}
	who := "(" + strings.Join(all, ", ") + ")"
	of := ` NOT IN (SELECT id FROM `
	switch e.held {
	case heldNever:
	case heldAsContact:
		return ` AND id NOT IN ` + who
	case heldByContact:
		return ` AND contact_id NOT IN ` + who
	case heldByConversation:
		return ` AND conversation_id` + of + `conversation WHERE workspace_id = $1 AND contact_id IN ` + who + `)`
	case heldByMessage:
		return ` AND message_id` + of + `message WHERE workspace_id = $1 AND contact_id IN ` + who + `)`
	case heldAsAccount:
		return ` AND id NOT IN (SELECT account_id FROM identity WHERE workspace_id = $1 AND contact_id IN ` + who + `
			UNION SELECT account_id FROM conversation WHERE workspace_id = $1 AND contact_id IN ` + who + `)`
	}
	return ""
}

// delete is the statement that takes one step of a table.
func (e endRule) delete(kept Kept) string {
	free := e.without(kept)
	return fmt.Sprintf(`DELETE FROM %[1]s WHERE workspace_id = $1 AND %[2]s <= (SELECT max(%[2]s) FROM
		(SELECT %[2]s FROM %[1]s WHERE workspace_id = $1%[3]s ORDER BY %[2]s LIMIT $2) AS step)%[3]s`, e.table, e.by, free)
}

// EndStep deletes one step of a workspace's rows, of whichever table comes next
// from a place on; 0 begins. It answers the place to go on with, and done when a
// table was the last and is empty.
func (t *Tx) EndStep(place int, kept Kept) (next int, done bool, err error) {
	rules := endRules()
	for ; place < len(rules); place++ {
		n, err := t.exec(rules[place].delete(kept), int64(t.ws), endStep)
		if err != nil {
			return place, false, fmt.Errorf("%s: %w", rules[place].table, err)
		}
		if n > 0 {
			return place, false, nil
		}
	}
	return place, true, nil
}

// EndCounts counts the rows of every table that end with the workspace, of those
// that have any.
func (r *Rx) EndCounts(kept Kept) (map[string]int64, error) {
	counts := map[string]int64{}
	for _, e := range endRules() {
		var n int64
		query := `SELECT count(*) FROM ` + e.table + ` WHERE workspace_id = $1` + e.without(kept)
		if err := r.row(query, int64(r.ws)).Scan(&n); err != nil {
			return nil, fmt.Errorf("%s: %w", e.table, err)
		}
		if n > 0 {
			counts[e.table] = n
		}
	}
	return counts, nil
}

// EndTables is how many tables a deletion of a workspace looks through.
func EndTables() int { return len(endRules()) }

// ResealHolds puts what a hold says under the key of whom it keeps, because the
// workspace's own key is about to go. Channels by which they wrote lose what leads
// to the business.
func (t *Tx) ResealHolds() error {
	if _, err := t.exec(sqlHeldAccounts, int64(t.ws)); err != nil {
		return err
	}
	all, err := t.Holds(0, math.MaxInt32)
	if err != nil {
		return err
	}
	for _, h := range all {
		if !h.ReleasedAt.IsZero() {
			continue
		}
		reason, e1 := t.seal(t.subject(h.Contact), "legal_hold", "reason", h.ID, []byte(h.Reason))
		authority, e2 := t.seal(t.subject(h.Contact), "legal_hold", "authority", h.ID, []byte(h.Authority))
		if err := errors.Join(e1, e2); err != nil {
			return err
		}
		if err := t.must("hold", sqlResealHold, int64(t.ws), int64(h.ID), reason, authority); err != nil {
			return err
		}
	}
	return nil
}

// ReleaseAll ends every hold of the workspace and says how many there were.
func (t *Tx) ReleaseAll() (int64, error) { return t.exec(sqlReleaseAll, int64(t.ws), us(t.now)) }

// FilesKept lists the files of an ending workspace that still have a row.
func (r *Rx) FilesKept() (all []string, err error) {
	err = r.each(sqlHeldFiles, []any{int64(r.ws)}, func(s scanner) error {
		var name string
		err := s.Scan(&name)
		all = append(all, name)
		return err
	})
	return all, err
}

// DropWorkspace deletes the row of an ending workspace once nothing else of it is
// left; what came meanwhile is counted and leaves it. One that is gone is no error.
func (t *Tx) DropWorkspace() (left map[string]int64, err error) {
	if _, err := scanWorkspace(t.row(sqlWorkspaceLocked, int64(t.ws))); err != nil {
		return nil, mayBeAbsent(err)
	}
	left, err = t.EndCounts(nil)
	if err != nil || len(left) > 0 {
		return left, err
	}
	_, err = t.exec(sqlDropWorkspace, int64(t.ws))
	return nil, err
}

// EndKeys destroys every key of a workspace but those of who is kept, and what
// the ledger knows its people by. It may run again; it answers how many went.
func (k *KeyStore) EndKeys(ctx context.Context, db *DB, ws desk.ID, kept Kept) (gone int64, err error) {
	if ws <= 0 {
		return 0, desk.Fail(desk.Invalid, "no_subject", "a deletion needs one workspace")
	}
	const step = 500
	for last := int64(0); ; {
		some, err := db.vault.List(ctx, int64(ws), last, step)
		if err != nil {
			return gone, err
		}
		var refs []vault.Ref
		for _, h := range some {
			last = h.ID
			if h.Ref.Kind != vault.Subject || !slices.Contains(kept, desk.ID(h.Ref.Of)) {
				refs = append(refs, h.Ref)
			}
		}
		if len(refs) > 0 {
			if err := db.vault.Destroy(ctx, refs...); err != nil {
				return gone, err
			}
			gone += int64(len(refs))
		}
		if len(some) < step {
			break
		}
	}
	return gone, k.tx(ctx, func(tx *sql.Tx) error {
		_, e1 := tx.ExecContext(ctx, k.text(sqlKeyLedgerAfter), int64(ws))
		_, e2 := tx.ExecContext(ctx, k.text(sqlKeyLedgerEnds), int64(ws), us(db.clk.Now()), int64(ws))
		return errors.Join(e1, e2)
	})
}
