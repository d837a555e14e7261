package app

import (
	"strings"

	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/httpx"
	"parley/internal/notify"
)

// letters is Notify over an install, or over its settings alone, which is enough
// for samples and for trying the mail server.
func letters(in *Install, f *flow.Flow, out *httpx.Client) (*notify.Notify, error) {
	server, err := notify.Parse(in.Config.SMTPURL)
	if err != nil {
		return nil, err
	}
	return notify.New(notify.Parts{DB: in.DB, Flow: f, Out: out, Log: in.Log, Roots: in.Tuning.MailRoots, Server: server, Operator: notify.Operator{Address: in.Config.OperatorMail, Locale: in.Config.OperatorLanguage},
		Home: strings.TrimSuffix(in.Config.PublicURL, "/")}), nil
}

// Letters is what sends mail, without an install behind it: it queues nothing.
func Letters(cfg config.Config) (*notify.Notify, error) {
	out, err := hosts(metaApp(cfg), cfg, clock.Real{})
	if err != nil {
		return nil, err
	}
	return letters(&Install{Config: cfg}, flow.New(flow.Config{Clock: clock.Real{}}), out)
}
