package store

import (
	"errors"
	"time"

	"parley/internal/desk"
)

const (
	factorColumns     = `id, member_id, kind, name, secret, last_step, created_at, used_at`
	sqlFactors        = `SELECT ` + factorColumns + ` FROM factor WHERE workspace_id = $1 AND member_id = $2 ORDER BY id`
	sqlFactorCounts   = `SELECT member_id, count(*) FROM factor WHERE workspace_id = $1 GROUP BY member_id`
	sqlLockMember     = `SELECT id FROM member WHERE workspace_id = $1 AND id = $2` + forUpdate
	sqlInsertFactor   = `INSERT INTO factor (workspace_id, ` + factorColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlNameFactor     = `UPDATE factor SET name = $4 WHERE workspace_id = $1 AND member_id = $2 AND id = $3`
	sqlUseFactor      = `UPDATE factor SET secret = $4, last_step = $5, used_at = $6 WHERE workspace_id = $1 AND member_id = $2 AND id = $3`
	sqlDropFactor     = `DELETE FROM factor WHERE workspace_id = $1 AND member_id = $2 AND id = $3`
	sqlDropFactors    = `DELETE FROM factor WHERE workspace_id = $1 AND member_id = $2`
	sqlInsertRecovery = `INSERT INTO recovery_code (workspace_id, member_id, code_hash) VALUES ($1, $2, $3)`
	sqlUseRecovery    = `DELETE FROM recovery_code WHERE workspace_id = $1 AND member_id = $2 AND code_hash = $3`
	sqlDropRecovery   = `DELETE FROM recovery_code WHERE workspace_id = $1 AND member_id = $2`
	sqlCountRecovery  = `SELECT count(*) FROM recovery_code WHERE workspace_id = $1 AND member_id = $2`
	sqlFactorRule     = `SELECT demand FROM factor_rule WHERE workspace_id = $1`
	sqlPutFactorRule  = `INSERT INTO factor_rule (workspace_id, demand) VALUES ($1, $2) ON CONFLICT (workspace_id) DO UPDATE SET demand = $2`
	sqlSpendChallenge = `INSERT INTO spent_challenge (workspace_id, challenge_hash, ends_at) VALUES (0, $1, $2) ON CONFLICT (workspace_id, challenge_hash) DO NOTHING`
	sqlOldChallenges  = `DELETE FROM spent_challenge WHERE ends_at <= $1`
)

// Factor is a member's factor with what it is checked by.
type Factor struct {
	desk.Factor
	Secret   []byte // seed of the codes, or what is known of a passkey
	LastStep int64  // time step of the last code that was taken
}

// LockMember keeps a member's factors from changing until the commit: two codes
// at once, or two removals, come one after the other.
func (t *Tx) LockMember(id desk.ID) error {
	var got int64
	return found("member", t.row(sqlLockMember, int64(t.ws), int64(id)).Scan(&got))
}

// Factors lists a member's second factors, oldest first.
func (r *Rx) Factors(member desk.ID) ([]Factor, error) {
	all := []Factor{}
	err := r.each(sqlFactors, []any{int64(r.ws), int64(member)}, func(s scanner) error {
		var f Factor
		var kind string
		var name, secret []byte
		var created, used int64
		if err := s.Scan(&f.ID, &f.Member, &kind, &name, &secret, &f.LastStep, &created, &used); err != nil {
			return err
		}
		clear, e1 := r.soft("factor", "name", f.ID, name)
		hidden, e2 := r.soft("factor", "secret", f.ID, secret)
		f.Kind, f.Name, f.Secret, f.CreatedAt, f.UsedAt = desk.FactorKind(kind), string(clear), hidden, at(created), at(used)
		all = append(all, f)
		return errors.Join(e1, e2)
	})
	return all, err
}

// FactorCounts says how many factors each member has; who has none is left out.
func (r *Rx) FactorCounts() (map[desk.ID]int, error) {
	counts := map[desk.ID]int{}
	err := r.each(sqlFactorCounts, []any{int64(r.ws)}, func(s scanner) error {
		var id desk.ID
		var n int
		err := s.Scan(&id, &n)
		counts[id] = n
		return err
	})
	return counts, err
}

