package api

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"parley/internal/connect"
	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Certificate proves what was deleted when an account was disconnected, a person
// erased, a conversation deleted or all conversations of a channel.
type Certificate struct {
	ID           desk.ID         `json:"id"`
	Kind         string          `json:"kind" enum:"disconnection,erasure,anonymisation,conversation,clearing"`
	No           int64           `json:"no,omitempty" doc:"Of an erasure or a deleted conversation: number of the act in the privacy ledger"`
	State        string          `json:"state" enum:"working,done" doc:"working: something is still being deleted"`
	ChannelKind  string          `json:"channel_kind,omitempty"`
	History      string          `json:"history,omitempty" enum:"keep,delete" doc:"Of a disconnection: what became of the conversations"`
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
		Tag: "privacy", Summary: "What disconnecting accounts, erasing people, deleting conversations and clearing channels removed, newest first"}, a.listCertificates)
	declare(a, Route{ID: "get-certificate", Method: http.MethodGet, Path: "/api/v1/privacy/certificates/{id}", Needs: Need(desk.ReadCases),
		Tag: "privacy", Summary: "One certificate"},
		func(ctx context.Context, c *call, in *ByID) (*given[Certificate], error) {
			var one store.Certificate
			err := c.ws.Read(ctx, func(r *store.Rx) (err error) { one, err = r.Certificate(in.id()); return err })
			if err != nil {
				return nil, err
			}
			return reply(kept(c.locale, one))
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
	var all []Certificate
	err = c.ws.Read(ctx, func(r *store.Rx) error {
		rows, err := r.Certificates(before, in.Limit+1)
		all = make([]Certificate, len(rows))
		for i := 0; err == nil && i < len(rows); i++ {
			all[i], err = kept(c.locale, rows[i])
		}
		return err
	})
	return reply(page(all, in.Limit, func(one Certificate) Certificate { return one },
		func(one Certificate) string { return cursor.Make(certificateOrder, int64(one.ID)) }), err)
}

// kept shows a certificate that is kept.
func kept(locale string, row store.Certificate) (Certificate, error) {
	if row.Act == 0 {
		one, err := connect.ReadCertificate(row)
		return certificateOf(locale, one), err
	}
	if row.Account != 0 {
		return keptClearing(locale, row)
	}
	var f privacy.ErasureFacts
	if err := json.Unmarshal(row.Facts, &f); err != nil {
		return Certificate{}, err
	}
	out := Certificate{ID: row.ID, Kind: f.Kind, No: f.Number, State: "working", OpenedAt: stamp(row.Opened),
		Deleted: counted(locale, "certificate.erased.", f.Counts()), Kept: []Counted{}, Remains: []string{}, Proof: row.Signed}
	if f.Kept > 0 {
		out.Kept = counted(locale, "certificate.erased.kept.", map[string]int64{"engagements": f.Kept})
	}
	texts := "certificate.erased.remains."
	if f.Kind == privacy.TalkKind {
		texts = "certificate.talk.remains."
	}
	if !row.Done.IsZero() {
		out.State, out.DoneAt = "done", some(stamp(row.Done))
		ends := map[string]string{"keys": f.KeysEnd.Format(time.DateOnly), "data": f.DataEnd.Format(time.DateOnly)}
		out.Remains = append(out.Remains, i18n.T(locale, texts+"backups", ends))
	}
	for _, name := range f.Remains {
		out.Remains = append(out.Remains, i18n.T(locale, texts+name, nil))
	}
	return out, nil
}

func certificateOf(locale string, one connect.Certificate) Certificate {
	f := one.Facts
	out := Certificate{ID: one.ID, Kind: f.Kind, State: "working", ChannelKind: f.Channel, History: f.History, OpenedAt: stamp(one.Opened),
		Unsubscribed: f.Unsubscribed, Deleted: counted(locale, "certificate.", f.Deleted), Kept: counted(locale, "certificate.", f.Kept), Remains: []string{}, Proof: one.Signed}
	if !one.Done.IsZero() {
		out.State, out.DoneAt = "done", some(stamp(one.Done))
	}
	ends := "" // of a draft nobody knows
	if !f.DataEnd.IsZero() {
		ends = f.DataEnd.Format(time.DateOnly)
	}
	for _, name := range f.Remains {
		if name == connect.RemainsBackups && ends == "" {
			continue
		}
		out.Remains = append(out.Remains, i18n.T(locale, "certificate.remains."+name, map[string]string{"data": ends}))
	}
	return out
}

func counted(locale, prefix string, all map[string]int64) []Counted {
	out := []Counted{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, Counted{Name: name, Count: all[name],
			Words: i18n.T(locale, prefix+name, map[string]string{"n": strconv.FormatInt(all[name], 10)})})
	}
	return out
}
