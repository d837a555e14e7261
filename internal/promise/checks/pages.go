package checks

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

// pageChecks read what anybody may read, and change what it is made of.
func pageChecks() []entry {
	return []entry{
		{"operator-named", operatorNamed},
		{"role-in-law", roleInLaw},
		{"region-shown", regionShown},
		{"hosting-named", hostingNamed},
		{"privacy-contact", contactShown("privacy_mail")},
		{"officer-contact", contactShown("officer_mail")},
		{"authority-links", authorityLinks},
		{"system-card", systemCard},
		{"answers-may-be-wrong", cardSays("it may be wrong", "yanılabilir")},
		{"critical-matters-to-business", cardSays("anything important, ask the business itself", "doğrudan işletmeye sorun")},
		{"dpa-offered", dpaOffered},
		{"measures-annex", measuresAnnex},
		{"versions-readable", versionsReadable},
		{"page-dated", pageDated},
		{"register-of-recipients", registerOfRecipients},
		{"regions-listed", regionsListed},
		{"openai-in-register", vendorListed("openai", "OpenAI")},
		{"anthropic-in-register", vendorListed("anthropic", "Anthropic")},
		{"google-in-register", googleListed},
		{"permissions-have-purposes", permissionsHavePurposes},
		{"grounds-by-category", groundsByCategory},
		{"roles-apart", rolesApart},
	}
}

const profilePath = "/api/v1/instance/operator-profile"

// says changes one field of what the operator says, until the trial ends.
func (t *trial) profile(field, value string) {
	t.after(func() { t.operator(http.MethodPut, profilePath, t.w.Place().Operator, nil) })
	said := map[string]string{}
	for k, v := range t.w.Place().Operator {
		said[k] = v
	}
	said[field] = value
	t.operator(http.MethodPut, profilePath, said, nil)
}

func operatorNamed(t *trial) {
	o := t.w.Place().Operator
	for _, l := range []string{"en", "tr"} {
		page := t.words("/privacy?l=" + l)
		for _, field := range []string{"product", "name", "address", "country"} {
			t.want(strings.Contains(page, o[field]), "the page in %s names the operator's %s", l, field)
		}
	}
	renamed := "Renamed " + canary()
	t.profile("name", renamed)
	t.want(strings.Contains(t.words("/privacy"), "is run by "+renamed), "another name of the operator takes its place at once")
}

func roleInLaw(t *trial) {
	own, others := "H-03 Canary Operations Ltd answers its own customers here and decides about their data", "on the instructions of the businesses"
	t.want(strings.Contains(t.words("/privacy"), own), "an operator that answers its own customers is named as who decides")
	t.profile("role", "others")
	page := t.words("/privacy")
	t.want(!strings.Contains(page, own) && strings.Contains(page, others), "one that runs it for other businesses is named as who acts on their behalf")
}

func regionShown(t *trial) {
	o := t.w.Place().Operator
	page := t.words("/privacy")
	t.want(strings.Contains(page, "Everything is stored at "+o["hosting"]+" in "+o["region"]), "the page says where everything is stored")
	t.want(strings.Contains(page, "can run the program themselves"), "it says what remains for whoever needs another region")
	moved := "Elsewhere " + canary()
	t.profile("region", moved)
	t.want(strings.Contains(t.words("/privacy"), "Everything is stored at "+o["hosting"]+" in "+moved), "another region takes its place at once")
}

func hostingNamed(t *trial) {
	o := t.w.Place().Operator
	for _, path := range []string{"/privacy", "/subprocessors"} {
		page := t.words(path)
		t.want(strings.Contains(page, o["hosting"]) && strings.Contains(page, o["region"]), "%s names whose machines and where", path)
	}
}

func contactShown(field string) func(t *trial) {
	return func(t *trial) {
		address := t.w.Place().Operator[field]
		t.want(strings.Contains(t.words("/privacy"), address), "the page shows the address")
		other := "moved-" + canary()[:12] + "@canary.example"
		t.profile(field, other)
		page := t.words("/privacy")
		t.want(strings.Contains(page, other), "another address takes its place at once")
	}
}

func authorityLinks(t *trial) {
	for _, l := range []string{"en", "tr"} {
		page := t.words("/privacy?l=" + l)
		for _, name := range []string{"KVKK", "edpb.europa.eu", "ico.org.uk"} {
			t.want(strings.Contains(page, name), "the page in %s names %s", l, name)
		}
	}
}

