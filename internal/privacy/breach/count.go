package breach

import (
	"context"
	"slices"

	"parley/internal/desk"
	"parley/internal/store"
)

// Count counts what an incident touched, anew.
func (d *Desk) Count(ctx context.Context, a Act, scopes []store.Scope) error {
	if len(scopes) == 0 || len(scopes) > maxScopes {
		return desk.Fail(desk.Invalid, "scopes", "name between 1 and 50 scopes")
	}
	var i store.Incident
	err := d.DB.In(a.Workspace).Read(ctx, func(r *store.Rx) (err error) { i, err = r.Incident(a.Incident); return err })
	if err != nil {
		return err
	}
	var all []store.ScopeCount
	for _, s := range scopes {
		if a.Workspace != 0 {
			s.Workspace = a.Workspace
		}
		switch {
		case s.Workspace == 0:
			return desk.Fail(desk.Invalid, "scopes", "name the workspace that was touched")
		case s.From.IsZero() || s.To.Before(s.From):
			return desk.Fail(desk.Invalid, "scopes", "say from when and until when, in that order")
		case s.Table != "" && !slices.Contains(store.ScopeTables(), s.Table):
			return desk.Fail(desk.Invalid, "scopes", "no table of that name leads to people")
		}
		one, err := d.count(ctx, i, s)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	return d.change(ctx, a, "incident.count", func(tx *store.Tx, i *store.Incident, _ *desk.IncidentStand) error {
		if i.State == desk.IncidentClosed {
			return desk.Fail(desk.Conflict, "incident_state", "this incident is closed")
		}
		return tx.AddCounts(i.ID, all)
	})
}

const maxScopes = 50

func (d *Desk) count(ctx context.Context, i store.Incident, s store.Scope) (one store.ScopeCount, err error) {
	if i.Drill {
		one = madeUp(s.Workspace, d.DB.Clock().Now())
		one.Scope = s
		return one, nil
	}
	err = d.DB.In(s.Workspace).Read(ctx, func(r *store.Rx) error {
		if _, err := r.Settings(); err != nil {
			return err
		}
		_, one, err = r.Touched(s)
		return err
	})
	return one, err
}
