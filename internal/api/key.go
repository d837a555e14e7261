package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/member"
	"parley/internal/store"
)

// Key is a program's access.
type Key struct {
	ID         desk.ID           `json:"id"`
	Name       string            `json:"name"`
	Role       desk.Role         `json:"role" enum:"owner,admin,agent,analyst,billing,privacy,operator"`
	Scopes     []desk.Permission `json:"scopes" nullable:"false" doc:"What of its role it may do; empty = all"`
	CreatedBy  desk.ID           `json:"created_by,omitempty" doc:"The member who made it: it does no more than they may themselves. Left out: made on the command line"`
	CreatedAt  stamp             `json:"created_at"`
	ExpiresAt  stamp             `json:"expires_at"`
	Expired    bool              `json:"expired"`
	LastUsedAt moment            `json:"last_used_at"`
	Token      string            `json:"token,omitempty" doc:"Shown once, when the key is made"`
}

func (a *API) keyOf(k store.AccessKey) Key {
	return Key{ID: k.ID, Name: k.Name, Role: k.Role, Scopes: orEmpty(k.Scopes), CreatedBy: k.CreatedBy, CreatedAt: stamp(k.CreatedAt),
		ExpiresAt: stamp(k.ExpiresAt), Expired: !a.Clock.Now().Before(k.ExpiresAt), LastUsedAt: moment(k.UsedAt)}
}

type newKeyBody struct {
	Body struct {
		Name   string            `json:"name" minLength:"1" maxLength:"100"`
		Role   desk.Role         `json:"role" enum:"owner,admin,agent,analyst,billing,privacy"`
		Scopes []desk.Permission `json:"scopes,omitempty" maxItems:"40" doc:"What of its role it may do; left out: all"`
		Days   int               `json:"days,omitempty" minimum:"1" maximum:"365" doc:"Until it ends; left out: a year, which is the longest"`
	}
}

const keyOrder = "keys"

func keyRoutes(a *API) {
	declare(a, Route{ID: "list-keys", Method: http.MethodGet, Path: "/api/v1/keys", Needs: Need(desk.WriteKeys),
		Tag: "keys", Summary: "API keys"}, a.listKeys)
	declare(a, Route{ID: "add-key", Method: http.MethodPost, Path: "/api/v1/keys", Needs: Need(desk.WriteKeys), Fresh: true, Status: http.StatusCreated,
		Tag: "keys", Summary: "Make an API key; its token is shown once"}, a.addKey)
	declare(a, Route{ID: "drop-key", Method: http.MethodDelete, Path: "/api/v1/keys/{id}", Needs: Need(desk.WriteKeys), Fresh: true,
		Status: http.StatusNoContent, Tag: "keys", Summary: "Remove an API key; it stops working at once"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Members.DropKey(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
}

func (a *API) addKey(ctx context.Context, c *call, in *newKeyBody) (*given[Key], error) {
	b := in.Body
	k, err := a.Members.AddKey(ctx, c.Workspace.ID, member.KeyWish{Name: b.Name, Role: b.Role, Scopes: b.Scopes,
		Term: time.Duration(b.Days) * 24 * time.Hour}, c.Actor)
	out := a.keyOf(k.AccessKey)
	out.Token = k.Token
	return reply(out, pointing(err, map[string]string{"name_missing": "name", "role_wider": "role", "scope_wider": "scopes", "term_invalid": "days"}))
}

func (a *API) listKeys(ctx context.Context, c *call, in *Paging) (*given[Page[Key]], error) {
	after, err := in.after(keyOrder)
	if err != nil {
		return nil, err
	}
	rows, err := a.Members.Keys(ctx, c.Workspace.ID, after, in.Limit+1)
	return reply(page(rows, in.Limit, a.keyOf, func(k store.AccessKey) string { return cursor.Make(keyOrder, int64(k.ID)) }), err)
}