func systemCard(t *trial) {
	said := t.words("/ai?l=en")
	for _, what := range []string{"Purpose:", "By itself:", "Models:", "Oversight:", "Contesting:", "Limits:"} {
		t.want(strings.Contains(said, what), "the page says its %s", strings.ToLower(strings.TrimSuffix(what, ":")))
	}
	t.want(!strings.Contains(said+t.words("/subprocessors?l=en"), "OpenAI, L.L.C."), "no company is named as asked while nobody chose one")
	t.after(func() { t.purposes() })
	t.purposes("reply")
	t.want(strings.Contains(t.words("/subprocessors?l=en"), "OpenAI, L.L.C."), "the company is named as soon as somebody chose its model")
}

func cardSays(en, tr string) func(t *trial) {
	return func(t *trial) {
		t.want(strings.Contains(t.words("/ai?l=en"), en), "the page about the AI says it in English")
		t.want(strings.Contains(t.words("/ai?l=tr"), tr), "it says it in Turkish")
	}
}

func dpaOffered(t *trial) {
	t.profile("role", "others")
	a := t.page("/dpa")
	t.want(a.Status == http.StatusOK && !strings.Contains(string(a.Body), "<script src"), "the agreement is a page that needs no script")
	said := t.words("/dpa")
	t.want(strings.Contains(strings.ToLower(said), "annex") && strings.Contains(said, t.w.Place().Operator["name"]), "it has annexes and names its party")
	for _, part := range []string{"Subject and duration:", "Instructions:", "Security:", "Sub-processors:", "Requests of people:", "End and inspection:"} {
		t.want(strings.Contains(said, part), "it agrees on its %s", strings.ToLower(strings.TrimSuffix(part, ":")))
	}
	t.want(strings.Contains(t.words("/dpa?l=tr"), "Veri işleme sözleşmesi"), "it is there in Turkish, too")
}

func measuresAnnex(t *trial) {
	t.profile("role", "others")
	var all struct {
		Items []struct {
			Clause, State string
			Sentence      string
		}
	}
	t.owner(http.MethodGet, "/api/v1/privacy/promises", nil, &all)
	said, policy := t.words("/dpa"), t.words("/privacy")
	_, security, _ := strings.Cut(policy[strings.LastIndex(policy, "How data is protected"):], "protected")
	n := 0
	for _, id := range []string{"A-12.1-01", "A-12.1-02", "A-12.2-01"} {
		if strings.Contains(security, id) {
			t.want(strings.Contains(said, id), "%s, which is carried out, stands in the annex", id)
			n++
		}
	}
	t.want(n > 0, "%d clauses on security were compared", n)
	t.want(!strings.Contains(said, "A-20.1-01"), "what is not built does not")
}

func versionsReadable(t *trial) {
	var list struct {
		Items []struct {
			Number int
		}
	}
	t.profile("representative", "Newer representatives "+canary()[:10])
	t.operator(http.MethodPost, "/api/v1/instance/policies", map[string]any{"material": false, "purpose": "", "reason": "a new representative"}, nil)
	for _, role := range []string{"owner", "admin", "agent", "analyst", "billing", "privacy"} {
		status := t.as(promise.As{Role: role}, http.MethodGet, "/api/v1/policies", nil, &list)
		t.want(status == http.StatusOK && len(list.Items) >= 2, "%s sees the versions", role)
	}
	if t.err != nil {
		return
	}
	var one struct {
		Text    string
		Changes []struct{ Clause, ID string }
	}
	t.owner(http.MethodGet, "/api/v1/policies/"+itoa(list.Items[0].Number), nil, &one)
	t.want(one.Text != "" && len(one.Changes) == 1, "the newest has its whole text and the one sentence that differs")
	t.owner(http.MethodGet, "/api/v1/policies/"+itoa(list.Items[len(list.Items)-1].Number), nil, &one)
	t.want(one.Text != "", "the first is still there")
}

func pageDated(t *trial) {
	number := func(page string) (n string) {
		_, rest, _ := strings.Cut(page, "ersion ")
		n, _, _ = strings.Cut(rest, ",")
		return n
	}
	t.profile("representative", "Representatives "+canary())
	before := t.words("/privacy")
	t.operator(http.MethodPost, "/api/v1/instance/policies", map[string]any{"material": false, "purpose": "", "reason": "other representatives"}, nil)
	after := t.words("/privacy")
	today := t.w.Now().UTC().Format(time.DateOnly)
	t.want(number(before) != "" && number(after) != number(before), "a new version has a new number on the page")
	head, _, _ := strings.Cut(after, "H-02")
	t.want(strings.Contains(head, "published on "+today), "its date stands at the top")
	t.want(strings.Count(after, "published on ") == 1 && strings.Count(after, "ersion "+number(after)+",") == 1, "date and number stand nowhere else")
	var list struct {
		Items []struct {
			Number      int
			PublishedAt time.Time `json:"published_at"`
		}
	}
	t.owner(http.MethodGet, "/api/v1/policies", nil, &list)
	t.want(len(list.Items) > 0 && itoa(list.Items[0].Number) == number(after) && list.Items[0].PublishedAt.Format(time.DateOnly) == today, "they are those of the version that is kept")
}

