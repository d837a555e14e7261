package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/privacy"
)

type rectifyBody struct {
	ByID
	Body struct {
		Name      *string `json:"name,omitempty" maxLength:"200"`
		Email     *string `json:"email,omitempty" maxLength:"254"`
		Phone     *string `json:"phone,omitempty" maxLength:"40"`
		Statement string  `json:"statement,omitempty" maxLength:"4000" doc:"What the person says of a thing that cannot be changed"`
		MessageID desk.ID `json:"message_id,omitempty" doc:"The message that the statement is about"`
		CaseID    desk.ID `json:"case_id,omitempty" doc:"The request that this answers, of which it is the evidence"`
	}
}

func rectifyRoutes(a *API) {
	declare(a, Route{ID: "rectify-contact", Method: http.MethodPost, Path: "/api/v1/contacts/{id}/rectify", Needs: Need(desk.WriteCases),
		Tag: "privacy", Summary: "Correct what is held of a person, or note their statement beside it; in the privacy ledger"},
		func(ctx context.Context, c *call, in *rectifyBody) (*given[Contact], error) {
			b := in.Body
			_, err := a.Restrict.Correct(ctx, c.Workspace.ID, in.id(), c.Actor,
				privacy.Correction{Name: b.Name, Email: b.Email, Phone: b.Phone, Statement: b.Statement, Message: b.MessageID, Case: b.CaseID})
			if err != nil {
				return nil, err
			}
			return reply(a.showContact(ctx, c, in.id()))
		})
}
