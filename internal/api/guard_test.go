package api_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
)

var update = flag.Bool("update", false, "rewrite openapi.json")

// mine are the routes of members and keys; the website chat's have visitors.
func mine(w *world) []api.Route {
	var all []api.Route
	for _, r := range w.api.Routes() {
		if r.Tag != "website chat" && !strings.HasPrefix(r.Path, "/w") {
			all = append(all, r)
		}
	}
	return all
}

func TestEveryRouteSaysWhoMayCallIt(t *testing.T) {
	t.Parallel()
	w := one(t)
	known := map[api.Need]bool{api.Public: true, api.SignedIn: true}
	for _, p := range desk.AllPermissions() {
		known[api.Need(p)] = true
	}
	open := map[string]bool{"privacy-page": true, "subprocessors-page": true, "subprocessors-feed": true, "ask-to-be-told": true, "confirm-told-page": true, "confirm-told": true, "stop-told-page": true, "stop-told": true, "cookies-page": true, "changes-page": true, "dpa-page": true, "ai-page": true, "security-txt": true, "gpc": true, "disclosure": true, "sign-in": true, "setup-state": true, "setup": true, "healthz": true, "readyz": true, "openapi": true,
		"docs": true, "csp-report": true, "api-missing": true, "site": true, "privacy-status": true, "ended-workspace": true, "ended-certificate": true, "look-at-copy": true, "take-copy": true, "permissions": true, "public-media": true, "requests-page": true, "ask-request": true, "incident-notices-page": true, "requests-page-operator": true, "ask-request-operator": true, "prove-page": true, "prove-by-mail": true, "mine-enter": true, "mine": true, "act-on-request": true, "appeal-page": true, "send-appeal": true, "contact-page": true, "send-contact": true,
		"sign-in-ways": true, "forgot-password": true, "look-at-link": true, "use-link": true,
		"leave-for-provider": true, "back-from-provider": true, "mail-sign-in-link": true, "open-link": true, "unsubscribe-page": true, "unsubscribe": true, "ask-any-passkey": true, "sign-in-passkey": true}
	seen := map[string]bool{}
	for _, r := range w.api.Routes() {
		if !known[r.Needs] {
			t.Errorf("%s: needs %q, which is no permission", r.ID, r.Needs)
		}
		if r.Needs == api.Public && !open[r.ID] && !strings.HasPrefix(r.ID, "widget-") {
			t.Errorf("%s is open to everybody and is not in this list", r.ID)
		}
		if r.ID == "" || seen[r.ID] {
			t.Errorf("route id %q is empty or taken", r.ID)
		}
		seen[r.ID] = true
	}
	if len(seen) < 40 {
		t.Fatalf("only %d routes", len(seen))
	}
}

// path fills a route's placeholders with the ids of a shop.
func path(r api.Route, s *shop) string {
	id := s.conversation
	switch {
	case strings.Contains(r.Path, "/instance/workspaces/"):
		id = s.ws.ID
	case strings.Contains(r.Path, "/lab/tests/"):
		id = s.labTest
	case strings.Contains(r.Path, "/lab/runs/"):
		id = s.labRun
	case strings.Contains(r.Path, "/contacts/"):
		id = s.contact
	case strings.Contains(r.Path, "/channels/"):
		id = s.channel
	case strings.Contains(r.Path, "/media/"):
		id = s.file
	case strings.Contains(r.Path, "/runs/"):
		id = s.run
	case strings.Contains(r.Path, "/messages/{id}"):
		id = s.message
	case r.ID == "close-case":
		id = s.caseID
	case strings.Contains(r.Path, "/cases/"):
		id = s.personCase
	case strings.Contains(r.Path, "/incidents/"):
		id = s.incident
	case strings.Contains(r.Path, "/alerts/"):
		id = s.alert
	case strings.Contains(r.Path, "/duties/"):
		id = s.duty
	case strings.Contains(r.Path, "/demands/"):
		id = s.demand
	case strings.Contains(r.Path, "/holds/"):
		id = s.hold
	case strings.Contains(r.Path, "/certificates/"):
		id = s.certificate
	case strings.Contains(r.Path, "/findings/"):
		id = s.finding
	case strings.Contains(r.Path, "/gaps/"):
		id = s.gap
	case strings.Contains(r.Path, "/phrasings/"):
		id = s.phrasing
	case strings.Contains(r.Path, "/sources/"):
		id = s.source
	case strings.Contains(r.Path, "/passages/"):
		id = s.passage
	case strings.Contains(r.Path, "/factors/"):
		id = s.factor
	case strings.Contains(r.Path, "/members/"):
		id = s.agent
	case strings.Contains(r.Path, "/keys/"):
		id = s.keyID
	case strings.Contains(r.Path, "/sessions/"):
		id = s.session
	case strings.Contains(r.Path, "/saved-replies/"):
		id = s.saved
	}
	p := strings.NewReplacer("{id}", id.String(), "{draft_id}", s.draft.String(), "{opt_in_id}", s.optIn.String(), "{copy}", s.copy.String(), "{appeal_id}", s.draft.String(), "{vendor}", "openai", "{kind}", "person", "{locale}", "en", "{person}", s.told.String(), "{version}", "1").Replace(r.Path)
	if r.ID == "search-knowledge" {
		p += "?q=" + s.canary
	}
	return p
}