func registerOfRecipients(t *trial) {
	t.want(!strings.Contains(t.words("/subprocessors"), "Anthropic"), "a company that nobody uses is not on the list")
	t.vendor("anthropic", "claude-sonnet-4-5")
	page := t.page("/subprocessors")
	t.want(page.Status == http.StatusOK && strings.Contains(string(page.Body), "Anthropic"), "one that a business chose is, for anybody to read")
	t.want(strings.Contains(t.words("/privacy"), "called a sub-processor"), "the text says what such a company is called")
}

func regionsListed(t *trial) {
	t.vendor("openai", "gpt-5-mini")
	said := t.words("/subprocessors")
	t.want(strings.Count(said, " Where ") >= 3, "each company has a place")
	for company, region := range map[string]string{"OpenAI": "United States", "Google": "United States", t.w.Place().Operator["hosting"]: t.w.Place().Operator["region"]} {
		_, rest, _ := strings.Cut(said, company)
		t.want(strings.Contains(rest, region), "the place stands at its company")
	}
	slices.Sort(t.seen)
}

// vendor chooses a model's company until the trial ends.
func (t *trial) vendor(name, model string) {
	t.after(func() { t.purposes() })
	var state struct{ Settings map[string]any }
	t.owner(http.MethodGet, "/api/v1/ai", nil, &state)
	if t.err != nil {
		return
	}
	state.Settings["provider"], state.Settings["models"], state.Settings["purposes"] = name, map[string]string{name: model}, []string{"reply"}
	t.owner(http.MethodPut, "/api/v1/ai", state.Settings, nil)
}

func vendorListed(name, company string) func(t *trial) {
	return func(t *trial) {
		t.want(!strings.Contains(t.words("/subprocessors"), company), "it is not listed while no workspace chose it")
		t.vendor(name, map[string]string{"openai": "gpt-5-mini", "anthropic": "claude-sonnet-4-5"}[name])
		said := t.words("/subprocessors")
		t.want(strings.Contains(said, company) && strings.Contains(said, "answers"), "it is listed, with what for, while one has")
	}
}

func googleListed(t *trial) {
	said := t.words("/subprocessors")
	_, rest, _ := strings.Cut(said, "Google")
	t.want(strings.Contains(rest, "signing members in"), "Google is listed for signing in")
	var ways struct{ Outside []struct{ Way string } }
	t.as(promise.As{}, http.MethodGet, "/api/v1/session/ways", nil, &ways)
	t.want(slices.ContainsFunc(ways.Outside, func(w struct{ Way string }) bool { return w.Way == "google" }), "the operator offers it")
}

// permissionsHavePurposes compares what is shown with what the sign-in asks for.
func permissionsHavePurposes(t *trial) {
	var shown struct {
		Items []struct {
			Scope, Purpose, Way string
			Kind                string `json:"channel_kind"`
		}
	}
	t.owner(http.MethodGet, "/api/v1/channels/manifest", nil, &shown)
	public := t.words("/privacy/permissions")
	scopes := map[string]bool{}
	for _, one := range shown.Items {
		t.want(one.Purpose != "" && strings.Contains(public, one.Scope) && strings.Contains(public, one.Purpose), "%s is shown with its purpose, to anybody", one.Scope)
		scopes[one.Kind+" "+one.Way+" "+one.Scope] = true
	}
	for _, way := range [][2]string{{"messenger", "facebook"}, {"instagram", "facebook"}, {"instagram", "instagram"}, {"whatsapp", "whatsapp"}} {
		var begun struct{ URL string }
		t.owner(http.MethodPost, "/api/v1/channels/connect", map[string]any{"kind": way[0], "way": way[1], "acknowledged": true}, &begun)
		for _, scope := range asksFor(begun.URL) {
			t.want(scopes[way[0]+" "+way[1]+" "+scope], "what the sign-in for %s asks for is on the list", way[0])
		}
	}
	status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/channels/connect", map[string]any{"kind": "messenger", "way": "facebook", "acknowledged": false}, nil)
	t.want(status >= 400, "nobody gets there who was not shown it: %d", status)
}
