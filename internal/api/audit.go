package api

import (
	"context"
	"net/http"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/store"
)

// AuditEntry is one line of the record of who did what.
type AuditEntry struct {
	No     int64  `json:"no"`
	At     stamp  `json:"at"`
	Actor  string `json:"actor"`
	Action string `json:"action"`
	Object string `json:"object"`
	Reason string `json:"reason"`
}

const auditOrder = "audit"

func auditRoutes(a *API) {
	declare(a, Route{ID: "list-audit", Method: http.MethodGet, Path: "/api/v1/audit", Needs: Need(desk.ReadAudit),
		Tag: "audit", Summary: "Who did what, newest first"}, a.listAudit)
}

func (a *API) listAudit(ctx context.Context, c *call, in *Paging) (*given[Page[AuditEntry]], error) {
	before, err := in.after(auditOrder)
	if err != nil {
		return nil, err
	}
	lines, err := a.Audit.List(ctx, c.Workspace.ID, int64(before), in.Limit+1)
	if err != nil {
		return nil, err
	}
	names, err := a.actors(ctx, c, lines)
	return reply(page(lines, in.Limit, func(l audit.Line) AuditEntry {
		return AuditEntry{No: l.No, At: stamp(l.At), Actor: names[l.Actor], Action: l.Action, Object: thing(l.Object), Reason: l.Reason}
	}, func(l audit.Line) string { return cursor.Make(auditOrder, l.No) }), err)
}

// actors names who did the acts: members by their name, others by what they are.
func (a *API) actors(ctx context.Context, c *call, lines []audit.Line) (map[audit.Thing]string, error) {
	names := map[audit.Thing]string{}
	err := c.ws.Read(ctx, func(r *store.Rx) error {
		v := a.view(r, c.locale)
		for _, l := range lines {
			names[l.Actor] = thing(l.Actor)
			if l.Actor.Kind != string(desk.ByMember) {
				continue
			}
			m, err := v.member(desk.ID(l.Actor.ID))
			if err != nil {
				return err
			}
			if m.Name != "" {
				names[l.Actor] = m.Name
			}
		}
		return nil
	})
	return names, err
}

// thing is a kind and an id in words.
func thing(t audit.Thing) string {
	if t.ID == 0 {
		return t.Kind
	}
	return t.Kind + " " + desk.ID(t.ID).String()
}

// recorded keeps an act of this package in the audit log.
func (a *API) recorded(tx *store.Tx, c *call, action string, object desk.ID) error {
	return a.Audit.Add(tx, c.Actor, action, object)
}
