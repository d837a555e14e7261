package api

import (
	"encoding/json"
	"net/http"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/privacy/recipients"
)

// toldSheet is what somebody sees who wants to be told of changes of the list of
// recipients. Before the press it is the same for every link, so that it tells
// nothing.
type toldSheet struct {
	sheet
	View string // asked, wrong, confirm, confirmed, stop or stopped
}

// ListFeed is the list of recipients for programs.
type ListFeed struct {
	Operator string     `json:"operator"`
	AsOf     stamp      `json:"as_of"`
	Items    []ListItem `json:"items"`
}

// ListItem is one recipient.
type ListItem struct {
	Service   string `json:"service"`
	Company   string `json:"company"`
	Purpose   string `json:"purpose"`
	Country   string `json:"country"`
	Data      string `json:"data"`
	Mechanism string `json:"mechanism"`
	Days      int    `json:"keeps_days"`
	CheckedOn string `json:"checked_on"`
	Since     moment `json:"since"`
}

func recipientRoutes(a *API) {
	a.open(Route{ID: "subprocessors-feed", Method: http.MethodGet, Path: recipients.Page + ".json", Needs: Public, Hidden: true, Tag: "site",
		Summary: "The list of recipients for programs"}, a.listFeed)
	a.open(Route{ID: "ask-to-be-told", Method: http.MethodPost, Path: recipients.Page, Needs: Public, Hidden: true, Raw: true, Body: formBytes, Limit: limitRequest, Tag: "site",
		Summary: "Asks an address by mail whether it wants to be told of changes of the list"}, a.askToBeTold)
	for _, one := range []struct {
		id, path, view string
		do             http.HandlerFunc
	}{{"confirm-told", recipients.ConfirmPath, "confirm", a.confirmTold}, {"stop-told", recipients.StopPath, "stop", a.stopTold}} {
		a.open(Route{ID: one.id + "-page", Method: http.MethodGet, Path: one.path + "{token}", Needs: Public, Hidden: true, Tag: "site",
			Summary: "Asks before it does what a link of a letter is for; changes nothing"}, func(w http.ResponseWriter, r *http.Request) { a.showTold(w, r, one.view, nil) })
		a.open(Route{ID: one.id, Method: http.MethodPost, Path: one.path + "{token}", Needs: Public, Hidden: true, Raw: true, Body: 4 << 10, Tag: "site",
			Summary: "What a link of a letter is for"}, one.do)
	}
}

func (a *API) listFeed(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	lang := sheetLanguage(c, r)
	if a.Promise == nil {
		a.fail(w, r, c, errNoPublisher())
		return
	}
	f, err := a.Promise.Facts(r.Context())
	if err == nil && len(f.Profile.Missing()) > 0 {
		err = errNoPublisher()
	}
	var since func(service, company string) time.Time
	if err == nil {
		since, err = a.Listed.Since(r.Context())
	}
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	out := ListFeed{Operator: f.Profile.Name, AsOf: stamp(a.Clock.Now()), Items: []ListItem{}}
	for _, one := range f.Receivers() {
		say := func(part string) string { return i18n.T(lang, "policy.recipient."+one.ID+part, nil) }
		out.Items = append(out.Items, ListItem{Service: one.ID, Company: one.Company, Purpose: say(""), Country: one.Region, Data: say(".data"), Mechanism: one.Agreement,
			Days: one.Days, CheckedOn: one.CheckedOn, Since: moment(since(one.ID, one.Company))})
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Language", lang)
	h.Set("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(out) // nobody is left to tell
}

// askToBeTold answers the same whatever is known of the address.
func (a *API) askToBeTold(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	f, err := form(r)
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	if f.Get("website") != "" { // a field that nobody sees
		a.showTold(w, r, "wrong", nil)
		return
	}
	lang := sheetLanguage(c, r)
	switch err := a.Listed.Ask(r.Context(), f.Get("address"), lang); {
	case desk.CodeOf(err) == desk.Invalid:
		a.showTold(w, r, "wrong", nil)
	default:
		a.showTold(w, r, "asked", err)
	}
}

func (a *API) confirmTold(w http.ResponseWriter, r *http.Request) {
	a.showTold(w, r, "confirmed", a.Listed.Confirm(r.Context(), r.PathValue("token")))
}

// stopTold takes the press of a person and of a mail program alike; what the body
// says beyond that changes nothing.
func (a *API) stopTold(w http.ResponseWriter, r *http.Request) {
	a.showTold(w, r, "stopped", a.Listed.Stop(r.Context(), r.PathValue("token")))
}

func (a *API) showTold(w http.ResponseWriter, r *http.Request, view string, err error) {
	c := calling(r.Context())
	p := &toldSheet{sheet: newSheet(c, r, "recipients."), View: view}
	p.Missing = desk.IsNotFound(err)
	if err != nil && !p.Missing {
		a.fail(w, r, c, err)
		return
	}
	switch view {
	case "asked":
		p.Status = http.StatusAccepted
	case "wrong":
		p.Status = http.StatusUnprocessableEntity
	case "confirm", "stop":
		p.Forms = true
	}
	a.showSheet(w, r, p.sheet, "recipients.html", p)
}
