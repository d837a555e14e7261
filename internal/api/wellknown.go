package api

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"parley/internal/desk"
)

// disclosure is the page that says how to report a weakness, and what happens
// then.
type disclosure struct {
	sheet
	Contact string // address as a link; "" = none was set
	Shown   string
}

const disclosurePath = "/privacy/security"

// contactTerm is how long the statement says it holds: RFC 9116 wants less than a
// year, and it is made anew each time.
const contactTerm = 90 * 24 * time.Hour

func wellKnownRoutes(a *API) {
	a.open(Route{ID: "security-txt", Method: http.MethodGet, Path: "/.well-known/security.txt", Needs: Public, Hidden: true, Tag: "site",
		Summary: "Whom to tell of a weakness (RFC 9116)"}, a.securityText)
	a.open(Route{ID: "gpc", Method: http.MethodGet, Path: "/.well-known/gpc.json", Needs: Public, Hidden: true, Tag: "site",
		Summary: "Global Privacy Control is honoured: nothing is sold or shared"}, a.privacyControl)
	a.open(Route{ID: "disclosure", Method: http.MethodGet, Path: disclosurePath, Needs: Public, Hidden: true, Tag: "site",
		Summary: "How to report a weakness"}, a.disclosurePage)
}

// own is the address people reach the install at.
func (a *API) own(c *call) string {
	if a.Config.PublicURL != "" {
		return a.Config.PublicURL
	}
	return ownOrigin(c)
}

func (a *API) securityText(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	if a.Config.SecurityContact == "" {
		a.fail(w, r, c, desk.Fail(desk.NotFound, "no_security_contact", "whoever runs this install has named no contact for reports of weaknesses (PARLEY_SECURITY_CONTACT)"))
		return
	}
	ends := a.Clock.Now().Add(contactTerm).UTC().Truncate(24 * time.Hour)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = io.WriteString(w, "Contact: "+a.Config.SecurityContact+"\nExpires: "+ends.Format(time.RFC3339)+"\nPreferred-Languages: en, tr\nCanonical: "+a.own(c)+
		"/.well-known/security.txt\nPolicy: "+a.own(c)+disclosurePath+"\n") // nobody is left to tell
}

// privacyControl says what is so since the first release: nothing of anybody is
// sold or shared, with the signal and without.
func (a *API) privacyControl(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	if err := json.NewEncoder(w).Encode(map[string]any{"gpc": true, "lastUpdate": "2026-11-22"}); err != nil {
		a.Log.DebugContext(r.Context(), "caller went away", "request", requestID(r.Context()))
	}
}

func (a *API) disclosurePage(w http.ResponseWriter, r *http.Request) {
	p := &disclosure{sheet: newSheet(calling(r.Context()), r, "disclosure."), Contact: a.Config.SecurityContact}
	p.Shown = strings.TrimPrefix(p.Contact, "mailto:")
	a.showSheet(w, r, p.sheet, "disclosure.html", p)
}
