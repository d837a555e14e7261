package api

import (
	"context"
	"net/http"

	"parley/internal/alert"
	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/store"
)

// Alert is what looks like abuse and waits for a person.
type Alert struct {
	ID       desk.ID `json:"id"`
	Rule     string  `json:"rule" enum:"guessing,same_text,send_flood,flood,exports,key_network" doc:"guessing: passwords are tried; same_text: one text to very many conversations; send_flood: very many messages by one sender; flood: very many messages into one conversation; exports: personal data taken out again and again; key_network: a key used from where it never was"`
	Subject  string  `json:"subject" enum:"member,key,account,network,conversation" doc:"Whom it is about; account and network are of the instance and not named"`
	ObjectID desk.ID `json:"object_id" doc:"Of the member, key or conversation; empty for account and network"`
	Name     string  `json:"name" doc:"Of the member, where it is one"`
	Times    int64   `json:"times" doc:"How many tries, messages or exports"`
	OpenedAt stamp   `json:"opened_at"`
	LastAt   stamp   `json:"last_at"`
	ClosedAt moment  `json:"closed_at" doc:"null while it is open"`
	ClosedBy string  `json:"closed_by" doc:"Who closed it"`
	Note     string  `json:"note" doc:"What they found"`
}

// AlertStep is one line of an alert's timeline.
type AlertStep struct {
	At     stamp  `json:"at"`
	Source string `json:"source" enum:"record,audit"`
	What   string `json:"what" example:"signin.failed" doc:"Kind of the record, or the audited action"`
	Route  string `json:"route" doc:"Name of the operation, where it is known"`
	Actor  string `json:"actor"`
	Object string `json:"object"`
	From   string `json:"from" doc:"The first part of the network address, for 90 days"`
	Times  int64  `json:"times"`
}

// AlertStory is an alert with its timeline, oldest first.
type AlertStory struct {
	Alert    Alert       `json:"alert"`
	Timeline []AlertStep `json:"timeline" nullable:"false"`
}

type closeAlertBody struct {
	ByID
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"2000" doc:"What was found"`
	}
}

// alertRoutes are the same twice: of the caller's workspace, and of the instance
// for its operator.
func alertRoutes(a *API) {
	for _, r := range []struct {
		id, path, of, tag string
		read, shut        desk.Permission
		ws                func(*call) desk.ID
	}{
		{"", "/api/v1/alerts", "the workspace", "alerts", desk.ReadSecurity, desk.WriteWorkspace, func(c *call) desk.ID { return c.Workspace.ID }},
		{"instance-", "/api/v1/operator/alerts", "the instance", "operator", desk.ReadInstance, desk.SuspendWorkspaces, func(*call) desk.ID { return 0 }},
	} {
		declare(a, Route{ID: "list-" + r.id + "alerts", Method: http.MethodGet, Path: r.path, Needs: Need(r.read), Tag: r.tag, Summary: "What looks like abuse in " + r.of + ", newest first"},
			func(ctx context.Context, c *call, in *Paging) (*given[Page[Alert]], error) {
				return a.listAlerts(ctx, c, r.ws(c), in)
			})
		declare(a, Route{ID: "show-" + r.id + "alert", Method: http.MethodGet, Path: r.path + "/{id}", Needs: Need(r.read), Tag: r.tag, Summary: "An alert of " + r.of + " with its timeline"},
			func(ctx context.Context, c *call, in *ByID) (*given[AlertStory], error) {
				return a.showAlert(ctx, c, r.ws(c), in.id())
			})
		declare(a, Route{ID: "close-" + r.id + "alert", Method: http.MethodPost, Path: r.path + "/{id}/close", Needs: Need(r.shut), Status: http.StatusNoContent, Tag: r.tag, Summary: "Close an alert of " + r.of + " with a note of what was found"},
			func(ctx context.Context, c *call, in *closeAlertBody) (*nothing, error) {
				return nil, pointing(a.Alerts.Close(ctx, r.ws(c), in.id(), c.Actor, in.Body.Note), map[string]string{"note_missing": "note"})
			})
	}
}

const alertOrder = "alerts"

func (a *API) listAlerts(ctx context.Context, c *call, ws desk.ID, in *Paging) (*given[Page[Alert]], error) {
	before, err := in.after(alertOrder)
	if err != nil {
		return nil, err
	}
	if before == 0 {
		before = 1<<63 - 1
	}
	var out Page[Alert]
	err = a.Store.In(ws).Read(ctx, func(r *store.Rx) error {
		rows, err := r.Alerts(before, in.Limit+1)
		if err != nil {
			return err
		}
		v, failed := a.view(r, c.locale), error(nil)
		out = page(rows, in.Limit, func(x store.Alert) Alert {
			shown, err := v.alert(x)
			if err != nil {
				failed = err
			}
			return shown
		}, func(x store.Alert) string { return cursor.Make(alertOrder, int64(x.ID)) })
		return failed
	})
	return reply(out, err)
}

// alert shows an alert. Who closed one of the instance is its operator.
func (v *view) alert(x store.Alert) (Alert, error) {
	out := Alert{ID: x.ID, Rule: x.Rule, Subject: x.Subject, ObjectID: max(x.SubjectID, x.Conversation), Times: x.Touched,
		OpenedAt: stamp(x.OpenedAt), LastAt: stamp(x.LastAt), ClosedAt: moment(x.ClosedAt), Note: x.Note}
	if x.Subject == string(desk.ByMember) {
		m, err := v.member(x.SubjectID)
		if err != nil {
			return out, err
		}
		out.Name = m.Name
	}
	if x.ClosedBy != 0 {
		m, err := v.member(x.ClosedBy)
		if err != nil {
			return out, err
		}
		out.ClosedBy = m.Name
	}
	return out, nil
}

func (a *API) showAlert(ctx context.Context, c *call, ws, id desk.ID) (*given[AlertStory], error) {
	what, steps, err := a.Alerts.Timeline(ctx, ws, id)
	if err != nil {
		return nil, err
	}
	out := AlertStory{Timeline: []AlertStep{}}
	err = a.Store.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		v := a.view(r, c.locale)
		if out.Alert, err = v.alert(what); err != nil {
			return err
		}
		for _, s := range steps {
			line, err := v.step(s)
			if err != nil {
				return err
			}
			out.Timeline = append(out.Timeline, line)
		}
		return nil
	})
	return reply(out, err)
}

func (v *view) step(s alert.Step) (AlertStep, error) {
	out := AlertStep{At: stamp(s.At), Source: s.Source, What: s.What, Route: s.Route, From: s.From, Times: s.Times}
	if s.Actor.Kind != "" {
		out.Actor = named(string(s.Actor.Kind), s.Actor.ID)
	}
	if s.Object.Kind != "" {
		out.Object = named(s.Object.Kind, s.Object.ID)
	}
	if s.Actor.Kind != desk.ByMember {
		return out, nil
	}
	m, err := v.member(s.Actor.ID)
	if err == nil && m.Name != "" {
		out.Actor = m.Name
	}
	return out, err
}

// named is a kind and an id in words.
func named(kind string, id desk.ID) string {
	if id == 0 {
		return kind
	}
	return kind + " " + id.String()
}
