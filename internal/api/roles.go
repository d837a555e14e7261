package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
)

// RoleRights is what a role may do.
type RoleRights struct {
	Role        desk.Role         `json:"role" enum:"owner,admin,agent,analyst,billing,privacy"`
	Permissions []desk.Permission `json:"permissions" nullable:"false"`
}

func roleRoutes(a *API) {
	declare(a, Route{ID: "list-roles", Method: http.MethodGet, Path: "/api/v1/roles", Needs: SignedIn,
		Tag: "members", Summary: "What each role of a workspace may do; the same for people and for keys"},
		func(context.Context, *call, *nothing) (*given[Page[RoleRights]], error) {
			p := Page[RoleRights]{Items: []RoleRights{}}
			for _, r := range desk.Roles() {
				if r != desk.RoleOperator { // of the install, given by nobody here
					p.Items = append(p.Items, RoleRights{r, desk.Permissions(r)})
				}
			}
			return reply(p, nil)
		})
}
