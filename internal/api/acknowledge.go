package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"strings"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/member"
)

// AskedStatement is a short text that a member is asked to agree to.
type AskedStatement struct {
	What    string `json:"what" example:"age_business"`
	Version string `json:"version" example:"2026-11-22"`
	Text    string `json:"text"`
	Link    string `json:"link,omitempty" doc:"Page on which it is read whole; absent: this is all of it"`
}

// GivenAnswer is what a member answered, as it is kept.
type GivenAnswer struct {
	What     string `json:"what" example:"channel:instagram"`
	Version  string `json:"version"`
	TextHash string `json:"text_hash" doc:"SHA-256 of the words that were shown"`
	Locale   string `json:"locale"`
	Answer   string `json:"answer" enum:"agreed,declined,used" doc:"used: nothing was asked; they went on working after the text took effect"`
	At       stamp  `json:"at"`
}

// AcknowledgementList is what I am asked and what I answered.
type AcknowledgementList struct {
	Open  []AskedStatement `json:"open" nullable:"false" doc:"Not agreed to yet, or changed since. Nothing is closed meanwhile"`
	Given []GivenAnswer    `json:"given" nullable:"false" doc:"Newest first"`
}

// Ticked names a text that was ticked.
type Ticked struct {
	What    string `json:"what" maxLength:"40" example:"age_business"`
	Version string `json:"version" maxLength:"20" example:"2026-11-22"`
}

func seenOf(all []Ticked) []member.Seen {
	var out []member.Seen
	for _, a := range all {
		out = append(out, member.Seen(a))
	}
	return out
}

func askedOf(all []member.Statement) []AskedStatement {
	out := []AskedStatement{}
	for _, s := range all {
		out = append(out, AskedStatement(s))
	}
	return out
}

type answerStatementBody struct {
	Body struct {
		What    string `json:"what" maxLength:"40"`
		Version string `json:"version" maxLength:"20"`
		Answer  string `json:"answer" enum:"agreed,declined" doc:"Who declines may take their data along (GET /api/v1/my-data) and leave (POST /api/v1/leave)"`
	}
}

// MyData is everything that is held about a member as such.
type MyData struct {
	Member           Me                   `json:"member"`
	SignIns          []Device             `json:"sign_ins" nullable:"false"`
	OutsideAccounts  []OutsideAccount     `json:"outside_accounts" nullable:"false"`
	Acknowledgements *AcknowledgementList `json:"acknowledgements"`
	Consents         *ConsentList         `json:"consents"`
}

func acknowledgeRoutes(a *API) {
	declare(a, Route{ID: "list-acknowledgements", Method: http.MethodGet, Path: "/api/v1/acknowledgements", Needs: SignedIn,
		Tag: "session", Summary: "What I am asked to agree to, and what I answered"},
		func(ctx context.Context, c *call, _ *nothing) (*given[*AcknowledgementList], error) {
			return reply(a.acknowledgements(ctx, c))
		})
	declare(a, Route{ID: "acknowledge", Method: http.MethodPost, Path: "/api/v1/acknowledgements", Needs: SignedIn, Body: 8 << 10,
		Status: http.StatusNoContent, Tag: "session", Summary: "Agree to a text, or decline it"},
		func(ctx context.Context, c *call, in *answerStatementBody) (*nothing, error) {
			b := in.Body
			return nil, a.Members.Acknowledge(ctx, c.Who, member.Agreement{What: b.What, Version: b.Version, Locale: c.locale, Agreed: b.Answer == "agreed"})
		})
	declare(a, Route{ID: "my-data", Method: http.MethodGet, Path: "/api/v1/my-data", Needs: SignedIn, Fresh: true,
		Tag: "session", Summary: "Everything that is held about me as a member"}, a.myData)
}

func (a *API) acknowledgements(ctx context.Context, c *call) (*AcknowledgementList, error) {
	out := &AcknowledgementList{Given: []GivenAnswer{}}
	open, err := a.Members.Unanswered(ctx, c.Who, c.locale)
	if err != nil {
		return nil, err
	}
	out.Open = askedOf(open)
	all, err := a.Members.Acknowledged(ctx, c.Who)
	for _, g := range all {
		answer := "declined"
		switch {
		case g.Agreed:
			answer = "agreed"
		case g.Used:
			answer = "used"
		}
		out.Given = append(out.Given, GivenAnswer{g.What, g.Version, hex.EncodeToString(g.Hash), g.Locale, answer, stamp(g.At)})
	}
	return out, err
}

func (a *API) myData(ctx context.Context, c *call, _ *nothing) (*given[MyData], error) {
	if c.Session == 0 {
		return nil, errNoMember()
	}
	d := MyData{Member: a.me(c.Who)}
	devices, err := a.listSessions(ctx, c, nil)
	if err != nil {
		return nil, err
	}
	linked, err := a.listOutside(ctx, c, nil)
	if err != nil {
		return nil, err
	}
	d.SignIns, d.OutsideAccounts = devices.Body.Items, linked.Body.Items
	if d.Consents, err = a.consents(ctx, c); err != nil {
		return nil, err
	}
	d.Acknowledgements, err = a.acknowledgements(ctx, c)
	return reply(d, err)
}

// readOf keeps that somebody read what a way of connecting asks for, as it was
// shown to them.
func (a *API) readOf(ctx context.Context, c *call, kind, way string) error {
	kinds, err := a.Connect.Kinds(ctx, c.Workspace.ID)
	if err != nil {
		return err
	}
	var words []string
	for _, k := range kinds {
		for _, w := range k.Ways {
			if k.Name == kind && w.ID == way {
				for _, s := range w.Scopes {
					words = append(words, s.Name+": "+channel.ScopeWords(c.locale, s))
				}
				return a.Members.AcknowledgeChannel(ctx, c.Who, kind, c.locale, strings.Join(words, "\n"))
			}
		}
	}
	return desk.Fail(desk.Invalid, "way_unknown", "this channel has no such way of connecting")
}
