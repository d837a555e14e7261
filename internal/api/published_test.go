package api_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"parley/internal/api"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/promise"
	"parley/internal/store"
	"parley/test/storetest"
)

const profileOfParley = `{"name":"Northwind <b>Ltd</b>","product":"Northwind Chat","address":"1 Quay Street","country":"Ireland","site":"","privacy_mail":"privacy@northwind.test",` +
	`"officer_mail":"","representative":"","hosting":"Hetzner Online GmbH","region":"Germany","role":"others"}`

// The public pages say nothing before the operator has said who they are, and
// afterwards what is so, in both languages, to whoever asks and without keeping
// anything. covers H-02, H-97, A-1-02, A-8.1-01, A-25-01
func TestPublicPagesSayWhatIsSoOnceTheOperatorIsNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		op, _ := w.operator(t)
		owner := ask{cookie: w.a.cookie}
		const at = "/api/v1/instance/operator-profile"
		pages := []string{"/privacy", "/subprocessors", "/cookies", "/dpa", "/ai"}
		for _, page := range pages {
			if g := w.want(t, 200, ask{}.at("GET", page, "")); !strings.Contains(g.body, "Not published yet") || strings.Contains(g.body, "A-12.1-02") {
				t.Errorf("%s is published for nobody", page)
			}
		}
		w.want(t, 403, owner.at("PUT", at, profileOfParley))
		w.want(t, 403, owner.at("POST", "/api/v1/instance/policies", `{"material":false,"reason":"r"}`))
		w.want(t, 422, op.at("POST", "/api/v1/instance/policies", `{"material":false,"reason":"r"}`))
		w.want(t, 422, op.at("PUT", at, strings.Replace(profileOfParley, "privacy@northwind.test", "nobody", 1)))
		w.want(t, 200, op.at("PUT", at, profileOfParley))
		w.want(t, 201, op.at("POST", "/api/v1/instance/policies", `{"material":false,"reason":"first"}`))
		w.want(t, 409, op.at("POST", "/api/v1/instance/policies", `{"material":false,"reason":"again"}`))
		w.want(t, 422, op.at("POST", "/api/v1/instance/policies", `{"material":true,"reason":"r","effective_at":"2000-01-01T00:00:00Z"}`))

		for page, has := range map[string][]string{"/privacy": {"Northwind &lt;b&gt;Ltd", "A-12.1-02", "Version 1", "A-19-01"}, "/subprocessors": {"Hetzner Online GmbH", "Germany"},
			"/cookies": {"__Host-session", "parley-choices"}, "/dpa": {"Northwind &lt;b&gt;Ltd", "A-12.1-02"}, "/ai": {"privacy@northwind.test", "A-7.7-03"}} {
			g := w.want(t, 200, ask{}.at("GET", page, ""))
			for _, word := range has {
				if !strings.Contains(g.body, word) {
					t.Errorf("%s lacks %s", page, word)
				}
			}
			if strings.Contains(g.body, "<script") || strings.Contains(g.body, "<b>") || g.header.Get("Set-Cookie") != "" || strings.Contains(g.body, "OpenAI, for words") || strings.ContainsAny(g.body[strings.Index(g.body, "<main>"):], "{}") {
				t.Errorf("%s has a script, foreign marks, a cookie, somebody who is off or an open place", page)
			}
			if tr := w.want(t, 200, ask{}.at("GET", page+"?l=tr", "")); !strings.Contains(tr.body, `<html lang="tr">`) || strings.Contains(tr.body, "policy.") {
				t.Errorf("%s is not Turkish", page)
			}
		}
		if g := w.want(t, 200, ask{}.at("GET", "/privacy/requests", "")); !strings.Contains(g.body, "Ask Northwind Chat about") {
			t.Errorf("the door for requests does not name the operator: %s", g.body)
		}
		if g := w.want(t, 200, owner.at("GET", "/ai", "")); strings.Contains(g.body, "A-7.7-03") {
			t.Error("whoever is signed in loses their own page /ai")
		}
		w.want(t, 200, op.at("PUT", at, strings.Replace(profileOfParley, `"others"`, `"own"`, 1)))
		if g := w.want(t, 200, ask{}.at("GET", "/dpa", "")); !strings.Contains(g.body, "Not applicable") || strings.Contains(g.body, "A-12.1-02") {
			t.Error("an own business is offered an agreement")
		}
		if g := w.want(t, 200, ask{}.at("GET", "/privacy", "")); !strings.Contains(g.body, "differs from version 1") {
			t.Error("/privacy does not say that it changed")
		}
		w.want(t, 201, op.at("POST", "/api/v1/instance/policies", `{"material":true,"reason":"our own shop"}`))
		w.editions(t, owner)
		w.proofs(t, owner)
	})
}

