package audit

import (
	"context"
	"crypto/ed25519"
	"errors"
	"iter"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/internal/vault"
)

// Log keeps the audit chains of an install.
type Log struct{ db *store.DB }

// NewLog keeps the chains in db.
func NewLog(db *store.DB) *Log { return &Log{db: db} }

// Note is one act that is to be recorded.
type Note struct {
	Verb   Verb // "" = told from the action, see Add
	Action string
	Actor  desk.Actor
	Object Thing // Kind "" = the action up to its first dot
	Count  int64
	// Reason is free text about Subject, a contact or member, under whose key it
	// is sealed: it is gone when they are erased.
	Reason  string
	Subject desk.ID
}

// Add records an act in the transaction that does it. An action names its
// object's kind first, such as "conversation.take_over".
func (l *Log) Add(tx *store.Tx, actor desk.Actor, action string, object desk.ID) error {
	return l.Put(tx, Note{Action: action, Actor: actor, Object: Thing{ID: int64(object)}})
}

// Put records an act with all there is to say about it.
func (l *Log) Put(tx *store.Tx, n Note) error {
	e := Entry{Workspace: int64(tx.Workspace()), At: tx.Now().UTC().Truncate(time.Microsecond), Verb: n.Verb, Action: n.Action,
		Actor: Thing{string(n.Actor.Kind), int64(n.Actor.ID)}, Object: n.Object, Count: n.Count}
	if e.Object.Kind == "" {
		e.Object.Kind, _, _ = strings.Cut(n.Action, ".")
	}
	if e.Verb == "" {
		e.Verb = verbOf(e.Object.Kind, n.Action)
	}
	row := store.AuditRow{ID: tx.NewID()}
	if n.Reason != "" {
		if n.Subject == 0 {
			return desk.Fail(desk.Internal, "reason_without_subject", "an audit reason needs the person whose key seals it")
		}
		sealed, err := tx.SealAuditReason(row.ID, n.Subject, n.Reason)
		if err != nil {
			return err
		}
		e.Reason = sealed
	}
	if err := e.Check(); err != nil {
		return &desk.Error{Code: desk.Internal, Reason: "audit_entry", Text: "this act cannot be recorded", Cause: err}
	}
	toRow(e, &row)
	tx.AddAudit(row, func(no int64, hash []byte, row *store.AuditRow) error {
		head, err := headOf(e.Workspace, no, hash)
		if err != nil {
			return err
		}
		next, err := Extend(head, e)
		row.No, row.Hash = next.No, next.Hash[:]
		return err
	})
	return nil
}

// verbOf tells the kind of processing from an action's words.
func verbOf(object, action string) Verb {
	switch {
	case action == "workspace.export":
		return Disclose
	case action == "workspace.import":
		return Collect
	case action == "channel.clear", action == "channel.cleared":
		return Erase
	}
	switch object {
	case "workspace", "channel", "source", "knowledge", "key", "session", "member", "saved_reply":
		return None
	}
	switch word := action[strings.LastIndexByte(action, '.')+1:]; word {
	case "erase", "anonymise", "delete", "unsend":
		return Erase
	case "open", "read", "list", "search", "results_read", "logs_read":
		return Read
	case "export", "disclose":
		return Disclose
	case "restrict", "object":
		return Restrict
	case "add", "create", "import":
		return Collect
	}
	return Change
}

func toRow(e Entry, row *store.AuditRow) {
	row.At, row.Verb, row.Action, row.Touched, row.Reason = e.At, string(e.Verb), e.Action, e.Count, e.Reason
	row.ActorKind, row.Actor = e.Actor.Kind, desk.ID(e.Actor.ID)
	row.ObjectKind, row.Object = e.Object.Kind, desk.ID(e.Object.ID)
}

func fromRow(ws int64, row store.AuditRow) (Row, error) {
	hash, err := hashOf(row.Hash)
	e := Entry{Workspace: ws, At: row.At, Verb: Verb(row.Verb), Action: row.Action, Actor: Thing{row.ActorKind, int64(row.Actor)},
		Object: Thing{row.ObjectKind, int64(row.Object)}, Count: row.Touched, Reason: row.Reason}
	return Row{No: row.No, Entry: e, Hash: hash}, err
}

