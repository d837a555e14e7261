package api

import (
	"context"
	"net/http"

	"parley/internal/desk"
	"parley/internal/kit/secret"
)

type registerBody struct {
	ByID
	Body struct {
		Pin string `json:"pin" pattern:"^[0-9]{6}$" doc:"The number's own second factor: six digits that its owner chooses, or chose before. It is not kept"`
	}
}

func registerRoutes(a *API) {
	declare(a, Route{ID: "register-channel", Method: http.MethodPost, Path: "/api/v1/channels/{id}/register", Needs: Need(desk.WriteChannels),
		Status: http.StatusNoContent, Tag: "channels", Summary: "Bring a number into service that its provider does not know as registered"},
		func(ctx context.Context, c *call, in *registerBody) (*nothing, error) {
			err := a.Connect.Register(ctx, connecting(c), in.id(), secret.New(in.Body.Pin))
			return nil, pointing(err, map[string]string{"pin_wrong": "pin"})
		})
}
