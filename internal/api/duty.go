package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy/duty"
	"parley/internal/store"
)

// Duty is something that the business owes to data protection, or did.
type Duty struct {
	ID        desk.ID       `json:"id"`
	Kind      desk.DutyKind `json:"kind" enum:"access,assessment,interests,notice,training,agreement,drill"`
	State     string        `json:"state" enum:"open,done"`
	Standing  bool          `json:"standing" doc:"The program opened it, and opens the next when it is signed"`
	Title     string        `json:"title" doc:"Empty where the kind says it all"`
	MemberID  desk.ID       `json:"member_id" doc:"Whom it is about, 0 nobody who signs in"`
	Person    string        `json:"person" doc:"Whom it is about: the member's name, or who does not sign in"`
	Note      string        `json:"note"`
	EveryDays int           `json:"every_days" doc:"After how many days it is due again, 0 never"`
	DueAt     stamp         `json:"due_at"`
	Overdue   bool          `json:"overdue"`
	At        stamp         `json:"at"`
	DoneAt    moment        `json:"done_at"`
	DoneBy    desk.ID       `json:"done_by"`
	SignedBy  string        `json:"signed_by" doc:"Name of the member who signed it; empty once they left"`
	Hash      string        `json:"document_sha256" doc:"Of what there is to read, or of the document that was signed elsewhere; empty: there is none"`
}

// WholeDuty is a duty with what there is to read and to decide: of an open one as
// it stands now, of a done one as it was signed.
type WholeDuty struct {
	Duty
	Changed  bool          `json:"changed" doc:"Of an open assessment: it rests on another model, use or channel than the last one that was signed"`
	Sections []DutySection `json:"sections" nullable:"false"`
	Lines    []DutyLine    `json:"lines" nullable:"false" doc:"Each wants a decision before it is signed"`
	Verdicts []string      `json:"verdicts" nullable:"false" doc:"What may be decided on a line"`
}

// DutySection is a part of what there is to read.
type DutySection struct {
	Title string   `json:"title"`
	Lines []string `json:"lines" nullable:"false"`
}

// DutyLine is one thing to decide on.
type DutyLine struct {
	Key     string   `json:"key"`
	Name    string   `json:"name" doc:"Of the member it is about; empty once they left"`
	Words   string   `json:"words"`
	Detail  []string `json:"detail" nullable:"false"`
	Verdict string   `json:"verdict" enum:",keep,remove,low,medium,high,outweighs,yields,done,not_needed" doc:"Empty: not decided yet"`
	Why     string   `json:"why"`
}

type newDutyBody struct {
	Body struct {
		Kind      desk.DutyKind `json:"kind" enum:"access,assessment,interests,notice,training,agreement,drill"`
		Title     string        `json:"title,omitempty" maxLength:"200" doc:"Needed of a training, an agreement and a drill"`
		MemberID  desk.ID       `json:"member_id,omitempty" doc:"Whom it is about"`
		Person    string        `json:"person,omitempty" maxLength:"200" doc:"Whom it is about and who does not sign in"`
		Note      string        `json:"note,omitempty" maxLength:"4000"`
		DueAt     time.Time     `json:"due_at"`
		EveryDays int           `json:"every_days,omitempty" minimum:"0" maximum:"1825"`
	}
}

type dutyVerdict struct {
	Key     string `json:"key" maxLength:"60"`
	Verdict string `json:"verdict" enum:"keep,remove,low,medium,high,outweighs,yields,done,not_needed"`
	Why     string `json:"why,omitempty" maxLength:"4000"`
}

type signDutyBody struct {
	ByID
	Body struct {
		Hash     string        `json:"document_sha256,omitempty" pattern:"^([0-9a-f]{64})?$" doc:"Of what was read, as it was shown, or of the document that was signed elsewhere; an agreement needs it"`
		Note     string        `json:"note,omitempty" maxLength:"4000"`
		Verdicts []dutyVerdict `json:"verdicts,omitempty" maxItems:"2000" doc:"On every line. A review of access removes what it says to remove: only owners and admins may"`
	}
}

type dutyPage struct {
	State  string `query:"state" enum:"open,done" doc:"Left out: open, the most urgent first"`
	Before string `query:"before" pattern:"^[0-9]{0,19}$" doc:"Of done ones: id of the last one that was seen"`
}

