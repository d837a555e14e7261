package member

import (
	"context"
	"errors"

	"parley/internal/desk"
	"parley/internal/store"
)

// AddTo adds a person to a workspace on behalf of somebody: with a first password
// that they are told by whoever adds them or, without one, by a mail in whose
// link they choose theirs. Errors: desk.Conflict "no_mail" where no mail leaves,: desk.Invalid with
// the reason, desk.Forbidden "owner_needed", desk.Conflict "member_exists".
func (r *Roster) AddTo(ctx context.Context, ws desk.Workspace, p Person, by desk.Actor) (desk.Member, error) {
	if p.invited = p.Password == ""; p.invited && !r.Mails() {
		return desk.Member{}, desk.Fail(desk.Conflict, "no_mail", "this install sends no mail: type a first password for them")
	}
	if err := p.check(ws.Name); err != nil {
		return desk.Member{}, err
	}
	if err := manages(by, p.Role); err != nil {
		return desk.Member{}, err
	}
	var hash []byte
	if !p.invited {
		var err error
		if hash, err = r.hash.make(ctx, p.Password); err != nil {
			return desk.Member{}, err
		}
	}
	var m desk.Member
	err := r.db.In(ws.ID).Write(ctx, func(tx *store.Tx) (err error) {
		if m, err = r.insert(tx, p, hash, by); err != nil {
			return err
		}
		letter := desk.LetterVerify // whoever typed the address may have mistyped it
		if m.Invited = p.invited; m.Invited {
			letter = desk.LetterInvite
		}
		if err := r.queue(tx, m.ID, letter, ""); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: m.ID})
		return nil
	})
	return m, exists(err)
}

// exists names the one conflict that adding a member can meet.
func exists(err error) error {
	if desk.CodeOf(err) == desk.Conflict {
		return desk.Fail(desk.Conflict, "member_exists", "this workspace has a member with this e-mail address already")
	}
	return err
}

// manages refuses what a role does not reach. Nobody is made an operator here.
func manages(by desk.Actor, role desk.Role) error {
	if by.Kind == desk.BySystem || role != desk.RoleOperator && by.MayManage(role) {
		return nil
	}
	return desk.Fail(desk.Forbidden, "owner_needed", "only an owner adds or changes owners and admins")
}

// Change is what may change about a member; nil leaves a field as it is.
type Change struct {
	Role   *desk.Role
	Active *bool
	Locale *string
}

// Change changes a member. Switching one off ends their sessions; the last
// active owner stays an active owner, and nobody switches themself off. A role
// that the actor may not give or take is desk.Forbidden "owner_needed".
func (r *Roster) Change(ctx context.Context, ws, id desk.ID, c Change, by desk.Actor) (desk.Member, error) {
	if c.Role != nil && !desk.ValidRole(*c.Role) {
		return desk.Member{}, desk.Fail(desk.Invalid, "role_unknown", "there is no such role")
	}
	if c.Locale != nil && !validLocale(*c.Locale) {
		return desk.Member{}, desk.Fail(desk.Invalid, "locale_invalid", "a locale looks like en or tr")
	}
	var m desk.Member
	var role desk.Role
	err := r.db.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		// One change of members at a time: two owners must not take each other's
		// role in the same moment.
		if _, err := tx.ChangeSettings(func(*desk.Workspace) error { return nil }); err != nil {
			return err
		}
		owners, err := tx.ActiveOwners()
		if err != nil {
			return err
		}
		m, err = tx.ChangeMember(id, func(m *desk.Member) error {
			was := *m
			c.apply(m)
			role = was.Role
			return allowed(was, *m, by, owners)
		})
		if err != nil {
			return err
		}
		if m.Active && m.Role != role && !m.Invited {
			if err := r.queue(tx, id, desk.LetterRole, string(m.Role)); err != nil {
				return err
			}
		}
		if !m.Active {
			if err := tx.EndSessions(id, 0); err != nil {
				return err
			}
		}
		tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: id})
		return r.record(tx, by, "member.change", id)
	})
	return m, err
}

// ResetPassword gives a member who forgot theirs a new first password and ends
// their sign-ins. Errors as Change; desk.Conflict "own_account" for oneself, who
// knows the old one or asks somebody else.
func (r *Roster) ResetPassword(ctx context.Context, ws desk.Workspace, id desk.ID, password string, by desk.Actor) error {
	h := r.db.In(ws.ID)
	var m desk.Member
	err := h.Read(ctx, func(rx *store.Rx) (err error) {
		m, err = rx.Member(id)
		return err
	})
	if err != nil {
		return err
	}
	if by.Kind == desk.ByMember && by.ID == id {
		return desk.Fail(desk.Conflict, "own_account", "change your own password in your profile")
	}
	if err := manages(by, m.Role); err != nil {
		return err
	}
	if err := checkPassword(password, ws.Name, m.Name, m.Email); err != nil {
		return err
	}
	hash, err := r.hash.make(ctx, password)
	if err != nil {
		return err
	}
	return h.Write(ctx, func(tx *store.Tx) error {
		now, err := tx.Member(id) // the role may have changed while the password was hashed
		if err != nil {
			return err
		}
		if err := manages(by, now.Role); err != nil {
			return err
		}
		e1 := tx.SetPasswordHash(id, hash)
		e2 := tx.EndSessions(id, 0)
		if err := errors.Join(e1, e2); err != nil {
			return err
		}
		if err := r.queue(tx, id, desk.LetterPassword, ""); err != nil {
			return err
		}
		return r.record(tx, by, "member.password", id)
	})
}

// allowed checks a change of role or state; owners is how many can sign in.
func allowed(was, now desk.Member, by desk.Actor, owners int) error {
	if was.Role == now.Role && was.Active == now.Active {
		return nil
	}
	if err := manages(by, was.Role); err != nil {
		return err
	}
	if err := manages(by, now.Role); err != nil {
		return err
	}
	if !now.Active && by.Kind == desk.ByMember && by.ID == now.ID {
		return desk.Fail(desk.Conflict, "own_account", "nobody switches themself off; ask somebody else")
	}
	if was.Role == desk.RoleOwner && was.Active && owners == 1 && (now.Role != desk.RoleOwner || !now.Active) {
		return desk.Fail(desk.Conflict, "last_owner", "a workspace keeps at least one active owner")
	}
	return nil
}

func (c Change) apply(m *desk.Member) {
	if c.Role != nil {
		m.Role = *c.Role
	}
	if c.Active != nil {
		m.Active = *c.Active
	}
	if c.Locale != nil {
		m.Locale = *c.Locale
	}
}
