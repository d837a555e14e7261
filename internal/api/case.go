package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/cursor"
	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// requestAge is how old a provider's signed request may be. What is older is a
// replay or was lost on the way for so long that the person should ask again.
const requestAge = 24 * time.Hour

const statusPath = "/privacy/status/"

// requestRoutes opens the addresses beside a door at which a provider passes on
// what the people ask who connected accounts.
func (a *API) requestRoutes(door, name string) {
	if len(a.callbacks(door)) == 0 {
		return
	}
	for _, kind := range []string{privacy.Deauthorize, privacy.Deletion} {
		a.open(Route{ID: name + "-" + kind, Method: http.MethodPost, Path: door + "/" + kind, Needs: Public, Hidden: true, Tag: "hooks",
			Body: 16 << 10, Raw: true, Limit: limitHook, Summary: "The provider passes on what a person asks: " + kind}, a.request(door, kind))
	}
}

func (a *API) callbacks(door string) (all []channel.Callbacks) {
	for _, ch := range a.Channels.Door(door) {
		if asked, ok := ch.(channel.Callbacks); ok {
			all = append(all, asked)
		}
	}
	return all
}

// Promised is the answer to a provider: where the person sees what became of
// what they asked.
type Promised struct {
	URL  string `json:"url"`
	Code string `json:"confirmation_code"`
}

func (a *API) request(door, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := calling(r.Context())
		asked, err := a.readRequest(door, r)
		var code string
		if err == nil {
			code, err = a.Cases.Open(r.Context(), privacy.Request{Kind: kind, User: asked.AppUser, At: asked.IssuedAt})
		}
		if err != nil {
			a.fail(w, r, c, err)
			return
		}
		at := a.Config.PublicURL
		if at == "" {
			at = "http://" + c.host
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(Promised{URL: at + statusPath + code, Code: code}) // nobody is left to tell
	}
}

// readRequest verifies what a provider signed. Nothing of what was sent is
// repeated in the answer.
func (a *API) readRequest(door string, r *http.Request) (channel.Request, error) {
	bad := refuse(http.StatusBadRequest, "bad_signed_request", "send one signed_request, signed by this install's app and less than a day old, as application/x-www-form-urlencoded")
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return channel.Request{}, bad
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return channel.Request{}, err
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil || len(form["signed_request"]) != 1 {
		return channel.Request{}, bad
	}
	for _, ch := range a.callbacks(door) {
		if one, err := ch.ReadRequest(form.Get("signed_request"), requestAge); err == nil {
			return one, nil
		}
	}
	return channel.Request{}, bad
}

// Case is a request about somebody's data that touched the workspace. It names
// nobody.
type Case struct {
	ID       desk.ID    `json:"id" doc:"Also the number that the person knows it by"`
	Kind     string     `json:"kind" enum:"deletion,deauthorize,automated_decision,access,portability,rectify,erase,restrict,object,no_automation,limit_sensitive,know,anonymise,withdraw_consent,complaint,contest,child,appeal,support,contact"`
	Words    string     `json:"words" doc:"What was asked"`
	State    string     `json:"state" enum:"received,working,done,proving,open,answered,refused,withdrawn,closed" doc:"received, working, done: carried out by the program. People's requests: proving (who asks must still show that it is them), open, working, then answered, refused or withdrawn, and closed once the time to appeal is over"`
	OpenedAt stamp      `json:"opened_at"`
	DueAt    stamp      `json:"due_at"`
	DoneAt   opt[stamp] `json:"done_at"`
	Matched  []Counted  `json:"matched" doc:"What of this workspace it was about"`

	Report *CaseReport `json:"report" doc:"Of an automated decision; null for other cases, and when its contact was erased"`
	Person *CaseOfOne  `json:"person" doc:"Of what a person asks; null for other cases"`
}

const caseOrder = "cases"

type casesIn struct {
	Paging
	About string `query:"about" enum:"answers,people" doc:"answers: reported answers of the AI; people: what people ask about their data"`
	Kind  string `query:"kind" maxLength:"20" doc:"Of this kind alone"`
	State string `query:"state" enum:"waiting,received,proving,open,working,answered,refused,withdrawn,closed,done" doc:"waiting: whatever waits for its answer"`
	Mine  bool   `query:"mine" doc:"Only what is assigned to me"`
}

