package api

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Erasure is a preview of what an erasure removes, or what it removed.
type Erasure struct {
	Counts        store.Holdings  `json:"counts"`
	Confirm       string          `json:"confirm,omitempty" doc:"Send it back within 10 minutes to erase; it stands for these counts"`
	Erased        bool            `json:"erased"`
	No            int64           `json:"no,omitempty" doc:"Number of the act in the privacy ledger"`
	At            opt[stamp]      `json:"at"`
	CertificateID desk.ID         `json:"certificate_id,omitempty"`
	Certificate   json.RawMessage `json:"certificate,omitempty" doc:"Signed: what was removed, and when the last copy of the key and the last backup end. It is kept among the certificates; parley audit certificate checks it"`
}

const confirmTerm = 10 * time.Minute

type eraseIn struct {
	ByID
	Body *struct {
		Confirm string `json:"confirm,omitempty" maxLength:"200"`
	}
}

func eraseRoutes(a *API) {
	declare(a, Route{ID: "erase-contact", Held: true, Method: http.MethodPost, Path: "/api/v1/contacts/{id}/erase", Needs: Need(desk.EraseContacts), Fresh: true,
		Tag: "contacts", Summary: "See what an erasure removes, then erase"}, a.eraseContact)
}

// eraseContact previews without confirmation, and erases with the one that the
// preview gave: nobody erases by a slip, or what they have not seen.
func (a *API) eraseContact(ctx context.Context, c *call, in *eraseIn) (*given[Erasure], error) {
	held, err := a.Eraser.Preview(ctx, c.Workspace.ID, in.id())
	if err != nil {
		return nil, err
	}
	if in.Body == nil || in.Body.Confirm == "" {
		confirm, err := a.confirmation(ctx, c, in.id(), a.Clock.Now().Add(confirmTerm).Unix())
		return reply(Erasure{Counts: held, Confirm: confirm}, err)
	}
	if err := a.confirmed(ctx, c, in); err != nil {
		return nil, err
	}
	if err := c.ws.Write(ctx, func(tx *store.Tx) error { return a.recorded(tx, c, "contact.erase", in.id()) }); err != nil {
		return nil, err
	}
	done, err := a.Eraser.Erase(ctx, c.Workspace.ID, in.id())
	return reply(Erasure{Counts: done.Counts, Erased: true, No: done.No, At: some(stamp(done.At)), CertificateID: done.Certificate, Certificate: done.Proof}, err)
}

// confirmTag is what a confirmation holds: its end, and a keyed hash over
// contact, end and who asked.
type confirmTag struct {
	Ends int64  `json:"e"`
	Tag  []byte `json:"t"`
}

func (a *API) confirmation(ctx context.Context, c *call, contact desk.ID, ends int64) (string, error) {
	tag, err := a.Store.Vault().Hash(ctx, int64(c.Workspace.ID), "erase-confirm", contact.String()+" "+number(ends)+" "+c.Actor.ID.String())
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(confirmTag{ends, tag})
	return base64.RawURLEncoding.EncodeToString(raw), err
}

func (a *API) confirmed(ctx context.Context, c *call, in *eraseIn) error {
	refuse := desk.Fail(desk.Conflict, "confirm_over", "this confirmation is over or is not for this contact; ask for the preview again")
	raw, err := base64.RawURLEncoding.DecodeString(in.Body.Confirm)
	var tag confirmTag
	if err != nil || json.Unmarshal(raw, &tag) != nil || a.Clock.Now().Unix() >= tag.Ends {
		return refuse
	}
	want, err := a.confirmation(ctx, c, in.id(), tag.Ends)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(want), []byte(in.Body.Confirm)) {
		return refuse
	}
	return nil
}