// proofs looks at what the pages say of the evidence, without any, with a run in
// which one clause failed, and with a run that is not of this install.
func (w *world) proofs(t *testing.T, owner ask) {
	t.Helper()
	says := func(lang string, want, not []string) {
		t.Helper()
		body := w.want(t, 200, ask{}.at("GET", "/privacy?l="+lang, "")).body
		for _, word := range want {
			if !strings.Contains(body, word) {
				t.Errorf("%s: the page lacks %q", lang, word)
			}
		}
		for _, word := range append(not, "<script", "policy.") {
			if strings.Contains(body, word) {
				t.Errorf("%s: the page has %q", lang, word)
			}
		}
	}
	proven := []string{">proven within the last hour<", ">not proven<", " proven</p>"}
	says("en", []string{"Nothing is proven here yet", "parley prove --keep"}, proven)
	says("tr", []string{"Burada henüz hiçbir şey kanıtlanmadı", "parley prove --keep"}, []string{">kanıtlanmadı<"})
	run := promise.Run{Engine: "sqlite", Found: []promise.Found{{Clause: "A-12.1-02", State: promise.Proven, Evidence: strings.Repeat("ab", 32)},
		{Clause: "A-7.7-03", State: promise.Failed, Why: "it was seen otherwise"}}}
	kept, err := w.api.Promise.Keep(t.Context(), run, desk.Actor{Kind: desk.BySystem})
	must(t, err)
	says("en", []string{"1 are proven, 1 failed", kept.Install, ">proven within the last hour<", `failed">failed its check within the last hour<`, ">not proven<", "1 of "}, []string{"Nothing is proven"})
	says("tr", []string{"1 tanesi kanıtlandı, 1 tanesi başarısız", ">kanıtlanmadı<", `failed">son bir saat içinde sınamada başarısız oldu<`, "cümleden 1 tanesi"}, nil)
	var promises api.PromiseList
	w.want(t, 200, owner.at("GET", "/api/v1/privacy/promises", "")).into(t, &promises)
	for _, one := range promises.Items {
		if one.Clause == "A-12.1-02" && (one.State != "proven" || one.Evidence == "") {
			t.Errorf("%+v", one)
		}
	}
	must(t, w.DB.In(0).Write(t.Context(), func(tx *store.Tx) error {
		forged := strings.Replace(string(kept.Signed), `"failed"`, `"unproven"`, 1)
		return errors.Join(tx.DropProofRuns(2), tx.InsertProofRun(1, []byte(forged)))
	}))
	says("en", []string{"is not signed by this install, or was changed"}, proven)
	says("tr", []string{"imzalanmamış ya da sonradan değiştirilmiş"}, []string{">kanıtlanmadı<"})
}

// editions looks at the versions that members read, and at what was recorded.
func (w *world) editions(t *testing.T, owner ask) {
	t.Helper()
	var all api.Page[api.PolicyEdition]
	w.want(t, 200, owner.at("GET", "/api/v1/policies", "")).into(t, &all)
	if len(all.Items) != 2 || all.Items[0].InForce || !all.Items[1].InForce {
		t.Fatalf("%+v", all.Items)
	}
	var one api.PolicyEdition
	w.want(t, 200, owner.at("GET", "/api/v1/policies/2", "")).into(t, &one)
	if !strings.Contains(one.Text, "[H-03]") || len(one.Changes) == 0 {
		t.Errorf("%d changes", len(one.Changes))
	}
	w.want(t, 404, owner.at("GET", "/api/v1/policies/3", ""))
	var promises api.PromiseList
	w.want(t, 200, owner.at("GET", "/api/v1/privacy/promises", "")).into(t, &promises)
	if len(promises.Items) != 404 {
		t.Errorf("%d promises", len(promises.Items))
	}
	acts := map[string]int{}
	lines, err := w.api.Audit.List(t.Context(), 0, 0, 50)
	must(t, err)
	for _, line := range lines {
		acts[line.Action]++
	}
	if acts["instance.policy_publish"] != 2 || acts["instance.operator_profile"] != 2 {
		t.Errorf("recorded %v", acts)
	}
}

// publisher publishes for an install in which nobody is switched on.
func publisher(t *testing.T, sw *storetest.World) *promise.Publisher {
	t.Helper()
	p, err := promise.NewPublisher(promise.Parts{DB: sw.DB, Clock: sw.Clock, Audit: audit.NewLog(sw.DB),
		Recipients: func(context.Context) ([]promise.Recipient, error) { return nil, nil }})
	must(t, err)
	return p
}
