package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/store"
)

// unrecorded are the operations that leave no entry, each with the reason.
func unrecorded() map[string]string {
	why := map[string]string{}
	for reason, ids := range map[string]string{
		"one's inbox duty: what is answered has to be read": "list-conversations count-conversations get-conversation list-messages list-drafts get-media get-contact " +
			"list-opt-ins get-restrictions get-run list-templates events list-saved-replies",
		"how far a member has read, which nobody else sees": "mark-read mark-unread member-typing",
		"the member's own account":                          "me list-acknowledgements list-consents my-data show-analytics list-sessions list-factors show-digest",
		"accounts outside that the member has linked":       "list-outside-accounts",
		"refused scripts and addresses, without people":     "list-policy-reports",
		"colleagues and keys, of whom every member knows":   "list-members list-keys security",
		"a letter's kind, day and state, without words":     "list-letters my-letters",
		"what the business itself has written": "list-sources get-source source-content list-passages get-passage list-passage-edits list-source-pages " +
			"search-knowledge list-phrasings get-synonyms get-suggestions list-suggestions list-findings knowledge-health list-lab-tests",
		"settings and their forms": "case-forms get-workspace get-suspension get-closing get-second-factor list-roles get-ai list-ai-versions get-ai-meaning list-channels get-channel list-channel-kinds channel-health " +
			"channel-manifest list-key-ages list-lab-runs get-lab-run",
		"alerts and errors, which are records themselves":                                                                                   "list-alerts show-alert list-instance-alerts show-instance-alert list-errors show-error",
		"what went wrong, in numbers; whom it touched is a read of its own, list-incident-people":                                           "list-incidents show-incident list-incident-notices show-drill",
		"what is published, or proven, without anybody in it":                                                                               "get-operator-profile list-policies get-policy list-promises",
		"figures without anybody in them":                                                                                                   "usage get-storage get-retention list-ai-spend ai-numbers ai-confidence ai-bias count-reports case-figures",
		"what was deleted or handed out, in numbers":                                                                                        "list-certificates get-certificate list-exports show-clearing",
		"a draft is a run with a log of its own":                                                                                            "ask-draft",
		"a question tried by a member; nothing is kept":                                                                                     "ask preview-ai test-ai",
		"work is begun once more; what it makes is kept by itself":                                                                          "retry-ai-meaning probe-bias refresh-source read-templates",
		"a seed or a question is made; nothing is kept before it is answered":                                                               "begin-totp begin-passkey ask-passkey",
		"nothing was suggested here, so nothing changes; a suggestion that is taken or declined is recorded by knowledge":                   "approve-suggestions decline-suggestions",
		"the first call only shows what would go; the second is recorded: test/graph/person_test.go, privacy/{talk,clear,nameless}_test.go": "erase-contact anonymise-contact delete-conversation clear-channel",
		"a file that waits for its message, whose sending is an act":                                                                        "upload-media",
	} {
		for _, id := range strings.Fields(ids) {
			why[id] = reason
		}
	}
	return why
}

