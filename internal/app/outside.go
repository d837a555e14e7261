package app

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/config"
	"parley/internal/kit/httpx"
	"parley/internal/member"
	"parley/internal/member/oidc"
	"parley/internal/privacy/backup"
	"parley/internal/store"
)

// Hosts of Google's sign-in beside the one that the operator names.
func googleHosts() []string {
	return []string{"oauth2.googleapis.com", "www.googleapis.com", "openidconnect.googleapis.com"}
}

// issuers are the account providers that the operator configured.
func issuers(cfg config.Config) []oidc.Issuer {
	var all []oidc.Issuer
	if cfg.GoogleClientID != "" {
		all = append(all, oidc.Issuer{Way: "google", Name: "Google", URL: cfg.GoogleIssuer, Client: cfg.GoogleClientID, Secret: cfg.GoogleSecret})
	}
	if cfg.OIDCIssuer != "" {
		name := ""
		if u, err := url.Parse(cfg.OIDCIssuer); err == nil {
			name = u.Hostname()
		}
		all = append(all, oidc.Issuer{Way: "oidc", Name: cmp.Or(cfg.OIDCName, name), URL: cfg.OIDCIssuer, Client: cfg.OIDCClientID, Secret: cfg.OIDCSecret})
	}
	return all
}

// issuerRules are their lines of the register.
func issuerRules(cfg config.Config) ([]httpx.Rule, error) {
	var rules []httpx.Rule
	for _, i := range issuers(cfg) {
		r := httpx.Rule{Name: i.Rule(), Purpose: httpx.Infrastructure}
		if err := r.Add(i.URL); err != nil {
			return nil, err
		}
		if i.Way == "google" {
			r.Hosts = append(r.Hosts, googleHosts()...)
		} else {
			for host := range strings.SplitSeq(cfg.OIDCHosts, ",") {
				if host = strings.ToLower(strings.TrimSpace(host)); host != "" {
					r.Hosts = append(r.Hosts, host)
				}
			}
		}
		pictures := httpx.Rule{Name: i.PictureRule(), Purpose: httpx.Infrastructure, Private: r.Private}
		switch {
		case i.Way == "google":
			pictures.Hosts = []string{"*.googleusercontent.com"}
		case len(r.Hosts) > 0: // of another provider they are read from its own host alone
			pictures.Hosts = r.Hosts[:1]
		}
		rules = append(rules, r, oidc.PictureLimits(pictures))
	}
	return rules, nil
}

// outside asks those providers who somebody is.
func outside(in *Install, out *httpx.Client) *oidc.Outside {
	return oidc.New(oidc.Parts{Out: out, Clock: in.Clock, Issuers: issuers(in.Config), Home: strings.TrimSuffix(in.Config.PublicURL, "/")})
}

// departures lets member keep in the privacy ledger who leaves a workspace.
type departures struct{ in *Install }

func (d departures) Begin(ctx context.Context, ws, who desk.ID) (int64, error) {
	hash, err := d.in.DB.In(ws).Hash(ctx, backup.LedgerMember, who.String())
	if err != nil {
		return 0, err
	}
	return d.in.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: ws, Act: backup.ActLeave, Subject: who, Hashes: [][]byte{hash}, At: d.in.Clock.Now()})
}

func (d departures) End(ctx context.Context, no int64) error {
	return d.in.Keys.FinishLedger(ctx, no, d.in.Clock.Now())
}

func (d departures) Unfinished(ctx context.Context) ([]member.Departed, error) {
	all, err := d.in.Keys.UnfinishedLedger(ctx, 100)
	var out []member.Departed
	for _, e := range all {
		if e.Act == backup.ActLeave {
			out = append(out, member.Departed{No: e.No, Workspace: e.Workspace, Member: e.Subject})
		}
	}
	return out, err
}