// InsertFactor adds a factor; f.ID is made. Adding one counts as its first use.
func (t *Tx) InsertFactor(f *Factor) error {
	f.ID, f.CreatedAt, f.UsedAt = t.NewID(), t.now, t.now
	name, secret, err := t.sealFactor(*f)
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertFactor, int64(t.ws), int64(f.ID), int64(f.Member), string(f.Kind), name, secret, f.LastStep, us(t.now), us(t.now))
	return err
}

func (t *Tx) sealFactor(f Factor) (name, secret []byte, err error) {
	ref := t.subject(f.Member)
	name, e1 := t.seal(ref, "factor", "name", f.ID, []byte(f.Name))
	secret, e2 := t.seal(ref, "factor", "secret", f.ID, f.Secret)
	return name, secret, errors.Join(e1, e2)
}

// NameFactor changes what a member calls one of their factors; desk.NotFound
// when it is not theirs.
func (t *Tx) NameFactor(member, id desk.ID, name string) error {
	sealed, err := t.seal(t.subject(member), "factor", "name", id, []byte(name))
	if err != nil {
		return err
	}
	return t.must("factor", sqlNameFactor, int64(t.ws), int64(member), int64(id), sealed)
}

// UseFactor keeps what a use changed: the step of a code, the counter of a
// passkey.
func (t *Tx) UseFactor(f Factor) error {
	_, secret, err := t.sealFactor(f)
	if err != nil {
		return err
	}
	return t.must("factor", sqlUseFactor, int64(t.ws), int64(f.Member), int64(f.ID), secret, f.LastStep, us(t.now))
}

// DropFactor removes one factor of a member; desk.NotFound when it is not theirs.
func (t *Tx) DropFactor(member, id desk.ID) error {
	return t.must("factor", sqlDropFactor, int64(t.ws), int64(member), int64(id))
}

// DropFactors removes every factor of a member, and says how many there were.
func (t *Tx) DropFactors(member desk.ID) (int64, error) {
	return t.exec(sqlDropFactors, int64(t.ws), int64(member))
}

// SetRecovery gives a member recovery codes, by their hashes, in place of all
// earlier ones.
func (t *Tx) SetRecovery(member desk.ID, hashes [][]byte) error {
	if _, err := t.exec(sqlDropRecovery, int64(t.ws), int64(member)); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := t.exec(sqlInsertRecovery, int64(t.ws), int64(member), h); err != nil {
			return err
		}
	}
	return nil
}

// UseRecovery spends a recovery code; ok is false when there is no such one.
func (t *Tx) UseRecovery(member desk.ID, hash []byte) (ok bool, err error) {
	n, err := t.exec(sqlUseRecovery, int64(t.ws), int64(member), hash)
	return n == 1, err
}

// RecoveryLeft counts a member's recovery codes.
func (r *Rx) RecoveryLeft(member desk.ID) (int, error) {
	var n int
	err := r.row(sqlCountRecovery, int64(r.ws), int64(member)).Scan(&n)
	return n, err
}

// Demand says of whom the workspace demands a second factor.
func (r *Rx) Demand() (desk.Demand, error) {
	var d string
	err := found("rule", r.row(sqlFactorRule, int64(r.ws)).Scan(&d))
	if desk.IsNotFound(err) {
		return desk.DemandNobody, nil
	}
	return desk.Demand(d), err
}

// SetDemand sets of whom the workspace demands a second factor.
func (t *Tx) SetDemand(d desk.Demand) error {
	_, err := t.exec(sqlPutFactorRule, int64(t.ws), string(d))
	return err
}

// SpendChallenge notes that a challenge was answered; desk.Conflict when it was
// before.
func (t *Tx) SpendChallenge(hash []byte, ends time.Time) error {
	n, err := t.exec(sqlSpendChallenge, hash, us(ends))
	if err == nil && n == 0 {
		return desk.Fail(desk.Conflict, "challenge_spent", "this was answered before; begin again")
	}
	return err
}

// DropOldChallenges forgets answered challenges that open nothing any more.
func (t *Tx) DropOldChallenges() (int64, error) { return t.exec(sqlOldChallenges, us(t.now)) }
