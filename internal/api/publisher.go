package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/promise"
)

// PolicyEdition is a version of the operator's policy.
type PolicyEdition struct {
	Number      int64           `json:"number"`
	TextHash    string          `json:"text_hash" doc:"SHA-256 of the words in both languages"`
	Material    bool            `json:"material" doc:"It was announced 30 days before"`
	Purpose     string          `json:"purpose" doc:"A new purpose of the AI; it happens in a workspace after its yes alone; empty = none"`
	Told        bool            `json:"told" doc:"A mail about it was made for every member"`
	Reason      string          `json:"reason"`
	PublishedAt stamp           `json:"published_at"`
	EffectiveAt stamp           `json:"effective_at"`
	InForce     bool            `json:"in_force"`
	Text        string          `json:"text,omitempty" doc:"One line for each sentence, behind the ids of its clauses; only when one version is asked for"`
	Changes     []PolicyChanged `json:"changes,omitempty" doc:"From the version before; only when one version is asked for"`
}

// PolicyChanged is one sentence that differs.
type PolicyChanged struct {
	Clause string `json:"clause"`
	Was    string `json:"was" doc:"Empty: it is new"`
	Is     string `json:"is" doc:"Empty: it is said no more"`
}

// PromisedClause is one promise with what is known of it.
type PromisedClause struct {
	Clause   string      `json:"clause" example:"A-7.3-01"`
	Chapter  string      `json:"chapter"`
	Title    string      `json:"title" doc:"Of the chapter, in the caller's language"`
	Kind     string      `json:"kind"`
	Says     string      `json:"says" doc:"The sentence as it is printed; what the operator left blank is an ellipsis"`
	Repeats  string      `json:"repeats" doc:"The clause that says the same; empty = none"`
	Check    string      `json:"check" doc:"Empty where people keep it"`
	Support  string      `json:"support" doc:"What of the program helps them"`
	State    string      `json:"state" enum:"proven,failed,not_applicable,unproven"`
	Why      string      `json:"why"`
	Evidence string      `json:"evidence" doc:"SHA-256 of what the check saw; empty = nothing ran"`
	At       moment      `json:"at"`
	Install  PromiseSeen `json:"install"`
}

// PromiseSeen is what the install saw of itself.
type PromiseSeen struct {
	State    string `json:"state" enum:"proven,failed,unproven," doc:"Empty: this clause is not looked at here, what the program can do is all that is known"`
	Why      string `json:"why"`
	Evidence string `json:"evidence" doc:"SHA-256 of what was seen; empty = nothing was"`
	At       moment `json:"at"`
}

// PromiseList is every promise, and what the newest record of proofs is worth.
type PromiseList struct {
	Items    []PromisedClause `json:"items" nullable:"false"`
	Standing string           `json:"standing" enum:"none,sound,gap,version,forged" doc:"none: no checks were recorded; version: those of another program; forged: not signed by this install; gap: an earlier record is missing. Only sound and gap say anything of the clauses"`
	Words    string           `json:"words" doc:"The same in a sentence; empty = sound"`
	At       moment           `json:"at" doc:"When the record was signed"`
	Record   int64            `json:"record" doc:"Its number; 0 = none"`
}

type publishBody struct {
	Body struct {
		Material    bool   `json:"material" doc:"A change that matters: it takes effect 30 days later at the earliest"`
		Purpose     string `json:"purpose" required:"false" maxLength:"60" doc:"A new purpose of the AI (reply, suggest, rewrite, meaning, phrase, evaluate): from now on it happens in a workspace only once the version holds and somebody there said yes"`
		Reason      string `json:"reason" minLength:"1" maxLength:"1000" doc:"What changed and why; public"`
		EffectiveAt string `json:"effective_at" required:"false" format:"date-time" doc:"Empty: as soon as may be"`
	}
}

type profileBody struct{ Body OperatorProfile }

type editionPath struct {
	Number int64 `path:"number" minimum:"1" maximum:"100000"`
}

func publisherRoutes(a *API) {
	const profile = "/api/v1/instance/operator-profile"
	declare(a, Route{ID: "get-operator-profile", Method: http.MethodGet, Path: profile, Needs: Need(desk.ReadInstance), Tag: "instance",
		Summary: "Who runs this install, as its public pages say it"},
		func(ctx context.Context, _ *call, _ *nothing) (*given[*OperatorProfile], error) {
			if a.Promise == nil {
				return nil, errNoPublisher()
			}
			p, err := a.Promise.Profile(ctx)
			return reply(operatorOf(p), err)
		})
	declare(a, Route{ID: "set-operator-profile", Method: http.MethodPut, Path: profile, Needs: Need(desk.PublishPolicies), Fresh: true, Tag: "instance",
		Summary: "Say who runs this install; it is shown to everybody"},
		func(ctx context.Context, c *call, in *profileBody) (*given[*OperatorProfile], error) {
			if a.Promise == nil {
				return nil, errNoPublisher()
			}
			p, err := a.Promise.SetProfile(ctx, in.Body.profile(), c.Actor)
			return reply(operatorOf(p), pointing(err, map[string]string{"mail_wrong": "privacy_mail", "site_wrong": "site", "role_wrong": "role"}))
		})
	declare(a, Route{ID: "publish-policy", Method: http.MethodPost, Path: "/api/v1/instance/policies", Needs: Need(desk.PublishPolicies), Fresh: true,
		Status: http.StatusCreated, Tag: "instance", Summary: "Publish the policy as it reads now as its next version"}, a.publishPolicy)
	declare(a, Route{ID: "list-policies", Method: http.MethodGet, Path: "/api/v1/policies", Needs: SignedIn, Tag: "privacy",
		Summary: "Every version of the operator's policy, newest first"},
		func(ctx context.Context, c *call, _ *nothing) (*given[Page[PolicyEdition]], error) {
			all, err := a.editions(ctx)
			out := Page[PolicyEdition]{Items: []PolicyEdition{}}
			for _, e := range all {
				out.Items = append(out.Items, editionOf(e))
			}
			return reply(out, err)
		})
	declare(a, Route{ID: "get-policy", Method: http.MethodGet, Path: "/api/v1/policies/{number}", Needs: SignedIn, Tag: "privacy",
		Summary: "One version, with what differs from the one before"}, a.getPolicy)
	declare(a, Route{ID: "list-promises", Method: http.MethodGet, Path: "/api/v1/privacy/promises", Needs: Need(desk.ReadCases), Tag: "privacy",
		Summary: "Every promise of the policies, with the last proof of each"}, a.listPromises)
}

