package store

import (
	"strconv"
	"time"

	"parley/internal/desk"
)

const (
	sqlOperatorProfile     = `SELECT facts, by_id, at FROM operator_profile WHERE workspace_id = $1`
	sqlKeepOperatorProfile = `INSERT INTO operator_profile (workspace_id, facts, by_id, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id) DO UPDATE SET facts = excluded.facts, by_id = excluded.by_id, at = excluded.at`

	policyColumns   = `id, document, number, body_en, body_tr, text_hash, material, purpose, reason, published_at, effective_at, by_id, told_all`
	sqlInsertPolicy = `INSERT INTO policy_version (workspace_id, ` + policyColumns + `, told_to)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, FALSE, 0)`
	sqlPolicyVersions = `SELECT ` + policyColumns + ` FROM policy_version WHERE workspace_id = $1 AND document = $2 ORDER BY number DESC LIMIT $3`
	sqlPolicyInForce  = `SELECT ` + policyColumns + ` FROM policy_version WHERE workspace_id = $1 AND document = $2 AND effective_at <= $3 ORDER BY number DESC LIMIT 1`
	sqlPolicyPurposes = `SELECT number, purpose, effective_at FROM policy_version WHERE workspace_id = $1 AND purpose <> '' ORDER BY number`
	sqlPolicyTold     = `UPDATE policy_version SET told_to = $3, told_all = TRUE WHERE workspace_id = $1 AND id = $2`
	sqlPolicyVersion  = `SELECT ` + policyColumns + ` FROM policy_version WHERE workspace_id = $1 AND document = $2 AND number = $3`
)

// OperatorFacts is what the operator says about itself, as JSON of the caller's.
// It is public by its purpose and lies readable.
type OperatorFacts struct {
	Facts []byte
	By    desk.ID
	At    time.Time
}

// OperatorFacts returns it; desk.NotFound while nothing was said.
func (r *Rx) OperatorFacts() (OperatorFacts, error) {
	var f OperatorFacts
	var facts string
	var by, when int64
	err := r.row(sqlOperatorProfile, int64(r.ws)).Scan(&facts, &by, &when)
	f.Facts, f.By, f.At = []byte(facts), desk.ID(by), at(when)
	return f, found("operator profile", err)
}

// KeepOperatorFacts replaces it.
func (t *Tx) KeepOperatorFacts(facts []byte, by desk.ID) error {
	_, err := t.exec(sqlKeepOperatorProfile, int64(t.ws), string(facts), int64(by), us(t.now))
	return err
}

// PolicyVersion is a text as it was published; nothing of it is ever changed.
type PolicyVersion struct {
	ID          desk.ID
	Document    string
	Number      int64
	Body        map[string]string // by language: en, tr
	Hash        []byte            // SHA-256 of both
	Material    bool
	Purpose     string // a new purpose that needs everybody's yes; "" = none
	Reason      string
	PublishedAt time.Time
	EffectiveAt time.Time
	By          desk.ID
	Told        bool // a letter about it was made for every member
}

// InsertPolicyVersion keeps a new version; v.ID and v.PublishedAt are made here.
// A number that exists is refused by the database.
func (t *Tx) InsertPolicyVersion(v *PolicyVersion) error {
	v.ID, v.PublishedAt = t.NewID(), t.now
	_, err := t.exec(sqlInsertPolicy, int64(t.ws), int64(v.ID), v.Document, v.Number, v.Body["en"], v.Body["tr"], v.Hash, v.Material, v.Purpose, v.Reason,
		us(v.PublishedAt), us(v.EffectiveAt), int64(v.By))
	return err
}

// PolicyVersions lists the versions of a document, newest first.
func (r *Rx) PolicyVersions(document string, limit int) ([]PolicyVersion, error) {
	all := []PolicyVersion{}
	err := r.each(sqlPolicyVersions, []any{int64(r.ws), document, limit}, func(s scanner) error {
		v, err := scanPolicy(s)
		all = append(all, v)
		return err
	})
	return all, err
}

// PolicyVersion returns one version by its number.
func (r *Rx) PolicyVersion(document string, number int64) (PolicyVersion, error) {
	v, err := scanPolicy(r.row(sqlPolicyVersion, int64(r.ws), document, number))
	return v, found("policy version", err)
}

// PolicyInForce returns the newest version whose day has come.
func (r *Rx) PolicyInForce(document string) (PolicyVersion, error) {
	v, err := scanPolicy(r.row(sqlPolicyInForce, 0, document, us(r.db.clk.Now())))
	return v, found("policy version", err)
}

// PolicyByNumber is PolicyVersion, from a workspace's own transaction: what is
// published is everybody's to read.
func (r *Rx) PolicyByNumber(document string, number int64) (PolicyVersion, error) {
	v, err := scanPolicy(r.row(sqlPolicyVersion, 0, document, number))
	return v, found("policy version", err)
}

// PolicyTold notes that a letter about a version was made for every member.
func (t *Tx) PolicyTold(id, last desk.ID) error {
	return t.must("policy version", sqlPolicyTold, int64(t.ws), int64(id), int64(last))
}

// NewPurpose is a purpose that a version named as new, in the newest version that
// did.
type NewPurpose struct {
	Number      int64
	Purpose     string
	EffectiveAt time.Time
}

// What is the name under which answers to it are kept.
func (n NewPurpose) What() string { return "purpose:" + n.Purpose }

// NewPurposes lists what versions named as new, each once.
func (r *Rx) NewPurposes() ([]NewPurpose, error) {
	newest := map[string]int{}
	var all []NewPurpose
	err := r.each(sqlPolicyPurposes, []any{0}, func(s scanner) error {
		var n NewPurpose
		var when int64
		err := s.Scan(&n.Number, &n.Purpose, &when)
		n.EffectiveAt = at(when)
		if i, named := newest[n.Purpose]; named {
			all[i] = n
			return err
		}
		newest[n.Purpose] = len(all)
		all = append(all, n)
		return err
	})
	return all, err
}

// waiting lists the new purposes that do not happen in this workspace yet: their
// version has not taken effect, or nobody here said yes to it.
func (r *Rx) waiting() ([]desk.AIPurpose, error) {
	named, err := r.NewPurposes()
	var all []desk.AIPurpose
	for _, n := range named {
		yes := false
		if err == nil && !n.EffectiveAt.After(r.db.clk.Now()) {
			yes, err = r.AgreedTo(n.What(), strconv.FormatInt(n.Number, 10))
		}
		if !yes {
			all = append(all, desk.AIPurpose(n.Purpose))
		}
	}
	return all, err
}

func scanPolicy(s scanner) (PolicyVersion, error) {
	var v PolicyVersion
	var id, by, published, effective int64
	var en, tr string
	err := s.Scan(&id, &v.Document, &v.Number, &en, &tr, &v.Hash, &v.Material, &v.Purpose, &v.Reason, &published, &effective, &by, &v.Told)
	v.ID, v.By, v.PublishedAt, v.EffectiveAt = desk.ID(id), desk.ID(by), at(published), at(effective)
	v.Body = map[string]string{"en": en, "tr": tr}
	return v, err
}
