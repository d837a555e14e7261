package app

import (
	"parley/internal/channel/meta"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/httpx"
)

// metaApp is what the operator set up at Meta.
func metaApp(cfg config.Config) meta.App {
	return meta.App{ID: cfg.MetaAppID, Secret: cfg.MetaAppSecret, VerifyToken: cfg.MetaVerifyToken, GraphURL: cfg.MetaGraphURL,
		LoginConfig: cfg.MetaLoginConfig, SignupConfig: cfg.MetaSignupConfig,
		InstagramID: cfg.InstagramAppID, InstagramSecret: cfg.InstagramSecret, InstagramURL: cfg.InstagramGraphURL}
}

// hosts is THE list of outgoing calls: each line says for which purpose calls
// leave and to which hosts. What is not on it is not dialled.
func hosts(app meta.App, clk clock.Clock) (*httpx.Client, error) {
	rules, err := app.Rules()
	if err != nil {
		return nil, err
	}
	return httpx.New(clk, rules...)
}
