package checks

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

// wishChecks look at what members agree to, and at requests that people make.
func wishChecks() []entry {
	return []entry{
		{"consent-asked", consentAsked},
		{"consent-withdrawn", consentWithdrawn},
		{"password-hashed", passwordHashed},
		{"account-times", accountTimes},
		{"acknowledged-by-act", acknowledgedByAct},
		{"covers-members", coversMembers},
		{"covers-visitors", coversVisitors},
		{"covers-contacts", coversContacts},
		{"one-dashboard", oneDashboard},
		{"acts-have-names", actsHaveNames},
		{"second-factor-demanded", secondFactor},
		{"identity-proven", identityProven},
		{"extended-once", extendedOnce},
		{"three-ways-in", threeWaysIn},
		{"logs-for-the-operator", operatorsLogs},
		{"use-is-counted", useCounted},
		{"feature-counts", useCounted},
		{"breach-clause", pageSays("/dpa", "tells the business without undue delay of what happened to its data", "işletmeye gecikmeden bildirir")},
	}
}

type wish struct {
	Purpose, Text, Version string
	Allowed                bool
}

func (b *browser) wishes() (all []wish, history []struct {
	Purpose, Source string
	Given           string  `json:"given_at"`
	Withdrawn       *string `json:"withdrawn_at"`
	Hash            string  `json:"text_hash"`
}) {
	var c struct {
		Wishes  []wish
		History []struct {
			Purpose, Source string
			Given           string  `json:"given_at"`
			Withdrawn       *string `json:"withdrawn_at"`
			Hash            string  `json:"text_hash"`
		}
	}
	b.good(http.MethodGet, "/api/v1/consents", nil, &c)
	return c.Wishes, c.History
}

// fresh is a member of this trial's own, who agreed to nothing yet.
func (t *trial) fresh(role string) *browser {
	address, _ := t.invited(role)
	b, _ := t.joins(address, canary()+" boats")
	return b
}

func consentAsked(t *trial) {
	b := t.fresh("agent")
	all, _ := b.wishes()
	t.want(len(all) > 0, "there is something to agree to")
	for _, w := range all {
		t.want(!w.Allowed, "nothing of it is on before a yes")
	}
	if t.err != nil {
		return
	}
	t.want(b.ask(http.MethodPut, "/api/v1/consents", map[string]any{"purpose": all[0].Purpose, "allowed": true, "version": "0"}, nil) >= 400, "a yes to other words than those that are shown is none")
	b.good(http.MethodPut, "/api/v1/consents", map[string]any{"purpose": all[0].Purpose, "allowed": true, "version": all[0].Version}, nil)
	now, kept := b.wishes()
	t.want(len(now) > 0 && now[0].Allowed && len(kept) == 1 && kept[0].Given != "" && kept[0].Withdrawn == nil && sameText(kept[0].Hash, all[0].Text), "a yes is kept with the time and the words")
}

func consentWithdrawn(t *trial) {
	b := t.fresh("agent")
	all, _ := b.wishes()
	if len(all) == 0 {
		t.want(false, "there is something to agree to")
		return
	}
	set := func(yes bool) {
		b.good(http.MethodPut, "/api/v1/consents", map[string]any{"purpose": all[0].Purpose, "allowed": yes, "version": all[0].Version}, nil)
	}
	set(true)
	set(false)
	now, kept := b.wishes()
	t.want(len(now) > 0 && !now[0].Allowed && len(kept) == 1 && kept[0].Withdrawn != nil, "by the same switch a yes is taken back at once, and what was stays on record")
	set(true)
	now, _ = b.wishes()
	t.want(len(now) > 0 && now[0].Allowed, "and given again")
}

