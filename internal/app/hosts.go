package app

import (
	"context"
	"net"
	"strings"
	"time"

	"parley/internal/channel/meta"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/httpx"
	"parley/internal/kit/scan"
	"parley/internal/knowledge/web"
	"parley/internal/notify"
)

// metaApp is what the operator set up at Meta.
func metaApp(cfg config.Config) meta.App {
	return meta.App{ID: cfg.MetaAppID, Secret: cfg.MetaAppSecret, VerifyToken: cfg.MetaVerifyToken, GraphURL: cfg.MetaGraphURL,
		LoginConfig: cfg.MetaLoginConfig, SignupConfig: cfg.MetaSignupConfig,
		InstagramID: cfg.InstagramAppID, InstagramSecret: cfg.InstagramSecret, InstagramURL: cfg.InstagramGraphURL}
}

// fileAddress is where a channel may fetch a file that it does not take as
// bytes: only from outside, and so by https, or from a stand-in on this machine.
func fileAddress(cfg config.Config) string {
	if strings.HasPrefix(cfg.PublicURL, "https://") || cfg.MetaGraphURL != "" {
		return cfg.PublicURL
	}
	return ""
}

// hosts is THE list of outgoing calls: each line says for which purpose calls
// leave and to which hosts. What is not on it is not dialled.
func hosts(app meta.App, cfg config.Config, clk clock.Clock) (*httpx.Client, error) {
	rules, err := app.Rules()
	if err != nil {
		return nil, err
	}
	models, err := modelRules(cfg)
	if err != nil {
		return nil, err
	}
	people, err := issuerRules(cfg)
	if err != nil {
		return nil, err
	}
	rules = append(append(append(rules, pages(cfg)), models...), people...)
	if server, err := notify.Parse(cfg.SMTPURL); err != nil {
		return nil, err
	} else if server.Address != "" {
		rules = append(rules, httpx.Rule{Name: notify.Rule, Purpose: httpx.Infrastructure, Sockets: []string{server.Address}})
	}
	if cfg.ClamAV != "" {
		rules = append(rules, httpx.Rule{Name: scannerRule, Purpose: httpx.Infrastructure, Sockets: []string{cfg.ClamAV}})
	}
	outside, err := reportRules(cfg)
	if err != nil {
		return nil, err
	}
	return httpx.New(clk, append(rules, outside...)...)
}

const scannerRule = "virus scanner"

// scanner looks files through, nil where the operator set none up.
func scanner(in *Install, out *httpx.Client) *scan.Scanner {
	if in.Config.ClamAV == "" {
		return nil
	}
	return &scan.Scanner{Clock: in.Clock, Dial: func(ctx context.Context) (net.Conn, error) { return out.Dial(ctx, scannerRule, in.Config.ClamAV) }}
}

// pages are the websites that a workspace names as knowledge.
func pages(cfg config.Config) httpx.Rule {
	r := httpx.Rule{Name: web.Rule, Purpose: httpx.Directed, Max: web.MaxBody, Timeout: web.MaxTime}
	for host := range strings.SplitSeq(cfg.CrawlPrivate, ",") {
		if host = strings.ToLower(strings.TrimSpace(host)); host != "" {
			r.Private = append(r.Private, host)
		}
	}
	return r
}

// pagePause is how long a website is left alone between two of its pages.
const pagePause = time.Second

// crawler asks for those pages.
func crawler(in *Install, out *httpx.Client) *web.Fetcher {
	f := &web.Fetcher{Calls: out, Clock: in.Clock, Pause: pagePause}
	if strings.HasPrefix(in.Config.PublicURL, "https://") {
		f.Home = in.Config.PublicURL
	}
	return f
}
