package member

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/store"
)

const (
	maxFactors    = 10
	maxFactorName = 60
	recoveryCodes = 10
	recoveryBytes = 15 // 120 bits: too many to guess, so that a plain hash is enough
)

// Added is a factor that was added, with what is shown this once.
type Added struct {
	Signed   // the sign-in goes on under a new token
	Factor   desk.Factor
	Recovery []string // the first factor brings recovery codes along
}

// Factors are a member's second factors and how many recovery codes they have.
func (r *Roster) Factors(ctx context.Context, ws, member desk.ID) (all []desk.Factor, recovery int, err error) {
	err = r.db.In(ws).Read(ctx, func(rx *store.Rx) error {
		rows, err := rx.Factors(member)
		if err != nil {
			return err
		}
		all = []desk.Factor{}
		for _, f := range rows {
			all = append(all, f.Factor)
		}
		recovery, err = rx.RecoveryLeft(member)
		return err
	})
	return all, recovery, err
}

// add keeps a factor that was proved, and lets the sign-in rise.
func (r *Roster) add(tx *store.Tx, who Who, token string, f store.Factor) (Added, error) {
	have, err := tx.Factors(who.Member.ID)
	if err != nil {
		return Added{}, err
	}
	if len(have) >= maxFactors {
		return Added{}, desk.Fail(desk.Conflict, "factors_full", "ten second factors are enough; remove one first")
	}
	if f.Name = text.Normalise(f.Name, maxFactorName); f.Name == "" {
		return Added{}, desk.Fail(desk.Invalid, "name_missing", "name the factor, so that you know it again")
	}
	f.Member = who.Member.ID
	if err := tx.InsertFactor(&f); err != nil {
		return Added{}, err
	}
	a := Added{Factor: f.Factor}
	if len(have) == 0 {
		if a.Recovery, err = giveRecovery(tx, who.Member.ID); err != nil {
			return a, err
		}
	}
	a.Token, a.Life, a.Who = secret.Token(), desk.SessionTerm, who
	if err := tx.RiseSession(secret.Hash(token), secret.Hash(a.Token)); err != nil {
		return a, err
	}
	if err := r.queue(tx, who.Member.ID, desk.LetterFactorAdded, f.Name); err != nil {
		return a, err
	}
	tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: who.Member.ID})
	return a, r.record(tx, who.Actor, "factor.add", f.ID)
}

// NameFactor changes what a member calls a factor; desk.NotFound when it is not
// theirs.
func (r *Roster) NameFactor(ctx context.Context, who Who, id desk.ID, name string) error {
	if name = text.Normalise(name, maxFactorName); name == "" {
		return desk.Fail(desk.Invalid, "name_missing", "name the factor, so that you know it again")
	}
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if err := tx.NameFactor(who.Member.ID, id, name); err != nil {
			return err
		}
		return r.record(tx, who.Actor, "factor.name", id)
	})
}

// DropFactor removes one of a member's own factors. The last one stays where
// one is demanded: desk.Conflict "factor_demanded".
func (r *Roster) DropFactor(ctx context.Context, who Who, id desk.ID) error {
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockMember(who.Member.ID); err != nil {
			return err
		}
		m, err := tx.Member(who.Member.ID)
		if err != nil {
			return err
		}
		have, err := tx.Factors(who.Member.ID)
		if err != nil {
			return err
		}
		demand, err := tx.Demand()
		if err != nil {
			return err
		}
		name := ""
		for _, f := range have {
			if f.ID == id {
				name = f.Name
			}
		}
		if len(have) == 1 && have[0].ID == id && (r.demand.Of(m.Role) || demand.Of(m.Role)) {
			return desk.Fail(desk.Conflict, "factor_demanded", "a second factor is demanded of you: add another one before you remove this")
		}
		if err := tx.DropFactor(who.Member.ID, id); err != nil {
			return err
		}
		if len(have) == 1 {
			if err := tx.SetRecovery(who.Member.ID, nil); err != nil {
				return err
			}
		}
		if err := r.queue(tx, who.Member.ID, desk.LetterFactorRemoved, name); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: who.Member.ID})
		return r.record(tx, who.Actor, "factor.drop", id)
	})
}

