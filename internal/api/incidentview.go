package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/i18n"
	"parley/internal/privacy/breach"
	"parley/internal/store"
)

// Incident is one line of the register.
type Incident struct {
	ID       desk.ID  `json:"id" doc:"Also its number"`
	Drill    bool     `json:"drill" doc:"A rehearsal with made-up people"`
	Title    string   `json:"title"`
	State    string   `json:"state" enum:"open,assessing,notified,not_notifiable,closed"`
	Risk     string   `json:"risk" doc:"none, likely or high; empty = not said yet"`
	Law      string   `json:"law" enum:"gdpr,kvkk,uk"`
	OpenedAt stamp    `json:"opened_at"`
	AwareAt  moment   `json:"aware_at" doc:"Since when it is known; null = nobody said yet, and no clock runs"`
	DueAt    moment   `json:"due_at" doc:"When the 72 hours are over"`
	Late     bool     `json:"late" doc:"They were over before the authority was told, or are over"`
	Decided  moment   `json:"decided_at"`
	Outcome  string   `json:"outcome" doc:"notified, not_notifiable, undecided; empty = not decided yet"`
	ToldAt   moment   `json:"told_at" doc:"When telling people or businesses began"`
	ClosedAt moment   `json:"closed_at"`
	Persons  int      `json:"persons" doc:"Of the newest counting"`
	Erased   int      `json:"erased" doc:"Of them, who were erased since"`
	Records  int64    `json:"records"`
	Classes  []string `json:"classes" nullable:"false" doc:"Kinds of data, as the data map says"`
}