func headOf(ws, no int64, hash []byte) (Head, error) {
	if no == 0 {
		return Begin(ws), nil
	}
	h, err := hashOf(hash)
	return Head{No: no, Hash: h}, err
}

func hashOf(b []byte) (Hash, error) {
	if len(b) != len(Hash{}) {
		return Hash{}, desk.Fail(desk.Internal, "audit_hash", "a stored audit hash has the wrong length")
	}
	return Hash(b), nil
}

// Line is an entry as a member may read it.
type Line struct {
	No     int64
	At     time.Time
	Verb   Verb
	Action string
	Actor  Thing
	Object Thing
	Count  int64
	Reason string // empty also when its subject was erased
}

// List pages through a workspace's entries, newest first, from below a number
// (0 = the newest).
func (l *Log) List(ctx context.Context, ws desk.ID, before int64, limit int) ([]Line, error) {
	return l.Find(ctx, ws, store.AuditWanted{}, before, limit)
}

// Find is List of the wanted entries only.
func (l *Log) Find(ctx context.Context, ws desk.ID, wanted store.AuditWanted, before int64, limit int) ([]Line, error) {
	var all []Line
	err := l.db.In(ws).Read(ctx, func(r *store.Rx) error {
		rows, err := r.AuditFind(wanted, before, limit)
		if err != nil {
			return err
		}
		all = make([]Line, 0, len(rows))
		for _, row := range rows {
			reason, err := r.OpenAuditReason(row)
			if err != nil {
				return err
			}
			all = append(all, Line{No: row.No, At: row.At, Verb: Verb(row.Verb), Action: row.Action,
				Actor: Thing{row.ActorKind, int64(row.Actor)}, Object: Thing{row.ObjectKind, int64(row.Object)},
				Count: row.Touched, Reason: reason})
		}
		return nil
	})
	return all, err
}

// Signer is the install's signing key. Its public half belongs out of the house
// as well: who holds it can verify marks without trusting this install.
func (l *Log) Signer(ctx context.Context) (Signer, error) {
	key, err := l.db.Vault().Key(ctx, vault.Ref{Kind: vault.Signing})
	if err != nil {
		return Signer{}, err
	}
	seed, err := key.Derive("audit marks")
	if err != nil {
		return Signer{}, err
	}
	return NewSigner(seed)
}

// Checkpoint signs each chain that has grown since its last checkpoint. It is
// work for flow.Every.
func (l *Log) Checkpoint(ctx context.Context) error {
	signer, err := l.Signer(ctx)
	if err != nil {
		return err
	}
	all, err := l.db.AuditedWorkspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		if err := l.checkpoint(ctx, ws, signer); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) checkpoint(ctx context.Context, ws desk.ID, signer Signer) error {
	return l.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		no, hash, err := tx.LockAuditHead()
		if err != nil {
			return err
		}
		marks, err := marksOf(&tx.Rx, Checkpoint)
		if err != nil {
			return err
		}
		since := int64(0)
		if n := len(marks); n > 0 {
			since = marks[n-1].No
		}
		if no <= since {
			return nil
		}
		head, err := headOf(int64(ws), no, hash)
		if err != nil {
			return err
		}
		mark, err := signer.Checkpoint(int64(ws), since, head, tx.Now())
		if err != nil {
			return err
		}
		return putMark(tx, mark)
	})
}

// PruneOld removes whole segments that are older than KeepMonths and leaves a
// signed mark that says so. It is work for flow.Every.
func (l *Log) PruneOld(ctx context.Context) error {
	signer, err := l.Signer(ctx)
	if err != nil {
		return err
	}
	all, err := l.db.AuditedWorkspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		err := l.db.In(ws).Write(ctx, func(tx *store.Tx) error { return prune(tx, signer) })
		if err != nil {
			return err
		}
	}
	return nil
}

