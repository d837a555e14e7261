package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// CaseOfOne is what a case of a person has beyond others.
type CaseOfOne struct {
	Door         string  `json:"door" enum:"page,channel,widget,mail,member,app" doc:"By which way it came"`
	Law          string  `json:"law" enum:"unknown,kvkk,gdpr,uk,lgpd,pipeda,ccpa,us_va,us_co,us_ct,us_ut,us_tx,us_or,us_mt,us"`
	Locale       string  `json:"locale" doc:"Language of its letters"`
	ContactID    desk.ID `json:"contact_id" doc:"Whom it is about; 0 not known, or erased since"`
	Conversation desk.ID `json:"conversation_id" doc:"In which it was asked; 0 none"`
	AssigneeID   desk.ID `json:"assignee_id" doc:"Who works on it; 0 nobody"`
	Proof        string  `json:"proof" enum:",channel,code,mail,member" doc:"How the person was proved; empty not yet"`
	Agent        bool    `json:"agent" doc:"Somebody asks for the person"`
	AgentChecked bool    `json:"agent_checked" doc:"And showed that they may"`
	Erased       bool    `json:"erased" doc:"The person was erased since"`
	ErasureNo    int64   `json:"erasure_no,omitempty" doc:"Number of the erasure that this case carried out; its certificate has the same"`
	ExtendedAt   moment  `json:"extended_at"`
	DecidedAt    moment  `json:"decided_at"`
	DecidedBy    desk.ID `json:"decided_by"`
	Decision     string  `json:"decision" enum:",answered,refused,withdrawn,unanswered"`
	Reason       string  `json:"reason" doc:"Why it was refused"`
	AppealOf     desk.ID `json:"appeal_of" doc:"The case that it appeals against; 0 none"`
	Done         bool    `json:"carried_out" doc:"There is evidence of the act that answers it"`
	Needs        string  `json:"needs" doc:"The act that must be carried out before it is answered as done; empty = the answer is in words"`
	AppealUntil  moment  `json:"appeal_until"`
}

func caseOfOne(c store.Case) *CaseOfOne {
	if c.Door == "provider" {
		return nil
	}
	need := desk.CaseKind(c.Kind).Evidence()
	out := &CaseOfOne{Door: c.Door, Law: c.Law, Locale: c.Locale, ContactID: c.Contact, Conversation: c.Conversation, AssigneeID: c.Assignee, Proof: c.Proof,
		Agent: c.Agent, AgentChecked: c.AgentChecked, Erased: c.Erased, ErasureNo: privacy.ErasureOf(c), ExtendedAt: moment(c.Extended), DecidedAt: moment(c.Decided), DecidedBy: c.DecidedBy,
		Decision: c.Decision, Reason: c.Reason, AppealOf: c.AppealOf, Needs: need, Done: c.Outcome[need] > 0 || need == string(desk.AskErase) && c.Erased}
	if c.State == desk.CaseAnswered || c.State == desk.CaseRefused {
		out.AppealUntil = moment(c.Decided.Add(desk.AppealTerm))
	}
	return out
}

// CaseLine is something that was said in a case.
type CaseLine struct {
	ID       desk.ID `json:"id"`
	Kind     string  `json:"kind" enum:"asked,address,note,letter" doc:"asked: the person's words; address: where they are mailed; note: for those who work on it; letter: what the person was told"`
	Letter   string  `json:"letter" doc:"Which letter it is"`
	AuthorID desk.ID `json:"author_id"`
	Body     string  `json:"body"`
	At       stamp   `json:"at"`
	Mail     string  `json:"mail" enum:",waiting,sent,failed"`
}

// WholeCase is a case with all that was said in it.
type WholeCase struct {
	Case
	Lines   []CaseLine `json:"lines" nullable:"false" doc:"Oldest first"`
	Address string     `json:"status_path" doc:"Path of the page at which the person follows it; whoever has it reads it"`
	Extend  int        `json:"may_extend" doc:"By how many days its end may still be moved; 0 = not"`
}