func passwordHashed(t *trial) {
	address, _ := t.invited("agent")
	long := strings.Repeat("harbour lights ", 6) + canary() // longer than bcrypt reads
	b, _ := t.joins(address, long)
	t.want(b.in(), "a password may be long")
	wrong := t.browser()
	t.want(wrong.ask(http.MethodPost, "/api/v1/session", map[string]string{"email": address, "password": long[:len(long)-1] + "#"}, nil) == http.StatusUnauthorized, "one that differs at its very end opens nothing")
	files, hits := t.atRest(long)
	t.want(files > 3 && hits == 0, "it stands in no file at rest, and in no log")
	var raw json.RawMessage
	b.good(http.MethodGet, "/api/v1/my-data", nil, &raw)
	t.want(!strings.Contains(string(raw), "$2") && !strings.Contains(string(raw), long), "no export holds it or its hash")
}

func accountTimes(t *trial) {
	b := t.fresh("agent")
	t.advance(2 * time.Hour)
	b.me()
	var all struct {
		Items []struct {
			ID   string
			Seen *time.Time `json:"last_seen_at"`
		}
	}
	t.owner(http.MethodGet, "/api/v1/members?limit=100", nil, &all)
	id := b.me().Member.ID
	for _, m := range all.Items {
		if m.ID == id {
			t.want(m.Seen != nil && t.w.Now().Sub(*m.Seen) < time.Hour, "it is held when they were last there")
			return
		}
	}
	t.want(false, "the member is listed")
}

func acknowledgedByAct(t *trial) {
	address, _ := t.invited("agent")
	_, asked := t.joins(address, canary()+" boats") // which sees that without a tick nobody joins
	t.want(len(asked) > 0, "an account wants a tick for each of %d texts", len(asked))
	for _, tick := range []map[string]any{{}, {"acknowledged": false}} {
		tick["kind"], tick["way"] = "messenger", "facebook"
		status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/channels/connect", tick, nil)
		t.want(status >= 400, "connecting a channel without the tick is refused")
	}
	var begun struct{ URL string }
	t.owner(http.MethodPost, "/api/v1/channels/connect", map[string]any{"kind": "messenger", "way": "facebook", "acknowledged": true}, &begun)
	t.want(strings.HasPrefix(begun.URL, "http"), "with it the way to Meta opens")
}

func coversMembers(t *trial) {
	t.want(strings.Contains(t.words("/privacy"), "members"), "the policy speaks of members")
	b := t.member()
	t.want(b.ask(http.MethodGet, "/api/v1/my-data", nil, nil) == http.StatusOK, "a member gets what is held of them")
}

func coversVisitors(t *trial) {
	t.want(strings.Contains(t.words("/privacy"), "visitors"), "the policy speaks of visitors")
	t.want(t.page("/w/"+t.w.Place().Widget+"/privacy").Status == http.StatusOK, "a visitor reads a notice in the chat")
}

func coversContacts(t *trial) {
	t.want(strings.Contains(t.words("/privacy"), "social network"), "the policy speaks of people who write over a social network")
	t.want(strings.Contains(string(t.page("/privacy/requests/"+t.w.Place().Workspace).Body), "<form"), "they have a form for their requests")
}

func oneDashboard(t *trial) {
	doors := map[string]map[string]bool{
		"/api/v1/channels":          {"owner": true, "agent": true, "analyst": false},
		"/api/v1/conversations":     {"owner": true, "agent": true, "billing": false},
		"/api/v1/knowledge/sources": {"owner": true, "analyst": true, "privacy": false},
		"/api/v1/ai":                {"owner": true, "analyst": true, "billing": false},
		"/api/v1/privacy/cases":     {"owner": true, "privacy": true, "agent": false},
	}
	for path, roles := range doors {
		for role, may := range roles {
			status := t.as(promise.As{Role: role}, http.MethodGet, path, nil, nil)
			t.want((status == http.StatusOK) == may, "%s sees %s: %v", role, path, may)
		}
	}
	slices.Sort(t.seen)
}

