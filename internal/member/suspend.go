package member

import (
	"context"
	"errors"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Limits of what operator and members write to each other, in bytes.
const (
	maxReason = 1000
	maxAppeal = 4000
)

// Held is a workspace's suspensions and appeals, newest first.
type Held struct {
	Workspace   desk.Workspace
	Suspensions []store.Suspension
	Appeals     []store.Appeal
}

// Standing is the suspension that stands; ok is false when none does.
func (h Held) Standing() (s store.Suspension, ok bool) {
	if len(h.Suspensions) == 0 || !h.Suspensions[0].LiftedAt.IsZero() {
		return s, false
	}
	return h.Suspensions[0], true
}

const heldLimit = 20

func held(r *store.Rx) (h Held, err error) {
	if h.Workspace, err = r.Settings(); err != nil {
		return h, err
	}
	if h.Suspensions, err = r.Suspensions(heldLimit); err != nil {
		return h, err
	}
	h.Appeals, err = r.Appeals(heldLimit)
	return h, err
}

// Suspension says whether a workspace is suspended, why, and what was said
// against it.
func (r *Roster) Suspension(ctx context.Context, ws desk.ID) (Held, error) {
	var h Held
	err := r.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		h, err = held(rx)
		return err
	})
	return h, err
}

func reasoned(s string) (string, error) {
	if s = text.Normalise(s, maxReason); s == "" {
		return "", desk.Fail(desk.Invalid, "reason_missing", "say why: it is recorded, and the workspace's owner reads it")
	}
	return s, nil
}

// Open shows the operator what a workspace is, without a word of its messages,
// its contacts or its members. The reason is recorded where the owner reads it.
func (r *Roster) Open(ctx context.Context, ws desk.ID, reason string, by Who) (Held, error) {
	return r.operate(ctx, ws, operation{by, "workspace.open", reason}, func(*store.Tx, string) error { return nil })
}

// Suspend stops a workspace with a reason: its members see it and may appeal, its
// AI and its sends stop, and what arrives is kept. desk.Conflict for one that is
// suspended already, or the operator's own.
func (r *Roster) Suspend(ctx context.Context, ws desk.ID, reason string, by Who) (Held, error) {
	if by.Workspace.ID == ws {
		return Held{}, desk.Fail(desk.Conflict, "own_workspace", "nobody suspends the workspace they are in")
	}
	return r.operate(ctx, ws, operation{by, "workspace.suspend", reason}, func(tx *store.Tx, why string) error {
		_, err := tx.ChangeSettings(func(w *desk.Workspace) error {
			if w.Suspended {
				return desk.Fail(desk.Conflict, "suspended_already", "this workspace is suspended already")
			}
			w.Suspended = true
			w.AIEpoch++ // AI messages on their way are cancelled
			return nil
		})
		if err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.WorkspaceChanged, Object: ws})
		if err := tx.InsertSuspension(&store.Suspension{Reason: why}); err != nil {
			return err
		}
		return r.owners(tx, desk.LetterSuspended)
	})
}

// Lift ends a suspension with a reason. desk.Conflict where none stands.
func (r *Roster) Lift(ctx context.Context, ws desk.ID, reason string, by Who) (Held, error) {
	return r.operate(ctx, ws, operation{by, "workspace.lift", reason}, r.lift)
}

func (r *Roster) lift(tx *store.Tx, why string) error {
	h, err := held(&tx.Rx)
	if err != nil {
		return err
	}
	s, ok := h.Standing()
	if !ok {
		return desk.Fail(desk.Conflict, "not_suspended", "this workspace is not suspended")
	}
	if _, err := tx.ChangeSettings(func(w *desk.Workspace) error { w.Suspended = false; return nil }); err != nil {
		return err
	}
	tx.Emit(desk.Event{Kind: desk.WorkspaceChanged, Object: tx.Workspace()})
	if err := tx.LiftSuspension(s.ID, why); err != nil {
		return err
	}
	return r.owners(tx, desk.LetterLifted)
}

// owners mails every owner who can sign in.
func (r *Roster) owners(tx *store.Tx, kind desk.LetterKind) error {
	all, err := tx.Owners()
	for _, id := range all {
		err = errors.Join(err, r.queue(tx, id, kind, ""))
	}
	return err
}

