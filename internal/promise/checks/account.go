package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"parley/internal/promise"
)

// accountChecks act as members do in their browsers.
func accountChecks() []entry {
	return []entry{
		{"account-email", accountEmail},
		{"account-name", accountName},
		{"accepted-at-sign-up", acceptedAtSignUp},
		{"business-and-age", businessAndAge},
		{"roster", roster},
		{"session-hash", sessionHash},
		{"browser-family", browserFamily},
		{"my-data", myData},
		{"sign-in-with-google", signInWithGoogle},
		{"google-name", googleName},
		{"google-picture", googlePicture},
		{"google-verified-address", googleVerified},
		{"google-id-is-the-key", googleNumber},
		{"google-scopes", googleScopes},
		{"service-notices", serviceNotices},
		{"terms-enforced", termsEnforced},
		{"support-thread", supportThread},
	}
}

// browser is somebody's: it keeps the cookies it is given.
type browser struct {
	t      *trial
	agent  string
	cookie string
	names  []string // of all cookies that ever came
}

func (t *trial) browser() *browser {
	return &browser{t: t, agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
}

func (b *browser) ask(method, path string, body, out any) (status int) {
	if b.t.err != nil {
		return 0
	}
	var raw []byte
	if body != nil {
		var err error
		raw, err = json.Marshal(body)
		b.t.must(err)
	}
	h := http.Header{"Origin": {b.t.w.Place().URL}, "Sec-Fetch-Site": {"same-origin"}, "User-Agent": {b.agent}, "Content-Type": {"application/json"}}
	if method == http.MethodPost {
		h.Set("Idempotency-Key", canary())
	}
	if b.cookie != "" {
		h.Set("Cookie", b.cookie)
	}
	a, err := b.t.w.HTTP(b.t.ctx, promise.Ask{Method: method, Path: path, Body: raw, Header: h})
	b.t.must(err)
	for _, one := range a.Header.Values("Set-Cookie") {
		b.cookie, _, _ = strings.Cut(one, ";")
		name, _, _ := strings.Cut(b.cookie, "=")
		b.names = append(b.names, name)
	}
	if b.t.code = ""; a.Status >= 300 {
		var no struct{ Code string }
		_ = json.Unmarshal(a.Body, &no) // a refusal of another shape has no code
		b.t.code = no.Code
	}
	if out != nil && err == nil {
		_ = json.Unmarshal(a.Body, out) // a refusal has another shape
	}
	return a.Status
}

// good asks; anything but a success ends the trial.
func (b *browser) good(method, path string, body, out any) {
	status := b.ask(method, path, body, out)
	if b.t.err == nil && status >= 300 {
		b.t.err = fmt.Errorf("%s %s answered %d (%s)", method, path, status, b.t.code)
	}
}

func (b *browser) in() bool {
	return b.ask(http.MethodGet, "/api/v1/session", nil, nil) == http.StatusOK
}

// member is the one who signs in with a password.
func (t *trial) member() *browser {
	b := t.browser()
	b.good(http.MethodPost, "/api/v1/session", map[string]string{"email": t.w.Place().MemberMail, "password": t.w.Place().MemberPassword}, nil)
	return b
}

// letters are the mails to an address, newest last, with their soft line ends
// taken away.
func (t *trial) letters(to string) (all []string) {
	if t.err != nil {
		return nil
	}
	t.settle()
	list, err := t.w.Letters(t.ctx)
	t.must(err)
	for _, l := range list {
		if strings.Contains(l.To, to) {
			all = append(all, strings.ReplaceAll(strings.ReplaceAll(string(l.Raw), "=\r\n", ""), "=\n", ""))
		}
	}
	return all
}

// link is what stands behind the # of the last mail's link to a page.
func (t *trial) link(to, page string) string {
	all := t.letters(to)
	if len(all) == 0 {
		t.want(false, "a mail came")
		return ""
	}
	_, rest, found := strings.Cut(all[len(all)-1], page+"#")
	end := strings.IndexFunc(rest, func(r rune) bool { return strings.ContainsRune(" \r\n\"<", r) })
	t.want(found && end > 0, "the mail has a link")
	if t.err != nil {
		return ""
	}
	return rest[:end]
}

// invited asks somebody in, and gives their address.
func (t *trial) invited(role string) (address, id string) {
	address = canary() + "@canary.example"
	var m struct{ ID string }
	t.owner(http.MethodPost, "/api/v1/members", map[string]string{"email": address, "name": "Invited Person", "role": role}, &m)
	return address, m.ID
}

type statement struct{ What, Version, Text string }

// joins follows an invitation and agrees to what is asked.
func (t *trial) joins(address, password string) (b *browser, asked []statement) {
	token := t.link(address, "/invitation")
	var l struct{ Asks []statement }
	b = t.browser()
	b.good(http.MethodPost, "/api/v1/session/link", map[string]string{"token": token}, &l)
	status := b.ask(http.MethodPut, "/api/v1/session/link", map[string]any{"token": token, "password": password, "name": "Joined Person"}, nil)
	t.want(status >= 400 && !b.in(), "without agreeing nobody joins: %d", status)
	b.good(http.MethodPut, "/api/v1/session/link", map[string]any{"token": token, "password": password, "name": "Joined Person", "acknowledged": ticks(l.Asks)}, nil)
	return b, l.Asks
}

type me struct {
	Member struct {
		ID, Email, Name, Role string
		Verified              bool
	}
}

func (b *browser) me() (m me) {
	b.good(http.MethodGet, "/api/v1/session", nil, &m)
	return m
}

func accountEmail(t *trial) {
	address, _ := t.invited("agent")
	status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/members", map[string]string{"email": strings.ToUpper(address), "name": "Twin", "role": "agent"}, nil)
	t.want(status >= 400, "a second member with the address is refused with %d, however it is written", status)
	b, _ := t.joins(address, canary()+" boats")
	m := b.me()
	t.want(m.Member.Email == address && m.Member.Verified, "the address is held, and verified by the link that was mailed there")
	old := t.member()
	if !old.me().Member.Verified {
		old.good(http.MethodPost, "/api/v1/address/verification", map[string]any{}, nil)
		token := t.link(t.w.Place().MemberMail, "/link")
		old.good(http.MethodPut, "/api/v1/session/mail", map[string]string{"token": token}, nil)
		t.want(old.me().Member.Verified, "one that was not verified is, once its link was followed")
	}
}

func accountName(t *trial) {
	b := t.member()
	was, now := b.me().Member.Name, "Deniz "+canary()
	t.want(was != "", "a name is held")
	t.after(func() { b.good(http.MethodPatch, "/api/v1/session", map[string]string{"name": was}, nil) })
	b.good(http.MethodPatch, "/api/v1/session", map[string]string{"name": now}, nil)
	t.want(b.me().Member.Name == now, "the member corrects it")
	var all struct{ Items []struct{ Name string } }
	t.owner(http.MethodGet, "/api/v1/members", nil, &all)
	t.want(slices.ContainsFunc(all.Items, func(m struct{ Name string }) bool { return m.Name == now }), "the workspace sees the corrected one")
}

func acceptedAtSignUp(t *trial) {
	address, _ := t.invited("agent")
	b, asked := t.joins(address, canary()+" boats")
	var kept struct {
		Given []struct {
			What, Version, Answer, At string
			Hash                      string `json:"text_hash"`
		}
	}
	b.good(http.MethodGet, "/api/v1/acknowledgements", nil, &kept)
	t.want(len(asked) >= 2, "%d texts are shown", len(asked))
	for _, one := range asked {
		n := 0
		for _, g := range kept.Given {
			if g.What == one.What && g.Version == one.Version && g.Answer == "agreed" && g.At != "" && g.Hash != "" {
				n++
				t.want(sameText(g.Hash, one.Text), "what is kept is the hash of the words that were shown for %s", one.What)
			}
		}
		t.want(n == 1, "%s is on record once, with its version and the time", one.What)
	}
}

func businessAndAge(t *trial) {
	address, _ := t.invited("agent")
	b, asked := t.joins(address, canary()+" boats")
	said := ""
	for _, one := range asked {
		if one.What == "age_business" {
			said = one.Text
		}
	}
	t.want(strings.Contains(said, "for a business") && strings.Contains(said, "18 or older"), "whoever joins is asked to say that they act for a business and are 18 or older")
	t.want(b.in(), "who says so is in")
}

// roster: what owners and admins may do, and nobody else.
func roster(t *trial) {
	for _, role := range []string{"owner", "admin"} {
		by := promise.As{Role: role}
		address := canary() + "@canary.example"
		var m struct{ ID, Role string }
		status := t.as(by, http.MethodPost, "/api/v1/members", map[string]string{"email": address, "name": "Roster", "role": "agent"}, &m)
		t.want(status == http.StatusCreated && len(t.letters(address)) == 1, "%s invites by mail", role)
		b, _ := t.joins(address, canary()+" boats")
		t.want(t.as(by, http.MethodPatch, "/api/v1/members/"+m.ID, map[string]string{"role": "analyst"}, &m) == http.StatusOK && m.Role == "analyst" && b.me().Member.Role == "analyst", "%s gives another role", role)
		t.want(t.as(by, http.MethodPatch, "/api/v1/members/"+m.ID, map[string]string{"state": "off"}, nil) == http.StatusOK && !b.in(), "%s switches a member off, whose session ends", role)
	}
	for _, role := range []string{"agent", "analyst", "billing", "privacy"} {
		t.want(t.as(promise.As{Role: role}, http.MethodPost, "/api/v1/members", map[string]string{"email": canary() + "@canary.example", "name": "No", "role": "owner"}, nil) == http.StatusForbidden, "%s may not", role)
	}
	t.handsOn()
}

// handsOn lets an owner hand ownership to another member.
func (t *trial) handsOn() {
	address, _ := t.invited("owner")
	password := canary() + " boats"
	owner, _ := t.joins(address, password)
	heir, id := t.invited("admin")
	next, _ := t.joins(heir, canary()+" boats")
	owner.good(http.MethodPost, "/api/v1/members/"+id+"/ownership", map[string]any{}, nil)
	t.want(next.me().Member.Role == "owner", "ownership is handed on")
}

func sessionHash(t *trial) {
	b := t.member()
	_, token, _ := strings.Cut(b.cookie, "=")
	t.want(len(token) > 20 && b.in(), "a session is open")
	files, hits := t.atRest(token)
	t.want(files > 3 && hits == 0, "its token stands in no file at rest")
	b.cookie += "x"
	t.want(!b.in(), "another token opens nothing")
}

func browserFamily(t *trial) {
	b := t.browser()
	mark := canary()
	b.agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0 " + mark
	b.good(http.MethodPost, "/api/v1/session", map[string]string{"email": t.w.Place().MemberMail, "password": t.w.Place().MemberPassword}, nil)
	var list struct {
		Items []struct {
			Device  string
			Current bool
		}
	}
	b.good(http.MethodGet, "/api/v1/sessions", nil, &list)
	for _, one := range list.Items {
		if one.Current {
			t.want(strings.Contains(one.Device, "Firefox") && !strings.Contains(one.Device, "Mozilla") && !strings.Contains(one.Device, mark), "the member's list names the browser in plain words")
		}
	}
	t.want(len(list.Items) > 0, "there is a list")
	_, hits := t.atRest(mark)
	t.want(hits == 0, "what else the browser said of itself is at rest nowhere")
}

func myData(t *trial) {
	b := t.member()
	raw := json.RawMessage{}
	b.good(http.MethodGet, "/api/v1/my-data", nil, &raw)
	for _, what := range []string{t.w.Place().MemberMail, `"sign_ins"`, `"acknowledgements"`, `"consents"`, `"outside_accounts"`} {
		t.want(strings.Contains(string(raw), what), "the member's own data holds %s", strings.Replace(what, t.w.Place().MemberMail, "their address", 1))
	}
	other, _ := t.invited("agent")
	b.good(http.MethodGet, "/api/v1/my-data", nil, &raw)
	t.want(!strings.Contains(string(raw), other), "it holds nobody else's")
	t.want(json.Valid(raw), "it can be taken along as a document")
	t.want(t.browser().ask(http.MethodGet, "/api/v1/my-data", nil, nil) == http.StatusUnauthorized, "nobody else gets it")
}

func serviceNotices(t *trial) {
	b := t.member()
	var c struct{ Wishes []struct{ Allowed bool } }
	b.good(http.MethodGet, "/api/v1/consents", nil, &c)
	t.want(len(c.Wishes) > 0 && !c.Wishes[0].Allowed, "the member wants no news")
	before := len(t.letters(t.w.Place().MemberMail))
	b.good(http.MethodPut, "/api/v1/password", map[string]string{"current": t.w.Place().MemberPassword, "new": t.w.Place().MemberPassword + "1"}, nil)
	t.after(func() {
		b.good(http.MethodPut, "/api/v1/password", map[string]string{"current": t.w.Place().MemberPassword + "1", "new": t.w.Place().MemberPassword}, nil)
	})
	t.want(len(t.letters(t.w.Place().MemberMail)) == before+1, "they are mailed that their password was changed")
	t.suspended("notices", func() {})
	t.want(len(t.letters(t.w.Place().MemberMail)) >= before+1, "nothing is taken back")
}

// suspended lets the operator shut the workspace while fn runs.
func (t *trial) suspended(reason string, fn func()) {
	path := "/api/v1/instance/workspaces/" + t.w.Place().Workspace
	t.operator(http.MethodPost, path+"/suspend", map[string]string{"reason": reason}, nil)
	t.after(func() { // a second time where the check did it already
		_ = t.as(promise.As{Role: "operator"}, http.MethodPost, path+"/lift", map[string]string{"reason": reason}, nil)
	})
	fn()
	t.operator(http.MethodPost, path+"/lift", map[string]string{"reason": reason}, nil)
}

func termsEnforced(t *trial) {
	b, reason := t.member(), "The rules were broken: "+canary()
	t.suspended(reason, func() {
		var s struct {
			Suspended bool
			Reason    string
		}
		b.good(http.MethodGet, "/api/v1/suspension", nil, &s)
		t.want(s.Suspended && s.Reason == reason, "its members read that it is suspended, and why")
		t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/conversations", nil, nil) >= 400, "nothing goes on meanwhile")
	})
	t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/conversations", nil, nil) == http.StatusOK, "opened again, everything does")
}

func supportThread(t *trial) {
	words := "I need help with " + canary()
	var asked struct {
		Number string
		Path   string `json:"status_path"`
	}
	t.member().good(http.MethodPost, "/api/v1/help", map[string]string{"text": words}, &asked)
	var all struct {
		Items []struct{ ID, Words, Kind string }
	}
	t.operator(http.MethodGet, "/api/v1/instance/cases", nil, &all)
	id := ""
	for _, one := range all.Items {
		var whole struct{ Lines []struct{ Body string } }
		t.operator(http.MethodGet, "/api/v1/instance/cases/"+one.ID, nil, &whole)
		if slices.ContainsFunc(whole.Lines, func(l struct{ Body string }) bool { return l.Body == words }) {
			id = one.ID
		}
	}
	t.want(id != "", "what a member asked inside the program reaches whoever runs it")
	answer := "Our answer is " + canary()
	t.operator(http.MethodPost, "/api/v1/instance/cases/"+id+"/letter", map[string]string{"text": answer}, nil)
	t.want(strings.Contains(t.words(asked.Path), answer), "the answer stands on the page that the member was given")
}

// ticks is how somebody agrees to what they were shown.
func ticks(asked []statement) (all []map[string]string) {
	for _, one := range asked {
		all = append(all, map[string]string{"what": one.What, "version": one.Version})
	}
	return all
}
