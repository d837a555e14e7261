package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"parley/internal/desk"
)

const (
	// sqlAuditHead makes the head when it is not there and keeps it locked.
	sqlAuditHead = `INSERT INTO audit_head (workspace_id, no, hash) VALUES ($1, 0, $2)
		ON CONFLICT (workspace_id) DO UPDATE SET no = audit_head.no RETURNING no, hash`
	sqlMoveAuditHead = `UPDATE audit_head SET no = $2, hash = $3 WHERE workspace_id = $1`
	auditColumns     = `no, id, at, verb, action, actor_kind, actor_id, object_kind, object_id, touched, reason, hash`
	sqlAddAudit      = `INSERT INTO audit_entry (workspace_id, ` + auditColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	sqlAuditWanted = `SELECT ` + auditColumns + ` FROM audit_entry WHERE workspace_id = $1 AND no < $2
		AND ($3 = '' OR actor_kind = $3) AND (CAST($4 AS BIGINT) = 0 OR actor_id = $4)
		AND ($5 = '' OR action = $5 OR substr(action, 1, length($5) + 1) = $5 || '.')
		AND ($6 = '' OR object_kind = $6) AND (CAST($7 AS BIGINT) = 0 OR object_id = $7)
		AND at >= $8 AND at < $9 ORDER BY no DESC LIMIT $10`
	sqlAuditAfter = `SELECT ` + auditColumns + ` FROM audit_entry WHERE workspace_id = $1 AND no > $2 ORDER BY no LIMIT $3`
	sqlAuditHeads = `SELECT workspace_id FROM audit_head ORDER BY workspace_id`
	sqlAuditTop   = `SELECT no, hash FROM audit_head WHERE workspace_id = $1`
	sqlAuditVerbs = `SELECT DISTINCT verb FROM audit_entry WHERE workspace_id = $1 ORDER BY verb`
	sqlAddMark    = `INSERT INTO audit_mark (workspace_id, kind, no, mark) VALUES ($1, $2, $3, $4)`
	sqlAuditMarks = `SELECT mark FROM audit_mark WHERE workspace_id = $1 AND kind = $2 ORDER BY no`
	sqlMarkMailed = `UPDATE audit_mark SET mailed_at = $4 WHERE workspace_id = $1 AND kind = $2 AND no = $3`
	sqlLastMailed = `SELECT MAX(mailed_at) FROM audit_mark WHERE workspace_id = $1`
	sqlPruneAudit = `DELETE FROM audit_entry WHERE workspace_id = $1 AND no <= $2`
)

// AuditRow is one entry of a workspace's audit chain as it is stored.
type AuditRow struct {
	No         int64
	ID         desk.ID
	At         time.Time
	Verb       string
	Action     string
	ActorKind  string
	Actor      desk.ID
	ObjectKind string
	Object     desk.ID
	Touched    int64
	Reason     []byte // sealed, see SealAuditReason
	Hash       []byte
}

// AddAudit puts a row at the end of the workspace's chain with the commit. link
// gets the head, number 0 and no hash for an empty chain, and fills in number
// and hash; it runs again with another head when the commit is tried again.
func (t *Tx) AddAudit(row AuditRow, link func(no int64, hash []byte, row *AuditRow) error) {
	t.audit = append(t.audit, auditOp{row, link})
}

type auditOp struct {
	row  AuditRow
	link func(no int64, hash []byte, row *AuditRow) error
}

// SealAuditReason seals the free text of the row with that id under the key of
// the contact or member it is about.
func (t *Tx) SealAuditReason(row, subject desk.ID, reason string) ([]byte, error) {
	return t.seal(t.subject(subject), "audit_entry", "reason", row, []byte(reason))
}

// OpenAuditReason opens it again; empty when the subject was erased.
func (r *Rx) OpenAuditReason(row AuditRow) (string, error) {
	clear, err := r.soft("audit_entry", "reason", row.ID, row.Reason)
	return string(clear), err
}