// aiSettings is what a new workspace begins with.
const aiSettings = `{"version":0,"provider":"","fallback":"","models":{},"temperature":0.1,"max_tokens":600,
	"history":6,"instructions":"","tone":"neutral","purposes":[],"tokens_per_day":500000,"cents_per_day":500,"confidence":0,
	"topics":[{"name":"refund","mode":"off","words":[]},{"name":"complaint","mode":"off","words":[]},{"name":"legal","mode":"off","words":[]},{"name":"health","mode":"off","words":[]}],
	"rules":[],"hours":{"zone":"","week":[[],[],[],[],[],[],[]]},"do_not_say":[],"domains":[]}`

// body is a right one for each route that takes one, pointing at a shop's ids.
func body(r api.Route, s *shop) string {
	if simple := map[string]string{"name-factor": `{"name":"n"}`, "find-person": `{"query":"nobody"}`, "rectify-contact": `{"statement":"s"}`, "set-second-factor": `{"demand":"nobody"}`, "set-retention": `{"days":{"visits":30}}`,
		"hold-contact": `{"contact_id":"` + s.contact.String() + `","reason":"r","authority":"a"}`}[r.ID]; simple != "" {
		return simple
	}
	if one := caseBody(r, s) + demandBody(r, s) + dutyBody(r) + incidentBody(r.ID); one != "" {
		return one
	}
	switch r.ID {
	case "send-message":
		return `{"body":"hello","reply_to":"` + s.message.String() + `"}`
	case "set-ai":
		return `{"paused":true}`
	case "assign":
		return `{"member_id":"` + s.agent.String() + `"}`
	case "open-workspace", "suspend-workspace", "lift-suspension", "release-holds":
		return `{"reason":"r"}`
	case "send-news":
		return `{"texts":[{"locale":"en","subject":"s","body":"b"}]}`
	case "set-consent":
		return `{"purpose":"news","allowed":true}`
	case "change-me":
		return `{"name":"n"}`
	case "show-my-picture":
		return `{"shown":true}`
	case "choose-digest":
		return `{"every":"off"}`
	case "decide-appeal":
		return `{"granted":false,"reason":"r"}`
	case "appeal":
		return `{"text":"t"}`
	case "snooze":
		return `{"until":"2026-11-25T12:00:00Z"}`
	case "mark-read":
		return `{"message_id":"` + s.message.String() + `"}`
	case "merge-contact", "unmerge-contact":
		return `{"contact_id":"` + s.contact.String() + `"}`
	case "set-restrictions":
		return `{"limited":true}`
	case "set-labels":
		return `{"labels":["x"]}`
	case "send-draft", "change-contact", "change-source", "change-channel", "change-workspace", "change-member", "change-saved-reply":
		return `{}`
	case "put-ai-key":
		return `{"key":"sk-12345678"}`
	case "test-ai":
		return `{"vendor":"openai"}`
	case "change-ai":
		return aiSettings
	case "ask", "preview-ai":
		return `{"question":"` + s.canary + `"}`
	case "change-passage":
		return `{"hidden":true}`
	case "add-lab-test", "change-lab-test":
		return `{"question":"q?","expect":{"outcome":"answered"}}`
	case "begin-lab-run":
		return `{"questions":5,"knowledge":{"exclude_sources":["` + s.source.String() + `"]}}`
	case "report-message":
		return `{"reason":"wrong"}`
	case "close-case":
		return `{"outcome":"rejected"}`
	case "answer-gap":
		return `{"answer":"yes","question":"really?"}`
	case "correct-answer":
		return `{"answer":"yes","passage_id":"` + s.passage.String() + `"}`
	case "phrase-gap":
		return `{"passage_id":"` + s.passage.String() + `"}`
	case "add-phrasing":
		return `{"text":"really?"}`
	case "set-synonyms":
		return `{"language":"en","groups":[["a","b"]]}`
	case "add-source":
		return `{"kind":"text","name":"n","text":"t"}`
	case "add-channel":
		return `{"kind":"widget","name":"n"}`
	case "add-member":
		return `{"name":"n","email":"n@example.com","role":"agent","password":"` + password + `"}`
	case "reset-password":
		return `{"password":"` + password + `"}`
	case "register-channel":
		return `{"pin":"123456"}`
	case "add-opt-in":
		return `{"channel_id":"` + s.channel.String() + `","topic":"messages","note":"n"}`
	case "add-saved-reply":
		return `{"name":"n","body":"b"}`
	case "add-key":
		return `{"name":"n","role":"agent"}`
	case "prove":
		return `{"password":"` + password + `"}`
	case "pass-factor":
		return `{"code":"000000"}`
	case "confirm-totp":
		return `{"token":"x","code":"000000","name":"n"}`
	case "add-passkey":
		return `{"name":"n","passkey":{"id":"x"}}`
	case "acknowledge":
		return `{"what":"privacy","version":"2026-11-22","answer":"declined"}`
	case "set-password":
		return `{"current":"x","new":"y"}`
	}
	return noteBody(r.ID)
}

