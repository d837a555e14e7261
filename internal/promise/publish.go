package promise

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Privacy is the document that has versions: the operator's policy.
const Privacy = "privacy"

// Audit records acts of operators in the instance's chain, and signs with the
// install's key.
type Audit interface {
	Add(tx *store.Tx, by desk.Actor, action string, object desk.ID) error
	SignDocument(ctx context.Context, document []byte) ([]byte, error)
	DocumentKey(ctx context.Context) (ed25519.PublicKey, error)
}

// Parts is what a Publisher is made of.
type Parts struct {
	DB    *store.DB
	Clock clock.Clock
	Audit Audit
	// Recipients lists who is switched on at this moment.
	Recipients func(context.Context) ([]Recipient, error)
	// Announce has every member written to about a version that matters, in the
	// transaction that publishes it. nil = nobody is.
	Announce func(tx *store.Tx, version desk.ID) error
	// Version names the very program; evidence of another one proves nothing of
	// this. nil names none.
	Version func() string
}

// Publisher makes and keeps the published texts of an install.
type Publisher struct {
	Parts
	Register *Register
}

// NewPublisher loads the register.
func NewPublisher(p Parts) (*Publisher, error) {
	r, err := Load()
	return &Publisher{Parts: p, Register: r}, err
}

// Profile returns what the operator said; its zero value while nothing was.
func (p *Publisher) Profile(ctx context.Context) (out Profile, err error) {
	err = p.DB.In(0).Read(ctx, func(r *store.Rx) error {
		f, err := r.OperatorFacts()
		if desk.IsNotFound(err) {
			return nil
		}
		return errors.Join(err, json.Unmarshal(f.Facts, &out))
	})
	return out, err
}

// SetProfile keeps what the operator says. Blank fields are kept blank, and
// nothing is published while a needed one is. Errors: desk.Invalid mail_wrong,
// site_wrong, role_wrong.
func (p *Publisher) SetProfile(ctx context.Context, in Profile, by desk.Actor) (Profile, error) {
	in, err := in.clean()
	if err != nil {
		return in, err
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return in, err
	}
	return in, p.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		if err := tx.KeepOperatorFacts(raw, by.ID); err != nil {
			return err
		}
		return p.Audit.Add(tx, by, "instance.operator_profile", by.ID)
	})
}

// Facts is what is so at this moment.
func (p *Publisher) Facts(ctx context.Context) (f Facts, err error) {
	if f.Profile, err = p.Profile(ctx); err != nil {
		return f, err
	}
	f.Recipients, err = p.Recipients(ctx)
	return f, err
}

// Edition is a version as people see it.
type Edition struct {
	store.PolicyVersion
	InForce bool // the newest whose day has come
}

const maxVersions = 200

// Looks is what the install saw of itself last, by clause.
func (p *Publisher) Looks(ctx context.Context) (map[string]Proof, error) {
	out := map[string]Proof{}
	var all []store.InstallLook
	err := p.DB.In(0).Read(ctx, func(r *store.Rx) (err error) { all, err = r.Looks(); return err })
	for _, l := range all {
		out[l.Clause] = Proof{Clause: l.Clause, State: State(l.State), Why: l.Why, Evidence: l.Evidence, At: l.At}
	}
	return out, err
}

// Editions lists all versions, newest first.
func (p *Publisher) Editions(ctx context.Context) ([]Edition, error) {
	var all []store.PolicyVersion
	err := p.DB.In(0).Read(ctx, func(r *store.Rx) (err error) {
		all, err = r.PolicyVersions(Privacy, maxVersions)
		return err
	})
	out, found := []Edition{}, false
	for _, v := range all {
		now := !found && !v.EffectiveAt.After(p.Clock.Now())
		found = found || now
		out = append(out, Edition{v, now})
	}
	return out, err
}

// Draft is a version to be published.
type Draft struct {
	Material bool
	Purpose  string    // a new purpose of the AI, which happens in a workspace after its yes alone; only with Material
	Reason   string    // what changed and why, for whoever reads the versions
	From     time.Time // zero = as soon as may be
}

