package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/privacy"
)

// minePage is what a person sees of what is held about them, and what they can do
// with it. No script and no cookie: its forms carry what opens it.
type minePage struct {
	sheet
	View   string // all, erase, done; "" = there is nothing to see
	Pass   string
	Error  string
	Path   string
	Notice string

	Counts  []mineCount
	Facts   []NamedWords // what is known of them, in clear
	Limits  []string     // what they asked for before
	Told    []mineCount
	Answers []mineAnswer
	Cases   []mineCase
	Reasons []NamedWords

	Shown  privacy.OwnShown
	Asked  string
	Follow string // where the request that was just made is followed
	Over   bool   // it is answered already
	Erased bool
}

type mineCount struct {
	What, Why string
	N         int
}

type mineAnswer struct {
	ID       string
	At       pageTime
	Said     string
	Why      []string
	Reported bool
}

type mineCase struct {
	Number, Asked, State, Path string
	At                         pageTime
}

const minePath = "/privacy/mine"

func mineRoutes(a *API) {
	a.open(Route{ID: "widget-mine", Method: http.MethodPost, Path: "/w/{key}/mine", Needs: Public, Limit: limitVisit, Body: formBytes, Raw: true, Hidden: true, Tag: "site",
		Summary: "From the website chat to what is held about its visitor"}, a.widgetMine)
	a.open(Route{ID: "mine-enter", Method: http.MethodGet, Path: minePath + "/{token}", Needs: Public, Hidden: true, Tag: "site",
		Summary: "What is held about a person, for who has the link; it opens once"}, a.enterMine)
	a.open(Route{ID: "mine", Method: http.MethodPost, Path: minePath, Needs: Public, Body: formBytes, Raw: true, Hidden: true, Tag: "site",
		Summary: "See what is held about oneself, and act on it"}, a.mine)
}

// widgetMine leads from the chat to the page. The visit's token comes in the body,
// never in an address, and proves who asks as it does for the chat.
func (a *API) widgetMine(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	link, err := a.linkOfVisit(r, c)
	a.toMine(w, r, link, err)
}

func (a *API) linkOfVisit(r *http.Request, c *call) (string, error) {
	f, err := form(r)
	if err != nil {
		return "", err
	}
	wd, v, err := a.visiting(r.Context(), c, VisitIn{Key: r.PathValue("key"), Authorization: "Widget " + f.Get("token"), FetchSite: r.Header.Get("Sec-Fetch-Site")})
	if err != nil {
		return "", err
	}
	row, err := a.threadOfVisit(r.Context(), wd, v)
	if err != nil {
		return "", err
	}
	return a.Own.Link(r.Context(), wd.Workspace, row.Contact, row.ID)
}

// toMine goes to a new link, or to a page that says that there is none.
func (a *API) toMine(w http.ResponseWriter, r *http.Request, link string, err error) {
	c := calling(r.Context())
	p := &minePage{sheet: newSheet(c, r, "mine.")}
	if err == nil {
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, minePath+"/"+link+"?l="+p.Lang, http.StatusSeeOther)
		return
	}
	a.showMine(w, r, p, err)
}

func (a *API) enterMine(w http.ResponseWriter, r *http.Request) {
	p := &minePage{sheet: newSheet(calling(r.Context()), r, "mine."), View: "all"}
	v, err := a.Own.Enter(r.Context(), r.PathValue("token"))
	if err == nil {
		err = a.fillMine(r.Context(), p, v)
	}
	a.showMine(w, r, p, err)
}

// showMine writes the page, or that it is over; what is wrong with a form is said
// above it.
func (a *API) showMine(w http.ResponseWriter, r *http.Request, p *minePage, err error) {
	p.Forms, p.Path = true, minePath
	switch code := desk.CodeOf(err); {
	case err == nil:
	case code == desk.NotFound || code == desk.Unauthenticated:
		p.Missing, p.View = true, ""
	case code == desk.TooMany:
		p.Error, p.Status = p.T("wrong.too_many"), http.StatusTooManyRequests
	case code == desk.Invalid && p.View != "":
		p.Error, p.Status = p.T("wrong"), http.StatusUnprocessableEntity
	default:
		a.fail(w, r, calling(r.Context()), err)
		return
	}
	a.showSheet(w, r, p.sheet, "mine.html", p)
}

// mine carries out what a button of the page asks.
func (a *API) mine(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p := &minePage{sheet: newSheet(c, r, "mine."), View: "all"}
	f, err := form(r)
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	v, err := a.Own.At(r.Context(), f.Get("pass"))
	if err == nil {
		err = a.fillMine(r.Context(), p, v)
	}
	if err != nil {
		a.showMine(w, r, p, err)
		return
	}
	switch act := f.Get("act"); act {
	case "", "show":
	case "erase?": // the confirming question
		p.View = "erase"
	default:
		err = a.actMine(r.Context(), p, v, privacy.OwnAct{Kind: desk.CaseKind(act), Locale: p.Lang, Words: f.Get("words"), Message: rowID(f.Get("message")), Reason: f.Get("reason"),
			Correction: privacy.Correction{Name: changed(f, "name", p.Shown.Contact.Name), Email: changed(f, "email", p.Shown.Contact.Email),
				Phone: changed(f, "phone", p.Shown.Contact.Phone), Statement: f.Get("statement")}})
	}
	a.showMine(w, r, p, err)
}