// Every id of Beta, tried by Alpha's owner and key on every route: nothing is
// there, and no byte of Beta comes back.
func TestAnotherWorkspacesIDsAreAbsentOnEveryRoute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.stocked(t, w.b)
		probed := 0
		for _, r := range mine(w) {
			if r.ID == "events" || r.Method == "" || r.ID == "sign-out" || r.ID == "set-password" {
				continue // the stream has its own test; the others name nobody
			}
			for name, a := range map[string]ask{"member": {cookie: w.a.cookie}, "key": {key: w.a.key}} {
				a.method, a.path, a.body = r.Method, path(r, w.b), body(r, w.b)
				g := w.do(t, a)
				if strings.Contains(g.body, w.b.canary) && r.ID != "ask" {
					t.Errorf("%s by %s shows Beta: %.200s", r.ID, name, g.body)
				}
				if strings.Contains(r.Path, "{id}") {
					probed++
					if g.status != 404 && g.status != 403 {
						t.Errorf("%s %s by %s: %d, want 404 or 403: %.200s", r.Method, a.path, name, g.status, g.body)
					}
				}
			}
		}
		if probed < 40 {
			t.Fatalf("probed only %d", probed)
		}
		own := "/api/v1/conversations/" + w.a.conversation.String()
		for path, body := range map[string]string{
			own + "/assign":   `{"member_id":"` + w.b.agent.String() + `"}`,
			own + "/read":     `{"message_id":"` + w.b.message.String() + `"}`,
			own + "/messages": `{"body":"x","reply_to":"` + w.b.message.String() + `"}`,
			own + "/drafts/" + w.b.draft.String() + "/send": `{}`,
			"/api/v1/knowledge/corrections":                 `{"answer":"x","passage_id":"` + w.b.passage.String() + `"}`,
		} {
			if g := w.do(t, ask{method: "POST", path: path, body: body, cookie: w.a.cookie}); g.status != 404 && g.status != 422 || strings.Contains(g.body, w.b.canary) {
				t.Errorf("%s with Beta's id inside: %d %.200s", path, g.status, g.body)
			}
		}
		if n := w.messages(t, w.b); n != 1 {
			t.Fatalf("Beta's conversation has %d messages now", n)
		}
	})
}