// Appeal keeps what a member says against the suspension of their workspace; one
// at a time waits for an answer. desk.Conflict "not_suspended" or "appeal_open".
func (r *Roster) Appeal(ctx context.Context, who Who, words string) (Held, error) {
	if words = text.Normalise(words, maxAppeal); words == "" {
		return Held{}, desk.Fail(desk.Invalid, "appeal_empty", "say why the suspension should end")
	}
	var h Held
	err := r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) (err error) {
		// One at a time: two members may write in the same moment.
		if _, err := tx.ChangeSettings(func(*desk.Workspace) error { return nil }); err != nil {
			return err
		}
		if h, err = held(&tx.Rx); err != nil {
			return err
		}
		s, ok := h.Standing()
		if !ok {
			return desk.Fail(desk.Conflict, "not_suspended", "this workspace is not suspended")
		}
		if len(h.Appeals) > 0 && h.Appeals[0].DecidedAt.IsZero() {
			return desk.Fail(desk.Conflict, "appeal_open", "an appeal waits for its answer already")
		}
		a := store.Appeal{Suspension: s.ID, Member: who.Member.ID, Text: words}
		if err := tx.InsertAppeal(&a); err != nil {
			return err
		}
		h.Appeals = append([]store.Appeal{a}, h.Appeals...)
		return r.record(tx, who.Actor, "workspace.appeal", a.ID)
	})
	return h, err
}

// Decision answers an appeal.
type Decision struct {
	Granted bool // lifts the suspension
	Answer  string
}

// Decide answers an appeal with a reason. desk.NotFound for an appeal that is not
// open.
func (r *Roster) Decide(ctx context.Context, ws, appeal desk.ID, d Decision, by Who) (Held, error) {
	return r.operate(ctx, ws, operation{by, "workspace.appeal_decide", d.Answer}, func(tx *store.Tx, why string) error {
		if err := tx.DecideAppeal(appeal, d.Granted, why); err != nil || !d.Granted {
			return err
		}
		return r.lift(tx, why)
	})
}

// operation is something an operator does to a workspace.
type operation struct {
	by     Who
	act    string
	reason string
}

// operate does an operator's act and records it, with its reason, in two chains:
// first the operator's own, then, with the act, the workspace's.
func (r *Roster) operate(ctx context.Context, ws desk.ID, op operation, do func(tx *store.Tx, why string) error) (Held, error) {
	why, err := reasoned(op.reason)
	if err != nil {
		return Held{}, err
	}
	if w, err := r.db.WorkspaceByID(ctx, ws); err != nil || w.Ending {
		return Held{}, errors.Join(err, ended(w))
	}
	note := audit.Note{Action: op.act, Actor: op.by.Actor, Object: audit.Thing{Kind: "workspace", ID: int64(ws)}, Reason: why, Subject: op.by.Actor.ID}
	if op.by.Workspace.ID != 0 {
		if err := r.db.In(op.by.Workspace.ID).Write(ctx, func(tx *store.Tx) error { return r.reason(tx, note) }); err != nil {
			return Held{}, err
		}
	}
	note.Actor.Kind = desk.ByOperator
	var h Held
	err = r.db.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		if err := do(tx, why); err != nil {
			return err
		}
		// The operator is nobody here: the reason is sealed for an owner, who reads it.
		owners, err := tx.Owners()
		if err != nil {
			return err
		}
		if note.Subject, note.Reason = 0, ""; len(owners) > 0 {
			note.Subject, note.Reason = owners[0], why
		}
		if err := r.reason(tx, note); err != nil {
			return err
		}
		h, err = held(&tx.Rx)
		return err
	})
	return h, err
}

func (r *Roster) reason(tx *store.Tx, n audit.Note) error {
	if r.audit == nil {
		return nil
	}
	return r.audit.Put(tx, n)
}

// ended refuses what nobody is left for.
func ended(w desk.Workspace) error {
	if w.Ending {
		return desk.Fail(desk.Conflict, "workspace_gone", "this workspace was deleted")
	}
	return nil
}