// Publish keeps the text as it is at this moment as the next version. Errors:
// desk.Invalid profile_incomplete, reason_missing, notice_short, purpose_wrong;
// desk.Conflict nothing_changed.
func (p *Publisher) Publish(ctx context.Context, d Draft, by desk.Actor) (out Edition, err error) {
	f, err := p.Facts(ctx)
	if err != nil {
		return out, err
	}
	if missing := f.Profile.Missing(); len(missing) > 0 {
		return out, desk.Fail(desk.Invalid, "profile_incomplete", "say first who runs this install: "+strings.Join(missing, ", ")+" is blank")
	}
	if d, err = p.timed(d); err != nil {
		return out, err
	}
	v := store.PolicyVersion{Document: Privacy, Body: map[string]string{}, Material: d.Material, Purpose: d.Purpose, Reason: d.Reason, EffectiveAt: d.From, By: by.ID}
	for _, lang := range []string{"en", "tr"} {
		v.Body[lang] = Plain(p.Register.Print(lang, f))
	}
	v.Hash = hashOf(v.Body)
	err = p.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		last, err := tx.PolicyVersions(Privacy, 1)
		if err != nil {
			return err
		}
		v.Number = 1
		if len(last) > 0 {
			if bytes.Equal(last[0].Hash, v.Hash) {
				return desk.Fail(desk.Conflict, "nothing_changed", "the text is word for word that of the last version")
			}
			v.Number = last[0].Number + 1
		}
		if err := tx.InsertPolicyVersion(&v); err != nil {
			return err
		}
		if v.Material && p.Announce != nil {
			if err := p.Announce(tx, v.ID); err != nil {
				return err
			}
		}
		return p.Audit.Add(tx, by, "instance.policy_publish", v.ID)
	})
	return Edition{v, err == nil && !v.EffectiveAt.After(p.Clock.Now())}, err
}

// timed checks a draft and sets from when it holds.
func (p *Publisher) timed(d Draft) (Draft, error) {
	d.Reason, d.Purpose = text.Normalise(d.Reason, 1000), text.Normalise(d.Purpose, 60)
	now := p.Clock.Now()
	soonest := now
	if d.Material {
		soonest = now.Add(Notice)
	}
	if d.From.IsZero() {
		d.From = soonest
	}
	switch {
	case d.Reason == "":
		return d, desk.Fail(desk.Invalid, "reason_missing", "say what changed and why: it stands beside the version")
	case d.Purpose != "" && !d.Material:
		return d, desk.Fail(desk.Invalid, "purpose_wrong", "a new purpose is a change that matters")
	case d.Purpose != "" && !slices.Contains(desk.AIPurposes(), desk.AIPurpose(d.Purpose)):
		return d, desk.Fail(desk.Invalid, "purpose_wrong", "a new purpose is one that the program can hold back until somebody says yes: "+fmt.Sprint(desk.AIPurposes()))
	case d.From.Before(soonest):
		return d, desk.Fail(desk.Invalid, "notice_short", fmt.Sprintf("a change that matters takes effect %d days after it is announced at the earliest", int(Notice/(24*time.Hour))))
	}
	return d, nil
}

func hashOf(body map[string]string) []byte {
	sum := sha256.Sum256([]byte(body["en"] + "\x00" + body["tr"]))
	return sum[:]
}

// Change is one sentence that differs between two versions.
type Change struct {
	Clause  string // its own id
	Was, Is string // "" = it was not there, or is no more
}

// Differences lists what differs between two texts as Plain makes them: first
// what the newer one says otherwise or anew, in its order, then what it lacks.
func Differences(older, newer string) []Change {
	was, order := sentences(older)
	is, now := sentences(newer)
	changes := []Change{}
	for _, id := range now {
		if was[id] != is[id] {
			changes = append(changes, Change{id, was[id], is[id]})
		}
	}
	for _, id := range order {
		if _, kept := is[id]; !kept {
			changes = append(changes, Change{id, was[id], ""})
		}
	}
	return changes
}

func sentences(plain string) (by map[string]string, order []string) {
	by = map[string]string{}
	for line := range strings.Lines(plain) {
		ids, said, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "] ")
		if !ok || !strings.HasPrefix(ids, "[") {
			continue
		}
		id, _, _ := strings.Cut(ids[1:], " ")
		by[id] = said
		order = append(order, id)
	}
	return by, order
}

// Shown is the policy as it stands at this moment, with what is known of it.
type Shown struct {
	Facts    Facts
	Missing  []string // blank fields: nothing may be shown
	Sections []Section
	Edition  *Edition // whose words these are; nil = none yet
	Since    *Edition // where Edition is nil: the newest version, from which the text differs
	Changed  []Change // from Since
	Evidence Evidence
}

// Show makes the policy of this moment in a language.
func (p *Publisher) Show(ctx context.Context, lang string) (s Shown, err error) {
	if s.Facts, err = p.Facts(ctx); err != nil {
		return s, err
	}
	if s.Missing = s.Facts.Profile.Missing(); len(s.Missing) > 0 {
		return s, nil
	}
	s.Sections = p.Register.Print(lang, s.Facts)
	editions, err := p.Editions(ctx)
	if err != nil {
		return s, err
	}
	plain := Plain(s.Sections)
	if len(editions) > 0 {
		if newest := editions[0]; newest.Body[lang] == plain {
			s.Edition = &newest
		} else {
			s.Since, s.Changed = &newest, Differences(newest.Body[lang], plain)
		}
	}
	s.Evidence, err = p.Evidence(ctx)
	return s, err
}
