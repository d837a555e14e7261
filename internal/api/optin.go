package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/store"
)

// OptIn is what a contact allowed a channel account to send, or stopped.
type OptIn struct {
	ID        desk.ID `json:"id"`
	Channel   Line    `json:"channel"`
	Topic     string  `json:"topic" doc:"messages, marketing, or a channel's own word"`
	Source    string  `json:"source" enum:"person,member"`
	By        string  `json:"by" doc:"The member who recorded it"`
	Note      string  `json:"note" doc:"How and where it was given"`
	At        moment  `json:"at" doc:"When it was given; null = it was only ever stopped"`
	Until     moment  `json:"until" doc:"When it ends; null = it does not"`
	StoppedAt moment  `json:"stopped_at"`
	StoppedBy string  `json:"stopped_by" enum:",person,member" doc:"What the person stopped only they can allow again"`
	Holds     bool    `json:"holds"`
}

type optInBody struct {
	ByID
	Body struct {
		Channel desk.ID   `json:"channel_id"`
		Topic   string    `json:"topic" enum:"messages,marketing"`
		Note    string    `json:"note" minLength:"1" maxLength:"500" doc:"How and where the person gave it"`
		At      time.Time `json:"at,omitempty" doc:"When; left out = now"`
		Until   time.Time `json:"until,omitempty" doc:"When it ends; left out = it does not"`
	}
}

type optInID struct {
	ByID
	OptIn string `path:"opt_in_id" pattern:"^[1-9][0-9]{0,18}$"`
}

func optInRoutes(a *API) {
	declare(a, Route{ID: "list-opt-ins", Method: http.MethodGet, Path: "/api/v1/contacts/{id}/opt-ins", Needs: Need(desk.ReadContacts),
		Tag: "contacts", Summary: "What a contact allowed to be sent, and what they stopped"},
		func(ctx context.Context, c *call, in *ByID) (*given[Page[OptIn]], error) {
			return reply(a.optIns(ctx, c, in.id()))
		})
	declare(a, Route{ID: "add-opt-in", Method: http.MethodPost, Path: "/api/v1/contacts/{id}/opt-ins", Needs: Need(desk.WriteContacts),
		Status: http.StatusCreated, Tag: "contacts", Summary: "Put on record that a contact allowed to be written to"}, a.addOptIn)
	declare(a, Route{ID: "stop-opt-in", Method: http.MethodDelete, Path: "/api/v1/contacts/{id}/opt-ins/{opt_in_id}", Needs: Need(desk.WriteContacts),
		Status: http.StatusNoContent, Tag: "contacts", Summary: "Withdraw an opt-in for the contact; it stays on record as stopped"}, a.stopOptIn)
}

func (a *API) optIns(ctx context.Context, c *call, contact desk.ID) (Page[OptIn], error) {
	out := Page[OptIn]{Items: []OptIn{}}
	err := c.ws.Read(ctx, func(rx *store.Rx) error {
		out.Items = out.Items[:0]
		all, err := inbox.OptInsOf(rx, contact)
		if err != nil {
			return err
		}
		v := a.view(rx, c.locale)
		for _, o := range all {
			shown, err := v.optIn(o, a.Clock.Now())
			if err != nil {
				return err
			}
			out.Items = append(out.Items, shown)
		}
		return nil
	})
	return out, err
}

func (v *view) optIn(o desk.Consented, now time.Time) (OptIn, error) {
	acct, err := v.account(o.Account)
	if err != nil {
		return OptIn{}, err
	}
	out := OptIn{ID: o.ID, Channel: Line{acct.ID, acct.Kind, acct.Name}, Topic: o.Topic, Source: o.Source, Note: o.Note, At: moment(o.At), Until: moment(o.Until),
		StoppedAt: moment(o.StoppedAt), StoppedBy: o.StoppedBy, Holds: o.Holds(now)}
	if o.Member != 0 {
		m, err := v.member(o.Member)
		out.By = m.Name
		return out, err
	}
	return out, nil
}

func (a *API) addOptIn(ctx context.Context, c *call, in *optInBody) (*given[OptIn], error) {
	b := in.Body
	kept, err := a.Inbox.PutOptIn(ctx, c.Workspace.ID, in.id(), c.Actor, inbox.OptIn{Account: b.Channel, Topic: b.Topic, Note: b.Note, At: b.At, Until: b.Until})
	if err != nil {
		return nil, pointing(err, map[string]string{"source_missing": "note", "time_invalid": "at", "not_reachable": "channel_id"})
	}
	var out OptIn
	err = c.ws.Read(ctx, func(rx *store.Rx) (err error) {
		out, err = a.view(rx, c.locale).optIn(kept, a.Clock.Now())
		return err
	})
	return reply(out, err)
}

func (a *API) stopOptIn(ctx context.Context, c *call, in *optInID) (*nothing, error) {
	return nil, a.Inbox.StopOptIn(ctx, c.Workspace.ID, in.id(), rowID(in.OptIn), c.Actor)
}
