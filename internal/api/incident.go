package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/text"
	"parley/internal/privacy/breach"
	"parley/internal/store"
)

const incidentOrder = "incidents"

type (
	newIncidentBody struct {
		Body struct {
			Title  string  `json:"title" minLength:"1" maxLength:"200" doc:"What happened, in a few words"`
			Law    string  `json:"law,omitempty" enum:"gdpr,kvkk,uk" doc:"Whose authority hears of it; left out = gdpr"`
			Drill  bool    `json:"drill,omitempty" doc:"A rehearsal: made-up people, and nobody is mailed"`
			Alert  desk.ID `json:"alert_id,omitempty" doc:"The alert it is opened from"`
			Notice desk.ID `json:"notice_id,omitempty" doc:"The news of whoever runs the install it is opened from"`
		}
	}
	awareBody struct {
		ByID
		Body struct {
			At     time.Time `json:"at" doc:"Since when it is known: the 72 hours run from here"`
			Reason string    `json:"reason,omitempty" maxLength:"4000" doc:"Why it is another time than was said before"`
		}
	}
	factsBody struct {
		ByID
		Body struct {
			Facts map[string]string `json:"facts" doc:"By name: title, nature, when, consequences, measures, contact, risk, states (of the United States, such as CA, NY)"`
		}
	}
	scopeBody struct {
		ByID
		Body struct {
			Scopes []IncidentScope `json:"scopes" minItems:"1" maxItems:"50"`
		}
	}
	assessBody struct {
		ByID
		Body struct {
			Risk string `json:"risk" enum:"none,likely,high" doc:"For the people concerned. likely: the authority is told; high: they are, too"`
			Law  string `json:"law,omitempty" enum:"gdpr,kvkk,uk"`
		}
	}
	sentBody struct {
		ByID
		Body struct {
			At     time.Time `json:"at,omitempty" doc:"When the authority was told; left out = now"`
			Late   string    `json:"late_reason,omitempty" maxLength:"4000" doc:"Needed after 72 hours"`
			Locale string    `json:"locale,omitempty" enum:"en,tr" doc:"Of the words that were sent"`
		}
	}
	incidentReasonBody struct {
		ByID
		Body struct {
			Reason string `json:"reason" minLength:"1" maxLength:"4000" doc:"Why nobody is at risk"`
		}
	}
	lessonsBody struct {
		ByID
		Body struct {
			Lessons string `json:"lessons" minLength:"1" maxLength:"4000" doc:"What was learnt, and what is done so that it does not happen again"`
		}
	}
	incidentDraftBody struct {
		ByID
		Kind   string `path:"kind" enum:"authority,business,person"`
		Locale string `path:"locale" enum:"en,tr"`
		Body   struct {
			Text string `json:"text" maxLength:"8000" doc:"Empty = the template's"`
		}
	}
	settlePersonBody struct {
		ByID
		Person string `path:"person" pattern:"^[1-9][0-9]{0,18}$"`
		Body   struct {
			Left bool `json:"left" doc:"The mail server's log shows that the mail left; false = tell them again"`
		}
	}
	toldIn struct {
		ByID
		Paging
		State string `query:"state" enum:"mail,sending,message,told,notice,unsure" doc:"Only these"`
	}
)

// incidentDoor is the desk of a workspace, or of the install for its operator.
type incidentDoor struct {
	*API
	id, path, of, tag string
	read, write       desk.Permission
	ws                func(*call) desk.ID
}

