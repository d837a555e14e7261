package app

import (
	"context"
	"slices"
	"strings"

	"parley/internal/channel/widget"
	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/llm"
	"parley/internal/member"
	"parley/internal/privacy/duty"
	"parley/internal/promise"
	"parley/internal/store"
)

func (a *App) duties() *duty.Duties {
	return duty.New(duty.Parts{DB: a.DB, Audit: a.Audit, Letters: a.Notify, Roster: access{a.Roster}, World: papers{a}})
}

// access takes away what a review says to.
type access struct{ *member.Roster }

func (x access) SwitchOff(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	off := false
	_, err := x.Change(ctx, ws, id, member.Change{Active: &off}, by)
	return err
}

// papers fills what members read before they sign: from the register of promises,
// the evidence and the list of recipients.
type papers struct{ a *App }

// Measures implements duty.World. What the newest evidence says of a promise is
// believed, or what the install saw of itself.
func (p papers) Measures(ctx context.Context, locale string, clauses []string) ([]duty.Measure, error) {
	facts, err := p.a.Promise.Facts(ctx)
	if err != nil {
		return nil, err
	}
	evidence, err := p.a.Promise.Evidence(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := p.a.Promise.Looks(ctx)
	if err != nil {
		return nil, err
	}
	var out []duty.Measure
	for _, c := range p.a.Promise.Register.All() {
		if !c.Built || !slices.Contains(clauses, c.ID) {
			continue
		}
		state := promise.Unproven
		if s, looked := seen[c.ID]; looked {
			state = s.State
		}
		if s, ran := evidence.Proofs[c.ID]; ran && evidence.Believed() && state == promise.Unproven {
			state = s.State
		}
		out = append(out, duty.Measure{Clause: c.ID, Says: facts.Says(locale, c), State: string(state)})
	}
	return out, nil
}

// Recipients implements duty.World: of the models' companies those that this
// workspace chose.
func (p papers) Recipients(ctx context.Context, ws desk.ID, locale string) ([]duty.Recipient, error) {
	all, err := p.a.recipients(ctx)
	if err != nil {
		return nil, err
	}
	var set desk.AISettings
	if err := p.a.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { set, err = r.AISettings(); return err }); err != nil {
		return nil, err
	}
	var out []duty.Recipient
	for _, r := range all {
		if slices.ContainsFunc(llm.Vendors(), func(v llm.Vendor) bool { return v.Name == r.ID }) && !slices.Contains(set.Vendors(), desk.Vendor(r.ID)) {
			continue
		}
		out = append(out, duty.Recipient{Company: r.Company, Region: r.Region, Purpose: i18n.T(locale, "policy.recipient."+r.ID, nil)})
	}
	return out, nil
}

// Notice implements duty.World: the page of the website chat, or else the door for
// what people ask of their data.
func (p papers) Notice(ctx context.Context, ws desk.ID) (string, error) {
	home, key := strings.TrimSuffix(p.a.Config.PublicURL, "/"), ""
	err := p.a.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		all, err := r.Accounts()
		i := slices.IndexFunc(all, func(a desk.Account) bool { return a.Kind == widget.Name && a.State != desk.AccountOff })
		if key = ""; i >= 0 {
			key = all[i].OutsideID
		}
		return err
	})
	if key == "" {
		return home + "/privacy/requests/" + ws.String(), err
	}
	return home + "/w/" + key + "/privacy", err
}
