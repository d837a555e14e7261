package member

import (
	"context"
	"math"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Rename changes how colleagues and customers read a member. It is theirs alone
// to change. Errors: desk.Invalid "name_missing"; desk.Forbidden for a key.
func (r *Roster) Rename(ctx context.Context, who Who, name string) error {
	if who.Session == 0 {
		return desk.Fail(desk.Forbidden, "members_only", "a key has the name it was made with")
	}
	if name = text.Normalise(name, maxName); name == "" {
		return desk.Fail(desk.Invalid, "name_missing", "a member needs a name")
	}
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.ChangeMember(who.Member.ID, func(m *desk.Member) error { m.Name = name; return nil }); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: who.Member.ID})
		return r.record(tx, who.Actor, "member.rename", who.Member.ID)
	})
}

// LettersTo pages through what was mailed to a member, newest first; before 0
// begins at the newest.
func (r *Roster) LettersTo(ctx context.Context, who Who, before desk.ID, limit int) ([]desk.Letter, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	var all []desk.Letter
	err := r.db.In(who.Workspace.ID).Read(ctx, func(rx *store.Rx) (err error) {
		all, err = rx.LettersTo(who.Member.ID, before, limit)
		return err
	})
	return all, err
}

// WithFactor lists which members of a workspace have a second factor.
func (r *Roster) WithFactor(ctx context.Context, ws desk.ID) (map[desk.ID]int, error) {
	var all map[desk.ID]int
	err := r.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		all, err = rx.FactorCounts()
		return err
	})
	return all, err
}
