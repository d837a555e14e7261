package api

import (
	"context"
	"encoding/hex"
	"net/http"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/notify"
)

// ConsentWish is something that a member may allow, and take back as easily.
type ConsentWish struct {
	Purpose string `json:"purpose" example:"news"`
	Version string `json:"version" example:"2026-11-22"`
	Text    string `json:"text"`
	Allowed bool   `json:"allowed" doc:"Holds now. Never so from the start"`
}

// PastConsent is one time a member allowed something.
type PastConsent struct {
	Purpose     string `json:"purpose"`
	Version     string `json:"version"`
	TextHash    string `json:"text_hash" doc:"SHA-256 of the words that were shown"`
	Locale      string `json:"locale"`
	Source      string `json:"source" enum:"profile"`
	GivenAt     stamp  `json:"given_at"`
	WithdrawnAt moment `json:"withdrawn_at"`
	WithdrawnBy string `json:"withdrawn_by" enum:",profile,link,left"`
}

// ConsentList is what I may allow, and what I allowed and withdrew.
type ConsentList struct {
	Wishes  []ConsentWish `json:"wishes" nullable:"false"`
	History []PastConsent `json:"history" nullable:"false" doc:"Newest first"`
}

type consentBody struct {
	Body struct {
		Purpose string `json:"purpose" maxLength:"40"`
		Version string `json:"version,omitempty" maxLength:"20" doc:"Of the text that was read; needed to allow"`
		Allowed bool   `json:"allowed"`
	}
}

type newsBody struct {
	Body struct {
		Texts []NewsText `json:"texts" minItems:"1" maxItems:"10" nullable:"false"`
	}
}

// NewsText is product news in one language.
type NewsText struct {
	Locale  string `json:"locale" enum:"en,tr"`
	Subject string `json:"subject" minLength:"1" maxLength:"200"`
	Body    string `json:"body" minLength:"1" maxLength:"8000" doc:"Plain text; each line becomes a paragraph"`
}

func consentRoutes(a *API) {
	declare(a, Route{ID: "list-consents", Method: http.MethodGet, Path: "/api/v1/consents", Needs: SignedIn,
		Tag: "session", Summary: "What I may allow beyond what my account needs, and what I allowed"},
		func(ctx context.Context, c *call, _ *nothing) (*given[*ConsentList], error) {
			return reply(a.consents(ctx, c))
		})
	declare(a, Route{ID: "set-consent", Method: http.MethodPut, Path: "/api/v1/consents", Needs: SignedIn, Body: 8 << 10, Status: http.StatusNoContent,
		Tag: "session", Summary: "Allow something, or take it back: the same call, with effect at once"},
		func(ctx context.Context, c *call, in *consentBody) (*nothing, error) {
			b := in.Body
			return nil, a.Members.Allow(ctx, c.Who, member.Agreement{What: b.Purpose, Version: b.Version, Locale: c.locale, Agreed: b.Allowed})
		})
	declare(a, Route{ID: "send-news", Method: http.MethodPost, Path: "/api/v1/instance/news", Needs: Need(desk.SendNews), Fresh: true, Body: 256 << 10, Status: http.StatusAccepted,
		Tag: "instance", Summary: "Mail news of the product to every member who allowed it, and to nobody else"},
		func(ctx context.Context, c *call, in *newsBody) (*nothing, error) {
			var all []desk.News
			for _, t := range in.Body.Texts {
				all = append(all, desk.News(t))
			}
			return nil, a.Members.SendNews(ctx, c.Who, all)
		})
	a.open(Route{ID: "unsubscribe-page", Method: http.MethodGet, Path: notify.StopPath + "{token}", Needs: Public, Hidden: true, Tag: "site",
		Summary: "Asks whether to stop such mails; changes nothing"}, a.stopPage)
	a.open(Route{ID: "unsubscribe", Method: http.MethodPost, Path: notify.StopPath + "{token}", Needs: Public, Hidden: true, Raw: true, Body: 4 << 10, Tag: "site",
		Summary: "Stops such mails at once, without a sign-in (RFC 8058)"}, a.stop)
}

func (a *API) consents(ctx context.Context, c *call) (*ConsentList, error) {
	out := &ConsentList{Wishes: []ConsentWish{}, History: []PastConsent{}}
	wishes, past, err := a.Members.Consents(ctx, c.Who, c.locale)
	for _, w := range wishes {
		out.Wishes = append(out.Wishes, ConsentWish{w.What, w.Version, w.Text, w.Allowed})
	}
	for _, p := range past {
		out.History = append(out.History, PastConsent{p.Purpose, p.Version, hex.EncodeToString(p.Hash), p.Locale, p.Source, stamp(p.GivenAt), moment(p.WithdrawnAt), p.WithdrawnBy})
	}
	return out, err
}

// stopSheet is /unsubscribe/{token}: it asks, or says that it is done. What it
// shows before the press is the same for every token, so that it tells nothing.
type stopSheet struct {
	sheet
	Done bool
}

func (a *API) stopPage(w http.ResponseWriter, r *http.Request) {
	p := &stopSheet{sheet: newSheet(calling(r.Context()), r, "unsubscribe.")}
	p.Forms = true
	a.showSheet(w, r, p.sheet, "unsubscribe.html", p)
}

// stop takes the press of a person and of a mail program alike; what the body
// says beyond that changes nothing.
func (a *API) stop(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p := &stopSheet{sheet: newSheet(c, r, "unsubscribe."), Done: true}
	err := a.Members.Stop(r.Context(), r.PathValue("token"))
	if p.Missing = desk.IsNotFound(err); err != nil && !p.Missing {
		a.fail(w, r, c, err)
		return
	}
	a.showSheet(w, r, p.sheet, "unsubscribe.html", p)
}
