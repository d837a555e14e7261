package app

import (
	"context"
	"net"
	"net/url"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/config"
	"parley/internal/llm"
	"parley/internal/notify"
	"parley/internal/privacy/recipients"
	"parley/internal/promise"
	"parley/internal/store"
)

// recipients lists the companies that are switched on at this moment, for the
// public list: what the operator set up, and whose models workspaces chose.
func (a *App) recipients(ctx context.Context) ([]promise.Recipient, error) {
	cfg := a.Config
	var all []promise.Recipient
	if _, own := inside(cfg.MetaGraphURL); (cfg.MetaAppID != "" || cfg.InstagramAppID != "") && (cfg.MetaGraphURL == "" || !own) {
		all = append(all, promise.Recipient{ID: "meta", Company: "Meta Platforms, Inc. (EEA: Meta Platforms Ireland Ltd)", Region: "United States"})
	}
	for _, i := range issuers(cfg) {
		r := promise.Recipient{ID: i.Way, Company: i.Name}
		if i.Way == "google" {
			r.Company, r.Region = "Google LLC (EEA: Google Ireland Ltd)", "United States"
		}
		all = append(all, r)
	}
	chosen, err := a.chosenVendors(ctx)
	if err != nil {
		return nil, err
	}
	for _, v := range llm.Vendors() {
		if slices.Contains(chosen, desk.Vendor(v.Name)) {
			all = append(all, promise.Recipient{ID: v.Name, Company: v.Company, Region: v.Region, Agreement: v.DPA, Days: v.RetentionDays, CheckedOn: v.CheckedOn})
		}
	}
	if slices.Contains(chosen, desk.Compatible) {
		for _, address := range ownModels(cfg) {
			all = append(all, promise.Recipient{ID: "model", Company: address, Agreement: cfg.ModelDPA, Days: cfg.ModelDays})
		}
	}
	return append(all, services(cfg)...), nil
}

// listed tells of changes of that list, as the public page shows it.
func (a *App) listed() *recipients.Recipients {
	return recipients.New(recipients.Parts{DB: a.DB, Flow: a.Flow, Post: casePost{a.Notify}, List: a.publishedList,
		Home: strings.TrimSuffix(a.Config.PublicURL, "/"), Log: a.Log})
}

// publishedList is the list as anybody reads it at this moment, if it is published.
func (a *App) publishedList(ctx context.Context) (rows []recipients.Row, ok bool, err error) {
	f, err := a.Promise.Facts(ctx)
	if err != nil || len(f.Profile.Missing()) > 0 {
		return nil, false, err
	}
	for _, r := range f.Receivers() {
		rows = append(rows, recipients.Row{Service: r.ID, Company: r.Company, Region: r.Region, Agreement: r.Agreement, Days: r.Days})
	}
	return rows, true, nil
}

// ownModels are the hosts outside this network at which the operator has models
// asked.
func ownModels(cfg config.Config) []string {
	var hosts []string
	for _, at := range []string{cfg.OpenAIURL, cfg.EmbeddingsURL} {
		if host, own := inside(at); at != "" && !own && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// services are the companies that the operator's settings name.
func services(cfg config.Config) []promise.Recipient {
	var all []promise.Recipient
	if server, err := notify.Parse(cfg.SMTPURL); err == nil && server.Address != "" {
		host, _, _ := net.SplitHostPort(server.Address)
		if _, own := inside("smtp://" + host); !own {
			all = append(all, promise.Recipient{ID: "mail", Company: host})
		}
	}
	add := func(id, at, agreement, region string) {
		u, err := url.Parse(at)
		if _, own := inside(at); err == nil && !own && agreement != "" {
			all = append(all, promise.Recipient{ID: id, Company: u.Hostname(), Region: region, Agreement: agreement})
		}
	}
	if !cfg.SentryDSN.IsZero() {
		add("sentry", cfg.SentryDSN.Reveal(), cfg.SentryDPA, "")
	}
	if !cfg.PostHogKey.IsZero() {
		region := ""
		if cfg.PostHogURL == "https://eu.i.posthog.com" {
			region = "European Union"
		}
		add("posthog", cfg.PostHogURL, cfg.PostHogDPA, region)
	}
	return all
}

// chosenVendors are those that some workspace may have asked, by its settings.
func (a *App) chosenVendors(ctx context.Context) ([]desk.Vendor, error) {
	all, err := a.DB.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	var chosen []desk.Vendor
	for _, ws := range all {
		var set desk.AISettings
		if err := a.DB.In(ws.ID).Read(ctx, func(r *store.Rx) (err error) { set, err = r.AISettings(); return err }); err != nil {
			return nil, err
		}
		chosen = append(chosen, set.Vendors()...)
	}
	slices.Sort(chosen)
	return slices.Compact(chosen), nil
}

// checkOperator says whether the public pages can be shown.
func (a *App) checkOperator(ctx context.Context) Finding {
	p, err := a.Promise.Profile(ctx)
	if err != nil {
		return Finding{"public pages", Fail, err.Error()}
	}
	if missing := p.Missing(); len(missing) > 0 {
		return Finding{"public pages", Warn, "/privacy shows nothing: the operator has not said who they are; a member with the role operator fills it in under PUT /api/v1/instance/operator-profile"}
	}
	s, err := a.Promise.Show(ctx, "en")
	if err != nil {
		return Finding{"public pages", Fail, err.Error()}
	}
	switch {
	case s.Edition == nil && s.Since == nil:
		return Finding{"public pages", Warn, "the privacy policy has no version yet: POST /api/v1/instance/policies"}
	case s.Edition == nil:
		return Finding{"public pages", Warn, "the privacy policy differs from its last version: look at /privacy and publish the next one"}
	}
	return Finding{"public pages", OK, "the privacy policy is published and true to its last version"}
}
