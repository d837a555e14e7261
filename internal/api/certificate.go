package api

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"parley/internal/connect"
	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/i18n"
)

// Certificate proves what was deleted when an account was disconnected.
type Certificate struct {
	ID           desk.ID         `json:"id"`
	State        string          `json:"state" enum:"working,done" doc:"working: the history is still being deleted"`
	ChannelKind  string          `json:"channel_kind"`
	History      string          `json:"history" enum:"keep,delete"`
	OpenedAt     stamp           `json:"opened_at"`
	DoneAt       opt[stamp]      `json:"done_at"`
	Unsubscribed bool            `json:"unsubscribed" doc:"The provider was told"`
	Deleted      []Counted       `json:"deleted"`
	Kept         []Counted       `json:"kept"`
	Remains      []string        `json:"remains" doc:"What stays or ends later, in words"`
	Proof        json.RawMessage `json:"proof,omitempty" doc:"The signed document: save it as a file; parley audit certificate checks it"`
}

// Counted is a number of things, by name and in words.
type Counted struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
	Words string `json:"words"`
}

type leaveIn struct {
	ByID
	Body *struct {
		History string `json:"history,omitempty" enum:"keep,delete" doc:"What becomes of the conversations; empty = keep"`
	}
}

func certificateRoutes(a *API) {
	declare(a, Route{ID: "disconnect-channel", Method: http.MethodPost, Path: "/api/v1/channels/{id}/disconnect", Needs: Need(desk.WriteChannels),
		Tag: "channels", Summary: "Disconnect an account and keep or delete its conversations"}, a.disconnect)
	declare(a, Route{ID: "list-certificates", Method: http.MethodGet, Path: "/api/v1/privacy/certificates", Needs: Need(desk.ReadCases),
		Tag: "privacy", Summary: "What disconnecting accounts deleted, newest first"}, a.listCertificates)
	declare(a, Route{ID: "get-certificate", Method: http.MethodGet, Path: "/api/v1/privacy/certificates/{id}", Needs: Need(desk.ReadCases),
		Tag: "privacy", Summary: "One certificate"},
		func(ctx context.Context, c *call, in *ByID) (*given[Certificate], error) {
			one, err := a.Connect.Certificate(ctx, c.Workspace.ID, in.id())
			return reply(certificateOf(c.locale, one), err)
		})
}

func (a *API) disconnect(ctx context.Context, c *call, in *leaveIn) (*given[Certificate], error) {
	history := connect.KeepHistory
	if in.Body != nil && in.Body.History != "" {
		history = in.Body.History
	}
	if history == connect.DeleteHistory && !c.may(desk.EraseContacts) {
		return nil, desk.Fail(desk.Forbidden, "permission", "deleting conversations needs the permission "+string(desk.EraseContacts))
	}
	one, err := a.Connect.Disconnect(ctx, connecting(c), in.id(), history)
	return reply(certificateOf(c.locale, one), err)
}

const certificateOrder = "certificates"

func (a *API) listCertificates(ctx context.Context, c *call, in *Paging) (*given[Page[Certificate]], error) {
	before, err := in.after(certificateOrder)
	if err != nil {
		return nil, err
	}
	all, err := a.Connect.Certificates(ctx, c.Workspace.ID, before, in.Limit+1)
	return reply(page(all, in.Limit, func(one connect.Certificate) Certificate { return certificateOf(c.locale, one) },
		func(one connect.Certificate) string { return cursor.Make(certificateOrder, int64(one.ID)) }), err)
}

func certificateOf(locale string, one connect.Certificate) Certificate {
	f := one.Facts
	out := Certificate{ID: one.ID, State: "working", ChannelKind: f.Channel, History: f.History, OpenedAt: stamp(one.Opened),
		Unsubscribed: f.Unsubscribed, Deleted: counted(locale, f.Deleted), Kept: counted(locale, f.Kept), Remains: []string{}, Proof: one.Signed}
	if !one.Done.IsZero() {
		out.State, out.DoneAt = "done", some(stamp(one.Done))
	}
	for _, name := range f.Remains {
		out.Remains = append(out.Remains, i18n.T(locale, "certificate.remains."+name, nil))
	}
	return out
}

func counted(locale string, all map[string]int64) []Counted {
	out := []Counted{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, Counted{Name: name, Count: all[name],
			Words: i18n.T(locale, "certificate."+name, map[string]string{"n": strconv.FormatInt(all[name], 10)})})
	}
	return out
}
