package app

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// EraseContact counts what is held of one contact of a workspace, and erases it
// when Confirm is set.
type EraseContact struct {
	Workspace string  `json:"workspace"` // by name
	Contact   desk.ID `json:"contact_id"`
	Confirm   bool    `json:"confirm"`
}

// ContactErased answers EraseContact. Certificate is an audit.Proof of
// privacy.ErasureFacts, there once it is erased.
type ContactErased struct {
	Counts      store.Holdings  `json:"counts"`
	Erased      bool            `json:"erased"`
	No          int64           `json:"no,omitempty"`
	At          time.Time       `json:"at,omitzero"`
	Certificate json.RawMessage `json:"certificate,omitempty"`
}

// EraseContact implements Control. Errors: desk.NotFound, desk.Conflict under a
// legal hold.
func (a *App) EraseContact(ctx context.Context, in EraseContact) (ContactErased, error) {
	ws, err := a.Roster.Find(ctx, in.Workspace)
	if err != nil {
		return ContactErased{}, err
	}
	held, err := a.Eraser.Preview(ctx, ws.ID, in.Contact)
	if err != nil || !in.Confirm {
		return ContactErased{Counts: held}, err
	}
	err = a.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
		return a.Audit.Add(tx, commandLine(), "contact.erase", in.Contact)
	})
	if err != nil {
		return ContactErased{}, err
	}
	done, err := a.Eraser.Erase(ctx, ws.ID, in.Contact)
	if err != nil {
		return ContactErased{}, err
	}
	return ContactErased{Counts: done.Counts, Erased: true, No: done.No, At: done.At, Certificate: done.Proof}, nil
}