// changed is what a field was changed to, nil where it was not.
func changed(f url.Values, name, was string) *string {
	now := strings.TrimSpace(f.Get(name))
	if !f.Has(name) || now == was {
		return nil
	}
	return &now
}

// actMine carries an act out and says what became of it.
func (a *API) actMine(ctx context.Context, p *minePage, v privacy.OwnVisit, act privacy.OwnAct) error {
	done, err := a.Own.Do(ctx, v, act)
	if err != nil {
		return err
	}
	p.Over, p.Erased = !done.Case.State.Waits(), act.Kind == desk.AskErase && !done.Case.State.Waits()
	if !p.Erased {
		if err := a.fillMine(ctx, p, v); err != nil {
			return err
		}
	}
	p.View, p.Asked, p.Follow = "done", privacy.AskedWords(p.Lang, done.Case.Kind), statusPath+done.Token+"?l="+p.Lang
	p.args["number"], p.args["due"] = privacy.CaseNumber(done.Case.ID), privacy.Day(done.Case.Due)
	switch {
	case act.Kind == desk.AskAccess && !p.Shown.Joined:
		p.Notice = p.T("done.copy")
	case p.Over:
		p.Notice = p.T("done.over")
	default:
		p.Notice = p.T("done.waits")
	}
	return nil
}

func (a *API) fillMine(ctx context.Context, p *minePage, v privacy.OwnVisit) error {
	s, err := a.Own.Show(ctx, v)
	if err != nil {
		return err
	}
	p.Pass, p.Shown = v.Pass, s
	p.Counts, p.Facts, p.Limits, p.Told, p.Answers, p.Cases, p.Reasons = nil, nil, nil, nil, nil, nil, nil
	p.args["business"] = s.Business
	if !s.EraseAt.IsZero() {
		p.args["ends"] = pageTimeOf(s.EraseAt).Words
	}
	for _, one := range []struct {
		name string
		n    int
	}{{"messages", s.Held.Messages}, {"files", s.Held.Files}, {"model", s.Held.Runs}, {"unanswered", s.Held.Questions + s.Held.Phrasings},
		{"visit", s.Held.Visits}, {"number", s.Held.Identities}, {"statement", len(s.Disputes)}, {"request", len(s.Cases)}} {
		if one.n > 0 {
			p.Counts = append(p.Counts, mineCount{p.T("held." + one.name), p.T("why." + one.name), one.n})
		}
	}
	for _, one := range []NamedWords{{"name", s.Contact.Name}, {"email", s.Contact.Email}, {"phone", s.Contact.Phone}} {
		if one.Words != "" {
			p.Facts = append(p.Facts, NamedWords{p.T("fact." + one.Name), one.Words})
		}
	}
	p.fillLimits(s.Contact)
	for _, d := range s.Told {
		p.Told = append(p.Told, mineCount{What: privacy.ToldWords(p.Lang, d), N: d.Count})
	}
	p.fillAnswers(s)
	for _, reason := range privacy.Reasons() {
		p.Reasons = append(p.Reasons, NamedWords{reason, p.T("reason." + reason)})
	}
	return nil
}

func (p *minePage) fillLimits(c desk.Contact) {
	for _, one := range []struct {
		name string
		is   bool
	}{{"no_automation", c.NoAutomation}, {"object", c.Objected}, {"restrict", c.Stored()}} {
		if one.is {
			p.Limits = append(p.Limits, p.T("limit."+one.name))
		}
	}
}

func (p *minePage) fillAnswers(s privacy.OwnShown) {
	for _, one := range s.Answers {
		p.Answers = append(p.Answers, mineAnswer{ID: one.Message.ID.String(), At: pageTimeOf(one.Message.At), Said: string(one.Message.Body), Why: privacy.Why(p.Lang, s.Business, one), Reported: one.Reported})
	}
	for _, f := range s.Cases {
		p.Cases = append(p.Cases, mineCase{privacy.CaseNumber(f.Case.ID), privacy.AskedWords(p.Lang, f.Case.Kind), p.caseState(f), statusPath + f.Token + "?l=" + p.Lang, pageTimeOf(f.Case.Opened)})
	}
}

func (p *minePage) caseState(f privacy.Found) string {
	return i18n.T(p.Lang, "ask.state."+string(f.Case.State), nil)
}

// N says a count.
func (p *minePage) N(n int) string { return strconv.Itoa(n) }