func editionOf(e promise.Edition) PolicyEdition {
	return PolicyEdition{Number: e.Number, TextHash: hex.EncodeToString(e.Hash), Material: e.Material, Purpose: e.Purpose, Told: e.Told, Reason: e.Reason,
		PublishedAt: stamp(e.PublishedAt), EffectiveAt: stamp(e.EffectiveAt), InForce: e.InForce}
}

func (a *API) editions(ctx context.Context) ([]promise.Edition, error) {
	if a.Promise == nil {
		return nil, nil
	}
	return a.Promise.Editions(ctx)
}

func (a *API) publishPolicy(ctx context.Context, c *call, in *publishBody) (*given[PolicyEdition], error) {
	if a.Promise == nil {
		return nil, errNoPublisher()
	}
	d := promise.Draft{Material: in.Body.Material, Purpose: in.Body.Purpose, Reason: in.Body.Reason}
	if in.Body.EffectiveAt != "" {
		at, err := time.Parse(time.RFC3339, in.Body.EffectiveAt)
		if err != nil {
			return nil, desk.Fail(desk.Invalid, "time_wrong", "write the time as 2026-12-31T00:00:00Z")
		}
		d.From = at
	}
	e, err := a.Promise.Publish(ctx, d, c.Actor)
	return reply(editionOf(e), pointing(err, map[string]string{"reason_missing": "reason", "notice_short": "effective_at", "purpose_wrong": "purpose"}))
}

func (a *API) getPolicy(ctx context.Context, c *call, in *editionPath) (*given[PolicyEdition], error) {
	all, err := a.editions(ctx)
	if err != nil {
		return nil, err
	}
	lang := c.locale
	for i, e := range all {
		if e.Number != in.Number {
			continue
		}
		if e.Body[lang] == "" {
			lang = "en"
		}
		out := editionOf(e)
		out.Text = e.Body[lang]
		if i+1 < len(all) {
			for _, d := range promise.Differences(all[i+1].Body[lang], e.Body[lang]) {
				out.Changes = append(out.Changes, PolicyChanged{d.Clause, d.Was, d.Is})
			}
		}
		return reply(out, nil)
	}
	return nil, desk.Fail(desk.NotFound, "no_such_version", "the policy has no such version")
}

// standing is what is said of a clause: what was seen here goes before what the
// program was proven to do, but a failure is a failure wherever it was.
func standing(program, here promise.State) promise.State {
	if program == promise.Failed || here != promise.Proven && here != promise.Failed {
		return program
	}
	return here
}

func promiseSeen(p promise.Proof) PromiseSeen {
	return PromiseSeen{string(p.State), p.Why, p.Evidence, moment(p.At)}
}

func (a *API) listPromises(ctx context.Context, c *call, _ *nothing) (*given[PromiseList], error) {
	out := PromiseList{Items: []PromisedClause{}}
	if a.Promise == nil {
		return nil, errNoPublisher()
	}
	lang := "en"
	if c.locale == "tr" {
		lang = "tr"
	}
	evidence, err := a.Promise.Evidence(ctx)
	if err != nil {
		return nil, err
	}
	here, err := a.Promise.Looks(ctx)
	if err != nil {
		return nil, err
	}
	facts, err := a.Promise.Facts(ctx)
	if err != nil {
		return nil, err
	}
	out.Standing, out.At, out.Record = string(evidence.Standing), moment(evidence.Record.At), evidence.Record.Number
	if evidence.Standing != promise.Sound {
		out.Words = i18n.T(lang, "policy.evidence."+out.Standing, nil)
	}
	titles := map[string]string{}
	for _, one := range a.Promise.Register.Chapters {
		titles[one.Name] = one.Title[lang]
	}
	for _, one := range a.Promise.Register.All() {
		p, ran := evidence.Proofs[one.ID]
		switch {
		case !ran && one.Built && one.Support != "":
			p = promise.Proof{State: promise.NotApplicable}
		case !ran:
			p = promise.Proof{State: promise.Unproven, Why: one.Lacks()}
		}
		out.Items = append(out.Items, PromisedClause{one.ID, one.Chapter, titles[one.Chapter], string(one.Kind), facts.Says(lang, one), one.Repeats, one.Check, one.Support, string(standing(p.State, here[one.ID].State)), p.Why, p.Evidence, moment(p.At), promiseSeen(here[one.ID])})
	}
	return reply(out, nil)
}
