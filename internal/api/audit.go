package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// AuditEntry is one line of the record of who did what.
type AuditEntry struct {
	No     int64  `json:"no"`
	At     stamp  `json:"at"`
	Actor  string `json:"actor"`
	Verb   string `json:"verb" enum:"none,collect,read,change,disclose,restrict,erase" doc:"Kind of processing"`
	Action string `json:"action"`
	Object string `json:"object"`
	Reason string `json:"reason"`
}

// AuditFilter narrows the record; empty fields narrow nothing.
type AuditFilter struct {
	ActorKind string    `query:"actor_kind" enum:"member,key,system,contact,operator,ai" doc:"What kind of actor"`
	Actor     string    `query:"actor" maxLength:"20" pattern:"^[0-9]*$" doc:"Id of the member or key"`
	Action    string    `query:"action" maxLength:"64" pattern:"^[a-z0-9._-]*$" doc:"An action such as member.change, or its beginning up to a dot, such as member"`
	Object    string    `query:"object" maxLength:"64" pattern:"^[a-z0-9._-]*$" doc:"Kind of the object, such as contact"`
	ObjectID  string    `query:"object_id" maxLength:"20" pattern:"^[0-9]*$" doc:"Id of the object"`
	From      time.Time `query:"from" doc:"Not before this time"`
	To        time.Time `query:"to" doc:"Before this time"`
}

func (f AuditFilter) wanted() store.AuditWanted {
	return store.AuditWanted{ActorKind: f.ActorKind, Actor: numbered(f.Actor), Action: f.Action, Object: f.Object,
		ObjectID: numbered(f.ObjectID), From: f.From, To: f.To}
}

// numbered reads an id whose form the route has checked.
func numbered(s string) desk.ID {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return desk.ID(n)
}

type auditIn struct {
	Paging
	AuditFilter
}

type auditOut struct {
	Kind string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

const auditOrder = "audit"

func auditRoutes(a *API) {
	declare(a, Route{ID: "list-audit", Held: true, Method: http.MethodGet, Path: "/api/v1/audit", Needs: Need(desk.ReadAudit), Record: "audit.list",
		Tag: "audit", Summary: "Who did what, newest first"}, a.listAudit)
	declare(a, Route{ID: "export-audit", Method: http.MethodPost, Path: "/api/v1/audit/export", Needs: Need(desk.ReadAudit), Record: "audit.export", Fresh: true,
		Tag: "audit", Summary: "The same as a table (CSV), at most 50,000 entries"}, a.exportAudit)
	declare(a, Route{ID: "list-key-ages", Method: http.MethodGet, Path: "/api/v1/security/keys", Needs: Need(desk.ReadAudit),
		Tag: "audit", Summary: "How old the keys are that everything is sealed with, and which are due for a change"}, a.keyAges)
}

func (a *API) listAudit(ctx context.Context, c *call, in *auditIn) (*given[Page[AuditEntry]], error) {
	before, err := in.after(auditOrder)
	if err != nil {
		return nil, err
	}
	lines, err := a.Audit.Find(ctx, c.Workspace.ID, in.wanted(), int64(before), in.Limit+1)
	if err != nil {
		return nil, err
	}
	names, err := a.actors(ctx, c, lines)
	return reply(page(lines, in.Limit, func(l audit.Line) AuditEntry { return auditEntry(l, names) },
		func(l audit.Line) string { return cursor.Make(auditOrder, l.No) }), err)
}

func auditEntry(l audit.Line, names map[audit.Thing]string) AuditEntry {
	return AuditEntry{No: l.No, At: stamp(l.At), Actor: names[l.Actor], Verb: string(l.Verb), Action: l.Action, Object: thing(l.Object), Reason: l.Reason}
}

// maxExported bounds one table; from and to choose the next.
const maxExported = 50_000

func (a *API) exportAudit(ctx context.Context, c *call, in *AuditFilter) (*auditOut, error) {
	lines, err := a.Audit.Find(ctx, c.Workspace.ID, in.wanted(), 0, maxExported+1)
	if err != nil {
		return nil, err
	}
	if len(lines) > maxExported {
		return nil, desk.Fail(desk.Invalid, "too_many", "this is more than 50,000 entries: choose a shorter time with from and to")
	}
	names, err := a.actors(ctx, c, lines)
	if err != nil {
		return nil, err
	}
	var table bytes.Buffer
	w := csv.NewWriter(&table)
	rows := [][]string{{"no", "at", "actor", "verb", "action", "object", "reason"}}
	for _, l := range lines {
		e := auditEntry(l, names)
		rows = append(rows, []string{strconv.FormatInt(e.No, 10), l.At.UTC().Format(stampForm), text.Cell(e.Actor), e.Verb, text.Cell(e.Action), text.Cell(e.Object), text.Cell(e.Reason)})
	}
	err = w.WriteAll(rows)
	return &auditOut{Kind: "text/csv; charset=utf-8", Name: `attachment; filename="audit.csv"`, Body: table.Bytes()}, err
}

// actors names who did the acts: members by their name, others by what they are.
func (a *API) actors(ctx context.Context, c *call, lines []audit.Line) (map[audit.Thing]string, error) {
	names := map[audit.Thing]string{}
	err := c.ws.Read(ctx, func(r *store.Rx) error {
		v := a.view(r, c.locale)
		for _, l := range lines {
			if _, known := names[l.Actor]; known {
				continue
			}
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

// KeyAge is one kind of keys; never a key.
type KeyAge struct {
	Kind   string     `json:"kind" doc:"root, epoch, workspace, retired, subject, search, pepper, signing, ai-day, error-day or raw-hour"`
	Keys   int64      `json:"keys"`
	Oldest opt[stamp] `json:"oldest" doc:"null where it is not known, as of a root key from the settings"`
	Days   int        `json:"days" doc:"Term after which it is to be changed; 0 = not changed by age"`
	Next   opt[stamp] `json:"next"`
	Due    bool       `json:"due" doc:"Past its term"`
}

// KeyAges is the register, of this workspace and of the install itself.
type KeyAges struct {
	Items []KeyAge `json:"items"`
}

func (a *API) keyAges(ctx context.Context, c *call, _ *struct{}) (*given[KeyAges], error) {
	all, err := a.Store.Vault().Register(ctx, 0, int64(c.Workspace.ID))
	out := KeyAges{Items: make([]KeyAge, len(all))}
	for i, k := range all {
		out.Items[i] = KeyAge{Kind: string(k.Kind), Keys: k.Keys, Oldest: since(k.Oldest), Days: int(k.Term / (24 * time.Hour)), Next: since(k.Next()), Due: k.Due}
	}
	return reply(out, err)
}

// since is a time that may not be known.
func since(t time.Time) opt[stamp] {
	if t.IsZero() {
		return opt[stamp]{}
	}
	return some(stamp(t))
}