func actsHaveNames(t *trial) {
	word := canary()
	t.says("messenger", "Named Act "+word, word)
	c := t.talkOf(word)
	t.owner(http.MethodPut, "/api/v1/contacts/"+c.Contact.ID+"/restrictions", map[string]any{"restricted": true}, nil)
	t.handed(c.Contact.ID, map[string]any{})
	var all struct {
		Items []struct{ Action, Verb string }
	}
	t.owner(http.MethodGet, "/api/v1/audit?limit=100", nil, &all)
	six := []string{"none", "collect", "read", "change", "disclose", "restrict", "erase"}
	verbs := map[string]bool{}
	for _, one := range all.Items {
		verbs[one.Verb] = true
		t.want(slices.Contains(six, one.Verb), "%s is one of the six, or touches no data", one.Action)
	}
	t.want(verbs["restrict"] && verbs["disclose"], "a restriction and a copy are written down by their words")
	t.seen = t.seen[max(0, len(t.seen)-1):]
}

func secondFactor(t *trial) {
	t.owner(http.MethodPut, "/api/v1/workspace/second-factor", map[string]any{"demand": "admins"}, nil)
	t.after(func() {
		t.owner(http.MethodPut, "/api/v1/workspace/second-factor", map[string]any{"demand": "nobody"}, nil)
	})
	admin, agent := t.fresh("admin"), t.fresh("agent")
	var m struct{ Step string }
	admin.good(http.MethodGet, "/api/v1/session", nil, &m)
	t.want(m.Step == "enrol", "an admin is asked for a second proof before anything else")
	t.want(admin.ask(http.MethodGet, "/api/v1/conversations", nil, nil) == http.StatusForbidden, "until then nothing opens")
	t.want(agent.ask(http.MethodGet, "/api/v1/conversations", nil, nil) == http.StatusOK, "others go on")
}

var writtenCode = regexp.MustCompile(`(?i)\b(data|veri) (\d{4} \d{4})\b`)