// CaseForms are the words of forms about cases.
type CaseForms struct {
	Kinds    []NamedWords `json:"kinds" nullable:"false"`
	Laws     []CaseLaw    `json:"laws" nullable:"false"`
	Reasons  []NamedWords `json:"reasons" nullable:"false" doc:"Why a request may be refused"`
	LawsAsOf string       `json:"laws_checked_on"`
}

// NamedWords is a name with what it is called.
type NamedWords struct {
	Name  string `json:"name"`
	Words string `json:"words"`
}

// CaseLaw is a law with its clock and authority.
type CaseLaw struct {
	Name      string `json:"name"`
	Days      int    `json:"days" doc:"Within which a request is answered, at most"`
	Extend    int    `json:"extend_days"`
	Authority string `json:"authority"`
}

// CaseFigures count what waits.
type CaseFigures struct {
	Waiting int `json:"waiting"`
	Proving int `json:"proving" doc:"Of these: who asks must still show that it is them"`
	Week    int `json:"due_in_7_days"`
	Day     int `json:"due_in_1_day"`
	Overdue int `json:"overdue"`
}

type openCaseBody struct {
	Body struct {
		Kind    string `json:"kind" maxLength:"20"`
		Law     string `json:"law,omitempty" maxLength:"20"`
		Words   string `json:"words,omitempty" maxLength:"8000" doc:"What the person said"`
		Address string `json:"address,omitempty" maxLength:"254" doc:"Where they are mailed"`
		Contact string `json:"contact_id,omitempty" pattern:"^[1-9][0-9]{0,18}$"`
		Locale  string `json:"locale,omitempty" maxLength:"10"`
		Agent   bool   `json:"agent,omitempty" doc:"They ask for somebody else"`
	}
}

type changeCaseBody struct {
	ByID
	Body struct {
		Kind     *string  `json:"kind,omitempty" maxLength:"20"`
		Law      *string  `json:"law,omitempty" maxLength:"20"`
		Assignee *desk.ID `json:"assignee_id,omitempty" doc:"0 = nobody"`
		Contact  *desk.ID `json:"contact_id,omitempty" doc:"0 = not known"`
		Checked  *bool    `json:"agent_checked,omitempty" doc:"Who asks for another showed that they may"`
	}
}

