package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Clearing is what deleting all conversations of one channel together removes, or
// how far it came.
type Clearing struct {
	State       string           `json:"state" enum:"idle,working,done" doc:"Of the last deletion of this channel; idle: there was none"`
	Goes        store.Cleared    `json:"goes" doc:"While a deletion goes on: what it began with. Else what one would remove now, counted when it is asked for"`
	Held        store.Cleared    `json:"held" doc:"What stays because a legal hold keeps it"`
	Confirm     string           `json:"confirm,omitempty" doc:"Send it back within 10 minutes to delete; there only when it was asked for"`
	Done        int64            `json:"done" doc:"Conversations that are gone already, while it goes on"`
	Certificate opt[Certificate] `json:"certificate" doc:"Of the last deletion; its proof is there once it is done"`
}

func clearRoutes(a *API) {
	const path = "/api/v1/channels/{id}/clearing"
	declare(a, Route{ID: "show-clearing", Held: true, Method: http.MethodGet, Path: path, Needs: Need(desk.EraseContacts),
		Tag: "channels", Summary: "How far the last deletion of all conversations of one channel came"},
		func(ctx context.Context, c *call, in *ByID) (*given[Clearing], error) {
			last, err := a.Clearing.Last(ctx, c.Workspace.ID, in.id())
			return shownClearing(c, last, err)
		})
	declare(a, Route{ID: "clear-channel", Held: true, Method: http.MethodPost, Path: path, Needs: Need(desk.EraseContacts), Fresh: true,
		Tag: "channels", Summary: "See what deleting all conversations of one channel removes, then delete them; the channel stays"}, a.clearChannel)
}

// clearChannel previews without confirmation, and begins with the one that the
// preview gave.
func (a *API) clearChannel(ctx context.Context, c *call, in *eraseIn) (*given[Clearing], error) {
	what := confirming{confirmClear, in.id()}
	if in.Body == nil || in.Body.Confirm == "" {
		look, err := a.Clearing.Look(ctx, c.Workspace.ID, in.id())
		if err != nil {
			return nil, err
		}
		out, err := clearingOf(c.locale, look)
		if err != nil {
			return nil, err
		}
		out.Confirm, err = a.confirmation(ctx, c, what, a.Clock.Now().Add(confirmTerm).Unix())
		return reply(out, err)
	}
	if err := a.confirmed(ctx, c, what, in.Body.Confirm); err != nil {
		return nil, err
	}
	if err := a.Clearing.Begin(ctx, c.Workspace.ID, in.id(), c.Actor); err != nil {
		return nil, err
	}
	last, err := a.Clearing.Last(ctx, c.Workspace.ID, in.id())
	return shownClearing(c, last, err)
}

func shownClearing(c *call, look privacy.Cleared, err error) (*given[Clearing], error) {
	if err != nil {
		return nil, err
	}
	return reply(clearingOf(c.locale, look))
}

func clearingOf(locale string, look privacy.Cleared) (Clearing, error) {
	out := Clearing{State: "idle", Goes: look.Goes, Held: look.Held}
	if look.Last == nil {
		return out, nil
	}
	one, err := kept(locale, *look.Last)
	out.State, out.Certificate = one.State, some(one)
	if one.State == "working" {
		out.Goes, out.Held, out.Done = look.Facts.Deleted.Minus(look.Facts.Held), look.Facts.Held, look.Facts.Done
	}
	return out, err
}

// keptClearing shows the certificate of a deletion of all conversations of a channel.
func keptClearing(locale string, row store.Certificate) (Certificate, error) {
	var f privacy.ClearFacts
	if err := json.Unmarshal(row.Facts, &f); err != nil {
		return Certificate{}, err
	}
	out := Certificate{ID: row.ID, Kind: f.Kind, No: f.Number, State: "working", OpenedAt: stamp(row.Opened),
		Deleted: counted(locale, "certificate.clear.", f.Counts(f.Deleted)), Kept: counted(locale, "certificate.clear.held.", f.Counts(f.Held)),
		Remains: []string{}, Proof: row.Signed}
	if row.Done.IsZero() {
		out.Deleted = counted(locale, "certificate.clear.", f.Counts(f.Deleted.Minus(f.Held)))
		return out, nil
	}
	out.State, out.DoneAt = "done", some(stamp(row.Done))
	out.Kept = append(out.Kept, counted(locale, "certificate.clear.written.", f.Counts(f.Written))...)
	ends := map[string]string{"keys": f.KeysEnd.Format(time.DateOnly), "data": f.DataEnd.Format(time.DateOnly)}
	out.Remains = append(out.Remains, i18n.T(locale, "certificate.clear.remains.backups", ends))
	for _, name := range f.Remains {
		out.Remains = append(out.Remains, i18n.T(locale, "certificate.clear.remains."+name, nil))
	}
	return out, nil
}
