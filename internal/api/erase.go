package api

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Erasure is a preview of what an erasure removes, or what it removed.
type Erasure struct {
	Counts        store.Holdings  `json:"counts"`
	Confirm       string          `json:"confirm,omitempty" doc:"Send it back within 10 minutes to erase; it stands for these counts"`
	Erased        bool            `json:"erased"`
	No            int64           `json:"no,omitempty" doc:"Number of the act in the privacy ledger"`
	Kept          int64           `json:"kept,omitempty" doc:"Of who was made nameless: talks with the AI that stay in the sums of their days"`
	At            opt[stamp]      `json:"at"`
	CertificateID desk.ID         `json:"certificate_id,omitempty"`
	Certificate   json.RawMessage `json:"certificate,omitempty" doc:"Signed: what was removed, and when the last copy of the key and the last backup end. It is kept among the certificates; parley audit certificate checks it"`
}

const confirmTerm = 10 * time.Minute

// Uses of the keyed hash in a confirmation, so that none stands for another act.
const (
	confirmErase  = "erase-confirm"
	confirmName   = "anonymise-confirm"
	confirmDelete = "delete-conversation-confirm"
	confirmClear  = "clear-channel-confirm"
)

type eraseIn struct {
	ByID
	Body *struct {
		Confirm string `json:"confirm,omitempty" maxLength:"200"`
	}
}

func eraseRoutes(a *API) {
	declare(a, Route{ID: "erase-contact", Held: true, Method: http.MethodPost, Path: "/api/v1/contacts/{id}/erase", Needs: Need(desk.EraseContacts), Fresh: true,
		Tag: "contacts", Summary: "See what an erasure removes, then erase"},
		func(ctx context.Context, c *call, in *eraseIn) (*given[Erasure], error) {
			return a.endContact(ctx, c, in, endOfPerson{confirmErase, "contact.erase", a.Eraser.Erase})
		})
	declare(a, Route{ID: "anonymise-contact", Held: true, Method: http.MethodPost, Path: "/api/v1/contacts/{id}/anonymise", Needs: Need(desk.EraseContacts), Fresh: true,
		Tag: "contacts", Summary: "See what making a person nameless removes, then do it: all that could tell them goes, and sums of days stay"},
		func(ctx context.Context, c *call, in *eraseIn) (*given[Erasure], error) {
			return a.endContact(ctx, c, in, endOfPerson{confirmName, "contact.anonymise", a.Eraser.Anonymise})
		})
	declare(a, Route{ID: "delete-conversation", Held: true, Method: http.MethodPost, Path: "/api/v1/conversations/{id}/delete", Needs: Need(desk.EraseContacts), Fresh: true,
		Tag: "conversations", Summary: "See what deleting one conversation removes, then delete it; its person stays"}, a.deleteConversation)
}

// endOfPerson is one of the ways in which a person ends here.
type endOfPerson struct {
	use, act string
	do       func(ctx context.Context, ws, contact desk.ID) (privacy.Erased, error)
}

// endContact previews without confirmation, and ends a person with the one that
// the preview gave: nobody does it by a slip, or to what they have not seen.
func (a *API) endContact(ctx context.Context, c *call, in *eraseIn, way endOfPerson) (*given[Erasure], error) {
	held, err := a.Eraser.Preview(ctx, c.Workspace.ID, in.id())
	if err != nil {
		return nil, err
	}
	if in.Body == nil || in.Body.Confirm == "" {
		confirm, err := a.confirmation(ctx, c, confirming{way.use, in.id()}, a.Clock.Now().Add(confirmTerm).Unix())
		return reply(Erasure{Counts: held, Confirm: confirm}, err)
	}
	if err := a.confirmed(ctx, c, confirming{way.use, in.id()}, in.Body.Confirm); err != nil {
		return nil, err
	}
	if err := c.ws.Write(ctx, func(tx *store.Tx) error { return a.recorded(tx, c, way.act, in.id()) }); err != nil {
		return nil, err
	}
	done, err := way.do(ctx, c.Workspace.ID, in.id())
	return reply(Erasure{Counts: done.Counts, Erased: true, No: done.No, Kept: done.Kept, At: some(stamp(done.At)), CertificateID: done.Certificate, Certificate: done.Proof}, err)
}

// deleteConversation previews without confirmation, and deletes with the one that
// the preview gave.
func (a *API) deleteConversation(ctx context.Context, c *call, in *eraseIn) (*given[Erasure], error) {
	held, err := a.Eraser.PreviewTalk(ctx, c.Workspace.ID, in.id())
	if err != nil {
		return nil, err
	}
	if in.Body == nil || in.Body.Confirm == "" {
		confirm, err := a.confirmation(ctx, c, confirming{confirmDelete, in.id()}, a.Clock.Now().Add(confirmTerm).Unix())
		return reply(Erasure{Counts: held, Confirm: confirm}, err)
	}
	if err := a.confirmed(ctx, c, confirming{confirmDelete, in.id()}, in.Body.Confirm); err != nil {
		return nil, err
	}
	done, err := a.Eraser.DeleteTalk(ctx, c.Workspace.ID, in.id(), c.Actor)
	return reply(Erasure{Counts: done.Counts, Erased: true, No: done.No, At: some(stamp(done.At)), CertificateID: done.Certificate, Certificate: done.Proof}, err)
}

// confirming is what a confirmation is for.
type confirming struct {
	use string
	id  desk.ID
}

// confirmTag is what a confirmation holds: its end, and a keyed hash over
// what it is for, end and who asked.
type confirmTag struct {
	Ends int64  `json:"e"`
	Tag  []byte `json:"t"`
}

func (a *API) confirmation(ctx context.Context, c *call, what confirming, ends int64) (string, error) {
	tag, err := a.Store.Vault().Hash(ctx, int64(c.Workspace.ID), what.use, what.id.String()+" "+number(ends)+" "+c.Actor.ID.String())
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(confirmTag{ends, tag})
	return base64.RawURLEncoding.EncodeToString(raw), err
}

func (a *API) confirmed(ctx context.Context, c *call, what confirming, confirm string) error {
	refuse := desk.Fail(desk.Conflict, "confirm_over", "this confirmation is over or is for something else; ask for the preview again")
	raw, err := base64.RawURLEncoding.DecodeString(confirm)
	var tag confirmTag
	if err != nil || json.Unmarshal(raw, &tag) != nil || a.Clock.Now().Unix() >= tag.Ends {
		return refuse
	}
	want, err := a.confirmation(ctx, c, what, tag.Ends)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(want), []byte(confirm)) {
		return refuse
	}
	return nil
}