// undriven are the operations that this test's shop cannot make succeed; the
// tests named prove their entries.
func undriven() map[string]string {
	return map[string]string{
		"show-alert":           "needs an alert: alert_test.go",
		"close-alert":          "needs an alert: internal/alert and alert_test.go",
		"close-instance-alert": "the operator's, and needs an alert: internal/alert and alert_test.go",
		"give-ownership":       "it would take the owner's own role: owner_test.go of member",
		"release-hold":         "needs a hold: internal/privacy/retention_test.go",
		"list-backups":         "the operator's, sizes and times of files: app/restore_test.go",
		"list-instance-cases":  "the operator's, without anybody's words: casework_test.go",
		"get-instance-case":    "the operator's, in the install's own chain: casework_test.go",
		"answer-instance-case": "the operator's: privacy/caseact.go",
		"decide-instance-case": "the operator's: privacy/caseact.go",
		"list-workspaces":      "the operator's, names and counts: suspension_test.go",
		"open-workspace":       "the operator's: suspension_test.go, in both chains",
		"suspend-workspace":    "the operator's: suspension_test.go",
		"lift-suspension":      "the operator's: suspension_test.go",
		"release-holds":        "the operator's: ending_test.go",
		"close-workspace":      "the owner's: ending_test.go, in both chains",
		"reopen-workspace":     "the owner's: ending_test.go, in both chains",
		"get-duty":             "needs a duty: duty_test.go", "sign-duty": "needs a duty: duty_test.go", "drop-duty": "needs a duty: duty_test.go",
		"get-demand": "needs a demand: demand_test.go", "approve-demand": "needs a demand: demand_test.go",
		"challenge-demand": "needs a demand: demand_test.go", "refuse-demand": "needs a demand: demand_test.go",
		"member-picture": "needs an account outside: test/graph/face_test.go", "my-picture": "needs an account outside: test/graph/face_test.go",
		"settle-incident-person":        "needs the steps before it: incident_test.go",
		"notify-incident":               "needs the steps before it: incident_test.go",
		"tell-incident":                 "needs the steps before it: incident_test.go",
		"close-incident":                "needs the steps before it: incident_test.go",
		"list-instance-incidents":       "the operator's, in numbers and without anybody's words",
		"show-instance-incident":        "the operator's, in numbers and without anybody's words",
		"export-instance-incidents":     "the operator's, in the install's own chain: incident_test.go",
		"show-instance-drill":           "the operator's, in numbers and without anybody's words",
		"open-instance-incident":        "the operator's, in the install's own chain: incident_test.go",
		"aware-of-instance-incident":    "the operator's, in the install's own chain: incident_test.go",
		"write-instance-incident-facts": "the operator's, in the install's own chain: incident_test.go",
		"count-instance-incident":       "the operator's, in the install's own chain: incident_test.go",
		"write-instance-incident-draft": "the operator's, in the install's own chain: incident_test.go",
		"assess-instance-incident":      "the operator's, in the install's own chain: incident_test.go",
		"notify-instance-incident":      "the operator's, in the install's own chain: incident_test.go",
		"excuse-instance-incident":      "the operator's, in the install's own chain: incident_test.go",
		"tell-instance-incident":        "the operator's, in the install's own chain: incident_test.go",
		"close-instance-incident":       "the operator's, in the install's own chain: incident_test.go",
		"decide-appeal":                 "the operator's: suspension_test.go",
		"set-operator-profile":          "the operator's: published_test.go",
		"publish-policy":                "the operator's: published_test.go",
		"send-news":                     "the operator's: consent_test.go",
		"set-consent":                   "needs a confirmed address: consent_test.go of member",
		"appeal":                        "needs a suspension: suspension_test.go",
		"end-member-sessions":           "it is session.end_all, as end-other-sessions: suspension_test.go",
		"list-policy-reports":           "the operator's: what browsers refused, without anybody in it",
		"invite-member":                 "needs mail: TestInvit… of test/graph",
		"send-draft":                    "needs a draft of the AI: it is conversation.reply, as send-message",
		"phrase-gap":                    "needs agreed questions: gap_test.go",
		"change-ai":                     "needs passing tests: ai.change in answer/settings.go, as restore-ai",
		"restore-ai":                    "needs a version before: answer/settings.go",
		"begin-lab-run":                 "one runs already: answer/lab.go",
		"begin-connect":                 "needs a provider: test/graph",
		"finish-connect":                "needs a provider: test/graph",
		"paste-connect":                 "needs a provider: test/graph",
		"confirm-connect":               "needs a provider: test/graph",
		"register-channel":              "needs a provider: test/graph",
		"report-message":                "needs an answer of the AI: report_test.go",
		"unmerge-contact":               "needs a merge: merge_test.go",
		"withdraw-case":                 "it is decided by then: casework_test.go",
		"merge-contact":                 "needs a second person: merge_test.go",
		"link-account":                  "needs a provider: test/graph/outside_test.go",
		"leave-for-proof":               "needs a provider: test/graph/outside_test.go",
		"unlink-account":                "needs a linked account: test/graph/outside_test.go",
		"verify-address":                "needs mail: test/graph/outside_test.go",
		"change-address":                "needs mail: test/graph/outside_test.go",
		"leave-workspace":               "the last owner cannot: owner_test.go of member",
		"prove":                         "needs the password: factor_test.go of member",
		"set-password":                  "needs the password of before: member_test.go",
		"end-session":                   "it would be this test's own, which sign-out has ended: session_test.go",
		"stop-opt-in":                   "needs one: test/graph/template_test.go",
		"drop-phrasing":                 "went with its source",
		"disconnect-channel":            "needs a provider: test/graph",
		"drop-draft":                    "there is none",
		"link-export":                   "needs a copy: internal/privacy/copy_test.go and person_test.go",
		"drop-export":                   "needs a copy: person_test.go",
		"drop-ai-key":                   "there is none when its turn comes twice",
		"confirm-totp":                  "needs a code of the seed: factor_test.go of member",
		"add-passkey":                   "needs a device: passkey_test.go of member",
		"pass-factor":                   "this sign-in owes none: factor_test.go of member",
		"new-recovery-codes":            "this member has no factor: factor_test.go of member",
		"name-factor":                   "it is a colleague's: factor_test.go of member",
		"reset-factors":                 "the owner gave the workspace away before: factor_test.go of member",
		"drop-factor":                   "it is a colleague's: factor_test.go of member",
	}
}

// auditNo is how many entries a shop's chain has.
func (w *world) auditNo(t *testing.T, s *shop) int64 {
	t.Helper()
	var no int64
	must(t, w.DB.In(s.ws.ID).Read(t.Context(), func(r *store.Rx) (err error) { no, _, err = r.AuditHead(); return err }))
	return no
}

