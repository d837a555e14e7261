package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Demand is what an authority demands of the business.
type Demand struct {
	ID          desk.ID    `json:"id"`
	State       string     `json:"state" enum:"open,approved,handed,refused"`
	Authority   string     `json:"authority"`
	Reference   string     `json:"reference"`
	Basis       string     `json:"basis" doc:"The law that it names"`
	Said        []string   `json:"said" nullable:"false" doc:"Why it was challenged or refused, oldest first"`
	Parts       []string   `json:"parts" nullable:"false" doc:"profile, messages, files"`
	From        moment     `json:"from" doc:"Of messages and files: from when"`
	Until       moment     `json:"until" doc:"And until when"`
	DueAt       moment     `json:"due_at"`
	SilentUntil moment     `json:"silent_until" doc:"Until then its persons must not be told; null: they see it at once in the list of who received something"`
	OpenedBy    desk.ID    `json:"opened_by"`
	Approvals   []desk.ID  `json:"approvals" nullable:"false" doc:"Members who approved it; two are needed"`
	At          stamp      `json:"at"`
	EndedAt     moment     `json:"ended_at" doc:"When it was handed over first, or refused"`
	Persons     []Demanded `json:"persons" nullable:"false"`
}

// Demanded is a person whom a demand is about.
type Demanded struct {
	ContactID desk.ID `json:"contact_id"`
	Name      string  `json:"name" doc:"Empty: not known, or erased since"`
	Times     int64   `json:"times" doc:"How often their data was handed over"`
	LastAt    moment  `json:"last_at"`
}

type openDemandBody struct {
	Body struct {
		Authority   string    `json:"authority" minLength:"1" maxLength:"300"`
		Reference   string    `json:"reference,omitempty" maxLength:"200"`
		Basis       string    `json:"basis" minLength:"1" maxLength:"1000" doc:"The law by which it demands"`
		Contacts    []desk.ID `json:"contact_ids" minItems:"1" maxItems:"50" doc:"Whom it is about"`
		Parts       []string  `json:"parts" minItems:"1" maxItems:"3" enum:"profile,messages,files"`
		From        time.Time `json:"from,omitempty" doc:"Needed for messages and files"`
		Until       time.Time `json:"until,omitempty" doc:"Needed for messages and files"`
		DueAt       time.Time `json:"due_at"`
		SilentUntil time.Time `json:"silent_until,omitempty" doc:"Where a law forbids to tell its persons: until which day"`
	}
}

type demandReason struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

type demandPage struct {
	Before string `query:"before" pattern:"^[0-9]{0,19}$" doc:"Id of the last one that was seen"`
}

type discloseBody struct {
	ByID
	Body struct {
		To     string   `json:"to" minLength:"1" maxLength:"300" doc:"Who received it"`
		Reason string   `json:"reason" enum:"terms,safety,consent,marketing"`
		What   []string `json:"what" minItems:"1" maxItems:"3" enum:"profile,messages,files"`
		OptIn  desk.ID  `json:"opt_in_id,omitempty" doc:"Of consent and marketing: the person's consent, which holds now"`
	}
}