type caseTextBody struct {
	ByID
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"8000"`
	}
}

type extendCaseBody struct {
	ByID
	Body struct {
		Days   int    `json:"days" minimum:"1" maximum:"60"`
		Reason string `json:"reason" minLength:"1" maxLength:"8000" doc:"The person reads it"`
	}
}

type decideCaseBody struct {
	ByID
	Body struct {
		Decision string `json:"decision" enum:"answered,refused"`
		Reason   string `json:"reason,omitempty" maxLength:"40" doc:"Of a refusal: one of the reasons of GET /api/v1/privacy/case-forms"`
		Text     string `json:"text,omitempty" maxLength:"8000" doc:"The person reads it"`
	}
}

func caseworkRoutes(a *API) {
	operatorCaseRoutes(a)
	const path = "/api/v1/privacy/cases"
	write := func(id, verb, summary string) Route {
		return Route{ID: id, Method: http.MethodPost, Path: path + "/{id}/" + verb, Needs: Need(desk.WriteCases), Tag: "privacy", Summary: summary}
	}
	declare(a, Route{ID: "case-forms", Method: http.MethodGet, Path: "/api/v1/privacy/case-forms", Needs: Need(desk.ReadCases), Tag: "privacy",
		Summary: "What may be asked, by which laws, and why it may be refused"},
		func(_ context.Context, c *call, _ *nothing) (*given[CaseForms], error) {
			return reply(caseForms(c.locale), nil)
		})
	declare(a, Route{ID: "case-figures", Method: http.MethodGet, Path: "/api/v1/privacy/case-figures", Needs: Need(desk.ReadCases), Tag: "privacy",
		Summary: "How many requests wait, and which end soon"}, a.caseFigures)
	declare(a, Route{ID: "open-case", Method: http.MethodPost, Path: path, Needs: Need(desk.WriteCases), Status: http.StatusCreated, Tag: "privacy",
		Summary: "Write down what a person asks about their data"}, a.openCase)
	declare(a, Route{ID: "get-case", Method: http.MethodGet, Path: path + "/{id}", Needs: Need(desk.ReadCases), Record: "case.read", Tag: "privacy",
		Summary: "One request with its letters and notes"},
		func(ctx context.Context, c *call, in *ByID) (*given[WholeCase], error) {
			return a.wholeCase(ctx, c, in.id(), nil)
		})
	declare(a, Route{ID: "change-case", Method: http.MethodPatch, Path: path + "/{id}", Needs: Need(desk.WriteCases), Tag: "privacy",
		Summary: "Say by which law a request runs, who works on it and whom it is about; fields left out stay"}, a.changeCase)
	declare(a, write("prove-case", "prove", "Note how you know that it is them"),
		func(ctx context.Context, c *call, in *caseTextBody) (*given[WholeCase], error) {
			_, err := a.Casework.ProveCase(ctx, c.Workspace.ID, in.id(), c.Actor, in.Body.Text)
			return a.wholeCase(ctx, c, in.id(), err)
		})
	declare(a, write("extend-case", "extend", "Move the end of a request once, with a letter that says why"),
		func(ctx context.Context, c *call, in *extendCaseBody) (*given[WholeCase], error) {
			_, err := a.Casework.ExtendCase(ctx, c.Workspace.ID, in.id(), c.Actor, privacy.MoreTime{Days: in.Body.Days, Why: in.Body.Reason})
			return a.wholeCase(ctx, c, in.id(), err)
		})
	say := func(verb, summary string, letter bool) {
		declare(a, write("add-case-"+verb, verb, summary),
			func(ctx context.Context, c *call, in *caseTextBody) (*given[WholeCase], error) {
				_, err := a.Casework.Say(ctx, c.Workspace.ID, in.id(), c.Actor, privacy.CaseWords{Letter: letter, Words: in.Body.Text})
				return a.wholeCase(ctx, c, in.id(), err)
			})
	}
	say("letter", "Write to the person", true)
	say("note", "Note something for those who work on it", false)
	carry := write("carry-out-case", "carry-out", "Erase or restrict the person of a proved request")
	carry.Fresh, carry.Needs = true, Need(desk.EraseContacts)
	declare(a, carry, func(ctx context.Context, c *call, in *ByID) (*given[WholeCase], error) {
		_, err := a.Casework.Carry(ctx, c.Workspace.ID, in.id(), c.Actor)
		return a.wholeCase(ctx, c, in.id(), err)
	})
	declare(a, write("decide-case", "decide", "Answer a request, or refuse it with a reason"), a.decideCase)
	declare(a, write("withdraw-case", "withdraw", "End a request that the person takes back"),
		func(ctx context.Context, c *call, in *ByID) (*given[WholeCase], error) {
			_, err := a.Casework.WithdrawCase(ctx, c.Workspace.ID, in.id(), c.Actor)
			return a.wholeCase(ctx, c, in.id(), err)
		})
}

func caseForms(locale string) CaseForms {
	out := CaseForms{LawsAsOf: desk.LawsCheckedOn}
	for _, k := range desk.CaseKinds() {
		if k != desk.AskAppeal {
			out.Kinds = append(out.Kinds, NamedWords{string(k), privacy.AskedWords(locale, string(k))})
		}
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, l := range desk.Laws() {
		out.Laws = append(out.Laws, CaseLaw{l.Name, int(l.Due(at).Sub(at) / (24 * time.Hour)), l.Extend, privacy.Complain(locale, l.Name)})
	}
	for _, r := range desk.RefusalReasons() {
		out.Reasons = append(out.Reasons, NamedWords{r, i18n.T(locale, "case.reason."+r, nil)})
	}
	return out
}

// manyCases bounds what is counted.
const manyCases = 10_000

func (a *API) caseFigures(ctx context.Context, c *call, _ *nothing) (*given[CaseFigures], error) {
	var out CaseFigures
	now := a.Clock.Now()
	err := c.ws.Read(ctx, func(r *store.Rx) error {
		all, err := r.WaitingCases(manyCases)
		for _, w := range all {
			out.Waiting++
			left := w.Due.Sub(now)
			out.Proving += count(w.State == desk.CaseProving)
			out.Overdue += count(left <= 0)
			out.Day += count(left > 0 && left <= 24*time.Hour)
			out.Week += count(left > 0 && left <= 7*24*time.Hour)
		}
		return err
	})
	return reply(out, err)
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (a *API) openCase(ctx context.Context, c *call, in *openCaseBody) (*created[WholeCase], error) {
	b := in.Body
	kind := desk.CaseKind(b.Kind)
	if kind == desk.AskAppeal {
		return nil, desk.Fail(desk.Invalid, "kind", "an appeal is opened from the page of the request that it is against")
	}
	contact := desk.ID(0)
	if b.Contact != "" {
		contact = rowID(b.Contact)
		if err := c.ws.Read(ctx, func(r *store.Rx) error { _, err := r.Contact(contact); return err }); err != nil {
			return nil, err
		}
	}
	opened, err := a.Casework.Open(ctx, c.Workspace.ID, privacy.NewCase{Kind: kind, Door: privacy.DoorMember, Law: b.Law, Locale: cmp.Or(b.Locale, c.Workspace.Locale), Words: b.Words,
		Address: b.Address, Agent: b.Agent, Contact: contact, By: c.Actor})
	if err != nil {
		return nil, err
	}
	whole, err := a.wholeCase(ctx, c, opened.Case.ID, nil)
	if err != nil {
		return nil, err
	}
	return &created[WholeCase]{Status: http.StatusCreated, Body: whole.Body}, nil
}

// wholeCase shows a case after an act, or the act's error.
func (a *API) wholeCase(ctx context.Context, c *call, id desk.ID, err error) (*given[WholeCase], error) {
	if err != nil {
		return nil, err
	}
	f, err := a.Casework.Get(ctx, c.Workspace.ID, id)
	if err != nil {
		return nil, err
	}
	return reply(wholeOf(c, f, a.Clock.Now()), nil)
}

func wholeOf(c *call, f privacy.Found, now time.Time) WholeCase {
	out := WholeCase{Case: caseOf(c, f.Case), Lines: []CaseLine{}}
	if out.Person == nil {
		return out
	}
	out.Address = statusPath + f.Token
	if l, _ := desk.LawOf(f.Case.Law); f.Case.State.Waits() && f.Case.Extended.IsZero() && now.Before(f.Case.Due) {
		out.Extend = l.Extend
	}
	for _, x := range f.Texts {
		out.Lines = append(out.Lines, CaseLine{x.ID, x.Kind, x.Letter, x.Author, x.Body, stamp(x.At), x.Mail})
	}
	return out
}

func (a *API) changeCase(ctx context.Context, c *call, in *changeCaseBody) (*given[WholeCase], error) {
	x := privacy.CaseChange{Law: in.Body.Law, Assignee: in.Body.Assignee, Contact: in.Body.Contact, Checked: in.Body.Checked}
	if in.Body.Kind != nil {
		kind := desk.CaseKind(*in.Body.Kind)
		x.Kind = &kind
	}
	_, err := a.Casework.Change(ctx, c.Workspace.ID, in.id(), c.Actor, x)
	return a.wholeCase(ctx, c, in.id(), err)
}

func (a *API) decideCase(ctx context.Context, c *call, in *decideCaseBody) (*given[WholeCase], error) {
	b := in.Body
	if b.Decision == "refused" && !slices.Contains(desk.RefusalReasons(), b.Reason) {
		return nil, desk.Fail(desk.Invalid, "reason", "a refusal needs one of the reasons that the law knows")
	}
	_, err := a.Casework.Decide(ctx, c.Workspace.ID, in.id(), c.Actor, privacy.Verdict{Answered: b.Decision == "answered", Reason: b.Reason, Words: b.Text})
	return a.wholeCase(ctx, c, in.id(), err)
}
