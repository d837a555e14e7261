package api

import (
	"net/http"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/promise"
)

// published is one of the operator's public pages: /privacy, /subprocessors,
// /cookies, /dpa and /ai. All are made of the register, the settings and what the
// operator said, when they are asked for.
type published struct {
	sheet
	Page       string
	Incomplete bool // the operator has not said who they are: nothing is shown
	Sections   []printed
	Recipients []recipientShown
	Stored     []storedShown
	Grounds    []groundsShown
	Version    string // which version's words these are, or that they are none's
	Changed    []promise.Change
	History    bool   // there are versions to read
	Soon       string // that another text will hold; "" = none will
	Own        bool   // own business: no agreement is needed
	Evidence   string
	Doubt      string // "" = none: what is wrong with the evidence
	Others     []pageLink
	MayAsk     bool // to be told of changes of the list
}

type printed struct {
	Name, Title string
	Proof       string // how many sentences are proven; "" = no evidence
	Lines       []printedLine
}

type printedLine struct {
	Clauses []string
	Text    string
	Check   string // "" = people keep it
	Proof   string // "" = nothing is known
	Failed  bool
}

type recipientShown struct{ Company, Purpose, Data, Region, Keeps, Agreement, Checked string }

type storedShown struct{ Name, Where, Purpose, Life string }

type pageLink struct{ Path, Title string }

// pageChapters are the chapters that a page shows; none = all of them.
func pageChapters(page string) []string {
	switch page {
	case "subprocessors":
		return []string{"transfers"}
	case "cookies":
		return []string{"cookies"}
	case "ai":
		return []string{"ai"}
	case "dpa":
		return []string{"contract", "security"}
	}
	return nil
}

func publishedPages() []string { return []string{"privacy", "subprocessors", "cookies", "dpa", "ai"} }

func publishedRoutes(a *API) {
	for _, page := range publishedPages() {
		a.open(Route{ID: page + "-page", Method: http.MethodGet, Path: "/" + page, Needs: Public, Hidden: true, Tag: "site",
			Summary: "What the operator publishes: " + page}, func(w http.ResponseWriter, r *http.Request) { a.publishedPage(w, r, page) })
	}
}

func (a *API) publishedPage(w http.ResponseWriter, r *http.Request, page string) {
	if page == "ai" && signedInHere(r) && !r.URL.Query().Has("l") {
		a.servePage(w) // the dashboard's page of the same name
		return
	}
	c := calling(r.Context())
	p := &published{sheet: newSheet(c, r, "policy."), Page: page}
	var shown promise.Shown
	var err error
	if a.Promise != nil {
		shown, err = a.Promise.Show(r.Context(), p.Lang)
	}
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	p.fill(a.Clock.Now(), shown)
	p.MayAsk = page == "subprocessors" && !p.Incomplete && a.Listed.On()
	p.Forms = p.MayAsk
	if page == "privacy" && !p.Incomplete {
		all, err := a.editions(r.Context())
		if err != nil {
			a.fail(w, r, c, err)
			return
		}
		p.History, p.Soon = len(all) > 0, a.comingLine(all, p.Lang)
	}
	for _, other := range publishedPages() {
		if other != page {
			p.Others = append(p.Others, pageLink{"/" + other + "?l=" + p.Lang, p.T(other + ".title")})
		}
	}
	a.showSheet(w, r, p.sheet, "published.html", p)
}

// signedInHere reports whether the browser says that somebody is signed in; it
// decides which page is meant and opens nothing.
func signedInHere(r *http.Request) bool {
	for _, name := range []string{cookieSecure, cookieLocal} {
		if _, err := r.Cookie(name); err == nil {
			return true
		}
	}
	return false
}