func prune(tx *store.Tx, signer Signer) error {
	marks, err := marksOf(&tx.Rx, Checkpoint)
	if err != nil {
		return err
	}
	upTo, ok := Prunable(marks, tx.Now())
	if !ok {
		return nil
	}
	before, err := marksOf(&tx.Rx, Prune)
	if err != nil || len(before) > 0 && before[len(before)-1].No >= upTo.No {
		return err
	}
	mark, err := signer.Prune(upTo, tx.Now())
	if err != nil {
		return err
	}
	if err := putMark(tx, mark); err != nil {
		return err
	}
	_, err = tx.PruneAudit(upTo.No)
	return err
}

func putMark(tx *store.Tx, m Mark) error {
	text, err := m.MarshalText()
	if err != nil {
		return err
	}
	return tx.AddAuditMark(string(m.Kind), m.No, string(text))
}

func marksOf(r *store.Rx, kind MarkKind) ([]Mark, error) {
	texts, err := r.AuditMarks(string(kind))
	marks := make([]Mark, len(texts))
	for i, text := range texts {
		if err := marks[i].UnmarshalText([]byte(text)); err != nil {
			return nil, err
		}
	}
	return marks, err
}

// Verify reads a workspace's whole chain in one snapshot. *Broken names the
// first entry or segment that is not as it was written, also where it is another
// than the marks that were kept elsewhere say.
func (l *Log) Verify(ctx context.Context, ws desk.ID, kept ...Mark) (Report, error) {
	signer, err := l.Signer(ctx)
	if err != nil {
		return Report{}, err
	}
	var report Report
	err = l.db.In(ws).Read(ctx, func(r *store.Rx) error {
		claim := Claim{Workspace: int64(ws), Trusted: []ed25519.PublicKey{signer.Public()}, Kept: kept}
		var err error
		if claim.Checkpoints, err = marksOf(r, Checkpoint); err != nil {
			return broken(ws, "a checkpoint cannot be read", err)
		}
		prunes, err := marksOf(r, Prune)
		if err != nil {
			return broken(ws, "a prune cannot be read", err)
		}
		if n := len(prunes); n > 0 {
			claim.Prune = &prunes[n-1]
		}
		if report, err = Verify(claim, rowsOf(r, ws)); err != nil {
			return err
		}
		return endsAt(r, ws, report.Last)
	})
	return report, err
}

// endsAt compares the end of the rows with the head that the next entry would
// be chained to.
func endsAt(r *store.Rx, ws desk.ID, last Head) error {
	no, hash, err := r.AuditHead()
	if err != nil {
		return err
	}
	head, err := headOf(int64(ws), no, hash)
	if err != nil || head != last {
		first, end := min(no, last.No)+1, max(no, last.No, 1)
		return &Broken{Workspace: int64(ws), First: min(first, end), Last: end, What: "the chain does not end where its head says"}
	}
	return nil
}

func broken(ws desk.ID, what string, err error) error {
	if !errors.Is(err, ErrBadMark) {
		return err
	}
	return &Broken{Workspace: int64(ws), First: 1, Last: 1, What: what + ": " + err.Error()}
}

const verifyPage = 1000

// rowsOf reads a chain page by page.
func rowsOf(r *store.Rx, ws desk.ID) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		after := int64(0)
		for {
			page, err := r.AuditAfter(after, verifyPage)
			if err != nil {
				yield(Row{}, err)
				return
			}
			for _, stored := range page {
				row, err := fromRow(int64(ws), stored)
				if err != nil {
					err = &Broken{Workspace: int64(ws), First: stored.No, Last: stored.No, What: "its hash was changed"}
				}
				if !yield(row, err) || err != nil {
					return
				}
				after = stored.No
			}
			if len(page) < verifyPage {
				return
			}
		}
	}
}

// LastMark is a chain's newest checkpoint as one line, "" where it has none.
func (l *Log) LastMark(ctx context.Context, ws desk.ID) (string, error) {
	var last string
	err := l.db.In(ws).Read(ctx, func(r *store.Rx) error {
		marks, err := r.AuditMarks(string(Checkpoint))
		if n := len(marks); n > 0 {
			last = marks[n-1]
		}
		return err
	})
	return last, err
}