func (a *API) listCases(ctx context.Context, c *call, in *casesIn) (*given[Page[Case]], error) {
	before, err := in.after(caseOrder)
	if err != nil {
		return nil, err
	}
	list := store.CaseList{Before: before, Limit: in.Limit + 1}
	switch in.About {
	case "answers":
		list.Of = privacy.Automated
	case "people":
		list.Not = privacy.Automated
	}
	if list.State = in.State; in.Kind != "" {
		list.Of = in.Kind
	}
	if in.Mine {
		list.Assignee = c.Actor.ID
	}
	all, err := a.Cases.List(ctx, c.Workspace.ID, list)
	out := page(all, in.Limit, func(one store.Case) Case { return caseOf(c, one) },
		func(one store.Case) string { return cursor.Make(caseOrder, int64(one.ID)) })
	for i := range out.Items {
		if err == nil {
			out.Items[i].Report, err = a.caseReport(ctx, c, all[i])
		}
	}
	return reply(out, err)
}

func caseOf(c *call, one store.Case) Case {
	out := Case{ID: one.ID, Kind: one.Kind, Words: i18n.T(c.locale, "case.asked."+one.Kind, nil), State: string(one.State),
		OpenedAt: stamp(one.Opened), DueAt: stamp(one.Due), Matched: []Counted{}}
	if !one.Done.IsZero() {
		out.DoneAt = some(stamp(one.Done))
	}
	for _, name := range []string{privacy.MatchedAccounts, privacy.MatchedContacts, privacy.MatchedConversations, privacy.MatchedMessages} {
		if n := one.Outcome[name]; n > 0 {
			out.Matched = append(out.Matched, Counted{Name: name, Count: int64(n),
				Words: i18n.T(c.locale, "case.did."+one.Kind+"."+name, map[string]string{"n": strconv.Itoa(n)})})
		}
	}
	out.Person = caseOfOne(one)
	for _, reason := range privacy.Reasons() {
		if n := one.Outcome[reason]; n > 0 && one.Kind == privacy.Automated {
			out.Matched = append(out.Matched, Counted{Name: reason, Count: int64(n), Words: reasonWords(c, reason)})
		}
	}
	return out
}

func reasonWords(c *call, reason string) string { return i18n.T(c.locale, "report."+reason, nil) }

func caseRoutes(a *API) {
	declare(a, Route{ID: "list-cases", Method: http.MethodGet, Path: "/api/v1/privacy/cases", Needs: Need(desk.ReadCases), Record: "case.list",
		Tag: "privacy", Summary: "Requests about somebody's data that touched this workspace, newest first"}, a.listCases)
	a.open(Route{ID: "privacy-status", Method: http.MethodGet, Path: statusPath + "{code}", Needs: Public, Hidden: true, Tag: "site",
		Summary: "What became of a request about somebody's data"}, a.caseStatus)
}

// casePage is /privacy/status/{code}: what became of a request, for whoever has
// its code.
type casePage struct {
	sheet
	Asked, State, Nothing   string
	Received, Due, Finished pageTime
	Over, Deletion          bool
	Accounts                bool     // some were disconnected
	Did                     []string // what was done, in counts
}

type pageTime struct{ Machine, Words string }

func pageTimeOf(t time.Time) pageTime {
	return pageTime{t.UTC().Format(time.RFC3339), t.UTC().Format("2006-01-02 15:04") + " UTC"}
}

func (a *API) caseStatus(w http.ResponseWriter, r *http.Request) {
	c := calling(r.Context())
	p := &casePage{sheet: newSheet(c, r, "case.")}
	var err error = desk.Fail(desk.NotFound, "case_not_found", "there is no such case")
	var found store.Case
	code := r.PathValue("code")
	if privacy.TokenForm(code) {
		a.personStatus(w, r, code, nil)
		return
	}
	if codeForm(code) {
		found, err = a.Cases.Find(r.Context(), code)
	}
	if p.Missing = desk.IsNotFound(err); err != nil && !p.Missing {
		a.fail(w, r, c, err)
		return
	}
	if !p.Missing {
		p.fill(found)
	}
	a.showSheet(w, r, p.sheet, "case.html", p)
}

// codeForm spares the database what cannot be a code.
func codeForm(code string) bool {
	sum, err := base64.RawURLEncoding.Strict().DecodeString(code)
	return err == nil && len(sum) == 32
}

func (p *casePage) fill(c store.Case) {
	p.Asked, p.State = p.T("asked."+c.Kind), p.T("state."+string(c.State))
	p.Received, p.Due, p.Finished = pageTimeOf(c.Opened), pageTimeOf(c.Due), pageTimeOf(c.Done)
	p.Over, p.Deletion = c.State == store.CaseDone, c.Kind == privacy.Deletion
	p.Accounts = c.Outcome[privacy.MatchedAccounts] > 0
	for _, name := range []string{privacy.MatchedAccounts, privacy.MatchedContacts, privacy.MatchedConversations, privacy.MatchedMessages} {
		if n := c.Outcome[name]; n > 0 {
			p.args["n"] = strconv.Itoa(n)
			p.Did = append(p.Did, p.T("did."+c.Kind+"."+name))
		}
	}
	p.Nothing = p.T("nothing." + c.Kind)
}
