package member

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// PolicyWork is the kind of work that writes to every member that the published
// policy changes.
const PolicyWork = "policy"

// ChangesPath is where the versions of the policy are read, with what differs.
const ChangesPath = "/privacy/changes"

const (
	policyDocument = "privacy"
	ofPolicy       = "policy"
	ofPurpose      = "purpose:"
	recentPolicies = 20
)

// AnnouncePolicy has every member of the install written to about a version, in
// the transaction that publishes it. Without a mail server the dashboard alone
// tells of it.
func (r *Roster) AnnouncePolicy(tx *store.Tx, version desk.ID) error {
	if !r.Mails() {
		return nil
	}
	return r.flow.Add(tx, flow.Item{Kind: PolicyWork, Key: version, Object: version})
}

// tellPolicy writes to one workspace's members after another; who was written to
// already when a crash came between gets one letter.
func (r *Roster) tellPolicy(ctx context.Context, j *flow.Job) error {
	var v store.PolicyVersion
	err := r.db.In(0).Read(ctx, func(rx *store.Rx) error {
		all, err := rx.PolicyVersions(policyDocument, recentPolicies)
		for _, one := range all {
			if one.ID == j.Items[0].Object {
				v = one
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	all, err := r.db.Workspaces(ctx)
	if err != nil {
		return err
	}
	var last desk.ID
	for _, ws := range all {
		if last, err = r.tellPolicyIn(ctx, ws.ID, strconv.FormatInt(v.Number, 10), last); err != nil {
			return err
		}
	}
	return r.db.In(0).Write(ctx, func(tx *store.Tx) error {
		if err := tx.PolicyTold(v.ID, last); err != nil && !desk.IsNotFound(err) {
			return err
		}
		return j.Finish(tx)
	})
}

const tellAtOnce = 200

func (r *Roster) tellPolicyIn(ctx context.Context, ws desk.ID, number string, last desk.ID) (desk.ID, error) {
	h := r.db.In(ws)
	for after := desk.ID(0); ; {
		var some []desk.Member
		if err := h.Read(ctx, func(rx *store.Rx) (err error) { some, err = rx.Members(after, tellAtOnce); return err }); err != nil || len(some) == 0 {
			return last, err
		}
		for _, m := range some {
			after = m.ID
			if !m.Active || m.Invited {
				continue
			}
			last = m.ID
			err := h.Write(ctx, func(tx *store.Tx) error {
				told, err := tx.NewestLetter(m.ID, desk.LetterPolicy)
				if err == nil && told.About == number {
					return nil
				}
				if err != nil && !desk.IsNotFound(err) {
					return err
				}
				return r.queue(tx, m.ID, desk.LetterPolicy, number)
			})
			if err != nil {
				return last, err
			}
		}
	}
}

// changes lists the versions of the policy that a member is to know of and has
// not answered, and the new purposes that wait for a yes of who decides for the
// workspace.
func (r *Roster) changes(ctx context.Context, who Who, locale string) ([]Statement, error) {
	var out []Statement
	var all []store.PolicyVersion
	err := r.db.In(0).Read(ctx, func(rx *store.Rx) (err error) {
		all, err = rx.PolicyVersions(policyDocument, recentPolicies)
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	err = r.db.In(who.Workspace.ID).Read(ctx, func(rx *store.Rx) error {
		for _, v := range all {
			coming := v.EffectiveAt.After(r.clk.Now())
			if v.Material {
				s := statementOf(v, ofPolicy, locale)
				known, _, err := rx.Answered(who.Member.ID, s.What, s.Version)
				if err != nil {
					return err
				}
				if !known {
					out = append(out, s)
				}
			}
			if !coming { // what held before it is no longer asked about
				break
			}
		}
		if !who.Actor.May(desk.WriteWorkspace) {
			return nil
		}
		named, err := rx.NewPurposes()
		for _, n := range named {
			yes, e := rx.AgreedTo(n.What(), strconv.FormatInt(n.Number, 10))
			if err = errors.Join(err, e); !yes {
				out = append(out, statementOf(store.PolicyVersion{Number: n.Number, Purpose: n.Purpose, EffectiveAt: n.EffectiveAt}, n.What(), locale))
			}
		}
		return err
	})
	return out, err
}

func statementOf(v store.PolicyVersion, what, locale string) Statement {
	key, purpose := "acknowledge.policy", ""
	if what != ofPolicy {
		key, purpose = "acknowledge.purpose", i18n.T(locale, "acknowledge.purpose."+v.Purpose, nil)
	}
	return Statement{what, strconv.FormatInt(v.Number, 10), i18n.T(locale, key, map[string]string{"number": strconv.FormatInt(v.Number, 10),
		"from": v.EffectiveAt.UTC().Format(time.DateOnly), "reason": v.Reason, "purpose": purpose}), ChangesPath}
}

// acknowledgeChange keeps what a member says to a version, or to its new purpose,
// with the hash of the version.
func (r *Roster) acknowledgeChange(ctx context.Context, who Who, a Agreement) error {
	number, err := strconv.ParseInt(a.Version, 10, 64)
	if err != nil {
		return desk.Fail(desk.NotFound, "statement_not_found", "there is no such version")
	}
	var v store.PolicyVersion
	if err := r.db.In(0).Read(ctx, func(rx *store.Rx) (err error) { v, err = rx.PolicyVersion(policyDocument, number); return err }); err != nil {
		return err
	}
	answer := desk.Acknowledgement{What: a.What, Version: a.Version, Hash: v.Hash, Locale: a.Locale, Agreed: a.Agreed, Member: who.Member.ID}
	purpose, isPurpose := strings.CutPrefix(a.What, ofPurpose)
	switch {
	case !isPurpose:
		return r.keepAnswer(ctx, who, answer)
	case purpose != v.Purpose || purpose == "":
		return desk.Fail(desk.NotFound, "statement_not_found", "this version names no such purpose")
	case !who.Actor.May(desk.WriteWorkspace):
		return desk.Fail(desk.Forbidden, "permission", "who decides for the workspace says this")
	}
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		// What the AI wrote by the answer before is not sent by the new one.
		if _, err := tx.ChangeSettings(func(w *desk.Workspace) error { w.AIEpoch++; return nil }); err != nil {
			return err
		}
		if err := tx.AddAcknowledgement(answer); err != nil {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.WorkspaceChanged, Object: who.Workspace.ID})
		return r.record(tx, who.Actor, "member.acknowledge", who.Member.ID)
	})
}

// Worked notes the first act of a member after the policy in force took effect.
// Who answered it in words, with a yes or a no, is noted with that alone.
func (r *Roster) Worked(ctx context.Context, who Who, locale string) error {
	if who.Session == 0 {
		return nil
	}
	var v store.PolicyVersion
	known := false
	version := ""
	err := r.db.In(who.Workspace.ID).Read(ctx, func(rx *store.Rx) (err error) {
		if v, err = rx.PolicyInForce(policyDocument); err != nil {
			return err
		}
		version = strconv.FormatInt(v.Number, 10)
		_, known, err = rx.Answered(who.Member.ID, ofPolicy, version)
		return err
	})
	if known || desk.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return r.db.In(who.Workspace.ID).Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockMember(who.Member.ID); err != nil { // two first acts at once
			return err
		}
		if _, known, err := tx.Answered(who.Member.ID, ofPolicy, version); known || err != nil {
			return err
		}
		return tx.AddAcknowledgement(desk.Acknowledgement{Member: who.Member.ID, What: ofPolicy, Version: version, Hash: v.Hash, Locale: locale, Used: true})
	})
}