// lastly orders routes so that what takes things away comes after what needs
// them.
func lastly(a, b api.Route) int {
	rank := func(r api.Route) int {
		switch {
		case r.ID == "sign-out" || r.ID == "end-session":
			return 3
		case r.ID == "erase-contact" || r.ID == "disconnect-channel" || r.ID == "drop-channel":
			return 2
		case r.Method == http.MethodDelete || r.ID == "merge-contact" || r.ID == "set-password":
			return 1
		}
		return 0
	}
	return rank(a) - rank(b)
}

// Every operation, driven: what succeeds leaves an entry of who did it, or
// stands in the list above with its reason (asvs: V16.2.1, V16.3.2).
func TestEveryActAndEveryReadOutsideDutyLeavesAnEntry(t *testing.T) {
	t.Parallel()
	w := one(t)
	routes := mine(w)
	slices.SortStableFunc(routes, lastly)
	why, cannot, driven := unrecorded(), undriven(), 0
	for _, r := range routes {
		if r.Needs == api.Public || r.Method == "" || r.Hidden {
			continue
		}
		if r.ID == "events" { // an open stream
			continue
		}
		before := w.auditNo(t, w.a)
		g := w.do(t, ask{method: r.Method, path: path(r, w.a), body: body(r, w.a), cookie: w.a.cookie})
		grew := w.auditNo(t, w.a) > before
		switch {
		case g.status >= 300 && cannot[r.ID] == "" && why[r.ID] == "":
			t.Errorf("%s does not succeed here (%d %.200s): drive it, or say where its entry is proved", r.ID, g.status, g.body)
		case g.status < 300 && !grew && why[r.ID] == "":
			t.Errorf("%s leaves no entry: record it (Route.Record, or in its feature), or say why not", r.ID)
		case grew && why[r.ID] != "":
			t.Errorf("%s leaves an entry and stands in the list of what does not", r.ID)
		case g.status >= 300 && grew:
			t.Errorf("%s was refused (%d) and leaves an entry", r.ID, g.status)
		}
		if grew {
			driven++
		}
	}
	if driven < 45 {
		t.Errorf("only %d operations were seen to leave an entry", driven)
	}
	known := map[string]bool{}
	for _, r := range routes {
		known[r.ID] = true
	}
	for _, list := range []map[string]string{why, cannot} {
		for id := range list {
			if !known[id] {
				t.Errorf("%s is no operation any more", id)
			}
		}
	}
}

// A table of the record holds no formula, and only what was asked for.
func TestTheRecordIsNarrowedAndExported(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		own := "/api/v1/audit"
		w.want(t, 200, ask{method: "PATCH", path: "/api/v1/members/" + w.a.agent.String(), body: `{"role":"admin"}`, cookie: w.a.cookie})
		var page struct {
			Items []api.AuditEntry `json:"items"`
			Next  string           `json:"next"`
		}
		count := func(query string) int {
			t.Helper()
			page.Items = nil
			w.want(t, 200, ask{method: "GET", path: own + query, cookie: w.a.cookie}).into(t, &page)
			return len(page.Items)
		}
		if n := count("?action=member.change&actor=" + w.a.owner.ID.String() + "&object=member&object_id=" + w.a.agent.String()); n != 1 {
			t.Errorf("%d entries of the change", n)
		}
		if n := count("?action=member.change&to=2001-01-01T00:00:00Z"); n != 0 {
			t.Errorf("%d entries before there were any", n)
		}
		if n := count("?action=audit"); n != 2 || page.Items[0].Verb != "read" {
			t.Errorf("%d entries of reading the record itself: %+v", n, page.Items)
		}
		for _, bad := range []string{"?actor=x", "?action=a%27b", "?from=yesterday", "?actor_kind=god"} {
			w.want(t, 422, ask{method: "GET", path: own + bad, cookie: w.a.cookie})
		}
		g := w.want(t, 200, ask{method: "POST", path: own + "/export?action=member", cookie: w.a.cookie})
		if !strings.HasPrefix(g.body, "no,at,actor,verb,action,object,reason\n") || strings.Contains(g.body, ",=") || strings.Contains(g.body, w.b.canary) ||
			!strings.Contains(g.body, "member.change") || strings.Contains(g.body, "audit.list") {
			t.Errorf("the table: %s", g.body)
		}
	})
}

func TestTheRegisterOfKeysShowsAgesAndNoKey(t *testing.T) {
	t.Parallel()
	w := one(t)
	var all api.KeyAges
	w.want(t, 200, ask{method: "GET", path: "/api/v1/security/keys", cookie: w.a.cookie}).into(t, &all)
	kinds := map[string]api.KeyAge{}
	for _, k := range all.Items {
		kinds[k.Kind] = k
	}
	if kinds["workspace"].Keys != 1 || kinds["workspace"].Days != 365 || kinds["subject"].Keys == 0 || kinds["root"].Days != 365 || kinds["epoch"].Days != 1 {
		t.Errorf("%+v", all)
	}
}
