package member

import (
	"context"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/internal/vault"
)

// GiveOwnership makes another member an owner in the place of the one who gives
// it, who is an admin from then on; both are told by mail. At every moment the
// workspace has an owner. Errors: desk.Forbidden "owner_needed"; desk.Conflict
// "own_account", "switched_off", "not_joined" or "no_factor" (one is demanded of
// owners and they have none); desk.NotFound.
func (r *Roster) GiveOwnership(ctx context.Context, who Who, to desk.ID) error {
	switch {
	case who.Session == 0:
		return desk.Fail(desk.Forbidden, "owner_needed", "ownership is given by an owner who is signed in")
	case to == who.Member.ID:
		return desk.Fail(desk.Conflict, "own_account", "you are an owner already")
	}
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		// One change of members at a time, as in Change.
		if _, err := tx.ChangeSettings(func(*desk.Workspace) error { return nil }); err != nil {
			return err
		}
		from, err := tx.Member(who.Member.ID)
		if err != nil {
			return err
		}
		if from.Role != desk.RoleOwner || !from.Active {
			return desk.Fail(desk.Forbidden, "owner_needed", "only an owner gives ownership away")
		}
		if err := r.mayOwn(&tx.Rx, to); err != nil {
			return err
		}
		for id, role := range map[desk.ID]desk.Role{to: desk.RoleOwner, from.ID: desk.RoleAdmin} {
			if _, err := tx.ChangeMember(id, func(m *desk.Member) error { m.Role = role; return nil }); err != nil {
				return err
			}
			if err := r.queue(tx, id, desk.LetterRole, string(role)); err != nil {
				return err
			}
			tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: id})
		}
		return r.record(tx, who.Actor, "member.ownership", to)
	})
}

// mayOwn says why a member cannot become an owner.
func (r *Roster) mayOwn(rx *store.Rx, id desk.ID) error {
	m, err := rx.Member(id)
	if err != nil {
		return err
	}
	factors, demand, err := rx.FactorsOf(id)
	switch {
	case err != nil:
		return err
	case !m.Active:
		return desk.Fail(desk.Conflict, "switched_off", "switch them on first")
	case m.Invited:
		return desk.Fail(desk.Conflict, "not_joined", "they were invited and have not joined yet")
	case m.Role == desk.RoleOperator:
		return desk.Fail(desk.Conflict, "operator", "the operator of the install is no owner of a workspace")
	case factors == 0 && (r.demand.Of(desk.RoleOwner) || demand.Of(desk.RoleOwner)):
		return desk.Fail(desk.Conflict, "no_factor", "a second factor is demanded of owners: they add one first")
	}
	return nil
}

// Departures is where the privacy ledger keeps that a member leaves, so that a
// restore of older data does not bring them back.
type Departures interface {
	Begin(ctx context.Context, ws, member desk.ID) (no int64, err error)
	End(ctx context.Context, no int64) error
	// Unfinished are those that a crash interrupted.
	Unfinished(ctx context.Context) ([]Departed, error)
}

// Departed is a member on their way out.
type Departed struct {
	No                int64
	Workspace, Member desk.ID
}

// Leave takes a member out of their workspace: every sign-in and way in ends, and
// what is sealed under their key opens no more. What they wrote to customers stays
// with those conversations. Errors: desk.Conflict "last_owner".
func (r *Roster) Leave(ctx context.Context, who Who) error {
	if who.Session == 0 {
		return desk.Fail(desk.Forbidden, "members_only", "a key does not leave; delete it")
	}
	if err := r.mayLeave(ctx, who.Workspace.ID, who.Member.ID); err != nil {
		return err
	}
	d := Departed{Workspace: who.Workspace.ID, Member: who.Member.ID}
	if r.leaving != nil {
		var err error
		if d.No, err = r.leaving.Begin(ctx, d.Workspace, d.Member); err != nil {
			return err
		}
	}
	return r.depart(ctx, d)
}

func (r *Roster) mayLeave(ctx context.Context, ws, id desk.ID) error {
	return r.db.In(ws).Read(ctx, func(rx *store.Rx) error { return lastOwner(rx, id) })
}

func lastOwner(rx *store.Rx, id desk.ID) error {
	m, err := rx.Member(id)
	if err != nil || m.Role != desk.RoleOwner || !m.Active {
		return err
	}
	switch owners, err := rx.ActiveOwners(); {
	case err != nil:
		return err
	case owners <= 1:
		return desk.Fail(desk.Conflict, "last_owner", "a workspace keeps at least one active owner: give ownership to somebody else first")
	}
	return nil
}

// depart is every step after the ledger's entry; each may run again.
func (r *Roster) depart(ctx context.Context, d Departed) error {
	err := r.db.In(d.Workspace).Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.ChangeSettings(func(*desk.Workspace) error { return nil }); err != nil {
			return err
		}
		m, err := tx.Member(d.Member)
		if err != nil {
			return err
		}
		if err := lastOwner(&tx.Rx, d.Member); err != nil { // two owners leave at once
			return err
		}
		if err := tx.EmptyMember(d.Member); err != nil || !m.Active {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: d.Member})
		return r.record(tx, actorOf(m), "member.leave", d.Member)
	})
	if desk.CodeOf(err) == desk.Conflict && r.leaving != nil {
		if err := r.leaving.End(ctx, d.No); err != nil { // nothing happened, so nothing is to be done again
			return err
		}
	}
	if err != nil {
		return err
	}
	if err := r.db.Vault().Destroy(ctx, vault.Ref{Workspace: int64(d.Workspace), Kind: vault.Subject, Of: int64(d.Member)}); err != nil {
		return err
	}
	if err := r.db.Scrub(ctx); err != nil || r.leaving == nil {
		return err
	}
	return r.leaving.End(ctx, d.No)
}

// FinishLeaving finishes what a crash interrupted.
func (r *Roster) FinishLeaving(ctx context.Context) error {
	if r.leaving == nil {
		return nil
	}
	all, err := r.leaving.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, d := range all {
		if err := r.depart(ctx, d); err != nil && desk.CodeOf(err) != desk.Conflict {
			return err
		}
	}
	return nil
}
