package privacy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Rule is one term that a workspace may shorten and never lengthen.
type Rule struct {
	Name string
	Most time.Duration // the table's; 0 = as long as the workspace is there
}

// Rules lists them, in the order of a page.
func Rules() []Rule {
	return []Rule{{store.RetainConversations, 0}, {store.RetainVisits, store.VisitTerm}, {store.RetainAILogs, store.AILogTerm},
		{store.RetainReports, store.AIReportTerm}, {store.RetainLetters, store.LetterTerm}}
}

// maxDays is the longest that a rule without a term of its own may be set to.
const maxDays = 20 * 365

// Kept is a rule as it holds in a workspace.
type Kept struct {
	Name string
	Days int   // 0 = as long as the workspace is there
	Most int   // the table's days; 0 = without end
	Over int64 // how much the next sweep ends
}

// Retention shows and shortens terms.
type Retention struct {
	DB    *store.DB
	Audit Audit
}

// List shows every rule. want, where it names a rule, stands in for what is set:
// a try that changes nothing.
func (r *Retention) List(ctx context.Context, ws desk.ID, want map[string]int) (all []Kept, err error) {
	if err := checkTerms(want); err != nil {
		return nil, err
	}
	err = r.DB.In(ws).Read(ctx, func(rx *store.Rx) error {
		all = nil
		set, err := rx.Terms()
		if err != nil {
			return err
		}
		maps.Copy(set, want)
		for _, rule := range Rules() {
			k := Kept{Name: rule.Name, Most: int(rule.Most / (24 * time.Hour)), Days: set[rule.Name]}
			if k.Days == 0 || k.Most > 0 && k.Most < k.Days {
				k.Days = k.Most
			}
			if k.Days > 0 {
				if k.Over, err = rx.CountOver(rule.Name, r.DB.Clock().Now().AddDate(0, 0, -k.Days)); err != nil {
					return err
				}
			}
			all = append(all, k)
		}
		return nil
	})
	return all, err
}

// Set changes terms; 0 days goes back to the table. What is over by then ends
// with the next sweep.
func (r *Retention) Set(ctx context.Context, ws desk.ID, by desk.Actor, want map[string]int) error {
	if err := checkTerms(want); err != nil {
		return err
	}
	return r.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if err := tx.SetTerm(name, want[name]); err != nil {
				return err
			}
		}
		return r.Audit.Add(tx, by, "privacy.retention", 0)
	})
}

func checkTerms(want map[string]int) error {
	for name, days := range want {
		i := slices.IndexFunc(Rules(), func(r Rule) bool { return r.Name == name })
		if i < 0 {
			return desk.Fail(desk.Invalid, "no_rule", "there is no such rule")
		}
		most := int(Rules()[i].Most / (24 * time.Hour))
		if most == 0 {
			most = maxDays
		}
		if days < 0 || days > most {
			return desk.Fail(desk.Invalid, "term_too_long", fmt.Sprintf("%s are kept for 1 to %d days, or 0 for the table's term", name, most))
		}
	}
	return nil
}

const maxHoldText = 2000

// Hold begins to keep somebody from every erasure, with a reason and who wants
// it. It never extends what is sealed under the key of a day.
func (r *Retention) Hold(ctx context.Context, ws desk.ID, h store.Hold) (store.Hold, error) {
	h.Reason, h.Authority = strings.TrimSpace(h.Reason), strings.TrimSpace(h.Authority)
	if h.Reason == "" || h.Authority == "" || len(h.Reason) > maxHoldText || len(h.Authority) > maxHoldText {
		return h, desk.Fail(desk.Invalid, "hold_reason", "a hold needs a reason and an authority, each up to 2000 bytes")
	}
	err := r.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertHold(&h); err != nil {
			return err
		}
		return r.Audit.Add(tx, h.By, "privacy.hold", h.Contact)
	})
	return h, err
}

// Release ends a hold; what should have ended meanwhile ends with the next sweep.
func (r *Retention) Release(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	return r.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.ReleaseHold(id); err != nil {
			return err
		}
		return r.Audit.Add(tx, by, "privacy.release", id)
	})
}

// Holds pages through a workspace's, newest first.
func (r *Retention) Holds(ctx context.Context, ws, before desk.ID, limit int) (all []store.Hold, err error) {
	err = r.DB.In(ws).Read(ctx, func(rx *store.Rx) error { all, err = rx.Holds(before, limit); return err })
	return all, err
}

// errHold says that nothing of a person may be deleted before a release.
var errHold = &desk.Error{Code: desk.Conflict, Reason: "legal_hold", Text: "this person is under a legal hold: release it first (/api/v1/privacy/holds)"}

// free refuses to erase anybody who is under a legal hold.
func free(r *store.Rx, all ...desk.ID) error {
	for _, c := range all {
		held, err := r.UnderHold(c)
		if err != nil {
			return err
		}
		if held {
			return errHold
		}
	}
	return nil
}

// SweepConversations erases conversations that are older than their workspace
// keeps them, and the contact with the last one, a few at a time.
func (e *Eraser) SweepConversations(ctx context.Context) error {
	all, err := e.db.Workspaces(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, ws := range all {
		errs = append(errs, e.sweepTalks(ctx, ws.ID))
	}
	return errors.Join(errs...)
}

func (e *Eraser) sweepTalks(ctx context.Context, ws desk.ID) error {
	const step = 100
	for {
		var over []store.Row
		alone := map[desk.ID]bool{}
		err := e.db.In(ws).Read(ctx, func(r *store.Rx) error {
			over = nil
			term, err := r.Term(store.RetainConversations, 0)
			if err != nil || term == 0 {
				return err
			}
			if over, err = r.TalksOver(e.db.Clock().Now().Add(-term), step); err != nil {
				return err
			}
			for _, c := range over {
				both, err := r.ConversationsWith(c.Contact, 2)
				if err != nil {
					return err
				}
				alone[c.ID] = len(both) == 1
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, c := range over {
			if err := e.endTalk(ctx, ws, c, alone[c.ID]); err != nil {
				return err
			}
		}
		if len(over) < step {
			return nil
		}
	}
}

func (e *Eraser) endTalk(ctx context.Context, ws desk.ID, c store.Row, alone bool) error {
	if alone {
		return e.Forget(ctx, ws, c.Contact)
	}
	for done := false; !done; {
		err := e.db.In(ws).Write(ctx, func(tx *store.Tx) (err error) { done, err = tx.EraseTalkStep(c.ID); return err })
		if err != nil {
			return err
		}
	}
	return e.db.Scrub(ctx)
}
