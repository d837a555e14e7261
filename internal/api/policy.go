package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"parley/internal/desk"
	"parley/internal/store"
)

// PolicyReport is what browsers refused to load on a page of ours, against the
// content security policy. It names nobody.
type PolicyReport struct {
	Directive string `json:"directive" example:"script-src-elem"`
	Blocked   string `json:"blocked" doc:"Site of what was refused, or a word such as inline" example:"https://cdn.example.com"`
	Page      string `json:"page" doc:"First part of the page's path" example:"/inbox"`
	Count     int64  `json:"count"`
	FirstAt   stamp  `json:"first_at"`
	LastAt    stamp  `json:"last_at"`
}

const manyPolicies = 200

func policyRoutes(a *API) {
	a.open(Route{ID: "csp-report", Method: http.MethodPost, Path: "/csp-report", Needs: Public, Body: 16 << 10, Raw: true, Hidden: true, Tag: "site",
		Summary: "Browsers report violations of the content security policy"}, a.takePolicy)
	declare(a, Route{ID: "list-policy-reports", Method: http.MethodGet, Path: "/api/v1/operator/policy-reports", Needs: Need(desk.ReadInstance), Tag: "operator",
		Summary: "What browsers refused to load on our pages, counted, the latest first; up to 200, for 90 days"}, a.listPolicies)
}

func (a *API) listPolicies(ctx context.Context, _ *call, _ *nothing) (*given[Page[PolicyReport]], error) {
	out := Page[PolicyReport]{Items: []PolicyReport{}}
	err := a.Store.In(0).Read(ctx, func(r *store.Rx) error {
		all, err := r.Policies(manyPolicies)
		for _, p := range all {
			out.Items = append(out.Items, PolicyReport{p.Directive, p.Blocked, p.Page, p.Seen, stamp(p.FirstAt), stamp(p.LastAt)})
		}
		return err
	})
	return reply(out, err)
}

// takePolicy counts what a browser reports. Whatever it sends, it is thanked: it
// has nobody to show an error to.
func (a *API) takePolicy(w http.ResponseWriter, r *http.Request) {
	defer w.WriteHeader(http.StatusNoContent)
	a.meters.reports.Inc()
	raw, err := io.ReadAll(r.Body)
	if err != nil || checkJSON(raw) != nil || a.limits.take(limitPolicy, "all") != nil {
		return
	}
	all := readPolicies(raw)
	if len(all) == 0 {
		return
	}
	err = a.Store.In(0).Write(r.Context(), func(tx *store.Tx) error {
		for _, p := range all {
			if err := tx.CountPolicy(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		a.Log.WarnContext(r.Context(), "a browser's report was not kept", "request", requestID(r.Context()), "error", err)
	}
}

// policyBody is a report in the words of both its forms.
type policyBody struct {
	Page1      string `json:"document-uri"`
	Page2      string `json:"documentURL"`
	Blocked1   string `json:"blocked-uri"`
	Blocked2   string `json:"blockedURL"`
	Directive1 string `json:"effective-directive"`
	Directive2 string `json:"effectiveDirective"`
	Directive3 string `json:"violated-directive"`
}

// readPolicies reads {"csp-report": …} and what the Reporting API sends, at most
// ten at once, and keeps of each what names nobody.
func readPolicies(raw []byte) (all []store.PolicyReport) {
	var one struct {
		Report policyBody `json:"csp-report"`
	}
	bodies := []policyBody{}
	if json.Unmarshal(raw, &one) == nil {
		bodies = append(bodies, one.Report)
	}
	var many []struct {
		Type string     `json:"type"`
		Body policyBody `json:"body"`
	}
	if json.Unmarshal(raw, &many) == nil {
		for _, m := range many[:min(len(many), 10)] {
			if m.Type == "csp-violation" {
				bodies = append(bodies, m.Body)
			}
		}
	}
	for _, b := range bodies {
		directive, _, _ := strings.Cut(b.Directive1+b.Directive2+" "+b.Directive3, " ")
		if directive == "" {
			directive, _, _ = strings.Cut(b.Directive3, " ")
		}
		if word(directive) {
			all = append(all, store.PolicyReport{Directive: directive, Blocked: siteOf(b.Blocked1 + b.Blocked2), Page: firstPart(b.Page1 + b.Page2)})
		}
	}
	return all
}

// word reports whether s is one of the words that policies are made of.
func word(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// siteOf is scheme and host of what was refused, or the word the browser uses
// for it; of anything else it is told that it was something else.
func siteOf(blocked string) string {
	if word(blocked) {
		return blocked
	}
	u, err := url.Parse(blocked)
	if err != nil || len(u.Host) > 100 {
		return "other"
	}
	if u.Host == "" {
		if word(u.Scheme) {
			return u.Scheme + ":"
		}
		return "other"
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

// firstPart is the first part of a page's path where that is a word of ours, so
// that neither ids nor tokens are kept.
func firstPart(page string) string {
	u, err := url.Parse(page)
	if err != nil {
		return "/"
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if !word(first) {
		return "/"
	}
	return "/" + first
}