func dutyRoutes(a *API) {
	const path = "/api/v1/privacy/duties"
	declare(a, Route{ID: "list-duties", Method: http.MethodGet, Path: path, Needs: Need(desk.ReadCases), Record: "duty.list", Tag: "privacy",
		Summary: "What the business owes to data protection, or did: reviews, assessments, trainings, agreements, drills; done ones 50 at a time"}, a.listDuties)
	declare(a, Route{ID: "open-duty", Method: http.MethodPost, Path: path, Needs: Need(desk.WriteCases), Status: http.StatusCreated, Tag: "privacy",
		Summary: "Write down a training, an agreement to confidentiality, a drill, or a further review"},
		func(ctx context.Context, c *call, in *newDutyBody) (*given[WholeDuty], error) {
			b := in.Body
			one, err := a.Duties.Open(ctx, c.Workspace.ID, c.Actor, store.Duty{Kind: b.Kind, Title: b.Title, Member: b.MemberID, Person: b.Person, Note: b.Note, Due: b.DueAt, Every: b.EveryDays})
			return a.duty(ctx, c, one.ID, err)
		})
	declare(a, Route{ID: "get-duty", Method: http.MethodGet, Path: path + "/{id}", Needs: Need(desk.ReadCases), Record: "duty.read", Tag: "privacy",
		Summary: "One of them with what there is to read and to decide, made of the data map and the settings of this moment"},
		func(ctx context.Context, c *call, in *ByID) (*given[WholeDuty], error) {
			return a.duty(ctx, c, in.id(), nil)
		})
	declare(a, Route{ID: "sign-duty", Method: http.MethodPost, Path: path + "/{id}/sign", Needs: Need(desk.WriteCases), Fresh: true, Body: 1 << 20, Tag: "privacy",
		Summary: "Sign what was read and decided; a review of access removes what it says to remove, and the next one opens"}, a.signDuty)
	declare(a, Route{ID: "drop-duty", Method: http.MethodDelete, Path: path + "/{id}", Needs: Need(desk.WriteCases), Status: http.StatusNoContent, Tag: "privacy",
		Summary: "Take back one that somebody opened and nobody signed"},
		func(ctx context.Context, c *call, in *ByID) (*nothing, error) {
			return nil, a.Duties.Drop(ctx, c.Workspace.ID, in.id(), c.Actor)
		})
}

func (a *API) listDuties(ctx context.Context, c *call, in *dutyPage) (*given[Page[Duty]], error) {
	var all []store.Duty
	var err error
	if in.State == "done" {
		all, err = a.Duties.Done(ctx, c.Workspace.ID, rowID(in.Before))
	} else {
		all, err = a.Duties.List(ctx, c.Workspace.ID)
	}
	if err != nil {
		return nil, err
	}
	out := Page[Duty]{Items: []Duty{}}
	err = c.ws.Read(ctx, func(r *store.Rx) error {
		out.Items = out.Items[:0]
		for _, one := range all {
			shown, err := a.dutyOf(r, one)
			if err != nil {
				return err
			}
			out.Items = append(out.Items, shown)
		}
		return nil
	})
	return reply(out, err)
}

func (a *API) signDuty(ctx context.Context, c *call, in *signDutyBody) (*given[WholeDuty], error) {
	hash, err := hex.DecodeString(in.Body.Hash)
	if err != nil {
		return nil, err
	}
	s := duty.Signing{Locale: c.locale, Hash: hash, Note: in.Body.Note, Verdicts: map[string]duty.Verdict{}}
	for _, v := range in.Body.Verdicts {
		s.Verdicts[v.Key] = duty.Verdict{Verdict: v.Verdict, Why: v.Why}
	}
	return a.duty(ctx, c, in.id(), a.Duties.Sign(ctx, c.Workspace.ID, in.id(), c.Actor, s))
}

func (a *API) duty(ctx context.Context, c *call, id desk.ID, err error) (*given[WholeDuty], error) {
	if err != nil {
		return nil, err
	}
	one, changed, err := a.Duties.Get(ctx, c.Workspace.ID, id, c.locale)
	if err != nil {
		return nil, err
	}
	var out WholeDuty
	err = c.ws.Read(ctx, func(r *store.Rx) error {
		out = WholeDuty{Changed: changed, Sections: []DutySection{}, Lines: []DutyLine{}, Verdicts: orEmpty(duty.Verdicts(one.Kind))}
		if out.Duty, err = a.dutyOf(r, one); err != nil {
			return err
		}
		for _, s := range one.Document {
			out.Sections = append(out.Sections, DutySection{s.Title, orEmpty(s.Lines)})
		}
		for _, l := range one.Lines {
			line := DutyLine{Key: l.Key, Words: l.Words, Detail: orEmpty(l.Detail), Verdict: l.Verdict, Why: l.Why}
			if who, is := strings.CutPrefix(l.Key, "member:"); is {
				if line.Name, err = memberName(r, rowID(who)); err != nil {
					return err
				}
			}
			out.Lines = append(out.Lines, line)
		}
		return nil
	})
	return reply(out, err)
}

func (a *API) dutyOf(r *store.Rx, d store.Duty) (out Duty, err error) {
	out = Duty{ID: d.ID, Kind: d.Kind, State: "open", Standing: d.Standing, Title: d.Title, MemberID: d.Member, Person: d.Person, Note: d.Note, EveryDays: d.Every,
		DueAt: stamp(d.Due), At: stamp(d.At), DoneAt: moment(d.DoneAt), DoneBy: d.DoneBy, Hash: hex.EncodeToString(d.Hash)}
	if d.Done {
		out.State = "done"
	}
	out.Overdue = !d.Done && !a.Clock.Now().Before(d.Due)
	if d.Member != 0 {
		if out.Person, err = memberName(r, d.Member); err != nil {
			return out, err
		}
	}
	if d.DoneBy != 0 {
		out.SignedBy, err = memberName(r, d.DoneBy)
	}
	return out, err
}

// memberName is what a member is called; "" once they are no more.
func memberName(r *store.Rx, id desk.ID) (string, error) {
	m, err := r.Member(id)
	if desk.IsNotFound(err) {
		return "", nil
	}
	return m.Name, err
}