func identityProven(t *trial) {
	known := t.mine()
	name := "Proving " + canary()
	t.says("messenger", name, "Hello there "+canary())
	sent := t.posts("/privacy/requests/"+t.w.Place().Workspace, url.Values{"kind": {"access"}, "words": {"What do you hold? " + canary()}, "law": {"gdpr"}})
	t.settle()
	var k wholeCase
	for _, one := range t.mine() {
		if !slices.ContainsFunc(known, func(o wholeCase) bool { return o.ID == one.ID }) {
			k = one
		}
	}
	t.want(sent.Status < 400 && k.ID != "" && k.State == "proving", "a request by the form waits for a proof of who asks")
	t.want(t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/privacy/cases/"+k.ID+"/carry-out", map[string]any{}, nil) >= 400, "nothing is handed out before")
	said := html2text(string(sent.Body))
	code := writtenCode.FindString(said)
	t.want(code != "", "its page gives a code to send from the channel they write in")
	wrong := strings.NewReplacer("0", "1", "1", "2", "2", "3", "3", "4", "4", "5", "5", "6", "6", "7", "7", "8", "8", "9", "9", "0").Replace(code)
	t.says("messenger", "Thief "+canary(), wrong)
	t.owner(http.MethodGet, "/api/v1/privacy/cases/"+k.ID, nil, &k)
	t.want(k.State == "proving", "another code proves nothing")
	t.says("messenger", name, code)
	t.owner(http.MethodGet, "/api/v1/privacy/cases/"+k.ID, nil, &k)
	if k.State == "proving" { // a question back stands between the code and the proof
		t.says("messenger", name, "yes")
		t.owner(http.MethodGet, "/api/v1/privacy/cases/"+k.ID, nil, &k)
	}
	t.want(k.State == "open" || k.State == "working" || k.State == "answered", "the right one, sent from there, does")
}

func extendedOnce(t *trial) {
	k := t.opened("complaint", "gdpr")
	due := k.Due
	at := "/api/v1/privacy/cases/" + k.ID + "/extend"
	more := func(days int, reason string) int {
		return t.as(promise.As{Role: "owner"}, http.MethodPost, at, map[string]any{"days": days, "reason": reason}, nil)
	}
	t.want(more(61, "many files") >= 400, "61 days more are refused")
	t.want(more(60, "many files to look through") < 300, "60 are given, with the reason")
	t.owner(http.MethodGet, "/api/v1/privacy/cases/"+k.ID, nil, &k)
	t.want(k.Due.Sub(due) == 60*day, "the end moves by them")
	t.want(strings.Contains(t.letterOf(k), "many files to look through"), "the person is told why")
	t.want(more(1, "once more") >= 400, "a second time is refused")
	late := t.opened("complaint", "kvkk")
	at = "/api/v1/privacy/cases/" + late.ID + "/extend"
	t.want(more(10, "x") >= 400, "where the law allows none, none is given")
}

func threeWaysIn(t *trial) {
	word := canary()
	known := len(t.mine())
	t.posts("/privacy/requests/"+t.w.Place().Workspace, url.Values{"kind": {"complaint"}, "words": {"By the form " + word}, "address": {"way-" + word[:12] + "@canary.example"}, "law": {"gdpr"}})
	t.settle()
	t.want(len(t.mine()) == known+1, "a request is made by the form")
	var asked struct{ Number string }
	t.member().good(http.MethodPost, "/api/v1/help", map[string]string{"text": "From inside " + word}, &asked)
	t.want(asked.Number != "", "one is made from inside the program")
	mail := "From: person-" + word[:12] + "@canary.example\r\nTo: privacy@canary.example\r\nSubject: My data\r\nMessage-ID: <" + word + "@canary.example>\r\n\r\nPlease send me a copy of my data. " + word + "\r\n"
	if t.err != nil {
		return
	}
	out, err := t.w.Command(t.ctx, []byte(mail), "mail-in")
	t.must(err)
	var all struct{ Items []struct{ ID string } }
	t.operator(http.MethodGet, "/api/v1/instance/cases", nil, &all)
	reached := slices.ContainsFunc(all.Items, func(one struct{ ID string }) bool {
		var k wholeCase
		return t.as(promise.As{Role: "operator"}, http.MethodGet, "/api/v1/instance/cases/"+one.ID, nil, &k) == http.StatusOK &&
			slices.ContainsFunc(k.Lines, func(l struct{ Kind, Body string }) bool { return strings.Contains(l.Body, "copy of my data. "+word) })
	})
	t.want(out.Status == 0 && reached, "and one by mail, which waits with whoever runs the install")
}

func operatorsLogs(t *trial) {
	for _, path := range []string{"/api/v1/operator/errors", "/api/v1/operator/alerts"} {
		t.want(t.as(promise.As{Role: "operator"}, http.MethodGet, path, nil, nil) == http.StatusOK, "the operator reads %s", path)
		for _, role := range []string{"owner", "admin", "agent", "analyst", "billing", "privacy"} {
			t.want(t.as(promise.As{Role: role}, http.MethodGet, path, nil, nil) == http.StatusForbidden, "%s does not", role)
		}
	}
}

func useCounted(t *trial) {
	b := t.member()
	for range 3 {
		b.me()
	}
	word := canary()
	b.ask(http.MethodGet, "/api/v1/conversations?q="+word, nil, nil)
	t.restart() // what waits to be written is
	var raw json.RawMessage
	t.owner(http.MethodGet, "/api/v1/usage", nil, &raw)
	var all struct {
		Items []struct {
			Route string
			Calls int
		}
	}
	t.must(json.Unmarshal(raw, &all))
	t.want(len(all.Items) > 0 && all.Items[0].Calls > 0, "how often each part is used is known as a number")
	t.want(!strings.Contains(string(raw), word) && !strings.Contains(string(raw), t.w.Place().MemberMail), "it names nobody and holds nothing of what was asked")
}

// pageSays looks for words of a public page in both languages.
func pageSays(path, en, tr string) func(t *trial) {
	return func(t *trial) {
		t.profile("role", "others")
		t.want(strings.Contains(strings.ToLower(t.words(path)), en), "the page says it in English")
		t.want(strings.Contains(strings.ToLower(t.words(path+"?l=tr")), tr), "and in Turkish")
	}
}

func html2text(body string) string {
	return strings.Join(strings.Fields(tag.ReplaceAllString(unseen.ReplaceAllString(body, " "), " ")), " ")
}