func (p *published) fill(now time.Time, s promise.Shown) {
	f := s.Facts.Profile
	if p.Incomplete = len(s.Missing) > 0 || f.Name == ""; p.Incomplete {
		return
	}
	p.Own = f.Role == promise.OwnBusiness
	p.args["operator"], p.args["product"], p.args["mail"] = f.Name, f.Product, f.PrivacyMail
	wanted := pageChapters(p.Page)
	for _, section := range s.Sections {
		if wanted != nil && !slices.Contains(wanted, section.Name) {
			continue
		}
		one := printed{Name: section.Name, Title: section.Title}
		for _, l := range section.Lines {
			one.Lines = append(one.Lines, p.line(now, s.Evidence, l))
		}
		p.Sections = append(p.Sections, one)
	}
	p.evidence(now, s)
	if p.Page == "subprocessors" || p.Page == "dpa" {
		p.recipients(s.Facts)
	}
	if p.Page == "cookies" {
		for _, s := range register() {
			p.Stored = append(p.Stored, storedShown{s.name, p.T("stored." + s.words + ".where"), p.T("stored." + s.words + ".why"), p.T("stored." + s.words + ".life")})
		}
	}
	if p.Page == "privacy" {
		p.grounds()
		p.version(s)
	}
}

func (p *published) version(s promise.Shown) {
	say := func(key string, e promise.Edition) string { return coming(p.Lang, "policy.version."+key, e) }
	switch {
	case s.Edition != nil && s.Edition.InForce:
		p.Version = say("in_force", *s.Edition)
	case s.Edition != nil:
		p.Version = say("coming", *s.Edition)
	case s.Since != nil:
		p.Version, p.Changed = say("changed", *s.Since), s.Changed
	default:
		p.Version = p.T("version.none")
	}
}

// recipients fills the list of those who are switched on; the hosting is always.
func (p *published) recipients(f promise.Facts) {
	for _, r := range f.Receivers() {
		one := recipientShown{Company: r.Company, Purpose: p.T("recipient." + r.ID), Data: p.T("recipient." + r.ID + ".data"), Region: r.Region, Agreement: r.Agreement, Checked: r.CheckedOn}
		if one.Region == "" {
			one.Region = p.T("recipient.region_unknown")
		}
		if r.Days > 0 {
			one.Keeps = i18n.T(p.Lang, "policy.recipient.keeps", map[string]string{"span": promise.Span(p.Lang, time.Duration(r.Days)*24*time.Hour, 0)})
		}
		p.Recipients = append(p.Recipients, one)
	}
}

// ago says how long something is past, in whole hours or days.
func (p *published) ago(d time.Duration) string {
	if d < time.Hour {
		return p.T("ago.now")
	}
	return i18n.T(p.Lang, "policy.ago", map[string]string{"span": promise.Span(p.Lang, d.Truncate(time.Hour), 0)})
}

// OperatorProfile is what the operator says about itself; it is public.
type OperatorProfile struct {
	Name           string   `json:"name" doc:"Of the company or person, as the law knows it" maxLength:"300"`
	Product        string   `json:"product" doc:"What this service is called" maxLength:"300"`
	Address        string   `json:"address" maxLength:"300"`
	Country        string   `json:"country" maxLength:"300"`
	Site           string   `json:"site" doc:"https address, or empty" maxLength:"300"`
	PrivacyMail    string   `json:"privacy_mail" maxLength:"300"`
	OfficerMail    string   `json:"officer_mail" doc:"Of the privacy officer, or empty" maxLength:"300"`
	Representative string   `json:"representative" doc:"In the European Union or the United Kingdom, with address, or empty" maxLength:"300"`
	Hosting        string   `json:"hosting" doc:"Company whose machines this runs on" maxLength:"300"`
	Region         string   `json:"region" doc:"Where these machines are" maxLength:"300"`
	Role           string   `json:"role" enum:",own,others" doc:"own: operator and business are the same; others: the operator works for its workspaces"`
	Missing        []string `json:"missing" nullable:"false" required:"false" readOnly:"true" doc:"Blank fields: while there is one, nothing is published"`
}

func operatorOf(p promise.Profile) *OperatorProfile {
	return &OperatorProfile{p.Name, p.Product, p.Address, p.Country, p.Site, p.PrivacyMail, p.OfficerMail, p.Representative, p.Hosting, p.Region, string(p.Role), p.Missing()}
}

func (o OperatorProfile) profile() promise.Profile {
	return promise.Profile{Name: o.Name, Product: o.Product, Address: o.Address, Country: o.Country, Site: o.Site, PrivacyMail: o.PrivacyMail, OfficerMail: o.OfficerMail,
		Representative: o.Representative, Hosting: o.Hosting, Region: o.Region, Role: promise.Role(o.Role)}
}

func errNoPublisher() error {
	return desk.Fail(desk.NotFound, "nothing_published", "this install publishes no policy")
}