// ResetFactors takes every factor from a member who lost them, and ends their
// sign-ins; they add a new one after the next. Errors as Change; desk.Conflict
// "own_account" for oneself.
func (r *Roster) ResetFactors(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	if by.Kind == desk.ByMember && by.ID == id {
		return desk.Fail(desk.Conflict, "own_account", "remove your own factors in your profile")
	}
	return r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockMember(id); err != nil {
			return err
		}
		m, err := tx.Member(id)
		if err != nil {
			return err
		}
		if err := manages(by, m.Role); err != nil {
			return err
		}
		n, err := tx.DropFactors(id)
		if err != nil {
			return err
		}
		if err := tx.SetRecovery(id, nil); err != nil {
			return err
		}
		if err := tx.EndSessions(id, 0); err != nil {
			return err
		}
		if n > 0 {
			if err := r.queue(tx, id, desk.LetterFactorRemoved, ""); err != nil {
				return err
			}
		}
		tx.Emit(desk.Event{Kind: desk.MemberChanged, Object: id})
		return r.record(tx, by, "factor.reset", id)
	})
}

// ResetFactorsOf is ResetFactors for whoever runs the machine: it finds the
// member by the workspace's name and their address.
func (r *Roster) ResetFactorsOf(ctx context.Context, workspace, email string) (desk.Member, error) {
	ws, err := r.Find(ctx, workspace)
	if err != nil {
		return desk.Member{}, err
	}
	seats, err := r.db.Seats(ctx, Email(email))
	if err != nil {
		return desk.Member{}, err
	}
	for _, s := range seats {
		if s.Workspace.ID == ws.ID {
			return s.Member, r.ResetFactors(ctx, ws.ID, s.Member.ID, desk.Actor{Kind: desk.BySystem, Name: "command line"})
		}
	}
	return desk.Member{}, desk.Fail(desk.NotFound, "member_not_found", "nobody who may sign in to this workspace has this e-mail address")
}

// Demand says of whom a workspace demands a second factor, and of whom the
// install does whatever the workspace says.
func (r *Roster) Demand(ctx context.Context, ws desk.ID) (workspace, install desk.Demand, err error) {
	err = r.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		workspace, err = rx.Demand()
		return err
	})
	if install = r.demand; install == "" {
		install = desk.DemandNobody
	}
	return workspace, install, err
}

// SetDemand sets of whom a workspace demands a second factor, from the next
// request of each of them on.
func (r *Roster) SetDemand(ctx context.Context, ws desk.ID, d desk.Demand, by desk.Actor) error {
	if !desk.ValidDemand(d) {
		return desk.Fail(desk.Invalid, "demand_unknown", "a second factor is demanded of nobody, admins or everyone")
	}
	return r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetDemand(d); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.WorkspaceChanged, Object: ws})
		return r.record(tx, by, "workspace.second_factor", ws)
	})
}

// NewRecovery gives a member new recovery codes in place of the earlier ones.
// desk.Conflict "no_factor" for who has no second factor to recover.
func (r *Roster) NewRecovery(ctx context.Context, who Who) (codes []string, err error) {
	err = r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockMember(who.Member.ID); err != nil {
			return err
		}
		have, err := tx.Factors(who.Member.ID)
		if err != nil {
			return err
		}
		if len(have) == 0 {
			return desk.Fail(desk.Conflict, "no_factor", "add a second factor first")
		}
		if codes, err = giveRecovery(tx, who.Member.ID); err != nil {
			return err
		}
		return r.record(tx, who.Actor, "factor.recovery", who.Member.ID)
	})
	return codes, err
}

func giveRecovery(tx *store.Tx, member desk.ID) (codes []string, err error) {
	var hashes [][]byte
	for range recoveryCodes {
		code := strings.ToLower(base32.StdEncoding.EncodeToString(secret.Random(recoveryBytes)))
		hashes = append(hashes, recoveryHash(code))
		var parts []string
		for i := 0; i < len(code); i += 4 {
			parts = append(parts, code[i:i+4])
		}
		codes = append(codes, strings.Join(parts, "-"))
	}
	return codes, tx.SetRecovery(member, hashes)
}

// recoveryHash is a code's hash, however it was typed: in capitals, with blanks,
// with the figures that look like letters which base32 has none of.
func recoveryHash(typed string) []byte {
	plain := strings.NewReplacer("-", "", " ", "", "0", "o", "1", "l", "8", "b").Replace(strings.ToLower(strings.TrimSpace(typed)))
	sum := sha256.Sum256([]byte(plain))
	return sum[:]
}
