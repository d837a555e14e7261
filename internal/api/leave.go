package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
)

type leaveWorkspaceBody struct {
	Body struct {
		Workspace string `json:"workspace" maxLength:"200" doc:"The workspace's name, typed to show that it is meant"`
	}
}

func leaveRoutes(a *API) {
	declare(a, Route{ID: "give-ownership", Method: http.MethodPost, Path: "/api/v1/members/{id}/ownership", Needs: Need(desk.WriteMembers), Fresh: true,
		Status: http.StatusNoContent, Tag: "members", Summary: "Make another member the owner in my place; I am an admin from then on"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Members.GiveOwnership(ctx, c.Who, in.id())
		})
	declare(a, Route{ID: "leave-workspace", Method: http.MethodPost, Path: "/api/v1/leave", Needs: SignedIn, Fresh: true, Body: 8 << 10,
		Status: http.StatusNoContent, Tag: "session", Summary: "Leave the workspace: my sign-ins, factors and details are gone for good; the last owner cannot (last_owner)"}, a.leaveWorkspace)
}

func (a *API) leaveWorkspace(ctx context.Context, c *call, in *leaveWorkspaceBody) (*nothing, error) {
	if in.Body.Workspace != c.Workspace.Name {
		return nil, pointing(desk.Fail(desk.Invalid, "name_differs", "type the workspace's name as it is written"), map[string]string{"name_differs": "workspace"})
	}
	if err := a.Members.Leave(ctx, c.Who); err != nil {
		return nil, err
	}
	c.setCookie("", -1)
	c.header.Set("Clear-Site-Data", `"cache"`)
	return nil, nil
}