// incidentRoutes are the same twice.
func incidentRoutes(a *API) {
	for _, d := range []incidentDoor{
		{a, "", "/api/v1/incidents", "the workspace", "incidents", desk.ReadIncidents, desk.WriteIncidents, func(c *call) desk.ID { return c.Workspace.ID }},
		{a, "instance-", "/api/v1/instance/incidents", "the install", "instance", desk.ReadInstance, desk.HandleIncidents, func(*call) desk.ID { return 0 }},
	} {
		d.readRoutes()
		d.writeRoutes()
		d.decideRoutes()
	}
	declare(a, Route{ID: "list-incident-notices", Method: http.MethodGet, Path: "/api/v1/incident-notices", Needs: Need(desk.ReadIncidents), Tag: "incidents",
		Summary: "News of whoever runs the install about incidents that touched the workspace, newest first, up to 50"}, a.listNotices)
	a.open(Route{ID: "incident-notices-page", Method: http.MethodGet, Path: "/privacy/incidents/{workspace}", Needs: Public, Hidden: true, Tag: "site",
		Summary: "What a business has to tell people about their data whom nothing else reaches"}, a.showIncidentNotices)
}

func (d incidentDoor) readRoutes() {
	a := d.API
	declare(a, Route{ID: "list-" + d.id + "incidents", Method: http.MethodGet, Path: d.path, Needs: Need(d.read), Tag: d.tag, Summary: "The register of incidents of " + d.of + ", newest first"},
		func(ctx context.Context, c *call, in *Paging) (*given[Page[Incident]], error) {
			before, err := in.after(incidentOrder)
			if err != nil {
				return nil, err
			}
			if before == 0 {
				before = 1<<63 - 1
			}
			all, err := a.Breach.List(ctx, d.ws(c), before, in.Limit+1)
			return reply(page(all, in.Limit, func(w breach.Whole) Incident { return incidentOf(w, a.Clock.Now()) },
				func(w breach.Whole) string { return cursor.Make(incidentOrder, int64(w.Incident)) }), err)
		})
	declare(a, Route{ID: "show-" + d.id + "incident", Method: http.MethodGet, Path: d.path + "/{id}", Needs: Need(d.read), Tag: d.tag, Summary: "An incident of " + d.of + " with its facts, counts, drafts and steps"},
		func(ctx context.Context, c *call, in *ByID) (*given[WholeIncident], error) {
			return d.show(ctx, c, in.id(), nil)
		})
	declare(a, Route{ID: "export-" + d.id + "incidents", Method: http.MethodPost, Path: d.path + "/export", Needs: Need(d.read), Fresh: true, Tag: d.tag, Summary: "The register of " + d.of + " as a table (CSV)"},
		func(ctx context.Context, c *call, _ *nothing) (*auditOut, error) { return d.export(ctx, c) })
	declare(a, Route{ID: "show-" + d.id + "drill", Method: http.MethodGet, Path: d.path + "/drill", Needs: Need(d.read), Tag: d.tag, Summary: "When an incident was last rehearsed in " + d.of + ", and when it is due again"},
		func(ctx context.Context, c *call, _ *nothing) (*given[IncidentDrill], error) {
			drill, err := a.Breach.DrillOf(ctx, d.ws(c))
			return reply(IncidentDrill{moment(drill.Last), stamp(drill.Due), !a.Clock.Now().Before(drill.Due)}, err)
		})
	if d.id == "" {
		declare(a, Route{ID: "list-incident-people", Method: http.MethodGet, Path: d.path + "/{id}/people", Needs: Need(d.read), Record: "incident.people_read", Tag: d.tag, Summary: "Who is told of an incident, and what came of it"}, a.listTold)
	}
}