// chainAudit writes the batch's audit rows after its last closure, by rising
// workspace, for the same reason as numberEvents.
func (db *DB) chainAudit(ctx context.Context, s *session, batch []*job) error {
	byWorkspace := map[desk.ID][]auditOp{}
	for _, j := range batch {
		if j.err == nil && len(j.tx.audit) > 0 {
			byWorkspace[j.ws] = append(byWorkspace[j.ws], j.tx.audit...)
		}
	}
	order := make([]desk.ID, 0, len(byWorkspace))
	for ws := range byWorkspace {
		order = append(order, ws)
	}
	slices.SortFunc(order, func(a, b desk.ID) int { return cmp.Compare(a, b) })
	for _, ws := range order {
		t := &Tx{Rx: Rx{s: s, ctx: ctx, ws: ws, db: db}}
		if err := t.chain(byWorkspace[ws]); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) chain(ops []auditOp) error {
	no, hash, err := t.LockAuditHead()
	if err != nil {
		return err
	}
	for _, op := range ops {
		row := op.row
		if err := op.link(no, hash, &row); err != nil {
			return err
		}
		_, err := t.exec(sqlAddAudit, int64(t.ws), row.No, int64(row.ID), us(row.At), row.Verb, row.Action, row.ActorKind,
			int64(row.Actor), row.ObjectKind, int64(row.Object), row.Touched, row.Reason, row.Hash)
		if err != nil {
			return err
		}
		no, hash = row.No, row.Hash
	}
	return t.must("audit_head", sqlMoveAuditHead, int64(t.ws), no, hash)
}

// LockAuditHead returns where the chain has come to, 0 and nothing before the
// first entry, and keeps it there until the commit.
func (t *Tx) LockAuditHead() (no int64, hash []byte, err error) {
	err = t.row(sqlAuditHead, int64(t.ws), []byte{}).Scan(&no, &hash)
	return no, hash, err
}

// AuditHead is LockAuditHead for readers.
func (r *Rx) AuditHead() (no int64, hash []byte, err error) {
	err = r.row(sqlAuditTop, int64(r.ws)).Scan(&no, &hash)
	if desk.IsNotFound(plain(err)) {
		return 0, nil, nil
	}
	return no, hash, err
}

// AuditWanted narrows a page of entries; zero fields narrow nothing. Action is a
// whole action, or its beginning up to a dot.
type AuditWanted struct {
	ActorKind string
	Actor     desk.ID
	Action    string
	Object    string
	ObjectID  desk.ID
	From, To  time.Time
}

// AuditFind pages backwards from a number through the wanted entries; 0 starts
// at the newest.
func (r *Rx) AuditFind(w AuditWanted, no int64, limit int) ([]AuditRow, error) {
	if no == 0 {
		no = int64(maxID)
	}
	to := us(w.To)
	if w.To.IsZero() {
		to = int64(maxID)
	}
	return r.auditRows(sqlAuditWanted, no, w.ActorKind, int64(w.Actor), w.Action,
		w.Object, int64(w.ObjectID), us(w.From), to, limit)
}

// AuditAfter pages forwards from a number.
func (r *Rx) AuditAfter(no int64, limit int) ([]AuditRow, error) {
	return r.auditRows(sqlAuditAfter, no, limit)
}

func (r *Rx) auditRows(query string, args ...any) ([]AuditRow, error) {
	all := []AuditRow{}
	err := r.each(query, append([]any{int64(r.ws)}, args...), func(s scanner) error {
		var a AuditRow
		var when int64
		err := s.Scan(&a.No, &a.ID, &when, &a.Verb, &a.Action, &a.ActorKind, &a.Actor, &a.ObjectKind, &a.Object, &a.Touched,
			&a.Reason, &a.Hash)
		a.At = at(when)
		all = append(all, a)
		return err
	})
	return all, err
}

// AddAuditMark stores a signed statement about the chain.
func (t *Tx) AddAuditMark(kind string, no int64, mark string) error {
	_, err := t.exec(sqlAddMark, int64(t.ws), kind, no, mark)
	return err
}

// AuditVerbs lists the words that the workspace's acts are written down by.
func (r *Rx) AuditVerbs() (all []string, err error) {
	err = r.each(sqlAuditVerbs, []any{int64(r.ws)}, func(s scanner) error {
		var verb string
		err := s.Scan(&verb)
		all = append(all, verb)
		return err
	})
	return all, err
}

// AuditMarks lists the statements of a kind by rising number.
func (r *Rx) AuditMarks(kind string) ([]string, error) {
	var all []string
	err := r.each(sqlAuditMarks, []any{int64(r.ws), kind}, func(s scanner) error {
		var mark string
		err := s.Scan(&mark)
		all = append(all, mark)
		return err
	})
	return all, err
}

// MarkMailed notes that a statement left the house.
func (t *Tx) MarkMailed(kind string, no int64) error {
	return t.must("mark", sqlMarkMailed, int64(t.ws), kind, no, us(t.now))
}

// LastMailed is when the latest of a chain's statements left; zero = none did.
func (r *Rx) LastMailed() (time.Time, error) {
	var last sql.NullInt64
	err := r.row(sqlLastMailed, int64(r.ws)).Scan(&last)
	return at(last.Int64), err
}

// PruneAudit deletes the entries up to a number, which a stored mark says.
func (t *Tx) PruneAudit(upTo int64) (int64, error) {
	return t.exec(sqlPruneAudit, int64(t.ws), upTo)
}

// AuditedWorkspaces lists every chain of the install, the instance's (0)
// included.
func (db *DB) AuditedWorkspaces(ctx context.Context) ([]desk.ID, error) {
	var all []desk.ID
	err := db.In(0).Read(ctx, func(r *Rx) error {
		all = nil
		return r.each(sqlAuditHeads, nil, func(s scanner) error {
			var ws desk.ID
			err := s.Scan(&ws)
			all = append(all, ws)
			return err
		})
	})
	return all, err
}