func demandRoutes(a *API) {
	const path = "/api/v1/privacy/demands"
	d := privacy.Demands{Copies: a.Copies}
	declare(a, Route{ID: "list-demands", Method: http.MethodGet, Path: path, Needs: Need(desk.ReadCases), Record: "demand.list", Tag: "privacy",
		Summary: "What authorities demanded, newest first, 50 at a time"},
		func(ctx context.Context, c *call, in *demandPage) (*given[Page[Demand]], error) {
			all, err := d.List(ctx, c.Workspace.ID, rowID(in.Before))
			if err != nil {
				return nil, err
			}
			out := Page[Demand]{}
			out.Items, err = a.demands(ctx, c, all)
			return reply(out, err)
		})
	declare(a, Route{ID: "open-demand", Method: http.MethodPost, Path: path, Needs: Need(desk.WriteCases), Status: http.StatusCreated, Tag: "privacy",
		Summary: "Write down what an authority demands: of whom, which data, of which time"}, a.openDemand)
	declare(a, Route{ID: "get-demand", Method: http.MethodGet, Path: path + "/{id}", Needs: Need(desk.ReadCases), Record: "demand.read", Tag: "privacy",
		Summary: "One demand with its persons"},
		func(ctx context.Context, c *call, in *ByID) (*given[Demand], error) {
			return a.demand(ctx, c, in.id(), nil)
		})
	declare(a, Route{ID: "approve-demand", Method: http.MethodPost, Path: path + "/{id}/approve", Needs: Need(desk.WriteCases), Fresh: true, Tag: "privacy",
		Summary: "Approve that what a demand is about is handed over; two different members do"},
		func(ctx context.Context, c *call, in *ByID) (*given[Demand], error) {
			return a.demand(ctx, c, in.id(), d.Approve(ctx, c.Workspace.ID, in.id(), c.Actor))
		})
	declare(a, Route{ID: "challenge-demand", Method: http.MethodPost, Path: path + "/{id}/challenge", Needs: Need(desk.WriteCases), Tag: "privacy",
		Summary: "Note what is wrong with a demand; its approvals are taken back"},
		func(ctx context.Context, c *call, in *demandReason) (*given[Demand], error) {
			return a.demand(ctx, c, in.id(), d.Challenge(ctx, c.Workspace.ID, in.id(), c.Actor, in.Body.Reason))
		})
	declare(a, Route{ID: "refuse-demand", Method: http.MethodPost, Path: path + "/{id}/refuse", Needs: Need(desk.WriteCases), Tag: "privacy",
		Summary: "Refuse a demand that was not handed over; whom it was about is forgotten"},
		func(ctx context.Context, c *call, in *demandReason) (*given[Demand], error) {
			return a.demand(ctx, c, in.id(), d.Refuse(ctx, c.Workspace.ID, in.id(), c.Actor, in.Body.Reason))
		})
	a.open(Route{ID: "hand-over-demand", Hidden: true, Method: http.MethodPost, Path: path + "/{id}/hand-over", Needs: Need(desk.WriteCases), Fresh: true, Tag: "privacy",
		Summary: "The file of exactly what a demand is about, noted of each of its persons"}, func(w http.ResponseWriter, r *http.Request) {
		c := calling(r.Context())
		file, err := d.Hand(r.Context(), c.Workspace.ID, rowID(r.PathValue("id")), c.Actor)
		a.serveCopy(w, r, file, err)
	})
	declare(a, Route{ID: "disclose-contact", Method: http.MethodPost, Path: "/api/v1/contacts/{id}/disclosures", Needs: Need(desk.WriteCases), Status: http.StatusCreated, Tag: "privacy",
		Summary: "Note that something of a person was disclosed for another reason than a demand"}, a.disclose)
}

func (a *API) openDemand(ctx context.Context, c *call, in *openDemandBody) (*given[Demand], error) {
	b := in.Body
	one, err := privacy.Demands{Copies: a.Copies}.Open(ctx, c.Workspace.ID, c.Actor, store.Demand{Authority: b.Authority, Reference: b.Reference, Basis: b.Basis, Parts: b.Parts,
		From: b.From, Until: b.Until, Due: b.DueAt, SilentUntil: b.SilentUntil}, b.Contacts)
	if err != nil {
		return nil, err
	}
	return a.demand(ctx, c, one.ID, nil)
}

func (a *API) disclose(ctx context.Context, c *call, in *discloseBody) (*given[Disclosure], error) {
	one, err := privacy.Demands{Copies: a.Copies}.Disclose(ctx, c.Workspace.ID, c.Actor,
		store.Disclosure{Contact: in.id(), Recipient: in.Body.To, Reason: in.Body.Reason, What: in.Body.What, OptIn: in.Body.OptIn})
	shown := store.Disclosed{To: one.Recipient, Way: one.Reason, Count: int(one.Times)}
	return reply(Disclosure{shown.To, shown.Way, privacy.ToldWords(c.locale, shown), shown.Count, stamp(one.First), stamp(one.Last)}, err)
}

func (a *API) demand(ctx context.Context, c *call, id desk.ID, err error) (*given[Demand], error) {
	if err != nil {
		return nil, err
	}
	one, err := privacy.Demands{Copies: a.Copies}.Get(ctx, c.Workspace.ID, id)
	if err != nil {
		return nil, err
	}
	all, err := a.demands(ctx, c, []privacy.DemandOf{one})
	if err != nil {
		return nil, err
	}
	return reply(all[0], nil)
}

// demands adds what their persons are called.
func (a *API) demands(ctx context.Context, c *call, all []privacy.DemandOf) (out []Demand, err error) {
	err = c.ws.Read(ctx, func(r *store.Rx) error {
		out = []Demand{}
		for _, d := range all {
			one := Demand{ID: d.ID, State: string(d.State), Authority: d.Authority, Reference: d.Reference, Basis: d.Basis, Said: orEmpty(d.Said), Parts: orEmpty(d.Parts),
				From: moment(d.From), Until: moment(d.Until), DueAt: moment(d.Due), SilentUntil: moment(d.SilentUntil), OpenedBy: d.OpenedBy, Approvals: []desk.ID{},
				At: stamp(d.At), EndedAt: moment(d.Ended), Persons: []Demanded{}}
			for _, by := range []desk.ID{d.First, d.Second} {
				if by != 0 {
					one.Approvals = append(one.Approvals, by)
				}
			}
			for _, p := range d.Persons {
				who, err := r.Contact(p.Contact)
				if err != nil && !desk.IsNotFound(err) {
					return err
				}
				one.Persons = append(one.Persons, Demanded{p.Contact, who.Name, p.Times, moment(p.Last)})
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}