func (d incidentDoor) writeRoutes() {
	a := d.API
	declare(a, Route{ID: "open-" + d.id + "incident", Method: http.MethodPost, Path: d.path, Needs: Need(d.write), Status: http.StatusCreated, Tag: d.tag, Summary: "Open an incident of " + d.of + ", or begin a drill; its clock does not run yet"},
		func(ctx context.Context, c *call, in *newIncidentBody) (*given[WholeIncident], error) {
			b := in.Body
			id, err := a.Breach.Open(ctx, d.ws(c), breach.NewIncident{Title: b.Title, Law: b.Law, Drill: b.Drill, Alert: b.Alert, Notice: b.Notice, By: c.Actor})
			return d.show(ctx, c, id, err)
		})
	declare(a, Route{ID: "aware-of-" + d.id + "incident", Method: http.MethodPost, Path: d.path + "/{id}/aware", Needs: Need(d.write), Tag: d.tag, Summary: "Say since when it is known: the clock of 72 hours runs from there"},
		func(ctx context.Context, c *call, in *awareBody) (*given[WholeIncident], error) {
			return d.show(ctx, c, in.id(), a.Breach.Aware(ctx, d.act(c, in.ByID), in.Body.At, in.Body.Reason))
		})
	declare(a, Route{ID: "write-" + d.id + "incident-facts", Method: http.MethodPut, Path: d.path + "/{id}/facts", Needs: Need(d.write), Tag: d.tag, Summary: "Write facts; those before them stay with their times"},
		func(ctx context.Context, c *call, in *factsBody) (*given[WholeIncident], error) {
			return d.show(ctx, c, in.id(), a.Breach.Write(ctx, d.act(c, in.ByID), in.Body.Facts))
		})
	declare(a, Route{ID: "count-" + d.id + "incident", Method: http.MethodPost, Path: d.path + "/{id}/count", Needs: Need(d.write), Tag: d.tag, Summary: "Count whom and what it touched, from the audit log or a table, as of now"},
		func(ctx context.Context, c *call, in *scopeBody) (*given[WholeIncident], error) {
			return d.show(ctx, c, in.id(), a.Breach.Count(ctx, d.act(c, in.ByID), scopesOf(in.Body.Scopes)))
		})
	declare(a, Route{ID: "write-" + d.id + "incident-draft", Method: http.MethodPut, Path: d.path + "/{id}/drafts/{kind}/{locale}", Needs: Need(d.write), Tag: d.tag, Summary: "Put other words in the place of the template's, until they are sent"},
		func(ctx context.Context, c *call, in *incidentDraftBody) (*given[WholeIncident], error) {
			return d.show(ctx, c, in.id(), a.Breach.SetDraft(ctx, d.act(c, in.ByID), store.IncidentDraft{Kind: in.Kind, Locale: in.Locale, Body: strings.TrimSpace(in.Body.Text)}))
		})
	if d.id == "" {
		declare(a, Route{ID: "settle-incident-person", Method: http.MethodPost, Path: d.path + "/{id}/people/{person}", Needs: Need(d.write), Tag: d.tag, Summary: "Say whether a mail left of which the program cannot know"},
			func(ctx context.Context, c *call, in *settlePersonBody) (*given[WholeIncident], error) {
				return d.show(ctx, c, in.id(), a.Breach.Settle(ctx, d.act(c, in.ByID), rowID(in.Person), in.Body.Left))
			})
	}
}

