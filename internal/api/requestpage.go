package api

import (
	"cmp"
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// requestPage is every page on which people ask about their data, or ask at all,
// and follow what became of it: no script, no cookie.
type requestPage struct {
	sheet
	View        string // ask, asked, confirm, appeal, status
	Title, Lead string
	Error       string
	Post        string // where its form goes

	Kinds, Laws      []NamedWords
	Kind, Law        string
	Words, Mail      string
	Question         bool // a question, not a right
	MailNeeded       bool
	Code, Follow     string
	Mailed           bool
	Button           string
	State, Asked     string
	Number, Complain string
	Received, Due    pageTime
	Waits, Right     bool
	MayCode          bool
	MayAppeal        bool
	MayCopy          bool // a copy waits for them
	MayMine          bool // and they may see what is held about them
	Appeal           string
	Letters          []pageLetter
}

type pageLetter struct {
	At   pageTime
	Body string
}

const (
	requestsPath = "/privacy/requests"
	appealPath   = "/appeal/"
	provePath    = "/privacy/prove/"
	contactPath  = "/contact"
	formBytes    = 32 << 10
)

func requestPageRoutes(a *API) {
	page := func(id, path, summary string, h http.HandlerFunc) {
		a.open(Route{ID: id, Method: http.MethodGet, Path: path, Needs: Public, Hidden: true, Tag: "site", Summary: summary}, h)
	}
	post := func(id, path, summary string, h http.HandlerFunc) {
		a.open(Route{ID: id, Method: http.MethodPost, Path: path, Needs: Public, Hidden: true, Tag: "site", Body: formBytes, Raw: true, Limit: limitRequest, Summary: summary}, h)
	}
	page("requests-page", requestsPath+"/{workspace}", "The form by which people ask a business about their data", a.showRequests)
	post("ask-request", requestsPath+"/{workspace}", "Ask a business about one's data", a.takeRequest)
	page("requests-page-operator", requestsPath, "The same, of whoever runs the install", a.showRequests)
	post("ask-request-operator", requestsPath, "Ask whoever runs the install", a.takeRequest)
	page("contact-page", contactPath, "The form for questions", a.showRequests)
	post("send-contact", contactPath, "Ask a question", a.takeRequest)
	post("act-on-request", statusPath+"{code}", "Take a request back, or get a new code", a.actOnRequest)
	page("appeal-page", appealPath+"{code}", "The form by which people appeal against a decision", a.appealForm)
	post("send-appeal", appealPath+"{code}", "Appeal against a decision", a.appealForm)
	page("prove-page", provePath+"{token}", "Shows that a mail address is one's own", a.proveForm)
	post("prove-by-mail", provePath+"{token}", "Show that a mail address is one's own", a.proveForm)
	declare(a, Route{ID: "ask-help", Method: http.MethodPost, Path: "/api/v1/help", Needs: SignedIn, Status: http.StatusCreated, Held: true, Tag: "session",
		Summary: "Ask whoever runs this install for help; the answer comes by mail and on the page it names"}, a.askHelp)
}

// form reads what a browser posted: fields of one value each, in UTF-8.
func form(r *http.Request) (url.Values, error) {
	bad := refuse(http.StatusBadRequest, "bad_form", "send the form as application/x-www-form-urlencoded, in UTF-8")
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, bad
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	f, err := url.ParseQuery(string(raw))
	if err != nil || len(f) > 20 {
		return nil, bad
	}
	for _, all := range f {
		if len(all) != 1 || !utf8.ValidString(all[0]) || strings.ContainsRune(all[0], 0) {
			return nil, bad
		}
	}
	return f, nil
}

// operatorName is what whoever runs the install calls itself on its own pages; as
// long as it said nothing, the address.
func (a *API) operatorName(ctx context.Context, c *call) (string, error) {
	if a.Promise == nil {
		return c.host, nil
	}
	p, err := a.Promise.Profile(ctx)
	return cmp.Or(p.Product, p.Name, c.host), err
}

// askPage is the empty form of a workspace's door, of the operator's (workspace
// 0), or for questions.
func (a *API) askPage(r *http.Request, c *call) (p *requestPage, ws desk.ID, err error) {
	p = &requestPage{sheet: newSheet(c, r, "ask."), View: "ask", Post: r.URL.Path, Law: "unknown"}
	p.Forms, p.Question = true, r.URL.Path == contactPath
	if p.args["business"], err = a.operatorName(r.Context(), c); err != nil {
		return p, 0, err
	}
	if number := r.PathValue("workspace"); number != "" {
		if ws = rowID(number); ws == 0 {
			return p, 0, desk.Fail(desk.NotFound, "no_such_page", "there is no such page")
		}
		var set desk.Workspace
		err = a.Store.In(ws).Read(r.Context(), func(rx *store.Rx) (err error) { set, err = rx.Settings(); return err })
		p.args["business"] = set.Name
	}
	p.MailNeeded = ws == 0
	p.Title, p.Lead = p.T("title"), p.T("lead")
	if p.Question {
		p.Title, p.Lead = p.T("contact.title"), p.T("contact.lead")
		return p, ws, err
	}
	for _, k := range desk.CaseKinds() {
		if k.Right() && k != desk.AskAppeal {
			p.Kinds = append(p.Kinds, NamedWords{string(k), privacy.AskedWords(p.Lang, string(k))})
		}
	}
	for _, l := range desk.Laws() {
		p.Laws = append(p.Laws, NamedWords{l.Name, p.T("law." + l.Name)})
	}
	return p, ws, err
}

func (a *API) showRequests(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p, _, err := a.askPage(r, c)
	a.showRequest(w, r, p, err)
}

// showRequest writes the page, or that there is none; what is wrong with a form is
// said above it.
func (a *API) showRequest(w http.ResponseWriter, r *http.Request, p *requestPage, err error) {
	switch code := desk.CodeOf(err); {
	case err == nil:
	case code == desk.NotFound:
		p.Missing = true
	case code == desk.Invalid || code == desk.Conflict:
		p.Error, p.Status = i18n.T(p.Lang, "ask.wrong."+string(code), nil), http.StatusUnprocessableEntity
	default:
		a.fail(w, r, calling(r.Context()), err)
		return
	}
	a.showSheet(w, r, p.sheet, "request.html", p)
}

func (a *API) takeRequest(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p, ws, err := a.askPage(r, c)
	if err != nil {
		a.showRequest(w, r, p, err)
		return
	}
	f, err := form(r)
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	p.Words, p.Mail, p.Kind = f.Get("words"), f.Get("address"), f.Get("kind")
	if slices.ContainsFunc(desk.Laws(), func(l desk.Law) bool { return l.Name == f.Get("law") }) {
		p.Law = f.Get("law")
	}
	n := privacy.NewCase{Kind: desk.CaseKind(p.Kind), Door: privacy.DoorPage, Law: p.Law, Locale: p.Lang, Words: p.Words, Address: p.Mail, Agent: f.Get("agent") == "yes"}
	if p.Question {
		n.Kind = desk.AskContact
	}
	wrong := desk.Fail(desk.Invalid, "form", "the form is not filled in")
	switch {
	case f.Get("website") != "", n.Kind == desk.AskAppeal, p.MailNeeded && p.Mail == "", n.Kind == desk.AskSupport, !p.Question && !n.Kind.Right():
		a.showRequest(w, r, p, wrong)
		return
	}
	opened, err := a.Casework.OpenByPage(r.Context(), ws, n)
	if err != nil {
		a.showRequest(w, r, p, err)
		return
	}
	p.View, p.Forms, p.Follow, p.Mailed = "asked", false, statusPath+opened.Token+"?l="+p.Lang, opened.Mailed
	p.args["number"] = privacy.CaseNumber(opened.Case.ID)
	p.Title, p.Lead = p.T("done.title"), p.T("done.lead")
	p.Code = shownCode(p.Lang, opened.Code)
	p.Status = http.StatusCreated
	a.showRequest(w, r, p, nil)
}

// shownCode is a code as it is sent: a word before it says what it is.
func shownCode(lang, code string) string {
	if len(code) != 8 {
		return ""
	}
	return i18n.T(lang, "ask.code.word", nil) + " " + code[:4] + " " + code[4:]
}

// personStatus shows a person's case to who has its address.
func (a *API) personStatus(w http.ResponseWriter, r *http.Request, token string, more *requestPage) {
	c := calling(r.Context())
	p := &requestPage{sheet: newSheet(c, r, "ask."), View: "status", Post: r.URL.Path}
	if more != nil {
		p.Code, p.Error = more.Code, more.Error
	}
	f, err := a.Casework.ByToken(r.Context(), token)
	if err == nil {
		p.fill(f)
		err = a.copyWaits(r.Context(), p, f)
	}
	a.showRequest(w, r, p, err)
}

// copyWaits offers the copy that answers a case.
func (a *API) copyWaits(ctx context.Context, p *requestPage, f privacy.Found) error {
	one, err := a.caseCopy(ctx, f)
	if desk.IsNotFound(err) {
		return nil
	}
	p.MayCopy, p.args["until"] = err == nil, pageTimeOf(one.Ends).Words
	return err
}

// caseCopy is the copy that waits for who has the address of an answered case.
func (a *API) caseCopy(ctx context.Context, f privacy.Found) (store.PersonCopy, error) {
	if f.Case.State != desk.CaseAnswered || f.Workspace == 0 {
		return store.PersonCopy{}, desk.Fail(desk.NotFound, "copy_not_found", "no copy waits here")
	}
	return a.Copies.OfCase(ctx, f.Workspace, f.Case.ID)
}

// handOver opens the copy of a case for who has its address, once.
func (a *API) handOver(ctx context.Context, token string) (*blob.Reader, error) {
	f, err := a.Casework.ByToken(ctx, token)
	if err != nil {
		return nil, err
	}
	one, err := a.caseCopy(ctx, f)
	if desk.IsNotFound(err) {
		err = desk.Fail(desk.Conflict, "copy_not_found", "no copy waits here, or it was fetched before")
	}
	if err != nil {
		return nil, err
	}
	link, _, err := a.Copies.Link(ctx, f.Workspace, one.Contact, one.ID, desk.Actor{Kind: desk.BySystem, Name: "Parley"})
	if err != nil {
		return nil, err
	}
	return a.Copies.Take(ctx, link)
}

func (p *requestPage) fill(f privacy.Found) {
	c := f.Case
	right := desk.CaseKind(c.Kind).Right()
	p.Forms, p.Title, p.Lead = true, p.T("status.title"), p.T("status.lead")
	p.State, p.Asked, p.Number = p.T("state."+string(c.State)), privacy.AskedWords(p.Lang, c.Kind), privacy.CaseNumber(c.ID)
	p.Received, p.Due = pageTimeOf(c.Opened), pageTimeOf(c.Due)
	p.Waits, p.Right, p.Complain = c.State.Waits(), right, privacy.Complain(p.Lang, c.Law)
	p.MayCode = c.Door == privacy.DoorPage && c.State == desk.CaseProving && f.Workspace != 0
	p.MayAppeal = right && c.AppealOf == 0 && (c.State == desk.CaseAnswered || c.State == desk.CaseRefused)
	p.MayMine = privacy.OwnByCase(f)
	p.Appeal = appealPath + f.Token + "?l=" + p.Lang
	for _, x := range slices.Backward(f.Texts) {
		if x.Kind == store.CaseLetter {
			p.Letters = append(p.Letters, pageLetter{pageTimeOf(x.At), x.Body})
		}
	}
}

func (a *API) actOnRequest(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	f, err := form(r)
	token, more := r.PathValue("code"), &requestPage{sheet: newSheet(c, r, "ask.")}
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	switch f.Get("act") {
	case "copy":
		var file *blob.Reader
		if file, err = a.handOver(r.Context(), token); err == nil {
			a.serveCopy(w, r, file, nil)
			return
		}
	case "mine":
		link, err := a.Own.LinkOfCase(r.Context(), token)
		a.toMine(w, r, link, err)
		return
	case "withdraw":
		err = a.Casework.PersonWithdraws(r.Context(), token)
	case "code":
		var code string
		code, err = a.Casework.NewCode(r.Context(), token)
		more.Code = shownCode(more.Lang, code)
	default:
		err = desk.Fail(desk.Invalid, "act", "there is no such act")
	}
	if code := desk.CodeOf(err); code == desk.Invalid || code == desk.Conflict {
		more.Error = more.T("wrong." + string(code))
	} else if err != nil && code != desk.NotFound {
		a.fail(w, r, c, err)
		return
	}
	a.personStatus(w, r, token, more)
}

// appealForm shows the form of an appeal, and takes it.
func (a *API) appealForm(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p := &requestPage{sheet: newSheet(c, r, "ask."), View: "appeal", Post: r.URL.Path}
	p.Forms = true
	token := r.PathValue("code")
	found, err := a.Casework.ByToken(r.Context(), token)
	p.args["number"] = privacy.CaseNumber(found.Case.ID)
	p.Title, p.Lead = p.T("appeal.title"), p.T("appeal.lead")
	if err != nil || r.Method != http.MethodPost {
		a.showRequest(w, r, p, err)
		return
	}
	f, err := form(r)
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	p.Words = f.Get("words")
	opened, err := a.Casework.Appeal(r.Context(), token, p.Words)
	if err == nil {
		p.View, p.Forms, p.Follow, p.Status = "asked", false, statusPath+opened.Token+"?l="+p.Lang, http.StatusCreated
		p.args["number"] = privacy.CaseNumber(opened.Case.ID)
		p.Title, p.Lead = p.T("done.title"), p.T("done.lead")
	}
	a.showRequest(w, r, p, err)
}

// proveForm asks for a press before it proves: whatever opens links in mails by
// itself proves nothing.
func (a *API) proveForm(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p := &requestPage{sheet: newSheet(c, r, "ask."), View: "confirm", Post: r.URL.Path}
	p.Forms = true
	do := a.Casework.ByProof
	if r.Method == http.MethodPost {
		do = a.Casework.ProveByMail
	}
	f, err := do(r.Context(), r.PathValue("token"))
	if err == nil && r.Method == http.MethodPost {
		http.Redirect(w, r, statusPath+f.Token+"?l="+p.Lang, http.StatusSeeOther)
		return
	}
	p.args["number"], p.args["asked"] = privacy.CaseNumber(f.Case.ID), privacy.AskedWords(p.Lang, f.Case.Kind)
	p.Title, p.Lead, p.Button = p.T("prove.title"), p.T("prove.lead"), p.T("prove.button")
	a.showRequest(w, r, p, err)
}

type askHelpBody struct {
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"4000"`
	}
}

// AskedHelp is where the answer can be read.
type AskedHelp struct {
	Number string `json:"number"`
	Path   string `json:"status_path" doc:"Whoever has it reads the answer"`
}

func (a *API) askHelp(ctx context.Context, c *call, in *askHelpBody) (*created[AskedHelp], error) {
	if err := a.limits.take(limitRequest, "member "+c.Actor.ID.String()); err != nil {
		return nil, err
	}
	opened, err := a.Casework.Open(ctx, 0, privacy.NewCase{Kind: desk.AskSupport, Door: privacy.DoorApp, Locale: c.locale, Words: in.Body.Text, Address: c.Member.Email, By: c.Actor})
	if err != nil {
		return nil, err
	}
	if err := c.ws.Write(ctx, func(tx *store.Tx) error { return a.recorded(tx, c, "case.ask_help", opened.Case.ID) }); err != nil {
		return nil, err
	}
	return &created[AskedHelp]{Status: http.StatusCreated, Body: AskedHelp{privacy.CaseNumber(opened.Case.ID), statusPath + opened.Token}}, nil
}
