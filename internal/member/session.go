package member

import (
	"context"
	"errors"

	"parley/internal/desk"
	"parley/internal/store"
)

// Sessions lists the sign-ins of a member that are not over.
func (r *Roster) Sessions(ctx context.Context, ws, member desk.ID) ([]store.MemberSession, error) {
	var live []store.MemberSession
	err := r.db.In(ws).Read(ctx, func(rx *store.Rx) error {
		m, e1 := rx.Member(member)
		all, e2 := rx.Sessions(member)
		live = nil
		for _, s := range all {
			if now := r.clk.Now(); now.Before(s.ExpiresAt) && now.Before(s.SeenAt.Add(idle(m.Role))) {
				live = append(live, s)
			}
		}
		return errors.Join(e1, e2)
	})
	return live, err
}

// Revoke ends one sign-in of a member; desk.NotFound when there is none.
func (r *Roster) Revoke(ctx context.Context, ws, member, session desk.ID, by desk.Actor) error {
	return r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.EndSession(member, session); err != nil {
			return err
		}
		return r.record(tx, by, "session.end", session)
	})
}

// RevokeOthers ends every sign-in of a member but one (0 = none is kept).
func (r *Roster) RevokeOthers(ctx context.Context, ws, member, but desk.ID, by desk.Actor) error {
	return r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.EndSessions(member, but); err != nil {
			return err
		}
		return r.record(tx, by, "session.end_all", member)
	})
}

// RevokeMember ends every sign-in of a colleague. Errors as Change.
func (r *Roster) RevokeMember(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	m, err := r.managed(ctx, ws, id, by)
	if err != nil {
		return err
	}
	return r.RevokeOthers(ctx, ws, m.ID, 0, by)
}

// SessionsOf lists the sign-ins of a colleague. Errors as Change.
func (r *Roster) SessionsOf(ctx context.Context, ws, id desk.ID, by desk.Actor) ([]store.MemberSession, error) {
	m, err := r.managed(ctx, ws, id, by)
	if err != nil {
		return nil, err
	}
	return r.Sessions(ctx, ws, m.ID)
}

// managed is a member whom somebody may manage.
func (r *Roster) managed(ctx context.Context, ws, id desk.ID, by desk.Actor) (desk.Member, error) {
	var m desk.Member
	err := r.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		m, err = rx.Member(id)
		return err
	})
	if err != nil {
		return m, err
	}
	return m, manages(by, m.Role)
}