// asvs: V8.2.1, V8.3.1
func TestNobodyUnknownReachesARoute(t *testing.T) {
	t.Parallel()
	w := one(t)
	for _, r := range mine(w) {
		if r.Needs != api.Public && r.Method != "" {
			for name, a := range map[string]ask{"nobody": {}, "a forged key": {key: "pk_" + strings.Repeat("A", 43)}, "a forged cookie": {cookie: strings.Repeat("A", 43)}} {
				a.method, a.path, a.body = r.Method, path(r, w.a), body(r, w.a)
				if g := w.do(t, a); g.status != 401 && g.status != 429 || strings.Contains(g.body, w.a.canary) {
					t.Errorf("%s on %s: %d", name, r.ID, g.status)
				}
			}
		}
	}
}

func TestARoleChangeHoldsOnTheNextRequest(t *testing.T) {
	t.Parallel()
	w := one(t)
	colleague := w.colleague(t, "Alpha", "second@canary-alpha.test")
	s, err := w.members.SignIn(t.Context(), signInOf("second@canary-alpha.test"))
	must(t, err)
	w.want(t, 403, ask{method: "GET", path: "/api/v1/keys", cookie: s.Token})
	w.want(t, 200, ask{method: "PATCH", path: "/api/v1/members/" + colleague.String(), body: `{"role":"admin"}`, cookie: w.a.cookie})
	w.want(t, 200, ask{method: "GET", path: "/api/v1/keys", cookie: s.Token})
	w.want(t, 200, ask{method: "PATCH", path: "/api/v1/members/" + colleague.String(), body: `{"state":"off"}`, cookie: w.a.cookie})
	w.want(t, 401, ask{method: "GET", path: "/api/v1/session", cookie: s.Token})
}

func TestBadInputIsAProblemAndStoresNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		send := "/api/v1/conversations/" + w.a.conversation.String() + "/messages"
		sources := "/api/v1/knowledge/sources"
		deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
		exe, form := multipartBody("virus.exe", "MZ\x00\x01")
		blank, _ := multipartBody("empty.txt", "")
		many, _ := multipartBody("../../etc/passwd.md", "# ok")
		for name, c := range map[string]struct {
			path, body, kind string
			status           int
			code             string
		}{
			"over the limit":         {send, `{"body":"` + strings.Repeat("x", 70_000) + `"}`, "", 413, "too_large"},
			"a 1 MB message":         {send, `{"body":"` + strings.Repeat("x", 1<<20) + `"}`, "", 413, "too_large"},
			"a long message":         {send, `{"body":"` + strings.Repeat("ğ", 9000) + `"}`, "", 422, "too_long"},
			"longer than allowed":    {send, `{"body":"` + strings.Repeat("x", 20_000) + `"}`, "", 422, "invalid"},
			"deep JSON":              {send, deep, "", 400, "too_deep"},
			"deep array":             {send, strings.Repeat("[", 5000), "", 400, "too_deep"},
			"invalid UTF-8":          {send, "{\"body\":\"\xff\xfe\"}", "", 400, "not_utf8"},
			"NUL":                    {send, `{"body":"a\u0000b"}`, "", 400, "nul"},
			"a number like no other": {send, `{"body":1e999}`, "", 400, "number_size"},
			"raw NUL":                {send, "{\"body\":\"a\x00b\"}", "", 400, "not_json"},
			"unknown field":          {send, `{"body":"x","status":"sent"}`, "", 422, "invalid"},
			"twice in two cases":     {send, `{"body":"x","Body":"y"}`, "", 400, "name_twice"},
			"a field twice":          {send, `{"body":"x","body":"y"}`, "", 400, "name_twice"},
			"two values":             {send, `{"body":"x"} {"body":"y"}`, "", 400, "not_json"},
			"not JSON":               {send, `body=x`, "", 400, "not_json"},
			"another type":           {send, `{"body":"x"}`, "text/plain", 415, "content_type"},
			"a form":                 {send, `body=x`, "application/x-www-form-urlencoded", 415, "content_type"},
			"no body":                {send, "", "", 400, "invalid"},
			"blank text":             {send, `{"body":" \n\u200b "}`, "", 422, "empty"},
			"wrong kind":             {send, `{"body":"x","kind":"event"}`, "", 422, "invalid"},
			"a number for a text":    {send, `{"body":7}`, "", 422, "invalid"},
			"a bad id":               {send, `{"body":"x","reply_to":"1e3"}`, "", 422, "invalid"},
			"a file of no type":      {sources, exe, form, 422, ""},
			"an empty file":          {sources, blank, form, 422, ""},
			"not a form":             {sources, "--x--", form, 422, "file_missing"},
			"no boundary":            {sources, many, "multipart/form-data", 400, "not_a_form"},
			"a taken name":           {sources, `{"kind":"text","name":"` + w.a.canary + ` source","text":"t"}`, "", 409, ""},
			"an empty text":          {sources, `{"kind":"text","name":"n","text":""}`, "", 422, ""},
			"pairs in a text":        {sources, `{"kind":"text","name":"n","text":"t","pairs":[{"question":"q","answer":"a"}]}`, "", 422, "wrong_kind"},
			"a source's own field":   {sources, `{"kind":"text","name":"n","text":"t","state":"ready"}`, "", 422, "invalid"},
		} {
			a := ask{method: "POST", path: c.path, body: c.body, cookie: w.a.cookie, header: map[string]string{}}
			if c.kind != "" {
				a.header["Content-Type"] = c.kind
			}
			g := w.do(t, a)
			if g.status != c.status || c.code != "" && g.problem(t).Code != c.code {
				t.Errorf("%s: %d, want %d %s: %.200s", name, g.status, c.status, c.code, g.body)
			}
			if p := g.problem(t); p.Title == "" || p.Code == "" || p.Status != g.status || strings.Contains(g.body, "xxxx") {
				t.Errorf("%s: %.200s", name, g.body)
			}
		}
		for _, path := range []string{"/api/v1/conversations?limit=101", "/api/v1/conversations?limit=x", "/api/v1/conversations?cursor=AAAA",
			"/api/v1/conversations?view=trash", "/api/v1/conversations?nonsense=1", "/api/v1/conversations/0", "/api/v1/conversations/abc", "/api/v1/events?after=-1"} {
			if g := w.do(t, ask{method: "GET", path: path, cookie: w.a.cookie}); g.status != 422 {
				t.Errorf("%s: %d %.200s", path, g.status, g.body)
			}
		}
		if n := w.messages(t, w.a); n != 1 {
			t.Errorf("%d messages stored", n-1)
		}
		all, err := w.knowledge.Sources(t.Context(), w.a.ws.ID, 0, 10)
		if err != nil || len(all) != 1 {
			t.Errorf("%d sources stored, %v", len(all)-1, err)
		}
	})
}

func TestTheDescriptionIsTheCommittedOne(t *testing.T) {
	t.Parallel()
	w := one(t)
	g := w.want(t, 200, ask{method: "GET", path: "/api/openapi.json"})
	if *update {
		must(t, os.WriteFile("openapi.json", []byte(g.body), 0o644))
	}
	want, err := os.ReadFile("openapi.json")
	must(t, err)
	if !bytes.Equal(want, []byte(g.body)) {
		t.Fatal("openapi.json is not what the routes say; run: go test ./internal/api -run Description -update")
	}
	for _, r := range w.api.Routes() {
		if !r.Hidden && !strings.Contains(g.body, `"operationId": "`+r.ID+`"`) {
			t.Errorf("%s is not described", r.ID)
		}
	}
	for _, foreign := range []string{"ErrorModel", "$schema"} {
		if strings.Contains(g.body, foreign) {
			t.Errorf("the description speaks of %s", foreign)
		}
	}
}
