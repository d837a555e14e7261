package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
)

// ContactRestrictions are what a person asked for short of erasure.
type ContactRestrictions struct {
	Restricted       bool `json:"restricted" doc:"Stored and nothing else; the AI says nothing"`
	NoAutomation     bool `json:"no_automation" doc:"No automatic replies"`
	Limited          bool `json:"limited" doc:"Limited data use: for the conversation only, no profile look-ups, no analysis"`
	Objected         bool `json:"objected" doc:"Objected: people answer them and the AI does not; no use but the conversation"`
	LimitSensitive   bool `json:"limit_sensitive" doc:"What is special of the person serves the conversation only"`
	Frozen           bool `json:"frozen" doc:"Too young, by their own word or a case: stored until a person decides"`
	WorkspaceLimited bool `json:"workspace_limited" doc:"Limited data use holds for everybody of the workspace"`
}

type restrictBody struct {
	ByID
	Body struct {
		Restricted   *bool `json:"restricted,omitempty"`
		NoAutomation *bool `json:"no_automation,omitempty"`
		Limited      *bool `json:"limited,omitempty"`
		Objected     *bool `json:"objected,omitempty"`
		Sensitive    *bool `json:"limit_sensitive,omitempty"`
		Frozen       *bool `json:"frozen,omitempty"`
	}
}

func restrictRoutes(a *API) {
	const path = "/api/v1/contacts/{id}/restrictions"
	declare(a, Route{ID: "get-restrictions", Method: http.MethodGet, Path: path, Needs: Need(desk.ReadContacts),
		Tag: "contacts", Summary: "What what is held of a contact may not be used for"},
		func(ctx context.Context, c *call, in *ByID) (*given[ContactRestrictions], error) {
			var person desk.Contact
			err := c.ws.Read(ctx, func(rx *store.Rx) error {
				all, err := rx.Person(in.id())
				if err == nil {
					person = all[0]
				}
				return err
			})
			return reply(restrictionsOf(c, person), err)
		})
	declare(a, Route{ID: "set-restrictions", Method: http.MethodPut, Path: path, Needs: Need(desk.RestrictContacts),
		Tag: "contacts", Summary: "Restrict what is held of a contact, or lift it; fields left out stay"},
		func(ctx context.Context, c *call, in *restrictBody) (*given[ContactRestrictions], error) {
			person, err := a.Restrict.Set(ctx, c.Workspace.ID, in.id(), c.Actor, privacy.Restrictions(in.Body))
			return reply(restrictionsOf(c, person), err)
		})
}

func restrictionsOf(c *call, p desk.Contact) ContactRestrictions {
	return ContactRestrictions{Restricted: p.Restricted, NoAutomation: p.NoAutomation, Limited: p.Limited,
		Objected: p.Objected, LimitSensitive: p.Sensitive, Frozen: p.Frozen, WorkspaceLimited: c.Workspace.Limited}
}
