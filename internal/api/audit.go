package api

import (
	"context"
	"net/http"

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
	if a.Audit == nil {
		return
	}
	declare(a, Route{ID: "list-audit", Method: http.MethodGet, Path: "/api/v1/audit", Needs: Need(desk.ReadAudit),
		Tag: "audit", Summary: "Who did what, newest first"}, a.listAudit)
}

func (a *API) listAudit(ctx context.Context, c *call, in *Paging) (*given[Page[AuditEntry]], error) {
	before, err := in.after(auditOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Audit.List(ctx, c.Workspace.ID, int64(before), in.Limit+1)
	return reply(page(rows, in.Limit, func(e AuditEntry) AuditEntry { return e },
		func(e AuditEntry) string { return cursor.Make(auditOrder, e.No) }), err)
}

// recorded keeps an act of this package in the audit log.
func (a *API) recorded(tx *store.Tx, c *call, action string, object desk.ID) error {
	if a.Audit == nil {
		return nil
	}
	return a.Audit.Add(tx, c.Actor, action, object)
}