// IncidentScope is where an incident reached.
type IncidentScope struct {
	Workspace desk.ID   `json:"workspace_id,omitempty" doc:"Of an incident of the install; else the caller's own"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	ActorKind string    `json:"actor_kind,omitempty" enum:"member,key,operator,system" doc:"By whom, as the audit log tells; left out = anybody"`
	Actor     desk.ID   `json:"actor_id,omitempty"`
	Table     string    `json:"table,omitempty" maxLength:"40" doc:"A table that was reached as a whole; left out = what the audit log tells"`
}

// IncidentCount is what a scope came to.
type IncidentCount struct {
	IncidentScope
	Acts    int      `json:"acts" doc:"Entries of the audit log"`
	Persons int      `json:"persons"`
	Erased  int      `json:"erased"`
	Records int64    `json:"records"`
	Tables  []string `json:"tables" nullable:"false"`
	At      stamp    `json:"at" doc:"When it was counted"`
}

// IncidentFact is one line of the table of facts.
type IncidentFact struct {
	Name string `json:"name"`
	Text string `json:"text"`
	At   stamp  `json:"at"`
	By   string `json:"by"`
}

// IncidentWords are what somebody is told.
type IncidentWords struct {
	Kind   string `json:"kind" enum:"authority,business,person"`
	Locale string `json:"locale"`
	Text   string `json:"text"`
	Own    bool   `json:"own" doc:"Written by hand; else made from the facts of now"`
	SentAt moment `json:"sent_at"`
}

// IncidentTold counts people who stand alike.
type IncidentTold struct {
	State string `json:"state" enum:"mail,sending,message,told,notice,unsure"`
	Way   string `json:"way" doc:"mail, message, notice, hand or drill; empty = not told yet"`
	N     int    `json:"n"`
}

// IncidentBusiness is a business that an incident of the install touched.
type IncidentBusiness struct {
	ID     desk.ID `json:"id"`
	Name   string  `json:"name"`
	ToldAt moment  `json:"told_at"`
}

// IncidentStep is one line of what was done.
type IncidentStep struct {
	At   stamp  `json:"at"`
	What string `json:"what" example:"incident.aware"`
	By   string `json:"by"`
}

// StateDue is when the people who live in a state of the United States are told.
type StateDue struct {
	State string `json:"state"`
	DueAt moment `json:"due_at" doc:"null = no number of days: without delay"`
}

// WholeIncident is an incident with all there is to say of it.
type WholeIncident struct {
	Incident   Incident           `json:"incident"`
	Facts      []IncidentFact     `json:"facts" nullable:"false" doc:"Every line, oldest first; the newest of a name holds"`
	Missing    []string           `json:"missing" nullable:"false" doc:"What is still needed before anybody is told"`
	Counts     []IncidentCount    `json:"counts" nullable:"false" doc:"The newest counting"`
	Counted    []IncidentCount    `json:"counted" nullable:"false" doc:"All of them, newest first"`
	Words      []IncidentWords    `json:"words" nullable:"false"`
	People     []IncidentTold     `json:"people" nullable:"false"`
	Businesses []IncidentBusiness `json:"businesses" nullable:"false"`
	States     []StateDue         `json:"states" nullable:"false"`
	Steps      []IncidentStep     `json:"steps" nullable:"false" doc:"What was done, oldest first"`
	Tables     []string           `json:"tables" nullable:"false" doc:"Those that a scope may name"`
	AlertID    desk.ID            `json:"alert_id"`
	NoticeID   desk.ID            `json:"notice_id"`
	NoticeAt   moment             `json:"notice_at" doc:"When its public notice was shown"`
}

// IncidentDrill is how the yearly rehearsal stands.
type IncidentDrill struct {
	LastAt  moment `json:"last_at" doc:"null = never"`
	DueAt   stamp  `json:"due_at"`
	Overdue bool   `json:"overdue"`
}

// IncidentPerson is somebody who is told.
type IncidentPerson struct {
	ID        desk.ID `json:"id"`
	ContactID desk.ID `json:"contact_id" doc:"Empty for a made-up one"`
	Name      string  `json:"name"`
	State     string  `json:"state" enum:"mail,sending,message,told,notice,unsure"`
	Way       string  `json:"way"`
	ToldAt    moment  `json:"told_at"`
}

// IncidentNews is news of whoever runs the install.
type IncidentNews struct {
	ID      desk.ID `json:"id"`
	Number  desk.ID `json:"number" doc:"Of the incident, at whoever runs the install"`
	Text    string  `json:"text"`
	From    stamp   `json:"from"`
	To      stamp   `json:"to"`
	AwareAt stamp   `json:"aware_at" doc:"Since when they know"`
	At      stamp   `json:"at"`
}

func incidentOf(w breach.Whole, now time.Time) Incident {
	i, sum := w.Row, w.Sum()
	classes, err := breach.Classes(sum.Tables)
	if err != nil {
		classes = []string{}
	}
	by := now
	if !i.Decided.IsZero() {
		by = i.Decided
	}
	return Incident{ID: w.Incident, Drill: i.Drill, Title: w.Now[breach.FactTitle].Body, State: string(i.State), Risk: string(i.Risk), Law: i.Law, OpenedAt: stamp(i.OpenedAt), AwareAt: moment(i.AwareAt),
		DueAt: moment(w.Stand.Due()), Late: w.Stand.Late(by) && i.Outcome != string(desk.IncidentNotNotifiable), Decided: moment(i.Decided), Outcome: i.Outcome, ToldAt: moment(i.ToldAt), ClosedAt: moment(i.Closed),
		Persons: sum.Persons, Erased: sum.Erased, Records: sum.Records, Classes: classes}
}

func scopesOf(in []IncidentScope) []store.Scope {
	all := make([]store.Scope, len(in))
	for i, s := range in {
		all[i] = store.Scope{Workspace: s.Workspace, From: s.From, To: s.To, Actor: desk.Actor{Kind: desk.ActorKind(s.ActorKind), ID: s.Actor}, Table: s.Table}
	}
	return all
}

func countsOf(all []store.ScopeCount) []IncidentCount {
	out := []IncidentCount{}
	for _, n := range all {
		tables := n.Tables
		if tables == nil {
			tables = []string{}
		}
		out = append(out, IncidentCount{IncidentScope{n.Workspace, n.From, n.To, string(n.Actor.Kind), n.Actor.ID, n.Table}, n.Acts, n.Persons, n.Erased, n.Records, tables, stamp(n.At)})
	}
	return out
}

// whole shows an incident. Who acted on one of the install is its operator, who is
// a member of the caller's workspace or not named.
func (d incidentDoor) whole(ctx context.Context, c *call, w breach.Whole) (*given[WholeIncident], error) {
	out := WholeIncident{Incident: incidentOf(w, d.Clock.Now()), Facts: []IncidentFact{}, Missing: w.Missing(), Counts: countsOf(w.Counts), Counted: countsOf(w.Counted), Words: []IncidentWords{},
		People: []IncidentTold{}, Businesses: []IncidentBusiness{}, States: []StateDue{}, Steps: []IncidentStep{}, Tables: store.ScopeTables(), AlertID: w.Row.Alert, NoticeID: w.Row.Notice, NoticeAt: moment(w.Row.NoticeAt)}
	for _, kind := range w.Kinds() {
		for _, locale := range i18n.Locales() {
			x := w.Draft(kind, locale)
			out.Words = append(out.Words, IncidentWords{kind, locale, x.Body, x.By != 0, moment(x.Sent)})
		}
	}
	for _, p := range w.People {
		out.People = append(out.People, IncidentTold(p))
	}
	for _, n := range w.Noticed {
		out.Businesses = append(out.Businesses, IncidentBusiness{n.Workspace, n.Name, moment(n.At)})
	}
	for _, s := range w.StateList() {
		due, _ := w.Stand.DueIn(s)
		out.States = append(out.States, StateDue{s, moment(due)})
	}
	var steps []store.AuditRow
	err := d.Store.In(d.ws(c)).Read(ctx, func(r *store.Rx) (err error) {
		steps, err = r.AuditFind(store.AuditWanted{Object: "incident", ObjectID: w.Incident}, 0, manySteps)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Reverse(steps)
	err = c.ws.Read(ctx, func(r *store.Rx) error {
		v := d.view(r, c.locale)
		for _, f := range w.Facts {
			m, err := v.member(f.By)
			if err != nil {
				return err
			}
			out.Facts = append(out.Facts, IncidentFact{f.Name, f.Body, stamp(f.At), m.Name})
		}
		for _, s := range steps {
			by := s.ActorKind
			if s.ActorKind == string(desk.ByMember) {
				m, err := v.member(s.Actor)
				if err != nil {
					return err
				}
				by = m.Name
			}
			out.Steps = append(out.Steps, IncidentStep{stamp(s.At), s.Action, by})
		}
		return nil
	})
	return reply(out, err)
}

const manySteps = 500

const toldOrder = "incident_people"

func (a *API) listTold(ctx context.Context, c *call, in *toldIn) (*given[Page[IncidentPerson]], error) {
	after, err := in.after(toldOrder)
	if err != nil {
		return nil, err
	}
	var out Page[IncidentPerson]
	err = c.ws.Read(ctx, func(r *store.Rx) error {
		if _, err := r.Incident(in.id()); err != nil {
			return err
		}
		all, err := r.ToldOf(in.id(), in.State, after, in.Limit+1)
		if err != nil {
			return err
		}
		var failed error
		out = page(all, in.Limit, func(p store.Told) IncidentPerson {
			one := IncidentPerson{ID: p.ID, State: p.State, Way: p.Way, ToldAt: moment(p.At)}
			if p.Contact > 0 {
				who, err := r.Contact(p.Contact)
				if err != nil && !desk.IsNotFound(err) {
					failed = err
				}
				one.ContactID, one.Name = p.Contact, who.Name
			}
			return one
		}, func(p store.Told) string { return cursor.Make(toldOrder, int64(p.ID)) })
		return failed
	})
	return reply(out, err)
}

const manyNotices = 50

func (a *API) listNotices(ctx context.Context, c *call, _ *nothing) (*given[Page[IncidentNews]], error) {
	out := Page[IncidentNews]{Items: []IncidentNews{}}
	err := c.ws.Read(ctx, func(r *store.Rx) error {
		all, err := r.Notices(manyNotices)
		for _, n := range all {
			body := n.Body[i18n.Fallback]
			if own := n.Body[c.locale[:min(2, len(c.locale))]]; own != "" {
				body = own
			}
			out.Items = append(out.Items, IncidentNews{n.ID, n.Incident, body, stamp(n.From), stamp(n.To), stamp(n.Aware), stamp(n.At)})
		}
		return err
	})
	return reply(out, err)
}

// incidentPage is the page of public notices of a workspace.
type incidentPage struct {
	sheet
	Notices []pageNotice
}

type pageNotice struct{ Title, Body string }

func (a *API) showIncidentNotices(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p := &incidentPage{sheet: newSheet(c, r, "incidents.")}
	ws := rowID(r.PathValue("workspace"))
	var set desk.Workspace
	err := error(desk.Fail(desk.NotFound, "no_such_page", "there is no such page"))
	if ws != 0 {
		err = a.Store.In(ws).Read(r.Context(), func(rx *store.Rx) (err error) { set, err = rx.Settings(); return err })
	}
	if desk.IsNotFound(err) {
		p.Missing = true
		a.showSheet(w, r, p.sheet, "incidents.html", p)
		return
	}
	p.args["business"] = set.Name
	var all []breach.Whole
	if err == nil {
		all, err = a.Breach.Shown(r.Context(), ws)
	}
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	for _, one := range all {
		p.args["date"] = one.Row.NoticeAt.UTC().Format(time.DateOnly)
		p.Notices = append(p.Notices, pageNotice{p.T("since"), one.Draft(breach.KindPerson, p.Lang).Body})
	}
	a.showSheet(w, r, p.sheet, "incidents.html", p)
}