func (d incidentDoor) decideRoutes() {
	a := d.API
	declare(a, Route{ID: "assess-" + d.id + "incident", Method: http.MethodPost, Path: d.path + "/{id}/assess", Needs: Need(d.write), Tag: d.tag, Summary: "Say how great the risk for people is"},
		func(ctx context.Context, c *call, in *assessBody) (*given[WholeIncident], error) {
			return d.show(ctx, c, in.id(), a.Breach.Assess(ctx, d.act(c, in.ByID), desk.IncidentRisk(in.Body.Risk), in.Body.Law))
		})
	declare(a, Route{ID: "notify-" + d.id + "incident", Method: http.MethodPost, Path: d.path + "/{id}/notified", Needs: Need(d.write), Tag: d.tag, Summary: "Record that the authority was told, when, and why that late"},
		func(ctx context.Context, c *call, in *sentBody) (*given[WholeIncident], error) {
			b := in.Body
			err := a.Breach.Notify(ctx, d.act(c, in.ByID), breach.Sending{At: b.At, Late: b.Late, Locale: b.Locale})
			return d.show(ctx, c, in.id(), pointing(err, map[string]string{"late_reason": "late_reason", "at": "at"}))
		})
	declare(a, Route{ID: "excuse-" + d.id + "incident", Method: http.MethodPost, Path: d.path + "/{id}/not-notifiable", Needs: Need(d.write), Tag: d.tag, Summary: "Decide that the authority need not be told, with the reason"},
		func(ctx context.Context, c *call, in *incidentReasonBody) (*given[WholeIncident], error) {
			return d.show(ctx, c, in.id(), a.Breach.Excuse(ctx, d.act(c, in.ByID), in.Body.Reason))
		})
	declare(a, Route{ID: "tell-" + d.id + "incident", Method: http.MethodPost, Path: d.path + "/{id}/tell", Needs: Need(d.write), Fresh: true, Tag: d.tag,
		Summary: map[string]string{"": "Tell the people concerned, each once: by mail, with their next message, or by the public notice", "instance-": "Tell the businesses that it touched, each once"}[d.id]},
		func(ctx context.Context, c *call, in *ByID) (*given[WholeIncident], error) {
			return d.show(ctx, c, in.id(), a.Breach.Tell(ctx, d.act(c, *in)))
		})
	declare(a, Route{ID: "close-" + d.id + "incident", Method: http.MethodPost, Path: d.path + "/{id}/close", Needs: Need(d.write), Tag: d.tag, Summary: "Close an incident with what was learnt"},
		func(ctx context.Context, c *call, in *lessonsBody) (*given[WholeIncident], error) {
			return d.show(ctx, c, in.id(), a.Breach.Close(ctx, d.act(c, in.ByID), in.Body.Lessons))
		})
}

func (d incidentDoor) act(c *call, in ByID) breach.Act {
	return breach.Act{Workspace: d.ws(c), Incident: in.id(), By: c.Actor}
}

// show answers with the incident as it is now, unless the act before failed.
func (d incidentDoor) show(ctx context.Context, c *call, id desk.ID, err error) (*given[WholeIncident], error) {
	if err != nil {
		return nil, err
	}
	w, err := d.Breach.Get(ctx, d.ws(c), id)
	if err != nil {
		return nil, err
	}
	return d.whole(ctx, c, w)
}

// export writes the register. What is free text stands in it as it was written.
func (d incidentDoor) export(ctx context.Context, c *call) (*auditOut, error) {
	all, err := d.Breach.List(ctx, d.ws(c), 1<<63-1, maxExported)
	if err == nil {
		err = d.Store.In(d.ws(c)).Write(ctx, func(tx *store.Tx) error { return d.recorded(tx, c, "incident.export", 0) })
	}
	if err != nil {
		return nil, err
	}
	var table bytes.Buffer
	w := csv.NewWriter(&table)
	rows := [][]string{{"number", "drill", "title", "state", "risk", "law", "opened_at", "aware_at", "decided_at", "outcome", "late_reason", "nature", "persons", "records", "classes", "consequences", "measures", "people_told_at", "closed_at", "lessons"}}
	for _, one := range all {
		i := incidentOf(one, d.Clock.Now())
		fact := func(name string) string { return text.Cell(one.Now[name].Body) }
		rows = append(rows, []string{i.ID.String(), strconv.FormatBool(i.Drill), text.Cell(i.Title), i.State, i.Risk, i.Law, cell(one.Row.OpenedAt), cell(one.Row.AwareAt), cell(one.Row.Decided), i.Outcome,
			fact(breach.FactLate), fact(breach.FactNature), strconv.Itoa(i.Persons), strconv.FormatInt(i.Records, 10), strings.Join(i.Classes, " "), fact(breach.FactConsequences), fact(breach.FactMeasures),
			cell(one.Row.ToldAt), cell(one.Row.Closed), fact(breach.FactLessons)})
	}
	err = w.WriteAll(rows)
	return &auditOut{Kind: "text/csv; charset=utf-8", Name: `attachment; filename="incidents.csv"`, Body: table.Bytes()}, err
}

func cell(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampForm)
}
